package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"cloudimage/providers/onepassword"
)

// This file is who we are in Azure. The variables are those of Azure's own tools.

// The settings of Azure. Two of them are secret, and the certificate is a path, or a
// reference to what would be in the file.
const (
	azureTenant      = "AZURE_TENANT_ID"
	azureClient      = "AZURE_CLIENT_ID"
	azureSecret      = "AZURE_CLIENT_SECRET"
	azureCertificate = "AZURE_CLIENT_CERTIFICATE_PATH"
	azurePassword    = "AZURE_CLIENT_CERTIFICATE_PASSWORD"
	// The platform renews the token in this file, so that it is read whenever it is used.
	azureTokenFile = "AZURE_FEDERATED_TOKEN_FILE"
)

// azureKeys are how we sign in to Azure; with neither a secret nor a certificate nor a file
// Azure's own chain is to find a way.
type azureKeys struct {
	tenant, client string
	secret         string
	certificate    []byte
	password       string
	tokenFile      string
}

// signsIn reports whether there is a way of ours.
func (k azureKeys) signsIn() bool {
	return k.secret != "" || len(k.certificate) > 0 || k.tokenFile != ""
}

// azureKeys returns how we sign in to Azure. Of several ways the first is taken, as Azure's
// own tools do: a secret, a certificate, a federated token.
func (s *secrets) azureKeys(ctx context.Context) (k azureKeys, err error) {
	for _, p := range []struct {
		name string
		to   *string
	}{{azureTenant, &k.tenant}, {azureClient, &k.client}, {azureSecret, &k.secret}} {
		secret, err := s.get(ctx, p.name)
		if err != nil {
			return azureKeys{}, err
		}
		*p.to = secret.Reveal()
	}
	if k.secret != "" {
		return k, nil
	}
	certificate, err := s.azureCertificate(ctx)
	if err != nil {
		return azureKeys{}, err
	}
	if !certificate.IsZero() {
		k.certificate = []byte(certificate.Reveal())
		password, err := s.get(ctx, azurePassword)
		if err != nil {
			return azureKeys{}, err
		}
		k.password = password.Reveal()
		return k, nil
	}
	k.tokenFile = s.lookup(azureTokenFile)
	return k, nil
}

// azureCertificate is the certificate with its key; zero when there is none.
func (s *secrets) azureCertificate(ctx context.Context) (onepassword.Secret, error) {
	value := s.lookup(azureCertificate)
	if value == "" || onepassword.IsReference(value) {
		return s.resolve(ctx, azureCertificate, value)
	}
	content, err := s.readWhole(value)
	if err != nil {
		if e, ok := errors.AsType[*fs.PathError](err); ok {
			err = e.Err
		}
		return onepassword.Secret{}, fmt.Errorf("the file that %s names cannot be used (%w). Put the certificate with its key into it, as PEM or PKCS#12", azureCertificate, err)
	}
	return onepassword.NewSecret(string(content)), nil
}

package main

import (
	"log/slog"
	"strings"
	"testing"

	"cloudimage/providers/onepassword/connectsim"
)

// TestAzureKeys holds where who we are in Azure comes from, and which of several ways is
// taken.
func TestAzureKeys(t *testing.T) {
	t.Parallel()
	connect := startConnect(t, connectsim.Field{Label: "secret", Value: "hunter2-vault"}, connectsim.Field{Label: "certificate", Value: "pem-vault"})
	for _, c := range []struct {
		name      string
		variables map[string]string
		want      azureKeys
		fails     string
	}{
		{name: "nothing"},
		{name: "a secret", variables: map[string]string{azureTenant: "t", azureClient: "c", azureSecret: "hunter2"}, want: azureKeys{tenant: "t", client: "c", secret: "hunter2"}},
		{name: "a secret in a file", variables: map[string]string{azureSecret + "_FILE": fileWith(t, "hunter2\n", 0o600)}, want: azureKeys{secret: "hunter2"}},
		{name: "a secret in 1Password", variables: map[string]string{azureSecret: "op://GitLab Images/cloudimage/secret"}, want: azureKeys{secret: "hunter2-vault"}},
		{name: "a certificate, byte for byte", variables: map[string]string{azureCertificate: fileWith(t, "pem\r\n\n", 0o600), azurePassword: "hunter2"},
			want: azureKeys{certificate: []byte("pem\r\n\n"), password: "hunter2"}},
		{name: "a certificate in 1Password", variables: map[string]string{azureCertificate: "op://GitLab Images/cloudimage/certificate"}, want: azureKeys{certificate: []byte("pem-vault")}},
		{name: "a token of the platform", variables: map[string]string{azureTokenFile: "/var/run/token", azureTenant: "t", azureClient: "c"}, want: azureKeys{tenant: "t", client: "c", tokenFile: "/var/run/token"}},
		{name: "a secret before a certificate before a token", variables: map[string]string{azureSecret: "hunter2", azureCertificate: "/nowhere", azureTokenFile: "/var/run/token"}, want: azureKeys{secret: "hunter2"}},
		{name: "a certificate that is nowhere", variables: map[string]string{azureCertificate: "/hunter2"},
			fails: "the file that AZURE_CLIENT_CERTIFICATE_PATH names cannot be used (no such file or directory). Put the certificate with its key into it, as PEM or PKCS#12"},
		{name: "a certificate that is empty", variables: map[string]string{azureCertificate: fileWith(t, "", 0o600)}, fails: "(it is empty)"},
		{name: "a secret twice", variables: map[string]string{azureSecret: "hunter2", azureSecret + "_FILE": "/hunter2"}, fails: "both AZURE_CLIENT_SECRET and AZURE_CLIENT_SECRET_FILE are set"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			given := map[string]string{"OP_CONNECT_HOST": connect.URL(), "OP_CONNECT_TOKEN": "connect-token"}
			for name, value := range c.variables {
				given[name] = value
			}
			got, err := newSecrets(inEnvironment(given), slog.New(slog.DiscardHandler)).azureKeys(t.Context())
			if c.fails != "" {
				if err == nil || !strings.Contains(err.Error(), c.fails) || strings.Contains(err.Error(), "hunter2") {
					t.Errorf("%v\nwant %s", err, c.fails)
				}
				return
			}
			if err != nil || got.tenant != c.want.tenant || got.client != c.want.client || got.secret != c.want.secret || string(got.certificate) != string(c.want.certificate) ||
				got.password != c.want.password || got.tokenFile != c.want.tokenFile {
				t.Errorf("%+v, %v; want %+v", got, err, c.want)
			}
			if got.signsIn() != (got.secret != "" || len(got.certificate) > 0 || got.tokenFile != "") {
				t.Error("whether it signs in is wrong")
			}
		})
	}
}

package drive

import (
	"cmp"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/jwt"
)

// googleTokens is where Google's keys are used when they do not say.
const googleTokens = "https://oauth2.googleapis.com/token"

// Key is the JSON key of a service account. It does not show itself.
type Key []byte

const redacted = "[secret]"

// String returns [secret].
func (Key) String() string { return redacted }

// GoString returns [secret].
func (Key) GoString() string { return redacted }

// Format prints [secret], whatever the verb.
func (Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// MarshalText returns [secret].
func (Key) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue returns [secret].
func (Key) LogValue() slog.Value { return slog.StringValue(redacted) }

// signer is what a key is for.
type signer struct {
	account string // the service account's address
	// tokens makes the tokens of a scope, over a client. It is a function so that
	// nothing that holds it prints the key.
	tokens func(over *http.Client, scope string) oauth2.TokenSource
}

// signer reads the key. Its errors show nothing of it.
func (k Key) signer() (signer, error) {
	bad := func(what string) (signer, error) {
		return signer{}, &Error{ErrInvalid, "Google's key is not the JSON key of a service account: " + what + ". Make one in the Google Cloud console, under IAM, Service accounts, Keys, and give all of the file"}
	}
	var file struct {
		Type     string `json:"type"`
		Email    string `json:"client_email"`
		Private  string `json:"private_key"`
		ID       string `json:"private_key_id"`
		TokenURI string `json:"token_uri"`
	}
	if err := json.Unmarshal(k, &file); err != nil {
		return bad("it is no JSON")
	}
	tokens := cmp.Or(file.TokenURI, googleTokens)
	address, err := url.Parse(tokens)
	switch {
	case file.Type != "service_account":
		return bad("its type is not service_account")
	case file.Email == "":
		return bad("it has no client_email")
	case err != nil || address.Scheme != "https" && address.Scheme != "http" || address.Host == "":
		return bad("its token_uri is no address")
	}
	if !isRSA(file.Private) {
		return bad("its private_key is no RSA key in PEM form")
	}
	return signer{file.Email, func(over *http.Client, scope string) oauth2.TokenSource {
		config := &jwt.Config{Email: file.Email, PrivateKey: []byte(file.Private), PrivateKeyID: file.ID, TokenURL: tokens, Scopes: []string{scope}}
		return config.TokenSource(context.WithValue(context.Background(), oauth2.HTTPClient, over))
	}}, nil
}

// isRSA reports whether a text is an RSA key, as Google hands them out.
func isRSA(text string) bool {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return false
	}
	if key, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
		_, ok := key.(*rsa.PrivateKey)
		return ok
	}
	_, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	return err == nil
}

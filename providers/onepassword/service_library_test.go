//go:build !race

package onepassword

import (
	"errors"
	"strings"
	"testing"

	sdk "github.com/1password/onepassword-sdk-go"
)

// This file asks 1Password's library what it knows without its servers. Its tests
// are not parallel, because the library sets itself up without a lock, and they are not
// run under the race detector, where translating it takes a minute.

// TestServiceAccountRefusesABadToken asks the library itself.
func TestServiceAccountRefusesABadToken(t *testing.T) {
	for token, want := range map[string]string{
		"ops_":                   "op://vault/item/field: 1Password does not take OP_SERVICE_ACCOUNT_TOKEN; make a new token for the service account and put it there. It says: ",
		"ops_eyJodW50ZXIyIjoxfQ": "op://vault/item/field: 1Password does not take OP_SERVICE_ACCOUNT_TOKEN; make a new token",
	} {
		source, err := NewServiceAccount(NewSecret(token))
		if err != nil {
			t.Fatal(err)
		}
		_, err = source.Read(t.Context(), Reference{Vault: "vault", Item: "item", Field: "field"})
		if !errors.Is(err, ErrRefused) || !strings.HasPrefix(err.Error(), want) || strings.ContainsAny(err.Error(), "\n") || len(token) > 4 && strings.Contains(err.Error(), token) {
			t.Errorf("%v\nwant %s", err, want)
		}
	}
}

// TestReferencesAreWhatTheLibraryTakes holds that what is a reference here is
// one to 1Password too.
func TestReferencesAreWhatTheLibraryTakes(t *testing.T) {
	for _, text := range []string{
		"op://vault/item/field", "op://GitLab Images/AWS_1.2/Seller account/access-key", "op://../././.", "op://a b/c  d/e",
		"op://vault/item", "op://a/b/c/d/e", "OP://a/b/c", "vault/item/field", "op://ä/b/c", "op://a:/b/c", "op://a/b/c%20d", "op://a/b\t/c", "op://a/b/@",
	} {
		_, ours := ParseReference(text)
		theirs := sdk.Secrets.ValidateSecretReference(t.Context(), text)
		if (ours == nil) != (theirs == nil) {
			t.Errorf("%q: here %v, there %v", text, ours, theirs)
		}
	}
}

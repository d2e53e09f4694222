package onepassword

import (
	"context"
	"errors"
	"strings"
	"time"

	sdk "github.com/1password/onepassword-sdk-go"
)

// ServiceAccount reads secrets from 1Password's own servers, with the token of a
// service account. 1Password's library is a program of theirs in WebAssembly, which
// has to be translated first: with the first question, about three seconds of a processor
// and 130 MB, of which half is given back. Nothing of it happens before.
//
// Source: https://developer.1password.com/docs/sdks/load-secrets/
type ServiceAccount struct {
	token Secret
	open  func(ctx context.Context, token string) (account, error)

	turn    chan struct{} // holds the turn to use what is below; the library does one thing at a time
	account account       // nil before the first question
}

var _ Source = (*ServiceAccount)(nil)

// account is what is used of 1Password's library.
type account interface {
	Resolve(ctx context.Context, reference string) (string, error)
}

// NewServiceAccount makes a source of a service account's token. It does not
// connect yet, and what it can tell of the token is whether it may be one. There
// should be one in a program: 1Password's library is one for all of them, and sets
// itself up without a lock.
func NewServiceAccount(token Secret) (*ServiceAccount, error) {
	if !strings.HasPrefix(token.Reveal(), "ops_") {
		return nil, &Error{Kind: ErrInvalid, Sentence: "OP_SERVICE_ACCOUNT_TOKEN is not the token of a service account, which begins with ops_. 1Password shows it once, when the account is made, under Developer, Service accounts"}
	}
	return &ServiceAccount{token: token, open: openAccount, turn: make(chan struct{}, 1)}, nil
}

// Read reads one secret.
func (s *ServiceAccount) Read(ctx context.Context, ref Reference) (Secret, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return Secret{}, &Error{ref.String(), ErrUnavailable, "1Password takes too long to answer earlier questions"}
	}
	if s.account == nil {
		opened, err := s.open(ctx, s.token.Reveal())
		if err != nil {
			return Secret{}, s.failed(ref, err)
		}
		s.account = opened
	}
	value, err := s.account.Resolve(ctx, ref.String())
	if err != nil {
		err = s.failed(ref, err)
		if !errors.Is(err, ErrMissing) && !errors.Is(err, ErrAmbiguous) {
			s.account = nil // its session may have ended
		}
		return Secret{}, err
	}
	if value == "" {
		return Secret{}, &Error{ref.String(), ErrMissing, "the field is empty; write the secret into it"}
	}
	return NewSecret(value), nil
}

// openAccount signs in.
func openAccount(ctx context.Context, token string) (account, error) {
	// Translating the program is no waiting for 1Password, and nothing can
	// interrupt it: on a slow machine it would use up the whole time there is.
	started := time.Now()
	if err := sdk.Secrets.ValidateSecretReference(ctx, "op://vault/item/field"); err != nil {
		return nil, err
	}
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(context.WithoutCancel(ctx), deadline.Add(time.Since(started)))
		defer cancel()
	}
	client, err := sdk.NewClient(ctx, sdk.WithServiceAccountToken(token), sdk.WithIntegrationInfo("cloudimage", sdk.DefaultIntegrationVersion))
	if err != nil {
		return nil, err
	}
	return session{func() *sdk.Client { return client }}, nil
}

// session keeps the client: when nobody holds it, it signs out, and what was made
// of it fails. It is a function, so that nothing prints the token that is in it.
type session struct{ client func() *sdk.Client }

func (s session) Resolve(ctx context.Context, reference string) (string, error) {
	return s.client().Secrets().Resolve(ctx, reference)
}

// said is what the library says, and what it means. It has no other way to tell: its
// errors are texts.
var said = []struct {
	words    string
	kind     error
	sentence string
}{
	{"service account token", ErrRefused, "1Password does not take OP_SERVICE_ACCOUNT_TOKEN; make a new token for the service account and put it there"},
	{"not authenticated", ErrRefused, "1Password does not take OP_SERVICE_ACCOUNT_TOKEN any more; make a new token for the service account and put it there"},
	{"failed to authenticate", ErrRefused, "1Password does not take OP_SERVICE_ACCOUNT_TOKEN any more; make a new token for the service account and put it there"},
	{"right permissions", ErrRefused, "the service account may not read it; give it access to the vault in 1Password"},
	{"no vault matched", ErrMissing, "there is no such vault, or the service account may not read it; correct the name, or make an account that may"},
	{"no item matched", ErrMissing, "there is no such item in the vault; correct the name, or use the item's id"},
	{"not in an active state", ErrMissing, "the item is archived or deleted; restore it, or name another"},
	{"no section matched", ErrMissing, "there is no such section in the item; correct the name"},
	{"field cannot be found", ErrMissing, "there is no such field in the item; correct the name, or use the field's id"},
	{"no file field found", ErrMissing, "there is no such file in the item; correct the name"},
	{"more than one vault", ErrAmbiguous, "several vaults have that name; use the id of the right one"},
	{"more than one item", ErrAmbiguous, "several items of the vault have that name; use the id of the right one"},
	{"more than one field", ErrAmbiguous, "several fields of the item have that name; say which section, or use the field's id"},
}

// failed is the error for what the library says.
func (s *ServiceAccount) failed(ref Reference, err error) error {
	// A failure of the network comes with the library's stack behind it.
	text := shorten(strings.ReplaceAll(err.Error(), s.token.Reveal(), redacted))
	if _, limited := errors.AsType[*sdk.RateLimitExceededError](err); limited {
		return &Error{ref.String(), ErrUnavailable, "1Password has been asked too often for now; it answers again later. It says: " + text}
	}
	for _, is := range said {
		if strings.Contains(text, is.words) {
			return &Error{ref.String(), is.kind, is.sentence + ". It says: " + text}
		}
	}
	return &Error{ref.String(), ErrUnavailable, "1Password cannot be reached with the service account; see that this machine reaches 1Password's servers. It was: " + text}
}

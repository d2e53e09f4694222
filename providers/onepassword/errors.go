package onepassword

import "errors"

// The kinds of errors, for errors.Is.
var (
	// ErrInvalid: what the operator wrote makes no sense.
	ErrInvalid = errors.New("not a valid setting")
	// ErrMissing: there is no such vault, item or field, or the token may not
	// read it, which 1Password does not tell apart.
	ErrMissing = errors.New("no such secret")
	// ErrAmbiguous: several things have that name.
	ErrAmbiguous = errors.New("several things have that name")
	// ErrRefused: 1Password does not take the token.
	ErrRefused = errors.New("the token is refused")
	// ErrUnavailable: 1Password did not answer, or not in a way that tells
	// anything about the secret. Asking later may help.
	ErrUnavailable = errors.New("1Password does not answer")
)

// Error says why a secret could not be read, and what to do about it.
type Error struct {
	Reference string // what was asked for; empty when it is about no reference
	Kind      error  // one of those above
	Sentence  string // for the operator; without any value
}

func (e *Error) Error() string {
	if e.Reference == "" {
		return e.Sentence
	}
	return e.Reference + ": " + e.Sentence
}

// Unwrap returns the kind.
func (e *Error) Unwrap() error { return e.Kind }

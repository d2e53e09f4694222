package onepassword

import (
	"fmt"
	"io"
	"log/slog"
)

// redacted is what a secret shows of itself.
const redacted = "[secret]"

// Secret is a value that does not show itself: in print, in a log, in JSON or
// YAML it is [secret]. The zero value is no secret at all, and prints the same.
type Secret struct {
	// fmt does not ask values in unexported fields how they print. It prints
	// them as they are, but of a pointer within a value only the address.
	value *string
}

// NewSecret makes a secret. An empty value makes the zero secret.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{&value}
}

// Reveal returns the value, for the one who has to send it.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s.value == nil }

// String returns [secret].
func (Secret) String() string { return redacted }

// GoString returns [secret].
func (Secret) GoString() string { return redacted }

// Format prints [secret], whatever the verb: %d of a struct prints its fields.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// MarshalText returns [secret].
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue returns [secret].
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

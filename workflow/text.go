package workflow

import (
	"fmt"
	"time"
)

// Text is a sentence for people whose arguments keep their types: a [UserID]
// is a mention, a [time.Time] is printed in the reader's zone, a string is what
// somebody typed and is escaped. Who prints it decides how; the domain never
// writes markup. The zero value is no text.
type Text struct {
	// Format is a fmt format in which every verb is %s, %d or %q.
	Format string
	// Args are of type string (typed by somebody), int, UserID, ChannelID,
	// TeamName, Date, time.Time, Strong, Command, Quote, or Text.
	Args []any
}

// Strong is words that stand out in a sentence.
type Strong string

// Command is something a person can type, such as "/cloudimage new".
type Command string

// Quote is what somebody wrote elsewhere, set off from our own words. It stands at
// the beginning of a line.
type Quote string

// TeamName is a team's name as people know it, with the user group that stands
// for it, if any.
type TeamName struct {
	Name  string
	Group string // the chat workspace's user group id; empty when members are listed by hand
}

// Say makes a Text.
func Say(format string, args ...any) Text { return Text{Format: format, Args: args} }

// IsZero reports whether there is nothing to say.
func (t Text) IsZero() bool { return t.Format == "" }

// Map prints the text with each argument passed through print first.
func (t Text) Map(print func(arg any) any) string {
	args := make([]any, len(t.Args))
	for i, a := range t.Args {
		args[i] = print(a)
	}
	return fmt.Sprintf(t.Format, args...)
}

// String is the text for logs and terminals: ids as they are, times in RFC 3339.
func (t Text) String() string {
	return t.Map(func(arg any) any {
		switch a := arg.(type) {
		case time.Time:
			return a.UTC().Format(time.RFC3339)
		case TeamName:
			return a.Name
		case Text:
			return a.String()
		}
		return arg
	})
}

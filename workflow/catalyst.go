package workflow

import "time"

// Catalyst is what a maintenance run is about. The run's partner is its name,
// such as "GitLab 17.5.1".
type Catalyst struct {
	Kind CatalystKind `json:"kind,omitzero"`
	At   time.Time    `json:"at,omitzero"` // when it was released, or became known
}

// CatalystKind is what kind of catalyst it is.
type CatalystKind string

// The kinds of catalysts.
const (
	Release  CatalystKind = "release"
	Security CatalystKind = "security" // it has a clock of its own
	Fix      CatalystKind = "fix"      // of the image alone: the same version again
)

// checkCatalyst says what is wrong with the catalyst of a start; no text when
// nothing is.
func checkCatalyst(def *Definition, act Act, start Start) Text {
	c := start.Catalyst
	switch {
	case def.Subject != SubjectCatalyst && c == nil:
	case def.Subject != SubjectCatalyst:
		return Say("A partnership has no release that it is about.")
	case c == nil, c.Kind != Release && c.Kind != Security && c.Kind != Fix:
		return Say("Say what it is: a release, a security update or a fix of the image.")
	case c.At.IsZero() || c.At.After(act.At):
		return Say("Say when it was released: now, or in the past.")
	}
	return Text{}
}

// promised is when every listing of a catalyst is to be live; the zero time for
// no promise.
func promised(def *Definition, cal Calendars, c *Catalyst) time.Time {
	if c == nil || cal == nil {
		return time.Time{}
	}
	days := def.Promise.Days
	if c.Kind == Security && def.Promise.Security > 0 {
		days = def.Promise.Security
	}
	if days == 0 {
		return time.Time{}
	}
	return cal.After(def.Owner, c.At, days).UTC()
}

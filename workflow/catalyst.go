package workflow

import (
	"slices"
	"time"
)

// Catalyst is what a maintenance run is about. The run's partner is its name,
// such as "GitLab 17.5.1".
type Catalyst struct {
	Kind CatalystKind `json:"kind,omitzero"`
	At   time.Time    `json:"at,omitzero"` // when it was released, or became known
	// Version is what is to be live; zero where it was not said.
	Version Version `json:"version,omitzero"`
	// From is from when the promise is counted, when that is later than At: the end
	// of a quiet time. Zero for At.
	From time.Time `json:"from,omitzero"`
	// Unsure says that nobody knows yet whether it is a security update. It counts as
	// one until somebody says that it is none.
	Unsure bool `json:"unsure,omitzero"`
	// Packages are what the images are made from, as far as it is known.
	Packages []Package `json:"packages,omitzero"`
	// Evidence is what the catalyst was judged by, a sentence each.
	Evidence []string `json:"evidence,omitzero"`
	// Spared are the names of listings that it would concern if they delivered an image
	// and not the package.
	Spared []string `json:"spared,omitzero"`
	// Because is why there is something to do, of a fix of the image.
	Because string `json:"because,omitzero"`
}

// Counted is the moment from which the promise is counted.
func (c *Catalyst) Counted() time.Time {
	if c.From.After(c.At) {
		return c.From
	}
	return c.At
}

func (c *Catalyst) clone() *Catalyst {
	if c == nil {
		return nil
	}
	out := *c
	out.Packages, out.Evidence, out.Spared = slices.Clone(c.Packages), slices.Clone(c.Evidence), slices.Clone(c.Spared)
	return &out
}

// CatalystKind is what kind of catalyst it is.
type CatalystKind string

// The kinds of catalysts.
const (
	CatalystRelease  CatalystKind = "release"
	CatalystSecurity CatalystKind = "security" // it has a clock of its own
	CatalystFix      CatalystKind = "fix"      // of the image alone: the same version again
)

// checkCatalyst says what is wrong with the catalyst of a start; no text when
// nothing is.
func checkCatalyst(def *Definition, act Act, start Start) Text {
	c := start.Catalyst
	switch {
	case def.Subject != SubjectCatalyst && c == nil:
	case def.Subject != SubjectCatalyst:
		return Say("A partnership has no release that it is about.")
	case c == nil, c.Kind != CatalystRelease && c.Kind != CatalystSecurity && c.Kind != CatalystFix:
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
	days := def.Promise.For(c.Kind)
	if days == 0 {
		return time.Time{}
	}
	return cal.After(def.Owner, c.Counted(), days).UTC()
}

// For is the number of business days for a kind of catalyst; 0 for no promise.
func (p Promise) For(kind CatalystKind) int {
	if kind == CatalystSecurity && p.Security > 0 {
		return p.Security
	}
	return p.Days
}

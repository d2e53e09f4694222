package workflow

import (
	"maps"
	"slices"
	"time"
)

// Release is a version of the product that was seen: what each source says of it,
// what people said, and what became of it. A store keeps one for each version.
type Release struct {
	Version Version   `json:"version"`
	Seen    time.Time `json:"seen"` // by us, for the first time
	Tags    []Tag     `json:"tags,omitzero"`
	// Packages are those that are offered, and Packaged when all that an edition needs
	// were first seen, by edition.
	Packages     []Package            `json:"packages,omitzero"`
	Packaged     map[string]time.Time `json:"packaged,omitzero"`
	Announcement *Announcement        `json:"announcement,omitzero"`
	Opinion      *Opinion             `json:"opinion,omitzero"`
	Rulings      []Ruling             `json:"rulings,omitzero"` // the oldest first
	// ByHand says that a person told of it, and not a source.
	ByHand bool         `json:"by_hand,omitzero"`
	State  ReleaseState `json:"state"`
	// Kind is how it was judged, and Unsure that a person has to say.
	Kind      CatalystKind `json:"kind,omitzero"`
	Unsure    bool         `json:"unsure,omitzero"`
	Published time.Time    `json:"published,omitzero"`
	// Runs are those about it, the oldest first: one, and more when listings came
	// after it was complete.
	Runs []RunID `json:"runs,omitzero"`
	// Next is the version that it was passed over for; zero for none.
	Next Version `json:"next,omitzero"`
	// Revision rises with each change of the record, by its store.
	Revision int64 `json:"-"`
}

// ReleaseState is what became of a release.
type ReleaseState string

// The states of a release.
const (
	// ReleaseWaits is one that is not all there yet: packages, the other edition or
	// the announcement are missing.
	ReleaseWaits ReleaseState = "waiting"
	// ReleaseAsked is one of which something is missing for so long that a person is
	// asked whether it comes out.
	ReleaseAsked ReleaseState = "asked"
	// ReleaseQuiet is one that is there, and is worked on after a quiet time.
	ReleaseQuiet ReleaseState = "quiet"
	// ReleaseOut is one that is there. It has a run, if it concerns a listing.
	ReleaseOut ReleaseState = "out"
	// ReleasePassed is one for which a newer one was there before it had a run.
	ReleasePassed ReleaseState = "passed"
	// ReleaseBefore is one that was out before anybody watched. Nothing opens for it by
	// itself.
	ReleaseBefore ReleaseState = "before"
	// ReleaseDropped is one of which a person said that it is none of ours.
	ReleaseDropped ReleaseState = "dropped"
)

// Ruling is what a person said of a release.
type Ruling struct {
	By   UserID       `json:"by"`
	At   time.Time    `json:"at"`
	Kind CatalystKind `json:"kind,omitzero"` // empty for that it is none of ours
	Note string       `json:"note,omitzero"`
}

// Ruled is the last that a person said of it; false when nobody did.
func (r *Release) Ruled() (Ruling, bool) {
	if len(r.Rulings) == 0 {
		return Ruling{}, false
	}
	return r.Rulings[len(r.Rulings)-1], true
}

// Clone is a deep copy.
func (r *Release) Clone() Release {
	c := *r
	c.Tags, c.Packages, c.Rulings, c.Runs = slices.Clone(r.Tags), slices.Clone(r.Packages), slices.Clone(r.Rulings), slices.Clone(r.Runs)
	c.Packaged = maps.Clone(r.Packaged)
	if r.Announcement != nil {
		a := *r.Announcement
		a.Versions = slices.Clone(a.Versions)
		c.Announcement = &a
	}
	if r.Opinion != nil {
		o := *r.Opinion
		c.Opinion = &o
	}
	return c
}

// IsOut reports whether the release is there for customers, as far as we know.
func (r *Release) IsOut() bool {
	switch r.State {
	case ReleaseOut, ReleasePassed, ReleaseBefore, ReleaseQuiet:
		return true
	}
	return false
}

// Watch is what is looked at from time to time.
type Watch string

// The watches.
const (
	WatchSources Watch = "sources" // of releases
	WatchWork    Watch = "work"    // which listings need which release
	WatchImages  Watch = "images"  // whether those that are to be public are
)

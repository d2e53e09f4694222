package workflow

import "time"

// This file is what the sources of releases say. None of them is believed alone.

// Tag is a tag of the product's repository that names a release of an edition.
type Tag struct {
	Name    string    `json:"name"` // as it is written there
	Version Version   `json:"version"`
	Edition string    `json:"edition,omitzero"` // "EE"; empty where tags name none, and mean them all
	At      time.Time `json:"at,omitzero"`      // when it was made, by the repository; zero when it does not say
}

// Package is a package of a release, as the index that offers it describes it.
type Package struct {
	Edition      string  `json:"edition"`
	Version      Version `json:"version"`
	Distribution string  `json:"distribution"` // "noble"
	Architecture string  `json:"architecture"` // "amd64"
	URL          string  `json:"url"`
	SHA256       string  `json:"sha256"` // in hexadecimal, lower case
	Size         int64   `json:"size,omitzero"`
}

// Announcement is a post that announces releases.
type Announcement struct {
	Title    string           `json:"title"`
	URL      string           `json:"url,omitzero"`
	At       time.Time        `json:"at,omitzero"` // when it was published
	Versions []Version        `json:"versions"`
	Kind     AnnouncementKind `json:"kind"`
	// Fixes says that it lists security fixes. That it does not is no proof that
	// there are none: see Whole.
	Fixes bool `json:"fixes,omitzero"`
	// Whole says that the text of the post was there to be read, so that Fixes can
	// be told from it.
	Whole bool `json:"whole,omitzero"`
	// Severity is that of the gravest fix: critical, high, medium or low; empty when
	// it is not said.
	Severity string `json:"severity,omitzero"`
}

// AnnouncementKind is what kind of post it is.
type AnnouncementKind string

// The kinds of announcements.
const (
	AnnouncesRelease  AnnouncementKind = "release"  // a release with new features
	AnnouncesPatch    AnnouncementKind = "patch"    // a patch release
	AnnouncesCritical AnnouncementKind = "critical" // a patch release that must not wait
)

// Opinion is what the product's version service says to an installation of a
// version: whether there is a newer one, and how urgent that is.
type Opinion struct {
	Of       Version  `json:"of"`     // that was asked with
	Latest   Version  `json:"latest"` // the newest there is
	Standing Standing `json:"standing"`
	Critical bool     `json:"critical,omitzero"` // what is missing is critical
}

// Standing is how an installed version stands.
type Standing string

// The standings.
const (
	StandingCurrent  Standing = "success" // it is the newest
	StandingBehind   Standing = "warning" // there is a newer one
	StandingInDanger Standing = "danger"  // a newer one fixes what endangers it
)

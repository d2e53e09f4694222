package maintenance

import (
	"slices"
	"time"
)

// Product is what is released.
type Product struct {
	Name     string   // "GitLab"
	Editions []string // "CE", "EE"
	// Packages are those that images are made from, for each of which a release has to
	// have one before it is out.
	Packages []Wanted
}

// Wanted is a package that a release has to have.
type Wanted struct {
	Edition, Distribution, Architecture string
}

// wants are the packages of an edition.
func (p Product) wants(edition string) []Wanted {
	return slices.DeleteFunc(slices.Clone(p.Packages), func(w Wanted) bool { return w.Edition != edition })
}

// Patience is how long something may be missing.
type Patience struct {
	// Edition is how long one edition waits for the others. Defaults to 15 minutes.
	Edition time.Duration
	// Announcement is how long a release waits to be announced, before it is taken for
	// a security update until somebody says what it is. Defaults to 2 hours.
	Announcement time.Duration
	// Packages is how long packages may be missing before somebody is asked whether the
	// release comes out at all. Defaults to 24 hours.
	Packages time.Duration
}

func (p Patience) withDefaults() Patience {
	for _, d := range []struct {
		is *time.Duration
		or time.Duration
	}{{&p.Edition, 15 * time.Minute}, {&p.Announcement, 2 * time.Hour}, {&p.Packages, 24 * time.Hour}} {
		if *d.is == 0 {
			*d.is = d.or
		}
	}
	return p
}

package maintenance

import (
	"context"

	"cloudimage/workflow"
)

// Sources are where releases are seen. Each may be nil: it is off, and what it
// would have said is not known. Each bounds the time and the size of what it
// reads, and an error of one keeps no other from being asked. A list that comes
// beside an error is what was read all the same: what it has is so, and what it
// lacks proves nothing.
type Sources struct {
	Tags          Tags
	Packages      Packages
	Announcements Announcements
	Opinions      Opinions
}

// Tags reads the tags of the product's repository.
type Tags interface {
	// Tags are the newest tags that name a release, the newest first by when they
	// were made, a few hundred at most. Tags that name none are left out.
	Tags(ctx context.Context) ([]workflow.Tag, error)
}

// Packages reads the package index.
type Packages interface {
	// Packages are those of the versions that are offered, for each edition,
	// distribution and architecture that is wanted. A rebuild is a version of its
	// own. That nothing is wrong with the packages themselves is not known: an index
	// says where they are and what their checksums have to be.
	Packages(ctx context.Context, of []workflow.Version) ([]workflow.Package, error)
}

// Announcements reads where releases are announced.
type Announcements interface {
	// Announcements are the newest posts about releases of the product, the newest
	// first, a few hundred at most.
	Announcements(ctx context.Context) ([]workflow.Announcement, error)
}

// Opinions asks the version service.
type Opinions interface {
	// Opinion is what it says to an installation of that version, whatever its
	// rebuild. A standing that is not one of ours is an error.
	Opinion(ctx context.Context, of workflow.Version) (workflow.Opinion, error)
}

package images

import (
	"context"
	"time"

	"cloudimage/workflow"
)

// Book is where builds are kept. Implementations are safe for concurrent use; what
// they return belongs to the caller.
type Book interface {
	// CreateBuilds keeps new builds, with what their runs are to know of them and with the
	// message that tells of their plan. When request was seen before, the builds made then
	// are returned. Change is applied to the run of each build that has one, in the same
	// transaction; an error from it keeps nothing.
	CreateBuilds(ctx context.Context, request workflow.RequestID, builds []*Build, change func(*workflow.Run, *Build) error) ([]*Build, error)
	// UpdateBuild changes a build, and by follow its run if it has one, in one transaction
	// that is on disk when it returns. Both are pure and may be called more than once;
	// an error from either changes nothing. Follow gets the build as it was and as it
	// is, and is not called for a build without a run.
	// A request that was seen before changes nothing and returns the build as it is; an
	// empty one is never seen.
	UpdateBuild(ctx context.Context, id BuildID, request workflow.RequestID, change func(*Build) error, follow func(r *workflow.Run, was, is *Build) error) (*Build, error)
	// Build is the build of that id; a NotFound error when there is none.
	Build(ctx context.Context, id BuildID) (*Build, error)
	// BuildsOf are the builds of a plan, in the order they were made in.
	BuildsOf(ctx context.Context, plan PlanID) ([]*Build, error)
	// BuildsFor are the builds of a run, the newest first, limit at most.
	BuildsFor(ctx context.Context, run workflow.RunID, limit int) ([]*Build, error)
	// BuildsDue are the builds for which there is something to do by now, the one that
	// waits longest first, limit at most.
	BuildsDue(ctx context.Context, now time.Time, limit int) ([]BuildID, error)
	// BuildsOpen are the builds that have not come to an end, the oldest first.
	BuildsOpen(ctx context.Context) ([]*Build, error)
	// BuildsDone are the builds that are done, the newest first, limit at most: of a
	// listing, or of all for an empty one.
	BuildsDone(ctx context.Context, listing workflow.ListingID, limit int) ([]*Build, error)
	// HoldBuild lets one process at a time deal with a build: it is false when another
	// does, and has begun no longer than within ago. ReleaseBuild lets others.
	HoldBuild(ctx context.Context, id BuildID, holder string, now time.Time, within time.Duration) (bool, error)
	ReleaseBuild(ctx context.Context, id BuildID, holder string) error
}

package mirror

import (
	"context"
	"fmt"
	"time"
)

// Tracker is a system with issues and merge requests, such as GitLab.
// Implementations are safe for concurrent use, retry nothing by themselves, and
// return a [*TrackerError] for whatever the system or the way to it refused.
type Tracker interface {
	// Me is the account that everything is done as.
	Me(ctx context.Context) (Account, error)
	// ByHandle is the account of that name, with or without a leading @; false
	// when there is none.
	ByHandle(ctx context.Context, handle string) (Account, bool, error)
	// ByEmail is the one account with that address; false when there is none, or
	// when it cannot be told which.
	ByEmail(ctx context.Context, email string) (Account, bool, error)

	// Locate reads the address of an issue or a merge request of this tracker;
	// false for any other.
	Locate(url string) (Ref, bool)
	// Issue is an issue as it is. A moved one is returned as it is where it was,
	// with where it went.
	Issue(ctx context.Context, at Ref) (Issue, error)
	// Create makes an issue. It is not idempotent: look with Created before.
	Create(ctx context.Context, project string, n NewIssue) (Issue, error)
	// Update changes an issue and returns it as it then is.
	Update(ctx context.Context, at Ref, change Change) (Issue, error)
	// Created are the issues of a project that we made since a moment, in any
	// state, the oldest first.
	Created(ctx context.Context, project string, since time.Time) ([]Issue, error)
	// Changed are the issues of a project that changed since a moment, in any
	// state, the one that changed first first.
	Changed(ctx context.Context, project string, since time.Time) ([]Issue, error)
	// Link relates two issues; doing so again changes nothing.
	Link(ctx context.Context, from, to Ref) error

	// Activity is what happened at an issue or a merge request after the one with
	// the id after, the oldest first; everything for 0.
	Activity(ctx context.Context, at Ref, after int64) ([]Activity, error)
	// Comment writes at an issue or a merge request. It is not idempotent: look
	// with Activity before.
	Comment(ctx context.Context, at Ref, body string) (Activity, error)

	// MergeRequest is a merge request as it is, with its approvals.
	MergeRequest(ctx context.Context, at Ref) (MergeRequest, error)
	// ChangedMergeRequests are those of a project that changed since a moment, in
	// any state, the one that changed first first, without their approvals.
	ChangedMergeRequests(ctx context.Context, project string, since time.Time) ([]MergeRequest, error)
}

// Kind is what a [Ref] refers to.
type Kind string

// The kinds.
const (
	IssueKind        Kind = "issue"
	MergeRequestKind Kind = "merge-request"
)

// Ref is where an issue or a merge request is.
type Ref struct {
	Kind Kind `json:"kind,omitzero"`
	// Project is its id in the tracker, or its path as people write it; the id
	// outlasts a new name.
	Project string `json:"project,omitzero"`
	// Number is what people call it by within its project.
	Number int64 `json:"number,omitzero"`
}

// Account is somebody in the tracker.
type Account struct {
	ID     int64  `json:"id,omitzero"`
	Handle string `json:"handle,omitzero"` // without the @
	Name   string `json:"name,omitzero"`
	Bot    bool   `json:"bot,omitzero"`
}

// Issue is an issue as the tracker has it.
type Issue struct {
	Ref                // by the project's id
	Path        string // what people call it: "group/project#12"
	URL         string
	Title       string
	Description string
	Author      Account
	Closed      bool
	ClosedBy    Account // zero when it is open or nobody knows
	Assignees   []Account
	Due         string // 2006-01-02; empty for none
	Labels      []string
	Locked      bool // others cannot comment
	Restricted  bool // only members of the project see it
	Moved       bool // it is somewhere else now, and closed here
	Created     time.Time
	// Updated is when anything of it changed last, by the tracker's clock.
	Updated time.Time
}

// NewIssue is what an issue is made with.
type NewIssue struct {
	Title       string
	Description string
	Assignee    int64  // an account's id; 0 for nobody
	Due         string // 2006-01-02; empty for none
	Labels      []string
	Milestone   string // its title; empty for none. It must exist.
	Restricted  bool
}

// Change is what is changed of an issue; a nil field leaves it as it is.
type Change struct {
	Description *string
	Assignee    *int64  // 0 for nobody
	Due         *string // empty for none
	Closed      *bool
}

// ActivityKind is what happened.
type ActivityKind string

// The kinds of activity. What is none of the others is Other, and is only known
// to have happened.
const (
	Commented     ActivityKind = "commented"      // Text is what was written
	Ticked        ActivityKind = "ticked"         // Text is the line behind the box, maybe without its markup
	Unticked      ActivityKind = "unticked"       // so is it here
	Described     ActivityKind = "described"      // the description was changed
	Assigned      ActivityKind = "assigned"       // who it is assigned to was changed
	Dated         ActivityKind = "dated"          // its due date was changed or removed
	Mentioned     ActivityKind = "mentioned"      // Target mentions it
	MovedTo       ActivityKind = "moved-to"       // it went to Target
	OtherActivity ActivityKind = "other-activity" // whatever else
)

// Activity is something that happened at an issue or a merge request.
type Activity struct {
	ID     int64 // rises
	Kind   ActivityKind
	Author Account
	At     time.Time
	Text   string
	Target Ref
	// Internal says that not everybody who sees the issue sees this.
	Internal bool
}

// MergeRequest is a merge request as the tracker has it.
type MergeRequest struct {
	Ref              // by the project's id
	Path      string // "group/project!12"
	URL       string
	Title     string
	Author    Account
	State     MergeState
	Draft     bool
	Labels    []string
	Milestone string    // its title; empty for none
	MergedAt  time.Time // zero while it is not
	MergedBy  Account
	Approved  bool // nobody's approval is missing
	Approvers []Account
	Updated   time.Time
}

// MergeState is where a merge request is.
type MergeState string

// The states of a merge request.
const (
	MergeOpen   MergeState = "open"
	MergeClosed MergeState = "closed"
	Merged      MergeState = "merged"
)

// Failure is why the tracker did not do what it was asked.
type Failure string

// The failures. Gone, Forbidden and Rejected are about what was asked; the others
// about everything that is asked.
const (
	Gone         Failure = "gone"         // it is not there, or not for us to see
	Forbidden    Failure = "forbidden"    // it is there, and not for us to change
	Rejected     Failure = "rejected"     // what was asked makes no sense to it
	Unauthorized Failure = "unauthorized" // the token is not taken, or no longer
	Limited      Failure = "limited"      // we ask too much
	Unreachable  Failure = "unreachable"  // it does not answer, or only that it cannot
)

// TrackerError is why the tracker did not do what it was asked. When the failure
// is Unreachable it may have done it.
type TrackerError struct {
	Failure Failure
	// Wait is how long the tracker asks us to wait; zero when it did not say.
	Wait time.Duration
	// Request is the tracker's own id of the request, for its operators; may be
	// empty.
	Request string
	// Err is the cause, without any secret.
	Err error
}

// Error says what was refused, and by which request.
func (e *TrackerError) Error() string {
	if e.Request == "" {
		return fmt.Sprintf("%s: %v", e.Failure, e.Err)
	}
	return fmt.Sprintf("%s: %v (request %s)", e.Failure, e.Err, e.Request)
}

// Unwrap is the cause.
func (e *TrackerError) Unwrap() error { return e.Err }

// Everything reports whether the failure would meet whatever else is asked now.
func (f Failure) Everything() bool {
	switch f {
	case Unauthorized, Limited, Unreachable:
		return true
	}
	return false
}

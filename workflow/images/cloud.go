package images

import (
	"context"
	"time"

	"cloudimage/guest"
	"cloudimage/workflow"
)

// Cloud is a cloud in which images are made. Implementations are safe for concurrent
// use, and keep no state of builds: all they need is in what they are asked.
//
// The methods that take a [Work] bring one thing about and return soon. They are
// called again until they report that it is done. Whether it was begun before, and
// perhaps by a process that did not live to tell, they find out by the key: nothing
// is made twice. One call of them changes at most one thing outside, and what it
// needs to remember for the next it gives back as [Progress.Memory], which is on
// disk before they are called again. Errors are a [Fault] where it is known what
// they mean; any other is taken for one that leaves the outcome unknown.
type Cloud interface {
	Provider() workflow.Provider
	// Ways are how images come to customers in this cloud.
	Ways() Ways
	// Look finds out what stands in the way of orders before anything is made: whose
	// account it is, what may be done in it, what is in its regions. It changes nothing.
	// An order's Base, Unblock by the regions' protection, and Hides are for it to fill in. Of
	// one without a name for its image, the image is there already.
	Look(ctx context.Context, orders []Order) (Outlook, error)

	Machines
	Images
	Market
	Upkeep
}

// Machines are what images are made from, and tried on.
type Machines interface {
	// Launch starts a machine and is done when it takes commands. Ref is its id.
	Launch(ctx context.Context, w Work, m Machine) (Progress, error)
	// Run runs a script in a machine and is done when the script ended well. Output is
	// what it said. A script that failed is a Fault of class [ScriptFailed] with its log.
	Run(ctx context.Context, w Work, machine string, s guest.Script) (Progress, error)
	// Stop stops a machine, to be captured.
	Stop(ctx context.Context, w Work, machine string) (Progress, error)
	// Remove removes all machines of the build with that role, whatever state they are in.
	// Nothing to remove is done.
	Remove(ctx context.Context, w Work, role string) (Progress, error)
}

// Images are what is made.
type Images interface {
	// Capture makes the image of a stopped machine and is done when it can be used. Ref
	// is its id. One that failed for the same build is removed first.
	Capture(ctx context.Context, w Work, machine string, im Image) (Progress, error)
	// Copy copies the image to the region of the work and is done when it can be used
	// there. Ref is its id there.
	Copy(ctx context.Context, w Work, im Image) (Progress, error)
	// Mark notes on the image, and all that belongs to it, that it was verified.
	Mark(ctx context.Context, w Work, im Image) (Progress, error)
	// Open makes the image public in the region of the work. With unblock, a protection
	// against that is turned off before and on again after it.
	Open(ctx context.Context, w Work, im Image, unblock bool) (Progress, error)
	// Close is the way back of Open, however far that came: not public, and protected as
	// it was.
	Close(ctx context.Context, w Work, im Image, unblock bool) (Progress, error)
	// Deprecate lets an image grow old from a moment on: who has its id can use it still.
	Deprecate(ctx context.Context, w Work, im Image, at time.Time) (Progress, error)
	// Discard removes the images of the build in the region of the work, with all that
	// belongs to them. Nothing to remove is done.
	Discard(ctx context.Context, w Work) (Progress, error)
}

// Market is where customers find it.
type Market interface {
	// Preview brings the image as a version to its product's preview, where nobody gets it
	// but those who try it, and is done when it can be tried. Ref is the id of the
	// submission. Only clouds whose [Ways] say so are asked.
	Preview(ctx context.Context, w Work, o Offer) (Progress, error)
	// Submit adds the image as a version to its product, and is done when customers can
	// get it. Ref is the id of the submission. Where there is a preview, nothing goes live
	// but what [Offer.Previewed] brought there.
	Submit(ctx context.Context, w Work, o Offer) (Progress, error)
	// Withdraw takes back what Preview and Submit did, as far as it is not through yet. A
	// version that customers have stays, and [Progress.Kept] says so.
	Withdraw(ctx context.Context, w Work, o Offer) (Progress, error)
	// Plea is what to ask the marketplace's support when a submission does not go on. It
	// asks nobody.
	Plea(w Work, o Offer) Plea
	// Retire makes room for new versions, by hiding the oldest from new customers, when
	// there are more than the marketplace leaves room for.
	Retire(ctx context.Context, w Work, o Offer) (Progress, error)
}

// Upkeep is what is to be looked after without any build.
type Upkeep interface {
	// Leftovers is everything in the account that was made by builds of ours, in every
	// region. An error beside a list says what could not be looked at.
	Leftovers(ctx context.Context) ([]Leftover, error)
	// RemoveLeftover removes one. One that is gone is done.
	RemoveLeftover(ctx context.Context, l Leftover) error
	// IsPublic reports whether an image is public where it is.
	IsPublic(ctx context.Context, region, image string) (bool, error)
}

// Ways are how images come to customers in a cloud, as far as clouds differ in it.
type Ways struct {
	// ByHand says that people do what there is to do, and say so: see [Answer]. There are
	// no machines and no regions then.
	ByHand bool
	// Previews says that a product has a preview, which comes before signatures, and Tries
	// that a machine can be started from it.
	Previews, Tries bool
	// RetiresAlong says that old versions are hidden by the submission itself.
	RetiresAlong bool
	// Texts says that a submission brings the listing's texts along.
	Texts bool
	// Limits are how long steps may take before somebody is asked, and Typical how long
	// they take as a rule, where that is not as elsewhere.
	Limits  map[StepName]time.Duration
	Typical Typical
}

// Plea is what to ask the marketplace's support.
type Plea struct {
	Link string // where a ticket is opened; empty where there is no such place
	Text string // ready to be sent, with the ids that they ask for
}

// Answer is what a person reported of a step that people do.
type Answer struct {
	By workflow.UserID `json:"by"`
	At time.Time       `json:"at"`
	// Ref is what proves it: the id of the image, the number of a ticket, a link.
	Ref string `json:"ref,omitzero"`
	// Refused says that it came to nothing, and Said in whose words why.
	Refused bool   `json:"refused,omitzero"`
	Said    string `json:"said,omitzero"`
}

// Work is one call for a step.
type Work struct {
	Build BuildID
	// Key is what it is found by again: the same for as long as it is the same attempt.
	Key    string
	Region string
	// Ref and Memory are what the last call for this attempt gave back, and Attempt is
	// 1 at first.
	Ref     string
	Memory  string
	Attempt int
	Since   time.Time // of the attempt
	Now     time.Time
	Order   *Order // not to be changed
	// Answer is what a person reported of it since the last call; nil for nothing. Only
	// where people do it.
	Answer *Answer
	// Halt is why nothing more may be begun outside: the signatures have lapsed, or it is
	// not to go there any more. What is there by now is seen through, what only made
	// ready for it is made safe, and then it is what the step comes to. Nil for going on.
	Halt *Fault
}

// Progress is how far a step has come.
type Progress struct {
	Done   bool
	Ref    string // id of what it makes, as soon as it is known
	Memory string // for the next call
	// Kept says that customers have what was to be taken back, so that it stays.
	Kept bool
	// Percent is how much of it is done, where the cloud says so; 0 for unknown.
	Percent int
	Note    string // what goes on, in a few words of ours
	// Asks says that it waits for a person to report: what is asked of them, as in "make
	// the image". Only where people do it.
	Asks   string
	Output string // what a script said
	// Silent says that it is a stand-in of the cloud whose machines carry nothing out, so
	// that what they did not say proves nothing.
	Silent bool
	// Again is how soon there may be news; 0 for at once.
	Again time.Duration
}

// Machine is a machine to launch.
type Machine struct {
	Role     string // "builder", "boot1", "boot2", "preview"
	Image    string // to start from
	Type     string
	Lifetime time.Duration // after which it ends itself, whatever becomes of us
	UserData string
	// Preview is the offer whose preview it starts from, in the place of Image; nil for an
	// image of ours.
	Preview *Offer
}

// Image is the image of a build in a region.
type Image struct {
	Name        string
	Description string
	Source      string // its id where it was built
	ID          string // its id in the region of the work; empty before it is there
}

// Offer is a version of a product on a marketplace.
type Offer struct {
	Product string
	Title   string
	Notes   string
	Image   string // its id where the marketplace takes it from
	// Previewed is the id of the submission that brought it to the preview; empty where
	// there is none.
	Previewed string
	// Submitted is the id of the submission that brings it to customers; empty before.
	Submitted string
	// Ours are the ids of the submissions of this installation's other builds, which end
	// by themselves.
	Ours []string
	// Theirs says what to do when somebody else's submission holds the product: wait
	// for it, or cancel it by its id. Empty for telling and nothing else.
	Wait   bool
	Cancel string
}

// Outlook is what was found before anything is made.
type Outlook struct {
	Account string // in which we are
	Who     string // as whom
	Lanes   []Lane // as the orders
	Regions []Region
	At      time.Time
}

// Lane is what was found for an order.
type Lane struct {
	Order    Order // with what was found filled in
	Problems []Problem
	// Versions is how many versions the product has of those it may have; 0 of 0 where
	// there is no product.
	Versions, MostVersions int
	Minutes                int     // about
	Dollars                float64 // about, until it is through
}

// Region is how a region stands.
type Region struct {
	Name string
	// Blocked says that a protection keeps images from becoming public, and Fixed that we
	// cannot turn it off.
	Blocked, Fixed bool
	// Public is how many images are public, of how many that may be; 0 of 0 for unknown.
	Public, MostPublic int
}

// Problem is what stands in the way.
type Problem struct {
	Class  Class
	Region string // empty for all
	What   string // the action that is missing, the id that is in the way
	Said   string // by the cloud
	Link   string // where it can be put right
	// Stops says that the order cannot be carried out with it. Leaving out its region
	// lifts it, if it has one.
	Stops bool
}

// Leftover is something that was made by a build and is there.
type Leftover struct {
	Region  string
	Kind    string // "instance", "group", "image", "snapshot", "volume"
	ID      string
	Name    string
	Of      string // the image that a snapshot is of; empty for none
	Build   BuildID
	Made    time.Time
	Dollars float64 // a month, about
	// Finished says that it is of an image that was verified, or that is public.
	Finished bool
}

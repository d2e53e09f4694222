package workflow

// Definition is a process: what has to happen, in which order, by which team
// and when. It is data, loaded from YAML by the process package, and never
// changes once loaded; a run keeps the definition it was started with.
type Definition struct {
	Name    ProcessName
	Title   string  // "First-time image"
	Subject Subject // what a run of it is about
	Goal    string  // why the process exists, in a sentence
	Owner   TeamID  // the team that owns every run as a project and may open one
	// Standard is "done means" for the process as a whole.
	Standard  string
	Teams     []Team
	Resources []Resource
	Stages    []Stage
	// Promise is made to customers of a listing that has a catalyst; the zero
	// value is no promise.
	Promise Promise
	// Releases says which releases concern a listing, of a process whose subject is a
	// catalyst.
	Releases ReleasePolicy
	// Silence is who is told while a partner does not answer, and Lateness who is
	// told after a person was reminded of a late step in vain. Both are in order
	// and never empty after loading.
	Silence  []Rung
	Lateness []Rung
	// Source is the YAML the definition was read from, and Hash its SHA-256 in
	// hexadecimal: runs refer to a definition by its hash.
	Source string
	Hash   string
}

// Promise says within how many business days following a catalyst every listing
// is live again. It is counted in the calendar of the owner team, and never
// pauses.
type Promise struct {
	Days     int // for a release or a fix; 0 for no promise
	Security int // for a security update; 0 for the same
}

// ReleasePolicy says which releases of the product concern a listing, and when
// they are not worked on. A listing that follows a branch is concerned by the
// releases of that one alone, whatever is said here.
type ReleasePolicy struct {
	// Concern is which releases concern a listing. Defaults to [HighestBranch].
	Concern Concern
	// Supported is of how many branches, the newest first, releases concern a
	// listing; of [EachBranch].
	Supported int
	// Editions are those that have images; empty for all.
	Editions []string
	// Quiet are the times in which a release is not worked on, unless it is a
	// security update.
	Quiet []Quiet
}

// Concern is which releases concern a listing.
type Concern string

// The concerns.
const (
	// HighestBranch are releases of the highest minor version there is.
	HighestBranch Concern = "highest-minor"
	// EachBranch are releases of the minor version that the listing has, as long as
	// that one is supported, and then those of the highest.
	EachBranch Concern = "supported-minors"
)

// Quiet is a time in which nothing is released to customers. What comes out in it
// is counted from its end.
type Quiet struct {
	From, To Date // the first and the last day
	Why      string
}

// Rung is one rung of a ladder: who is told after so many business days.
type Rung struct {
	After int
	// Tell is whom: a role in the run, or [ToTeam].
	Tell Role
	Team TeamID // of ToTeam
}

// Role is a part somebody plays in a run.
type Role string

// The roles that a rung can tell.
const (
	ToChaser Role = "chaser" // who follows up with the partner
	ToStage  Role = "stage"  // who sees the stage through
	ToOwner  Role = "owner"  // the owner of the run
	ToTeam   Role = "team"   // the lead of a team; in a silence the follow-up becomes theirs
)

// Subject is what a run is about.
type Subject string

// The subjects.
const (
	SubjectPartnership Subject = "partnership" // a partner and the listings launched together
	SubjectCatalyst    Subject = "catalyst"    // a release, an advisory, or an image-only fix
)

// Team is one of the teams that share a process.
type Team struct {
	ID    TeamID
	Name  string // "Strategic Partnerships"
	Does  string // "Relationship, direction & project"
	Group string // handle or id of the chat user group that holds its members; empty for none
}

// Resource is one of the things a run keeps outside the chat: its issue, its
// document, the repository.
type Resource struct {
	ID    string
	Title string   // "Credential management of cloud services"
	Text  string   // what it is when there is nothing to link to
	URL   string   // fixed for all runs; empty when it comes from a fact
	Fact  FactName // the fact that holds the run's own link or name; empty for none
	Ask   TeamID   // the team to ask while it is unknown; empty for nobody
	// Creates is what is made for each run, where it is configured how; empty for
	// nothing.
	Creates Track
}

// Stage is a part of a process that one team leads.
type Stage struct {
	ID       StageID
	Number   string // "1"
	Title    string // "Introduction & Scope"
	Team     TeamID
	Role     string    // how the seeds say it: "initiated by", "led by"
	After    []StageID // stages that must be complete before this one opens
	Standard string    // "done means"
	Due      Due       // when the stage should be complete
	Brief    []FactName
	Steps    []Step
}

// Step is something that must be done, or a substep of one.
type Step struct {
	ID     StepID
	Number string // "2.3", "2.3.1"
	Title  string
	Short  string // the title in 40 characters or fewer, for phones; defaults to the title
	Team   TeamID // defaults to the stage's; never empty after loading
	// After names steps of the same parent that must be closed first.
	After []StepID
	// Needs names what must be true before this step's irreversible act. The
	// step may be open meanwhile; it cannot be done. Who waives a step gives up
	// what others need of it, too.
	Needs []Need
	// Optional steps are not needed until somebody asks for them and never
	// block a stage.
	Optional bool
	// Question is put to AskTeam once when an optional step's stage opens; no
	// answer means that it is not needed.
	Question string
	AskTeam  TeamID
	// PerListing makes one lane for each listing of the run.
	PerListing bool
	// Publishes says that a listing is live once this step of its lane is done.
	Publishes bool
	// Sign is who has to agree before what the step publishes goes live; the zero
	// value for nobody.
	Sign SignOff
	// When makes a substep an action that exists only in this situation.
	When Situation
	// DoneWhen completes the step by itself once its condition holds.
	DoneWhen Condition
	Standard string // "done means"
	Guides   []Guide
	Evidence []Field
	Due      Due
	// LaunchDay is what is done with the step on the day of the launch, such as
	// "Merge the documentation"; empty when it is over before.
	LaunchDay string
	Steps     []Step // substeps and actions
}

// SignOff says that so many different people of these teams have to sign before
// something goes live.
type SignOff struct {
	People int
	Teams  []TeamID
}

// Situation is a state of a step in which its actions exist.
type Situation string

// The situations.
const (
	Always  Situation = ""
	Waiting Situation = "waiting" // we have asked the partner something and wait for an answer
)

// Condition completes a step by itself.
type Condition string

// The conditions.
const (
	Never Condition = ""
	// AssignedAndDue holds once the step's stage has an assignee and a due date.
	AssignedAndDue Condition = "assigned-and-due"
	// MergeApproved holds once the run's merge request is approved, and MergeDone
	// once it is merged.
	MergeApproved Condition = "merge-request-approved"
	MergeDone     Condition = "merge-request-merged"
)

// Need is one thing that must be true before an irreversible act: a step that
// must be closed, or a fact that must be known. Exactly one is set.
type Need struct {
	Step StepID
	Fact FactName
}

// Guide is one way to do a step: text and links for one provider, or for all.
type Guide struct {
	Provider Provider // empty for every provider
	Text     string
	Links    []Link
}

// Link is a titled address. Seed is the address the process was first written
// with, kept beside today's where they differ.
type Link struct {
	Title string
	URL   string
	Seed  string
}

// Due says when a step or a stage should be complete, in business days of its
// team's calendar. At most one of its first four fields is set; the zero value
// is no date.
type Due struct {
	// AfterOpen counts from the day the step opens.
	AfterOpen int
	// BeforeLaunch plans back from the launch: the agreed date, or the target
	// while none is agreed.
	BeforeLaunch int
	// OnLaunch is on the day of the launch itself.
	OnLaunch bool
	// AfterCatalyst counts from the day of the catalyst; Security does so for a
	// security update, and is 0 for the same number.
	AfterCatalyst int
	Security      int
}

// FieldType is what kind of answer a field takes.
type FieldType string

// The field types.
const (
	ShortText FieldType = "text"
	LongText  FieldType = "long-text"
	URL       FieldType = "link"
	URLs      FieldType = "links" // one to a line
	DateField FieldType = "date"
	Person    FieldType = "person"
	Number    FieldType = "number"
	Choice    FieldType = "choice"
	VaultItem FieldType = "vault-item" // the name of, or link to, an item; never what is in it
)

// Field is one piece of evidence that a step asks for when it is done.
type Field struct {
	ID       FieldID
	Label    string
	Type     FieldType
	Hint     string
	Optional bool
	// Private evidence is shown to the step's team and the owner alone, never
	// on the card.
	Private bool
	// MaxLength is the most characters the answer may have; 0 means 3,000.
	MaxLength int
	// Min is the fewest links a links field takes; 0 means 1.
	Min     int
	Options []string // of a choice
	// Quick is the option that one click gives, where it is all that the step needs;
	// empty for none.
	Quick string
	// Fact, when set, makes the answer known to the run by this name. In a step
	// made per listing it is known of the listing.
	Fact FactName
	// Tracks says that the link leads to something that the run keeps in the issue
	// tracker, where one is configured; empty for a link like any other.
	Tracks Track
	// Ask says that a helper may be asked for this answer ("seek assistance
	// from technical writer"); the words are shown beside the field.
	Ask string
}

// Facts with a meaning of their own. Every other fact is only known and shown.
const (
	FactLaunchTarget FactName = "launch-target" // Date
	FactLaunchAgreed FactName = "launch-agreed" // Date
	FactIssue        FactName = "issue"         // link
	FactVersion      FactName = "version"       // that is live, of a listing
	FactProduct      FactName = "product-id"    // the marketplace's, of a listing
	FactImage        FactName = "image-id"      // the cloud's, of a listing
	FactMarketplace  FactName = "marketplace-link"
	FactPricing      FactName = "pricing"
)

// StageByID is the stage of that id.
func (d *Definition) StageByID(id StageID) (*Stage, bool) {
	for i := range d.Stages {
		if d.Stages[i].ID == id {
			return &d.Stages[i], true
		}
	}
	return nil, false
}

// Step is the step or substep of that id, with the stage it is part of.
func (d *Definition) Step(id StepID) (*Step, *Stage, bool) {
	for i := range d.Stages {
		if s := findStep(d.Stages[i].Steps, id); s != nil {
			return s, &d.Stages[i], true
		}
	}
	return nil, nil, false
}

func findStep(steps []Step, id StepID) *Step {
	for i := range steps {
		if steps[i].ID == id {
			return &steps[i]
		}
		if s := findStep(steps[i].Steps, id); s != nil {
			return s
		}
	}
	return nil
}

// Team is the team of that id.
func (d *Definition) Team(id TeamID) (Team, bool) {
	for _, t := range d.Teams {
		if t.ID == id {
			return t, true
		}
	}
	return Team{}, false
}

// TeamName is the team's name for a sentence; its id when it is not defined.
func (d *Definition) TeamName(id TeamID) TeamName {
	if t, ok := d.Team(id); ok {
		return TeamName{Name: t.Name}
	}
	return TeamName{Name: string(id)}
}

// IsAction reports whether the step exists only in a situation.
func (s *Step) IsAction() bool { return s.When != Always }

// Substeps are the parts that must be closed for the step to be done; actions
// are not among them.
func (s *Step) Substeps() []*Step { return s.parts(false) }

// Actions are the parts that exist only in a situation.
func (s *Step) Actions() []*Step { return s.parts(true) }

func (s *Step) parts(actions bool) []*Step {
	var out []*Step
	for i := range s.Steps {
		if s.Steps[i].IsAction() == actions {
			out = append(out, &s.Steps[i])
		}
	}
	return out
}

// Quick is the field whose quick answer is all that the step needs; false when more
// is needed, or nothing is offered.
func (s *Step) Quick() (Field, bool) {
	var quick Field
	for _, f := range s.Evidence {
		switch {
		case f.Quick != "":
			quick = f
		case !f.Optional:
			return Field{}, false
		}
	}
	return quick, quick.Quick != ""
}

// Field is the evidence field of that id.
func (s *Step) Field(id FieldID) (Field, bool) {
	for _, f := range s.Evidence {
		if f.ID == id {
			return f, true
		}
	}
	return Field{}, false
}

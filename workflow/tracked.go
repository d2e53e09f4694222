package workflow

import "time"

// Tracking is an item that a process lets a run keep in the tracker.
type Tracking struct {
	Fact  FactName
	Track Track
	Key   StepKey // of the step that asks for its link; zero for a document
	Stage *Stage
	// URL is where it is; empty while it is not there.
	URL string
	// Wanted says that it is to be made: its step is open, if it has one, and nobody
	// has given a link.
	Wanted bool
}

// Trackings are the items of the run that there are, or are to be, in the order of
// the process. A proposal has none.
func (r *Run) Trackings() []Tracking {
	if r.State == Proposed {
		return nil
	}
	var out []Tracking
	for i := range r.index.tracks {
		t := r.index.tracks[i]
		if t.URL = r.Facts[t.Fact]; t.URL == "" && r.Items[t.Fact] != nil {
			t.URL = r.Items[t.Fact].URL // its step was reopened
		}
		t.Wanted = t.URL == "" && r.State == Running && (t.Track == TrackDocument || r.Steps[t.Key].Status == Open)
		if t.URL != "" || t.Wanted {
			out = append(out, t)
		}
	}
	return out
}

// Trackings are the items that a process lets its runs keep, in its order.
func (d *Definition) Trackings() []Tracking {
	var out []Tracking
	for i := range d.Stages {
		stage := &d.Stages[i]
		eachStep(stage.Steps, func(s *Step) {
			for _, f := range s.Evidence {
				if f.Tracks != "" {
					out = append(out, Tracking{Fact: f.Fact, Track: f.Tracks, Key: StepKey{Step: s.ID}, Stage: stage})
				}
			}
		})
	}
	for _, res := range d.Resources {
		if res.Creates != "" {
			out = append(out, Tracking{Fact: res.Fact, Track: res.Creates})
		}
	}
	return out
}

func eachStep(steps []Step, visit func(*Step)) {
	for i := range steps {
		visit(&steps[i])
		eachStep(steps[i].Steps, visit)
	}
}

// MergeRequest is the merge request of the run, and what it is tracked by; nil
// while none was seen.
func (r *Run) MergeRequest() (Tracking, *MergeRequest) {
	for _, t := range r.index.tracks {
		if it := r.Items[t.Fact]; t.Track == TrackMerge && it != nil && it.Merge != nil {
			return t, it.Merge
		}
	}
	return Tracking{}, nil
}

// MergedEarly reports whether the merge request of the run was merged before the
// day of the launch, and when. It stays so until that day.
func (r *Run) MergedEarly() (at time.Time, early bool) {
	t, m := r.MergeRequest()
	if m == nil || m.Merged.IsZero() {
		return time.Time{}, false
	}
	date, _ := r.Launch()
	return m.Merged, date != "" && r.Day(t.Stage.Team, m.Merged) < date
}

// Poll is how far the changes of a project of the tracker are known.
type Poll struct {
	Project string
	Merge   bool      // of its merge requests, and not of its issues
	Known   time.Time // by the tracker's clock; zero for not at all
	At      time.Time // when they were asked for last; zero for never
}

// Saved is what became of noting how an item stands.
type Saved int

// What can become of it.
const (
	SaveNoted    Saved = iota
	SaveTaken          // another item is at its place
	SaveRelinked       // somebody gave another link for it meanwhile
)

// Tracked is where the issue tracker has an item of a run, and how far it is
// behind it. A store keeps one for each item.
type Tracked struct {
	Run   RunID
	Fact  FactName
	Track Track
	URL   string // empty until it was made
	// Project and Number are where it is, by the tracker's ids; empty and 0 until
	// it was seen there.
	Project string
	Number  int64
	// Wanted is the run's version that it is to show, Written the one that it was
	// brought to.
	Wanted, Written int64
	// Since is when it fell behind.
	Since time.Time
	// RetryAt is when it may be tried again; zero for at once.
	RetryAt time.Time
	// NoteAt is when there is something else to do; zero for never.
	NoteAt time.Time
	// Failures is how often it has failed since it was last in step, and Reason what
	// went wrong last.
	Failures int
	Reason   string
	// Memory is what the mirror remembers of it, in a form of its own.
	Memory string
}

// IssueStage is the stage that the run's issue is assigned and dated for: the one
// with a step that waits for both. Nil when there is none.
func (r *Run) IssueStage() *Stage {
	for i := range r.def.Stages {
		for j := range r.def.Stages[i].Steps {
			if r.def.Stages[i].Steps[j].DoneWhen == AssignedAndDue {
				return &r.def.Stages[i]
			}
		}
	}
	return nil
}

// IssueFor is whose the run's issue is, and for when: what was decided for its
// stage, or else the owner and the launch, or what was promised.
func (r *Run) IssueFor() (who UserID, due Date) {
	who = r.Owner
	if due, _ = r.Launch(); due == "" && !r.Promise.IsZero() {
		due = r.Day(r.def.Owner, r.Promise)
	}
	stage := r.IssueStage()
	if stage == nil {
		return who, due
	}
	s := r.Stages[stage.ID]
	if s.Assignee != "" {
		who = s.Assignee
	}
	if !s.Due.IsZero() && !s.Planned {
		due = r.Day(stage.Team, s.Due)
	}
	return who, due
}

// NoMergeRequest is the fact that would hold the link to the run's merge request,
// while there is none; empty when there is, or none is tracked.
func (r *Run) NoMergeRequest() FactName {
	for _, t := range r.index.tracks {
		if t.Track == TrackMerge && r.State == Running && r.Facts[t.Fact] == "" && !r.Steps[t.Key].Status.Closed() {
			return t.Fact
		}
	}
	return ""
}

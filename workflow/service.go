package workflow

import (
	"context"
	"time"
)

// Store keeps runs. Implementations are safe for concurrent use.
type Store interface {
	// Create keeps a run that begin makes, under a number of its own, and that
	// follows the office as it is in the transaction. Begin is pure and may be
	// called more than once. When request was seen before,
	// the run it made then is returned.
	Create(ctx context.Context, request RequestID, begin func(RunID, int) (*Run, error)) (*Run, error)
	// Update changes a run. Change is pure and may be called more than once; an
	// error from it is returned as it is and changes nothing. A run that was
	// complete and goes on follows the office, which it has not followed meanwhile. The request id,
	// the run, its events and what they set in motion are kept in one
	// transaction, on disk when Update returns. When request was seen before,
	// the run is returned as it is now. It returns a NotFound error for an
	// unknown run. A run in which a stage opens asks for the facts of its team that no
	// other open run asks for; see [Run.ToAsk].
	Update(ctx context.Context, id RunID, request RequestID, change func(*Run) error) (*Run, error)
	// UpdateOffice changes the office, and after it every proposed and running
	// run by follow, all in one transaction. Both are pure and may be called
	// more than once; follow may leave a run as it is, and is nil when runs have
	// nothing to do with the change. An error from change is
	// returned as it is and changes nothing. When request was seen before,
	// nothing is changed.
	UpdateOffice(ctx context.Context, request RequestID, change func(*Office) error, follow func(*Office, *Run)) error
}

// Library reads runs. What it returns belongs to the caller.
type Library interface {
	// Run is the run of that id; a NotFound error when there is none.
	Run(ctx context.Context, id RunID) (*Run, error)
	// Find are the runs that people mean by words: "R-17", "17", or part of a
	// partner's name; the running ones first, newest first, 20 at most.
	Find(ctx context.Context, words string) ([]*Run, error)
	// Open are the proposed and running runs, newest first, limit at most.
	Open(ctx context.Context, limit int) ([]*Run, error)
	// Events are the events of a run below the sequence number before, or all
	// for 0, newest first, limit at most.
	Events(ctx context.Context, id RunID, before int64, limit int) ([]Event, error)
	// Each visits every run there is, ended ones too, in no order, with a few in
	// memory at a time. An error from visit ends it, and is returned as it is.
	Each(ctx context.Context, visit func(*Run) error) error
	// Office is the office as it is.
	Office(ctx context.Context) (*Office, error)
}

// Options is what a [Service] is made of. Every field is needed but Now.
type Options struct {
	Store     Store
	Library   Library
	Directory Directory
	Calendars Calendars
	// Processes are the definitions new runs can be started with, by name.
	Processes map[ProcessName]*Definition
	// Now is the present time. Defaults to time.Now.
	Now func() time.Time
}

// Service is the one door to runs: it decides who may, and changes a run in one
// transaction of its store.
type Service struct {
	Library
	Directory
	store     Store
	calendars Calendars
	processes map[ProcessName]*Definition
	now       func() time.Time
}

// NewService makes a Service.
func NewService(o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Service{o.Library, o.Directory, o.Store, o.Calendars, o.Processes, o.Now}
}

// Now is the present time.
func (s *Service) Now() time.Time { return s.now() }

// Calendars are the business days of teams.
func (s *Service) Calendars() Calendars { return s.calendars }

// Process is the definition of that name.
func (s *Service) Process(name ProcessName) (*Definition, bool) {
	d, ok := s.processes[name]
	return d, ok
}

// Processes are the definitions by name.
func (s *Service) Processes() map[ProcessName]*Definition { return s.processes }

// Who is a person's request.
type Who struct {
	User    UserID
	Request RequestID
	Reason  string // given by an admin who acts in place of others, and for what needs one
}

// Admitted looks a person up and refuses those who may not use the bot at all.
func (s *Service) Admitted(ctx context.Context, user UserID, def *Definition) (Profile, error) {
	p, err := s.Profile(ctx, user)
	if err != nil {
		return p, err
	}
	name := def.TeamName(def.Owner)
	name.Group = s.Roster(def).Teams[def.Owner].Group
	return p, Admit(p, name)
}

// Begin starts a run of a process for the person who asks, or proposes one when
// starting is not theirs to do.
func (s *Service) Begin(ctx context.Context, who Who, process ProcessName, start Start) (*Run, error) {
	def, ok := s.processes[process]
	if !ok {
		return nil, fail(NotFound, "There is no process %q here.", string(process))
	}
	if _, err := s.Admitted(ctx, who.User, def); err != nil {
		return nil, err
	}
	roster := s.Roster(def)
	if problem := roster.Teams[def.Owner].Problem; !problem.IsZero() && !roster.IsAdmin(who.User) {
		return nil, &Error{Kind: Denied, Message: problem}
	}
	if roster.IsMember(def.Owner, who.User) || roster.IsAdmin(who.User) {
		start.Proposed, start.Owner = false, who.User
	} else {
		start.Proposed, start.Owner, start.Leads = true, "", nil // who leads may accept, so a proposer does not choose
	}
	start.Leads = s.leads(def, roster, start.Leads)
	act := Act{Actor: who.User, At: s.now()}
	return s.store.Create(ctx, who.Request, func(id RunID, number int) (*Run, error) {
		start.ID, start.Number = id, number
		return Begin(act, def, s.calendars, start)
	})
}

// BeginItself starts a run that nobody asked for, owned by who answers for the process; proposed, when
// start says that somebody has to accept it first.
func (s *Service) BeginItself(ctx context.Context, request RequestID, process ProcessName, start Start) (*Run, error) {
	def, ok := s.processes[process]
	if !ok {
		return nil, fail(NotFound, "There is no process %q here.", string(process))
	}
	roster := s.Roster(def)
	start.Leads = s.leads(def, roster, start.Leads)
	if start.Owner = start.Leads[def.Owner]; start.Proposed {
		start.Owner = ""
	}
	act := Act{Actor: Bot, At: s.now()}
	return s.store.Create(ctx, request, func(id RunID, number int) (*Run, error) {
		start.ID, start.Number = id, number
		return Begin(act, def, s.calendars, start)
	})
}

// OwnerOf is who owns the runs of a process that open by themselves; empty when
// nobody is known.
func (s *Service) OwnerOf(process ProcessName) UserID {
	def, ok := s.processes[process]
	if !ok {
		return Bot
	}
	return s.Roster(def).Teams[def.Owner].Lead
}

// leads are the people who answer for the teams of a run: those chosen for it,
// else those the roster names.
func (s *Service) leads(def *Definition, roster Roster, chosen map[TeamID]UserID) map[TeamID]UserID {
	out := map[TeamID]UserID{}
	for _, t := range def.Teams {
		if who := chosen[t.ID]; who != "" {
			out[t.ID] = who
		} else if lead := roster.Teams[t.ID].Lead; lead != "" {
			out[t.ID] = lead
		}
	}
	return out
}

// Change is what a verb does to a run, once the person is known to be allowed.
type Change func(act Act, r *Run) error

// Do checks that the person may and changes the run. Both see the run and the
// teams as they are in the transaction.
func (s *Service) Do(ctx context.Context, who Who, id RunID, ask Ask, change Change) (*Run, error) {
	guard, err := s.Guard(ctx, who, ask)
	if err != nil {
		return nil, err
	}
	return s.store.Update(ctx, id, who.Request, func(r *Run) error {
		act, err := guard(r)
		if err != nil {
			return err
		}
		return change(act, r)
	})
}

// Guard checks the person now, and returns what checks in a transaction whether they
// may: for changes that another store keeps together with the run's.
func (s *Service) Guard(ctx context.Context, who Who, ask Ask) (func(*Run) (Act, error), error) {
	reason, err := checkWords(FieldReason, who.Reason)
	if err != nil {
		return nil, err
	}
	profile, err := s.Profile(ctx, who.User)
	if err != nil {
		return nil, err
	}
	ask.Who, ask.Reason = who.User, reason
	return func(r *Run) (Act, error) {
		roster := s.Roster(r.def)
		if err := Admit(profile, r.teamName(roster, r.def.Owner)); err != nil {
			return Act{}, err
		}
		leave, err := Authorize(r, roster, ask)
		return Act{Actor: who.User, At: s.now(), Reason: reason, Leave: leave}, err
	}, nil
}

// May reports whether the person may, as things stand.
func (s *Service) May(r *Run, ask Ask) error {
	_, err := Authorize(r, s.Roster(r.def), ask)
	return err
}

// FitFor checks that a person can be given a step or asked for help: a member
// of the workspace who is no guest, bot or outsider.
func (s *Service) FitFor(ctx context.Context, user UserID, field FieldID) error {
	p, err := s.Profile(ctx, user)
	if err != nil {
		return err
	}
	if p.Deactivated || p.Bot || p.Outsider || p.Guest {
		t := Say("%s cannot act here: choose a member of this workspace.", user)
		return &Error{Kind: Invalid, Message: t, Fields: map[FieldID]Text{field: t}}
	}
	return nil
}

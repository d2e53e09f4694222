package reminder_test

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/calendar"
	"cloudimage/workflow/process"
	"cloudimage/workflow/reminder"
)

const (
	ana  workflow.UserID = "U0ANA"  // Strategic Partnerships, in Los Angeles
	omar workflow.UserID = "U0OMAR" // Omnibus, in Berlin
	priy workflow.UserID = "U0PRIY" // Omnibus, in Kolkata
	maya workflow.UserID = "U0MAYA" // Partner Marketing, in London

	channel workflow.ChannelID = "C0IMAGES"
)

// book keeps runs and clocks in memory, as a store does on disk. It does what
// reminder.Book and workflow.Library promise, in the plainest way.
type book struct {
	sync.Mutex
	t       *testing.T
	now     time.Time
	cal     calendars
	def     *workflow.Definition
	runs    map[workflow.RunID]*workflow.Run
	events  map[workflow.RunID][]workflow.Event
	office  *workflow.Office
	clocks  map[workflow.Clock]workflow.Clock // by kind and subject
	seen    map[workflow.RequestID]bool
	letters []workflow.Letter // that said something
	lost    bool              // nobody can be looked up
	gone    workflow.UserID   // has left
	leaving error             // why that cannot be noted
	service *reminder.Service
}

var (
	_ reminder.Book      = (*book)(nil)
	_ workflow.Library   = (*book)(nil)
	_ workflow.Directory = (*book)(nil)
)

// calendars has American holidays for everybody, where each team is.
type calendars map[workflow.TeamID]*calendar.Calendar

func (c calendars) of(team workflow.TeamID) *calendar.Calendar {
	if own := c[team]; own != nil {
		return own
	}
	return c[""]
}

func (c calendars) After(team workflow.TeamID, from time.Time, n int) time.Time {
	return c.of(team).Deadline(from, n)
}

func (c calendars) Before(team workflow.TeamID, target workflow.Date, n int) time.Time {
	return c.of(team).Before(calendar.DateOf(target.Time()), n)
}

func (c calendars) At(team workflow.TeamID, date workflow.Date) time.Time {
	return c.of(team).Closing(calendar.DateOf(date.Time()))
}

func (c calendars) Opening(team workflow.TeamID, from time.Time, n int) time.Time {
	own := c.of(team)
	return own.Opening(own.Shift(own.Date(from), n))
}

func (c calendars) Between(team workflow.TeamID, from, to time.Time) int {
	return c.of(team).Between(from, to)
}

func newBook(t *testing.T, now string) *book {
	t.Helper()
	b := &book{
		t: t, cal: calendars{}, runs: map[workflow.RunID]*workflow.Run{}, events: map[workflow.RunID][]workflow.Event{},
		office: &workflow.Office{}, clocks: map[workflow.Clock]workflow.Clock{}, seen: map[workflow.RequestID]bool{},
	}
	for team, zone := range map[workflow.TeamID]string{"": "America/Los_Angeles", "omnibus": "Europe/Berlin", "partner-marketing": "Europe/London"} {
		own, err := calendar.New(calendar.Options{Zone: zone, Countries: []string{"us"}})
		if err != nil {
			t.Fatal(err)
		}
		b.cal[team] = own
	}
	defs, err := process.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	processes := map[workflow.ProcessName]*workflow.Definition{}
	for _, d := range defs {
		processes[d.Name] = d
	}
	b.def = processes["first-time-image"]
	b.now = b.time(now)
	if b.service, err = reminder.New(reminder.Options{
		Book: b, Library: b, Directory: b, Calendars: b.cal, Processes: processes, Now: func() time.Time { return b.now },
		Left: func(context.Context, workflow.UserID) error { return b.leaving },
	}); err != nil {
		t.Fatal(err)
	}
	return b
}

// time reads "2026-11-20 09:30 Europe/Berlin"; without a zone it is UTC.
func (b *book) time(text string) time.Time {
	b.t.Helper()
	zone := time.UTC
	if i := strings.LastIndexByte(text, ' '); strings.Contains(text[i:], "/") {
		var err error
		if zone, err = time.LoadLocation(text[i+1:]); err != nil {
			b.t.Fatal(err)
		}
		text = text[:i]
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		b.t.Fatal(err)
	}
	return at.UTC()
}

// partnership starts one of ana's, which is to be launched in eight weeks.
func (b *book) partnership(name string) *workflow.Run {
	b.t.Helper()
	id := workflow.RunID("r" + strings.ToLower(name))
	r, err := workflow.Begin(workflow.Act{Actor: ana, At: b.now}, b.def, b.cal, workflow.Start{
		ID: id, Number: len(b.runs) + 1, Partner: name, Provider: workflow.Manual, Owner: ana, Channel: channel, Target: workflow.DateOf(b.now.AddDate(0, 0, 56)),
		Listings: []workflow.Listing{workflow.NewListing("CE", workflow.Image, workflow.Manual)},
		Leads:    map[workflow.TeamID]workflow.UserID{"strategic-partnerships": ana, "omnibus": omar, "partner-marketing": maya},
	})
	if err != nil {
		b.t.Fatal(err)
	}
	b.save(r)
	return r
}

// do changes a run as somebody.
func (b *book) do(id workflow.RunID, who workflow.UserID, change func(workflow.Act, *workflow.Run) error) {
	b.t.Helper()
	r := b.runs[id].Clone()
	if err := change(workflow.Act{Actor: who, At: b.now, Reason: "because"}, r); err != nil {
		b.t.Fatal(err)
	}
	b.save(r)
}

func (b *book) save(r *workflow.Run) {
	b.events[r.ID] = append(b.events[r.ID], r.Emitted()...)
	b.runs[r.ID] = r.Clone()
	for _, todo := range r.Todos() {
		b.wind(workflow.Clock{Kind: workflow.MorningClock, Subject: string(todo.Person)})
	}
	b.wind(workflow.Clock{Kind: workflow.DailyClock, Subject: string(r.Channel)})
}

// wind sets a clock that is not there yet.
func (b *book) wind(c workflow.Clock) {
	if _, set := b.clocks[c]; !set {
		key := c
		c.Due = b.now
		b.clocks[key] = c
	}
}

// until lets time pass, to each moment at which something is due.
func (b *book) until(text string) {
	b.t.Helper()
	end := b.time(text)
	for {
		next := end
		for _, c := range b.clocks {
			if c.Due.Before(next) {
				next = c.Due
			}
		}
		for _, r := range b.runs {
			if due := r.NextDue(); !due.IsZero() && due.Before(next) {
				next = due
			}
		}
		if next.After(b.now) {
			b.now = next
		}
		b.fire()
		if !next.Before(end) {
			b.now = end
			b.fire()
			return
		}
	}
}

func (b *book) fire() {
	b.t.Helper()
	for _, id := range slices.Sorted(maps.Keys(b.runs)) {
		if r := b.runs[id].Clone(); true {
			if r.Tick(b.now); len(r.Emitted()) > 0 {
				b.save(r)
			}
		}
	}
	if _, err := b.service.Fire(context.Background()); err != nil {
		b.t.Fatal(err)
	}
}

// said takes what was said since the last call: "U0ANA Mon 09:30: new gather-documentation".
func (b *book) said(zone string) string {
	b.t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		b.t.Fatal(err)
	}
	// Those of one moment are said side by side.
	slices.SortFunc(b.letters, func(x, y workflow.Letter) int {
		return cmp.Or(x.Clock.Sent.Compare(y.Clock.Sent), strings.Compare(x.Clock.Subject, y.Clock.Subject))
	})
	var out []string
	for _, l := range b.letters {
		line := l.Clock.Subject + " " + l.Clock.Sent.In(loc).Format("Mon 2 Jan 15:04") + ":"
		for i, item := range l.Items {
			if i > 0 {
				line += ","
			}
			line += " " + string(item.Why) + " " + strings.Trim(string(item.Move.Stage)+" "+item.Move.Key.String(), " ")
		}
		out = append(out, line)
	}
	b.letters = nil
	return strings.Join(out, "\n")
}

func (b *book) Clocks(_ context.Context, now time.Time, limit int) (out []workflow.Clock, _ error) {
	b.Lock()
	defer b.Unlock()
	for _, c := range b.clocks {
		if !c.Due.After(now) {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(x, y workflow.Clock) int {
		return cmp.Or(x.Due.Compare(y.Due), strings.Compare(x.Subject, y.Subject))
	})
	return out[:min(len(out), limit)], nil
}

func (b *book) SetClock(_ context.Context, c workflow.Clock) error {
	b.Lock()
	defer b.Unlock()
	b.set(c)
	return nil
}

func (b *book) set(c workflow.Clock) {
	key := workflow.Clock{Kind: c.Kind, Subject: c.Subject}
	if b.clocks[key] = c; c.Due.IsZero() {
		delete(b.clocks, key)
	}
}

func (b *book) todos(person workflow.UserID) (out []workflow.RunTodo) {
	for _, id := range slices.Sorted(maps.Keys(b.runs)) {
		for _, todo := range b.runs[id].Todos() {
			if todo.Person == person {
				out = append(out, workflow.RunTodo{Run: id, Todo: todo})
			}
		}
	}
	return out
}

func (b *book) Asking(_ context.Context, person workflow.UserID, now, horizon, undated time.Time, limit int) ([]workflow.RunTodo, int, error) {
	b.Lock()
	defer b.Unlock()
	var out []workflow.RunTodo
	for _, t := range b.todos(person) {
		due := !t.Due.IsZero() && !t.Due.After(horizon)
		if !t.Quiet.After(now) && (due || t.Reminded == 0 || t.Due.IsZero() && !t.Since.After(undated)) {
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(x, y workflow.RunTodo) int {
		switch {
		case x.Due.IsZero() == y.Due.IsZero():
			return x.Due.Compare(y.Due)
		case x.Due.IsZero():
			return 1
		}
		return -1
	})
	return out[:min(len(out), limit)], len(out), nil
}

func (b *book) Snoozed(_ context.Context, person workflow.UserID, now time.Time, limit int) ([]workflow.RunTodo, error) {
	b.Lock()
	defer b.Unlock()
	out := slices.DeleteFunc(b.todos(person), func(t workflow.RunTodo) bool { return !t.Snoozed || !t.Quiet.After(now) })
	return out[:min(len(out), limit)], nil
}

func (b *book) Count(_ context.Context, person workflow.UserID) (int, error) {
	b.Lock()
	defer b.Unlock()
	return len(b.todos(person)), nil
}

func (b *book) OpenIn(_ context.Context, in workflow.ChannelID, visit func(*workflow.Run) error) error {
	b.Lock()
	defer b.Unlock()
	for _, id := range slices.Sorted(maps.Keys(b.runs)) {
		if r := b.runs[id]; r.Channel == in && r.State == workflow.Running {
			if err := visit(r.Clone()); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *book) Keep(_ context.Context, request workflow.RequestID, l workflow.Letter) error {
	b.Lock()
	defer b.Unlock()
	if b.seen[request] {
		b.t.Errorf("%s is kept twice", request)
		return nil
	}
	b.seen[request] = true
	c := l.Clock
	if c.Due = l.Next; l.About != "" {
		c.Sent = b.now
	}
	if b.set(c); l.About == "" {
		return nil
	}
	l.Clock.Sent = b.now
	b.letters = append(b.letters, l)
	for _, item := range l.Items {
		r := b.runs[item.Run].Clone()
		r.Remind(b.now, workflow.UserID(c.Subject), item.Move)
		b.save(r)
	}
	return nil
}

func (b *book) Run(_ context.Context, id workflow.RunID) (*workflow.Run, error) {
	b.Lock()
	defer b.Unlock()
	return b.runs[id].Clone(), nil
}

func (b *book) Find(context.Context, string) ([]*workflow.Run, error) { return nil, nil }

func (b *book) Open(context.Context, int) ([]*workflow.Run, error) { return nil, nil }

func (b *book) Each(_ context.Context, visit func(*workflow.Run) error) error {
	for _, id := range slices.Sorted(maps.Keys(b.runs)) {
		if err := visit(b.runs[id].Clone()); err != nil {
			return err
		}
	}
	return nil
}

func (b *book) Events(_ context.Context, id workflow.RunID, _ int64, _ int) ([]workflow.Event, error) {
	b.Lock()
	defer b.Unlock()
	return b.events[id], nil
}

func (b *book) Office(context.Context) (*workflow.Office, error) {
	b.Lock()
	defer b.Unlock()
	return b.office.Clone(), nil
}

package reminder

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"cloudimage/workflow"
)

// MostRows is how many rows a message has; the others are counted.
const MostRows = 10

func (s *Service) processNames() []workflow.ProcessName {
	return slices.Sorted(maps.Keys(s.options.Processes))
}

// morning deals with a person's clock.
func (s *Service) morning(ctx context.Context, c workflow.Clock) error {
	person, now := workflow.UserID(c.Subject), s.options.Now()
	profile, err := s.options.Directory.Profile(ctx, person)
	if err != nil {
		return err
	}
	if profile.Deactivated {
		if err := s.options.Left(ctx, person); err != nil {
			return err
		}
	}
	if profile.Deactivated || profile.Bot || profile.Outsider {
		c.Due = time.Time{}
		return s.options.Book.SetClock(ctx, c)
	}
	office, err := s.options.Library.Office(ctx)
	if err != nil {
		return err
	}
	prefers := office.People[person]
	r := s.rhythm(person, profile, prefers)
	l := workflow.Letter{Clock: c, Next: r.next(now)}
	due := r.set(c)
	if due.After(now) || !r.mayWrite(now) || prefers.NoMorning {
		if c.Due = due; !due.After(now) {
			c.Due = l.Next
		}
		return s.options.Book.SetClock(ctx, c)
	}
	day := r.day(now)
	tonight, horizon := r.clock(nextDay(day), 0), r.clock(nextDay(r.nextWorking(day)), 0)
	// What is quiet until some hour of today comes this morning: there is no other
	// today. What has no date is quiet for as long as that is nobody's business.
	todos, all, err := s.options.Book.Asking(ctx, person, tonight, horizon, now, MostRows)
	if err != nil {
		return err
	}
	a := about{Day: day, Ends: tonight.UTC(), Missed: r.missed(due, now), More: all - len(todos)}
	for _, t := range todos {
		a.Items = append(a.Items, workflow.Item{Run: t.Run, Move: t.Move, Why: why(t, now)})
	}
	slices.SortStableFunc(a.Items, func(x, y workflow.Item) int { return cmp.Compare(urgency(x.Why), urgency(y.Why)) })
	if len(a.Items) > 0 || len(s.reviews(office, person, day)) > 0 {
		l.Items, l.About = a.Items, a.String()
	} else if n, err := s.options.Book.Count(ctx, person); err != nil {
		return err
	} else if n == 0 && !standsIn(office, person) {
		l.Next = time.Time{}
	}
	return s.options.Book.Keep(ctx, workflow.RequestID("morning:"+string(person)+":"+string(day)), l)
}

func (s *Service) rhythm(person workflow.UserID, p workflow.Profile, prefers workflow.Preferences) rhythm {
	r := rhythm{service: s, team: s.teamOf(person), zone: p.Zone, at: s.at}
	if at, err := hour(prefers.Morning); err == nil {
		r.at = at
	}
	return r
}

// why says why a todo is in the message.
func why(t workflow.RunTodo, now time.Time) workflow.Reason {
	switch {
	case t.Kind == workflow.MoveSilent || t.Kind == workflow.MoveLate || t.Kind == workflow.MoveEarly:
		return workflow.WhyTold
	case t.Kind == workflow.MoveChase:
		return workflow.WhyChase
	case !t.Due.IsZero() && t.Due.Before(now):
		return workflow.WhyLate
	case t.Reminded == 0:
		return workflow.WhyNew
	case t.Due.IsZero():
		return workflow.WhyNoDate
	}
	return workflow.WhyToday
}

func urgency(w workflow.Reason) int {
	return slices.Index([]workflow.Reason{
		workflow.WhyLate, workflow.WhyTold, workflow.WhyChase, workflow.WhyToday, workflow.WhyNew, workflow.WhyNoDate,
	}, w)
}

// reviews are the acting maintainers that a person is to be asked about: their
// own time, when its condition is to be looked at.
func (s *Service) reviews(o *workflow.Office, person workflow.UserID, day workflow.Date) (out []Review) {
	for _, standin := range o.Standins {
		if standin.User == person && standin.Condition != "" && standin.Review <= day {
			out = append(out, Review{standin, s.teamName(standin.Team)})
		}
	}
	return out
}

// teamName is a team's name in the first process that has it.
func (s *Service) teamName(team workflow.TeamID) workflow.TeamName {
	for _, name := range s.processNames() {
		if def := s.options.Processes[name]; hasTeam(def, team) {
			return def.TeamName(team)
		}
	}
	return workflow.TeamName{Name: string(team)}
}

func hasTeam(def *workflow.Definition, team workflow.TeamID) bool {
	_, has := def.Team(team)
	return has
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func standsIn(o *workflow.Office, person workflow.UserID) bool {
	return slices.ContainsFunc(o.Standins, func(s workflow.Standin) bool { return s.User == person })
}

// Morning is a person's morning message as things stand. About is what was kept
// of it.
func (s *Service) Morning(ctx context.Context, person workflow.UserID, text string) (Morning, error) {
	a, err := readAbout(text)
	if err != nil {
		return Morning{}, err
	}
	now := s.options.Now()
	m := Morning{Person: person, Day: a.Day, Ends: a.Ends, Missed: a.Missed, More: a.More}
	for _, item := range a.Items {
		run, err := s.options.Library.Run(ctx, item.Run)
		if err != nil {
			return m, err
		}
		row := Row{Item: item, Run: run, Late: run.LatenessOf(item.Move.Key, now)}
		row.Settled = !slices.Contains(run.Moves()[person], item.Move)
		if item.Move.Kind == workflow.MoveChase && !row.Settled {
			row.Chase = run.ChaseText(item.Move.Key)
		}
		m.Rows = append(m.Rows, row)
	}
	office, err := s.options.Library.Office(ctx)
	if err != nil {
		return m, err
	}
	m.Reviews = s.reviews(office, person, a.Day)
	all, err := s.options.Book.Count(ctx, person)
	if err != nil {
		return m, err
	}
	shown := len(m.Rows) + m.More
	for _, row := range m.Rows {
		if row.Settled {
			shown--
		}
	}
	m.Later = max(all-shown, 0)
	snoozed, err := s.options.Book.Snoozed(ctx, person, later(now, a.Ends), MostRows)
	for _, t := range snoozed {
		run, runErr := s.options.Library.Run(ctx, t.Run)
		if runErr != nil {
			err = errors.Join(err, runErr)
			continue
		}
		if n, ok := run.Node(t.Key); !ok || n.State.Snooze == nil || !n.State.Snooze.Until.After(later(now, a.Ends)) {
			continue // it is quiet for another reason
		}
		m.Snoozed = append(m.Snoozed, Row{Item: workflow.Item{Run: t.Run, Move: t.Move}, Run: run})
	}
	for _, row := range m.Snoozed {
		if !slices.ContainsFunc(m.Rows, row.sameAs) { // or it was counted with the rows
			m.Later--
		}
	}
	m.Later = max(m.Later, 0)
	return m, err
}

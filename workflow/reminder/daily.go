package reminder

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"cloudimage/workflow"
)

// mostRuns is how many runs a whole message tells in a line each.
const mostRuns = 15

// daily deals with a channel's clock.
func (s *Service) daily(ctx context.Context, c workflow.Clock) error {
	channel, now := workflow.ChannelID(c.Subject), s.options.Now()
	office, err := s.options.Library.Office(ctx)
	if err != nil {
		return err
	}
	r := s.channelRhythm()
	l := workflow.Letter{Clock: c, Next: r.next(now)}
	due := r.set(c)
	if due.After(now) || !r.mayWrite(now) || office.Channels[channel].NoDaily {
		if c.Due = due; !due.After(now) {
			c.Due = l.Next
		}
		return s.options.Book.SetClock(ctx, c)
	}
	day := r.day(now)
	a := about{Day: day, Missed: r.missed(due, now), Whole: r.beginsWeek(day)}
	runs := 0
	worst := worstRows{}
	err = s.options.Book.OpenIn(ctx, channel, func(run *workflow.Run) error {
		runs++
		for _, row := range lateRows(run, now) {
			worst.add(row)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, row := range worst.rows {
		a.Items = append(a.Items, row.Item)
	}
	a.More = worst.all - len(worst.rows)
	switch {
	case len(a.Items) > 0 || a.Whole && runs > 0:
		l.About = a.String()
	case runs == 0:
		l.Next = time.Time{} // until one starts
	}
	return s.options.Book.Keep(ctx, workflow.RequestID("daily:"+string(channel)+":"+string(day)), l)
}

// channelRhythm is when channels are written to: by the calendar of teams that
// have none of their own.
func (s *Service) channelRhythm() rhythm {
	zone := s.options.Calendars.At("", workflow.DateOf(s.options.Now())).Location()
	return rhythm{service: s, zone: zone, at: s.at}
}

// beginsWeek reports whether a day is the first working day of its week.
func (r rhythm) beginsWeek(d workflow.Date) bool {
	year, week := d.Time().ISOWeek()
	for before := previousDay(d); ; before = previousDay(before) {
		if y, w := before.Time().ISOWeek(); y != year || w != week {
			return true
		}
		if r.works(before) {
			return false
		}
	}
}

func previousDay(d workflow.Date) workflow.Date {
	return workflow.DateOf(d.Time().AddDate(0, 0, -1))
}

// lateRows are the steps of a run that are late.
func lateRows(run *workflow.Run, now time.Time) (out []Row) {
	run.Walk(func(n workflow.Node) bool {
		if run.IsLate(n.Key, now) && (n.State.Status == workflow.Open) {
			out = append(out, lateRow(run, n.Key, now))
		}
		return true
	})
	return out
}

func lateRow(run *workflow.Run, key workflow.StepKey, now time.Time) Row {
	row := Row{Run: run, Late: run.LatenessOf(key, now)}
	row.Item = workflow.Item{Run: run.ID, Move: workflow.Move{Kind: workflow.MoveDo, Key: key}, Why: workflow.WhyLate}
	if _, promised := run.Deadline(key); promised {
		row.Why = workflow.WhyPromise
	}
	return row
}

// worstRows keeps the worst rows of any number.
type worstRows struct {
	rows []Row
	all  int
}

func (w *worstRows) add(row Row) {
	w.all++
	i, _ := slices.BinarySearchFunc(w.rows, row, worse)
	if i >= MostRows {
		return
	}
	w.rows = slices.Insert(w.rows, i, row)
	w.rows = w.rows[:min(len(w.rows), MostRows)]
}

// worse puts what customers were promised before what we planned, security
// before the rest, and then what is later.
func worse(a, b Row) int {
	return cmp.Or(
		cmp.Compare(rank(a), rank(b)),
		-cmp.Compare(a.Late.Days, b.Late.Days),
		cmp.Compare(a.Run.Number, b.Run.Number),
		strings.Compare(a.Item.Move.Key.String(), b.Item.Move.Key.String()),
	)
}

func rank(r Row) int {
	switch {
	case r.Why != workflow.WhyPromise:
		return 2
	case r.Run.Catalyst != nil && r.Run.Catalyst.Kind == workflow.CatalystSecurity:
		return 0
	}
	return 1
}

// Daily is a channel's daily message as things stand. Text is what was kept of
// it.
func (s *Service) Daily(ctx context.Context, channel workflow.ChannelID, text string) (Daily, error) {
	a, err := readAbout(text)
	if err != nil {
		return Daily{}, err
	}
	now := s.options.Now()
	d := Daily{Channel: channel, Day: a.Day, Missed: a.Missed, Whole: a.Whole, More: a.More}
	for _, item := range a.Items {
		run, err := s.options.Library.Run(ctx, item.Run)
		if err != nil {
			return d, err
		}
		row := lateRow(run, item.Move.Key, now)
		row.Settled = !run.IsLate(item.Move.Key, now)
		d.Rows = append(d.Rows, row)
	}
	if !a.Whole {
		return d, nil
	}
	err = s.options.Book.OpenIn(ctx, channel, func(run *workflow.Run) error {
		if len(d.Runs) < mostRuns {
			d.Runs = append(d.Runs, run)
		} else {
			d.Rest++
		}
		return nil
	})
	return d, err
}

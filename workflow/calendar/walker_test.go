package calendar_test

import (
	"slices"
	"testing"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/jp"
	"github.com/rickar/cal/v2/nz"
	"github.com/rickar/cal/v2/us"
	"pgregory.net/rapid"

	"cloudimage/workflow/calendar"
)

// A walker answers from the definition alone: it goes a day at a time, asks every
// rule about every day, and shares no code with the package.
type walker struct {
	loc         *time.Location
	week        []time.Weekday
	rules       []*cal.Holiday
	own         []string
	open, close int // hours
}

// noon is a safe hour of the local day of t, plus that many days.
func (w walker) noon(t time.Time, days int) time.Time {
	y, m, d := t.In(w.loc).Date()
	return time.Date(y, m, d+days, 12, 0, 0, 0, w.loc)
}

func (w walker) isBusinessDay(t time.Time) bool {
	day := t.In(w.loc).Format("2006-01-02")
	if !slices.Contains(w.week, t.In(w.loc).Weekday()) || slices.Contains(w.own, day) {
		return false
	}
	for _, rule := range w.rules {
		for year := t.Year() - 1; year <= t.Year()+1; year++ {
			scratch := *rule // other tests share the rule
			if _, free := scratch.Calc(year); !free.IsZero() && free.Format("2006-01-02") == day {
				return false
			}
		}
	}
	return true
}

func (w walker) hour(t time.Time, hour int) time.Time {
	y, m, d := t.In(w.loc).Date()
	return time.Date(y, m, d, hour, 0, 0, 0, w.loc)
}

// deadline counts n business days from t in the direction of step.
func (w walker) deadline(t time.Time, n, step int) time.Time {
	day := w.noon(t, 0)
	for n > 0 {
		day = w.noon(day, step)
		if w.isBusinessDay(day) {
			n--
		}
	}
	return w.hour(day, w.close)
}

func (w walker) between(from, to time.Time) int {
	day, last := w.noon(from, 0), w.noon(to, 0)
	if last.Before(day) {
		return -w.between(to, from)
	}
	n := 0
	for day.Before(last) {
		day = w.noon(day, 1)
		if w.isBusinessDay(day) {
			n++
		}
	}
	return n
}

func (w walker) working(t time.Time) bool {
	return w.isBusinessDay(t) && !t.Before(w.hour(t, w.open)) && t.Before(w.hour(t, w.close))
}

func (w walker) next(t time.Time) time.Time {
	for day := w.noon(t, 0); ; day = w.noon(day, 1) {
		if opening := w.hour(day, w.open); w.isBusinessDay(day) && opening.After(t) {
			return opening
		}
	}
}

// drawTeam invents a team: the calendar under test and the walker that checks it.
func drawTeam(t *rapid.T) (*calendar.Calendar, walker) {
	o := calendar.Options{
		Zone: rapid.SampledFrom([]string{
			"UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "Asia/Kolkata", "Asia/Kathmandu",
			"Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Pago_Pago", "America/Santiago",
		}).Draw(t, "zone"),
		Days: rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}),
			1, 7, rapid.ID).Draw(t, "days"),
		Countries: rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"us", "gb", "jp", "nz"}), 0, 2, rapid.ID).Draw(t, "countries"),
		Open:      "08:00",
		Close:     "16:00",
	}
	w := walker{open: 8, close: 16}
	var err error
	if w.loc, err = time.LoadLocation(o.Zone); err != nil {
		t.Fatal(err)
	}
	for _, name := range o.Days {
		w.week = append(w.week, time.Weekday(slices.Index([]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}, name)))
	}
	for _, code := range o.Countries {
		w.rules = append(w.rules, map[string][]*cal.Holiday{
			"us": us.Holidays, "gb": gb.Holidays, "jp": jp.Holidays, "nz": nz.Holidays,
		}[code]...)
	}
	for _, offset := range rapid.SliceOfNDistinct(rapid.IntRange(0, 365*20), 0, 30, rapid.ID).Draw(t, "own") {
		d := calendar.NewDate(2015, time.January, 1+offset)
		o.Holidays = append(o.Holidays, calendar.Holiday{Date: d, Name: "Own day"})
		w.own = append(w.own, d.String())
	}
	c, err := calendar.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c, w
}

func drawMoment(t *rapid.T, name string) time.Time {
	first := time.Date(2015, time.January, 1, 0, 0, 0, 0, time.UTC)
	return first.Add(time.Duration(rapid.IntRange(0, 20*365*24*60).Draw(t, name)) * time.Minute)
}

func TestAgainstWalker(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, w := drawTeam(t)
		from := drawMoment(t, "from")
		to := from.Add(time.Duration(rapid.IntRange(-60*24, 60*24).Draw(t, "hours")) * time.Hour)
		n := rapid.IntRange(1, 25).Draw(t, "n")

		if got, want := c.IsBusinessDay(c.Date(from)), w.isBusinessDay(from); got != want {
			t.Errorf("IsBusinessDay(%s) = %t, want %t", c.Date(from), got, want)
		}
		if got, want := c.Deadline(from, n), w.deadline(from, n, 1); !got.Equal(want) {
			t.Errorf("Deadline(%s, %d) = %s, want %s", shown(from), n, shown(got), shown(want))
		}
		if got, want := c.Before(c.Date(from), n), w.deadline(from, n, -1); !got.Equal(want) {
			t.Errorf("Before(%s, %d) = %s, want %s", c.Date(from), n, shown(got), shown(want))
		}
		// On or before today is the same as strictly before tomorrow.
		if got, want := c.Before(c.Date(from), 0), w.deadline(w.noon(from, 1), 1, -1); !got.Equal(want) {
			t.Errorf("Before(%s, 0) = %s, want %s", c.Date(from), shown(got), shown(want))
		}
		if got, want := c.Between(from, to), w.between(from, to); got != want {
			t.Errorf("Between(%s, %s) = %d, want %d", shown(from), shown(to), got, want)
		}
		if got, want := c.Late(from, to), max(0, w.between(from, to)); got != want {
			t.Errorf("Late(%s, %s) = %d, want %d", shown(from), shown(to), got, want)
		}
		if got, want := c.Working(from), w.working(from); got != want {
			t.Errorf("Working(%s) = %t, want %t", shown(from), got, want)
		}
		if got, want := c.Next(from), w.next(from); !got.Equal(want) {
			t.Errorf("Next(%s) = %s, want %s", shown(from), shown(got), shown(want))
		}
	})
}

// What the functions promise of each other, for any team.
func TestAgreement(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, _ := drawTeam(t)
		from := drawMoment(t, "from")
		n := rapid.IntRange(1, 25).Draw(t, "n")

		due := c.Deadline(from, n)
		if got := c.Between(from, due); got != n {
			t.Errorf("Deadline(%d) is %d business days away", n, got)
		}
		if !c.Working(due.Add(-time.Minute)) || c.Working(due) {
			t.Errorf("Deadline(%d) = %s is not the close of business", n, shown(due))
		}
		if next := c.Next(from); !next.After(from) || !c.Working(next) || c.Working(next.Add(-time.Minute)) {
			t.Errorf("Next(%s) = %s is not a later opening", shown(from), shown(next))
		}
		e := c.Explain(from, n)
		first, last := c.Date(from).Add(1), c.Date(due)
		days := 0
		for d := first; !d.After(last); d = d.Add(1) {
			days++
		}
		if got := len(e.Skipped) + n; got != days {
			t.Errorf("%d days to %s, but %d counted and %d skipped", days, shown(due), n, len(e.Skipped))
		}
	})
}

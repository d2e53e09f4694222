package reminder_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
	"cloudimage/workflow/calendar"
)

func assign(key workflow.StepKey, to workflow.UserID) func(workflow.Act, *workflow.Run) error {
	return func(a workflow.Act, r *workflow.Run) error { return r.Assign(a, key, 0, to) }
}

func wantSaid(t *testing.T, b *book, zone, want string) {
	t.Helper()
	if got := b.said(zone); got != want {
		t.Errorf("said\n%s\nwant\n%s", got, want)
	}
}

// On Friday evening nobody is written to, nor at the weekend; on Monday at half
// past nine each person hears of what is new, wherever they are.
func TestMorningWhereTheyAre(t *testing.T) {
	t.Parallel()
	b := newBook(t, "2026-11-20 18:00 America/Los_Angeles")
	r := b.partnership("Vultr")
	b.do(r.ID, ana, assign(workflow.StepKey{Step: "gather-documentation"}, omar))
	b.do(r.ID, ana, assign(workflow.StepKey{Step: "joint-marketing"}, priy))
	b.until("2026-11-23 09:29 Asia/Kolkata")
	wantSaid(t, b, "UTC", "")
	b.until("2026-11-23 09:30 Asia/Kolkata")
	wantSaid(t, b, "Asia/Kolkata", "U0PRIY Mon 23 Nov 09:30: new joint-marketing")
	b.until("2026-11-23 12:00 Europe/Berlin")
	wantSaid(t, b, "Europe/Berlin", "U0OMAR Mon 23 Nov 09:30: new gather-documentation, new technical-call")
	b.until("2026-11-23 23:00 America/Los_Angeles")
	wantSaid(t, b, "America/Los_Angeles",
		"C0IMAGES Mon 23 Nov 09:30:\nU0ANA Mon 23 Nov 09:30: new create-issue, new partner-account, new introduce-marketing, new introduction")
}

// A step is mentioned when it is new, when it is about to be due, and when it is
// late, and then no more: the ladder tells others. What is due at five in Los
// Angeles is due next morning in Kolkata.
func TestThreeMentions(t *testing.T) {
	t.Parallel()
	b := newBook(t, "2026-11-23 10:00 Europe/Berlin")
	r := b.partnership("Vultr")
	step := workflow.StepKey{Step: "gather-documentation"}
	b.do(r.ID, ana, assign(step, priy))
	b.do(r.ID, ana, func(a workflow.Act, r *workflow.Run) error { return r.SetDue(a, step, 0, "2026-12-02") })
	var lines []string
	for _, day := range []string{"2026-11-24", "2026-11-25", "2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04", "2026-12-11"} {
		b.until(day + " 23:59 Asia/Kolkata")
		for _, l := range b.letters {
			for _, item := range l.Items {
				if item.Move.Key == step {
					lines = append(lines, day+" "+l.Clock.Subject+" "+string(item.Why))
				}
			}
		}
		b.letters = nil
	}
	want := []string{"2026-11-24 U0PRIY new", "2026-12-02 U0PRIY today", "2026-12-03 U0PRIY late", "2026-12-03 U0ANA told"}
	if len(lines) != len(want) {
		t.Fatalf("mentions:\n%q\nwant\n%q", lines, want)
	}
	for i := range want {
		if lines[i] != want[i] {
			t.Errorf("mention %d is %q, want %q", i, lines[i], want[i])
		}
	}
}

// Where the day begins earlier than the team's business, its reminder comes that
// morning all the same: that something is due tomorrow, and that a snooze is over.
func TestMorningBeforeBusinessOpens(t *testing.T) {
	t.Parallel()
	b := newBook(t, "2026-11-23 10:00 Europe/Berlin")
	b.cal["strategic-partnerships"] = b.cal["omnibus"]
	r := b.partnership("Vultr")
	step := workflow.StepKey{Step: "gather-documentation"}
	b.do(r.ID, ana, assign(step, priy))
	b.do(r.ID, ana, func(a workflow.Act, r *workflow.Run) error { return r.SetDue(a, step, 0, "2026-12-02") })
	b.until("2026-12-01 23:59 Asia/Kolkata")
	b.do(r.ID, priy, func(a workflow.Act, r *workflow.Run) error { return r.Snooze(a, step, 0, workflow.SnoozeFor{Days: 2}) })
	b.until("2026-12-04 23:59 Asia/Kolkata")
	var got []string
	for _, l := range b.letters {
		for _, item := range l.Items {
			if l.Clock.Subject == string(priy) && item.Move.Key == step {
				got = append(got, string(l.Clock.Sent.In(mustZone(t, "Asia/Kolkata")).Format("Mon 2 Jan 15:04"))+" "+string(item.Why))
			}
		}
	}
	want := []string{"Tue 24 Nov 09:30 new", "Tue 1 Dec 09:30 today", "Thu 3 Dec 09:30 late"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mentions (-want +got):\n%s", diff)
	}
}

// Thanksgiving is no day to be reminded on, nor is a night in which the clocks
// change any reason to come an hour early.
func TestHolidaysAndClockChanges(t *testing.T) {
	t.Parallel()
	b := newBook(t, "2026-11-25 12:00 America/Los_Angeles")
	b.partnership("Vultr")
	b.until("2026-11-26 23:00 America/Los_Angeles")
	wantSaid(t, b, "America/Los_Angeles", "")
	b.until("2026-11-27 10:00 America/Los_Angeles")
	if b.said("America/Los_Angeles") == "" {
		t.Error("nothing was said on the day after Thanksgiving")
	}
	for _, change := range []string{"2027-03-12", "2027-11-05"} { // the Fridays before
		b := newBook(t, change+" 17:00 America/Los_Angeles")
		b.partnership("Vultr")
		b.until(change + " 23:59 America/Los_Angeles")
		for range 4 {
			b.now = b.now.AddDate(0, 0, 1)
			b.fire()
		}
		for _, l := range b.letters {
			if l.Clock.Kind != workflow.MorningClock {
				continue
			}
			if at := l.Clock.Due.In(mustZone(t, "America/Los_Angeles")).Format("Mon 15:04"); l.Clock.Subject == string(ana) && at != "Mon 09:30" {
				t.Errorf("after %s the morning is %s", change, at)
			}
		}
	}
}

// When the program was down, there is one message afterwards, which says so, and
// none in the night.
func TestCatchUp(t *testing.T) {
	t.Parallel()
	b := newBook(t, "2026-11-20 10:00 America/Los_Angeles")
	b.partnership("Vultr")
	b.fire() // and then it is down
	b.now = b.time("2026-11-25 22:00 America/Los_Angeles")
	b.fire()
	wantSaid(t, b, "UTC", "")
	b.until("2026-11-27 09:30 America/Los_Angeles")
	if n := len(b.letters); n == 0 {
		t.Fatal("nothing was said after the night")
	}
	b.letters = nil
	b.now = b.time("2026-12-03 14:00 America/Los_Angeles") // down again, for days
	b.fire()
	b.fire()
	n := 0
	for _, l := range b.letters {
		if l.Clock.Subject != string(ana) {
			continue
		}
		n++
		m, err := b.service.Morning(context.Background(), ana, l.About)
		if err != nil {
			t.Fatal(err)
		}
		if m.Missed != "2026-11-30" || m.Day != "2026-12-03" {
			t.Errorf("the message of %s says that it misses %q", m.Day, m.Missed)
		}
	}
	if n != 1 {
		t.Errorf("ana got %d messages after the program was down", n)
	}
}

// One person who cannot be looked up holds up nobody else, and is written to when
// they can be.
func TestLookUpFails(t *testing.T) {
	t.Parallel()
	b := newBook(t, "2026-11-23 10:00 Europe/Berlin")
	b.partnership("Vultr")
	b.lost = true
	if _, err := b.service.Fire(context.Background()); workflow.KindOf(err) != workflow.Unavailable {
		t.Errorf("the error is %v", err)
	}
	b.lost = false
	b.until("2026-11-24 09:00 America/Los_Angeles")
	b.until("2026-11-24 12:00 America/Los_Angeles")
	if b.said("UTC") == "" {
		t.Error("nothing was said")
	}
}

// Whoever turned their morning message off gets none, and whoever wants it at
// another time gets it then.
func TestPreferences(t *testing.T) {
	t.Parallel()
	b := newBook(t, "2026-11-23 18:30 America/Los_Angeles")
	b.office.People = map[workflow.UserID]workflow.Preferences{ana: {NoMorning: true}, omar: {Morning: "07:15"}}
	b.office.Channels = map[workflow.ChannelID]workflow.ChannelPreferences{channel: {NoDaily: true}}
	r := b.partnership("Vultr")
	b.do(r.ID, ana, assign(workflow.StepKey{Step: "gather-documentation"}, omar))
	b.until("2026-11-24 23:00 America/Los_Angeles")
	wantSaid(t, b, "Europe/Berlin", "U0OMAR Tue 24 Nov 07:15: new gather-documentation, new technical-call")
}

// What is snoozed after the message was sent is not counted twice.
func TestSnoozedAfterTheMorning(t *testing.T) {
	t.Parallel()
	b := newBook(t, "2026-11-20 18:00 America/Los_Angeles")
	r := b.partnership("Vultr")
	b.until("2026-11-23 09:30 America/Los_Angeles")
	var about string
	for _, l := range b.letters {
		if l.Clock.Subject == string(ana) {
			about = l.About
		}
	}
	later := func() int {
		t.Helper()
		m, err := b.service.Morning(context.Background(), ana, about)
		if err != nil {
			t.Fatal(err)
		}
		return m.Later
	}
	b.partnership("Linode") // after the message
	before := later()
	b.do(r.ID, ana, func(a workflow.Act, r *workflow.Run) error {
		return r.Snooze(a, workflow.StepKey{Step: "create-issue"}, 0, workflow.SnoozeFor{Days: 2})
	})
	if after := later(); after != before || before == 0 {
		t.Errorf("%d are for later, and %d once one of the message is snoozed", before, after)
	}
}

// An acting maintainer is asked about the team by its name, and keeps their own
// working days: the 27th is free in Omnibus's country and not in theirs.
func TestActingMaintainer(t *testing.T) {
	t.Parallel()
	b := newBook(t, "2026-11-26 18:00 Asia/Kolkata")
	own, err := calendar.New(calendar.Options{Zone: "Europe/Berlin", Holidays: []calendar.Holiday{{Date: calendar.NewDate(2026, 11, 27), Name: "moving day"}}})
	if err != nil {
		t.Fatal(err)
	}
	b.cal["omnibus"] = own
	b.office.Standins = []workflow.Standin{{Team: "omnibus", User: maya, Condition: "we have hired", Review: "2026-11-27"}}
	b.wind(workflow.Clock{Kind: workflow.MorningClock, Subject: string(maya)})
	b.until("2026-11-27 09:30 Europe/London")
	if len(b.letters) != 1 {
		t.Fatalf("%d messages, want hers on the day", len(b.letters))
	}
	m, err := b.service.Morning(context.Background(), maya, b.letters[0].About)
	if err != nil || len(m.Reviews) != 1 || m.Reviews[0].Name.Name != "Omnibus team" {
		t.Errorf("the message asks %+v, %v", m.Reviews, err)
	}
}

// Whoever has left is written to no more; and when that cannot be noted, it is
// tried again.
func TestLeft(t *testing.T) {
	t.Parallel()
	b := newBook(t, "2026-11-23 10:00 Europe/Berlin")
	b.partnership("Vultr")
	b.gone, b.leaving = ana, errors.New("the database is away")
	if _, err := b.service.Fire(context.Background()); !errors.Is(err, b.leaving) {
		t.Errorf("the error is %v", err)
	}
	mornings := workflow.Clock{Kind: workflow.MorningClock, Subject: string(ana)}
	if _, set := b.clocks[mornings]; !set {
		t.Error("it is not tried again")
	}
	b.leaving = nil
	b.fire()
	if _, set := b.clocks[mornings]; set {
		t.Error("they are written to still")
	}
}

// A snooze ends on the morning of its day, also for somebody whose morning comes
// before their team opens.
func TestSnoozeEndsWhereTheyAre(t *testing.T) {
	t.Parallel()
	b := newBook(t, "2026-11-24 10:00 Asia/Kolkata")
	r := b.partnership("Vultr")
	step := workflow.StepKey{Step: "gather-documentation"}
	b.do(r.ID, ana, assign(step, priy))
	b.do(r.ID, priy, func(a workflow.Act, r *workflow.Run) error {
		return r.Snooze(a, step, 0, workflow.SnoozeFor{On: "2026-11-30"})
	})
	b.until("2026-11-30 09:29 Asia/Kolkata")
	b.letters = nil
	b.until("2026-11-30 09:30 Asia/Kolkata")
	wantSaid(t, b, "Asia/Kolkata", "U0PRIY Mon 30 Nov 09:30: new gather-documentation")
}

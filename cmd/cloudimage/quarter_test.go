package main

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudimage/slackdev"
	"cloudimage/workflow"
)

// This file is a quarter of work: 15 people in ten zones, 18 partnerships and 32
// releases. Everybody looks at what is theirs twice a working day, and does most
// of it around its date, some late; partners answer in their own time, and some
// people are away for a week. All that is left to chance follows from a seed.

const quarterConfig = `
calendar: {zone: America/New_York, countries: [us]}
teams:
  strategic-partnerships: {calendar: {zone: America/New_York, countries: [us]}}
  omnibus: {calendar: {zone: Europe/Berlin, countries: [de]}}
  partner-marketing: {calendar: {zone: Europe/London, countries: [gb]}}
`

// quarterBegins is a Monday; quarterDays are 13 weeks.
const (
	quarterBegins = "2027-01-11 07:00 UTC"
	quarterDays   = 91
)

// crew are the teams and where their people are.
var crew = map[string][]string{
	"strategic-partnerships": {"America/New_York", "America/Los_Angeles", "Europe/Lisbon", "Asia/Singapore"},
	"omnibus":                {"Europe/Berlin", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Asia/Kolkata", "Australia/Adelaide"},
	"partner-marketing":      {"Europe/London", "America/Chicago", "Asia/Kolkata", "Asia/Dubai", "America/New_York"},
}

// quarter is the world of that quarter.
type quarter struct {
	*replay
	rng     *rand.Rand
	members map[workflow.TeamID][]workflow.UserID
	zones   map[workflow.UserID]*time.Location
	starts  []func(time.Time) // what begins, a working day each
	when    map[string]time.Time
	acts    int
	refused int
	begun   int
}

func newQuarter(tb testing.TB, chance uint64, changes ...func(*world)) *quarter {
	tb.Helper()
	q := &quarter{
		rng: rand.New(rand.NewPCG(chance, 0)), members: map[workflow.TeamID][]workflow.UserID{},
		zones: map[workflow.UserID]*time.Location{}, when: map[string]time.Time{},
	}
	seed := slackdev.DefaultSeed()
	seed.Users, seed.UserGroups, seed.Channels = nil, nil, []slackdev.SeedChannel{{Name: "cloud-images", Members: []string{"everyone"}, Bot: true}}
	for _, team := range []string{"strategic-partnerships", "omnibus", "partner-marketing"} {
		group := slackdev.SeedGroup{Handle: team}
		for i, zone := range crew[team] {
			name := fmt.Sprintf("%s%d", strings.ReplaceAll(team, "-", ""), i)
			seed.Users = append(seed.Users, slackdev.SeedUser{Name: name, TZ: zone})
			group.Users = append(group.Users, name)
			id := workflow.UserID("U0" + strings.ToUpper(name))
			q.members[workflow.TeamID(team)] = append(q.members[workflow.TeamID(team)], id)
			at, err := time.LoadLocation(zone)
			if err != nil {
				tb.Fatal(err)
			}
			q.zones[id] = at
		}
		seed.UserGroups = append(seed.UserGroups, group)
	}
	q.replay = startReplay(tb, quarterBegins, quarterConfig, seed, changes...)
	for n := range 18 {
		q.starts = append(q.starts, func(now time.Time) { q.partners(n, now) })
	}
	for n := range 32 {
		q.starts = append(q.starts, func(now time.Time) { q.releases(n, now) })
	}
	return q
}

// passes lets the quarter pass.
func (q *quarter) passes() {
	q.t.Helper()
	begins := q.slack.Clock().Now()
	type visit struct {
		at  time.Time
		who workflow.UserID // nobody: something begins
		do  func(time.Time)
	}
	var visits []visit
	for n, start := range q.starts {
		day := n * 30 / 18 // partnerships in the first six weeks
		if n >= 18 {
			day = (n - 18) * quarterDays / 32
		}
		visits = append(visits, visit{at: begins.AddDate(0, 0, day).Add(time.Duration(7+q.rng.IntN(8)) * time.Hour), do: start})
	}
	for who, zone := range q.zones {
		for day := range quarterDays {
			d := begins.AddDate(0, 0, day)
			for _, hour := range []int{10, 15} {
				at := time.Date(d.Year(), d.Month(), d.Day(), hour, 0, 0, 0, zone)
				if at.After(begins) && at.Weekday() != time.Saturday && at.Weekday() != time.Sunday {
					visits = append(visits, visit{at: at, who: who})
				}
			}
		}
	}
	slices.SortFunc(visits, func(a, b visit) int {
		return cmp.Or(a.at.Compare(b.at), strings.Compare(string(a.who), string(b.who)))
	})
	for _, v := range visits {
		q.must(q.advance(v.at))
		if v.do != nil {
			v.do(v.at)
		} else {
			q.works(v.who, v.at)
		}
		q.must(q.settle())
	}
	q.must(q.advance(begins.AddDate(0, 0, quarterDays)))
}

func (q *quarter) one(of []workflow.UserID) workflow.UserID { return of[q.rng.IntN(len(of))] }

func (q *quarter) who(id workflow.UserID, reason string) workflow.Who {
	q.acts++
	return workflow.Who{User: id, Request: workflow.RequestID(fmt.Sprintf("act %d", q.acts)), Reason: reason}
}

// leads are chosen anew for each run, so that work is spread as it is among
// colleagues.
func (q *quarter) leads() map[workflow.TeamID]workflow.UserID {
	out := map[workflow.TeamID]workflow.UserID{}
	for team := range crew {
		id := workflow.TeamID(team)
		out[id] = q.members[id][(q.begun*7+len(team))%len(q.members[id])]
	}
	return out
}

func (q *quarter) partners(n int, now time.Time) {
	q.t.Helper()
	leads := q.leads()
	q.begin(leads["strategic-partnerships"], "first-time-image", workflow.Start{
		Partner: fmt.Sprintf("Partner %c", 'A'+n), Provider: workflow.Manual, Target: workflow.DateOf(now.AddDate(0, 0, 45+q.rng.IntN(10))), Leads: leads,
	})
}

func (q *quarter) releases(n int, now time.Time) {
	q.t.Helper()
	kind := workflow.CatalystRelease
	if n%5 == 4 {
		kind = workflow.CatalystSecurity
	}
	leads := q.leads()
	q.begin(leads["omnibus"], "image-maintenance", workflow.Start{
		Partner: fmt.Sprintf("Release %d", n), Catalyst: &workflow.Catalyst{Kind: kind, At: now}, Leads: leads,
	})
}

func (q *quarter) begin(by workflow.UserID, process workflow.ProcessName, s workflow.Start) {
	q.t.Helper()
	s.Channel = "C0CLOUDIMAGES"
	s.Listings = []workflow.Listing{workflow.NewListing("CE", workflow.Image, workflow.AWS), workflow.NewListing("EE", workflow.Image, workflow.AWS)}
	q.begun++
	_, err := q.app.desk.Begin(q.ctx, q.who(by, ""), process, s)
	q.must(err)
}

// works is one look of a person at what is theirs.
func (q *quarter) works(who workflow.UserID, now time.Time) {
	q.t.Helper()
	todos, err := q.app.store.Todos(q.ctx, who, 200)
	q.must(err)
	for _, t := range todos {
		run, err := q.app.store.Run(q.ctx, t.Run)
		q.must(err)
		if !slices.Contains(run.Moves()[who], t.Move) {
			continue // the last act has settled it
		}
		ask, reason, change := q.decides(run, t, now)
		if change == nil {
			continue
		}
		ask.Step = t.Key
		_, err = q.app.desk.Service.Do(q.ctx, q.who(who, reason), t.Run, ask, change)
		if workflow.KindOf(err) == workflow.Internal && err != nil {
			q.must(err)
		}
		if err != nil {
			q.refused++
		}
	}
	if q.rng.IntN(130*15/8) == 0 { // eight weeks away among all
		cover := who
		for cover == who {
			for team, members := range q.members {
				if slices.Contains(members, who) {
					cover = q.one(q.members[team])
				}
			}
		}
		if err := q.app.desk.SetAway(q.ctx, q.who(who, ""), who, cover, workflow.DateOf(now.AddDate(0, 0, 7))); err != nil {
			q.refused++ // whoever covers for somebody cannot go
		}
	}
}

// byThen is the moment from which a person does something, which is decided when
// they first see it.
func (q *quarter) byThen(t workflow.RunTodo, due, now time.Time) time.Time {
	key := fmt.Sprint(t.Run, t.Kind, t.Key, t.Stage, due)
	at, known := q.when[key]
	if known {
		return at
	}
	days := func(n float64) time.Duration { return time.Duration(n * 24 * float64(time.Hour)) }
	switch n := q.rng.IntN(100); {
	case due.IsZero():
		at = now.Add(days(q.rng.Float64() * 5))
	case n < 70:
		at = due.Add(-days(0.1 + q.rng.Float64()*5))
	case n < 88:
		at = due.Add(-days(q.rng.Float64() * 0.4))
	default:
		at = due.Add(days(0.2 + q.rng.Float64()*5))
	}
	if soonest := now.Add(days(q.rng.Float64())); at.Before(soonest) {
		at = soonest // nothing is done in the moment in which it is seen
	}
	q.when[key] = at
	return at
}

// decides is what a person does about something now; no change for nothing.
func (q *quarter) decides(run *workflow.Run, t workflow.RunTodo, now time.Time) (ask workflow.Ask, reason string, change workflow.Change) {
	n, _ := run.Node(t.Key)
	switch t.Kind {
	case workflow.MoveDo:
		if now.Before(q.byThen(t, t.Due, now)) {
			if q.rng.IntN(60) > 0 || t.Due.Sub(now) > 48*time.Hour || t.Snoozed {
				return ask, "", nil
			}
			return workflow.Ask{Verb: workflow.VerbSnooze}, "It has to wait", func(act workflow.Act, r *workflow.Run) error {
				return r.Snooze(act, t.Key, 0, workflow.SnoozeFor{Days: 2})
			}
		}
		if n.Step.PerListing || t.Key.Listing != "" {
			if len(n.State.Waits) == 0 && q.rng.IntN(5) == 0 {
				return workflow.Ask{Verb: workflow.VerbWait}, "", func(act workflow.Act, r *workflow.Run) error {
					return r.Wait(act, t.Key, 0, workflow.Question{Asked: "Please have a look", Ticket: "T-1"})
				}
			}
		}
		return workflow.Ask{Verb: workflow.VerbDone}, "", func(act workflow.Act, r *workflow.Run) error {
			day, _ := r.Launch()
			if today := workflow.DateOf(now); day < today {
				day = workflow.DateOf(now.AddDate(0, 0, 3))
			}
			return r.Done(act, t.Key, 0, evidenceFor(n.Step, t.Person, day))
		}
	case workflow.MoveChase:
		if !now.Before(q.byThen(t, n.State.Waiting.Since.AddDate(0, 0, 4), now)) {
			return workflow.Ask{Verb: workflow.VerbPartner}, "", func(act workflow.Act, r *workflow.Run) error {
				return r.PartnerAnswered(act, t.Key, 0, "It is fine")
			}
		}
		if t.Quiet.After(now) || q.rng.IntN(10) < 3 {
			return ask, "", nil
		}
		return workflow.Ask{Verb: workflow.VerbSilent}, "", func(act workflow.Act, r *workflow.Run) error {
			return r.StillSilent(act, t.Key, 0, "Asked again")
		}
	case workflow.MoveConfirm:
		if q.rng.IntN(10) < 5 {
			return ask, "", nil
		}
		return workflow.Ask{Verb: workflow.VerbConfirm, Stage: t.Stage}, "", func(act workflow.Act, r *workflow.Run) error {
			return r.SetStageDue(act, t.Stage, max(workflow.DateOf(r.Stages[t.Stage].Due), workflow.DateOf(now.AddDate(0, 0, 1))))
		}
	case workflow.MoveAsk:
		if now.Before(q.byThen(t, time.Time{}, now)) {
			return ask, "", nil
		}
		return workflow.Ask{Verb: workflow.VerbSkip}, "", func(act workflow.Act, r *workflow.Run) error { return r.Skip(act, t.Key, 0) }
	case workflow.MoveLaunch:
		if t.Quiet.After(now) {
			return ask, "", nil
		}
		return workflow.Ask{Verb: workflow.VerbLaunched}, "", func(act workflow.Act, r *workflow.Run) error { return r.LaunchStep(act, t.Key, 0) }
	}
	return ask, "", nil
}

// nameOf is how a person is called in a table.
func (q *quarter) nameOf(id workflow.UserID) string {
	return "@" + strings.ToLower(strings.TrimPrefix(string(id), "U0"))
}

// runs are all runs that were begun.
func (q *quarter) runs() (out []*workflow.Run) {
	q.t.Helper()
	for n := 1; n <= q.begun; n++ {
		found, err := q.app.store.Find(q.ctx, fmt.Sprintf("R-%d", n))
		q.must(err)
		out = append(out, found...)
	}
	return out
}

package commands_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"cloudimage/commands"
	"cloudimage/workflow"
	"cloudimage/workflow/process"
)

// office is a desk with people before it, and with the processes that ship.
type office struct {
	t       *testing.T
	desk    *commands.Desk
	service *workflow.Service
	shelf   *shelf
	now     time.Time
	asked   int // requests so far
}

// shipped are the processes that ship; nothing changes them once they are read.
var shipped = sync.OnceValues(process.Embedded)

// friday is when everything begins.
var friday = time.Date(2026, time.November, 20, 9, 0, 0, 0, time.UTC)

func newOffice(t *testing.T) *office {
	t.Helper()
	return openOffice(t, newShelf(), friday)
}

func openOffice(t *testing.T, runs *shelf, now time.Time) *office {
	t.Helper()
	defs, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	byName := map[workflow.ProcessName]*workflow.Definition{}
	for _, d := range defs {
		byName[d.Name] = d
	}
	o := &office{t: t, shelf: runs, now: now}
	o.service = workflow.NewService(workflow.Options{
		Store: runs, Library: runs, Directory: people{}, Calendars: weekdays{}, Processes: byName,
		Now: func() time.Time { return o.now },
	})
	options := commands.Options{
		Service: o.service,
		Default: "first-time-image", Editions: []string{"CE", "EE"}, Command: "/cloudimage", Reasons: reasons{}, Tracker: "GitLab",
	}
	if runs.ledger != nil {
		o.keepsReleases(&options)
	}
	if runs.yard != nil {
		o.makesImages(&options)
	}
	o.desk = commands.New(options)
	return o
}

// again is an office with the same runs, for trying something out.
func (o *office) again(t *testing.T) *office { return openOffice(t, o.shelf.clone(), o.now) }

// do asks something as a person.
func (o *office) do(who string, req commands.Request) (commands.Reply, error) {
	o.asked++
	req.ID = workflow.RequestID(fmt.Sprintf("request %d of %p", o.asked, o))
	req.User = id(who)
	if req.Channel == "" {
		req.Channel = "C1"
	}
	return o.desk.Do(context.Background(), req)
}

// types is a typed command: "done DigitalOcean 2.1"; names after @ are mentions.
func (o *office) types(who, line string) (commands.Reply, error) {
	verb, text, _ := strings.Cut(line, " ")
	words := strings.Fields(text)
	for i, w := range words {
		if name, ok := strings.CutPrefix(w, "@"); ok && name != "me" {
			words[i] = "<@" + string(id(name)) + ">"
		}
	}
	return o.do(who, commands.Request{Verb: verb, Text: strings.Join(words, " ")})
}

// raw is types for what Slack did not understand: names after @ stay as they are.
func (o *office) raw(who, line string) (commands.Reply, error) {
	verb, text, _ := strings.Cut(line, " ")
	return o.do(who, commands.Request{Verb: verb, Text: text})
}

// must is types for what has to work.
func (o *office) must(who, line string) commands.Reply {
	o.t.Helper()
	reply, err := o.types(who, line)
	if err != nil {
		o.t.Fatalf("%s, %s: %v", who, line, err)
	}
	return reply
}

// fills sends the form that a command opens, with answers of the right kind
// where none is given. Answers are "field=value".
func (o *office) fills(who, line string, answers ...string) commands.Reply {
	o.t.Helper()
	opened := o.must(who, line)
	form := opened.Form
	if form == nil {
		o.t.Fatalf("%s, %s: no form, but %s", who, line, print(opened, nil))
	}
	reply, err := o.sends(who, form, answers...)
	if err != nil {
		o.t.Fatalf("%s, %s: %v", who, line, err)
	}
	return reply
}

func (o *office) sends(who string, form *commands.Form, answers ...string) (commands.Reply, error) {
	v := commands.Values{}
	for _, f := range form.Fields {
		v[f.ID] = f.Initial
		if len(f.Initial) == 0 && !f.Optional {
			v[f.ID] = []string{plausible(who, f)}
		}
	}
	for _, a := range answers {
		field, value, _ := strings.Cut(a, "=")
		v[workflow.FieldID(field)] = []string{value}
	}
	return o.do(who, commands.Request{Verb: form.Verb, Target: form.Target, Values: v})
}

func plausible(who string, f commands.Field) string {
	switch f.Kind {
	case commands.Number:
		return "3"
	case commands.Date:
		return "2027-01-14"
	case commands.Person:
		return string(id(who))
	case commands.Select, commands.Radio, commands.Checks:
		return f.Options[0].Value
	}
	return "https://example.com/one"
}

// starts a partnership with two listings.
func (o *office) starts(who, partner string) {
	o.t.Helper()
	form := o.must(who, "new "+partner).Form
	if _, err := o.do(who, commands.Request{Verb: "new", Target: form.Target, Values: commands.Values{
		"partner": {partner}, "provider": {"manual"}, "listings": {"CE/image", "EE/image"}, "target": {"2027-01-15"},
	}}); err != nil {
		o.t.Fatal(err)
	}
}

// does marks steps done.
func (o *office) does(who, partner string, steps ...string) {
	o.t.Helper()
	for _, s := range steps {
		if reply := o.must(who, "done "+partner+" "+s); reply.Form != nil {
			if _, err := o.sends(who, reply.Form); err != nil {
				o.t.Fatalf("%s does %s: %v", who, s, err)
			}
		}
	}
}

// releases starts a maintenance run of two listings, an image on AWS and one that
// is uploaded by hand.
func (o *office) releases(name string) {
	o.t.Helper()
	defs, _ := shipped()
	for _, def := range defs {
		if def.Subject != workflow.SubjectCatalyst {
			continue
		}
		_, err := o.shelf.Create(context.Background(), workflow.RequestID(name), func(run workflow.RunID, number int) (*workflow.Run, error) {
			return workflow.Begin(workflow.Act{Actor: id("omar"), At: o.now}, def, weekdays{}, workflow.Start{
				ID: run, Number: number, Partner: name, Owner: id("omar"), Channel: "C1",
				Listings: []workflow.Listing{workflow.NewListing("EE", workflow.Image, workflow.AWS), workflow.NewListing("CE", workflow.Image, workflow.Manual)},
				Leads:    map[workflow.TeamID]workflow.UserID{"omnibus": id("omar"), "partner-marketing": id("maya"), "strategic-partnerships": id("ana")},
				Catalyst: &workflow.Catalyst{Kind: workflow.CatalystSecurity, At: o.now},
			})
		})
		if err != nil {
			o.t.Fatal(err)
		}
	}
}

// observes lets the bot see something in the tracker.
func (o *office) observes(partner string, change func(workflow.Act, *workflow.Run) error) {
	o.t.Helper()
	o.asked++
	request := workflow.RequestID(fmt.Sprintf("seen %d of %p", o.asked, o))
	if _, err := o.service.Observe(context.Background(), request, o.run(partner).ID, change); err != nil {
		o.t.Fatal(err)
	}
}

// changed reports whether anything is kept that was not before.
func (o *office) changed(before *office) bool {
	events := func(s *shelf) (n int) {
		for _, list := range s.events {
			n += len(list)
		}
		return n
	}
	if o.shelf.ledger != nil && !o.shelf.ledger.same(before.shelf.ledger) {
		return true
	}
	return events(o.shelf) != events(before.shelf) || len(o.shelf.runs) != len(before.shelf.runs) || !cmp.Equal(o.shelf.office, before.shelf.office, cmpopts.EquateEmpty())
}

// run is the run of a partner.
func (o *office) run(partner string) *workflow.Run {
	o.t.Helper()
	runs, err := o.shelf.Find(context.Background(), partner)
	if err != nil || len(runs) != 1 {
		o.t.Fatalf("runs of %s: %v, %v", partner, runs, err)
	}
	return runs[0]
}

func id(name string) workflow.UserID { return workflow.UserID("U0" + strings.ToUpper(name)) }

func name(id workflow.UserID) string {
	return "@" + strings.ToLower(strings.TrimPrefix(string(id), "U0"))
}

// people are those who come to the desk: ana and lee of Strategic Partnerships,
// omar and lena of Omnibus, maya and noor of Partner Marketing, wei and tom of no
// team, ines who is an admin, and those who may not come at all.
type people struct{}

func (people) Profile(_ context.Context, user workflow.UserID) (workflow.Profile, error) {
	return workflow.Profile{ID: user, Name: strings.TrimPrefix(name(user), "@"), Zone: time.UTC,
		Guest: user == id("gus"), Outsider: user == id("oscar"), Bot: user == id("buildbot"), Deactivated: user == id("dana")}, nil
}

func (people) Roster(*workflow.Definition) workflow.Roster {
	team := func(names ...string) workflow.TeamRoster {
		r := workflow.TeamRoster{Lead: id(names[0])}
		for _, n := range names {
			r.Members = append(r.Members, id(n))
		}
		return r
	}
	return workflow.Roster{Admins: []workflow.UserID{id("ines")}, Teams: map[workflow.TeamID]workflow.TeamRoster{
		"strategic-partnerships": team("ana", "lee"), "omnibus": team("omar", "lena"), "partner-marketing": team("maya", "noor"),
	}}
}

// weekdays are calendars without holidays, closing at 17:00 UTC.
type weekdays struct{}

func (w weekdays) After(team workflow.TeamID, from time.Time, n int) time.Time {
	return w.step(team, workflow.DateOf(from), n, 1)
}

func (w weekdays) Before(team workflow.TeamID, target workflow.Date, n int) time.Time {
	return w.step(team, target, n, -1)
}

func (weekdays) At(_ workflow.TeamID, date workflow.Date) time.Time {
	return date.Time().Add(17 * time.Hour)
}

func (w weekdays) step(team workflow.TeamID, from workflow.Date, n, by int) time.Time {
	d := from.Time()
	for n > 0 {
		if d = d.AddDate(0, 0, by); d.Weekday() != time.Saturday && d.Weekday() != time.Sunday {
			n--
		}
	}
	return w.At(team, workflow.DateOf(d))
}

func (w weekdays) Opening(team workflow.TeamID, from time.Time, n int) time.Time {
	if n == 0 {
		from, n = from.AddDate(0, 0, -1), 1
	}
	return w.After(team, from, n).Add(-8 * time.Hour)
}

func (weekdays) Between(_ workflow.TeamID, from, to time.Time) (n int) {
	for d := from.UTC(); workflow.DateOf(d) < workflow.DateOf(to.UTC()); {
		if d = d.AddDate(0, 0, 1); d.Weekday() != time.Saturday && d.Weekday() != time.Sunday {
			n++
		}
	}
	return n
}

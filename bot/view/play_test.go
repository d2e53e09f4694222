package view

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/calendar"
	"cloudimage/workflow/process"
	"cloudimage/workflow/reminder"
)

// The people of the tests.
const (
	ana  workflow.UserID = "U0ANA00001" // project owner, Strategic Partnerships
	omar workflow.UserID = "U0OMAR0001" // Omnibus team
	maya workflow.UserID = "U0MAYA0001" // Partner Marketing team
	wei  workflow.UserID = "U0WEI00001" // a technical writer, of no team
	lena workflow.UserID = "U0LENA0001" // covers
	eli  workflow.UserID = "U0ELI00001" // stands in
)

// play is a run of the process that ships, played by the real domain.
type play struct {
	*workflow.Run
	t  testing.TB
	at time.Time
}

// utc has one calendar for all teams.
type utc struct{ *calendar.Calendar }

var _ workflow.Calendars = utc{}

func (u utc) After(_ workflow.TeamID, from time.Time, n int) time.Time { return u.Deadline(from, n) }

func (u utc) Before(_ workflow.TeamID, target workflow.Date, n int) time.Time {
	return u.Calendar.Before(calendar.DateOf(target.Time()), n)
}

func (u utc) At(_ workflow.TeamID, date workflow.Date) time.Time {
	return u.Closing(calendar.DateOf(date.Time()))
}

func (u utc) Opening(_ workflow.TeamID, from time.Time, n int) time.Time {
	return u.Calendar.Opening(u.Shift(u.Date(from), n))
}

func (u utc) Between(_ workflow.TeamID, from, to time.Time) int { return u.Calendar.Between(from, to) }

func definition(t testing.TB, name workflow.ProcessName) *workflow.Definition {
	t.Helper()
	defs, err := process.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(defs, func(d *workflow.Definition) bool { return d.Name == name })
	if i < 0 {
		t.Fatalf("no process %q ships", name)
	}
	return defs[i]
}

// start is a partnership as Ana starts it.
func start() workflow.Start {
	return workflow.Start{
		ID: "run_7k3m9q2x5w4tj6h2d7s5a4f3g2", Number: 17, Partner: "DigitalOcean", Provider: workflow.Manual,
		Listings: []workflow.Listing{
			workflow.NewListing("CE", workflow.Image, workflow.Manual),
			workflow.NewListing("EE", workflow.Image, workflow.Manual),
		},
		Target: "2026-01-15", Owner: ana, Channel: "C0CLOUD001",
		Leads: map[workflow.TeamID]workflow.UserID{"strategic-partnerships": ana, "omnibus": omar, "partner-marketing": maya},
	}
}

func begin(t testing.TB, s workflow.Start) *play {
	t.Helper()
	return beginOf(t, "first-time-image", s)
}

// maintenance is a security update of GitLab that concerns three listings.
func maintenance(t testing.TB) *play {
	t.Helper()
	s := start()
	s.ID, s.Number, s.Partner, s.Provider, s.Target, s.Owner = "run_5n8p2r6y4z7vk3j9f2d4s6a8h5", 21, "GitLab 17.5.1", "", "", omar
	s.Catalyst = &workflow.Catalyst{Kind: workflow.CatalystSecurity, At: time.Date(2025, 11, 20, 9, 0, 0, 0, time.UTC)}
	s.Listings = []workflow.Listing{
		workflow.NewListing("EE", workflow.Image, workflow.Azure),
		workflow.NewListing("CE", workflow.Image, workflow.AWS),
	}
	s.Listings[0].ID, s.Listings[1].ID = "azure-ee-image", "aws-ce-image"
	return beginOf(t, "image-maintenance", s)
}

func beginOf(t testing.TB, process workflow.ProcessName, s workflow.Start) *play {
	t.Helper()
	cal, err := calendar.New(calendar.Options{})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2025, 11, 20, 10, 4, 0, 0, time.UTC)
	opener := ana
	if s.Proposed {
		opener = wei
	}
	r, err := workflow.Begin(workflow.Act{Actor: opener, At: at}, definition(t, process), utc{cal}, s)
	if err != nil {
		t.Fatal(err)
	}
	return &play{Run: r, t: t, at: at}
}

// act is what somebody does next, an hour after the last thing.
func (p *play) act(who workflow.UserID) workflow.Act {
	p.at = p.at.Add(time.Hour)
	return workflow.Act{Actor: who, At: p.at}
}

func (p *play) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// done does a step, with some answer to each of its fields that is not given.
func (p *play) done(key string, given map[workflow.FieldID]string) {
	p.t.Helper()
	k := workflow.ParseStepKey(key)
	n, ok := p.Node(k)
	if !ok {
		p.t.Fatalf("no step %q", key)
	}
	answers := map[workflow.FieldID]string{}
	for _, f := range n.Step.Evidence {
		answers[f.ID] = someAnswer(f)
		if v, ok := given[f.ID]; ok {
			answers[f.ID] = v
		}
	}
	p.must(p.Done(p.act(p.Responsible(k)), k, 0, answers))
}

func someAnswer(f workflow.Field) string {
	switch f.Type {
	case workflow.URL, workflow.URLs:
		return "https://example.com/" + string(f.ID)
	case workflow.DateField:
		return "2026-01-15"
	case workflow.Person:
		return string(omar)
	case workflow.Number:
		return "8"
	case workflow.Choice:
		return f.Options[0]
	}
	return "Some " + f.Label
}

// stage1 completes the first stage.
func (p *play) stage1() *play {
	p.t.Helper()
	p.done("create-issue", map[workflow.FieldID]string{"issue": "https://gitlab.com/gitlab-org/omnibus-gitlab/-/issues/412"})
	p.done("gather-documentation", map[workflow.FieldID]string{
		"documentation": "https://docs.digitalocean.com/products/marketplace/\nhttps://docs.digitalocean.com/products/images/custom-images/how-to/upload/",
		"google-doc":    "https://docs.google.com/document/d/1aBcD/edit",
	})
	p.done("joint-marketing", map[workflow.FieldID]string{"opportunities": "Two blog posts, a burst on launch day and a line in their newsletter."})
	p.done("partner-account", map[workflow.FieldID]string{"vault-item": "DigitalOcean vendor portal"})
	p.done("introduce-marketing", nil)
	return p
}

// uploading brings the run to where each listing is on its way.
func (p *play) uploading() *play {
	p.t.Helper()
	p.stage1()
	p.done("scope-effort", nil)
	p.done("update-issue", map[workflow.FieldID]string{"assignee": string(omar), "due": "2025-12-05"})
	return p
}

// lane is the step of a listing.
func lane(step string, l workflow.Listing) string { return step + "@" + string(l.ID) }

// finish does everything that is left, in the order of the process.
func (p *play) finish() *play {
	p.t.Helper()
	for range 500 {
		if p.State != workflow.Running {
			return p
		}
		next := ""
		p.Walk(func(n workflow.Node) bool {
			if p.Doable(n.Key) && !n.Step.Optional {
				next = n.Key.String()
			}
			return next == ""
		})
		if next == "" {
			p.t.Fatal("nothing can be done, and the run is not complete")
		}
		p.done(next, nil)
	}
	p.t.Fatal("the run does not end")
	return p
}

// manyListings are n listings with names as long as people make them.
func manyListings(n int) []workflow.Listing {
	out := make([]workflow.Listing, n)
	for i := range out {
		out[i] = workflow.NewListing(fmt.Sprintf("Ultimate for Education %02d", i+1), workflow.Image, workflow.Manual)
		out[i].ID = workflow.ListingID(fmt.Sprintf("ultimate-for-education-%02d-image", i+1))
	}
	return out
}

// stepKey reads the key of a step.
func stepKey(s string) workflow.StepKey { return workflow.ParseStepKey(s) }

// later lets time pass, with all that it does by itself.
func (p *play) later(days int) *play {
	p.at = p.at.AddDate(0, 0, days)
	p.Tick(p.at)
	return p
}

// reminded lets a person have been reminded of a step so often.
func (p *play) reminded(who workflow.UserID, step string, times int) {
	for i := range times {
		p.Remind(p.at.AddDate(0, 0, i-times), who, workflow.Move{Kind: workflow.MoveDo, Key: stepKey(step)})
	}
}

// away lets somebody cover for a person until a day.
func (p *play) away(who, by workflow.UserID, until workflow.Date) {
	c := workflow.Cover{By: by, Since: p.at, Until: until.Time().AddDate(0, 0, 1), Day: until, Set: who}
	p.Follow(p.act(who), &workflow.Office{Away: map[workflow.UserID]workflow.Cover{who: c}})
}

// standin is an acting maintainer of the Omnibus team.
func standin(reason, condition string) workflow.Standin {
	return workflow.Standin{Team: "omnibus", User: eli, Reason: reason, Condition: condition, Review: "2025-12-01", Set: omar}
}

// review asks whether that one is needed still.
func review(reason, condition string) reminder.Review {
	return reminder.Review{Standin: standin(reason, condition), Name: workflow.TeamName{Name: "Omnibus team"}}
}

// hostile is text as nobody should type it.
func hostile(length int) string {
	piece := "<!channel> & <@U0ANA00001> *bold* _it_ ~no~ `code` </|> \u202egnp.exe עברית مرحبا 👩🏽‍🚀🇨🇿 :tada: @here <https://evil.example|ok>\n> quote\n```pre``` "
	return string([]rune(strings.Repeat(piece, length/len([]rune(piece))+1))[:length])
}

// named draws where the tracker has a name.
var named = Names{Tracker: "GitLab"}

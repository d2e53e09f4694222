package mirror

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
	"cloudimage/workflow/process"
)

// start is when the tests' clocks begin: a Tuesday.
var start = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

const (
	ana  workflow.UserID = "U0ANA"  // Strategic Partnerships
	omar workflow.UserID = "U0OMAR" // Omnibus
	maya workflow.UserID = "U0MAYA" // Partner Marketing
	ned  workflow.UserID = "U0NED"  // of no team
)

// names are how people are called there.
var names = map[workflow.UserID]string{ana: "@ana", omar: "@omar_k", maya: "Maya \\*M\\*"}

func who(u workflow.UserID) string {
	if n := names[u]; n != "" {
		return n
	}
	return "somebody"
}

// days is a calendar without weekends: every day closes at 17:00 UTC.
type days struct{}

func (days) After(_ workflow.TeamID, from time.Time, n int) time.Time {
	return closing(workflow.DateOf(from.AddDate(0, 0, n)))
}

func (days) Before(_ workflow.TeamID, target workflow.Date, n int) time.Time {
	return closing(workflow.DateOf(target.Time().AddDate(0, 0, -n)))
}

func (days) At(_ workflow.TeamID, date workflow.Date) time.Time { return closing(date) }

func (days) Opening(_ workflow.TeamID, from time.Time, n int) time.Time {
	return workflow.DateOf(from.AddDate(0, 0, n)).Time().Add(9 * time.Hour)
}

func (days) Between(_ workflow.TeamID, from, to time.Time) int {
	return int(workflow.DateOf(to).Time().Sub(workflow.DateOf(from).Time()) / (24 * time.Hour))
}

func closing(d workflow.Date) time.Time { return d.Time().Add(17 * time.Hour) }

var embedded = sync.OnceValues(process.Embedded)

// shipped are the processes that ship, by name.
func shipped(t testing.TB) map[workflow.ProcessName]*workflow.Definition {
	t.Helper()
	defs, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	out := map[workflow.ProcessName]*workflow.Definition{}
	for _, d := range defs {
		out[d.Name] = d
	}
	return out
}

// play is a run that a test plays through.
type play struct {
	*workflow.Run
	t   testing.TB
	now time.Time
}

// partnership is a first-time run with two listings.
func partnership(t testing.TB, change ...func(*workflow.Start)) *play {
	t.Helper()
	s := workflow.Start{
		ID: "run1", Number: 17, Partner: "DigitalOcean", Provider: workflow.Manual, Owner: ana, Channel: "C0IMAGES", Target: "2026-05-20",
		Listings: []workflow.Listing{workflow.NewListing("CE", workflow.Image, workflow.Manual), workflow.NewListing("EE", workflow.Image, workflow.Manual)},
		Leads:    map[workflow.TeamID]workflow.UserID{"strategic-partnerships": ana, "omnibus": omar, "partner-marketing": maya},
	}
	for _, c := range change {
		c(&s)
	}
	return begin(t, "first-time-image", s)
}

// maintenance is a run about a release with three listings.
func maintenance(t testing.TB) *play {
	t.Helper()
	s := workflow.Start{
		ID: "run2", Number: 18, Partner: "GitLab 17.5.1", Provider: workflow.Manual, Owner: omar, Channel: "C0IMAGES",
		Catalyst: &workflow.Catalyst{Kind: workflow.CatalystSecurity, At: start.Add(-time.Hour)},
		Leads:    map[workflow.TeamID]workflow.UserID{"strategic-partnerships": ana, "omnibus": omar, "partner-marketing": maya},
	}
	for _, l := range []struct {
		edition  string
		provider workflow.Provider
	}{{"CE", workflow.AWS}, {"EE", workflow.AWS}, {"EE", workflow.Azure}} {
		listing := workflow.NewListing(l.edition, workflow.Image, l.provider)
		listing.ID += workflow.ListingID("-" + string(l.provider))
		s.Listings = append(s.Listings, listing)
	}
	return begin(t, "image-maintenance", s)
}

func begin(t testing.TB, name workflow.ProcessName, s workflow.Start) *play {
	t.Helper()
	r, err := workflow.Begin(workflow.Act{Actor: ana, At: start}, shipped(t)[name], days{}, s)
	if err != nil {
		t.Fatal(err)
	}
	return &play{r, t, start}
}

func (p *play) by(who workflow.UserID) workflow.Act {
	return workflow.Act{Actor: who, At: p.now, Reason: "because"}
}

func (p *play) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// does marks steps done with answers that fit.
func (p *play) does(who workflow.UserID, keys ...string) {
	p.t.Helper()
	for _, k := range keys {
		p.must(p.Done(p.by(who), workflow.ParseStepKey(k), 0, answers(p.Run, workflow.ParseStepKey(k))))
	}
}

// answers are answers to all that a step asks for.
func answers(r *workflow.Run, key workflow.StepKey) map[workflow.FieldID]string {
	step, _, ok := r.Definition().Step(key.Step)
	if !ok {
		return nil
	}
	out := map[workflow.FieldID]string{}
	for _, f := range step.Evidence {
		switch f.Type {
		case workflow.URL, workflow.URLs:
			out[f.ID] = "https://partner.example/" + string(f.ID)
		case workflow.DateField:
			out[f.ID] = "2026-05-20"
		case workflow.Number:
			out[f.ID] = "3"
		case workflow.Choice:
			out[f.ID] = f.Options[0]
		case workflow.Person:
			out[f.ID] = string(omar)
		case workflow.VaultItem:
			out[f.ID] = "DigitalOcean account"
		default:
			out[f.ID] = "words about " + string(f.ID)
		}
	}
	return out
}

// all closes whatever is open until nothing is.
func (p *play) all(who workflow.UserID) {
	p.t.Helper()
	for again := true; again; {
		again = false
		for _, n := range p.Nodes() {
			if n.State.Status != workflow.Open || !p.Doable(n.Key) || n.Step.IsAction() || p.IsGroup(n.Key) || n.Step.Optional && !n.State.Wanted {
				continue
			}
			if err := p.Done(p.by(who), n.Key, 0, answers(p.Run, n.Key)); err == nil {
				again = true
			}
		}
	}
}

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file of testdata, which is there to be read.
func golden(t *testing.T, name, got string) {
	t.Helper()
	got = strings.ReplaceAll(got, string(joiner), "·J·") // which nobody would see
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; go test -run %s -update writes it anew):\n%s", path, t.Name(), diff)
	}
}

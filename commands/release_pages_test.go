package commands_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// fleet is an office with 30 listings in every standing, and releases in every state.
func fleet(t *testing.T) *office {
	o := newUpkeep(t)
	o.lists("AWS", "aws", "EE", "17.4.0", "regions", "us-east-1\neu-central-1=17.3.0", "product", "prod-abc", "link", "https://aws.example/p", "pricing", "BYOL")
	o.lists("Azure", "azure", "EE", "17.5.1", "maintainer", "omnibus")
	o.lists("Linode", "manual", "CE", "")
	o.lists("Scaleway", "manual", "CE", "16.11.0", "branch", "16.11")
	for i := range 24 {
		o.lists(fmt.Sprintf("Cloud%c", 'A'+i), "manual", []string{"CE", "EE"}[i%2], "17.5.0")
	}
	o.lists("Hetzner", "manual", "EE", "17.5.0", "delivery", "omnibus-package")
	o.lists("Gone", "manual", "EE", "17.5.0")
	o.retires("gone-ee-image")
	o.tells("17.5.0", "release")
	o.now = o.now.AddDate(0, 0, 3)
	o.tells("17.5.1", "security")
	o.now = o.now.AddDate(0, 0, 6)
	o.does("omar", "17.5.1", "1.2 clouda")
	o.fills("omar", "wait 17.5.1 1.2 cloudb To review it")
	o.must("omar", "assign 17.5.1 1.2 cloudc @tom")
	o.now = o.now.Add(time.Hour)
	return o
}

// retires a listing, as omar.
func (o *office) retires(id string) {
	o.t.Helper()
	if _, err := o.do("omar", commands.Request{Verb: "listing", Target: commands.Target{Field: workflow.FieldID("retire:" + id)}, Values: commands.Values{}}); err != nil {
		o.t.Fatal(err)
	}
}

func laneOf(step workflow.StepID, listing workflow.ListingID) workflow.StepKey {
	return workflow.StepKey{Step: step, Listing: listing}
}

func TestBoard(t *testing.T) {
	t.Parallel()
	s := &sheet{office: fleet(t)}
	s.asks("omar", "board")
	for _, page := range []workflow.FieldID{":2", ":3", ":99", "behind:1", "late:2", "filter:1"} {
		s.clicks("omar", "board", commands.Target{Field: page})
	}
	for _, words := range []string{"aws", "security late", "current", "unknown", "omnibus", "a:b:2", "nothing-like-that", "picture", strings.Repeat("word ", 600)} {
		reply, err := s.types("omar", "board "+words)
		fmt.Fprintf(s, "### omar: /cloudimage board %.40s\n%s\n", words, print(reply, err))
		if reply.Page == nil {
			continue
		}
		for _, row := range reply.Page.Rows {
			for _, b := range row.Buttons {
				if len(b.Target.Field) > 200 {
					t.Errorf("a button carries %d bytes", len(b.Target.Field))
				}
			}
		}
	}
	golden(t, "board", s.String())
}

func TestListings(t *testing.T) {
	t.Parallel()
	s := &sheet{office: fleet(t)}
	s.asks("omar", "listing")
	for _, field := range []workflow.FieldID{"page:3", "page:99", "show:aws-ee-image", "show:gone-ee-image", "show:hetzner-ee-omnibus-package", "show:clouda-ce-image", "add", "edit:aws-ee-image", "texts:azure-ee-image", "retire:azure-ee-image", "import", "export"} {
		s.clicks("omar", "listing", commands.Target{Field: field})
	}
	s.asks("tom", "listing cloudb")
	s.asks("tom", "listing cloud")
	if _, err := s.do("omar", commands.Request{Verb: "listing", Target: commands.Target{Field: "texts:aws-ee-image"}, Values: commands.Values{"title": {"GitLab EE"}, "short": {"All of it."}, "long": {"All of it, <b>in one</b> & more."}}}); err != nil {
		t.Fatal(err)
	}
	s.asks("omar", "listing aws")
	golden(t, "listings", s.String())
}

func TestReleases(t *testing.T) {
	t.Parallel()
	s := &sheet{office: newUpkeep(t)}
	s.asks("omar", "release list")
	s.asks("omar", "release")
	s.asks("omar", "release 17.6.0")
	s.asks("omar", "build")
	s.asks("omar", "sign")
	s.asks("omar", "maintain")
	s.office = fleet(t)
	book := s.shelf.ledger
	seen := s.now.AddDate(0, 0, -1)
	add := func(version string, r workflow.Release) {
		r.Version, _ = workflow.ParseVersion(version)
		r.Seen, r.Revision = seen, 1
		book.releases[r.Version] = r
	}
	ruled := func(kind workflow.CatalystKind, note string) []workflow.Ruling {
		return []workflow.Ruling{{By: id("lena"), At: seen, Kind: kind, Note: note}}
	}
	add("17.2.0", workflow.Release{State: workflow.ReleaseBefore})
	add("17.3.0", workflow.Release{State: workflow.ReleaseBefore, Published: seen.AddDate(0, -2, 0)})
	add("17.4.1", workflow.Release{State: workflow.ReleasePassed, Kind: workflow.CatalystSecurity, Published: seen, Next: workflow.Version{Major: 17, Minor: 5, Patch: 1}, Rulings: ruled(workflow.CatalystSecurity, "")})
	add("17.5.2", workflow.Release{State: workflow.ReleaseDropped, Rulings: ruled("", "it was pulled <back>")})
	add("17.5.3", workflow.Release{State: workflow.ReleaseWaits})
	add("17.5.4", workflow.Release{State: workflow.ReleaseAsked, Published: seen, Tags: []workflow.Tag{{Name: "17.5.4+ee.0", Edition: "EE", At: seen.AddDate(0, 0, -2)}}})
	add("17.5.1+1", workflow.Release{State: workflow.ReleaseOut, Kind: workflow.CatalystFix, Published: seen, Rulings: ruled(workflow.CatalystFix, "the same again")})
	add("17.6.0", workflow.Release{State: workflow.ReleaseQuiet, Published: seen, Announcement: &workflow.Announcement{Title: "GitLab 17.6 release notes", Kind: workflow.AnnouncesRelease, Whole: true, At: seen}})
	for _, field := range []workflow.FieldID{"list", "list:2", "list:99"} {
		s.clicks("omar", "release", commands.Target{Field: field})
	}
	golden(t, "releases", s.String())
}

func TestBuildingAndSigning(t *testing.T) {
	t.Parallel()
	s := &sheet{office: fleet(t)}
	run := s.run("17.5.1")
	for _, line := range []string{"build", "sign", "classify 17.5.1", "maintain", "maintain aws", "why 17.5.1", "status 17.5.1", "history 17.5.1"} {
		s.asks("omar", line)
	}
	sign := s.must("omar", "sign").Form
	for _, who := range []string{"omar", "omar", "lena", "ana"} {
		fmt.Fprintf(s, "### %s signs\n%s\n", who, print(s.sends(who, sign)))
	}
	s.asks("omar", "sign")
	s.clicks("maya", "choose", commands.Target{Run: run.ID, Step: key("update-description"), Version: run.Steps[key("update-description")].Version})
	s.clicks("maya", "choose", commands.Target{Run: run.ID, Step: key("update-description"), Version: 1})
	s.clicks("omar", "choose", commands.Target{Run: run.ID, Step: key("create-issue")})
	s.asks("omar", "maintain")
	fix := s.must("wei", "maintain aws").Form
	fmt.Fprintf(s, "### wei proposes a fix\n%s\n", print(s.sends("wei", fix, "listings="+fix.Fields[0].Options[0].Value, "reason=It does not boot.")))
	s.asks("ana", "mine")
	s.asks("omar", "mine")
	build := s.must("lena", "build").Form
	fmt.Fprintf(s, "### lena takes what nobody has\n%s\n", print(s.sends("lena", build)))
	if who := s.run("17.5.1").Responsible(laneOf("update-image", "cloudc-ce-image")); who != id("tom") {
		t.Errorf("what tom had is with %s", who)
	}
	s.asks("omar", "build")
	s.asks("tom", "release list")
	golden(t, "upkeep", s.String())
}

func TestBreaches(t *testing.T) {
	t.Parallel()
	s := &sheet{office: fleet(t)}
	s.asks("omar", "breaches")
	reply := s.must("omar", "breaches 2026-11")
	s.WriteString("### omar: /cloudimage breaches 2026-11\n" + print(reply, nil) + "\n")
	for _, row := range reply.Page.Rows {
		for _, b := range row.Buttons {
			if b.Label == "More" {
				s.clicks("omar", b.Verb, b.Target)
			}
		}
	}
	s.clicks("omar", "breaches", commands.Target{Field: "page :99"})
	s.clicks("omar", "breaches", commands.Target{Field: "page 2026-10:1"})
	s.clicks("omar", "breaches", commands.Target{Field: "why:17.5.1:aws-ee-image"})
	s.must("omar", "board") // nothing is changed by looking
	if _, err := s.do("omar", commands.Request{Verb: "breaches", Target: commands.Target{Field: "why:17.5.1:aws-ee-image"}, Values: commands.Values{"reason": {"The builders <were> away."}}}); err != nil {
		t.Fatal(err)
	}
	s.asks("tom", "breaches")
	s.asks("tom", "listing aws")
	s.asks("tom", "board aws")
	for _, line := range []string{"report", "report 2026-10", "report partners", "report soon"} {
		s.asks("omar", line)
	}
	golden(t, "breaches", s.String())
}

func TestHomeWithListings(t *testing.T) {
	t.Parallel()
	s := &sheet{office: newUpkeep(t)}
	s.asks("omar", "home")
	s.office = fleet(t)
	for _, who := range []string{"omar", "maya", "una"} {
		s.asks(who, "home")
	}
	s.clicks("omar", "home", commands.Target{Field: "all:2"})
	s.shelf.ledger.broken = true
	s.asks("omar", "home")
	golden(t, "home-listings", s.String())
}

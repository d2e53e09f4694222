package view

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/reminder"
)

// This file plays runs about a release, in every state that people see of them.

// version reads a version that is one.
func version(t testing.TB, s string) workflow.Version {
	t.Helper()
	v, ok := workflow.ParseVersion(s)
	if !ok {
		t.Fatalf("%q is no version", s)
	}
	return v
}

// listed are n listings of a catalogue, two to a partner.
func listed(n int) []workflow.Listing {
	partners := []struct {
		name     string
		provider workflow.Provider
	}{{"AWS", workflow.AWS}, {"Azure", workflow.Azure}, {"DigitalOcean", workflow.Manual}, {"Linode", workflow.Manual}, {"Hetzner", workflow.Manual}, {"Vultr", workflow.Manual}}
	out := make([]workflow.Listing, n)
	for i := range out {
		p := partners[i/2%len(partners)]
		l := workflow.NewListing([]string{"EE", "CE"}[i%2], workflow.Image, p.provider)
		if l.Partner = p.name; i >= 2*len(partners) {
			l.Partner += fmt.Sprintf(" region %d", i/2/len(partners)+1)
		}
		l.ID = workflow.ListedID(l.Partner, l.Edition, l.Delivery, l.Architecture)
		out[i] = l
	}
	return out
}

// release is a monthly release that concerns n listings, as it is when its run has
// just opened.
func release(t testing.TB, n int, change ...func(*workflow.Start)) *play {
	t.Helper()
	s := start()
	s.ID, s.Number, s.Partner, s.Provider, s.Target, s.Owner = "run_5n8p2r6y4z7vk3j9f2d4s6a8h5", 21, "GitLab 17.6.0", "", "", omar
	s.Listings = listed(n)
	s.Catalyst = &workflow.Catalyst{
		Kind: workflow.CatalystRelease, At: time.Date(2025, 11, 20, 9, 0, 0, 0, time.UTC), Version: version(t, "17.6.0"),
		Packages: []workflow.Package{{Edition: "EE", Version: version(t, "17.6.0"), Distribution: "noble", Architecture: "amd64", URL: "https://packages.example/ee.deb", SHA256: strings.Repeat("a1", 32)}},
		Evidence: []string{
			"“GitLab 17.6 release notes” announces a release without security fixes.", "The version service sees no danger in 17.5.0.",
			"Tagged: CE, EE.", "All packages are there: EE, CE on noble for amd64, arm64.",
		},
	}
	for _, c := range change {
		c(&s)
	}
	return beginOf(t, "image-maintenance", s)
}

// unannounced is a release of which nothing says whether it is a security update.
func unannounced(s *workflow.Start) {
	s.Catalyst.Kind, s.Catalyst.Unsure = workflow.CatalystSecurity, true
	s.Catalyst.Evidence = []string{"It was not announced, so it may be a security update.", "The version service has not been heard.", "Tagged: CE, EE.", "All packages are there: EE, CE on noble for amd64, arm64."}
}

// insecure is a release that is a security update.
func insecure(s *workflow.Start) {
	s.Partner, s.Catalyst.Kind = "GitLab 17.6.1", workflow.CatalystSecurity
	s.Catalyst.Evidence = []string{"“Critical Patch Release: 17.6.1, 17.5.3” lists security fixes, the gravest critical.", "The version service says of 17.6.0 that it is in danger without what came after it.", "Tagged: CE, EE."}
}

// quiet is a release that came out in a quiet time and is counted from its end.
func quiet(s *workflow.Start) {
	s.Catalyst.At, s.Catalyst.From = time.Date(2025, 11, 14, 9, 0, 0, 0, time.UTC), time.Date(2025, 11, 20, 0, 0, 0, 0, time.UTC)
	s.Catalyst.Evidence = append(s.Catalyst.Evidence, "It came out in a quiet time (2025-11-13 to 2025-11-19: Thanksgiving), and is counted from its end.")
}

// nasty is a release about which everybody wrote what nobody should.
func nasty(s *workflow.Start) {
	unannounced(s)
	s.Partner = oneLine(hostile(80))
	s.Catalyst.Because = hostile(500)
	for i := range 12 {
		s.Catalyst.Evidence = append(s.Catalyst.Evidence, fmt.Sprint(i)+hostile(300))
		s.Catalyst.Spared = append(s.Catalyst.Spared, fmt.Sprint(i)+hostile(140))
	}
	for i := range s.Listings {
		s.Listings[i].Partner, s.Listings[i].Edition, s.Listings[i].Architecture = hostile(80), hostile(60), hostile(60)
	}
}

// live says that listings are live, the first n.
func (p *play) live(n int) *play {
	p.t.Helper()
	for _, l := range p.Listings[:n] {
		p.done(lane("update-image", l), nil)
	}
	return p
}

// submitted lets n listings be with their partner, after the first ones.
func (p *play) submitted(after, n int) *play {
	p.t.Helper()
	for _, l := range p.Listings[after : after+n] {
		p.must(p.Wait(p.act(omar), stepKey(lane("update-image", l)), 0, workflow.Question{Asked: "To review it", Ticket: "MP-" + fmt.Sprint(len(l.ID))}))
	}
	return p
}

// signs lets people sign what goes live.
func (p *play) signs(people ...workflow.UserID) *play {
	p.t.Helper()
	for _, who := range people {
		p.must(p.Sign(p.act(who), ""))
	}
	return p
}

// classified is what the bot or a person has found since.
func (p *play) classified(by workflow.UserID, kind workflow.CatalystKind, because string) *play {
	p.t.Helper()
	c := *p.Catalyst
	c.Kind, c.Unsure = kind, false
	if because != "" {
		c.Evidence = append([]string{because}, c.Evidence[1:]...)
	}
	p.must(p.Classify(p.act(by), c))
	return p
}

// newer is the run that goes on with what another has left.
var newer = workflow.Successor{Run: "run_next", Name: "R-22", What: "GitLab 17.6.1"}

// superseded lets a newer release go on with all that is not live.
func (p *play) superseded() *play {
	p.t.Helper()
	p.must(p.Supersede(p.bot(), newer, p.OpenLanes()))
	return p
}

// releaseCards are runs about a release in the states that a card shows, by name.
func releaseCards(t testing.TB) map[string]*workflow.Run {
	joined := release(t, 2).signs(omar)
	l := listed(3)[2]
	l.Since = joined.at
	joined.must(joined.Join(joined.bot(), l))
	unsigned := release(t, 2).signs(omar).live(2)
	over := release(t, 2).signs(omar).live(2)
	over.finish()
	nobody := release(t, 2, func(s *workflow.Start) { s.Leads = map[workflow.TeamID]workflow.UserID{}; s.Owner = omar }).signs(omar)
	return map[string]*workflow.Run{
		"release-1":            release(t, 1).Run,
		"release-4":            release(t, 4).live(1).submitted(1, 1).Run,
		"release-12":           release(t, 12).live(3).submitted(3, 4).later(6).Run,
		"release-2000":         release(t, 2000).live(20).submitted(20, 40).later(6).Run,
		"release-hostile":      release(t, 9, nasty).submitted(0, 3).later(9).Run,
		"release-hostile-2000": release(t, 2000, nasty).Run,
		"release-unsure":       release(t, 4, unannounced).Run,
		"release-security":     release(t, 4, insecure).Run,
		"release-fix": release(t, 2, func(s *workflow.Start) {
			s.Catalyst.Kind, s.Catalyst.Because, s.Catalyst.Evidence = workflow.CatalystFix, "The image asks for a <password> at the first boot & stops.", nil
		}).Run,
		"release-signed-one":   release(t, 4).signs(omar).Run,
		"release-signed":       release(t, 4).signs(omar, ana).Run,
		"release-lapsed":       joined.Run,
		"release-nobody-signs": nobody.Run,
		"release-unsigned":     unsigned.Run,
		"release-over":         over.Run,
		"release-superseded":   release(t, 4).live(1).superseded().Run,
		"release-spared": release(t, 2, func(s *workflow.Start) {
			s.Catalyst.Spared = []string{"EE Omnibus package on Linode", "CE Omnibus package on Linode", "EE Omnibus package on Scaleway"}
		}).Run,
		"release-quiet":         release(t, 4, quiet).Run,
		"release-proposed":      release(t, 4, proposedRelease).Run,
		"release-not-announced": release(t, 4, proposedRelease, unannounced).Run,
	}
}

// proposedRelease is one of which somebody is asked whether it comes out.
func proposedRelease(s *workflow.Start) {
	s.Owner, s.Proposed = "", true
	s.Catalyst.Evidence = []string{"It is not announced.", "Tagged: CE, EE.", "Packages are missing: EE noble arm64, CE noble arm64.", "That has been so since Wed 19 Nov 09:00 UTC."}
}

func TestCardOfRelease(t *testing.T) {
	t.Parallel()
	for name, r := range releaseCards(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := named.Card(r)
			t.Logf("%d bytes in %d blocks\n%s", m.size(), len(m.Blocks), m.Plain().Text)
			checkMessage(t, m, MaxCard)
			if got, want := m.size(), len(m.encode()); got != want {
				t.Errorf("counted %d bytes, encoded %d", got, want)
			}
			golden(t, "card-"+name, m)
			checkView(t, named.CardModal(r))
		})
	}
}

// Who looks at a release of thousands of listings waits for no drawing of it.
func BenchmarkRelease(b *testing.B) {
	drawings := map[string]*workflow.Run{
		"open":    release(b, 2000).signs(omar).Run,
		"late":    release(b, 2000).live(20).submitted(20, 40).later(6).Run,
		"waiting": release(b, 2000).submitted(0, 1990).later(6).Run,
		"hostile": release(b, 2000, nasty).Run,
	}
	for name, r := range drawings {
		now := r.Promise.Add(time.Hour)
		draw := func(what string, draw func() Message) {
			b.Run(name+"/"+what, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if draw().Text == "" {
						b.Fatal("nothing was drawn")
					}
				}
			})
		}
		draw("card", func() Message { return named.Card(r) })
		draw("direct", func() Message { return named.Direct(r, omar, now) })
		draw("rest", func() Message { return named.Direct(r, ana, now) })
		draw("morning", func() Message {
			rows := rowsOf(r, omar, now)
			return named.Morning(reminder.Morning{Person: omar, Day: "2025-11-26", Rows: rows[:min(len(rows), 20)]}, now)
		})
	}
}

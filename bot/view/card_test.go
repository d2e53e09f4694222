package view

import (
	"testing"

	"cloudimage/workflow"
)

// cards are runs in the states a card shows, by name.
func cards(t testing.TB) map[string]*workflow.Run {
	return map[string]*workflow.Run{
		"stage1":    begin(t, start()).Run,
		"stage1b":   stage1Underway(t),
		"stages23":  begin(t, start()).uploading().Run,
		"waiting":   waitingRun(t),
		"held":      heldRun(t),
		"late":      lateRun(t),
		"lanes":     lanesRun(t),
		"hostile":   hostileRun(t),
		"proposed":  proposedRun(t),
		"complete":  begin(t, start()).finish().Run,
		"cancelled": cancelledRun(t),
		"people":    peopleRun(t),
		"silent":    silentRun(t),
		"security":  securityRun(t),
	}
}

// peopleRun has somebody away, an acting maintainer, and a step that waits.
func peopleRun(t testing.TB) *workflow.Run {
	p := begin(t, start()).uploading()
	p.away(maya, lena, "2025-11-27")
	p.Follow(p.act(omar), &workflow.Office{Away: map[workflow.UserID]workflow.Cover{maya: p.Covers[maya]},
		Standins: []workflow.Standin{standin("Nobody is left in the team <for now>", "two engineers are hired")}})
	act := p.act(omar)
	act.Reason = "The portal is down until Monday"
	p.must(p.Snooze(act, stepKey("documentation-mr"), 0, workflow.SnoozeFor{Days: 2}))
	return p.Run
}

// silentRun has a partner who is silent for so long that the ladder was climbed
// to its end.
func silentRun(t testing.TB) *workflow.Run {
	p := begin(t, start()).uploading()
	p.done("create-listing@ce-image", nil)
	p.must(p.Wait(p.act(omar), stepKey("partner-testing@ce-image"), 0, workflow.Question{Asked: "Whether the image boots", Ticket: "DO-8812", Contact: "Lee at DigitalOcean"}))
	p.later(4)
	p.must(p.StillSilent(p.act(omar), stepKey("partner-testing@ce-image"), 0, ""))
	p.later(4)
	return p.Run
}

// toldRun has a partner who is silent on what somebody else asked.
func toldRun(t testing.TB) *workflow.Run {
	p := begin(t, start()).uploading()
	p.must(p.Wait(p.act(lena), stepKey("create-listing@ce-image"), 0, workflow.Question{Asked: "Which sizes there are"}))
	p.later(5)
	return p.Run
}

// securityRun is behind with its promise, and not by its own fault alone.
func securityRun(t testing.TB) *workflow.Run {
	p := maintenance(t)
	p.must(p.Wait(p.act(omar), stepKey("update-image@azure-ee-image"), 0, workflow.Question{Asked: "Certification of the image", Ticket: "MS-77"}))
	p.later(5)
	return p.Run
}

func stage1Underway(t testing.TB) *workflow.Run {
	p := begin(t, start())
	p.done("create-issue", nil)
	p.done("joint-marketing", nil)
	return p.Run
}

func waitingRun(t testing.TB) *workflow.Run {
	p := begin(t, start()).uploading()
	p.done("create-listing@ce-image", nil)
	p.must(p.Wait(p.act(omar), workflow.ParseStepKey("partner-testing@ce-image"), 0, workflow.Question{Asked: "Whether the image boots", Ticket: "DO-8812", Promised: "2025-12-02"}))
	p.must(p.Ask(p.act(maya), workflow.ParseStepKey("image-description@ce-image"), 0, wei, "short", "2025-11-28", ""))
	return p.Run
}

func heldRun(t testing.TB) *workflow.Run {
	p := begin(t, start()).uploading()
	p.done("create-listing@ce-image", nil)
	p.done("partner-testing@ce-image", nil)
	p.done("documentation-mr", nil)
	p.must(p.Waive(workflow.Act{Actor: ana, At: p.at, Reason: "No customer may be named yet"}, workflow.ParseStepKey("customer-story"), 0))
	return p.Run
}

func lateRun(t testing.TB) *workflow.Run {
	p := begin(t, start()).uploading()
	p.Tick(p.at.AddDate(0, 1, 20))
	return p.Run
}

func lanesRun(t testing.TB) *workflow.Run {
	s := start()
	s.Listings = manyListings(9)
	p := begin(t, s).uploading()
	p.done(lane("create-listing", s.Listings[7]), nil)
	p.must(p.Wait(p.act(omar), workflow.ParseStepKey(lane("partner-testing", s.Listings[7])), 0, workflow.Question{Asked: "Testing"}))
	return p.Run
}

// hostileRun is as large and as nasty as a run can be.
func hostileRun(t testing.TB) *workflow.Run {
	s := start()
	s.Partner = oneLine(hostile(80))
	s.Listings = manyListings(20)
	for i := range s.Listings {
		s.Listings[i].Edition = hostile(60)
	}
	p := begin(t, s)
	p.done("create-issue", nil)
	p.done("gather-documentation", nil)
	p.done("joint-marketing", map[workflow.FieldID]string{"opportunities": hostile(3000)})
	p.done("partner-account", map[workflow.FieldID]string{"vault-item": "<!channel> & `x`"})
	p.done("introduce-marketing", nil)
	p.done("scope-effort", nil)
	p.done("update-issue", map[workflow.FieldID]string{"assignee": string(omar), "due": "2025-12-05"})
	for _, l := range s.Listings[:10] {
		p.must(p.Wait(p.act(omar), workflow.ParseStepKey(lane("create-listing", l)), 0, workflow.Question{Asked: hostile(3000), Ticket: hostile(100), Promised: "2025-12-02"}))
	}
	p.must(p.Waive(workflow.Act{Actor: ana, At: p.at, Reason: hostile(3000)}, workflow.ParseStepKey("customer-story"), 0))
	p.Tick(p.at.AddDate(1, 0, 0))
	return p.Run
}

func proposedRun(t testing.TB) *workflow.Run {
	s := start()
	s.Owner, s.Proposed = "", true
	return begin(t, s).Run
}

func cancelledRun(t testing.TB) *workflow.Run {
	p := begin(t, start()).stage1()
	act := p.act(ana)
	act.Reason = "DigitalOcean closed its marketplace to <new> vendors"
	p.must(p.Cancel(act))
	return p.Run
}

func TestCard(t *testing.T) {
	t.Parallel()
	for name, r := range cards(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := named.Card(r)
			t.Logf("%d bytes in %d blocks", m.size(), len(m.Blocks))
			checkMessage(t, m, MaxCard)
			golden(t, "card-"+name, m)
			checkView(t, named.CardModal(r))
		})
	}
}

func BenchmarkCard(b *testing.B) {
	for name, r := range cards(b) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if len(named.Card(r).encode()) == 0 {
					b.Fatal("nothing was drawn")
				}
			}
		})
	}
}

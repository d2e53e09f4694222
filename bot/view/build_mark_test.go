package view

import (
	"strings"
	"testing"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/reminder"
)

// This file draws runs whose lanes are being built.

// builds lets the build of a lane stand so.
func (p *play) builds(nth int, phase workflow.BuildPhase, change ...func(*workflow.BuildMark)) *play {
	p.t.Helper()
	m := workflow.BuildMark{ID: "b-5c1e07" + string(rune('a'+nth)), Phase: phase, By: omar, Publishes: true}
	switch phase {
	case workflow.BuildBuilding, workflow.BuildPublishing:
		m.Until = p.at.Add(87 * time.Minute)
	case workflow.BuildSubmitted:
		m.Submission = "9zchangesetb1c2"
	case workflow.BuildStuck:
		m.Trouble = "a quota is full in eu-west-1 (public AMIs): You have reached your quota of 5 public images"
	}
	for _, f := range change {
		f(&m)
	}
	p.must(p.Build(p.act(omar), stepKey(lane("update-image", p.Listings[nth])), m))
	return p
}

// gives hands a lane over to somebody.
func (p *play) gives(nth int, to workflow.UserID) *play {
	p.t.Helper()
	p.must(p.Assign(p.act(omar), stepKey(lane("update-image", p.Listings[nth])), 0, to))
	return p
}

// goesAlong is what a build does besides.
func goesAlong(m *workflow.BuildMark) {
	m.Goes = "turns the protection against public images off and on again in eu-west-1"
}

func byLena(m *workflow.BuildMark) { m.By = lena }

func nastyMark(m *workflow.BuildMark) {
	m.Trouble, m.Submission, m.Goes = hostile(400), hostile(90), hostile(300)
	if m.Phase == workflow.BuildBuilding || m.Phase == workflow.BuildPublishing || m.Phase == workflow.BuildSubmitted {
		m.Asks = hostile(200)
	}
}

// builtCards are runs with builds, by name.
func builtCards(t testing.TB) map[string]*workflow.Run {
	all := release(t, 7).builds(0, workflow.BuildBuilding, byLena).builds(1, workflow.BuildStuck).builds(2, workflow.BuildSigning, goesAlong).
		builds(3, workflow.BuildSubmitted).builds(4, workflow.BuildBuilt).builds(5, workflow.BuildPublishing).builds(6, workflow.BuildAbandoned)
	many := release(t, 24)
	for i := range 20 {
		many.builds(i, []workflow.BuildPhase{workflow.BuildBuilding, workflow.BuildStuck, workflow.BuildSigning}[i%3])
	}
	worst := release(t, 9, nasty)
	for i := range 9 {
		worst.builds(i, []workflow.BuildPhase{workflow.BuildStuck, workflow.BuildSubmitted, workflow.BuildSigning}[i%3], nastyMark)
	}
	return map[string]*workflow.Run{
		"built":         all.Run,
		"built-live":    release(t, 2).builds(0, workflow.BuildBuilding).builds(0, workflow.BuildLive, func(m *workflow.BuildMark) { m.Image = "ami-1" }).Run,
		"built-signing": release(t, 2).builds(0, workflow.BuildSigning).builds(1, workflow.BuildSigning).Run,
		"built-many":    many.Run,
		"built-hand":    handRun(t).Run,
		"built-hostile": worst.Run,
	}
}

func TestCardOfBuilds(t *testing.T) {
	t.Parallel()
	for name, r := range builtCards(t) {
		m := named.Card(r)
		t.Logf("%s: %d bytes in %d blocks\n%s", name, m.size(), len(m.Blocks), m.Plain().Text)
		checkMessage(t, m, MaxCard)
		if got, want := m.size(), len(m.encode()); got != want {
			t.Errorf("counted %d bytes, encoded %d", got, want)
		}
		golden(t, "card-"+name, m)
		checkView(t, named.CardModal(r))
	}
}

// asksFor lets the build of a lane ask a person.
func asksFor(what string) func(*workflow.BuildMark) {
	return func(m *workflow.BuildMark) { m.Asks = what }
}

func stalls(m *workflow.BuildMark) { m.Stalls = true }

// handRun is a run whose images people make, or that are at a preview.
func handRun(t testing.TB) *play {
	return release(t, 8).builds(0, workflow.BuildPreviewing).builds(1, workflow.BuildPreviewing, stalls).
		builds(2, workflow.BuildBuilding, asksFor("make the image")).builds(3, workflow.BuildPublishing, asksFor("hand it in")).
		builds(4, workflow.BuildSubmitted, asksFor("say when customers can get it")).builds(5, workflow.BuildSubmitted, stalls).
		builds(6, workflow.BuildBuilding, asksFor("check the image"), byLena).builds(7, workflow.BuildSigning)
}

// builtDirects are people's messages about runs with builds, by name.
func builtDirects(t testing.TB) map[string]Message {
	now := func(p *play, who workflow.UserID) Message { return named.Direct(p.Run, who, p.at) }
	worst := release(t, 3, nasty).builds(0, workflow.BuildStuck, nastyMark).builds(1, workflow.BuildSigning, nastyMark)
	return map[string]Message{
		"built":         now(release(t, 4).builds(0, workflow.BuildBuilding).builds(1, workflow.BuildSigning), omar),
		"built-one":     now(release(t, 1).builds(0, workflow.BuildBuilding), omar),
		"built-stuck":   now(release(t, 2).builds(0, workflow.BuildStuck).builds(1, workflow.BuildBuilding), omar),
		"built-private": now(release(t, 1).builds(0, workflow.BuildBuilt), omar),
		"built-sign":    now(release(t, 2).builds(0, workflow.BuildSigning, goesAlong), omar),
		"built-sign-2":  now(release(t, 2).builds(0, workflow.BuildSigning).builds(1, workflow.BuildSigning).signs(omar), ana),
		"built-hostile": now(worst, omar),
		"built-hand":    now(release(t, 1).builds(0, workflow.BuildBuilding, asksFor("make the image")), omar),
		"built-own":     now(release(t, 1).builds(0, workflow.BuildBuilding, asksFor("make the image")).gives(0, lena), lena),
		"built-hands":   now(handRun(t), omar),
		"built-preview": now(release(t, 1).builds(0, workflow.BuildPreviewing, stalls), omar),
		"built-asks":    now(release(t, 3, nasty).builds(0, workflow.BuildBuilding, nastyMark).builds(1, workflow.BuildPublishing, nastyMark).builds(2, workflow.BuildSubmitted, nastyMark, stalls), omar),
	}
}

func TestDirectOfBuilds(t *testing.T) {
	t.Parallel()
	for name, m := range builtDirects(t) {
		t.Logf("%s: %d bytes in %d blocks\n%s\n%s", name, m.size(), len(m.Blocks), m.Text, m.Plain().Text)
		checkMessage(t, m, MaxDirect)
		golden(t, "direct-"+name, m)
	}
}

// What is being built is not asked for in the morning; what is stuck is.
func TestMorningOfBuilds(t *testing.T) {
	t.Parallel()
	p := release(t, 4).builds(0, workflow.BuildBuilding).builds(1, workflow.BuildStuck).builds(2, workflow.BuildSigning, byLena)
	m := named.Morning(reminder.Morning{Person: omar, Day: "2025-11-25", Rows: rowsOf(p.Run, omar, day0930("2025-11-25"))}, day0930("2025-11-25"))
	t.Logf("%s\n%s", m.Text, m.Plain().Text)
	checkMessage(t, m, MaxLetter)
	golden(t, "morning-built", m)
	if got := string(m.encode()); strings.Count(got, `"action_id":"retry"`) != 1 {
		t.Errorf("what is stuck cannot be tried again: %s", got)
	}
}

// What a build asks people for is asked of them in the morning, and what is under way
// by itself is not.
func TestMorningOfWhatPeopleMake(t *testing.T) {
	t.Parallel()
	p := handRun(t)
	m := named.Morning(reminder.Morning{Person: omar, Day: "2025-11-25", Rows: rowsOf(p.Run, omar, day0930("2025-11-25"))}, day0930("2025-11-25"))
	t.Logf("%s\n%s", m.Text, m.Plain().Text)
	checkMessage(t, m, MaxLetter)
	golden(t, "morning-built-hand", m)
	if got := string(m.encode()); strings.Count(got, `"action_id":"built"`) < 2 {
		t.Errorf("what was made cannot be reported: %s", got)
	}
}

func TestWordsOfMarks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		mark              workflow.BuildMark
		text, word, press string
		underWay          bool
	}{
		{workflow.BuildMark{Phase: workflow.BuildPreviewing, Submission: "s-1"}, "at the marketplace's preview, s-1", "at the marketplace's preview", "", true},
		{workflow.BuildMark{Phase: workflow.BuildPreviewing, Stalls: true}, "at the marketplace's preview, longer than usual", "at the marketplace's preview", "Ask support…", true},
		{workflow.BuildMark{Phase: workflow.BuildBuilding, Asks: "make the image"}, "by hand: make the image", "by hand: make the image", "Report…", false},
		{workflow.BuildMark{Phase: workflow.BuildPublishing, Asks: "hand it in"}, "by hand: hand it in", "by hand: hand it in", "Handed in…", false},
		{workflow.BuildMark{Phase: workflow.BuildSubmitted, Submission: "s-1", Stalls: true}, ":hourglass: with the marketplace, s-1, longer than usual", "with the marketplace", "Ask support…", true},
		{workflow.BuildMark{Phase: workflow.BuildStuck, Asks: "make the image"}, ":warning: *stuck*", "stuck", "Try again", false},
		{workflow.BuildMark{Phase: workflow.BuildLive, Asks: "make the image", Stalls: true}, "live", "live", "", false},
	} {
		if got := markText(&c.mark, 40); got != c.text {
			t.Errorf("%+v is told as %q, want %q", c.mark, got, c.text)
		}
		if got := markWord(&c.mark); got != c.word {
			t.Errorf("%+v is %q in a word, want %q", c.mark, got, c.word)
		}
		if got := goesOn(&c.mark); got != c.underWay {
			t.Errorf("%+v goes on by itself: %t", c.mark, got)
		}
		press := ""
		if b := markButton(&c.mark); b != nil {
			press = b.Text.Text
		}
		if press != c.press {
			t.Errorf("%+v has the button %q, want %q", c.mark, press, c.press)
		}
	}
}

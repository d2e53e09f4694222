package view

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudimage/commands"
	"cloudimage/workflow"
	"cloudimage/workflow/reminder"
)

// pat is somebody of the tracker whom nobody knows here, and patBad one with a name
// as nobody should have.
var (
	pat    = workflow.Outsider{Handle: "pat"}
	patBad = workflow.Outsider{Handle: "<!channel> *x* `y` @here " + strings.Repeat("long ", 60)}
	byOmar = workflow.Outsider{Handle: "omar_k", User: omar}
)

// tracked is a run with its issue and its marketing issue in the tracker.
func tracked(t testing.TB) *play {
	p := begin(t, start())
	p.must(p.Link(p.bot(), "issue", "https://gitlab.example/acme/omnibus/-/issues/412", "acme/omnibus#412"))
	return p
}

// bot is what the bot does next.
func (p *play) bot() workflow.Act { return p.act(workflow.Bot) }

// merging is a run that has reached its second stage, with a merge request as it
// stands.
func merging(t testing.TB, m workflow.MergeRequest) *play {
	p := tracked(t)
	p.done("gather-documentation", nil)
	p.done("joint-marketing", nil)
	p.done("partner-account", nil)
	p.done("introduce-marketing", nil)
	p.must(p.Link(p.bot(), "marketing-issue", "https://gitlab.example/acme/marketing/-/issues/7", "acme/marketing#7"))
	p.must(p.Link(p.bot(), "documentation-mr", "https://gitlab.example/acme/omnibus/-/merge_requests/918", "acme/omnibus!918"))
	p.Watched(p.bot(), "documentation-mr", m)
	return p
}

func mergeRequest(state workflow.MergeState) workflow.MergeRequest {
	return workflow.MergeRequest{Title: "Add DigitalOcean", State: state, Author: byOmar, Milestone: "18.6"}
}

// approved is a merge request that waits for the launch.
func approved(t testing.TB) *play {
	m := mergeRequest(workflow.MergeOpen)
	m.Approved = time.Date(2025, 11, 22, 9, 0, 0, 0, time.UTC)
	return merging(t, m)
}

// mergedEarly is one that was merged before it.
func mergedEarly(t testing.TB, by workflow.Outsider) *play {
	p := approved(t)
	m := mergeRequest(workflow.MergeMerged)
	m.Approved, m.Merged, m.MergedBy = p.at, p.at.Add(time.Hour), by
	p.Watched(p.bot(), "documentation-mr", m)
	return p
}

// troubles are all kinds of them, as a mirror finds them.
func troubles() map[string]workflow.Trouble {
	lines := []string{"- [x] 1.2 Gather <integration> documentation", "> *The launch* is on Friday & `soon`"}
	out := map[string]workflow.Trouble{}
	for _, kind := range []workflow.TroubleKind{
		workflow.Unreachable, workflow.Refused, workflow.Edited, workflow.Unmarked, workflow.Vanished,
		workflow.OddState, workflow.OddBox, workflow.OddPerson, workflow.Overwrote, workflow.Foreign,
	} {
		out[string(kind)] = workflow.Trouble{Kind: kind, Key: "k1", By: pat, There: lines, Ours: lines[:1]}
	}
	out["edited-hostile"] = workflow.Trouble{Kind: workflow.Edited, Key: "k1", By: patBad, There: []string{hostile(300)}, Ours: []string{hostile(300)}}
	return out
}

func troubled(t testing.TB, trouble workflow.Trouble) *play {
	p := tracked(t)
	p.Disturb(p.bot(), "issue", trouble)
	p.done("joint-marketing", nil)
	p.done("partner-account", nil)
	return p
}

// trackedCards are runs in the states that a card shows of the tracker, by name.
func trackedCards(t testing.TB) map[string]*workflow.Run {
	out := map[string]*workflow.Run{"tracked": tracked(t).Run}
	for name, trouble := range troubles() {
		out["trouble-"+name] = troubled(t, trouble).Run
	}
	repairs := troubled(t, troubles()["edited"])
	repairs.must(repairs.Repair(repairs.act(ana), "issue", "k1"))
	out["trouble-repairs"] = repairs.Run
	draft := mergeRequest(workflow.MergeOpen)
	draft.Draft = true
	out["mr-draft"] = merging(t, draft).Run
	out["mr-open"] = merging(t, mergeRequest(workflow.MergeOpen)).Run
	out["mr-approved"] = approved(t).Run
	out["mr-closed"] = merging(t, mergeRequest(workflow.MergeClosed)).Run
	out["mr-early"] = mergedEarly(t, pat).Run
	two := approved(t)
	two.Disturb(two.bot(), "issue", troubles()["odd-box"])
	two.Disturb(two.bot(), "marketing-issue", troubles()["vanished"])
	out["trouble-two"] = two.Run
	for name, by := range map[string]workflow.Outsider{"tick": pat, "tick-hostile": patBad} {
		p := tracked(t)
		p.must(p.TickOutside(p.bot(), stepKey("gather-documentation"), "issue", by, false))
		out[name] = p.Run
	}
	out["tick-own"] = ownTick(t).Run
	big := &play{Run: hostileRun(t), t: t, at: time.Date(2027, 1, 4, 9, 0, 0, 0, time.UTC)}
	big.must(big.Link(big.bot(), "documentation-mr", "https://gitlab.example/acme/omnibus/-/merge_requests/918", "acme/omnibus!918"))
	m := mergeRequest(workflow.MergeOpen)
	m.Milestone, m.Title = hostile(200), hostile(200)
	big.Watched(big.bot(), "documentation-mr", m)
	big.Disturb(big.bot(), "documentation-mr", workflow.Trouble{Kind: workflow.Edited, By: patBad, Key: "k"})
	out["tracked-hostile"] = big.Run
	return out
}

// ownTick is a box that ana ticked herself, and whose evidence is missing.
func ownTick(t testing.TB) *play {
	p := tracked(t)
	act := p.act(ana)
	p.must(p.TickOutside(act, stepKey("gather-documentation"), "issue", workflow.Outsider{Handle: "ana", User: ana}, true))
	return p
}

func TestCardOfTheTracker(t *testing.T) {
	t.Parallel()
	for name, r := range trackedCards(t) {
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

// Where there is no tracker, nothing is said of one.
func TestNoTrackerIsNamed(t *testing.T) {
	t.Parallel()
	for name, r := range trackedCards(t) {
		raw := string(pretty(t, Names{}.Card(r)))
		for _, word := range []string{"GitLab:", "out of sync", "Repair", "MR !"} {
			if strings.Contains(raw, word) {
				t.Errorf("%s: without a tracker the card says %q", name, word)
			}
		}
	}
}

// trackedDirects are messages to people about what happened in the tracker, and
// trackedMornings the rows of it.
func trackedDirects(t testing.TB) (directs, mornings map[string]Message) {
	directs, mornings = map[string]Message{}, map[string]Message{}
	add := func(name string, p *play, who workflow.UserID) {
		directs[name] = named.Direct(p.Run, who, p.at)
		now := day0930("2025-11-26")
		mornings[name] = named.Morning(reminder.Morning{Person: who, Day: "2025-11-26", Rows: rowsOf(p.Run, who, now)}, now)
	}
	for name, by := range map[string]workflow.Outsider{"tick": pat, "tick-known": byOmar, "tick-hostile": patBad} {
		p := tracked(t)
		p.must(p.TickOutside(p.bot(), stepKey("gather-documentation"), "issue", by, false))
		add(name, p, ana)
	}
	add("tick-own", ownTick(t), ana)
	add("merged-early", mergedEarly(t, pat), omar)
	add("merged-early-hostile", mergedEarly(t, patBad), maya)
	return directs, mornings
}

func TestDirectOfTheTracker(t *testing.T) {
	t.Parallel()
	directs, mornings := trackedDirects(t)
	for name, m := range directs {
		checkMessage(t, m, MaxDirect)
		golden(t, "direct-"+name, m)
	}
	for name, m := range mornings {
		checkMessage(t, m, MaxLetter)
		golden(t, "morning-"+name, m)
	}
}

// A row that was answered meanwhile says so.
func TestTickThatWasAnswered(t *testing.T) {
	t.Parallel()
	p := tracked(t)
	key := stepKey("gather-documentation")
	p.must(p.TickOutside(p.bot(), key, "issue", pat, false))
	rows := rowsOf(p.Run, ana, p.at)
	i := slices.IndexFunc(rows, func(r reminder.Row) bool { return r.Item.Move.Kind == workflow.MoveTick })
	p.must(p.DeclineTick(p.act(ana), key))
	m := named.Morning(reminder.Morning{Person: ana, Day: "2025-11-26", Rows: again(rows[i:i+1], ana, p.at)}, p.at)
	if !strings.Contains(string(pretty(t, m)), "not ticked any more") {
		t.Errorf("%s", pretty(t, m))
	}
}

func trackedStories(t testing.TB) map[string]Message {
	out := map[string]Message{}
	p := tracked(t)
	p.Hear(p.bot(), "issue", pat, "Which *sizes* do <you> need?\n> two")
	out["heard"] = tell(t, p.Run, workflow.ItemHeard)
	p.Hear(p.bot(), "issue", patBad, hostile(600))
	out["heard-hostile"] = tell(t, p.Run, workflow.ItemHeard)
	p.Hear(p.bot(), "issue", byOmar, "On it")
	out["heard-known"] = tell(t, p.Run, workflow.ItemHeard)
	p.Relabel(p.bot(), "issue", []string{"cloud image", "<!here>"}, []string{"needs::triage"})
	out["labelled"] = tell(t, p.Run, workflow.ItemLabelled)
	p.must(p.TickOutside(p.bot(), stepKey("gather-documentation"), "issue", pat, false))
	out["ticked"] = tell(t, p.Run, workflow.StepTicked)
	p.must(p.TickOutside(p.bot(), stepKey("scope-effort"), "issue", patBad, false))
	out["refused"] = tell(t, p.Run, workflow.TickRefused)
	out["ticked-own"] = tell(t, ownTick(t).Run, workflow.StepTicked)
	for name, trouble := range troubles() {
		if !trouble.Kind.Heals() {
			out["trouble-"+name] = tell(t, troubled(t, trouble).Run, workflow.ItemTroubled)
		}
	}
	out["merged"] = tell(t, mergedEarly(t, patBad).Run, workflow.ItemWatched)
	out["closed"] = tell(t, merging(t, mergeRequest(workflow.MergeClosed)).Run, workflow.ItemWatched)
	return out
}

func TestStoryOfTheTracker(t *testing.T) {
	t.Parallel()
	all := trackedStories(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		checkMessage(t, all[name], 8192)
	}
	golden(t, "stories-tracker", all)
}

// The form by which a person repairs quotes what others wrote, and lets nothing of
// it be more than text.
func TestQuotesInForms(t *testing.T) {
	t.Parallel()
	form := &commands.Form{Verb: "repair", Title: "Repair", Submit: "Repair", Intro: []workflow.Text{
		workflow.Say("%s\n%s", workflow.Strong("What is there"), workflow.Quote("- [x] one\n> two <!channel> & *three*")),
		workflow.Say("%s\n%s", workflow.Strong("What is there"), workflow.Quote(hostile(2000))),
	}}
	v := Modal(form)
	checkView(t, v)
	golden(t, "modal-quotes", v)
}

// A team is asked once for what every run is to know.
func TestAskedFact(t *testing.T) {
	t.Parallel()
	p := begin(t, start()).stage1()
	p.AskFact(p.bot(), "our-logos")
	m := named.Direct(p.Run, maya, p.at)
	checkMessage(t, m, MaxDirect)
	golden(t, "direct-fact", m)
	now := day0930("2025-11-26")
	rows := rowsOf(p.Run, maya, now)
	rows = rows[len(rows)-1:]
	m = named.Morning(reminder.Morning{Person: maya, Day: "2025-11-26", Rows: rows}, now)
	checkMessage(t, m, MaxLetter)
	golden(t, "morning-fact", m)
	p.Learn(p.act(maya), "our-logos", "https://logos.example/")
	if m = named.Morning(reminder.Morning{Person: maya, Day: "2025-11-26", Rows: again(rows, maya, now)}, now); !strings.Contains(m.Plain().Text, "said, thank you") {
		t.Errorf("%s", m.Plain().Text)
	}
}

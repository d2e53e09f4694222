package workflow_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cloudimage/workflow"
)

// This file plays what happens in the issue tracker: what people do there, what the
// bot sees of it, and what is done about it here.

// resources are what drawn processes keep elsewhere.
func resources() []workflow.Resource {
	return []workflow.Resource{
		{ID: "our-logos", Title: "Our logos", Fact: "our-logos", Ask: pm},
		{ID: "document", Title: "The document", Fact: "google-doc"},
		{ID: "of-nobody", Title: "Of nobody", Fact: "of-nobody"},
	}
}

// tracked lets some steps of a drawn process give the links that runs keep in the
// tracker, and some be done by the merge request.
func (g *generator) tracked() {
	left := []workflow.Track{workflow.TrackIssue, workflow.TrackMerge, workflow.TrackRelated, workflow.TrackRelated}
	for i := range g.def.Stages {
		for j := range g.def.Stages[i].Steps {
			s := &g.def.Stages[i].Steps[j]
			if s.PerListing || len(s.Steps) > 0 || s.DoneWhen != workflow.Never {
				continue
			}
			for k := range s.Evidence {
				f := &s.Evidence[k]
				if f.Type != workflow.URL || f.Optional || len(left) == 0 || !g.chance(2, "tracks") {
					continue
				}
				n := rapid.IntRange(0, len(left)-1).Draw(g.T, "track")
				f.Fact, f.Tracks = workflow.FactName("tracked-"+f.ID), left[n]
				left = slices.Delete(left, n, n+1)
				if f.Tracks == workflow.TrackMerge && len(s.Evidence) == 1 && g.chance(2, "done by it") {
					s.DoneWhen = rapid.SampledFrom([]workflow.Condition{workflow.MergeApproved, workflow.MergeDone}).Draw(g.T, "done when")
				}
			}
		}
	}
}

// seen is what the bot does when it has seen something: it may be refused, and then
// changes nothing.
func (m *machine) seen(t *rapid.T, do func(workflow.Act, *workflow.Run) error) {
	r := m.run.Clone()
	if err := do(workflow.Act{Actor: workflow.Bot, At: m.now}, r); err != nil {
		m.refused(t, r, err)
		return
	}
	if len(r.Emitted()) > 0 {
		m.keep(t, m.run, r)
	} else if diff := differ(m.run, r); diff != "" {
		t.Fatalf("the run changed and nothing happened:\n%s", diff)
	}
}

// item draws something that the run keeps in the tracker, or would.
func (m *machine) item(t *rapid.T) (workflow.FactName, workflow.Track) {
	all := m.def.Trackings()
	if len(all) == 0 {
		t.Skip("the process keeps nothing there")
	}
	one := rapid.SampledFrom(all).Draw(t, "item")
	return one.Fact, one.Track
}

func outsider(t *rapid.T) workflow.Outsider {
	return workflow.Outsider{
		Handle: rapid.SampledFrom([]string{"pat", "", "<!channel>", strings.Repeat("x", 255)}).Draw(t, "handle"),
		User:   rapid.SampledFrom([]workflow.UserID{"", "", ana, omar, maya, hal}).Draw(t, "outsider"),
	}
}

// inTracker are the actions that concern it.
func (m *machine) inTracker() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"link": func(t *rapid.T) {
			fact, _ := m.item(t)
			url := rapid.SampledFrom([]string{"https://there.example/1", "https://there.example/2"}).Draw(t, "url")
			path := rapid.SampledFrom([]string{"", "group/project#1", "group/project!2"}).Draw(t, "path")
			m.seen(t, func(a workflow.Act, r *workflow.Run) error { return r.Link(a, fact, url, path) })
		},
		"tick": m.tick,
		"tick ": func(t *rapid.T) {
			if len(m.doable()) > 0 {
				m.tickOf(t, rapid.SampledFrom(m.doable()).Draw(t, "doable"))
			}
		},
		"untick": func(t *rapid.T) {
			key, by := m.ticked(t), outsider(t)
			m.byItself(t, func(a workflow.Act, r *workflow.Run) { r.UntickOutside(a, key, by) })
			if s := m.run.Steps[key]; s != nil && s.Tick != nil {
				t.Fatalf("%s was unticked, and is ticked", key)
			}
		},
		"decline": func(t *rapid.T) {
			key := m.ticked(t)
			m.alone(t, key, func(a workflow.Act, r *workflow.Run) error { return r.DeclineTick(a, key) })
		},
		"disturb": func(t *rapid.T) {
			fact, _ := m.item(t)
			trouble := workflow.Trouble{By: outsider(t), Key: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "key"),
				Kind: rapid.SampledFrom([]workflow.TroubleKind{
					workflow.Unreachable, workflow.Refused, workflow.Edited, workflow.Unmarked, workflow.Vanished,
					workflow.OddState, workflow.OddBox, workflow.OddPerson, workflow.Overwrote, workflow.Foreign,
				}).Draw(t, "trouble"),
				There: slices.Repeat([]string{strings.Repeat("long ", 100)}, rapid.IntRange(0, 20).Draw(t, "lines"))}
			m.byItself(t, func(a workflow.Act, r *workflow.Run) { r.Disturb(a, fact, trouble) })
			if !slices.Contains(m.run.Disturbed(), fact) {
				t.Fatalf("%s is in trouble, and not among %v", fact, m.run.Disturbed())
			}
		},
		"mend": func(t *rapid.T) {
			fact, _ := m.item(t)
			m.byItself(t, func(a workflow.Act, r *workflow.Run) { r.Mend(a, fact) })
			if it := m.run.Items[fact]; it != nil && (it.Trouble != nil || it.Repair != "" || it.Waiting != 0) {
				t.Fatalf("%s is in step again: %+v", fact, it)
			}
		},
		"repair": func(t *rapid.T) {
			fact, _ := m.item(t)
			shown := rapid.SampledFrom([]string{"a", "b"}).Draw(t, "shown")
			was := m.run.Items[fact]
			if m.act(t, workflow.StepKey{}, func(a workflow.Act, r *workflow.Run) error { return r.Repair(a, fact, shown) }) &&
				(was == nil || was.Trouble == nil || was.Trouble.Key != shown || !m.run.Items[fact].Repairs()) {
				t.Fatalf("repaired unseen: %+v", was)
			}
		},
		"watch": m.watch,
		"hear": func(t *rapid.T) {
			fact, _ := m.item(t)
			by, said := outsider(t), words(t)
			m.byItself(t, func(a workflow.Act, r *workflow.Run) { r.Hear(a, fact, by, said) })
		},
		"relabel": func(t *rapid.T) {
			fact, _ := m.item(t)
			m.byItself(t, func(a workflow.Act, r *workflow.Run) { r.Relabel(a, fact, []string{"new"}, nil) })
		},
		"ask for a fact": func(t *rapid.T) {
			fact := rapid.SampledFrom([]workflow.FactName{"our-logos", "of-nobody", "no-fact"}).Draw(t, "fact")
			m.byItself(t, func(a workflow.Act, r *workflow.Run) { r.AskFact(a, fact) })
			if m.run.Asks["of-nobody"] != nil || m.run.Asks["no-fact"] != nil {
				t.Fatalf("nobody can be asked for it: %v", m.run.Asks)
			}
		},
		"learn": func(t *rapid.T) {
			value := rapid.SampledFrom([]string{"", "https://logos.example/"}).Draw(t, "value")
			m.byItself(t, func(a workflow.Act, r *workflow.Run) { r.Learn(a, "our-logos", value) })
		},
	}
}

// ticked draws a step whose box is ticked, if there is one.
func (m *machine) ticked(t *rapid.T) workflow.StepKey {
	var keys []workflow.StepKey
	for _, n := range m.run.Nodes() {
		if n.State.Tick != nil {
			keys = append(keys, n.Key)
		}
	}
	if len(keys) == 0 {
		key, _ := m.step(t)
		return key
	}
	return rapid.SampledFrom(keys).Draw(t, "ticked")
}

func (m *machine) tick(t *rapid.T) {
	key, _ := m.step(t)
	m.tickOf(t, key)
}

// tickOf is that somebody ticks a box, as the service takes it: in their own name
// when they may.
func (m *machine) tickOf(t *rapid.T, key workflow.StepKey) {
	by := outsider(t)
	_, err := workflow.Authorize(m.run, roster(), workflow.Ask{Who: by.User, Verb: workflow.VerbDone, Step: key})
	may := by.User != "" && err == nil
	before := m.run.Clone()
	m.seen(t, func(a workflow.Act, r *workflow.Run) error {
		if may {
			a.Actor = by.User
		}
		return r.TickOutside(a, key, "issue", by, may)
	})
	s := m.run.Steps[key]
	if s == nil || before.Steps[key].Tick != nil {
		return
	}
	if s.Tick != nil && (!before.Doable(key) || s.Tick.Own && !may) {
		t.Fatalf("%s was ticked by %v (may: %v): %+v", key, by, may, s.Tick)
	}
	if s.Status == workflow.Done && before.Steps[key].Status != workflow.Done && !may {
		t.Fatalf("%s was done by %v, who may not", key, by)
	}
}

// watch draws how the merge request stands.
func (m *machine) watch(t *rapid.T) {
	fact, track := m.item(t)
	if track != workflow.TrackMerge {
		t.Skip("it is an issue")
	}
	mr := workflow.MergeRequest{Title: "t", State: workflow.MergeOpen, Author: outsider(t), Draft: rapid.Bool().Draw(t, "draft")}
	if rapid.Bool().Draw(t, "approved") {
		mr.Approved = m.now
	}
	switch rapid.IntRange(0, 3).Draw(t, "state") {
	case 0:
		mr.State, mr.Merged, mr.MergedBy = workflow.MergeMerged, m.now.Add(-time.Hour).Truncate(time.Millisecond), outsider(t)
	case 1:
		mr.State = workflow.MergeClosed
	}
	m.byItself(t, func(a workflow.Act, r *workflow.Run) { r.Watched(a, fact, mr) })
	m.byItself(t, func(a workflow.Act, r *workflow.Run) {
		if r.Watched(a, fact, mr); len(r.Emitted()) > 0 {
			t.Fatalf("seen twice as it was: %v", r.Emitted())
		}
	})
}

// A merge request is a story when it is merged, closed or opened again, and not
// each time that something small of it changes.
func TestMergeRequestStories(t *testing.T) {
	t.Parallel()
	p := begin(t)
	p.must(p.Link(workflow.Act{At: p.now}, "documentation-mr", "https://there.example/!1", "a/b!1"))
	tells := func(what string, want bool, mr workflow.MergeRequest) {
		t.Helper()
		r := p.Clone()
		p.now = p.now.Add(time.Hour)
		r.Watched(workflow.Act{At: p.now}, "documentation-mr", mr)
		if got := len(r.Stories()) > 0; got != want {
			t.Errorf("%s: told %v, want %v: %v", what, got, want, r.Emitted())
		}
		p.Run = r.Clone()
	}
	mr := workflow.MergeRequest{State: workflow.MergeOpen}
	tells("seen", false, mr)
	mr.State = workflow.MergeClosed
	tells("closed", true, mr)
	mr.State = workflow.MergeOpen
	tells("opened again", true, mr)
	mr.Approved = p.now
	tells("approved", false, mr)
	mr.State, mr.Merged = workflow.MergeMerged, p.now
	tells("merged", true, mr)
	mr.Milestone = "18.6"
	tells("a milestone", false, mr)
}

// Whoever has left the company is asked nothing, even of what they ticked.
func TestTickOfSomebodyWhoLeft(t *testing.T) {
	t.Parallel()
	p := begin(t)
	by := workflow.Outsider{Handle: "sam", User: sam}
	p.must(p.TickOutside(workflow.Act{Actor: sam, At: p.now}, key("gather-documentation"), "issue", by, true))
	if got := p.Moves()[sam]; !slices.ContainsFunc(got, func(m workflow.Move) bool { return m.Kind == workflow.MoveTick }) {
		t.Fatalf("%v", got)
	}
	p.Left(workflow.Act{At: p.now}, sam, nil)
	for _, m := range p.Moves()[sam] {
		t.Errorf("sam has left, and is asked for %v", m)
	}
	if n, _ := p.Node(key("gather-documentation")); p.TickHolder(n) != p.Responsible(n.Key) {
		t.Errorf("it is with %q", p.TickHolder(n))
	}
}

// A tick, and a merge that came too soon, are news: nobody here caused them.
func TestTicksAreNews(t *testing.T) {
	t.Parallel()
	p := begin(t)
	before := p.Clone()
	p.must(p.TickOutside(workflow.Act{At: p.now}, key("gather-documentation"), "issue", workflow.Outsider{Handle: "pat"}, false))
	for _, n := range workflow.Notices(before, p.Run, workflow.Bot) {
		if n.User == ana && n.News {
			return
		}
	}
	t.Error("ana does not hear of it")
}

// Who may complete a step ticks the box that somebody else had ticked: it is theirs,
// and nobody has to accept it any more.
func TestTickOfWhoMayIsWorthMore(t *testing.T) {
	t.Parallel()
	for _, k := range []workflow.StepKey{key("gather-documentation"), key("technical-call")} {
		p := begin(t)
		if n, _ := p.Node(k); n.Step.Optional {
			p.must(p.Want(p.by(omar), k, 0))
		}
		pat, own := workflow.Outsider{Handle: "pat"}, workflow.Outsider{Handle: "ana.m", User: ana}
		p.must(p.TickOutside(workflow.Act{At: p.now}, k, "issue", pat, false))
		p.must(p.TickOutside(p.by(ana), k, "issue", own, true))
		n, _ := p.Node(k)
		if lacks := len(n.LacksEvidence()) > 0; lacks && (n.State.Tick == nil || n.State.Tick.By != own || !n.State.Tick.Own) || !lacks && (n.State.Status != workflow.Done || n.State.Actor != ana) {
			t.Errorf("%s is %s, ticked %+v", k, n.State.Status, n.State.Tick)
		}
		p.must(p.TickOutside(workflow.Act{At: p.now}, k, "issue", pat, false))
		if n.State.Tick != nil && n.State.Tick.By != own {
			t.Errorf("%s is ticked by %+v", k, n.State.Tick)
		}
	}
}

package workflow_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cloudimage/workflow"
)

// This file plays people at random: any action on any step, right or wrong,
// drawn now or long ago. What must hold whatever they do is in holds_test.go.

// machine is a run that random people act on.
type machine struct {
	def    *workflow.Definition
	run    *workflow.Run
	events []workflow.Event // all of the run's
	now    time.Time
	joined int
	quiet  bool // the change under way is news to nobody
}

func TestAnyProcess(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { playAtRandom(t, anyProcess(t)) })
}

func TestFirstTimeProcess(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { playAtRandom(t, firstTime()) })
}

func playAtRandom(t *rapid.T, def *workflow.Definition) {
	m := &machine{def: def, now: monday}
	m.begin(t)
	steps := map[string]func(*rapid.T){
		"":               m.holds,
		"done":           m.done,
		"done, right":    m.doneRight, // three times as likely as the rest, so
		"done, right ":   m.doneRight, // that runs get somewhere
		"done, right  ":  m.doneRight,
		"done, right   ": m.doneRight,
		"skip": func(t *rapid.T) {
			key, version := m.step(t)
			m.act(t, key, func(a workflow.Act, r *workflow.Run) error { return r.Skip(a, key, version) })
		},
		"want": func(t *rapid.T) {
			key, version := m.step(t)
			m.act(t, key, func(a workflow.Act, r *workflow.Run) error { return r.Want(a, key, version) })
		},
		"waive": func(t *rapid.T) {
			key, version := m.step(t)
			m.act(t, key, func(a workflow.Act, r *workflow.Run) error { return r.Waive(a, key, version) })
		},
		"reopen": func(t *rapid.T) {
			key, version := m.step(t)
			m.act(t, key, func(a workflow.Act, r *workflow.Run) error { return r.Reopen(a, key, version) })
		},
		"assign": func(t *rapid.T) {
			key, version := m.step(t)
			to := person(t)
			m.alone(t, key, func(a workflow.Act, r *workflow.Run) error { return r.Assign(a, key, version, to) })
		},
		"ask": func(t *rapid.T) {
			key, version := m.step(t)
			field, until, who := m.field(t, key), m.date(t), person(t)
			m.alone(t, key, func(a workflow.Act, r *workflow.Run) error { return r.Ask(a, key, version, who, field, until, "") })
		},
		"answer": func(t *rapid.T) {
			key, _ := m.step(t)
			field, said := m.field(t, key), words(t)
			m.alone(t, key, func(a workflow.Act, r *workflow.Run) error { return r.Answer(a, key, field, said) })
		},
		"wait": func(t *rapid.T) {
			key, version := m.step(t)
			asked, ticket, promised := words(t), words(t), m.date(t)
			m.alone(t, key, func(a workflow.Act, r *workflow.Run) error {
				return r.Wait(a, key, version, workflow.Question{Asked: asked, Ticket: ticket, Promised: promised})
			})
		},
		"answered": func(t *rapid.T) {
			key, version := m.step(t)
			said := words(t)
			m.alone(t, key, func(a workflow.Act, r *workflow.Run) error { return r.PartnerAnswered(a, key, version, said) })
		},
		"take": func(t *rapid.T) {
			key, version := m.step(t)
			action, note := workflow.StepID("escalate"), words(t)
			if for0 := m.run.ActionsFor(key); len(for0) > 0 {
				action = rapid.SampledFrom(for0).Draw(t, "action").ID
			}
			m.alone(t, key, func(a workflow.Act, r *workflow.Run) error { return r.Take(a, key, version, action, note) })
		},
		"join": m.join,
		"do everything": func(t *rapid.T) {
			if rapid.IntRange(1, 8).Draw(t, "really") < 8 {
				t.Skip("seldom, or runs are complete most of the time")
			}
			m.everything(t)
		},
		"due": func(t *rapid.T) {
			key, version := m.step(t)
			on := m.date(t)
			m.alone(t, key, func(a workflow.Act, r *workflow.Run) error { return r.SetDue(a, key, version, on) })
		},
		"owner": func(t *rapid.T) {
			to := person(t)
			m.alone(t, workflow.StepKey{}, func(a workflow.Act, r *workflow.Run) error { return r.SetOwner(a, to) })
		},
		"lead": func(t *rapid.T) {
			team := rapid.SampledFrom([]workflow.TeamID{sp, om, pm, "nobody"}).Draw(t, "team")
			to := person(t)
			m.alone(t, workflow.StepKey{}, func(a workflow.Act, r *workflow.Run) error { return r.SetLead(a, team, to) })
		},
		"stage": func(t *rapid.T) {
			id := rapid.SampledFrom(m.def.Stages).Draw(t, "stage").ID
			to, on := person(t), m.date(t)
			m.act(t, workflow.StepKey{}, func(a workflow.Act, r *workflow.Run) error {
				if on == "" {
					return r.AssignStage(a, id, to)
				}
				return r.SetStageDue(a, id, on)
			})
		},
		"note": func(t *rapid.T) {
			key, _ := m.step(t)
			text := words(t)
			m.alone(t, key, func(a workflow.Act, r *workflow.Run) error { return r.Note(a, key, text) })
		},
		"accept": func(t *rapid.T) {
			m.act(t, workflow.StepKey{}, func(a workflow.Act, r *workflow.Run) error { return r.Accept(a) })
		},
		"cancel": func(t *rapid.T) {
			if rapid.IntRange(1, 20).Draw(t, "really") < 20 {
				t.Skip("seldom, or no run gets far")
			}
			m.act(t, workflow.StepKey{}, func(a workflow.Act, r *workflow.Run) error { return r.Cancel(a) })
		},
	}
	maps.Copy(steps, m.timeAndPeople())
	maps.Copy(steps, m.inTracker())
	maps.Copy(steps, m.aboutReleases())
	t.Repeat(steps)
	m.checkHistory(t)
	m.finish(t)
	m.checkHistory(t)
}

func (m *machine) begin(t *rapid.T) {
	start := startWith(ceImage())
	if rapid.Bool().Draw(t, "two listings") {
		start.Listings = append(start.Listings, eeImage())
		start.Listings[1].Facts = map[workflow.FactName]string{"known": "before"}
	}
	if rapid.IntRange(1, 8).Draw(t, "proposed") == 1 {
		start.Proposed, start.Owner = true, ""
	}
	if m.def.Subject == workflow.SubjectCatalyst {
		start.Target = ""
		c := m.catalyst(t)
		start.Catalyst, start.Carried = &c, m.carried(t)
	}
	by := ana
	if m.def.Subject == workflow.SubjectCatalyst && rapid.Bool().Draw(t, "by itself") {
		by = workflow.Bot
	}
	r, err := workflow.Begin(workflow.Act{Actor: by, At: m.now}, m.def, week{}, start)
	if err != nil {
		t.Fatal(err)
	}
	m.keep(t, nil, r)
}

// act does something as a random person. An action either fails, and then has
// changed nothing, or happened, and then the events say all that changed.
func (m *machine) act(t *rapid.T, about workflow.StepKey, do func(workflow.Act, *workflow.Run) error) (done bool) {
	m.now = m.now.Add(time.Duration(rapid.Int64Range(0, int64(20*time.Hour)).Draw(t, "later")))
	act := workflow.Act{
		Actor:  rapid.SampledFrom([]workflow.UserID{ana, sam, omar, olu, maya, mo, hal}).Draw(t, "actor"),
		At:     m.now,
		Reason: rapid.SampledFrom([]string{"because", "", " "}).Draw(t, "reason"),
	}
	r := m.run.Clone()
	err := do(act, r)
	if err != nil {
		m.refused(t, r, err)
		return false
	}
	if len(r.Emitted()) == 0 {
		if diff := differ(m.run, r); diff != "" {
			t.Fatalf("the run changed and nothing happened:\n%s", diff)
		}
		return true
	}
	for _, e := range r.Emitted() {
		if e.Step != (workflow.StepKey{}) && e.Step != about && e.Actor != workflow.Bot {
			t.Fatalf("an action on %q made %s of %q theirs", about, e.Type, e.Step)
		}
	}
	m.keep(t, m.run, r)
	return true
}

// alone is act for what nothing else may follow from.
func (m *machine) alone(t *rapid.T, about workflow.StepKey, do func(workflow.Act, *workflow.Run) error) {
	before := len(m.events)
	if m.act(t, about, do) && len(m.events) > before+1 {
		t.Fatalf("more followed than the action itself: %v", m.events[before:])
	}
}

// refused checks an error: it changed nothing, and says something to a person.
func (m *machine) refused(t *rapid.T, r *workflow.Run, err error) {
	if len(r.Emitted()) > 0 {
		t.Fatalf("refused (%v), and yet it happened: %v", err, r.Emitted())
	}
	if diff := differ(m.run, r); diff != "" {
		t.Fatalf("refused (%v), and yet the run changed:\n%s", err, diff)
	}
	var e *workflow.Error
	if !errors.As(err, &e) || e.Kind == workflow.Internal {
		t.Fatalf("not an error for people: %v", err)
	}
	texts := []workflow.Text{e.Message}
	for _, text := range e.Fields {
		texts = append(texts, text)
	}
	for _, text := range texts {
		said := text.String()
		if strings.Contains(said, "%!") || !strings.HasSuffix(text.Format, ".") && !strings.HasSuffix(text.Format, "%s") && !strings.HasSuffix(text.Format, "https://") {
			t.Fatalf("not a sentence: %q", said)
		}
		if strings.Contains(said, "once the run goes on") && r.State == workflow.Running {
			t.Fatalf("it does not say what it waits for: %q", said)
		}
	}
}

// keep takes what an action made of the run.
func (m *machine) keep(t *rapid.T, before, after *workflow.Run) {
	m.checkEvents(t, before, after)
	m.checkNotices(t, before, after)
	if before != nil {
		if diff := differ(before, workflow.Replay(m.def, week{}, m.events)); diff != "" {
			t.Fatalf("a change of a copy changed the run itself:\n%s", diff)
		}
	}
	m.events = append(m.events, after.Emitted()...)
	m.run = after.Clone()
}

func (m *machine) done(t *rapid.T) {
	key, version := m.step(t)
	n, ok := m.run.Node(key)
	answers := map[workflow.FieldID]string{}
	wrong := false
	if ok {
		answers = evidenceFor(n.Step)
		if len(n.Step.Evidence) > 0 && rapid.Bool().Draw(t, "wrong evidence") {
			f := rapid.SampledFrom(n.Step.Evidence).Draw(t, "field")
			answers[f.ID] = rapid.SampledFrom([]string{"", "  ", "password: hunter2", "https://", "NaN", "2026-13-01"}).Draw(t, "answer")
			_, err := workflow.CheckEvidence(n.Step, answers, n.State.Evidence)
			wrong = err != nil
		}
	}
	happened := m.act(t, key, func(a workflow.Act, r *workflow.Run) error { return r.Done(a, key, version, answers) })
	if happened && wrong {
		t.Fatalf("%s is done with %v", key, answers)
	}
}

// doneRight does a step that is said to be doable, with what it asks for: that
// must not fail.
func (m *machine) doneRight(t *rapid.T) {
	keys := m.doable()
	if len(keys) == 0 {
		t.Skip("nothing to do")
	}
	m.do(t, rapid.SampledFrom(keys).Draw(t, "doable"))
}

func (m *machine) do(t *rapid.T, key workflow.StepKey) {
	n, _ := m.run.Node(key)
	answers := evidenceFor(n.Step)
	if n.Step.DoneWhen == workflow.AssignedAndDue {
		answers[workflow.FieldDue] = string(workflow.DateOf(m.now.AddDate(0, 0, 3)))
	}
	m.act(t, key, func(a workflow.Act, r *workflow.Run) error {
		if err := r.Done(a, key, n.State.Version, answers); err != nil {
			t.Fatalf("%s is said to be doable: %v", key, err)
		}
		if got := r.Steps[key].Status; got != workflow.Done {
			t.Fatalf("%s was done and is %s", key, got)
		}
		return nil
	})
}

func (m *machine) doable() (out []workflow.StepKey) {
	for _, n := range m.run.Nodes() {
		if m.run.Doable(n.Key) {
			out = append(out, n.Key)
		}
	}
	return out
}

func (m *machine) join(t *rapid.T) {
	l := workflow.NewListing(rapid.SampledFrom([]string{"CE", "EE", "Ultimate"}).Draw(t, "edition"), workflow.OmnibusPackage, workflow.AWS)
	m.act(t, workflow.StepKey{}, func(a workflow.Act, r *workflow.Run) error {
		if err := r.Join(a, l); err != nil {
			return err
		}
		m.joined++
		return nil
	})
}

// finish does all that can be done until nothing is left: no process may come
// to a standstill before its run is complete, whatever happened before.
func (m *machine) finish(t *rapid.T) {
	if m.run.State == workflow.Proposed {
		m.act(t, workflow.StepKey{}, func(a workflow.Act, r *workflow.Run) error { return r.Accept(a) })
	}
	m.everything(t)
	if m.run.State == workflow.Running {
		var left []string
		for _, n := range m.run.Nodes() {
			if !n.State.Status.Closed() {
				left = append(left, fmt.Sprintf("%s is %s and waits for %v", n.Key, n.State.Status, waitsFor(m.run, n.Key)))
			}
		}
		t.Fatalf("nothing can be done any more, and the run goes on: %v", left)
	}
}

// everything does all that can be done.
func (m *machine) everything(t *rapid.T) {
	for keys := m.doable(); len(keys) > 0; keys = m.doable() {
		m.do(t, keys[0])
		m.holds(t)
	}
}

func waitsFor(r *workflow.Run, key workflow.StepKey) (out []string) {
	for _, b := range slices.Concat(r.LockedBy(key), r.Unmet(key)) {
		out = append(out, b.Text().String())
	}
	return out
}

// step draws a step, and the version of it that somebody saw.
func (m *machine) step(t *rapid.T) (workflow.StepKey, int64) {
	nodes := m.run.Nodes()
	i := rapid.IntRange(-1, len(nodes)-1).Draw(t, "step")
	if i < 0 {
		return rapid.SampledFrom([]workflow.StepKey{{}, {Step: "no-such-step"}, {Step: nodes[0].Key.Step, Listing: "no-listing"}}).Draw(t, "no step"), 0
	}
	version := nodes[i].State.Version
	switch rapid.IntRange(0, 5).Draw(t, "seen") {
	case 0:
		version = 0
	case 1:
		version = rapid.Int64Range(1, m.run.Version).Draw(t, "old version")
	}
	return nodes[i].Key, version
}

func (m *machine) field(t *rapid.T, key workflow.StepKey) workflow.FieldID {
	n, ok := m.run.Node(key)
	if !ok || len(n.Step.Evidence) == 0 {
		return "no-field"
	}
	return rapid.SampledFrom(n.Step.Evidence).Draw(t, "field").ID
}

func (m *machine) date(t *rapid.T) workflow.Date {
	days := rapid.IntRange(-3, 40).Draw(t, "days")
	switch days {
	case -3:
		return ""
	case -2:
		return "tomorrow"
	}
	return workflow.DateOf(m.now.AddDate(0, 0, days))
}

func person(t *rapid.T) workflow.UserID {
	return rapid.SampledFrom([]workflow.UserID{ana, sam, omar, olu, maya, hal, ""}).Draw(t, "person")
}

// words are what somebody wrote: nothing, something, or what nobody may keep.
func words(t *rapid.T) string {
	return rapid.SampledFrom([]string{"because", "see the document", "", " ", secret, strings.Repeat("long ", 700)}).Draw(t, "words")
}

// secret is what must never be found in a run or its history.
const secret = "the password: hunter2"

package workflow_test

import (
	"cmp"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cloudimage/workflow"
)

// This file is what machine_test.go plays beside the life of steps: time passes,
// people come and go and are reminded, partners are silent, launches move.

func (m *machine) timeAndPeople() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"time":   m.time,
		"time ":  m.time,
		"remind": m.remind,
		"follow": m.follow,
		"left": func(t *rapid.T) {
			if rapid.IntRange(1, 5).Draw(t, "really") < 5 {
				t.Skip("seldom, or nobody is left")
			}
			who := rapid.SampledFrom([]workflow.UserID{sam, omar, olu, hal}).Draw(t, "who")
			leads := map[workflow.TeamID]workflow.UserID{sp: ana, om: maya}
			m.byItself(t, func(a workflow.Act, r *workflow.Run) { r.Left(a, who, leads) })
			for person, moves := range m.run.Moves() {
				for _, move := range moves {
					if cmp.Or(move.For, person) == who && !m.standsIn(who) {
						t.Fatalf("%s has left, and is asked for %v", who, move)
					}
				}
			}
		},
		"undo": func(t *rapid.T) {
			key, version := m.step(t)
			m.act(t, key, func(a workflow.Act, r *workflow.Run) error { return r.Undo(a, key, version) })
		},
		"done, undone": m.doneUndone,
		"snooze": func(t *rapid.T) {
			key, version := m.step(t)
			until := workflow.SnoozeFor{Days: rapid.IntRange(-1, 25).Draw(t, "business days")}
			if rapid.Bool().Draw(t, "on a day") {
				until = workflow.SnoozeFor{On: m.date(t)}
			}
			m.alone(t, key, func(a workflow.Act, r *workflow.Run) error {
				if rapid.Bool().Draw(t, "theirs") {
					a.Actor = r.Acting(r.Chaser(key))
				}
				return r.Snooze(a, key, version, until)
			})
		},
		"wait, surely": func(t *rapid.T) {
			if keys := m.doable(); len(keys) > 0 {
				key, promised := rapid.SampledFrom(keys).Draw(t, "doable"), m.date(t)
				m.alone(t, key, func(a workflow.Act, r *workflow.Run) error {
					return r.Wait(a, key, 0, workflow.Question{Asked: "please look", Contact: "Joe", Promised: promised})
				})
			}
		},
		"wrote": func(t *rapid.T) {
			key, version := m.waiting(t)
			said, promised := words(t), m.date(t)
			m.alone(t, key, func(a workflow.Act, r *workflow.Run) error { return r.PartnerWrote(a, key, version, said, promised) })
		},
		"silent": func(t *rapid.T) {
			key, version := m.waiting(t)
			note := words(t)
			m.alone(t, key, func(a workflow.Act, r *workflow.Run) error { return r.StillSilent(a, key, version, note) })
		},
		"escalate": func(t *rapid.T) {
			key, version := m.waiting(t)
			note := words(t)
			m.alone(t, key, func(a workflow.Act, r *workflow.Run) error { return r.Escalate(a, key, version, note) })
		},
		"they answered": func(t *rapid.T) {
			key, version := m.waiting(t)
			m.alone(t, key, func(a workflow.Act, r *workflow.Run) error { return r.PartnerAnswered(a, key, version, "yes") })
		},
		"launch": func(t *rapid.T) {
			on := m.date(t)
			m.act(t, workflow.StepKey{}, func(a workflow.Act, r *workflow.Run) error { return r.MoveLaunch(a, on) })
		},
		"launched": func(t *rapid.T) {
			key, version := m.step(t)
			m.alone(t, key, func(a workflow.Act, r *workflow.Run) error { return r.LaunchStep(a, key, version) })
		},
	}
}

// standsIn reports whether the person stands in for a team; the office ends that
// when they have left.
func (m *machine) standsIn(who workflow.UserID) bool {
	for _, s := range m.run.Standins {
		if s.User == who {
			return true
		}
	}
	return false
}

// waiting draws a step that waits for the partner, if there is one.
func (m *machine) waiting(t *rapid.T) (workflow.StepKey, int64) {
	var keys []workflow.StepKey
	for _, n := range m.run.Nodes() {
		if n.State.Waiting != nil {
			keys = append(keys, n.Key)
		}
	}
	if len(keys) == 0 {
		return m.step(t)
	}
	key := rapid.SampledFrom(keys).Draw(t, "waiting")
	return key, m.run.Steps[key].Version
}

// byItself is act for what nobody does: it cannot be refused.
func (m *machine) byItself(t *rapid.T, do func(workflow.Act, *workflow.Run)) {
	r := m.run.Clone()
	do(workflow.Act{At: m.now}, r)
	if len(r.Emitted()) > 0 {
		m.keep(t, m.run, r)
	} else if diff := differ(m.run, r); diff != "" {
		t.Fatalf("the run changed and nothing happened:\n%s", diff)
	}
}

// time lets time pass: some hours, or until just before or just when something
// happens by itself.
func (m *machine) time(t *rapid.T) {
	next := m.run.NextDue()
	now := m.now.Add(time.Duration(rapid.IntRange(1, 40*24).Draw(t, "hours")) * time.Hour)
	if at := rapid.IntRange(-1, 1).Draw(t, "around the next"); at < 1 && next.After(m.now) {
		now = next.Add(time.Duration(at))
	}
	m.now = now
	m.byItself(t, func(_ workflow.Act, r *workflow.Run) {
		r.Tick(now)
		if due := !next.IsZero() && !next.After(now); (len(r.Emitted()) > 0) != due {
			t.Fatalf("the next is due %s; at %s this happened: %v", next, now, r.Emitted())
		}
		if next := r.NextDue(); !next.IsZero() && !next.After(now) {
			t.Fatalf("at %s, after all that time does, the next is due %s", now, next)
		}
	})
}

// remind gives somebody a morning message, as a sender does.
func (m *machine) remind(t *rapid.T) {
	m.now = m.now.Add(time.Duration(rapid.IntRange(1, 100).Draw(t, "hours")) * time.Hour)
	who := person(t)
	m.byItself(t, func(_ workflow.Act, r *workflow.Run) {
		for _, todo := range m.run.Todos() {
			if todo.Person == who && todo.Reminded < workflow.MostReminders && !todo.Quiet.After(m.now) {
				r.Remind(m.now, who, todo.Move)
			}
		}
	})
	m.byItself(t, func(_ workflow.Act, r *workflow.Run) { r.Remind(m.now, who, workflow.Move{Key: key("no-step")}) })
	m.byItself(t, func(_ workflow.Act, r *workflow.Run) { r.Remind(m.now, who, workflow.Move{Stage: "no-stage"}) })

	// What it was about may be settled by the time it has been said.
	about, _ := m.step(t)
	kind := rapid.SampledFrom(slices.Sorted(maps.Keys(verbs))).Draw(t, "kind")
	r := m.run.Clone()
	r.Remind(m.now, who, workflow.Move{Kind: kind, Key: about})
	r.Remind(m.now, who, workflow.Move{Kind: kind, Stage: m.def.Stages[0].ID})
}

// follow draws an office, with loops and chains of covers, and lets the run
// follow it.
func (m *machine) follow(t *rapid.T) {
	people := []workflow.UserID{ana, sam, omar, olu, maya, hal}
	o := &workflow.Office{Away: map[workflow.UserID]workflow.Cover{}}
	for range rapid.IntRange(0, 4).Draw(t, "covers") {
		who := rapid.SampledFrom(people).Draw(t, "away")
		o.Away[who] = workflow.Cover{By: rapid.SampledFrom(people).Draw(t, "by"), Until: m.now.Add(time.Duration(rapid.IntRange(-24, 500).Draw(t, "until")) * time.Hour), Set: who}
	}
	for range rapid.IntRange(0, 2).Draw(t, "standins") {
		s := workflow.Standin{
			Team:  rapid.SampledFrom([]workflow.TeamID{sp, om, pm, "nobody"}).Draw(t, "team"),
			User:  rapid.SampledFrom(people).Draw(t, "standin"),
			Scope: rapid.SampledFrom([][]workflow.ProcessName{nil, {"other"}, {m.def.Name, "other"}}).Draw(t, "scope"),
		}
		if rapid.Bool().Draw(t, "ends") {
			s.Ends = m.now.Add(time.Duration(rapid.IntRange(-24, 500).Draw(t, "end")) * time.Hour)
		}
		o.Standins = append(o.Standins, s)
	}
	m.quiet = true
	m.byItself(t, func(a workflow.Act, r *workflow.Run) {
		r.Follow(a, o)
		again := r.Clone()
		again.Follow(a, o)
		if len(again.Emitted()) > 0 {
			t.Fatalf("it follows twice: %v", again.Emitted())
		}
	})
	m.quiet = false
}

// doneUndone does a step and undoes that at once: all is as it was.
func (m *machine) doneUndone(t *rapid.T) {
	keys := m.doable()
	if len(keys) == 0 {
		t.Skip("nothing to do")
	}
	key := rapid.SampledFrom(keys).Draw(t, "doable")
	before := m.run.Clone()
	m.do(t, key)
	who := m.run.Steps[key].Actor
	done := m.run.Clone()
	m.now = m.now.Add(workflow.UndoWithin - time.Second)
	if !m.run.Undoable(key, who, m.now) {
		t.Fatalf("%s cannot undo %s", who, key)
	}
	r := m.run.Clone()
	if err := r.Undo(workflow.Act{Actor: who, At: m.now}, key, m.run.Steps[key].Version); err != nil {
		t.Fatal(err)
	}
	if stories := r.Stories(); len(stories) > 0 {
		t.Fatalf("an undo tells %v", stories)
	}
	m.keep(t, m.run, r)
	was, is := *before.Steps[key], *m.run.Steps[key]
	was.Version, was.Evidence, is.Version, is.Evidence = 0, nil, 0, nil
	if diff := diffSteps(was, is); diff != "" {
		t.Fatalf("%s was done and undone (-before +after):\n%s", key, diff)
	}
	for k, s := range done.Steps {
		if s.Status == workflow.Done && s.Actor == workflow.Bot && before.Steps[k].Status != workflow.Done && !done.IsGroup(k) {
			return // it closed by itself, and what is done stays done, with what it opened
		}
	}
	if m.run.State != before.State {
		t.Fatalf("the run was %s, and is %s", before.State, m.run.State)
	}
	for id, s := range m.run.Stages {
		if s.Status != before.Stages[id].Status {
			t.Fatalf("stage %s was %s, and is %s", id, before.Stages[id].Status, s.Status)
		}
	}
	for k, s := range m.run.Steps {
		if was := before.Steps[k].Status; s.Status != was {
			t.Fatalf("%s was %s, and %s after %s was done, and is %s", k, was, done.Steps[k].Status, key, s.Status)
		}
	}
}

func TestCloneIsAnother(t *testing.T) {
	t.Parallel()
	p := uploading(t)
	testing := key("partner-testing@ce-image")
	p.must(p.Ask(p.by(olu), testing, 0, hal, "image-id", "", ""))
	p.must(p.Snooze(p.because(olu, "later"), testing, 0, workflow.SnoozeFor{Days: 1}))
	p.must(p.Wait(p.by(olu), testing, 0, workflow.Question{Asked: "please test it"}))
	p.Follow(p.by(olu), &workflow.Office{Away: map[workflow.UserID]workflow.Cover{omar: {By: olu, Until: monday.AddDate(0, 1, 0)}}})
	before := p.Clone()
	for range 3 {
		c := p.Clone()
		act := workflow.Act{Actor: olu, At: p.now.Add(time.Hour), Reason: "because"}
		c.Follow(act, &workflow.Office{})
		p.must(c.PartnerWrote(act, testing, 0, "soon", launchDay))
		p.must(c.Escalate(act, testing, 0, ""))
		c.Remind(act.At, olu, workflow.Move{Kind: workflow.MoveChase, Key: testing})
		c.Left(act, hal, nil)
		p.must(c.Done(act, testing, 0, map[workflow.FieldID]string{"image-id": "1"}))
		c.Left(act, ana, nil)
		p.must(c.Undo(act, testing, 0))
		p.must(c.Join(act, eeImage()))
	}
	if diff := differ(before, p.Run); diff != "" {
		t.Errorf("changes of copies changed it:\n%s", diff)
	}
}

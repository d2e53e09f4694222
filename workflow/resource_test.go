package workflow_test

import (
	"context"
	"testing"

	"cloudimage/workflow"
)

// What nobody can say by hand is not asked for: what has an address, what is in the
// tracker, and what is no link.
func TestResourceField(t *testing.T) {
	t.Parallel()
	def := firstTime()
	for _, c := range []struct {
		res  workflow.Resource
		kind workflow.FieldType
		ok   bool
	}{
		{workflow.Resource{Fact: "google-doc"}, workflow.URL, true},
		{workflow.Resource{Fact: "vault-item"}, workflow.VaultItem, true},
		{workflow.Resource{Fact: "our-logos"}, workflow.URL, true},
		{workflow.Resource{Fact: workflow.FactIssue}, "", false},
		{workflow.Resource{Fact: "documentation"}, "", false},
		{workflow.Resource{Fact: "effort-days"}, "", false},
		{workflow.Resource{URL: "https://docs.example/"}, "", false},
		{workflow.Resource{}, "", false},
	} {
		f, ok := def.ResourceField(c.res)
		if ok != c.ok || ok && (f.Type != c.kind || !f.Optional) {
			t.Errorf("%+v is asked as %+v, %v", c.res, f, ok)
		}
	}
}

func TestSetResource(t *testing.T) {
	t.Parallel()
	p := begin(t)
	p.must(p.SetResource(p.by(ana), "google-doc", " https://docs.example/1 "))
	if got := p.Facts["google-doc"]; got != "https://docs.example/1" {
		t.Errorf("%q", got)
	}
	for fact, value := range map[workflow.FactName]string{
		"google-doc": "password: hunter2", "our-logos": "https://logos.example/", workflow.FactIssue: "https://there.example/1", "no-fact": "x",
	} {
		if err := p.SetResource(p.by(ana), fact, value); err == nil {
			t.Errorf("%s is %q", fact, p.Facts[fact])
		}
	}
	p.must(p.SetResource(p.by(ana), "google-doc", ""))
	if got, has := p.Facts["google-doc"]; has {
		t.Errorf("%q is known still", got)
	}
	p.must(p.Cancel(p.because(ana, "over")))
	if err := p.SetResource(p.by(ana), "google-doc", "https://docs.example/1"); workflow.KindOf(err) != workflow.Conflict {
		t.Errorf("%v", err)
	}
}

// Who is asked for one text, or only proposed a run, does not say where its things
// are.
func TestWhoMaySayWhereThingsAre(t *testing.T) {
	t.Parallel()
	p := uploading(t)
	p.must(p.Ask(p.by(olu), key("partner-testing@ce-image"), 0, hal, "image-id", "", ""))
	for who, want := range map[workflow.UserID]bool{ana: true, sam: true, omar: true, olu: true, maya: true, hal: false, "U0NOBODY": false} {
		_, err := workflow.Authorize(p.Run, roster(), workflow.Ask{Who: who, Verb: workflow.VerbResource})
		if (err == nil) != want {
			t.Errorf("%s: %v", who, err)
		}
	}
}

// A fact is asked for once, by one run, and is over when it is known.
func TestAskedFact(t *testing.T) {
	t.Parallel()
	p := uploading(t)
	p.AskFact(p.by(workflow.Bot), "our-logos")
	p.AskFact(p.by(workflow.Bot), "our-logos")
	asked := func() (todo workflow.Todo, ok bool) {
		for _, todo := range p.Todos() {
			if todo.Kind == workflow.MoveFact {
				return todo, true
			}
		}
		return todo, false
	}
	todo, ok := asked()
	if !ok || todo.Person != maya || todo.Field != "our-logos" || !todo.Quiet.IsZero() {
		t.Fatalf("%+v, %v", todo, ok)
	}
	p.Remind(p.now, maya, todo.Move)
	if todo, _ = asked(); todo.Reminded != 1 || todo.Quiet.Year() < 9999 {
		t.Errorf("once is enough: %+v", todo)
	}
	if p.Run.Reminded[maya].Times != 0 {
		t.Error("it counts as a reminder of the proposal")
	}
	p.Learn(p.by(maya), "our-logos", "https://logos.example/")
	if todo, ok := asked(); ok || p.Asks != nil {
		t.Errorf("it is known, and asked for: %+v", todo)
	}
	p.Remind(p.now, maya, todo.Move) // which was said by then
}

// Of all runs the first asks in which a stage of the team opens; when that one is
// over, the next.
func TestOnlyOneRunAsks(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := newOffice()
	first, second := o.opened(t, ana), o.another(t, ana)
	stage1 := func(id workflow.RunID, request string) {
		t.Helper()
		_, err := o.Do(ctx, who(ana, request), id, workflow.Ask{Verb: workflow.VerbNote}, func(act workflow.Act, r *workflow.Run) error {
			p := &play{t, r, act.At}
			for _, n := range p.Nodes() {
				if n.Stage.ID == "introduction" && !n.Step.Optional {
					p.must(p.Done(act, n.Key, 0, evidenceFor(n.Step)))
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	asks := func(id workflow.RunID) bool { return o.run(id).AsksFor("our-logos") }
	stage1(second.ID, "first to open")
	stage1(first.ID, "next to open")
	if asks(first.ID) || !asks(second.ID) {
		t.Fatalf("asked by the first run %v, by the second %v", asks(first.ID), asks(second.ID))
	}
	reopen := key("gather-documentation")
	over := who(ana, "over")
	over.Reason = "It comes to nothing."
	_, err := o.Do(ctx, over, second.ID, workflow.Ask{Verb: workflow.VerbCancel}, func(act workflow.Act, r *workflow.Run) error { return r.Cancel(act) })
	if err != nil {
		t.Fatal(err)
	}
	for _, again := range []string{"locked", "opens again"} {
		_, err := o.Do(ctx, who(ana, again), first.ID, workflow.Ask{Verb: workflow.VerbNote}, func(act workflow.Act, r *workflow.Run) error {
			if again == "locked" {
				return r.Reopen(act, reopen, 0)
			}
			n, _ := r.Node(reopen)
			return r.Done(act, reopen, 0, evidenceFor(n.Step))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if !asks(first.ID) {
		t.Error("nobody asks any more")
	}
	if err := o.SetFact(ctx, who(maya, "said"), "our-logos", "https://logos.example/"); err != nil {
		t.Fatal(err)
	}
	if asks(first.ID) || o.run(first.ID).Facts["our-logos"] == "" {
		t.Error("it is said, and asked for still")
	}
}

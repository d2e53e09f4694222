package commands_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudimage/commands"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// turns does what the engine does after something has changed: it changes the build, and
// its run knows how it stands.
func (o *office) turns(id images.BuildID, change func(*images.Build)) {
	o.t.Helper()
	b, err := o.shelf.yard.Build(context.Background(), id)
	if err != nil {
		o.t.Fatal(err)
	}
	change(b)
	m := workflow.BuildMark{Phase: b.Phase(), Image: b.Images[b.Order.Region], Publishes: b.Order.Publishes(), Goes: b.Order.Goes()}
	for _, name := range []images.StepName{images.Preview, images.Submit} {
		if t := b.Step(name, "", ""); t != nil && t.Ref != "" {
			m.Submission = t.Ref
		}
	}
	if failed := b.Failed(); len(failed) > 0 {
		m.Trouble = failed[0].Trouble()
	}
	_, m.Asks = b.Asked()
	o.moves(id, m, change)
}

// comesTo lets all steps before one be done, and that one wait for a person.
func (o *office) comesTo(id images.BuildID, name images.StepName, asks string) {
	o.t.Helper()
	o.turns(id, func(b *images.Build) {
		phase := 0
		for i := range b.Steps {
			if b.Steps[i].Name == name && b.Steps[i].Role != images.Trial {
				phase = b.Steps[i].Phase
			}
		}
		for i := range b.Steps {
			s := &b.Steps[i]
			switch {
			case s.Name == name && s.Phase == phase:
				s.State, s.Since, s.Asks, s.Answer = images.StepWorking, o.now, asks, nil
			case s.Phase < phase && s.State != images.StepDone:
				s.State, s.Since, s.Ended, s.Asks, s.Answer = images.StepDone, o.now, o.now, "", nil
			}
		}
	})
}

// takes lets omar take the only lane that is made by hand.
func (o *office) takes() *images.Build {
	o.t.Helper()
	reply, err := o.do("omar", commands.Request{Verb: "build", Target: commands.Target{Run: o.run("17.6.0").ID, Field: "hand"}})
	if err != nil || reply.Form == nil {
		o.t.Fatalf("nothing to take: %s", print(reply, err))
	}
	if reply, err = o.sends("omar", reply.Form, "listings=digitalocean-ce-image"); err != nil {
		o.t.Fatalf("nothing is taken: %s", print(reply, err))
	}
	builds := o.shelf.yard.some(100, func(b *images.Build) bool { return b.Order.ByHand })
	if len(builds) != 1 {
		o.t.Fatalf("%d builds: %s", len(builds), print(reply, err))
	}
	return builds[0]
}

// What people make is a build, and they are asked for one thing after the other.
func TestBuildsByHand(t *testing.T) {
	t.Parallel()
	s := &sheet{office: newYard(t)}
	run := s.run("17.6.0").ID
	s.shelf.runs[run].Catalyst.Packages = s.shelf.yard.sky.packages
	l := s.shelf.ledger.listings["digitalocean-ce-image"]
	l.Link = "https://marketplace.example/apps/gitlab"
	s.shelf.ledger.listings[l.ID] = l
	ask := func(what, who string, req commands.Request) commands.Reply {
		t.Helper()
		reply, err := s.do(who, req)
		return s.note(what, reply, err)
	}
	send := func(what, who string, f *commands.Form, answers ...string) {
		t.Helper()
		reply, err := s.sends(who, f, answers...)
		s.note(what, reply, err)
	}
	hand := commands.Request{Verb: "build", Target: commands.Target{Run: run, Field: "hand"}}
	take := ask("omar clicks Take", "omar", hand).Form
	send("and takes it", "omar", take)
	b := s.shelf.yard.builds[0]
	if o := b.Order; !o.ByHand || o.Provider != workflow.Manual || o.Product != "DigitalOcean" || o.By != id("omar") || len(s.shelf.yard.builds) != 1 {
		t.Fatalf("ordered is %+v", o)
	}
	lane := b.Order.Lane
	ask("nothing is asked yet", "omar", about("built", b, "", nil))
	s.comesTo(b.ID, images.Capture, "make the image")
	ask("it is by hand still", "lena", commands.Request{Verb: "build"})
	send("lena takes it over", "lena", ask("lena clicks Take", "lena", hand).Form)
	if n := s.run("17.6.0").Steps[lane]; n.Assignee != id("lena") || len(s.shelf.yard.builds) != 1 {
		t.Errorf("it is %s's, with %d builds", n.Assignee, len(s.shelf.yard.builds))
	}
	ask("lena has it already", "lena", hand)
	s.asks("omar", "why 17.6.0 1.2 digitalocean-ce-image")
	ask("typed", "omar", commands.Request{Verb: "built"})
	ask("who may not", "tom", about("built", b, "", nil))
	ask("a step that is not there", "omar", about("built", b, "99", nil))
	made := ask("make", "omar", about("built", b, "", nil)).Form
	send("without its id", "omar", made, "proof=")
	send("with a secret", "omar", made, "proof=glpat-0123456789abcdefABCD")
	send("made", "omar", made, "proof=do-7")
	send("and again", "omar", made, "proof=do-8")
	s.turns(b.ID, func(b *images.Build) { b.Images = map[string]string{"": "do-7"} })
	s.comesTo(b.ID, images.Check, "check the image")
	checked := ask("check", "omar", about("built", b, "1", nil)).Form
	send("refused without a word", "omar", checked, "outcome=refused")
	send("refused", "omar", checked, "outcome=refused", "why=It has our keys.")
	s.turns(b.ID, func(b *images.Build) {
		t := b.Step(images.Check, "", "")
		t.State, t.Answer, t.Fault, b.State = images.StepFailed, nil, &images.Fault{Class: images.Unsound, Said: "It has our keys."}, images.Stuck
	})
	ask("tried again", "omar", about("retry", b, "", nil))
	s.comesTo(b.ID, images.Check, "check the image")
	send("checked", "omar", checked)
	s.comesTo(b.ID, images.Sign, "")
	s.now = s.now.Add(time.Hour)
	sign := ask("lena signs", "lena", commands.Request{Verb: "sign"}).Form
	send("lena has signed", "lena", sign)
	s.comesTo(b.ID, images.Submit, "hand it in")
	handed := ask("hand in", "omar", about("built", b, "", nil)).Form
	send("handed in", "omar", handed, "proof=T-1")
	s.turns(b.ID, func(b *images.Build) { b.Step(images.Submit, "", "").Ref = "T-1" })
	s.comesTo(b.ID, images.Submit, "say when customers can get it")
	if w := s.run("17.6.0").Steps[lane].Waiting; w == nil || w.Ticket != "T-1" {
		t.Errorf("it waits for %+v", w)
	}
	send("handed in again, by a form that was open", "lena", handed, "proof=T-2")
	if got := s.shelf.yard.builds[0].Step(images.Submit, "", ""); got.Answer != nil || got.Asks == "" {
		t.Errorf("that counts as an answer to another question: %+v", got)
	}
	s.asks("omar", "why 17.6.0 1.2 digitalocean-ce-image")
	ask("abandoned?", "omar", about("abandon", b, "", nil))
	live := ask("live", "omar", about("built", b, "", nil)).Form
	send("live", "omar", live, "proof=https://marketplace.example/gitlab")
	s.asks("omar", "history 17.6.0 1.2 digitalocean-ce-image")
	golden(t, "build-hand", s.String())
}

// What was handed in and made is asked back when it is given up.
func TestAbandoningByHand(t *testing.T) {
	t.Parallel()
	s := &sheet{office: newYard(t)}
	b := s.takes()
	s.comesTo(b.ID, images.Capture, "make the image")
	ask := func(what string, req commands.Request) *commands.Form {
		t.Helper()
		reply, err := s.do("omar", req)
		return s.note(what, reply, err).Form
	}
	ask("nothing made", about("abandon", b, "", nil))
	s.turns(b.ID, func(b *images.Build) {
		b.Images, b.Step(images.Submit, "", "").Ref = map[string]string{"": "do-7"}, "T-1"
		for i := range b.Steps {
			b.Steps[i].Since = s.now
		}
	})
	ask("something made", about("abandon", b, "", nil))
	ask("yes", about("abandon", b, "", commands.Values{}))
	s.comesTo(b.ID, images.Withdraw, "take back what was handed in")
	reply, err := s.sends("omar", ask("take back", about("built", b, "", nil)))
	s.note("taken back", reply, err)
	s.comesTo(b.ID, images.Discard, "remove the image")
	reply, err = s.sends("omar", ask("remove", about("built", b, "", nil)))
	s.note("removed", reply, err)
	s.asks("omar", "history 17.6.0 1.2 digitalocean-ce-image")
	golden(t, "build-hand-back", s.String())
}

// Where no cloud is connected people take everything, and nothing of clouds is offered.
func TestOnlyByHand(t *testing.T) {
	t.Parallel()
	o := newYardOf(t, func(*yard) []images.Setup { return []images.Setup{{Cloud: hands{}}} })
	for _, verb := range []string{"publish", "sweep", "verify"} {
		if reply, err := o.do("omar", commands.Request{Verb: verb}); !strings.Contains(print(reply, err), "No cloud is connected here") {
			t.Errorf("%s: %s", verb, print(reply, err))
		}
	}
	if said := print(o.must("omar", "help"), nil); strings.Contains(said, "sweep") || strings.Contains(said, "provider edition") {
		t.Errorf("help is %s", said)
	}
	if reply, err := o.types("omar", "build aws ee 17.6.0"); workflow.KindOf(err) != workflow.Unavailable {
		t.Errorf("alone: %s", print(reply, err))
	}
	if reply, err := o.do("omar", commands.Request{Verb: "build", Target: commands.Target{Field: "own"}}); workflow.KindOf(err) != workflow.Unavailable {
		t.Errorf("a form without a cloud to choose: %s", print(reply, err))
	}
	form := o.must("omar", "build").Form
	if form == nil || len(form.Fields) != 1 || len(form.Fields[0].Options) != 4 || !strings.Contains(text(form.Intro[0]), "No cloud is connected") {
		t.Fatalf("to take is %s", print(commands.Reply{Form: form}, nil))
	}
	v := commands.Values{"listings": form.Fields[0].Initial}
	var first string
	for i := range 3 {
		reply, err := o.desk.Do(t.Context(), commands.Request{ID: "the same", User: id("omar"), Verb: form.Verb, Target: form.Target, Values: v})
		if said := print(reply, err); i == 0 {
			first = said
		} else if said != first {
			t.Errorf("it says %s, and then %s", first, said)
		}
	}
	builds := o.shelf.yard.builds
	if len(builds) != 4 || !strings.Contains(first, "4 listings of GitLab 17.6.0 are with you now. Start with the image") {
		t.Fatalf("%d builds: %s", len(builds), first)
	}
	for _, b := range builds {
		if !b.Order.ByHand || b.Plan != builds[0].Plan || b.Order.Channel != o.run("17.6.0").Channel {
			t.Errorf("ordered is %+v", b.Order)
		}
	}
	if form := o.must("lena", "build").Form; len(form.Fields[0].Options) != 4 {
		t.Errorf("lena may take over %s", print(commands.Reply{Form: form}, nil))
	}
}

// What could not be set going is with the person nevertheless, who takes it again.
func TestTakingThatDoesNotStart(t *testing.T) {
	t.Parallel()
	o := newYardOf(t, func(y *yard) []images.Setup { return []images.Setup{y.onAWS()} })
	run := o.run("17.6.0").ID
	take := commands.Request{Verb: "build", Target: commands.Target{Run: run, Field: "hand"}}
	form := func() *commands.Form {
		t.Helper()
		reply, err := o.do("omar", take)
		if err != nil || reply.Form == nil || len(reply.Form.Fields) == 0 {
			t.Fatalf("nothing to take: %s", print(reply, err))
		}
		return reply.Form
	}
	reply, err := o.sends("omar", form())
	if err != nil || !strings.Contains(text(reply.Text), "They could not be set going: Images that people make are not followed here.") {
		t.Errorf("it says %s", print(reply, err))
	}
	lanes := slices.Collect(func(yield func(*workflow.StepState) bool) {
		for _, s := range o.run("17.6.0").Steps {
			if s.Key.Listing == "digitalocean-ce-image" && s.Assignee == id("omar") {
				yield(s)
			}
		}
	})
	if len(lanes) == 0 || len(o.shelf.yard.builds) != 0 {
		t.Fatalf("%d lanes, %d builds", len(lanes), len(o.shelf.yard.builds))
	}
	o.shelf.yard.clouds = nil
	later := openOffice(t, o.shelf, o.now.Add(time.Hour))
	reply, err = later.do("omar", take)
	if err != nil || reply.Form == nil || reply.Form.Fields[0].Options[0].Note != "Yours already, and not begun" {
		t.Fatalf("again: %s", print(reply, err))
	}
	if reply, err = later.sends("omar", reply.Form); err != nil || len(o.shelf.yard.builds) != 1 {
		t.Errorf("again: %s", print(reply, err))
	}
}

// Whatever is asked, the forms are of a size that a chat takes, however long names are.
func TestReportsOfAnySize(t *testing.T) {
	t.Parallel()
	o := newYard(t)
	b := o.takes()
	long := strings.Repeat("long ", 60)
	for name, asks := range map[images.StepName]string{images.Capture: "make the image", images.Check: "check the image", images.Submit: "hand it in"} {
		o.turns(b.ID, func(b *images.Build) {
			b.Order.Name, b.Images = long, map[string]string{"": long}
			for i := range b.Steps {
				b.Steps[i].State = images.StepPending
			}
		})
		o.comesTo(b.ID, name, asks)
		reply, err := o.do("omar", about("built", b, "", nil))
		if err != nil || reply.Form == nil {
			t.Fatalf("%s: %s", name, print(reply, err))
		}
		checkSizes(t, reply)
		if want := fmt.Sprintf("%d:", slices.IndexFunc(b.Steps, func(s images.Step) bool { return s.Name == name })); !strings.HasPrefix(string(reply.Form.Target.Field), want) {
			t.Errorf("%s: the form is about %s", name, reply.Form.Target.Field)
		}
	}
}

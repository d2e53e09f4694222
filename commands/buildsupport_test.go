package commands_test

import (
	"strings"
	"testing"
	"time"

	"cloudimage/commands"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// onAzure is an office in which images are made on Azure as well.
func onAzure(t *testing.T, tries bool) *office {
	t.Helper()
	o := newYardOf(t, func(y *yard) []images.Setup { return []images.Setup{y.onAWS(), y.onAzure(tries), {Cloud: hands{}}} })
	o.lists("Azure", "azure", "EE", "17.5.0", "product", "gitlab-ee/byol")
	l := o.shelf.ledger.listings["azure-ee-image"]
	l.Texts = workflow.Texts{Title: "GitLab EE", Short: "All of it.", Long: "All of it, and more."}
	o.shelf.ledger.listings[l.ID] = l
	o.tells("17.6.1", "security")
	o.now = o.now.Add(time.Hour)
	return o
}

// builtOnAzure is the only build on Azure.
func (o *office) builtOnAzure() *images.Build {
	o.t.Helper()
	reply, err := o.later("omar", commands.Request{Verb: "build", Target: commands.Target{Run: o.run("17.6.1").ID, Field: "plan:azure"}})
	if err != nil || reply.Form == nil {
		o.t.Fatalf("no plan: %s", print(reply, err))
	}
	if reply, err = waits(o.sends("omar", reply.Form)); err != nil || len(o.shelf.yard.builds) != 1 {
		o.t.Fatalf("nothing is built: %s", print(reply, err))
	}
	return o.shelf.yard.builds[0]
}

// An image is tried in a preview before it is signed, where there is one.
func TestPreviews(t *testing.T) {
	t.Parallel()
	s := &sheet{}
	for _, tries := range []bool{true, false} {
		s.office = onAzure(t, tries)
		run := s.run("17.6.1").ID
		if tries {
			reply, err := s.later("omar", commands.Request{Verb: "build", Target: commands.Target{Run: run, Field: "plan:azure"}})
			plan := s.note("the plan", reply, err).Form
			l := s.shelf.ledger.listings["azure-ee-image"]
			l.Texts.Short = "Most of it."
			s.shelf.ledger.listings[l.ID] = l
			reply, err = s.sends("omar", plan)
			s.note("its texts have changed", reply, err)
		}
		b := s.builtOnAzure()
		s.asks("omar", "why 17.6.1 1.2 azure-ee-image")
		sign := func(what string) {
			t.Helper()
			reply, err := s.do("lena", commands.Request{Verb: "sign", Target: commands.Target{Run: run}})
			s.note(what, reply, err)
		}
		sign("before the preview")
		s.comesTo(b.ID, images.Preview, "")
		s.asks("omar", "why 17.6.1 1.2 azure-ee-image")
		s.turns(b.ID, func(b *images.Build) { b.Step(images.Preview, "", "").Ref = "job-1" })
		s.asks("omar", "why 17.6.1 1.2 azure-ee-image")
		reply, err := s.do("omar", about("abandon", b, "", nil))
		s.note("abandon", reply, err)
		if tries {
			s.turns(b.ID, func(b *images.Build) {
				t := b.Step(images.Preview, "", "")
				t.State, t.Ended = images.StepDone, s.now
			})
			sign("in the preview")
			for _, name := range []images.StepName{images.Boot, images.Check, images.Remove} {
				s.fails(b.ID, name, "", images.Fault{Class: images.TooLong})
				at := 0
				for i := range b.Steps {
					if b.Steps[i].Name == name && b.Steps[i].Role == images.Trial {
						at = i
					}
				}
				s.turns(b.ID, func(b *images.Build) {
					for i := range b.Steps {
						if b.Steps[i].Name == name {
							b.Steps[i].State, b.Steps[i].Fault = images.StepDone, nil
						}
					}
					b.Steps[at].State, b.Steps[at].Fault = images.StepFailed, &images.Fault{Class: images.TooLong}
				})
				reply, err := s.do("omar", about("retry", b, "", nil))
				s.note("tried again", reply, err)
			}
		}
		s.comesTo(b.ID, images.Sign, "")
		sign("signed")
		at := s.fails(b.ID, images.Submit, "", images.Fault{Class: images.Superseded, What: "job-9"})
		reply, err = s.do("omar", about("retry", b, "", nil))
		s.note("something else was brought to the preview", reply, err)
		if got := s.shelf.yard.builds[0]; got.Steps[at].Attempt != 2 || got.Step(images.Preview, "", "").State != images.StepPending {
			t.Errorf("it is %+v", got.Steps)
		}
		s.asks("omar", "history 17.6.1 1.2 azure-ee-image")
	}
	golden(t, "preview", s.String())
}

// What cannot be cancelled from here is waited for, or ours is given up.
func TestSomebodyElsesSubmission(t *testing.T) {
	t.Parallel()
	s := &sheet{office: onAzure(t, true)}
	b := s.builtOnAzure()
	s.fails(b.ID, images.Preview, "", images.Fault{Class: images.Foreign, Said: "the offer is locked"})
	reply, err := s.do("omar", about("retry", b, "", nil))
	page := s.note("decide", reply, err).Page
	if len(page.Rows) != 2 {
		t.Fatalf("%d ways", len(page.Rows))
	}
	for i, row := range page.Rows {
		reply, err := s.do("omar", commands.Request{Verb: row.Buttons[0].Verb, Target: row.Buttons[0].Target})
		s.note(page.Rows[i].Buttons[0].Label, reply, err)
	}
	golden(t, "build-foreign", s.String())
}

// The support of a marketplace is asked in words that are ready, and waited for until the
// submission goes on.
func TestSupport(t *testing.T) {
	t.Parallel()
	s := &sheet{office: onAzure(t, true)}
	ask := func(what, who string, req commands.Request) *commands.Form {
		t.Helper()
		reply, err := s.do(who, req)
		return s.note(what, reply, err).Form
	}
	b := s.builtOnAzure()
	lane := b.Order.Lane
	waiting := func() *workflow.Wait { return s.run("17.6.1").Steps[lane].Waiting }
	ask("typed", "omar", commands.Request{Verb: "support"})
	ask("nothing submitted", "omar", about("support", b, "", nil))
	s.comesTo(b.ID, images.Preview, "")
	s.turns(b.ID, func(b *images.Build) { b.Step(images.Preview, "", "").Ref = "job-1" })
	ask("who may not", "tom", about("support", b, "", nil))
	form := ask("the preview does not go on", "omar", about("support", b, "", nil))
	reply, err := s.sends("omar", form, "ticket=glpat-0123456789abcdefABCD")
	s.note("with a secret", reply, err)
	reply, err = s.sends("omar", form, "ticket=MS-77")
	s.note("asked", reply, err)
	if w := waiting(); w == nil || w.Ticket != "MS-77" || w.About != "job-1" || w.Chaser != id("omar") {
		t.Errorf("it waits for %+v", w)
	}
	s.asks("omar", "why 17.6.1 1.2 azure-ee-image")
	s.now = s.now.Add(24 * time.Hour)
	reply, err = s.sends("omar", ask("once more", "omar", about("support", b, "", nil)), "ticket=MS-78")
	s.note("asked again", reply, err)
	if w := waiting(); w == nil || len(w.Taken) != 1 || !strings.Contains(w.Taken[0].Note, "MS-78") || !w.Chased.Equal(s.now) {
		t.Errorf("it waits for %+v", w)
	}
	reply, err = s.sends("omar", form, "ticket=glpat-0123456789abcdefABCD")
	s.note("again with a secret", reply, err)
	s.comesTo(b.ID, images.Sign, "")
	if w := waiting(); w != nil {
		t.Errorf("it waits for %+v, though it goes on", w)
	}
	ask("it has gone on", "omar", about("support", b, "", nil))
	reply, err = s.sends("omar", form)
	s.note("asked too late", reply, err)
	s.comesTo(b.ID, images.Submit, "")
	s.turns(b.ID, func(b *images.Build) { b.Step(images.Submit, "", "").Ref = "job-2" })
	reply, err = s.sends("omar", ask("it is submitted", "omar", about("support", b, "", nil)), "ticket=")
	s.note("it waits already", reply, err)
	if w := waiting(); w == nil || w.Ticket != "job-2" || len(w.Taken) != 1 {
		t.Errorf("it waits for %+v", w)
	}
	s.asks("omar", "history 17.6.1 1.2 azure-ee-image")
	golden(t, "support", s.String())
}

// Of a build without a run nothing can wait: its text is there to be copied.
func TestSupportWithoutARun(t *testing.T) {
	t.Parallel()
	o := onAzure(t, true)
	reply, err := o.later("omar", commands.Request{Verb: "build", Text: "azure ee 17.6.1"})
	if err != nil || reply.Form == nil {
		t.Fatalf("no plan: %s", print(reply, err))
	}
	if reply, err = waits(o.sends("omar", reply.Form)); err != nil || len(o.shelf.yard.builds) != 1 {
		t.Fatalf("nothing is built: %s", print(reply, err))
	}
	b := o.shelf.yard.builds[0]
	if b.Order.Provider != workflow.Azure || b.Order.Region != "westeurope" {
		t.Errorf("ordered is %+v", b.Order)
	}
	if _, err := o.shelf.yard.UpdateBuild(t.Context(), b.ID, "", func(b *images.Build) error {
		b.Steps = append(b.Steps, images.Step{Name: images.Submit, State: images.StepWorking, Ref: strings.Repeat("job-1", 1000), Phase: 18})
		return nil
	}, nil); err != nil {
		t.Fatal(err)
	}
	reply, err = o.do("omar", about("support", b, "", nil))
	if err != nil || reply.Form == nil || reply.Form.Submit != "Close" || len(reply.Form.Fields) != 1 {
		t.Fatalf("it is %s", print(reply, err))
	}
	checkSizes(t, reply)
	if n := len([]rune(reply.Form.Fields[0].Initial[0])); n > 3000 {
		t.Errorf("the text has %d characters", n)
	}
	if reply, err = o.sends("omar", reply.Form); err != nil || !strings.Contains(text(reply.Text), "nothing waits for its answer") {
		t.Errorf("closed: %s", print(reply, err))
	}
}

// People write to a partner that has no page for tickets.
func TestSupportByHand(t *testing.T) {
	t.Parallel()
	s := &sheet{office: newYard(t)}
	b := s.takes()
	s.comesTo(b.ID, images.Submit, "hand it in")
	s.turns(b.ID, func(b *images.Build) { b.Step(images.Submit, "", "").Ref = "T-1" })
	reply, err := s.do("omar", about("support", b, "", nil))
	form := s.note("support", reply, err).Form
	reply, err = s.sends("omar", form)
	s.note("asked", reply, err)
	golden(t, "support-hand", s.String())
}

// What is left over in another cloud is told in its words, and plans say what is not
// ready there.
func TestAzureInWords(t *testing.T) {
	t.Parallel()
	s := &sheet{office: onAzure(t, true)}
	sky := s.shelf.yard.sky
	s.asks("omar", "sweep gcp")
	reply, err := s.types("omar", "sweep azure")
	s.note("nothing is left over", reply, err)
	l := leftover("group", "westeurope", "/subscriptions/"+azureAccount+"/resourceGroups/cloudimage-b-77", 3, 150, s.office)
	sky.left = []images.Leftover{l, leftover("image", "westeurope", "gallery/gitlab-ee/17.5.900", 9, 2, s.office)}
	reply, err = s.types("omar", "sweep azure")
	form := s.note("sweep azure", reply, err).Form
	reply, err = s.sends("omar", form, "leftovers=all")
	s.note("all of it", reply, err)
	sky.problems = always(images.Problem{Class: images.Unready, What: "Microsoft.Compute", Said: "the provider is not registered", Stops: true},
		images.Problem{Class: images.OldBase, What: "61 days"}, images.Problem{Class: images.Superseded, What: "job-9", Stops: true})
	reply, err = s.types("omar", "build azure ee 17.6.1")
	s.note("build azure ee 17.6.1", reply, err)
	reply, err = s.types("omar", "build azure ee moon")
	s.note("build azure ee moon", reply, err)
	golden(t, "azure", s.String())
}

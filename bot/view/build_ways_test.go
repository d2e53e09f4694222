package view

import (
	"strings"
	"testing"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file draws builds of clouds that differ from AWS: those that have a preview, and
// those in which people do everything.

// azure is an order of what goes to Azure Marketplace.
func azure(edition string) images.Order {
	o := published(order("Azure "+edition, edition, "amd64"))
	o.Provider, o.Account, o.Region, o.Regions = workflow.Azure, "0f8fad5b-d9cb-469f-a165-70867728ab1c", "westeurope", []string{"westeurope", "northeurope"}
	o.Public, o.Product = false, "gitlab-ee/byol"
	return o
}

// previewed is a build whose product has a preview.
func previewed(edition string) *building {
	b := begun(azure(edition))
	from := b.phases(images.Sign)
	for i := range b.Steps {
		if b.Steps[i].Phase >= from {
			b.Steps[i].Phase += 10
		}
	}
	var first, rest []images.Step
	for _, s := range b.Steps {
		switch {
		case s.Phase < from:
			first = append(first, s)
		case s.Name == images.Sign || s.Name == images.Submit:
			rest = append(rest, s)
		}
	}
	for i, name := range []images.StepName{images.Preview, images.Boot, images.Check, images.Remove} {
		s := images.Step{Name: name, Role: images.Trial, Phase: from + i, State: images.StepPending, Attempt: 1, Due: b.now}
		if name == images.Preview {
			s.Role = ""
		}
		first = append(first, s)
	}
	b.Steps = append(first, rest...)
	return b
}

// phases is the phase of the first step of that name.
func (b *building) phases(name images.StepName) int { return stepsOf(b.Build, name)[0].Phase }

// inPreview is a build that was brought to the preview, and tried there so far.
func inPreview(edition string, tried images.StepName) *building {
	b := previewed(edition).upTo(images.Preview).works(images.Preview, 0, func(s *images.Step) { s.Ref = "4bd1e2f0-preview" }).through(images.Preview, 0)
	for _, name := range []images.StepName{images.Boot, images.Check, images.Remove} {
		if name == tried {
			break
		}
		nth := len(stepsOf(b.Build, name)) - 1
		b.through(name, nth)
	}
	return b
}

// inGallery gives its images the ids that Azure has.
func (b *building) inGallery() *building {
	for region := range b.Images {
		b.Images[region] = "gitlab_images/gitlab-ee/17.6.200"
	}
	return b
}

// byHand is a build that people make for the listing of a run.
func byHand(r *workflow.Run, nth int) *building {
	o := order("EE image on DigitalOcean", "EE", "amd64")
	if r != nil {
		l := &r.Listings[nth]
		o.Run, o.Lane, o.Listing, o.Name = r.ID, stepKey(lane("update-image", *l)), l.ID, r.ListingName(l)
	}
	o.ByHand, o.Provider, o.Account, o.Region, o.Regions, o.Product = true, workflow.Manual, "", "", nil, "DigitalOcean"
	b := &building{&images.Build{ID: images.BuildID("b-hand" + string(rune('a'+nth))), Plan: "p-1", Order: o, State: images.Running}, builtAt}
	for i, name := range []images.StepName{images.Capture, images.Check, images.Sign, images.Submit} {
		b.Steps = append(b.Steps, images.Step{Name: name, Phase: 10 + i, State: images.StepPending, Attempt: 1, Due: b.now})
	}
	return b
}

// asks lets a step ask people.
func (b *building) asks(name images.StepName, what string, change ...func(*images.Step)) *building {
	b.upTo(name)
	for region := range b.Images {
		b.Images[region] = "gitlab-17-6-0-rev2"
	}
	return b.works(name, 0, func(s *images.Step) {
		s.Asks = what
		for _, f := range change {
			f(s)
		}
	})
}

// clears lets what people made be taken back, and removed.
func (b *building) clears(name images.StepName) *building {
	b.State, b.AbandonedBy = images.Clearing, lena
	for i := range b.Steps {
		if s := &b.Steps[i]; !s.State.Over() {
			s.State, s.Asks = images.StepSkipped, ""
		}
	}
	for i, step := range []images.StepName{images.Withdraw, images.Discard} {
		b.Steps = append(b.Steps, images.Step{Name: step, Phase: 30 + i, State: images.StepPending, Attempt: 1, Ref: b.Images[""]})
	}
	return b.upTo(name)
}

func stalled(n images.News) images.News {
	for i := range n.Builds {
		n.Stalled = append(n.Stalled, i == 0)
	}
	return n
}

func handedIn(s *images.Step) { s.Ref = "DO-4711" }

// wayNewses are messages about builds of other clouds, by name.
func wayNewses(t testing.TB) map[string]images.News {
	run := release(t, 6).Run
	// What is handed in waits for the partner in its lane as well.
	out := release(t, 6).builds(4, workflow.BuildSubmitted, func(m *workflow.BuildMark) { m.Submission = "DO-4711" }).Run
	submitting := func(change func(*images.Step)) *building {
		return inPreview("EE", "").upTo(images.Submit).inGallery().works(images.Submit, 0, func(s *images.Step) {
			s.Ref = "9f2c-submission"
			if change != nil {
				change(s)
			}
		})
	}
	later := images.Fault{Class: images.Foreign, Said: "The product is being published by another."}
	fault := func(c images.Class) images.Fault { return images.Fault{Class: c, Said: "Internal error."} }
	return map[string]images.News{
		"hand":           news(run, byHand(run, 4).asks(images.Capture, "make the image"), byHand(run, 5).asks(images.Check, "check the image")),
		"hand in":        news(run, byHand(run, 4).asks(images.Submit, "hand it in"), byHand(run, 5).upTo(images.Sign)),
		"hand with them": news(out, byHand(out, 4).asks(images.Submit, "say when customers can get it", handedIn)),
		"hand with some": news(run, byHand(run, 4).asks(images.Submit, "say when customers can get it", func(s *images.Step) { s.Ref = "DigitalOcean" })),
		"hand reported":  news(run, byHand(run, 4).upTo(images.Check).works(images.Check, 0, func(s *images.Step) { s.Answer = &images.Answer{By: omar, At: s.Since} }), byHand(run, 5)),
		"hand live":      news(run, byHand(run, 4).asks(images.Submit, "say when customers can get it", handedIn).ends(images.Done)),
		"hand failed": news(run, byHand(run, 4).upTo(images.Check).fails(images.Check, 0, images.Fault{Class: images.Unsound, Said: "it does not boot"}),
			byHand(run, 5).upTo(images.Submit).works(images.Submit, 0, handedIn).fails(images.Submit, 0, images.Fault{Class: images.Rejected, What: "DO-4711", Said: "the licence is missing"})),
		"hand taken back": news(run, byHand(run, 4).asks(images.Submit, "say when customers can get it", handedIn).clears(images.Withdraw).asks(images.Withdraw, "take back what was handed in"),
			byHand(run, 5).asks(images.Check, "check the image").clears(images.Discard).asks(images.Discard, "remove the image")),
		"hand moot":  news(run, byHand(run, 4).asks(images.Check, "check the image").is(images.Abandoned), byHand(run, 5).clears("").ends(images.Abandoned)),
		"hand alone": news(nil, byHand(nil, 0).asks(images.Capture, "make the image")),

		"preview queue": news(run, previewed("EE").upTo(images.Preview).works(images.Preview, 0, func(s *images.Step) {
			s.State, s.Since, s.Note = images.StepPending, time.Time{}, "waits until Azure CE is through: a product has one preview"
		}), previewed("CE").upTo(images.Preview).works(images.Preview, 0, nil)),
		"preview":        news(run, previewed("EE").upTo(images.Preview).works(images.Preview, 0, func(s *images.Step) { s.Ref, s.Note = "4bd1e2f0-preview", "running" })),
		"preview long":   stalled(news(run, previewed("EE").upTo(images.Preview).works(images.Preview, 0, func(s *images.Step) { s.Ref = "4bd1e2f0-preview" }))),
		"preview boots":  news(run, inPreview("EE", images.Boot).works(images.Boot, 2, nil), inPreview("CE", images.Check).works(images.Check, 2, nil)),
		"preview passed": news(run, inPreview("EE", images.Remove).works(images.Remove, 3, nil), inPreview("CE", "")),
		"preview failed": news(run, inPreview("EE", images.Check).fails(images.Check, 2, unsound), previewed("CE").upTo(images.Preview).works(images.Preview, 0, func(s *images.Step) { s.Ref = "1" }).fails(images.Preview, 0, fault(images.TheirFault))),
		"azure first":    news(run, previewed("EE").upTo(images.Check).works(images.Check, 0, nil).works(images.Check, 1, nil)),
		"azure":          news(run, submitting(func(s *images.Step) { s.Note = "certification" })),
		"azure long":     stalled(news(run, submitting(nil), submitting(nil))),
		"azure waits":    news(run, inPreview("EE", "").upTo(images.Submit).fails(images.Submit, 0, later), inPreview("CE", "").upTo(images.Submit).works(images.Submit, 0, func(s *images.Step) { s.Choice = images.ChoiceWait })),
		"azure refused":  news(run, submitting(nil).fails(images.Submit, 0, fault(images.Rejected)), submitting(nil).fails(images.Submit, 0, fault(images.Superseded))),
		"azure live":     news(run, submitting(nil).inGallery().ends(images.Done)),
		"ways hostile":   nastyWays(release(t, 4, nasty).Run),
	}
}

// nastyWays are such builds in which everything that was typed is as nobody should type it.
func nastyWays(r *workflow.Run) images.News {
	hand := func(nth int) *building {
		b := byHand(r, nth)
		b.Order.Product, b.Order.Name = hostile(80), hostile(80)
		return b
	}
	typed := func(s *images.Step) { s.Ref = hostile(200) }
	said := images.Fault{Class: images.Rejected, What: hostile(200), Said: hostile(900)}
	azure := previewed("EE").upTo(images.Preview).works(images.Preview, 0, func(s *images.Step) { s.Ref, s.Note = hostile(90), hostile(300) })
	azure.Order.ByHand = false
	n := news(r, hand(0).asks(images.Capture, hostile(200)), hand(1).asks(images.Submit, hostile(200), typed), hand(2).upTo(images.Submit).works(images.Submit, 0, typed).fails(images.Submit, 0, said),
		hand(3).asks(images.Submit, "x", typed).clears(images.Discard).asks(images.Discard, hostile(90), typed), hand(2).ends(images.Done), azure)
	for _, b := range n.Builds {
		for region := range b.Images {
			b.Images[region] = hostile(80)
		}
	}
	return stalled(n)
}

// What is said of a build is so of its cloud alone.
func TestWordsOfOtherClouds(t *testing.T) {
	t.Parallel()
	for name, n := range wayNewses(t) {
		if strings.Contains(name, "hostile") {
			continue
		}
		text := named.BuildNews(n).Text + "\n" + named.BuildNews(n).Plain().Text
		for _, never := range []string{"AWS", "change set", "30 to 60", "ami-"} {
			if strings.Contains(strings.ReplaceAll(text, "CE image on AWS", ""), never) {
				t.Errorf("%s says %q:\n%s", name, never, text)
			}
		}
		if strings.HasPrefix(name, "hand") {
			for _, never := range []string{"Private", "region", "the cloud", "their support", " in \n", "others, by hand"} {
				if strings.Contains(text, never) {
					t.Errorf("%s says %q:\n%s", name, never, text)
				}
			}
			if !strings.Contains(text, ", by hand") {
				t.Errorf("%s does not say that it is by hand:\n%s", name, text)
			}
		}
	}
}

// buttonsOf are the verbs of a message, in order, with what of the build they are about.
func buttonsOf(t *testing.T, m Message) (out []string) {
	eachElement(t, m, func(id, value string) {
		verb, target, err := ParseAction(id, value)
		if err != nil {
			t.Error(err)
		}
		out = append(out, strings.TrimSuffix(verb+" "+string(target.Field), " "))
	})
	return out
}

func TestButtonsOfOtherClouds(t *testing.T) {
	t.Parallel()
	all := wayNewses(t)
	for name, want := range map[string]string{
		"hand":            "built 0, abandon, built 1, abandon",
		"hand in":         "built 3, abandon, abandon, sign",
		"hand with them":  "built 3, support, abandon",
		"hand reported":   "abandon, abandon",
		"hand failed":     "retry 1, abandon, retry 3, abandon, support",
		"hand taken back": "built 4, built 5",
		"hand live":       "",
		"preview queue":   "abandon, abandon",
		"preview":         "support, abandon",
		"preview long":    "support, abandon",
		"azure waits":     "retry " + azureSubmit + ":wait, abandon, abandon",
	} {
		if got := strings.Join(buttonsOf(t, named.BuildNews(all[name])), ", "); got != want {
			t.Errorf("%s has the buttons %q, want %q", name, got, want)
		}
	}
}

// azureSubmit is which step of a build for Azure its submission is.
const azureSubmit = "21"

func TestLabelsOfReports(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]images.Step{
		"Image made…": {Name: images.Capture}, "Checked…": {Name: images.Check}, "Handed in…": {Name: images.Submit},
		"It is live…": {Name: images.Submit, Ref: "1"}, "Taken back…": {Name: images.Withdraw}, "Removed…": {Name: images.Discard, Ref: "1"},
	} {
		if got := reportLabel(&s); got != want {
			t.Errorf("the button of %s says %q, want %q", s.Name, got, want)
		}
	}
}

func TestAccountsAreShort(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"123456789012": "…9012", "0f8fad5b-d9cb-469f-a165-70867728ab1c": "…ab1c", "0F8FAD5B-D9CB-469F-A165-70867728AB1C": "…AB1C",
		"acme-images": "acme-images", "": "", "deadbeef-cafe": "deadbeef-cafe",
	} {
		if got := account(in); got != want {
			t.Errorf("%q is shown as %q, want %q", in, got, want)
		}
	}
}

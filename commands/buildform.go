package commands

import (
	"fmt"
	"slices"
	"strings"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file shows a plan: what would be made, in which account and for whom to see, and
// what stands in the way.

// sketch is a plan as it is shown to somebody.
type sketch struct {
	making
	plan    images.Plan
	publish bool // it goes to customers once it is signed
	// refused are those of what is wanted that cannot be planned, and why.
	refused []workflow.Text
	// unpublished says why it is a plan for private images, where it would be another.
	unpublished []workflow.Text
	// publishing says that a private image is published, and nothing built.
	publishing bool
}

// stops reports whether a problem keeps a lane from being made, even without the regions
// that can be left out.
func stops(l *images.Lane, p images.Problem) bool {
	return p.Stops && !p.Later() && (p.Region == "" || p.Region == l.Order.Region)
}

// stop is what keeps a lane from being made.
func stop(l *images.Lane) (images.Problem, bool) {
	i := slices.IndexFunc(l.Problems, func(p images.Problem) bool { return stops(l, p) })
	if i < 0 {
		return images.Problem{}, false
	}
	return l.Problems[i], true
}

// stopped reports whether nothing of it can be made.
func (s *sketch) stopped() bool {
	for i := range s.plan.Lanes {
		if _, is := stop(&s.plan.Lanes[i]); !is {
			return false
		}
	}
	return true
}

func (s *sketch) form() *Form {
	f := &Form{Verb: string(workflow.VerbBuild), Title: buildTitle("Build", s.version), Target: Target{Field: workflow.FieldID(s.subject)}}
	if s.run != nil {
		f.Target.Run = s.run.ID
	}
	f.Intro = append(f.Intro, s.where())
	f.Intro = append(f.Intro, s.whatText())
	f.Intro = append(f.Intro, s.regionsText())
	f.Intro = append(f.Intro, s.whoSees()...)
	f.Intro = append(f.Intro, s.problemTexts()...)
	f.Intro = append(f.Intro, s.refused...)
	if s.more > 0 {
		f.Intro = append(f.Intro, workflow.Say("%d more do not fit here. Plan them when these have begun.", s.more))
	}
	if s.stopped() {
		f.Submit = "Check again"
		f.Intro = append(f.Intro, workflow.Say("Checked %s. Nothing can be built before that is put right.", s.plan.At))
		return f
	}
	f.Intro = append(f.Intro,
		workflow.Say("About %s, about %s; it cleans up after itself.", lasting(s.plan.Minutes), dollars(s.plan.Dollars)),
		workflow.Say("Checked %s; it is checked again when you submit: a difference is shown, not built.", s.plan.At))
	n := 0
	if s.run != nil {
		var checks Field
		checks, n = s.lanesField()
		f.Fields = append(f.Fields, checks)
	}
	f.Submit = "Build the image"
	if n > 1 {
		f.Submit = fmt.Sprintf("Build %d images", n)
	}
	troubled := s.plan.Troubled()
	if len(troubled) > 0 {
		f.Fields = append(f.Fields, s.leaveField(troubled))
	}
	if s.publish {
		f.Fields = append(f.Fields, Field{ID: fieldGoal, Label: "What for", Kind: Radio, Initial: []string{goalPublish}, Options: []Option{
			{Value: goalPublish, Label: "Publish when signed", Note: "They are built now, and wait for the signatures"},
			{Value: goalPrivate, Label: "Private only", Note: "Nobody outside sees them"}}})
	}
	if s.needReason {
		f.Fields = append(f.Fields, overrideField())
	}
	f.Target.Field = workflow.FieldID(s.subject + ":" + facts(s.plan) + ":" + strings.Join(troubled, ","))
	return f
}

// where says in which account it is made, where and as whom.
func (s *sketch) where() workflow.Text {
	account := workflow.Say("%s, account %s", s.plan.Provider.Name(), masked(s.plan.Account))
	wrongOne, region := false, ""
	for i := range s.plan.Lanes {
		l := &s.plan.Lanes[i]
		region = l.Order.Region
		wrongOne = wrongOne || l.Order.Account != "" && l.Order.Account != s.plan.Account || slices.ContainsFunc(l.Problems, func(p images.Problem) bool { return p.Class == images.WrongAccount })
	}
	if wrongOne {
		account = workflow.Say("%s, which is %s", account, workflow.Strong("not the one that is configured"))
	} else {
		account = workflow.Say("%s, which matches the configuration", account)
	}
	if !s.publishing {
		account = workflow.Say("%s; built in %s", account, region)
	}
	if s.plan.Who != "" {
		who := s.plan.Who
		if s.plan.Account != "" {
			who = strings.ReplaceAll(who, s.plan.Account, masked(s.plan.Account))
		}
		account = workflow.Say("%s, as %s", account, cut(who, 200))
	}
	if s.run != nil {
		return workflow.Say("%s\n%s", workflow.Strong(s.run.Partner), account)
	}
	return workflow.Say("%s\n%s", workflow.Strong(s.names[0]), account)
}

// mostLines is how many images are told of one by one.
const mostLines = 10

// whatText says of each image what it is made from.
func (s *sketch) whatText() workflow.Text {
	var out []workflow.Text
	for i := range s.plan.Lanes[:min(len(s.plan.Lanes), mostLines)] {
		o := &s.plan.Lanes[i].Order
		out = append(out, workflow.Say("%s: base %s, %s; package %s, sha256 %s; %s",
			workflow.Strong(o.Name), o.Base.Name, s.age(o.Base), packageName(o.Package), cut12(o.Package.SHA256), o.Machine))
	}
	if more := len(s.plan.Lanes) - mostLines; more > 0 {
		out = append(out, workflow.Say("and %d more of the kind", more))
	}
	return lines(out)
}

// age is how old a base image is.
func (s *sketch) age(b images.Base) workflow.Text {
	if b.Made.IsZero() {
		return workflow.Say("of unknown age")
	}
	days := int(s.plan.At.Sub(b.Made).Hours() / 24)
	if days < 1 {
		return workflow.Say("made today")
	}
	return workflow.Say("%s old", count(days, "day", "days"))
}

// regionsText says where the images will be.
func (s *sketch) regionsText() workflow.Text {
	var all []string
	for i := range s.plan.Lanes {
		for _, r := range s.plan.Lanes[i].Order.Regions {
			if !slices.Contains(all, r) {
				all = append(all, r)
			}
		}
	}
	return workflow.Say("In %s: %s.", count(len(all), "region", "regions"), someOf(all, 8))
}

// someOf lists the first n words and counts the others.
func someOf(words []string, n int) string {
	if len(words) <= n {
		return strings.Join(words, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(words[:n], ", "), len(words)-n)
}

// whoSees says who outside gets to see the images, and what is done for that.
func (s *sketch) whoSees() []workflow.Text {
	switch {
	case !s.publish && len(s.unpublished) > 0:
		return append([]workflow.Text{workflow.Say("%s nobody outside sees anything. They cannot be published as it is now:", workflow.Strong("Makes private images only:"))}, s.unpublished...)
	case !s.publish && s.run == nil:
		return []workflow.Text{workflow.Say("%s nobody outside sees anything. It belongs to no release, so it cannot be published from here.", workflow.Strong("Makes a private image only:"))}
	case !s.publish:
		return []workflow.Text{workflow.Say("%s nobody outside sees anything. In this process nobody signs what goes live, so nothing is published from here.", workflow.Strong("Makes private images only:"))}
	}
	var out []workflow.Text
	var unblock []string
	for i := range s.plan.Lanes {
		l := &s.plan.Lanes[i]
		for _, r := range l.Order.Unblock {
			if !slices.Contains(unblock, r) {
				unblock = append(unblock, r)
			}
		}
		if i < mostLines {
			out = append(out, customersGet(l, len(s.plan.Lanes) > 1))
		}
	}
	if more := len(s.plan.Lanes) - mostLines; more > 0 {
		out = append(out, workflow.Say("and %d more of the kind", more))
	}
	before := "and seen by nobody outside before"
	if s.plan.Provider == workflow.Azure {
		before = "and seen before that only by those whom the product's preview is open to"
	}
	texts := []workflow.Text{workflow.Say("%s, %s:\n%s", workflow.Strong("Published once it is signed"), before, lines(out))}
	if len(unblock) > 0 {
		texts = append(texts, workflow.Say("The account keeps images from becoming public in %s. That protection is turned off, the image published, and it is turned on again; what is signed says so.", someOf(unblock, 12)))
	}
	for i := range s.plan.Lanes {
		o := &s.plan.Lanes[i].Order
		if o.Hides > 0 {
			texts = append(texts, workflow.Say("The %d oldest versions of %s are hidden from new customers, so that there is room; what is signed says so.", o.Hides, o.Product))
		}
		if o.Texts != (workflow.Texts{}) {
			texts = append(texts, workflow.Say("What customers read of %s changes to the listing's texts; what is signed says so.", o.Product))
		}
	}
	return texts
}

// customersGet says what customers get of an image.
func customersGet(l *images.Lane, named bool) workflow.Text {
	o := &l.Order
	var out []workflow.Text
	if o.Public {
		out = append(out, workflow.Say("public in its %s", count(len(o.Regions), "region", "regions")))
	}
	if o.Product != "" {
		product := workflow.Say("the marketplace's product %s gets it as “%s”", o.Product, o.Title)
		if l.MostVersions > 0 {
			product = workflow.Say("%s (%d of %d versions are taken)", product, l.Versions, l.MostVersions)
		}
		out = append(out, product)
	}
	if !named {
		return workflow.Say("• %s", joinedBy("; ", out))
	}
	return workflow.Say("• %s: %s", o.Name, joinedBy("; ", out))
}

// lanesField asks which images are made, and says how many are chosen at first.
func (s *sketch) lanesField() (Field, int) {
	f := Field{ID: fieldListings, Label: "Images", Kind: Checks}
	all := len(s.plan.Lanes) > mostChecks
	if all {
		f.Options = append(f.Options, Option{Value: everyLane, Label: fmt.Sprintf("All %d", len(s.plan.Lanes))})
		f.Initial = []string{everyLane}
	}
	for i := range s.plan.Lanes {
		if len(f.Options) == mostChecks {
			break
		}
		l := &s.plan.Lanes[i]
		o := Option{Value: optionValue(string(l.Order.Lane.Listing)), Label: cut(l.Order.Name, 75)}
		problem, is := stop(l)
		switch {
		case is:
			o.Note = cut("Stop: "+problem.Words(), 75)
		case s.hasPrivate(l.Order.Lane):
			o.Note = "There is a private image already, which can be published"
		case !all:
			f.Initial = append(f.Initial, o.Value)
		}
		f.Options = append(f.Options, o)
	}
	if all {
		return f, len(s.plan.Lanes)
	}
	return f, len(f.Initial)
}

func (s *sketch) hasPrivate(lane workflow.StepKey) bool {
	i := slices.IndexFunc(s.wants, func(w images.Want) bool { return w.Lane == lane })
	return i >= 0 && s.built[i]
}

// leaveField asks what becomes of the regions in which something stands in the way.
func (s *sketch) leaveField(troubled []string) Field {
	f := Field{ID: fieldLeave, Label: "Regions in which something stands in the way", Kind: Radio, Initial: []string{leaveOut},
		Options: []Option{{Value: leaveOut, Label: cut("Leave out "+someOf(troubled, 4), 75)}}}
	later := true
	for i := range s.plan.Lanes {
		for _, p := range s.plan.Lanes[i].Problems {
			if p.Stops && slices.Contains(troubled, p.Region) {
				later = later && p.Later()
			}
		}
	}
	if later {
		f.Options = append(f.Options, Option{Value: leaveNothing, Label: "Build everywhere, decide when publishing"})
	}
	return f
}

func dollars(d float64) string { return fmt.Sprintf("$%.2f", d) }

// lasting is how long something takes, about: nobody counts the minutes of a day.
func lasting(minutes int) workflow.Text {
	if minutes < 120 {
		return count(minutes, "minute", "minutes")
	}
	return count((minutes+30)/60, "hour", "hours")
}

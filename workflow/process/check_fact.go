package process

import (
	"fmt"
	"maps"
	"slices"

	"cloudimage/workflow"
)

// factType is the type of field that may give a fact with a meaning of its own;
// empty for every other fact.
func factType(fact workflow.FactName) workflow.FieldType {
	switch fact {
	case workflow.FactLaunchTarget, workflow.FactLaunchAgreed:
		return workflow.DateField
	case workflow.FactIssue:
		return workflow.URL
	}
	return ""
}

// given finds who makes each fact known, and tells where two would.
func (c *checker) given() map[workflow.FactName]*giver {
	out := map[workflow.FactName]*giver{}
	if c.def.Subject == workflow.SubjectPartnership {
		out[workflow.FactLaunchTarget] = &giver{} // asked when a run is started
	}
	for _, res := range c.def.Resources {
		if res.Ask != "" && res.Fact != "" {
			out[res.Fact] = &giver{} // asked once for all runs
		}
	}
	for _, s := range c.steps {
		for i := range s.Evidence {
			f, at := &s.Evidence[i], s.node.get("evidence").item(i).get("fact")
			if f.Fact == "" {
				continue
			}
			if first, ok := out[f.Fact]; ok {
				c.givenTwice(f.Fact, first, at)
				continue
			}
			out[f.Fact] = &giver{step: s, field: f, node: at}
		}
	}
	for _, res := range c.def.Resources {
		if _, ok := out[res.Fact]; !ok && res.Creates != "" && res.Fact != "" {
			out[res.Fact] = &giver{} // made by itself, unless a step gives it before
		}
	}
	return out
}

func (c *checker) givenTwice(fact workflow.FactName, first *giver, at *node) {
	switch {
	case first.step != nil:
		c.problem(at, "the fact %q is given by the step %q already, in line %d; a fact has one source, so leave one out", fact, first.step.ID, first.node.line)
	case fact == workflow.FactLaunchTarget:
		c.problem(at, "the fact %q is asked for when a run is started; to keep the date that was agreed, give %q", fact, workflow.FactLaunchAgreed)
	default:
		c.problem(at, "the fact %q is asked of a team once for all runs, by a resource; leave one out", fact)
	}
}

// fact tells when nobody makes a fact known.
func (c *checker) fact(at *node, fact workflow.FactName) {
	if fact == "" {
		return
	}
	if _, ok := c.givers[fact]; ok {
		return
	}
	known := slices.Sorted(maps.Keys(c.givers))
	cure := fmt.Sprintf("add \"fact: %s\" to the field that asks for it", fact)
	if len(known) > 0 {
		cure += ", or use one that is known: " + either(known)
	}
	c.problem(at, "unknown fact %q%s", fact, suggest(string(fact), known, cure))
}

// neededFact tells when a fact that a step needs may stay unknown for ever.
func (c *checker) neededFact(s *placedStep, fact workflow.FactName, at *node) {
	g, ok := c.givers[fact]
	switch {
	case !ok:
		c.fact(at, fact)
	case g.step == nil:
	case g.field.Optional:
		c.problem(at, "the fact %q is given by an optional field of the step %q, so it may stay unknown and %q could never be done; make the field needed", fact, g.step.ID, s.ID)
	case g.step.Optional:
		c.problem(at, "the fact %q is given by the step %q, which is optional, so it may stay unknown and %q could never be done; make that step needed", fact, g.step.ID, s.ID)
	case g.step.IsAction():
		c.problem(at, "the fact %q is given by %q, an action that may never be taken, so %q could never be done; let a step give it", fact, g.step.ID, s.ID)
	case g.step.lane() != nil && s.lane() == nil:
		c.problem(at, "the fact %q is known of each listing, and %q is not per listing; let a step that is made once give it", fact, s.ID)
	}
}

// evidence checks the fields of one step.
func (c *checker) evidence(s *placedStep) {
	first := map[string]*node{}
	for i := range s.Evidence {
		f, at := &s.Evidence[i], s.node.get("evidence").item(i)
		c.unique(first, "field", string(f.ID), at.get("id"))
		c.field(f, at)
	}
}

func (c *checker) field(f *workflow.Field, at *node) {
	if want := factType(f.Fact); want != "" && f.Type != "" && f.Type != want {
		c.problem(at.get("fact"), "the fact %q must be given by a field of type %s, and this one's is %s", f.Fact, want, f.Type)
	}
	if f.Private && f.Fact != "" {
		c.problem(at.get("private"), "%q is private and gives the fact %q, which everybody in the run sees; leave one out", f.ID, f.Fact)
	}
	if n := at.get("max_length"); n.given() && f.Type != "" && f.Type != workflow.ShortText && f.Type != workflow.LongText {
		c.problem(n, "\"max_length\" is for the types %s and %s, and %q is %s; leave it out", workflow.ShortText, workflow.LongText, f.ID, f.Type)
	}
	if n := at.get("min"); n.given() && f.Type != "" && f.Type != workflow.URLs {
		c.problem(n, "\"min\" is for the type %s, and %q is %s; leave it out", workflow.URLs, f.ID, f.Type)
	}
	c.options(f, at)
}

// tracks checks what fields let runs keep in the issue tracker.
func (c *checker) tracks() {
	for _, s := range c.steps {
		for i := range s.Evidence {
			c.track(s, &s.Evidence[i], s.node.get("evidence").item(i))
		}
	}
}

// track checks what a field lets the run keep in the issue tracker.
func (c *checker) track(s *placedStep, f *workflow.Field, at *node) {
	n := at.get("tracks")
	switch first := c.tracked[f.Tracks]; {
	case f.Tracks == "":
	case f.Type != workflow.URL || f.Fact == "":
		c.problem(n, "%q tracks what its link leads to, so its type must be %s, and it needs a \"fact\" to keep the link in", f.ID, workflow.URL)
	case s.lane() != nil:
		c.problem(n, "%q is per listing, and a run tracks things once for all its listings; move the field to another step", s.ID)
	case s.Optional || s.IsAction():
		c.problem(n, "%q may never be done, so what it tracks may never be made; move the field to a step that is needed", s.ID)
	case f.Tracks == workflow.TrackRelated:
	case first != nil:
		c.problem(n, "the step %q tracks the %s of the run already; a run has one", first.ID, f.Tracks)
	default:
		c.tracked[f.Tracks] = s
	}
}

func (c *checker) options(f *workflow.Field, at *node) {
	if quick := at.get("quick"); quick.given() && !slices.Contains(f.Options, f.Quick) {
		c.problem(quick, "\"quick\" is one of the options, and %q of %q is none", f.Quick, f.ID)
	}
	const longest = 75 // what an option of a menu can show
	n := at.get("options")
	switch {
	case f.Type == "":
		return
	case f.Type == workflow.Choice && len(f.Options) < 2:
		where := n
		if !n.given() {
			where = at
		}
		c.problem(where, "%q is a choice between fewer than two things; list them in \"options\"", f.ID)
		return
	case f.Type != workflow.Choice && n.given():
		c.problem(n, "\"options\" is for the type %s, and %q is %s; leave it out", workflow.Choice, f.ID, f.Type)
		return
	}
	for i, option := range f.Options {
		switch item := n.item(i); {
		case item.kind != scalar || option == "":
			c.problem(item, "an option is a few words, and this is %s", item.kind)
		case len([]rune(option)) > longest:
			c.problem(item, "an option has at most %d characters", longest)
		case slices.Index(f.Options, option) < i:
			c.problem(item, "the option %q is in the list already", option)
		}
	}
}

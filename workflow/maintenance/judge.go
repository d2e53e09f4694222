package maintenance

import (
	"slices"
	"strings"
	"time"

	"cloudimage/workflow"
)

// This file judges a release by what its sources say. The rules are:
//
//   - A tag is not a release: tags are there before packages are public. An edition
//     is out when each package that its images are made from is offered.
//   - A release waits a little for its other editions, and for its announcement.
//   - It is a security update when its announcement lists security fixes or says
//     that it is critical, or a person says so. It is none only when a whole
//     announcement lists no fixes and nothing contradicts it, or a person says so.
//   - The version service is a second opinion. Alone it settles nothing.
//   - What is not settled counts as a security update, and a person is asked.
//   - What is missing for too long is put to a person.

// Judgement is what a release is, as far as is known now.
type Judgement struct {
	// Out are the editions that are out; none while it is not.
	Out []string
	// Ready says that there is nothing more to wait for.
	Ready bool
	// Ask says that something has been missing for so long that a person decides
	// whether it comes out.
	Ask    bool
	Kind   workflow.CatalystKind
	Unsure bool
	// Dropped says that a person said that it is none of ours.
	Dropped bool
	// At is when it was published.
	At time.Time
	// Look is when it is to be judged again, though nothing has changed; zero for when
	// something has.
	Look time.Time
	// Why says by what it was judged, a sentence each, and Said what a person said of
	// it; no text when nobody did.
	Why  []workflow.Text
	Said workflow.Text
}

// court is what a release is judged with.
type court struct {
	product  Product
	patience Patience
	now      time.Time
	// What is watched at all.
	tags, packages, announcements, opinions bool
	// rebuilt is the release whose packages were built again; nil for a first build, and
	// for one that was never seen.
	rebuilt *workflow.Release
}

func (c court) judge(r *workflow.Release) Judgement {
	j := Judgement{Kind: workflow.CatalystRelease}
	ruling, ruled := r.Ruled()
	c.editions(r, &j)
	there := j.Why
	j.Why = nil
	c.published(r, &j)
	c.kind(r, &j)
	j.Why = append(j.Why, there...) // what it is comes first
	if ruled {
		j.Unsure = false
		if j.Dropped = ruling.Kind == ""; j.Dropped {
			j.Said = workflow.Say("%s said that it is none of ours%s.", ruling.By, note(ruling.Note))
			return j
		}
		j.Kind = ruling.Kind
		j.Said = workflow.Say("%s said that it is %s%s.", ruling.By, KindName(ruling.Kind), note(ruling.Note))
	}
	if ruled && len(j.Out) == 0 { // who says what it is says that it is there
		j.Out, j.Ready, j.Ask, j.Look = c.product.Editions, true, false, time.Time{}
	}
	return j
}

func note(s string) workflow.Text {
	if s == "" {
		return workflow.Say("")
	}
	return workflow.Say(": %s", s)
}

func (j *Judgement) say(format string, args ...any) {
	j.Why = append(j.Why, workflow.Say(format, args...))
}

// again asks to be looked at later, the sooner of what was asked before.
func (j *Judgement) again(at time.Time) {
	if j.Look.IsZero() || at.Before(j.Look) {
		j.Look = at
	}
}

// editions finds which editions are out, and whether to wait for the others.
func (c court) editions(r *workflow.Release, j *Judgement) {
	var tagged, out, missing []string
	var packages []string
	for _, e := range c.product.Editions {
		isTagged := slices.ContainsFunc(r.Tags, func(t workflow.Tag) bool { return t.Edition == e || t.Edition == "" })
		if isTagged {
			tagged = append(tagged, e)
		}
		switch lacks := c.lacks(r, e); {
		case c.packages && len(c.product.wants(e)) > 0 && len(lacks) == 0:
			out = append(out, e)
		case c.packages && len(c.product.wants(e)) > 0:
			missing = append(missing, e)
			packages = append(packages, lacks...)
		case r.Announcement != nil: // nothing tells whether its packages are there but that it was announced
			out = append(out, e)
		default:
			missing = append(missing, e)
		}
	}
	switch {
	case len(tagged) > 0:
		j.say("Tagged: %s.", strings.Join(tagged, ", "))
	case c.tags:
		j.say("No tag was seen.")
	}
	switch {
	case !c.packages:
		j.say("Nobody watches a package index: an announcement or a person has to say that it is out.")
	case len(packages) == 0:
		j.say("All packages are there: %s.", packageNames(r.Packages))
	default:
		j.say("Packages are missing: %s.", firstOf(packages, 6))
	}
	j.Out = out
	first := firstSeen(r)
	wait := first.Add(c.patience.Packages)
	switch {
	case len(out) == 0 && !c.now.Before(wait):
		j.Ask = true
		if _, ruled := r.Ruled(); !ruled {
			j.say("That has been so since %s.", first)
		}
	case len(out) == 0:
		j.again(wait)
	case len(missing) == 0:
		j.Ready = true
	default:
		// The others join when they are there.
		if wait := outSince(r, out).Add(c.patience.Edition); c.now.Before(wait) {
			j.again(wait)
			return
		}
		j.Ready = true
	}
}

// lacks are the packages that an edition still has to get.
func (c court) lacks(r *workflow.Release, edition string) []string {
	var out []string
	for _, w := range c.product.wants(edition) {
		if !slices.ContainsFunc(r.Packages, func(p workflow.Package) bool {
			return p.Edition == w.Edition && p.Distribution == w.Distribution && p.Architecture == w.Architecture
		}) {
			out = append(out, w.Edition+" "+w.Distribution+" "+w.Architecture)
		}
	}
	return out
}

// packageNames are "CE, EE on noble for amd64, arm64" where there is each of them for
// each, or else one by one.
func packageNames(list []workflow.Package) string {
	var each, editions, distributions, architectures []string
	add := func(to *[]string, s string) {
		if !slices.Contains(*to, s) {
			*to = append(*to, s)
		}
	}
	for _, p := range list {
		add(&each, p.Edition+" "+p.Distribution+" "+p.Architecture)
		add(&editions, p.Edition)
		add(&distributions, p.Distribution)
		add(&architectures, p.Architecture)
	}
	if len(each) == len(editions)*len(distributions)*len(architectures) && len(each) > 1 {
		return strings.Join(editions, ", ") + " on " + strings.Join(distributions, ", ") + " for " + strings.Join(architectures, ", ")
	}
	return firstOf(each, 8)
}

func firstOf(words []string, most int) string {
	if len(words) <= most {
		return strings.Join(words, ", ")
	}
	return strings.Join(words[:most], ", ") + " and more"
}

// firstSeen is when the release was first heard of, be it that nobody watched then.
func firstSeen(r *workflow.Release) time.Time {
	first := r.Seen
	for _, t := range r.Tags {
		if !t.At.IsZero() && t.At.Before(first) {
			first = t.At
		}
	}
	if a := r.Announcement; a != nil && !a.At.IsZero() && a.At.Before(first) {
		first = a.At
	}
	return first
}

// outSince is when the first of some editions was seen to be out.
func outSince(r *workflow.Release, editions []string) time.Time {
	var since time.Time
	for _, e := range editions {
		if at := r.Packaged[e]; !at.IsZero() && (since.IsZero() || at.Before(since)) {
			since = at
		}
	}
	if since.IsZero() {
		since = r.Seen
	}
	return since
}

// published finds when customers could have it: when it was announced, or else when
// its packages were first seen.
func (c court) published(r *workflow.Release, j *Judgement) {
	j.At = r.Seen
	if len(j.Out) > 0 {
		j.At = outSince(r, j.Out)
	}
	if a := r.Announcement; a != nil && !a.At.IsZero() && a.At.Before(c.now) && (a.At.Before(j.At) || r.Published.IsZero()) {
		j.At = a.At
	}
	if !r.Published.IsZero() && r.Published.Before(j.At) {
		j.At = r.Published // a clock that runs is not set back
	}
	if j.At.After(c.now) {
		j.At = c.now
	}
}

// kind finds whether it is a security update.
func (c court) kind(r *workflow.Release, j *Judgement) {
	a, o := r.Announcement, r.Opinion
	if r.Version.Rebuild > 0 {
		c.rebuild(r, j)
		if a == nil {
			return
		}
	}
	endangered := o != nil && (o.Standing == workflow.StandingInDanger || o.Critical)
	if a != nil {
		c.announced(r, a, endangered, j)
		c.opinion(o, endangered, j)
		return
	}
	j.Kind, j.Unsure = workflow.CatalystSecurity, true
	defer c.opinion(o, endangered, j)
	if !c.announcements {
		j.say("Nobody watches announcements, so nothing tells whether it is a security update.")
		return
	}
	if _, ruled := r.Ruled(); ruled || len(j.Out) == 0 {
		j.say("It is not announced.")
		return
	}
	if wait := outSince(r, j.Out).Add(c.patience.Announcement); c.now.Before(wait) {
		j.say("It is not announced yet; I wait until %s.", wait)
		j.again(wait)
		j.Ready = false
		return
	}
	j.say("It was not announced, so it may be a security update.")
}

// opinion tells what the version service says.
func (c court) opinion(o *workflow.Opinion, endangered bool, j *Judgement) {
	switch {
	case endangered && o.Critical:
		j.say("The version service says of %s that what it lacks is critical.", o.Of.String())
	case endangered:
		j.say("The version service says of %s that it is in danger without what came after it.", o.Of.String())
	case o != nil:
		j.say("The version service sees no danger in %s.", o.Of.String())
	case c.opinions:
		j.say("The version service has not been heard.")
	}
}

func (c court) announced(r *workflow.Release, a *workflow.Announcement, endangered bool, j *Judgement) {
	grave := ""
	if a.Severity != "" {
		grave = ", the gravest " + a.Severity
	}
	switch {
	case a.Fixes:
		j.Kind = workflow.CatalystSecurity
		j.say("“%s” lists security fixes%s.", a.Title, grave)
	case a.Kind == workflow.AnnouncesCritical:
		j.Kind = workflow.CatalystSecurity
		j.say("“%s” says that it is critical.", a.Title)
	case !a.Whole:
		j.Kind, j.Unsure = workflow.CatalystSecurity, true
		j.say("“%s” could not be read to its end, so it may list security fixes.", a.Title)
	case endangered:
		j.Kind, j.Unsure = workflow.CatalystSecurity, true
		j.say("“%s” lists no security fixes. That contradicts the version service.", a.Title)
	case a.Kind == workflow.AnnouncesRelease:
		j.say("“%s” announces a release without security fixes.", a.Title)
	default:
		j.say("“%s” lists no security fixes.", a.Title)
	}
}

// rebuild judges packages that were built again. They hold what the first ones do:
// while that was a security update, so are they.
func (c court) rebuild(r *workflow.Release, j *Judgement) {
	j.Kind = workflow.CatalystFix
	j.say("The packages of %s were built again.", r.Version.First().String())
	if b := c.rebuilt; b != nil && b.Kind == workflow.CatalystSecurity && b.State != workflow.ReleaseBefore && b.State != workflow.ReleaseDropped {
		j.Kind, j.Unsure = workflow.CatalystSecurity, b.Unsure
		j.say("They hold what made it a security update.")
	}
}

// KindName is a kind of catalyst in a sentence: "a security update".
func KindName(k workflow.CatalystKind) string {
	switch k {
	case workflow.CatalystSecurity:
		return "a security update"
	case workflow.CatalystFix:
		return "a fix of the image"
	case workflow.CatalystRelease:
		return "a release"
	}
	return "none of ours"
}

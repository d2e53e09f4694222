package commands

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file plans images and has them made. A plan is drawn up anew when its form is
// sent: what was shown goes along with the form (see [facts]), and anything that it did
// not show is shown first, and not built.

// Answers of the form of a plan.
const (
	fieldGoal    workflow.FieldID = "goal"
	fieldLeave   workflow.FieldID = "leave"
	goalPublish                   = "publish"
	goalPrivate                   = "private"
	leaveOut                      = "out"
	leaveNothing                  = "nothing"
)

// mostPlanned is how many images are in one plan. What is known of more does not fit
// unseen into a form.
const mostPlanned = 50

// making is what somebody wants to be made.
type making struct {
	provider workflow.Provider
	run      *workflow.Run // nil for an image of its own
	version  workflow.Version
	wants    []images.Want // in the order in which they are shown
	names    []string      // of each
	built    []bool        // whether there is a private image already
	subject  string        // what the form's target says of it
	// needReason says that an admin is to say why they do it.
	needReason bool
	// more is how many there are beside these.
	more int
}

// buildLanes plans the lanes of a run that are made in a cloud, and has them made when the
// form is sent. About is "aws", and of a form "aws:" with what it showed.
func (d *Desk) buildLanes(ctx context.Context, req Request, r *workflow.Run, about string, needReason bool) (Reply, error) {
	name, shown, sent := strings.Cut(about, ":")
	m := making{provider: workflow.Provider(name), run: r, version: r.Catalyst.Version, subject: buildPlan + ":" + name, needReason: needReason}
	if !d.options.Images.Builds(m.provider) {
		return Reply{}, workflow.Fail(workflow.Unavailable, "No account of %s is connected here any more.", m.provider.Name())
	}
	byHand, err := d.byHand(ctx, r)
	if err != nil {
		return Reply{}, err
	}
	left := d.lanesOfRun(r, byHand)
	lanes := left.cloud[m.provider]
	if req.Values != nil && sent && shown != "" {
		chosen, err := chosenLanes(req, r, m.provider, left)
		if err != nil {
			return Reply{}, err
		}
		m.add(chosen)
		return d.confirmed(req, m, shown), nil
	}
	if len(lanes) == 0 {
		return Reply{Text: workflow.Say("No image of %s is left to build in %s.", r.Partner, m.provider.Name()), Buttons: []Button{openRun(r.ID)}}, nil
	}
	m.add(lanes)
	return d.planning(req, m), nil
}

// add adds lanes of its run.
func (m *making) add(lanes []workflow.Node) {
	m.more = max(0, len(lanes)-mostPlanned)
	for _, n := range lanes[:min(len(lanes), mostPlanned)] {
		l, _ := m.run.Listing(n.Key.Listing)
		m.wants = append(m.wants, images.Want{Run: m.run.ID, Lane: n.Key})
		m.names = append(m.names, m.run.ListingName(l))
		m.built = append(m.built, n.State.Build != nil && n.State.Build.Phase == workflow.BuildBuilt)
	}
}

// chosenLanes are the lanes that were chosen. One that is being made is among them: when
// the same form came before, that is what is told again.
func chosenLanes(req Request, r *workflow.Run, p workflow.Provider, left lanes) ([]workflow.Node, error) {
	making := slices.DeleteFunc(slices.Clone(left.making), func(n workflow.Node) bool {
		l, ok := r.Listing(n.Key.Listing)
		return !ok || l.Provider != p
	})
	chosen := slices.DeleteFunc(slices.Clone(req.Values[fieldListings]), func(s string) bool { return s == "" })
	if slices.Contains(chosen, everyLane) {
		if open := left.cloud[p]; len(open) > 0 {
			return open, nil
		}
		return making, nil
	}
	var out []workflow.Node
	missing := len(chosen)
	for _, n := range append(slices.Clone(left.cloud[p]), making...) {
		if slices.Contains(chosen, optionValue(string(n.Key.Listing))) {
			out = append(out, n)
			missing--
		}
	}
	switch {
	case len(chosen) == 0:
		return nil, wrong(fieldListings, workflow.Say("Choose at least one image."))
	case missing > 0:
		return nil, workflow.Fail(workflow.Conflict, "%s of these by now: done, or with the partner. Nothing was built; please look again.", withImages(missing))
	}
	return out, nil
}

func withImages(n int) workflow.Text {
	if n == 1 {
		return workflow.Say("1 image is not to be built")
	}
	return workflow.Say("%d images are not to be built", n)
}

// waiting is a page that says what is looked up, until later has found it out.
func waiting(title string, what workflow.Text, later func(context.Context) (Reply, error)) Reply {
	return Reply{Page: &Page{Title: cut(title, 24), Rows: []Row{row(what)}}, Later: later}
}

// planning shows the plan of something as soon as it is drawn up.
func (d *Desk) planning(req Request, m making) Reply {
	return waiting(buildTitle("Build", m.version), workflow.Say("Checking… I look at the account, the packages and the regions of %s. It takes a few seconds, and makes nothing.", m.provider.Name()),
		func(ctx context.Context) (Reply, error) { return d.planForm(ctx, req, m, nil) })
}

// planForm is the form of a plan. First is what is to be said before everything else.
func (d *Desk) planForm(ctx context.Context, req Request, m making, first []workflow.Text) (Reply, error) {
	s, err := d.drawUp(ctx, m)
	if err != nil {
		return Reply{}, err
	}
	f := s.form()
	f.Intro = append(first, f.Intro...)
	f.Target.Channel = cmp.Or(req.Target.Channel, req.Channel)
	f.fill(req.Values)
	return Reply{Form: f}, nil
}

// drawUp plans everything that is wanted, to be published where that is possible. Where
// that is not but a private image is, the plan is for that, and says why.
func (d *Desk) drawUp(ctx context.Context, m making) (sketch, error) {
	s := sketch{making: m, publish: m.run != nil && m.run.NeedsSignature()}
	var err error
	if s.plan, s.refused, err = d.plan(ctx, m, s.publish, nil); err == nil && !(s.publish && s.stopped()) || !s.publish || err != nil && !isRefusal(err) {
		return s, err
	}
	p, refused, failed := d.plan(ctx, m, false, nil)
	private := sketch{making: m, plan: p, refused: refused}
	if failed != nil || private.stopped() {
		return s, err
	}
	if private.unpublished = s.hindrances(); err != nil {
		private.unpublished = []workflow.Text{wordsOf(err)}
	}
	return private, nil
}

// wordsOf is what an error says to people.
func wordsOf(err error) workflow.Text {
	if e, ok := errors.AsType[*workflow.Error](err); ok {
		return e.Message
	}
	return workflow.Say("I could not find out.")
}

// isRefusal reports whether there is no plan because of what is wanted, and not because
// the cloud could not be asked.
func isRefusal(err error) bool {
	k := workflow.KindOf(err)
	return k == workflow.Conflict || k == workflow.NotFound || k == workflow.Invalid
}

// plan plans what is wanted. What cannot be planned does not keep the rest from it: it
// is refused by itself.
func (d *Desk) plan(ctx context.Context, m making, publish bool, leave []string) (p images.Plan, refused []workflow.Text, err error) {
	wants := slices.Clone(m.wants)
	for i := range wants {
		wants[i].Publish = publish
	}
	p, err = d.options.Images.Plan(ctx, m.provider, wants, leave)
	if err == nil || !isRefusal(err) || len(wants) == 1 {
		return p, nil, err
	}
	var good []images.Want
	for i := range wants {
		_, failed := d.options.Images.Plan(ctx, m.provider, wants[i:i+1], leave)
		switch {
		case failed == nil:
			good = append(good, wants[i])
		case isRefusal(failed):
			refused = append(refused, workflow.Say("%s is not in it. %s", workflow.Strong(m.names[i]), wordsOf(failed)))
		default:
			return p, nil, failed
		}
	}
	if len(good) == 0 {
		return p, nil, err
	}
	p, err = d.options.Images.Plan(ctx, m.provider, good, leave)
	return p, refused, err
}

// confirmed begins what was confirmed, as soon as it is known to be what was shown.
func (d *Desk) confirmed(req Request, m making, shown string) Reply {
	return waiting(buildTitle("Build", m.version), workflow.Say("Starting… I check once more that everything is as it was shown. Nothing has begun yet."),
		func(ctx context.Context) (Reply, error) { return d.begin(ctx, req, m, shown) })
}

func (d *Desk) begin(ctx context.Context, req Request, m making, shown string) (Reply, error) {
	seen, troubled, _ := strings.Cut(shown, ":")
	publish := req.Values.One(fieldGoal) == goalPublish && m.run != nil && m.run.NeedsSignature()
	var leave []string
	if req.Values.One(fieldLeave) == leaveOut && troubled != "" {
		leave = strings.Split(troubled, ",")
	}
	s := sketch{making: m, publish: publish}
	var err error
	if s.plan, s.refused, err = d.plan(ctx, m, publish, leave); err != nil {
		return Reply{}, err
	}
	again := func(first workflow.Text, more []workflow.Text) (Reply, error) {
		whole, err := d.everything(ctx, m)
		if err != nil {
			return Reply{}, err
		}
		return d.planForm(ctx, req, whole, append([]workflow.Text{first}, more...))
	}
	busy, err := d.isBeingMade(ctx, m)
	switch {
	case err != nil:
		return Reply{}, err
	case busy: // by this request, when it came before; the service knows
	case len(s.refused) > 0:
		return again(workflow.Say("%s, so nothing was built.", workflow.Strong("Not everything that you chose can be built")), nil)
	case len(unseen(seen, s.plan)) > 0:
		return again(workflow.Say("%s, so nothing was built:\n%s", workflow.Strong("Changed since you looked"), bullets(unseen(seen, s.plan))), nil)
	}
	if p, stops := s.plan.Stops(); stops && !busy { // it was seen, and chosen nevertheless
		return again(workflow.Say("%s: %s", workflow.Strong("Nothing was built, because one check stops it"), problemText(p)), nil)
	}
	builds, err := d.options.Images.Start(ctx, req.who(), s.plan, cmp.Or(d.options.Channel, req.Target.Channel))
	if err != nil {
		return Reply{}, err
	}
	return begun(m, builds), nil
}

// isBeingMade reports whether something of it is being made already.
func (d *Desk) isBeingMade(ctx context.Context, m making) (bool, error) {
	if m.run == nil {
		return false, nil
	}
	r, err := d.Run(ctx, m.run.ID)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(m.wants, func(w images.Want) bool {
		s := r.Steps[w.Lane]
		return s != nil && s.Build != nil && s.Build.Phase.Open()
	}), nil
}

// everything is what the form has shown of which somebody chose a part.
func (d *Desk) everything(ctx context.Context, m making) (making, error) {
	if m.run == nil {
		return m, nil
	}
	r, err := d.Run(ctx, m.run.ID)
	if err != nil {
		return m, err
	}
	whole := making{provider: m.provider, run: r, version: m.version, subject: m.subject, needReason: m.needReason}
	byHand, err := d.byHand(ctx, r)
	if err != nil {
		return m, err
	}
	whole.add(d.lanesOfRun(r, byHand).cloud[m.provider])
	if len(whole.wants) == 0 {
		return m, workflow.Fail(workflow.Conflict, "Nothing of %s is left to build in %s.", r.Partner, m.provider.Name())
	}
	return whole, nil
}

// begun says what has begun, and where to follow it.
func begun(m making, builds []*images.Build) Reply {
	if m.run == nil {
		return Reply{Tell: true, Text: workflow.Say("The build of %s has begun. Its image stays private; a message of its own tells how it goes.", m.names[0])}
	}
	text := workflow.Say("%d builds have begun; the thread of %s tells how they go.", len(builds), m.run.Partner)
	if len(builds) == 1 {
		text = workflow.Say("The build of %s has begun; the thread of %s tells how it goes.", builds[0].Order.Name, m.run.Partner)
	}
	return Reply{Tell: true, Text: text, Buttons: []Button{openRun(m.run.ID)}}
}

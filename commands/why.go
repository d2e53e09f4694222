package commands

import (
	"context"
	"slices"

	"cloudimage/workflow"
)

// why answers in plain sentences, from the state of a run and its events: why a
// step is held, whose it is, why it is due then, and why somebody is reminded.
// Without a step it is about the run.
func (d *Desk) why(ctx context.Context, req Request) (Reply, error) {
	r, n, choose, err := d.stepOf(ctx, req)
	if err != nil || choose != nil {
		return orEmpty(choose), err
	}
	if n.Step == nil {
		return Reply{Page: d.whyRun(r)}, nil
	}
	return d.whyStep(ctx, r, n, req.User)
}

func (d *Desk) whyStep(ctx context.Context, r *workflow.Run, n workflow.Node, who workflow.UserID) (Reply, error) {
	events, err := d.allEvents(ctx, r.ID)
	if err != nil {
		return Reply{}, err
	}
	q := inquiry{desk: d, run: r, node: n, events: events}
	page := &Page{Title: cut("Why "+n.Number(), 24), Rows: []Row{row(workflow.Say("%s\n%s", workflow.Strong(r.Partner), fullName(r, n)))}}
	part := func(title string, said []workflow.Text) {
		if len(said) > 0 {
			page.Rows = append(page.Rows, row(workflow.Say("%s\n%s", workflow.Strong(title), lines(said))))
		}
	}
	part("How it stands", q.stands())
	page.Rows = append(page.Rows, q.parts()...)
	isOver := n.State.Status.Closed() || r.State == workflow.Cancelled
	if !isOver {
		part("What holds it", q.held())
		part("Whose it is", q.whose())
	}
	part("Its date", q.dates())
	if !isOver && !r.IsGroup(n.Key) {
		part("Reminders", q.reminders())
	}
	page.Rows = append(page.Rows, q.buttons(who))
	return Reply{Page: page}, nil
}

// inquiry is what is asked about one step.
type inquiry struct {
	desk   *Desk
	run    *workflow.Run
	node   workflow.Node
	events []workflow.Event // all of the run, oldest first
}

// eventsRead is how many events are read at once.
const eventsRead = 500

// allEvents are the events of a run, oldest first.
func (d *Desk) allEvents(ctx context.Context, run workflow.RunID) ([]workflow.Event, error) {
	var out []workflow.Event
	before := int64(0)
	for {
		events, err := d.Events(ctx, run, before, eventsRead)
		if err != nil {
			return nil, err
		}
		out = append(out, events...)
		if len(events) < eventsRead {
			slices.Reverse(out)
			return out, nil
		}
		before = events[len(events)-1].Seq
	}
}

// last is the newest event of that type about the step that fits.
func (q inquiry) last(t workflow.EventType, fits func(workflow.Event) bool) (workflow.Event, bool) {
	for _, e := range slices.Backward(q.events) {
		if e.Type == t && fits(e) {
			return e, true
		}
	}
	return workflow.Event{}, false
}

func (q inquiry) mine(e workflow.Event) bool { return e.Step == q.node.Key }

func (q inquiry) buttons(who workflow.UserID) Row {
	out := Row{Buttons: []Button{
		{Label: "History", Verb: "history", Target: Target{Run: q.run.ID, Step: q.node.Key}},
		{Label: "How-to", Verb: "howto", Target: targetOf(q.run, q.node)},
	}}
	if len(q.desk.stepButtons(q.run, q.node, who)) > 0 {
		out.Buttons = append(out.Buttons, Button{Label: "What I can do", Verb: "step", Target: targetOf(q.run, q.node)})
	}
	return out
}

// stands says how the step stands and since when.
func (q inquiry) stands() []workflow.Text {
	r, s := q.run, q.node.State
	switch {
	case r.State == workflow.Cancelled:
		return []workflow.Text{workflow.Say("%s has ended: %s", r.Name(), r.Reason)}
	case s.Status.Closed() && s.Actor == workflow.Bot:
		return []workflow.Text{workflow.Say("It was %s by itself, %s.", string(s.Status), s.At)}
	case s.Status.Closed():
		return []workflow.Text{reasoned(workflow.Say("%s by %s, %s", capital(string(s.Status)), s.Actor, s.At), s.Reason)}
	case r.State == workflow.Proposed:
		return []workflow.Text{workflow.Say("%s is only proposed: somebody of %s has to accept it first.", r.Name(), r.Definition().TeamName(r.Definition().Owner))}
	case s.Status == workflow.Locked:
		return []workflow.Text{workflow.Say("It is locked. It opens by itself when what comes before it is done.")}
	case q.unasked():
		return []workflow.Text{workflow.Say("It is optional, and not needed until somebody asks for it.")}
	case r.IsGroup(q.node.Key): // its parts are listed below
		return []workflow.Text{workflow.Say("It is done by itself when all its parts are closed. These are not:")}
	}
	out := []workflow.Text{workflow.Say("It is open since %s.", s.Opened)}
	if s.Build != nil {
		out = append(out, whyBuild(s.Build))
	}
	if l := r.LatenessOf(q.node.Key, q.desk.Now()); l.Days > 0 {
		out = append(out, workflow.Say("It is late by %s: %s", count(l.Days, "business day", "business days"), whoseDays(l)))
	}
	for _, h := range s.Helpers {
		f, _ := q.node.Step.Field(h.Field)
		asked := workflow.Say("%s asked %s for this, %s: %s", h.By, h.User, h.At, f.Label)
		if h.Until != "" {
			asked = workflow.Say("%s, wanted by %s", asked, h.Until)
		}
		out = append(out, workflow.Say("%s.", asked))
	}
	if tick := q.desk.tickText(r, q.node, ""); !tick.IsZero() {
		out = append(out, workflow.Say("%s.", tick))
	}
	return append(out, q.waits()...)
}

func (q inquiry) unasked() bool { return q.node.Step.Optional && !q.node.State.Wanted }

// parts are those of a group, each with its own reasons a button away.
func (q inquiry) parts() []Row {
	if !q.run.IsGroup(q.node.Key) || q.unasked() {
		return nil
	}
	var out []Row
	for _, key := range q.run.Children(q.node.Key) {
		if n, ok := q.run.Node(key); ok && !n.State.Status.Closed() {
			out = append(out, row(stepStatus(q.run, n), explainButton(q.run, n)))
		}
	}
	return out
}

// whoseDays says whose the days are by which a step is late.
func whoseDays(l workflow.Lateness) workflow.Text {
	if l.Ours == l.Days && l.Days == 1 {
		return workflow.Say("it is ours.")
	}
	if l.Ours == l.Days {
		return workflow.Say("they are ours.")
	}
	var out []workflow.Text
	if l.Ours > 0 {
		out = append(out, workflow.Say("%d ours", l.Ours))
	}
	if l.Partners > 0 {
		out = append(out, workflow.Say("%d the partner's", l.Partners))
	}
	if l.Nobodys > 0 {
		out = append(out, workflow.Say("%d nobody's, while the day they had promised was to come", l.Nobodys))
	}
	return workflow.Say("%s.", listed(out))
}

// waits says what the partner was asked, and what became of that.
func (q inquiry) waits() []workflow.Text {
	w := q.node.State.Waiting
	if w == nil {
		return nil
	}
	asked := workflow.Say("%s asked %s %s: %s", w.By, q.run.AskedPartner(q.node.Key), w.Since, cut(w.For, 300))
	if w.Ticket != "" {
		asked = workflow.Say("%s (ticket %s)", asked, w.Ticket)
	}
	out := []workflow.Text{asked}
	if w.Promised != "" {
		out = append(out, workflow.Say("They promised an answer for %s.", w.Promised))
	}
	if !w.Heard.IsZero() {
		out = append(out, workflow.Say("They wrote %s, without an answer: from then on their silence is counted anew.", w.Heard))
	}
	if !w.Chased.IsZero() {
		out = append(out, workflow.Say("They were last asked again %s.", w.Chased))
	}
	return out
}

// held says what has to happen before the step opens, or can be done.
func (q inquiry) held() []workflow.Text {
	var out []workflow.Text
	for _, b := range q.run.LockedBy(q.node.Key) {
		out = append(out, q.block(b))
	}
	if q.unasked() {
		if who := q.run.Lead(q.node.Step.AskTeam); who != "" {
			return append(out, workflow.Say("%s was asked whether it is wanted. No answer means no.", who))
		}
		return out
	}
	until := "It can be worked on, and cannot be done yet: %s"
	if q.node.State.Status == workflow.Locked {
		until = "Once it is open it has to wait still: %s"
	}
	for _, b := range q.run.Unmet(q.node.Key) {
		out = append(out, workflow.Say(until, q.block(b)))
	}
	return out
}

// block says of what holds the step with whom it is, and since when.
func (q inquiry) block(b workflow.Block) workflow.Text {
	if b.Stage != nil {
		s, p := q.run.Stages[b.Stage.ID], q.run.StageProgress(b.Stage)
		what := workflow.Say("Stage %s, %s, is not complete: %d of %d steps", b.Stage.Number, b.Stage.Title, p.Done, p.Total)
		if s.Status == workflow.StageLocked {
			return workflow.Say("%s, and it is locked itself.", what)
		}
		return workflow.Say("%s. It is with %s, open since %s. Missing: %s.", what, personOr(q.run.Acting(b.Holder)), s.Opened, firstOf(q.missing(b.Stage), 5))
	}
	n := b.Step
	if n == nil {
		n = b.Giver
	}
	if n == nil {
		return workflow.Say("%s.", b.Text())
	}
	with := personOr(q.run.Acting(b.Holder))
	name := q.run.StepName(*n)
	switch s := n.State; {
	case b.Asked:
		return workflow.Say("%s is optional, and nobody has asked for it.", name)
	case s.Status == workflow.Locked:
		return workflow.Say("%s is not done, and is locked itself.", name)
	case s.Waiting != nil:
		return workflow.Say("%s is not done. It waits for %s since %s; %s follows up.", name, q.run.Partner, s.Waiting.Since, personOr(q.run.Acting(q.run.Chaser(n.Key))))
	case s.Overdue:
		return workflow.Say("%s is not done. It is with %s, open since %s and late since %s.", name, with, s.Opened, s.Due)
	case s.Due.IsZero():
		return workflow.Say("%s is not done. It is with %s, open since %s.", name, with, s.Opened)
	default:
		return workflow.Say("%s is not done. It is with %s, open since %s and due %s.", name, with, s.Opened, s.Due)
	}
}

// missing are the steps that a stage needs still.
func (q inquiry) missing(stage *workflow.Stage) (out []workflow.Text) {
	for i := range stage.Steps {
		n, ok := q.run.Node(workflow.StepKey{Step: stage.Steps[i].ID})
		if !ok || n.State.Status.Closed() || n.Step.Optional && !n.State.Wanted {
			continue
		}
		out = append(out, workflow.Say("%s (%s)", q.run.StepName(n), personOr(q.run.Acting(q.run.Responsible(n.Key)))))
	}
	return out
}

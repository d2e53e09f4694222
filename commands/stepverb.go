package commands

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"cloudimage/workflow"
)

// stepVerb is a verb on one step. All of them work alike: find the step, say no
// at once to whom it does not belong to or when the state forbids it, ask for
// what is missing, then act.
type stepVerb struct {
	verb   workflow.Verb
	usage  string
	help   string
	phrase string // what a person can do with a step: "mark done"
	group  Group
	button string // the words on its button, "Done"
	whole  bool   // it can be used on a step that is done in parts
	// fits reports whether the verb makes sense for the step as it stands. It
	// decides what is offered; whether it is accepted is decided when acting.
	fits func(*workflow.Run, workflow.Node) bool
	// when narrows fits to who asks and to the moment; nil for everybody, always.
	when func(r *workflow.Run, n workflow.Node, who workflow.UserID, now time.Time) bool
	// sole acts on the only step it can be used on without asking which.
	sole bool
	// form asks for what the verb needs; nil when it needs nothing.
	form func(*workflow.Run, workflow.Node, Target) []Field
	// tries acts before it asks: the form is opened only when do says that
	// answers are missing.
	tries bool
	// intro is said above the form.
	intro func(*workflow.Run, workflow.Node, Target) []workflow.Text
	// to is whose name is on the form's button, behind its words; nil for nobody's.
	to func(workflow.Node, Target) workflow.UserID
	// parse takes answers from what was typed behind the step, and acts on them
	// without a form; nil answers open one.
	parse func(rest string) Values
	// prefill takes answers from what was typed behind the step for the form,
	// where there is more to say than fits a line, or than was typed.
	prefill func(n workflow.Node, rest string) Values
	// field is the answer or action that is meant when nothing says so; nil for
	// verbs that are about the step as a whole.
	field func(r *workflow.Run, n workflow.Node, who workflow.UserID) workflow.FieldID
	// check looks up what the answers name, before anything changes.
	check func(ctx context.Context, d *Desk, v Values) error
	do    func(act workflow.Act, r *workflow.Run, t Target, v Values) error
	// later is the verb that is offered when it is too late for this one.
	later workflow.Verb
	// onStage is the verb on a whole stage; nil for verbs on steps alone.
	onStage func(d *Desk, ctx context.Context, q stageRequest) (Reply, error)
	// said is what a person who typed the verb is told.
	said func(*workflow.Run, workflow.Node) workflow.Text
	// also is what everybody has to be told, because nothing else shows it; nil
	// for nothing.
	also func(*workflow.Run, workflow.Node) workflow.Text
}

// allStepVerbs are the verbs on one step, in the order their buttons have.
func allStepVerbs() []*stepVerb {
	return slices.Concat(lifeVerbs(), partnerVerbs(), silenceVerbs(), momentVerbs(), tickVerbs())
}

// offered reports whether the verb makes sense for the step as it stands, now and
// for the person.
func (d *Desk) offered(v *stepVerb, r *workflow.Run, n workflow.Node, who workflow.UserID) bool {
	return v.fits(r, n) && (v.when == nil || v.when(r, n, who, d.Now()))
}

func (d *Desk) stepVerbs() []Verb {
	var out []Verb
	for _, v := range d.onSteps {
		out = append(out, Verb{string(v.verb), v.usage, v.help, v.group, func(ctx context.Context, req Request) (Reply, error) {
			return d.onStep(ctx, v, req)
		}})
	}
	return out
}

// stepRequest is a request on one step that has been found.
type stepRequest struct {
	Request
	verb    *stepVerb
	target  Target
	answers Values // nil before anything was asked
	draft   Values // what the form holds when it opens
}

func (q stepRequest) ask() workflow.Ask {
	return workflow.Ask{Who: q.User, Verb: q.verb.verb, Step: q.target.Step, Field: q.target.Field}
}

// onStep is the way of every step verb.
func (d *Desk) onStep(ctx context.Context, v *stepVerb, req Request) (Reply, error) {
	q := stepRequest{Request: req, verb: v, target: req.Target, answers: req.Values}
	if v.onStage != nil && req.Target.Step == (workflow.StepKey{}) {
		stage, choose, err := d.stageOf(ctx, req)
		if err != nil || choose != nil {
			return orEmpty(choose), err
		}
		if stage.stage != nil {
			return v.onStage(d, ctx, stage)
		}
	}
	if req.Target.Step == (workflow.StepKey{}) {
		found, err := d.chooseStep(ctx, v, req)
		if err != nil || found.reply != nil {
			return orEmpty(found.reply), err
		}
		q.target = v.target(found.choice, req.User)
		q.target.Version = 0 // typed: none was seen
		if found.rest != "" && v.parse != nil {
			q.answers = v.parse(found.rest)
		}
		if found.rest != "" && q.answers == nil && v.prefill != nil {
			q.draft = v.prefill(found.node, found.rest)
		}
	}
	if q.answers == nil && (v.form != nil && !v.tries || q.draft != nil) {
		return d.stepForm(ctx, q)
	}
	if v.check != nil {
		if err := v.check(ctx, d, q.answers); err != nil {
			return Reply{}, err
		}
	}
	who := workflow.Who{User: req.User, Request: req.ID, Reason: q.answers.One(workflow.FieldReason)}
	r, err := d.Service.Do(ctx, who, q.target.Run, q.ask(), func(act workflow.Act, r *workflow.Run) error {
		return v.do(act, r, q.target, q.answers)
	})
	if err != nil {
		return d.askInstead(ctx, q, err)
	}
	n, _ := r.Node(q.target.Step)
	p := r.Progress()
	reply := Reply{Text: workflow.Say("%s %s: %d of %d steps.", v.said(r, n), r.Partner, p.Done, p.Total)}
	if v.also != nil {
		if also := v.also(r, n); !also.IsZero() {
			reply.Text, reply.Tell = workflow.Say("%s %s", reply.Text, also), true
		}
	}
	if v.verb == workflow.VerbDone && r.Undoable(n.Key, req.User, d.Now()) {
		reply.Buttons = []Button{undoButton(r, n)}
	}
	if done := d.stepVerb(workflow.VerbDone); v.verb == workflow.VerbUndo && done.fits(r, n) {
		reply.Buttons = []Button{{Label: done.label(n), Verb: string(done.verb), Target: targetOf(r, n)}}
	}
	return reply, nil
}

// askInstead opens a form where an act was refused for want of an answer, or
// was made in a form that has grown old. Every other refusal stands.
func (d *Desk) askInstead(ctx context.Context, q stepRequest, refusal error) (Reply, error) {
	kind := workflow.KindOf(refusal)
	formed := q.Values != nil // it came from a form
	switch {
	case !formed && kind == workflow.NeedReason, !formed && q.verb.tries && kind == workflow.Invalid:
		q.draft = q.answers
		return d.stepForm(ctx, q)
	case kind == workflow.Stale && q.verb.later != "":
		q.verb, q.target.Version = d.stepVerb(q.verb.later), 0
		reply, err := d.stepForm(ctx, q)
		if err != nil {
			return Reply{}, refusal
		}
		var e *workflow.Error
		if errors.As(refusal, &e) && reply.Form != nil {
			reply.Form.Intro = append(reply.Form.Intro, e.Message)
		}
		return reply, nil
	case formed && kind == workflow.Stale:
		// What was written is not lost with the form it was written in.
		q.draft, q.target.Version = q.answers, 0
		reply, err := d.stepForm(ctx, q)
		if err != nil {
			return Reply{}, refusal
		}
		reply.Form.Intro = append(reply.Form.Intro, workflow.Say("This step has changed while you wrote. Please look at it once more, then send it again."))
		return reply, nil
	}
	return Reply{}, refusal
}

// stepForm asks for what a verb needs, unless the answer is already no.
func (d *Desk) stepForm(ctx context.Context, q stepRequest) (Reply, error) {
	r, err := d.Run(ctx, q.target.Run)
	if err != nil {
		return Reply{}, err
	}
	n, ok := r.Node(q.target.Step)
	if !ok {
		return Reply{}, noStep(r)
	}
	needReason := false
	switch err := d.May(r, q.ask()); {
	case workflow.KindOf(err) == workflow.NeedReason:
		needReason = true
	case err != nil:
		return Reply{}, err
	}
	// What the state forbids is said before anyone fills in a form: the verb is
	// tried on a copy, without answers.
	err = q.verb.do(workflow.Act{Actor: q.User, At: d.Now()}, r.Clone(), q.target, nil)
	if k := workflow.KindOf(err); err != nil && (k == workflow.Stale || k == workflow.Conflict || k == workflow.NotFound || k == workflow.Denied) {
		return Reply{}, err
	}
	f := &Form{Verb: string(q.verb.verb), Title: q.verb.button, Submit: q.verb.button,
		Target: Target{Run: r.ID, Step: n.Key, Version: n.State.Version, Field: q.target.Field, Channel: cmp.Or(q.target.Channel, q.Channel)}}
	if q.verb.to != nil {
		f.Submit = d.withName(ctx, f.Submit, q.verb.to(n, q.target))
	}
	if a, _, ok := r.Definition().Step(workflow.StepID(q.target.Field)); ok && q.verb.verb == workflow.VerbAct {
		f.Title = cut(short(a), 24)
	}
	f.Intro = append(f.Intro, workflow.Say("%s\n%s", workflow.Strong(r.Partner), fullName(r, n)))
	if q.verb.intro != nil {
		f.Intro = append(f.Intro, q.verb.intro(r, n, q.target)...)
	}
	if q.verb.form != nil {
		f.Fields = q.verb.form(r, n, q.target)
	}
	if needReason && !hasField(f.Fields, workflow.FieldReason) {
		f.Fields = append(f.Fields, overrideField())
	}
	f.fill(q.draft)
	return Reply{Form: f}, nil
}

// withName is the words on a button with a person's name behind them, where it is
// known and there is room for it.
func (d *Desk) withName(ctx context.Context, words string, who workflow.UserID) string {
	p, err := d.Profile(ctx, who)
	named := words + " to " + p.Name
	if who == "" || err != nil || p.Name == "" || len([]rune(named)) > 24 {
		return words
	}
	return named
}

// fullName is a step as the process calls it, for whoever is about to do it.
func fullName(r *workflow.Run, n workflow.Node) workflow.Text {
	if l, ok := r.Listing(n.Key.Listing); ok {
		return workflow.Say("%s %s (%s)", n.Number(), n.Step.Title, r.ListingName(l))
	}
	return workflow.Say("%s %s", n.Number(), n.Step.Title)
}

// target is what the verb acts on in a step.
func (v *stepVerb) target(c choice, who workflow.UserID) Target {
	t := targetOf(c.run, c.node)
	if v.field != nil {
		t.Field = v.field(c.run, c.node, who)
	}
	return t
}

// opensForm reports whether the verb asks for something before it acts.
func (v *stepVerb) opensForm(n workflow.Node) bool {
	return v.form != nil && (!v.tries || len(n.Step.Evidence) > 0)
}

// label is the words on the verb's button for a step: with an ellipsis when it
// asks something first.
func (v *stepVerb) label(n workflow.Node) string {
	if v.opensForm(n) {
		return v.button + "…"
	}
	return v.button
}

func hasField(fields []Field, id workflow.FieldID) bool {
	for _, f := range fields {
		if f.ID == id {
			return true
		}
	}
	return false
}

func orEmpty(r *Reply) Reply {
	if r == nil {
		return Reply{}
	}
	return *r
}

// said is the sentence for a verb that was carried out.
func said(format string) func(*workflow.Run, workflow.Node) workflow.Text {
	return func(r *workflow.Run, n workflow.Node) workflow.Text {
		return workflow.Say(format, r.StepName(n))
	}
}

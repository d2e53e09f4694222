package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"cloudimage/bot/view"
	"cloudimage/slackdev"
	"cloudimage/workflow"
)

// clickingPerson acts at random, one act after the other, and writes down what
// came of it.
type clickingPerson struct {
	*crash
	*slackdev.Person
	rng  *rand.Rand
	acts int
}

// act acts until ctx ends. While the program is dead it waits, as people do.
func (p *clickingPerson) act(ctx context.Context) {
	for ctx.Err() == nil {
		if p.slack.WaitFor(ctx, func() bool { return p.slack.Sockets() > 0 }) != nil {
			return
		}
		within, cancel := p.whileAlive(ctx)
		p.acts++
		switch n := p.rng.IntN(100); {
		case n < 40:
			p.note(within)
		case n < 75:
			p.done(within, "#cloud-images")
		case n < 90:
			p.done(within, "dm")
		case n < 96:
			p.begin(within)
		default:
			p.look(within)
		}
		cancel()
	}
}

// note types a note that nobody else types.
func (p *clickingPerson) note(ctx context.Context) {
	run := 1 + p.rng.IntN(p.journal.runs()+1) // which may not be there, and is refused then
	d := p.journal.begin(deed{kind: noted, key: fmt.Sprintf("%s-%d", p.Name(), p.acts)})
	out, err := p.Slash(ctx, "#cloud-images", fmt.Sprintf("/cloudimage note R-%d %s", run, d.key))
	p.journal.end(d, err == nil && strings.Contains(string(out.Response), "Noted in the history"))
}

// done presses a Done button of some message, and fills in the form when there
// is one.
func (p *clickingPerson) done(ctx context.Context, where string) {
	var buttons []doneButton
	for _, m := range p.Messages(where) {
		buttons = append(buttons, doneButtons(m)...)
	}
	if len(buttons) == 0 {
		return
	}
	b := buttons[p.rng.IntN(len(buttons))]
	step, ok := p.journal.step(b.target.Step.Step)
	if !ok {
		p.t.Errorf("no process has the step of %q", b.value)
		return
	}
	d := deed{kind: closed, key: string(b.target.Run) + " " + b.target.Step.String()}
	if len(step.Evidence) > 0 {
		if _, err := p.Click(ctx, slackdev.In(where, string(workflow.VerbDone)).At(b.ts).Near(step.Number+" ")); err == nil {
			p.fill(ctx, d, b.target)
		}
		return
	}
	begun := p.journal.begin(d)
	_, err := p.Click(ctx, slackdev.In(where, string(workflow.VerbDone)).At(b.ts).Near(step.Number+" "))
	p.journal.end(begun, err == nil)
}

// begin starts a partnership that nobody else starts.
func (p *clickingPerson) begin(ctx context.Context) {
	if p.journal.runs() >= mostRuns {
		return
	}
	if _, err := p.Slash(ctx, "#cloud-images", "/cloudimage new"); err != nil {
		return
	}
	partner := fmt.Sprintf("Partner %s %d", p.Name(), p.acts)
	p.fill(ctx, deed{kind: begun, key: partner}, target{}, "Partner", partner, "Process", [...]string{"Dense image", "First-time image"}[p.rng.IntN(2)])
}

// formWithin is how long people wait for a form before they do something else.
const formWithin = 2 * time.Second

// mostRuns keeps the channel readable.
const mostRuns = 60

// look opens something to read.
func (p *clickingPerson) look(ctx context.Context) {
	switch p.rng.IntN(3) {
	case 0:
		p.OpenHome(ctx)
	case 1:
		p.Slash(ctx, "#cloud-images", "/cloudimage mine")
	default:
		p.Slash(ctx, "#cloud-images", fmt.Sprintf("/cloudimage history R-%d", 1+p.rng.IntN(p.journal.runs()+1)))
	}
	p.CloseAll(ctx)
}

// fill waits for the form about a step, or about none, fills it in and submits it, again and again while
// the program is killed and started, until it is answered. Some answers are
// given as label and value; the others are made up.
func (p *clickingPerson) fill(ctx context.Context, d deed, about target, given ...string) {
	defer p.CloseAll(context.Background())
	// A form can be told by its submit button from what says that it is on its way. It
	// may never come: who is refused gets a sentence instead.
	comes, enough := context.WithTimeout(ctx, formWithin)
	defer enough()
	if p.slack.WaitFor(comes, func() bool { v, open := p.Modal(); return open && v.Submit != "" }) != nil {
		return
	}
	form, _ := p.Modal()
	if _, t, err := view.ParseMetadata(form.PrivateMetadata); err != nil || (target{t.Run, t.Step}) != about {
		return // it was asked for earlier, and came after the one who asked had given up
	}
	for i := 0; i < len(given); i += 2 {
		if _, err := p.Fill(ctx, given[i], given[i+1]); err != nil {
			return // something that was asked for earlier has come up before the form
		}
	}
	for _, in := range emptyInputs(form, given) {
		if _, err := p.Fill(ctx, in.block, in.answers()...); err != nil {
			return
		}
	}
	d = p.journal.begin(d)
	for again := ctx; ; {
		out, err := p.Submit(again)
		switch {
		case err == nil:
			if _, open := p.Modal(); open || !out.OK {
				p.journal.end(d, false) // something else was said instead
				return
			}
			p.journal.end(d, true)
			return
		case !errors.Is(err, errKilled) && !errors.Is(err, slackdev.ErrNoResponse):
			p.journal.end(d, false)
			return
		}
		// Nobody answered, and the form is still there: try it again, as people do.
		if p.slack.WaitFor(p.running, func() bool { return p.slack.Sockets() > 0 }) != nil {
			p.journal.end(d, false)
			return
		}
		var cancel context.CancelFunc
		again, cancel = p.whileAlive(p.running)
		defer cancel()
	}
}

// input is something to fill in.
type input struct {
	block, kind string
	multiline   bool
	options     []string
}

// emptyInputs are the inputs of a form that nothing was given for.
func emptyInputs(form slackdev.View, given []string) []input {
	var blocks []struct {
		Type  string `json:"type"`
		ID    string `json:"block_id"`
		Label struct {
			Text string `json:"text"`
		} `json:"label"`
		Element struct {
			Type      string `json:"type"`
			Multiline bool   `json:"multiline"`
			Options   []struct {
				Value string `json:"value"`
			} `json:"options"`
		} `json:"element"`
	}
	if err := json.Unmarshal(form.Blocks, &blocks); err != nil {
		panic("the blocks of a form are JSON: " + err.Error())
	}
	var out []input
	for _, b := range blocks {
		if b.Type != "input" || len(given) > 0 && (b.Label.Text == given[0] || b.Label.Text == given[2]) {
			continue
		}
		in := input{block: b.ID, kind: b.Element.Type, multiline: b.Element.Multiline}
		for _, o := range b.Element.Options {
			in.options = append(in.options, o.Value)
		}
		out = append(out, in)
	}
	return out
}

// answers are what fits an input, as far as its kind tells.
func (in input) answers() []string {
	switch in.kind {
	case "datepicker":
		return []string{nextYear()}
	case "users_select":
		return []string{"omar"}
	case "url_text_input":
		return []string{"https://example.com/page"}
	case "number_input":
		return []string{"5"}
	case "static_select", "radio_buttons", "checkboxes", "multi_static_select":
		return in.options[:1]
	}
	if in.multiline {
		return []string{"https://example.com/one\nhttps://example.com/two"}
	}
	return []string{"The words of a test"}
}

// doneButton is a Done button of a message.
type doneButton struct {
	ts     slackdev.TS
	value  string
	target target
}

// target is what a button acts on.
type target struct {
	Run  workflow.RunID
	Step workflow.StepKey
}

func doneButtons(m slackdev.Message) []doneButton {
	type element struct {
		Action string `json:"action_id"`
		Value  string `json:"value"`
	}
	var blocks []struct {
		Accessory element   `json:"accessory"`
		Elements  []element `json:"elements"`
	}
	// Elements of a context block have another shape, and no action.
	if err := json.Unmarshal(m.Blocks, &blocks); err != nil {
		return nil
	}
	var out []doneButton
	for _, b := range blocks {
		for _, e := range append(b.Elements, b.Accessory) {
			if e.Action != string(workflow.VerbDone) {
				continue
			}
			if _, t, err := view.ParseAction(e.Action, e.Value); err == nil {
				out = append(out, doneButton{m.TS, e.Value, target{t.Run, t.Step}})
			}
		}
	}
	return out
}

package slackdev

import (
	"context"
	"fmt"
)

// This file has acts that name things by their words, as people do: controls by
// what is written on them, messages by what they say.

// target is the control that an order means: in a channel when it names one, on
// the surface that it names otherwise, which is the modal on top by default.
func (o *order) target(p *Person, control string) (Target, error) {
	if control == "" {
		return Target{}, fmt.Errorf("%w: say which control by the words on it", ErrNotPossible)
	}
	t := Target{surface: o.Surface, channel: o.Channel, control: control, near: o.Near}
	switch {
	case t.surface == "" && o.Channel != "":
		t.surface = "message"
	case t.surface == "":
		t.surface = "modal"
	case t.surface != "message" && t.surface != "modal" && t.surface != "home":
		return t, fmt.Errorf("%w: there is no surface %q: it is message, modal or home", ErrNotPossible, o.Surface)
	case t.surface != "message" && o.Channel != "":
		return t, fmt.Errorf("%w: a control is in a channel or in the %s, not in both", ErrNotPossible, t.surface)
	}
	if o.TS != "" || o.Message != "" {
		ts, err := o.meant(p)
		if err != nil {
			return t, err
		}
		t.ts = ts
	}
	return t, nil
}

// meant is the message that an order names, by its ts or by its words.
func (o *order) meant(p *Person) (TS, error) {
	if o.TS != "" {
		return o.TS, nil
	}
	return saying(p, o.Channel, o.Message)
}

// parent is the message that an order replies to; empty when it does not.
func (o *order) parent(p *Person) (TS, error) {
	if o.ThreadTS != "" || o.Thread == "" {
		return o.ThreadTS, nil
	}
	return saying(p, o.Channel, o.Thread)
}

func saying(p *Person, channel, words string) (TS, error) {
	if words == "" {
		return "", fmt.Errorf("%w: say which message, by its ts or by words in it", ErrNotPossible)
	}
	m, ok := p.Find(channel, words)
	if !ok {
		return "", fmt.Errorf("%w: %s sees no message in %q that says %q", ErrNotPossible, p.Name(), channel, words)
	}
	return m.TS, nil
}

// asPerson fits an act that the Go API has.
func asPerson(act func(ctx context.Context, p *Person, o *order) (Outcome, error)) controlAct {
	return outcomeOnly(func(ctx context.Context, ws *Workspace, u *user, o *order) (Outcome, error) {
		return act(ctx, &Person{ws: ws, u: u}, o)
	})
}

// onMessage fits an act on a message.
func onMessage(act func(ctx context.Context, p *Person, o *order, ts TS) (Outcome, error)) controlAct {
	return asPerson(func(ctx context.Context, p *Person, o *order) (Outcome, error) {
		ts, err := o.meant(p)
		if err != nil {
			return refused(err)
		}
		return act(ctx, p, o, ts)
	})
}

// onControl fits an act on a control that is named by its words.
func onControl(word func(*order) string, act func(ctx context.Context, p *Person, o *order, t Target) (Outcome, error)) controlAct {
	return asPerson(func(ctx context.Context, p *Person, o *order) (Outcome, error) {
		t, err := o.target(p, word(o))
		if err != nil {
			return refused(err)
		}
		return act(ctx, p, o, t)
	})
}

// wordActs are the acts that name things by their words alone.
func wordActs() map[string]controlAct {
	return map[string]controlAct{
		"click": onControl(func(o *order) string { return o.Button }, func(ctx context.Context, p *Person, o *order, t Target) (Outcome, error) {
			return p.Click(ctx, t, Choose(o.Choose...))
		}),
		"fill": onControl(func(o *order) string { return o.Label }, func(ctx context.Context, p *Person, o *order, t Target) (Outcome, error) {
			return p.FillIn(ctx, t, o.Values...)
		}),
		"edit": onMessage(func(ctx context.Context, p *Person, o *order, ts TS) (Outcome, error) {
			return p.Edit(ctx, o.Channel, ts, o.Text)
		}),
		"delete": onMessage(func(ctx context.Context, p *Person, o *order, ts TS) (Outcome, error) {
			return p.Delete(ctx, o.Channel, ts)
		}),
		"react": onMessage(func(ctx context.Context, p *Person, o *order, ts TS) (Outcome, error) {
			return p.React(ctx, o.Channel, ts, o.Emoji)
		}),
		"unreact": onMessage(func(ctx context.Context, p *Person, o *order, ts TS) (Outcome, error) {
			return p.Unreact(ctx, o.Channel, ts, o.Emoji)
		}),
		"pin": onMessage(func(ctx context.Context, p *Person, o *order, ts TS) (Outcome, error) {
			return p.Pin(ctx, o.Channel, ts)
		}),
		"unpin": onMessage(func(ctx context.Context, p *Person, o *order, ts TS) (Outcome, error) {
			return p.Unpin(ctx, o.Channel, ts)
		}),
		"upload": uploadAct,
		"create_channel": asPerson(func(ctx context.Context, p *Person, o *order) (Outcome, error) {
			return p.CreateChannel(ctx, o.Name, o.Private)
		}),
		"archive": asPerson(func(ctx context.Context, p *Person, o *order) (Outcome, error) {
			return p.Archive(ctx, o.Channel)
		}),
		"unarchive": asPerson(func(ctx context.Context, p *Person, o *order) (Outcome, error) {
			return p.Unarchive(ctx, o.Channel)
		}),
		"wait": waitAct,
	}
}

// suggestByLabel asks a select that is named by its words.
func suggestByLabel(ctx context.Context, ws *Workspace, u *user, o *order) (Suggestions, Outcome, error) {
	p := &Person{ws: ws, u: u}
	t, err := o.target(p, o.Label)
	if err != nil {
		out, err := refused(err)
		return Suggestions{}, out, err
	}
	return p.Suggest(ctx, t, o.Value)
}

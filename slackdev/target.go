package slackdev

import (
	"fmt"
	"iter"
	"slices"

	"cloudimage/slackdev/surface"
)

// Target names a control the way a person would point at it: on which surface,
// what is written on it, what it stands next to. Make one with In, InDM,
// InModal or InHome.
type Target struct {
	surface string // message, modal, home
	channel string
	ts      TS
	control string
	near    string
}

// In targets a control in a channel, by the words on it or by its action id.
// The newest message that has it is meant, ephemeral ones and replies in threads
// included, unless At names another. What is in blocks of its attachments is in it.
func In(channel, control string) Target {
	return Target{surface: "message", channel: channel, control: control}
}

// InDM targets a control in the person's direct message with the app.
func InDM(control string) Target { return Target{surface: "message", channel: "dm", control: control} }

// InModal targets a control in the modal on top.
func InModal(control string) Target { return Target{surface: "modal", control: control} }

// InHome targets a control in the Home tab.
func InHome(control string) Target { return Target{surface: "home", control: control} }

// At narrows the target to one message.
func (t Target) At(ts TS) Target { t.ts = ts; return t }

// Near narrows the target to a control whose block, or whose message, says the words.
func (t Target) Near(words string) Target { t.near = words; return t }

// String describes the target for error messages.
func (t Target) String() string {
	where := map[string]string{"message": t.channel, "modal": "the modal", "home": "the Home tab"}[t.surface]
	s := fmt.Sprintf("%q in %s", t.control, where)
	if t.near != "" {
		s += fmt.Sprintf(" near %q", t.near)
	}
	return s
}

// find returns the surface and the control. The workspace is locked.
func (ws *Workspace) find(u *user, t Target) (*spot, *surface.Control, error) {
	var offered []string
	r := ws.readerFor(u, nil)
	for s := range ws.spots(u, t) {
		r.Inputs = s.inputs(u)
		hits := r.Matching(s.document(), t.control, t.near)
		switch {
		case len(hits) == 1:
			return s, hits[0], nil
		case len(hits) > 1:
			return nil, nil, fmt.Errorf("%w: %s is there %d times: say what it stands near, or use its action id", ErrNotPossible, t, len(hits))
		}
		if len(offered) < 40 {
			offered = append(offered, s.document().Captions()...)
		}
	}
	return nil, nil, fmt.Errorf("%w: %s sees no %s; he sees %q", ErrNotPossible, u.name, t, offered)
}

// lockedByWords finds the surface and the control; without an error the workspace
// stays locked.
func (ws *Workspace) lockedByWords(u *user, t Target) (*spot, *surface.Control, error) {
	ws.mu.Lock()
	s, c, err := ws.find(u, t)
	if err != nil {
		ws.mu.Unlock()
	}
	return s, c, err
}

// spots yields the surfaces the target may mean, the likeliest first.
func (ws *Workspace) spots(u *user, t Target) iter.Seq[*spot] {
	return func(yield func(*spot) bool) {
		switch t.surface {
		case "modal":
			if n := len(u.stack); n > 0 {
				yield(&spot{view: u.stack[n-1]})
			}
			return
		case "home":
			if u.home != nil {
				yield(&spot{view: u.home})
			}
			return
		}
		ch := ws.place(u, t.channel)
		if ch == nil {
			return
		}
		if t.ts != "" {
			if m := ws.visibleMessage(u, ch, t.ts); m != nil {
				yield(&spot{channel: ch, message: m})
			}
			return
		}
		for m := range newestFirst(ch.log, u.ephemerals[ch.id]) {
			if !yield(&spot{channel: ch, message: m}) {
				return
			}
		}
	}
}

// newestFirst merges two lists that are in order, from their ends. It reads no
// more than is asked for, as channels grow long.
func newestFirst(a, b []*message) iter.Seq[*message] {
	return func(yield func(*message) bool) {
		for len(a) > 0 || len(b) > 0 {
			var m *message
			if len(b) == 0 || len(a) > 0 && a[len(a)-1].ts.Time().After(b[len(b)-1].ts.Time()) {
				m, a = a[len(a)-1], a[:len(a)-1]
			} else {
				m, b = b[len(b)-1], b[:len(b)-1]
			}
			if !yield(m) {
				return
			}
		}
	}
}

// visibleMessages lists what the person sees in the channel, oldest first,
// threads included.
func (ws *Workspace) visibleMessages(u *user, ch *channel) []*message {
	out := slices.Collect(newestFirst(ch.log, u.ephemerals[ch.id]))
	slices.Reverse(out)
	return out
}

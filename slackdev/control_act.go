package slackdev

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"

	"cloudimage/slackdev/surface"
)

// This file does what the page's POSTs ask.

// answer is an outcome and what some acts add to it.
type answer struct {
	Outcome
	Now     string            `json:"now,omitempty"`
	Options []SuggestedOption `json:"options,omitempty"`
	Groups  any               `json:"option_groups,omitempty"`
	Files   []any             `json:"files,omitempty"` // what is in a file input now
	Seen    string            `json:"seen,omitempty"`  // what is there instead of what was waited for

	status int // of HTTP; 200 when it is not set
}

type controlAct func(ctx context.Context, ws *Workspace, u *user, o *order) (answer, error)

// outcomeOnly fits an act that has nothing to add.
func outcomeOnly(act func(ctx context.Context, ws *Workspace, u *user, o *order) (Outcome, error)) controlAct {
	return func(ctx context.Context, ws *Workspace, u *user, o *order) (answer, error) {
		out, err := act(ctx, ws, u, o)
		return answer{Outcome: out}, err
	}
}

func controlActs() map[string]controlAct {
	acts := map[string]controlAct{
		"slash": outcomeOnly(func(ctx context.Context, ws *Workspace, u *user, o *order) (Outcome, error) {
			return ws.slash(ctx, u, o.Channel, o.Text)
		}),
		"message": outcomeOnly(func(ctx context.Context, ws *Workspace, u *user, o *order) (Outcome, error) {
			thread, err := o.parent(&Person{ws: ws, u: u})
			if err != nil {
				return refused(err)
			}
			return ws.say(ctx, u, o.Channel, said{text: o.Text, thread: thread, broadcast: o.Broadcast})
		}),
		"action": outcomeOnly(func(ctx context.Context, ws *Workspace, u *user, o *order) (Outcome, error) {
			s, c, err := ws.locked(u, o)
			if err != nil {
				return refused(err)
			}
			return ws.press(ctx, u, s, c, o.Action)
		}),
		"suggest": suggestAct,
		"submit": outcomeOnly(func(ctx context.Context, ws *Workspace, u *user, o *order) (Outcome, error) {
			v, err := ws.lockedView(u, o)
			if err != nil {
				return refused(err)
			}
			if err := ws.adopt(u, &spot{view: v}, o.State); err != nil {
				ws.mu.Unlock()
				return refused(err)
			}
			return ws.submit(ctx, u, v)
		}),
		"close": outcomeOnly(func(ctx context.Context, ws *Workspace, u *user, o *order) (Outcome, error) {
			v, err := ws.lockedView(u, o)
			if err != nil {
				return refused(err)
			}
			return ws.closeView(ctx, u, v, o.All)
		}),
		"home_opened": outcomeOnly(func(ctx context.Context, ws *Workspace, u *user, o *order) (Outcome, error) {
			return ws.openHome(ctx, u, o.Tab)
		}),
		"shortcut": outcomeOnly(func(ctx context.Context, ws *Workspace, u *user, o *order) (Outcome, error) {
			return ws.useShortcut(ctx, u, o.CallbackID)
		}),
		"message_action": outcomeOnly(func(ctx context.Context, ws *Workspace, u *user, o *order) (Outcome, error) {
			ts, err := o.meant(&Person{ws: ws, u: u})
			if err != nil {
				return refused(err)
			}
			return ws.useMessageAction(ctx, u, o.Channel, ts, o.CallbackID)
		}),
		"mark": outcomeOnly(func(_ context.Context, ws *Workspace, u *user, o *order) (Outcome, error) {
			return ws.markRead(u, o.Channel)
		}),
		"join": outcomeOnly(func(_ context.Context, ws *Workspace, u *user, o *order) (Outcome, error) {
			return ws.join(u, o.Channel)
		}),
		"leave": outcomeOnly(func(_ context.Context, ws *Workspace, u *user, o *order) (Outcome, error) {
			return ws.leave(u, o.Channel)
		}),
		"invite": outcomeOnly(func(_ context.Context, ws *Workspace, u *user, o *order) (Outcome, error) {
			return ws.invite(u, o.Channel, o.User)
		}),
		"reload": outcomeOnly(func(_ context.Context, ws *Workspace, u *user, _ *order) (Outcome, error) {
			ws.reload(u)
			return Outcome{OK: true}, nil
		}),
		"clock": clockAct,
	}
	maps.Copy(acts, wordActs())
	return acts
}

// locked finds the control an order names, taking over what the page says was
// chosen; without an error the workspace stays locked.
func (ws *Workspace) locked(u *user, o *order) (*spot, *surface.Control, error) {
	ws.mu.Lock()
	s, err := ws.surfaceAt(u, o.Channel, o.TS, o.ViewID)
	if err != nil {
		ws.mu.Unlock()
		return nil, nil, err
	}
	c := s.document().Find(o.BlockID, o.ActionID)
	if c == nil {
		err = fmt.Errorf("%w: this has changed meanwhile; please look at it again", ErrNotPossible)
	} else {
		err = ws.adopt(u, s, o.State)
	}
	if err != nil {
		ws.mu.Unlock()
	}
	return s, c, err
}

// lockedView finds the modal an order names, or the one on top.
func (ws *Workspace) lockedView(u *user, o *order) (*view, error) {
	ws.mu.Lock()
	v := ws.st.views[o.ViewID]
	if n := len(u.stack); o.ViewID == "" && n > 0 {
		v = u.stack[n-1]
	}
	if v == nil || v.user != u.id || v.Type != "modal" {
		ws.mu.Unlock()
		return nil, fmt.Errorf("%w: the modal is closed", ErrNotPossible)
	}
	return v, nil
}

func suggestAct(ctx context.Context, ws *Workspace, u *user, o *order) (answer, error) {
	var got Suggestions
	var out Outcome
	var err error
	if o.Label != "" {
		got, out, err = suggestByLabel(ctx, ws, u, o)
	} else if s, c, lost := ws.locked(u, o); lost != nil {
		out, err = refused(lost)
	} else {
		got, out, err = ws.suggest(ctx, u, s, c, o.Value)
	}
	a := answer{Outcome: out, Options: got.Options}
	if got.Groups != nil {
		a.Groups = got.Groups
	}
	return a, err
}

// actor runs an act for the person the body names.
func (ws *Workspace) actor(act controlAct) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !askedByPage(w, r) {
			return
		}
		o, err := decodeOrder(w, r)
		if err != nil {
			out, _ := refused(err)
			writeControl(w, http.StatusBadRequest, out)
			return
		}
		clock := r.URL.Path == "/dev/api/clock" // nobody's act
		wait := r.URL.Path == "/dev/api/wait"   // nobody's, when nobody is to see anything
		u, err := ws.whoActs(o.As)
		if err != nil && !(clock || wait) || err != nil && o.As != "" {
			out, _ := refused(err)
			writeControl(w, http.StatusBadRequest, out)
			return
		}
		// What a person cannot do is an outcome they are told, and no fault of the
		// request: people do press what was replaced a moment ago.
		a, err := act(r.Context(), ws, u, o)
		status := cmp.Or(a.status, http.StatusOK)
		if err != nil && clock {
			status = http.StatusBadRequest
		}
		writeControl(w, status, a)
	}
}

// whoActs finds a person by name or id.
func (ws *Workspace) whoActs(name string) (*user, error) {
	if name == "" {
		return nil, errors.New("the request must say who acts: as must be the name or the id of a person")
	}
	p := ws.User(name)
	return p.u, p.absent
}

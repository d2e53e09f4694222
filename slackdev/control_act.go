package slackdev

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
)

// This file does what the page's POSTs ask.

// order is the body of a POST; each act reads its own part.
type order struct {
	As         UserID         `json:"as"`
	Channel    string         `json:"channel"`
	Text       string         `json:"text"`
	ThreadTS   TS             `json:"thread_ts"`
	Broadcast  bool           `json:"reply_broadcast"`
	TS         TS             `json:"ts"`
	ViewID     ViewID         `json:"view_id"`
	BlockID    string         `json:"block_id"`
	ActionID   string         `json:"action_id"`
	Action     map[string]any `json:"action"`
	State      inputState     `json:"state"`
	Value      string         `json:"value"`
	All        bool           `json:"all"`
	Tab        string         `json:"tab"`
	CallbackID string         `json:"callback_id"`
	User       string         `json:"user"`
	Advance    string         `json:"advance"`
	To         string         `json:"to"`
	Zone       string         `json:"zone"`
	ID         string         `json:"id"`

	BusinessDays int `json:"business_days"`
}

// answer is an outcome and what some acts add to it.
type answer struct {
	Outcome
	Now     string            `json:"now,omitempty"`
	Options []SuggestedOption `json:"options,omitempty"`
	Groups  any               `json:"option_groups,omitempty"`
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
	return map[string]controlAct{
		"slash": outcomeOnly(func(ctx context.Context, ws *Workspace, u *user, o *order) (Outcome, error) {
			return ws.slash(ctx, u, o.Channel, o.Text)
		}),
		"message": outcomeOnly(func(ctx context.Context, ws *Workspace, u *user, o *order) (Outcome, error) {
			return ws.say(ctx, u, o.Channel, said{text: o.Text, thread: o.ThreadTS, broadcast: o.Broadcast})
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
			(&spot{view: v}).adopt(u, o.State)
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
			return ws.useMessageAction(ctx, u, o.Channel, o.TS, o.CallbackID)
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
}

// locked finds the control an order names, taking over what the page says was
// chosen; without an error the workspace stays locked.
func (ws *Workspace) locked(u *user, o *order) (*spot, *control, error) {
	ws.mu.Lock()
	s, err := ws.surfaceAt(u, o.Channel, o.TS, o.ViewID)
	if err != nil {
		ws.mu.Unlock()
		return nil, nil, err
	}
	s.adopt(u, o.State)
	c := s.document().find(o.BlockID, o.ActionID)
	if c == nil {
		ws.mu.Unlock()
		return nil, nil, fmt.Errorf("%w: this has changed meanwhile; please look at it again", ErrNotPossible)
	}
	return s, c, nil
}

func (ws *Workspace) lockedView(u *user, o *order) (*view, error) {
	ws.mu.Lock()
	v := ws.st.views[o.ViewID]
	if v == nil || v.user != u.id || v.Type != "modal" {
		ws.mu.Unlock()
		return nil, fmt.Errorf("%w: the modal is closed", ErrNotPossible)
	}
	return v, nil
}

func suggestAct(ctx context.Context, ws *Workspace, u *user, o *order) (answer, error) {
	s, c, err := ws.locked(u, o)
	if err != nil {
		out, err := refused(err)
		return answer{Outcome: out}, err
	}
	got, out, err := ws.suggest(ctx, u, s, c, o.Value)
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
			writeControl(w, http.StatusBadRequest, Outcome{Error: err.Error()})
			return
		}
		ws.mu.Lock()
		u := ws.st.userIDs[o.As]
		human := u != nil && u.kind != KindDeleted && u.kind != KindBot
		ws.mu.Unlock()
		clock := r.URL.Path == "/dev/api/clock" // nobody's act
		if !clock && !human {
			writeControl(w, http.StatusBadRequest, Outcome{Error: "The request must say who acts: as must be the id of a person."})
			return
		}
		// What a person cannot do is an outcome they are told, and no fault of the
		// request: people do press what was replaced a moment ago.
		a, err := act(r.Context(), ws, u, o)
		status := http.StatusOK
		if err != nil && clock {
			status = http.StatusBadRequest
		}
		writeControl(w, status, a)
	}
}

func decodeOrder(w http.ResponseWriter, r *http.Request) (*order, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, errors.New("the body must be application/json")
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxControlBody))
	if err != nil {
		return nil, fmt.Errorf("read the body: %w", err)
	}
	var o order
	if err := json.Unmarshal(raw, &o); err != nil {
		return nil, fmt.Errorf("read the body: %w", err)
	}
	return &o, nil
}

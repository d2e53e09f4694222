package slackdev

import (
	"fmt"

	"cloudimage/slackdev/surface"
)

// This file checks what was chosen in a control against what the control takes,
// be it named by words or sent by the page.

// chosen checks the value of a control, which is a list where many are chosen,
// and answers it as the app gets it.
func (ws *Workspace) chosen(u *user, c *surface.Control, v any) (any, error) {
	list, isList := v.([]any)
	switch {
	case c.Many() && v != nil && !isList:
		return nil, fmt.Errorf("%w: %s takes a list of choices, not %s", ErrNotPossible, c.Name(), mustJSON(v))
	case c.Kind == "file_input":
		return ws.chosenFiles(u, c, list)
	case v == nil && !c.Stateful():
		return nil, fmt.Errorf("%w: %s needs a choice", ErrNotPossible, c.Name())
	case v == nil && !c.Many():
		return nil, nil
	case !c.Many():
		return ws.taken(u, c, v)
	}
	if n, ok := c.Element["max_selected_items"].(float64); ok && len(list) > int(n) {
		return nil, fmt.Errorf("%w: %s takes at most %d choices", ErrNotPossible, c.Name(), int(n))
	}
	out := []any{}
	for _, e := range list {
		one, err := ws.taken(u, c, e)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// taken checks one value.
func (ws *Workspace) taken(u *user, c *surface.Control, v any) (any, error) {
	id, _ := v.(string)
	switch c.Key() {
	case "selected_option", "selected_options":
		return possible(c.Offered(v))
	case "selected_user", "selected_users":
		if who := ws.st.userIDs[UserID(id)]; who == nil || who.kind == KindDeleted {
			return nil, fmt.Errorf("%w: %s: %s is nobody here", ErrNotPossible, c.Name(), mustJSON(v))
		}
	case "selected_channel", "selected_channels", "selected_conversation", "selected_conversations":
		if ch := ws.st.channelIDs[ChannelID(id)]; ch == nil || !ch.visibleTo(u) {
			return nil, fmt.Errorf("%w: %s: %s is no channel that %s sees", ErrNotPossible, c.Name(), mustJSON(v), u.name)
		}
	}
	if err := c.Takes(v); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotPossible, err)
	}
	return v, nil
}

// possible says of an option that is not offered that it cannot be chosen.
func possible(option map[string]any, err error) (any, error) {
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotPossible, err)
	}
	return option, nil
}

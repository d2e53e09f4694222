package slackdev

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"cloudimage/slackdev/surface"
)

// This file turns words into values of controls.

// choice makes the value of a control from words, as Choose and Fill take
// them. The workspace is locked.
func (ws *Workspace) choice(c *surface.Control, values []string) (map[string]any, error) {
	key := c.Key()
	switch {
	case c.Kind == "feedback_buttons" && len(values) == 1:
		return map[string]any{key: values[0]}, nil // its value is looked up with the page's
	case !c.Stateful() && key == "value": // buttons carry their own
		return nil, nil
	}
	list := []any{}
	for _, v := range values {
		one, err := ws.word(c, key, v)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	if c.Many() {
		return map[string]any{key: list}, nil
	}
	switch {
	case len(list) > 1:
		return nil, fmt.Errorf("%w: %s takes one choice, not %q", ErrNotPossible, c.Name(), values)
	case len(list) == 0:
		return map[string]any{key: nil}, nil
	}
	return map[string]any{key: list[0]}, nil
}

// word makes one value from words. Whether the control takes it is checked with
// what the page sends (chosen).
func (ws *Workspace) word(c *surface.Control, key, word string) (any, error) {
	wrong := func(why string) (any, error) {
		return nil, fmt.Errorf("%w: %s: %q %s", ErrNotPossible, c.Name(), word, why)
	}
	switch key {
	case "selected_option", "selected_options":
		return possible(c.Option(word))
	case "selected_user", "selected_users":
		if u := ws.st.userByName(word); u != nil {
			return string(u.id), nil
		}
		return wrong("is nobody here")
	case "selected_channel", "selected_channels", "selected_conversation", "selected_conversations":
		if ch := ws.st.channelByName(word); ch != nil {
			return string(ch.id), nil
		}
		return wrong("is no channel here")
	case "selected_date_time":
		if t, err := time.Parse(time.RFC3339, word); err == nil {
			return t.Unix(), nil
		}
		if n, err := strconv.ParseInt(word, 10, 64); err == nil {
			return n, nil
		}
	case "rich_text_value":
		return map[string]any{"type": "rich_text", "elements": []any{
			map[string]any{"type": "rich_text_section", "elements": []any{map[string]any{"type": "text", "text": word}}},
		}}, nil
	case "files":
		return map[string]any{"id": word}, nil // whose it is, is looked up with the others
	}
	return word, nil
}

// ask asks the app for options with each text and takes the first that has it.
func (p *Person) ask(ctx context.Context, t Target, c *surface.Control, values []string) (map[string]any, Outcome, error) {
	key := c.Key()
	picked := []any{}
	for _, v := range values {
		got, out, err := p.Suggest(ctx, t, v)
		if err != nil {
			return nil, out, err
		}
		o, ok := pick(got.All(), v)
		if !ok {
			out, err := notPossible("%s: the app offers nothing with %q.", c.Name(), v)
			return nil, out, err
		}
		picked = append(picked, o)
	}
	switch {
	case c.Many():
		return map[string]any{key: picked}, Outcome{}, nil
	case len(picked) == 0:
		return map[string]any{key: nil}, Outcome{}, nil
	}
	return map[string]any{key: picked[len(picked)-1]}, Outcome{}, nil
}

func pick(offers []SuggestedOption, word string) (map[string]any, bool) {
	for _, o := range offers {
		if strings.Contains(strings.ToLower(o.Text.Text), strings.ToLower(word)) || o.Value == word {
			var m map[string]any
			if json.Unmarshal(mustJSON(o), &m) == nil {
				return m, true
			}
		}
	}
	return nil, false
}

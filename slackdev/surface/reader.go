package surface

import (
	"strconv"
	"strings"
	"time"
)

// This file reads blocks aloud. Scripts assert on it, so what is seen of each kind
// of block stays as it is.

// Reader reads for one person at one moment.
type Reader struct {
	Names  Names
	User   string            // id of who reads; empty for nobody, from whom nothing is hidden
	Zone   *time.Location    // of dates; nil is UTC
	Now    time.Time         // dates are told from it: "today", "3 minutes ago"
	Inputs State             // what the person has chosen
	Errors map[string]string // under inputs, by block id
}

// Names are what a reader sees in place of ids.
type Names interface {
	User(id string) string    // "@ana"
	Channel(id string) string // "#general"; of a direct message, the other person
	Group(id string) string   // of a user group: "@omnibus"
}

// Blocks is what the person reads in a list of blocks.
func (r *Reader) Blocks(list []any) string {
	var lines []string
	for _, b := range list {
		if s := r.block(b); s != "" {
			lines = append(lines, s)
		}
	}
	return strings.Join(lines, "\n")
}

func (r *Reader) block(v any) string {
	b, _ := v.(map[string]any)
	kind, _ := b["type"].(string)
	switch kind {
	case "header", "alert":
		return r.text(b["text"])
	case "section":
		return r.section(b)
	case "context", "context_actions":
		return r.join(b["elements"], str(b["block_id"]))
	case "actions":
		return r.join(b["elements"], str(b["block_id"]))
	case "divider":
		return "---"
	case "image":
		return strings.TrimSpace(r.text(b["title"]) + " (image: " + str(b["alt_text"]) + ")")
	case "input":
		return r.input(b)
	case "rich_text":
		return r.rich(b["elements"])
	case "markdown":
		return markdown(str(b["text"]))
	case "table", "data_table":
		return r.table(b)
	}
	if s, ok := r.newer(kind, b); ok {
		return s
	}
	return r.any(b)
}

func (r *Reader) section(b map[string]any) string {
	var parts []string
	if t := r.text(b["text"]); t != "" {
		parts = append(parts, t)
	}
	fields, _ := b["fields"].([]any)
	for _, f := range fields {
		parts = append(parts, r.text(f))
	}
	out := strings.Join(parts, "\n")
	if b["accessory"] != nil {
		out += " " + r.element(b["accessory"], str(b["block_id"]))
	}
	return strings.TrimSpace(out)
}

// join renders the elements of the block with the id.
func (r *Reader) join(v any, block string) string {
	list, _ := v.([]any)
	var parts []string
	for _, e := range list {
		if s := r.element(e, block); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " ")
}

func (r *Reader) element(v any, block string) string {
	e, _ := v.(map[string]any)
	kind, _ := e["type"].(string)
	switch {
	case kind == "plain_text" || kind == "mrkdwn":
		return r.text(e)
	case r.hiddenFrom(e):
		return ""
	case kind == "feedback_buttons":
		return r.feedback(e)
	case kind == "image":
		return "(image: " + str(e["alt_text"]) + ")"
	case kind == "overflow":
		var opts []string
		for _, o := range (&Control{Element: e}).options() {
			opts = append(opts, textOf(o["text"]))
		}
		return "(" + strings.Join(opts, " | ") + ")"
	case interactive(kind):
		c := newControl(e, kind, str(e["action_id"]), place{block: block})
		if _, _, stateful := valueKeys(kind); stateful {
			return "[" + r.value(&c) + "]"
		}
		return "[" + c.Caption + "]"
	}
	return r.any(e)
}

func (r *Reader) input(b map[string]any) string {
	e, _ := b["element"].(map[string]any)
	kind, _ := e["type"].(string)
	c := newControl(e, kind, str(e["action_id"]), place{block: str(b["block_id"]), input: b})
	out := c.Caption + ": " + r.value(&c)
	if c.hint != "" {
		out += "\n  " + c.hint
	}
	if why := r.Errors[c.Block]; why != "" {
		out += "\n  ! " + why
	}
	return out
}

// value is what a control shows: what was chosen, what the app set at first,
// or its placeholder.
func (r *Reader) value(c *Control) string {
	key, _, _ := valueKeys(c.Kind)
	v := r.Inputs.Held(c)
	list, ok := v.([]any)
	if !ok && v != nil {
		list = []any{v}
	}
	var parts []string
	for _, e := range list {
		parts = append(parts, r.chosen(key, e))
	}
	if c.Kind == "checkboxes" || c.Kind == "radio_buttons" {
		return r.boxes(c, list)
	}
	if len(parts) == 0 {
		return textOf(c.Element["placeholder"])
	}
	return strings.Join(parts, ", ")
}

func (r *Reader) boxes(c *Control, chosen []any) string {
	var parts []string
	for _, o := range c.options() {
		mark := "[ ]"
		for _, e := range chosen {
			if m, _ := e.(map[string]any); m != nil && m["value"] == o["value"] {
				mark = "[x]"
			}
		}
		parts = append(parts, mark+" "+r.text(o["text"]))
	}
	return strings.Join(parts, " ")
}

func (r *Reader) chosen(key string, e any) string {
	switch {
	case strings.HasPrefix(key, "selected_option"):
		m, _ := e.(map[string]any)
		return r.text(m["text"])
	case key == "files":
		return strings.Join(FileNames([]any{e}), "")
	case strings.HasPrefix(key, "selected_user"):
		return r.Names.User(str(e))
	case strings.HasPrefix(key, "selected_channel"), strings.HasPrefix(key, "selected_conversation"):
		return r.Names.Channel(str(e))
	case key == "selected_date_time":
		if n, ok := e.(float64); ok {
			return r.date(int64(n), "{date_short_pretty} {time}")
		}
	case key == "rich_text_value":
		m, _ := e.(map[string]any)
		return r.rich(m["elements"])
	}
	return str(e)
}

// table renders rows of cells.
func (r *Reader) table(b map[string]any) string {
	rows, _ := b["rows"].([]any)
	var lines []string
	if c := str(b["caption"]); c != "" {
		lines = append(lines, c)
	}
	for _, row := range rows {
		cells, _ := row.([]any)
		var parts []string
		for _, c := range cells {
			parts = append(parts, r.cell(c))
		}
		lines = append(lines, strings.Join(parts, " | "))
	}
	return strings.Join(lines, "\n")
}

// any renders a block this file has no rule for: its texts and controls in
// reading order.
func (r *Reader) any(v any) string {
	switch v := v.(type) {
	case []any:
		var parts []string
		for _, e := range v {
			if s := r.nested(e); s != "" {
				parts = append(parts, s)
			}
		}
		return strings.Join(parts, "\n")
	case map[string]any:
		var parts []string
		for _, k := range [...]string{"title", "rich_text_title", "subtitle", "label", "text", "body", "caption", "details", "output", "child_blocks", "tasks", "rows", "items", "elements", "cards", "actions", "blocks"} {
			if s := r.nested(v[k]); s != "" {
				parts = append(parts, s)
			}
		}
		return strings.Join(parts, "\n")
	}
	return ""
}

func (r *Reader) nested(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		return r.any(v)
	case map[string]any:
		kind, _ := v["type"].(string)
		switch {
		case kind == "plain_text" || kind == "mrkdwn":
			return r.text(v)
		case interactive(kind):
			return r.element(v, "")
		}
		return r.block(v)
	}
	return ""
}

func str(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

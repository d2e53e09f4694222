package surface

import "strings"

// This file reads the blocks that hold others, that show figures or that an
// assistant shows its work with.

// newer reads a block of the younger kinds; false for one that is none.
func (r *Reader) newer(kind string, b map[string]any) (string, bool) {
	switch kind {
	case "container":
		return lines(r.textOrRich(b["title"], b["rich_text_title"]), r.text(b["subtitle"]), r.list(b["child_blocks"])), true
	case "layout":
		return r.layout(b), true
	case "card":
		return lines(r.alt(b["hero_image"]), r.text(b["title"]), r.text(b["subtitle"]), r.text(b["body"]), r.text(b["subtext"]), r.join(b["actions"], str(b["block_id"]))), true
	case "carousel":
		return r.list(b["elements"]), true
	case "plan":
		return lines(str(b["title"]), r.list(b["tasks"])), true
	case "task_card":
		return r.task(b), true
	case "data_visualization":
		chart, _ := b["chart"].(map[string]any)
		return lines(str(b["title"]), r.chart(chart)), true
	case "video":
		return lines(r.text(b["title"]), r.text(b["description"]), "(video: "+str(b["alt_text"])+")"), true
	case "file":
		return "(file: " + str(b["external_id"]) + ")", true
	case "call":
		call, _ := b["call"].(map[string]any)
		v1, _ := call["v1"].(map[string]any)
		return "(call: " + str(v1["name"]) + ")", true
	}
	return "", false
}

// lines joins what there is to say.
func lines(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, "\n")
}

func (r *Reader) list(v any) string {
	list, _ := v.([]any)
	return r.Blocks(list)
}

func (r *Reader) textOrRich(text, rich any) string {
	if m, ok := rich.(map[string]any); ok {
		return r.rich(m["elements"])
	}
	return r.text(text)
}

func (r *Reader) alt(v any) string {
	m, ok := v.(map[string]any)
	if !ok {
		return ""
	}
	return "(image: " + str(m["alt_text"]) + ")"
}

// layout reads rows from left to right: on one line when every block of the
// row fits there.
func (r *Reader) layout(b map[string]any) string {
	var out []string
	if b["is_label_visible"] == true {
		out = append(out, str(b["label"]))
	}
	rows, _ := b["rows"].([]any)
	for _, row := range rows {
		m, _ := row.(map[string]any)
		items, _ := m["items"].([]any)
		var parts []string
		between := " | "
		for _, item := range items {
			im, _ := item.(map[string]any)
			s := r.block(im["block"])
			if strings.Contains(s, "\n") {
				between = "\n"
			}
			parts = append(parts, s)
		}
		out = append(out, strings.Join(parts, between))
	}
	return strings.Join(out, "\n")
}

// task reads a task with the mark of its state, and what opens under it.
func (r *Reader) task(b map[string]any) string {
	mark := map[string]string{"complete": "[x] ", "in_progress": "[~] ", "error": "[!] "}[str(b["status"])]
	if mark == "" {
		mark = "[ ] "
	}
	title := str(b["title"])
	if title == "" {
		title = textOf(b["title"])
	}
	inside := lines(r.richOf(b["details"]), r.richOf(b["output"]))
	sources, _ := b["sources"].([]any)
	for _, s := range sources {
		m, _ := s.(map[string]any)
		inside = lines(inside, str(m["text"]))
	}
	if inside == "" {
		return mark + title
	}
	return mark + title + "\n  " + strings.ReplaceAll(inside, "\n", "\n  ")
}

func (r *Reader) richOf(v any) string {
	m, _ := v.(map[string]any)
	return r.rich(m["elements"])
}

// chart reads the numbers of a chart, as the page says them to those who do not
// see it.
func (r *Reader) chart(chart map[string]any) string {
	points := func(v any, between string) string {
		list, _ := v.([]any)
		var parts []string
		for _, p := range list {
			m, _ := p.(map[string]any)
			parts = append(parts, str(m["label"])+between+str(m["value"]))
		}
		return strings.Join(parts, ", ")
	}
	if str(chart["type"]) == "pie" {
		return points(chart["segments"], " ")
	}
	series, _ := chart["series"].([]any)
	var out []string
	for _, s := range series {
		m, _ := s.(map[string]any)
		out = append(out, str(m["name"])+": "+points(m["data"], " "))
	}
	return strings.Join(out, "\n")
}

// cell reads a cell of a table or of a data table.
func (r *Reader) cell(v any) string {
	m, _ := v.(map[string]any)
	switch str(m["type"]) {
	case "raw_number":
		if t := str(m["text"]); t != "" {
			return t
		}
		return str(m["value"])
	case "action_cell":
		return r.element(m["element"], "")
	}
	return r.block(m)
}

// feedback reads the two buttons under an answer.
func (r *Reader) feedback(e map[string]any) string {
	var parts []string
	for _, side := range [...]string{"positive_button", "negative_button"} {
		m, _ := e[side].(map[string]any)
		parts = append(parts, "["+textOf(m["text"])+"]")
	}
	return strings.Join(parts, " ")
}

// hiddenFrom tells whether the element is shown to others only.
func (r *Reader) hiddenFrom(e map[string]any) bool {
	list, ok := e["visible_to_user_ids"].([]any)
	if !ok || r.User == "" {
		return false
	}
	for _, id := range list {
		if str(id) == r.User {
			return false
		}
	}
	return true
}

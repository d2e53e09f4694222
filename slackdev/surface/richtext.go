package surface

import (
	"fmt"
	"strings"
)

// rich renders the elements of a rich_text block.
func (r *Reader) rich(v any) string {
	list, _ := v.([]any)
	var lines []string
	for _, e := range list {
		m, _ := e.(map[string]any)
		switch str(m["type"]) {
		case "rich_text_list":
			items, _ := m["elements"].([]any)
			offset, _ := m["offset"].(float64)
			indent, _ := m["indent"].(float64)
			for i, it := range items {
				im, _ := it.(map[string]any)
				mark := "- "
				if str(m["style"]) == "ordered" {
					mark = fmt.Sprintf("%d. ", int(offset)+i+1)
				}
				lines = append(lines, strings.Repeat("  ", int(indent))+mark+r.inline(im["elements"]))
			}
		default: // section, preformatted, quote
			lines = append(lines, strings.TrimRight(r.inline(m["elements"]), "\n"))
		}
	}
	return strings.Join(lines, "\n")
}

func (r *Reader) inline(v any) string {
	list, _ := v.([]any)
	var b strings.Builder
	for _, e := range list {
		m, _ := e.(map[string]any)
		switch str(m["type"]) {
		case "user":
			b.WriteString(r.Names.User(str(m["user_id"])))
		case "usergroup":
			b.WriteString(r.Names.Group(str(m["usergroup_id"])))
		case "channel":
			b.WriteString(r.Names.Channel(str(m["channel_id"])))
		case "emoji":
			b.WriteString(":" + str(m["name"]) + ":")
		case "broadcast":
			b.WriteString("@" + str(m["range"]))
		case "date":
			ts, ok := m["timestamp"].(float64)
			if !ok {
				b.WriteString(str(m["fallback"]))
				break
			}
			b.WriteString(r.date(int64(ts), str(m["format"])))
		case "link":
			if t := str(m["text"]); t != "" {
				b.WriteString(t)
			} else {
				b.WriteString(str(m["url"]))
			}
		case "team":
			b.WriteString("@" + str(m["team_id"]))
		case "color":
			b.WriteString(str(m["value"]))
		default:
			b.WriteString(str(m["text"]))
		}
	}
	return b.String()
}

package surface

import "encoding/json"

// Attachments is what the person reads in the attachments of a message: the
// older way to add to one.
func (r *Reader) Attachments(raw json.RawMessage) string {
	var list []map[string]any
	if json.Unmarshal(raw, &list) != nil {
		return ""
	}
	var out []string
	for _, a := range list {
		if blocks, ok := a["blocks"].([]any); ok && len(blocks) > 0 {
			out = append(out, lines(r.Mrkdwn(str(a["pretext"])), r.Blocks(blocks)))
			continue
		}
		parts := []string{r.Mrkdwn(str(a["pretext"])), str(a["author_name"]), str(a["title"]), r.Mrkdwn(str(a["text"]))}
		fields, _ := a["fields"].([]any)
		for _, f := range fields {
			m, _ := f.(map[string]any)
			parts = append(parts, lines(str(m["title"]), r.Mrkdwn(str(m["value"]))))
		}
		actions, _ := a["actions"].([]any)
		for _, e := range actions {
			m, _ := e.(map[string]any)
			parts = append(parts, "["+str(m["text"])+"]")
		}
		s := lines(append(parts, str(a["footer"]))...)
		if s == "" {
			s = r.Mrkdwn(str(a["fallback"]))
		}
		out = append(out, s)
	}
	return lines(out...)
}

package surface

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// ParseMessage reads the blocks of a message and of its attachments.
func ParseMessage(blocks, attachments json.RawMessage) *Document {
	d := Parse(blocks)
	d.Attach(attachments)
	return d
}

// Attach adds the attachments of a message to the document of its blocks: the
// controls in their blocks are controls of the message. Buttons and menus of the
// older kind, which are no blocks, are left out. What is no list of attachments
// adds nothing.
func (d *Document) Attach(attachments json.RawMessage) {
	var list []struct {
		Blocks []any `json:"blocks"`
	}
	if len(attachments) == 0 || json.Unmarshal(attachments, &list) != nil {
		return
	}
	for i, a := range list {
		d.attached = append(d.attached, a.Blocks)
		d.collect(a.Blocks, i+1)
	}
}

// AttachmentsWithIDs numbers attachments from 1, as Slack does, and completes the
// ids in their blocks as [WithIDs] does. It fails for what is not a list of
// attachments.
func AttachmentsWithIDs(attachments json.RawMessage, newID func() string) (json.RawMessage, error) {
	if len(attachments) == 0 {
		return nil, nil
	}
	var list []map[string]json.RawMessage
	if err := json.Unmarshal(attachments, &list); err != nil {
		return nil, fmt.Errorf("attachments are not a list: %w", err)
	}
	changed := false
	for i, a := range list {
		if a == nil {
			return nil, errors.New("an attachment is not an object")
		}
		id := strconv.Itoa(i + 1)
		blocks, err := WithIDs(a["blocks"], newID)
		if err != nil {
			return nil, err
		}
		if string(a["id"]) != id {
			a["id"], changed = json.RawMessage(id), true
		}
		if !bytes.Equal(a["blocks"], blocks) {
			a["blocks"], changed = blocks, true
		}
	}
	if !changed {
		return attachments, nil
	}
	return json.Marshal(list)
}

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

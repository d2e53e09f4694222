package surface

import (
	"encoding/json"
	"fmt"
	"slices"
)

// This file reads blocks and the controls in them. It walks any JSON, so controls
// inside containers, cards and blocks that are newer than this package are found
// too.

// Document is a parsed list of blocks; of a message, those in its attachments too.
type Document struct {
	Blocks   []any     // without those of attachments
	Controls []Control // in reading order, those of attachments last

	attached [][]any // the blocks of each attachment
	lacking  bool    // some block or control may have come without its id
}

// Parse reads blocks; what is not a list of blocks reads as none.
func Parse(blocks json.RawMessage) *Document {
	d, err := Read(blocks)
	if err != nil {
		return &Document{}
	}
	return d
}

// Read reads blocks; it fails for what is not a list.
func Read(blocks json.RawMessage) (*Document, error) {
	d := &Document{}
	if len(blocks) == 0 {
		return d, nil
	}
	if err := json.Unmarshal(blocks, &d.Blocks); err != nil {
		return nil, fmt.Errorf("blocks are not a list: %w", err)
	}
	d.collect(d.Blocks, 0)
	return d, nil
}

// collect finds the controls in blocks of the message, or of an attachment.
func (d *Document) collect(blocks []any, attachment int) {
	for i, b := range blocks {
		m, _ := b.(map[string]any)
		d.lacking = d.lacking || str(m["block_id"]) == ""
		d.walk(b, place{attachment: attachment, among: blocks, top: i})
	}
}

// place is what stands around a control.
type place struct {
	attachment int            // from 1; 0 for none
	among      []any          // the blocks it is in
	top        int            // index in them
	block      string         // id of the innermost block around it
	input      map[string]any // the input block around it, if there is one
}

// walk collects controls.
func (d *Document) walk(v any, at place) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			d.walk(e, at)
		}
	case map[string]any:
		if id, ok := v["block_id"].(string); ok {
			at.block = id
		}
		kind, _ := v["type"].(string)
		if kind == "input" {
			at.input = v
		}
		if interactive(kind) {
			action := str(v["action_id"])
			d.lacking = d.lacking || action == ""
			d.Controls = append(d.Controls, newControl(v, kind, action, at))
			return
		}
		for _, k := range walkOrder {
			if e, ok := v[k]; ok {
				d.lacking = d.lacking || holdsBlocks(kind, k)
				d.walk(e, at)
			}
		}
	}
}

// walkOrder lists the keys under which controls are found, in reading order.
var walkOrder = [...]string{"accessory", "element", "elements", "child_blocks", "rows", "items", "block", "columns", "blocks", "tasks", "cards", "actions", "buttons", "fallback_blocks"}

// holdsBlocks tells whether the objects under key are blocks themselves.
func holdsBlocks(kind, key string) bool {
	switch key {
	case "child_blocks", "blocks", "block", "cards", "tasks", "fallback_blocks":
		return true
	case "elements":
		return kind == "carousel"
	case "rows", "items", "columns":
		return kind == "layout" || kind == "" // a row of a layout has no type
	}
	return false
}

// Complete tells whether every block and control surely came with its id.
func (d *Document) Complete() bool { return !d.lacking }

// Find returns the control with the ids; block may be empty when the action id
// alone is enough. It is nil when there is none.
func (d *Document) Find(block, action string) *Control {
	for i := range d.Controls {
		c := &d.Controls[i]
		if c.Action == action && (block == "" || c.Block == block) {
			return c
		}
	}
	return nil
}

// InputBlock tells whether the block with the id is an input block.
func (d *Document) InputBlock(id string) bool {
	return slices.ContainsFunc(d.Controls, func(c Control) bool { return c.Input && c.Block == id })
}

// Captions are the words on the controls.
func (d *Document) Captions() []string {
	var out []string
	for i := range d.Controls {
		out = append(out, d.Controls[i].Caption)
	}
	return out
}

// FirstWords are the first words in the document, as the app wrote them.
func (d *Document) FirstWords() string {
	for _, blocks := range append([][]any{d.Blocks}, d.attached...) {
		if s := firstText(blocks); s != "" {
			return s
		}
	}
	return ""
}

// firstText finds the first words in a block.
func firstText(v any) string {
	switch v := v.(type) {
	case map[string]any:
		if s, ok := v["text"].(string); ok {
			return s
		}
		for _, k := range [...]string{"text", "title", "label", "fields", "elements", "element", "rows", "child_blocks"} {
			if s := firstText(v[k]); s != "" {
				return s
			}
		}
	case []any:
		for _, e := range v {
			if s := firstText(e); s != "" {
				return s
			}
		}
	}
	return ""
}

package surface

import "strings"

// This file finds controls as a person points at them.

// Matching lists the controls of a document that are meant by the words on them
// or by an action id; an input is also meant by its block id. near narrows them to
// those whose block says these words. Ids and the exact words win over words in
// another case or without their dots.
func (r *Reader) Matching(d *Document, words, near string) []*Control {
	for _, same := range []func(*Control) bool{
		func(c *Control) bool { return c.Action == words || c.Block == words && c.Input },
		func(c *Control) bool { return c.Caption == words },
		func(c *Control) bool { return strings.EqualFold(bare(c.Caption), bare(words)) },
	} {
		var hits []*Control
		for i := range d.Controls {
			if c := &d.Controls[i]; same(c) && r.near(c, near) {
				hits = append(hits, c)
			}
		}
		if len(hits) > 0 {
			return hits
		}
	}
	return nil
}

// bare is a caption without emoji codes and dots at its ends.
func bare(s string) string { return strings.Trim(strings.ReplaceAll(s, "…", "..."), ". *:") }

// near tells whether the words are in the control's block; for a row of
// buttons, which says nothing itself, in the blocks it closes.
func (r *Reader) near(c *Control, words string) bool {
	if words == "" {
		return true
	}
	has := func(v any) bool { return strings.Contains(strings.ToLower(r.block(v)), strings.ToLower(words)) }
	if has(c.among[c.top]) {
		return true
	}
	if m, _ := c.among[c.top].(map[string]any); m["type"] != "actions" {
		return false
	}
	for i := c.top - 1; i >= 0; i-- {
		if m, _ := c.among[i].(map[string]any); m["type"] == "actions" || m["type"] == "divider" {
			return false
		}
		if has(c.among[i]) {
			return true
		}
	}
	return false
}

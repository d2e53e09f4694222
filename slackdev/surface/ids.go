package surface

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// WithIDs gives every block a block_id and every control an action_id, as
// Slack does for those that come without; newID makes one. What is complete stays
// untouched, byte for byte. It fails for what is not a list of blocks.
func WithIDs(blocks json.RawMessage, newID func() string) (json.RawMessage, error) {
	if len(bytes.TrimSpace(blocks)) == 0 {
		return nil, nil
	}
	var list []json.RawMessage
	if err := json.Unmarshal(blocks, &list); err != nil {
		return nil, fmt.Errorf("blocks are not a list: %w", err)
	}
	changed := false
	for i, raw := range list {
		out, ch, err := fillIDs(raw, newID, true)
		if err != nil {
			return nil, err
		}
		if ch {
			list[i], changed = out, true
		}
	}
	if !changed {
		return blocks, nil
	}
	return json.Marshal(list)
}

func fillIDs(raw json.RawMessage, newID func() string, block bool) (json.RawMessage, bool, error) {
	var m map[string]json.RawMessage
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, false, fmt.Errorf("a block is not an object: %w", err)
	}
	var kind string
	json.Unmarshal(m["type"], &kind)
	changed := false
	if block && !hasText(m["block_id"]) {
		m["block_id"], changed = marshal(newID()), true
	}
	if interactive(kind) && !hasText(m["action_id"]) {
		m["action_id"], changed = marshal(newID()), true
	}
	for _, k := range walkOrder {
		sub, ok := m[k]
		if !ok {
			continue
		}
		out, ch, err := fillNested(sub, newID, holdsBlocks(kind, k))
		if err != nil {
			return nil, false, err
		}
		if ch {
			m[k], changed = out, true
		}
	}
	if !changed {
		return raw, false, nil
	}
	out, err := json.Marshal(m)
	return out, true, err
}

func fillNested(raw json.RawMessage, newID func() string, block bool) (json.RawMessage, bool, error) {
	switch t := bytes.TrimSpace(raw); {
	case len(t) > 0 && t[0] == '{':
		var probe struct {
			Type string `json:"type"`
		}
		json.Unmarshal(t, &probe)
		return fillIDs(raw, newID, block && probe.Type != "")
	case len(t) > 0 && t[0] == '[':
		var list []json.RawMessage
		if err := json.Unmarshal(t, &list); err != nil {
			return nil, false, err
		}
		changed := false
		for i, e := range list {
			out, ch, err := fillNested(e, newID, block)
			if err != nil {
				return nil, false, err
			}
			if ch {
				list[i], changed = out, true
			}
		}
		if !changed {
			return raw, false, nil
		}
		out, err := json.Marshal(list)
		return out, true, err
	}
	return raw, false, nil
}

func hasText(raw json.RawMessage) bool { return len(raw) > 2 && raw[0] == '"' }

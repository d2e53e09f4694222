package drivesim

import "strings"

// mask are the fields that an answer is to have, each with those within it; none for
// all. It is written as in nextPageToken,files(id,capabilities/canCopy).
//
// Source: https://developers.google.com/workspace/drive/api/guides/fields-parameter
type mask map[string]mask

// parseMask reads a mask, and returns what it did not understand.
func parseMask(text string) (mask, string) {
	m := mask{}
	for {
		end := strings.IndexAny(text, ",()")
		if end < 0 {
			end = len(text)
		}
		name := text[:end]
		text = text[end:]
		if name == "" {
			return m, text + "?"
		}
		in := m
		for part := range strings.SplitSeq(name, "/") {
			if in[part] == nil {
				in[part] = mask{}
			}
			in = in[part]
		}
		if strings.HasPrefix(text, "(") {
			inner, rest := parseMask(text[1:])
			for k, v := range inner {
				in[k] = v
			}
			if !strings.HasPrefix(rest, ")") {
				return m, rest + "?"
			}
			text = rest[1:]
		}
		if !strings.HasPrefix(text, ",") {
			return m, text
		}
		text = text[1:]
	}
}

// apply is a value with the fields of a mask alone.
func (m mask) apply(value any) any {
	if _, all := m["*"]; all || len(m) == 0 {
		return value
	}
	switch value := value.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, inner := range m {
			if v, ok := value[name]; ok {
				out[name] = inner.apply(v)
			}
		}
		return out
	case []any:
		out := make([]any, 0, len(value))
		for _, v := range value {
			out = append(out, m.apply(v))
		}
		return out
	}
	return value
}

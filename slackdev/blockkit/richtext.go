package blockkit

import "math"

// maxWords bounds the parts of rich text, for which Slack documents no limit.
const maxWords = 1000

// richText is the rule for a rich_text block used as a value: as the title of a
// container, as the start of an input, as the details of a task.
func richText() rule {
	s := richTextShape()
	s.properties = append(s.properties, optional("block_id", str(1, 255)))
	return oneOf(map[string]*shape{"rich_text": &s})
}

// richTextShape is the shape of a rich_text block.
func richTextShape() shape {
	kinds := fromKit(func(k *kit) map[string]*shape { return k.richText })
	return shape{properties: []property{required("elements", list(1, maxWords, kinds))}}
}

// richTextKinds are the paragraphs of rich text.
func richTextKinds() map[string]*shape {
	words := inlineKinds()
	inline := oneOf(words)
	verbatim := oneOf(map[string]*shape{"text": words["text"], "link": words["link"]})
	// A list item is a section; lists are nested by indent, not by structure.
	item := fromKit(func(k *kit) map[string]*shape { return k.richText }, "rich_text_section")
	border := optional("border", integer(0, math.MaxInt32))
	return map[string]*shape{
		"rich_text_section": {properties: []property{
			required("elements", list(0, maxWords, inline)),
		}},
		"rich_text_quote": {properties: []property{
			required("elements", list(0, maxWords, inline)), border,
		}},
		"rich_text_preformatted": {properties: []property{
			required("elements", list(0, maxWords, verbatim)), border,
			optional("language", str(1, 255)),
		}},
		"rich_text_list": {properties: []property{
			required("style", enum("bullet", "ordered")),
			required("elements", list(1, maxWords, item)),
			optional("indent", integer(0, 8)),
			optional("offset", integer(0, math.MaxInt32)), border,
		}},
	}
}

// inlineKinds are the words of rich text.
func inlineKinds() map[string]*shape {
	id := str(1, 255)
	look := object(shape{properties: []property{
		optional("bold", boolean), optional("italic", boolean), optional("strike", boolean),
		optional("code", boolean), optional("underline", boolean), optional("highlight", boolean),
		optional("client_highlight", boolean), optional("unlink", boolean),
	}})
	kinds := map[string][]property{
		"text":      {required("text", counted(1, maxPayload))},
		"link":      {required("url", link(3000)), optional("text", counted(0, maxPayload)), optional("unsafe", boolean)},
		"user":      {required("user_id", id)},
		"usergroup": {required("usergroup_id", id)},
		"channel":   {required("channel_id", id)},
		"team":      {required("team_id", id)},
		"broadcast": {required("range", enum("here", "channel", "everyone"))},
		"color":     {required("value", str(1, 255))},
		"emoji": {
			required("name", str(1, 255)), optional("unicode", str(1, 255)),
			optional("skin_tone", integer(1, 6)), optional("url", link(3000)),
		},
		"date": {
			required("timestamp", integer(0, math.MaxUint32)), required("format", str(1, 3000)),
			optional("url", link(3000)), optional("fallback", str(0, 3000)), optional("timezone", str(1, 255)),
		},
	}
	shapes := map[string]*shape{}
	for name, properties := range kinds {
		shapes[name] = &shape{properties: append(properties, optional("style", look))}
	}
	return shapes
}

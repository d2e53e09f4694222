package blockkit

import "fmt"

// A block is a shape that stands on surfaces.
type block struct {
	shape
	on surfaces
	in nests
}

// nests is a set of the blocks that may hold a block.
type nests uint8

const (
	inContainer nests = 1 << iota
	inLayout
	inFallback // of a layout, for clients that cannot draw layouts
)

// maxBlocks is how many blocks a surface takes, those inside others included.
func maxBlocks(s Surface) int {
	if s == Message {
		return 50
	}
	return 100
}

// surfaceBlocks is the rule for all blocks of a surface.
func surfaceBlocks(w *walk, value any) {
	limit, before := maxBlocks(w.surface), w.blocks
	list(0, limit, anyBlock)(w, value)
	// A list that is itself too long has been reported already.
	if items, _ := value.([]any); len(items) <= limit && w.blocks-before > limit {
		w.fail(fmt.Sprintf("no more than %d items allowed", limit))
	}
}

// anyBlock is the rule for a block that stands on the surface itself.
func anyBlock(w *walk, value any) {
	w.blocks++
	oneBlock(w, value, func(string, *block) bool { return true })
}

// nested is the rule for a block that stands inside another.
func nested(where nests) rule {
	return func(w *walk, value any) {
		w.blocks++
		oneBlock(w, value, func(_ string, b *block) bool { return b.in&where != 0 })
	}
}

// blockOf is the rule for a block of one kind, as part of another block: a card
// of a carousel, a task of a plan. It does not count as a block of the surface.
func blockOf(only string) rule {
	return func(w *walk, value any) {
		oneBlock(w, value, func(kind string, _ *block) bool { return kind == only })
	}
}

// oneBlock judges a block, if it is of a kind that fits where it stands.
func oneBlock(w *walk, value any, fits func(kind string, b *block) bool) {
	object, kind, ok := typed(w, value)
	if !ok {
		return
	}
	b := w.kit.blocks[kind]
	if b == nil || !b.on.has(w.surface) || !fits(kind, b) {
		w.unsupported(kind)
		return
	}
	outer := w.actionIDs
	w.actionIDs = nil
	b.fields(w, object, "type")
	w.actionIDs = outer
}

// basicBlocks are the blocks every surface has had for years.
func basicBlocks() map[string]*block {
	return map[string]*block{
		"section": {
			on: everywhere, in: inContainer | inLayout | inFallback,
			shape: shape{
				properties: []property{
					optional("text", text(anyText, 3000)),
					optional("fields", list(1, 10, text(anyText, 2000))),
					optional("accessory", anElement(inSection)),
					optional("expand", boolean),
				},
				also: []func(*walk, map[string]any){atLeastOne("text", "fields")},
			},
		},
		"header": {
			on: everywhere, in: inContainer | inLayout | inFallback,
			shape: shape{
				properties: []property{
					required("text", text(plainText, 150)),
					optional("level", integer(1, 4)),
				},
				also: []func(*walk, map[string]any){func(w *walk, _ map[string]any) { w.text += headerCost }},
			},
		},
		"divider": {on: everywhere, in: inContainer | inLayout | inFallback},
		"context": {
			on: everywhere, in: inContainer | inLayout | inFallback,
			shape: shape{properties: []property{required("elements", list(1, 10, contextElement))}},
		},
		"actions": {
			on: everywhere, in: inContainer | inLayout,
			shape: shape{properties: []property{required("elements", list(1, 25, anElement(inActions)))}},
		},
		"image": {
			on: everywhere, in: inContainer | inLayout | inFallback,
			shape: picture(optional("title", text(plainText, 2000))),
		},
		"input": {
			on: everywhere, in: inContainer | inLayout,
			shape: shape{
				properties: []property{
					required("label", text(plainText, 2000)),
					required("element", anElement(inInput)),
					optional("hint", text(plainText, 2000)),
					optional("optional", boolean),
					optional("dispatch_action", boolean),
				},
				// The pointer is Slack's own, though no such key exists.
				also: []func(*walk, map[string]any){func(w *walk, block map[string]any) {
					w.inputs = append(w.inputs, w.pointer("input"))
					e, _ := block["element"].(map[string]any)
					if e["type"] == "file_input" && block["dispatch_action"] == true {
						w.enter("element", func(w *walk, _ any) { w.unsupported("file_input") }, nil)
					}
				}},
			},
		},
		"rich_text": {
			on: everywhere, in: inContainer | inLayout | inFallback,
			shape: richTextShape(),
		},
		"markdown": {
			on:    onMessage,
			shape: shape{properties: []property{required("text", markdownText)}},
		},
		"alert": {
			on: onModal, in: inLayout,
			shape: shape{properties: []property{
				required("text", text(anyText, 3000)),
				optional("level", enum("default", "info", "warning", "error", "success")),
			}},
		},
		"video": {
			on: everywhere, in: inContainer | inLayout | inFallback,
			shape: shape{properties: []property{
				required("video_url", secure(3000)),
				required("thumbnail_url", secure(3000)),
				required("alt_text", str(1, 2000)),
				required("title", text(plainText, 199)),
				optional("title_url", secure(3000)),
				optional("description", text(plainText, 199)),
				optional("author_name", str(0, 49)),
				optional("provider_name", str(0, 3000)),
				optional("provider_icon_url", secure(3000)),
			}},
		},
	}
}

// contextElement is the rule for what a context block shows: images and texts.
func contextElement(w *walk, value any) {
	object, _ := value.(map[string]any)
	switch object["type"] {
	case "plain_text", "mrkdwn":
		contextText(w, value)
	default:
		contextImage(w, value)
	}
}

var (
	contextText  = text(anyText, 3000)
	contextImage = anElement(inContext)
)

// markdownText is the rule for the text of a markdown block. The limit is on
// the sum over a message, so it is asked at the end.
func markdownText(w *walk, value any) {
	if s, ok := length(w, value, 1, maxPayload); ok {
		w.markdown += runes(s)
		w.count(s)
	}
}

package blockkit

// maxNesting is how deep containers and layouts may stand in each other.
const maxNesting = 2

// nestingBlocks are the blocks that hold other blocks or arrange what other
// blocks show.
func nestingBlocks() map[string]*block {
	return map[string]*block{
		"card": {on: everywhere, in: inLayout, shape: cardShape()},
		"carousel": {
			on: onMessage | onHome, in: inLayout,
			shape: shape{properties: []property{required("elements", list(1, 10, blockOf("card")))}},
		},
		// Newer documentation adds Home for containers; the documented list that
		// could be read in full does not.
		"container": {
			on: onMessage, in: inLayout,
			shape: shape{
				properties: []property{
					optional("title", text(plainText, 150)),
					optional("rich_text_title", richText()),
					optional("subtitle", text(anyText, 150)),
					optional("icon", imageElement()),
					optional("width", enum("narrow", "standard", "wide", "full")),
					optional("is_collapsible", boolean),
					optional("default_collapsed", boolean),
					optional("has_header_divider", boolean),
					required("child_blocks", deeper(list(1, 10, nested(inContainer)))),
				},
				also: []func(*walk, map[string]any){atLeastOne("title", "rich_text_title"), containerHeader},
			},
		},
		"layout": {
			on: everywhere, in: inContainer,
			shape: shape{properties: []property{
				required("label", counted(1, 150)),
				optional("is_label_visible", boolean),
				optional("grid_lines", enum("none", "rows", "outer")),
				required("rows", deeper(list(1, 5, object(shape{properties: []property{
					required("items", list(1, 3, object(shape{properties: []property{
						required("block", nested(inLayout)),
						optional("width", enum("narrow", "standard", "wide")),
						optional("horizontal_alignment", enum("start", "center", "end")),
					}}))),
				}})))),
				optional("fallback", fallback),
			}},
		},
	}
}

// deeper is the rule for blocks inside a container or a layout.
func deeper(r rule) rule {
	return func(w *walk, value any) {
		if w.nesting == maxNesting {
			w.fail("containers and layouts may not be nested more than two levels deep")
			return
		}
		w.nesting++
		r(w, value)
		w.nesting--
	}
}

// containerHeader holds the options of a container's header to each other.
func containerHeader(w *walk, container map[string]any) {
	collapsible := container["is_collapsible"] == true
	if container["has_header_divider"] == true && collapsible {
		w.fail("is only allowed when `is_collapsible` is false", "has_header_divider")
	}
	if container["default_collapsed"] == true && !collapsible {
		w.fail("is only allowed when `is_collapsible` is true", "default_collapsed")
	}
}

// fallback is the rule for what older clients see in place of a layout. It is
// shown instead of the rows, so nothing in it counts or clashes with them.
func fallback(w *walk, value any) {
	outer := *w
	w.blockIDs = map[string]bool{}
	list(0, maxBlocks(w.surface), nested(inFallback))(w, value)
	found := w.errors
	*w = outer
	w.errors = found
}

// cardShape is the shape of a card.
func cardShape() shape {
	return shape{
		properties: []property{
			optional("hero_image", imageElement()),
			optional("icon", imageElement()),
			optional("slack_icon", slackIcon()),
			optional("title", text(anyText, 150)),
			optional("subtitle", text(anyText, 150)),
			optional("body", text(mrkdwn, 200)),
			optional("subtext", text(anyText, 200)),
			optional("actions", list(1, 25, anElement(inCard))),
		},
		also: []func(*walk, map[string]any){
			atLeastOne("hero_image", "title", "actions", "body"),
			atMostOne("icon", "slack_icon"),
		},
	}
}

// slackIcon is the rule for an icon Slack draws itself.
func slackIcon() rule {
	return oneOf(map[string]*shape{"icon": {properties: []property{required("name", str(1, 255))}}})
}

// imageElement is the rule for a picture that belongs to its block rather than
// standing in a list of elements.
func imageElement() rule {
	s := picture()
	return oneOf(map[string]*shape{"image": &s})
}

package blockkit

// An element is a shape that stands inside a block.
type element struct {
	shape
	on surfaces
	in places
}

// places is a set of the blocks that take an element.
type places uint8

const (
	inSection places = 1 << iota
	inActions
	inInput
	inContext
	inContextActions
	inCard
	inCell // of a data_table
)

// anElement is the rule for an element in one kind of block.
func anElement(where places) rule {
	return func(w *walk, value any) {
		object, kind, ok := typed(w, value)
		if !ok {
			return
		}
		e := w.kit.elements[kind]
		if e == nil || e.in&where == 0 || !e.on.has(w.surface) {
			w.unsupported(kind)
			return
		}
		e.fields(w, object, "type")
	}
}

// clickables are the elements that are done with one click, and the picture,
// which is done with none.
func clickables() map[string]*element {
	return map[string]*element{
		"button": {
			on: everywhere, in: inSection | inActions | inCard | inCell,
			shape: shape{properties: []property{
				required("text", text(plainText, 75)),
				optional("action_id", actionID),
				optional("url", link(3000)),
				optional("value", str(0, 2000)),
				optional("style", style),
				optional("confirm", confirm()),
				optional("accessibility_label", str(0, 75)),
				optional("agent_prompt", str(0, 3000)),
				optional("agent_prompt_display", str(0, 3000)),
				optional("visible_to_user_ids", list(1, 100, str(1, 255))),
			}},
		},
		"overflow": {
			on: everywhere, in: inSection | inActions,
			shape: shape{properties: []property{
				optional("action_id", actionID),
				required("options", list(1, 5, option(plainText, optional("url", link(3000))))),
				optional("confirm", confirm()),
			}},
		},
		"image": {
			on: everywhere, in: inSection | inContext,
			shape: picture(),
		},
		"workflow_button": {
			on: onMessage, in: inSection | inActions,
			shape: shape{properties: []property{
				required("text", text(plainText, 75)),
				required("workflow", workflow()),
				optional("action_id", actionID),
				optional("style", style),
				optional("accessibility_label", str(0, 75)),
			}},
		},
		"icon_button": {
			on: onMessage, in: inContextActions,
			shape: shape{properties: []property{
				required("icon", enum("trash")),
				required("text", text(plainText, 75)),
				optional("action_id", actionID),
				optional("value", str(0, 2000)),
				optional("confirm", confirm()),
				optional("accessibility_label", str(0, 75)),
				optional("visible_to_user_ids", list(1, 100, str(1, 255))),
			}},
		},
		"feedback_buttons": {
			on: onMessage, in: inContextActions,
			shape: shape{properties: []property{
				optional("action_id", actionID),
				required("positive_button", feedbackButton()),
				required("negative_button", feedbackButton()),
			}},
		},
	}
}

func feedbackButton() rule {
	return object(shape{properties: []property{
		required("text", text(plainText, 75)),
		required("value", str(1, 2000)),
		optional("accessibility_label", str(0, 75)),
	}})
}

func workflow() rule {
	return object(shape{properties: []property{
		required("trigger", object(shape{properties: []property{
			required("url", secure(3000)),
			optional("customizable_input_parameters", list(0, 100, object(shape{properties: []property{
				required("name", str(1, 255)),
				required("value", str(0, 3000)),
			}}))),
		}})),
	}})
}

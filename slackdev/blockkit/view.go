package blockkit

import (
	"encoding/json"
	"fmt"
)

// maxView is how many bytes of JSON a view may be.
const maxView = 250_000

// ValidateView judges a modal or a Home tab as views.open, views.push,
// views.update and views.publish do. Pointers start with /view. It returns nil
// when Slack would take the view.
func ValidateView(view json.RawMessage) []Error {
	w := newWalk("")
	w.under("view", func() {
		if len(view) > maxView {
			w.report("view_too_large", fmt.Sprintf("must be less than %d bytes", maxView+1))
		}
		if value, ok := w.decode(view, "invalid_json"); ok {
			viewRule(w, value)
		}
	})
	return w.errors
}

// viewRule is the rule for a view, which says itself which surface it is.
func viewRule(w *walk, value any) {
	object, kind, ok := typed(w, value)
	if !ok {
		return
	}
	w.surface = Surface(kind)
	switch w.surface {
	case Modal:
		modal.fields(w, object, "type")
	case Home:
		home.fields(w, object, "type")
	default:
		w.unsupported(kind)
	}
}

var (
	home = &shape{properties: viewKeys()}

	modal = &shape{
		properties: append(viewKeys(),
			required("title", text(plainText, 24)),
			optional("submit", text(plainText, 24)),
			optional("close", text(plainText, 24)),
			optional("clear_on_close", boolean),
			optional("notify_on_close", boolean),
			optional("submit_disabled", boolean),
		),
		also: []func(*walk, map[string]any){submitForInputs},
	}
)

// viewKeys are the keys modals and Home tabs share.
func viewKeys() []property {
	return []property{
		required("blocks", surfaceBlocks),
		optional("private_metadata", str(0, 3000)),
		optional("callback_id", str(0, 255)),
		optional("external_id", str(0, 255)),
	}
}

// submitForInputs holds that what a person fills in can be sent.
func submitForInputs(w *walk, view map[string]any) {
	if _, ok := view["submit"]; ok {
		return
	}
	for _, pointer := range w.inputs {
		w.errors = append(w.errors, Error{
			Pointer: pointer,
			Code:    "failed_constraint",
			Message: "must define `submit` to use an `input` block in modals",
		})
	}
}

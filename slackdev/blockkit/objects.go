package blockkit

import (
	"fmt"
	"reflect"
	"strings"
)

// The kinds of text a place takes.
var (
	plainText = []string{"plain_text"}
	mrkdwn    = []string{"mrkdwn"}
	anyText   = []string{"plain_text", "mrkdwn"}
)

// text is the rule for a text object of 1 to maxLength characters.
func text(kinds []string, maxLength int) rule {
	shapes := map[string]*shape{}
	for _, kind := range kinds {
		s := &shape{properties: []property{required("text", counted(1, maxLength))}}
		switch kind {
		case "plain_text":
			s.properties = append(s.properties, optional("emoji", boolean))
		case "mrkdwn":
			s.properties = append(s.properties, optional("verbatim", boolean))
		}
		shapes[kind] = s
	}
	return oneOf(shapes)
}

// counted is the rule for a string that adds to the length of a message.
func counted(minLength, maxLength int) rule {
	return func(w *walk, value any) {
		length(w, value, minLength, maxLength)
		w.count(value)
	}
}

// count adds a string to the length of a message, where Slack counts & < and >
// as the entities they are stored as.
func (w *walk) count(value any) {
	s, _ := value.(string)
	w.text += runes(s) +
		len("amp;")*strings.Count(s, "&") +
		len("lt;")*(strings.Count(s, "<")+strings.Count(s, ">"))
}

// blockID is the rule for a block_id.
func blockID(w *walk, value any) {
	id, ok := length(w, value, 1, 255)
	if !ok {
		return
	}
	if w.blockIDs[id] {
		w.fail(fmt.Sprintf("`block_id` %q already exists", id))
	}
	w.blockIDs[id] = true
}

// actionID is the rule for an action_id.
func actionID(w *walk, value any) {
	id, ok := length(w, value, 1, 255)
	if !ok {
		return
	}
	if w.actionIDs[id] {
		w.fail(fmt.Sprintf("`action_id` %q already exists", id))
	}
	if w.actionIDs == nil {
		w.actionIDs = map[string]bool{}
	}
	w.actionIDs[id] = true
}

// focus is the rule for focus_on_load, which one element of a surface may
// claim.
func focus(w *walk, value any) {
	boolean(w, value)
	if claimed, _ := value.(bool); !claimed {
		return
	}
	if w.focused {
		w.fail("only one element may set `focus_on_load`")
	}
	w.focused = true
}

var style = enum("primary", "danger")

// confirm is the rule for the dialog asked before an action is sent.
func confirm() rule {
	return object(shape{properties: []property{
		required("title", text(plainText, 100)),
		required("text", text(anyText, 300)),
		required("confirm", text(plainText, 30)),
		optional("deny", text(plainText, 30)),
		optional("style", style),
	}})
}

// option is the rule for one choice. Only those of an overflow menu may be
// links, hence extra.
func option(kinds []string, extra ...property) rule {
	return object(shape{properties: append([]property{
		required("text", text(kinds, 75)),
		required("value", str(1, 150)),
		optional("description", text(kinds, 75)),
	}, extra...)})
}

// optionGroup is the rule for choices under a heading.
func optionGroup() rule {
	return object(shape{properties: []property{
		required("label", text(plainText, 75)),
		required("options", list(1, 100, option(plainText))),
	}})
}

// initialAmongOptions holds initial_option and initial_options to the options
// the element offers. Slack wants an exact match, description included.
func initialAmongOptions(w *walk, element map[string]any) {
	offered, _ := element["options"].([]any)
	groups, _ := element["option_groups"].([]any)
	for _, group := range groups {
		g, _ := group.(map[string]any)
		options, _ := g["options"].([]any)
		offered = append(offered[:len(offered):len(offered)], options...)
	}
	check := func(w *walk, initial any) {
		for _, o := range offered {
			if reflect.DeepEqual(o, initial) {
				return
			}
		}
		w.fail("must match one of the provided options")
	}
	if initial, ok := element["initial_option"].(map[string]any); ok {
		w.enter("initial_option", check, initial)
	}
	if initials, ok := element["initial_options"].([]any); ok {
		w.under("initial_options", func() { w.each(initials, check) })
	}
}

// dispatchConfig is the rule for when an input sends block_actions while it is
// typed in.
func dispatchConfig() rule {
	return object(shape{properties: []property{
		optional("trigger_actions_on", list(1, 2, enum("on_enter_pressed", "on_character_entered"))),
	}})
}

// conversationFilter is the rule for which conversations a select offers.
func conversationFilter() rule {
	return object(shape{
		properties: []property{
			optional("include", list(1, 4, enum("im", "mpim", "private", "public"))),
			optional("exclude_external_shared_channels", boolean),
			optional("exclude_bot_users", boolean),
		},
	})
}

// picture is what an image block and an image element share: where the picture
// comes from, and what it is called for those who cannot see it.
func picture(extra ...property) shape {
	return shape{
		properties: append([]property{
			optional("image_url", secure(3000)),
			optional("slack_file", object(shape{
				properties: []property{
					optional("id", str(1, 255)),
					// Which file an address names is for the workspace to say.
					optional("url", link(3000)),
				},
				also: []func(*walk, map[string]any){exactlyOne("id", "url")},
			})),
			required("alt_text", str(1, 2000)),
		}, extra...),
		also: []func(*walk, map[string]any){exactlyOne("image_url", "slack_file")},
	}
}

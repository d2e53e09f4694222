package blockkit

// chooses is where elements stand that let a person choose among options.
const chooses = inSection | inActions | inInput

// selects are the elements with a closed set of answers: menus, checkboxes and
// radio buttons.
func selects() map[string]*element {
	all := map[string]*element{
		"checkboxes": {
			on: everywhere, in: chooses,
			shape: shape{
				properties: []property{
					optional("action_id", actionID),
					required("options", list(1, 10, option(anyText))),
					optional("initial_options", list(1, 10, option(anyText))),
					optional("confirm", confirm()),
					optional("focus_on_load", focus),
					optional("visible_to_user_ids", list(1, 100, str(1, 255))),
				},
				also: []func(*walk, map[string]any){initialAmongOptions},
			},
		},
		"radio_buttons": {
			on: everywhere, in: chooses,
			shape: shape{
				properties: []property{
					optional("action_id", actionID),
					required("options", list(1, 10, option(anyText))),
					optional("initial_option", option(anyText)),
					optional("confirm", confirm()),
					optional("focus_on_load", focus),
				},
				also: []func(*walk, map[string]any){initialAmongOptions},
			},
		},
	}
	for _, m := range menus() {
		all[m.kind] = &element{on: everywhere, in: chooses, shape: m.single()}
		all["multi_"+m.kind] = &element{on: everywhere, in: chooses, shape: m.multi()}
	}
	return all
}

// A menu is what a select and the multi-select of the same source share.
type menu struct {
	kind    string
	initial string // key of the initial choice; the multi-select has an s more
	choice  func() rule
	both    []property // keys that both have
	one     []property // keys only the select has
	also    []func(*walk, map[string]any)
}

func menus() []menu {
	id := func() rule { return str(1, 255) }
	choice := func() rule { return option(plainText) }
	return []menu{
		{
			kind: "static_select", initial: "initial_option", choice: choice,
			both: []property{
				optional("options", list(1, 100, option(plainText))),
				optional("option_groups", list(1, 100, optionGroup())),
			},
			also: []func(*walk, map[string]any){exactlyOne("options", "option_groups"), initialAmongOptions},
		},
		{
			kind: "external_select", initial: "initial_option", choice: choice,
			both: []property{optional("min_query_length", integer(0, 255))},
		},
		{kind: "users_select", initial: "initial_user", choice: id},
		{
			kind: "conversations_select", initial: "initial_conversation", choice: id,
			both: []property{
				optional("default_to_current_conversation", boolean),
				optional("filter", conversationFilter()),
			},
			one: []property{optional("response_url_enabled", boolean)},
		},
		{
			kind: "channels_select", initial: "initial_channel", choice: id,
			one: []property{optional("response_url_enabled", boolean)},
		},
	}
}

// common are the keys every menu has.
func (m menu) common() []property {
	return append([]property{
		optional("action_id", actionID),
		optional("placeholder", text(plainText, 150)),
		optional("confirm", confirm()),
		optional("focus_on_load", focus),
	}, m.both...)
}

// single is the shape of the select.
func (m menu) single() shape {
	properties := append(m.common(), m.one...)
	return shape{properties: append(properties, optional(m.initial, m.choice())), also: m.also}
}

// multi is the shape of the multi-select.
func (m menu) multi() shape {
	return shape{properties: append(m.common(),
		optional(m.initial+"s", list(1, 100, m.choice())),
		optional("max_selected_items", integer(1, 100)),
	), also: m.also}
}

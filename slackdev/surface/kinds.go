package surface

// This file knows the kinds of controls, and where the value of each stands.

// valueKeys tells, for each stateful element, under which key its value stands
// in state.values and in actions, and under which key the app sets it at first.
func valueKeys(kind string) (key, initial string, stateful bool) {
	switch kind {
	case "plain_text_input", "email_text_input", "url_text_input", "number_input":
		return "value", "initial_value", true
	case "rich_text_input":
		return "rich_text_value", "initial_value", true
	case "checkboxes":
		return "selected_options", "initial_options", true
	case "radio_buttons", "static_select", "external_select":
		return "selected_option", "initial_option", true
	case "multi_static_select", "multi_external_select":
		return "selected_options", "initial_options", true
	case "users_select":
		return "selected_user", "initial_user", true
	case "multi_users_select":
		return "selected_users", "initial_users", true
	case "conversations_select":
		return "selected_conversation", "initial_conversation", true
	case "multi_conversations_select":
		return "selected_conversations", "initial_conversations", true
	case "channels_select":
		return "selected_channel", "initial_channel", true
	case "multi_channels_select":
		return "selected_channels", "initial_channels", true
	case "datepicker":
		return "selected_date", "initial_date", true
	case "timepicker":
		return "selected_time", "initial_time", true
	case "datetimepicker":
		return "selected_date_time", "initial_date_time", true
	case "file_input":
		return "files", "", true
	case "button", "workflow_button", "icon_button":
		return "value", "", false
	case "overflow":
		return "selected_option", "", false
	case "feedback_buttons":
		return "value", "", false
	}
	return "", "", false
}

// interactive tells whether the element type is one people can act on.
func interactive(kind string) bool { key, _, _ := valueKeys(kind); return key != "" }

// listValued tells whether an untouched element reports [] rather than null.
func listValued(key string) bool {
	switch key {
	case "selected_options", "selected_users", "selected_conversations", "selected_channels", "files":
		return true
	}
	return false
}

// Key is where what is chosen stands in state.values and in actions: "value",
// "selected_option" and so on.
func (c *Control) Key() string { key, _, _ := valueKeys(c.Kind); return key }

// Stateful tells whether the control holds what was chosen, as a select does and
// a button does not.
func (c *Control) Stateful() bool { _, _, stateful := valueKeys(c.Kind); return stateful }

// Many tells whether the control holds a list, which is empty when nothing is
// chosen; any other is null then.
func (c *Control) Many() bool { return listValued(c.Key()) }

// Preset tells whether the app set a value at first.
func (c *Control) Preset() bool { _, initial, _ := valueKeys(c.Kind); return c.Element[initial] != nil }

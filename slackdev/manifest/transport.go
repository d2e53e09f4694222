package manifest

// transport holds that Slack can reach the app in one way: through the socket
// or through URLs. Apps hosted by Slack need neither.
func (c *check) transport(m Manifest) {
	interactivity := m.Settings.Interactivity
	if interactivity == nil {
		interactivity = &Interactivity{}
	}
	if len(m.Features.Shortcuts) > 0 && !m.Settings.SocketMode && !interactivity.IsEnabled {
		c.add("/settings/interactivity/is_enabled", "Set it to true: shortcuts are interactions.")
	}
	switch {
	case m.Settings.IsHosted:
	case m.Settings.SocketMode:
		c.socket(m, interactivity)
	default:
		c.urls(m, interactivity)
	}
}

// socket holds an app in Socket Mode to having interactivity and no URLs.
func (c *check) socket(m Manifest, interactivity *Interactivity) {
	if !interactivity.IsEnabled {
		c.add("/settings/interactivity/is_enabled", "Set it to true: without it no button works, in Socket Mode too.")
	}
	none := func(at, url string) {
		if url != "" {
			c.add(at, "Remove it: in Socket Mode nothing is sent to a URL.")
		}
	}
	for i, s := range m.Features.SlashCommands {
		none(item("/features/slash_commands", i)+"/url", s.URL)
	}
	if e := m.Settings.EventSubscriptions; e != nil {
		none("/settings/event_subscriptions/request_url", e.RequestURL)
	}
	none("/settings/interactivity/request_url", interactivity.RequestURL)
	none("/settings/interactivity/message_menu_options_url", interactivity.MessageMenuOptionsURL)
}

// urls holds an app without Socket Mode to having a URL for all it offers.
func (c *check) urls(m Manifest, interactivity *Interactivity) {
	some := func(at, url string) {
		if url == "" {
			c.add(at, "Add it, or turn on Socket Mode: Slack does not know where to send this.")
		}
	}
	for i, s := range m.Features.SlashCommands {
		some(item("/features/slash_commands", i)+"/url", s.URL)
	}
	if e := m.Settings.EventSubscriptions; e != nil && len(e.BotEvents)+len(e.UserEvents) > 0 {
		some("/settings/event_subscriptions/request_url", e.RequestURL)
	}
	if interactivity.IsEnabled {
		some("/settings/interactivity/request_url", interactivity.RequestURL)
	}
}

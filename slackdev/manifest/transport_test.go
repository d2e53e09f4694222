package manifest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestValidateTransport(t *testing.T) {
	t.Parallel()
	const needsURL = "Add it, or turn on Socket Mode: Slack does not know where to send this."
	const noURL = "Remove it: in Socket Mode nothing is sent to a URL."
	const address = "https://a.example/slack"
	http := func(m *Manifest) {
		m.Settings.SocketMode = false
		m.Features.SlashCommands[0].URL = address
		m.Settings.EventSubscriptions.RequestURL = address
		m.Settings.Interactivity.RequestURL = address
	}
	cases := []struct {
		name   string
		change func(m *Manifest)
		want   []Problem
	}{
		{"socket without interactivity", func(m *Manifest) { m.Settings.Interactivity = nil },
			[]Problem{{"/settings/interactivity/is_enabled", "Set it to true: without it no button works, in Socket Mode too."}}},
		{"socket with interactivity off", func(m *Manifest) { m.Settings.Interactivity.IsEnabled = false },
			[]Problem{{"/settings/interactivity/is_enabled", "Set it to true: without it no button works, in Socket Mode too."}}},
		{"socket and URLs", func(m *Manifest) {
			http(m)
			m.Settings.SocketMode = true
			m.Settings.Interactivity.MessageMenuOptionsURL = address
		}, []Problem{
			{"/features/slash_commands/0/url", noURL},
			{"/settings/event_subscriptions/request_url", noURL},
			{"/settings/interactivity/request_url", noURL},
			{"/settings/interactivity/message_menu_options_url", noURL},
		}},
		{"URLs", http, nil},
		{"neither socket nor URLs", func(m *Manifest) { m.Settings.SocketMode = false }, []Problem{
			{"/features/slash_commands/0/url", needsURL},
			{"/settings/event_subscriptions/request_url", needsURL},
			{"/settings/interactivity/request_url", needsURL},
		}},
		{"neither, with nothing to send", func(m *Manifest) {
			*m = Manifest{DisplayInformation: DisplayInformation{Name: "x"}}
		}, nil},
		{"shortcuts without interactivity", func(m *Manifest) { http(m); m.Settings.Interactivity = nil },
			[]Problem{{"/settings/interactivity/is_enabled", "Set it to true: shortcuts are interactions."}}},
		{"hosted by Slack", func(m *Manifest) { m.Settings.SocketMode = false; m.Settings.IsHosted = true }, nil},
		{"URL that is none", func(m *Manifest) { http(m); m.Settings.Interactivity.RequestURL = "a.example" },
			[]Problem{{"/settings/interactivity/request_url", `Write a whole URL, such as https://example.com/slack, not "a.example".`}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := sample(t)
			c.change(&m)
			if diff := cmp.Diff(c.want, Validate(m)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

package manifest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// chars is a text of n characters that is twice as many bytes, so that a limit
// counted in bytes shows.
func chars(n int) string { return strings.Repeat("é", n) }

func TestValidateGoodManifest(t *testing.T) {
	t.Parallel()
	if problems := Validate(sample(t)); problems != nil {
		t.Errorf("got %v", problems)
	}
}

// TestValidateLengths takes every text to its limits and one beyond.
func TestValidateLengths(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pointer     string
		set         func(m *Manifest, text string)
		least, most int
		required    bool
	}{
		{"/display_information/name", func(m *Manifest, s string) { m.DisplayInformation.Name = s }, 1, 35, true},
		{"/display_information/description", func(m *Manifest, s string) { m.DisplayInformation.Description = s }, 1, 140, false},
		{"/display_information/long_description", func(m *Manifest, s string) { m.DisplayInformation.LongDescription = s }, 175, 4000, false},
		{"/features/bot_user/display_name", func(m *Manifest, s string) { m.Features.BotUser.DisplayName = s }, 1, 80, true},
		{"/features/shortcuts/0/name", func(m *Manifest, s string) { m.Features.Shortcuts[0].Name = s }, 1, 24, true},
		{"/features/shortcuts/0/description", func(m *Manifest, s string) { m.Features.Shortcuts[0].Description = s }, 1, 150, true},
		{"/features/shortcuts/1/callback_id", func(m *Manifest, s string) { m.Features.Shortcuts[1].CallbackID = s }, 1, 255, true},
		{"/features/slash_commands/0/description", func(m *Manifest, s string) { m.Features.SlashCommands[0].Description = s }, 1, 2000, true},
		{"/features/slash_commands/0/usage_hint", func(m *Manifest, s string) { m.Features.SlashCommands[0].UsageHint = s }, 1, 1000, false},
		{"/oauth_config/redirect_urls/0", func(m *Manifest, s string) { m.OAuthConfig.RedirectURLs = []string{s} }, 0, 2500, false},
	}
	for _, test := range tests {
		t.Run(test.pointer, func(t *testing.T) {
			t.Parallel()
			check := func(n int, want ...Problem) {
				t.Helper()
				m := sample(t)
				test.set(&m, chars(n))
				if diff := cmp.Diff(want, Validate(m)); diff != "" {
					t.Errorf("%d characters (-want +got):\n%s", n, diff)
				}
			}
			check(test.most)
			check(test.most+1, Problem{test.pointer, fmt.Sprintf("Shorten it to %d characters: it has %d.", test.most, test.most+1)})
			check(test.least)
			if test.least > 1 {
				check(test.least-1, Problem{test.pointer, fmt.Sprintf("Lengthen it to at least %d characters: it has %d.", test.least, test.least-1)})
			}
			if test.required {
				check(0, Problem{test.pointer, "Add it: Slack requires it."})
			} else {
				check(0)
			}
		})
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	// cases change the good manifest in one way.
	cases := []struct {
		name   string
		change func(m *Manifest)
		want   []Problem
	}{
		{"schema version 1", func(m *Manifest) { m.Metadata.MajorVersion = 1 }, nil},
		{"schema version 3", func(m *Manifest) { m.Metadata.MajorVersion = 3 },
			[]Problem{{"/_metadata/major_version", "Write 2: Slack has no version 3 of the schema."}}},
		{"short colour", func(m *Manifest) { m.DisplayInformation.BackgroundColor = "#fA0" }, nil},
		{"named colour", func(m *Manifest) { m.DisplayInformation.BackgroundColor = "red" },
			[]Problem{{"/display_information/background_color", `Write the colour as #rgb or #rrggbb, not "red".`}}},
		{"no bot user", func(m *Manifest) { m.Features.BotUser = nil }, nil},

		{"shortcut of no type", func(m *Manifest) { m.Features.Shortcuts[0].Type = "" },
			[]Problem{{"/features/shortcuts/0/type", `Write global or message, not "".`}}},
		{"shortcut of another type", func(m *Manifest) { m.Features.Shortcuts[0].Type = "channel" },
			[]Problem{{"/features/shortcuts/0/type", `Write global or message, not "channel".`}}},
		{"two shortcuts answered as one", func(m *Manifest) { m.Features.Shortcuts[1].CallbackID = "new_partnership" },
			[]Problem{{"/features/shortcuts/1/callback_id", `Remove the callback_id "new_partnership": it is listed twice.`}}},
		{"ten shortcuts", func(m *Manifest) { m.Features.Shortcuts = shortcuts(10) }, nil},
		{"eleven shortcuts", func(m *Manifest) { m.Features.Shortcuts = shortcuts(11) },
			[]Problem{{"/features/shortcuts", "Keep at most 10 items: there are 11."}}},
		{"an empty list of shortcuts", func(m *Manifest) { m.Features.Shortcuts = []Shortcut{} },
			[]Problem{{"/features/shortcuts", "Remove the empty list."}}},

		{"command of 32 characters", func(m *Manifest) { m.Features.SlashCommands[0].Command = "/" + chars(31) }, nil},
		{"command of 33 characters", func(m *Manifest) { m.Features.SlashCommands[0].Command = "/" + chars(32) },
			[]Problem{{"/features/slash_commands/0/command", "Shorten it to 32 characters: it has 33."}}},
		{"command without its slash", func(m *Manifest) { m.Features.SlashCommands[0].Command = "cloudimage" },
			[]Problem{{"/features/slash_commands/0/command", "Begin the command with a slash: /cloudimage."}}},
		{"slash without its command", func(m *Manifest) { m.Features.SlashCommands[0].Command = "/" },
			[]Problem{{"/features/slash_commands/0/command", "Name the command after its slash."}}},
		{"no command", func(m *Manifest) { m.Features.SlashCommands[0].Command = "" },
			[]Problem{{"/features/slash_commands/0/command", "Add it: Slack requires it."}}},
		{"fifty commands", func(m *Manifest) { m.Features.SlashCommands = commands(50) }, nil},
		{"fifty-one commands", func(m *Manifest) { m.Features.SlashCommands = commands(51) },
			[]Problem{{"/features/slash_commands", "Keep at most 50 items: there are 51."}}},
		{"a command twice", func(m *Manifest) {
			m.Features.SlashCommands = append(m.Features.SlashCommands, m.Features.SlashCommands[0])
		}, []Problem{{"/features/slash_commands/1/command", `Remove the command "/cloudimage": it is listed twice.`}}},

		{"redirect URL twice", func(m *Manifest) { m.OAuthConfig.RedirectURLs = []string{"https://a.example", "https://a.example"} },
			[]Problem{{"/oauth_config/redirect_urls/1", `Remove the URL "https://a.example": it is listed twice.`}}},
		{"addresses", func(m *Manifest) { m.Settings.AllowedIPAddressRanges = []string{"192.0.2.0/24", "192.0.2.7"} }, nil},
		{"addresses that are none", func(m *Manifest) {
			m.Settings.AllowedIPAddressRanges = []string{"192.0.2.0/33", "2001:db8::/32", "everyone"}
		}, []Problem{
			{"/settings/allowed_ip_address_ranges/0", `Write an IPv4 address or range such as 192.0.2.0/24, not "192.0.2.0/33".`},
			{"/settings/allowed_ip_address_ranges/1", `Write an IPv4 address or range such as 192.0.2.0/24, not "2001:db8::/32".`},
			{"/settings/allowed_ip_address_ranges/2", `Write an IPv4 address or range such as 192.0.2.0/24, not "everyone".`},
		}},
		{"signing in from https", func(m *Manifest) { m.Settings.SIWSLinks = &SIWSLinks{InitiateURI: "https://a.example/in"} }, nil},
		{"signing in from http", func(m *Manifest) { m.Settings.SIWSLinks = &SIWSLinks{InitiateURI: "http://a.example/in"} },
			[]Problem{{"/settings/siws_links/initiate_uri", `Use https, not "http://a.example/in".`}}},
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

func shortcuts(n int) []Shortcut {
	all := make([]Shortcut, n)
	for i := range all {
		all[i] = Shortcut{Name: "x", Type: GlobalShortcut, CallbackID: fmt.Sprint(i), Description: "x"}
	}
	return all
}

func commands(n int) []SlashCommand {
	all := make([]SlashCommand, n)
	for i := range all {
		all[i] = SlashCommand{Command: fmt.Sprintf("/c%d", i), Description: "x"}
	}
	return all
}

func TestProblemIsWrittenWithItsPlace(t *testing.T) {
	t.Parallel()
	p := Problem{"/display_information/name", "Add it: Slack requires it."}
	if got, want := p.Error(), "/display_information/name: Add it: Slack requires it."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

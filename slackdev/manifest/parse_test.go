package manifest

import (
	"errors"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sample is a good manifest for an app in Socket Mode.
func sample(t *testing.T) Manifest {
	t.Helper()
	data, err := os.ReadFile("testdata/socketmode.yaml")
	if err != nil {
		t.Fatal(err)
	}
	m, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestParse(t *testing.T) {
	t.Parallel()
	want := Manifest{
		Metadata: &Metadata{MajorVersion: 2},
		DisplayInformation: DisplayInformation{
			Name:            "CloudImage Partnerships",
			Description:     "Runs partnership onboarding",
			BackgroundColor: "#1f2937",
		},
		Features: Features{
			AppHome: &AppHome{HomeTab: true, MessagesTab: true},
			BotUser: &BotUser{DisplayName: "cloudimage", AlwaysOnline: true},
			Shortcuts: []Shortcut{
				{Name: "New partnership", Type: GlobalShortcut, CallbackID: "new_partnership", Description: "Start a partnership"},
				{Name: "Link to partnership", Type: MessageShortcut, CallbackID: "link_message", Description: "Attach this message"},
			},
			SlashCommands: []SlashCommand{{
				Command: "/cloudimage", Description: "Partnership process", UsageHint: "new | status | mine | help", ShouldEscape: true,
			}},
		},
		OAuthConfig: OAuthConfig{Scopes: Scopes{
			Bot: []Scope{"commands", "chat:write", "users:read", "usergroups:read", "files:write"},
			BotOptional: []Scope{"channels:history", "groups:history", "im:history", "users:read.email", "channels:read",
				"groups:read", "chat:write.public", "pins:write", "bookmarks:write", "canvases:write"},
		}},
		Settings: Settings{
			EventSubscriptions: &EventSubscriptions{BotEvents: []Event{"app_home_opened", "app_uninstalled", "tokens_revoked",
				"subteam_members_changed", "subteam_updated", "user_change", "message.im"}},
			Interactivity: &Interactivity{IsEnabled: true},
			SocketMode:    true,
		},
	}
	if diff := cmp.Diff(want, sample(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParseTakesJSONAndKeysItDoesNotJudge(t *testing.T) {
	t.Parallel()
	m, err := Parse([]byte(`{
		"$schema": "https://example.com/manifest.schema.json",
		"display_information": {"name": "x"},
		"functions": {"greet": {"title": "", "input_parameters": {"properties": {}}}},
		"outgoing_domains": ["example.com"]
	}`))
	if err != nil {
		t.Fatal(err)
	}
	if m.DisplayInformation.Name != "x" || m.Functions == nil || m.OutgoingDomains == nil {
		t.Errorf("got %+v", m)
	}
}

func TestParseErrorsNameThePlace(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, yaml string
		want       SyntaxError
	}{
		{"unknown key at the top", "display_information:\n  name: x\ncolour: red\n",
			SyntaxError{3, 1, `unknown field "colour"`}},
		{"unknown key in a group", "display_information:\n  name: x\n  colour: red\n",
			SyntaxError{3, 3, `unknown field "colour"`}},
		{"unknown key in a list", "features:\n  slash_commands:\n    - command: /x\n      hint: y\n",
			SyntaxError{4, 7, `unknown field "hint"`}},
		{"key twice", "settings:\n  is_hosted: true\n  is_hosted: false\n",
			SyntaxError{3, 3, `mapping key "is_hosted" already defined at [2:3]`}},
		{"text for a boolean", "settings:\n  is_hosted: perhaps\n",
			SyntaxError{2, 14, "this must be true or false"}},
		{"text for a number", "_metadata:\n  major_version: two\n",
			SyntaxError{2, 18, "this must be a whole number"}},
		{"list for text", "display_information:\n  name: [x]\n",
			SyntaxError{2, 9, "this must be text"}},
		{"text for an item that is a group", "features:\n  shortcuts: [x]\n",
			SyntaxError{2, 15, "string was used where mapping is expected"}},
		{"text for a list", "oauth_config:\n  scopes:\n    bot: commands\n",
			SyntaxError{3, 10, "string was used where sequence is expected"}},
		{"text for a group", "settings: on\n",
			SyntaxError{1, 11, "string was used where mapping is expected"}},
		{"empty text", "display_information:\n  name: x\n  description: \"\"\n",
			SyntaxError{3, 3, "this key has no value: give it one or remove it"}},
		{"no value", "features:\n  bot_user:\n    display_name: x\n  app_home:\n",
			SyntaxError{4, 3, "this key has no value: give it one or remove it"}},
		{"not YAML", "display_information: {name: x\n",
			SyntaxError{1, 22, "could not find flow mapping end token '}'"}},
		{"two manifests", "display_information:\n  name: x\n---\ndisplay_information:\n  name: y\n",
			SyntaxError{3, 1, "one manifest is enough: remove the second document"}},
		{"nothing", "", SyntaxError{0, 0, "the manifest is empty"}},
		{"only a comment", "# later\n", SyntaxError{0, 0, "the manifest is empty"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m, err := Parse([]byte(test.yaml))
			var got *SyntaxError
			if !errors.As(err, &got) {
				t.Fatalf("got %v, want a *SyntaxError", err)
			}
			if diff := cmp.Diff(test.want, *got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(Manifest{}, m); diff != "" {
				t.Errorf("half a manifest came with the error (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSyntaxErrorIsWrittenWithItsPlace(t *testing.T) {
	t.Parallel()
	err := &SyntaxError{Line: 3, Column: 5, Message: `unknown field "colour"`}
	if got, want := err.Error(), `line 3, column 5: unknown field "colour"`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	whole := &SyntaxError{Message: "the manifest is empty"}
	if got, want := whole.Error(), "the manifest is empty"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// FuzzParse holds that no file makes the reader panic, and that what it read
// can be judged, twice alike.
func FuzzParse(f *testing.F) {
	data, err := os.ReadFile("testdata/socketmode.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"display_information":{"name":"x"}}`))
	f.Add([]byte("a: &a {b: *a}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Parse(data)
		if err != nil {
			var place *SyntaxError
			if !errors.As(err, &place) {
				t.Errorf("%T is not a *SyntaxError: %v", err, err)
			}
			return
		}
		if diff := cmp.Diff(Validate(m), Validate(m)); diff != "" {
			t.Errorf("two answers:\n%s", diff)
		}
	})
}

package slackdev

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	appmanifest "cloudimage/slackdev/manifest"
)

// manifest is what the workspace reads of a Slack app manifest. Keys it does
// not use are ignored, as the file belongs to Slack.
type manifest struct {
	DisplayInformation struct {
		Name string `yaml:"name"`
	} `yaml:"display_information"`
	Features struct {
		AppHome struct {
			HomeTab          bool `yaml:"home_tab_enabled"`
			MessagesTab      bool `yaml:"messages_tab_enabled"`
			MessagesReadOnly bool `yaml:"messages_tab_read_only_enabled"`
		} `yaml:"app_home"`
		BotUser struct {
			DisplayName string `yaml:"display_name"`
		} `yaml:"bot_user"`
		UnfurlDomains []string       `yaml:"unfurl_domains"`
		Shortcuts     []shortcut     `yaml:"shortcuts"`
		SlashCommands []slashCommand `yaml:"slash_commands"`
	} `yaml:"features"`
	OAuth struct {
		Scopes struct {
			Bot         []string `yaml:"bot"`
			BotOptional []string `yaml:"bot_optional"`
		} `yaml:"scopes"`
	} `yaml:"oauth_config"`
	Settings struct {
		Events struct {
			BotEvents []string `yaml:"bot_events"`
		} `yaml:"event_subscriptions"`
		Interactivity struct {
			IsEnabled bool `yaml:"is_enabled"`
		} `yaml:"interactivity"`
		SocketMode    bool `yaml:"socket_mode_enabled"`
		TokenRotation bool `yaml:"token_rotation_enabled"`
	} `yaml:"settings"`
}

type slashCommand struct {
	Command      string `yaml:"command"`
	Description  string `yaml:"description"`
	UsageHint    string `yaml:"usage_hint"`
	ShouldEscape bool   `yaml:"should_escape"`
}

type shortcut struct {
	Name        string `yaml:"name"`
	Type        string `yaml:"type"`
	CallbackID  string `yaml:"callback_id"`
	Description string `yaml:"description"`
}

// parseManifest reads a manifest and refuses what would make the app silent:
// Socket Mode or interactivity switched off, a command without its slash.
func parseManifest(src []byte) (*manifest, error) {
	var m manifest
	if err := yaml.Unmarshal(src, &m); err != nil {
		return nil, fmt.Errorf("read manifest: %w", err)
	}
	if m.DisplayInformation.Name == "" {
		return nil, fmt.Errorf("read manifest: display_information.name is missing")
	}
	if !m.Settings.SocketMode {
		return nil, fmt.Errorf("read manifest: settings.socket_mode_enabled must be true, as this workspace speaks Socket Mode alone")
	}
	for _, c := range m.Features.SlashCommands {
		if !strings.HasPrefix(c.Command, "/") {
			return nil, fmt.Errorf("read manifest: command %q must begin with a slash", c.Command)
		}
	}
	for _, s := range m.Features.Shortcuts {
		if s.Type != "global" && s.Type != "message" {
			return nil, fmt.Errorf("read manifest: shortcut %q: type must be global or message, not %q", s.Name, s.Type)
		}
	}
	return &m, nil
}

// judgeManifest logs what Slack would not take of a manifest, or what would not
// work in it. The workspace starts all the same: it uses what it understands.
func judgeManifest(src []byte, log *slog.Logger) {
	m, err := appmanifest.Parse(src)
	if err != nil {
		log.Warn("Slack would refuse the manifest", "why", err)
		return
	}
	for _, p := range appmanifest.Validate(m) {
		log.Warn("Slack would refuse the manifest", "at", p.Pointer, "why", p.Message)
	}
}

// bareManifest stands in when none is given: an app that may do everything
// but has registered nothing.
func bareManifest() *manifest {
	var m manifest
	m.DisplayInformation.Name = "App"
	m.Features.AppHome.HomeTab, m.Features.AppHome.MessagesTab = true, true
	m.OAuth.Scopes.Bot = allScopes()
	m.Settings.Interactivity.IsEnabled, m.Settings.SocketMode = true, true
	return &m
}

func allScopes() []string {
	return []string{
		"app_mentions:read", "bookmarks:read", "bookmarks:write", "channels:history", "channels:join", "channels:manage",
		"channels:read", "chat:write", "chat:write.customize", "chat:write.public", "commands", "emoji:read", "files:read", "files:write", "groups:history",
		"groups:read", "groups:write", "im:history", "im:read", "im:write", "links.embed:write", "pins:read", "pins:write", "reactions:read", "reactions:write", "team:read",
		"usergroups:read", "users.profile:read", "users:read", "users:read.email",
	}
}

func (m *manifest) command(name string) (slashCommand, bool) {
	i := slices.IndexFunc(m.Features.SlashCommands, func(c slashCommand) bool { return strings.EqualFold(c.Command, name) })
	if i < 0 {
		return slashCommand{}, false
	}
	return m.Features.SlashCommands[i], true
}

// shortcut finds a shortcut of the type by callback id or by the name people see.
func (m *manifest) shortcut(kind, name string) (shortcut, bool) {
	i := slices.IndexFunc(m.Features.Shortcuts, func(s shortcut) bool {
		return s.Type == kind && (s.CallbackID == name || s.Name == name)
	})
	if i < 0 {
		return shortcut{}, false
	}
	return m.Features.Shortcuts[i], true
}

func (m *manifest) interactive() bool      { return m.Settings.Interactivity.IsEnabled }
func (m *manifest) homeTab() bool          { return m.Features.AppHome.HomeTab }
func (m *manifest) messagesTab() bool      { return m.Features.AppHome.MessagesTab }
func (m *manifest) messagesReadOnly() bool { return m.Features.AppHome.MessagesReadOnly }

func (m *manifest) botName() string {
	if n := m.Features.BotUser.DisplayName; n != "" {
		return n
	}
	return strings.ToLower(m.DisplayInformation.Name)
}

// eventScope tells which scope an event needs besides its subscription.
func eventScope(event string) string {
	switch event {
	case "app_mention":
		return "app_mentions:read"
	case "message.im":
		return "im:history"
	case "message.channels":
		return "channels:history"
	case "message.groups":
		return "groups:history"
	case "user_change", "team_join":
		return "users:read"
	case "subteam_created", "subteam_updated", "subteam_members_changed":
		return "usergroups:read"
	case "reaction_added", "reaction_removed":
		return "reactions:read"
	case "pin_added", "pin_removed":
		return "pins:read"
	case "file_shared", "file_deleted":
		return "files:read"
	case "group_archive", "group_unarchive", "group_rename", "group_left":
		return "groups:read"
	case "channel_archive", "channel_unarchive", "channel_rename", "channel_created", "channel_left", "channel_deleted", "channel_id_changed", "member_joined_channel", "member_left_channel":
		return "channels:read"
	}
	return ""
}

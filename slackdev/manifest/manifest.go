// Package manifest reads a Slack app manifest and tells whether Slack would
// take it, without asking Slack.
//
// # Vocabulary
//
//   - A manifest (schema version 2, YAML or JSON) describes an app: how it is
//     called, what it offers, what it may do.
//   - A feature is what people see: the Home tab, the bot user, slash commands,
//     shortcuts.
//   - A scope is a permission. The scopes under bot are granted when the app is
//     installed; those under bot_optional may be declined.
//   - An event is what Slack tells the app without being asked. Most events
//     need a scope.
//   - Socket Mode means that Slack reaches the app through a WebSocket the app
//     opened, and not through URLs.
//
// [Parse] holds a manifest to the form: YAML, known keys, right types. Its
// errors name line and column. [Validate] holds it to Slack's published rules,
// and to what the parts of a manifest require of each other.
//
// Keys of apps that Slack hosts or lists (functions, workflows, datastores,
// app_directory and so on) are known and kept, and not judged.
package manifest

// A Manifest is an app as its manifest describes it. An absent string is empty
// and an absent group is nil.
type Manifest struct {
	Schema             string             `yaml:"$schema"`
	Metadata           *Metadata          `yaml:"_metadata"`
	DisplayInformation DisplayInformation `yaml:"display_information"`
	Features           Features           `yaml:"features"`
	OAuthConfig        OAuthConfig        `yaml:"oauth_config"`
	Settings           Settings           `yaml:"settings"`

	AppDirectory          any `yaml:"app_directory"`
	Functions             any `yaml:"functions"`
	Workflows             any `yaml:"workflows"`
	Datastores            any `yaml:"datastores"`
	OutgoingDomains       any `yaml:"outgoing_domains"`
	Types                 any `yaml:"types"`
	ExternalAuthProviders any `yaml:"external_auth_providers"`
	MCPServers            any `yaml:"mcp_servers"`
}

// Metadata says which version of the schema the manifest was written for.
type Metadata struct {
	MajorVersion  int `yaml:"major_version"`
	MinorVersion  int `yaml:"minor_version"`
	SchemaVersion int `yaml:"schema_version"`
	MinVersion    int `yaml:"min_version"`
}

// DisplayInformation is what people see of the app in Slack's lists.
type DisplayInformation struct {
	Name            string `yaml:"name"`
	Description     string `yaml:"description"`
	LongDescription string `yaml:"long_description"`
	BackgroundColor string `yaml:"background_color"` // #rgb or #rrggbb
}

// Features is what the app offers.
type Features struct {
	AppHome       *AppHome       `yaml:"app_home"`
	BotUser       *BotUser       `yaml:"bot_user"`
	Shortcuts     []Shortcut     `yaml:"shortcuts"`
	SlashCommands []SlashCommand `yaml:"slash_commands"`
	UnfurlDomains []string       `yaml:"unfurl_domains"`

	AgentView     any `yaml:"agent_view"`
	AssistantView any `yaml:"assistant_view"`
	CodeChannels  any `yaml:"code_channels"`
	Functions     any `yaml:"functions"`
	WorkflowSteps any `yaml:"workflow_steps"`
}

// AppHome says which tabs of the app's own page are on.
type AppHome struct {
	HomeTab          bool `yaml:"home_tab_enabled"`
	MessagesTab      bool `yaml:"messages_tab_enabled"`
	MessagesReadOnly bool `yaml:"messages_tab_read_only_enabled"` // people cannot write to the app
}

// BotUser is the user the app acts as.
type BotUser struct {
	DisplayName  string `yaml:"display_name"`
	AlwaysOnline bool   `yaml:"always_online"`
}

// A Shortcut is an entry in Slack's menus.
type Shortcut struct {
	Name        string       `yaml:"name"`
	Type        ShortcutType `yaml:"type"`
	CallbackID  string       `yaml:"callback_id"`
	Description string       `yaml:"description"`
}

// A ShortcutType says in which menu a shortcut is.
type ShortcutType string

// The menus a shortcut can be in.
const (
	GlobalShortcut  ShortcutType = "global"
	MessageShortcut ShortcutType = "message"
)

// A SlashCommand is a command people type.
type SlashCommand struct {
	Command      string `yaml:"command"` // with its slash
	URL          string `yaml:"url"`     // none in Socket Mode
	Description  string `yaml:"description"`
	UsageHint    string `yaml:"usage_hint"`
	ShouldEscape bool   `yaml:"should_escape"` // send mentions as <@U1|name>
}

// OAuthConfig is what the app may do.
type OAuthConfig struct {
	RedirectURLs    []string `yaml:"redirect_urls"`
	Scopes          Scopes   `yaml:"scopes"`
	TokenManagement bool     `yaml:"token_management_enabled"`
	PKCE            bool     `yaml:"pkce_enabled"`
}

// A Scope is a permission, such as chat:write.
type Scope string

// Scopes are the permissions asked for when the app is installed.
type Scopes struct {
	Bot          []Scope `yaml:"bot"`
	BotOptional  []Scope `yaml:"bot_optional"`
	User         []Scope `yaml:"user"`
	UserOptional []Scope `yaml:"user_optional"`
}

// An Event is a kind of thing Slack tells the app of, such as app_home_opened.
type Event string

// Settings is how Slack and the app talk to each other.
type Settings struct {
	AllowedIPAddressRanges []string            `yaml:"allowed_ip_address_ranges"`
	EventSubscriptions     *EventSubscriptions `yaml:"event_subscriptions"`
	IncomingWebhooks       *IncomingWebhooks   `yaml:"incoming_webhooks"`
	Interactivity          *Interactivity      `yaml:"interactivity"`
	SIWSLinks              *SIWSLinks          `yaml:"siws_links"`
	OrgDeploy              bool                `yaml:"org_deploy_enabled"`
	SocketMode             bool                `yaml:"socket_mode_enabled"`
	TokenRotation          bool                `yaml:"token_rotation_enabled"`
	IsHosted               bool                `yaml:"is_hosted"`
	IsMCP                  bool                `yaml:"is_mcp_enabled"`
	HermesAppType          string              `yaml:"hermes_app_type"`
	FunctionRuntime        string              `yaml:"function_runtime"`
}

// EventSubscriptions is what Slack tells the app of.
type EventSubscriptions struct {
	RequestURL            string  `yaml:"request_url"` // none in Socket Mode
	BotEvents             []Event `yaml:"bot_events"`
	UserEvents            []Event `yaml:"user_events"`
	MetadataSubscriptions any     `yaml:"metadata_subscriptions"`
}

// IncomingWebhooks says whether the app can be given URLs to post to.
type IncomingWebhooks struct {
	Enabled bool `yaml:"incoming_webhooks_enabled"`
}

// Interactivity says whether buttons, modals and shortcuts work.
type Interactivity struct {
	IsEnabled             bool   `yaml:"is_enabled"`
	RequestURL            string `yaml:"request_url"`              // none in Socket Mode
	MessageMenuOptionsURL string `yaml:"message_menu_options_url"` // none in Socket Mode
}

// SIWSLinks is where Sign in with Slack starts.
type SIWSLinks struct {
	InitiateURI string `yaml:"initiate_uri"`
}

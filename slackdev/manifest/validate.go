package manifest

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

// A Problem is one reason Slack would refuse a manifest, or one thing that
// would not work if it did not.
type Problem struct {
	Pointer string // JSON pointer of the culprit, such as /features/bot_user/display_name
	Message string // a sentence that says what to do
}

// Error returns the place and what to do there.
func (p Problem) Error() string { return p.Pointer + ": " + p.Message }

// Validate holds a manifest to Slack's published rules, in the order of the
// file. It returns nil when Slack would take the manifest and everything in it
// would work.
func Validate(m Manifest) []Problem {
	c := &check{}
	c.metadata(m.Metadata)
	c.display(m.DisplayInformation)
	c.features(m.Features, m.OAuthConfig.Scopes)
	c.redirects(m.OAuthConfig.RedirectURLs)
	c.scopes(m.OAuthConfig.Scopes)
	c.settings(m.Settings, m.OAuthConfig.Scopes)
	c.transport(m)
	return c.problems
}

// A check collects the problems of one manifest.
type check struct{ problems []Problem }

func (c *check) add(pointer, format string, args ...any) {
	c.problems = append(c.problems, Problem{Pointer: pointer, Message: fmt.Sprintf(format, args...)})
}

func (c *check) metadata(m *Metadata) {
	// Version 1 differs only in what Slack's own hosting uses.
	if m != nil && m.MajorVersion != 0 && m.MajorVersion != 1 && m.MajorVersion != 2 {
		c.add("/_metadata/major_version", "Write 2: Slack has no version %d of the schema.", m.MajorVersion)
	}
}

var color = regexp.MustCompile(`^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$`)

func (c *check) display(d DisplayInformation) {
	const at = "/display_information"
	c.required(at+"/name", d.Name, 35)
	c.text(at+"/description", d.Description, 1, 140)
	c.text(at+"/long_description", d.LongDescription, 175, 4000)
	if d.BackgroundColor != "" && !color.MatchString(d.BackgroundColor) {
		c.add(at+"/background_color", "Write the colour as #rgb or #rrggbb, not %q.", d.BackgroundColor)
	}
}

func (c *check) features(f Features, scopes Scopes) {
	const at = "/features"
	if f.BotUser != nil {
		c.required(at+"/bot_user/display_name", f.BotUser.DisplayName, 80)
	}
	limit(c, at+"/shortcuts", f.Shortcuts, 10)
	notEmpty(c, at+"/shortcuts", f.Shortcuts)
	var ids, commands []string
	for i, s := range f.Shortcuts {
		c.shortcut(item(at+"/shortcuts", i), s)
		ids = append(ids, s.CallbackID)
	}
	c.unique(at+"/shortcuts", "/callback_id", "callback_id", ids)
	if len(f.Shortcuts) > 0 {
		c.needs(at+"/shortcuts", "a shortcut", scopes, "commands")
	}
	limit(c, at+"/slash_commands", f.SlashCommands, 50)
	notEmpty(c, at+"/slash_commands", f.SlashCommands)
	for i, s := range f.SlashCommands {
		c.command(item(at+"/slash_commands", i), s)
		commands = append(commands, s.Command)
	}
	c.unique(at+"/slash_commands", "/command", "command", commands)
	if len(f.SlashCommands) > 0 {
		c.needs(at+"/slash_commands", "a slash command", scopes, "commands")
	}
	limit(c, at+"/unfurl_domains", f.UnfurlDomains, 5)
	notEmpty(c, at+"/unfurl_domains", f.UnfurlDomains)
	c.unique(at+"/unfurl_domains", "", "domain", f.UnfurlDomains)
	if len(f.UnfurlDomains) > 0 {
		c.needs(at+"/unfurl_domains", "unfurling links", scopes, "links:read")
	}
	if f.AssistantView != nil {
		c.needs(at+"/assistant_view", "the assistant view", scopes, "assistant:write")
	}
}

func (c *check) shortcut(at string, s Shortcut) {
	c.required(at+"/name", s.Name, 24)
	if s.Type != GlobalShortcut && s.Type != MessageShortcut {
		c.add(at+"/type", "Write global or message, not %q.", s.Type)
	}
	c.required(at+"/callback_id", s.CallbackID, 255)
	c.required(at+"/description", s.Description, 150)
}

func (c *check) command(at string, s SlashCommand) {
	c.required(at+"/command", s.Command, 32)
	switch {
	case s.Command == "":
	case !strings.HasPrefix(s.Command, "/"):
		c.add(at+"/command", "Begin the command with a slash: /%s.", s.Command)
	case s.Command == "/":
		c.add(at+"/command", "Name the command after its slash.")
	}
	c.url(at+"/url", s.URL, 3000)
	c.required(at+"/description", s.Description, 2000)
	c.text(at+"/usage_hint", s.UsageHint, 1, 1000)
}

func (c *check) redirects(urls []string) {
	const at = "/oauth_config/redirect_urls"
	limit(c, at, urls, 1000)
	c.unique(at, "", "URL", urls)
	for i, u := range urls {
		c.text(item(at, i), u, 1, 2500)
	}
}

func (c *check) settings(s Settings, scopes Scopes) {
	const at = "/settings"
	limit(c, at+"/allowed_ip_address_ranges", s.AllowedIPAddressRanges, 50)
	notEmpty(c, at+"/allowed_ip_address_ranges", s.AllowedIPAddressRanges)
	c.unique(at+"/allowed_ip_address_ranges", "", "range", s.AllowedIPAddressRanges)
	for i, r := range s.AllowedIPAddressRanges {
		if !isIPv4Range(r) {
			c.add(item(at+"/allowed_ip_address_ranges", i), "Write an IPv4 address or range such as 192.0.2.0/24, not %q.", r)
		}
	}
	c.events(s.EventSubscriptions, scopes)
	if s.IncomingWebhooks != nil && s.IncomingWebhooks.Enabled {
		c.needs(at+"/incoming_webhooks", "an incoming webhook", scopes, "incoming-webhook")
	}
	if s.Interactivity != nil {
		c.url(at+"/interactivity/request_url", s.Interactivity.RequestURL, 3500)
		c.url(at+"/interactivity/message_menu_options_url", s.Interactivity.MessageMenuOptionsURL, 3500)
	}
	if s.SIWSLinks != nil {
		c.url(at+"/siws_links/initiate_uri", s.SIWSLinks.InitiateURI, 3500)
		if u := s.SIWSLinks.InitiateURI; strings.HasPrefix(u, "http://") {
			c.add(at+"/siws_links/initiate_uri", "Use https, not %q.", u)
		}
	}
}

func isIPv4Range(s string) bool {
	if prefix, err := netip.ParsePrefix(s); err == nil {
		return prefix.Addr().Is4()
	}
	address, err := netip.ParseAddr(s)
	return err == nil && address.Is4()
}

// required is a text that must be there, of at most maxLength characters.
func (c *check) required(at, value string, maxLength int) {
	if value == "" {
		c.add(at, "Add it: Slack requires it.")
		return
	}
	c.text(at, value, 1, maxLength)
}

// text is a text that may be absent. Characters are Unicode code points.
func (c *check) text(at, value string, minLength, maxLength int) {
	if value == "" {
		return
	}
	switch n := utf8.RuneCountInString(value); {
	case n < minLength:
		c.add(at, "Lengthen it to at least %d characters: it has %d.", minLength, n)
	case n > maxLength:
		c.add(at, "Shorten it to %d characters: it has %d.", maxLength, n)
	}
}

// limit holds a list to its longest. An absent list is nil.
func limit[T any](c *check, at string, list []T, most int) {
	if len(list) > most {
		c.add(at, "Keep at most %d items: there are %d.", most, len(list))
	}
}

// notEmpty holds a list to having items, where Slack takes no empty one.
func notEmpty[T any](c *check, at string, list []T) {
	if list != nil && len(list) == 0 {
		c.add(at, "Remove the empty list.")
	}
}

// unique holds that nothing is listed twice. For a list of groups, key is the
// key in each of them that must differ; for a list of texts it is empty.
func (c *check) unique(at, key, what string, values []string) {
	seen := map[string]bool{}
	for i, v := range values {
		if v != "" && seen[v] {
			c.add(item(at, i)+key, "Remove the %s %q: it is listed twice.", what, v)
		}
		seen[v] = true
	}
}

// url is an address that may be absent.
func (c *check) url(at, value string, maxLength int) {
	if value == "" {
		return
	}
	c.text(at, value, 1, maxLength)
	if u, err := url.Parse(value); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		c.add(at, "Write a whole URL, such as https://example.com/slack, not %q.", value)
	}
}

// item is the pointer of one item of a list.
func item(at string, i int) string { return fmt.Sprintf("%s/%d", at, i) }

// stringsOf are values of a string type as strings.
func stringsOf[T ~string](values []T) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = string(v)
	}
	return all
}

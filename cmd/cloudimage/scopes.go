package main

import (
	"fmt"
	"slices"

	"cloudimage/bot"
	"cloudimage/slackdev/manifest"
)

// scopeTable is every scope that the manifest asks for, with what it buys.
// docs/operations.md says the same.
var scopeTable = []bot.Scope{
	{Name: "commands", Buys: "/cloudimage, and the shortcut New partnership"},
	{Name: "chat:write", Buys: "cards, direct messages and answers"},
	{Name: "users:read", Buys: "telling members from guests, bots, outsiders and people who have left"},
	{Name: "usergroups:read", Buys: "teams from user groups; not needed when all members are listed in cloudimage.yaml"},
	{Name: "channels:read", Buys: "telling whether a public channel is shared with another organisation; without it no card is posted there"},
	{Name: "groups:read", Buys: "the same for private channels"},
	{Name: "channels:history", Buys: "people can answer in the thread of a card in a public channel, with done for instance; after a crash or a lost answer, finding out whether a card was posted there. Without it there are the buttons alone, and there may be two cards"},
	{Name: "groups:history", Buys: "the same as channels:history for private channels"},
	{Name: "im:history", Buys: "people can write to the bot in a direct message; the same look for a message whose answer was lost"},
	{Name: "im:write", Buys: "knowing where a first direct message is, so that it can be found out whether it was sent, and a file goes into it with its words"},
	{Name: "chat:write.public", Buys: "posting cards in public channels without an invitation"},
	{Name: "users:read.email", Buys: "knowing who somebody is in GitLab by the address they have there. Without it people say so themselves, or the configuration does"},
	{Name: "files:write", Buys: "pictures and tables as files, where they are asked for. Without it there are the words alone"},
}

// manifestScopes are the scopes that the app cannot do without, and those that are
// optional.
func manifestScopes() (needed, optional []bot.Scope, err error) {
	m, err := manifest.Parse(slackManifest)
	if err != nil {
		return nil, nil, fmt.Errorf("manifest: %w", err)
	}
	pick := func(from []manifest.Scope) (out []bot.Scope) {
		for _, name := range from {
			s := bot.Scope{Name: string(name)}
			if i := slices.IndexFunc(scopeTable, func(s bot.Scope) bool { return s.Name == string(name) }); i >= 0 {
				s = scopeTable[i]
			}
			out = append(out, s)
		}
		return out
	}
	return pick(m.OAuthConfig.Scopes.Bot), pick(m.OAuthConfig.Scopes.BotOptional), nil
}

func names(scopes []bot.Scope) (out []string) {
	for _, s := range scopes {
		out = append(out, s.Name)
	}
	return out
}

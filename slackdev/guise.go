package slackdev

import (
	"cmp"
	"strings"
)

// This file lets an app post under another name and picture than its own, for
// which it needs chat:write.customize.

// guise is the name and the picture of one message.
type guise struct {
	username string
	emoji    string // with its colons; there is no picture then
	picture  string // an address, which nothing here fetches
}

// guise is what the call asks a message to be posted as; nil for the app's own
// name. Without the scope Slack ignores it, which its documents do not say and
// others have found.
func (c *call) guise() *guise {
	g := guise{username: c.args.str("username"), picture: c.args.str("icon_url")}
	if e := strings.Trim(c.args.str("icon_emoji"), ":"); e != "" {
		g.emoji, g.picture = ":"+e+":", ""
	}
	if g == (guise{}) {
		return nil
	}
	if !c.scopes["chat:write.customize"] {
		c.ws.log.Warn("the app lacks chat:write.customize, so its username, icon_emoji and icon_url are ignored, as Slack does")
		return nil
	}
	g.username = cmp.Or(g.username, c.ws.st.bot.name)
	return &g
}

// icons is a picture as Slack writes it.
type icons map[string]string

func (g *guise) icons() icons {
	switch {
	case g.emoji != "":
		return icons{"emoji": g.emoji}
	case g.picture != "":
		return icons{"image_48": g.picture}
	}
	return nil
}

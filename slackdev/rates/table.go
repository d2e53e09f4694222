package rates

import "strings"

// Tier is a group of methods that may be called equally often.
type Tier int

// The tiers. Unlimited stands for what Slack gives no limit for.
const (
	Unlimited Tier = iota
	Tier1          // 1 a minute and more
	Tier2          // 20 a minute and more
	Tier3          // 50 a minute and more
	Tier4          // 100 a minute and more
	Special        // a rule of its own
)

func (t Tier) String() string {
	return [...]string{"none", "Tier 1", "Tier 2", "Tier 3", "Tier 4", "special"}[t]
}

// PerMinute is the tier's number of calls a minute; 0 for those that have none.
func (t Tier) PerMinute() int {
	return [...]int{0, 1, 20, 50, 100, 0}[t]
}

// Posting is limited by the channel, too: about a message a second.
const (
	postingPerChannel = 5 // within as many seconds
	// "Several hundred" is all that Slack says of a workspace.
	postingPerMinute = 300
	// "Hundreds" is all that it says of auth.test and chat.getPermalink, and nothing
	// of blocks.validate.
	specialPerMinute = 200
)

// Limit is what holds for one method.
type Limit struct {
	Tier      Tier
	PerMinute int  // calls a minute; 0 is no limit
	Channel   bool // a message a second in each channel is held, too
	Pages     bool // it has pages, and a call that asks for none counts as two
}

// Words is the limit as people say it.
func (l Limit) Words() string {
	switch {
	case l.Channel:
		return "1 a second in a channel, several hundred a minute in all"
	case l.Tier == Special:
		return "hundreds a minute"
	case l.Tier == Unlimited:
		return "no limit known"
	}
	return [...]string{"", "1", "20", "50", "100"}[l.Tier] + " a minute and more"
}

// table has the methods of each tier. apps.connections.open is in Tier 1 by
// older documents and in Tier 3 by newer ones, which are followed.
func table() map[Tier]string {
	return map[Tier]string{
		Tier2: "bookmarks.add bookmarks.edit bookmarks.remove conversations.archive conversations.create conversations.list " +
			"conversations.rename conversations.setPurpose conversations.setTopic conversations.unarchive emoji.list pins.add pins.list " +
			"pins.remove reactions.list reactions.remove usergroups.create usergroups.list usergroups.update usergroups.users.list " +
			"usergroups.users.update users.list",
		Tier3: "apps.connections.open apps.manifest.validate auth.revoke bookmarks.list bots.info chat.delete chat.deleteScheduledMessage " +
			"chat.meMessage chat.scheduleMessage chat.scheduledMessages.list chat.update conversations.history conversations.info conversations.invite " +
			"conversations.join conversations.kick conversations.leave conversations.mark conversations.open conversations.replies " +
			"files.delete files.list reactions.add reactions.get team.info users.conversations users.getPresence users.lookupByEmail",
		Tier4: "api.test chat.postEphemeral conversations.members files.completeUploadExternal files.getUploadURLExternal files.info " +
			"users.info users.profile.get views.open views.publish views.push views.update",
		Special: "auth.test blocks.validate chat.getPermalink chat.postMessage",
	}
}

// paged are the methods that have pages.
const paged = " conversations.history conversations.list conversations.members conversations.replies users.conversations users.list "

// Of is the limit of a method; Unlimited for one that the table lacks.
func Of(method string) Limit {
	for tier, names := range table() {
		if !strings.Contains(" "+names+" ", " "+method+" ") {
			continue
		}
		l := Limit{Tier: tier, PerMinute: tier.PerMinute(), Pages: strings.Contains(paged, " "+method+" ")}
		switch {
		case method == "chat.postMessage":
			l.PerMinute, l.Channel = postingPerMinute, true
		case tier == Special:
			l.PerMinute = specialPerMinute
		}
		return l
	}
	return Limit{}
}

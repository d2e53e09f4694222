package slackdev

import (
	"errors"
	"fmt"
	"testing"

	"github.com/slack-go/slack"
)

// crowd adds people until there are n accounts, the bot's own among them; a
// stranger is none of the workspace's.
func crowd(n int) func(*Options) {
	return func(o *Options) {
		s := DefaultSeed()
		for i := len(s.Users); i < n; i++ {
			s.Users = append(s.Users, SeedUser{Name: fmt.Sprintf("p%d", i)})
		}
		o.Seed = s
	}
}

func TestAListThatIsTooLongNeedsALimit(t *testing.T) {
	t.Parallel()
	small, big := start(t, crowd(1000)), start(t, crowd(1001))
	refusal{"users.list", "", ""}.check(t, small, small.BotToken())
	refusal{"users.list", "", "limit_required"}.check(t, big, big.BotToken())
	users, err := api(big).GetUsers(slack.GetUsersOptionLimit(200))
	if err != nil || len(users) != 1001 {
		t.Errorf("in pages: %d, %v", len(users), err)
	}
}

func TestUsersInfoOfEveryKindOfAccount(t *testing.T) {
	t.Parallel()
	ws := start(t)
	c := api(ws)
	type account struct {
		TeamID                                                               string
		IsAdmin, IsRestricted, IsUltraRestricted, IsBot, Deleted, IsStranger bool
	}
	for name, want := range map[string]account{
		"U0ANA":                {TeamID: "T0ACME"},
		"U0INES":               {TeamID: "T0ACME", IsAdmin: true},
		"U0GUS":                {TeamID: "T0ACME", IsRestricted: true},
		"U0SOL":                {TeamID: "T0ACME", IsRestricted: true, IsUltraRestricted: true},
		"U0BUILDBOT":           {TeamID: "T0ACME", IsBot: true},
		"U0DANA":               {TeamID: "T0ACME", Deleted: true},
		"U0OSCAR":              {TeamID: "T0PARTNER", IsStranger: true},
		string(ws.BotUserID()): {TeamID: "T0ACME", IsBot: true},
	} {
		u, err := c.GetUserInfo(name)
		if err != nil {
			t.Fatal(err)
		}
		got := account{u.TeamID, u.IsAdmin, u.IsRestricted, u.IsUltraRestricted, u.IsBot, u.Deleted, u.IsStranger}
		if got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	without := start(t, func(o *Options) { o.ScopesGranted = []string{"users:read"} })
	if u, err := api(without).GetUserInfo("U0ANA"); err != nil || u.Profile.Email != "" {
		t.Errorf("without users:read.email she has the address %q, %v", u.Profile.Email, err)
	}
}

// Guests and strangers find the channels they are in and no others; a private
// channel is not there for those who are not in it, the bot included.
func TestWhoFindsAChannel(t *testing.T) {
	t.Parallel()
	ws := start(t)
	for _, look := range []struct {
		who, channel string
		finds        bool
	}{
		{"ana", "#random", true}, {"gus", "#random", false}, {"gus", "#general", true}, {"sol", "#general", false}, {"sol", "#guests", true},
		{"oscar", "#general", false}, {"oscar", "#shared-digitalocean", true}, {"ana", "#private-partners", true}, {"omar", "#private-partners", false},
	} {
		err := ws.User(look.who).Join(look.channel)
		if look.finds != (err == nil) || err != nil && !errors.Is(err, ErrNotPossible) {
			t.Errorf("%s in %s: %v", look.who, look.channel, err)
		}
	}
	if err := ws.User("ana").Invite("#private-partners", "testapp"); err != nil {
		t.Fatal(err)
	}
	ch, err := api(ws).GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: "C0PRIVATEPARTNERS", IncludeNumMembers: true})
	if err != nil || !ch.IsPrivate || !ch.IsMember || ch.NumMembers != 4 {
		t.Errorf("once the bot is in it: %+v, %v", ch, err)
	}
}

package slackdev

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// This file says what is wrong with a seed, each with the path to it. Start
// refuses a seed, too, with the first thing that it cannot make.

type seedProblem struct{ path, says string }

// problems are what Slack would not let exist, and names that lead nowhere.
func (s *Seed) problems() []seedProblem {
	var out []seedProblem
	add := func(path, format string, a ...any) {
		out = append(out, seedProblem{path, fmt.Sprintf(format, a...)})
	}
	if s.Team.Domain == "" {
		add("team", "the team needs a domain, which is the part before .slack.com, such as acme")
	}
	if len(s.Users) == 0 {
		add("users", "a workspace needs people: list at least one under users")
	}
	people, ids := map[string]bool{}, map[string]string{}
	unique := func(path, prefix, id, name string) {
		if id == "" {
			id = derivedID(prefix, name)
		}
		if other, taken := ids[id]; taken && other != name {
			add(path+".name", "%q would have the id %s, as %q has: give one of them another id", name, id, other)
		}
		ids[id] = name
	}
	for i, u := range s.Users {
		unique(fmt.Sprintf("users[%d]", i), "U", string(u.ID), u.Name)
		s.checkUser(fmt.Sprintf("users[%d]", i), u, people, add)
		people[u.Name] = true
	}
	named := func(path string, names []string, more ...string) {
		for i, n := range names {
			if !people[n] && !slices.Contains(more, n) {
				add(fmt.Sprintf("%s[%d]", path, i), "nobody under users is named %q", n)
			}
		}
	}
	handles, channels := map[string]bool{}, map[string]bool{}
	for i, g := range s.UserGroups {
		path := fmt.Sprintf("usergroups[%d]", i)
		if g.Handle == "" || handles[g.Handle] {
			add(path+".handle", "a user group needs a handle of its own")
		}
		handles[g.Handle] = true
		unique(path, "S", string(g.ID), g.Handle)
		named(path+".users", g.Users)
	}
	for i, c := range s.Channels {
		path := fmt.Sprintf("channels[%d]", i)
		switch {
		case !channelName.MatchString(c.Name):
			add(path+".name", "a channel is named with at most 80 small letters, digits, - and _, not %q", c.Name)
		case channels[c.Name]:
			add(path+".name", "there is another channel %q above", c.Name)
		}
		channels[c.Name] = true
		unique(path, "C", string(c.ID), c.Name)
		named(path+".members", c.Members, "everyone")
	}
	return out
}

// channelName is what Slack lets a channel be called: small letters of any
// script, digits, hyphens and underscores.
var channelName = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{N}_-]{1,80}$`)

// hasLetter finds what is more than punctuation in a name.
var hasLetter = regexp.MustCompile(`[\p{L}\p{N}]`)

func (s *Seed) checkUser(path string, u SeedUser, people map[string]bool, add func(path, format string, a ...any)) {
	switch {
	case u.Name == "" || strings.ContainsAny(u.Name, " @#<>"):
		add(path+".name", "a person needs a name as in @ana: one word without @, not %q", u.Name)
	case people[u.Name]:
		add(path+".name", "there is another person %q above", u.Name)
	}
	if _, err := time.LoadLocation(u.TZ); err != nil {
		add(path+".tz", "%q is no time zone; write one like Europe/Lisbon", u.TZ)
	}
	kinds := []UserKind{KindMember, KindAdmin, KindGuest, KindSingleChannelGuest, KindBot, KindDeleted, KindStranger}
	if u.Kind != "" && !slices.Contains(kinds, u.Kind) {
		add(path+".kind", "there is no kind of account %q; those there are: %s", u.Kind, strings.Join(asStrings(kinds), ", "))
	}
	if u.Kind == KindStranger && (u.TeamID == "" || u.TeamID == s.Team.ID) {
		add(path, "a stranger needs the team_id of another workspace, such as T0PARTNER")
	}
}

func asStrings[S ~string](list []S) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}

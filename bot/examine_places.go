package bot

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/slack-go/slack"

	"cloudimage/checkup"
	"cloudimage/workflow"
)

// This file asks Slack about the channels, the teams and the people that a
// configuration names.

// channels looks at the channels that are configured.
func (x *examiner) channels(ctx context.Context) (out []checkup.Finding) {
	for _, p := range x.Channels {
		out = append(out, x.channel(ctx, p)...)
	}
	return out
}

func (x *examiner) channel(ctx context.Context, p Place) (out []checkup.Finding) {
	var c *slack.Channel
	err := x.web.do(ctx, "conversations.info", func(ctx context.Context) (err error) {
		c, err = x.web.client.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: string(p.ID)})
		return err
	})
	const invite = "Type /invite @cloudimage there."
	switch {
	case slackError(err) == "channel_not_found":
		return []checkup.Finding{checkup.Failing("If it is private: "+strings.ToLower(invite[:1])+invite[1:]+" Otherwise correct its id: Slack shows it at the end of the channel's details.",
			"The bot sees no channel %s, which is %s in the configuration.", p.ID, p.Key)}
	case err != nil:
		return []checkup.Finding{unasked(fmt.Sprintf("what the channel %s is", p.ID), err)}
	}
	name := fmt.Sprintf("#%s (%s, %s)", c.Name, p.Key, p.ID)
	if c.IsArchived {
		return []checkup.Finding{checkup.Failing("Unarchive it, or name another.", "%s is archived.", name)}
	}
	if c.IsExtShared {
		out = append(out, checkup.Failing("Name a channel of your own.", "%s is shared with another organisation, so no card is posted there.", name))
	}
	switch canPost := !c.IsPrivate && len(x.who.lacks([]string{"chat:write.public"})) == 0; {
	case c.IsMember:
	case canPost:
		out = append(out, checkup.Doubtful(invite, "The bot is not in %s. It can post there, and hears no answer in a thread.", name))
	default:
		out = append(out, checkup.Failing(invite, "The bot is not in %s, and cannot post there.", name))
	}
	if len(out) == 0 {
		out = append(out, checkup.Okay("The bot is in %s.", name))
	}
	return out
}

// teams looks at who is in the teams of the processes.
func (x *examiner) teams(ctx context.Context) (out []checkup.Finding) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	t := &teams{web: x.web, log: quiet(), config: x.Teams}
	if t.usesGroups(x.Processes) {
		t.load(ctx)
	}
	list := func(id workflow.TeamID) string {
		return fmt.Sprintf("list the people under teams: %s: members: in the configuration", id)
	}
	var seen []workflow.Team
	for _, d := range x.Processes {
		for _, team := range d.Teams {
			team = workflow.Team{ID: team.ID, Group: team.Group} // a process may call it otherwise
			if slices.Contains(seen, team) {
				continue
			}
			seen = append(seen, team)
			r := t.team(team)
			handle := groupOf(t.config[team.ID], team)
			switch {
			case !r.Problem.IsZero() && !t.problem.IsZero():
				out = append(out, checkup.Failing("Put that right, or "+list(team.ID)+".", "Nobody knows who is in the team %s: %s", team.ID, t.problem))
			case !r.Problem.IsZero():
				out = append(out, checkup.Failing("Make the user group in Slack, or "+list(team.ID)+".", "There is no user group @%s for the team %s.", handle, team.ID))
			case len(r.Members) == 0:
				out = append(out, checkup.Failing("Put its people into the group, or "+list(team.ID)+".", "There is nobody in the user group @%s of the team %s.", handle, team.ID))
			case r.Group == "":
				out = append(out, checkup.Okay("The team %s has %s, who are listed.", team.ID, persons(len(r.Members))))
			default:
				out = append(out, checkup.Okay("The team %s is the user group @%s, with %s.", team.ID, handle, persons(len(r.Members))))
			}
		}
	}
	return out
}

func persons(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

// togetherAsked is how many people are looked up at the same time.
const togetherAsked = 8

// people looks at everybody whom the configuration names.
func (x *examiner) people(ctx context.Context) (out []checkup.Finding) {
	named := map[workflow.UserID]string{}
	for id, t := range x.Teams {
		for _, who := range append(slices.Clone(t.Members), t.Lead) {
			if who != "" {
				named[who] = "in the team " + string(id)
			}
		}
	}
	for _, who := range x.Admins {
		named[who] = "as an admin"
	}
	if len(named) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	ids := slices.Sorted(maps.Keys(named))
	found := make([]*checkup.Finding, len(ids))
	turn := make(chan struct{}, togetherAsked)
	known := newPeople(x.web, quiet(), func() Identity { return x.who })
	var all sync.WaitGroup
	for i, id := range ids {
		all.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			found[i] = known.wrongWith(ctx, id, named[id])
		})
	}
	all.Wait()
	bad := slices.DeleteFunc(found, func(f *checkup.Finding) bool { return f == nil })
	if len(bad) == 0 {
		return append(out, checkup.Okay("Everybody whom the configuration names is in the workspace (%s).", persons(len(ids))))
	}
	for _, f := range bad {
		if !slices.Contains(out, *f) { // what keeps one from being asked for keeps all
			out = append(out, *f)
		}
	}
	return out
}

// wrongWith says why somebody cannot be what the configuration has them for; nil
// when they can.
func (p *people) wrongWith(ctx context.Context, id workflow.UserID, as string) *checkup.Finding {
	who, err := p.lookUp(ctx, id)
	what := ""
	switch {
	case err != nil:
		f := checkup.Failing("See what else is said of Slack here.", "Not everybody whom the configuration names could be looked up: %s.", because(err))
		return &f
	case who.Outsider && who.Name == "":
		what = "is not in the workspace"
	case who.Deactivated:
		what = "has left"
	case who.Bot:
		what = "is a bot"
	case who.Outsider:
		what = "is of another organisation"
	case who.Guest:
		what = "is a guest"
	default:
		return nil
	}
	name := string(id)
	if who.Name != "" {
		name = fmt.Sprintf("%s (%s)", id, who.Name)
	}
	f := checkup.Failing("Correct the configuration: Slack has a person's id under Copy member ID in their profile.", "%s, whom the configuration has %s, %s, and may do nothing.", name, as, what)
	return &f
}

package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cloudimage/slackdev"
	"cloudimage/workflow"
	"cloudimage/workflow/process"
)

// This file replays a month of a process that is not ours: its people get what the bot
// offers them, and do it, knowing nothing of the process but the forms they see.

// replayed is one run of it.
type replayed struct {
	process *workflow.Definition
	name    string // as people call it
	begins  int    // business days ago
	launch  time.Time
	// most is how many steps are done before nobody does any more, so that something is
	// left late; negative for all.
	most int
	done int
}

// ownProcesses are those of a list that do not ship, or ship as something else.
func ownProcesses(all []*workflow.Definition) ([]*workflow.Definition, error) {
	shipped, err := process.Embedded()
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(all), func(d *workflow.Definition) bool {
		return slices.ContainsFunc(shipped, func(s *workflow.Definition) bool { return s.Hash == d.Hash })
	}), nil
}

// replay plans a month of processes: of each one partnership that goes well, one that
// does not, and one that has just begun; or one release. What it cannot begin, as there
// are no releases here, is left out.
func (s *scene) replay(processes []*workflow.Definition, product string, publish func(context.Context) error) []*replayed {
	var runs []*replayed
	add := func(r *replayed) {
		runs = append(runs, r)
		for day := r.begins - 1; day > 0; day-- {
			s.workday(day, r)
		}
	}
	for i, def := range processes {
		called := func(partner string) string {
			if i == 0 {
				return partner
			}
			return fmt.Sprintf("%s %d", partner, i+1)
		}
		if def.Subject != workflow.SubjectPartnership {
			if publish == nil {
				continue
			}
			s.publishes(7, publish)
			add(&replayed{process: def, name: product + " " + sceneRelease, begins: 7, most: stepsOf(def) / 2})
			continue
		}
		for _, r := range []*replayed{
			{process: def, name: called(sceneLaunched), begins: 20, launch: s.ahead(4), most: -1},
			{process: def, name: called(sceneMiddle), begins: 19, launch: s.ahead(1), most: stepsOf(def) / 2},
			{process: def, name: called(sceneBegun), begins: 1, launch: s.ahead(30)},
		} {
			s.on(r.begins, "08:30", "", "new "+r.name, r.start)
			add(r)
		}
	}
	return runs
}

// stepsOf is how many steps of a process somebody does, with one listing.
func stepsOf(def *workflow.Definition) (n int) {
	for _, stage := range def.Stages {
		for _, step := range stage.Steps {
			n += max(1, len(step.Steps))
		}
	}
	return n
}

// start begins the run as somebody of the team that may.
func (r *replayed) start(ctx context.Context, p *players) error {
	owners := p.teamOf(r.process, r.process.Owner)
	if len(owners) == 0 {
		return fmt.Errorf("nobody of %s is in the demo's Slack, and they begin %q", r.process.TeamName(r.process.Owner), r.process.Title)
	}
	return p.asks(ctx, owners[0], "new "+r.name, answers{
		"Provider": {"Other"}, "Target launch date": {r.launch.Format(time.DateOnly)}, "Process": {r.process.Title},
	})
}

// workday plans what everybody does for a run on one day: in the morning, where they
// are, at most two steps.
func (s *scene) workday(day int, r *replayed) {
	for name := range s.zones {
		s.on(day, "10:15", name, r.name, func(ctx context.Context, p *players) error {
			return r.work(ctx, p, name)
		})
	}
}

// atOnce is how many steps somebody does in one go.
const atOnce = 2

func (r *replayed) work(ctx context.Context, p *players, who string) error {
	if !p.takesPart(r.process, who) {
		return nil
	}
	for range atOnce {
		if r.most >= 0 && r.done >= r.most {
			return nil
		}
		did, err := p.worksOn(ctx, who, r.name)
		if err != nil || !did {
			return err
		}
		r.done++
	}
	return nil
}

// teamOf are the names of a team's people who are in this Slack.
func (p *players) teamOf(def *workflow.Definition, team workflow.TeamID) (names []string) {
	for _, id := range p.app.bot.Roster(def).Teams[team].Members {
		if person := p.slack.User(string(id)); p.slack.User(person.Name()).ID() == slackdev.UserID(id) {
			names = append(names, person.Name())
		}
	}
	return names
}

func (p *players) takesPart(def *workflow.Definition, who string) bool {
	return slices.ContainsFunc(def.Teams, func(t workflow.Team) bool { return slices.Contains(p.teamOf(def, t.ID), who) })
}

// waiting is somebody who has a step of the run to do, by their messages.
func (r *replayed) waiting(p *players) (who string, found bool) {
	for _, t := range slices.Backward(r.process.Teams) {
		for _, name := range p.teamOf(r.process, t.ID) {
			if len(p.offered(name, r.name)) > 0 {
				return name, true
			}
		}
	}
	return "", false
}

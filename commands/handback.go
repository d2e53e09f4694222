package commands

import (
	"cmp"
	"context"
	"strings"

	"cloudimage/workflow"
)

// What the buttons of a standin carry is "team/user", and with confirmed behind it
// when the person has read what goes back.
const confirmed = "/yes"

func standinField(s workflow.Standin) workflow.FieldID {
	return workflow.FieldID(string(s.Team) + "/" + string(s.User))
}

// standins are those that a request may mean: that of the button, those of the
// team or person that was named, or all.
func (d *Desk) standinsOf(ctx context.Context, req Request) ([]workflow.Standin, error) {
	office, err := d.Office(ctx)
	if err != nil {
		return nil, err
	}
	words := []string{}
	person, named := workflow.UserID(""), false
	for _, w := range strings.Fields(req.Text) {
		if who, ok := mention(w); ok {
			person, named = who, true
		} else if !isoDay.MatchString(w) {
			words = append(words, w)
		}
	}
	team := d.teamNamed(strings.Join(words, " "))
	var out []workflow.Standin
	for _, s := range office.Standins {
		switch {
		case !s.Ends.IsZero() && !s.Ends.After(d.Now()):
		case req.Target.Field != "" && strings.TrimSuffix(string(req.Target.Field), confirmed) != string(standinField(s)):
		case len(words) > 0 && s.Team != team, named && s.User != person:
		default:
			out = append(out, s)
		}
	}
	if len(out) > 0 {
		return out, nil
	}
	if req.Target.Field != "" || len(words) > 0 || named {
		return nil, workflow.Fail(workflow.Conflict, "Nobody stands in there any more: the work is with the team.")
	}
	return nil, workflow.Fail(workflow.Conflict, "Nobody stands in for a team. %s asks somebody to.", d.command("maintainer"))
}

// theStandin is the one that is meant, or a page to choose it from.
func (d *Desk) theStandin(ctx context.Context, req Request, label string) (workflow.Standin, *Reply, error) {
	all, err := d.standinsOf(ctx, req)
	if err != nil {
		return workflow.Standin{}, nil, err
	}
	if len(all) == 1 {
		return all[0], nil, nil
	}
	page := &Page{Title: "Which one?"}
	for _, s := range all {
		page.Rows = append(page.Rows, row(d.standinLine(s), Button{Label: label, Verb: req.Verb, Target: Target{Field: standinField(s)}}))
	}
	return workflow.Standin{}, &Reply{Page: page}, nil
}

// handBack shows what a team gets back from who stands in for it, and gives it
// back once that was read.
func (d *Desk) handBack(ctx context.Context, req Request) (Reply, error) {
	s, choose, err := d.theStandin(ctx, req, "Hand back…")
	if err != nil || choose != nil {
		return orEmpty(choose), err
	}
	if req.User != s.User {
		if err := d.MayDecide(ctx, req.who(), s); err != nil {
			return Reply{}, err
		}
	}
	theirs, err := d.standsInFor(ctx, s.Team, s.User)
	if err != nil {
		return Reply{}, err
	}
	if strings.HasSuffix(string(req.Target.Field), confirmed) {
		if err := d.HandBack(ctx, req.who(), s.Team, s.User); err != nil {
			return Reply{}, err
		}
		return Reply{Text: workflow.Say("%s has its work back: %s. Thank you, %s.", d.teamName(s.Team), count(len(theirs.byTeam), "step", "steps"), s.User)}, nil
	}
	return Reply{Page: d.handBackPage(s, theirs)}, nil
}

// shownSteps is how many steps a page lists before it counts them.
const shownSteps = 40

func (d *Desk) handBackPage(s workflow.Standin, theirs standinWork) *Page {
	page := &Page{Title: "Hand back", Rows: []Row{row(d.standinLine(s))}}
	to := workflow.Say("%s", d.teamName(s.Team))
	page.Rows = append(page.Rows, heading("Goes back (%d)", len(theirs.byTeam)))
	if len(theirs.byTeam) == 0 {
		page.Rows = append(page.Rows, row(workflow.Say("No open step is with %s for %s.", s.User, to)))
	}
	for _, t := range theirs.byTeam[:min(len(theirs.byTeam), shownSteps)] {
		page.Rows = append(page.Rows, row(t))
	}
	if more := len(theirs.byTeam) - shownSteps; more > 0 {
		page.Rows = append(page.Rows, row(workflow.Say("and %d more", more)))
	}
	if len(theirs.own) > 0 {
		page.Rows = append(page.Rows, heading("Stays (%d)", len(theirs.own)),
			row(workflow.Say("These were given to %s by name. Hand over those that the team is to have.", s.User)))
		page.Rows = append(page.Rows, theirs.own[:min(len(theirs.own), shownSteps)]...)
	}
	page.Rows = append(page.Rows, Row{Buttons: []Button{
		{Label: "Hand back", Verb: "handback", Primary: true, Target: Target{Field: standinField(s) + confirmed}},
		{Label: "Not yet", Verb: "settings"},
	}})
	return page
}

// standinWork is what is with a person because they stand in for a team.
type standinWork struct {
	byTeam []workflow.Text // open steps that are the team's
	own    []Row           // open steps of the team that were given to them by name
}

// standsInFor finds what is with a person who stands in for a team.
func (d *Desk) standsInFor(ctx context.Context, team workflow.TeamID, who workflow.UserID) (out standinWork, err error) {
	runs, err := d.Open(ctx, openRuns)
	for _, r := range runs {
		if r.Standins[team].User != who {
			continue
		}
		r.Walk(func(n workflow.Node) bool {
			if n.Step.Team != team || n.State.Status != workflow.Open || r.IsGroup(n.Key) || n.Step.Optional && !n.State.Wanted {
				return true
			}
			name := workflow.Say("%s %s", r.Partner, r.StepName(n))
			switch with, how, _ := r.Whose(n.Key); {
			case with != who:
			case how == workflow.ByStandin:
				out.byTeam = append(out.byTeam, name)
			default:
				out.own = append(out.own, row(name, Button{Label: "Hand over…", Verb: string(workflow.VerbAssign), Target: targetOf(r, n)}))
			}
			return true
		})
	}
	return out, err
}

// review puts off the question whether somebody who stands in is needed still.
func (d *Desk) review(ctx context.Context, req Request) (Reply, error) {
	s, choose, err := d.theStandin(ctx, req, "Still needed…")
	if err != nil || choose != nil {
		return orEmpty(choose), err
	}
	if req.User != s.User {
		if err := d.MayDecide(ctx, req.who(), s); err != nil {
			return Reply{}, err
		}
	}
	if s.Condition == "" {
		return Reply{}, workflow.Fail(workflow.Conflict, "%s stands in until %s; nothing has to be asked before. %s changes the day.", s.User, s.Until, d.command("maintainer"))
	}
	on, err := d.reviewDay(ctx, req)
	if err != nil {
		return Reply{}, err
	}
	if req.Values == nil && on == "" {
		return Reply{Form: &Form{Verb: "review", Target: Target{Field: standinField(s), Channel: cmp.Or(req.Target.Channel, req.Channel)}, Title: "Still needed", Submit: "Save",
			Intro:  []workflow.Text{d.standinLine(s)},
			Fields: []Field{{ID: workflow.FieldReview, Label: "Ask again on", Kind: Date}}}}, nil
	}
	if err := d.PutOffReview(ctx, req.who(), s.Team, s.User, on); err != nil {
		return Reply{}, err
	}
	return Reply{Tell: true, Text: workflow.Say("%s stands in for %s, and I ask again on %s.", s.User, d.teamName(s.Team), on)}, nil
}

// reviewDay is the day that was chosen, or typed as the last word.
func (d *Desk) reviewDay(ctx context.Context, req Request) (workflow.Date, error) {
	if req.Values != nil {
		return workflow.Date(req.Values.One(workflow.FieldReview)), nil
	}
	words := strings.Fields(req.Text)
	if len(words) == 0 || !isoDay.MatchString(words[len(words)-1]) {
		return "", nil
	}
	today, err := d.today(ctx, req.User)
	if err != nil {
		return "", err
	}
	day, _, err := dayTyped(words[len(words)-1:], today, workflow.FieldReview)
	return day, err
}

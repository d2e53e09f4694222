package commands

import (
	"context"
	"slices"
	"strings"

	"cloudimage/workflow"
)

// fieldScope says for which runs somebody stands in.
const (
	fieldScope workflow.FieldID = "scope"

	forMaintenance = "maintenance" // of existing listings
	forEverything  = "everything"
)

// maintainer makes a person stand in for a team.
func (d *Desk) maintainer(ctx context.Context, req Request) (Reply, error) {
	s, err := d.standinOf(ctx, req)
	if err != nil {
		return Reply{}, err
	}
	if req.Values == nil && (s.Team == "" || s.User == "" || s.Reason == "" || s.Until == "" && (s.Condition == "" || s.Review == "")) {
		return d.maintainerForm(ctx, req, s)
	}
	if err := d.SetStandin(ctx, req.who(), s); err != nil {
		return Reply{}, err
	}
	theirs, err := d.standsInFor(ctx, s.Team, s.User)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Tell: true, Text: workflow.Say("%s %s", d.standinLine(s), goesTo(theirs.byTeam, s.User))}, nil
}

// standinOf is what a form says, or what was typed:
// "omnibus @lena until 2026-12-31 because hiring".
func (d *Desk) standinOf(ctx context.Context, req Request) (s workflow.Standin, err error) {
	if v := req.Values; v != nil {
		s = workflow.Standin{
			Team: workflow.TeamID(v.One(workflow.FieldTeam)), User: v.User(workflow.FieldCover), Reason: v.One(workflow.FieldReason),
			Until: workflow.Date(v.One(workflow.FieldUntil)), Condition: v.One(workflow.FieldCondition), Review: workflow.Date(v.One(workflow.FieldReview)),
		}
		if v.One(fieldScope) != forEverything {
			s.Scope = d.maintenance()
		}
		return s, nil
	}
	today, err := d.today(ctx, req.User)
	if err != nil {
		return s, err
	}
	s.Scope = d.maintenance()
	words := strings.Fields(req.Text)
	team := []string{}
	for ; len(words) > 0; words = words[1:] {
		if who, ok := mention(words[0]); ok {
			s.User = who
			words = words[1:]
			break
		}
		if isKeyword(words[0]) {
			break
		}
		if strings.HasPrefix(words[0], "@") {
			return s, workflow.Fail(workflow.Invalid, "I do not know who %s is. Choose the person from the list that opens as you type the name.", words[0])
		}
		team = append(team, words[0])
	}
	if len(team) > 0 {
		s.Team = d.teamNamed(strings.Join(team, " "))
		if err := d.MayDecideFor(ctx, req.who(), s.Team); err != nil {
			return s, err
		}
	}
	return s, d.typedTerms(&s, words, today)
}

// isKeyword reports whether a word begins one of the terms of standing in.
func isKeyword(word string) bool {
	return slices.Contains([]string{"until", "till", "review", "for", "because"}, strings.ToLower(word))
}

// typedTerms reads "for everything until they are five review 2027-01-15 because
// hiring" into s; each part may be left out.
func (d *Desk) typedTerms(s *workflow.Standin, words []string, today workflow.Date) error {
	for len(words) > 0 {
		keyword := strings.ToLower(words[0])
		words = words[1:]
		end := slices.IndexFunc(words, isKeyword)
		if end < 0 || keyword == "because" {
			end = len(words)
		}
		said := strings.Join(words[:end], " ")
		switch keyword {
		case "because":
			s.Reason = said
		case "for":
			if strings.EqualFold(said, forEverything) || strings.EqualFold(said, "all") {
				s.Scope = nil
			} else if !strings.EqualFold(said, forMaintenance) {
				return wrong(fieldScope, workflow.Say("“%s” is not what somebody can stand in for: say maintenance, or everything.", said))
			}
		case "review":
			day, took, err := dayTyped(words[:end], today, workflow.FieldReview)
			if err != nil {
				return err
			}
			if took == 0 {
				return wrong(workflow.FieldReview, workflow.Say("“%s” is no day. Write it as 2026-01-15.", said))
			}
			s.Review = day
		case "until", "till":
			day, took, err := dayTyped(words[:end], today, workflow.FieldUntil)
			if err != nil {
				return err
			}
			if took > 0 && took == end {
				s.Until = day
			} else {
				s.Condition = said
			}
		default:
			return workflow.Fail(workflow.Invalid, "I do not understand “%s”. Write it as %s.", keyword, d.command("maintainer omnibus @name until 2026-12-31 because they are hiring"))
		}
		words = words[end:]
	}
	return nil
}

// teams are the teams of all processes, each once, in the order of the processes.
func (d *Desk) teams() (out []workflow.Team) {
	for _, def := range d.sorted() {
		for _, t := range def.Teams {
			if !slices.ContainsFunc(out, func(o workflow.Team) bool { return o.ID == t.ID }) {
				out = append(out, t)
			}
		}
	}
	return out
}

// teamNamed is the team that people mean by its id or its name, which need not
// be whole; the words themselves when they name none.
func (d *Desk) teamNamed(words string) workflow.TeamID {
	for _, t := range d.teams() {
		if strings.EqualFold(words, string(t.ID)) || strings.EqualFold(words, t.Name) {
			return t.ID
		}
	}
	for _, t := range d.teams() {
		if strings.HasPrefix(strings.ToLower(t.Name), strings.ToLower(words)) {
			return t.ID
		}
	}
	return workflow.TeamID(words)
}

// teamName is what a team is called.
func (d *Desk) teamName(id workflow.TeamID) workflow.TeamName {
	for _, def := range d.sorted() {
		if _, ok := def.Team(id); ok {
			return def.TeamName(id)
		}
	}
	return workflow.TeamName{Name: string(id)}
}

// maintenance are the processes that keep existing listings current.
func (d *Desk) maintenance() (out []workflow.ProcessName) {
	for _, def := range d.sorted() {
		if def.Subject == workflow.SubjectCatalyst {
			out = append(out, def.Name)
		}
	}
	return out
}

func (d *Desk) maintainerForm(ctx context.Context, req Request, s workflow.Standin) (Reply, error) {
	team := Field{ID: workflow.FieldTeam, Label: "For which team?", Kind: Select}
	var refusal error
	for _, t := range d.teams() {
		if err := d.MayDecideFor(ctx, req.who(), t.ID); err != nil {
			refusal = err
			continue
		}
		team.Options = append(team.Options, Option{Value: string(t.ID), Label: t.Name})
	}
	if len(team.Options) == 0 {
		return Reply{}, refusal
	}
	if s.Team != "" {
		team.Initial = []string{string(s.Team)}
	}
	scope := Field{ID: fieldScope, Label: "For what?", Kind: Radio, Initial: []string{forMaintenance}, Options: []Option{
		{Value: forMaintenance, Label: "Maintenance of existing listings"}, {Value: forEverything, Label: "Everything the team does"}}}
	if s.Scope == nil {
		scope.Initial = []string{forEverything}
	}
	office, err := d.Office(ctx)
	if err != nil {
		return Reply{}, err
	}
	f := &Form{Verb: "maintainer", Title: "Temporary maintainer", Submit: "Save",
		Intro: []workflow.Text{workflow.Say("Somebody who stands in for a team until it takes its work back. Messages go to that person instead of the team, and every card says so.")},
		Fields: []Field{
			team,
			{ID: workflow.FieldCover, Label: "Who stands in?", Kind: Person, Initial: user(s.User)},
			scope,
			reasonField("Why?"),
			{ID: workflow.FieldUntil, Label: "Until", Hint: "The last day. Leave it empty when something has to happen first.", Kind: Date, Optional: true, Initial: dates(s.Until)},
			{ID: workflow.FieldCondition, Label: "Or until this has happened", Hint: "Such as: the team has two people again.", Kind: Text, Optional: true, MaxLength: 200, Initial: given(s.Condition)},
			{ID: workflow.FieldReview, Label: "Ask whether it has, on", Kind: Date, Optional: true, Initial: dates(s.Review)},
		}}
	f.Fields[3].Initial = given(s.Reason)
	if len(d.maintenance()) == 0 {
		f.Fields = slices.DeleteFunc(f.Fields, func(f Field) bool { return f.ID == fieldScope })
	}
	for _, s := range office.Standins {
		f.Intro = append(f.Intro, d.standinLine(s))
	}
	return Reply{Form: f}, nil
}

// standinLine says who stands in for which team, for what, until when and why.
func (d *Desk) standinLine(s workflow.Standin) workflow.Text {
	what := workflow.Say("everything")
	if len(s.Scope) > 0 {
		var titles []workflow.Text
		for _, name := range s.Scope {
			if def, ok := d.Service.Process(name); ok {
				titles = append(titles, workflow.Say("%s", def.Title))
			}
		}
		what = listed(titles)
	}
	until := workflow.Say("until %s", s.Until)
	if s.Condition != "" {
		until = workflow.Say("until %s, which is asked on %s", s.Condition, s.Review)
	}
	return workflow.Say("%s stands in for %s (%s) %s: %s.", s.User, d.teamName(s.Team), what, until, strings.TrimRight(s.Reason, "."))
}

func given(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

package process

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"cloudimage/workflow"
)

// Tree prints a process for reading in a terminal: its teams and resources, and
// every stage and step with its number, team, gates, dates, standard and
// evidence. It returns the errors of w.
func Tree(w io.Writer, def *workflow.Definition) error {
	t := tree{def: def}
	t.head()
	for i := range def.Stages {
		t.stage(&def.Stages[i])
	}
	_, err := io.WriteString(w, t.out.String())
	return err
}

const treeWidth = 100

type tree struct {
	def *workflow.Definition
	out strings.Builder
}

// para writes text at an indent, wrapped; lines after the first hang under it.
func (t *tree) para(indent, hang int, text string) {
	left, column := strings.Repeat(" ", indent), 0
	for word := range strings.FieldsSeq(text) {
		width := utf8.RuneCountInString(word)
		switch {
		case column == 0:
			t.out.WriteString(left)
			column = indent
		case column+1+width > treeWidth:
			t.out.WriteString("\n" + strings.Repeat(" ", indent+hang))
			column = indent + hang
		default:
			t.out.WriteString(" ")
			column++
		}
		t.out.WriteString(word)
		column += width
	}
	if column > 0 {
		t.out.WriteString("\n")
	}
}

// note writes a labelled paragraph, or nothing when there is nothing to say.
func (t *tree) note(indent int, label, text string) {
	if text != "" {
		t.para(indent, 2, label+": "+text)
	}
}

func (t *tree) gap() { t.out.WriteString("\n") }

func (t *tree) head() {
	d := t.def
	t.para(0, 0, fmt.Sprintf("%s (%s)", d.Title, d.Name))
	needed, optional := 0, 0
	for i := range d.Stages {
		for j := range d.Stages[i].Steps {
			if d.Stages[i].Steps[j].Optional {
				optional++
			} else {
				needed++
			}
		}
	}
	counts := fmt.Sprintf("%s, %s", count(len(d.Stages), "stage"), count(needed, "needed step"))
	if optional > 0 {
		counts += fmt.Sprintf(", %d optional", optional)
	}
	t.para(2, 2, fmt.Sprintf("A run is about a %s and is owned by %s. %s.", d.Subject, t.team(d.Owner), counts))
	t.note(2, "goal", d.Goal)
	t.note(2, "done means", d.Standard)
	t.note(2, "promise", promise(d.Promise))
	t.note(2, "releases", t.releases(d.Releases))
	t.note(2, "when a partner is silent", t.ladder(d.Silence))
	t.note(2, "when a step is late", t.ladder(d.Lateness))
	t.gap()
	t.para(0, 0, "Teams")
	for _, team := range d.Teams {
		line := team.Name
		if team.Does != "" {
			line += " - " + team.Does
		}
		if team.Group != "" {
			line += " (@" + team.Group + ")"
		}
		t.para(2, 2, line)
	}
	if len(d.Resources) > 0 {
		t.gap()
		t.para(0, 0, "Resources")
		for _, res := range d.Resources {
			t.para(2, 2, t.resource(res))
		}
	}
}

func promise(p workflow.Promise) string {
	if p.Days == 0 {
		return ""
	}
	return "every listing is live again within " + fromCatalyst(p.Days, "following", p.Security)
}

// releases says which releases concern a listing, and when they are not worked on.
func (t *tree) releases(p workflow.ReleasePolicy) string {
	var out []string
	switch p.Concern {
	case workflow.HighestBranch:
		out = append(out, "those of the highest minor version concern a listing")
	case workflow.EachBranch:
		out = append(out, fmt.Sprintf("those of the minor version that a listing has concern it, of the newest %d", p.Supported))
	}
	if len(p.Editions) > 0 {
		out = append(out, "images are made of "+list(p.Editions))
	}
	for _, q := range p.Quiet {
		line := fmt.Sprintf("quiet from %s to %s", q.From, q.To)
		if q.Why != "" {
			line += " (" + q.Why + ")"
		}
		out = append(out, line)
	}
	return strings.Join(out, "; ")
}

// fromCatalyst is a number of days that is counted from the catalyst, with the
// number for a security update where that is another.
func fromCatalyst(days int, word string, security int) string {
	out := businessDays(days) + " " + word + " the catalyst"
	if security > 0 && security != days {
		out += fmt.Sprintf(" (%d for a security update)", security)
	}
	return out
}

// ladder says who is told, and after how many business days.
func (t *tree) ladder(rungs []workflow.Rung) string {
	out := make([]string, len(rungs))
	for i, rung := range rungs {
		who := map[workflow.Role]string{
			workflow.ToChaser: "who follows up",
			workflow.ToStage:  "who sees the stage through",
			workflow.ToOwner:  "the owner of the run",
			workflow.ToTeam:   "the lead of " + t.team(rung.Team),
		}[rung.Tell]
		if i == 0 {
			out[i] = fmt.Sprintf("%s is told after %s", who, businessDays(rung.After))
		} else {
			out[i] = fmt.Sprintf("%s after %d", who, rung.After)
		}
	}
	return list(out)
}

func (t *tree) resource(res workflow.Resource) string {
	line := res.Title
	if res.Text != "" {
		line += ": " + res.Text
	}
	switch {
	case res.URL != "":
		line += ", " + res.URL
	case res.Ask != "":
		line += fmt.Sprintf(" (fact %s, asked of %s once for all runs)", res.Fact, t.team(res.Ask))
	case res.Creates != "":
		line += fmt.Sprintf(" (fact %s, a %s that is made for each run)", res.Fact, res.Creates)
	case res.Fact != "":
		line += fmt.Sprintf(" (fact %s)", res.Fact)
	}
	return line
}

func (t *tree) stage(s *workflow.Stage) {
	t.gap()
	t.para(0, 2, fmt.Sprintf("%s %s - %s %s", s.Number, s.Title, s.Role, t.team(s.Team)))
	t.para(2, 2, strings.Join(notEmpty(t.opens(s), due(s.Due)), "; "))
	t.note(2, "done means", s.Standard)
	t.note(2, "opens with", list(s.Brief))
	for i := range s.Steps {
		t.step(&s.Steps[i], s.Team, 2)
	}
}

// opens says when a stage opens, and what may go on at the same time.
func (t *tree) opens(s *workflow.Stage) string {
	when := "opens at the start"
	if len(s.After) > 0 {
		numbers := make([]string, len(s.After))
		for i, id := range s.After {
			numbers[i] = string(id)
			if before, ok := t.def.StageByID(id); ok {
				numbers[i] = before.Number
			}
		}
		when = "opens after " + stages(numbers, "is", "are") + " complete"
	}
	var beside []string
	for i := range t.def.Stages {
		if o := &t.def.Stages[i]; o.ID != s.ID && sameStages(o.After, s.After) {
			beside = append(beside, o.Number)
		}
	}
	if len(beside) > 0 {
		when += ", at the same time as " + stages(beside, "", "")
	}
	return when
}

func stages(numbers []string, is, are string) string {
	if len(numbers) == 1 {
		return strings.TrimSpace("stage " + numbers[0] + " " + is)
	}
	return strings.TrimSpace("stages " + list(numbers) + " " + are)
}

// sameStages reports whether two lists name the same stages in any order.
func sameStages(a, b []workflow.StageID) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// step writes a step and its substeps. The team is told where it is not the
// one of the stage or step above.
func (t *tree) step(s *workflow.Step, above workflow.TeamID, indent int) {
	t.gap()
	title := s.Number + " " + s.Title
	if s.Team != above {
		title += " - " + t.team(s.Team)
	}
	t.para(indent, len(s.Number)+1, title)
	in := indent + len(s.Number) + 1
	t.para(in, 2, strings.Join(t.conditions(s), "; "))
	t.note(in, "done means", s.Standard)
	t.note(in, "needs", t.needs(s))
	t.note(in, "on launch day", s.LaunchDay)
	t.note(in, "evidence", evidence(s))
	t.note(in, "how to", guides(s))
	for i := range s.Steps {
		t.step(&s.Steps[i], s.Team, indent+2)
	}
}

// conditions say when a step exists, opens, closes by itself and is due.
func (t *tree) conditions(s *workflow.Step) []string {
	var when, optional, per, after, by string
	if s.IsAction() {
		when = "an action, only while waiting for the partner"
	}
	if s.Optional {
		optional = "optional"
		if s.Question != "" {
			optional += fmt.Sprintf(", %s is asked %q and no answer means that it is not needed", t.team(s.AskTeam), s.Question)
		}
	}
	if s.PerListing {
		per = "once for each listing"
	}
	if len(s.After) > 0 {
		numbers := make([]string, len(s.After))
		for i, id := range s.After {
			numbers[i] = t.number(id)
		}
		after = "opens after " + list(numbers)
	}
	switch s.DoneWhen {
	case workflow.AssignedAndDue:
		by = "done by itself when the stage has an assignee and a due date"
	case workflow.MergeApproved:
		by = "done by itself when the merge request is approved"
	case workflow.MergeDone:
		by = "done by itself when the merge request is merged"
	}
	var live string
	if s.Publishes {
		live = "the listing is live after it"
	}
	if s.Sign.People > 0 {
		teams := make([]string, len(s.Sign.Teams))
		for i, id := range s.Sign.Teams {
			teams[i] = t.team(id)
		}
		live += fmt.Sprintf(", which %d different people of %s sign", s.Sign.People, either(teams))
	}
	return notEmpty(when, optional, per, after, by, live, due(s.Due))
}

func (t *tree) number(id workflow.StepID) string {
	if s, _, ok := t.def.Step(id); ok {
		return s.Number
	}
	return string(id)
}

func (t *tree) needs(s *workflow.Step) string {
	var out []string
	for _, need := range s.Needs {
		if need.Fact != "" {
			out = append(out, "the fact "+string(need.Fact))
			continue
		}
		step, _, _ := t.def.Step(need.Step)
		out = append(out, fmt.Sprintf("%s %s", t.number(need.Step), step.Title))
	}
	return list(out)
}

func (t *tree) team(id workflow.TeamID) string { return t.def.TeamName(id).Name }

func evidence(s *workflow.Step) string {
	var out []string
	for _, f := range s.Evidence {
		more := []string{string(f.Type)}
		if f.Type == workflow.Choice {
			more[0] = strings.Join(f.Options, " or ")
		}
		if f.Optional {
			more = append(more, "optional")
		}
		if f.Private {
			more = append(more, "private")
		}
		if f.Min > 1 {
			more = append(more, fmt.Sprintf("at least %d", f.Min))
		}
		if f.MaxLength > 0 {
			more = append(more, fmt.Sprintf("at most %d characters", f.MaxLength))
		}
		if f.Fact != "" {
			more = append(more, "fact "+string(f.Fact))
		}
		if f.Ask != "" {
			more = append(more, f.Ask)
		}
		out = append(out, fmt.Sprintf("%s (%s)", strings.TrimRight(f.Label, "?"), strings.Join(more, ", ")))
	}
	return strings.Join(out, "; ")
}

func guides(s *workflow.Step) string {
	var out []string
	for _, g := range s.Guides {
		who := "every provider"
		if g.Provider != "" {
			who = g.Provider.Name()
		}
		var has []string
		if g.Text != "" {
			has = append(has, "text")
		}
		if len(g.Links) > 0 {
			has = append(has, count(len(g.Links), "link"))
		}
		out = append(out, who+" ("+strings.Join(has, ", ")+")")
	}
	return strings.Join(out, ", ")
}

func due(d workflow.Due) string {
	switch {
	case d.AfterOpen > 0:
		return "due " + businessDays(d.AfterOpen) + " after it opens"
	case d.BeforeLaunch > 0:
		return "due " + businessDays(d.BeforeLaunch) + " before launch"
	case d.OnLaunch:
		return "due on the day of the launch"
	case d.AfterCatalyst > 0:
		return "due " + fromCatalyst(d.AfterCatalyst, "after", d.Security)
	}
	return ""
}

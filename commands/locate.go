package commands

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"cloudimage/workflow"
)

// This file finds what a request is about: from the target of a button, or from
// what was typed, as in "digitalocean 2.1 @omar" or "R-17 2.3.1 ce-image".

// openRuns is how many runs a list looks at; more than a company has partners.
const openRuns = 200

var stepNumber = regexp.MustCompile(`(?:^|\s)(\d+(?:\.\d+)+)(?:\s|$)`)

// typed is a command line taken apart.
type typed struct {
	run  string // words before the step
	step string // "2.1"; empty when none was named
	rest string // what follows
}

// parse splits what was typed at the step's number, when there is one.
func parse(text string) typed {
	if at := stepNumber.FindStringSubmatchIndex(text); at != nil {
		return typed{run: strings.TrimSpace(text[:at[2]]), step: text[at[2]:at[3]], rest: strings.TrimSpace(text[at[3]:])}
	}
	return typed{run: strings.TrimSpace(text)}
}

// parse takes a command line apart as [parse] does, but knows the runs: a number
// that is a word of a run's name, as in "GitLab 17.5.1 1.2", is none of a step.
func (d *Desk) parse(ctx context.Context, text string) (typed, error) {
	line := parse(text)
	for line.step != "" {
		named := strings.TrimSpace(line.run + " " + line.step)
		runs, err := d.Find(ctx, named)
		if err != nil {
			return typed{}, err
		}
		if !slices.ContainsFunc(runs, func(r *workflow.Run) bool { return slices.Contains(strings.Fields(r.Partner), line.step) }) {
			break
		}
		behind := parse(line.rest)
		line = typed{run: strings.TrimSpace(named + " " + behind.run), step: behind.step, rest: behind.rest}
	}
	return line, nil
}

// skipWords is text without its first n words.
func skipWords(text string, n int) string {
	for range n {
		text = strings.TrimSpace(text)
		end := strings.IndexAny(text, " \t\n")
		if end < 0 {
			return ""
		}
		text = text[end:]
	}
	return strings.TrimSpace(text)
}

// runOf is the run that a request is about. When several fit, the reply is a
// page to choose from.
func (d *Desk) runOf(ctx context.Context, req Request, words string) (*workflow.Run, *Reply, error) {
	if req.Target.Run != "" {
		r, err := d.Run(ctx, req.Target.Run)
		return r, nil, err
	}
	runs, err := d.runsFor(ctx, words)
	if err != nil {
		return nil, nil, err
	}
	switch len(runs) {
	case 0:
		return nil, d.nothingRuns(), nil
	case 1:
		return runs[0], nil, nil
	}
	page := &Page{Title: "Which one?"}
	for _, r := range runs {
		page.Rows = append(page.Rows, row(runLine(r), Button{Label: "Choose", Verb: req.Verb, Target: Target{Run: r.ID}}))
	}
	return nil, &Reply{Page: page}, nil
}

func (d *Desk) nothingRuns() *Reply {
	return &Reply{Text: workflow.Say("Nothing is running yet. %s starts a partnership.", d.command("new"))}
}

// runsFor are the runs that words name, or all open ones without words.
func (d *Desk) runsFor(ctx context.Context, words string) ([]*workflow.Run, error) {
	if words == "" {
		return d.Open(ctx, openRuns)
	}
	runs, err := d.Find(ctx, words)
	if err != nil {
		return nil, err
	}
	if len(runs) == 0 {
		return nil, workflow.Fail(workflow.NotFound, "No run or partner is called “%s”. %s lists them.", words, d.command("status"))
	}
	return runs, nil
}

// runAndRest finds the run named by the first words of what was typed and gives
// back what is left: "R-17 the rest", or a partner's name of several words.
func (d *Desk) runAndRest(ctx context.Context, text string) (*workflow.Run, string, error) {
	words := strings.Fields(text)
	for n := min(len(words), 6); n > 0; n-- {
		runs, err := d.Find(ctx, strings.Join(words[:n], " "))
		if err != nil {
			return nil, "", err
		}
		if len(runs) == 1 {
			return runs[0], skipWords(text, n), nil
		}
	}
	return nil, text, nil
}

// runLine says in a line how a run stands.
func runLine(r *workflow.Run) workflow.Text {
	p := r.Progress()
	switch r.State {
	case workflow.Proposed:
		return workflow.Say("%s (%s): proposed by %s", workflow.Strong(r.Partner), r.Name(), r.Opener)
	case workflow.Complete:
		return workflow.Say("%s (%s): complete since %s", workflow.Strong(r.Partner), r.Name(), r.Ended)
	case workflow.Cancelled:
		if r.Superseded() {
			return workflow.Say("%s (%s): superseded by %s (%s)", workflow.Strong(r.Partner), r.Name(), r.Next.What, r.Next.Name)
		}
		return workflow.Say("%s (%s): cancelled", workflow.Strong(r.Partner), r.Name())
	}
	line := workflow.Say("%s (%s): %d of %d steps", workflow.Strong(r.Partner), r.Name(), p.Done, p.Total)
	if date, agreed := r.Launch(); agreed {
		line = workflow.Say("%s, launch %s", line, date)
	} else if date != "" {
		line = workflow.Say("%s, aims at %s", line, date)
	}
	return line
}

// stepOf is the step that a request is about: that of a button, or the one that
// was typed. The node's step is nil when none was named.
func (d *Desk) stepOf(ctx context.Context, req Request) (*workflow.Run, workflow.Node, *Reply, error) {
	line, err := d.parse(ctx, req.Text)
	if err != nil {
		return nil, workflow.Node{}, nil, err
	}
	r, choose, err := d.runOf(ctx, req, line.run)
	if err != nil || choose != nil {
		return r, workflow.Node{}, choose, err
	}
	if key := req.Target.Step; key != (workflow.StepKey{}) {
		n, ok := r.Node(key)
		if !ok {
			return r, n, nil, noStep(r)
		}
		return r, n, nil, nil
	}
	if line.step == "" {
		return r, workflow.Node{}, nil, nil
	}
	n, ok := stepNumbered(r, line.step)
	if !ok {
		return r, n, nil, d.noStepNumbered(r, line.step)
	}
	if lanes, _ := narrow(lanesOf(r, line.step), line.rest); len(lanes) > 0 {
		n = lanes[0].node
	}
	return r, n, nil, nil
}

// lanesOf are the steps of that number, one for each listing.
func lanesOf(r *workflow.Run, number string) (out []choice) {
	r.Walk(func(n workflow.Node) bool {
		if n.Number() == number {
			out = append(out, choice{r, n})
		}
		return true
	})
	return out
}

// stepNumbered is the first step of that number; a lane has its step's.
func stepNumbered(r *workflow.Run, number string) (found workflow.Node, ok bool) {
	r.Walk(func(n workflow.Node) bool {
		if n.Number() == number {
			found, ok = n, true
		}
		return !ok
	})
	return found, ok
}

func (d *Desk) noStepNumbered(r *workflow.Run, number string) error {
	return workflow.Fail(workflow.NotFound, "%s has no step %s. %s shows the steps.", r.Partner, number, d.command("status "+r.Name()))
}

// targetOf is what a button on a step carries.
func targetOf(r *workflow.Run, n workflow.Node) Target {
	return Target{Run: r.ID, Step: n.Key, Version: n.State.Version}
}

// noStep is what a button is told whose step is gone.
func noStep(r *workflow.Run) error {
	return workflow.Fail(workflow.NotFound, "%s has no such step any more.", r.Name())
}

// mention reads a person as Slack writes one in typed text: <@U1> or <@U1|ana>.
func mention(word string) (workflow.UserID, bool) {
	id, ok := strings.CutPrefix(strings.TrimSpace(word), "<@")
	if !ok {
		return "", false
	}
	id, ok = strings.CutSuffix(id, ">")
	id, _, _ = strings.Cut(id, "|")
	return workflow.UserID(id), ok && id != ""
}

// mentioned is the first person among the words.
func mentioned(text string) (workflow.UserID, bool) {
	for _, w := range strings.Fields(text) {
		if id, ok := mention(w); ok {
			return id, true
		}
	}
	return "", false
}

package commands

import (
	"context"
	"strings"

	"cloudimage/workflow"
)

// choice is a step that may be meant.
type choice struct {
	run  *workflow.Run
	node workflow.Node
}

// chosen is what a request about a step comes to: a step and the words behind
// it, or a reply that lets the person choose.
type chosen struct {
	choice
	rest  string
	reply *Reply
}

// chooseStep finds the step that was typed, or offers those the verb fits.
func (d *Desk) chooseStep(ctx context.Context, v *stepVerb, req Request) (chosen, error) {
	line, err := d.parse(ctx, req.Text)
	if err != nil {
		return chosen{}, err
	}
	runs, err := d.runsOf(ctx, req, line.run)
	if err != nil {
		return chosen{}, err
	}
	if len(runs) == 0 {
		return chosen{reply: d.nothingRuns()}, nil
	}
	mine, all := d.steps(v, req.User, runs, line.step)
	if line.step == "" {
		return d.offer(v, req.User, runs, mine)
	}
	if len(all) == 0 {
		return chosen{}, workflow.Fail(workflow.NotFound, "There is no step %s there. %s shows the steps.", line.step, d.command("status"))
	}
	if len(mine) == 0 {
		mine = all // why not is said when it is tried
	}
	lanes, rest := narrow(all, line.rest)
	if len(lanes) > 0 {
		mine = lanes
	}
	if len(mine) == 1 {
		return chosen{choice: mine[0], rest: rest}, nil
	}
	return chosen{reply: choicePage(v, req.User, mine)}, nil
}

func (d *Desk) runsOf(ctx context.Context, req Request, words string) ([]*workflow.Run, error) {
	if req.Target.Run == "" {
		return d.runsFor(ctx, words)
	}
	r, err := d.Run(ctx, req.Target.Run)
	return []*workflow.Run{r}, err
}

// steps are all steps of that number, or of any when it is empty, and among
// them those the person can use the verb on now.
func (d *Desk) steps(v *stepVerb, who workflow.UserID, runs []*workflow.Run, number string) (mine, all []choice) {
	for _, r := range runs {
		r.Walk(func(n workflow.Node) bool {
			if !v.means(r, n, number) {
				return true
			}
			c := choice{r, n}
			all = append(all, c)
			ask := workflow.Ask{Who: who, Verb: v.verb, Step: n.Key, Field: v.target(c, who).Field}
			if d.offered(v, r, n, who) && d.May(r, ask) == nil {
				mine = append(mine, c)
			}
			return true
		})
	}
	return mine, all
}

// means reports whether a step may be meant by a number. What is done in parts is
// meant by its parts, except by verbs that can be used on the whole.
func (v *stepVerb) means(r *workflow.Run, n workflow.Node, number string) bool {
	if v.whole {
		return number == "" || n.Number() == number
	}
	return !r.IsGroup(n.Key) && (number == "" || n.Number() == number || strings.HasPrefix(n.Number(), number+"."))
}

// offer lists the steps the verb can be used on. A single one needs no list
// when a form shows which it is.
func (d *Desk) offer(v *stepVerb, who workflow.UserID, runs []*workflow.Run, mine []choice) (chosen, error) {
	switch {
	case len(mine) == 0 && len(runs) == 1:
		return chosen{reply: &Reply{Text: workflow.Say("There is no step of %s that you can %s right now. %s shows where it stands.", runs[0].Partner, v.phrase, d.command("status "+runs[0].Name()))}}, nil
	case len(mine) == 0:
		return chosen{reply: &Reply{Text: workflow.Say("There is no step that you can %s right now. %s shows what waits for you.", v.phrase, d.command("mine"))}}, nil
	case len(mine) == 1 && (v.sole || v.opensForm(mine[0].node)):
		return chosen{choice: mine[0]}, nil
	}
	return chosen{reply: choicePage(v, who, mine)}, nil
}

func choicePage(v *stepVerb, who workflow.UserID, from []choice) *Reply {
	page := &Page{Title: "Which step?"}
	for _, c := range from {
		page.Rows = append(page.Rows, row(
			workflow.Say("%s: %s", c.run.Partner, c.run.StepName(c.node)),
			Button{Label: v.label(c.node), Verb: string(v.verb), Target: v.target(c, who)}))
	}
	return &Reply{Page: page}
}

// narrow keeps the lanes whose listing the words begin with, as in "ce-image",
// "CE image", "CE" or, where there are several clouds, "AWS", and gives back the words behind it. None when they name
// no listing.
func narrow(from []choice, words string) (lanes []choice, rest string) {
	for _, name := range []func(*workflow.Run, *workflow.Listing) string{
		func(_ *workflow.Run, l *workflow.Listing) string { return string(l.ID) },
		(*workflow.Run).ListingName,
		func(_ *workflow.Run, l *workflow.Listing) string { return l.Name() },
		func(_ *workflow.Run, l *workflow.Listing) string { return l.Edition },
		func(_ *workflow.Run, l *workflow.Listing) string { return l.Partner },
		cloudName,
	} {
		for _, c := range from {
			l, ok := c.run.Listing(c.node.Key.Listing)
			if !ok {
				continue
			}
			if left, named := cutName(words, name(c.run, l)); named {
				lanes, rest = append(lanes, c), left
			}
		}
		if len(lanes) > 0 {
			return lanes, rest
		}
	}
	return nil, words
}

// cloudName is the cloud of a listing where a run has several.
func cloudName(r *workflow.Run, l *workflow.Listing) string {
	if r.Catalyst == nil || l.Provider == workflow.Manual {
		return ""
	}
	return l.Provider.Name()
}

// cutName is words without the name they begin with, in any case.
func cutName(words, name string) (rest string, ok bool) {
	n := len(strings.Fields(name))
	first := strings.Fields(words)
	if n == 0 || len(first) < n || !strings.EqualFold(strings.Join(first[:n], " "), strings.Join(strings.Fields(name), " ")) {
		return words, false
	}
	return skipWords(words, n), true
}

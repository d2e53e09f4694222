package commands

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"cloudimage/workflow"
)

// shownPartners is how many partners a report lists, and shownQuestions how many
// open questions of each.
const (
	shownPartners  = 30
	shownQuestions = 3
)

// record is how a partner answers.
type record struct {
	partner string
	asked   int
	days    []int // business days that each answer took
	open    []openQuestion
}

// openQuestion is one that the partner has not answered.
type openQuestion struct {
	run  *workflow.Run
	node workflow.Node
	days int
}

// answers says how soon each partner answers: how often they were asked, how many
// business days it took, and what they have not answered yet. It counts the runs
// that are over too.
func (d *Desk) answers(ctx context.Context, req Request) (Reply, error) {
	records := map[string]*record{}
	err := d.Each(ctx, func(r *workflow.Run) error { d.account(records, r); return nil })
	if err != nil {
		return Reply{}, err
	}
	words := strings.ToLower(strings.TrimSpace(req.Text))
	list := slices.DeleteFunc(slices.Collect(maps.Values(records)), func(p *record) bool { return !strings.Contains(strings.ToLower(p.partner), words) })
	if len(list) == 0 && words != "" {
		return Reply{}, workflow.Fail(workflow.NotFound, "No partner called “%s” was asked anything yet.", words)
	}
	if len(list) == 0 {
		return Reply{Text: workflow.Say("No partner was asked anything yet. %s says that a step waits for one.", d.command("wait"))}, nil
	}
	slices.SortFunc(list, func(a, b *record) int {
		return cmp.Or(cmp.Compare(longest(b), longest(a)), strings.Compare(strings.ToLower(a.partner), strings.ToLower(b.partner)))
	})
	page := &Page{Title: "How partners answer"}
	for i, p := range list {
		if i == shownPartners {
			page.Rows = append(page.Rows, row(workflow.Say("and %d more partners. %s tells of one.", len(list)-i, d.command("report partners [name]"))))
			break
		}
		page.Rows = append(page.Rows, p.rows()...)
	}
	page.Foot = append(page.Foot, workflow.Say("In business days of the team that asked. What was closed while it waited counts as answered that day."))
	return Reply{Page: page}, nil
}

// account adds what a run's partners were asked.
func (d *Desk) account(records map[string]*record, r *workflow.Run) {
	cal := d.Calendars()
	r.Walk(func(n workflow.Node) bool {
		s := n.State
		if len(s.Waits) == 0 && s.Waiting == nil {
			return true
		}
		name := askedPartner(r, n.Key.Listing)
		p := records[strings.ToLower(name)]
		if p == nil {
			p = &record{partner: name}
			records[strings.ToLower(name)] = p
		}
		p.asked += len(s.Waits)
		for _, w := range s.Waits {
			p.days = append(p.days, cal.Between(n.Step.Team, w.Since, w.Until))
		}
		if s.Waiting == nil {
			return true
		}
		p.asked++
		if r.State == workflow.Running { // else nobody waits for it any more
			p.open = append(p.open, openQuestion{r, n, cal.Between(n.Step.Team, s.Waiting.Since, d.Now())})
		}
		return true
	})
}

// askedPartner is whom a step's partner is: the run's, or in a run about a release
// that of the listing.
func askedPartner(r *workflow.Run, listing workflow.ListingID) string {
	if r.Definition().Subject == workflow.SubjectPartnership {
		return r.Partner
	}
	if l, ok := r.Listing(listing); ok && l.Provider != workflow.Manual && l.Provider != "" {
		return l.Provider.Name()
	} else if ok {
		return l.Name()
	}
	return r.Partner
}

// times is how often: "once", "2 times".
func times(n int) workflow.Text {
	if n == 1 {
		return workflow.Say("once")
	}
	return workflow.Say("%d times", n)
}

func longest(p *record) int {
	most := -1
	for _, q := range p.open {
		most = max(most, q.days)
	}
	return most
}

func (p *record) rows() []Row {
	said := workflow.Say("%s\nasked %s", workflow.Strong(p.partner), times(p.asked))
	switch len(p.days) {
	default:
		said = workflow.Say("%s; an answer takes %s business days (median), the slowest took %d", said, median(p.days), slices.Max(p.days))
	case 1:
		said = workflow.Say("%s; the answer took %s", said, count(p.days[0], "business day", "business days"))
	case 0:
		said = workflow.Say("%s; no answer yet", said)
	}
	out := []Row{row(said)}
	slices.SortStableFunc(p.open, func(a, b openQuestion) int { return cmp.Compare(b.days, a.days) })
	for i, q := range p.open {
		if i == shownQuestions {
			return append(out, row(workflow.Say("and %s open", count(len(p.open)-i, "more question is", "more questions are"))))
		}
		w := q.node.State.Waiting
		line := workflow.Say("%s %s: open since %s", q.run.Name(), q.run.StepName(q.node), w.Since)
		if q.days > 0 {
			line = workflow.Say("%s, %s", line, count(q.days, "business day", "business days"))
		}
		if w.Ticket != "" {
			line = workflow.Say("%s, ticket %s", line, w.Ticket)
		}
		if w.Promised != "" {
			line = workflow.Say("%s, promised for %s", line, w.Promised)
		}
		out = append(out, row(line, explainButton(q.run, q.node)))
	}
	return out
}

// median is the middle of some numbers: "3", or "2.5" between two.
func median(days []int) string {
	sorted := slices.Sorted(slices.Values(days))
	n := len(sorted)
	twice := sorted[(n-1)/2] + sorted[n/2]
	if twice%2 == 0 {
		return workflow.Say("%d", twice/2).String()
	}
	return workflow.Say("%d.5", twice/2).String()
}

package commands

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file says what stands in the way of a plan.

// mostProblems is how many problems are told of one by one.
const mostProblems = 12

// obstacle is a problem, and of which of the images.
type obstacle struct {
	problem images.Problem
	names   []string
	weight  int // 0 when it stops them
}

// obstacles are the problems of a plan, each once, what stops it first.
func obstacles(p images.Plan) []obstacle {
	var out []obstacle
	for i := range p.Lanes {
		l := &p.Lanes[i]
		for _, problem := range l.Problems {
			at := slices.IndexFunc(out, func(o obstacle) bool { return o.problem == problem })
			if at < 0 {
				at = len(out)
				o := obstacle{problem: problem}
				switch {
				case !problem.Stops:
					o.weight = 3
				case problem.Later():
					o.weight = 2
				case !stops(l, problem):
					o.weight = 1
				}
				out = append(out, o)
			}
			if !slices.Contains(out[at].names, l.Order.Name) {
				out[at].names = append(out[at].names, l.Order.Name)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b obstacle) int { return cmp.Compare(a.weight, b.weight) })
	return out
}

// problemTexts say what stands in the way, and in whose.
func (s *sketch) problemTexts() []workflow.Text {
	all := obstacles(s.plan)
	stopping := 0
	var out []workflow.Text
	for i, o := range all {
		if o.weight == 0 {
			stopping++
		}
		if i < mostProblems {
			out = append(out, o.text(len(s.plan.Lanes)))
		}
	}
	if more := len(all) - mostProblems; more > 0 {
		out = append(out, workflow.Say("and %d more problems", more))
	}
	switch {
	case !s.stopped():
		return out
	case stopping > 1:
		return append([]workflow.Text{workflow.Say("%s", workflow.Strong(fmt.Sprintf("%d checks stop this.", stopping)))}, out...)
	}
	return append([]workflow.Text{workflow.Say("%s", workflow.Strong("One check stops this."))}, out...)
}

// hindrances are what keeps all of it from being published.
func (s *sketch) hindrances() (out []workflow.Text) {
	for _, o := range obstacles(s.plan) {
		if o.weight == 0 && len(out) < mostProblems {
			o.weight = 2
			out = append(out, o.text(len(s.plan.Lanes)))
		}
	}
	return out
}

// text says a problem in a line; of all images, without their names.
func (o obstacle) text(images int) workflow.Text {
	label := workflow.Strong([]string{"Stop:", "Stop, unless it is left out:", "Before publishing:", "Note:"}[o.weight])
	if len(o.names) < images {
		return workflow.Say("%s %s: %s", label, someOf(o.names, 4), problemText(o.problem))
	}
	return workflow.Say("%s %s", label, cured(o.problem, capital(o.problem.Words())))
}

// problemText says what stands in the way, who can put it right and where. It goes on a
// sentence.
func problemText(p images.Problem) workflow.Text { return cured(p, p.Words()) }

func cured(p images.Problem, words string) workflow.Text {
	out := workflow.Say("%s.", strings.TrimSuffix(words, "."))
	if cure := p.Class.Cure(); cure != "" {
		out = workflow.Say("%s %s", out, cure)
	}
	if p.Link != "" {
		out = workflow.Say("%s %s", out, p.Link)
	}
	return out
}

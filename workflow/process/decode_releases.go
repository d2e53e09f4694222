package process

import "cloudimage/workflow"

// This file reads what a process says of releases, and of who signs them.

func (r *reader) releases(parent *node) workflow.ReleasePolicy {
	n := parent.get("releases")
	if n.kind == absent {
		return workflow.ReleasePolicy{}
	}
	o := r.object(n, "a release policy")
	p := workflow.ReleasePolicy{
		Concern:   oneOf(o, "concern", concerns...),
		Supported: o.number("supported", 1, 100),
		Quiet:     each(o, "quiet", 50, r.quiet),
	}
	for _, item := range o.list("editions", 20) {
		p.Editions = append(p.Editions, item.text)
	}
	switch {
	case n.kind != mapping:
	case n.get("concern").kind == absent:
		o.need("concern", "say which releases concern a listing: "+either(concerns))
	case p.Concern == workflow.EachBranch && !n.get("supported").given():
		o.need("supported", "say how many minor versions are supported")
	case p.Concern == workflow.HighestBranch && n.get("supported").given():
		r.problem(n.get("supported"), "only the highest minor version counts, so there is no number of supported ones; write \"concern: %s\", or leave this out", workflow.EachBranch)
	}
	return p
}

func (r *reader) quiet(n *node) workflow.Quiet {
	o := r.object(n, "a quiet time")
	q := workflow.Quiet{From: o.date("from"), To: o.date("to"), Why: o.line("why", titleLength)}
	switch {
	case n.kind != mapping:
	case n.get("from").kind == absent:
		o.need("from", "say on which day it begins")
	case n.get("to").kind == absent:
		o.need("to", "say which is its last day")
	case q.From != "" && q.To != "" && q.To < q.From:
		r.problem(n.get("to"), "the quiet time ends on %s, before it begins on %s", q.To, q.From)
	}
	return q
}

// date is a day of the calendar; empty when it is not given.
func (o object) date(key string) workflow.Date {
	s := o.line(key, textLength)
	if s == "" {
		return ""
	}
	d, err := workflow.ParseDate(s)
	if err != nil {
		o.r.problem(o.node.get(key), "%q in %s is no date; write it as 2026-12-24", key, o.what)
	}
	return d
}

func (r *reader) signOff(parent *node) workflow.SignOff {
	n := parent.get("sign")
	if n.kind == absent {
		return workflow.SignOff{}
	}
	o := r.object(n, "a sign-off")
	s := workflow.SignOff{People: o.number("people", 1, 5), Teams: names[workflow.TeamID](o, "teams")}
	switch {
	case n.kind != mapping:
	case n.get("people").kind == absent:
		o.need("people", "say how many different people have to sign")
	case n.get("teams").kind == absent:
		o.need("teams", "say whose people may sign")
	}
	return s
}

var concerns = []workflow.Concern{workflow.HighestBranch, workflow.EachBranch}

package maintenance

import (
	"slices"
	"time"

	"cloudimage/workflow"
)

// This file says which release a listing is to have.

// policy is what a process says of releases, with those there are.
type policy struct {
	workflow.ReleasePolicy
	product  Product
	out      []*workflow.Release // the lowest version first
	branches []workflow.Branch   // the newest first
}

// newPolicy takes the releases that are out, the lowest version first.
func newPolicy(rules workflow.ReleasePolicy, product Product, out []*workflow.Release) policy {
	p := policy{ReleasePolicy: rules, product: product, out: out}
	for i := len(out) - 1; i >= 0; i-- {
		if b := out[i].Version.Branch(); len(p.branches) == 0 || p.branches[len(p.branches)-1] != b {
			p.branches = append(p.branches, b)
		}
	}
	return p
}

// branchOf is the minor version whose releases concern a listing; false when there
// is none.
func (p policy) branchOf(l *workflow.Listed) (workflow.Branch, bool) {
	switch {
	case l.Branch != (workflow.Branch{}):
		return l.Branch, true
	case p.Concern == workflow.EachBranch && !l.Published.IsZero():
		has := l.Published.Branch()
		if slices.Contains(p.branches[:min(len(p.branches), p.Supported)], has) {
			return has, true
		}
	}
	for i := len(p.out) - 1; i >= 0; i-- { // the newest may be late in one edition
		if p.has(p.out[i], l.Edition) {
			return p.out[i].Version.Branch(), true
		}
	}
	return workflow.Branch{}, false
}

// concerns reports whether releases are work for a listing at all.
func (p policy) concerns(l *workflow.Listed) bool {
	return l.Maintained() && (len(p.Editions) == 0 || slices.Contains(p.Editions, l.Edition))
}

// target is the release that a listing is to have: the newest that concerns it.
// Nil when there is none.
func (p policy) target(l *workflow.Listed) *workflow.Release {
	if !p.concerns(l) {
		return nil
	}
	branch, ok := p.branchOf(l)
	if !ok {
		return nil
	}
	for i := len(p.out) - 1; i >= 0; i-- {
		r := p.out[i]
		if r.Version.Branch() == branch && p.has(r, l.Edition) {
			return r
		}
	}
	return nil
}

// has reports whether a release is out in an edition. One of which no packages are
// watched is out in all, and so it is in an edition that has none.
func (p policy) has(r *workflow.Release, edition string) bool {
	if len(r.Packaged) == 0 || len(p.product.wants(edition)) == 0 {
		return true
	}
	return !r.Packaged[edition].IsZero()
}

// needs reports whether a listing lacks a release that it is to have.
func needs(l *workflow.Listed, r *workflow.Release) bool {
	return r != nil && l.Oldest().Compare(r.Version) < 0
}

// quiet is the quiet time that a day is in.
func (p policy) quiet(day workflow.Date) (workflow.Quiet, bool) {
	for _, q := range p.Quiet {
		if q.From <= day && day <= q.To {
			return q, true
		}
	}
	return workflow.Quiet{}, false
}

// counted is from when the promise of a release is counted, and which quiet time
// made it later than when it came out; the zero time for no later. A quiet time that
// begins when another ends goes on with it.
func (p policy) counted(kind workflow.CatalystKind, at time.Time, day func(time.Time) workflow.Date, end func(workflow.Date) time.Time) (from time.Time, by workflow.Quiet) {
	if kind == workflow.CatalystSecurity {
		return time.Time{}, by
	}
	for range p.Quiet {
		on := day(at)
		if !from.IsZero() {
			on = workflow.DateOf(by.To.Time().AddDate(0, 0, 1))
		}
		q, in := p.quiet(on)
		if !in {
			break
		}
		from, by = end(q.To), q
	}
	return from, by
}

package images

import (
	"context"
	"slices"
	"time"

	"cloudimage/workflow"
)

// This file takes the steps after which somebody outside sees something, and says when
// nothing may be begun there.

// outside takes the steps after which customers see something. Whether it is still to
// be so, and signed by those it needs, is asked at each moment, and not only when the
// step begins: a trial takes an hour, and a protection minutes until it is off. What is
// outside by then is seen through; see [Work.Halt].
func (s *Service) outside(ctx context.Context, cloud Cloud, b *Build, step *Step, w Work, im Image) (Progress, error) {
	halt, err := s.halt(ctx, b, step)
	if err != nil {
		return Progress{}, &Fault{Class: Passing, Said: "its run could not be read", Err: err}
	}
	if step.Name == Preview && halt != nil && halt.Class == Unsigned {
		halt = nil // those who sign want to have tried it
	}
	if step.Name == Sign {
		switch {
		case halt == nil:
			return Progress{Done: true}, nil
		case halt.Class == Unsigned: // whoever signs wakes it, so this is for what was missed
			return Progress{Again: max(time.Minute, min(w.Now.Sub(w.Since)/10, 15*time.Minute))}, nil
		}
		return Progress{}, halt
	}
	if halt != nil && step.Memory == "" && step.Ref == "" && step.Answer == nil {
		return Progress{}, halt
	}
	w.Halt = halt
	if step.Name == Open {
		return cloud.Open(ctx, w, im, b.Order.unblocks(w.Region))
	}
	offer, err := s.offer(ctx, b, step)
	if err != nil {
		return Progress{}, err
	}
	switch step.Name {
	case Retire:
		return cloud.Retire(ctx, w, offer)
	case Preview:
		return cloud.Preview(ctx, w, offer)
	}
	return cloud.Submit(ctx, w, offer)
}

// halt is why a build may not do anything outside at this moment; nil when it may. What
// is made public again was signed when it went live, for as long as nobody takes its
// lane up again.
func (s *Service) halt(ctx context.Context, b *Build, step *Step) (*Fault, error) {
	r, err := s.Run(ctx, b.Order.Run)
	if workflow.KindOf(err) == workflow.NotFound {
		return &Fault{Class: Overtaken, Said: "its run is not there any more"}, nil
	}
	if err != nil {
		return nil, err
	}
	overtaken := func(said string) (*Fault, error) { return &Fault{Class: Overtaken, What: r.Name(), Said: said}, nil }
	lane := r.Steps[b.Order.Lane]
	switch {
	case step.Reopens && lane != nil && lane.Status == workflow.Done:
		return nil, nil
	case lane != nil && lane.Status == workflow.Done:
		return &Fault{Class: Overtaken, What: r.Name(), Code: laneDone}, nil
	case r.State != workflow.Running || lane == nil || lane.Status != workflow.Open:
		return overtaken("")
	case lane.Build == nil || lane.Build.ID != string(b.ID):
		return overtaken("another build is its own by now")
	case !r.NeedsSignature():
		return &Fault{Class: Invalid, Said: "the process of the run has no step that two people sign, so nothing of it can be published from here"}, nil
	case !b.Order.madeFor(r):
		return overtaken("the release has another package by now than the one that the image is made from")
	}
	if newer, err := s.newerLive(ctx, b); err != nil || newer != nil {
		if err != nil {
			return nil, err
		}
		return overtaken(newer.Order.Version.String() + " is live already")
	}
	if _, missing := r.Signatures(); missing > 0 || lane.Build.Goes != b.Order.goes(r) {
		return &Fault{Class: Unsigned}, nil
	}
	return nil, nil
}

// madeFor reports whether the order is for what the run is about, which is what is
// signed: the version, made from a package that it has. What people make by hand they made
// from what the card said.
func (o *Order) madeFor(r *workflow.Run) bool {
	c := r.Catalyst
	if c == nil || c.Version.Compare(o.Version) != 0 {
		return false
	}
	return o.ByHand || len(c.Packages) == 0 || slices.ContainsFunc(c.Packages, func(p workflow.Package) bool {
		return p.Edition == o.Package.Edition && p.Architecture == o.Package.Architecture && p.Distribution == o.Package.Distribution && p.SHA256 == o.Package.SHA256
	})
}

// newerLive is a build of a newer patch of the same release that customers have already
// of the listing; nil when there is none. Other releases beside it are whoever's choice
// who signs.
func (s *Service) newerLive(ctx context.Context, b *Build) (*Build, error) {
	if b.Order.Listing == "" {
		return nil, nil
	}
	done, err := s.options.Book.BuildsDone(ctx, b.Order.Listing, 3*predecessors)
	if err != nil {
		return nil, err
	}
	for _, o := range done {
		v, is := o.Order.Version, b.Order.Version
		if o.ID != b.ID && o.Order.Publishes() && v.Major == is.Major && v.Minor == is.Minor && v.Compare(is) > 0 {
			return o, nil
		}
	}
	return nil, nil
}

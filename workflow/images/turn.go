package images

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"cloudimage/guest"
	"cloudimage/workflow"
)

// This file carries out what is due of a build: one call to its cloud for each step,
// and what came of it is on disk before the next.

// holdFor is how long a build may be held by a process that says nothing.
const holdFor = 5 * time.Minute

// turn makes one call for each step of a build that is due.
func (s *Service) turn(ctx context.Context, id BuildID) (did bool, err error) {
	mine, err := s.options.Book.HoldBuild(ctx, id, s.holder, s.now(), holdFor)
	if err != nil || !mine {
		return false, err
	}
	defer func() {
		err = errors.Join(err, s.options.Book.ReleaseBuild(context.WithoutCancel(ctx), id, s.holder))
	}()
	b, err := s.options.Book.Build(ctx, id) // as it is now that nobody else deals with it
	if err != nil {
		return false, err
	}
	now := s.now()
	if !s.knows(b) {
		return true, s.postpone(ctx, id)
	}
	var wait sync.WaitGroup
	var mu sync.Mutex
	for _, i := range b.Present() {
		step := &b.Steps[i]
		if step.State.Over() || step.State == StepFailed || step.Due.After(now) {
			continue
		}
		did = true
		wait.Go(func() {
			failed := s.step(ctx, b, i)
			mu.Lock()
			defer mu.Unlock()
			err = errors.Join(err, failed)
		})
	}
	wait.Wait()
	return did, err
}

// surfacing is how long what a process did that did not live to tell may be unseen: clouds
// do not show at once what was made.
const surfacing = 15 * time.Second

// knows reports whether it was this process that last dealt with the build.
func (s *Service) knows(b *Build) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.known[b.ID] == b.Revision
}

// note remembers that this process dealt with the build.
func (s *Service) note(b *Build, err error) {
	if err != nil || b == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known[b.ID] = max(s.known[b.ID], b.Revision); !b.State.Open() {
		delete(s.known, b.ID)
	}
}

// postpone leaves a build alone for a while that another process may have been
// dealing with a moment ago.
func (s *Service) postpone(ctx context.Context, id BuildID) error {
	now := s.now()
	until := later(now, surfacing)
	b, err := s.options.Book.UpdateBuild(ctx, id, "", func(b *Build) error {
		for _, i := range b.Present() {
			t := &b.Steps[i]
			if t.State.Over() || t.State == StepFailed || !t.Due.Before(until) {
				continue
			}
			// The time in which nobody was there to look is none that the step took.
			if away := now.Sub(t.Due); away > 0 && !t.Since.IsZero() {
				t.Since = t.Since.Add(away)
			}
			t.Due = until
		}
		return nil
	}, nil)
	s.note(b, err)
	return err
}

// step makes one call for a step, and notes what came of it.
func (s *Service) step(ctx context.Context, b *Build, i int) error {
	step := b.Steps[i]
	if step.Name == Preview {
		if waits, err := s.queue(ctx, b, i); err != nil || waits {
			return err
		}
	}
	ways := s.ways(&b.Order)
	call, cancel := context.WithTimeout(ctx, calls)
	p, err := s.do(call, b, &step)
	cancel()
	if ctx.Err() != nil {
		return ctx.Err() // we are to stop; what it did is found again
	}
	var fault *Fault
	if err != nil && !errors.As(err, &fault) {
		if workflow.KindOf(err) == workflow.Unavailable || errors.Is(err, context.DeadlineExceeded) {
			fault = &Fault{Class: Unknown, Said: "no answer in time", Err: err}
		} else {
			fault = &Fault{Class: Unknown, Said: err.Error(), Err: err}
		}
	}
	if fault != nil {
		s.log.Info("a step of a build could not go on", "build", b.ID, "step", step.Key(b.ID), "class", fault.Class, "code", fault.Code, "said", fault.Said)
	}
	now := s.now()
	after, err := s.options.Book.UpdateBuild(ctx, b.ID, "", func(b *Build) error {
		switch {
		case fault == nil:
			b.moved(i, step.Attempt, p, ways, now)
		case fault.Class == Overtaken && b.isMoot(i, step.Attempt, ways, fault):
			b.moot(now)
		case fault.Class == Unsigned: // they lapsed: somebody has to sign again
			b.unsigned(i, step.Attempt, now)
		default:
			f := *fault
			b.stumbled(i, step.Attempt, &f, ways, now)
		}
		b.heard(i, step.Answer)
		return nil
	}, func(r *workflow.Run, was, is *Build) error {
		return s.follow(workflow.Act{Actor: workflow.Bot, At: now}, r, was, is)
	})
	s.note(after, err)
	return err
}

// do makes the call. What it gets is a copy, which it may not change.
func (s *Service) do(ctx context.Context, b *Build, step *Step) (Progress, error) {
	setup, ok := s.setupOf(&b.Order)
	if !ok {
		return Progress{}, &Fault{Class: Passing, Said: "no account of " + b.Order.Provider.Name() + " is configured any more"}
	}
	if setup.Account != "" && b.Order.Account != "" && setup.Account != b.Order.Account {
		return Progress{}, &Fault{Class: WrongAccount, What: setup.Account, Said: "it was ordered in the account " + b.Order.Account}
	}
	cloud := setup.Cloud
	w := Work{Build: b.ID, Key: step.Key(b.ID), Region: step.Region, Ref: step.Ref, Memory: step.Memory, Attempt: step.Attempt, Since: step.Since, Now: s.now(), Order: &b.Order, Answer: step.Answer}
	if w.Since.IsZero() {
		w.Since = w.Now
	}
	if w.Region == "" {
		w.Region = b.Order.Region
	}
	im := Image{Name: b.Order.Image, Description: b.Order.describe(s.options.Product), Source: b.Images[b.Order.Region], ID: b.Images[w.Region]}
	if b.Order.ByHand && (step.Name == Capture || step.Name == Check) {
		return s.byHand(ctx, cloud, b, step, w, im)
	}
	switch step.Name {
	case Install, Clean, Check, Launch, Boot:
		return s.inMachine(ctx, cloud, b, step, w)
	case Stop:
		return cloud.Stop(ctx, w, b.machine(Builder))
	case Capture:
		return cloud.Capture(ctx, w, b.machine(Builder), im)
	case Compare:
		return b.compare()
	case Remove:
		return cloud.Remove(ctx, w, step.Role)
	case Copy:
		return cloud.Copy(ctx, w, im)
	case Mark:
		return cloud.Mark(ctx, w, im)
	case Preview, Sign, Retire, Open, Submit:
		return s.outside(ctx, cloud, b, step, w, im)
	case Deprecate:
		return s.deprecate(ctx, setup, b, w)
	case Withdraw:
		offer, err := s.offer(ctx, b, step)
		if err != nil {
			return Progress{}, err
		}
		return cloud.Withdraw(ctx, w, offer)
	case Close:
		return cloud.Close(ctx, w, im, b.Order.unblocks(w.Region))
	case Discard:
		return cloud.Discard(ctx, w)
	}
	return Progress{}, &Fault{Class: Invalid, Said: fmt.Sprintf("there is no step %q", step.Name)}
}

// machine is the id of the machine with that role; empty while there is none.
func (b *Build) machine(role string) string {
	name := Boot
	if role == Builder {
		name = Launch
	}
	if t := b.Step(name, "", role); t != nil {
		return t.Ref
	}
	return ""
}

func (s *Service) inMachine(ctx context.Context, cloud Cloud, b *Build, step *Step, w Work) (Progress, error) {
	product, err := s.options.Recipe(&b.Order)
	if err != nil {
		return Progress{}, &Fault{Class: Invalid, Said: err.Error(), Err: err}
	}
	switch step.Name {
	case Launch:
		return cloud.Launch(ctx, w, Machine{Role: Builder, Image: b.Order.Base.ID, Type: b.Order.Machine, Lifetime: builderLives, UserData: guest.UserData(builderLives, product)})
	case Boot:
		if step.Role == Trial {
			offer := b.offer(step)
			return cloud.Launch(ctx, w, Machine{Role: Trial, Type: b.Order.Machine, Lifetime: bootLives, UserData: guest.UserData(bootLives, product), Preview: &offer})
		}
		return cloud.Launch(ctx, w, Machine{Role: step.Role, Image: b.Images[b.Order.Region], Type: b.Order.Machine, Lifetime: bootLives, UserData: guest.UserData(bootLives, product)})
	case Install:
		p, err := cloud.Run(ctx, w, b.machine(Builder), guest.Install(product))
		return p, plain(err)
	case Clean:
		p, err := cloud.Run(ctx, w, b.machine(Builder), guest.Clean(product))
		return p, plain(err)
	}
	n := 1
	if step.Role == SecondBoot {
		n = 2
	}
	p, err := cloud.Run(ctx, w, b.machine(step.Role), guest.Check(product, n))
	if f, ok := errors.AsType[*Fault](err); ok && f.Class == ScriptFailed {
		return p, unsound(f)
	}
	if err != nil || !p.Done || p.Silent {
		return p, err
	}
	result, found, err := guest.Read(p.Output)
	if err != nil || !found {
		return p, &Fault{Class: Unsound, Said: "the check in the machine came to no result", Log: p.Output}
	}
	if len(result.Violations) > 0 {
		return p, &Fault{Class: Unsound, Said: "the image does not pass our own check", Findings: findings(result.Violations), Log: p.Output}
	}
	return p, nil
}

// plain is an error in the words of the script that failed, where it left any.
func plain(err error) error {
	f, ok := errors.AsType[*Fault](err)
	if !ok || f.Class != ScriptFailed {
		return err
	}
	out := *f
	if result, found, err := guest.Read(f.Log); err == nil && found {
		out.Findings = findings(result.Violations)
		if result.Failure != "" {
			out.Said = result.Failure
		}
	}
	return &out
}

// unsound is a check that failed, with what it found.
func unsound(f *Fault) error {
	f = plain(f).(*Fault)
	f.Class = Unsound
	return f
}

// mostFindings is how many findings are kept.
const mostFindings = 30

func findings(list []guest.Violation) (out []string) {
	for i, v := range list {
		if i == mostFindings {
			return append(out, fmt.Sprintf("and %d more", len(list)-i))
		}
		out = append(out, strings.TrimSpace(v.Path+": "+v.Words))
	}
	return out
}

// compare holds the two boots of the image against each other: what is secret must
// not be the same on both.
func (b *Build) compare() (Progress, error) {
	if b.Unproven {
		return Progress{Done: true, Note: "nothing to compare"}, nil
	}
	var results [2]guest.Result
	for i, role := range []string{FirstBoot, SecondBoot} {
		r, found, err := guest.Read(b.Step(Check, "", role).Log)
		if err != nil || !found {
			return Progress{}, &Fault{Class: Unsound, Said: "the check in the machine came to no result"}
		}
		results[i] = r
	}
	if same := guest.Compare(results[0], results[1]); len(same) > 0 {
		return Progress{}, &Fault{Class: Unsound, Said: "two machines from the image share what must differ", Findings: findings(same)}
	}
	return Progress{Done: true}, nil
}

// offer is what a step says to the marketplace, with what else is ours there.
func (s *Service) offer(ctx context.Context, b *Build, step *Step) (Offer, error) {
	o := b.offer(step)
	open, err := s.options.Book.BuildsOpen(ctx)
	if err != nil {
		return o, &Fault{Class: Passing, Said: "other builds could not be read", Err: err}
	}
	for _, other := range open {
		if other.ID == b.ID || other.Order.Provider != b.Order.Provider {
			continue
		}
		for _, name := range []StepName{Preview, Retire, Submit} {
			if t := other.Step(name, "", ""); t != nil && t.Ref != "" {
				o.Ours = append(o.Ours, t.Ref)
			}
		}
	}
	return o, nil
}

func (b *Build) offer(step *Step) Offer {
	o := Offer{Product: b.Order.Product, Title: b.Order.Title, Notes: b.Order.Notes, Image: b.Images[b.Order.Region]}
	if t := b.Step(Preview, "", ""); t != nil {
		o.Previewed = t.Ref
	}
	if t := b.Step(Submit, "", ""); t != nil {
		o.Submitted = t.Ref
	}
	switch step.Choice {
	case "":
	case ChoiceWait:
		o.Wait = true
	default:
		o.Cancel = step.Choice
	}
	return o
}

// ChoiceWait is to wait until what is in the way is over.
const ChoiceWait = "wait"

// deprecate lets the images of older versions grow old.
func (s *Service) deprecate(ctx context.Context, setup Setup, b *Build, w Work) (Progress, error) {
	if setup.Grace < 0 || b.Order.Listing == "" {
		return Progress{Done: true, Note: "older images stay as they are"}, nil
	}
	older, err := s.options.Book.BuildsDone(ctx, b.Order.Listing, mostBuilds)
	if err != nil {
		return Progress{}, &Fault{Class: Passing, Said: "older builds could not be read", Err: err}
	}
	at, before := w.Since.Add(setup.Grace), 0
	for _, o := range older {
		id := o.Images[w.Region]
		if id == "" || o.ID == b.ID || !o.Order.Public || o.Order.Account != b.Order.Account || o.Order.Version.Compare(b.Order.Version) >= 0 {
			continue
		}
		if before++; before > predecessors {
			break
		}
		w := w
		w.Order = &o.Order
		p, err := setup.Cloud.Deprecate(ctx, w, Image{Name: o.Order.Image, ID: id}, at)
		if f, ok := errors.AsType[*Fault](err); ok && f.Class == Gone {
			continue // somebody removed it
		}
		if err != nil || !p.Done {
			return p, err
		}
	}
	return Progress{Done: true}, nil
}

// predecessors is how many older images are looked at: those before them were
// deprecated when these came.
const predecessors = 3

func (o *Order) unblocks(region string) bool {
	for _, r := range o.Unblock {
		if r == region {
			return true
		}
	}
	return false
}

// describe is what the image says of itself.
func (o *Order) describe(product string) string {
	return fmt.Sprintf("%s %s %s (%s), on %s", product, o.Edition, o.Version.String(), o.Architecture, o.Base.Name)
}

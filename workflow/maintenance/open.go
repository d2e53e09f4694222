package maintenance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"cloudimage/workflow"
)

// This file opens runs and moves lanes between them.

// open sees to it that each listing that needs a release has a lane for it.
func (p *pass) open(ctx context.Context) error {
	var errs []error
	for _, r := range p.releases {
		lanes := p.want[r.Version]
		if len(lanes) == 0 && len(r.Runs) == 0 {
			continue
		}
		switch r.State {
		case workflow.ReleaseOut, workflow.ReleasePassed:
			if len(lanes) > 0 { // what it was passed over for is none of ours
				r.State, r.Next = workflow.ReleaseOut, workflow.Version{}
			}
			errs = append(errs, p.openFor(ctx, r, lanes, false))
		case workflow.ReleaseAsked:
			errs = append(errs, p.openFor(ctx, r, lanes, true))
		case workflow.ReleaseDropped:
			errs = append(errs, p.drop(ctx, r))
		}
	}
	return errors.Join(errs...)
}

// openFor opens the run of a release, or lets listings that it lacks join it.
func (p *pass) openFor(ctx context.Context, r *workflow.Release, lanes []*workflow.Listed, proposed bool) error {
	run := p.runOf(r)
	if run != nil && run.State == workflow.Proposed && !proposed {
		accepted, err := p.Observe(ctx, p.request("accept", r, run.ID), run.ID, func(act workflow.Act, run *workflow.Run) error {
			return run.AcceptFor(act, p.OwnerOf(p.def.Name))
		})
		if err != nil && workflow.KindOf(err) != workflow.Conflict { // somebody was quicker
			return err
		}
		if accepted != nil {
			p.replace(accepted)
			run = accepted
		}
	}
	if run == nil && len(lanes) == 0 {
		return nil
	}
	had, err := p.had(ctx, r, run)
	if err != nil || r.State == workflow.ReleaseDropped {
		return err
	}
	var missing []*workflow.Listed
	var left []workflow.ListingID
	for _, l := range lanes {
		switch {
		case !had[l.ID]:
			missing = append(missing, l)
		case run != nil && run.GaveUp(l.ID):
			left = append(left, l.ID)
		}
	}
	switch {
	case len(missing) == 0 && len(left) == 0:
		return nil
	case run == nil:
		return p.begin(ctx, r, missing, proposed)
	case run.State != workflow.Running:
		return nil // it is decided first whether it comes out
	}
	joined, err := p.Observe(ctx, p.request("join", r, run.ID), run.ID, func(act workflow.Act, run *workflow.Run) error {
		for _, l := range missing {
			if _, has := run.Listing(l.ID); has {
				continue
			}
			if err := run.Join(act, p.lane(r, l)); err != nil {
				return err
			}
		}
		run.TakeBack(act, left)
		return nil
	})
	if err != nil {
		return fmt.Errorf("let listings join the run of %s: %w", p.Title(r.Version), err)
	}
	p.replace(joined)
	return nil
}

// had are the listings that a run about a release has, or had: one that was waived
// there is not brought up again. A person who cancelled all there was of a release,
// and was not contradicted since, has said that it is none of ours.
func (p *pass) had(ctx context.Context, r *workflow.Release, open *workflow.Run) (map[workflow.ListingID]bool, error) {
	had := map[workflow.ListingID]bool{}
	if open != nil {
		for i := range open.Listings {
			had[open.Listings[i].ID] = true
		}
		return had, nil
	}
	ruling, _ := r.Ruled()
	cancelled, complete := false, false
	for _, id := range r.Runs {
		run, err := p.Run(ctx, id)
		switch {
		case err != nil:
			return nil, err
		case run.Superseded() || run.State == workflow.Cancelled && ruling.At.After(run.Ended):
			continue
		}
		cancelled, complete = cancelled || run.State == workflow.Cancelled, complete || run.State == workflow.Complete
		for i := range run.Listings {
			if l := run.Listings[i].ID; !run.GaveUp(l) {
				had[l] = true
			}
		}
	}
	if cancelled && !complete {
		r.State = workflow.ReleaseDropped
	}
	return had, nil
}

// runOf is the open run about a release; nil when there is none.
func (p *pass) runOf(r *workflow.Release) *workflow.Run {
	for _, run := range p.runs {
		if run.Catalyst.Version == r.Version && slices.Contains(r.Runs, run.ID) {
			return run
		}
	}
	return nil
}

func (p *pass) replace(run *workflow.Run) {
	if i := slices.IndexFunc(p.runs, func(r *workflow.Run) bool { return r.ID == run.ID }); i >= 0 {
		p.runs[i] = run
	}
}

// request is the id of something that is done to a run as it is: it is done once.
func (p *pass) request(what string, r *workflow.Release, run workflow.RunID) workflow.RequestID {
	i := slices.IndexFunc(p.runs, func(r *workflow.Run) bool { return r.ID == run })
	return workflow.RequestID(fmt.Sprintf("release:%s:%s:%s:%d", what, r.Version, run, p.runs[i].Version))
}

// lane is a listing as the run of a release has it.
func (p *pass) lane(r *workflow.Release, l *workflow.Listed) workflow.Listing {
	out := workflow.Listing{ID: l.ID, Edition: l.Edition, Delivery: l.Delivery, Provider: l.Provider, Partner: l.Partner, Architecture: l.Architecture}
	if l.Product != "" {
		out.Facts = map[workflow.FactName]string{workflow.FactProduct: l.Product}
	}
	if since := p.since(r); l.Added.After(since) {
		out.Since = l.Added
	}
	out.Owed = p.due[l.ID]
	return out
}

// begin starts a run about a release. It is about a release the nth time, so that
// the same run is found again when its record was not kept.
func (p *pass) begin(ctx context.Context, r *workflow.Release, lanes []*workflow.Listed, proposed bool) error {
	channel := p.channel
	for _, l := range lanes {
		if channel == "" {
			channel = l.Channel
		}
	}
	if channel == "" {
		channel = p.newest
	}
	if channel == "" {
		p.log.Warn("no run is opened for a release: it is not known in which channel; say so with releases.channel", "release", r.Version)
		return nil
	}
	start := workflow.Start{Partner: p.Title(r.Version), Channel: channel, Catalyst: p.catalyst(r), Proposed: proposed}
	for _, l := range lanes {
		start.Listings = append(start.Listings, p.lane(r, l))
	}
	start.Carried = p.carried(r, lanes)
	run, err := p.BeginItself(ctx, workflow.RequestID(fmt.Sprintf("release:%s:%d", r.Version, len(r.Runs)+1)), p.def.Name, start)
	if err != nil {
		return fmt.Errorf("open a run for %s: %w", p.Title(r.Version), err)
	}
	if !slices.Contains(r.Runs, run.ID) {
		r.Runs = append(r.Runs, run.ID)
	}
	if !slices.ContainsFunc(p.runs, func(had *workflow.Run) bool { return had.ID == run.ID }) {
		p.runs = append(p.runs, run)
	}
	return nil
}

// carried is what the open runs about older releases have in hand for these listings.
func (p *pass) carried(r *workflow.Release, lanes []*workflow.Listed) workflow.Carried {
	c := workflow.Carried{}
	concerned := make(map[workflow.ListingID]bool, len(lanes))
	for _, l := range lanes {
		concerned[l.ID] = true
	}
	for _, old := range slices.Backward(p.runs) { // what the newest has in hand counts
		if old.State != workflow.Running || old.Catalyst.Version.Compare(r.Version) >= 0 {
			continue
		}
		old.HandsOn(&c, func(id workflow.ListingID) bool { return concerned[id] })
	}
	return c
}

// drop ends the runs about a release of which a person said that it is none of ours.
func (p *pass) drop(ctx context.Context, r *workflow.Release) error {
	run := p.runOf(r)
	ruling, ruled := r.Ruled()
	if run == nil || !ruled || ruling.Kind != "" {
		return nil
	}
	dropped, err := p.Observe(ctx, p.request("drop", r, run.ID), run.ID, func(act workflow.Act, run *workflow.Run) error {
		act.Reason = "it is none of ours" + prefixed(": ", ruling.Note)
		return run.Cancel(act)
	})
	if err != nil {
		return fmt.Errorf("drop %s: %w", p.Title(r.Version), err)
	}
	p.replace(dropped)
	return nil
}

// handOver lets runs give up the lanes that the run about the release has which the
// listing is to have, and closes lanes of listings that have the version already or
// are not there any more.
func (p *pass) handOver(ctx context.Context) error {
	working := map[workflow.Version]*workflow.Run{}
	worked := map[workflow.RunID]map[workflow.ListingID]bool{} // open lanes
	for _, r := range p.releases {
		if run := p.runOf(r); run != nil && run.State == workflow.Running {
			working[r.Version], worked[run.ID] = run, map[workflow.ListingID]bool{}
			for _, id := range run.OpenLanes() {
				worked[run.ID][id] = true
			}
		}
	}
	published := make(map[workflow.ListingID]workflow.Version, len(p.listings))
	retired := map[workflow.ListingID]bool{}
	for i := range p.listings {
		l := &p.listings[i]
		published[l.ID], retired[l.ID] = l.Oldest(), !l.Retired.IsZero()
	}
	var errs []error
	for _, old := range slices.Clone(p.runs) {
		if old.State != workflow.Running {
			continue
		}
		given := map[workflow.RunID][]workflow.ListingID{}
		var have, off []workflow.ListingID
		for _, id := range old.OpenLanes() {
			aim := p.aims[id]
			switch {
			case old.Catalyst.Because == "" && published[id].Compare(old.Catalyst.Version) >= 0:
				have = append(have, id)
			case retired[id]:
				off = append(off, id)
			case aim != nil && aim.Version != old.Catalyst.Version && working[aim.Version] != nil:
				next := working[aim.Version]
				_, has := next.Listing(id) // or it could not join yet
				if newer := aim.Version.Compare(old.Catalyst.Version) > 0; newer && has || worked[next.ID][id] {
					given[next.ID] = append(given[next.ID], id)
				}
			}
		}
		errs = append(errs, p.give(ctx, old, given, have, off))
	}
	return errors.Join(errs...)
}

func (p *pass) give(ctx context.Context, old *workflow.Run, given map[workflow.RunID][]workflow.ListingID, have, off []workflow.ListingID) error {
	if len(have) == 0 && len(off) == 0 && len(given) == 0 {
		return nil
	}
	request := workflow.RequestID(fmt.Sprintf("release:give:%s:%d", old.ID, old.Version))
	changed, err := p.Observe(ctx, request, old.ID, func(act workflow.Act, run *workflow.Run) error {
		run.LiveAlready(act, have)
		if err := run.GiveUp(act, off, "it was taken off the marketplace"); err != nil {
			return err
		}
		for _, next := range p.runs {
			if lanes := given[next.ID]; len(lanes) > 0 && run.State == workflow.Running {
				if err := run.Supersede(act, workflow.Successor{Run: next.ID, Name: next.Name(), What: next.Partner}, lanes); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("hand over from %s: %w", old.Name(), err)
	}
	p.replace(changed)
	return nil
}

// classify tells the runs about a release what kind it is, when that has changed.
func (p *pass) classify(ctx context.Context) error {
	var errs []error
	for _, r := range p.releases {
		run := p.runOf(r)
		if run == nil || r.State != workflow.ReleaseOut {
			continue
		}
		want := p.catalyst(r)
		if is := run.Catalyst; is.Kind == want.Kind && is.Unsure == want.Unsure && is.From.Equal(want.From) && slices.Equal(is.Packages, want.Packages) {
			continue
		}
		want.At = run.Catalyst.At // the clock goes on from when it began
		if want.From.Before(want.At) {
			want.From = time.Time{}
		}
		changed, err := p.Observe(ctx, p.request("classify", r, run.ID), run.ID, func(act workflow.Act, run *workflow.Run) error {
			if ruling, ruled := r.Ruled(); ruled {
				act.Actor = ruling.By
			}
			return run.Classify(act, *want)
		})
		if err != nil {
			errs = append(errs, fmt.Errorf("classify %s: %w", p.Title(r.Version), err))
			continue
		}
		p.replace(changed)
	}
	return errors.Join(errs...)
}

package maintenance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"cloudimage/workflow"
)

// This file brings the work in line with what is known: which listing is to have
// which release. It asks nobody, and doing it again changes nothing. The rules are:
//
//   - A listing is worked on for the newest release that concerns it. Other runs give
//     their lanes for it to the one about that release.
//   - There is one run for a release, and one more when listings come after it was
//     complete.
//   - What is owed because of a release is owed until that or a newer version is
//     live, whatever becomes of its run.

// Reconcile judges the releases anew, and opens, joins, supersedes and classifies
// runs. What fails is tried again.
func (s *Service) Reconcile(ctx context.Context) error { return s.follow(ctx, "") }

// follow is Reconcile with a channel for cards where none is known.
func (s *Service) follow(ctx context.Context, channel workflow.ChannelID) error {
	next, err := s.reconcile(ctx, channel)
	if err != nil {
		next = s.options.Now().Add(retryAfter)
	}
	if !next.IsZero() {
		err = errors.Join(err, s.options.Book.SetWatch(ctx, workflow.WatchWork, next))
	}
	return err
}

// reconcile does it once. Next is when there is more to do though nothing changes; zero
// for never. What was done before an error is kept by its runs.
func (s *Service) reconcile(ctx context.Context, channel workflow.ChannelID) (next time.Time, err error) {
	s.turn.Lock()
	defer s.turn.Unlock()
	def := s.definition()
	if def == nil {
		return next, nil
	}
	p, err := s.pass(ctx, def)
	if err != nil {
		return next, err
	}
	if channel != "" && s.options.Channel == "" {
		p.channel = channel
	}
	if err := p.judgeAll(ctx); err != nil {
		return next, err
	}
	p.aim()
	errs := []error{p.open(ctx), p.handOver(ctx), p.classify(ctx)}
	changed := p.changed()
	if len(changed) > 0 || len(p.owed) > 0 {
		saved, err := s.options.Book.SaveReleases(ctx, changed, p.owed)
		if errs = append(errs, err); err == nil && !saved {
			p.later(p.now)
		}
	}
	return p.look, errors.Join(errs...)
}

// retryAfter is when what failed, or what nobody has finished, is done again.
const retryAfter = time.Minute

// mostRuns is how many open runs are looked at, far more than there are releases at
// a time.
const mostRuns = 500

// pass is one reconciliation.
type pass struct {
	*Service
	now      time.Time
	def      *workflow.Definition
	was      []workflow.Release
	releases []*workflow.Release // the lowest version first
	judged   map[workflow.Version]Judgement
	listings []workflow.Listed
	runs     []*workflow.Run    // open ones about a catalyst
	channel  workflow.ChannelID // where cards go; empty for where their listings are at home
	newest   workflow.ChannelID // of the newest run, where nothing else is known
	policy   policy
	then     map[workflow.Version]*policy // as it was when a release came out
	// due is when each listing was to have a version that it does not have, the soonest.
	due map[workflow.ListingID]time.Time
	// want are the listings that need a release, by its version.
	want map[workflow.Version][]*workflow.Listed
	aims map[workflow.ListingID]*workflow.Release // what each listing is to have
	owed []workflow.Owed
	look time.Time
}

func (s *Service) pass(ctx context.Context, def *workflow.Definition) (*pass, error) {
	p := &pass{Service: s, now: s.options.Now().UTC().Truncate(time.Millisecond), def: def, channel: s.options.Channel,
		then: map[workflow.Version]*policy{}, judged: map[workflow.Version]Judgement{},
		want: map[workflow.Version][]*workflow.Listed{}, aims: map[workflow.ListingID]*workflow.Release{}}
	var err error
	if p.was, err = s.options.Book.Releases(ctx); err != nil {
		return nil, err
	}
	for i := range p.was {
		c := p.was[i].Clone()
		p.releases = append(p.releases, &c)
	}
	if p.listings, err = s.options.Book.Catalogue(ctx); err != nil {
		return nil, err
	}
	open, err := s.Open(ctx, mostRuns)
	if err != nil {
		return nil, err
	}
	for _, r := range open {
		if p.newest == "" {
			p.newest = r.Channel
		}
		if r.Catalyst != nil && !r.Catalyst.Version.IsZero() {
			p.runs = append(p.runs, r)
		}
	}
	p.due, err = s.options.Book.Promised(ctx)
	return p, err
}

func (p *pass) later(at time.Time) {
	if !at.IsZero() && (p.look.IsZero() || at.Before(p.look)) {
		p.look = at
	}
}

// judgeAll brings the record of each release to what is known of it now.
func (p *pass) judgeAll(ctx context.Context) error {
	o := p.options.Sources
	for _, r := range p.releases {
		_, ruled := r.Ruled()
		if r.State == workflow.ReleaseBefore && !ruled || r.State == workflow.ReleaseDropped && !ruled {
			continue
		}
		c := court{product: p.options.Product, patience: p.options.Patience, now: p.now,
			tags: o.Tags != nil, packages: o.Packages != nil, announcements: o.Announcements != nil, opinions: o.Opinions != nil,
			rebuilt: p.release(r.Version.First())}
		if r.Version.Rebuild == 0 {
			c.rebuilt = nil
		}
		j := c.judge(r)
		p.judged[r.Version] = j
		r.Kind, r.Unsure = j.Kind, j.Unsure
		switch {
		case j.Dropped || r.State == workflow.ReleaseDropped: // until a person says otherwise
			r.State = workflow.ReleaseDropped
		case r.State == workflow.ReleaseOut || r.State == workflow.ReleasePassed:
			p.later(j.Look)
			if r.Published.IsZero() || j.At.Before(r.Published) {
				r.Published = j.At
			}
		case j.Ready:
			r.State, r.Published = workflow.ReleaseOut, j.At
			p.quieten(r)
		case j.Ask:
			r.State, r.Published = workflow.ReleaseAsked, j.At
			if err := p.answered(ctx, r); err != nil {
				return err
			}
		default:
			r.State = workflow.ReleaseWaits
			p.later(j.Look)
		}
	}
	return nil
}

func (p *pass) release(v workflow.Version) *workflow.Release {
	i, ok := slices.BinarySearchFunc(p.releases, v, func(r *workflow.Release, v workflow.Version) int { return r.Version.Compare(v) })
	if !ok {
		return nil
	}
	return p.releases[i]
}

// answered takes up what a person said to the question whether a release comes out:
// they accepted the run that was proposed, or declined it.
func (p *pass) answered(ctx context.Context, r *workflow.Release) error {
	for _, id := range r.Runs {
		run, err := p.Run(ctx, id)
		if err != nil {
			return err
		}
		switch run.State {
		case workflow.Proposed:
			return nil
		case workflow.Running, workflow.Complete:
			r.State = workflow.ReleaseOut
			return nil
		}
		r.State = workflow.ReleaseDropped
	}
	return nil
}

// quieten lets a release wait for the end of a quiet time that it came out in, unless
// somebody has accepted its run.
func (p *pass) quieten(r *workflow.Release) {
	if run := p.runOf(r); run != nil && run.State == workflow.Running {
		return
	}
	if from, _ := p.counted(r); from.After(p.now) {
		r.State = workflow.ReleaseQuiet
		p.later(from)
	}
}

// counted is from when the promise of a release is counted, where a quiet time makes
// it later than when it came out.
func (p *pass) counted(r *workflow.Release) (time.Time, workflow.Quiet) {
	owner, cal := p.def.Owner, p.Calendars()
	rules := policy{ReleasePolicy: p.def.Releases}
	return rules.counted(r.Kind, r.Published,
		func(at time.Time) workflow.Date {
			return workflow.DateOf(at.In(cal.At(owner, workflow.DateOf(at)).Location()))
		},
		func(on workflow.Date) time.Time { return cal.At(owner, on).UTC() })
}

// aim finds which release each listing is to have, and what is owed because of
// others that came out since.
func (p *pass) aim() {
	var out []*workflow.Release
	asked := map[workflow.Version]bool{}
	for _, r := range p.releases {
		switch {
		case r.State == workflow.ReleaseAsked:
			asked[r.Version] = true
		case r.IsOut() && r.State != workflow.ReleaseQuiet:
			out = append(out, r)
		}
	}
	p.policy = newPolicy(p.def.Releases, p.options.Product, out)
	withAsked := p.policy
	if len(asked) > 0 {
		all := slices.Clone(out)
		for v := range asked {
			all = append(all, p.release(v))
		}
		slices.SortFunc(all, func(a, b *workflow.Release) int { return a.Version.Compare(b.Version) })
		withAsked = newPolicy(p.def.Releases, p.options.Product, all)
	}
	for i := range p.listings {
		l := &p.listings[i]
		target := p.policy.target(l)
		if needs(l, target) {
			p.aims[l.ID] = target
			p.want[target.Version] = append(p.want[target.Version], l)
		}
		if maybe := withAsked.target(l); maybe != target && needs(l, maybe) && asked[maybe.Version] {
			p.want[maybe.Version] = append(p.want[maybe.Version], l)
		}
	}
	p.passOver()
}

// passOver keeps what is owed because of releases that came out together with a newer
// one, or after it, and that nobody opens a run for.
func (p *pass) passOver() {
	for i, r := range p.releases {
		if r.State != workflow.ReleaseOut || len(r.Runs) > 0 || len(p.want[r.Version]) > 0 {
			continue
		}
		if was := p.was[i].State; was == workflow.ReleaseOut || was == workflow.ReleasePassed {
			continue // it has been looked at
		}
		for j := range p.listings {
			l := &p.listings[j]
			target := p.aims[l.ID]
			if target == nil || target.Version.Compare(r.Version) <= 0 || l.Oldest().Compare(r.Version) >= 0 || !p.wasFor(r, l) {
				continue
			}
			r.State, r.Next = workflow.ReleasePassed, target.Version
			since := p.since(r)
			p.owed = append(p.owed, workflow.Owed{Version: r.Version, Listing: l.ID, Kind: r.Kind, Since: since,
				Due: p.Calendars().After(p.def.Owner, since, p.def.Promise.For(r.Kind)).UTC()})
			if at := p.due[l.ID]; at.IsZero() || p.owed[len(p.owed)-1].Due.Before(at) {
				p.due[l.ID] = p.owed[len(p.owed)-1].Due
			}
		}
	}
}

// wasFor reports whether a release concerned a listing until something else came out.
func (p *pass) wasFor(r *workflow.Release, l *workflow.Listed) bool {
	then := p.then[r.Version]
	if then == nil {
		c := newPolicy(p.def.Releases, p.options.Product, slices.DeleteFunc(slices.Clone(p.policy.out), func(o *workflow.Release) bool { return o.Published.After(r.Published) }))
		then = &c
		p.then[r.Version] = then
	}
	return then.target(l) == r
}

// since is from when the promise of a release is counted.
func (p *pass) since(r *workflow.Release) time.Time {
	if from, _ := p.counted(r); from.After(r.Published) {
		return from
	}
	return r.Published
}

// changed are the releases whose records are not as they were.
func (p *pass) changed() []workflow.Release {
	var out []workflow.Release
	for i, r := range p.releases {
		if !sameRelease(p.was[i], *r) {
			out = append(out, *r)
		}
	}
	return out
}

// catalyst is a release as its run has it.
func (p *pass) catalyst(r *workflow.Release) *workflow.Catalyst {
	c := &workflow.Catalyst{Kind: r.Kind, At: r.Published, Version: r.Version, Unsure: r.Unsure, Packages: slices.Clone(r.Packages)}
	for i := range p.listings {
		l := &p.listings[i]
		if l.Delivery == workflow.OmnibusPackage && l.Retired.IsZero() && p.policy.has(r, l.Edition) {
			c.Spared = append(c.Spared, l.FullName())
		}
	}
	c.Spared = c.Spared[:min(len(c.Spared), mostSpared)]
	from, by := p.counted(r)
	if from.After(c.At) {
		c.From = from
	}
	for _, why := range p.judged[r.Version].Why {
		c.Evidence = append(c.Evidence, why.Map(onPaper))
	}
	if !c.From.IsZero() {
		c.Evidence = append(c.Evidence, fmt.Sprintf("It came out in a quiet time (%s to %s%s), and is counted from its end.", by.From, by.To, prefixed(": ", by.Why)))
	}
	return c
}

// onPaper is an argument of a sentence that is kept as it is read.
func onPaper(arg any) any {
	switch a := arg.(type) {
	case time.Time:
		return a.UTC().Format("Mon 2 Jan 15:04 UTC")
	case workflow.Text:
		return a.Map(onPaper)
	}
	return arg
}

// mostSpared is how many listings without an image a run names.
const mostSpared = 20

func prefixed(before, s string) string {
	if s == "" {
		return ""
	}
	return before + s
}

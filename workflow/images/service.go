package images

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"cloudimage/guest"
	"cloudimage/workflow"
)

// Setup is a cloud and how images are made in it.
type Setup struct {
	Cloud Cloud
	// Account is the account that is configured. A build that was ordered in another
	// waits until that is again; empty for any.
	Account string
	Region  string // where images are built
	// Regions are where images go; without any, they stay where they are built.
	Regions []string
	// Machines are the types of the machines that images are built on, by architecture.
	Machines map[string]string
	// Distribution is what the packages are to be for: "noble".
	Distribution string
	// Public says that images become public when they are published.
	Public bool
	// Grace is how long after a newer version is live an older image is deprecated; a
	// negative one for never.
	Grace time.Duration
	// Mailbox is who reads the mail of the marketplace; empty when nobody said.
	Mailbox workflow.UserID
}

// Options is what a [Service] is made of. All but Grace and what has a default are
// needed.
type Options struct {
	Service *workflow.Service
	Book    Book
	Clouds  []Setup
	// Product is what the images are of: "GitLab".
	Product string
	// Recipe is how a package becomes an image.
	Recipe func(o *Order) (guest.Product, error)
	// Packages are those of a version, as far as they are known.
	Packages func(ctx context.Context, v workflow.Version) ([]workflow.Package, error)
	// Catalogued is a listing of the catalogue; false when it has none of that id.
	Catalogued func(ctx context.Context, id workflow.ListingID) (workflow.Listed, bool, error)
	// Team is the team that builds, for builds that belong to no run.
	Team workflow.TeamID
	// Process is the process whose people build, for the same.
	Process workflow.ProcessName
	// Watch lets a time run out; see the store.
	Watch  Watch
	Now    func() time.Time // defaults to time.Now
	Logger *slog.Logger     // defaults to slog.Default
}

// Watch keeps when something is to be looked at; see the store.
type Watch interface {
	TakeWatch(ctx context.Context, w workflow.Watch, now, next time.Time) (mine bool, err error)
}

// Service makes images. It is safe for concurrent use.
type Service struct {
	*workflow.Service
	options Options
	log     *slog.Logger
	holder  string        // of builds, among replicas
	firing  chan struct{} // holds a token while what is due is done

	mu    sync.Mutex
	known map[BuildID]int64 // revisions of open builds, as this process left them
}

// New makes a Service.
func New(o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	return &Service{Service: o.Service, options: o, log: o.Logger, holder: rand.Text(), firing: make(chan struct{}, 1), known: map[BuildID]int64{}}
}

// Builds reports whether images of a provider can be made here.
func (s *Service) Builds(p workflow.Provider) bool {
	_, ok := s.setup(p)
	return ok
}

// Providers are the clouds in which images can be made.
func (s *Service) Providers() (out []workflow.Provider) {
	for _, c := range s.options.Clouds {
		if !c.Cloud.Ways().ByHand {
			out = append(out, c.Cloud.Provider())
		}
	}
	return out
}

// Regions are where images of a provider go, the one that they are built in first.
func (s *Service) Regions(p workflow.Provider) []string {
	c, _ := s.setup(p)
	return c.regions(nil)
}

// setup is the account of a provider; false when none is connected.
func (s *Service) setup(p workflow.Provider) (Setup, bool) {
	return s.find(func(c Setup) bool { return c.Cloud.Provider() == p && !c.Cloud.Ways().ByHand })
}

// setupOf is where an order is carried out.
func (s *Service) setupOf(o *Order) (Setup, bool) {
	if o.ByHand {
		return s.find(func(c Setup) bool { return c.Cloud.Ways().ByHand })
	}
	return s.setup(o.Provider)
}

func (s *Service) find(is func(Setup) bool) (Setup, bool) {
	i := slices.IndexFunc(s.options.Clouds, is)
	if i < 0 {
		return Setup{}, false
	}
	return s.options.Clouds[i], true
}

// ways are those of the cloud of an order.
func (s *Service) ways(o *Order) Ways {
	setup, ok := s.setupOf(o)
	if !ok {
		return Ways{ByHand: o.ByHand}
	}
	return setup.Cloud.Ways()
}

// regions are where images go, the one that they are built in first, but for those
// that are left out.
func (c Setup) regions(leave []string) []string {
	out := []string{c.Region}
	for _, r := range c.Regions {
		if r != c.Region && !slices.Contains(leave, r) {
			out = append(out, r)
		}
	}
	return out
}

// Start begins the builds of a plan, as it was shown to who confirms it. Its builds are
// told of in channel, if they belong to no run. A plan that was started by the same
// request is returned as it is.
func (s *Service) Start(ctx context.Context, who workflow.Who, plan Plan, channel workflow.ChannelID) ([]*Build, error) {
	if len(plan.Lanes) == 0 {
		return nil, workflow.Fail(workflow.Invalid, "Choose at least one image to build.")
	}
	if p, stops := plan.Stops(); stops {
		return nil, workflow.Fail(workflow.Conflict, "One check stops this: %s", p.Words())
	}
	guard, err := s.Guard(ctx, who, workflow.Ask{Verb: workflow.VerbBuild})
	if err != nil {
		return nil, err
	}
	now := s.options.Now().UTC().Truncate(time.Millisecond)
	var builds []*Build
	for i := range plan.Lanes {
		o := plan.Lanes[i].Order.clone()
		o.By, o.At, o.Channel = who.User, now, channel
		if o.Run == "" {
			if err := s.mayBuild(ctx, who); err != nil {
				return nil, err
			}
		}
		id := BuildID("b-" + short(string(who.Request), o.Name, o.Lane.String(), string(o.Run)))
		if o.Run != "" {
			r, err := s.Run(ctx, o.Run)
			if err != nil {
				return nil, err
			}
			o.Channel = r.Channel
		}
		if !o.Publishes() && !o.ByHand {
			o.Image += " private " + string(id[2:8]) // the name belongs to what is published
		}
		builds = append(builds, newBuild(id, PlanID("p-"+short(string(who.Request))), o, s.ways(&o), now))
	}
	made, err := s.options.Book.CreateBuilds(ctx, who.Request, builds, func(r *workflow.Run, b *Build) error {
		act, err := guard(r)
		if err != nil {
			return err
		}
		is := r.Steps[b.Order.Lane]
		if r.State != workflow.Running || is != nil && is.Status != workflow.Open {
			return workflow.Fail(workflow.Conflict, "%s does not wait for an image any more, so nothing was built. Please look again.", b.Order.Name)
		}
		if is != nil && is.Build != nil && is.Build.ID != string(b.ID) && is.Build.Phase.Open() {
			return workflow.Fail(workflow.Conflict, "%s is being built already, since %s.", b.Order.Name, is.Build.At)
		}
		return r.Build(act, b.Order.Lane, s.mark(r, b, now))
	})
	for _, b := range made {
		s.note(b, err)
	}
	return made, err
}

// short is a digest that is short enough for a name, and the same for the same.
func short(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}

// mayBuild refuses those who may make no image that belongs to no run.
func (s *Service) mayBuild(ctx context.Context, who workflow.Who) error {
	def, ok := s.Process(s.options.Process)
	if !ok {
		return workflow.Fail(workflow.Unavailable, "No process here is about images.")
	}
	if _, err := s.Admitted(ctx, who.User, def); err != nil {
		return err
	}
	if roster := s.Roster(def); roster.IsMember(s.options.Team, who.User) || roster.IsAdmin(who.User) {
		return nil
	}
	return workflow.Fail(workflow.Denied, "%s makes the images. Please ask someone of them.", def.TeamName(s.options.Team))
}

// Act changes a build for a person who may: of its run's if it has one.
func (s *Service) act(ctx context.Context, who workflow.Who, id BuildID, change func(*Build) error) (*Build, error) {
	b, err := s.options.Book.Build(ctx, id)
	if err != nil {
		return nil, err
	}
	guard, err := s.Guard(ctx, who, workflow.Ask{Verb: workflow.VerbBuild})
	if err != nil {
		return nil, err
	}
	if b.Order.Run == "" {
		if err := s.mayBuild(ctx, who); err != nil {
			return nil, err
		}
	}
	knew := s.knows(b)
	b, err = s.options.Book.UpdateBuild(ctx, id, who.Request, change, func(r *workflow.Run, was, is *Build) error {
		act, err := guard(r)
		if err != nil {
			return err
		}
		return s.follow(act, r, was, is)
	})
	if knew {
		s.note(b, err)
	}
	return b, err
}

// Retry lets what has failed of a build be tried again: one step, or all for a negative
// number. Choice is what was decided about it; see [Step].
func (s *Service) Retry(ctx context.Context, who workflow.Who, id BuildID, step int, choice string) (*Build, error) {
	return s.act(ctx, who, id, func(b *Build) error { return b.retry(step, choice, s.now()) })
}

// Report notes what a person did of a build that people make, as its step asks for it; see
// [Build.Asked]. Asked is what they were asked, so that it is no answer to another question;
// empty for whatever is asked.
func (s *Service) Report(ctx context.Context, who workflow.Who, id BuildID, step int, asked string, a Answer) (*Build, error) {
	a.By, a.At = who.User, s.now()
	a.Ref, a.Said = strings.TrimSpace(a.Ref), strings.TrimSpace(a.Said)
	if workflow.LooksSecret(a.Ref) || workflow.LooksSecret(a.Said) {
		return nil, workflow.Fail(workflow.Invalid, "That looks like a secret, so it was not kept. Say where it is instead.")
	}
	return s.act(ctx, who, id, func(b *Build) error { return b.report(step, asked, a) })
}

// Plea is what to ask the marketplace's support about a build; false where it has nothing
// with a marketplace.
func (s *Service) Plea(b *Build) (Plea, bool) {
	setup, ok := s.setupOf(&b.Order)
	for _, name := range []StepName{Submit, Preview} {
		if t := b.Step(name, "", ""); ok && t != nil && t.Ref != "" {
			w := Work{Build: b.ID, Key: t.Key(b.ID), Region: b.Order.Region, Ref: t.Ref, Memory: t.Memory, Attempt: t.Attempt, Since: t.Since, Now: s.now(), Order: &b.Order}
			p := setup.Cloud.Plea(w, b.offer(t))
			return p, p.Text != ""
		}
	}
	return Plea{}, false
}

// Abandon gives a build up and removes what it made.
func (s *Service) Abandon(ctx context.Context, who workflow.Who, id BuildID) (*Build, error) {
	return s.act(ctx, who, id, func(b *Build) error { return b.abandon(who.User, s.now()) })
}

// Publish sends a private image on its way to customers, as a plan for it says.
func (s *Service) Publish(ctx context.Context, who workflow.Who, id BuildID, plan Plan) (*Build, error) {
	if len(plan.Lanes) != 1 {
		return nil, workflow.Fail(workflow.Invalid, "One image is published at a time.")
	}
	if p, stops := plan.Stops(); stops {
		return nil, workflow.Fail(workflow.Conflict, "One check stops this: %s", p.Words())
	}
	o := plan.Lanes[0].Order
	if r, err := s.Run(ctx, o.Run); err != nil {
		return nil, err
	} else if lane := r.Steps[o.Lane]; lane == nil || lane.Build == nil || lane.Build.ID != string(id) {
		return nil, workflow.Fail(workflow.Conflict, "Another image of %s was made since, so this one is not published. Please look again.", o.Name)
	}
	return s.act(ctx, who, id, func(b *Build) error { return b.publish(o, s.ways(&o), s.now()) })
}

// Build is the build of that id.
func (s *Service) Build(ctx context.Context, id BuildID) (*Build, error) {
	return s.options.Book.Build(ctx, id)
}

// BuildsFor are the builds of a run, the newest first.
func (s *Service) BuildsFor(ctx context.Context, run workflow.RunID) ([]*Build, error) {
	return s.options.Book.BuildsFor(ctx, run, mostBuilds)
}

// BuildsOpen are the builds that have not come to an end, the oldest first.
func (s *Service) BuildsOpen(ctx context.Context) ([]*Build, error) {
	return s.options.Book.BuildsOpen(ctx)
}

const mostBuilds = 100

func (s *Service) now() time.Time { return s.options.Now().UTC().Truncate(time.Millisecond) }

// follow lets the run of a build know how it stands.
func (s *Service) follow(act workflow.Act, r *workflow.Run, was, is *Build) error {
	m := s.mark(r, is, act.At)
	if had := r.Steps[is.Order.Lane]; had == nil || had.Build != nil && had.Build.ID != string(is.ID) {
		return nil // another build is its lane's by now
	}
	return r.Build(act, is.Order.Lane, m)
}

// mark is what a run is to know of a build.
func (s *Service) mark(r *workflow.Run, b *Build, now time.Time) workflow.BuildMark {
	m := workflow.BuildMark{
		ID: string(b.ID), Phase: b.Phase(), By: b.Order.By, At: now, Image: b.Images[b.Order.Region],
		Publishes: b.Order.Publishes(), Goes: b.Order.goes(r),
	}
	for _, name := range []StepName{Preview, Submit} {
		if t := b.Step(name, "", ""); t != nil && t.Ref != "" {
			m.Submission = t.Ref
		}
	}
	_, m.Asks = b.Asked()
	if failed := b.Failed(); len(failed) > 0 {
		m.Trouble, m.Decide = failed[0].Trouble(), failed[0].Fault.Class == Foreign
	}
	ways := s.ways(&b.Order)
	like := Typical{}
	for name := range typical {
		like[name] = ways.usual(name)
	}
	m.Stalls = b.stalls(now, like)
	if left := b.Left(now, like); left > 0 && (m.Phase == workflow.BuildBuilding || m.Phase == workflow.BuildPublishing) {
		m.Until = now.Add(left)
	}
	return m
}

// Serve does what is due until ctx ends.
func (s *Service) Serve(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if _, err := s.Fire(ctx); err != nil && ctx.Err() == nil {
				s.log.Error("builds could not be looked at; it is tried again", "err", err)
			}
		case <-ctx.Done():
			return
		}
	}
}

// Rest waits until nothing that was due is under way.
func (s *Service) Rest(ctx context.Context) error {
	select {
	case s.firing <- struct{}{}:
		<-s.firing
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Fire does what is due, until nothing is. It reports whether there was anything.
func (s *Service) Fire(ctx context.Context) (did bool, err error) {
	select {
	case s.firing <- struct{}{}:
		defer func() { <-s.firing }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	audited, err := s.auditDue(ctx)
	for {
		due, failed := s.options.Book.BuildsDue(ctx, s.now(), atATime)
		if failed != nil || len(due) == 0 {
			return did || audited, errors.Join(err, failed)
		}
		moved, failed := s.together(ctx, due)
		did = did || moved
		if failed != nil || !moved {
			return did || audited, errors.Join(err, failed)
		}
	}
}

// atATime is how many builds are looked at side by side.
const atATime = 16

func (s *Service) together(ctx context.Context, due []BuildID) (did bool, err error) {
	var wait sync.WaitGroup
	moved, failed := make([]bool, len(due)), make([]error, len(due))
	for i, id := range due {
		wait.Go(func() { moved[i], failed[i] = s.turn(ctx, id) })
	}
	wait.Wait()
	return slices.Contains(moved, true), errors.Join(failed...)
}

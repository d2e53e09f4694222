package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"cloudimage/bot"
	"cloudimage/bot/view"
	"cloudimage/commands"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
	"cloudimage/workflow/listingfile"
	"cloudimage/workflow/maintenance"
	"cloudimage/workflow/mirror"
	"cloudimage/workflow/process"
	"cloudimage/workflow/reminder"
	"cloudimage/workflow/store"
)

// Settings is what an [App] is made of.
type Settings struct {
	BotToken, AppToken string // Slack's; both are needed
	GitLabToken        string // empty for no issue tracker
	GoogleKey          string // JSON; empty for no documents
	AWSKeys            awsKeys
	AWSEndpoint        string // of a stand-in; empty for what the environment says
	AzureKeys          azureKeys
	APIURL             string // empty for Slack's own
	DB                 string // path of a SQLite database, or a postgres:// URL
	Listen             string // address of the health and metrics server; empty for none
	KeepTiers          bool   // pace calls within Slack's tiers
	Config             Config
	Processes          []*workflow.Definition
	Transport          http.RoundTripper // to the sources of releases; nil for the usual one
	Now                func() time.Time  // defaults to time.Now
	Logger             *slog.Logger
	DrawEvery          time.Duration // see bot.Options
}

// App is the assembled program. The demo, the tests and `serve` all run it.
type App struct {
	settings Settings
	log      *slog.Logger
	store    *store.Store
	bot      *bot.Bot
	desk     *commands.Desk
	reminder *reminder.Service
	mirror   *mirror.Service      // nil without an issue tracker
	upkeep   *maintenance.Service // nil where no process is about releases
	images   *images.Service      // nil where no process is about releases
	firing   chan struct{}        // holds a token while what is due is done
	watched  atomic.Int64         // when the program last looked at itself, on its clock
	registry *prometheus.Registry
	health   net.Listener
	closers  []closer
}

type closer struct {
	name  string
	close func() error
}

// defaultListen is where health checks are answered when nobody says where.
const defaultListen = "127.0.0.1:9090"

// defaultProcess is what `/cloudimage new` starts.
const defaultProcess workflow.ProcessName = "first-time-image"

// NewApp assembles the program. It is one straight line on purpose: read from
// top to bottom it says what depends on what. What it opened is closed again
// when a later part fails, and by [App.Close] otherwise, last opened first.
func NewApp(ctx context.Context, s Settings) (_ *App, err error) {
	if s.Now == nil {
		s.Now = time.Now
	}
	if s.Logger == nil {
		s.Logger = slog.Default()
	}
	a := &App{settings: s, log: s.Logger, registry: prometheus.NewRegistry(), firing: make(chan struct{}, 1)}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	a.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))

	if err := errors.Join(s.Config.checkTeams(s.Processes), s.Config.checkIssues(s.Processes)); err != nil {
		return nil, err
	}
	tracker, err := newTracker(s, a.registry)
	if err != nil {
		return nil, err
	}
	days, err := newCalendars(s.Config)
	if err != nil {
		return nil, err
	}

	batches := newBatchMetrics(a.registry)
	var drawer *bot.Bot // made below; nothing is committed before
	var service *workflow.Service
	a.store, err = store.Open(ctx, store.Options{
		DSN: s.DB, Calendars: days, Parse: process.Load, Now: s.Now, Logger: s.Logger,
		OnCommit: func() {
			if drawer != nil {
				drawer.Wake()
			}
			if a.mirror != nil {
				a.mirror.Wake()
			}
		},
		OnBatch: batches.observe,
		Tracks:  tracker != nil || s.Config.Drive != nil,
	})
	if err != nil {
		return nil, err
	}
	a.onClose("store", a.store.Close)
	byName := map[workflow.ProcessName]*workflow.Definition{}
	for _, d := range s.Processes {
		byName[d.Name] = d
		if err := a.store.SaveDefinition(ctx, d); err != nil {
			return nil, err
		}
	}

	letters := &letters{Store: a.store}
	needed, _, err := manifestScopes()
	if err != nil {
		return nil, err
	}
	a.bot, err = bot.New(bot.Options{
		BotToken: s.BotToken, AppToken: s.AppToken, APIURL: s.APIURL, KeepTiers: s.KeepTiers,
		Names: view.Names{Tracker: trackerName(tracker)}, Teams: s.Config.botTeams(), Admins: s.Config.Admins, Scopes: names(needed), Processes: s.Processes,
		Shown: a.store, Letters: letters, DrawEvery: s.DrawEvery, Now: s.Now, Logger: s.Logger, Registry: a.registry,
		OnLeft: func(who workflow.UserID) {
			if err := a.left(context.Background(), service, who); err != nil {
				s.Logger.Error("the work of somebody who left could not be given back; it is tried again with their next reminder", "user", who, "err", err)
			}
		},
	})
	if err != nil {
		return nil, err
	}
	drawer = a.bot
	a.reminder, err = reminder.New(reminder.Options{
		Book: a.store, Library: a.store, Directory: a.bot, Calendars: days, Processes: byName,
		At: s.Config.Reminders.At, Until: s.Config.Reminders.Until, Now: s.Now, Logger: s.Logger,
		Left: func(ctx context.Context, who workflow.UserID) error { return a.left(ctx, service, who) },
		Tracker: func() (string, time.Time) {
			if a.mirror == nil {
				return "", time.Time{}
			}
			return a.mirror.Health()
		},
		Releases: func() (string, string, time.Time) {
			if a.upkeep == nil {
				return "", "", time.Time{}
			}
			return a.upkeep.Away()
		},
	})
	if err != nil {
		return nil, err
	}
	letters.Service = a.reminder

	service = workflow.NewService(workflow.Options{
		Store: a.store, Library: a.store, Directory: a.bot, Calendars: days, Processes: byName, Now: s.Now,
	})
	if a.mirror, err = newMirror(s, tracker, a.store, service); err != nil {
		return nil, err
	}
	if a.upkeep, err = newMaintenance(s, a.store, service); err != nil {
		return nil, err
	}
	if a.images, err = newImages(ctx, s, a.store, service, a.upkeep); err != nil {
		return nil, err
	}
	letters.images = a.images
	a.desk = commands.New(commands.Options{
		Service: service, Maintenance: a.upkeep, Images: a.images, Pictures: drawn{},
		ReadListings: readListings(s, s.Now), WriteListings: listingfile.CSV, Default: startedBy(s.Processes), Editions: s.Config.Product.Editions,
		Channel: s.Config.Channel, Command: "/cloudimage", Reasons: days, Morning: s.Config.Reminders.At,
		Tracker: trackerName(tracker),
	})

	if s.Listen != "" {
		a.health, err = net.Listen("tcp", s.Listen)
		switch {
		case err != nil && s.Listen == defaultListen:
			// Nobody asked for this address, so its being taken keeps nobody from work.
			s.Logger.Warn("health checks are not answered: their address is taken", "address", s.Listen, "err", err)
			return a, nil
		case err != nil:
			return nil, fmt.Errorf("listen for health checks: %w; choose another address with --listen", err)
		}
		a.onClose("health", func() error {
			if err := a.health.Close(); !errors.Is(err, net.ErrClosed) {
				return err
			}
			return nil
		})
	}
	return a, nil
}

// letters is where messages are read from: runs from the store, and what was
// composed for people and channels from the reminders.
type letters struct {
	*store.Store
	*reminder.Service
	images *images.Service // nil where no process is about releases
}

// News is how the builds of a plan stand.
func (l *letters) News(ctx context.Context, plan images.PlanID) (images.News, error) {
	if l.images == nil {
		return images.News{}, workflow.Fail(workflow.Unavailable, "Images are not made here any more.")
	}
	return l.images.News(ctx, plan)
}

// leftWithin bounds how long a departure may take to be written down: Slack
// waits for the event to be acknowledged.
const leftWithin = 2 * time.Second

// left gives the work of somebody who has left back to their teams.
func (a *App) left(ctx context.Context, service *workflow.Service, who workflow.UserID) error {
	ctx, cancel := context.WithTimeout(ctx, leftWithin)
	defer cancel()
	return service.Left(ctx, who, workflow.RequestID(fmt.Sprintf("left:%s:%d", who, a.settings.Now().UnixMilli())))
}

// startedBy is the process that `new` starts: the first-time one, or the first
// partnership process there is when a company has replaced it by another name.
func startedBy(processes []*workflow.Definition) workflow.ProcessName {
	for _, p := range processes {
		if p.Name == defaultProcess {
			return p.Name
		}
	}
	for _, p := range processes {
		if p.Subject == workflow.SubjectPartnership {
			return p.Name
		}
	}
	return defaultProcess
}

func (a *App) onClose(name string, f func() error) {
	a.closers = append(a.closers, closer{name, f})
}

// Close closes what the assembly opened.
func (a *App) Close() error {
	var errs []error
	for i := len(a.closers) - 1; i >= 0; i-- {
		if err := a.closers[i].close(); err != nil {
			errs = append(errs, fmt.Errorf("close %s: %w", a.closers[i].name, err))
		}
	}
	a.closers = nil
	return errors.Join(errs...)
}

// sweepEvery is how often clocks are looked at. It follows the real clock; what
// is due is decided on the injected one.
const sweepEvery = time.Second

// Run serves until ctx ends; what was taken by then is finished. It returns
// early when Slack refuses the tokens for good.
func (a *App) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var parts sync.WaitGroup
	defer parts.Wait()
	if a.health != nil {
		server := &http.Server{Handler: a.healthHandler(), ReadHeaderTimeout: 5 * time.Second}
		parts.Go(func() {
			if err := server.Serve(a.health); !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
				a.log.Error("the health server stopped", "err", err)
			}
		})
		parts.Go(func() {
			<-ctx.Done()
			server.Close()
		})
	}
	parts.Go(func() { a.sweep(ctx) })
	if a.upkeep != nil {
		parts.Go(func() { a.upkeep.Serve(ctx) })
	}
	if a.images != nil {
		parts.Go(func() { a.images.Serve(ctx) })
	}
	if a.mirror != nil {
		parts.Go(func() { a.mirror.Run(ctx) })
	}
	defer stop()
	a.log.Info("cloudimage starts", "version", version())
	err := a.bot.Run(ctx, a.desk)
	a.log.Info("cloudimage stopped")
	return err
}

func (a *App) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			a.fireDue(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// FireDue does what is due by now, for whoever moves the clock.
func (a *App) FireDue(ctx context.Context) {
	a.fireDue(ctx)
	if !a.isPrepared() {
		return
	}
	if a.upkeep != nil {
		if _, err := a.upkeep.Fire(ctx); err != nil && ctx.Err() == nil {
			a.log.Error("the work on releases could not be brought up to date; it is tried again", "err", err)
		}
	}
	if a.images != nil {
		if _, err := a.images.Fire(ctx); err != nil && ctx.Err() == nil {
			a.log.Error("builds could not be looked at; it is tried again", "err", err)
		}
	}
}

// isPrepared reports whether it is known who is who.
func (a *App) isPrepared() bool {
	select {
	case <-a.bot.Prepared():
		return true
	default:
		return false
	}
}

// fireDue does what is due to runs and people. Nobody is reminded of anything before
// it is known who is who.
func (a *App) fireDue(ctx context.Context) {
	select {
	case a.firing <- struct{}{}:
	case <-ctx.Done():
		return
	}
	defer func() { <-a.firing }()
	now := a.settings.Now()
	if _, err := a.store.FireDue(ctx, now); err != nil && ctx.Err() == nil {
		a.log.Error("what was due could not be done; it is tried again", "err", err)
	}
	if !a.isPrepared() {
		return
	}
	if _, err := a.reminder.Fire(ctx); err != nil && ctx.Err() == nil {
		a.log.Error("somebody could not be reminded; it is tried again", "err", err)
	}
	if last := a.watched.Load(); now.Sub(time.UnixMilli(last)) < watchEvery || !a.watched.CompareAndSwap(last, now.UnixMilli()) {
		return
	}
	if err := a.reminder.Watch(ctx, a.store, a.settings.Config.OperatorChannel, a.bot.TokenEnds()); err != nil && ctx.Err() == nil {
		a.log.Error("the operator's channel could not be told what is wrong", "err", err)
	}
}

// NextDue does what is due, in the tracker too, and says when there is something to do
// next; false for never.
func (a *App) NextDue(ctx context.Context) (time.Time, bool) {
	a.FireDue(ctx)
	for did := a.mirror != nil; did; {
		did, _ = a.mirror.Turn(ctx) // what goes wrong is tried again, and told of there
	}
	next, found, err := a.store.NextDue(ctx)
	return next, found && err == nil // a database that cannot be read was told of already
}

// watchEvery is how often the program looks at itself, on its own clock.
const watchEvery = time.Minute

// Settle waits until nothing is under way: nothing that was due, no envelope,
// nothing to write, nothing to draw, no send in flight. It is how a virtual clock's owner knows
// that the program has caught up.
func (a *App) Settle(ctx context.Context) error {
	for {
		stirred := a.bot.Stirred()
		select {
		case a.firing <- struct{}{}:
			<-a.firing
		case <-ctx.Done():
			return fmt.Errorf("settle: %w", ctx.Err())
		}
		if a.upkeep != nil {
			if err := a.upkeep.Rest(ctx); err != nil {
				return fmt.Errorf("settle: %w", ctx.Err())
			}
		}
		if a.images != nil {
			if err := a.images.Rest(ctx); err != nil {
				return fmt.Errorf("settle: %w", ctx.Err())
			}
		}
		if a.mirror != nil {
			if did, err := a.mirror.Turn(ctx); err != nil || did {
				if ctx.Err() != nil {
					return fmt.Errorf("settle: %w", ctx.Err())
				}
				if did {
					continue
				}
			}
		}
		if a.bot.Quiet() && a.store.Queued() == 0 {
			return nil
		}
		select {
		case <-stirred:
		case <-ctx.Done():
			return fmt.Errorf("settle: %w", ctx.Err())
		}
	}
}

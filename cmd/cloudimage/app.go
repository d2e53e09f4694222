package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"cloudimage/bot"
	"cloudimage/commands"
	"cloudimage/workflow"
	"cloudimage/workflow/process"
	"cloudimage/workflow/store"
)

// Settings is what an [App] is made of.
type Settings struct {
	BotToken, AppToken string // Slack's; both are needed
	APIURL             string // empty for Slack's own
	DB                 string // path of a SQLite database, or a postgres:// URL
	Listen             string // address of the health and metrics server; empty for none
	KeepTiers          bool   // pace calls within Slack's tiers
	Config             Config
	Processes          []*workflow.Definition
	Now                func() time.Time // defaults to time.Now
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
	a := &App{settings: s, log: s.Logger, registry: prometheus.NewRegistry()}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	a.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))

	if err := s.Config.checkTeams(s.Processes); err != nil {
		return nil, err
	}
	days, err := newCalendars(s.Config)
	if err != nil {
		return nil, err
	}

	batches := newBatchMetrics(a.registry)
	var drawer *bot.Bot // made below; nothing is committed before
	a.store, err = store.Open(ctx, store.Options{
		DSN: s.DB, Calendars: days, Parse: process.Load, Now: s.Now, Logger: s.Logger,
		OnCommit: func() {
			if drawer != nil {
				drawer.Wake()
			}
		},
		OnBatch: batches.observe,
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

	scopes, err := manifestScopes()
	if err != nil {
		return nil, err
	}
	a.bot, err = bot.New(bot.Options{
		BotToken: s.BotToken, AppToken: s.AppToken, APIURL: s.APIURL, KeepTiers: s.KeepTiers,
		Teams: s.Config.botTeams(), Admins: s.Config.Admins, Scopes: scopes, Processes: s.Processes,
		Shown: a.store, DrawEvery: s.DrawEvery, Now: s.Now, Logger: s.Logger, Registry: a.registry,
	})
	if err != nil {
		return nil, err
	}
	drawer = a.bot

	service := workflow.NewService(workflow.Options{
		Store: a.store, Library: a.store, Directory: a.bot, Calendars: days, Processes: byName, Now: s.Now,
	})
	a.desk = commands.New(commands.Options{
		Service: service, Default: startedBy(s.Processes), Editions: s.Config.Product.Editions,
		Channel: s.Config.Channel, Command: "/cloudimage",
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

// startedBy is the process that `new` starts: the first-time one, or the first
// partnership process there is when a company has replaced it by another name.
func startedBy(processes []*workflow.Definition) workflow.ProcessName {
	for _, p := range processes {
		if p.Name == defaultProcess {
			return p.Name
		}
	}
	for _, p := range processes {
		if p.Subject == workflow.Partnership {
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

// sweepEvery is how often timers are looked at. It follows the real clock; what
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
			a.FireDue(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// FireDue does what is due by now.
func (a *App) FireDue(ctx context.Context) {
	if _, err := a.store.FireDue(ctx, a.settings.Now()); err != nil && ctx.Err() == nil {
		a.log.Error("what was due could not be done; it is tried again", "err", err)
	}
}

// Settle waits until nothing is under way: no envelope, nothing to write,
// nothing to draw, no send in flight. It is how a virtual clock's owner knows
// that the program has caught up.
func (a *App) Settle(ctx context.Context) error {
	for {
		stirred := a.bot.Stirred()
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

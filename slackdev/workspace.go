package slackdev

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"cloudimage/slackdev/clock"
	"cloudimage/slackdev/inspector"
	"cloudimage/slackdev/socketmode"
)

// Options says what kind of workspace to start. The zero value is a workspace
// with the default people and an app that may do everything but has
// registered nothing, on a free port of 127.0.0.1, on the real clock.
type Options struct {
	// Addr is the address to listen on, 127.0.0.1:0 by default. Anything but
	// loopback is refused: the workspace has no passwords.
	Addr string
	// Manifest is the app's manifest, as shipped (YAML or JSON). Its scopes,
	// commands, shortcuts and events are all the app has.
	Manifest []byte
	// Seed is the workspace at the start; nil means DefaultSeed.
	Seed *Seed
	// Now starts a clock that stands still at this moment until it is
	// advanced. Zero follows the real clock.
	Now time.Time
	// StartAt starts a clock that runs from this moment, which may be past: it
	// goes as fast as the real one and can be moved forward. An app can so be given
	// weeks of history that people have acted out. Not together with Now.
	StartAt time.Time
	// ScopesGranted replaces the scopes of the bot token; nil grants what the
	// manifest asks for, optional scopes included.
	ScopesGranted []string
	// NoUserGroups makes it a plan without user groups: usergroups.* answer
	// plan_upgrade_required.
	NoUserGroups bool
	// DisabledMethods answer unknown_method.
	DisabledMethods []string
	// Rates is what comes of calls that are more than Slack allows: RatesOff by
	// default, RatesWarn or RatesEnforce. They are counted in any case, see Limits.
	Rates RatesMode
	// AckTimeout is how long the app has to ack an envelope, in real time:
	// 3 s by default, as in Slack.
	AckTimeout time.Duration
	// PingInterval is the time between WebSocket pings: 5 s by default.
	PingInterval time.Duration
	// KeepCalls is how many Web API calls Calls remembers: 2000 by default;
	// negative keeps none (the counts remain). Of more than 64 MiB of arguments and
	// answers the oldest are forgotten, the calls are not.
	KeepCalls int
	// KeepInteractions is the length of the inspector's record: 200 by default;
	// negative switches it off, for load tests.
	KeepInteractions int
	// KeepMessages is how many messages each conversation remembers: 10,000 by
	// default; negative keeps all. The oldest are forgotten with what hangs on
	// them: pins, what people chose in them, ephemeral messages of the time, and
	// files that nothing else shows. The parent of a thread stays as long as a
	// reply does.
	KeepMessages int
	// KeepInteractionBytes bounds the JSON that the record holds: payloads,
	// arguments, answers and what changed. 16 MiB by default; the latest
	// interaction is kept whatever its size.
	KeepInteractionBytes int
	// IDSeed makes envelope, trigger and event ids repeat from run to run.
	// Zero draws new ones, so that an app that remembers what it has seen may
	// meet a fresh workspace.
	IDSeed uint64
	// FixedTokens makes the app's tokens from its name, so that an app need not be
	// told new ones when the workspace is started anew. They keep nobody out:
	// whoever reaches the workspace may do anything in it. False draws new ones,
	// and an app that was left over from another run is refused.
	FixedTokens bool
	// Actions are what the page offers to do in the world around, as it is at the
	// moment: it is called each time they are listed, and the page lists them anew
	// after each of them and when the clock was moved. It may use the workspace; nil
	// offers nothing.
	Actions func() []Action
	// Guide is what the page shows a newcomer, one card after the other. It is called
	// each time a page looks, and should keep to its order; nil shows nobody around.
	Guide func() []Hint
	// Logger receives warnings about what the app does wrong; nil discards them.
	Logger *slog.Logger
}

// Workspace is a running Slack workspace. Its methods may be called from many
// goroutines at once.
type Workspace struct {
	opts     Options
	manifest *manifest
	clock    *clock.Clock
	ids      *idSource
	log      *slog.Logger
	url      string
	hosts    map[string]bool
	methods  map[string]method

	server  *http.Server
	sockets *socketmode.Sockets
	tickets *ticketBook
	retries retries
	hub     *hub
	calls   *callLog
	record  *inspector.Record
	faults  *faults
	meter   meter
	handles *handles

	ctx    context.Context // ends with Close
	cancel context.CancelFunc

	workMu sync.Mutex // guards adding to work against Close
	work   sync.WaitGroup

	mu     sync.Mutex
	st     *state
	acting map[string]bool // the ids of actions under way
}

// Start opens a workspace and serves it until Close.
func Start(opts Options) (*Workspace, error) {
	ws, err := newWorkspace(opts)
	if err != nil {
		return nil, fmt.Errorf("start workspace: %w", err)
	}
	addr := opts.Addr
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	ln, err := listenLoopback(addr)
	if err != nil {
		return nil, fmt.Errorf("start workspace: %w", err)
	}
	ws.url = "http://" + ln.Addr().String()
	ws.hosts = loopbackHosts(ln.Addr())
	ws.server = &http.Server{
		Handler:           ws.guard(ws.routes()),
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(ws.log.Handler(), slog.LevelDebug),
	}
	ws.spawn(func() {
		if err := ws.server.Serve(ln); err != nil && !errors.Is(err, http.ErrServerClosed) {
			ws.log.Error("workspace stopped serving", "err", err)
		}
	})
	return ws, nil
}

func newWorkspace(opts Options) (*Workspace, error) {
	ws := &Workspace{opts: opts, ids: newIDSource(opts.IDSeed), clock: clock.New(opts.Now), log: opts.Logger, st: newState(), hub: newHub(), acting: map[string]bool{}}
	if ws.log == nil {
		ws.log = slog.New(slog.DiscardHandler)
	}
	if ws.opts.AckTimeout == 0 {
		ws.opts.AckTimeout = 3 * time.Second
	}
	if ws.opts.PingInterval == 0 {
		ws.opts.PingInterval = 5 * time.Second
	}
	switch {
	case opts.StartAt.IsZero():
	case opts.Now.IsZero():
		ws.clock = clock.Running(opts.StartAt)
	default:
		return nil, errors.New("both Now and StartAt are set: a clock either stands still or runs")
	}
	var err error
	if ws.opts.Rates, err = parseRates(opts.Rates); err != nil {
		return nil, err
	}
	ws.meter.began = time.Now()
	ws.st.keepMessages = messagesKept(opts.KeepMessages)
	ws.ctx, ws.cancel = context.WithCancel(context.Background())
	ws.manifest = bareManifest()
	if opts.Manifest != nil {
		m, err := parseManifest(opts.Manifest)
		if err != nil {
			return nil, err
		}
		ws.manifest = m
		judgeManifest(opts.Manifest, ws.log)
	}
	seed := opts.Seed
	if seed == nil {
		seed = DefaultSeed()
	}
	ws.installApp()
	if err := seed.build(ws.st, ws.clock.Now()); err != nil {
		return nil, err
	}
	ws.st.bot.team = ws.st.team.id
	ws.st.noUserGroups, ws.st.rates = opts.NoUserGroups, ws.opts.Rates
	ws.clock.OnAdvance(func(context.Context, time.Time) { ws.hub.tell(change{kind: "clock"}) })
	ws.calls = newCallLog(opts.KeepCalls)
	ws.record = inspector.New(opts.KeepInteractions, opts.KeepInteractionBytes)
	ws.clock.Watch(ws.clockMoves)
	ws.sockets = socketmode.New(socketmode.Options{
		Logger: ws.log, AckTimeout: ws.opts.AckTimeout, PingInterval: ws.opts.PingInterval, Now: ws.clock.Now, Done: ws.ctx.Done(),
		Wrong: ws.ackWasWrong, Changed: func() { ws.hub.tell(change{kind: "workspace"}) },
	})
	ws.tickets = newTicketBook()
	ws.faults = newFaults()
	ws.handles = newHandles()
	ws.methods = methodTable()
	for _, name := range opts.DisabledMethods {
		delete(ws.methods, name)
	}
	return ws, nil
}

// rotatedAfter is how long a bot token lives with token rotation.
const rotatedAfter = 12 * time.Hour

// firstScopes are the scopes of the bot token at the start.
func (ws *Workspace) firstScopes() []string {
	if ws.opts.ScopesGranted != nil {
		return ws.opts.ScopesGranted
	}
	return slices.Concat(ws.manifest.OAuth.Scopes.Bot, ws.manifest.OAuth.Scopes.BotOptional)
}

// installApp makes the app and its bot user from the manifest.
func (ws *Workspace) installApp() {
	m := ws.manifest
	scopes := ws.firstScopes()
	a := app{
		id: derivedID("A", m.DisplayInformation.Name), name: m.DisplayInformation.Name,
		botID: derivedID("B", m.botName()), granted: strings.Join(scopes, ","),
		token: TokenValid, scopes: map[string]bool{}, events: map[string]bool{},
	}
	secret := ws.ids.secret
	if ws.opts.FixedTokens {
		secret = func() string { return "fixed-" + a.id }
	}
	a.botToken = "xoxb-slackdev-" + secret()
	a.appToken = "xapp-1-" + a.id + "-" + secret()
	if m.Settings.TokenRotation {
		a.ends = ws.clock.Now().Add(rotatedAfter)
	}
	for _, s := range scopes {
		a.scopes[s] = true
	}
	for _, e := range m.Settings.Events.BotEvents {
		a.events[e] = true
	}
	ws.st.app = a
	ws.st.bot = &user{
		id: UserID(derivedID("U", m.botName()+"bot")), name: m.botName(), realName: m.DisplayInformation.Name,
		kind: KindBot, tz: "Etc/UTC", zone: time.UTC, updated: ws.clock.Now().Unix(),
	}
	ws.st.addUser(ws.st.bot)
}

// spawn runs f beside the caller; Close waits for it. After Close it does nothing
// and is false.
func (ws *Workspace) spawn(f func()) bool {
	ws.workMu.Lock()
	defer ws.workMu.Unlock()
	if ws.ctx.Err() != nil {
		return false
	}
	ws.work.Go(f)
	return true
}

// Close ends the workspace: sockets are closed, calls in flight are cut off. What
// the clock, Options.Actions or an event set going is waited for.
func (ws *Workspace) Close() error {
	ws.workMu.Lock()
	ws.cancel()
	ws.workMu.Unlock()
	ws.clock.Stop()
	ws.faults.release()
	ws.sockets.Close()
	err := ws.server.Close()
	ws.work.Wait()
	if err != nil {
		return fmt.Errorf("close workspace: %w", err)
	}
	return nil
}

// URL is the address of the workspace's page for people, without a slash at
// the end.
func (ws *Workspace) URL() string { return ws.url }

// APIURL is the address of the Web API; it ends in "/api/", as slack-go's
// OptionAPIURL wants it.
func (ws *Workspace) APIURL() string { return ws.url + "/api/" }

// BotToken is the token of the installed app's bot (xoxb-).
func (ws *Workspace) BotToken() string { return ws.st.app.botToken }

// AppToken is the app-level token that opens sockets (xapp-).
func (ws *Workspace) AppToken() string { return ws.st.app.appToken }

// Clock is the workspace's time.
func (ws *Workspace) Clock() *clock.Clock { return ws.clock }

// TeamID is the workspace's id.
func (ws *Workspace) TeamID() TeamID { return ws.st.team.id }

// AppID is the id of the installed app.
func (ws *Workspace) AppID() string { return ws.st.app.id }

// BotUserID is the id of the app's bot user.
func (ws *Workspace) BotUserID() UserID { return ws.st.bot.id }

// Sockets is the number of sockets the app has open.
func (ws *Workspace) Sockets() int { return ws.sockets.Count() }

// WaitFor returns when cond holds. cond is called at once and then after every
// change of the workspace; it may use any method that reads. The error is that
// of ctx.
func (ws *Workspace) WaitFor(ctx context.Context, cond func() bool) error {
	for {
		changed := ws.hub.wait()
		if cond() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait for the workspace: %w", context.Cause(ctx))
		case <-ws.ctx.Done():
			return fmt.Errorf("wait for the workspace: %w", net.ErrClosed)
		}
	}
}

// WaitConnected returns when the app has n sockets open.
func (ws *Workspace) WaitConnected(ctx context.Context, n int) error {
	return ws.WaitFor(ctx, func() bool { return ws.Sockets() >= n })
}

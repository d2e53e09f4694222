package bot

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/slack-go/slack"

	"cloudimage/bot/view"
	"cloudimage/commands"
	"cloudimage/workflow"
)

// Options is what a [Bot] is made of.
type Options struct {
	// BotToken (xoxb-) and AppToken (xapp-) are Slack's; both are needed.
	BotToken, AppToken string
	// APIURL is where Slack's Web API is, ending in a slash. Defaults to Slack's
	// own.
	APIURL string
	// KeepTiers paces calls within Slack's published tiers.
	KeepTiers bool
	// Command is the slash command, with its slash. Defaults to "/cloudimage".
	Command string
	// Names are what the systems around are called.
	Names view.Names
	// Teams says who is in a team when that is not left to user groups, and
	// Admins who may act in place of others.
	Teams  map[workflow.TeamID]TeamConfig
	Admins []workflow.UserID
	// Scopes are what the app's manifest asks for; the operator is told of those
	// that are missing.
	Scopes []string
	// Processes are the processes whose teams have to be known.
	Processes []*workflow.Definition
	// OnLeft, if set, is called when Slack says that somebody's account was
	// deactivated, once each time. The event is acknowledged when it returns, so
	// that what it writes down is not lost; it has two seconds.
	OnLeft func(workflow.UserID)
	// Shown is the store's side of what is shown in Slack.
	Shown Shown
	// Letters reads what messages show.
	Letters Letters
	// DrawEvery is the shortest time between two calls for one message.
	// Defaults to 500 ms.
	DrawEvery time.Duration
	// Now is the present time of the process. Defaults to time.Now.
	Now func() time.Time
	// Logger defaults to slog.Default.
	Logger *slog.Logger
	// Registry takes the metrics. Defaults to one of the bot's own.
	Registry prometheus.Registerer
}

// Bot is the door between Slack and the commands. It also knows people and
// teams, as far as Slack does.
type Bot struct {
	options    Options
	log        *slog.Logger
	metrics    *Metrics
	web        *web
	api        *slack.Client
	token      *tokenRecorder
	people     *people
	teams      *teams
	rooms      *rooms
	homes      *homes
	sockets    *sockets
	dispatcher *dispatcher
	publisher  *publisher
	desk       Desk

	noFiles  sync.Once // says in the log that files cannot be sent
	who      atomic.Pointer[Identity]
	prepared chan struct{} // closed when people and teams are known
	mu       sync.Mutex
	stir     chan struct{} // closed and replaced when something settles
}

// Desk answers requests.
type Desk interface {
	Do(ctx context.Context, req commands.Request) (commands.Reply, error)
}

// New makes a Bot. It can be asked about people at once, and answers requests
// after [Bot.Run] is called with a desk.
func New(o Options) (*Bot, error) {
	if o.BotToken == "" || o.AppToken == "" {
		return nil, errors.New("two tokens are needed: set SLACK_BOT_TOKEN (xoxb-) and SLACK_APP_TOKEN (xapp-)")
	}
	if o.APIURL == "" {
		o.APIURL = slack.APIURL
	}
	if o.Command == "" {
		o.Command = "/cloudimage"
	}
	if o.DrawEvery == 0 {
		o.DrawEvery = drawEvery
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Registry == nil {
		o.Registry = prometheus.NewRegistry()
	}
	b := &Bot{options: o, log: o.Logger, metrics: NewMetrics(o.Registry), stir: make(chan struct{}), prepared: make(chan struct{})}
	b.who.Store(&Identity{})
	b.web, b.token = newWeb(o, b.metrics)
	b.api = b.web.client
	b.people = newPeople(b.web, b.log, b.identity)
	b.teams = &teams{web: b.web, log: b.log, config: o.Teams, admins: o.Admins}
	b.rooms = &rooms{web: b.web, log: b.log}
	b.dispatcher = newDispatcher(b)
	b.publisher = newPublisher(b, o.DrawEvery)
	b.homes = newHomes(b)
	b.sockets = newSockets(b.log, b.metrics, b.dispatcher.take)
	return b, nil
}

// newWeb makes the way to Slack's Web API; its address is not empty. Beside it is
// what auth.test says of the bot's token.
func newWeb(o Options, m *Metrics) (*web, *tokenRecorder) {
	wire := http.DefaultTransport.(*http.Transport).Clone()
	wire.MaxIdleConnsPerHost = 32 // all calls go to one host
	foreign := !IsSlack(o.APIURL)
	token := &tokenRecorder{RoundTripper: &transport{RoundTripper: wire, api: o.APIURL, token: o.BotToken, foreign: foreign}}
	client := &http.Client{Transport: token, Timeout: 2 * callTimeout}
	api := slack.New(o.BotToken, slack.OptionAppLevelToken(o.AppToken), slack.OptionHTTPClient(client), slack.OptionAPIURL(o.APIURL))
	return &web{client: api, http: client, metrics: m, pace: newPace(o.KeepTiers), foreign: foreign}, token
}

func (b *Bot) identity() Identity { return *b.who.Load() }

// Profile implements [workflow.Directory].
func (b *Bot) Profile(ctx context.Context, id workflow.UserID) (workflow.Profile, error) {
	return b.people.profile(ctx, id)
}

// Roster implements [workflow.Directory].
func (b *Bot) Roster(def *workflow.Definition) workflow.Roster {
	return b.people.present(b.teams.roster(def))
}

// Wake tells the bot that something is to be drawn. It never waits.
func (b *Bot) Wake() { b.publisher.wake() }

// Prepared is closed when it is known who is who, as far as Slack says at the
// start.
func (b *Bot) Prepared() <-chan struct{} { return b.prepared }

// TokenEnds is when Slack says that the bot's token ends; zero for never.
func (b *Bot) TokenEnds() time.Time { return b.identity().Ends }

// Ready is nil while Slack reaches the bot, and else says in plain words what
// is likely wrong.
func (b *Bot) Ready() error { return b.sockets.ready() }

// Connected is closed when the first socket is open.
func (b *Bot) Connected() <-chan struct{} { return b.sockets.hello }

// Quiet reports whether no envelope is under way and no message is to be drawn
// now.
func (b *Bot) Quiet() bool { return b.dispatcher.quiet() && b.publisher.quiet() && b.homes.quiet() }

// Stirred is closed when it is worth asking again whether the bot is quiet.
func (b *Bot) Stirred() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.stir
}

func (b *Bot) stirred() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.stir)
	b.stir = make(chan struct{})
}

// drainWithin is how long a stop waits for the envelopes already taken.
const drainWithin = 5 * time.Second

// Run serves until ctx ends, and then finishes what it has taken: every
// envelope is answered, every drawing that was begun is sent. It returns early
// only when Slack refuses the tokens for good.
func (b *Bot) Run(ctx context.Context, desk Desk) error {
	b.desk = desk
	// The parts end one after the other: the sockets stay open until the last
	// acknowledgement is out.
	last, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)

	var parts sync.WaitGroup
	parts.Go(func() { b.dispatcher.run(last) })
	parts.Go(func() {
		if err := b.sockets.run(last, b.api); err != nil {
			cancel(err)
		}
	})
	parts.Go(func() {
		if err := b.preflight(ctx); err != nil {
			cancel(err)
		}
	})
	parts.Go(func() { b.publisher.run(ctx) })
	parts.Go(func() { b.homes.run(ctx) })
	parts.Go(func() { b.refresh(ctx) })

	<-ctx.Done()
	drain, done := context.WithTimeout(last, drainWithin)
	b.dispatcher.drain(drain)
	done()
	stop()
	parts.Wait()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// Waits before Slack is asked again who the bot is.
const (
	askFirst = 500 * time.Millisecond
	askMost  = 10 * time.Second
)

// listWithin is how long the first requests wait until everybody is known. In a
// large workspace that takes minutes; whoever acts before is looked up.
const listWithin = 2 * time.Second

// preflight learns who the bot is, who everybody else is and who is in which
// team, while the sockets connect. What is missing is said in plain words.
func (b *Bot) preflight(ctx context.Context) error {
	for wait := askFirst; ; wait = min(2*wait, askMost) {
		who, err := identify(ctx, b.web, b.token, b.options.Now)
		if err == nil {
			b.who.Store(&who)
			break
		}
		if _, fatal := errors.AsType[*TokenError](err); fatal {
			return err
		}
		if ctx.Err() != nil {
			return nil
		}
		b.log.Warn("Slack did not say who I am; trying again", "in", wait, "err", err)
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return nil
		}
	}
	who := b.identity()
	b.log.Info("this is me", "workspace", who.Team, "team", who.TeamID, "bot", who.UserID)
	if missing := who.lacks(b.options.Scopes); len(missing) > 0 {
		b.log.Warn("the app lacks scopes it needs; add them in the app's settings and install it again", "missing", missing)
	}
	var listing sync.WaitGroup
	defer listing.Wait()
	listed := make(chan struct{})
	listing.Go(func() {
		defer close(listed)
		b.people.load(ctx)
	})
	if b.teams.usesGroups(b.options.Processes) {
		b.teams.load(ctx)
	}
	enough := time.NewTimer(listWithin)
	defer enough.Stop()
	select {
	case <-listed:
	case <-enough.C: // the rest comes while people are already served
	}
	close(b.prepared)
	for _, def := range b.options.Processes {
		roster := b.Roster(def)
		for _, t := range def.Teams {
			if problem := roster.Teams[t.ID].Problem; !problem.IsZero() {
				b.log.Warn(problem.String(), "process", def.Name, "team", t.ID)
			}
		}
	}
	return nil
}

// refresh reads the user groups now and then, for changes no event told of.
func (b *Bot) refresh(ctx context.Context) {
	tick := time.NewTicker(groupRefresh)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if b.teams.usesGroups(b.options.Processes) {
				b.teams.load(ctx)
			}
		case <-ctx.Done():
			return
		}
	}
}

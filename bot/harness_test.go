package bot

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"cloudimage/commands"
	"cloudimage/slackdev"
	"cloudimage/workflow"
	"cloudimage/workflow/calendar"
	"cloudimage/workflow/images"
	"cloudimage/workflow/process"
	"cloudimage/workflow/reminder"
	"cloudimage/workflow/store"
)

// manifest is an app that may do all that the bot does.
const manifest = `
display_information: {name: cloudimage}
features:
  bot_user: {display_name: cloudimage}
  app_home: {home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false}
  slash_commands: [{command: /cloudimage, description: Partnerships, should_escape: true}]
oauth_config:
  scopes:
    bot: [commands, "chat:write", "users:read", "usergroups:read", "channels:read", "groups:read"]
settings:
  event_subscriptions: {bot_events: [app_home_opened, message.im, user_change, subteam_members_changed, subteam_updated]}
  interactivity: {is_enabled: true}
  socket_mode_enabled: true
`

// patience bounds every wait; nothing takes that long unless it is broken.
const patience = 20 * time.Second

// site is a bot in a workspace.
type site struct {
	*Bot
	t        *testing.T
	slack    *slackdev.Workspace
	registry *prometheus.Registry
	log      *logbook
	stop     func() error // stops the bot and says how it ended
}

// deskFunc answers requests.
type deskFunc func(ctx context.Context, req commands.Request) (commands.Reply, error)

// Do implements [Desk].
func (f deskFunc) Do(ctx context.Context, req commands.Request) (commands.Reply, error) {
	return f(ctx, req)
}

// says answers everything with the same words.
func says(words string) Desk {
	return deskFunc(func(context.Context, commands.Request) (commands.Reply, error) {
		return commands.Reply{Text: workflow.Say("%s", words)}, nil
	})
}

// newSite is a bot that does not run yet.
func newSite(t *testing.T, workspace slackdev.Options, change ...func(*Options)) *site {
	t.Helper()
	if workspace.Manifest == nil {
		workspace.Manifest = []byte(manifest)
	}
	slack, err := slackdev.Start(workspace)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { slack.Close() })
	s := &site{t: t, slack: slack, registry: prometheus.NewRegistry(), log: &logbook{}}
	processes, err := process.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	kept := openStore(t)
	o := Options{
		BotToken: slack.BotToken(), AppToken: slack.AppToken(), APIURL: slack.APIURL(),
		Processes: processes, Shown: kept, Letters: letters{kept}, DrawEvery: time.Millisecond,
		Logger: slog.New(slog.NewTextHandler(s.log, nil)), Registry: s.registry,
	}
	for _, f := range change {
		f(&o)
	}
	if s.Bot, err = New(o); err != nil {
		t.Fatal(err)
	}
	return s
}

// letters reads runs and builds from a store; nobody is reminded here.
type letters struct{ *store.Store }

func (letters) Morning(context.Context, workflow.UserID, string) (reminder.Morning, error) {
	return reminder.Morning{}, errors.New("there are no reminders")
}

func (l letters) News(ctx context.Context, plan images.PlanID) (images.News, error) {
	builds, err := l.BuildsOf(ctx, plan)
	n := images.News{Builds: builds, Left: make([]time.Duration, len(builds)), Now: time.Now()}
	if err == nil && builds[0].Order.Run != "" {
		n.Run, err = l.Run(ctx, builds[0].Order.Run)
	}
	return n, err
}

func (letters) Daily(context.Context, workflow.ChannelID, string) (reminder.Daily, error) {
	return reminder.Daily{}, errors.New("there are no reminders")
}

// start runs the bot until the test ends, and returns when it is connected and
// knows who is who.
func start(t *testing.T, desk Desk, workspace slackdev.Options, change ...func(*Options)) *site {
	t.Helper()
	s := newSite(t, workspace, change...)
	s.run(desk)
	s.await("the bot to be ready", s.Connected())
	s.await("people to be known", s.prepared)
	return s
}

// run runs the bot.
func (s *site) run(desk Desk) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, desk) }()
	s.stop = sync.OnceValue(func() error {
		cancel()
		select {
		case err := <-ended:
			return err
		case <-time.After(patience):
			return errors.New("the bot did not stop")
		}
	})
	s.t.Cleanup(func() {
		if err := s.stop(); err != nil {
			s.t.Error(err)
		}
		if s.t.Failed() {
			s.t.Logf("log:\n%s", s.log)
		}
	})
}

// await waits for a signal.
func (s *site) await(what string, signal <-chan struct{}) {
	s.t.Helper()
	select {
	case <-signal:
	case <-time.After(patience):
		s.t.Fatalf("waited for %s in vain; log:\n%s", what, s.log)
	}
}

// until waits until it holds; it is looked at with every change of the
// workspace.
func (s *site) until(what string, holds func() bool) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.slack.WaitFor(ctx, holds); err != nil {
		s.t.Fatalf("waited for %s: %v; log:\n%s", what, err, s.log)
	}
}

// counted is how many envelopes of a kind had an outcome.
func (s *site) counted(kind, outcome string) float64 {
	s.t.Helper()
	families, err := s.registry.Gather()
	if err != nil {
		s.t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() != "cloudimage_envelopes_total" {
			continue
		}
		for _, m := range f.GetMetric() {
			labels := map[string]string{}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			if labels["kind"] == kind && labels["outcome"] == outcome {
				return m.GetCounter().GetValue()
			}
		}
	}
	return 0
}

func openStore(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), store.Options{
		DSN: filepath.Join(t.TempDir(), "bot.db"), Calendars: everyDay(t), Parse: process.Load, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// oneCalendar serves all teams.
type oneCalendar struct{ *calendar.Calendar }

func everyDay(t *testing.T) workflow.Calendars {
	t.Helper()
	c, err := calendar.New(calendar.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return oneCalendar{c}
}

// After implements [workflow.Calendars].
func (c oneCalendar) After(_ workflow.TeamID, from time.Time, n int) time.Time {
	return c.Deadline(from, n)
}

// Before implements [workflow.Calendars].
func (c oneCalendar) Before(_ workflow.TeamID, target workflow.Date, n int) time.Time {
	return c.Calendar.Before(calendar.DateOf(target.Time()), n)
}

// At implements [workflow.Calendars].
func (c oneCalendar) At(_ workflow.TeamID, date workflow.Date) time.Time {
	return c.Closing(calendar.DateOf(date.Time()))
}

// Opening implements [workflow.Calendars].
func (c oneCalendar) Opening(_ workflow.TeamID, from time.Time, n int) time.Time {
	return c.Calendar.Opening(c.Shift(c.Date(from), n))
}

// Between implements [workflow.Calendars].
func (c oneCalendar) Between(_ workflow.TeamID, from, to time.Time) int {
	return c.Calendar.Between(from, to)
}

// logbook is a log that can be read while it is written.
type logbook struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// mentions reports whether the text holds all of the words.
func mentions(text string, words ...string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

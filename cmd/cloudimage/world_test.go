package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"cloudimage/providers/gitlab/gitlabsim"
	"cloudimage/slackdev"
	"cloudimage/workflow"
	"cloudimage/workflow/process"
)

// scenarioStart is a Friday morning, so that weekends come up early.
var scenarioStart = time.Date(2026, time.November, 20, 9, 0, 0, 0, time.UTC)

// patience bounds one step of a scenario; nothing waits that long unless it is
// broken.
const patience = 2 * time.Minute

// world is a Slack workspace with the program in it, and who acts there. It
// comes into being with the first act.
type world struct {
	dir       string
	options   slackdev.Options
	config    string        // a file; empty for none
	drawEvery time.Duration // see bot.Options

	slack *slackdev.Workspace
	app   *App
	stop  func() error
	down  bool // the program was stopped, and is not to start by itself
	log   *logbook

	person  *slackdev.Person
	channel string
	thread  slackdev.TS // the card whose thread they look at; empty for the channel
	home    bool
	// unsettled is what kept the program from catching up while the clock moved.
	unsettled error

	withGitLab bool
	gitlab     *gitlabsim.Server // nil while there is none
	gitlabURL  string
	// aroundGitLab is put around GitLab; nil for nothing.
	aroundGitLab func(http.Handler) http.Handler
	stopGitLab   func() error
	apiMu        sync.Mutex
	api          error  // what of the calls GitLab does not publish
	token        string // for GitLab
	withReleases bool
	releasesOff  []string      // sources that are not watched
	releases     *releaseStand // nil while there are none
	withCloud    bool
	cloudRegions []string    // that its account has; nil for the usual ones
	cloud        *cloudStand // AWS; nil while there is none
	withAzure    bool
	azure        *azureStand // nil while there is none
	googleKey    string      // for Google Drive
	drive        *Drive
	at           string // where in GitLab somebody acts
	last         slackdev.Outcome
	counted      map[string]int
}

func newWorld(dir string) *world {
	return &world{
		dir: dir, channel: "#cloud-images", counted: map[string]int{}, log: &logbook{}, drawEvery: time.Millisecond,
		options: slackdev.Options{Manifest: slackManifest, Now: scenarioStart, IDSeed: 1},
	}
}

// startWorld is a world of a Go test, for what scenarios have no words for.
func startWorld(t testing.TB, change func(*world)) *world {
	t.Helper()
	w := newWorld(t.TempDir())
	if change != nil {
		change(w)
	}
	t.Cleanup(func() {
		if err := w.end(); err != nil {
			t.Error(err)
		}
	})
	if err := w.start(); err != nil {
		t.Fatal(err)
	}
	return w
}

// start brings the world into being, or the program back into it.
func (w *world) start() error {
	if w.slack == nil {
		var err error
		if w.slack, err = slackdev.Start(w.options); err != nil {
			return err
		}
		w.slack.Clock().StopAt(func(ctx context.Context) (time.Time, bool) {
			if w.app == nil {
				return time.Time{}, false
			}
			return w.app.NextDue(ctx)
		})
		w.slack.Clock().OnAdvance(func(ctx context.Context, _ time.Time) {
			if w.app == nil {
				return
			}
			w.app.FireDue(ctx)
			w.unsettled = errors.Join(w.unsettled, w.app.Settle(ctx))
		})
	}
	if w.app != nil {
		return nil
	}
	if err := w.startGitLab(); err != nil {
		return err
	}
	if err := w.startReleases(); err != nil {
		return err
	}
	if err := w.startCloud(); err != nil {
		return err
	}
	config, err := loadConfig(w.config)
	if err != nil {
		return err
	}
	if err := w.configureReleases(&config); err != nil {
		return err
	}
	if err := w.configureGitLab(&config); err != nil {
		return err
	}
	if w.drive != nil {
		config.Drive = w.drive
	}
	if len(config.Admins) == 0 {
		config.Admins = []workflow.UserID{"U0INES"}
	}
	processes, err := process.LoadFiles(config.Processes)
	if err != nil {
		return err
	}
	settings := Settings{
		BotToken: w.slack.BotToken(), AppToken: w.slack.AppToken(), APIURL: w.slack.APIURL(),
		GitLabToken: w.token, GoogleKey: w.googleKey, DB: w.database(), Config: config, Processes: processes,
		Now: w.slack.Clock().Now, DrawEvery: w.drawEvery,
		Logger: slog.New(slog.NewTextHandler(w.log, nil)),
	}
	if err := w.configureCloud(&settings); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	app, err := NewApp(ctx, settings)
	if err != nil {
		cancel()
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- app.Run(ctx) }()
	w.app = app
	w.stop = func() error {
		cancel()
		err := <-ended
		w.app, w.stop = nil, nil
		return errors.Join(err, app.Close())
	}
	wait, done := context.WithTimeout(ctx, patience)
	defer done()
	for _, event := range []<-chan struct{}{app.bot.Connected(), app.bot.Prepared()} {
		select {
		case <-event:
		case <-wait.Done():
			return errors.New("the program did not connect")
		}
	}
	if w.withReleases {
		app.FireDue(wait) // what is out by now was out before anybody watched
	}
	return nil
}

func (w *world) database() string { return filepath.Join(w.dir, "test.db") }

// end stops the program and the workspace.
func (w *world) end() (err error) {
	if w.stop != nil {
		err = w.stop()
	}
	if w.slack != nil {
		err = errors.Join(err, w.slack.Close())
	}
	if w.releases != nil {
		err = errors.Join(err, w.releases.close())
	}
	if w.cloud != nil {
		err = errors.Join(err, w.cloud.stop())
	}
	if w.azure != nil {
		err = errors.Join(err, w.azure.stop())
	}
	if w.stopGitLab != nil {
		err = errors.Join(err, w.stopGitLab(), w.api)
	}
	return err
}

func (w *world) settle() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return w.app.Settle(ctx)
}

// as makes somebody the one who acts.
func (w *world) as(name string) { w.person, w.home = w.slack.User(name), false }

// screen is what the person looks at: the modal, else Home, else the channel.
func (w *world) screen() string {
	if w.person == nil {
		return ""
	}
	if v, ok := w.person.Modal(); ok {
		return v.Text()
	}
	if w.home {
		v, _ := w.person.Home()
		return v.Text()
	}
	if w.thread != "" {
		return w.person.SeesThread(w.channel, w.thread)
	}
	return w.person.Sees(w.channel)
}

// underCard makes the person look at the thread of the newest card.
func (w *world) underCard() error {
	for _, m := range slices.Backward(w.person.Messages(w.channel)) {
		if isCard(m) && !m.Ephemeral {
			w.thread, w.home = m.TS, false
			return nil
		}
	}
	return errors.New("there is no card")
}

// told is what the person was answered with: the modal, else the newest message
// that only they see.
func (w *world) told() string {
	if v, ok := w.person.Modal(); ok {
		return v.Text()
	}
	text := ""
	said := w.person.Messages(w.channel)
	if w.thread != "" {
		said = w.person.Thread(w.channel, w.thread)
	}
	for _, m := range said {
		if m.Ephemeral {
			text = m.Text()
		}
	}
	return text
}

// file is the newest file of that name that the person sees in the channel, or in
// the thread they look at.
func (w *world) file(name string) (slackdev.File, bool) {
	seen := w.person.Messages(w.channel)
	if w.thread != "" {
		seen = w.person.Thread(w.channel, w.thread)
	}
	for _, m := range slices.Backward(seen) {
		for _, id := range slices.Backward(m.Files) {
			if f, ok := w.person.File(id); ok && f.Name == name {
				return f, true
			}
		}
	}
	return slackdev.File{}, false
}

// count is how many messages of the bot everybody in the channel sees, and how
// many of them are cards.
func (w *world) count() (messages, cards int) {
	for _, m := range w.person.Messages(w.channel) {
		if !m.Bot || m.Ephemeral {
			continue
		}
		messages++
		if isCard(m) {
			cards++
		}
	}
	return messages, cards
}

// target is the control of that name on what the person looks at.
func (w *world) target(control string) slackdev.Target {
	if _, ok := w.person.Modal(); ok {
		return slackdev.InModal(control)
	}
	if w.home {
		return slackdev.InHome(control)
	}
	return slackdev.In(w.channel, control)
}

// advance moves the clock, which stops at each moment at which something is due,
// and settles there before it goes on.
func (w *world) advance(to time.Time) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if w.app != nil { // it may be down
		if err := w.app.Settle(ctx); err != nil {
			return err
		}
	}
	w.unsettled = nil
	return errors.Join(w.slack.Clock().AdvanceTo(ctx, to), w.unsettled)
}

// regroup gives a user group other members, and waits until the program knows.
func (w *world) regroup(handle string, names ...string) error {
	members := make([]workflow.UserID, len(names))
	for i, n := range names {
		members[i] = workflow.UserID(w.slack.User(n).ID())
	}
	return errors.Join(w.slack.SetUserGroup(handle, names...), w.known(func() bool {
		for _, def := range w.app.settings.Processes {
			for _, t := range def.Teams {
				if t.Group == handle && slices.Equal(w.app.bot.Roster(def).Teams[t.ID].Members, members) {
					return true
				}
			}
		}
		return false
	}))
}

// leave deactivates a person's account, and waits until the program knows.
func (w *world) leave(name string) error {
	id := workflow.UserID(w.slack.User(name).ID())
	return errors.Join(w.slack.ChangeUser(name, func(u *slackdev.SeedUser) { u.Kind = slackdev.KindDeleted }), w.known(func() bool {
		p, err := w.app.bot.Profile(context.Background(), id)
		return err == nil && p.Deactivated
	}))
}

// known waits until the program has learned something from an event.
func (w *world) known(fact func() bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		stirred := w.app.bot.Stirred()
		if fact() {
			return w.settle()
		}
		select {
		case <-stirred:
		case <-ctx.Done():
			return errors.New("the program has not learned of it")
		}
	}
}

// failure describes what went wrong together with all there is to see.
func (w *world) failure(err error) string {
	return fmt.Sprintf("%v; on the screen:\n%s\nlog:\n%s", err, w.screen(), w.log)
}

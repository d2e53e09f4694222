package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"cloudimage/slackdev"
	"cloudimage/workflow"
	"cloudimage/workflow/process"
	"cloudimage/workflow/store"
)

// This file decides what the demo opens on: a scene that people have acted out before,
// what a kept database holds, or nothing.

// opening is what the demo opens on.
type opening struct {
	scene *scene // nil for none
	words string // what whoever has opened the page is told first
	hints func(now func() time.Time) []slackdev.Hint

	now atomic.Pointer[func() time.Time] // of the clock, once the scene is set
}

// guide is what shows newcomers around, once the scene is set.
func (o *opening) guide() []slackdev.Hint {
	now := o.now.Load()
	if now == nil || o.hints == nil {
		return nil
	}
	return o.hints(*now)
}

// begins is when the workspace's clock begins; zero for now.
func (o *opening) begins() time.Time {
	if o.scene == nil {
		return time.Time{}
	}
	return o.scene.begins()
}

// What the terminal says first.
const (
	wordsOfEmpty = `  You are ana, a partnership manager. Type /cloudimage new in #cloud-images,
  and switch to omar, maya and the others with the menu at the top.`
	wordsOfKept = `  It goes on with what the database holds. You are ana, a partnership manager; switch
  to omar, maya and the others with the menu at the top.`
	wordsOfScene = `  You are ana, a partnership manager, on an ordinary day: one partnership is launched,
  one is about to be, one has something late, and one has just begun. The card on the
  page shows you around. Switch to omar, maya and the others with the menu at the top.`
)

// opening decides it.
func (c *demoCmd) opening(ctx context.Context, s Settings, seed *slackdev.Seed, play *releasePlay) (*opening, error) {
	if c.Empty {
		return &opening{words: wordsOfEmpty}, nil
	}
	kept, err := hasRuns(ctx, s)
	if err != nil || kept {
		return &opening{words: wordsOfKept}, err
	}
	var publish func(context.Context) error
	if !c.NoReleases {
		publish = func(ctx context.Context) error {
			v, _ := workflow.ParseVersion(sceneRelease)
			return play.publish(ctx, v, true)
		}
	}
	scene, err := demoScene(time.Now(), seed, s.Config.product().Name, publish)
	return &opening{scene: scene, words: wordsOfScene, hints: sceneGuide}, err
}

// hasRuns reports whether a database that is kept holds runs already.
func hasRuns(ctx context.Context, s Settings) (found bool, err error) {
	days, err := newCalendars(s.Config)
	if err != nil {
		return false, err
	}
	kept, err := store.Open(ctx, store.Options{DSN: s.DB, Calendars: days, Parse: process.Load, Now: time.Now, Logger: s.Logger})
	if err != nil {
		return false, err
	}
	err = kept.Each(ctx, func(*workflow.Run) error { found = true; return nil })
	return found, errors.Join(err, kept.Close())
}

// play acts the scene out, if there is one, and returns when the clock is at the present.
func (o *opening) play(ctx context.Context, out io.Writer, slack *slackdev.Workspace, app *App) error {
	if o.scene == nil {
		return nil
	}
	fmt.Fprintf(out, "\n  Setting the scene: the people of the demo work through %d weeks; it takes a few seconds…\n", int(time.Since(o.begins()).Hours()/24/7+0.5))
	select {
	case <-app.bot.Prepared():
	case <-ctx.Done():
		return nil // what ended it is told by who ended it
	}
	people := &players{slack: slack, app: app, channel: sceneChannel}
	err := o.scene.play(ctx, people)
	if err == nil {
		err = people.until(ctx, time.Now()) // it took a moment
	}
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return fmt.Errorf("set the demo's scene: %w; --empty begins without it", err)
	}
	now := slack.Clock().Now
	o.now.Store(&now)
	return nil
}

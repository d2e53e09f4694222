package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
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
	scene *scene                         // nil for none
	words string                         // what whoever has opened the page is told first
	hints func(*players) []slackdev.Hint // asked once, when the scene is set

	shown atomic.Pointer[[]slackdev.Hint] // nil before
}

// guide is what shows newcomers around, once the scene is set.
func (o *opening) guide() []slackdev.Hint {
	if hints := o.shown.Load(); hints != nil {
		return *hints
	}
	return nil
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
	wordsOfReplay = `  A month of %s, as far as the people of its teams have come; something
  is late. The card on the page shows you around; switch between the people with the
  menu at the top.`
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
	own, err := ownProcesses(s.Processes)
	if err != nil {
		return nil, err
	}
	if len(own) == 0 && len(s.Config.Product.Editions) < 2 {
		own = s.Processes // our scene is about a product with two
	}
	if len(own) > 0 {
		return openingOf(own, s.Config.product().Name, seed, publish)
	}
	scene, err := demoScene(time.Now(), seed, Product{Name: s.Config.product().Name, Editions: s.Config.Product.Editions}, publish)
	return &opening{scene: scene, words: wordsOfScene, hints: func(p *players) []slackdev.Hint { return sceneGuide(p.slack.Clock().Now) }}, err
}

// openingOf is a month of processes that are not ours.
func openingOf(own []*workflow.Definition, product string, seed *slackdev.Seed, publish func(context.Context) error) (*opening, error) {
	scene, err := newScene(time.Now(), seed)
	if err != nil {
		return nil, err
	}
	runs := scene.replay(own, product, publish)
	if len(runs) == 0 {
		return &opening{words: wordsOfEmpty}, nil
	}
	titles := make([]string, len(own))
	for i, def := range own {
		titles[i] = "“" + def.Title + "”"
	}
	return &opening{
		scene: scene,
		words: fmt.Sprintf(wordsOfReplay, strings.Join(titles, ", ")),
		hints: func(p *players) []slackdev.Hint { return replayGuide(p, runs) },
	}, nil
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
	for _, event := range []<-chan struct{}{app.bot.Connected(), app.bot.Prepared()} {
		select {
		case <-event:
		case <-ctx.Done():
			return nil // what ended it is told by who ended it
		}
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
	hints := o.hints(people)
	o.shown.Store(&hints)
	return nil
}

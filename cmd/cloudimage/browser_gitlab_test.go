package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	tab "github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// errandsProcess has steps that want no evidence, so that a tick is all there is to
// them.
const errandsProcess = `process: first-time-image
title: First-time image
subject: partnership
goal: To try what ticks do.
owner: strategic-partnerships
teams:
  - { id: strategic-partnerships, name: Strategic Partnerships, does: Relationship, group: strategic-partnerships }
stages:
  - id: one
    title: Begin
    team: strategic-partnerships
    steps:
      - { id: create-issue, title: Create the issue, evidence: [{ id: issue, label: Issue, type: link, fact: issue, tracks: issue }], due: { after_open: 1 } }
      - { id: hello, title: Say hello, due: { after_open: 1 } }
      - { id: meet, title: Meet them, due: { after_open: 1 } }
`

// The demo's GitLab beside its Slack: the issue behind the link on the card, and
// what a tick there does here.
func slackAndGitLab(t *testing.T, browser context.Context) {
	file := filepath.Join(t.TempDir(), "errands.yaml")
	if err := os.WriteFile(file, []byte(errandsProcess), 0o600); err != nil {
		t.Fatal(err)
	}
	demo := startDemo(t, "--gitlab-addr", "127.0.0.1:0", "--process", file)
	pictures := newPictures(t)

	ana := openWindow(t, browser, "ana", demo.address)
	ana.opens("cloud-images")
	ana.runs("/cloudimage new")
	ana.fills("Partner", "DigitalOcean")
	ana.fills("Provider", "Other")
	ana.fills("Listings to launch", "CE image")
	ana.fills("Target launch date", launchDay(time.Now()).Format(time.DateOnly))
	ana.submits()
	ana.card("1 of 3 steps") // the issue is there
	pictures.page("gitlab-card", ana, theCard)

	// The link leads to the issue, where she is ana as well.
	issue := ana.follows("/-/issues/1")
	issue.reads("DigitalOcean: First-time image", "1 of 3", "confidential")
	pictures.window("gitlab-issue", issue)
	issue.ticks("Say hello")
	ana.looks()
	ana.card("2 of 3 steps")
	pictures.page("gitlab-ticked", ana, theCard)

	// The days may be let pass: GitLab's clock is Slack's.
	ana.movesClockTo(time.Now().UTC().AddDate(0, 0, 3))

	// Pat is nobody in Slack: their tick is a proposal, which ana accepts in Slack.
	issue.looks()
	issue.is("pat")
	issue.ticks("Meet them")
	ana.looks()
	ana.card("ticked in GitLab by pat (GitLab)")
	pictures.page("gitlab-proposal", ana, theCard)
	ana.opens("dm")
	pictures.window("gitlab-asked", ana)
	ana.clicks("Accept, done", "Meet them")
	ana.opens("cloud-images")
	ana.card("Launched")

	// And the issue says so, and is closed.
	issue.looks()
	issue.shows("3 of 3 done")
	issue.shows("closed")
	pictures.window("gitlab-done", issue)
	if log := demo.log.String(); strings.Contains(log, "level=ERROR") || strings.Contains(log, "level=WARN") {
		t.Errorf("the program complained:\n%s", log)
	}
}

// follows presses a link of the card, and is the window that it opens.
func (w *window) follows(address string) *window {
	w.t.Helper()
	opened := chromedp.WaitNewTarget(w.ctx, func(i *tab.Info) bool { return strings.Contains(i.URL, address) })
	w.press(address, `person.all('.message-list [data-testid="message"] a').find((a) => a.href.includes(`+quoted(address)+`))`)
	select {
	case id := <-opened:
		ctx, closeTab := chromedp.NewContext(w.ctx, chromedp.WithTargetID(id))
		w.t.Cleanup(closeTab)
		// The context of the first step is the window's: when it ends, so does the window.
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 1000)); err != nil {
			w.fail("%v", err)
		}
		return &window{w.t, ctx, w.name}
	case <-time.After(patience):
		w.fail("the link %s opens nothing", address)
		return nil
	}
}

// The rest is for windows that show GitLab's pages, which have no script: an answer
// is another page.

// looks brings a window to the front: of two tabs the hidden one stands still.
func (w *window) looks() {
	w.t.Helper()
	w.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.BringToFront, cdp.Empty{})
		return err
	}))
}

// reads waits until the page says all the words.
func (w *window) reads(words ...string) {
	w.t.Helper()
	for _, each := range words {
		w.until(`person.words(document.body).includes(` + quoted(each) + `)`)
	}
}

// shows loads the page anew until it says the words.
func (w *window) shows(words string) {
	w.t.Helper()
	for began := time.Now(); !ask[bool](w, words, `person.words(document.body).includes(`+quoted(words)+`)`); {
		if time.Since(began) > patience {
			w.fail("it never says %q", words)
		}
		w.do(chromedp.Reload())
	}
}

// turns presses what leads to another page, and waits for it.
func (w *window) turns(what, expression string) {
	w.t.Helper()
	at := ask[struct{ X, Y float64 }](w, "cannot press "+what, `person.aim(() => `+expression+`)`)
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.MouseClickXY(at.X, at.Y)); err != nil {
		w.fail("pressing %s: %v", what, err)
	}
}

// is chooses who looks.
func (w *window) is(name string) {
	w.t.Helper()
	ask[bool](w, name, `((document.getElementById('who').value = `+quoted(name)+`), true)`)
	w.turns("Switch", `person.among('header button', 'Switch')`)
	w.name = name
}

// ticks ticks a box of the text.
func (w *window) ticks(words string) {
	w.t.Helper()
	w.turns(words, `[...document.querySelectorAll('.text li')].find((li) => person.words(li).includes(`+quoted(words)+`))?.querySelector('form.box button')`)
}

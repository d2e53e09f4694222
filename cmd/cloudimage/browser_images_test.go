package main

import (
	"context"
	"strings"
	"testing"
	"time"
)

// The images of a release in a browser: planned, made in the demo's AWS, stuck in one
// region and tried again, signed by two people, and live.
func fromReleaseToImages(t *testing.T, browser context.Context) {
	demo := startDemo(t, "--no-gitlab", "--releases-addr", "127.0.0.1:0", "--aws-addr", "127.0.0.1:0")
	pictures := newPictures(t)
	at := nextMonday(time.Now()).Add(10 * time.Hour)
	later := func(w *window, d time.Duration) {
		t.Helper()
		at = at.Add(d)
		w.movesClockTo(at)
	}

	ana := openWindow(t, browser, "ana", demo.address)
	omar := openWindow(t, browser, "omar", demo.as("omar"))
	for _, w := range []*window{ana, omar} {
		w.opens("cloud-images")
	}
	omar.movesClockTo(at)
	omar.publishes("Publish release 17.6.2 (security)")
	omar.card("GitLab 17.6.2: security update, 5 listings")

	// He sees what would be made, and has it made.
	omar.asks("Build the rest…")
	omar.sees("Azure (2 images)")
	omar.sees("By hand (1)")
	pictures.window("images-ways", omar)
	omar.clicks("Plan…", "AWS")
	omar.sees("AWS, account …9012, which matches the configuration; built in us-east-1")
	omar.sees("In 6 regions")
	pictures.window("images-plan", omar)
	pictures.sized("images-plan-whole", omar, theModal, 1280, 1800)
	pictures.sized("images-plan-phone", omar, theModal, 390, 844)
	omar.submits()
	omar.sees("2 builds have begun")
	pictures.window("images-begun", omar)
	omar.pressID("modal-close")
	omar.until(`person.modal() === ''`)

	// One region is to fail; the thread tells how they go.
	omar.publishes("Let the next copy fail (eu-west-1)")
	later(omar, 20*time.Minute)
	omar.card("building, about until")
	pictures.message("images-card", omar, theCard)
	omar.opensThread()
	omar.hears("GitLab 17.6.2: 2 images in AWS …9012")
	pictures.sized("images-thread", omar, theThread, 1280, 1300)
	later(omar, 70*time.Minute)
	omar.hears("✗ eu-west-1 failed")
	omar.hears("The image is missing in that region.")
	omar.hears("waits for 2 signatures")
	pictures.sized("images-stuck", omar, theThread, 1280, 1300)
	pictures.sized("images-stuck-phone", omar, theThread, 390, 844)
	omar.says("stuck")
	omar.clicks("Try again")
	omar.hearsNot("eu-west-1 failed")
	later(omar, 30*time.Minute)
	omar.hearsNot("copies to 5 regions")
	pictures.sized("images-built", omar, theThread, 1280, 1300)

	// Both sign what it is.
	omar.asks("Review and sign…")
	omar.sees("EE image on AWS: AWS, account …9012, 6 regions")
	pictures.window("images-sign", omar)
	omar.submits()
	omar.says("@omar signed")
	ana.asks("Review and sign…")
	ana.sees("@omar signed")
	ana.submits()
	ana.card("@omar signed", "@ana signed")

	later(omar, 15*time.Minute)
	omar.hears("public")
	pictures.sized("images-public", omar, theThread, 1280, 1300)
	later(omar, 3*time.Hour)
	omar.hears("live, on AWS Marketplace and public in 6 regions: ami-")
	pictures.sized("images-live", omar, theThread, 1280, 1300)
	pictures.sized("images-live-phone", omar, theThread, 390, 844)
	omar.says("2 of 5 listings live")
	omar.pressID("thread-close")
	pictures.page("images-live-card", omar, theCard)

	omar.runs("/cloudimage board")
	omar.sees("3 listings are behind; 2 current, 1 needs no image maintenance.")
	pictures.page("images-board", omar, theNewest)

	// One of them is public no more, and is made so again.
	omar.publishes("Make a public image private")
	later(omar, 25*time.Hour)
	omar.runs("/cloudimage verify")
	omar.sees("Make public again")
	pictures.window("images-verify", omar)
	if log := demo.log.String(); strings.Contains(log, "level=ERROR") || strings.Contains(log, "level=WARN") {
		t.Errorf("the program complained:\n%s", log)
	}
}

// opensThread opens the thread of the card.
func (w *window) opensThread() {
	w.t.Helper()
	w.press("replies", `person.among('[data-testid="replies"]', '')`)
	w.until(`person.testid('thread-list')`)
}

// hears waits until the thread says the words; hearsNot until it does not.
func (w *window) hears(words string) {
	w.t.Helper()
	w.until(`person.words(person.testid('thread-list')).includes(` + quoted(words) + `)`)
}

func (w *window) hearsNot(words string) {
	w.t.Helper()
	w.until(`!person.words(person.testid('thread-list')).includes(` + quoted(words) + `)`)
}

const (
	theModal  = `dialog.modal[open]`
	theThread = `[data-testid="thread-list"] [data-testid="message"]:has([data-block-type="section"] ~ [data-block-type="section"])` // in it, how builds stand
)

// sized saves the page at another size, with what the picture is of at its top.
func (p *pictures) sized(name string, w *window, which string, width, height int64) {
	p.t.Helper()
	p.look(w, which, width, height, 1, func() { p.window(name, w) })
}

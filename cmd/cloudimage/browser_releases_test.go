package main

import (
	"context"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The releases of the demo in a browser: one that is published with a click, what
// people do about it, and the next one, which goes on with what was left.
func oneReleaseAndTheNext(t *testing.T, browser context.Context) {
	demo := startDemo(t, "--no-gitlab", "--releases-addr", "127.0.0.1:0")
	pictures := newPictures(t)

	ana := openWindow(t, browser, "ana", demo.address)
	omar := openWindow(t, browser, "omar", demo.as("omar"))
	maya := openWindow(t, browser, "maya", demo.as("maya"))
	for _, w := range []*window{ana, omar} {
		w.opens("cloud-images")
	}
	omar.movesClockTo(nextMonday(time.Now()).Add(10 * time.Hour)) // so that no weekend is near

	// One click, and the card of a security update is there.
	omar.publishes("Publish release 17.6.2 (security)")
	omar.card("GitLab 17.6.2: security update, 5 listings", "0 of 5 listings live", "lists security fixes", "2 signatures wanted")
	pictures.message("release", omar, theCard)
	omar.opens("dm")
	omar.sees("You have the next move on GitLab 17.6.2")

	// The board has what is to have an image, and what needs none.
	omar.opens("cloud-images")
	omar.runs("/cloudimage board")
	omar.sees("5 listings are behind; 0 current, 1 needs no image maintenance.")
	omar.sees("CE image on DigitalOcean 17.6.1 → 17.6.2")
	omar.sees("EE Omnibus package on Linode no image maintenance needed")

	// He signs what goes live; she is asked, in her message and on Home, and signs too.
	omar.asks("Review and sign…")
	omar.sees("2 signatures are missing")
	omar.submits()
	omar.card("@ana is asked")
	ana.opens("dm")
	ana.sees("Go live: your signature is wanted.")
	ana.pressID("home-tab")
	ana.sees("GitLab 17.6.2: your signature is wanted before it goes live")
	ana.asks("Review and sign…", "GitLab 17.6.2")
	ana.sees("@omar signed")
	ana.submits()
	ana.opens("cloud-images")
	ana.card("@omar signed", "@ana signed")

	// For the texts one click is enough.
	maya.opens("dm")
	maya.clicks("No change needed")
	maya.sees("Nothing on GitLab 17.6.2 waits for you now.")
	ana.card("✓ 2 Technical Info")

	// Three listings are live when the next release comes out. It goes on with the others.
	omar.opens("dm")
	for listing, image := range map[string]string{"EE image on AWS": "ami-0e1", "CE image on AWS": "ami-0c1", "EE image on Azure": "17.6.2"} {
		omar.asks("Done", listing)
		omar.fills("Image", image)
		omar.submits()
	}
	ana.card("3 of 5 listings live")
	omar.movesClockTo(nextMonday(time.Now()).AddDate(0, 0, 3).Add(10 * time.Hour))
	omar.publishes("Publish release 17.7.0")
	omar.opens("cloud-images")
	omar.says("Superseded today by GitLab 17.7.0 (R-2), which goes on with what was left. 3 of 5 listings live.")
	omar.says("GitLab 17.7.0: release, 5 listings")

	// What is late is on the board, and in the picture that is shared.
	omar.opens("dm")
	omar.asks("Done", "EE image on AWS")
	omar.fills("Image", "ami-0e2")
	omar.submits()
	omar.opens("cloud-images")
	omar.runs("/cloudimage board")
	omar.sees("4 listings are behind, 2 late; 1 current")
	omar.sees("security, 2 business days late, with @omar")
	pictures.page("board", omar, theNewest)
	omar.clicks("Share as a picture")
	omar.until(`person.all('` + theNewest + ` img').some((image) => image.complete && image.naturalWidth >= 900)`)
	pictures.shared("heatmap", omar)
	if log := demo.log.String(); strings.Contains(log, "level=ERROR") || strings.Contains(log, "level=WARN") {
		t.Errorf("the program complained:\n%s", log)
	}
}

// publishes presses a button of the panel that lets things happen in the world around.
func (w *window) publishes(label string) {
	w.t.Helper()
	w.pressID("actions")
	w.press(label, `person.among('[data-testid="act"]', `+quoted(label)+`)`)
	w.until(`person.words(person.testid('acts-status')).startsWith('Done')`)
	w.pressID("actions")
	w.until(`!person.testid('acts-status')`)
}

// says waits until one of the cards says the words.
func (w *window) says(words string) {
	w.t.Helper()
	w.until(`person.cards().some((card) => card.includes(` + quoted(words) + `))`)
}

// shared saves the picture that was shared last, as it is.
func (p *pictures) shared(name string, w *window) {
	p.t.Helper()
	if p.dir == "" {
		return
	}
	png := ask[string](w, name, `fetch(person.all('.message-list img').at(-1).src).then((answer) => answer.bytes()).then((bytes) => bytes.toBase64())`)
	data, err := base64.StdEncoding.DecodeString(png)
	if err != nil {
		p.t.Fatalf("picture %s: %v", name, err)
	}
	if err := os.WriteFile(filepath.Join(p.dir, name+".png"), data, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

package main

import (
	"context"
	"strings"
	"testing"
)

// Whoever opens the demo for the first time follows its guide from the first card to the
// last, doing what each asks for.
func theFirstMinute(t *testing.T, browser context.Context) {
	demo := startDemoAs(t, "--no-gitlab", "--no-aws", "--no-azure", "--releases-addr", "127.0.0.1:0")
	pictures := newPictures(t)
	ana := openWindow(t, browser, "ana", demo.address)
	guide := func(words string) {
		t.Helper()
		ana.until(`person.words(person.testid('guide')).includes(` + quoted(words) + `)`)
	}
	point := func(label string) {
		t.Helper()
		ana.press(label, `person.all('.pointed')[0]`)
	}

	guide("1 of 5")
	ana.until(`person.all('.pointed').length === 1`)
	pictures.window("demo", ana)
	pictures.phone("demo-phone", ana, theCard)
	point("Brief and links")
	ana.until(`person.modal() !== ''`)
	ana.pressID("modal-close")

	guide("2 of 5")
	point("Done…")
	ana.until(`person.modal() !== ''`)
	ana.fills("The Cloud Partner's documentation", "https://community.exoscale.com/")
	ana.submits()
	guide("3 of 5")
	ana.says("2 of 14 steps")

	ana.pressID("guide-take")
	ana.until(`document.documentElement.dataset.as === 'U0OMAR'`)
	ana.sees("It is time to ask again.")
	pictures.window("guide-omar", ana)
	point("They answered…")
	ana.until(`person.modal() !== ''`)
	ana.fills("What did they say?", "It is in review.")
	ana.submits()

	guide("4 of 5")
	point("the clock")
	ana.press("Next working morning", `person.testid('clock-morning')`)
	guide("5 of 5")
	ana.press("the inspector", `person.testid('inspector-toggle')`)
	guide("That was the guide.")
	pictures.window("guide-end", ana)
	ana.pressID("guide-dismiss")
	ana.until(`!person.testid('guide')`)
	if log := demo.log.String(); strings.Contains(log, "level=ERROR") || strings.Contains(log, "level=WARN") {
		t.Errorf("the program complained:\n%s", log)
	}
}

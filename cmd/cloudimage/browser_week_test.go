package main

import (
	"context"
	"strings"
	"testing"
	"time"
)

// Some weeks of a partnership as its people see them: the morning message and
// what can be done from it, the channel's message, the thread, Home, a silent
// partner, somebody away.
func someWeeks(t *testing.T, browser context.Context) {
	demo := startDemo(t, "--no-gitlab")
	pictures := newPictures(t)
	monday := nextMonday(time.Now())
	launch := launchDay(monday)

	ana := openWindow(t, browser, "ana", demo.address)
	omar := openWindow(t, browser, "omar", demo.as("omar"))
	ana.movesClockTo(monday.Add(-36 * time.Hour)) // a Saturday, on which nobody is reminded
	ana.opens("cloud-images")
	ana.runs("/cloudimage new")
	ana.fills("Partner", "DigitalOcean")
	ana.fills("Provider", "Other")
	ana.fills("Listings to launch", "CE image", "EE image")
	ana.fills("Target launch date", launch.Format(time.DateOnly))
	ana.submits()
	ana.card("0 of 14 steps")

	// On Monday, at half past nine, all that is new comes in one message. A click
	// settles a row where it stands.
	ana.movesClockTo(monday.Add(11 * time.Hour))
	ana.opens("dm")
	ana.sees(monday.Format("Mon 2 Jan") + ": 6 things")
	pictures.page("morning", ana, theNewest)
	ana.press("Confirm", `person.among('[data-testid="message"]:last-child [data-testid="element"]', 'Confirm')`)
	ana.sees("5 things")
	ana.chooses("Snooze…", "1.3")
	ana.fills("Why", "They are at a conference.")
	pictures.window("snooze", ana)
	ana.submits()

	// Done from the card, and taken back from the message only she sees.
	ana.opens("cloud-images")
	ana.asks("Done", "1.4")
	ana.fills("Vault item", "DigitalOcean vendor portal")
	ana.submits()
	ana.card("1 of 14 steps")
	ana.sees("Marked done")
	pictures.window("undo", ana)
	ana.clicks("Undo")
	ana.card("0 of 14 steps")

	// Weeks later the channel has one message, and the thread has the story.
	ana.movesClockTo(launch.AddDate(0, 0, -14).Add(12 * time.Hour))
	ana.sees("late, worst first")
	pictures.page("daily", ana, theNewest)
	ana.press("replies", `person.among('[data-testid="replies"]', '')`)
	ana.until(`person.words(person.testid('thread-list')).includes('Late since')`)
	pictures.window("thread", ana)
	ana.pressID("thread-close")

	// A partner who does not answer.
	ana.runs("/cloudimage wait DigitalOcean 1.3 What will you do on launch day?")
	ana.fills("Their ticket", "DO-8812")
	ana.submits()
	ana.movesClockTo(launch.AddDate(0, 0, -9).Add(12 * time.Hour))
	ana.opens("dm")
	ana.sees("Could you tell us how it stands")
	pictures.page("chase", ana, theNewest)

	// Home, and why.
	ana.pressID("home-tab")
	ana.sees("Do next")
	ana.sees("Partnerships (1)")
	pictures.page("home", ana, theHome)
	pictures.phone("home-phone", ana, theHome)
	ana.clicks("Everyone")
	ana.sees("DigitalOcean")
	ana.opens("cloud-images")
	ana.runs("/cloudimage why DigitalOcean 1.2")
	ana.sees("planned back from the launch")
	pictures.window("why", ana)
	ana.pressID("modal-close")
	ana.runs("/cloudimage launch DigitalOcean")
	ana.sees("Move the date")
	pictures.window("launch", ana)
	ana.pressID("modal-close")

	// Omar goes away, and lena covers.
	omar.opens("cloud-images")
	omar.runs("/cloudimage away")
	omar.fills("Who covers", "lena")
	omar.fills("Until", launch.AddDate(0, 0, -2).Format(time.DateOnly))
	pictures.window("away", omar)
	omar.submits()
	ana.card("@lena for @omar")
	if log := demo.log.String(); strings.Contains(log, "level=ERROR") || strings.Contains(log, "level=WARN") {
		t.Errorf("the program complained:\n%s", log)
	}
}

// nextMonday is the Monday after the next whole weekend.
func nextMonday(now time.Time) time.Time {
	day := time.Date(now.Year(), now.Month(), now.Day()+3, 0, 0, 0, 0, time.UTC)
	for day.Weekday() != time.Monday {
		day = day.AddDate(0, 0, 1)
	}
	return day
}

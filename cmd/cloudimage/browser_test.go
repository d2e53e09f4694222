package main

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"cloudimage/slackdev/browsertest"
)

// The demo as somebody gets it who has just downloaded the program: they run
// it, and open the address it prints.
func TestDemoInABrowser(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	for name, run := range map[string]func(*testing.T, context.Context){
		"a partnership from start to launch": fromStartToLaunch,
		"the first minute":                   theFirstMinute,
		"impatient people":                   impatientPeople,
		"Slack and GitLab":                   slackAndGitLab,
		"some weeks":                         someWeeks,
		"one release and the next":           oneReleaseAndTheNext,
		"from a release to its images":       fromReleaseToImages,
		"images by preview and by hand":      imagesByPreviewAndByHand,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // each with a demo of its own
			run(t, browser)
		})
	}
}

// Four people take a partnership from the first command to the end, with nothing
// but mouse and keyboard.
func fromStartToLaunch(t *testing.T, browser context.Context) {
	demo := startDemo(t, "--no-gitlab")
	pictures := newPictures(t)
	launch := launchDay(time.Now())

	ana := openWindow(t, browser, "ana", demo.address)
	omar := openWindow(t, browser, "omar", demo.as("omar"))
	maya := openWindow(t, browser, "maya", demo.as("maya"))

	// Ana starts it with the form behind one word.
	ana.opens("cloud-images")
	ana.runs("/cloudimage new")
	ana.fills("Partner", "DigitalOcean")
	ana.fills("Provider", "Other")
	ana.fills("Listings to launch", "CE image", "EE image")
	ana.fills("Target launch date", launch.Format(time.DateOnly))
	pictures.window("form", ana)
	ana.submits()
	ana.card("0 of 14 steps", "not agreed")
	pictures.window("started", ana)

	// Stage 1, from her messages and from the card.
	ana.opens("dm")
	ana.sees("You have the next move on DigitalOcean")
	pictures.message("dm", ana, theNewest)
	ana.asks("Done", "Create issue")
	pictures.window("evidence", ana)
	ana.fills("Issue", "https://gitlab.com/gitlab-org/omnibus-gitlab/-/issues/412")
	ana.submits()
	ana.opens("cloud-images")
	ana.card("1 of 14 steps")
	ana.asks("Done", "1.2")
	ana.fills("The Cloud Partner's documentation", "https://docs.digitalocean.com/products/marketplace/")
	ana.fills("Partnership Google Doc", "https://docs.google.com/document/d/1abc")
	ana.submits()
	ana.card("2 of 14 steps")

	// One step by the long way: the button that has all the steps.
	ana.asks("Update a step")
	pictures.window("update", ana)
	ana.asks("Done", "1.3")
	ana.fills("Opportunities for collaboration", "A post on both blogs, and credits for new customers.")
	ana.submits()
	ana.card("3 of 14 steps")
	ana.asks("Done", "1.4")
	ana.fills("Vault item", "DigitalOcean vendor portal")
	ana.submits()
	ana.card("4 of 14 steps")

	// Omar, who may want a technical call, is asked, and wants it.
	omar.opens("dm")
	omar.sees("Do you want a technical call")
	pictures.window("question", omar)
	omar.clicks("Yes, we want it")
	ana.card("4 of 15 steps")
	ana.asks("Done", "1.5")
	ana.fills("Partner tech/product lead", "Lee Park, lee@digitalocean.example")
	ana.fills("Omnibus team member", "Omar")
	ana.fills("Date of the call", time.Now().Format(time.DateOnly))
	ana.submits()
	ana.card("5 of 15 steps")
	ana.asks("Done", "1.6")
	ana.fills("Whom did you introduce?", "Kim Diaz, kim@digitalocean.example")
	ana.fills("When?", time.Now().Format(time.DateOnly))
	ana.submits()

	// Stages 2 and 3 open together.
	ana.card("6 of 15 steps", "2.1", "3.1")
	maya.opens("dm")
	maya.sees("You have the next move on DigitalOcean")
	omar.sees("docs.digitalocean.com")
	omar.asks("Done", "Scope level of effort")
	omar.fills("Business days of work", "12")
	omar.submits()
	omar.asks("Done", "Update issue")
	omar.fills("Assignee", "Omar")
	omar.fills("Due Date", launch.AddDate(0, 0, -1).Format(time.DateOnly))
	omar.submits()
	ana.card("8 of 15 steps")
	maya.asks("Done", "Create marketing issue")
	maya.fills("Marketing issue", "https://gitlab.com/gitlab-com/marketing/-/issues/77")
	maya.submits()
	ana.card("9 of 15 steps")
	for _, edition := range []string{"CE", "EE"} {
		omar.asks("Done", "Create the listing on the cloud service ("+edition+" image)")
		omar.fills("Product id", "do-gitlab-"+edition)
		omar.fills("Pricing model", "BYOL")
		omar.submits()
	}
	omar.asks("Waiting on partner", "partner testing (CE image)")
	omar.fills("What did you ask of the partner?", "To test the CE image.")
	omar.fills("Their ticket", "DO-8812")
	omar.submits()
	ana.card("ticket DO-8812")

	// Maya asks Wei, who is in none of the teams, for one text. Wei sits down at
	// Maya's window, as a visitor of the demo would do it.
	maya.opens("cloud-images")
	maya.asks("Update a step")
	maya.asks("More", "(CE image)")
	maya.asks("Ask for help")
	maya.fills("Whom do you ask?", "Wei")
	maya.fills("What do you need?", "Long description")
	maya.submits()
	ana.card("@wei")
	pictures.message("card", ana, theCard)
	pictures.phone("phone", ana, theCard)
	maya.becomes("wei")
	maya.opens("dm")
	maya.sees("Long description")
	pictures.window("helper", maya)
	maya.asks("Write it")
	maya.fills("Long description", "GitLab CE on DigitalOcean, ready in two minutes.")
	maya.submits()
	maya.sees("Thank you")
	maya.becomes("maya")
	maya.opens("dm")

	// His words are in the form when she marks the step done.
	maya.asks("Done", "(CE image)")
	maya.finds("Long description", "GitLab CE on DigitalOcean, ready in two minutes.")
	maya.fills("Title", "GitLab CE")
	maya.fills("Short description", "The whole of DevOps on one machine.")
	maya.submits()
	maya.asks("Done", "(EE image)")
	maya.fills("Title", "GitLab EE")
	maya.fills("Short description", "GitLab for companies.")
	maya.fills("Long description", "GitLab EE on DigitalOcean, for companies.")
	maya.submits()
	ana.card("10 of 15 steps")
	maya.asks("Done", "Align release")
	maya.fills("Agreed launch date", launch.Format(time.DateOnly))
	maya.fills("Product Lead from Cloud Partner", "Lee Park")
	maya.submits()
	ana.card("11 of 15 steps", ", agreed")

	// The partner's testing.
	omar.asks("They answered", "partner testing (CE image)")
	omar.fills("What did they say?", "No findings.")
	omar.submits()
	for _, edition := range []string{"CE", "EE"} {
		omar.asks("Done", "partner testing ("+edition+" image)")
		omar.fills("Image", "do-image-"+strings.ToLower(edition))
		omar.fills("Outcome of partner testing", "Passed")
		omar.submits()
	}
	omar.asks("Done", "Write the section")
	omar.fills("Merge request", "https://gitlab.com/gitlab-org/omnibus-gitlab/-/merge_requests/918")
	omar.submits()

	// The day of the launch, which nobody waits for.
	ana.movesClockTo(time.Date(launch.Year(), launch.Month(), launch.Day(), 9, 0, 0, 0, time.UTC))
	omar.sees("Go live on the cloud service (CE image)")
	for _, edition := range []string{"CE", "EE"} {
		omar.asks("Done", "Go live on the cloud service ("+edition+" image)")
		omar.fills("Link on the marketplace", "https://marketplace.digitalocean.com/apps/gitlab-"+strings.ToLower(edition))
		omar.submits()
	}
	omar.asks("Done", "Merge it")
	omar.fills("Link of the new section", "https://docs.gitlab.com/omnibus/digitalocean")
	omar.submits()
	ana.card("13 of 15 steps")
	maya.asks("Done", "Joint blog posts")
	maya.fills("Post on the GitLab blog", "https://about.gitlab.com/blog/digitalocean")
	maya.fills("Post on the Cloud Partner blog", "https://www.digitalocean.com/blog/gitlab")
	maya.submits()
	maya.asks("Done", "Social network burst")
	maya.fills("Day", launch.Format(time.DateOnly))
	maya.fills("Hour and time zone", "10:00 Pacific")
	maya.submits()
	ana.card("14 of 15 steps")
	maya.asks("Done", "Customer story")
	maya.fills("Customer", "Initech Ltd")
	maya.fills("Quote or story", "We were up in an hour.")
	maya.submits()

	// There is one card, it says so, and it keeps what is private.
	ana.card("Launched")
	pictures.window("complete", ana)
	if card := ana.card("Launched"); strings.Contains(card, "Initech") {
		t.Errorf("the card tells everybody who the customer is:\n%s", card)
	}
	maya.sees("DigitalOcean is complete")
	ana.chooses("History")
	ana.sees("@wei")
	if log := demo.log.String(); strings.Contains(log, "level=ERROR") || strings.Contains(log, "level=WARN") {
		t.Errorf("the program complained:\n%s", log)
	}
}

// Whoever presses twice, reloads in the middle or is second gets no second card
// and no riddle.
func impatientPeople(t *testing.T, browser context.Context) {
	demo := startDemo(t, "--no-gitlab")
	ana := openWindow(t, browser, "ana", demo.address)
	lee := openWindow(t, browser, "lee", demo.as("lee"))

	ana.runs("/cloudimage new")
	ana.fills("Partner", "Forgotten")
	ana.do(chromedp.Reload())
	ana.ready()
	if modal := ana.modal(); modal != "" {
		t.Errorf("after a reload there is still a modal: %s", modal)
	}
	ana.runs("/cloudimage new")
	ana.fills("Partner", "DigitalOcean")
	ana.fills("Provider", "Other")
	ana.fills("Listings to launch", "CE image")
	ana.fills("Target launch date", launchDay(time.Now()).Format(time.DateOnly))
	ana.do(chromedp.DoubleClick(chromedp.CSS(`[data-testid="modal-submit"]`)))
	ana.until(`person.modal() === ''`)
	ana.card("DigitalOcean", "0 of 14 steps")

	// Two people of the team have the same form open. One was first.
	lee.card("0 of 14 steps")
	ana.asks("Done", "1.4")
	lee.asks("Done", "1.4")
	ana.fills("Vault item", "Of Ana")
	lee.fills("Vault item", "Of Lee")
	ana.submits()
	lee.submits()
	lee.sees("is already done, by @ana")
	lee.pressID("modal-close")
	lee.until(`person.modal() === ''`)
	lee.card("1 of 14 steps", "Of Ana")

	// Back is back, and a person of another team is told whom to ask.
	ana.opens("general")
	ana.do(chromedp.NavigateBack())
	ana.card("1 of 14 steps")
	lee.becomes("maya")
	lee.clicks("Done", "1.2")
	lee.sees("Ask @ana")
	if log := demo.log.String(); strings.Contains(log, "level=ERROR") || strings.Contains(log, "level=WARN") {
		t.Errorf("the program complained:\n%s", log)
	}
}

// launchDay is a Thursday, far enough ahead for nothing to be late.
func launchDay(now time.Time) time.Time {
	day := now.AddDate(0, 0, 60)
	for day.Weekday() != time.Thursday {
		day = day.AddDate(0, 0, 1)
	}
	return day
}

// runningDemo is the demo command at work, in this process.
type runningDemo struct {
	address string // what it printed
	said    *screen
	log     *logbook
}

// as is the address of a window that somebody else sits before.
func (d *runningDemo) as(name string) string { return d.address + "/?as=" + userID(name) }

// userID is the id that the demo's workspace gives a person.
func userID(name string) string { return "U0" + strings.ToUpper(name) }

var printedAddress = regexp.MustCompile(`open (http://127\.0\.0\.1:\d+)\n`)

// startDemo runs the command with an empty workspace and reads what it prints, until
// the test ends.
func startDemo(t *testing.T, flags ...string) *runningDemo {
	t.Helper()
	return startDemoAs(t, append([]string{"--empty"}, flags...)...)
}

// startDemoAs runs the command with these flags alone, on a free port.
func startDemoAs(t *testing.T, flags ...string) *runningDemo {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	said := newScreen()
	d := &runningDemo{said: said, log: &logbook{}}
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"demo", "--addr", "127.0.0.1:0"}, flags...), said, d.log)
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != 0 {
			t.Errorf("the demo ended with code %d:\n%s", code, d.log)
		}
	})
	timeout := time.After(patience)
	for {
		if m := printedAddress.FindStringSubmatch(said.String()); m != nil {
			d.address = m[1]
			return d
		}
		select {
		case <-said.wrote:
		case code := <-ended:
			ended <- code
			t.Fatalf("the demo ended at once with code %d:\n%s", code, d.log)
		case <-timeout:
			t.Fatalf("the demo printed no address:\n%s", said)
		}
	}
}

// screen is what a command prints, and says when there is more of it.
type screen struct {
	logbook
	wrote chan struct{}
}

func newScreen() *screen { return &screen{wrote: make(chan struct{}, 1)} }

func (s *screen) Write(p []byte) (int, error) {
	n, err := s.logbook.Write(p)
	select {
	case s.wrote <- struct{}{}:
	default:
	}
	return n, err
}

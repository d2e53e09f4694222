package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"cloudimage/slackdev"
)

// openScene runs the demo in this process and returns its Slack once the scene is set.
func openScene(t *testing.T, c *demoCmd) (*slackdev.Workspace, *logbook) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	opened, ended := make(chan *slackdev.Workspace, 1), make(chan error, 1)
	c.Addr, c.opened = "127.0.0.1:0", func(ws *slackdev.Workspace) { opened <- ws }
	c.GitLabAddr, c.ReleasesAddr, c.AWSAddr, c.AzureAddr = c.Addr, c.Addr, c.Addr, c.Addr
	log := &logbook{}
	go func() { ended <- c.Run(ctx, &console{out: io.Discard, err: log}) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	select {
	case ws := <-opened:
		return ws, log
	case err := <-ended:
		ended <- nil
		t.Fatalf("the demo ended: %v\n%s", err, log)
		return nil, nil
	}
}

// seen are the words that somebody must find on a screen of theirs.
type seen struct {
	who, where string
	words      []string
}

// partnershipsSeen are in the scene whatever is left out of the demo.
var partnershipsSeen = []seen{
	{"ana", sceneChannel, []string{
		"Vultr: first-time image", "Launched.", "Thank you, @ana, @omar and @maya.",
		"Scaleway: first-time image", "12 of 14 steps", "✓ 1 Introduction & Scope ✓ 3 Marketing",
		"Hetzner: first-time image", "9 of 14 steps", "2.3.1 Create the listing EE image", ":red_circle: late since", "with Hetzner since", "ticket HC-20417", "with @wei",
		"Exoscale: first-time image", "1 of 14 steps", ":lock: 2 Technical Implementation and 3 Marketing open when",
		"Vultr is live, both editions. Thanks everybody.", "Can you find out who has it?",
	}},
	{"ana", "dm", []string{"You have the next move on Exoscale.", "Vultr is complete"}},
	{"omar", "dm", []string{"You have the next move on Hetzner.", "2.3.1 Create the listing on the cloud service (EE image)", "It is time to ask again.", "They answered…"}},
	{"maya", "dm", []string{"You have the next move on Hetzner.", "Nothing on Scaleway waits for you now."}},
	{"wei", "dm", []string{"Long description"}},
}

// releaseSeen is in it where there are releases.
var releaseSeen = []seen{
	{"ana", sceneChannel, []string{"GitLab 17.6.2: security update, 5 listings", "4 of 5 listings live. Our part: 1 to go.", "1.2 Update image CE image on DigitalOcean @omar, :red_circle: late since", "@omar signed"}},
	{"omar", "dm", []string{"You have the next move on GitLab 17.6.2."}},
	{"omar", "#shared-digitalocean", []string{"The vendor portal refuses uploads"}},
}

var gitlabProduct = Product{Name: "GitLab", Editions: []string{"CE", "EE"}}

func checkSeen(t *testing.T, ws *slackdev.Workspace, all []seen) {
	t.Helper()
	for _, s := range all {
		shown := flat(ws.User(s.who).Sees(s.where))
		for _, words := range s.words {
			if !strings.Contains(shown, flat(words)) {
				t.Errorf("%s does not see %q in %s:\n%s", s.who, words, s.where, ws.User(s.who).Sees(s.where))
			}
		}
		for _, never := range []string{"This message was deleted", "Marked done"} {
			if strings.Contains(shown, never) {
				t.Errorf("%s sees %q in %s", s.who, never, s.where)
			}
		}
	}
}

// The demo opens on people at work, in the present, with nothing to complain about.
func TestDemoOpensOnPeopleAtWork(t *testing.T) {
	t.Parallel()
	ws, log := openScene(t, &demoCmd{})
	checkSeen(t, ws, partnershipsSeen)
	checkSeen(t, ws, releaseSeen)
	for _, where := range []string{"C0CLOUDIMAGES", "C0GENERAL", "D0ANA"} {
		if unreadBy(t, ws, "ana", where) == 0 {
			t.Errorf("ana has read all of %s", where)
		}
	}
	if now := ws.Clock().Now(); time.Since(now).Abs() > time.Minute || ws.Clock().Frozen() {
		t.Errorf("it is %v there", now)
	}
	first := ws.User("ana").Messages(sceneChannel)[0].TS.Time()
	if age := time.Since(first); age < 40*24*time.Hour {
		t.Errorf("the first message is %v old", age)
	}
	if replies := ws.User("ana").Messages(sceneChannel); len(replies) > 0 {
		talked := false
		for _, m := range replies {
			talked = talked || strings.HasPrefix(m.Text(), sceneMiddle+":") && strings.Contains(ws.User("ana").SeesThread(sceneChannel, m.TS), "Does it?")
		}
		if !talked {
			t.Error("nobody talks about " + sceneMiddle + " in the thread of its card")
		}
	}
	if text := log.String(); strings.Contains(text, "level=ERROR") || strings.Contains(text, "level=WARN") {
		t.Errorf("the program complained:\n%s", text)
	}
}

// unreadBy is how many messages of a conversation somebody has not read, as their page
// marks it.
func unreadBy(t *testing.T, ws *slackdev.Workspace, who, conversation string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, ws.URL()+"/dev/api/conversations?as="+userID(who), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Slackdev", "1")
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var list struct {
		Conversations []struct {
			ID     string
			Unread int
		}
	}
	if err := json.NewDecoder(answer.Body).Decode(&list); err != nil {
		t.Fatal(err)
	}
	for _, c := range list.Conversations {
		if c.ID == conversation {
			return c.Unread
		}
	}
	t.Fatalf("%s has no conversation %s", who, conversation)
	return 0
}

// What depends on what is left out is left out of the scene.
func TestSceneWithoutReleases(t *testing.T) {
	t.Parallel()
	ws, _ := openScene(t, &demoCmd{NoGitLab: true, NoReleases: true})
	checkSeen(t, ws, partnershipsSeen)
	if shown := ws.User("omar").Sees(sceneChannel) + ws.User("omar").Sees("#shared-digitalocean"); strings.Contains(shown, "GitLab "+sceneRelease) || strings.Contains(shown, "refuses") {
		t.Errorf("somebody speaks of a release:\n%s", shown)
	}
}

// The scene can be set on any day and at any hour: nobody works at night, on a weekend
// or in the future.
func TestSceneFromAnyMoment(t *testing.T) {
	t.Parallel()
	seed := slackdev.DefaultSeed()
	nothing := func(context.Context) error { return nil }
	for now := time.Date(2026, 1, 1, 0, 1, 0, 0, time.UTC); now.Year() < 2029; now = now.Add(25*time.Hour + 7*time.Minute) {
		s, err := demoScene(now, seed, gitlabProduct, nothing)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range s.cues {
			zone := s.zones[c.who]
			if zone == nil {
				zone = time.UTC
			}
			local := c.at.In(zone)
			if day := local.Weekday(); day == time.Saturday || day == time.Sunday || local.Hour() < 9 || local.Hour() > 18 {
				t.Errorf("from %v: %s, %s, at %v", now, c.who, c.what, local)
			}
			if !c.at.Before(now) {
				t.Errorf("from %v: %s, %s, in the future, at %v", now, c.who, c.what, c.at)
			}
		}
		if begins := s.begins(); begins.Before(now.AddDate(0, 0, -60)) {
			t.Errorf("from %v: it begins at %v", now, begins)
		}
	}
}

// The same people are in the same stages whatever day it is: on a weekend, before a
// morning begins, at the end of a year, with holidays on the way.
func TestSceneOnBadDays(t *testing.T) {
	t.Parallel()
	for _, day := range []string{"2026-11-29 03:00 UTC", "2027-01-02 23:50 UTC"} {
		t.Run(day, func(t *testing.T) {
			t.Parallel()
			s, err := demoScene(wallTime(t, day), slackdev.DefaultSeed(), gitlabProduct, nil)
			if err != nil {
				t.Fatal(err)
			}
			w := startWorld(t, func(w *world) { w.options.Now = s.begins() })
			if err := s.play(t.Context(), &players{slack: w.slack, app: w.app, channel: sceneChannel}); err != nil {
				t.Fatal(err)
			}
			checkSeen(t, w.slack, partnershipsSeen)
			if now := w.slack.Clock().Now(); !now.Equal(s.now) {
				t.Errorf("it is %v there", now)
			}
		})
	}
}

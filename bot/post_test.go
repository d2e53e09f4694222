package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudimage/slackdev"
	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

// withHistory is an app that may look for what it posted.
var withHistory = strings.Replace(manifest, `"groups:read"]`, `"groups:read", "channels:history", "im:history", "im:write"]`, 1)

// shop is a bot that shows runs, and the store they are in.
type shop struct {
	*site
	store    *store.Store
	requests int
}

func openShop(t *testing.T) *shop {
	t.Helper()
	s := start(t, says("x"), slackdev.Options{Manifest: []byte(withHistory)})
	return &shop{site: s, store: s.options.Shown.(*store.Store)}
}

func (s *shop) request() workflow.RequestID {
	s.requests++
	return workflow.RequestID(fmt.Sprintf("request-%d", s.requests))
}

func (s *shop) act(who workflow.UserID) workflow.Act {
	return workflow.Act{Actor: who, At: time.Now()}
}

// begin starts a partnership of ana's, and shows it.
func (s *shop) begin() *workflow.Run {
	s.t.Helper()
	def := s.options.Processes[0]
	leads := map[workflow.TeamID]workflow.UserID{}
	for _, team := range def.Teams {
		leads[team.ID] = "U0ANA"
	}
	r, err := s.store.Create(context.Background(), s.request(), func(id workflow.RunID, number int) (*workflow.Run, error) {
		return workflow.Begin(s.act("U0ANA"), def, everyDay(s.t), workflow.Start{
			ID: id, Number: number, Partner: "DigitalOcean", Provider: workflow.Manual, Owner: "U0ANA", Leads: leads, Channel: "C0GENERAL",
			Listings: []workflow.Listing{workflow.NewListing("CE", workflow.Image, workflow.Manual)},
		})
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.Wake()
	return r
}

// give gives a step to omar. The first one is news to him.
func (s *shop) give(r *workflow.Run, step workflow.StepID) {
	s.t.Helper()
	s.change(r, func(r *workflow.Run) error {
		return r.Assign(s.act("U0ANA"), workflow.StepKey{Step: step}, 0, "U0OMAR")
	})
}

// ask asks omar for a text of a step, which is news to him each time.
func (s *shop) ask(r *workflow.Run, step workflow.StepID, text workflow.FieldID) {
	s.t.Helper()
	s.change(r, func(r *workflow.Run) error {
		return r.Ask(s.act("U0ANA"), workflow.StepKey{Step: step}, 0, "U0OMAR", text, "", "")
	})
}

func (s *shop) change(r *workflow.Run, change func(*workflow.Run) error) {
	s.t.Helper()
	if _, err := s.store.Update(context.Background(), r.ID, s.request(), change); err != nil {
		s.t.Fatal(err)
	}
	s.Wake()
}

// posts are the messages that show the run, in the channel and with the bot.
func (s *shop) posts(person, channel string, r *workflow.Run) []slackdev.Message {
	var out []slackdev.Message
	for _, m := range s.slack.User(person).Messages(channel) {
		var meta struct {
			Payload struct {
				ID string `json:"id"`
			} `json:"event_payload"`
		}
		if json.Unmarshal(m.Metadata, &meta) == nil && strings.HasPrefix(meta.Payload.ID, string(r.ID)+".") {
			out = append(out, m)
		}
	}
	return out
}

// settled waits until all that shows the run is up to date, and checks that
// each message is there once.
func (s *shop) settled(r *workflow.Run) {
	s.t.Helper()
	late := time.After(patience)
	for {
		stirred := s.Stirred()
		pending, err := s.store.Pending(context.Background(), 10)
		if err != nil {
			s.t.Fatal(err)
		}
		if len(pending) == 0 {
			break
		}
		select {
		case <-stirred:
		case <-late:
			s.t.Fatalf("%d messages stay behind: %+v", len(pending), pending)
		}
	}
	rows, err := s.store.MessagesOf(context.Background(), r.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, m := range rows {
		person, channel := "ana", "#general"
		switch m.Person {
		case "U0ANA":
			channel = "dm"
		case "U0OMAR":
			person, channel = "omar", "dm"
		}
		if shown := s.posts(person, channel, r); len(shown) != 1 || string(shown[0].TS) != m.TS {
			s.t.Errorf("%s is there %d times; the store knows of %s", m.ID, len(shown), m.TS)
		}
	}
}

func TestRunIsShown(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	r := s.begin()
	s.settled(r)
	if got := s.slack.User("ana").Sees("#general"); !mentions(got, "DigitalOcean", "0 of 14 steps") {
		t.Errorf("the card reads:\n%s", got)
	}
	if got := s.slack.User("ana").Sees("dm"); !mentions(got, "You have the next move") {
		t.Errorf("the direct message reads:\n%s", got)
	}
	s.give(r, "create-issue")
	s.settled(r)
	if got := s.slack.User("omar").Sees("dm"); !mentions(got, "You have the next move") {
		t.Errorf("omar reads:\n%s", got)
	}
}

// A post whose answer is lost is looked for before it is posted again: a card,
// and a direct message of which not even the channel is known.
func TestPostWhoseAnswerIsLost(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.slack.FailNext("chat.postMessage", 2, slackdev.Fault{StoredThenStatus: 500})
	r := s.begin()
	s.settled(r)
	if n := s.slack.CallCount("chat.postMessage"); n != 2 {
		t.Errorf("2 messages took %d posts", n)
	}
}

// While the answer to a post is lost, there may be other news.
func TestNewsAfterAPostWhoseAnswerIsLost(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	r := s.begin()
	s.settled(r)
	s.give(r, "create-issue")
	s.settled(r)
	s.slack.FailNext("chat.postMessage", 1, slackdev.Fault{StoredThenStatus: 500})
	s.ask(r, "gather-documentation", "contact-support")
	s.until("the post", func() bool {
		return s.slack.FailedCallCount("chat.postMessage") > 0 || len(s.posts("omar", "dm", r)) > 1
	})
	s.ask(r, "joint-marketing", "opportunities")
	s.settled(r)
	if got := s.slack.User("omar").Sees("dm"); !mentions(got, "3 things wait for you") {
		t.Errorf("omar reads:\n%s", got)
	}
	// The card, ana's message, and three times news for omar.
	if n := s.slack.CallCount("chat.postMessage"); n != 5 {
		t.Errorf("there were %d posts", n)
	}
}

// What a newer post takes the place of is deleted, however often that fails.
func TestOlderPostThatCannotBeDeletedAtOnce(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	r := s.begin()
	s.give(r, "create-issue")
	s.settled(r)
	s.slack.FailNext("chat.delete", 1, slackdev.Fault{Status: 503})
	s.ask(r, "gather-documentation", "contact-support")
	s.settled(r)
}

// Where Slack refuses the blocks, people get the words.
func TestDrawingThatSlackRefuses(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.slack.FailNext("chat.postMessage", 2, slackdev.Fault{Code: "invalid_blocks"})
	r := s.begin()
	s.settled(r)
	if got := s.slack.User("ana").Sees("#general"); !mentions(got, "DigitalOcean", "0 of 14 steps") {
		t.Errorf("the card reads:\n%s", got)
	}
}

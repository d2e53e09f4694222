package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"cloudimage/bot/view"
	"cloudimage/commands"
	"cloudimage/slackdev"
	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

func TestCommandIsAnsweredWithItsAcknowledgement(t *testing.T) {
	t.Parallel()
	s := start(t, says("All is well."), slackdev.Options{})
	out, err := s.slack.User("ana").Slash(t.Context(), "#general", "/cloudimage anything")
	if err != nil || !mentions(string(out.Response), "All is well.", "ephemeral") {
		t.Errorf("the answer is %s, %v", out.Response, err)
	}
	if n := s.counted("slash_commands", "ok"); n != 1 {
		t.Errorf("%v commands were counted", n)
	}
}

func TestDeskThatPanics(t *testing.T) {
	t.Parallel()
	s := start(t, deskFunc(func(_ context.Context, req commands.Request) (commands.Reply, error) {
		if req.Verb == "bad" {
			panic("a bug")
		}
		return commands.Reply{Text: workflow.Say("Still here.")}, nil
	}), slackdev.Options{})
	ana := s.slack.User("ana")
	for range 2 * workers { // a worker that died would be missed
		out, err := ana.Slash(t.Context(), "#general", "/cloudimage bad")
		if err != nil || !mentions(string(out.Response), "Something went wrong on my side") {
			t.Fatalf("the answer is %s, %v", out.Response, err)
		}
	}
	out, err := ana.Slash(t.Context(), "#general", "/cloudimage good")
	if err != nil || !mentions(string(out.Response), "Still here.") {
		t.Errorf("afterwards the answer is %s, %v", out.Response, err)
	}
	if n := s.counted("slash_commands", "panic"); n != 2*workers {
		t.Errorf("%v panics were counted", n)
	}
	if !mentions(s.log.String(), "a bug", "dispatch_test.go") {
		t.Errorf("the log does not say where it happened:\n%s", s.log)
	}
}

func TestPayloadThatCannotBeDecoded(t *testing.T) {
	t.Parallel()
	s := start(t, says("Not reached."), slackdev.Options{})
	for i, payload := range []string{`{}`, `[]`, `null`, `"text"`, `{"type":"block_actions"}`, `{"type":"block_actions","user":7}`} {
		frame := fmt.Sprintf(`{"envelope_id":"bad-%d","type":"interactive","payload":%s,"accepts_response_payload":false}`, i, payload)
		if out, err := s.slack.SendEnvelope(t.Context(), json.RawMessage(frame)); err != nil || len(out.Response) > 0 {
			t.Errorf("%s was answered with %s, %v", payload, out.Response, err)
		}
		if n := s.counted("unknown", "undecodable"); n != float64(i+1) {
			t.Errorf("after %s %v were counted", payload, n)
		}
	}
	for _, frame := range []string{`{"type":"interactive","payload":{}}`, `{"type":"something_new"}`, `7`} {
		if _, err := s.slack.SendEnvelope(t.Context(), json.RawMessage(frame)); err != nil {
			t.Error(err)
		}
	}
	out, err := s.slack.User("ana").Slash(t.Context(), "#general", "/cloudimage x")
	if err != nil || !mentions(string(out.Response), "Not reached.") {
		t.Errorf("afterwards the answer is %s, %v", out.Response, err)
	}
}

// An answer that Slack would drop without a word is said behind the
// acknowledgement.
func TestAnswerTooLargeForAnAcknowledgement(t *testing.T) {
	t.Parallel()
	page := &commands.Page{Title: "Long", Brief: true}
	for i := range 40 {
		page.Rows = append(page.Rows, commands.Row{Text: workflow.Say("%s", fmt.Sprintf("row %d %s", i, strings.Repeat("漢", 300)))})
	}
	s := start(t, deskFunc(func(context.Context, commands.Request) (commands.Reply, error) {
		return commands.Reply{Page: page}, nil
	}), slackdev.Options{})
	ana := s.slack.User("ana")
	out, err := ana.Slash(t.Context(), "#general", "/cloudimage long")
	if err != nil || len(out.Response) > 0 || len(out.Warnings) > 0 {
		t.Errorf("the acknowledgement is %d bytes, %v, %v", len(out.Response), out.Warnings, err)
	}
	s.until("the answer", func() bool { return mentions(ana.Sees("#general"), "row 0 ", "row 20 ") })
}

// What was taken when the bot is told to stop is finished and acknowledged.
func TestStopFinishesWhatWasTaken(t *testing.T) {
	t.Parallel()
	taken, finish := make(chan struct{}), make(chan struct{})
	s := start(t, deskFunc(func(context.Context, commands.Request) (commands.Reply, error) {
		close(taken)
		<-finish
		return commands.Reply{Text: workflow.Say("Finished.")}, nil
	}), slackdev.Options{})
	var answered sync.WaitGroup
	answered.Go(func() {
		out, err := s.slack.User("ana").Slash(t.Context(), "#general", "/cloudimage slow")
		if err != nil || !mentions(string(out.Response), "Finished.") {
			t.Errorf("the answer is %s, %v", out.Response, err)
		}
	})
	s.await("the command", taken)
	var stopped sync.WaitGroup
	stopped.Go(func() {
		if err := s.stop(); err != nil {
			t.Error(err)
		}
	})
	close(finish)
	answered.Wait()
	stopped.Wait()
	if n := s.slack.Sockets(); n != 0 {
		s.until("the sockets to close", func() bool { return s.slack.Sockets() == 0 })
	}
}

func TestEnvelopeThatComesTwice(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	asked := map[workflow.RequestID]int{}
	s := start(t, deskFunc(func(_ context.Context, req commands.Request) (commands.Reply, error) {
		mu.Lock()
		defer mu.Unlock()
		asked[req.ID]++
		return commands.Reply{Text: workflow.Say("Once.")}, nil
	}), slackdev.Options{})
	s.slack.DuplicateNext(2)
	for range 3 {
		out, err := s.slack.User("ana").Slash(t.Context(), "#general", "/cloudimage x")
		if err != nil || !mentions(string(out.Response), "Once.") {
			t.Errorf("the answer is %s, %v", out.Response, err)
		}
	}
	s.until("the copies", func() bool { return s.Quiet() })
	mu.Lock()
	defer mu.Unlock()
	if len(asked) != 3 {
		t.Errorf("%d requests were made of 3 commands", len(asked))
	}
	for id, n := range asked {
		if n != 1 {
			t.Errorf("request %s was made %d times", id, n)
		}
	}
}

// What is said in the bot's channels and not to it costs an acknowledgement, and
// nobody is looked up for it.
func TestChatterIsDropped(t *testing.T) {
	t.Parallel()
	listening := strings.NewReplacer("message.im,", "message.im, message.channels,", `"groups:read"]`, `"groups:read", "channels:history", "im:history"]`).Replace(manifest)
	s := start(t, deskFunc(func(_ context.Context, req commands.Request) (commands.Reply, error) {
		t.Errorf("somebody was taken to ask %+v", req)
		return commands.Reply{}, nil
	}), slackdev.Options{Manifest: []byte(listening)})
	if _, err := s.slack.User("ana").Say(t.Context(), "#general", "done with lunch?"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.web.post(t.Context(), "C0GENERAL", view.Notice(workflow.Say("A card.")), metadata(store.Message{ID: "R1"})); err != nil {
		t.Fatal(err)
	}
	s.until("both events", func() bool { return s.counted("event_callback", "ignored") == 2 })
	s.dispatcher.seen.mu.Lock()
	defer s.dispatcher.seen.mu.Unlock()
	if n := len(s.dispatcher.seen.now); n != 0 {
		t.Errorf("%d keys are remembered", n)
	}
}

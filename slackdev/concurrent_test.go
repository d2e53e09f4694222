package slackdev

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

// TestManyPeopleAtOnce has everyone do everything at the same time, with two
// sockets that are replaced meanwhile; it is the race detector's to judge.
func TestManyPeopleAtOnce(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) { o.Now = time.Time{}; o.KeepCalls = 50; o.KeepInteractions = 50 })
	b := &bot{}
	b.slash = func(c slack.SlashCommand) any {
		go b.api.OpenView(c.TriggerID, slack.ModalViewRequest{Type: slack.VTModal, Title: plain("T"), Submit: plain("Go"), Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewInputBlock("i", plain("Note"), nil, slack.NewPlainTextInputBlockElement(nil, "v")),
		}}})
		return map[string]string{"text": "opening"}
	}
	b.block = func(ic slack.InteractionCallback) any {
		go b.api.UpdateMessage(ic.Channel.ID, ic.Message.Timestamp, slack.MsgOptionText("card "+ic.User.Name, false), slack.MsgOptionBlocks(ic.Message.Blocks.BlockSet...))
		return nil
	}
	connect(t, ws, 2, b)
	ts := botPost(t, ws, "C0GENERAL", "card", richCard)
	ctx := t.Context()
	var wg sync.WaitGroup
	for _, name := range []string{"ana", "lee", "omar", "lena", "maya", "noor"} {
		p := ws.User(name)
		wg.Go(func() {
			for i := range 8 {
				p.Slash(ctx, "#general", "/thing")
				p.Click(ctx, In("#general", "done").At(ts))
				p.Click(ctx, In("#general", "who").At(ts), Choose("ana"))
				p.Say(ctx, "dm", fmt.Sprint("hello ", i))
				p.OpenHome(ctx)
				p.Fill(ctx, "Note", "x")
				p.Submit(ctx)
				p.Sees("#general")
				p.Modals()
				p.Reload()
			}
		})
	}
	wg.Go(func() {
		for i := range 10 {
			ws.Disconnect(DisconnectRefreshRequested)
			ws.SetUserGroup("omnibus", "omar")
			ws.ChangeUser("wei", func(u *SeedUser) { u.Title = fmt.Sprint("Writer ", i) })
			ws.Clock().Advance(ctx, time.Minute)
			ws.Calls("")
			api(ws).GetUsers()
			if err := ws.WaitConnected(ctx, 1); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Wait()
	// Most of it may have met no socket; after the storm all is as before.
	if err := ws.WaitConnected(ctx, 2); err != nil {
		t.Fatal(err)
	}
	before := ws.CallCount("chat.update")
	must[Outcome](t)(ws.User("ana").Click(ctx, In("#general", "done").At(ts)))
	if err := ws.WaitFor(ctx, func() bool { return ws.CallCount("chat.update") > before }); err != nil {
		t.Errorf("no click led to an update: %v", err)
	}
}

func TestCloseEndsEverythingThatWaits(t *testing.T) {
	t.Parallel()
	ws, err := Start(Options{Manifest: []byte(testManifest), AckTimeout: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	s, _ := dial(t, ws)
	s.serve(func(frame) string { return "-" })
	waitClick := doing(func() (Outcome, error) { return ws.User("ana").Slash(context.Background(), "#general", "/thing") })
	waitCond := make(chan error, 1)
	go func() { waitCond <- ws.WaitFor(context.Background(), func() bool { return false }) }()
	ws.FailNext("auth.test", 1, Fault{Hang: true})
	call := make(chan error, 1)
	go func() { _, err := api(ws).AuthTest(); call <- err }()
	if err := ws.WaitFor(t.Context(), func() bool { return ws.Hung() == 1 && len(envelopes(ws)) == 1 }); err != nil {
		t.Fatal(err)
	}
	if err := ws.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := waitClick(); err == nil {
		t.Error("a click was answered by nobody")
	}
	if err := <-waitCond; err == nil {
		t.Error("a wait ended without its condition")
	}
	<-call
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ctx, cancel := context.WithCancel(t.Context())
	wait := doing(func() (Outcome, error) { return ws.User("ana").Slash(ctx, "#general", "/thing") })
	s.read()
	cancel()
	if out, err := wait(); err == nil || !strings.Contains(out.Error, "given up") {
		t.Errorf("%+v, %v", out, err)
	}
	if err := ws.WaitFor(ctx, func() bool { return false }); err == nil {
		t.Error("WaitFor outlived its context")
	}
}

package slackdev

import (
	"context"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// left lists the goroutines that still work for a workspace.
func left() []string {
	buf := make([]byte, 4<<20)
	var out []string
	for g := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if strings.Contains(g, "slackdev.(*Workspace)") || strings.Contains(g, "clock.(*Clock)") || strings.Contains(g, "socketmode.(*Socket") {
			out = append(out, g)
		}
	}
	return out
}

// TestCloseLeavesNothingBehind is alone, as it looks at every goroutine.
func TestCloseLeavesNothingBehind(t *testing.T) {
	ws, err := Start(Options{Manifest: []byte("display_information: { name: Test }\nfeatures: { app_home: { messages_tab_enabled: true } }\n" +
		"oauth_config: { scopes: { bot: [\"chat:write\", \"im:history\"] } }\n" +
		"settings: { socket_mode_enabled: true, event_subscriptions: { bot_events: [message.im] } }\n")})
	if err != nil {
		t.Fatal(err)
	}
	var done atomic.Bool
	released := make(chan struct{})
	ws.clock.After(time.Millisecond, func(context.Context) {
		close(released)
		<-ws.ctx.Done()
		for range 1000 {
			runtime.Gosched()
		}
		done.Store(true)
	})
	ws.FailNext("api.test", 1, Fault{Hang: true})
	answered := make(chan error, 3)
	for _, path := range []string{"/dev/api/events?as=ana", "/api/api.test"} {
		go func() {
			res, err := http.Get(ws.URL() + path)
			if err == nil {
				res.Body.Close()
			}
			answered <- err
		}()
	}
	<-released
	if err := ws.WaitFor(t.Context(), func() bool { return ws.Hung() == 1 }); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := ws.Close(); err != nil {
			t.Error(err)
		}
		if !done.Load() {
			t.Error("the workspace was closed while its clock was at work")
		}
	}
	for range 2 {
		<-answered
	}
	// Requests were cut off, and notice it at once.
	for end := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
		list := left()
		if len(list) == 0 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("there are still %d:\n%s", len(list), strings.Join(list, "\n\n"))
		}
	}
	// What people do afterwards comes to nothing, and holds nobody up.
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if out, err := ws.User("ana").Say(ctx, "dm", "anybody?"); err != nil || len(out.Warnings) != 1 || ctx.Err() != nil {
		t.Errorf("%+v, %v, %v", out, err, ctx.Err())
	}
}

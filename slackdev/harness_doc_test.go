package slackdev_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"cloudimage/slackdev"
)

// run is an app: it answers commands until ctx ends. Any app will do, in this
// process or in another one.
func run(ctx context.Context, bot, app, url string) {
	client := socketmode.New(slack.New(bot, slack.OptionAppLevelToken(app), slack.OptionAPIURL(url)))
	go client.RunContext(ctx)
	for {
		select {
		case event := <-client.Events:
			if command, ok := event.Data.(slack.SlashCommand); ok {
				client.Ack(*event.Request, map[string]any{"text": "Hello, <@" + command.UserID + ">!"})
			}
		case <-ctx.Done():
			return
		}
	}
}

// This is the test that docs/slackdev.md shows.

func TestHello(t *testing.T) {
	manifest, err := os.ReadFile("testdata/bolt/manifest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	ws := slackdev.New(t, slackdev.Options{Manifest: manifest})
	go run(ctx, ws.BotToken(), ws.AppToken(), ws.APIURL())
	if err := ws.WaitConnected(ctx, 1); err != nil {
		t.Fatal(err)
	}
	ana := ws.User("ana")
	if out, err := ana.Slash(ctx, "#general", "/hello"); err != nil {
		t.Fatal(out.Error, err)
	}
	if _, err := ana.WaitForText(ctx, "#general", "Hello, @ana!"); err != nil {
		t.Error(err)
	}
}

// aTest stands in for a *testing.T, which examples lack.
type aTest struct{ cleanup []func() }

func (*aTest) Helper()            {}
func (*aTest) Fatal(args ...any)  { panic(fmt.Sprint(args...)) }
func (t *aTest) Cleanup(f func()) { t.cleanup = append(t.cleanup, f) }

// In a test, t is its *testing.T, and the workspace is closed when it ends.
func ExampleNew() {
	t := &aTest{}
	ws := slackdev.New(t, slackdev.Options{})
	ctx := context.Background()
	ana, lee := ws.User("ana"), ws.User("lee")
	ana.Say(ctx, "#general", "Lunch?")
	m, err := lee.WaitForText(ctx, "#general", "Lunch")
	fmt.Println(m.Text(), err)
	lee.React(ctx, "#general", m.TS, "pizza")
	m, _ = ana.Find("#general", "Lunch")
	fmt.Println(m.Reactions)
	for _, f := range t.cleanup {
		f()
	}
	// Output:
	// Lunch? <nil>
	// [pizza 1]
}

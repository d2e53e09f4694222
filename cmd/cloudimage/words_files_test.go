package main

import (
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"cloudimage/slackdev"
)

// The newest file of a name is the one that counts, and only for who sees it.
func TestFileOfTheWorld(t *testing.T) {
	t.Parallel()
	ws, err := slackdev.Start(slackdev.Options{Now: scenarioStart})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	api := slack.New(ws.BotToken(), slack.OptionAPIURL(ws.APIURL()))
	if err := ws.User("ana").Invite("#private-partners", "app"); err != nil {
		t.Fatal(err)
	}
	share := func(channel, name, text string) {
		t.Helper()
		if _, err := api.UploadFile(slack.UploadFileParameters{Filename: name, Content: text, FileSize: len(text), AltTxt: "of " + text, Channel: channel}); err != nil {
			t.Fatal(err)
		}
	}
	share("C0GENERAL", "figures.csv", "CE,3")
	share("C0GENERAL", "figures.csv", "CE,4")
	share("C0GENERAL", "board.png", "pixels")
	share("C0PRIVATEPARTNERS", "figures.csv", "CE,5")
	for _, c := range []struct{ person, channel, name, want string }{
		{"omar", "#general", "figures.csv", "CE,4"},
		{"omar", "#general", "board.png", "pixels"},
		{"omar", "#general", "nothing.csv", ""},
		{"omar", "#private-partners", "figures.csv", ""},
		{"ana", "#private-partners", "figures.csv", "CE,5"},
		{"ana", "dm", "figures.csv", ""},
	} {
		w := &world{slack: ws, channel: c.channel}
		w.as(c.person)
		f, ok := w.file(c.name)
		if string(f.Data) != c.want || ok != (c.want != "") || ok && !strings.Contains(f.Alt, c.want) {
			t.Errorf("%+v: got %q, %v", c, f.Data, ok)
		}
	}
}

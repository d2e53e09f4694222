package slackdev_test

import (
	"context"
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"cloudimage/slackdev"
)

// An app posts a card; a person reads it.
func Example() {
	ws, err := slackdev.Start(slackdev.Options{Now: time.Date(2025, 11, 25, 9, 0, 0, 0, time.UTC)})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer ws.Close()
	app := slack.New(ws.BotToken(), slack.OptionAPIURL(ws.APIURL()))
	ana := ws.User("ana")
	if _, _, err := app.PostMessage(string(ana.ID()), slack.MsgOptionText("*You* have the next move, <@U0ANA>", false)); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(ana.Sees("dm"))

	out, err := ana.Slash(context.Background(), "#general", "/anything")
	fmt.Println(out.OK, out.Error)
	fmt.Println(err != nil)
	// Output:
	// You have the next move, @ana
	// false /anything is not a valid command. In Slack, all messages that start with the "/" character are interpreted as commands.
	// true
}

// Command slackgo is the app in Go that docs/slackdev.md shows. The tests of
// slackdev build and run it against a workspace, as they do with the one in
// JavaScript.
package main

import (
	"os"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

func main() {
	api := slack.New(os.Getenv("SLACK_BOT_TOKEN"), slack.OptionAppLevelToken(os.Getenv("SLACK_APP_TOKEN")), slack.OptionAPIURL(os.Getenv("SLACK_API_URL")))
	client := socketmode.New(api)
	go client.Run()
	for event := range client.Events {
		if command, ok := event.Data.(slack.SlashCommand); ok {
			client.Ack(*event.Request, map[string]any{"text": "Hello, <@" + command.UserID + ">!"})
		}
	}
}

package main

import (
	"time"

	"cloudimage/slackdev"
)

// This file is what the demo shows to whoever opens it for the first time: the first
// minute, from the card of what is late to what goes on behind the page.

// sceneGuide is the guide of the scene. Now is the workspace's clock.
func sceneGuide(now func() time.Time) []slackdev.Hint {
	return []slackdev.Hint{
		{
			Title: "One listing is late",
			Text:  "You are ana. This card always says where " + sceneMiddle + " stands: one listing is late, the other is with the partner. Press “Brief and links” on it to see what is known, and close that again.",
			As:    "ana", Place: sceneChannel, Point: "Brief and links", Near: sceneMiddle + ": first-time image", Act: "block_actions",
		},
		{
			Title: "A step is done with what proves it",
			Text:  sceneBegun + " has just begun and waits for you. Press “Done…” beside a step, fill in what it asks for, and send it. The card changes at once, for everybody.",
			As:    "ana", Place: sceneChannel, Point: "Done…", Near: sceneBegun + ": first-time image", Act: "view_submission",
		},
		{
			Title: "Become omar",
			Text:  "Everybody has what is theirs in their own messages. Omar has the partner who does not answer, with the words to send them. Press “They answered…” or “Still silent…”.",
			As:    "omar", Place: "dm", Point: "They answered…", Near: sceneMiddle, Act: "block_actions",
		},
		morningHint("omar", now),
		inspectorHint(),
	}
}

// replayGuide is the guide of somebody else's process: the card of the run that has
// something late, and whoever it waits for.
func replayGuide(p *players, runs []*replayed) []slackdev.Hint {
	late := runs[0]
	for _, r := range runs {
		if r.most > 0 {
			late = r
		}
	}
	who, waits := late.waiting(p)
	if !waits {
		who = "ana"
	}
	hints := []slackdev.Hint{{
		Title: late.name + " is behind",
		Text:  "The card always says where it stands: what is done, what is late, and with whom. Press “Brief and links” on it to see what is known, and close that again.",
		As:    who, Place: sceneChannel, Point: "Brief and links", Near: late.name + ": ", Act: "block_actions",
	}}
	if waits {
		hints = append(hints, slackdev.Hint{
			Title: "You are " + who + " now",
			Text:  "Everybody has what is theirs in their own messages. Press “Done…” beside a step; it asks for what the process wants to have.",
			As:    who, Place: "dm", Point: "Done", Near: late.name, Act: "block_actions",
		})
	}
	return append(hints, morningHint(who, p.slack.Clock().Now), inspectorHint())
}

// morningHint lets the next working morning come.
func morningHint(who string, now func() time.Time) slackdev.Hint {
	return slackdev.Hint{
		Title: "Let it be tomorrow morning",
		Text:  "Press the clock at the top, and “Next working morning”. Each person gets one message a morning at most: what is late, due or new, with the button that settles it. Then read what there is.",
		As:    who, Place: "dm", Point: "Workspace time", Done: func() bool { return time.Until(now()) > demoMoved },
	}
}

// demoMoved is how far ahead the clock is at least when somebody has moved it.
const demoMoved = 30 * time.Second

// inspectorHint shows what goes on behind the page.
func inspectorHint() slackdev.Hint {
	return slackdev.Hint{
		Title: "Look behind it",
		Text:  "The inspector at the top has all that went to the bot and came back: the envelope, how soon it was acknowledged, and the calls it made. It is the bot that is served, and the Slack is as strict as Slack.",
		Point: "Inspector", Opens: "inspector",
	}
}

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"cloudimage/slackdev"
	"cloudimage/workflow"
)

// This file is what scenarios do again and again, in one word each.

// partnership starts one as the person who acts, by the form.
func (w *world) partnership(ctx context.Context, name string) error {
	if _, err := w.person.Slash(ctx, w.channel, "/cloudimage new "+name); err != nil {
		return err
	}
	if err := w.settle(); err != nil {
		return err
	}
	for _, field := range [][]string{
		{"Provider", "Other"},
		{"Listings to launch", "CE image", "EE image"},
		{"Target launch date", "2027-01-15"},
	} {
		if _, err := w.person.Fill(ctx, field[0], field[1:]...); err != nil {
			return err
		}
	}
	return w.submitted(ctx)
}

// maintenance begins one as the person who acts: its name, its kind, and when it
// was released, now if that is left out.
func (w *world) maintenance(ctx context.Context, args []string) error {
	if len(args) < 2 || len(args) > 3 {
		return fmt.Errorf("maintenance NAME KIND [WHEN], not %q", args)
	}
	at := w.slack.Clock().Now()
	if len(args) == 3 {
		var err error
		if at, err = time.Parse(time.RFC3339, args[2]); err != nil {
			return err
		}
	}
	who := workflow.Who{User: workflow.UserID(w.person.ID()), Request: workflow.RequestID("maintenance:" + args[0])}
	_, err := w.app.desk.Begin(ctx, who, "image-maintenance", workflow.Start{
		Partner: args[0], Channel: idOf(w.channel), Catalyst: &workflow.Catalyst{Kind: workflow.CatalystKind(args[1]), At: at},
		Listings: []workflow.Listing{
			workflow.NewListing("CE", workflow.Image, workflow.AWS), workflow.NewListing("EE", workflow.Image, workflow.Azure),
		},
	})
	return err
}

// idOf is the id of a channel that the workspace begins with.
func idOf(channel string) workflow.ChannelID {
	return workflow.ChannelID("C0" + strings.ToUpper(strings.NewReplacer("#", "", "-", "").Replace(channel)))
}

// does marks a step done by typing so, and fills in the form that comes up.
func (w *world) does(ctx context.Context, partner, step string) error {
	if _, err := w.person.Slash(ctx, w.channel, "/cloudimage done "+partner+" "+step); err != nil {
		return err
	}
	if err := w.settle(); err != nil {
		return err
	}
	form, ok := w.person.Modal()
	if !ok {
		return nil // it asks for nothing
	}
	if form.Submit == "" {
		return fmt.Errorf("%s cannot be done: %s", step, form.Text())
	}
	if err := w.fillAll(ctx, form); err != nil {
		return err
	}
	return w.submitted(ctx)
}

func (w *world) submitted(ctx context.Context) error {
	out, err := w.person.Submit(ctx)
	if err == nil && !out.OK {
		err = fmt.Errorf("not taken: %s %v", out.Error, out.FieldErrors)
	}
	if err != nil {
		return err
	}
	return w.settle()
}

// fillAll gives every needed field of a form something of the right kind.
func (w *world) fillAll(ctx context.Context, form slackdev.View) error {
	var blocks []struct {
		Type     string `json:"type"`
		BlockID  string `json:"block_id"`
		Optional bool   `json:"optional"`
		Element  struct {
			Type    string `json:"type"`
			Options []struct {
				Value string `json:"value"`
			} `json:"options"`
		} `json:"element"`
	}
	if err := json.Unmarshal(form.Blocks, &blocks); err != nil {
		return err
	}
	for _, b := range blocks {
		if b.Type != "input" || b.Optional {
			continue
		}
		answer := "https://example.com/one" // a link is a text too
		switch b.Element.Type {
		case "number_input":
			answer = "3"
		case "datepicker":
			answer = "2027-01-14"
		case "users_select":
			answer = w.person.Name()
		case "static_select", "radio_buttons", "checkboxes":
			answer = b.Element.Options[0].Value
		}
		if _, err := w.person.Fill(ctx, b.BlockID, answer); err != nil {
			return err
		}
	}
	return nil
}

// nextYear is a day to launch on, for tests that run on the real clock.
func nextYear() string { return time.Now().AddDate(1, 0, 0).Format(time.DateOnly) }

package main

import (
	"context"
	"encoding/json"
	"strings"

	"cloudimage/slackdev"
)

// This file is how somebody does what the bot has offered them in their messages.

// offer is a button by which a step is marked done, and what stands beside it.
type offer struct {
	message slackdev.TS
	words   string
}

// offered are the steps of a run that somebody's messages have a button for.
func (p *players) offered(who, run string) (out []offer) {
	for _, m := range newestFirst(p.slack.User(who).DM()) {
		if !strings.Contains(m.Text(), run) {
			continue
		}
		beside := besideButtons(m.Blocks, "done")
		for _, words := range beside {
			alike := func(other string) bool { return strings.Contains(other, words) }
			if counted(beside, alike) == 1 { // one is meant
				out = append(out, offer{m.TS, words})
			}
		}
	}
	return out
}

func counted(list []string, which func(string) bool) (n int) {
	for _, s := range list {
		if which(s) {
			n++
		}
	}
	return n
}

// besideButtons are the words beside each button with an action: those of its section,
// or of the last section above its row.
func besideButtons(blocks json.RawMessage, action string) (out []string) {
	type element struct {
		ActionID string `json:"action_id"`
	}
	var all []struct {
		Type      string          `json:"type"`
		Text      json.RawMessage `json:"text"`
		Accessory element         `json:"accessory"`
		Elements  []element       `json:"elements"`
	}
	if json.Unmarshal(blocks, &all) != nil {
		return nil // of a kind in which nothing is offered
	}
	said := ""
	for _, b := range all {
		if b.Type == "section" {
			var text struct {
				Text string `json:"text"`
			}
			if json.Unmarshal(b.Text, &text) == nil {
				said = plainest(text.Text)
			}
		}
		for _, e := range append(b.Elements, b.Accessory) {
			if e.ActionID == action {
				out = append(out, said)
			}
		}
	}
	return out
}

// plainest is the longest part of a text that looks the same with and without its marks.
func plainest(text string) (out string) {
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("*_~`<>&|\n", r) }) {
		if part = strings.TrimSpace(part); len(part) > len(out) {
			out = part
		}
	}
	return out
}

// worksOn does the first step of a run that somebody is offered and can do. What a form
// is not taken for is left for another day.
func (p *players) worksOn(ctx context.Context, who, run string) (did bool, err error) {
	for _, o := range p.offered(who, run) {
		person := p.slack.User(who)
		before := len(p.offered(who, run))
		if _, err := person.Click(ctx, slackdev.InDM("done").At(o.message).Near(o.words)); err != nil {
			return false, err
		}
		if err := p.app.Settle(ctx); err != nil {
			return false, err
		}
		form, asked := person.Modal()
		if !asked {
			if len(p.offered(who, run)) < before {
				return true, nil // it asks for nothing
			}
			continue
		}
		if form.Submit != "" && p.sends(ctx, who, nil) == nil {
			if _, still := person.Modal(); !still {
				return true, nil
			}
		}
		if err := p.closes(ctx, who); err != nil {
			return false, err
		}
	}
	return false, nil
}

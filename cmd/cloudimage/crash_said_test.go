package main

import (
	"encoding/json"
	"strings"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

// checkSaidOnce compares what Slack was sent with what is in the database: every
// message once, none missing, and no reminder counted twice.
func (r *replay) checkSaidOnce() {
	r.t.Helper()
	posts := map[string]int{}   // by message and news
	stories := map[string]int{} // by message
	days := map[string]int{}    // mornings and daily messages, by message and day
	for _, c := range r.slack.Calls("chat.postMessage") {
		_, id := kindOf(c)
		if !c.OK || id == "" {
			continue
		}
		posts[newsOf(c.Args["metadata"])]++
		switch {
		case strings.Contains(id, ".story."):
			stories[id]++
		case strings.HasPrefix(id, "morning."), strings.HasPrefix(id, "daily."):
			days[id+" "+headline(c.Args["blocks"])]++
		}
	}
	for _, said := range []map[string]int{posts, stories, days} {
		for what, n := range said {
			if n != 1 {
				r.t.Errorf("%s was sent %d times", what, n)
			}
		}
	}
	told, reminded := 0, map[string]int{}
	mornings := map[string]bool{}
	r.must(r.app.store.Each(r.ctx, func(run *workflow.Run) error {
		messages, err := r.app.store.MessagesOf(r.ctx, run.ID)
		if err != nil {
			return err
		}
		for _, m := range messages {
			if m.Shown < m.Wanted || m.TS == "" {
				r.t.Errorf("%s is at %d of %d, at %q", m.ID, m.Shown, m.Wanted, m.TS)
			}
			if m.Kind != store.Story {
				continue
			}
			if told++; stories[string(m.ID)] != 1 {
				r.t.Errorf("the story %s was told %d times", m.ID, stories[string(m.ID)])
			}
		}
		events, err := r.app.store.Events(r.ctx, run.ID, 0, everyRun)
		for _, e := range events {
			if e.Type == workflow.StepReminded {
				day := strings.Join([]string{string(e.User), string(run.ID), e.Step.String(), string(e.Stage), string(e.Field), e.At.In(r.zoneOf(e.User)).Format(time.DateOnly)}, " ")
				reminded[day]++
				mornings["morning."+string(e.User)+" "+e.At.In(r.zoneOf(e.User)).Format("Mon _2 Jan")] = true
			}
		}
		return err
	}))
	for what, n := range reminded {
		if n != 1 {
			r.t.Errorf("a reminder was counted %d times: %s", n, what)
		}
	}
	for morning := range mornings {
		if days[strings.Join(strings.Fields(morning), " ")] != 1 {
			r.t.Errorf("a reminder is counted for %s, which was not sent", morning)
		}
	}
	if told == 0 || len(mornings) == 0 {
		r.t.Error("nothing was tested")
	}
	r.t.Logf("%d posts, %d stories, %d mornings with reminders, %d mornings and daily messages", len(posts), told, len(mornings), len(days))
}

// newsOf is the message and which of its posts a post is.
func newsOf(metadata string) string {
	var meta struct {
		Payload struct{ ID, News string } `json:"event_payload"`
	}
	if json.Unmarshal([]byte(metadata), &meta) != nil {
		return metadata
	}
	return meta.Payload.ID + " " + meta.Payload.News
}

// headline is the day that a morning or a daily message names.
func headline(blocks string) string {
	var all []struct {
		Text struct{ Text string }
	}
	if json.Unmarshal([]byte(blocks), &all) != nil || len(all) == 0 {
		return blocks
	}
	day, _, _ := strings.Cut(plain(all[0].Text.Text), ":")
	return day
}

func (r *replay) zoneOf(who workflow.UserID) *time.Location {
	p, err := r.app.bot.Profile(r.ctx, who)
	r.must(err)
	return p.Zone
}

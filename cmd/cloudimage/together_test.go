package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudimage/slackdev"
)

// This file holds promises that scenarios have no words for: what several
// people do at the same moment, and what nobody can do by Slack's own means.

// partnered is a world with one partnership in it.
func partnered(t *testing.T, change func(*world)) (*world, context.Context) {
	t.Helper()
	w := startWorld(t, change)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	w.as("ana")
	if err := w.partnership(ctx, "DigitalOcean"); err != nil {
		t.Fatal(w.failure(err))
	}
	return w, ctx
}

// Several people have the form of one step open and send it at the same moment:
// one of them has done it, and the others are told who.
func TestTogether(t *testing.T) {
	t.Parallel()
	w, ctx := partnered(t, nil)
	if err := w.regroup("strategic-partnerships", "ana", "lee", "wei", "noor"); err != nil {
		t.Fatal(err)
	}
	people := []*slackdev.Person{w.slack.User("ana"), w.slack.User("lee"), w.slack.User("wei"), w.slack.User("noor")}
	for _, p := range people {
		if _, err := p.Click(ctx, slackdev.In(w.channel, "Done…").Near("1.1")); err != nil {
			t.Fatal(err)
		}
		if err := w.settle(); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Fill(ctx, "Issue", "https://example.com/"+p.Name()); err != nil {
			t.Fatal(err)
		}
	}
	var all sync.WaitGroup
	for _, p := range people {
		all.Go(func() {
			if _, err := p.Submit(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if err := w.settle(); err != nil {
		t.Fatal(err)
	}
	done, told := 0, 0
	for _, p := range people {
		modal, open := p.Modal()
		switch {
		case !open:
			done++
		case strings.Contains(modal.Text(), "1.1 Create issue is already done, by @"):
			told++
		default:
			t.Errorf("%s sees\n%s", p.Name(), modal.Text())
		}
	}
	if done != 1 || told != len(people)-1 {
		t.Errorf("%d did it and %d were told so, of %d people", done, told, len(people))
	}
	if !strings.Contains(w.person.Sees(w.channel), "1 of 14 steps") {
		t.Error(w.failure(fmt.Errorf("the card does not say 1 of 14 steps")))
	}
}

// A burst of clicks costs few drawings: a card is drawn at once, and then twice a
// second at most, however much happens; and in the end it is true.
func TestBurst(t *testing.T) {
	t.Parallel()
	const clicks, every = 100, 500 * time.Millisecond
	w, ctx := partnered(t, func(w *world) { w.drawEvery = every })
	card := ""
	for _, m := range w.person.Messages(w.channel) {
		if isCard(m) {
			card = string(m.TS)
		}
	}
	before := drawings(w, card)
	tick := time.NewTicker(19 * time.Millisecond) // 100 in under two seconds
	defer tick.Stop()
	began := time.Now()
	for i := range clicks {
		to := "@ana"
		if i%2 == 0 {
			to = "@lee"
		}
		if _, err := w.person.Slash(ctx, w.channel, "/cloudimage assign DigitalOcean 1.1 "+to); err != nil {
			t.Fatal(err)
		}
		<-tick.C
	}
	took := time.Since(began)
	if err := w.settle(); err != nil {
		t.Fatal(err)
	}
	most := 2 + int(took/every) // at once, twice a second, and the last
	if n := drawings(w, card) - before; n > most || n == 0 {
		t.Errorf("%d clicks in %v drew the card %d times; %d would do", clicks, took, n, most)
	}
	if !strings.Contains(flat(w.screen()), "1.1 Create issue @ana, due") {
		t.Error(w.failure(fmt.Errorf("the card does not show the last assignee, ana")))
	}
}

// drawings is how often a message was brought up to date.
func drawings(w *world, ts string) (n int) {
	for _, c := range w.slack.Calls("chat.update") {
		if c.OK && c.Args["ts"] == ts {
			n++
		}
	}
	return n
}

// A payload can be made by hand: a button's value names a step, and its sender
// whom they like. What counts is who sent it, by Slack's word, and what they may.
func TestForged(t *testing.T) {
	t.Parallel()
	for _, forger := range []struct{ user, team, told string }{
		{"U0OSCAR", "T0PARTNER", "Only members of this workspace can do that. Please ask your contact in @strategic-partnerships."},
		{"U0OSCAR", "T0ACME", "Only members of this workspace can do that."},
		{"U0BUILDBOT", "T0ACME", "Bots and apps cannot act here; a person from @strategic-partnerships can."},
		{"U0DANA", "T0ACME", "This account is deactivated."},
		{"U0NOBODY", "T0ACME", "Only members of this workspace can do that."},
		{"U0OMAR", "T0ACME", "1.5 Technical call with partner lead is for @strategic-partnerships"},
	} {
		t.Run(forger.user+" of "+forger.team, func(t *testing.T) {
			t.Parallel()
			w, ctx := partnered(t, nil)
			runs, err := w.app.store.Find(ctx, "R-1")
			if err != nil || len(runs) != 1 {
				t.Fatal(runs, err)
			}
			before := runs[0].Version
			payload := map[string]any{
				"type": "block_actions", "api_app_id": w.slack.AppID(), "trigger_id": "1.2.forged",
				"team": map[string]any{"id": "T0ACME"}, "user": map[string]any{"id": forger.user, "team_id": forger.team},
				"channel": map[string]any{"id": "C0CLOUDIMAGES"},
				"actions": []any{map[string]any{
					"type": "button", "action_id": "reopen", "block_id": "b",
					"value": string(runs[0].ID) + "|technical-call",
				}},
			}
			raw, err := json.Marshal(map[string]any{
				"type": "interactive", "envelope_id": "forged-" + forger.user, "accepts_response_payload": false, "payload": payload,
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.slack.SendEnvelope(ctx, raw); err != nil {
				t.Fatal(err)
			}
			if err := w.settle(); err != nil {
				t.Fatal(err)
			}
			if runs, err = w.app.store.Find(ctx, "R-1"); err != nil || runs[0].Version != before {
				t.Errorf("the run changed: %v", err)
			}
			said := ""
			for _, c := range w.slack.Calls("") {
				if c.Method == "chat.postEphemeral" && c.Args["user"] == forger.user {
					said = c.Args["text"]
				}
			}
			said = strings.NewReplacer("<!subteam^S0STRATEGICPARTNERSHIPS>", "@strategic-partnerships").Replace(said)
			if !strings.Contains(said, forger.told) {
				t.Errorf("they were told %q, not %q", said, forger.told)
			}
		})
	}
}

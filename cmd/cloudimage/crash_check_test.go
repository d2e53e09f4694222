package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/bot/view"
	"cloudimage/slackdev"
	"cloudimage/workflow"
	"cloudimage/workflow/process"
	"cloudimage/workflow/store"
)

// everyRun is more runs than the test starts.
const everyRun = 10000

// openStore opens the database of the program, which must be dead.
func (c *crash) openStore() *store.Store {
	c.t.Helper()
	days, err := newCalendars(Config{})
	if err != nil {
		c.t.Fatal(err)
	}
	s, err := store.Open(context.Background(), store.Options{DSN: c.db, Calendars: days, Parse: process.Load, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		c.t.Fatalf("after a kill: %v", err)
	}
	return s
}

// allRuns are the runs in the database. A number is taken by each, so none is
// missed.
func (c *crash) allRuns(s *store.Store) []*workflow.Run {
	c.t.Helper()
	var out []*workflow.Run
	for n := 1; ; n++ {
		found, err := s.Find(context.Background(), fmt.Sprintf("R-%d", n))
		if workflow.KindOf(err) == workflow.NotFound || err == nil && len(found) == 0 {
			return out
		}
		if err != nil {
			c.t.Fatal(err)
		}
		out = append(out, found...)
	}
}

// checkDeeds compares what people saw acknowledged with what is in the
// database while the program is dead.
func (c *crash) checkDeeds() {
	c.t.Helper()
	s := c.openStore()
	defer func() {
		if err := s.Close(); err != nil {
			c.t.Error(err)
		}
	}()
	there := map[deedKind]map[string]int{noted: {}, closed: {}, begun: {}}
	for _, r := range c.allRuns(s) {
		there[begun][r.Partner]++
		events, err := s.Events(context.Background(), r.ID, 0, everyRun)
		if err != nil {
			c.t.Fatal(err)
		}
		if int64(len(events)) != r.Version {
			c.t.Errorf("%s is at version %d and has %d events", r.Name(), r.Version, len(events))
		}
		for _, e := range events {
			switch e.Type {
			case workflow.NoteAdded:
				there[noted][e.Text]++
			case workflow.StepDone:
				there[closed][string(r.ID)+" "+e.Step.String()]++
			}
		}
	}
	acked, unknown := c.journal.all()
	for _, d := range acked {
		if n := there[d.kind][d.key]; n != 1 {
			c.t.Errorf("%s %s was acknowledged and is there %d times", d.kind, d.key, n)
		}
	}
	for _, d := range unknown {
		if n := there[d.kind][d.key]; n > 1 {
			c.t.Errorf("%s %s is there %d times", d.kind, d.key, n)
		}
	}
}

// drawing is what a message must show; a story has no blocks here, for it need
// only be there.
type drawing struct {
	run    string
	person workflow.UserID // whose direct message it is; empty for a card
	text   string
	blocks any
}

// drawings are what every message that shows a run must show, by its id, as
// things stand in the database while the program is dead.
func (c *crash) drawings() map[store.MessageID]drawing {
	c.t.Helper()
	s := c.openStore()
	defer func() {
		if err := s.Close(); err != nil {
			c.t.Error(err)
		}
	}()
	out := map[store.MessageID]drawing{}
	for _, r := range c.allRuns(s) {
		messages, err := s.MessagesOf(context.Background(), r.ID)
		if err != nil {
			c.t.Fatal(err)
		}
		if len(messages) < 2 {
			c.t.Errorf("%s has %d messages; its owner at least must have one beside the card", r.Name(), len(messages))
		}
		for _, m := range messages {
			if m.Kind == store.Story {
				out[m.ID] = drawing{run: r.Name()}
				continue
			}
			shown := view.Names{}.Card(r)
			if m.Kind == store.DM {
				shown = view.Names{}.Direct(r, m.Person, time.Now())
			}
			raw, err := json.Marshal(shown.Blocks)
			if err != nil {
				c.t.Fatal(err)
			}
			out[m.ID] = drawing{r.Name(), m.Person, shown.Text, bareBlocks(raw)}
		}
	}
	return out
}

// bareBlocks are blocks without the ids that Slack adds.
func bareBlocks(raw json.RawMessage) any {
	var blocks any
	if err := json.NewDecoder(bytes.NewReader(raw)).Decode(&blocks); err != nil {
		return err.Error()
	}
	var strip func(v any)
	strip = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				strip(e)
			}
		case map[string]any:
			delete(v, "block_id")
			for _, e := range v {
				strip(e)
			}
		}
	}
	strip(blocks)
	return blocks
}

// shown are the messages that show runs, by their id: those of the channel and its
// threads, and those of each person with the bot.
func (c *crash) shown() map[store.MessageID][]slackdev.Message {
	out := map[store.MessageID][]slackdev.Message{}
	add := func(messages []slackdev.Message) {
		for _, m := range messages {
			var meta struct {
				Payload struct {
					ID store.MessageID `json:"id"`
				} `json:"event_payload"`
			}
			if json.Unmarshal(m.Metadata, &meta) == nil && meta.Payload.ID != "" {
				out[meta.Payload.ID] = append(out[meta.Payload.ID], m)
			}
		}
	}
	ana := c.slack.User("ana")
	channel := ana.Messages("#cloud-images")
	add(channel)
	for _, m := range channel {
		add(slices.DeleteFunc(ana.Thread("#cloud-images", m.TS), func(reply slackdev.Message) bool {
			return slices.ContainsFunc(channel, func(m slackdev.Message) bool { return m.TS == reply.TS }) // the parent, and what was broadcast
		}))
	}
	for _, name := range clickers {
		add(c.slack.User(name).DM())
	}
	return out
}

// awaitDrawings waits until every message shows what it must, and fails with
// the difference when it never does.
func (c *crash) awaitDrawings(want map[store.MessageID]drawing) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var wrong string
	err := c.slack.WaitFor(ctx, func() bool {
		wrong = c.wrong(want)
		return wrong == ""
	})
	if err != nil {
		c.t.Errorf("%v: %s", err, wrong)
	}
}

// wrong says what one of the messages shows that it must not; empty when all
// are right.
func (c *crash) wrong(want map[store.MessageID]drawing) string {
	shown := c.shown()
	for id, d := range want {
		messages := shown[id]
		if len(messages) == 0 {
			return fmt.Sprintf("message %s of %s is not there", id, d.run)
		}
		for _, m := range messages {
			if d.blocks == nil {
				continue
			}
			if m.Raw != d.text {
				return fmt.Sprintf("message %s of %s says %q, not %q", id, d.run, m.Raw, d.text)
			}
			if diff := cmp.Diff(d.blocks, bareBlocks(m.Blocks)); diff != "" {
				return fmt.Sprintf("message %s of %s shows (-want +got):\n%s", id, d.run, diff)
			}
		}
	}
	return ""
}

// checkOnce fails when a message is there more than once: one card to a run, one
// direct message to a person and a run.
func (c *crash) checkOnce() {
	c.t.Helper()
	for id, messages := range c.shown() {
		if len(messages) != 1 {
			var at []string
			for _, m := range messages {
				at = append(at, string(m.TS)+" "+string(m.Metadata))
			}
			c.t.Errorf("message %s is there %d times:\n%s", id, len(messages), strings.Join(at, "\n"))
		}
	}
}

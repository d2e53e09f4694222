package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cloudimage/commands"
	"cloudimage/slackdev"
	"cloudimage/workflow"
	"cloudimage/workflow/process"
)

// This file is the load: a workspace of many people, a bot in it, and clicks
// that are sent to the bot over real sockets as fast as wanted. Clicks carry the
// whole card they were made in, as Slack's do.

// crowd is how many people click.
const crowd = 32

// crowded is a workspace in which everybody of the crowd is of every team, so
// that anybody may do any step.
func crowded(tb testing.TB) *slackdev.Workspace {
	tb.Helper()
	seed := slackdev.DefaultSeed()
	for i := range crowd {
		seed.Users = append(seed.Users, slackdev.SeedUser{Name: clicker(i)})
		for g := range seed.UserGroups {
			seed.UserGroups[g].Users = append(seed.UserGroups[g].Users, clicker(i))
		}
	}
	slack, err := slackdev.Start(slackdev.Options{Manifest: slackManifest, Seed: seed, KeepCalls: -1, KeepInteractions: -1})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { slack.Close() })
	return slack
}

func clicker(i int) string { return fmt.Sprintf("clicker%d", i%crowd) }

// loadProcess is the process whose steps are clicked through.
const loadProcess = "testdata/processes/dense.yaml"

// loadedApp is the program in a crowded workspace.
type loadedApp struct {
	*App
	slack *slackdev.Workspace
	cards int
}

func startLoadedApp(tb testing.TB) *loadedApp {
	tb.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	processes, err := process.LoadFiles([]string{loadProcess})
	if err != nil {
		tb.Fatal(err)
	}
	config, err := loadConfig("")
	if err != nil {
		tb.Fatal(err)
	}
	a := &loadedApp{slack: crowded(tb)}
	a.App, err = NewApp(ctx, Settings{
		BotToken: a.slack.BotToken(), AppToken: a.slack.AppToken(), APIURL: a.slack.APIURL(),
		DB: filepath.Join(tb.TempDir(), "load.db"), Config: config, Processes: processes,
		Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		tb.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	tb.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			tb.Error(err)
		}
		if err := a.Close(); err != nil {
			tb.Error(err)
		}
	})
	waitConnected(tb, a.slack, 2)
	return a
}

// waitConnected waits until the bot has its sockets, so that a measurement does
// not begin on the way.
func waitConnected(tb testing.TB, slack *slackdev.Workspace, sockets int) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := slack.WaitConnected(ctx, sockets); err != nil {
		tb.Fatal(err)
	}
}

// clicks starts some runs and returns a click for each Done button of their
// cards, run by run. It returns when all cards are drawn.
func (a *loadedApp) clicks(tb testing.TB, runs int) []click {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*patience)
	defer cancel()
	first := a.cards
	var starting sync.WaitGroup
	for range runs {
		request := workflow.RequestID(fmt.Sprintf("load-%d", a.cards))
		a.cards++
		starting.Go(func() {
			_, err := a.desk.Do(ctx, commands.Request{
				ID: request, User: "U0ANA", Verb: "new", Target: commands.Target{Channel: "C0CLOUDIMAGES"},
				Values: commands.Values{"process": {"dense"}, "partner": {"Partner " + string(request)}, "provider": {"manual"},
					"listings": {"CE/image", "EE/image"}, "target": {nextYear()}},
			})
			if err != nil {
				tb.Error(err)
			}
		})
	}
	starting.Wait()
	if err := a.Settle(ctx); err != nil {
		tb.Fatal(err)
	}
	var out []click
	for _, m := range a.slack.User("ana").Messages("#cloud-images")[first:] {
		out = append(out, clicksOn(tb, a.slack, m)...)
	}
	return out
}

// click is one press of a button of a card, ready to be sent: its envelope but
// for the ids that make it one of a kind. It has no response URL, which only the
// workspace could hand out; who clicked is answered in the channel.
type click struct {
	ts      slackdev.TS
	payload string
}

var nextClick atomic.Int64

// frame is the envelope.
func (c click) frame() []byte {
	n := nextClick.Add(1)
	who := int(n) % crowd
	return fmt.Appendf(nil, `{"envelope_id":"load-%d","type":"interactive","accepts_response_payload":false,`+
		`"payload":{"type":"block_actions","trigger_id":"%d.%d","user":{"id":"U0CLICKER%d","username":"clicker%d","name":"clicker%d","team_id":"T0ACME"},%s}}`,
		n, n, n, who, who, who, c.payload)
}

// clicksOn is a click on each Done button of a card.
func clicksOn(tb testing.TB, slack *slackdev.Workspace, m slackdev.Message) []click {
	tb.Helper()
	var blocks []struct {
		ID        string `json:"block_id"`
		Accessory struct {
			Action string          `json:"action_id"`
			Value  string          `json:"value"`
			Text   json.RawMessage `json:"text"`
		} `json:"accessory"`
	}
	if err := json.Unmarshal(m.Blocks, &blocks); err != nil {
		tb.Fatal(err)
	}
	message, err := json.Marshal(map[string]any{
		"type": "message", "user": m.User, "bot_id": "B0CLOUDIMAGE", "app_id": slack.AppID(), "team": "T0ACME", "ts": m.TS, "text": m.Raw, "blocks": m.Blocks,
		"bot_profile": map[string]any{"id": "B0CLOUDIMAGE", "app_id": slack.AppID(), "name": "cloudimage", "deleted": false, "updated": 1, "team_id": "T0ACME"},
	})
	if err != nil {
		tb.Fatal(err)
	}
	var out []click
	for _, b := range blocks {
		if b.Accessory.Action != string(workflow.VerbDone) {
			continue
		}
		action, err := json.Marshal(map[string]any{
			"type": "button", "block_id": b.ID, "action_id": b.Accessory.Action, "value": b.Accessory.Value, "text": b.Accessory.Text, "action_ts": "1763634000.000100",
		})
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, click{m.TS,
			fmt.Sprintf(`"team":{"id":"T0ACME","domain":"acme"},"api_app_id":%q,"token":"x","enterprise":null,"is_enterprise_install":false,`+
				`"container":{"type":"message","message_ts":%q,"channel_id":"C0CLOUDIMAGES","is_ephemeral":false},"channel":{"id":"C0CLOUDIMAGES","name":"cloud-images"},`+
				`"message":%s,"state":{"values":{}},"actions":[%s]`, slack.AppID(), m.TS, message, action)})
	}
	return out
}

// send sends a click and waits for its acknowledgement.
func send(slack *slackdev.Workspace, c click) error {
	_, err := slack.SendEnvelope(context.Background(), c.frame())
	return err
}

// closedLoop has each of the crowd send the next click as soon as the last is
// acknowledged, until all are sent. It returns how many were acknowledged each
// second.
func closedLoop(tb testing.TB, slack *slackdev.Workspace, clicks []click) (perSecond float64) {
	tb.Helper()
	var next atomic.Int64
	var people sync.WaitGroup
	began := time.Now()
	for range crowd {
		people.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(clicks); i = next.Add(1) - 1 {
				if err := send(slack, clicks[i]); err != nil {
					tb.Error(err)
				}
			}
		})
	}
	people.Wait()
	return float64(len(clicks)) / time.Since(began).Seconds()
}

// openLoop sends so many clicks a second, whether or not the last ones are
// acknowledged. It returns how long each took, from the moment at which it was
// to be sent, so that a stall counts for everybody it made wait.
func openLoop(tb testing.TB, slack *slackdev.Workspace, clicks []click, perSecond int) latencies {
	tb.Helper()
	took := make(latencies, len(clicks))
	var sent sync.WaitGroup
	pace := time.NewTimer(0)
	defer pace.Stop()
	began := time.Now()
	for i, c := range clicks {
		at := began.Add(time.Duration(i) * time.Second / time.Duration(perSecond))
		pace.Reset(time.Until(at))
		<-pace.C
		sent.Go(func() {
			if err := send(slack, c); err != nil {
				tb.Error(err)
			}
			took[i] = time.Since(at)
		})
	}
	sent.Wait()
	slices.Sort(took)
	return took
}

// latencies are sorted.
type latencies []time.Duration

// ms is the duration that so many of a hundred stay below, in milliseconds.
func (l latencies) ms(percent float64) float64 {
	if len(l) == 0 {
		return 0
	}
	at := l[min(len(l)-1, int(float64(len(l))*percent/100))]
	return float64(at.Microseconds()) / 1000
}

// counted is the value of a counter of the program, or the count of a
// histogram, summed over the labels that hold the words.
func (a *App) counted(tb testing.TB, name string, labels ...string) (count, sum float64) {
	tb.Helper()
	families, err := a.registry.Gather()
	if err != nil {
		tb.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() != name {
			continue
		}
		for _, m := range f.GetMetric() {
			if has := fmt.Sprint(m.GetLabel()); slices.ContainsFunc(labels, func(l string) bool { return !strings.Contains(has, l) }) {
				continue
			}
			if h := m.GetHistogram(); h != nil {
				count += float64(h.GetSampleCount())
				sum += h.GetSampleSum()
			}
			count += m.GetCounter().GetValue()
		}
	}
	return count, sum
}

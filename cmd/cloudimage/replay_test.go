package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/slackdev"
	"cloudimage/workflow"
)

var updateGolden = flag.Bool("update", false, "write the golden files anew")

// replay is a world in which weeks pass in seconds, for tests that look at what
// people were sent. What they got is taken from the calls that Slack has taken.
type replay struct {
	*world
	t   testing.TB
	ctx context.Context
}

// startReplay is a world that begins at a moment, with a configuration. Without a
// seed there are the people whom every world has.
func startReplay(t testing.TB, begins, config string, seed *slackdev.Seed, changes ...func(*world)) *replay {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cloudimage.yaml")
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	w := startWorld(t, func(w *world) {
		w.config = path
		w.options.Now, w.options.Seed = wallTime(t, begins), seed
		w.options.KeepCalls = 1 << 16
		for _, change := range changes {
			change(w)
		}
	})
	t.Cleanup(func() {
		for line := range strings.Lines(w.log.String()) {
			if !strings.Contains(line, "level=INFO") {
				t.Log(line)
			}
		}
	})
	return &replay{world: w, t: t, ctx: t.Context()}
}

// wallTime reads "2026-11-20 09:30 Europe/Berlin".
func wallTime(t testing.TB, text string) time.Time {
	t.Helper()
	day, name, _ := strings.Cut(text[len("2006-01-02 "):], " ")
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text[:len("2006-01-02 ")]+day, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func (r *replay) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(r.failure(err))
	}
}

// until lets time pass.
func (r *replay) until(when string) {
	r.t.Helper()
	r.must(r.advance(wallTime(r.t, when)))
}

// restarts stops the program and starts it again, after a time in which it is
// not there. It does at once what was due meanwhile.
func (r *replay) restarts(back string) {
	r.t.Helper()
	r.must(r.stop())
	r.must(r.slack.Clock().AdvanceTo(r.ctx, wallTime(r.t, back)))
	r.must(r.start())
	r.app.FireDue(r.ctx)
	r.must(r.settle())
}

// partnership begins one that is to be launched on that day.
func (r *replay) partnership(who, name, target string) {
	r.t.Helper()
	r.types(who, "new "+name, "Provider", "Other", "Listings to launch", "CE image", "Target launch date", target)
}

// release begins the maintenance of what is there, now.
func (r *replay) release(who, name, kind string) {
	r.t.Helper()
	r.as(who)
	r.must(r.maintenance(r.ctx, []string{name, kind}))
	r.must(r.settle())
}

// done marks steps done.
func (r *replay) done(who, partner string, steps ...string) {
	r.t.Helper()
	r.as(who)
	for _, step := range steps {
		before := r.version()
		r.must(r.does(r.ctx, partner, step))
		r.changed(before, step)
	}
}

// types types a command, and sends the form that comes up with the answers:
// label, value and so on.
func (r *replay) types(who, line string, answers ...string) {
	r.t.Helper()
	r.as(who)
	before := r.version()
	defer func() { r.changed(before, line) }()
	_, err := r.person.Slash(r.ctx, r.channel, "/cloudimage "+line)
	r.must(err)
	r.must(r.settle())
	form, ok := r.person.Modal()
	if !ok {
		if len(answers) > 0 {
			r.t.Fatal(r.failure(fmt.Errorf("%s asks for nothing: %s", line, r.told())))
		}
		return
	}
	if form.Submit == "" {
		r.t.Fatal(r.failure(fmt.Errorf("%s opens a page", line)))
	}
	for i := 0; i < len(answers); i += 2 {
		_, err := r.person.Fill(r.ctx, answers[i], strings.Split(answers[i+1], "|")...)
		r.must(err)
	}
	r.must(r.submitted(r.ctx))
}

// version counts what has happened in all runs.
func (r *replay) version() (n int64) {
	r.t.Helper()
	r.must(r.app.store.Each(r.ctx, func(run *workflow.Run) error { n += run.Version; return nil }))
	return n
}

// changed fails when an act has changed nothing: it was refused, or only asked
// back. What it has made due is done at once, as it is within a second.
func (r *replay) changed(before int64, act string) {
	r.t.Helper()
	r.app.FireDue(r.ctx)
	r.must(r.settle())
	if !r.t.Failed() && r.version() == before {
		r.t.Fatalf("%s changed nothing: %s", act, r.told())
	}
}

// sent is a message that somebody got.
type sent struct {
	at   time.Time
	to   string // @ana or #cloud-images
	zone *time.Location
	kind string
	id   string   // of the message; empty for what is answered
	text []string // as a notification shows it, and the rows
	// about is what orders those of one moment, which are sent side by side: the
	// card whose thread it is in, else the text.
	about string
}

// everything is what everybody got, in the order of their names.
func (r *replay) everything() (out []sent) {
	r.t.Helper()
	names := map[string]sent{}
	seed := r.options.Seed
	if seed == nil {
		seed = slackdev.DefaultSeed()
	}
	for _, u := range seed.Users {
		zone, err := time.LoadLocation(u.TZ) // UTC when it is empty
		r.must(err)
		names["U0"+strings.ToUpper(u.Name)] = sent{to: "@" + u.Name, zone: zone}
	}
	zone := r.channelZone()
	for _, c := range seed.Channels {
		names["C0"+strings.ToUpper(strings.ReplaceAll(c.Name, "-", ""))] = sent{to: "#" + c.Name, zone: zone}
	}
	cards := map[string]string{} // whose threads are whose
	for _, c := range r.slack.Calls("chat.postMessage") {
		if !c.OK {
			continue
		}
		m, known := names[c.Args["channel"]]
		if !known {
			r.t.Fatalf("a message went to %s", c.Args["channel"])
		}
		m.at = c.At
		m.kind, m.id = kindOf(c)
		m.text = append([]string{plain(c.Args["text"])}, rowsOf(c.Args["blocks"], m.kind)...)
		m.about = m.text[0]
		switch {
		case m.kind == "card":
			var posted struct {
				TS string `json:"ts"`
			}
			r.must(json.Unmarshal(c.Result, &posted))
			cards[posted.TS], _, _ = strings.Cut(m.text[0], ":")
		case c.Args["thread_ts"] != "":
			m.about = cards[c.Args["thread_ts"]]
			m.text[0] = m.about + " > " + m.text[0]
		}
		out = append(out, m)
	}
	slices.SortStableFunc(out, func(a, b sent) int {
		switch {
		case a.to != b.to:
			return strings.Compare(a.to, b.to)
		case !a.at.Equal(b.at):
			return a.at.Compare(b.at)
		}
		return strings.Compare(a.about, b.about)
	})
	return out
}

// channelZone is where mornings of channels are.
func (r *replay) channelZone() *time.Location {
	r.t.Helper()
	days, err := newCalendars(r.app.settings.Config)
	r.must(err)
	return days.other.Zone()
}

// kindOf is what a message is, by what was sent with it for whoever looks for it.
func kindOf(c slackdev.Call) (kind, id string) {
	var meta struct {
		Payload struct {
			ID string `json:"id"`
		} `json:"event_payload"`
	}
	if json.Unmarshal([]byte(c.Args["metadata"]), &meta) != nil || meta.Payload.ID == "" {
		return "notice", ""
	}
	id = meta.Payload.ID
	first, rest, _ := strings.Cut(id, ".")
	middle, _, _ := strings.Cut(rest, ".")
	switch {
	case first == "morning" || first == "daily" || first == "operator":
		return first, id
	case middle == "story" && c.Args["reply_broadcast"] == "true":
		return "thread+channel", id
	case middle == "story":
		return "thread", id
	case middle == "card":
		return "card", id
	}
	return "news", id // of a run, to a person
}

// rowsOf are the first lines of what a morning or a daily message lists.
func rowsOf(blocks, kind string) (out []string) {
	if kind != "morning" && kind != "daily" {
		return nil
	}
	var all []struct {
		Type string `json:"type"`
		Text struct {
			Text string `json:"text"`
		} `json:"text"`
		Elements []struct {
			Text any `json:"text"`
		} `json:"elements"`
	}
	if json.Unmarshal([]byte(blocks), &all) != nil {
		return []string{"blocks that cannot be read"}
	}
	for i, b := range all {
		switch {
		case b.Type == "section" && i > 0:
			out = append(out, plain(b.Text.Text))
		case b.Type == "context":
			for _, e := range b.Elements {
				if text, ok := e.Text.(string); ok {
					out = append(out, "("+plain(text)+")")
				}
			}
		}
	}
	return out
}

// Dates and people as they stand in a text.
var (
	markedDates  = regexp.MustCompile(`<!date\^\d+\^[^|>]*\|([^>]*)>`)
	markedPeople = regexp.MustCompile(`<@U0(\w+)>`)
)

// plain is the first line of a text, without marks.
func plain(text string) string {
	first, _, _ := strings.Cut(text, "\n")
	first = markedDates.ReplaceAllString(first, "$1")
	first = markedPeople.ReplaceAllStringFunc(first, func(s string) string {
		return "@" + strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(s, "<@U0"), ">"))
	})
	return flat(strings.NewReplacer("*", "", "~", "").Replace(first))
}

// table is what everybody got, for people to read.
func table(all []sent) string {
	var b strings.Builder
	to := ""
	for _, m := range all {
		if m.to != to {
			to = m.to
			fmt.Fprintf(&b, "%s (%s)\n", m.to, m.zone)
		}
		fmt.Fprintf(&b, "  %s | %-14s | %s\n", m.at.In(m.zone).Format("Mon _2 Jan 15:04"), m.kind, m.text[0])
		for _, row := range m.text[1:] {
			fmt.Fprintf(&b, "  %16s | %14s |   %s\n", "", "", row)
		}
	}
	return b.String()
}

// matches compares a table with its golden file.
func matches(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *updateGolden {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s differs (-want +got); write it anew with -update, and read it:\n%s", path, diff)
	}
}

// checkOnceADay fails when a message came twice, or in somebody's night or on
// their weekend by itself.
func checkOnceADay(t *testing.T, all []sent) {
	t.Helper()
	seen := map[string]bool{}
	for _, m := range all {
		local := m.at.In(m.zone)
		key := m.to + " " + m.id
		switch m.kind {
		case "morning", "daily":
			key += " " + local.Format(time.DateOnly)
			if since := local.Hour()*60 + local.Minute(); since < 9*60+30 || since >= 18*60 {
				t.Errorf("%s got their %s message at %s", m.to, m.kind, local.Format("Mon 2 Jan 15:04"))
			}
			if day := local.Weekday(); day == time.Saturday || day == time.Sunday {
				t.Errorf("%s got their %s message on a %s", m.to, m.kind, day)
			}
		case "news", "operator", "notice":
			continue // may be posted anew, when there is news
		}
		if seen[key] {
			t.Errorf("%s was sent twice", key)
		}
		seen[key] = true
	}
}

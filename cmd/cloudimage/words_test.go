package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"cloudimage/slackdev"
)

// This file is the words of the scenarios; see [TestScenarios].

type worldKey struct{}

func worldOf(ts *testscript.TestScript) *world { return ts.Value(worldKey{}).(*world) }

// act does something as the person and waits until all that follows is done.
func act(do func(ctx context.Context, w *world, args []string) error) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		w := worldOf(ts)
		ts.Check(w.start())
		if w.person == nil {
			ts.Fatalf("say first who acts: as ana")
		}
		for i := range args {
			args[i] = given(ts, args[i])
		}
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		err := do(ctx, w, args)
		if settled := w.settle(); settled != nil {
			ts.Fatalf("%s", w.failure(settled))
		}
		if (err != nil) != neg {
			ts.Fatalf("%s", w.failure(err))
		}
	}
}

// must checks what words say of the world.
func must(check func(w *world, args []string) (holds bool, err error)) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		w := worldOf(ts)
		for i := range args {
			args[i] = given(ts, args[i])
		}
		holds, err := check(w, args)
		switch {
		case err != nil:
			ts.Fatalf("%s", w.failure(err))
		case holds == neg:
			ts.Fatalf("%s", w.failure(errors.New("it is not so")))
		}
	}
}

// around changes the world around the people.
func around(change func(ts *testscript.TestScript, w *world, args []string) error) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg {
			ts.Fatalf("this cannot be negated")
		}
		ts.Check(change(ts, worldOf(ts), args))
	}
}

// given is a word of a scenario, or the file that @ names, without its last
// line break.
func given(ts *testscript.TestScript, word string) string {
	if name, ok := strings.CutPrefix(word, "@"); ok && strings.HasSuffix(name, ".txt") {
		return strings.TrimSuffix(ts.ReadFile(name), "\n")
	}
	return word
}

var scenarioWords = map[string]func(*testscript.TestScript, bool, []string){
	"slack": around(func(_ *testscript.TestScript, w *world, args []string) error {
		switch args[0] {
		case "no-user-groups":
			w.options.NoUserGroups = true
		case "without":
			w.options.DisabledMethods = args[1:]
		case "scopes":
			w.options.ScopesGranted = args[1:]
		default:
			return fmt.Errorf("unknown: slack %s", args[0])
		}
		return nil
	}),
	"config": around(func(ts *testscript.TestScript, w *world, args []string) error {
		w.config = ts.MkAbs(args[0])
		return nil
	}),
	"as": around(func(_ *testscript.TestScript, w *world, args []string) error {
		err := w.start()
		w.as(args[0])
		return err
	}),
	"in": around(func(_ *testscript.TestScript, w *world, args []string) error {
		w.channel, w.home, w.thread = args[0], false, ""
		return nil
	}),
	"under": around(func(_ *testscript.TestScript, w *world, args []string) error {
		if strings.Join(args, " ") != "the card" {
			return fmt.Errorf("under the card, not %q", args)
		}
		return w.underCard()
	}),

	"runs": act(func(ctx context.Context, w *world, args []string) (err error) {
		w.last, err = w.person.Slash(ctx, w.channel, strings.Join(args, " "))
		return err
	}),
	"opens": act(func(ctx context.Context, w *world, _ []string) (err error) {
		w.last, err = w.person.OpenHome(ctx)
		w.home = true
		return err
	}),
	"clicks": act(func(ctx context.Context, w *world, args []string) (err error) {
		t := w.target(args[0])
		if len(args) == 3 && args[1] == "near" {
			t = t.Near(args[2])
		} else if len(args) != 1 {
			return fmt.Errorf("clicks BUTTON [near WORDS], not %q", args)
		}
		w.last, err = w.person.Click(ctx, t)
		return err
	}),
	"chooses": act(func(ctx context.Context, w *world, args []string) (err error) {
		menu := args[0]
		if menu == "menu" {
			menu = "" // nothing is written on it
		}
		t, options := w.target(menu), args[1:]
		if n := len(options); n > 2 && options[n-2] == "near" {
			t, options = t.Near(options[n-1]), options[:n-2]
		}
		w.last, err = w.person.Click(ctx, t, slackdev.Choose(options...))
		return err
	}),
	"fills": act(func(ctx context.Context, w *world, args []string) (err error) {
		w.last, err = w.person.Fill(ctx, args[0], args[1:]...)
		return err
	}),
	"submits": act(func(ctx context.Context, w *world, args []string) (err error) {
		w.last, err = w.person.Submit(ctx)
		if err == nil && !w.last.OK && len(args) == 0 {
			return fmt.Errorf("not taken: %s %v", w.last.Error, w.last.FieldErrors)
		}
		return err
	}),
	"closes": act(func(ctx context.Context, w *world, _ []string) (err error) {
		w.last, err = w.person.CloseAll(ctx)
		return err
	}),
	"invites": act(func(_ context.Context, w *world, args []string) error {
		return w.person.Invite(w.channel, args[0])
	}),
	"says": act(func(ctx context.Context, w *world, args []string) (err error) {
		if w.thread != "" {
			w.last, err = w.person.SayIn(ctx, w.channel, w.thread, strings.Join(args, " "))
			return err
		}
		w.last, err = w.person.Say(ctx, w.channel, strings.Join(args, " "))
		return err
	}),

	"partnership": act(func(ctx context.Context, w *world, args []string) error {
		return w.partnership(ctx, args[0])
	}),
	"maintenance": act(func(ctx context.Context, w *world, args []string) error {
		return w.maintenance(ctx, args)
	}),
	"does": act(func(ctx context.Context, w *world, args []string) error {
		for _, step := range args[1:] {
			if err := w.does(ctx, args[0], step); err != nil {
				return err
			}
		}
		return nil
	}),

	"sees": must(func(w *world, args []string) (bool, error) {
		return strings.Contains(flat(w.screen()), flat(strings.Join(args, " "))), nil
	}),
	"gets": must(func(w *world, args []string) (bool, error) {
		f, ok := w.file(args[0])
		words := flat(strings.Join(args[1:], " "))
		return ok && (strings.Contains(flat(string(f.Data)), words) || strings.Contains(flat(f.Title+" "+f.Alt), words)), nil
	}),
	"told": must(func(w *world, args []string) (bool, error) {
		return strings.Contains(flat(w.told()), flat(strings.Join(args, " "))), nil
	}),
	"refused": must(func(w *world, args []string) (bool, error) {
		v, ok := w.person.Modal()
		if !ok {
			return false, errors.New("there is no modal")
		}
		return underField(v.Text(), args[0], args[1]), nil
	}),
	"modal": must(func(w *world, _ []string) (bool, error) {
		_, ok := w.person.Modal()
		return ok, nil
	}),
	"cards": must(func(w *world, args []string) (bool, error) {
		want, err := strconv.Atoi(args[0])
		_, n := w.count()
		return n == want, err
	}),
	"messages": must(func(w *world, args []string) (bool, error) {
		want, err := strconv.Atoi(args[0])
		n, _ := w.count()
		return n == want, err
	}),
	"waits": must(func(w *world, args []string) (bool, error) {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		words := flat(strings.Join(args, " "))
		err := w.slack.WaitFor(ctx, func() bool { return strings.Contains(flat(w.screen()), words) })
		return err == nil, errors.Join(err, w.settle())
	}),

	"advance": around(func(_ *testscript.TestScript, w *world, args []string) error {
		if !w.down {
			if err := w.start(); err != nil {
				return err
			}
		}
		to, err := moment(w.slack.Clock().Now(), strings.Join(args, " "))
		if err != nil {
			return err
		}
		return w.advance(to)
	}),
	"again": around(func(_ *testscript.TestScript, w *world, args []string) error {
		n, err := strconv.Atoi(args[0])
		w.slack.DuplicateNext(n)
		return err
	}),
	"fails": around(func(_ *testscript.TestScript, w *world, args []string) error {
		n, err := strconv.Atoi(args[1])
		fault := slackdev.Fault{Code: args[2]}
		switch args[2] {
		case "429":
			fault = slackdev.Fault{RetryAfter: time.Second}
		case "500":
			fault = slackdev.Fault{Status: 500}
		case "stored":
			fault = slackdev.Fault{StoredThenStatus: 500}
		}
		w.slack.FailNext(args[0], n, fault)
		return err
	}),
	"groups": around(func(_ *testscript.TestScript, w *world, args []string) error {
		return errors.Join(w.start(), w.regroup(args[0], args[1:]...))
	}),
	"leaves": around(func(_ *testscript.TestScript, w *world, args []string) error {
		return errors.Join(w.start(), w.leave(args[0]))
	}),
	"stops": around(func(_ *testscript.TestScript, w *world, _ []string) error {
		w.down = true
		return w.stop()
	}),
	"starts": around(func(_ *testscript.TestScript, w *world, _ []string) error {
		w.down = false
		if err := w.start(); err != nil {
			return err
		}
		w.app.FireDue(context.Background())
		return w.settle()
	}),
	"restarts": around(func(_ *testscript.TestScript, w *world, _ []string) error {
		if err := errors.Join(w.stop(), w.start()); err != nil {
			return err
		}
		return w.settle()
	}),

	"count": must(func(w *world, args []string) (bool, error) {
		want, err := strconv.Atoi(args[1])
		calls := w.slack.CallCount(args[0])
		n := calls - w.counted[args[0]]
		w.counted[args[0]] = calls
		if n != want {
			err = errors.Join(err, fmt.Errorf("%s was called %d times", args[0], n))
		}
		return n == want, err
	}),
	"kept": must(func(w *world, args []string) (bool, error) {
		files, err := filepath.Glob(w.database() + "*") // the write-ahead log too
		for _, name := range files {
			held, readErr := os.ReadFile(name)
			err = errors.Join(err, readErr)
			if bytes.Contains(held, []byte(args[0])) {
				return true, err
			}
		}
		return false, err
	}),
	"pings": must(func(w *world, args []string) (bool, error) {
		for _, c := range w.slack.Calls("") {
			for _, arg := range c.Args {
				if pings(arg, args[0]) {
					return true, nil
				}
			}
		}
		return slices.ContainsFunc(w.person.Messages(w.channel), func(m slackdev.Message) bool {
			return pings(m.Raw, args[0]) || pings(string(m.Blocks), args[0])
		}), nil
	}),
	"logged": must(func(w *world, args []string) (bool, error) {
		return strings.Contains(w.log.String(), strings.Join(args, " ")), nil
	}),
	"look": around(func(ts *testscript.TestScript, w *world, _ []string) error {
		ts.Logf("%s\n", w.screen())
		return nil
	}),
}

// pings reports whether markup, or markup within JSON, pings everybody of that
// name: channel, here or everyone. Plain text and the text of a quotation, which Slack
// shows as they are, cannot.
func pings(text, name string) bool {
	var v any
	if json.Unmarshal([]byte(text), &v) != nil {
		return strings.Contains(text, "<!"+name)
	}
	switch v := v.(type) {
	case string:
		return strings.Contains(v, "<!"+name)
	case []any, map[string]any:
		return pingsWithin(v, name)
	}
	return false
}

func pingsWithin(v any, name string) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, func(e any) bool { return pingsWithin(e, name) })
	case map[string]any:
		if text, ok := v["text"].(string); ok && v["type"] != "plain_text" && v["type"] != "text" && strings.Contains(text, "<!"+name) {
			return true
		}
		for _, e := range v {
			if pingsWithin(e, name) {
				return true
			}
		}
	}
	return false
}

func isCard(m slackdev.Message) bool { return strings.Contains(string(m.Metadata), ".card") }

// underField reports whether a modal says the words under the field of that
// label, before the next field begins.
func underField(modal, label, words string) bool {
	under := false
	for line := range strings.Lines(modal) {
		hint := strings.HasPrefix(line, " ")
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, label):
			under = true
		case under && strings.HasPrefix(line, "!") && strings.Contains(line, words):
			return true
		case under && !hint && strings.Contains(line, ": "):
			under = false
		}
	}
	return false
}

var someDays = regexp.MustCompile(`^(\d+) (business )?days?$`)

// moment is what "2 business days" and the like come to.
func moment(now time.Time, words string) (time.Time, error) {
	if m := someDays.FindStringSubmatch(words); m != nil {
		n, err := strconv.Atoi(m[1])
		if m[2] == "" {
			return now.AddDate(0, 0, n), err
		}
		for n > 0 {
			now = now.AddDate(0, 0, 1)
			if day := now.Weekday(); day != time.Saturday && day != time.Sunday {
				n--
			}
		}
		return now, err
	}
	if rest, ok := strings.CutPrefix(words, "to "); ok {
		return time.Parse(time.RFC3339, rest)
	}
	d, err := time.ParseDuration(words)
	return now.Add(d), err
}

// flat is text as a reader takes it: with its white space folded, since
// scenarios need not know where lines break, with signs that look alike made
// the same, and without marks that do not show.
func flat(s string) string {
	return strings.Join(strings.Fields(lookalikes.Replace(s)), " ")
}

// lookalikes are what stands for markup in text that somebody typed, and the
// marks that keep its direction to itself.
var lookalikes = strings.NewReplacer("ˋ", "`", "∗", "*", "ˍ", "_", "∼", "~", "\u2060", "", "\u2068", "", "\u2069", "")

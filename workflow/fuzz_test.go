package workflow_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"cloudimage/workflow"
)

var fieldTypes = []workflow.FieldType{
	workflow.ShortText, workflow.LongText, workflow.URL, workflow.URLs, workflow.DateField,
	workflow.Person, workflow.Number, workflow.Choice, workflow.VaultItem,
}

// FuzzCheckEvidence gives any answer to a field of any type: what is kept is
// kept again unchanged, is within its limit and holds no secret, and what is
// refused is refused in words.
func FuzzCheckEvidence(f *testing.F) {
	for i, answer := range []string{
		"text", "two\nlines", "https://example.com/a", "https://a.example\nhttps://b.example", "2026-03-02", "U0OLU", "2,5", "BYOL",
		"DigitalOcean seller", "password: hunter2", "the token is stored in 1Password", "op://Images/DO/password", "https://u:p@host",
		" ", "\xff\xfe", "NaN", "١٢", "xK9mP2vLq8Zt",
	} {
		f.Add(uint8(i%len(fieldTypes)), uint8(i*7), i%3 == 0, answer)
	}
	f.Fuzz(func(t *testing.T, kind, limit uint8, optional bool, answer string) {
		field := workflow.Field{ID: "f", Type: fieldTypes[int(kind)%len(fieldTypes)], MaxLength: int(limit), Optional: optional, Options: []string{"BYOL", "Free"}}
		step := &workflow.Step{Number: "1.1", Title: "Step", Evidence: []workflow.Field{field}}
		kept, err := workflow.CheckEvidence(step, map[workflow.FieldID]string{"f": answer}, nil)
		if err != nil {
			var e *workflow.Error
			if !errors.As(err, &e) || e.Kind != workflow.Invalid || e.Fields["f"].String() == "" || kept != nil {
				t.Fatalf("refused with %v, and kept %v", err, kept)
			}
			return
		}
		value, given := kept["f"]
		if !given {
			if !optional || strings.TrimSpace(answer) != "" {
				t.Fatalf("%q was dropped", answer)
			}
			return
		}
		if !utf8.ValidString(value) {
			t.Fatalf("%q cannot be stored", value)
		}
		if limit > 0 && field.Type != workflow.Number && utf8.RuneCountInString(value) > int(limit) {
			t.Fatalf("%q is longer than %d characters", value, limit)
		}
		if field.Type != workflow.Person && field.Type != workflow.DateField && workflow.LooksSecret(value) {
			t.Fatalf("%q is kept and looks like a secret", value)
		}
		again, err := workflow.CheckEvidence(step, nil, kept)
		if err != nil || again["f"] != value {
			t.Fatalf("%q was kept, and then %q, %v", value, again["f"], err)
		}
	})
}

// FuzzLooksSecret puts secrets into any text around them.
func FuzzLooksSecret(f *testing.F) {
	for _, text := range []string{"", "the key of the console", "see https://example.com\n", "password: see the vault;", "1Password", "€"} {
		f.Add(text, text)
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		for _, secret := range []string{
			fake("glpat-", "aBcDeFgHiJkLmNoPqRsT"),
			fake("AKIA", "IOSFODNN7EXAMPLE"),
			"password: hunter2",
		} {
			if text := before + "\n" + secret + "\n" + after; !workflow.LooksSecret(text) {
				t.Fatalf("passes: %q", text)
			}
		}
	})
}

func FuzzStepKey(f *testing.F) {
	for _, s := range []string{"", "scope-effort", "go-live@ce-image", "@", "@ce-image", "a@b@c", "go-live@"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		k := workflow.ParseStepKey(s)
		if got := workflow.ParseStepKey(k.String()); got != k {
			t.Fatalf("%q is %+v, and stored and read again %+v", s, k, got)
		}
		if strings.Contains(string(k.Step), "@") {
			t.Fatalf("%q is the step %q", s, k.Step)
		}
		var back workflow.StepKey
		b, err := k.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		if err := back.UnmarshalText(b); err != nil || back != k {
			t.Fatalf("%+v was stored as %q and read as %+v, %v", k, b, back, err)
		}
	})
}

// FuzzEvents reads any events: what can be read is stored and read again as it
// was.
func FuzzEvents(f *testing.F) {
	p := late(f)
	p.Follow(p.by(olu), &workflow.Office{
		Away:     map[workflow.UserID]workflow.Cover{omar: absence(olu, "2026-03-10")},
		Standins: []workflow.Standin{{Team: pm, User: ned, Scope: []workflow.ProcessName{"first-time-image"}, Reason: "r", Condition: "c", Review: launchDay, Since: monday}},
	})
	p.must(p.Snooze(p.because(ned, "later"), partnerTesting, 0, workflow.SnoozeFor{Days: 1}))
	p.must(p.Ask(p.by(ned), partnerTesting, 0, hal, "image-id", launchDay, "customers"))
	p.must(p.Wait(p.by(ned), partnerTesting, 0, workflow.Question{Asked: "please test it", Ticket: "T-1", Promised: launchDay, Contact: "Joe"}))
	p.must(p.PartnerWrote(p.by(ned), partnerTesting, 0, "we look", "2026-03-05"))
	p.must(p.StillSilent(p.by(ned), partnerTesting, 0, "wrote again"))
	p.must(p.Escalate(p.by(ned), partnerTesting, 0, ""))
	p.Remind(p.now, ana, workflow.Move{Kind: workflow.MoveChase, Key: partnerTesting})
	p.Remind(p.now, maya, workflow.Move{Kind: workflow.MoveConfirm, Stage: "marketing"})
	p.done(ned, "partner-testing@ce-image")
	p.must(p.Undo(p.by(ned), partnerTesting, 0))
	p.must(p.MoveLaunch(p.by(ana), "2026-07-01"))
	p.Left(workflow.Act{At: p.now}, hal, nil)
	p.Tick(launchDay.Time())
	pat := workflow.Outsider{Handle: "pat", User: omar}
	p.must(p.Link(p.by(workflow.Bot), "issue", p.Facts["issue"], "a/b#1"))
	p.must(p.Link(p.by(workflow.Bot), "documentation-mr", "https://there.example/!2", "a/b!2"))
	p.Disturb(p.by(workflow.Bot), "issue", workflow.Trouble{Kind: workflow.Edited, Key: "k", By: pat, There: []string{"a"}, Ours: []string{"b"}})
	p.must(p.Repair(p.because(ana, "it is ours"), "issue", "k"))
	p.Mend(p.by(workflow.Bot), "issue")
	p.Hear(p.by(workflow.Bot), "issue", pat, "hello")
	p.Relabel(p.by(workflow.Bot), "issue", []string{"new"}, []string{"old"})
	p.Learn(p.by(ana), "our-logos", "https://logos.example/")
	p.Watched(p.by(workflow.Bot), "documentation-mr", workflow.MergeRequest{Title: "t", State: workflow.MergeClosed, Author: pat, Milestone: "18.6"})
	p.Watched(p.by(workflow.Bot), "documentation-mr", workflow.MergeRequest{State: workflow.MergeMerged, Approved: p.now, Merged: p.now, MergedBy: pat})
	for _, n := range p.Nodes() {
		p.must(p.TickOutside(p.by(workflow.Bot), n.Key, "issue", pat, false))
		p.UntickOutside(p.by(workflow.Bot), n.Key, pat)
	}
	m := maintained(f, workflow.CatalystSecurity, monday)
	for _, e := range append(p.Emitted(), m.Emitted()...) {
		b, err := json.Marshal(e)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var e, again workflow.Event
		if json.Unmarshal(b, &e) != nil {
			return
		}
		stored, err := json.Marshal(e)
		if err != nil {
			return // a year that cannot be written
		}
		if err := json.Unmarshal(stored, &again); err != nil {
			t.Fatalf("%s cannot be read: %v", stored, err)
		}
		twice, err := json.Marshal(again)
		if err != nil || !bytes.Equal(stored, twice) {
			t.Fatalf("%s was stored, and read as %s, %v", stored, twice, err)
		}
	})
}

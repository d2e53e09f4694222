package view

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cloudimage/workflow"
	"cloudimage/workflow/process"
)

// bigProcess is a process as large as one may be: every stage open at once or
// locked behind one, steps of every kind, titles as long as they may be.
func bigProcess(t testing.TB) *workflow.Definition {
	t.Helper()
	title := func(s string) string { return s + strings.Repeat(" & <long>", 12) }
	var b strings.Builder
	fmt.Fprintf(&b, "process: big\ntitle: %q\nsubject: partnership\ngoal: g\nowner: a\nteams:\n  - {id: a, name: %q}\n  - {id: b, name: B}\nresources:\n", title("Big"), title("A"))
	for i := range 20 {
		fmt.Fprintf(&b, "  - {id: resource-%d, title: %q, url: \"https://example.com/%s\"}\n", i, title("R"), strings.Repeat("x", 200))
	}
	b.WriteString("stages:\n")
	for i := range 20 {
		fmt.Fprintf(&b, "  - id: stage-%d\n    title: %q\n    team: %s\n", i, title(fmt.Sprint("Stage ", i)), string("ab"[i%2]))
		if i > 9 {
			fmt.Fprintf(&b, "    after: [stage-%d, stage-%d]\n", i-10, (i-9)%10)
		}
		b.WriteString("    steps:\n")
		for j := range 5 {
			fmt.Fprintf(&b, "      - id: step-%d-%d\n        title: %q\n", i, j, title("Step"))
			switch j {
			case 0:
				b.WriteString("        per: listing\n")
			case 1:
				fmt.Fprintf(&b, "        optional: true\n        question: %q\n        ask_team: b\n", title("Want it"))
			case 2:
				fmt.Fprintf(&b, "        needs: [{step: step-%d-3}, {step: step-%d-4}]\n", i, i)
			case 3:
				fmt.Fprintf(&b, "        evidence:\n          - {id: text, label: %q, type: text, ask: help}\n", title("Text"))
			}
		}
	}
	def, err := process.Load("big.yaml", []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return def
}

// anyText is what somebody might type.
func anyText(limit int) *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringMatching(`[A-Za-z0-9 &<>*_~.-]{1,80}`),
		rapid.StringN(1, limit, -1),
		rapid.Just(hostile(limit)),
	)
}

// TestAnyRunFits draws runs of any process in any state with any text in them.
func TestAnyRunFits(t *testing.T) {
	t.Parallel()
	big, shipped := bigProcess(t), definition(t, "first-time-image")
	rapid.Check(t, func(t *rapid.T) {
		s := start()
		s.Partner = oneLine(anyText(80).Draw(t, "partner"))
		s.Listings = manyListings(rapid.IntRange(1, 20).Draw(t, "listings"))
		for i := range s.Listings {
			s.Listings[i].Edition = anyText(60).Draw(t, "edition")
		}
		s.Proposed = rapid.IntRange(0, 9).Draw(t, "proposed") == 0
		s.Leads["a"], s.Leads["b"] = ana, omar
		def := rapid.SampledFrom([]*workflow.Definition{shipped, big}).Draw(t, "process")
		at := time.Date(2025, 11, 20, 10, 0, 0, 0, time.UTC)
		r, err := workflow.Begin(workflow.Act{Actor: ana, At: at}, def, nil, s)
		if err != nil {
			t.Skip("no such run can be started")
		}
		for range rapid.IntRange(0, 60).Draw(t, "acts") {
			at = at.Add(time.Hour)
			n := rapid.SampledFrom(r.Nodes()).Draw(t, "step")
			anything(t, r, n, at)
		}
		m := Card(r)
		checkMessage(t, m, MaxCard)
		checkView(t, CardModal(r))
		if strings.Count(string(m.encode()), " steps") != 2 && r.State == workflow.Running {
			t.Errorf("a running card says its progress in the text and in the facts, and nowhere else: %s", m.encode())
		}
		for _, who := range []workflow.UserID{ana, omar, maya, wei} {
			checkMessage(t, Direct(r, who), MaxDirect)
		}
	})
}

// anything does something to a step, if it can be done now; most can not.
func anything(t *rapid.T, r *workflow.Run, n workflow.Node, at time.Time) {
	act := workflow.Act{Actor: ana, At: at, Reason: anyText(500).Draw(t, "reason")}
	said := anyText(500).Draw(t, "said")
	switch rapid.SampledFrom([]string{"done", "done", "done", "wait", "ask", "want", "waive", "date", "late", "assign", "cancel"}).Draw(t, "act") {
	case "done":
		answers := map[workflow.FieldID]string{}
		for _, f := range n.Step.Evidence {
			answers[f.ID] = someAnswer(f)
			if f.Type == workflow.ShortText || f.Type == workflow.LongText || f.Type == workflow.VaultItem {
				answers[f.ID] = said
			}
		}
		_ = r.Done(act, n.Key, 0, answers)
	case "wait":
		_ = r.Wait(act, n.Key, 0, said, said, "2025-12-24")
	case "ask":
		for _, f := range n.Step.Evidence {
			_ = r.Ask(act, n.Key, 0, wei, f.ID, "2026-12-24")
		}
	case "want":
		_ = r.Want(act, n.Key, 0)
	case "waive":
		_ = r.Waive(act, n.Key, 0)
	case "date":
		_ = r.SetDue(act, n.Key, 0, "2026-01-07")
	case "late":
		r.Overdue(at.AddDate(1, 0, 0))
	case "assign":
		_ = r.Assign(act, n.Key, 0, wei)
	case "cancel":
		if rapid.IntRange(0, 20).Draw(t, "really") == 0 {
			_ = r.Cancel(act)
		}
	}
}

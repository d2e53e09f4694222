package view

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cloudimage/workflow"
	"cloudimage/workflow/calendar"
	"cloudimage/workflow/process"
	"cloudimage/workflow/reminder"
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
				b.WriteString("        per: listing\n        launch_day: Go live & <tell>\n        due: {after_open: 2}\n")
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

// TestAnyRunFits draws everything of runs of any process in any state with any
// text in them.
func TestAnyRunFits(t *testing.T) {
	t.Parallel()
	processes := []*workflow.Definition{bigProcess(t), definition(t, "first-time-image"), definition(t, "image-maintenance")}
	cal, err := calendar.New(calendar.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		r, at := anyRun(t, rapid.SampledFrom(processes).Draw(t, "process"), utc{cal})
		m := named.Card(r)
		checkMessage(t, m, MaxCard)
		checkView(t, named.CardModal(r))
		if strings.Count(string(m.encode()), " steps") != 2 && r.State == workflow.Running {
			t.Errorf("a running card says its progress in the text and in the facts, and nowhere else: %s", m.encode())
		}
		if later := named.Card(r); later.Digest() != m.Digest() {
			t.Error("the same run is drawn as another card")
		}
		said := anyText(500).Draw(t, "said")
		for _, who := range []workflow.UserID{ana, omar, maya, wei, lena, eli} {
			checkMessage(t, named.Direct(r, who, at), MaxDirect)
			if fades := Fades(r, who, at); !fades.IsZero() && !fades.After(at) {
				t.Errorf("a message drawn at %s is to be drawn anew at %s", at, fades)
			}
			letter := reminder.Morning{Person: who, Day: "2026-01-07", Missed: "2026-01-05", Rows: rowsOf(r, who, at), More: 3, Later: 2}
			letter.Snoozed = letter.Rows[:min(len(letter.Rows), 2)]
			letter.Reviews = []reminder.Review{review(said, said)}
			checkMessage(t, named.Morning(letter, at), MaxLetter)
			letter.Rows = again(letter.Rows, maya, at) // as if the other were asked
			checkMessage(t, named.Morning(letter, at), MaxLetter)
		}
		daily := reminder.Daily{Channel: r.Channel, Day: "2026-01-07", Rows: lateIn(r, at), More: 1, Rest: 1, Whole: true, Runs: []*workflow.Run{r, r}}
		checkMessage(t, Daily(daily, at), MaxLetter)
		for i := range daily.Rows {
			daily.Rows[i].Settled = true
		}
		checkMessage(t, Daily(daily, at), MaxLetter)
		events := r.Emitted()
		for i := max(0, len(events)-40); i < len(events); i++ {
			if m, ok := named.Story(r, events[i:]); ok {
				checkMessage(t, m, 8192)
			}
		}
		checkMessage(t, Trouble(said, true), 16384)
	})
}

// anyRun is a run in which much has happened, and the time it is.
func anyRun(t *rapid.T, def *workflow.Definition, cal workflow.Calendars) (*workflow.Run, time.Time) {
	s := start()
	s.Partner = oneLine(anyText(80).Draw(t, "partner"))
	s.Listings = manyListings(rapid.IntRange(1, 20).Draw(t, "listings"))
	for i := range s.Listings {
		s.Listings[i].Edition = anyText(60).Draw(t, "edition")
		s.Listings[i].Provider = rapid.SampledFrom([]workflow.Provider{workflow.Manual, workflow.AWS, workflow.Azure}).Draw(t, "provider")
	}
	s.Proposed = rapid.IntRange(0, 9).Draw(t, "proposed") == 0
	s.Leads["a"], s.Leads["b"] = ana, omar
	at := time.Date(2025, 11, 20, 10, 0, 0, 0, time.UTC)
	if def.Subject == workflow.SubjectCatalyst {
		kind := rapid.SampledFrom([]workflow.CatalystKind{workflow.CatalystRelease, workflow.CatalystSecurity, workflow.CatalystFix}).Draw(t, "catalyst")
		s.Target, s.Catalyst = "", &workflow.Catalyst{Kind: kind, At: at.Add(-time.Hour), Version: workflow.Version{Major: 17}, Unsure: kind == workflow.CatalystSecurity && rapid.Bool().Draw(t, "unsure")}
		for range rapid.IntRange(0, 9).Draw(t, "evidence") {
			s.Catalyst.Evidence, s.Catalyst.Spared = append(s.Catalyst.Evidence, anyText(300).Draw(t, "why")), append(s.Catalyst.Spared, anyText(100).Draw(t, "spared"))
		}
		if kind == workflow.CatalystFix {
			s.Catalyst.Because = anyText(500).Draw(t, "because")
		}
	}
	r, err := workflow.Begin(workflow.Act{Actor: ana, At: at}, def, cal, s)
	if err != nil {
		t.Skip("no such run can be started")
	}
	for range rapid.IntRange(0, 60).Draw(t, "acts") {
		at = at.Add(time.Hour)
		n := rapid.SampledFrom(r.Nodes()).Draw(t, "step")
		if rapid.IntRange(0, 2).Draw(t, "what") == 0 {
			at = anyTime(t, r, n, at)
		} else {
			anything(t, r, n, at)
		}
	}
	return r, at
}

// anything does something to a step, if it can be done now; most can not.
func anything(t *rapid.T, r *workflow.Run, n workflow.Node, at time.Time) {
	act := workflow.Act{Actor: ana, At: at, Reason: anyText(500).Draw(t, "reason")}
	said := anyText(500).Draw(t, "said")
	switch rapid.SampledFrom([]string{"done", "done", "done", "wait", "ask", "want", "waive", "date", "assign", "undo", "cancel"}).Draw(t, "act") {
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
		_ = r.Wait(act, n.Key, 0, workflow.Question{Asked: said, Ticket: said, Promised: "2025-12-24", Contact: said})
	case "ask":
		for _, f := range n.Step.Evidence {
			_ = r.Ask(act, n.Key, 0, wei, f.ID, "2026-12-24", said)
		}
	case "want":
		_ = r.Want(act, n.Key, 0)
	case "waive":
		_ = r.Waive(act, n.Key, 0)
	case "date":
		_ = r.SetDue(act, n.Key, 0, "2026-01-07")
	case "assign":
		_ = r.Assign(act, n.Key, 0, wei)
	case "undo":
		_ = r.Undo(act, n.Key, 0)
	case "cancel":
		if rapid.IntRange(0, 20).Draw(t, "really") == 0 {
			_ = r.Cancel(act)
		}
	}
}

// anyTime is what comes with time: what it does by itself, reminders, people who
// come and go, and what is done about a partner who is silent.
func anyTime(t *rapid.T, r *workflow.Run, n workflow.Node, at time.Time) time.Time {
	who := rapid.SampledFrom([]workflow.UserID{ana, omar, maya, wei}).Draw(t, "who")
	act := workflow.Act{Actor: who, At: at, Reason: anyText(500).Draw(t, "reason")}
	said := anyText(500).Draw(t, "said")
	switch rapid.SampledFrom([]string{"time", "time", "year", "remind", "away", "standin", "left", "wrote", "silent", "escalate", "snooze", "launch", "launched", "accept", "sign", "classify", "join", "supersede", "build"}).Draw(t, "time") {
	case "time":
		at = at.AddDate(0, 0, rapid.IntRange(1, 12).Draw(t, "days"))
		r.Tick(at)
	case "year":
		at = at.AddDate(1, 0, 0)
		r.Tick(at)
	case "remind":
		for range 3 {
			for _, m := range r.Moves()[who] {
				r.Remind(at, who, m)
			}
		}
	case "away":
		c := workflow.Cover{By: lena, Until: at.AddDate(0, 0, 9), Day: workflow.DateOf(at.AddDate(0, 0, 8)), Since: at}
		r.Follow(act, &workflow.Office{Away: map[workflow.UserID]workflow.Cover{who: c}})
	case "standin":
		r.Follow(act, &workflow.Office{Standins: []workflow.Standin{standin(said, said), {Team: "b", User: eli, Reason: said, Until: "2027-01-01"}}})
	case "left":
		r.Left(act, who, nil)
	case "wrote":
		_ = r.PartnerWrote(act, n.Key, 0, said, "2027-01-04")
	case "silent":
		_ = r.StillSilent(act, n.Key, 0, said)
	case "escalate":
		_ = r.Escalate(act, n.Key, 0, said)
	case "snooze":
		act.Actor = r.Acting(r.Responsible(n.Key))
		_ = r.Snooze(act, n.Key, 0, workflow.SnoozeFor{Days: 5})
	case "launch":
		_ = r.MoveLaunch(act, workflow.DateOf(at.AddDate(0, 0, rapid.IntRange(0, 40).Draw(t, "launch"))))
	case "launched":
		_ = r.LaunchStep(act, n.Key, 0)
	case "accept":
		_ = r.Accept(act)
	case "sign", "classify", "join", "supersede", "build":
		anyRelease(t, r, act, said)
	}
	return at
}

// anyRelease is what happens to a run about a release alone.
func anyRelease(t *rapid.T, r *workflow.Run, act workflow.Act, said string) {
	if r.Catalyst == nil {
		return
	}
	switch rapid.SampledFrom([]string{"sign", "classify", "join", "supersede", "build", "build"}).Draw(t, "release") {
	case "sign":
		_ = r.Sign(act, "")
	case "classify":
		c := *r.Catalyst
		c.Kind, c.Unsure = workflow.CatalystRelease, false
		c.Evidence = []string{said}
		_ = r.Classify(act, c)
	case "join":
		l := workflow.NewListing("EE", workflow.Image, workflow.AWS)
		l.ID, l.Partner, l.Since = "joined", said, act.At
		_ = r.Join(act, l)
	case "build":
		phases := []workflow.BuildPhase{workflow.BuildBuilding, workflow.BuildBuilt, workflow.BuildSigning, workflow.BuildPublishing, workflow.BuildSubmitted, workflow.BuildLive, workflow.BuildStuck, workflow.BuildAbandoned}
		for _, key := range r.OpenLanes()[:len(r.OpenLanes())/2] {
			_ = r.Build(act, workflow.StepKey{Step: "update-image", Listing: key}, workflow.BuildMark{ID: "b-1", Phase: rapid.SampledFrom(phases).Draw(t, "phase"),
				By: omar, Trouble: said, Submission: said, Goes: said, Until: act.At.Add(time.Hour)})
		}
	case "supersede":
		_ = r.Supersede(act, workflow.Successor{Run: "run_next", Name: "R-2", What: said}, r.OpenLanes()[:len(r.OpenLanes())/2])
	}
}

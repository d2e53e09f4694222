package view

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudimage/commands"
	"cloudimage/slackdev/blockkit"
	"cloudimage/workflow"
)

// pages are pages as the commands make them, and worse.
func pages() map[string]*commands.Page {
	at := time.Date(2025, 11, 25, 10, 4, 0, 0, time.UTC)
	target := commands.Target{Run: "run_1", Step: workflow.ParseStepKey("scope-effort"), Version: 7}
	long := &commands.Page{Title: "History"}
	for i := range 400 {
		long.Rows = append(long.Rows, commands.Row{Text: workflow.Say("%d: %s did it, %s", i, omar, at)})
	}
	long.Foot = []workflow.Text{workflow.Say("The end.")}
	nasty := &commands.Page{Title: hostile(100), Foot: []workflow.Text{workflow.Say("%s", hostile(3000))}}
	for range 30 {
		nasty.Rows = append(nasty.Rows,
			commands.Row{Heading: true, Text: workflow.Say("%s", hostile(300))},
			commands.Row{Text: workflow.Say("%s", hostile(4000)), Buttons: []commands.Button{{
				Label: hostile(100), Verb: "done", Target: target, Danger: true,
				Confirm: &commands.Confirm{Title: hostile(200), Text: workflow.Say("%s", hostile(900)), Yes: hostile(50), No: hostile(50)},
			}}})
	}
	return map[string]*commands.Page{
		"mixed": {
			Title: "My open steps",
			Rows: []commands.Row{
				{Heading: true, Text: workflow.Say("%s. %s", "2", "Technical & more")},
				{Text: workflow.Say("%s: %s, due %s", workflow.Strong("DigitalOcean"), "2.1 Scope", at), Buttons: []commands.Button{{Label: "Done…", Verb: "done", Target: target, Primary: true}}},
				{Text: workflow.Say("%s", "Several buttons"), Buttons: []commands.Button{
					{Label: "Wanted", Verb: "want", Target: target}, {Label: "Not needed", Verb: "skip", Target: target},
					{Label: "Again", Verb: "want", Target: commands.Target{Run: "run_2"}},
					{Label: "Read", URL: "https://ana:secret@example.com/a?b=1&c=2"},
					{Label: "Nowhere", URL: "javascript:alert(1)"},
					{Label: "Overview", Verb: ""},
				}},
				{Text: workflow.Say("%s in %s, %s and %s", workflow.Command("/cloudimage new"), workflow.ChannelID("C0CLOUD001"), workflow.TeamName{Name: "Omnibus", Group: "S0OMNI001"}, workflow.Date("2026-01-15"))},
				{Buttons: []commands.Button{{Label: "Only a button", Verb: "help"}, {Label: "Cancel it", Verb: "cancel", Danger: true, Target: commands.Target{Run: "run_1"}, Confirm: &commands.Confirm{Title: "End it?", Text: workflow.Say("%s ends.", "R-17"), Yes: "End it", No: "Keep it"}}}},
				{},
			},
			Foot: []workflow.Text{workflow.Say("Only what you may do is shown."), {}},
		},
		"empty":   {},
		"long":    long,
		"hostile": nasty,
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	for name, p := range pages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			modal, home, message := PageModal(p), PageHome(p), PageMessage(p)
			checkView(t, modal)
			checkView(t, home)
			checkMessage(t, message, 250_000)
			if name == "mixed" || name == "empty" {
				golden(t, "page-"+name, modal)
				golden(t, "page-message-"+name, message)
			}
		})
	}
}

func TestLongPagesSayWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	for rows := range 130 {
		p := &commands.Page{Title: "Rows", Foot: []workflow.Text{workflow.Say("small print")}}
		for i := range rows {
			p.Rows = append(p.Rows, commands.Row{Text: workflow.Say("row %d.", i)})
		}
		raw, err := json.Marshal(PageModal(p))
		if err != nil {
			t.Fatal(err)
		}
		if problems := blockkit.ValidateView(raw); problems != nil {
			t.Fatalf("%d rows: %v", rows, problems)
		}
		shown := strings.Count(string(raw), `"row `)
		want := fmt.Sprintf("%d more are not shown.", rows-shown)
		if told := strings.Contains(string(raw), want); told != (shown < rows) {
			t.Errorf("%d of %d rows are shown; says %q: %t", shown, rows, want, told)
		}
		if !strings.Contains(string(raw), "small print") {
			t.Errorf("%d rows: the small print is gone", rows)
		}
	}
}

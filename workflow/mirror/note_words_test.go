package mirror

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cloudimage/workflow"
)

// eventTypes are all types of events, as the source has them.
func eventTypes(t *testing.T) (out []workflow.EventType) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "../event.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
			if is, ok := v.Type.(*ast.Ident); ok && is.Name == "EventType" {
				name, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, workflow.EventType(name))
			}
		}
		return true
	})
	return out
}

// untold are the events that are worth telling and have no sentence, and why.
var untold = map[workflow.EventType]string{
	workflow.RunStarted:  "the issue is made after it, and its first text says so",
	workflow.RunAccepted: "a proposal has no issue; its first text says so",
}

// What is worth telling has a sentence, whoever did it.
func TestEveryEventThatTellsHasASentence(t *testing.T) {
	t.Parallel()
	p := middle(t)
	w := writer{run: p.Run, who: who}
	step, stage, group := key("scope-effort"), workflow.StageID("technical"), key("upload-image")
	in := lane("create-listing", string(p.Listings[1].ID))
	nasty := "/close @all #1 *x*\n<!-- cloudimage:note run1.issue 999 -->"
	joined := workflow.NewListing(nasty, workflow.Image, workflow.Manual)
	all := []workflow.Event{
		{Type: workflow.RunStarted, Actor: ana},
		{Type: workflow.RunAccepted, Actor: ana},
		{Type: workflow.RunCompleted},
		{Type: workflow.RunReopened, Actor: ana},
		{Type: workflow.RunCancelled, Actor: ana, Text: nasty},
		{Type: workflow.RunCancelled, Actor: ned},
		{Type: workflow.OwnerChanged, Actor: ana, User: maya},
		{Type: workflow.OwnerChanged, Actor: ana, User: ned},
		{Type: workflow.LaunchMoved, Actor: maya, Date: "2026-06-01", Text: nasty},
		{Type: workflow.ListingJoined, Actor: ana, Listing: &joined},
		{Type: workflow.StageOpened, Stage: stage},
		{Type: workflow.StageCompleted, Stage: stage},
		{Type: workflow.StageAssigned, Stage: stage, Actor: ana, User: omar},
		{Type: workflow.StageAssigned, Stage: stage, Actor: ana},
		{Type: workflow.StageDated, Stage: stage, Actor: ana, Due: closing("2026-05-18")},
		{Type: workflow.StepDone, Step: step, Actor: omar},
		{Type: workflow.StepDone, Step: step},
		{Type: workflow.StepDone, Step: group},
		{Type: workflow.StepDone, Step: in, Actor: omar},
		{Type: workflow.StepWaived, Step: step, Actor: ana, Text: nasty},
		{Type: workflow.StepSkipped, Step: step, Actor: ana},
		{Type: workflow.StepSkipped, Step: step},
		{Type: workflow.StepReopened, Step: step, Actor: ana, Text: nasty},
		{Type: workflow.StepUndone, Step: step, Actor: ana},
		{Type: workflow.StepWanted, Step: key("technical-call"), Actor: omar},
		{Type: workflow.StepAssigned, Step: step, Actor: ana, User: omar},
		{Type: workflow.StepAssigned, Step: step, Actor: ana},
		{Type: workflow.StepDated, Step: step, Actor: ana, Due: closing("2026-05-18")},
		{Type: workflow.StepDated, Step: step, Due: closing("2026-05-18"), Planned: true},
		{Type: workflow.PartnerAsked, Step: in, Actor: omar, Text: nasty},
		{Type: workflow.PartnerAnswered, Step: in, Actor: omar, Text: nasty},
		{Type: workflow.PartnerWrote, Step: in, Actor: omar, Text: nasty},
		{Type: workflow.SilenceTold, Step: in, User: omar},
		{Type: workflow.SilenceTold, Step: in},
		{Type: workflow.ActionTaken, Step: in, Actor: omar, User: ana},
		{Type: workflow.ActionTaken, Step: in, Actor: omar},
		{Type: workflow.TickRefused, Step: in, Outside: &workflow.Outside{By: workflow.Outsider{Handle: "pat"}}},
		{Type: workflow.TickRefused, Step: in, Outside: &workflow.Outside{By: workflow.Outsider{User: maya}}},
		{Type: workflow.TickRefused, Step: in, Outside: &workflow.Outside{}},
		{Type: workflow.TickEnded, Step: in, Actor: omar, Outside: &workflow.Outside{}},
		{Type: workflow.TickEnded, Step: in, Outside: &workflow.Outside{}},
		{Type: workflow.ItemRepaired, Actor: ana, Outside: &workflow.Outside{Item: "issue", Trouble: &workflow.Trouble{}}},
		{Type: workflow.ItemRepaired, Actor: ana, Outside: &workflow.Outside{Item: "marketing-issue", Trouble: &workflow.Trouble{}}},
		{Type: workflow.LanesLeft, Next: &workflow.Successor{What: nasty, Name: nasty}},
		{Type: workflow.RunSuperseded, Next: &workflow.Successor{What: nasty, Name: nasty}},
		{Type: workflow.RunClassified, Actor: maya, Catalyst: &workflow.Catalyst{Kind: workflow.CatalystSecurity}},
		{Type: workflow.RunClassified, Catalyst: &workflow.Catalyst{Kind: workflow.CatalystSecurity, Unsure: true}},
		{Type: workflow.RunClassified, Catalyst: &workflow.Catalyst{Kind: workflow.CatalystRelease}},
		{Type: workflow.RunSigned, Actor: maya},
	}
	var out strings.Builder
	told := map[workflow.EventType]bool{}
	for _, e := range all {
		text := w.told(e)
		told[e.Type] = told[e.Type] || text != ""
		fmt.Fprintf(&out, "%s by %q: %s\n", e.Type, e.Actor, text)
		if strings.ContainsAny(text, "\n\r") || strings.Contains(text, "<!--") || strings.Contains(text, "@all") {
			t.Errorf("%s lets through what somebody typed: %q", e.Type, text)
		}
		if text != "" && !e.Tells() {
			t.Errorf("%s is told, and is not worth it", e.Type)
		}
	}
	golden(t, "notes.txt", out.String())
	types := eventTypes(t)
	if len(types) < 50 {
		t.Fatalf("only %d types were found", len(types))
	}
	for _, typ := range types {
		tells := workflow.Event{Type: typ, Actor: ana, User: omar}.Tells()
		switch _, excused := untold[typ]; {
		case tells && !told[typ] && !excused:
			t.Errorf("%s is worth telling, and has no sentence", typ)
		case excused && told[typ]:
			t.Errorf("%s has a sentence; take it from the list", typ)
		case !tells && slices.ContainsFunc(all, func(e workflow.Event) bool { return e.Type == typ }):
			t.Errorf("%s is not told any more; take it from the table", typ)
		}
	}
}

// One note tells of all that came together, and of the newest alone when that is
// much.
func TestNoteTellsOfAllAtOnce(t *testing.T) {
	t.Parallel()
	p := partnership(t)
	w := writer{run: p.Run, who: who}
	var events []workflow.Event
	if got := w.note("run1.issue", events, 7); got != "" {
		t.Errorf("of nothing it tells %q", got)
	}
	events = append(events, workflow.Event{Type: workflow.StepReminded, Step: key("create-issue"), User: ana})
	if got := w.note("run1.issue", events, 7); got != "" {
		t.Errorf("of what is not told it tells %q", got)
	}
	for i := range mostTold + 5 {
		events = append(events, workflow.Event{Type: workflow.LaunchMoved, Actor: ana, Date: workflow.DateOf(start.AddDate(0, 0, i))})
	}
	got := w.note("run1.issue", events, 40)
	rows := strings.Split(got, "\n")
	if len(rows) != mostTold+2 || rows[0] != "- 5 more before these; the history in Slack has all of them" || !strings.Contains(rows[1], day(workflow.DateOf(start.AddDate(0, 0, 5)))) {
		t.Errorf("%d rows:\n%s", len(rows), got)
	}
	if toldIn("run1.issue", got) != 40 {
		t.Errorf("it is not recognised: %s", rows[len(rows)-1])
	}
}

// The author of a merge request is asked once for each day.
func TestHoldSaysWhyAndUntilWhen(t *testing.T) {
	t.Parallel()
	p := partnership(t, func(s *workflow.Start) { s.Partner = "*x* @all" })
	w := writer{run: p.Run}
	golden(t, "hold.md", w.hold("run1.documentation-mr", "lena", "2026-05-20", "2026-05-27")+"\n\n"+w.hold("run1.documentation-mr", "", "2026-05-20", "2026-05-28")+"\n")
}

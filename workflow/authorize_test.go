package workflow_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	"cloudimage/workflow"
)

// TestAuthorize keeps who may do what as a table: testdata/authorize.golden. In
// it, "yes" is yes, "reason" is yes as an admin with a reason, and "-" is no.
func TestAuthorize(t *testing.T) {
	t.Parallel()
	people := []struct {
		name string
		id   workflow.UserID
	}{
		{"owner", ana}, {"other SP", sam}, {"Omnibus", olu}, {"marketer", maya},
		{"assignee", ned}, {"helper", hal}, {"admin", ada}, {"nobody", "U0NOBODY"},
	}
	run := begin(t)
	run.stage1()
	run.done(olu, "scope-effort", "update-issue", "create-listing@ce-image")
	// Ned, who is of no team, was given two steps of two teams; Hal was asked for
	// one text.
	run.must(run.Assign(run.by(omar), key("partner-testing@ce-image"), 0, ned))
	run.must(run.Assign(run.by(maya), key("joint-activities"), 0, ned))
	run.must(run.Ask(run.by(maya), key("image-description@ce-image"), 0, hal, "long", "", ""))
	proposal := proposed(t)

	type row struct {
		verb  workflow.Verb
		step  string
		field workflow.FieldID
		stage workflow.StageID
	}
	steps := []string{
		"create-issue",             // of Strategic Partnerships
		"partner-testing@ce-image", // of Omnibus, assigned to somebody else
		"documentation-mr",         // of Omnibus, in a stage assigned to one of Omnibus
		"social-burst",             // of Partner Marketing, in a group assigned to somebody else
		"marketing-issue",          // of Partner Marketing
	}
	whole := []row{{verb: workflow.VerbView}, {verb: workflow.VerbNew}, {verb: workflow.VerbAccept}, {verb: workflow.VerbCancel},
		{verb: workflow.VerbListing}, {verb: workflow.VerbOwner}, {verb: workflow.VerbNote}, {verb: workflow.VerbLaunch},
		{verb: workflow.VerbConfirm, stage: "technical"}, {verb: workflow.VerbConfirm, stage: "marketing"}, {verb: workflow.VerbConfirm, stage: "packing"}}
	var single []row
	for _, verb := range []workflow.Verb{
		workflow.VerbDone, workflow.VerbWaive, workflow.VerbReopen, workflow.VerbAssign, workflow.VerbAsk,
		workflow.VerbWait, workflow.VerbPartner, workflow.VerbDue, workflow.VerbUndo, workflow.VerbSnooze, workflow.VerbLaunched, "a verb of tomorrow",
	} {
		for _, step := range steps {
			single = append(single, row{verb: verb, step: step})
		}
	}
	single = append(single,
		row{verb: workflow.VerbSkip, step: "technical-call"}, // which Omnibus is asked about
		row{verb: workflow.VerbWant, step: "technical-call"},
		row{verb: workflow.VerbDone, step: "technical-call"},
		row{verb: workflow.VerbAnswer, step: "image-description@ce-image", field: "long"},
		row{verb: workflow.VerbAnswer, step: "image-description@ce-image", field: "title"},
		row{verb: workflow.VerbDone, step: "image-description@ce-image"},
		row{verb: workflow.VerbAct, step: "follow-up@ce-image"}, // an action of Omnibus
		row{verb: workflow.VerbAct, step: "escalate@ce-image"},  // an action of Strategic Partnerships, taken by Omnibus
		row{verb: workflow.VerbAct, step: "partner-testing@ce-image"},
		row{verb: workflow.VerbDone, step: "no-such-step"},
		row{verb: workflow.VerbAnswer, step: "follow-up@ce-image", field: "long"},
		row{verb: workflow.VerbAnswer, step: "go-live@no-listing", field: "long"},
	)

	// A follow-up of Olu's was handed to Sam, who leads Strategic Partnerships.
	waits := uploading(t)
	waits.must(waits.SetLead(waits.by(ana), sp, sam))
	waits.must(waits.Wait(waits.by(olu), partnerTesting, 0, workflow.Question{Asked: "please test it"}))
	waits.must(waits.Escalate(waits.by(olu), partnerTesting, 0, ""))
	var chase []row
	for _, verb := range []workflow.Verb{
		workflow.VerbPartner, workflow.VerbWrote, workflow.VerbSilent, workflow.VerbEscalate, workflow.VerbSnooze, workflow.VerbDone,
	} {
		chase = append(chase, row{verb: verb, step: partnerTesting.String()})
	}
	// Ned, the assignee above, stands in for Omnibus, and Hal, the helper, covers
	// for Maya.
	acting := begin(t)
	acting.stage1()
	office := away(maya, hal, "2026-03-10")
	office.Standins = []workflow.Standin{{Team: om, User: ned, Reason: "all on holiday"}}
	acting.Follow(acting.by(maya), office)
	act := []row{{verb: workflow.VerbConfirm, stage: "technical"}, {verb: workflow.VerbConfirm, stage: "marketing"}}
	for _, step := range []string{"documentation-mr", "social-burst", "create-issue"} {
		act = append(act, row{verb: workflow.VerbDone, step: step})
	}

	var out strings.Builder
	table := func(title string, r *workflow.Run, rows []row) {
		head := fmt.Sprintf("%-48s", "")
		for _, p := range people {
			head += fmt.Sprintf("%-10s", p.name)
		}
		out.WriteString("\n" + title + "\n" + strings.TrimRight(head, " ") + "\n")
		for _, row := range rows {
			line := fmt.Sprintf("%-48s", strings.TrimSpace(fmt.Sprintf("%-9s %s %s", row.verb, cmp.Or(row.step, string(row.stage)), row.field)))
			for _, p := range people {
				line += fmt.Sprintf("%-10s", may(t, r, workflow.Ask{Who: p.id, Verb: row.verb, Step: key(row.step), Field: row.field, Stage: row.stage}))
			}
			out.WriteString(strings.TrimRight(line, " ") + "\n")
		}
	}
	table("A run, as a whole", run.Run, whole)
	table("A proposal, opened by nobody in particular", proposal.Run, whole)
	table("A step", run.Run, single)
	table("A wait for the partner, handed to another of SP", waits.Run, chase)
	table("With a standin (assignee) and a cover (helper)", acting.Run, act)
	golden(t, "authorize.golden", strings.TrimLeft(out.String(), "\n"))
}

// may is how the table says what [workflow.Authorize] says.
func may(t *testing.T, r *workflow.Run, ask workflow.Ask) string {
	t.Helper()
	leave, err := workflow.Authorize(r, roster(), ask)
	switch kind := workflow.KindOf(err); {
	case err == nil && !leave.Override:
		return "yes"
	case err == nil:
		t.Errorf("%+v: an admin without a reason", ask)
	case kind == workflow.NeedReason:
		ask.Reason = " "
		if _, err := workflow.Authorize(r, roster(), ask); workflow.KindOf(err) != workflow.NeedReason {
			t.Errorf("%+v: blanks are taken for a reason: %v", ask, err)
		}
		ask.Reason = "they are all away"
		if leave, err := workflow.Authorize(r, roster(), ask); err != nil || !leave.Override {
			t.Errorf("%+v: leave %v, %v", ask, leave, err)
		}
		return "reason"
	case kind == workflow.Denied:
		return "-"
	}
	t.Errorf("%+v: %v", ask, err)
	return "?"
}

// Nobody at all may do nothing, even where nobody is assigned and nobody owns.
func TestAuthorizeNobody(t *testing.T) {
	t.Parallel()
	for _, r := range []*workflow.Run{begin(t).Run, proposed(t).Run} {
		for _, verb := range []workflow.Verb{workflow.VerbDone, workflow.VerbCancel, workflow.VerbAccept, workflow.VerbNote, workflow.VerbView} {
			_, err := workflow.Authorize(r, roster(), workflow.Ask{Verb: verb, Step: key("create-issue")})
			wantKind(t, err, workflow.Denied)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	run := begin(t)
	unknown := roster()
	unknown.Teams[om] = workflow.TeamRoster{Problem: workflow.Say("The members of Omnibus are not known: the user group is gone.")}
	nobody := roster()
	nobody.Teams[pm] = workflow.TeamRoster{Group: "S0PM"}
	covered := begin(t)
	covered.Follow(covered.by(maya), away(maya, mo, "2026-03-10"))
	led := run.Clone()
	led.Leads[pm] = ""
	var out strings.Builder
	for _, tt := range []struct {
		what   string
		run    *workflow.Run
		roster workflow.Roster
		ask    workflow.Ask
	}{
		{"a step of another team", run.Run, roster(), workflow.Ask{Verb: workflow.VerbDone, Step: key("create-issue")}},
		{"a lane of another team", run.Run, roster(), workflow.Ask{Verb: workflow.VerbDone, Step: key("go-live@ce-image")}},
		{"a step of a team whose members are not known", run.Run, unknown, workflow.Ask{Verb: workflow.VerbDone, Step: key("scope-effort")}},
		{"a step of a team without a lead", led, nobody, workflow.Ask{Verb: workflow.VerbDone, Step: key("marketing-issue")}},
		{"a step that is not there", run.Run, roster(), workflow.Ask{Verb: workflow.VerbDone, Step: key("no-step")}},
		{"an action", run.Run, roster(), workflow.Ask{Verb: workflow.VerbAct, Step: key("escalate@ce-image")}},
		{"a waiver", run.Run, roster(), workflow.Ask{Verb: workflow.VerbWaive, Step: key("create-issue")}},
		{"a cancellation", run.Run, roster(), workflow.Ask{Verb: workflow.VerbCancel}},
		{"a listing", run.Run, roster(), workflow.Ask{Verb: workflow.VerbListing}},
		{"another owner", run.Run, roster(), workflow.Ask{Verb: workflow.VerbOwner}},
		{"a note", run.Run, roster(), workflow.Ask{Verb: workflow.VerbNote}},
		{"when it launches", run.Run, roster(), workflow.Ask{Verb: workflow.VerbLaunch}},
		{"the date of a stage", run.Run, roster(), workflow.Ask{Verb: workflow.VerbConfirm, Stage: "marketing"}},
		{"a step of who is away", covered.Run, roster(), workflow.Ask{Verb: workflow.VerbDone, Step: key("marketing-issue")}},
		{"a start", run.Run, roster(), workflow.Ask{Verb: workflow.VerbNew}},
		{"to accept a proposal", proposed(t).Run, roster(), workflow.Ask{Verb: workflow.VerbAccept}},
		{"to decline a proposal", proposed(t).Run, roster(), workflow.Ask{Verb: workflow.VerbCancel}},
	} {
		tt.ask.Who = "U0NOBODY"
		_, err := workflow.Authorize(tt.run, tt.roster, tt.ask)
		if workflow.KindOf(err) != workflow.Denied {
			t.Fatalf("%s: %v", tt.what, err)
		}
		fmt.Fprintf(&out, "%s\n    %s\n", tt.what, err)
	}
	_, err := workflow.Authorize(run.Run, roster(), workflow.Ask{Who: ada, Verb: workflow.VerbDone, Step: key("scope-effort")})
	fmt.Fprintf(&out, "an admin without a reason\n    %s\n", err)
	golden(t, "refusals.golden", out.String())
}

func TestAdmit(t *testing.T) {
	t.Parallel()
	team := workflow.TeamName{Name: "Strategic Partnerships"}
	if err := workflow.Admit(workflow.Profile{ID: ana}, team); err != nil {
		t.Error(err)
	}
	var out strings.Builder
	for _, tt := range []struct {
		what string
		who  workflow.Profile
	}{
		{"outsider", workflow.Profile{Outsider: true}},
		{"guest", workflow.Profile{Guest: true}},
		{"bot", workflow.Profile{Bot: true}},
		{"deactivated", workflow.Profile{Deactivated: true}},
		{"guest of another organisation", workflow.Profile{Outsider: true, Guest: true}},
	} {
		err := workflow.Admit(tt.who, team)
		if workflow.KindOf(err) != workflow.Denied {
			t.Fatalf("%s: %v", tt.what, err)
		}
		fmt.Fprintf(&out, "%s\n    %s\n", tt.what, err)
	}
	golden(t, "admit.golden", out.String())
}

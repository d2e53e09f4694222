package workflow_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"cloudimage/workflow"
)

// builds lets the bot note how the build of the CE listing stands.
func (p *play) builds(phase workflow.BuildPhase, submission string, change ...func(*workflow.BuildMark)) {
	m := workflow.BuildMark{ID: "b-1", Phase: phase, By: olu, Image: "ami-1", Submission: submission, Publishes: true}
	for _, c := range change {
		c(&m)
	}
	p.must(p.Build(p.itself(), key("update-image@aws-ce-image"), m))
}

// What somebody waits for because of a submission is over when that is.
func TestAWaitEndsWithItsSubmission(t *testing.T) {
	t.Parallel()
	lane := key("update-image@aws-ce-image")
	for name, tt := range map[string]struct {
		first  workflow.BuildPhase
		about  string // what is waited for; a wait that the build itself begins where it is empty
		then   workflow.BuildPhase
		has    string // the submission then
		waits  string // for which ticket, after that; empty for no more
		answer string
	}{
		"it is with the preview still":           {workflow.BuildPreviewing, "job-1", workflow.BuildPreviewing, "job-1", "MS-7", ""},
		"the preview is through":                 {workflow.BuildPreviewing, "job-1", workflow.BuildSigning, "job-1", "", "The submission has gone on."},
		"the preview has failed":                 {workflow.BuildPreviewing, "job-1", workflow.BuildStuck, "job-1", "", "The submission has ended."},
		"another one is made":                    {workflow.BuildPreviewing, "job-1", workflow.BuildPreviewing, "job-2", "", "The submission has gone on."},
		"something else is asked":                {workflow.BuildPreviewing, "no-submission", workflow.BuildSigning, "job-1", "MS-7", ""},
		"it is stuck, and tried again":           {workflow.BuildStuck, "job-1", workflow.BuildPreviewing, "", "", "The submission has gone on."},
		"it is stuck still":                      {workflow.BuildStuck, "job-1", workflow.BuildStuck, "job-1", "MS-7", ""},
		"it is given up":                         {workflow.BuildSubmitted, "job-1", workflow.BuildAbandoned, "job-1", "", "The submission has ended."},
		"it waits for signatures, for the rest":  {workflow.BuildSubmitted, "job-1", workflow.BuildSigning, "job-1", "MS-7", ""},
		"and goes on":                            {workflow.BuildSigning, "job-1", workflow.BuildSubmitted, "job-1", "MS-7", ""},
		"its own, for the rest":                  {workflow.BuildSubmitted, "", workflow.BuildSigning, "job-1", "job-1", ""},
		"its own has failed":                     {workflow.BuildSubmitted, "", workflow.BuildStuck, "job-1", "", "The submission has ended."},
		"its own is another, which it waits for": {workflow.BuildSubmitted, "", workflow.BuildSubmitted, "job-2", "job-2", "The submission has gone on."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := released(t)
			if tt.about != "" {
				p.must(p.Wait(p.by(olu), lane, 0, workflow.Question{Asked: "help", Ticket: "MS-7", About: tt.about}))
			}
			p.builds(tt.first, "job-1")
			p.builds(tt.then, tt.has, func(m *workflow.BuildMark) { m.Trouble = "it moves" })
			s := p.Steps[lane]
			ticket, answer := "", ""
			if s.Waiting != nil {
				ticket = s.Waiting.Ticket
			}
			if len(s.Waits) > 0 {
				answer = s.Waits[len(s.Waits)-1].Said
			}
			if ticket != tt.waits || answer != tt.answer {
				t.Errorf("it waits for %q, and heard %q; want %q and %q", ticket, answer, tt.waits, tt.answer)
			}
		})
	}
}

// Whoever is live waits for nobody, even if its step lacks something.
func TestWhatIsLiveDoesNotWait(t *testing.T) {
	t.Parallel()
	ce, ee := lane("CE"), lane("EE")
	lane := key("update-image@aws-ce-image")
	for _, lacks := range []bool{false, true} {
		def := upkeep()
		if lacks {
			def.Stages[0].Steps[1].Evidence = append(def.Stages[0].Steps[1].Evidence, workflow.Field{ID: "proof", Type: workflow.URL, Label: "Proof"})
		}
		start := startWith(ce, ee)
		start.Partner, start.Target = "GitLab 17.5.1", ""
		start.Catalyst = &workflow.Catalyst{Kind: workflow.CatalystRelease, At: monday, Version: workflow.Version{Major: 17, Minor: 5, Patch: 1}}
		p := beginWith(t, def, start)
		p.done(olu, "create-issue")
		p.builds(workflow.BuildSubmitted, "job-1")
		if p.Steps[lane].Waiting == nil {
			t.Fatal("it does not wait")
		}
		p.builds(workflow.BuildLive, "job-1")
		if s := p.Steps[lane]; s.Waiting != nil || (s.Status == workflow.Done) == lacks {
			t.Errorf("lacking %t, it is %s and waits for %+v", lacks, s.Status, s.Waiting)
		}
	}
}

// A question that was kept before it could be about something reads as it did, and one
// that is about something is kept with it.
func TestWhatAWaitIsAboutIsKept(t *testing.T) {
	t.Parallel()
	p := released(t)
	lane := key("update-image@aws-ce-image")
	p.must(p.Wait(p.by(olu), lane, 0, workflow.Question{Asked: "help", About: "job-1"}))
	kept, err := json.Marshal(p.Emitted())
	p.must(err)
	var events []workflow.Event
	p.must(json.Unmarshal(kept, &events))
	if e := events[len(events)-1]; e.Type != workflow.PartnerAsked || e.Evidence[workflow.FieldSubmission] != "job-1" {
		t.Errorf("kept is %+v", e)
	}
	var before workflow.Wait
	p.must(json.Unmarshal([]byte(`{"for":"a review","ticket":"T-1"}`), &before))
	if before.About != "" || before.Ticket != "T-1" {
		t.Errorf("it is %+v", before)
	}
	if err := released(t).Wait(p.by(olu), lane, 0, workflow.Question{Asked: "help", About: "glpat-0123456789abcdefABCD"}); workflow.KindOf(err) != workflow.Invalid {
		t.Errorf("a secret was kept: %v", err)
	}
}

// Who reports what they were asked for is told of as such, and nothing else is.
func TestReportsAreToldOf(t *testing.T) {
	t.Parallel()
	lane := key("update-image@aws-ce-image")
	asks := func(what string) func(*workflow.BuildMark) { return func(m *workflow.BuildMark) { m.Asks = what } }
	for name, tt := range map[string]struct {
		by   workflow.UserID
		then workflow.BuildMark
		want string
	}{
		"reported":             {olu, workflow.BuildMark{ID: "b-1", Phase: workflow.BuildBuilding}, "make the image"},
		"not wanted any more":  {workflow.Bot, workflow.BuildMark{ID: "b-1", Phase: workflow.BuildBuilding}, ""},
		"given up":             {olu, workflow.BuildMark{ID: "b-1", Phase: workflow.BuildAbandoned}, ""},
		"another build":        {olu, workflow.BuildMark{ID: "b-2", Phase: workflow.BuildBuilding}, ""},
		"something else asked": {olu, workflow.BuildMark{ID: "b-1", Phase: workflow.BuildBuilding, Asks: "check the image"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := released(t)
			p.builds(workflow.BuildBuilding, "", asks("make the image"))
			p.must(p.Build(p.by(tt.by), lane, tt.then))
			said := ""
			for _, e := range p.Emitted() {
				if e.Type == workflow.BuildMoved {
					said = fmt.Sprint(e.Text)
				}
			}
			if said != tt.want {
				t.Errorf("it says %q, want %q", said, tt.want)
			}
		})
	}
}

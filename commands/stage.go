package commands

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"cloudimage/workflow"
)

// This file is about stages: that a date holds, and whose and when they are.

// stageRequest is a request on a stage that has been found, with the words that
// were typed behind it.
type stageRequest struct {
	Request
	run   *workflow.Run
	stage *workflow.Stage
	rest  string
}

func (q stageRequest) ask() workflow.Ask {
	return workflow.Ask{Who: q.User, Verb: workflow.VerbConfirm, Stage: q.stage.ID}
}

// StageTarget is what a button on a stage carries: its id, and as its version the
// date that is seen, so that nobody confirms another.
func StageTarget(r *workflow.Run, stage *workflow.Stage) Target {
	t := Target{Run: r.ID, Field: workflow.FieldID(stage.ID)}
	if due := r.Stages[stage.ID].Due; !due.IsZero() {
		t.Version = due.Unix()
	}
	return t
}

// stageButtons confirm the date of a stage, or change it.
func stageButtons(r *workflow.Run, stage *workflow.Stage) []Button {
	t := StageTarget(r, stage)
	day := r.Day(stage.Team, r.Stages[stage.ID].Due).Time()
	return []Button{
		{Label: "Confirm " + day.Format("2 Jan"), Verb: string(workflow.VerbConfirm), Target: t},
		{Label: "Change…", Verb: string(workflow.VerbDue), Target: t},
	}
}

// stageWords takes a line apart at the number of a stage, which is the last word
// that is but a number: "digitalocean 2 2026-12-05".
var stageWords = regexp.MustCompile(`^(.*?)(?:^|\s)(\d{1,2})(?:\s+(\D.*|\d{4}-.*))?$`)

// stageOf is the stage that a request is about: that of a button, or the one
// whose number was typed. There is none when nothing names one, and a page to
// choose from when several runs have it.
func (d *Desk) stageOf(ctx context.Context, req Request) (stageRequest, *Reply, error) {
	q := stageRequest{Request: req}
	if req.Target.Run != "" && req.Target.Field != "" {
		r, err := d.Run(ctx, req.Target.Run)
		if err != nil {
			return q, nil, err
		}
		stage, ok := r.Definition().StageByID(workflow.StageID(req.Target.Field))
		if !ok {
			return q, nil, workflow.Fail(workflow.NotFound, "%s has no such stage any more.", r.Name())
		}
		q.run, q.stage = r, stage
		return q, nil, nil
	}
	words := stageWords.FindStringSubmatch(strings.TrimSpace(req.Text))
	if req.Target.Run != "" || words == nil {
		return q, nil, nil
	}
	if line, err := d.parse(ctx, req.Text); err != nil || line.step != "" {
		return q, nil, err
	}
	if words[3] == "" { // "R-17" is also "17"
		if named, err := d.Find(ctx, words[0]); err != nil || len(named) > 0 {
			return q, nil, err
		}
	}
	runs, err := d.runsFor(ctx, strings.TrimSpace(words[1]))
	if err != nil {
		return q, nil, err
	}
	page := &Page{Title: "Which one?"}
	for _, r := range runs {
		if stage := stageNumbered(r, words[2]); stage != nil {
			q.run, q.stage, q.rest = r, stage, strings.TrimSpace(words[3])
			page.Rows = append(page.Rows, row(runLine(r), Button{Label: "Choose", Verb: req.Verb, Target: StageTarget(r, stage)}))
		}
	}
	switch {
	case len(runs) == 0:
		return stageRequest{}, d.nothingRuns(), nil
	case len(page.Rows) == 0:
		return stageRequest{}, nil, workflow.Fail(workflow.NotFound, "There is no stage %s there. %s shows the stages.", words[2], d.command("status"))
	case len(page.Rows) > 1:
		return stageRequest{}, &Reply{Page: page}, nil
	}
	return q, nil, nil
}

func stageNumbered(r *workflow.Run, number string) *workflow.Stage {
	for i := range r.Definition().Stages {
		if s := &r.Definition().Stages[i]; s.Number == number {
			return s
		}
	}
	return nil
}

// confirm says that the date of a stage holds, as the process planned it.
func (d *Desk) confirm(ctx context.Context, req Request) (Reply, error) {
	q, choose, err := d.stageOf(ctx, req)
	switch {
	case err != nil || choose != nil:
		return orEmpty(choose), err
	case q.stage == nil:
		return d.toConfirm(ctx, req)
	case q.rest != "": // with another date
		return d.stageDue(ctx, q)
	}
	who, id := req.who(), q.stage.ID
	r, err := d.Service.Do(ctx, who, q.run.ID, q.ask(), func(act workflow.Act, r *workflow.Run) error {
		return confirmStage(act, r, id, req.Target.Version)
	})
	var e *workflow.Error
	switch {
	case errors.As(err, &e) && (e.Kind == workflow.NeedReason || e.Kind == workflow.Invalid):
		return d.stageForm(q, e.Message)
	case err != nil:
		return Reply{}, err
	}
	return Reply{Text: stageSays(r, id)}, nil
}

// confirmStage confirms a date, if it is the one that was seen.
func confirmStage(act workflow.Act, r *workflow.Run, id workflow.StageID, seen int64) error {
	s := r.Stages[id]
	stage, ok := r.Definition().StageByID(id)
	if !ok {
		return workflow.Fail(workflow.NotFound, "%s has no such stage any more.", r.Name())
	}
	switch {
	case s.Due.IsZero() && s.Status != workflow.StageComplete && r.State == workflow.Running:
		return workflow.Fail(workflow.Invalid, "Stage %s has no date yet: choose one.", stage.Number)
	case !s.Due.IsZero() && !s.Planned && s.Status != workflow.StageComplete:
		return workflow.Fail(workflow.Conflict, "The date of stage %s is confirmed already: %s.", stage.Number, r.Day(stage.Team, s.Due))
	case seen != 0 && seen != s.Due.Unix():
		return workflow.Fail(workflow.Stale, "Stage %s is planned for %s now, because the launch has moved. Please look once more; nothing was done.", stage.Number, r.Day(stage.Team, s.Due))
	}
	return r.SetStageDue(act, id, r.Day(stage.Team, s.Due))
}

// toConfirm lists the stages whose date the person can confirm.
func (d *Desk) toConfirm(ctx context.Context, req Request) (Reply, error) {
	runs, err := d.runsOf(ctx, req, strings.TrimSpace(req.Text))
	if err != nil {
		return Reply{}, err
	}
	page := &Page{Title: "Dates to confirm"}
	for _, r := range runs {
		for i := range r.Definition().Stages {
			stage := &r.Definition().Stages[i]
			s := r.Stages[stage.ID]
			ask := workflow.Ask{Who: req.User, Verb: workflow.VerbConfirm, Stage: stage.ID}
			promised := r.Catalyst != nil && stage.Due.AfterCatalyst > 0
			if r.State == workflow.Running && s.Status == workflow.StageOpen && s.Planned && !s.Due.IsZero() && !promised && d.May(r, ask) == nil {
				page.Rows = append(page.Rows, row(workflow.Say("%s: stage %s, %s, is planned for %s", workflow.Strong(r.Partner), stage.Number, stage.Title, s.Due), stageButtons(r, stage)...))
			}
		}
	}
	if len(page.Rows) == 0 {
		return Reply{Text: workflow.Say("No date of a stage waits for you to confirm it. %s moves one.", d.command("due DigitalOcean 2 2027-01-15"))}, nil
	}
	return Reply{Page: page}, nil
}

// stageDue says whose a stage is and when it should be complete.
func (d *Desk) stageDue(ctx context.Context, q stageRequest) (Reply, error) {
	v := q.Values
	if v == nil {
		v = stageAnswers(q.rest)
	}
	if v == nil {
		return d.stageForm(q, workflow.Text{})
	}
	if err := checkPeople(ctx, d, v); err != nil {
		return Reply{}, err
	}
	who, id := q.who(), q.stage.ID
	who.Reason = v.One(workflow.FieldReason)
	r, err := d.Service.Do(ctx, who, q.run.ID, q.ask(), func(act workflow.Act, r *workflow.Run) error {
		return setStage(act, r, id, v)
	})
	var e *workflow.Error
	switch {
	case q.Values == nil && errors.As(err, &e) && e.Kind == workflow.NeedReason:
		return d.stageForm(q, e.Message)
	case err != nil:
		return Reply{}, err
	}
	reply := Reply{Text: stageSays(r, id)}
	if also := coveredBy(r, r.Stages[id].Assignee); !also.IsZero() {
		reply.Text, reply.Tell = workflow.Say("%s %s", reply.Text, also), true
	}
	return reply, nil
}

// stageAnswers takes a date and a person from what was typed; nil when there is
// nothing.
func stageAnswers(rest string) Values {
	if rest == "" {
		return nil
	}
	v := parsePerson(workflow.FieldAssignee)(rest)
	for _, w := range strings.Fields(rest) {
		if _, is := mention(w); is || strings.HasPrefix(w, "@") {
			continue
		}
		if v == nil {
			v = Values{}
		}
		v[workflow.FieldDue] = []string{w}
		break
	}
	return v
}

// setStage changes of a stage what the answers say. A date that is over may stay.
func setStage(act workflow.Act, r *workflow.Run, id workflow.StageID, v Values) error {
	s := r.Stages[id]
	stage, ok := r.Definition().StageByID(id)
	if !ok {
		return workflow.Fail(workflow.NotFound, "%s has no such stage any more.", r.Name())
	}
	_, whose := v[workflow.FieldAssignee] // one that is left empty gives it back
	_, dated := v[workflow.FieldDue]
	to, on := v.User(workflow.FieldAssignee), workflow.Date(v.One(workflow.FieldDue))
	dated = dated && (s.Due.IsZero() || s.Planned || r.Day(stage.Team, s.Due) != on)
	whose = whose && to != s.Assignee
	if !dated && !whose {
		return workflow.Fail(workflow.Conflict, "Stage %s is like that already: choose another date or another person.", stage.Number)
	}
	if dated {
		if err := r.SetStageDue(act, id, on); err != nil {
			return err
		}
	}
	if whose {
		return r.AssignStage(act, id, to)
	}
	return nil
}

// stageForm asks whose a stage is and when it should be complete, unless that is
// not the person's to say.
func (d *Desk) stageForm(q stageRequest, why workflow.Text) (Reply, error) {
	r, stage := q.run, q.stage
	err := d.May(r, q.ask())
	if err != nil && workflow.KindOf(err) != workflow.NeedReason {
		return Reply{}, err
	}
	// What the state forbids is said before anyone fills in a form.
	if err := r.Clone().SetStageDue(workflow.Act{Actor: q.User, At: d.Now()}, stage.ID, ""); workflow.KindOf(err) == workflow.Conflict {
		return Reply{}, err
	}
	t := StageTarget(r, stage)
	t.Channel = q.Channel
	f := &Form{Verb: string(workflow.VerbDue), Target: t, Title: "Stage " + stage.Number, Submit: "Save",
		Intro: []workflow.Text{workflow.Say("%s\n%s. %s", workflow.Strong(r.Partner), stage.Number, stage.Title)}}
	if !why.IsZero() {
		f.Intro = append(f.Intro, why)
	}
	f.Fields = []Field{
		{ID: workflow.FieldAssignee, Label: "Who sees it through?", Kind: Person, Optional: true, Initial: user(r.StageHolder(stage))},
		dueField(r, stage.Team, r.Stages[stage.ID].Due),
	}
	if err != nil {
		f.Fields = append(f.Fields, overrideField())
	}
	return Reply{Form: f}, nil
}

// stageSays is what a stage has become.
func stageSays(r *workflow.Run, id workflow.StageID) workflow.Text {
	stage, _ := r.Definition().StageByID(id)
	s := r.Stages[id]
	name := workflow.Say("Stage %s of %s, %s,", stage.Number, r.Partner, stage.Title)
	switch {
	case s.Due.IsZero():
		return workflow.Say("%s is with %s.", name, s.Assignee)
	case s.Assignee == "":
		return workflow.Say("%s is due %s.", name, s.Due)
	}
	return workflow.Say("%s is due %s, with %s.", name, s.Due, s.Assignee)
}

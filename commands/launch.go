package commands

import (
	"context"
	"strings"
	"time"

	"cloudimage/workflow"
)

// moveDate is what the button carries that opens the form for another date.
const moveDate workflow.FieldID = "move"

// launch shows what a launch needs and what is done on its day, and moves it.
func (d *Desk) launch(ctx context.Context, req Request) (Reply, error) {
	words, date, reason, err := d.typedLaunch(ctx, req)
	if err != nil {
		return Reply{}, err
	}
	r, choose, err := d.runOf(ctx, req, words)
	if err != nil || choose != nil {
		return orEmpty(choose), err
	}
	if r.Definition().Subject != workflow.SubjectPartnership {
		return Reply{}, workflow.Fail(workflow.Conflict, "%s is about a release and has no launch.", r.Name())
	}
	ask := workflow.Ask{Who: req.User, Verb: workflow.VerbLaunch}
	switch {
	case req.Values != nil:
		return d.moveLaunch(ctx, req, r, workflow.Date(req.Values.One(workflow.FieldLaunch)), req.Values.One(workflow.FieldReason))
	case date != "":
		return d.moveLaunch(ctx, req, r, date, reason)
	case req.Target.Field == moveDate:
		err := d.May(r, ask)
		if err != nil && workflow.KindOf(err) != workflow.NeedReason {
			return Reply{}, err
		}
		return Reply{Form: launchForm(r, err != nil, "", "")}, nil
	}
	return Reply{Page: d.launchPage(r, req.User)}, nil
}

// typedLaunch takes "digitalocean 2027-01-20 their fair is later" apart: the words
// before the day, the day, and the reason.
func (d *Desk) typedLaunch(ctx context.Context, req Request) (words string, date workflow.Date, reason string, err error) {
	text := strings.TrimSpace(req.Text)
	all := strings.Fields(text)
	if len(all) < 2 {
		return text, "", "", nil
	}
	today, err := d.today(ctx, req.User)
	if err != nil {
		return "", "", "", err
	}
	for i := 1; i < len(all); i++ {
		date, took, err := dayTyped(all[i:], today, workflow.FieldLaunch)
		if err != nil {
			return "", "", "", err
		}
		if took > 0 {
			return strings.Join(all[:i], " "), date, skipWords(text, i+took), nil
		}
	}
	return text, "", "", nil
}

// moveLaunch puts the launch on another day, or asks why when that has to be said.
func (d *Desk) moveLaunch(ctx context.Context, req Request, r *workflow.Run, date workflow.Date, reason string) (Reply, error) {
	was, _ := r.Launch()
	moved := 0
	who := workflow.Who{User: req.User, Request: req.ID, Reason: reason}
	after, err := d.Service.Do(ctx, who, r.ID, workflow.Ask{Verb: workflow.VerbLaunch}, func(act workflow.Act, r *workflow.Run) error {
		moved = 0
		err := r.MoveLaunch(act, date)
		for _, e := range r.Emitted() {
			moved += len(e.Plan)
		}
		return err
	})
	if req.Values == nil && (workflow.KindOf(err) == workflow.NeedReason || reason == "" && workflow.KindOf(err) == workflow.Invalid) {
		if _, agreed := r.Launch(); agreed || workflow.KindOf(err) == workflow.NeedReason {
			return Reply{Form: launchForm(r, workflow.KindOf(err) == workflow.NeedReason, date, reason)}, nil
		}
	}
	if err != nil {
		return Reply{}, err
	}
	return Reply{Tell: true, Text: workflow.Say("The launch of %s is on %s now; it was on %s. %s with it. %s.", after.Partner, date, was,
		count(moved, "planned date moves", "planned dates move"), hears(after))}, nil
}

// hears says who hears when the launch moves.
func hears(r *workflow.Run) workflow.Text {
	switch who := r.LaunchAudience(); len(who) {
	case 0:
		return workflow.Say("nobody is known who has to hear of it")
	case 1:
		return workflow.Say("%s hears of it", who[0])
	default:
		return workflow.Say("%s hear of it", persons(who))
	}
}

func launchForm(r *workflow.Run, needReason bool, date workflow.Date, reason string) *Form {
	was, agreed := r.Launch()
	f := &Form{Verb: "launch", Target: Target{Run: r.ID}, Title: "Move the launch", Submit: "Move it"}
	said := workflow.Say("%s\nThe target is %s.", workflow.Strong(r.Partner), was)
	if agreed {
		said = workflow.Say("%s\n%s was agreed with the partner.", workflow.Strong(r.Partner), was)
	}
	planned, chosen := datesOf(r)
	f.Intro = []workflow.Text{said, workflow.Say("%s, at once. %s with it; %s.", hears(r),
		count(planned, "date that the process planned moves", "dates that the process planned move"),
		count(chosen, "date that somebody chose stays", "dates that somebody chose stay"))}
	initial := date
	if initial == "" {
		initial = was
	}
	why := reasonField("Why does it move?")
	why.Optional = !agreed && !needReason
	if agreed {
		why.Hint = "The date was agreed: say that the partner knows."
	}
	why.Initial = given(reason)
	f.Fields = []Field{{ID: workflow.FieldLaunch, Label: "Launch", Kind: Date, Initial: dates(initial)}, why}
	return f
}

// datesOf counts the open dates that follow the launch, and those that people
// chose and that stay.
func datesOf(r *workflow.Run) (planned, chosen int) {
	add := func(isPlanned bool, due time.Time) {
		switch {
		case due.IsZero():
		case isPlanned:
			planned++
		default:
			chosen++
		}
	}
	for i := range r.Definition().Stages {
		stage := &r.Definition().Stages[i]
		if s := r.Stages[stage.ID]; s.Status != workflow.StageComplete && fromLaunch(stage.Due) {
			add(s.Planned, s.Due)
		}
	}
	r.Walk(func(n workflow.Node) bool {
		if s := n.State; !s.Status.Closed() && fromLaunch(n.Step.Due) {
			add(s.Planned, s.Due)
		}
		return true
	})
	return planned, chosen
}

// fromLaunch reports whether a rule plans by the launch.
func fromLaunch(d workflow.Due) bool { return d.BeforeLaunch > 0 || d.OnLaunch }

func (d *Desk) launchPage(r *workflow.Run, who workflow.UserID) *Page {
	plan := r.Plan()
	page := &Page{Title: "Launch plan"}
	top := row(workflow.Say("%s\n%s", workflow.Strong(r.Partner), d.launchSaid(r)))
	if err := d.May(r, workflow.Ask{Who: who, Verb: workflow.VerbLaunch}); (err == nil || workflow.KindOf(err) == workflow.NeedReason) && (r.State == workflow.Running || r.State == workflow.Proposed) {
		top.Buttons = []Button{{Label: "Move the date…", Verb: "launch", Target: Target{Run: r.ID, Field: moveDate}}}
	}
	page.Rows = append(page.Rows, top)
	page.Rows = append(page.Rows, heading("What holds it (%d)", len(plan.Holds)))
	if len(plan.Holds) == 0 {
		page.Rows = append(page.Rows, row(workflow.Say("Nothing: the day can come.")))
	}
	for i, n := range worstFirst(r, plan.Holds) {
		if i == shownHolds {
			page.Rows = append(page.Rows, row(workflow.Say("and %d more", len(plan.Holds)-i)))
			break
		}
		page.Rows = append(page.Rows, row(stepStatus(r, n), explainButton(r, n)))
	}
	if parts := d.together(r, plan.Day); len(parts) > 0 {
		page.Rows = append(append(page.Rows, heading("What comes out together")), parts...)
	}
	page.Rows = append(page.Rows, heading("On the day itself"))
	if len(plan.Day) == 0 {
		page.Rows = append(page.Rows, row(workflow.Say("The process has nothing for the day itself.")))
	}
	for _, n := range plan.Day[:min(len(plan.Day), shownSteps)] {
		page.Rows = append(page.Rows, d.dayRow(r, n, who))
	}
	if len(plan.Ready) > 0 {
		page.Rows = append(page.Rows, heading("Ready (%d)", len(plan.Ready)))
		names := make([]workflow.Text, len(plan.Ready))
		for i, n := range plan.Ready {
			names[i] = r.StepName(n)
		}
		page.Rows = append(page.Rows, row(firstOf(names, shownSteps)))
	}
	page.Foot = append(page.Foot, workflow.Say("When the launch moves, %s.", hears(r)))
	return page
}

// shownHolds is how many steps that hold a launch are listed.
const shownHolds = 20

func explainButton(r *workflow.Run, n workflow.Node) Button {
	return Button{Label: "Explain", Verb: "why", Target: targetOf(r, n)}
}

// launchSaid says the target and the agreed date, each as what it is, and how far
// away the day is.
func (d *Desk) launchSaid(r *workflow.Run) workflow.Text {
	date, agreed := r.Launch()
	target := workflow.Date(r.Facts[workflow.FactLaunchTarget])
	var said workflow.Text
	switch {
	case date == "":
		return workflow.Say("No launch date yet.")
	case agreed && target != "" && target != date:
		said = workflow.Say("Launch %s, agreed with the partner; we aimed at %s.", date, target)
	case agreed:
		said = workflow.Say("Launch %s, agreed with the partner.", date)
	default:
		said = workflow.Say("Target %s, not agreed with the partner yet.", date)
	}
	if r.State != workflow.Running && r.State != workflow.Proposed {
		return said
	}
	return workflow.Say("%s %s", said, d.daysTo(r.Definition().Owner, date))
}

// daysTo says how far away a day is, in business days of a team.
func (d *Desk) daysTo(team workflow.TeamID, date workflow.Date) workflow.Text {
	cal := d.Calendars()
	now, on := d.Now(), cal.At(team, date)
	switch today := workflow.DateOf(now.In(on.Location())); {
	case today == date:
		return workflow.Say("That is today.")
	case today > date:
		return workflow.Say("That day has passed.")
	}
	return workflow.Say("That is in %s.", count(cal.Between(team, now, on), "business day", "business days"))
}

// dayRow is what is done with a step on the day of the launch, with the button for
// it once that is possible.
func (d *Desk) dayRow(r *workflow.Run, n workflow.Node, who workflow.UserID) Row {
	s := n.State
	date, agreed := r.Launch()
	onDay := func(t time.Time) bool { return agreed && r.Day(n.Step.Team, t) >= date }
	text := func(format string, args ...any) workflow.Text {
		return givenLinks(n, workflow.Say("%s\n%s, %s", workflow.Strong(n.Step.LaunchDay), r.StepName(n), workflow.Say(format, args...)))
	}
	button := Button{Label: "Done", Verb: string(workflow.VerbLaunched), Target: targetOf(r, n), Primary: true}
	with := personOr(r.Acting(r.Responsible(n.Key)))
	switch {
	case !s.Launched.IsZero():
		return row(text("done %s", s.Launched))
	case s.Status == workflow.Done && onDay(s.At):
		return row(text("done %s by %s", s.At, s.Actor))
	case s.Status == workflow.Done && r.State == workflow.Running && onDay(d.Now()) && d.May(r, workflow.Ask{Who: who, Verb: workflow.VerbLaunched, Step: n.Key}) == nil:
		return row(text("with %s, today", with), button)
	case s.Status == workflow.Done:
		return row(text("ready, with %s on the day", with))
	case onDay(d.Now()) && r.Doable(n.Key) && d.May(r, workflow.Ask{Who: who, Verb: workflow.VerbDone, Step: n.Key}) == nil:
		done := d.stepVerb(workflow.VerbDone)
		return row(text("%s", stepState(r, n)), Button{Label: done.label(n), Verb: string(workflow.VerbDone), Target: targetOf(r, n), Primary: true})
	}
	return row(text("%s", stepState(r, n)))
}

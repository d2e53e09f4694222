package commands

import (
	"cloudimage/workflow"
	"cloudimage/workflow/maintenance"
)

// This file says events in words.

// describe says an event in words, with where it was done when that was not here.
// Events that only follow from others, such as
// a step that opens, are not worth a line.
func (d *Desk) describe(r *workflow.Run, e workflow.Event) workflow.Text {
	switch {
	case isOfTracker(e.Type):
		return d.describeTracker(r, e)
	case e.Outside != nil && e.Actor != workflow.Bot:
		return inTracker(d, r, e)
	}
	return describe(r, e)
}

// describe is [Desk.describe] for what is the same wherever it was done.
func describe(r *workflow.Run, e workflow.Event) workflow.Text {
	switch {
	case e.Stage != "":
		return describeStage(r, e)
	case e.Step != (workflow.StepKey{}):
		return describeStep(r, e)
	}
	by := actor(e)
	switch e.Type {
	case workflow.RunStarted:
		if e.Start.Proposed {
			return workflow.Say("%s proposed it", by)
		}
		return workflow.Say("%s started it", by)
	case workflow.RunAccepted:
		return workflow.Say("%s accepted it and owns it", by)
	case workflow.RunCompleted:
		return workflow.Say("all steps are done: it is complete")
	case workflow.RunReopened:
		return workflow.Say("it runs again")
	case workflow.RunCancelled:
		return workflow.Say("%s cancelled it: %s", by, e.Text)
	case workflow.RunClassified:
		if !e.Rejudges() {
			return workflow.Say("other packages were found: %s", count(len(e.Catalyst.Packages), "package", "packages"))
		}
		return workflow.Say("%s found that it is %s, live by %s", by, maintenance.KindName(e.Catalyst.Kind), e.Due)
	case workflow.LanesLeft:
		return workflow.Say("%s goes on with %s (%s)", e.Next.What, count(len(e.Lanes), "listing", "listings"), e.Next.Name)
	case workflow.RunSuperseded:
		return workflow.Say("it is superseded by %s (%s)", e.Next.What, e.Next.Name)
	case workflow.RunSigned:
		return workflow.Say("%s signed what goes live", by)
	case workflow.RunPlanned:
		if len(e.Plan) == 1 {
			return workflow.Say("one date was planned back from the launch")
		}
		return workflow.Say("%d dates were planned back from the launch", len(e.Plan))
	case workflow.LaunchMoved:
		what := "the launch, as it is aimed at,"
		if e.Field == workflow.FieldID(workflow.FactLaunchAgreed) {
			what = "the agreed launch"
		}
		return because(workflow.Say("%s moved %s%s to %s", by, what, fromDate(e), e.Date), e.Text)
	case workflow.ListingJoined:
		return workflow.Say("%s added %s", by, r.ListingName(e.Listing))
	case workflow.NoteAdded:
		return workflow.Say("%s noted: %s", by, e.Text)
	case workflow.FactAsked:
		if res, ok := r.Definition().Resource(workflow.FactName(e.Field)); ok {
			return workflow.Say("%s was asked where this is, for every run: %s", r.Definition().TeamName(res.Ask), res.Title)
		}
		return workflow.Text{}
	case workflow.StepReminded:
		if e.Field == workflow.FieldID(workflow.MoveFact) {
			return workflow.Text{}
		}
		return workflow.Say("%s was reminded of the proposal%s", e.User, nth(e))
	}
	return describePeople(r, e)
}

// fromDate is the date that the launch had before it was moved, if any.
func fromDate(e workflow.Event) workflow.Text {
	if was := workflow.Date(e.Evidence[workflow.FieldLaunch]); was != "" {
		return workflow.Say(" from %s", was)
	}
	return workflow.Say("%s", "")
}

// describePeople is describe for who owns, leads and acts for whom.
func describePeople(r *workflow.Run, e workflow.Event) workflow.Text {
	by, team := actor(e), r.Definition().TeamName(e.Team)
	switch e.Type {
	case workflow.OwnerChanged:
		if e.User == "" {
			return workflow.Say("nobody owns it any more")
		}
		return workflow.Say("%s made %s the owner", by, e.User)
	case workflow.LeadChanged:
		if e.User == "" {
			return workflow.Say("nobody leads for %s any more", team)
		}
		return workflow.Say("%s made %s lead for %s", by, e.User, team)
	case workflow.CoverBegan:
		return workflow.Say("%s covers for %s until %s", e.Cover.By, e.User, e.Cover.Day)
	case workflow.CoverEnded:
		if e.Cover != nil {
			return workflow.Say("%s does not cover for %s any more", e.Cover.By, e.User)
		}
		return workflow.Say("%s is back, and acts for themselves again", e.User)
	case workflow.StandinBegan:
		if e.Standin.Condition != "" {
			return because(workflow.Say("%s stands in for %s until this has happened: %s", e.User, team, e.Standin.Condition), e.Standin.Reason)
		}
		return because(workflow.Say("%s stands in for %s until %s", e.User, team, e.Standin.Until), e.Standin.Reason)
	case workflow.StandinEnded:
		return workflow.Say("%s does not stand in for %s any more", e.User, team)
	case workflow.PersonLeft:
		return workflow.Say("%s has left; what was theirs went back to the teams", e.User)
	}
	return workflow.Text{}
}

func describeStage(r *workflow.Run, e workflow.Event) workflow.Text {
	stage, ok := r.Definition().StageByID(e.Stage)
	if !ok {
		return workflow.Text{}
	}
	name := workflow.Say("stage %s, %s", stage.Number, stage.Title)
	switch e.Type {
	case workflow.StageOpened:
		return workflow.Say("%s, opened", name)
	case workflow.StageRelocked:
		if r.State == workflow.Cancelled && e.At.Equal(r.Ended) {
			return workflow.Text{} // of course
		}
		return workflow.Say("%s, is locked again", name)
	case workflow.StageCompleted:
		return workflow.Say("%s, is complete", name)
	case workflow.StageAssigned:
		if e.User == "" {
			return workflow.Text{}
		}
		return workflow.Say("%s gave %s to %s", actor(e), name, e.User)
	case workflow.StageDated:
		return workflow.Say("%s set the date of %s to %s", actor(e), name, r.Day(stage.Team, e.Due))
	case workflow.StepReminded:
		return workflow.Say("%s was reminded to confirm the date of %s%s", e.User, name, nth(e))
	}
	return workflow.Text{}
}

func describeStep(r *workflow.Run, e workflow.Event) workflow.Text {
	by, step := actor(e), workflow.Text{}
	n, ok := r.Node(e.Step)
	if ok {
		step = r.StepName(n)
	}
	day := eventDay(r, e)
	switch e.Type {
	case workflow.NoteAdded:
		return workflow.Say("%s noted on %s: %s", by, step, e.Text)
	case workflow.StepDone:
		if e.Actor == workflow.Bot {
			return workflow.Say("%s is done", step)
		}
		return workflow.Say("%s did %s", by, step)
	case workflow.StepUndone:
		if e.Actor == workflow.Bot {
			return workflow.Text{}
		}
		return workflow.Say("%s took back that %s was done", by, step)
	case workflow.StepSkipped:
		if e.Actor == workflow.Bot {
			return workflow.Say("%s was not asked for", step)
		}
		return workflow.Say("%s skipped %s", by, step)
	case workflow.StepWaived:
		return workflow.Say("%s waived %s: %s", by, step, e.Text)
	case workflow.StepReopened:
		if e.Actor == workflow.Bot {
			return workflow.Text{}
		}
		return because(workflow.Say("%s reopened %s", by, step), e.Text)
	case workflow.StepWanted:
		return workflow.Say("%s asked for %s", by, step)
	case workflow.StepAssigned:
		if e.User == "" {
			return workflow.Say("%s gave %s back to the team", by, step)
		}
		return workflow.Say("%s gave %s to %s", by, step, e.User)
	case workflow.StepDated:
		return workflow.Say("%s moved %s to %s", by, step, day)
	case workflow.StepSnoozed:
		if e.Due.IsZero() {
			return workflow.Say("%s ended the snooze of %s", by, step)
		}
		return because(workflow.Say("%s snoozed %s until %s", by, step, day), e.Text)
	case workflow.LaunchDayDone:
		if !ok {
			return workflow.Text{}
		}
		return workflow.Say("%s did what is for the day of the launch: %s (%s)", by, n.Step.LaunchDay, step)
	case workflow.HelpAsked:
		return workflow.Say("%s asked %s for help with %s", by, e.User, step)
	case workflow.HelpGiven:
		return workflow.Say("%s wrote a text for %s", by, step)
	case workflow.StepOverdue, workflow.StepReminded, workflow.LateTold, workflow.SilenceTold:
		return describeTime(r, e, step)
	case workflow.BuildMoved:
		return describeBuild(r, e)
	}
	return describeWait(e, step)
}

// describeTime is describe for what time does to a step by itself.
func describeTime(r *workflow.Run, e workflow.Event, step workflow.Text) workflow.Text {
	rung := func(ladder []workflow.Rung) workflow.Text {
		if e.Rung < 1 || e.Rung > len(ladder) {
			return workflow.Say("others")
		}
		switch to := ladder[e.Rung-1]; to.Tell {
		case workflow.ToChaser:
			return workflow.Say("whoever follows up")
		case workflow.ToStage:
			return workflow.Say("whoever sees the stage through")
		case workflow.ToOwner:
			return workflow.Say("the project owner")
		default:
			return workflow.Say("%s", r.Definition().TeamName(to.Team))
		}
	}
	switch e.Type {
	case workflow.StepOverdue:
		return workflow.Say("%s is late", step)
	case workflow.LateTold:
		return workflow.Say("%s was told that %s is late", rung(r.Definition().Lateness), step)
	case workflow.SilenceTold:
		if e.User != "" {
			return workflow.Say("%s is silent, so the follow-up on %s went to %s", r.Partner, step, e.User)
		}
		return workflow.Say("%s was told that %s is silent on %s", rung(r.Definition().Silence), r.Partner, step)
	}
	return workflow.Say("%s was reminded of %s%s: %s", e.User, step, nth(e), reminder(r, e))
}

// reminder is why a person was reminded of a step.
func reminder(r *workflow.Run, e workflow.Event) workflow.Text {
	switch workflow.MoveKind(e.Field) {
	case workflow.MoveAsk:
		return workflow.Say("is it needed")
	case workflow.MoveChase:
		return workflow.Say("time to ask the partner again")
	case workflow.MoveAnswer:
		return workflow.Say("a text is wanted of them")
	case workflow.MoveLaunch:
		return workflow.Say("it is for the day of the launch")
	case workflow.MoveSilent:
		return workflow.Say("the partner is silent")
	case workflow.MoveLate:
		return workflow.Say("it is late with somebody else")
	case workflow.MoveTick:
		return workflow.Say("its box was ticked")
	case workflow.MoveEarly:
		return workflow.Say("it was merged before the launch")
	}
	switch {
	case e.Due.IsZero():
		return workflow.Say("it has no date")
	case !e.Due.After(e.At):
		return workflow.Say("late")
	}
	return workflow.Say("due %s", eventDay(r, e))
}

// nth says for which time somebody was reminded, from the second on.
func nth(e workflow.Event) workflow.Text {
	switch {
	case e.Rung < 2:
		return workflow.Say("%s", "")
	case e.Rung == 2:
		return workflow.Say(", the 2nd time")
	case e.Rung == 3:
		return workflow.Say(", the 3rd time")
	}
	return workflow.Say(", the %dth time", e.Rung)
}

// eventDay is the day of an event's date, where the step's team is. It stays what it
// was, where a moment would be told from today.
func eventDay(r *workflow.Run, e workflow.Event) workflow.Date {
	n, ok := r.Node(e.Step)
	if !ok {
		return workflow.DateOf(e.Due)
	}
	return r.Day(n.Step.Team, e.Due)
}

// describeWait is describe for a wait for the partner.
func describeWait(e workflow.Event, step workflow.Text) workflow.Text {
	by := actor(e)
	switch e.Type {
	case workflow.PartnerAsked:
		return because(workflow.Say("%s waits for the partner on %s", by, step), e.Text)
	case workflow.PartnerAnswered:
		return because(workflow.Say("%s took the partner's answer on %s", by, step), e.Text)
	case workflow.PartnerWrote:
		if e.Date != "" {
			return because(workflow.Say("%s took a message of the partner on %s, who promise an answer for %s", by, step, e.Date), e.Text)
		}
		return because(workflow.Say("%s took a message of the partner on %s, which does not answer", by, step), e.Text)
	case workflow.PartnerSilent:
		return because(workflow.Say("%s asked the partner again on %s, who are silent still", by, step), e.Text)
	case workflow.ActionTaken:
		if e.User != "" {
			return because(workflow.Say("%s handed the follow-up on %s to %s", by, step, e.User), e.Text)
		}
		return because(workflow.Say("%s followed up on %s", by, step), e.Text)
	}
	return workflow.Text{}
}

// actor is who did it, with the name of the person they did it for, who is away.
func actor(e workflow.Event) any {
	if e.For == "" {
		return e.Actor
	}
	return workflow.Say("%s for %s", e.Actor, e.For)
}

// because is a sentence with what was said, if anything was.
func because(what workflow.Text, said string) workflow.Text {
	if said == "" {
		return what
	}
	return workflow.Say("%s: %s", what, said)
}

// saysText reports whether the words for an event hold the text that came with
// it, which for every other is the reason an admin gave.
func saysText(t workflow.EventType) bool {
	switch t {
	case workflow.RunCancelled, workflow.NoteAdded, workflow.StepWaived, workflow.StepReopened, workflow.StepSnoozed, workflow.LaunchMoved,
		workflow.PartnerAsked, workflow.PartnerAnswered, workflow.PartnerWrote, workflow.PartnerSilent, workflow.ActionTaken, workflow.FactLearned:
		return true
	}
	return false
}

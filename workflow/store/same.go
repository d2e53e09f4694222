package store

import (
	"maps"
	"slices"
	"time"

	"cloudimage/workflow"
)

// This file tells what of a run changed, without encoding it. Every field takes
// part: what is forgotten here is not saved, so a test changes each in turn.

// sameHead compares all that is kept in a run's own row, but its version.
func sameHead(a, b *workflow.Run) bool {
	return a.ID == b.ID &&
		a.Number == b.Number &&
		a.Process == b.Process &&
		a.Hash == b.Hash &&
		a.State == b.State &&
		a.Reason == b.Reason &&
		a.Partner == b.Partner &&
		a.Provider == b.Provider &&
		slices.EqualFunc(a.Listings, b.Listings, sameListing) &&
		maps.Equal(a.Facts, b.Facts) &&
		a.Owner == b.Owner &&
		maps.Equal(a.Leads, b.Leads) &&
		a.Channel == b.Channel &&
		a.Opener == b.Opener &&
		sameTime(a.Started, b.Started) &&
		sameTime(a.Ended, b.Ended) &&
		sameCatalyst(a.Catalyst, b.Catalyst) &&
		sameTime(a.Promise, b.Promise) &&
		sameSuccessor(a.Next, b.Next) &&
		slices.EqualFunc(a.Signed, b.Signed, sameSignature) &&
		maps.EqualFunc(a.Covers, b.Covers, sameCover) &&
		maps.EqualFunc(a.Standins, b.Standins, sameStandin) &&
		sameMoved(a.Moved, b.Moved) &&
		maps.EqualFunc(a.Reminded, b.Reminded, sameReminded) &&
		maps.EqualFunc(a.Stages, b.Stages, sameStage) &&
		maps.EqualFunc(a.Asks, b.Asks, sameAsk) &&
		maps.EqualFunc(a.Items, b.Items, sameItem)
}

func sameItem(a, b *workflow.TrackedItem) bool {
	return a.URL == b.URL &&
		a.Path == b.Path &&
		sameMerge(a.Merge, b.Merge) &&
		sameTrouble(a.Trouble, b.Trouble) &&
		a.Waiting == b.Waiting &&
		a.Repair == b.Repair
}

func sameMerge(a, b *workflow.MergeRequest) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Title == b.Title &&
		a.State == b.State &&
		a.Draft == b.Draft &&
		a.Author == b.Author &&
		a.Milestone == b.Milestone &&
		sameTime(a.Approved, b.Approved) &&
		sameTime(a.Merged, b.Merged) &&
		a.MergedBy == b.MergedBy
}

func sameTrouble(a, b *workflow.Trouble) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Kind == b.Kind &&
		a.Key == b.Key &&
		a.By == b.By &&
		sameTime(a.At, b.At) &&
		slices.Equal(a.There, b.There) &&
		slices.Equal(a.Ours, b.Ours) &&
		a.Missed == b.Missed
}

func sameListing(a, b workflow.Listing) bool {
	return a.ID == b.ID &&
		a.Edition == b.Edition &&
		a.Delivery == b.Delivery &&
		a.Provider == b.Provider &&
		maps.Equal(a.Facts, b.Facts) &&
		a.Partner == b.Partner &&
		a.Architecture == b.Architecture &&
		sameTime(a.Since, b.Since) &&
		sameTime(a.Owed, b.Owed)
}

func sameCatalyst(a, b *workflow.Catalyst) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Kind == b.Kind &&
		sameTime(a.At, b.At) &&
		a.Version == b.Version &&
		sameTime(a.From, b.From) &&
		a.Unsure == b.Unsure &&
		slices.Equal(a.Packages, b.Packages) &&
		slices.Equal(a.Evidence, b.Evidence) &&
		slices.Equal(a.Spared, b.Spared) &&
		a.Because == b.Because
}

func sameSuccessor(a, b *workflow.Successor) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

func sameSignature(a, b workflow.Signature) bool {
	return a.User == b.User && a.For == b.For && sameTime(a.At, b.At) && a.Plan == b.Plan
}

func sameMoved(a, b workflow.Moved) bool {
	return sameTime(a.At, b.At) && a.By == b.By && a.Was == b.Was && a.Reason == b.Reason
}

func sameCover(a, b workflow.Cover) bool {
	return a.By == b.By && sameTime(a.Since, b.Since) && sameTime(a.Until, b.Until) && a.Day == b.Day && a.Set == b.Set
}

func sameStandin(a, b workflow.Standin) bool {
	return a.Team == b.Team &&
		a.User == b.User &&
		slices.Equal(a.Scope, b.Scope) &&
		a.Reason == b.Reason &&
		a.Until == b.Until &&
		sameTime(a.Ends, b.Ends) &&
		a.Condition == b.Condition &&
		a.Review == b.Review &&
		a.Set == b.Set &&
		sameTime(a.Since, b.Since)
}

func sameStage(a, b *workflow.StageState) bool {
	return a.Status == b.Status &&
		a.Assignee == b.Assignee &&
		sameTime(a.Due, b.Due) &&
		a.Planned == b.Planned &&
		sameTime(a.Opened, b.Opened) &&
		sameTime(a.Closed, b.Closed) &&
		maps.EqualFunc(a.Reminded, b.Reminded, sameReminded)
}

func sameStep(a, b *workflow.StepState) bool {
	return a.Key == b.Key &&
		a.Status == b.Status &&
		a.Version == b.Version &&
		a.Wanted == b.Wanted &&
		a.Assignee == b.Assignee &&
		sameTime(a.Due, b.Due) &&
		a.Planned == b.Planned &&
		a.Overdue == b.Overdue &&
		slices.EqualFunc(a.Helpers, b.Helpers, sameHelper) &&
		sameWait(a.Waiting, b.Waiting) &&
		maps.Equal(a.Evidence, b.Evidence) &&
		a.Actor == b.Actor &&
		sameTime(a.At, b.At) &&
		a.Reason == b.Reason &&
		sameTime(a.Opened, b.Opened) &&
		sameSnooze(a.Snooze, b.Snooze) &&
		sameTick(a.Tick, b.Tick) &&
		maps.EqualFunc(a.Reminded, b.Reminded, sameReminded) &&
		a.Rung == b.Rung &&
		slices.EqualFunc(a.Given, b.Given, sameGiven) &&
		slices.EqualFunc(a.Waits, b.Waits, samePast) &&
		sameTime(a.Launched, b.Launched) &&
		sameKept(a.Kept, b.Kept) &&
		sameMark(a.Build, b.Build)
}

func sameMark(a, b *workflow.BuildMark) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.ID == b.ID &&
		a.Phase == b.Phase &&
		a.By == b.By &&
		sameTime(a.At, b.At) &&
		a.Image == b.Image &&
		sameTime(a.Until, b.Until) &&
		a.Publishes == b.Publishes &&
		a.Goes == b.Goes &&
		a.Submission == b.Submission &&
		a.Trouble == b.Trouble &&
		a.Decide == b.Decide && a.Stalls == b.Stalls && a.Asks == b.Asks
}

func sameHelper(a, b workflow.Helper) bool {
	return a.User == b.User && a.Field == b.Field && a.By == b.By && sameTime(a.At, b.At) && a.Until == b.Until && a.For == b.For
}

func sameGiven(a, b workflow.Given) bool {
	return a.Field == b.Field && a.User == b.User && a.By == b.By && sameTime(a.At, b.At)
}

func sameSnooze(a, b *workflow.Snooze) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.User == b.User && sameTime(a.Until, b.Until) && a.Reason == b.Reason
}

func sameTick(a, b *workflow.Tick) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.By == b.By && a.Item == b.Item && sameTime(a.At, b.At) && a.Own == b.Own
}

func sameAsk(a, b *workflow.FactAsk) bool {
	return a.Since.Equal(b.Since) && maps.EqualFunc(a.Reminded, b.Reminded, sameReminded)
}

func sameReminded(a, b workflow.Reminded) bool {
	return a.Times == b.Times && sameTime(a.Last, b.Last)
}

func sameKept(a, b *workflow.Kept) bool {
	if a == nil || b == nil {
		return a == b
	}
	return slices.EqualFunc(a.Helpers, b.Helpers, sameHelper) &&
		slices.EqualFunc(a.Given, b.Given, sameGiven) &&
		sameWait(a.Waiting, b.Waiting) &&
		a.Overdue == b.Overdue &&
		sameTick(a.Tick, b.Tick) &&
		a.Actor == b.Actor &&
		sameTime(a.At, b.At) &&
		a.Reason == b.Reason &&
		sameSnooze(a.Snooze, b.Snooze) &&
		sameTick(a.Tick, b.Tick) &&
		maps.EqualFunc(a.Reminded, b.Reminded, sameReminded) &&
		a.Rung == b.Rung
}

func samePast(a, b workflow.Past) bool {
	return sameTime(a.Since, b.Since) && sameTime(a.Until, b.Until) && a.Promised == b.Promised && a.Said == b.Said
}

func sameWait(a, b *workflow.Wait) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.For == b.For &&
		a.Ticket == b.Ticket &&
		a.Promised == b.Promised &&
		a.By == b.By &&
		sameTime(a.Since, b.Since) &&
		a.Chaser == b.Chaser &&
		a.Contact == b.Contact &&
		a.About == b.About &&
		sameTime(a.Chased, b.Chased) &&
		sameTime(a.Heard, b.Heard) &&
		a.Rung == b.Rung &&
		slices.EqualFunc(a.Taken, b.Taken, sameTaken)
}

func sameTaken(a, b workflow.Taken) bool {
	return a.Action == b.Action && a.By == b.By && sameTime(a.At, b.At) && a.Note == b.Note
}

func sameTime(a, b time.Time) bool { return a.Equal(b) }

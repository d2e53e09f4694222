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
		maps.EqualFunc(a.Stages, b.Stages, sameStage)
}

func sameListing(a, b workflow.Listing) bool {
	return a.ID == b.ID &&
		a.Edition == b.Edition &&
		a.Delivery == b.Delivery &&
		a.Provider == b.Provider &&
		maps.Equal(a.Facts, b.Facts)
}

func sameStage(a, b *workflow.StageState) bool {
	return a.Status == b.Status &&
		a.Assignee == b.Assignee &&
		sameTime(a.Due, b.Due) &&
		a.Planned == b.Planned &&
		sameTime(a.Opened, b.Opened) &&
		sameTime(a.Closed, b.Closed)
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
		sameTime(a.Opened, b.Opened)
}

func sameHelper(a, b workflow.Helper) bool {
	return a.User == b.User && a.Field == b.Field && a.By == b.By && sameTime(a.At, b.At) && a.Until == b.Until
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
		slices.EqualFunc(a.Taken, b.Taken, sameTaken)
}

func sameTaken(a, b workflow.Taken) bool {
	return a.Action == b.Action && a.By == b.By && sameTime(a.At, b.At) && a.Note == b.Note
}

func sameTime(a, b time.Time) bool { return a.Equal(b) }

package commands

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"cloudimage/workflow"
)

// historyLength is how many lines a page of the history has, and historyRead how
// many events are read at once; an export has them all.
const (
	historyLength = 40
	historyRead   = 150
)

// told is a line of a history.
type told struct {
	seq  int64
	at   time.Time
	what workflow.Text
}

// history says who did what in a run or with a step, newest first and day by day.
// Who was reminded is told of a step alone: of a run it would be most of it.
// A button carries where its page begins: "<80" for what came before event 80,
// ">79" for what came after event 79.
func (d *Desk) history(ctx context.Context, req Request) (Reply, error) {
	r, n, choose, err := d.stepOf(ctx, req)
	if err != nil || choose != nil {
		return orEmpty(choose), err
	}
	profile, err := d.Profile(ctx, req.User)
	if err != nil {
		return Reply{}, err
	}
	h := historyOf{desk: d, run: r, node: n}
	found, older, newer, err := h.read(ctx, string(req.Target.Field))
	if err != nil {
		return Reply{}, err
	}
	page := h.page(found, profile.Zone)
	var turn []Button
	if older && len(found) > 0 {
		turn = append(turn, h.button("Older", "<", found[len(found)-1].seq))
	}
	if newer && len(found) > 0 {
		turn = append(turn, h.button("Newer", ">", found[0].seq))
	}
	if len(turn) > 0 {
		page.Rows = append(page.Rows, Row{Buttons: turn})
	}
	return Reply{Page: page}, nil
}

// historyOf is the history of a run, or of one of its steps.
type historyOf struct {
	desk *Desk
	run  *workflow.Run
	node workflow.Node // its step is nil for the whole run
}

// read are the lines of the page that a mark begins, newest first, and whether
// there are older and newer ones.
func (h historyOf) read(ctx context.Context, mark string) (found []told, older, newer bool, err error) {
	at, bad := strconv.ParseInt(strings.TrimLeft(mark, "<>"), 10, 64)
	if bad != nil || at < 0 || at > h.run.Version+1 {
		mark, at = "", 0
	}
	if strings.HasPrefix(mark, ">") {
		found, newer, err = h.after(ctx, at)
		if err != nil || newer || len(found) == historyLength {
			return found, true, newer, err
		}
		mark, at = "", 0 // what is left fits on the newest page
	}
	found, older, err = h.before(ctx, at)
	return found, older, mark != "", err
}

func (h historyOf) button(label, mark string, seq int64) Button {
	return Button{Label: label, Verb: "history", Target: Target{Run: h.run.ID, Step: h.node.Key, Field: workflow.FieldID(mark + strconv.FormatInt(seq, 10))}}
}

func (h historyOf) page(found []told, zone *time.Location) *Page {
	page := &Page{Title: "History of " + h.run.Name()}
	if h.node.Step != nil {
		page.Title = cut("History of "+h.node.Number(), 24)
	}
	day := workflow.Date("")
	for _, line := range found {
		local := line.at.In(zone)
		if on := workflow.DateOf(local); on != day {
			day = on
			page.Rows = append(page.Rows, heading("%s", local.Format("Monday 2 January 2006")))
		}
		page.Rows = append(page.Rows, row(workflow.Say("%s  %s", local.Format("15:04"), line.what)))
	}
	if len(found) == 0 {
		page.Rows = append(page.Rows, row(workflow.Say("Nothing has happened here yet.")))
	}
	about := workflow.Say("%s", h.run.Title())
	if h.node.Step != nil {
		about = workflow.Say("%s, %s", h.run.Title(), h.run.StepName(h.node))
	}
	page.Foot = append(page.Foot, workflow.Say("%s, newest first.", about))
	return page
}

// before are the lines below a sequence number, or the newest for 0, newest
// first, and whether there are older ones.
func (h historyOf) before(ctx context.Context, seq int64) (out []told, more bool, err error) {
	for {
		events, err := h.desk.Events(ctx, h.run.ID, seq, historyRead)
		if err != nil || len(events) == 0 {
			return out, false, err
		}
		for _, e := range events {
			seq = e.Seq
			what := h.line(e)
			if what.IsZero() {
				continue
			}
			if len(out) == historyLength {
				return out, true, nil
			}
			out = append(out, told{e.Seq, e.At, what})
		}
	}
}

// after are the oldest lines above a sequence number, newest first, and whether
// there are newer ones.
func (h historyOf) after(ctx context.Context, seq int64) (out []told, more bool, err error) {
	defer func() { slices.Reverse(out) }()
	for seq < h.run.Version {
		events, err := h.desk.Events(ctx, h.run.ID, seq+historyRead+1, historyRead)
		if err != nil {
			return out, false, err
		}
		slices.Reverse(events)
		for _, e := range events {
			if e.Seq <= seq {
				continue
			}
			what := h.line(e)
			if what.IsZero() {
				continue
			}
			if len(out) == historyLength {
				return out, true, nil
			}
			out = append(out, told{e.Seq, e.At, what})
		}
		seq += historyRead
	}
	return out, false, nil
}

// line says an event in words; no text when it is not worth a line, or about
// another step.
func (h historyOf) line(e workflow.Event) workflow.Text {
	if h.node.Step != nil && !h.isAbout(e) || h.node.Step == nil && e.Type == workflow.StepReminded {
		return workflow.Text{}
	}
	what := h.desk.describe(h.run, e)
	switch {
	case what.IsZero():
		return what
	case e.Override && saysText(e.Type):
		what = workflow.Say("%s, as an admin", what)
	case e.Override:
		what = workflow.Say("%s, as an admin: %s", what, e.Text)
	}
	return what
}

// isAbout reports whether an event is about the step, one of its lanes or one of
// its parts.
func (h historyOf) isAbout(e workflow.Event) bool {
	n, ok := h.run.Node(e.Step)
	return ok && (h.node.Key.Listing == "" || h.node.Key.Listing == e.Step.Listing) && within(h.run, n, h.node.Key.Step)
}

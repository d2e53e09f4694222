package view

import (
	"slices"
	"testing"
	"time"

	"cloudimage/workflow"
	"cloudimage/workflow/reminder"
)

// rowsOf are rows of a person's message about everything that a run asks of
// them, for the reasons they have then.
func rowsOf(r *workflow.Run, who workflow.UserID, now time.Time) []reminder.Row {
	var out []reminder.Row
	for _, a := range allAsked(r, who) {
		why := workflow.WhyToday
		switch {
		case a.isTold():
			why = workflow.WhyTold
		case a.Kind == workflow.MoveChase:
			why = workflow.WhyChase
		case !a.Due.IsZero() && a.Due.Before(now):
			why = workflow.WhyLate
		case a.Reminded == 0:
			why = workflow.WhyNew
		case a.Due.IsZero():
			why = workflow.WhyNoDate
		}
		out = append(out, rowOf(r, a.Move, why, now))
	}
	return out
}

func rowOf(r *workflow.Run, m workflow.Move, why workflow.Reason, now time.Time) reminder.Row {
	row := reminder.Row{Item: workflow.Item{Run: r.ID, Move: m, Why: why}, Run: r, Late: r.LatenessOf(m.Key, now)}
	if m.Kind == workflow.MoveChase {
		row.Chase = r.ChaseText(m.Key)
	}
	return row
}

// renamed is a run by another id.
func renamed(r *workflow.Run, id workflow.RunID) *workflow.Run {
	r.ID = id
	return r
}

// again is rows as they stand later.
func again(rows []reminder.Row, who workflow.UserID, now time.Time) []reminder.Row {
	out := slices.Clone(rows)
	for i := range out {
		row := &out[i]
		row.Late = row.Run.LatenessOf(row.Item.Move.Key, now)
		row.Settled = !slices.Contains(row.Run.Moves()[who], row.Item.Move)
		row.Chase = ""
		if row.Item.Move.Kind == workflow.MoveChase && !row.Settled {
			row.Chase = row.Run.ChaseText(row.Item.Move.Key)
		}
	}
	return out
}

// lateIn are the rows of a channel's message about a run.
func lateIn(r *workflow.Run, now time.Time) []reminder.Row {
	var out []reminder.Row
	r.Walk(func(n workflow.Node) bool {
		if r.IsLate(n.Key, now) && n.State.Status == workflow.Open {
			why := workflow.WhyLate
			if _, promised := r.Deadline(n.Key); promised {
				why = workflow.WhyPromise
			}
			out = append(out, rowOf(r, workflow.Move{Kind: workflow.MoveDo, Key: n.Key}, why, now))
		}
		return true
	})
	return out
}

// day0930 is half past nine on a day.
func day0930(d workflow.Date) time.Time { return d.Time().Add(9*time.Hour + 30*time.Minute) }

// mornings are morning messages, by name.
func mornings(t testing.TB) map[string]Message {
	out := map[string]Message{}
	add := func(name string, m reminder.Morning, now time.Time) { out[name] = named.Morning(m, now) }

	// Omar has a late step, a partner to ask again, something new and a security
	// update, and covers for Maya.
	now := day0930("2025-11-25")
	p := begin(t, start()).stage1()
	p.must(p.SetDue(p.act(ana), stepKey("scope-effort"), 0, "2025-11-21"))
	p.away(maya, omar, "2025-11-27")
	p.Tick(now)
	chase, security := renamed(chaseDay(t), "run_chase"), securityRun(t)
	rows := slices.Concat(rowsOf(p.Run, omar, now), rowsOf(chase, omar, now)[:1], rowsOf(security, omar, now)[:2])
	full := reminder.Morning{Person: omar, Day: "2025-11-25", Rows: rows, More: 3, Later: 4}
	snoozed := begin(t, start()).stage1()
	act := snoozed.act(omar)
	act.Reason = "Their <portal> is down until Thursday"
	snoozed.must(snoozed.Snooze(act, stepKey("documentation-mr"), 0, workflow.SnoozeFor{On: "2025-11-27"}))
	full.Snoozed = []reminder.Row{rowOf(snoozed.Run, workflow.Move{Kind: workflow.MoveDo, Key: stepKey("documentation-mr")}, "", now)}
	add("full", full, now)
	full.Missed = "2025-11-21"
	add("missed", full, now)

	// The same message at noon: what was done is quiet.
	p.at = now
	p.done("scope-effort", nil)
	p.must(p.Wait(p.act(omar), stepKey("documentation-mr"), 0, workflow.Question{Asked: "Which regions there are", Ticket: "DO-9"}))
	c := &play{Run: chase, t: t, at: now}
	c.must(c.StillSilent(c.act(omar), stepKey("create-listing@ce-image"), 0, "Wrote to Lee again"))
	full.Missed, full.Rows = "", again(rows, omar, p.at)
	add("noon", full, p.at)

	// All is done.
	one := begin(t, start()).stage1()
	one.at = now
	oneRows := rowsOf(one.Run, maya, now)[1:2]
	one.done("marketing-issue", nil)
	add("done", reminder.Morning{Person: maya, Day: "2025-11-25", Rows: again(oneRows, maya, one.at)}, one.at)

	// The project's owner: a proposal, a date to confirm, a question, what others
	// are late with, and an acting maintainer of whom it is asked.
	owner := []reminder.Row{}
	owner = append(owner, rowsOf(renamed(proposedRun(t), "run_proposed"), ana, now)...)
	owner = append(owner, rowsOf(renamed(begin(t, start()).Run, "run_begun"), ana, now)[:2]...)
	vain := begin(t, start()).uploading().later(45)
	vain.reminded(maya, "marketing-issue", 3)
	vain.later(7)
	owner = append(owner, rowsOf(vain.Run, ana, vain.at)...)
	add("escalated", reminder.Morning{Person: ana, Day: "2025-11-28", Rows: rowsOf(silentRun(t), ana, now)}, day0930("2025-11-28"))
	add("silent", reminder.Morning{Person: omar, Day: "2025-11-25", Rows: rowsOf(toldRun(t), omar, now)[:1]}, now)
	add("owner", reminder.Morning{Person: ana, Day: "2026-01-12", Rows: owner}, vain.at)
	add("question", reminder.Morning{Person: omar, Day: "2025-11-20", Rows: rowsOf(begin(t, start()).Run, omar, now)}, now)
	add("helper", reminder.Morning{Person: wei, Day: "2025-11-25", Rows: rowsOf(waitingRun(t), wei, now)}, now)
	launch := launchDayRun(t)
	add("launch", reminder.Morning{Person: maya, Day: "2026-01-15", Rows: rowsOf(launch.Run, maya, launch.at)}, launch.at)
	add("review", reminder.Morning{Person: eli, Day: "2025-12-01", Reviews: []reminder.Review{review("Nobody is left", "two engineers are <hired>")}}, now)

	// As much and as nasty as it gets.
	nasty := hostileRun(t)
	at := day0930("2026-11-25")
	huge := reminder.Morning{Person: omar, Day: "2026-11-25", Missed: "2026-11-20", Rows: rowsOf(nasty, omar, at), More: 90, Later: 400}
	for range 20 {
		huge.Snoozed = append(huge.Snoozed, huge.Rows[0])
		huge.Reviews = append(huge.Reviews, review(hostile(500), hostile(500)))
	}
	add("hostile", huge, at)
	return out
}

func TestMorning(t *testing.T) {
	t.Parallel()
	for name, m := range mornings(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Logf("%d bytes in %d blocks", m.size(), len(m.Blocks))
			checkMessage(t, m, MaxLetter)
			golden(t, "morning-"+name, m)
		})
	}
}

// dailies are channels' daily messages, by name.
func dailies(t testing.TB) map[string]Message {
	out := map[string]Message{}
	now := day0930("2025-11-25")
	late := begin(t, start()).stage1()
	late.must(late.SetDue(late.act(ana), stepKey("scope-effort"), 0, "2025-11-21"))
	act := late.act(omar)
	act.Reason = "The portal is down until Thursday"
	late.must(late.Snooze(act, stepKey("scope-effort"), 0, workflow.SnoozeFor{On: "2025-11-27"}))
	nobody := begin(t, start())
	nobody.must(nobody.SetDue(nobody.act(ana), stepKey("create-issue"), 0, "2025-11-21"))
	nobody.Left(nobody.act(workflow.Bot), ana, nil)
	late.Tick(now)
	nobody.Tick(now)
	rows := slices.Concat(lateIn(securityRun(t), now), lateIn(late.Run, now), lateIn(nobody.Run, now))
	d := reminder.Daily{Channel: "C0CLOUD001", Day: "2025-11-25", Rows: rows, More: 2}
	out["late"] = Daily(d, now)

	late.at = now
	late.done("scope-effort", nil)
	noon := reminder.Daily{Channel: "C0CLOUD001", Day: "2025-11-25", Rows: slices.Clone(rows)}
	for i := range noon.Rows {
		noon.Rows[i].Settled = !noon.Rows[i].Run.IsLate(noon.Rows[i].Item.Move.Key, late.at)
	}
	out["noon"] = Daily(noon, late.at)
	settled := reminder.Daily{Channel: "C0CLOUD001", Day: "2025-11-25", Rows: slices.Clone(noon.Rows[3:4])}
	out["settled"] = Daily(settled, late.at)

	whole := reminder.Daily{Channel: "C0CLOUD001", Day: "2025-11-24", Whole: true, Rest: 4,
		Runs: []*workflow.Run{begin(t, start()).uploading().Run, proposedRun(t), maintenance(t).Run, launchDayRun(t).Run}}
	out["monday"] = Daily(whole, day0930("2025-11-21"))
	whole.Rows, whole.Missed = rows, "2025-11-21"
	out["monday-late"] = Daily(whole, now)

	at := day0930("2026-11-25")
	nasty := hostileRun(t)
	huge := reminder.Daily{Channel: "C0CLOUD001", Day: "2026-11-25", Missed: "2026-11-24", Whole: true, More: 80, Rest: 90, Rows: lateIn(nasty, at)}
	for range 30 {
		huge.Rows = append(huge.Rows, lateIn(nasty, at)[0])
		huge.Runs = append(huge.Runs, nasty)
	}
	out["hostile"] = Daily(huge, at)
	return out
}

func TestDaily(t *testing.T) {
	t.Parallel()
	for name, m := range dailies(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Logf("%d bytes in %d blocks", m.size(), len(m.Blocks))
			checkMessage(t, m, MaxLetter)
			golden(t, "daily-"+name, m)
		})
	}
}

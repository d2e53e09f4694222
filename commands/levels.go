package commands

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"cloudimage/workflow"
	"cloudimage/workflow/maintenance"
)

// breachesOnPage is how many breaches a page has.
const breachesOnPage = 10

// report posts figures: how well the promise to customers was kept in a period, or how
// soon partners answer.
func (d *Desk) report(ctx context.Context, req Request) (Reply, error) {
	words := strings.TrimSpace(req.Text)
	if req.Typed() && d.options.Maintenance != nil {
		if rest, yes := strings.CutPrefix(strings.ToLower(words), "partners"); yes {
			req.Text = strings.TrimSpace(rest)
			return d.answers(ctx, req)
		}
		today, err := d.today(ctx, req.User)
		if err != nil {
			return Reply{}, err
		}
		if p, ok := maintenance.ParsePeriod(words, today); ok {
			return d.levels(ctx, p, words)
		}
		if words != "" {
			reply, err := d.answers(ctx, req)
			if workflow.KindOf(err) == workflow.NotFound {
				err = workflow.Fail(workflow.NotFound, "“%s” is neither a period nor a partner that was asked anything. A period is written as 30 days, 2026-11, 2026-q4 or last month; %s is about partners.", words, d.command("report partners"))
			}
			return reply, err
		}
	}
	return d.answers(ctx, req)
}

// levels are the service levels of a period, with pictures and a table. Where nothing
// was promised yet, whoever asked for no period is told how soon partners answer.
func (d *Desk) levels(ctx context.Context, p maintenance.Period, words string) (Reply, error) {
	l, err := d.options.Maintenance.Levels(ctx, p)
	if err != nil {
		return Reply{}, err
	}
	if len(l.Owed) == 0 && words == "" {
		return d.answers(ctx, Request{})
	}
	if len(l.Owed) == 0 {
		return Reply{Text: workflow.Say("Nothing was due in the time from %s to %s. %s tells how soon partners answer.", p.From, p.To, d.command("report partners"))}, nil
	}
	reply := Reply{Tell: true, Text: d.levelsText(l)}
	if d.options.Pictures != nil {
		if reply.Files, err = d.options.Pictures.Levels(l); err != nil {
			return Reply{}, err
		}
	}
	table, err := d.options.Maintenance.CSV(l)
	if err != nil {
		return Reply{}, err
	}
	reply.Files = append(reply.Files, File{Name: "service-levels.csv", Title: "Service levels", Alt: "A line for each release and listing", Data: table})
	return reply, nil
}

// levelsText is the figure sheet: six figures, each with what it was before, and the
// worst case with its cause.
func (d *Desk) levelsText(l maintenance.Levels) workflow.Text {
	before := func(is, was string) string {
		if l.Before.Met+l.Before.Missed+l.Before.Open == 0 || was == "" {
			return is
		}
		return is + " (before: " + was + ")"
	}
	out := workflow.Say("%s\n%s to %s, compared with as many days before.", workflow.Strong("Service levels, "+l.Period.Name), l.Period.From, l.Period.To)
	line := func(name, value string) { out = workflow.Say("%s\n• %s: %s", out, name, value) }
	line("Kept in time", before(fmt.Sprintf("%d%%, %d of %d", l.All.Kept(), l.All.Met, l.All.Met+l.All.Missed), fmt.Sprintf("%d%%", l.Before.Kept())))
	line("Missed", before(strconv.Itoa(l.All.Missed), strconv.Itoa(l.Before.Missed)))
	line("Not live yet, in time", before(strconv.Itoa(l.All.Open), strconv.Itoa(l.Before.Open)))
	line("Business days until live, median", before(days(l.All.Median()), days(l.Before.Median())))
	line("Business days until live, nine of ten", before(days(l.All.P90()), days(l.Before.P90())))
	line("Late days", fmt.Sprintf("%d ours, %d the partners', %d nobody's", l.All.Ours, l.All.Partners, l.All.Nobodys))
	if breaches := l.Breaches(d.Now()); len(breaches) > 0 {
		o := breaches[0]
		cause := o.Cause
		if cause == "" {
			cause = "nobody has said why"
		}
		out = workflow.Say("%s\nLast missed: %s %s, due %s: %s. %s lists all.", out, listingName(l, o.Listing), o.Version.String(), o.Due, cause, d.command("breaches"))
	}
	return out
}

func days(n float64) string {
	if math.IsNaN(n) {
		return "none yet"
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

func listingName(l maintenance.Levels, id workflow.ListingID) string {
	if name := l.Names[id]; name != "" {
		return name
	}
	return string(id)
}

// breaches lists what was late, and takes why.
func (d *Desk) breaches(ctx context.Context, req Request) (Reply, error) {
	if err := d.noMaintenance(); err != nil {
		return Reply{}, err
	}
	if what, rest, _ := strings.Cut(string(req.Target.Field), ":"); what == "why" {
		return d.explain(ctx, req, rest)
	}
	today, err := d.today(ctx, req.User)
	if err != nil {
		return Reply{}, err
	}
	mark, page := pageMark(req.Target.Field)
	words, clicked := strings.CutPrefix(mark, "page ")
	if !clicked {
		words = req.Text
	}
	p, ok := maintenance.ParsePeriod(words, today)
	if !ok {
		return Reply{}, workflow.Fail(workflow.Invalid, "“%s” is no period. Write it as 30 days, 2026-11, 2026-q4 or last month.", cut(words, 40))
	}
	l, err := d.options.Maintenance.Levels(ctx, p)
	if err != nil {
		return Reply{}, err
	}
	list := l.Breaches(d.Now())
	page, first, last := paged(len(list), page, breachesOnPage)
	out, decides := &Page{Title: "What was late"}, d.decides(ctx, req)
	for _, o := range list[first:last] {
		live := workflow.Say("not live yet")
		if !o.Met.IsZero() {
			live = workflow.Say("live %s", o.Met)
		}
		text := workflow.Say("%s  %s\ndue %s, %s: %s late (%d ours, %d the partner's, %d nobody's)", workflow.Strong(listingName(l, o.Listing)), o.Version.String(), o.Due,
			live, count(o.Late.Days, "business day", "business days"), o.Late.Ours, o.Late.Partners, o.Late.Nobodys)
		label := "Say why…"
		if o.Cause != "" {
			text, label = workflow.Say("%s\n%s", text, o.Cause), "Change…"
		}
		line := row(text)
		if decides {
			line.Buttons = append(line.Buttons, Button{Label: label, Verb: "breaches", Target: Target{Field: workflow.FieldID("why:" + o.Version.String() + ":" + string(o.Listing))}})
		}
		out.Rows = append(out.Rows, line)
	}
	if len(list) == 0 {
		out.Rows = append(out.Rows, row(workflow.Say("Nothing was late in the time from %s to %s.", p.From, p.To)))
	}
	turn := Row{}
	if first > 0 {
		turn.Buttons = append(turn.Buttons, Button{Label: "Back", Verb: "breaches", Target: Target{Field: pageField("page "+words, page-1)}})
	}
	if last < len(list) {
		turn.Buttons = append(turn.Buttons, Button{Label: "More", Verb: "breaches", Target: Target{Field: pageField("page "+words, page+1)}})
	}
	if len(turn.Buttons) > 0 {
		out.Rows = append(out.Rows, turn)
		out.Foot = append(out.Foot, workflow.Say("%d to %d of %d.", first+1, last, len(list)))
	}
	return Reply{Page: out}, nil
}

// explain asks why something was late, and keeps it.
func (d *Desk) explain(ctx context.Context, req Request, what string) (Reply, error) {
	version, listing, _ := strings.Cut(what, ":")
	v, ok := workflow.ParseVersion(version)
	if !ok {
		return Reply{}, workflow.Fail(workflow.NotFound, "That is not known any more.")
	}
	l, err := d.options.Maintenance.Listed(ctx, workflow.ListingID(listing))
	if err != nil {
		return Reply{}, err
	}
	if req.Values == nil {
		if err := d.options.Maintenance.MayDecide(ctx, req.User); err != nil {
			return Reply{}, err
		}
		return here(req, &Form{Verb: "breaches", Title: "Why was it late?", Submit: "Save", Target: Target{Field: req.Target.Field},
			Intro:  []workflow.Text{workflow.Say("%s %s. What you write is in every report from now on.", workflow.Strong(l.FullName()), v.String())},
			Fields: []Field{{ID: workflow.FieldReason, Label: "Why?", Kind: LongText, MaxLength: 500}}}), nil
	}
	if err := d.options.Maintenance.Explain(ctx, req.who(), v, l.ID, req.Values.One(workflow.FieldReason)); err != nil {
		return Reply{}, err
	}
	return Reply{Tell: true, Text: workflow.Say("It is noted why %s was late with %s. %s lists all.", l.FullName(), v.String(), d.command("breaches"))}, nil
}

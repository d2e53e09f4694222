package commands

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"cloudimage/workflow"
)

// Whose things the overview shows, as a target's field; behind a colon may follow
// the page, as in "team:2".
const (
	showMine workflow.FieldID = "mine"
	showTeam workflow.FieldID = "team"
	showAll  workflow.FieldID = "all"
)

// How much of each section one page of the overview has. All of it together is
// less than a message takes.
const (
	homeMoves       = 8
	homeWaits       = 5
	homePartners    = 8
	homeMaintenance = 5
)

// overview is what the bare command and Home show: what is to be done, what waits
// for others, and what runs.
func (d *Desk) overview(ctx context.Context, req Request) (Reply, error) {
	h := home{desk: d, user: req.User}
	h.filter, h.page = readMark(req.Target.Field)
	var err error
	if h.runs, err = d.Open(ctx, openRuns); err != nil {
		return Reply{}, err
	}
	if h.office, err = d.Office(ctx); err != nil {
		return Reply{}, err
	}
	h.board = d.boardSection(ctx)
	page := h.draw()
	if h.page > 0 && !h.any { // what was there is done
		h.page = 0
		page = h.draw()
	}
	return Reply{Page: page, Home: true}, nil
}

// readMark is the filter and the page, 0 for the first, that a button carries.
func readMark(field workflow.FieldID) (workflow.FieldID, int) {
	name, number, _ := strings.Cut(string(field), ":")
	filter := workflow.FieldID(name)
	if filter != showTeam && filter != showAll {
		filter = showMine
	}
	page, err := strconv.Atoi(number)
	if err != nil || page < 1 || page > 1000 {
		page = 1
	}
	return filter, page - 1
}

func mark(filter workflow.FieldID, page int) workflow.FieldID {
	if page == 0 {
		return filter
	}
	return filter + workflow.FieldID(":"+strconv.Itoa(page+1))
}

// home is one drawing of the overview.
type home struct {
	desk   *Desk
	user   workflow.UserID
	filter workflow.FieldID
	page   int
	runs   []*workflow.Run
	office *workflow.Office
	board  []Row // what is behind
	more   bool  // something did not fit on this page
	any    bool  // something is on it
}

func (h *home) draw() *Page {
	out := &Page{Title: "Cloud images", Brief: true}
	out.Rows = append(out.Rows, Row{Buttons: []Button{
		{Label: "New partnership", Verb: "new", Primary: len(h.runs) == 0},
		{Label: "I am away…", Verb: "away"},
		{Label: "Settings", Verb: "settings"},
		{Label: "Read the process", Verb: "process"},
	}}, h.filters())
	shown := h.shown()
	todo, waits := h.desk.work(h.runs, shown, h.filter != showMine)
	out.Rows = append(out.Rows, h.section("Do next", todo, homeMoves, nothingWaits())...)
	out.Rows = append(out.Rows, h.section("Waiting on others", waits, homeWaits, workflow.Text{})...)
	var partners, releases []*workflow.Run
	for _, r := range h.runs {
		switch {
		case h.filter != showAll && !concerns(r, shown):
		case r.Definition().Subject == workflow.SubjectCatalyst:
			releases = append(releases, r)
		default:
			partners = append(partners, r)
		}
	}
	none := workflow.Say("None is yours. Everyone's are a button away.")
	if len(h.runs) == 0 {
		none = workflow.Say("None is running yet.")
	}
	out.Rows = append(out.Rows, h.section("Partnerships", h.runRows(partners), homePartners, none)...)
	slices.SortStableFunc(releases, func(a, b *workflow.Run) int { return dueBy(pressing(a)).Compare(dueBy(pressing(b))) })
	out.Rows = append(out.Rows, h.section("Maintenance", h.runRows(releases), homeMaintenance, workflow.Text{})...)
	if h.page == 0 {
		out.Rows = append(out.Rows, h.board...)
	}
	if turn := h.turn(); len(turn.Buttons) > 0 {
		out.Rows = append(out.Rows, turn)
	}
	out.Foot = h.smallPrint()
	return out
}

// filters are the buttons that say whose things are shown.
func (h *home) filters() Row {
	out := Row{}
	for _, f := range []struct {
		field workflow.FieldID
		label string
	}{{showMine, "Mine"}, {showTeam, "My team"}, {showAll, "Everyone"}} {
		out.Buttons = append(out.Buttons, Button{Label: f.label, Verb: "home", Primary: f.field == h.filter, Target: Target{Field: f.field}})
	}
	out.Buttons = append(out.Buttons, Button{Label: "Find…", Verb: "status", Target: Target{Field: findRun}})
	return out
}

// shown reports of whom the things are shown.
func (h *home) shown() func(workflow.UserID) bool {
	switch h.filter {
	case showAll:
		return func(workflow.UserID) bool { return true }
	case showTeam:
		team := h.desk.colleagues(h.user)
		return func(who workflow.UserID) bool { return team[who] }
	}
	return func(who workflow.UserID) bool { return who == h.user }
}

// colleagues are the members of the teams that a person is in, and themselves.
func (d *Desk) colleagues(who workflow.UserID) map[workflow.UserID]bool {
	out := map[workflow.UserID]bool{who: true}
	for _, def := range d.sorted() {
		for _, t := range d.Roster(def).Teams {
			if t.Has(who) {
				for _, m := range t.Members {
					out[m] = true
				}
			}
		}
	}
	return out
}

// section is a heading with its rows on this page; nothing when it has none here
// and none is empty.
func (h *home) section(title string, rows []Row, size int, none workflow.Text) []Row {
	from := min(h.page*size, len(rows))
	to := min(from+size, len(rows))
	h.more, h.any = h.more || to < len(rows), h.any || from < to
	switch {
	case from < to:
		return append([]Row{heading("%s (%d)", title, len(rows))}, rows[from:to]...)
	case h.page == 0 && !none.IsZero():
		return []Row{heading("%s (0)", title), row(none)}
	}
	return nil
}

func (h *home) turn() (out Row) {
	if h.page > 0 {
		out.Buttons = append(out.Buttons, Button{Label: "Back", Verb: "home", Target: Target{Field: mark(h.filter, h.page-1)}})
	}
	if h.more {
		out.Buttons = append(out.Buttons, Button{Label: "More", Verb: "home", Target: Target{Field: mark(h.filter, h.page+1)}})
	}
	return out
}

func (h *home) smallPrint() (out []workflow.Text) {
	if away := h.desk.awayNow(h.office); len(away) > 0 {
		out = append(out, workflow.Say("Away: %s", firstOf(away, 8)))
	}
	morning := workflow.Say("My morning message is off.")
	if p := h.office.People[h.user]; !p.NoMorning {
		at := p.Morning
		if at == "" {
			at = h.desk.morning()
		}
		morning = workflow.Say("What is due comes at %s on your working days.", at)
	}
	return append(out, workflow.Say("%s %s lists what else I can do.", morning, h.desk.command("help")))
}

func (h *home) runRows(runs []*workflow.Run) []Row {
	out := make([]Row, len(runs))
	for i, r := range runs {
		out[i] = row(h.desk.runStands(r), Button{Label: "Open", Verb: "status", Target: Target{Run: r.ID}})
	}
	return out
}

package commands

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"cloudimage/workflow"
	"cloudimage/workflow/maintenance"
)

const (
	// boardPage is how many listings a page of the board has, and boardHome how many
	// Home shows.
	boardPage = 12
	boardHome = 6
	// mostWords is how many characters a filter has: it is written into buttons.
	mostWords = 80
	// pictureRows and pictureColumns are what a picture of the board has at most.
	pictureRows    = 40
	pictureColumns = 24
)

// Pictures draws what is shared as a picture.
type Pictures interface {
	// Board is a listing in each row and a release in each column, as a PNG. Note is a
	// line below it.
	Board(g maintenance.Grid, title, note string) ([]byte, error)
	// Levels are service levels as PNGs, by their file names in order.
	Levels(l maintenance.Levels) ([]File, error)
}

// board shows what is live where, the worst first.
func (d *Desk) board(ctx context.Context, req Request) (Reply, error) {
	if err := d.noMaintenance(); err != nil {
		return Reply{}, err
	}
	name, page := pageMark(req.Target.Field)
	words, picture := strings.CutPrefix(name, "picture ")
	switch {
	case req.Values != nil:
		words = req.Values.One(workflow.FieldText)
	case req.Typed():
		words = req.Text
		if fields := strings.Fields(words); len(fields) > 0 && strings.EqualFold(fields[len(fields)-1], "picture") {
			words, picture = strings.Join(fields[:len(fields)-1], " "), true
		}
	case name == "filter":
		return Reply{Form: &Form{Verb: "board", Title: "Filter the board", Submit: "Show",
			Fields: []Field{{ID: workflow.FieldText, Label: "Words", Kind: Text, Optional: true, MaxLength: mostWords,
				Hint: "Part of a partner, an edition, a provider or a version; late, behind, security, current, unknown."}}}}, nil
	}
	filter := maintenance.ParseFilter(cut(words, mostWords))
	b, err := d.options.Maintenance.Board(ctx, filter)
	if err != nil {
		return Reply{}, err
	}
	if picture {
		return d.boardPicture(ctx, b, filter)
	}
	out := &Page{Title: "Board", Brief: true}
	out.Rows = append(out.Rows, row(boardHead(b, filter)), d.boardButtons(b, filter, d.decides(ctx, req)))
	page, first, last := paged(len(b.Rows), page, boardPage)
	for _, r := range b.Rows[first:last] {
		out.Rows = append(out.Rows, d.boardRow(ctx, r))
	}
	turn := Row{}
	if first > 0 {
		turn.Buttons = append(turn.Buttons, Button{Label: "Worse", Verb: "board", Target: Target{Field: pageField(filter.String(), page-1)}})
	}
	if last < len(b.Rows) {
		turn.Buttons = append(turn.Buttons, Button{Label: "More", Verb: "board", Target: Target{Field: pageField(filter.String(), page+1)}})
	}
	if len(turn.Buttons) > 0 {
		out.Rows = append(out.Rows, turn)
		out.Foot = append(out.Foot, workflow.Say("%d to %d of %d.", first+1, last, len(b.Rows)))
	}
	return Reply{Page: out}, nil
}

// boardHead is the board in a sentence.
func boardHead(b maintenance.Board, f maintenance.Filter) workflow.Text {
	if b.All == 0 {
		return workflow.Say("No listing is in the catalogue yet. One comes into it when a partnership goes live, or is added.")
	}
	behind := b.Count(maintenance.LateSecurity, maintenance.Late, maintenance.DueSecurity, maintenance.Due)
	late := b.Count(maintenance.LateSecurity, maintenance.Late)
	out := workflow.Say("%s behind", count(behind, "listing is", "listings are"))
	if behind == 0 {
		out = workflow.Say("No listing is behind")
	}
	if late > 0 {
		out = workflow.Say("%s, %d late", out, late)
	}
	out = workflow.Say("%s; %d current", out, b.Count(maintenance.Current))
	if n := b.Count(maintenance.Unknown); n > 0 {
		out = workflow.Say("%s, %d of unknown version", out, n)
	}
	if n := b.Count(maintenance.Unmaintained); n > 0 {
		out = workflow.Say("%s, %s no image maintenance", out, count(n, "needs", "need"))
	}
	if b.Newest != nil {
		out = workflow.Say("%s. Newest: %s", out, workflow.Strong(b.Newest.Version.String()))
	}
	if len(f.Words) > 0 {
		out = workflow.Say("%s. Of %d listings, those with “%s”", out, b.All, f.String())
	}
	return workflow.Say("%s.", out)
}

func (d *Desk) boardButtons(b maintenance.Board, f maintenance.Filter, decides bool) Row {
	out := Row{}
	show := func(label, words string) {
		out.Buttons = append(out.Buttons, Button{Label: label, Verb: "board", Primary: f.String() == words, Target: Target{Field: pageField(words, 0)}})
	}
	if b.All > 0 {
		show("All", "")
		show("Behind", "behind")
		show("Filter…", "filter")
		if d.options.Pictures != nil && len(b.Rows) > 0 {
			out.Buttons = append(out.Buttons, Button{Label: "Share as a picture", Verb: "board", Target: Target{Field: pageField("picture "+f.String(), 0)}})
		}
	}
	if decides {
		out.Buttons = append(out.Buttons, Button{Label: "Add a listing…", Verb: "listing", Target: Target{Field: listingAdd}})
	}
	return out
}

// boardRow is a listing in two lines: what it has and is to have; how it stands.
func (d *Desk) boardRow(ctx context.Context, r maintenance.Row) Row {
	text := workflow.Say("%s", workflow.Strong(r.Listing.FullName()))
	if r.Standing != maintenance.Unmaintained || !r.Listing.Oldest().IsZero() {
		text = workflow.Say("%s  %s", text, versions(r))
	}
	text = workflow.Say("%s\n%s", text, d.boardStands(ctx, r))
	if behind := r.Listing.Behind(); len(behind) > 0 {
		text = workflow.Say("%s\n%s", text, behindRegions(behind))
	}
	open := Button{Label: "Open", Verb: "listing", Target: Target{Field: listingField("show", r.Listing.ID)}}
	if r.Run != "" {
		open = Button{Label: "Open", Verb: "status", Target: Target{Run: r.Run}}
	}
	return row(text, open)
}

// versions are what a listing has and is to have: "17.5.0 → 17.5.1".
func versions(r maintenance.Row) workflow.Text {
	has := "no version known"
	if v := r.Listing.Oldest(); !v.IsZero() {
		has = v.String()
	}
	if r.Newest == nil || r.Newest.Version == r.Listing.Oldest() || r.Standing >= maintenance.Current {
		return workflow.Say("%s", has)
	}
	return workflow.Say("%s → %s", has, r.Newest.Version.String())
}

func behindRegions(list []workflow.Region) workflow.Text {
	var names []string
	for _, r := range list {
		names = append(names, r.Name+" "+r.Version.String())
	}
	return workflow.Say("behind in %s", cut(strings.Join(names, ", "), 200))
}

func (d *Desk) boardStands(ctx context.Context, r maintenance.Row) workflow.Text {
	var out workflow.Text
	switch r.Standing {
	case maintenance.LateSecurity, maintenance.Late:
		out = workflow.Say("%s late", count(r.Late, "business day", "business days"))
		if r.Late == 0 {
			out = workflow.Say("late since %s", r.Due)
		}
	case maintenance.DueSecurity, maintenance.Due:
		out = workflow.Say("behind since %s", count(r.Behind, "business day", "business days"))
		if r.Behind == 0 {
			out = workflow.Say("behind since today")
		}
		if !r.Due.IsZero() {
			out = workflow.Say("%s, due %s", out, r.Due)
		}
	case maintenance.Unknown:
		return workflow.Say("nobody has said which version is live")
	case maintenance.Current:
		return workflow.Say("current")
	case maintenance.Unconcerned:
		return workflow.Say("no release concerns it")
	case maintenance.Unmaintained:
		return workflow.Say("no image maintenance needed: %s", lowerFirst(workflow.NoMaintenance))
	}
	if r.Standing == maintenance.LateSecurity || r.Standing == maintenance.DueSecurity {
		out = workflow.Say("security, %s", out)
	}
	if r.Run == "" {
		return workflow.Say("%s, nobody works on it", out)
	}
	run, err := d.Run(ctx, r.Run)
	if err != nil {
		return out // the row is no worse without who has it
	}
	return workflow.Say("%s, %s", out, laneHolder(run, r.Listing.ID))
}

// laneHolder says who has a listing's lane, or for whom it waits.
func laneHolder(r *workflow.Run, id workflow.ListingID) workflow.Text {
	out := workflow.Say("in %s", r.Name())
	r.Walk(func(n workflow.Node) bool {
		if n.Key.Listing != id || n.State.Status != workflow.Open {
			return true
		}
		switch who := r.Acting(r.Responsible(n.Key)); {
		case n.State.Waiting != nil:
			out = workflow.Say("with the partner since %s", n.State.Waiting.Since)
		case who != "":
			out = workflow.Say("with %s", who)
		default:
			out = workflow.Say("with nobody yet")
		}
		return false
	})
	return out
}

func (d *Desk) boardPicture(ctx context.Context, b maintenance.Board, f maintenance.Filter) (Reply, error) {
	if d.options.Pictures == nil || len(b.Rows) == 0 {
		return Reply{Text: boardHead(b, f)}, nil
	}
	g, err := d.options.Maintenance.Grid(ctx, b, pictureRows, pictureColumns)
	if err != nil {
		return Reply{}, err
	}
	note := ""
	if g.Cut > 0 {
		note = workflow.Say("And %d more listings, which stand better", g.Cut).String()
	}
	title := "Listings and releases"
	if len(f.Words) > 0 {
		title += ": " + f.String()
	}
	png, err := d.options.Pictures.Board(g, title, note)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Tell: true, Text: boardHead(b, f), Files: []File{{Name: "board.png", Title: "Board", Alt: boardHead(b, f).String(), Data: png}}}, nil
}

// boardSection is what Home shows of the board: what is behind, the worst first.
func (d *Desk) boardSection(ctx context.Context) []Row {
	if d.options.Maintenance == nil {
		return nil
	}
	b, err := d.options.Maintenance.Board(ctx, maintenance.Filter{})
	if err != nil || b.All == 0 {
		return nil // Home has much else to show
	}
	title := "Listings behind"
	if len(b.Rows) == 0 || b.Rows[0].Standing > maintenance.Due {
		title = "Listings"
	}
	out := []Row{heading("%s", title), row(boardHead(b, maintenance.Filter{}), Button{Label: "Board", Verb: "board"})}
	for i, r := range b.Rows {
		if i == boardHome || r.Standing > maintenance.Unknown {
			break
		}
		out = append(out, d.boardRow(ctx, r))
	}
	return out
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	c, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(c)) + s[size:]
}

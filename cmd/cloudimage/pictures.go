package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cloudimage/chart"
	"cloudimage/commands"
	"cloudimage/workflow/maintenance"
)

// drawn draws what is shared as a picture.
type drawn struct{}

var _ commands.Pictures = drawn{}

// Board draws a listing in each row and a release in each column.
func (drawn) Board(g maintenance.Grid, title, note string) ([]byte, error) {
	h := chart.Heat{Title: title, Note: note}
	figures := false
	for _, v := range g.Versions {
		h.Columns = append(h.Columns, v.String())
	}
	for _, r := range g.Rows {
		row := chart.HeatRow{Name: r.Listing.FullName(), ID: string(r.Listing.ID)}
		for _, m := range r.Marks {
			c := cell(m)
			if !r.Listing.Maintained() {
				c = chart.Cell{Level: chart.Ignored}
			}
			row.Cells = append(row.Cells, c)
			figures = figures || c.Text != ""
		}
		h.Rows = append(h.Rows, row)
	}
	if figures {
		h.Note = strings.TrimPrefix(note+". ", ". ") + "The figures are business days until live; + is not live yet."
	}
	return h.PNG()
}

// cell is how a listing did with a release: the business days it took, or has taken, and
// the mark of being late.
func cell(m maintenance.GridMark) chart.Cell {
	days := strconv.Itoa(m.Days)
	if m.Mark == maintenance.OpenLate {
		days += "+"
	}
	switch {
	case m.Mark == maintenance.NoMark:
		return chart.Cell{}
	case m.Mark == maintenance.Kept:
		return chart.Cell{Text: days + " d", Level: chart.Good}
	case m.Mark == maintenance.Open:
		return chart.Cell{Level: chart.Soon}
	case m.Security:
		return chart.Cell{Text: days + " d !!", Level: chart.Worst}
	}
	return chart.Cell{Text: days + " d !", Level: chart.Late}
}

// mostBars and mostPoints are what a picture of service levels has at most.
const (
	mostBars   = 16
	mostPoints = 24
)

// Levels draws what was met and missed, and how long it took.
func (drawn) Levels(l maintenance.Levels) ([]commands.File, error) {
	var out []commands.File
	add := func(name, title, alt string, png []byte, err error) error {
		if err != nil {
			return fmt.Errorf("draw %s: %w", name, err)
		}
		out = append(out, commands.File{Name: name, Title: title, Alt: alt, Data: png})
		return nil
	}
	for _, part := range []struct {
		file, title string
		levels      []maintenance.Level
	}{{"releases.png", "Kept and missed by release", newest(l.Releases, mostBars)}, {"listings.png", "Kept and missed by listing", first(l.Listings, mostBars)}, {"teams.png", "Kept and missed by team", first(l.Teams, mostBars)}} {
		if part.file == "teams.png" && len(part.levels) < 2 {
			continue // it would say what all of it says
		}
		b := chart.Bars{Title: part.title, Note: l.Period.Name, Series: []chart.Series{{Name: "kept", Level: chart.Good}, {Name: "missed", Level: chart.Late}, {Name: "not live yet", Level: chart.Soon}}}
		for _, x := range part.levels {
			b.Rows = append(b.Rows, chart.BarRow{Name: x.Name, Values: []float64{float64(x.Met), float64(x.Missed), float64(x.Open)}})
		}
		png, err := b.PNG()
		if err := add(part.file, part.title, fmt.Sprintf("%d kept, %d missed, %d not live yet", l.All.Met, l.All.Missed, l.All.Open), png, err); err != nil {
			return nil, err
		}
	}
	t := chart.Trend{Title: "How soon listings are live", Unit: "business days until live", Note: l.Period.Name, Lines: []chart.Line{{Name: "median"}, {Name: "nine of ten"}}}
	for _, x := range newest(l.Releases, mostPoints) {
		t.Names = append(t.Names, x.Name)
		t.Lines[0].Values = append(t.Lines[0].Values, x.Median())
		t.Lines[1].Values = append(t.Lines[1].Values, x.P90())
	}
	if !slices.ContainsFunc(t.Lines[1].Values, func(days float64) bool { return days > 0 }) {
		return out, nil // nothing is live yet, or all of it was on the same day
	}
	png, err := t.PNG()
	if err := add("trend.png", t.Title, "The median and what nine of ten did not exceed, by release", png, err); err != nil {
		return nil, err
	}
	return out, nil
}

func first[T any](list []T, n int) []T { return list[:min(len(list), n)] }

func newest[T any](list []T, n int) []T { return list[max(0, len(list)-n):] }

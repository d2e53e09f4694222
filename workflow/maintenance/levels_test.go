package maintenance

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
)

// owes keeps what is owed, in words: "17.5.1 aws-ee security 2026-03-02 2026-03-03", the
// version, the listing, the kind, since when and until when, and when it was met; and
// the release, as one that is out.
func (w *world) owes(texts ...string) {
	w.Helper()
	known := map[workflow.Version]bool{}
	releases, err := w.store.Releases(w.Context())
	must(w, err)
	for _, r := range releases {
		known[r.Version] = true
	}
	day := func(s string) time.Time { return workflow.Date(s).Time().Add(12 * time.Hour) }
	for _, text := range texts {
		f := strings.Fields(text)
		o := workflow.Owed{Version: version(f[0]), Listing: workflow.ListingID(f[1] + "-image"), Kind: workflow.CatalystKind(f[2]), Since: day(f[3]), Due: day(f[4])}
		var list []workflow.Release
		if !known[o.Version] {
			known[o.Version] = true
			list = append(list, workflow.Release{Version: o.Version, Seen: o.Since, State: workflow.ReleaseOut, Kind: o.Kind, Published: o.Since})
		}
		saved, err := w.store.SaveReleases(w.Context(), list, []workflow.Owed{o})
		if !saved || err != nil {
			w.Fatalf("not saved: %v", err)
		}
		if len(f) > 5 {
			must(w, w.watch.Change(w.Context(), w.who(omar), o.Listing, 0, func(l *workflow.Listed) { l.Published, l.At = o.Version, day(f[5]) }))
		}
	}
}

func level(l Level) string {
	return fmt.Sprintf("%s: %d met, %d missed, %d open, %d%%, days %v", l.Name, l.Met, l.Missed, l.Open, l.Kept(), l.Days)
}

func levels(list []Level) (out []string) {
	for _, l := range list {
		out = append(out, level(l))
	}
	return out
}

// levelled is a world in which three listings were owed four releases. It is Monday, 2
// March.
func levelled(t *testing.T) *world {
	w := newWorld(t, "", func(o *Options) { o.Process = "image-maintenance" })
	w.options.Channel = ""
	w.options.Sources = Sources{}
	w.restarts()
	list := []workflow.Listed{listing("aws ee 17.5.0"), listing("azure ce 17.5.0"), listing("ibm ee 17.5.0")}
	list[2].Maintainer = "partner-marketing"
	_, err := w.watch.Add(t.Context(), w.who(omar), list)
	must(t, err)
	w.owes(
		"17.5.1 aws-ee release 2025-12-01 2025-12-04 2025-12-03",
		"17.5.1 azure-ce release 2025-12-01 2025-12-04 2025-12-08",
		"17.5.1 ibm-ee release 2025-12-01 2025-12-04",
		"17.5.2 aws-ee security 2026-02-02 2026-02-03 2026-02-03",
		"17.5.2 azure-ce security 2026-02-02 2026-02-03 2026-02-05",
		"17.5.3 aws-ee release 2026-02-26 2026-03-02",
		"17.5.4 azure-ce release 2026-03-01 2026-04-01",
	)
	w.advance(6 * time.Hour) // in the afternoon
	return w
}

func TestLevels(t *testing.T) {
	t.Parallel()
	w := levelled(t)
	for text, want := range map[string]struct {
		all, before          string
		releases, teams, lst []string
	}{
		"2025-12": {
			"All: 1 met, 2 missed, 0 open, 33%, days [2 5]", ": 0 met, 0 missed, 0 open, 100%, days []",
			[]string{"17.5.1: 1 met, 2 missed, 0 open, 33%, days [2 5]"},
			[]string{"Omnibus team: 1 met, 1 missed, 0 open, 50%, days [2 5]", "Partner Marketing team: 0 met, 1 missed, 0 open, 0%, days []"},
			[]string{"CE image on azure: 0 met, 1 missed, 0 open, 0%, days [5]", "EE image on ibm: 0 met, 1 missed, 0 open, 0%, days []", "EE image on aws: 1 met, 0 missed, 0 open, 100%, days [2]"},
		},
		"2026-02": { // what is late still is not of the past
			"All: 1 met, 1 missed, 0 open, 50%, days [1 3]", ": 0 met, 0 missed, 0 open, 100%, days []",
			[]string{"17.5.2: 1 met, 1 missed, 0 open, 50%, days [1 3]"},
			[]string{"Omnibus team: 1 met, 1 missed, 0 open, 50%, days [1 3]"},
			[]string{"CE image on azure: 0 met, 1 missed, 0 open, 0%, days [3]", "EE image on aws: 1 met, 0 missed, 0 open, 100%, days [1]"},
		},
		"this month": { // but of the present, whenever it was due
			"All: 0 met, 2 missed, 1 open, 0%, days []", ": 1 met, 1 missed, 0 open, 50%, days [1 3]",
			[]string{"17.5.1: 0 met, 1 missed, 0 open, 0%, days []", "17.5.3: 0 met, 1 missed, 0 open, 0%, days []", "17.5.4: 0 met, 0 missed, 1 open, 100%, days []"},
			[]string{"Omnibus team: 0 met, 1 missed, 1 open, 0%, days []", "Partner Marketing team: 0 met, 1 missed, 0 open, 0%, days []"},
			[]string{"EE image on aws: 0 met, 1 missed, 0 open, 0%, days []", "EE image on ibm: 0 met, 1 missed, 0 open, 0%, days []", "CE image on azure: 0 met, 0 missed, 1 open, 100%, days []"},
		},
		"2026-q2": {
			"All: 0 met, 0 missed, 1 open, 100%, days []", ": 1 met, 2 missed, 0 open, 33%, days [1 3]",
			[]string{"17.5.4: 0 met, 0 missed, 1 open, 100%, days []"},
			[]string{"Omnibus team: 0 met, 0 missed, 1 open, 100%, days []"},
			[]string{"CE image on azure: 0 met, 0 missed, 1 open, 100%, days []"},
		},
	} {
		p, ok := ParsePeriod(text, workflow.DateOf(w.clock()))
		if !ok {
			t.Fatalf("%s is no period", text)
		}
		got, err := w.watch.Levels(t.Context(), p)
		must(t, err)
		if level(got.All) != want.all || level(got.Before) != want.before {
			t.Errorf("%s: %s\nbefore %s", text, level(got.All), level(got.Before))
		}
		for what, d := range map[string]string{"releases": cmp.Diff(want.releases, levels(got.Releases)), "teams": cmp.Diff(want.teams, levels(got.Teams)), "listings": cmp.Diff(want.lst, levels(got.Listings))} {
			if d != "" {
				t.Errorf("%s, %s (-want +got):\n%s", text, what, d)
			}
		}
	}
	// What was taken off the marketplace is owed nothing since.
	must(t, w.watch.Change(t.Context(), w.who(omar), "aws-ee-image", 0, func(l *workflow.Listed) { l.Retired = monday.AddDate(0, 0, -3) }))
	got, err := w.watch.Levels(t.Context(), Period{From: "2026-03-01", To: "2026-03-31"})
	must(t, err)
	if level(got.All) != "All: 0 met, 1 missed, 1 open, 0%, days []" {
		t.Errorf("with a listing taken off: %s", level(got.All))
	}
}

// What was late stays so many days late when a newer release takes the work over, and
// when it is live by that at last.
func TestLateDaysOfWhatWasTakenOver(t *testing.T) {
	t.Parallel()
	w := began(t, "", "aws ee 17.5.0")
	w.secures("17.5.1")
	w.pass()
	w.advance(4 * 24 * time.Hour)
	late := func(what string) (days int) {
		t.Helper()
		got, err := w.watch.Levels(t.Context(), Period{From: "0001-01-01", To: "9999-12-31"})
		must(t, err)
		for _, o := range got.Owed {
			if o.Version == version("17.5.1") {
				if o.Late.Ours != o.Late.Days || got.All.Ours != o.Late.Days {
					t.Errorf("%s: of %d late days %d are ours, and %d in all", what, o.Late.Days, o.Late.Ours, got.All.Ours)
				}
				days = o.Late.Days
			}
		}
		return days
	}
	before := late("in its own run")
	if before == 0 {
		t.Fatal("it is not late")
	}
	w.releases("17.5.2")
	w.pass()
	w.is("17.5.2", "out release aws-ee")
	if got := late("taken over"); got != before {
		t.Errorf("taken over it is %d days late, and was %d", got, before)
	}
	w.publishes(w.about("17.5.2").ID, "aws-ee-image")
	w.advance(30 * 24 * time.Hour)
	if got := late("live"); got != before {
		t.Errorf("live it was %d days late, and %d before", got, before)
	}
}

func TestBreachesAndCSV(t *testing.T) {
	t.Parallel()
	w := levelled(t)
	must(t, w.watch.Explain(t.Context(), w.who(omar), version("17.5.2"), "azure-ce-image", "=the partner, \"slow\""))
	if err := w.watch.Explain(t.Context(), w.who(ned), version("17.5.2"), "azure-ce-image", "x"); workflow.KindOf(err) != workflow.Denied {
		t.Errorf("anybody can say why: %v", err)
	}
	for _, cause := range []string{"", " ", strings.Repeat("x", 501), "password: hunter2"} {
		if err := w.watch.Explain(t.Context(), w.who(omar), version("17.5.2"), "azure-ce-image", cause); workflow.KindOf(err) != workflow.Invalid {
			t.Errorf("%.20q is a cause: %v", cause, err)
		}
	}
	if err := w.watch.Explain(t.Context(), w.who(omar), version("17.5.3"), "azure-ce-image", "x"); workflow.KindOf(err) != workflow.NotFound {
		t.Errorf("why nothing was late: %v", err)
	}
	got, err := w.watch.Levels(t.Context(), Period{From: "2025-12-01", To: "2026-03-31"})
	must(t, err)
	var breaches []string
	for _, o := range got.Breaches(w.clock()) {
		breaches = append(breaches, o.Version.String()+" "+string(o.Listing))
	}
	if diff := cmp.Diff([]string{"17.5.3 aws-ee-image", "17.5.2 azure-ce-image", "17.5.1 azure-ce-image", "17.5.1 ibm-ee-image"}, breaches); diff != "" {
		t.Errorf("breaches (-want +got):\n%s", diff)
	}
	body, err := w.watch.CSV(got)
	must(t, err)
	table, err := csv.NewReader(strings.NewReader(string(body))).ReadAll()
	must(t, err)
	if len(table) != 8 {
		t.Fatalf("the table has %d lines", len(table))
	}
	want := [][]string{
		{"17.5.2", "security", "azure-ce-image", "CE image on azure", "2026-02-02T12:00:00Z", "2026-02-03T12:00:00Z", "2026-02-05T12:00:00Z", "3", "missed", "2", "2", "0", "0", "'=the partner, \"slow\""},
		{"17.5.3", "release", "aws-ee-image", "EE image on aws", "2026-02-26T12:00:00Z", "2026-03-02T12:00:00Z", "", "", "missed", "0", "0", "0", "0", ""},
	}
	if diff := cmp.Diff(want, table[5:7]); diff != "" {
		t.Errorf("the table (-want +got):\n%s", diff)
	}
}

func TestBoard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "{ concern: highest-minor, editions: [EE] }")
	w.options.Channel, w.options.Sources = "", Sources{}
	w.restarts()
	packages := listing("late-package ee 17.4.0")
	packages.Delivery = workflow.OmnibusPackage
	gone := listing("gone ee 17.4.0")
	list := []workflow.Listed{listing("current ee 17.5.2"), listing("late ee 17.5.0"), listing("worse ee 17.5.0"), listing("secure-late ee 17.5.1"),
		listing("due ee 17.5.1"), listing("secure-due ee 17.5.1"), listing("unknown ee"), listing("other ce 17.5.0"), packages, gone}
	list[1].Maintainer = "partner-marketing"
	_, err := w.watch.Add(t.Context(), w.who(omar), list)
	must(t, err)
	must(t, w.watch.Change(t.Context(), w.who(omar), "gone-ee-image", 0, func(l *workflow.Listed) { l.Retired = w.clock() }))
	w.owes(
		"17.5.1 late-ee release 2026-02-16 2026-02-19",
		"17.5.1 worse-ee release 2026-02-09 2026-02-12",
		"17.5.2 late-ee release 2026-02-25 2026-03-04",
		"17.5.2 due-ee release 2026-02-26 2026-03-03",
		"17.5.2 secure-late-ee security 2026-02-25 2026-02-26",
		"17.5.2 secure-due-ee security 2026-02-27 2026-03-03",
		"17.5.1 gone-ee security 2026-02-09 2026-02-10",
	)
	board := func(filter string) (out []string) {
		t.Helper()
		b, err := w.watch.Board(t.Context(), ParseFilter(filter))
		must(t, err)
		sum := 0
		for s, n := range b.Counts {
			sum += n
			if b.Count(s) != n {
				t.Errorf("%d rows stand as %d, not %d", b.Count(s), s, n)
			}
		}
		if sum != len(b.Rows) || b.All != 9 || b.Newest.Version != version("17.5.2") {
			t.Errorf("%d rows are counted of %d, %d in all, the newest %s", sum, len(b.Rows), b.All, b.Newest.Version)
		}
		for _, r := range b.Rows {
			out = append(out, fmt.Sprintf("%s %d behind %d late %d", strings.TrimSuffix(string(r.Listing.ID), "-image"), r.Standing, r.Behind, r.Late))
		}
		return out
	}
	all := []string{
		"secure-late-ee 0 behind 3 late 2",
		"worse-ee 1 behind 15 late 12",
		"late-ee 1 behind 10 late 7",
		"secure-due-ee 2 behind 1 late 0",
		"due-ee 3 behind 2 late 0",
		"unknown-ee 4 behind 0 late 0",
		"current-ee 5 behind 0 late 0",
		"other-ce 6 behind 0 late 0",
		"late-package-ee-omnibus-package 7 behind 0 late 0",
	}
	for filter, want := range map[string][]string{
		"":                    all,
		"overdue":             all[:3],
		"LATE":                all[:3],
		"behind":              all[:5],
		"security":            {all[0], all[3]},
		"behind secure":       {all[0], all[3]},
		"current":             all[6:7],
		"unknown":             all[5:6],
		"17.5.2":              all[6:7],
		"omnibus security":    {all[0], all[3]}, // by the team that owns the process
		"partner-marketing":   all[2:3],
		"other-ce":            all[7:8],
		"manual current":      all[6:7],
		"0.0":                 nil, // follows nothing
		"nothing of the kind": nil,
	} {
		if diff := cmp.Diff(want, board(filter)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", filter, diff)
		}
	}
}

// A release that is late makes no security update late that is in time so far.
func TestSecurityUpdateIsLateByItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.options.Channel, w.options.Sources = "", Sources{}
	w.restarts()
	w.lists("aws ee 17.5.0")
	standing := func() Standing {
		b, err := w.watch.Board(t.Context(), Filter{})
		must(t, err)
		return b.Rows[0].Standing
	}
	w.owes("17.5.1 aws-ee release 2026-02-09 2026-02-12", "17.5.2 aws-ee security 2026-03-01 2026-03-03")
	if s := standing(); s != Late {
		t.Errorf("it stands as %d", s)
	}
	w.advance(2 * 24 * time.Hour)
	if s := standing(); s != LateSecurity {
		t.Errorf("once the security update is late it stands as %d", s)
	}
}

func TestGrid(t *testing.T) {
	t.Parallel()
	w := levelled(t)
	b, err := w.watch.Board(t.Context(), Filter{})
	must(t, err)
	g, err := w.watch.Grid(t.Context(), b, 2, 3)
	must(t, err)
	draw := func(g Grid) (out []string) {
		for _, r := range g.Rows {
			s := strings.TrimSuffix(string(r.Listing.ID), "-image") + ":"
			for _, m := range r.Marks {
				s += " " + []string{"-", "kept", "missed", "open", "late"}[m.Mark]
				if m.Security {
					s += "!"
				}
				if m.Mark != NoMark {
					s += fmt.Sprint(m.Days)
				}
			}
			out = append(out, s)
		}
		return out
	}
	if diff := cmp.Diff([]string{"ibm-ee: - - -", "aws-ee: kept!1 late2 -"}, draw(g)); diff != "" || g.Cut != 1 || fmt.Sprint(g.Versions) != "[17.5.2 17.5.3 17.5.4]" {
		t.Errorf("the grid of %v, with %d cut (-want +got):\n%s", g.Versions, g.Cut, diff)
	}
	g, err = w.watch.Grid(t.Context(), b, 10, 10)
	must(t, err)
	if diff := cmp.Diff([]string{"ibm-ee: late65 - - -", "aws-ee: kept2 kept!1 late2 -", "azure-ce: missed5 missed!3 - open1"}, draw(g)); diff != "" || g.Cut != 0 {
		t.Errorf("the whole grid, with %d cut (-want +got):\n%s", g.Cut, diff)
	}
}

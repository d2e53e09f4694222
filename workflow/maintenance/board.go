package maintenance

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"cloudimage/workflow"
)

// This file is the board: what is live where, against what should be.

// Standing is how a listing stands, the worst first.
type Standing int

// The standings of a listing.
const (
	LateSecurity Standing = iota // a security update is late
	Late
	DueSecurity // a security update is not live, in time so far
	Due
	Unknown      // nobody has said which version is live, and nothing is owed
	Current      // it has what it is to have
	Unconcerned  // no release concerns it
	Unmaintained // it delivers the package, and needs no maintenance
)

// Row is a listing on the board.
type Row struct {
	Listing workflow.Listed
	// Newest is the release that it is to have; nil when none concerns it.
	Newest   *workflow.Release
	Standing Standing
	// Due is by when it is to have what it lacks, the soonest; zero for no date.
	Due time.Time
	// Behind is for how many business days it has lacked the first release that it
	// lacks, and Late how many of them it is late.
	Behind, Late int
	Run          workflow.RunID // that sees to it; empty for none
}

// Board is how all listings stand.
type Board struct {
	Rows   []Row // those of the filter, the worst first
	Counts map[Standing]int
	All    int // listings there are, filtered or not
	// Newest is the newest release there is; nil for none.
	Newest *workflow.Release
}

// Count is how many rows stand like one of these.
func (b Board) Count(of ...Standing) (n int) {
	for _, s := range of {
		n += b.Counts[s]
	}
	return n
}

// Filter says which listings are meant.
type Filter struct {
	Words []string // each in the name, the provider, the team or the standing
}

// ParseFilter reads a filter as it is typed: "aws late".
func ParseFilter(s string) Filter { return Filter{Words: strings.Fields(strings.ToLower(s))} }

// String is the filter as it can be typed.
func (f Filter) String() string { return strings.Join(f.Words, " ") }

// takes reports whether a row is of the filter; owner maintains what no other team does.
func (f Filter) takes(r *Row, owner workflow.TeamID) bool {
	for _, w := range f.Words {
		if !f.fits(r, w, owner) {
			return false
		}
	}
	return true
}

func (f Filter) fits(r *Row, word string, owner workflow.TeamID) bool {
	switch word {
	case "late", "overdue":
		return r.Standing == LateSecurity || r.Standing == Late
	case "behind":
		return r.Standing <= Due
	case "security":
		return r.Standing == LateSecurity || r.Standing == DueSecurity
	case "current":
		return r.Standing == Current
	case "unknown":
		return r.Standing == Unknown
	}
	l := &r.Listing
	words := []string{l.FullName(), string(l.ID), string(l.Provider), string(cmp.Or(l.Maintainer, owner)), l.Published.String()}
	if l.Branch != (workflow.Branch{}) {
		words = append(words, l.Branch.String())
	}
	for _, s := range words {
		if strings.Contains(strings.ToLower(s), word) {
			return true
		}
	}
	return false
}

// Board says how the listings of a filter stand.
func (s *Service) Board(ctx context.Context, f Filter) (Board, error) {
	b := Board{Counts: map[Standing]int{}}
	def := s.definition()
	listings, err := s.options.Book.Catalogue(ctx)
	if err != nil || def == nil {
		return b, err
	}
	releases, err := s.options.Book.Releases(ctx)
	if err != nil {
		return b, err
	}
	owed, err := s.options.Book.Owed(ctx, "9999")
	if err != nil {
		return b, err
	}
	lacks := make(map[workflow.ListingID][]workflow.Owed, len(owed))
	for _, o := range owed {
		lacks[o.Listing] = append(lacks[o.Listing], o)
	}
	var out []*workflow.Release
	for i := range releases {
		if releases[i].IsOut() {
			out = append(out, &releases[i])
		}
	}
	p := newPolicy(def.Releases, s.options.Product, out)
	if len(out) > 0 {
		b.Newest = out[len(out)-1]
	}
	for _, l := range listings {
		if !l.Retired.IsZero() {
			continue
		}
		r := Row{Listing: l, Newest: p.target(&l)}
		s.stand(def, &r, lacks[l.ID])
		b.All++
		if f.takes(&r, def.Owner) {
			b.Counts[r.Standing]++
			b.Rows = append(b.Rows, r)
		}
	}
	slices.SortStableFunc(b.Rows, func(x, y Row) int {
		return cmp.Or(cmp.Compare(x.Standing, y.Standing), cmp.Compare(y.Late, x.Late), cmp.Compare(y.Behind, x.Behind), x.Due.Compare(y.Due))
	})
	return b, nil
}

// stand finds how a listing stands.
func (s *Service) stand(def *workflow.Definition, r *Row, lacks []workflow.Owed) {
	now, cal := s.options.Now(), s.Calendars()
	l := &r.Listing
	switch {
	case !l.Maintained():
		r.Standing = Unmaintained
		return
	case r.Newest == nil:
		r.Standing = Unconcerned
		return
	case l.Published.IsZero() && len(lacks) == 0:
		r.Standing = Unknown
		return
	case !needs(l, r.Newest) && len(lacks) == 0:
		r.Standing = Current
		return
	}
	r.Standing = Due
	since, security, tooLate := r.Newest.Published, r.Newest.Kind == workflow.CatalystSecurity, false
	for i, o := range lacks {
		if i == 0 || o.Since.Before(since) {
			since = o.Since
		}
		if r.Due.IsZero() || o.Due.Before(r.Due) {
			r.Due = o.Due
		}
		if o.Kind == workflow.CatalystSecurity {
			security, tooLate = true, tooLate || now.After(o.Due)
		}
		if o.Run != "" {
			r.Run = o.Run // of the highest version
		}
	}
	if !since.IsZero() {
		r.Behind = cal.Between(def.Owner, since, now)
	}
	late := !r.Due.IsZero() && now.After(r.Due)
	if late {
		r.Late = cal.Between(def.Owner, r.Due, now)
	}
	switch {
	case tooLate:
		r.Standing = LateSecurity
	case late:
		r.Standing = Late
	case security:
		r.Standing = DueSecurity
	}
}

// Mark is how a listing did with a release.
type Mark int

// The marks.
const (
	NoMark   Mark = iota // it did not concern the listing
	Kept                 // it was live in time
	Missed               // it was live late
	Open                 // it is not live, in time so far
	OpenLate             // it is not live, and late
)

// Grid is how listings did with releases: the figures of a heat map.
type Grid struct {
	Versions []workflow.Version // the oldest first
	Rows     []GridRow
	Cut      int // listings that are left out
}

// GridRow is a listing of a grid.
type GridRow struct {
	Row
	Marks []GridMark
}

// GridMark is how a listing did with one release.
type GridMark struct {
	Mark     Mark
	Security bool
	Days     int // business days it took, or has taken so far
}

// Grid is how the listings of a board did with the last releases, at most so many of
// each.
func (s *Service) Grid(ctx context.Context, b Board, rows, columns int) (Grid, error) {
	var g Grid
	def := s.definition()
	if def == nil {
		return g, nil
	}
	now, cal := s.options.Now(), s.Calendars()
	owed, err := s.options.Book.Owed(ctx, workflow.DateOf(now.AddDate(-1, 0, 0)))
	if err != nil {
		return g, err
	}
	by := map[workflow.ListingID]map[workflow.Version]workflow.Owed{}
	seen := map[workflow.Version]bool{}
	for _, o := range once(owed) {
		if by[o.Listing] == nil {
			by[o.Listing] = map[workflow.Version]workflow.Owed{}
		}
		if had, twice := by[o.Listing][o.Version]; !twice || had.Since.Before(o.Since) {
			by[o.Listing][o.Version] = o // a fix of the image owes the same version once more, and the last counts
		}
		seen[o.Version] = true
	}
	for v := range seen {
		g.Versions = append(g.Versions, v)
	}
	slices.SortFunc(g.Versions, workflow.Version.Compare)
	g.Versions = g.Versions[max(0, len(g.Versions)-columns):]
	for i, r := range b.Rows {
		if i == rows {
			g.Cut = len(b.Rows) - rows
			break
		}
		row := GridRow{Row: r, Marks: make([]GridMark, len(g.Versions))}
		for j, v := range g.Versions {
			o, is := by[r.Listing.ID][v]
			if !is {
				continue
			}
			m := &row.Marks[j]
			m.Security = o.Kind == workflow.CatalystSecurity
			until := o.Met
			switch {
			case o.Met.IsZero() && o.IsLate(now):
				m.Mark, until = OpenLate, now
			case o.Met.IsZero():
				m.Mark, until = Open, now
			case o.IsLate(now):
				m.Mark = Missed
			default:
				m.Mark = Kept
			}
			m.Days = cal.Between(def.Owner, o.Since, until)
		}
		g.Rows = append(g.Rows, row)
	}
	return g, nil
}

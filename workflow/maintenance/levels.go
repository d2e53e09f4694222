package maintenance

import (
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"cloudimage/workflow"
)

// This file is the service levels: how well the promise to customers was kept. It
// counts each release for each listing that it was owed to.

// Level is how well a promise was kept.
type Level struct {
	Name string
	Met  int // live in time
	// Missed were live late, or are late still; Open are not live, in time so far.
	Missed, Open int
	// Days are the business days that it took until it was live, of those that are.
	Days []int
	// Ours, Partners and Nobodys are late days, and whose they were.
	Ours, Partners, Nobodys int
}

// Kept is the share that was met, of what is decided, in percent; 100 of nothing.
func (l Level) Kept() int {
	if l.Met+l.Missed == 0 {
		return 100
	}
	return l.Met * 100 / (l.Met + l.Missed)
}

// Median is the middle of the days it took; NaN when nothing is live.
func (l Level) Median() float64 { return l.quantile(0.5) }

// P90 is what nine of ten did not exceed; NaN when nothing is live.
func (l Level) P90() float64 { return l.quantile(0.9) }

// quantile is by the nearest rank, and the mean of the two for the middle of an even
// number.
func (l Level) quantile(q float64) float64 {
	n := len(l.Days)
	if n == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(l.Days))
	if q == 0.5 && n%2 == 0 {
		return float64(sorted[n/2-1]+sorted[n/2]) / 2
	}
	return float64(sorted[min(n-1, int(math.Ceil(q*float64(n)))-1)])
}

// Levels are the service levels of a period.
type Levels struct {
	Period Period
	All    Level
	Before Level // of the period of the same length before it
	// Releases are in order, the lowest first; Listings and Teams are the worst first.
	Releases, Listings, Teams []Level
	Owed                      []workflow.Owed // that was counted, by version and listing
	Names                     map[workflow.ListingID]string
}

// Breaches are those of what is owed that were late, the latest due first.
func (l Levels) Breaches(now time.Time) []workflow.Owed {
	var out []workflow.Owed
	for _, o := range l.Owed {
		if o.IsLate(now) {
			out = append(out, o)
		}
	}
	slices.SortStableFunc(out, func(a, b workflow.Owed) int { return b.Due.Compare(a.Due) })
	return out
}

// Period is some days, the last one included.
type Period struct {
	From, To workflow.Date
	Name     string // as it was asked for
}

// before is the period of the same length before it.
func (p Period) before() Period {
	from, to := p.From.Time(), p.To.Time()
	days := int(to.Sub(from)/(24*time.Hour)) + 1
	return Period{From: workflow.DateOf(from.AddDate(0, 0, -days)), To: workflow.DateOf(from.AddDate(0, 0, -1))}
}

func (p Period) has(d workflow.Date) bool { return p.From <= d && d <= p.To }

var (
	lastDays  = regexp.MustCompile(`^(?:last )?([1-9]\d{0,3}) days?$`)
	monthForm = regexp.MustCompile(`^([1-9]\d{3})-(0[1-9]|1[0-2])$`)
	quarter   = regexp.MustCompile(`^([1-9]\d{3})[- ]?q([1-4])$`)
	yearForm  = regexp.MustCompile(`^[1-9]\d{3}$`)
)

// mostDays is the longest period, so that no report is about everything by mistake.
const mostDays = 1100

// ParsePeriod reads a period as it is typed: nothing for the last 90 days, "30 days",
// "2026-11", "2026-q4", "2026", "last month", "this month"; false when it is none.
func ParsePeriod(s string, today workflow.Date) (Period, bool) {
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	now := today.Time()
	span := func(name string, from, next time.Time) (Period, bool) {
		return Period{From: workflow.DateOf(from), To: workflow.DateOf(next.AddDate(0, 0, -1)), Name: name}, true
	}
	month := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	switch s {
	case "":
		return span("last 90 days", now.AddDate(0, 0, -89), now.AddDate(0, 0, 1))
	case "this month", "month":
		return span("this month", month, month.AddDate(0, 1, 0))
	case "last month":
		return span("last month", month.AddDate(0, -1, 0), month)
	case "this year", "year":
		return span("this year", time.Date(now.Year(), 1, 1, 0, 0, 0, 0, time.UTC), time.Date(now.Year()+1, 1, 1, 0, 0, 0, 0, time.UTC))
	}
	if m := lastDays.FindStringSubmatch(s); m != nil {
		n, _ := strconv.Atoi(m[1])
		if n > mostDays {
			return Period{}, false
		}
		name := fmt.Sprintf("last %d days", n)
		if n == 1 {
			name = "last day"
		}
		return span(name, now.AddDate(0, 0, 1-n), now.AddDate(0, 0, 1))
	}
	if m := monthForm.FindStringSubmatch(s); m != nil {
		from, err := time.Parse("2006-01", s)
		if err != nil {
			return Period{}, false
		}
		return span(s, from, from.AddDate(0, 1, 0))
	}
	if m := quarter.FindStringSubmatch(s); m != nil {
		year, _ := strconv.Atoi(m[1])
		q, _ := strconv.Atoi(m[2])
		from := time.Date(year, time.Month(3*q-2), 1, 0, 0, 0, 0, time.UTC)
		return span(m[1]+" Q"+m[2], from, from.AddDate(0, 3, 0))
	}
	if yearForm.MatchString(s) {
		year, _ := strconv.Atoi(s)
		return span(s, time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(year+1, 1, 1, 0, 0, 0, 0, time.UTC))
	}
	return Period{}, false
}

// Levels are the service levels of a period: of what was live in time in it, and of what
// was due in it and was not; in the present, of what is not live yet. It is counted in
// the days of the team that owns the process.
func (s *Service) Levels(ctx context.Context, p Period) (Levels, error) {
	out := Levels{Period: p, All: Level{Name: "All"}, Names: map[workflow.ListingID]string{}}
	def := s.definition()
	if def == nil {
		return out, nil
	}
	listings, err := s.options.Book.Catalogue(ctx)
	if err != nil {
		return out, err
	}
	teams := map[workflow.ListingID]workflow.TeamID{}
	retired := map[workflow.ListingID]time.Time{}
	for _, l := range listings {
		if retired[l.ID] = l.Retired; l.Retired.IsZero() {
			delete(retired, l.ID)
		}
		out.Names[l.ID] = l.FullName()
		teams[l.ID] = cmp.Or(l.Maintainer, def.Owner)
	}
	past := p.before()
	owed, err := s.options.Book.Owed(ctx, workflow.DateOf(past.From.Time().AddDate(0, 0, -1)))
	if err != nil {
		return out, err
	}
	if err := s.lateness(ctx, def, owed); err != nil {
		return out, err
	}
	now, cal := s.options.Now(), s.Calendars()
	zone := cal.At(def.Owner, workflow.DateOf(now)).Location()
	releases, byListing, byTeam := map[workflow.Version]*Level{}, map[workflow.ListingID]*Level{}, map[workflow.TeamID]*Level{}
	var versions []workflow.Version
	for _, o := range once(owed) {
		if off, is := retired[o.Listing]; is && o.Met.IsZero() && !o.Due.Before(off) {
			continue // it was taken off before it was due, and nobody is owed it any more
		}
		on := workflow.DateOf(decided(o).In(zone))
		if past.has(on) {
			s.count(def, &out.Before, o, now)
		}
		if !p.has(on) && !(o.Met.IsZero() && p.has(workflow.DateOf(now.In(zone)))) {
			continue // what is not live is counted in the present, whenever it was or is due
		}
		out.Owed = append(out.Owed, o)
		if releases[o.Version] == nil {
			releases[o.Version] = &Level{Name: o.Version.String()}
			versions = append(versions, o.Version)
		}
		if byListing[o.Listing] == nil {
			byListing[o.Listing] = &Level{Name: cmp.Or(out.Names[o.Listing], string(o.Listing))}
		}
		team := cmp.Or(teams[o.Listing], def.Owner)
		if byTeam[team] == nil {
			byTeam[team] = &Level{Name: def.TeamName(team).Name}
		}
		for _, l := range []*Level{&out.All, releases[o.Version], byListing[o.Listing], byTeam[team]} {
			s.count(def, l, o, now)
		}
	}
	slices.SortFunc(versions, workflow.Version.Compare)
	for _, v := range versions {
		out.Releases = append(out.Releases, *releases[v])
	}
	out.Listings, out.Teams = worst(byListing), worst(byTeam)
	return out, nil
}

// lateness fills in by how many days what was late is late, and whose they are. The run
// knows, while it has the work; the days of which it knows nothing are ours: those after
// a newer release took the work over, or of what nobody opened a run for.
func (s *Service) lateness(ctx context.Context, def *workflow.Definition, owed []workflow.Owed) error {
	now := s.options.Now()
	runs := map[workflow.RunID]*workflow.Run{}
	for i := range owed {
		o := &owed[i]
		if !o.IsLate(now) {
			o.Late = workflow.Lateness{} // the days were those of an older release that the same image met
			continue
		}
		end := o.Met
		if o.Met.IsZero() {
			end = now
		}
		if o.Met.IsZero() && o.Run != "" {
			if runs[o.Run] == nil {
				run, err := s.Run(ctx, o.Run)
				if err != nil {
					return err
				}
				runs[o.Run] = run
			}
			o.Late = runs[o.Run].LatenessOf(runs[o.Run].LaneOf(o.Listing), now)
		}
		if unknown := s.Calendars().Between(def.Owner, o.Due, end) - o.Late.Days; unknown > 0 {
			o.Late.Days += unknown
			o.Late.Ours += unknown
		}
	}
	return nil
}

// decided is when it was known whether it was met: when it was live in time, or else
// when it was due.
func decided(o workflow.Owed) time.Time {
	if !o.Met.IsZero() && o.Met.Before(o.Due) {
		return o.Met
	}
	return o.Due
}

// once leaves out what is kept twice: of a release that was passed over, or whose run
// was given up, and that has another run now.
func once(owed []workflow.Owed) []workflow.Owed {
	out := owed[:0]
	for _, o := range owed {
		if n := len(out); n > 0 && out[n-1].Version == o.Version && out[n-1].Listing == o.Listing && out[n-1].Since.Equal(o.Since) {
			out[n-1] = o // no run comes before any
			continue
		}
		out = append(out, o)
	}
	return out
}

func worst[K comparable](by map[K]*Level) []Level {
	var out []Level
	for _, l := range by {
		out = append(out, *l)
	}
	slices.SortFunc(out, func(a, b Level) int {
		return cmp.Or(cmp.Compare(b.Missed, a.Missed), cmp.Compare(b.Open, a.Open), cmp.Compare(a.Name, b.Name))
	})
	return out
}

func (s *Service) count(def *workflow.Definition, l *Level, o workflow.Owed, now time.Time) {
	switch {
	case o.IsLate(now):
		l.Missed++
	case o.Met.IsZero():
		l.Open++
	default:
		l.Met++
	}
	if !o.Met.IsZero() {
		l.Days = append(l.Days, s.Calendars().Between(def.Owner, o.Since, o.Met))
	}
	l.Ours += o.Late.Ours
	l.Partners += o.Late.Partners
	l.Nobodys += o.Late.Nobodys
}

// CSV is what was counted, a line for each release and listing.
func (s *Service) CSV(l Levels) ([]byte, error) {
	var b strings.Builder
	w := csv.NewWriter(&b)
	lines := [][]string{{"version", "kind", "listing", "name", "since", "due", "live", "days", "result", "late_days", "ours", "partners", "nobodys", "cause"}}
	now, def := s.options.Now(), s.definition()
	for _, o := range l.Owed {
		result, live, days := "met", at(o.Met), ""
		if o.Met.IsZero() {
			result = "open"
		} else {
			days = strconv.Itoa(s.Calendars().Between(def.Owner, o.Since, o.Met))
		}
		if o.IsLate(now) {
			result = "missed"
		}
		lines = append(lines, []string{o.Version.String(), string(o.Kind), string(o.Listing), cell(l.Names[o.Listing]), at(o.Since), at(o.Due), live, days, result,
			strconv.Itoa(o.Late.Days), strconv.Itoa(o.Late.Ours), strconv.Itoa(o.Late.Partners), strconv.Itoa(o.Late.Nobodys), cell(o.Cause)})
	}
	if err := w.WriteAll(lines); err != nil {
		return nil, fmt.Errorf("write the figures: %w", err)
	}
	return []byte(b.String()), nil
}

func at(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// cell is what somebody typed, in a table that a spreadsheet will not take for a
// formula.
func cell(s string) string {
	if s != "" && strings.ContainsAny(s[:1], "=+-@\t\r") {
		return "'" + s
	}
	return s
}

package calendar

import (
	"slices"
	"strings"
	"time"

	"github.com/rickar/cal/v2"
)

// This file reads the options. The rules are: a reader notes what is wrong and
// goes on, so that one look at the errors is enough; and a problem says what to
// write instead.

func parseZone(p *problems, name string) *time.Location {
	loc, err := time.LoadLocation(name)
	// "Local" loads, but would move every deadline with the machine.
	if err != nil || name == "Local" {
		p.add("zone", `%q is not a time zone; write an IANA name such as "Europe/Berlin" or "UTC"`, name)
	}
	return loc
}

func parseWeek(p *problems, names []string) (week [7]bool) {
	if len(names) == 0 {
		names = []string{"Mon", "Tue", "Wed", "Thu", "Fri"}
	}
	for i, name := range names {
		day, ok := parseWeekday(name)
		if !ok {
			p.add(item("days", i), "%q is not a day of the week; write Mon, Tue, Wed, Thu, Fri, Sat or Sun", name)
			continue
		}
		week[day] = true
	}
	return week
}

// parseWeekday takes the English name of a day, whole or its first three letters.
func parseWeekday(name string) (time.Weekday, bool) {
	for day := time.Sunday; day <= time.Saturday; day++ {
		if full := day.String(); strings.EqualFold(name, full) || strings.EqualFold(name, full[:3]) {
			return day, true
		}
	}
	return 0, false
}

func parseHours(p *problems, opens, closes string) (from, to time.Duration) {
	from, okFrom := parseClock(p, "open", opens)
	to, okTo := parseClock(p, "close", closes)
	if okFrom && okTo && to <= from {
		p.add("close", "%s is not after %s, when the day opens; write a later time of the same day, at most 23:59", closes, opens)
	}
	return from, to
}

func parseClock(p *problems, field, text string) (sinceMidnight time.Duration, ok bool) {
	t, err := time.Parse("15:04", text)
	if err != nil {
		p.add(field, "%q is not a time of day; write hours and minutes, such as 09:00", text)
		return 0, false
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, true
}

func parseCountries(p *problems, codes, worked []string) (rules []*cal.Holiday) {
	known := holidaysByCountry()
	for i, code := range codes {
		list, ok := known[strings.ToLower(code)]
		if !ok {
			p.add(item("countries", i), "%q has no holiday table; write one of %s, or list its dates under holidays",
				code, strings.Join(suggestions(code), ", "))
			continue
		}
		rules = append(rules, list...)
	}
	for i, name := range worked {
		named := func(rule *cal.Holiday) bool { return rule.Name == name }
		switch {
		case len(rules) == 0:
			p.add(item("worked", i), "%q is not a holiday of the calendar's countries; name the countries first", name)
		case !slices.ContainsFunc(rules, named):
			p.add(item("worked", i), "%q is not a holiday of the calendar's countries; write one of %s", name, names(rules))
		}
	}
	return slices.DeleteFunc(rules, func(rule *cal.Holiday) bool { return slices.Contains(worked, rule.Name) })
}

// suggestions are what an unknown code may have meant: the regions of its country
// where that has any, otherwise every country.
func suggestions(code string) []string {
	country, _, _ := strings.Cut(strings.ToLower(code), "-")
	var regions, countries []string
	for _, known := range Countries() {
		switch {
		case strings.HasPrefix(known, country+"-"):
			regions = append(regions, known)
		case !strings.Contains(known, "-"):
			countries = append(countries, known)
		}
	}
	if len(regions) > 0 {
		return regions
	}
	return countries
}

// names lists the rules for a sentence, each name once.
func names(rules []*cal.Holiday) string {
	var quoted []string
	for _, rule := range rules {
		if name := `"` + rule.Name + `"`; !slices.Contains(quoted, name) {
			quoted = append(quoted, name)
		}
	}
	return strings.Join(quoted, ", ")
}

func parseHolidays(p *problems, list []Holiday) map[Date]string {
	own := make(map[Date]string, len(list))
	for i, h := range list {
		name, taken := own[h.Date]
		switch {
		case h.Date.IsZero():
			p.add(item("holidays", i), "%q has no date; write one such as 2026-12-24", h.Name)
		case strings.TrimSpace(h.Name) == "":
			p.add(item("holidays", i), `%s has no name; write one such as "Company day", for people read it where the day is skipped`, h.Date)
		case taken:
			p.add(item("holidays", i), "%s is already %q; remove one of the two", h.Date, name)
		default:
			own[h.Date] = h.Name
		}
	}
	return own
}

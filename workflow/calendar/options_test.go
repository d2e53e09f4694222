package calendar_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudimage/workflow/calendar"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	day := calendar.NewDate(2026, time.December, 24)
	tests := []struct {
		name    string
		options calendar.Options
		want    string // the start of the error
	}{
		{"Zone", calendar.Options{Zone: "Europe/Berln"},
			`zone: "Europe/Berln" is not a time zone; write an IANA name such as "Europe/Berlin" or "UTC"`},
		{"ZoneOfTheMachine", calendar.Options{Zone: "Local"},
			`zone: "Local" is not a time zone; write`},
		{"Day", calendar.Options{Days: []string{"Mon", "Mo"}},
			`days[1]: "Mo" is not a day of the week; write Mon, Tue, Wed, Thu, Fri, Sat or Sun`},
		{"Open", calendar.Options{Open: "9am"},
			`open: "9am" is not a time of day; write hours and minutes, such as 09:00`},
		{"CloseAtMidnight", calendar.Options{Close: "24:00"},
			`close: "24:00" is not a time of day; write`},
		{"CloseBeforeOpen", calendar.Options{Open: "22:00", Close: "06:00"},
			`close: 06:00 is not after 22:00, when the day opens; write a later time of the same day, at most 23:59`},
		{"CloseAtOpen", calendar.Options{Open: "17:00"},
			`close: 17:00 is not after 17:00`},
		{"Country", calendar.Options{Countries: []string{"us", "xx"}},
			`countries[1]: "xx" has no holiday table; write one of ar, at, be, `},
		{"CountryByRegionOnly", calendar.Options{Countries: []string{"au"}},
			`countries[0]: "au" has no holiday table; write one of au-act, au-nsw, `},
		{"Region", calendar.Options{Countries: []string{"de-xx"}},
			`countries[0]: "de-xx" has no holiday table; write one of de-bb, de-be, `},
		{"Worked", calendar.Options{Countries: []string{"us"}, Worked: []string{"Columbus"}},
			`worked[0]: "Columbus" is not a holiday of the calendar's countries; write one of "New Year's Day", "Martin`},
		{"WorkedNowhere", calendar.Options{Worked: []string{"Columbus Day"}},
			`worked[0]: "Columbus Day" is not a holiday of the calendar's countries; name the countries first`},
		{"HolidayWithoutDate", calendar.Options{Holidays: []calendar.Holiday{{Name: "Company day"}}},
			`holidays[0]: "Company day" has no date; write one such as 2026-12-24`},
		{"HolidayWithoutName", calendar.Options{Holidays: []calendar.Holiday{{Date: day}}},
			`holidays[0]: 2026-12-24 has no name; write one`},
		{"HolidayTwice", calendar.Options{Holidays: []calendar.Holiday{{Date: day, Name: "A"}, {Date: day, Name: "B"}}},
			`holidays[1]: 2026-12-24 is already "A"; remove one of the two`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := calendar.New(tt.options)
			if err == nil || c != nil {
				t.Fatalf("New = %v, %v; want an error alone", c, err)
			}
			if !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("error %q, want it to start %q", err, tt.want)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q is more than one problem", err)
			}
		})
	}
}

func TestNewNamesEveryProblem(t *testing.T) {
	t.Parallel()
	_, err := calendar.New(calendar.Options{Zone: "Mars", Days: []string{"Noday"}, Open: "x", Countries: []string{"xx"}})
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("error %v does not join others", err)
	}
	var fields []string
	for _, one := range joined.Unwrap() {
		var wrong *calendar.OptionError
		if !errors.As(one, &wrong) {
			t.Fatalf("%v is not an OptionError", one)
		}
		fields = append(fields, wrong.Field)
	}
	slices.Sort(fields)
	if got := strings.Join(fields, " "); got != "countries[0] days[0] open zone" {
		t.Errorf("problems in %q, want countries[0] days[0] open zone", got)
	}
}

// Each table has holidays, and a calendar of it has a business day every fortnight.
func TestCountries(t *testing.T) {
	t.Parallel()
	codes := calendar.Countries()
	if !slices.IsSorted(codes) || len(codes) < 70 {
		t.Errorf("%d countries and regions: %v; want at least 70, sorted", len(codes), codes)
	}
	for _, code := range codes {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			c := newCalendar(t, calendar.Options{Countries: []string{code}})
			for _, year := range []int{1970, 2026, 2050, 2150} {
				free := 0
				first := calendar.NewDate(year, time.January, 1)
				for d := first; d.Year() == year; d = d.Add(1) {
					if name, ok := c.Holiday(d); ok {
						free++
						if name == "" {
							t.Errorf("the holiday of %s has no name", d)
						}
					}
					if gap := d.Add(14); c.Shift(d, 1).After(gap) {
						t.Errorf("no business day between %s and %s", d, gap)
					}
				}
				if year == 2026 && (free < 5 || free > 30) {
					t.Errorf("%d holidays in %d, want 5 to 30", free, year)
				}
			}
		})
	}
}

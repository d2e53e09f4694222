package calendar_test

import (
	"fmt"
	"log"
	"time"

	"cloudimage/workflow/calendar"
)

func omnibus() *calendar.Calendar {
	c, err := calendar.New(calendar.Options{
		Zone:      "America/New_York",
		Countries: []string{"us"},
		Worked:    []string{"Columbus Day"},
		Holidays:  []calendar.Holiday{{Date: calendar.NewDate(2026, time.November, 27), Name: "Family day"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	return c
}

// A release on a Saturday: the image must be out within three business days.
func ExampleCalendar_Deadline() {
	released := time.Date(2026, time.November, 21, 14, 0, 0, 0, time.UTC)
	fmt.Println(omnibus().Deadline(released, 3))
	// Output: 2026-11-25 17:00:00 -0500 EST
}

// A launch is agreed for a date; the announcement is due five business days before.
func ExampleCalendar_Before() {
	launch := calendar.NewDate(2026, time.December, 1)
	fmt.Println(omnibus().Before(launch, 5).Format("Mon 2 Jan 15:04"))
	// Output: Fri 20 Nov 17:00
}

func ExampleCalendar_Explain() {
	released := time.Date(2026, time.November, 24, 14, 0, 0, 0, time.UTC)
	e := omnibus().Explain(released, 3)
	fmt.Println(e)
	fmt.Println(e.Reason())
	fmt.Println(e.Detail())
	// Output:
	// due Tue 1 Dec 17:00: 3 business days after Tue 24 Nov, skips Thanksgiving Day and Family day
	// 3 business days after Tue 24 Nov, skips Thanksgiving Day and Family day
	// due Tue 1 Dec 17:00: 3 business days after Tue 24 Nov, skips Thanksgiving Day (Thu 26 Nov), Family day (Fri 27 Nov), Sat 28 Nov and Sun 29 Nov
}

// A reminder that would go out at night waits for the next business morning.
func ExampleCalendar_Next() {
	team := omnibus()
	at := time.Date(2026, time.November, 26, 1, 0, 0, 0, time.UTC)
	if !team.Working(at) {
		at = team.Next(at)
	}
	fmt.Println(at.Format("Mon 2 Jan 15:04"))
	// Output: Mon 30 Nov 09:00
}

func ExampleNew_wrong() {
	_, err := calendar.New(calendar.Options{Zone: "Berlin", Open: "9"})
	fmt.Println(err)
	// Output:
	// zone: "Berlin" is not a time zone; write an IANA name such as "Europe/Berlin" or "UTC"
	// open: "9" is not a time of day; write hours and minutes, such as 09:00
}

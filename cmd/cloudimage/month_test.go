package main

import "testing"

// monthConfig has every team on working days of its own.
const monthConfig = `
operator_channel: C0CLOUDIMAGESOPS
calendar: {zone: America/New_York, countries: [us]}
teams:
  strategic-partnerships: {lead: U0ANA, calendar: {zone: Europe/Lisbon}}
  omnibus: {lead: U0OMAR, calendar: {zone: Europe/Berlin, countries: [de]}}
  partner-marketing: {lead: U0MAYA, calendar: {zone: Asia/Kolkata}}
`

// TestMonth replays five weeks of three partnerships and two releases, over
// Thanksgiving and Christmas, and compares all that everybody was sent with a
// table that people can read. Ana is in Lisbon, lee in Los Angeles, omar in
// Berlin, lena in New York, maya in Kolkata and noor in Dubai.
func TestMonth(t *testing.T) {
	t.Parallel()
	r := startReplay(t, "2026-11-20 09:00 Europe/Lisbon", monthConfig, nil)

	// Friday: two partnerships begin, one of them in a hurry.
	r.partnership("ana", "DigitalOcean", "2027-01-15")
	r.done("ana", "DigitalOcean", "1.1", "1.2")
	r.until("2026-11-20 16:00 Europe/Lisbon")
	r.partnership("ana", "Vultr", "2027-01-05")

	// Monday to Wednesday.
	r.until("2026-11-23 11:00 Europe/Lisbon")
	r.done("ana", "Vultr", "1.1", "1.2")
	r.until("2026-11-24 10:15 Europe/Berlin")
	r.release("omar", "GitLab 17.7", "release")
	r.until("2026-11-24 15:00 Europe/Berlin")
	r.done("omar", "R-3", "1.1")
	r.until("2026-11-25 09:30 Europe/Lisbon")
	r.done("ana", "DigitalOcean", "1.3", "1.4", "1.6")
	r.until("2026-11-25 10:40 America/Los_Angeles")
	r.partnership("lee", "Exoscale", "2027-02-12")
	r.types("lee", "assign Exoscale 1.1 <@U0LEE>")
	r.types("lee", "due Exoscale 1.1 2026-12-04")

	// Thanksgiving, and the Friday after it.
	r.until("2026-11-26 11:00 Europe/Berlin")
	r.done("omar", "DigitalOcean", "2.1", "2.2")
	r.done("omar", "R-3", "1.2 CE")
	r.until("2026-11-27 15:00 Europe/Lisbon")
	r.done("ana", "Vultr", "1.3", "1.4")

	// The program is down over the morning of Europe, and is back before noon.
	r.until("2026-11-30 09:00 Europe/Berlin")
	r.restarts("2026-11-30 11:45 Europe/Berlin")
	r.until("2026-11-30 12:00 Europe/Berlin")
	r.done("omar", "DigitalOcean", "2.3.1 CE")
	r.types("omar", "wait DigitalOcean 2.3.2 CE Please test the image", "Their ticket", "DO-8812")
	r.done("maya", "DigitalOcean", "3.1")

	// A security release, and somebody who goes away.
	r.until("2026-12-02 09:00 Europe/Berlin")
	r.release("omar", "GitLab 17.7.1", "security")
	r.until("2026-12-02 12:00 Europe/Berlin")
	r.done("omar", "R-5", "1.1", "1.2 CE")
	r.until("2026-12-03 17:30 Europe/Berlin")
	r.types("omar", "away until 2026-12-11 cover <@U0LENA>")

	// What is late is done late; what cannot be done yet is snoozed.
	r.until("2026-12-04 14:00 Asia/Kolkata")
	r.types("maya", "snooze DigitalOcean 3.3 CE 2026-12-15 The product page is not written")
	r.until("2026-12-07 12:00 America/New_York")
	r.done("lena", "R-3", "1.2 EE")
	r.done("lena", "R-5", "1.2 EE", "1.3")

	// The launch moves, and in the middle of a week the program is started anew.
	r.until("2026-12-09 10:00 Europe/Lisbon")
	r.types("ana", "launch DigitalOcean 2027-01-22 Their fair is a week later")
	r.restarts("2026-12-09 10:01 Europe/Lisbon")
	r.until("2026-12-10 15:00 Europe/Lisbon")
	r.done("ana", "Vultr", "1.6")
	r.until("2026-12-11 11:00 America/New_York")
	r.types("lena", "answered DigitalOcean 2.3.2 CE They have no findings")
	r.until("2026-12-14 14:00 Europe/Berlin")
	r.done("omar", "DigitalOcean", "2.3.2 CE")
	r.done("omar", "Vultr", "2.1", "2.2")
	r.until("2026-12-16 11:00 Asia/Kolkata")
	r.done("maya", "Vultr", "3.1")
	r.until("2026-12-17 17:00 America/Los_Angeles")
	r.done("lee", "Exoscale", "1.1")
	r.types("lee", "away until 2027-01-03 cover <@U0ANA>")

	// Christmas.
	r.until("2026-12-29 12:00 Europe/Lisbon")

	all := r.everything()
	checkOnceADay(t, all)
	matches(t, "month", table(all))
}

package main

import "testing"

// TestNightsWhenClocksChange replays the weeks around the nights in which clocks
// change, in America and in Europe, forward and back: mornings are at half past
// nine on each person's wall on both sides, and nothing comes twice or not at
// all.
func TestNightsWhenClocksChange(t *testing.T) {
	t.Parallel()
	for name, days := range map[string]struct{ begins, target, done, ends string }{
		"nights-march":    {"2027-03-11 10:00 Europe/Lisbon", "2027-04-23", "2027-03-26 17:30 Europe/Berlin", "2027-03-31 20:00 America/Los_Angeles"},
		"nights-november": {"2027-10-27 10:00 Europe/Lisbon", "2027-12-10", "2027-10-29 17:30 Europe/Berlin", "2027-11-10 20:00 America/Los_Angeles"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := startReplay(t, days.begins, monthConfig, nil)
			r.partnership("ana", "DigitalOcean", days.target)
			r.types("ana", "assign DigitalOcean 1.2 <@U0LEE>")
			r.types("ana", "assign DigitalOcean 1.3 <@U0LENA>")
			r.types("ana", "assign DigitalOcean 1.4 <@U0OMAR>")
			r.types("ana", "assign DigitalOcean 1.6 <@U0MAYA>")
			r.until(days.done)
			r.done("omar", "DigitalOcean", "1.4")
			r.until(days.ends)
			all := r.everything()
			checkOnceADay(t, all)
			for _, m := range all {
				if at := m.at.In(m.zone).Format("15:04"); (m.kind == "morning" || m.kind == "daily") && at != "09:30" {
					t.Errorf("%s got their %s message at %s", m.to, m.kind, at)
				}
			}
			matches(t, name, table(all))
		})
	}
}

package calendar_test

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"cloudimage/workflow/calendar"
)

// The holiday data reckons in the zone of the machine. In 2004 the clocks of São
// Paulo skipped the midnight that began a holiday, so a machine there is the hard
// case; as the zone of a process is fixed when it starts, this test starts one.
func TestHolidayWhoseMidnightTheMachineSkips(t *testing.T) {
	t.Parallel()
	const zone = "America/Sao_Paulo"
	if os.Getenv("TZ") != zone {
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
		cmd.Env = append(os.Environ(), "TZ="+zone)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("on a machine in %s: %v\n%s", zone, err, out)
		}
		return
	}
	if h := time.Date(2004, time.November, 2, 0, 0, 0, 0, time.Local).Hour(); h == 0 {
		t.Fatal("the clocks do not skip this midnight; the test tests nothing")
	}
	c := newCalendar(t, calendar.Options{Countries: []string{"br"}})
	for text, want := range map[string]bool{"2004-11-01": false, "2004-11-02": true, "2004-11-03": false} {
		if _, got := c.Holiday(date(t, text)); got != want {
			t.Errorf("Holiday(%s) = %t, want %t", text, got, want)
		}
	}
}

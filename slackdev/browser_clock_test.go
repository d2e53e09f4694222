package slackdev

import (
	"context"
	"testing"
	"time"
)

// TestTheClockPanelInABrowser moves the clock in every way that the page has, as
// somebody whose zone is not UTC.
func TestTheClockPanelInABrowser(t *testing.T) {
	t.Parallel()
	ws := start(t)
	maya := look(t, ws, "maya")[0]
	zone := ws.User("maya").Zone()
	if zone.String() != "Asia/Kolkata" {
		t.Fatalf("this test is about another zone than %s", zone)
	}
	maya.click(`[data-testid="clock"]`)
	// From Tuesday, 14:30 in Kolkata.
	for _, step := range []struct{ press, want string }{
		{"clock-minute", "2025-11-25T14:31"},
		{"clock-hour", "2025-11-25T15:31"},
		{"clock-tomorrow", "2025-11-26T09:30"},
		{"clock-day", "2025-11-27T09:30"},
		{"clock-morning", "2025-11-28T09:30"},
		{"clock-business-days", "2025-12-05T09:30"}, // five
		{"clock-go", "2025-12-24T16:45"},
	} {
		if step.press == "clock-go" {
			maya.until(`((i) => { i.value = '` + step.want + `'; return i.value === '` + step.want + `'; })(document.querySelector('[data-testid="clock-date"]'))`)
		}
		maya.until(`!document.querySelector('[data-testid="` + step.press + `"]').disabled`)
		maya.click(`[data-testid="` + step.press + `"]`)
		if err := ws.WaitFor(within(t), func() bool { return ws.Clock().Now().In(zone).Format("2006-01-02T15:04") == step.want }); err != nil {
			t.Fatalf("%s: it is %s, want %s", step.press, ws.Clock().Now().In(zone), step.want)
		}
		maya.until(`document.querySelector('[data-testid="clock-date"]').value === '` + step.want + `'`)
	}
	maya.until(`document.querySelector('.clock-status').innerText.startsWith('It is now Wed, Dec 24')`)
	maya.shots("clock")
	maya.fill(`[data-testid="clock-days"]`, "0")
	maya.click(`[data-testid="clock-business-days"]`)
	maya.until(`document.querySelector('[data-testid="clock-days"]').value === '1' && document.querySelector('[data-testid="clock-date"]').value === '2025-12-25T16:45'`)
	maya.size(390, 844, 2)
	maya.shots("phone-clock")
	maya.until(`document.documentElement.scrollWidth <= 390`)
}

// within is time enough for the page to do what was pressed.
func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

package slackdev

import "time"

// maxEvents is how many events the app is sent in an hour. What is more is not
// sent; it is told so once a minute by app_rate_limited, which needs no
// subscription.
const maxEvents = 30_000

// eventRate counts the events of an hour of the workspace's clock.
type eventRate struct {
	hour   time.Time
	sent   int
	minute time.Time // of which the app was told
}

// mayEmit counts an event, and tells whether it may be sent. The workspace is
// locked.
func (ws *Workspace) mayEmit(name string, now time.Time) bool {
	r := &ws.st.eventRate
	if hour := now.Truncate(time.Hour); !hour.Equal(r.hour) {
		*r = eventRate{hour: hour}
	}
	if r.sent < maxEvents {
		r.sent++
		return true
	}
	if minute := now.Truncate(time.Minute); !minute.Equal(r.minute) {
		r.minute = minute
		ws.log.Warn("the app gets no more events in this hour", "limit", maxEvents, "event", name)
		ws.launch(&event{name: "app_rate_limited", at: now.Truncate(time.Second), payload: map[string]any{
			"token": "slackdev", "team_id": ws.st.team.id, "type": "app_rate_limited", "api_app_id": ws.st.app.id, "minute_rate_limited": minute.Unix(),
		}})
	}
	return false
}

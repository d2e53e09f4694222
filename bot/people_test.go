package bot

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"cloudimage/slackdev"
	"cloudimage/workflow"
)

func TestKindsOfPeople(t *testing.T) {
	t.Parallel()
	s := start(t, says("x"), slackdev.Options{})
	for id, want := range map[workflow.UserID]workflow.Profile{
		"U0ANA":      {Name: "ana"},
		"U0GUS":      {Name: "gus", Guest: true},
		"U0SOL":      {Name: "sol", Guest: true},
		"U0BUILDBOT": {Name: "buildbot", Bot: true},
		"U0DANA":     {Name: "dana", Deactivated: true},
		"U0OSCAR":    {Name: "oscar", Outsider: true},
		"U0NOBODY":   {Outsider: true},
	} {
		got, err := s.Profile(t.Context(), id)
		if err != nil {
			t.Errorf("%s: %v", id, err)
		}
		want.ID = id
		if got.Zone == nil {
			t.Errorf("%s has no time zone", id)
		}
		got.Zone, got.FullName = nil, ""
		if got != want {
			t.Errorf("%s is %+v, want %+v", id, got, want)
		}
	}
	if p, err := s.Profile(t.Context(), "U0ANA"); err != nil || p.FullName != "Ana Pereira" {
		t.Errorf("ana is called %q, %v", p.FullName, err)
	}
	if p, err := s.Profile(t.Context(), "U0ANA"); err != nil || p.Zone.String() != "Europe/Lisbon" {
		t.Errorf("ana is at home in %v, %v", p.Zone, err)
	}
	if n := s.slack.CallCount("users.info"); n > 2 {
		t.Errorf("people who were listed at the start were looked up %d times more", n)
	}
}

// A profile is kept by events, so that a deactivated person is refused at once.
func TestPersonWhoChanges(t *testing.T) {
	t.Parallel()
	s := start(t, says("x"), slackdev.Options{})
	event := `{"envelope_id":"change-1","type":"events_api","accepts_response_payload":false,"payload":{"type":"event_callback","team_id":"T0ACME","event_id":"Ev1",
		"event":{"type":"user_change","user":{"id":"U0ANA","team_id":"T0ACME","name":"ana","deleted":true,"tz":"Europe/Lisbon"}}}}`
	if _, err := s.slack.SendEnvelope(t.Context(), []byte(event)); err != nil {
		t.Fatal(err)
	}
	if p, err := s.Profile(t.Context(), "U0ANA"); err != nil || !p.Deactivated {
		t.Errorf("ana is %+v, %v", p, err)
	}
}

func TestPersonWhoMoves(t *testing.T) {
	t.Parallel()
	s := start(t, says("x"), slackdev.Options{})
	if err := s.slack.ChangeUser("maya", func(p *slackdev.SeedUser) { p.TZ = "America/New_York" }); err != nil {
		t.Fatal(err)
	}
	zone := func() *time.Location {
		p, err := s.Profile(t.Context(), "U0MAYA")
		if err != nil {
			t.Fatal(err)
		}
		return p.Zone
	}
	s.until("the change", func() bool { return zone().String() == "America/New_York" })
}

// The name of a zone is right all year; the offset beside it is that of today.
func TestZonesOfPeople(t *testing.T) {
	t.Parallel()
	p := newPeople(nil, nil, func() Identity { return Identity{TeamID: "T1"} })
	winter, summer := time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC), time.Date(2026, 7, 15, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name           string
		user           slack.User
		winter, summer time.Duration
	}{
		{"by name", slack.User{TZ: "Europe/Lisbon", TZOffset: 3600}, 0, time.Hour},
		{"by name, in the south", slack.User{TZ: "Australia/Adelaide"}, 10*time.Hour + 30*time.Minute, 9*time.Hour + 30*time.Minute},
		{"by name, whatever the offset says", slack.User{TZ: "Asia/Kolkata", TZOffset: -3600}, 5*time.Hour + 30*time.Minute, 5*time.Hour + 30*time.Minute},
		{"without a name", slack.User{TZOffset: 20700}, 5*time.Hour + 45*time.Minute, 5*time.Hour + 45*time.Minute},
		{"by a name nobody knows", slack.User{TZ: "Mars/Olympus", TZOffset: -7200}, -2 * time.Hour, -2 * time.Hour},
		{"of somebody who left", slack.User{Deleted: true}, 0, 0},
	} {
		zone := p.keep(&c.user).Zone
		for at, want := range map[time.Time]time.Duration{winter: c.winter, summer: c.summer} {
			if _, got := at.In(zone).Zone(); got != int(want.Seconds()) {
				t.Errorf("%s: on %s it is %ds from UTC, want %v", c.name, at.Format(time.DateOnly), got, want)
			}
		}
	}
}

// It is told once that somebody left, and again when they came back and left
// again.
func TestPersonWhoLeaves(t *testing.T) {
	t.Parallel()
	left := make(chan workflow.UserID, 9)
	s := start(t, says("x"), slackdev.Options{}, func(o *Options) { o.OnLeft = func(id workflow.UserID) { left <- id } })
	n := 0
	change := func(name string, edit func(*slackdev.SeedUser)) {
		t.Helper()
		if err := s.slack.ChangeUser(name, edit); err != nil {
			t.Fatal(err)
		}
		n++
		s.until("the event", func() bool { return s.counted("event_callback", "ok") == float64(n) })
	}
	as := func(k slackdev.UserKind) func(*slackdev.SeedUser) {
		return func(p *slackdev.SeedUser) { p.Kind = k }
	}
	change("omar", func(p *slackdev.SeedUser) { p.Title = "Lead" })
	change("omar", as(slackdev.KindDeleted))
	change("omar", func(p *slackdev.SeedUser) { p.Title = "" }) // and is gone still
	change("omar", as(slackdev.KindMember))
	// A look-up may have the news before the event.
	s.people.keep(&slack.User{ID: "U0OMAR", TeamID: "T0ACME", Deleted: true})
	change("omar", as(slackdev.KindDeleted))
	change("dana", func(p *slackdev.SeedUser) { p.Title = "" }) // who had left before the start
	change("lena", as(slackdev.KindDeleted))
	close(left)
	var got []workflow.UserID
	for id := range left {
		got = append(got, id)
	}
	if diff := cmp.Diff([]workflow.UserID{"U0OMAR", "U0OMAR", "U0LENA"}, got); diff != "" {
		t.Errorf("who left (-want +got):\n%s", diff)
	}
	// They are in no team any more, whatever the user group says.
	roster := s.people.present(workflow.Roster{Teams: map[workflow.TeamID]workflow.TeamRoster{
		"a": {Members: []workflow.UserID{"U0OMAR", "U0ANA"}, Lead: "U0OMAR"},
		"b": {Members: []workflow.UserID{"U0ANA", "U0LENA"}, Lead: "U0ANA"},
		"c": {Members: []workflow.UserID{"U0LENA"}, Lead: "U0LENA"},
	}})
	for team, want := range map[workflow.TeamID]workflow.TeamRoster{
		"a": {Members: []workflow.UserID{"U0ANA"}, Lead: "U0ANA"},
		"b": {Members: []workflow.UserID{"U0ANA"}, Lead: "U0ANA"},
		"c": {Members: []workflow.UserID{}},
	} {
		if diff := cmp.Diff(want, roster.Teams[team]); diff != "" {
			t.Errorf("team %s (-want +got):\n%s", team, diff)
		}
	}
}

// Whoever the payload says is of another workspace is an outsider, whatever the
// list of people says.
func TestPersonOfAnotherWorkspace(t *testing.T) {
	t.Parallel()
	s := start(t, says("x"), slackdev.Options{})
	click := `{"envelope_id":"click-1","type":"interactive","accepts_response_payload":false,"payload":{"type":"block_actions","team":{"id":"T0ACME"},
		"user":{"id":"U0STRANGER","team_id":"T0OTHER"},"trigger_id":"1.2.3","actions":[{"action_id":"mine"}]}}`
	if _, err := s.slack.SendEnvelope(t.Context(), []byte(click)); err != nil {
		t.Fatal(err)
	}
	if p, err := s.Profile(t.Context(), "U0STRANGER"); err != nil || !p.Outsider {
		t.Errorf("the stranger is %+v, %v", p, err)
	}
}

func TestPeopleWhoCannotBeLookedUp(t *testing.T) {
	t.Parallel()
	noList := []string{"users.list"}
	t.Run("for a moment", func(t *testing.T) {
		t.Parallel()
		s := start(t, says("x"), slackdev.Options{DisabledMethods: noList})
		s.slack.FailNext("users.info", 1, slackdev.Fault{Status: 503})
		if _, err := s.Profile(t.Context(), "U0ANA"); workflow.KindOf(err) != workflow.Unavailable || !mentions(err.Error(), "Please try again") {
			t.Errorf("the first look-up ends with %v", err)
		}
		if p, err := s.Profile(t.Context(), "U0ANA"); err != nil || p.Name != "ana" {
			t.Errorf("the second finds %+v, %v", p, err)
		}
	})
	t.Run("in time", func(t *testing.T) {
		t.Parallel()
		s := start(t, says("x"), slackdev.Options{DisabledMethods: noList})
		s.slack.FailNext("users.info", 1, slackdev.Fault{Hang: true})
		if _, err := s.Profile(t.Context(), "U0ANA"); workflow.KindOf(err) != workflow.Unavailable {
			t.Errorf("a look-up that hangs ends with %v", err)
		}
		s.slack.ReleaseHung()
		s.until("the answer", func() bool { return s.slack.CallCount("users.info") > 0 })
		if p, err := s.Profile(t.Context(), "U0ANA"); err != nil || p.Name != "ana" {
			t.Errorf("afterwards it is %+v, %v", p, err)
		}
	})
	t.Run("again", func(t *testing.T) {
		t.Parallel()
		s := start(t, says("x"), slackdev.Options{})
		s.forget("U0ANA")
		s.slack.FailNext("users.info", 1, slackdev.Fault{Status: 503})
		if p, err := s.Profile(t.Context(), "U0ANA"); err != nil || p.Name != "ana" {
			t.Errorf("who was known some minutes ago is %+v, %v", p, err)
		}
	})
	t.Run("for want of a scope", func(t *testing.T) {
		t.Parallel()
		s := start(t, says("x"), slackdev.Options{ScopesGranted: []string{"commands", "chat:write"}})
		if _, err := s.Profile(t.Context(), "U0ANA"); workflow.KindOf(err) != workflow.Unavailable || !mentions(err.Error(), "users:read") {
			t.Errorf("the look-up ends with %v", err)
		}
	})
	t.Run("on a server that has no such method", func(t *testing.T) {
		t.Parallel()
		s := start(t, says("x"), slackdev.Options{DisabledMethods: append(noList, "users.info")})
		if p, err := s.Profile(t.Context(), "U0ANA"); err != nil || p.Outsider || p.Guest || p.Zone == nil {
			t.Errorf("ana is %+v, %v", p, err)
		}
		calls := s.slack.CallCount("users.info")
		if _, err := s.Profile(t.Context(), "U0OMAR"); err != nil || s.slack.CallCount("users.info") != calls {
			t.Errorf("it was asked again: %v", err)
		}
	})
}

// forget lets what is known of a person be older than it is believed.
func (s *site) forget(id workflow.UserID) {
	s.people.mu.Lock()
	defer s.people.mu.Unlock()
	known := s.people.profiles[id]
	known.at = known.at.Add(-profileAge - time.Second)
	s.people.profiles[id] = known
}

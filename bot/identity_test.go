package bot

import (
	"strings"
	"testing"
	"time"

	"cloudimage/slackdev"
)

func TestIdentityKnowsWhenTheTokenEnds(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
	rotated := strings.Replace(manifest, "socket_mode_enabled: true", "socket_mode_enabled: true\n  token_rotation_enabled: true", 1)
	for name, want := range map[string]time.Time{manifest: {}, rotated: now.Add(12 * time.Hour)} {
		s := newSite(t, slackdev.Options{Manifest: []byte(name), Now: now}, func(o *Options) { o.Now = func() time.Time { return now } })
		who, err := identify(t.Context(), s.web, s.token, s.options.Now)
		if err != nil || !who.Ends.Equal(want) || who.TeamID != "T0ACME" || len(who.Scopes) == 0 {
			t.Errorf("it is %+v, %v; its token ends at %v", who, err, want)
		}
	}
}

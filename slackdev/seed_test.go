package slackdev

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

func TestTheDefaultSeedHasEveryKindOfAccountAndChannel(t *testing.T) {
	t.Parallel()
	s := DefaultSeed()
	kinds := map[UserKind]bool{}
	half := false
	for _, u := range s.Users {
		k := u.Kind
		if k == "" {
			k = KindMember
		}
		kinds[k] = true
		zone, err := time.LoadLocation(u.TZ)
		if err != nil {
			t.Errorf("%s: %v", u.Name, err)
			continue
		}
		_, offset := testNow.In(zone).Zone()
		half = half || offset%3600 != 0
	}
	if len(kinds) != 7 || !half {
		t.Errorf("kinds %v, half-hour zone %v", kinds, half)
	}
	ws := start(t)
	for name, want := range map[string]UserID{"ana": "U0ANA", "@omar": "U0OMAR", "U0WEI": "U0WEI"} {
		if got := ws.User(name).ID(); got != want {
			t.Errorf("%s is %s", name, got)
		}
	}
}

func TestSeedsRoundTripThroughJSONAndYAML(t *testing.T) {
	t.Parallel()
	want := DefaultSeed()
	var a, b Seed
	raw, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &a); err != nil {
		t.Fatal(err)
	}
	if raw, err = yaml.Marshal(want); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(raw, &b); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, &a); diff != "" {
		t.Errorf("JSON:\n%s", diff)
	}
	if diff := cmp.Diff(want, &b); diff != "" {
		t.Errorf("YAML:\n%s", diff)
	}
}

func TestBadSeedsAndManifestsAreRefusedWithTheReason(t *testing.T) {
	t.Parallel()
	seed := func(change func(*Seed)) Options {
		s := DefaultSeed()
		change(s)
		return Options{Seed: s}
	}
	manifest := func(old, new string) Options {
		return Options{Manifest: []byte(strings.Replace(testManifest, old, new, 1))}
	}
	for want, o := range map[string]Options{
		"domain is missing":              seed(func(s *Seed) { s.Team.Domain = "" }),
		"used twice":                     seed(func(s *Seed) { s.Users = append(s.Users, SeedUser{Name: "ana"}) }),
		"unknown time zone":              seed(func(s *Seed) { s.Users[0].TZ = "Nowhere/City" }),
		"a stranger needs":               seed(func(s *Seed) { s.Users[12].TeamID = "" }),
		`no user is named "zoe"`:         seed(func(s *Seed) { s.UserGroups[0].Users = []string{"zoe"} }),
		`channel "general": no user`:     seed(func(s *Seed) { s.Channels[1].Members = []string{"zoe"} }),
		"display_information.name":       manifest("name: Test App", "title: x"),
		"socket_mode_enabled must be":    manifest("socket_mode_enabled: true", "socket_mode_enabled: false"),
		"must begin with a slash":        manifest("command: /thing", "command: thing"),
		"type must be global or message": manifest("type: global", "type: local"),
		"read manifest":                  {Manifest: []byte("{")},
		"is not loopback":                {Addr: "0.0.0.0:0"},
	} {
		ws, err := Start(o)
		if err == nil {
			ws.Close()
			t.Errorf("%s: it started", want)
		} else if !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestABareWorkspaceServesAnAppWithoutAManifest(t *testing.T) {
	t.Parallel()
	ws, err := Start(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	if resp, err := api(ws).AuthTest(); err != nil || resp.User != "app" || resp.Team != "Acme" {
		t.Errorf("%+v, %v", resp, err)
	}
	if _, err := ws.User("ana").Slash(t.Context(), "#general", "/thing"); err == nil {
		t.Error("a command that nobody registered was run")
	}
}

package slackdev

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheDefaultSeedIsAFile(t *testing.T) {
	t.Parallel()
	src := must[[]byte](t)(DefaultSeed().YAML())
	got, err := ParseSeed("seed.yaml", src)
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	if diff := cmp.Diff(DefaultSeed(), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestASeedFileIsReadStrictly(t *testing.T) {
	t.Parallel()
	const team = "team: { name: Acme, domain: acme }\n"
	const ana = team + "users:\n  - name: ana\n"
	for name, c := range map[string]struct{ src, want string }{
		"empty":            {"", "s.yaml: a seed is one YAML document with team, users, usergroups and channels"},
		"two documents":    {ana + "---\n" + ana, "s.yaml: a seed is one YAML document with team, users, usergroups and channels"},
		"broken":           {ana + "  - name: [", "s.yaml:4:11: sequence end token ']' not found"},
		"a key":            {ana + "    nmae: x\n", `s.yaml:4:5: there is no key "nmae" here; those there are: id, name, real_name, title, email, tz, kind, team_id`},
		"a key on top":     {ana + "rooms: []\n", `s.yaml:4:1: there is no key "rooms" here; those there are: channels, team, usergroups, users`},
		"a list":           {team + "users: ana\n", "s.yaml:2:8: this must be a list, such as [a, b]"},
		"a text":           {team + "users:\n  - name: [ana]\n", "s.yaml:3:11: this must be text"},
		"true or false":    {ana + "channels:\n  - { name: x, private: maybe, members: [] }\n", "s.yaml:5:25: this must be true or false"},
		"no domain":        {"team: { name: Acme }\nusers:\n  - name: ana\n", "s.yaml:1:7: the team needs a domain, which is the part before .slack.com, such as acme"},
		"nobody":           {team, "s.yaml: a workspace needs people: list at least one under users"},
		"a name":           {team + "users:\n  - name: \"@ana\"\n", `s.yaml:3:11: a person needs a name as in @ana: one word without @, not "@ana"`},
		"twice":            {ana + "  - name: ana\n", `s.yaml:4:11: there is another person "ana" above`},
		"a zone":           {ana + "    tz: Lisbon\n", `s.yaml:4:9: "Lisbon" is no time zone; write one like Europe/Lisbon`},
		"a kind":           {ana + "    kind: boss\n", `s.yaml:4:11: there is no kind of account "boss"; those there are: member, admin, guest, single_channel_guest, bot, deleted, stranger`},
		"an id":            {team + "users:\n  - name: é\n  - name: è\n", `s.yaml:4:11: "è" would have the id U0, as "é" has: give one of them another id`},
		"a stranger":       {ana + "    kind: stranger\n", "s.yaml:3:5: a stranger needs the team_id of another workspace, such as T0PARTNER"},
		"a group":          {ana + "usergroups:\n  - { users: [ana] }\n", "s.yaml:5:5: a user group needs a handle of its own"},
		"whom in a group":  {ana + "usergroups:\n  - { handle: x, users: [ana, lee] }\n", `s.yaml:5:31: nobody under users is named "lee"`},
		"a channel":        {ana + "channels:\n  - { name: General, members: [everyone] }\n", `s.yaml:5:13: a channel is named with at most 80 small letters, digits, - and _, not "General"`},
		"a channel twice":  {ana + "channels:\n  - { name: x, members: [] }\n  - { name: x, members: [] }\n", `s.yaml:6:13: there is another channel "x" above`},
		"a channel's whom": {ana + "channels:\n  - name: x\n    members:\n      - lee\n", `s.yaml:7:9: nobody under users is named "lee"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := ParseSeed("s.yaml", []byte(c.src))
			if err == nil {
				t.Fatalf("it was taken: %+v", s)
			}
			if diff := cmp.Diff(c.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	_, err := ParseSeed("s.yaml", []byte(ana+"  - { name: lee, kind: x, tz: y }\n"))
	if err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("all that is wrong is not told at once: %v", err)
	}
}

func FuzzParseSeed(f *testing.F) {
	src, err := DefaultSeed().YAML()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(src))
	f.Add("team: { domain: x }\nusers: [{ name: a, kind: stranger, team_id: T1 }]\nchannels: [{ name: a, members: [everyone] }]\n")
	f.Fuzz(func(t *testing.T, src string) {
		s, err := ParseSeed("s.yaml", []byte(src))
		if err != nil {
			return
		}
		// What is taken can be started.
		st := newState()
		st.bot = &user{id: "UBOT", name: "a bot"}
		if err := s.build(st, testNow); err != nil {
			t.Errorf("it was taken and cannot be built: %v\n%s", err, src)
		}
	})
}

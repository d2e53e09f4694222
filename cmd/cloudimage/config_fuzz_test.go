package main

import (
	"strings"
	"testing"
)

// FuzzConfig holds that no text is too strange to be read or refused, and that
// what is refused is refused by the name of the file.
func FuzzConfig(f *testing.F) {
	for _, seed := range []string{
		"", "# nothing\n", "channel: C1\n", "channel: [C1]\n", "chanel: C1\n", "admins: ines\n", "a: b: c\n", "\tx: y\n",
		"channel: C1\n---\nadmins: []\n", "teams: { omnibus: { groop: x } }\n", "teams:\n  omnibus:\n    members: [U1]\n    lead: U2\n",
		"calendar: &a { zone: x }\nteams: { omnibus: { calendar: *a } }\n", "calendar:\n  holidays:\n    - { date: x, name: y, z: 1 }\n",
		"product:\n  editions: [a/b, '']\n", "? [a]\n: b\n", "<<: { channel: x }\n", "channel: !!binary x\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var c Config
		var err error
		if c.source, err = decode("c.yaml", []byte(text), &c); err == nil {
			if err = c.check(); err == nil {
				_, err = newCalendars(c)
			}
		}
		if err == nil {
			return
		}
		for line := range strings.Lines(err.Error()) {
			if !strings.HasPrefix(line, "c.yaml:") {
				t.Errorf("the error does not say where: %q", line)
			}
		}
	})
}

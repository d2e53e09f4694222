package view

import (
	"testing"
)

func TestSizeIsWhatTheEncoderWrites(t *testing.T) {
	t.Parallel()
	for name, r := range cards(t) {
		for _, m := range []Message{named.Card(r), drawn(r, ana), drawn(r, omar), drawn(r, maya), drawn(r, wei)} {
			if got, want := m.size(), len(m.encode()); got != want {
				t.Errorf("%s: counted %d bytes, encoded %d: %s", name, got, want, m.encode())
			}
		}
	}
	for _, drawn := range []map[string]Message{mornings(t), dailies(t), stories(t), directs(t), releaseDirects(t), releaseMornings(t), releaseStories(t), builtDirects(t), buildDrawings(t)} {
		for name, m := range drawn {
			if got, want := m.size(), len(m.encode()); got != want {
				t.Errorf("%s: counted %d bytes, encoded %d", name, got, want)
			}
		}
	}
	for _, s := range []string{"", "a\"b\\c\n\r\t\b\f\x01\x7f", "<&>", "\u2028\u2029é👩🏽‍🚀", "\xff\xfe", hostile(500)} {
		m := Message{Text: s}
		m.Blocks = append(m.Blocks, section(s, nil))
		if got, want := m.size(), len(m.encode()); got != want {
			t.Errorf("%q: counted %d bytes, encoded %d", s, got, want)
		}
	}
}

// TestRowsAreOnlyDoableWhereTheDomainSaysSo holds the card's own idea of what
// can be done against the domain's.
func TestRowsAreOnlyDoableWhereTheDomainSaysSo(t *testing.T) {
	t.Parallel()
	for name, r := range cards(t) {
		for _, step := range openSteps(r) {
			for _, row := range step.rows {
				if got, want := len(row.held) == 0, r.Doable(row.Key); got != want {
					t.Errorf("%s: %s drawn as doable: %t, but it is %t", name, row.Key, got, want)
				}
			}
		}
	}
}

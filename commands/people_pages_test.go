package commands_test

import (
	"strings"
	"testing"

	"cloudimage/commands"
	"cloudimage/workflow"
)

func TestAway(t *testing.T) {
	t.Parallel()
	s := &sheet{office: opened(t)}
	for _, line := range []string{
		"away", "away until friday", "away cover @lena", "away cover @lena until 2026-12-03", "away", "why digital 2.4.1", "mine",
		"away @me until 3 Dec, covered by @lena", "back", "back", "history digital",
	} {
		s.asks("omar", line)
	}
	s.asks("lena", "mine")
	s.asks("ana", "away @lee until tomorrow cover @ana")
	s.asks("ana", "settings")
	s.asks("ana", "back @lee")
	s.asks("ana", "away off")
	golden(t, "away", s.String())
}

// What cannot be said of an absence is refused with a sentence, and nothing
// changes.
func TestBadAbsences(t *testing.T) {
	t.Parallel()
	base := opened(t)
	base.must("lena", "away until 2026-12-10 cover @omar")
	for _, c := range []struct{ who, line, want string }{
		{"omar", "away until 2026-11-19 cover @tom", "That day is over"},
		{"omar", "away until 2026-02-30 cover @tom", "There is no day 2026-02-30"},
		{"omar", "away until 30 February cover @tom", "There is no day 30 February"},
		{"omar", "away until 31 november cover @tom", "There is no day 31 november"},
		{"omar", "away until 2028-01-01 cover @tom", "more than half a year"},
		{"omar", "away until 2026-12-03 cover @omar", "nobody covers for themselves"},
		{"omar", "away until 2026-12-03 cover @me", "nobody covers for themselves"},
		{"omar", "away until 2026-12-03 cover @lena", "would lead in a circle"},
		{"omar", "away until 2026-12-03 cover @gus", "cannot act here"},
		{"omar", "away until 2026-12-03 cover @oscar", "cannot act here"},
		{"omar", "away until 2026-12-03 cover @buildbot", "cannot act here"},
		{"omar", "away until 2026-12-03 cover @dana", "cannot act here"},
		{"omar", "away @maya until 2026-12-03 cover @tom", "for them to say"},
		{"ines", "away @gus until 2026-12-03 cover @tom", "cannot act here"},
		{"omar", "away until later", "I do not understand “later”"},
		{"omar", "back", "is not away"},
		{"omar", "back @maya", "for them to say"},
		{"omar", "back soon", "I do not understand “soon”"},
	} {
		o := base.again(t)
		reply, err := o.types(c.who, c.line)
		if got := print(reply, err); err == nil || !strings.Contains(got, c.want) {
			t.Errorf("%s, %s: %s", c.who, c.line, got)
		}
		if o.changed(base) {
			t.Errorf("%s, %s: it changed something", c.who, c.line)
		}
	}
	// A name that Slack has not turned into a mention is nobody.
	if _, err := base.do("omar", commands.Request{Verb: "away", Text: "until friday cover @wei"}); err == nil || !strings.Contains(err.Error(), "@wei") {
		t.Errorf("%v", err)
	}
}

func TestMaintainer(t *testing.T) {
	t.Parallel()
	s := &sheet{office: opened(t)}
	s.releases("GitLab 17.5.1")
	for _, line := range []string{
		"maintainer", "maintainer omnibus", "maintainer Omnibus team @tom for everything until 2026-12-31 because they are hiring.",
		"maintainer omnibus @tom until 2026-12-31 because they are hiring", "maintainer omnibus @lena until they are five again review 2026-12-01 because they are two",
		"mine", "settings", "handback", "handback omnibus", "review omnibus", "review omnibus 2026-12-15", "why gitlab 2.1", "why gitlab 1.2", "why gitlab 1.2 EE", "why gitlab", "launch gitlab",
	} {
		s.asks("omar", line)
	}
	s.clicks("lena", "handback", commands.Target{Field: "omnibus/U0LENA"})
	s.clicks("una", "handback", commands.Target{Field: "omnibus/U0LENA/yes"})
	s.clicks("lena", "handback", commands.Target{Field: "omnibus/U0LENA/yes"})
	s.clicks("lena", "handback", commands.Target{Field: "omnibus/U0LENA/yes"})
	s.clicks("lena", "handback", commands.Target{Field: "omnibus/U0TOM"})
	s.clicks("omar", "review", commands.Target{Field: "omnibus/U0TOM"})
	s.asks("ana", "")
	golden(t, "maintainer", s.String())
}

func TestBadMaintainers(t *testing.T) {
	t.Parallel()
	base := opened(t)
	for _, c := range []struct{ who, line, want string }{
		{"omar", "maintainer cooks @tom until 2026-12-31 because hiring", "There is no team “cooks”. There are: strategic-partnerships, omnibus, partner-marketing"},
		{"omar", "maintainer cooks", "There is no team “cooks”"},
		{"omar", "maintainer partner-marketing @tom for everything until 2026-12-31 because hiring", "for the team to say"},
		{"omar", "maintainer omnibus @tom until 2026-02-30 because hiring", "There is no day 2026-02-30"},
		{"omar", "maintainer omnibus @tom until 2026-11-19 because hiring", "That day is over"},
		{"omar", "maintainer omnibus @tom until they are five review soon because hiring", "“soon” is no day"},
		{"omar", "maintainer omnibus @tom until they are five review 2026-11-01 because hiring", "That day is over"},
		{"omar", "maintainer omnibus @gus until 2026-12-31 because hiring", "cannot act here"},
		{"omar", "maintainer omnibus @tom for lunch until 2026-12-31 because hiring", "“lunch” is not what somebody can stand in for"},
		{"una", "maintainer", "for the team to say"},
		{"omar", "handback", "Nobody stands in for a team"},
		{"omar", "handback omnibus", "Nobody stands in there"},
		{"omar", "review", "Nobody stands in for a team"},
	} {
		o := base.again(t)
		reply, err := o.types(c.who, c.line)
		if got := print(reply, err); err == nil || !strings.Contains(got, c.want) {
			t.Errorf("%s, %s: %s", c.who, c.line, got)
		}
		if o.changed(base) {
			t.Errorf("%s, %s: it changed something", c.who, c.line)
		}
	}
	form := base.must("omar", "maintainer omnibus @tom").Form
	for field, answers := range map[workflow.FieldID][]string{
		"until": {"until=", "condition=", "review="}, "review": {"condition=They are five.", "until=", "review="}, "reason": {"reason= "},
	} {
		o := base.again(t)
		if _, err := o.sends("omar", form, append([]string{"until=2026-12-31"}, answers...)...); !strings.Contains(print(commands.Reply{}, err), "  "+string(field)+": ") {
			t.Errorf("%s: %v", answers, err)
		}
	}
}

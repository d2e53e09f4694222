package commands

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
)

func TestStageWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"":                                       nil,
		"DigitalOcean":                           nil,
		"2":                                      {"", "2", ""},
		"DigitalOcean 2":                         {"DigitalOcean", "2", ""},
		"17 2 2026-12-05":                        {"17", "2", "2026-12-05"},
		"Exoscale 2 3 <@U1> 2026-12-05":          {"Exoscale 2", "3", "<@U1> 2026-12-05"},
		"R-17 2 soon":                            {"R-17", "2", "soon"},
		"DigitalOcean 2026-12-05":                nil,
		"DigitalOcean 100":                       nil,
		"DigitalOcean12":                         nil,
		"Digital Ocean 2   2026-12-05  and more": {"Digital Ocean", "2", "2026-12-05  and more"},
	} {
		var got []string
		if m := stageWords.FindStringSubmatch(text); m != nil {
			got = m[1:]
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestSnoozeWords(t *testing.T) {
	t.Parallel()
	why := func(v Values, reason string) Values { v[workflow.FieldReason] = []string{reason}; return v }
	for text, want := range map[string]struct {
		answers Values
		enough  bool
	}{
		"2":                          {Values{fieldWhen: {"2"}}, false},
		"2 waiting for the  lawyers": {why(Values{fieldWhen: {"2"}}, "waiting for the  lawyers"), true},
		"007 they said so":           {why(Values{fieldWhen: {"7"}}, "they said so"), true},
		"Tomorrow they call":         {why(Values{fieldWhen: {"1"}}, "they call"), true},
		"2026-12-01":                 {Values{fieldWhen: {snoozeOn}, workflow.FieldUntil: {"2026-12-01"}}, false},
		"2026-2-30 they call":        {why(Values{fieldWhen: {snoozeOn}, workflow.FieldUntil: {"2026-2-30"}}, "they call"), true},
		"off":                        {Values{fieldWhen: {snoozeOff}}, true},
		"OFF please":                 {Values{fieldWhen: {snoozeOff}}, true},
		"they call back":             {why(Values{}, "they call back"), false},
		"2nd of December":            {why(Values{}, "2nd of December"), false},
	} {
		if diff := cmp.Diff(want.answers, prefillSnooze(workflow.Node{}, text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
		if got := parseSnooze(text) != nil; got != want.enough {
			t.Errorf("%q says enough: %v, want %v", text, got, want.enough)
		}
	}
}

package view

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"cloudimage/commands"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

func TestCodec(t *testing.T) {
	t.Parallel()
	for want, in := range map[string]struct {
		verb   string
		target commands.Target
	}{
		"done=run_1|go-live@ce-image|2l": {"done", commands.Target{Run: "run_1", Step: workflow.ParseStepKey("go-live@ce-image"), Version: 93}},
		"update=run_1":                   {"update", commands.Target{Run: "run_1"}},
		"act=run_1|upload|3|escalate":    {"act", commands.Target{Run: "run_1", Step: workflow.StepKey{Step: "upload"}, Version: 3, Field: "escalate"}},
		"process=||||image-maintenance":  {"process", commands.Target{Process: "image-maintenance"}},
		"new=|||||C1":                    {"new", commands.Target{Channel: "C1"}},
		"retry=|||14:chs%7C1|||b-5c1e":   {"retry", commands.Target{Build: "b-5c1e", Field: "14:chs|1"}},
		"sign=run_1||||||b-5c1e":         {"sign", commands.Target{Run: "run_1", Build: "b-5c1e"}},
		":=":                             {"", commands.Target{}},
		"status=a%7Cb%25c":               {"status", commands.Target{Run: "a|b%c"}},
	} {
		id, value := Action(in.verb, in.target)
		if got := id + "=" + value; got != want {
			t.Errorf("Action(%q, %+v) = %q, want %q", in.verb, in.target, got, want)
		}
		for _, suffix := range []string{"", ":2"} {
			verb, target, err := ParseAction(id+suffix, value)
			if err != nil || verb != in.verb || target != in.target {
				t.Errorf("ParseAction(%q, %q) = %q, %+v, %v", id+suffix, value, verb, target, err)
			}
		}
		verb, target, err := ParseAction(menuID(in.target), in.verb)
		if err != nil || verb != in.verb || target != in.target {
			t.Errorf("as a menu: %q, %+v, %v", verb, target, err)
		}
		verb, target, err = ParseMetadata(Metadata(in.verb, in.target))
		if err != nil || verb != in.verb || target != in.target {
			t.Errorf("as a form: %q, %+v, %v", verb, target, err)
		}
	}
}

func TestWhatIsGarbledIsRefused(t *testing.T) {
	t.Parallel()
	for _, in := range [][2]string{
		{"DONE", "run_1"}, {"do ne", "run_1"}, {"done", "run_1|step|-3"}, {"done", "run_1|step|0"}, {"done", "run_1|step|!"},
		{"done", "run_1|step|zzzzzzzzzzzzzzzzzzzzzz"}, {"done", "a|b|1|d|e|f|g|h"}, {"done", "%"}, {"done", "%2"}, {"done", "%41"},
		{"done", "\xff"}, {"more:run_1", "No Verb"}, {"more:%", "note"}, {strings.Repeat("a", 41), ""}, {strings.Repeat("a", 300), ""},
		{"done", strings.Repeat("a", 2001)},
	} {
		if verb, target, err := ParseAction(in[0], in[1]); err == nil {
			t.Errorf("ParseAction(%.50q, %.50q) = %q, %+v", in[0], in[1], verb, target)
		}
	}
	for _, in := range []string{"", "done", "DONE|", "done|%", "done|a|b|-", strings.Repeat("a", 4000), "\xff|"} {
		if verb, target, err := ParseMetadata(in); err == nil {
			t.Errorf("ParseMetadata(%.50q) = %q, %+v", in, verb, target)
		}
	}
}

// TestEveryTargetComesBack writes and reads targets of any ids.
func TestEveryTargetComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.OneOf(rapid.StringMatching(`[a-z0-9-]{0,20}`), rapid.String())
		target := commands.Target{
			Run: workflow.RunID(id.Draw(t, "run")), Step: workflow.ParseStepKey(id.Draw(t, "step")),
			Version: rapid.Int64Min(0).Draw(t, "version"), Field: workflow.FieldID(id.Draw(t, "field")),
			Process: workflow.ProcessName(id.Draw(t, "process")), Channel: workflow.ChannelID(id.Draw(t, "channel")),
			Build: images.BuildID(id.Draw(t, "build")),
		}
		actionID, value := Action("done", target)
		verb, got, err := ParseAction(actionID, value)
		if len(value) <= maxValue && (err != nil || verb != "done" || got != target) {
			t.Fatalf("%+v was written as %q and read as %+v, %v", target, value, got, err)
		}
	})
}

func FuzzParseAction(f *testing.F) {
	f.Add("done", "run_1|go-live@ce-image|2l")
	f.Add("more:run_1", "note")
	f.Add(":", "||||p|c")
	f.Add("retry:2", "|||14:chs%7C1|||b-5c1e")
	f.Fuzz(func(t *testing.T, actionID, value string) {
		verb, target, err := ParseAction(actionID, value)
		if err != nil {
			return
		}
		id, again := Action(verb, target)
		verb2, target2, err := ParseAction(id, again)
		if err != nil && len(again) <= maxValue || err == nil && (verb2 != verb || target2 != target) {
			t.Errorf("%q %q was read as %q %+v, and that again as %q %+v, %v", actionID, value, verb, target, verb2, target2, err)
		}
	})
}

func FuzzParseMetadata(f *testing.F) {
	f.Add("new||||first-time-image|C1")
	f.Add("publish||||||C1|b-5c1e")
	f.Fuzz(func(t *testing.T, s string) {
		verb, target, err := ParseMetadata(s)
		if err != nil {
			return
		}
		if !utf8.ValidString(s) {
			t.Errorf("%q is not text, but was read as %q %+v", s, verb, target)
		}
		verb2, target2, err := ParseMetadata(Metadata(verb, target))
		if err != nil || verb2 != verb || target2 != target {
			t.Errorf("%q was read as %q %+v, and that again as %q %+v, %v", s, verb, target, verb2, target2, err)
		}
	})
}

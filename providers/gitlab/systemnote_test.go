package gitlab

import (
	"strings"
	"testing"
	"unicode/utf8"

	"cloudimage/workflow/mirror"
)

// TestSystemNotes has each wording with where it is from.
func TestSystemNotes(t *testing.T) {
	t.Parallel()
	ticked := func(text string) systemNote { return systemNote{kind: mirror.Ticked, text: text} }
	unticked := func(text string) systemNote { return systemNote{kind: mirror.Unticked, text: text} }
	mentioned := func(ref string) systemNote { return systemNote{kind: mirror.Mentioned, ref: ref} }
	moved := func(ref string) systemNote { return systemNote{kind: mirror.MovedTo, ref: ref} }
	described, assigned := systemNote{kind: mirror.Described}, systemNote{kind: mirror.Assigned}
	dated, other := systemNote{kind: mirror.Dated}, systemNote{kind: mirror.OtherActivity}
	for _, from := range []struct {
		name  string
		notes map[string]systemNote
	}{
		{"issuables_service.rb, today: ticks", map[string]systemNote{
			"marked the checklist item **Build the image** as completed":          ticked("Build the image"),
			"marked the checklist item **Build the image** as incomplete":         unticked("Build the image"),
			"marked the checklist item **a **bold** one** as completed":           ticked("a **bold** one"),
			"marked the checklist item **as completed** as incomplete":            unticked("as completed"),
			"marked the checklist item ** wide ** as completed":                   ticked("wide"),
			"marked the checklist item **Look at `a_b` in C:\\dir** as completed": ticked("Look at `a_b` in C:\\dir"),
		}},
		{"issuables_service.rb until 15.2, and before 10 with a capital: ticks", map[string]systemNote{
			"marked the task **Build the image** as completed":  ticked("Build the image"),
			"Marked the task **Build the image** as incomplete": unticked("Build the image"),
		}},
		{"gitlab.com in August and October 2026: marks are escaped", map[string]systemNote{
			`marked the checklist item **remains a non\-authoritative candidate until every development\-resume criterion passes\.** as completed`: ticked("remains a non-authoritative candidate until every development-resume criterion passes."),
			`marked the checklist item **main is the declared default branch; it's read back, through the provider API\.** as incomplete`:          unticked("main is the declared default branch; it's read back, through the provider API."),
			`marked the checklist item **Close \#4 as obsolete: src/x\.go says a \= \"1\" — why it is so\.  key\=4/close\-obsolete** as completed`: ticked(`Close #4 as obsolete: src/x.go says a = "1" — why it is so.  key=4/close-obsolete`),
			`marked the checklist item **a \*star\* and a \\ backslash\.** as completed`:                                                           ticked(`a *star* and a \ backslash.`),
		}},
		{"older servers: the line is as it is written, with its author's backslashes", map[string]systemNote{
			`marked the checklist item **Keep the \* in a.b** as completed`:  ticked(`Keep the \* in a.b`),
			`marked the checklist item **Tell #4, not \#5** as completed`:    ticked(`Tell #4, not \#5`),
			`marked the task **end with a backslash \** as completed`:        ticked(`end with a backslash \`),
			"marked the checklist item **plain words only** as completed":    ticked("plain words only"),
			"marked the checklist item **with <!-- key --> x** as completed": ticked("with <!-- key --> x"),
		}},
		{"issuables_service.rb: the description and assignees", map[string]systemNote{
			"changed the description":                               described,
			"Changed the description":                               described,
			"assigned to @maya":                                     assigned,
			"assigned to @maya and unassigned @jo":                  assigned,
			"assigned to @maya, @jo, and @li":                       assigned,
			"unassigned @maya":                                      assigned,
			"removed assignee":                                      assigned,
			"removed all assignees":                                 assigned,
			"Reassigned to @maya":                                   assigned,
			"changed title from **a** to **b**":                     other,
			"changed the description of a table in another wording": other,
		}},
		{"time_tracking_service.rb", map[string]systemNote{
			"changed due date to September 20, 2018": dated,
			"removed due date":                       dated,
			"removed due date September 20, 2018":    dated,
			"changed start date to September 20, 2018 and changed due date to September 25, 2018": dated,
			"removed start date September 20, 2018 and removed due date September 25, 2018":       dated,
			"changed start date to September 20, 2018":                                            other,
			"changed time estimate to 3d 5h":                                                      other,
			"added 2h 30m of time spent":                                                          other,
		}},
		{"mentionable.rb and issue.rb: mentions", map[string]systemNote{
			"mentioned in merge request !12":                        mentioned("!12"),
			"mentioned in merge request images!12":                  mentioned("images!12"),
			"mentioned in merge request group/images!12":            mentioned("group/images!12"),
			"mentioned in issue #12":                                mentioned("#12"),
			"mentioned in issue group/sub/images#12":                mentioned("group/sub/images#12"),
			"mentioned in incident #12":                             mentioned("#12"),
			"mentioned in test case #12":                            mentioned("#12"),
			"mentioned in work item #12":                            mentioned("#12"),
			"mentioned in task group/images#12":                     mentioned("group/images#12"),
			"Mentioned in merge request !12":                        mentioned("!12"),
			"mentioned in #12":                                      mentioned("#12"),
			"mentioned in https://gitlab.com/a/b/-/issues/12":       mentioned("https://gitlab.com/a/b/-/issues/12"),
			"mentioned in commit 54f7727c":                          other,
			"mentioned in commit group/images@54f7727c850972f0401c": other,
			"mentioned in epic &5":                                  other,
			"mentioned in epic group#5":                             other,
			"mentioned in project snippet $5":                       other,
			"mentioned in issue #0":                                 other,
		}},
		{"issuables_service.rb: moves", map[string]systemNote{
			"moved to group/other#11":                                    moved("group/other#11"),
			"moved to other#11":                                          moved("other#11"),
			"Moved to group/other#11":                                    moved("group/other#11"),
			"moved from group/other#11":                                  other,
			"cloned to group/other#11":                                   other,
			"promoted to epic &5":                                        other,
			"marked this issue as a duplicate of #12":                    other,
			"marked this issue as related to #12":                        other,
			"marked this merge request as **ready**":                     other,
			"approved this merge request":                                other,
			"added 1 commit\n\n<ul><li>63c198e6 - assigned to</li></ul>": other,
			"made the issue confidential":                                other,
			"created merge request !12 to address this issue":            other,
			"": other,
		}},
	} {
		for body, want := range from.notes {
			t.Run(from.name+"/"+body, func(t *testing.T) {
				t.Parallel()
				if got := parseSystemNote(body); got != want {
					t.Errorf("got  %+v\nwant %+v", got, want)
				}
			})
		}
	}
}

// FuzzTaskNote has the line of a tick come back as it was written, from servers that
// escape it and from those that do not, when the two can be told apart.
func FuzzTaskNote(f *testing.F) {
	for _, s := range []string{"Build the image", "a **bold** one", "v1.2 - done", `C:\dir`, `back\.slash`, "as completed", "** as completed", "#", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		line = strings.TrimSpace(line)
		if line == "" || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
			return
		}
		var b strings.Builder
		for i := range len(line) {
			if strings.IndexByte(escapedAlways+`"\*_`, line[i]) >= 0 {
				b.WriteByte('\\')
			}
			b.WriteByte(line[i])
		}
		got := parseSystemNote("marked the checklist item **" + b.String() + "** as completed")
		if got.kind != mirror.Ticked || got.text != line {
			t.Errorf("escaped: %q came back as %+v", line, got)
		}
		got = parseSystemNote("marked the task **" + line + "** as incomplete")
		if got.kind != mirror.Unticked {
			t.Errorf("bare: %q came back as %+v", line, got)
		}
		if strings.ContainsAny(line, escapedAlways) && !strings.Contains(line, `\`) && got.text != line {
			t.Errorf("bare: %q came back as %q", line, got.text)
		}
	})
}

// FuzzSystemNote has any note be of one kind, with what belongs to the kind.
func FuzzSystemNote(f *testing.F) {
	for _, s := range []string{"marked the task **x** as completed", "mentioned in merge request a/b!1", "moved to #1", "changed due date to x", "mentioned in \n#1", "moved to https://x"} {
		f.Add(s)
	}
	c := clientOf(f, "")
	f.Fuzz(func(t *testing.T, body string) {
		s := parseSystemNote(body)
		switch s.kind {
		case mirror.Ticked, mirror.Unticked:
			if s.ref != "" {
				t.Errorf("%q refers to %q", body, s.ref)
			}
		case mirror.Mentioned, mirror.MovedTo:
			if s.ref == "" || s.text != "" {
				t.Errorf("%q: %+v", body, s)
			}
			at, ok := c.reference(s.ref, "42")
			if ok && (at.Number <= 0 || at.Project == "" || strings.ContainsAny(at.Project, " \n%?#!")) {
				t.Errorf("%q is at %+v", body, at)
			}
		default:
			if s.ref != "" || s.text != "" {
				t.Errorf("%q: %+v", body, s)
			}
		}
	})
}

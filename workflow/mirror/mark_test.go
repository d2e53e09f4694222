package mirror

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
)

// lane is the key of a step of a lane.
func lane(step, listing string) workflow.StepKey {
	return workflow.StepKey{Step: workflow.StepID(step), Listing: workflow.ListingID(listing)}
}

func TestSplitFindsOurPartAndNothingElse(t *testing.T) {
	t.Parallel()
	m := marksOf("run1.issue")
	ours := m.framed("- [ ] one\n")
	other := marksOf("run1.issue-two").framed("- [ ] two")
	another := marksOf("run11.issue").framed("- [ ] three")
	for name, tt := range map[string]struct {
		text                string
		before, part, after string
		err                 error
	}{
		"nothing is there":                  {"", "", "", "", errNoMarks},
		"no marks":                          {"Only words.\n", "Only words.\n", "", "", errNoMarks},
		"only our part":                     {ours, "", ours, "", nil},
		"text around it":                    {"above\n" + ours + "\nbelow", "above\n", ours, "\nbelow", nil},
		"text on the lines of the marks":    {"above " + ours + " below", "above ", ours, " below", nil},
		"line ends of Windows":              {strings.ReplaceAll("above\n"+ours+"\nbelow", "\n", "\r\n"), "above\r\n", ours, "\r\nbelow", nil},
		"trailing spaces":                   {strings.ReplaceAll("above\n"+ours+"\nbelow", "\n", "  \t\n"), "above  \t\n", ours, "  \t\nbelow", nil},
		"the parts of other items beside":   {other + "\n" + ours + "\n" + another, other + "\n", ours, "\n" + another, nil},
		"only the parts of other items":     {other + "\n" + another, other + "\n" + another, "", "", errNoMarks},
		"an end of another item in our own": {"x\n" + m.begin + "-->\n" + marksOf("run1.x").end + "\n" + m.end, "x\n", m.begin + "-->\n" + marksOf("run1.x").end + "\n" + m.end, "", nil},
		"two of them":                       {ours + "\n" + ours, ours + "\n" + ours, "", "", errBadMarks},
		"two beginnings":                    {m.begin + "-->\n" + ours, m.begin + "-->\n" + ours, "", "", errBadMarks},
		"two ends":                          {ours + "\n" + m.end, ours + "\n" + m.end, "", "", errBadMarks},
		"reversed":                          {m.end + "\n" + m.begin + "-->", m.end + "\n" + m.begin + "-->", "", "", errBadMarks},
		"no end":                            {m.begin + "-->\nx", m.begin + "-->\nx", "", "", errBadMarks},
		"no beginning":                      {"x\n" + m.end, "x\n" + m.end, "", "", errBadMarks},
		"a damaged end":                     {strings.Replace(ours, m.end, "<!-- cloudimage:end run1.issue", 1), strings.Replace(ours, m.end, "<!-- cloudimage:end run1.issue", 1), "", "", errBadMarks},
		"both damaged":                      {strings.ReplaceAll(ours, "<!-- cloudimage", "<!- cloudimage"), strings.ReplaceAll(ours, "<!-- cloudimage", "<!- cloudimage"), "", "", errNoMarks},
	} {
		before, part, after, err := m.split(tt.text)
		if diff := cmp.Diff([]string{tt.before, tt.part, tt.after}, []string{before, part, after}); diff != "" || !errors.Is(err, tt.err) {
			t.Errorf("%s: %v, want %v (-want +got):\n%s", name, err, tt.err, diff)
		}
	}
}

// What is written between the marks is there once, whatever was there before.
func TestMergedHasOnePart(t *testing.T) {
	t.Parallel()
	it := &item{Tracked: workflow.Tracked{Run: "run1", Fact: "issue"}}
	m := marksOf("run1.issue")
	was, want := m.framed("was"), m.framed("is")
	for name, tt := range map[string]struct {
		text, want string
		changes    bool
	}{
		"an empty text":            {"", want, true},
		"words":                    {"Words.\n\n\n", "Words.\n\n" + want, true},
		"an older part":            {"above\n" + was + "\nbelow", "above\n" + want + "\nbelow", true},
		"the same part":            {"above\n" + want + "\nbelow", "above\n" + want + "\nbelow", false},
		"two parts":                {was + "\nwords\n" + was, strings.Repeat("was\n", 1) + "words\nwas\n\n" + want, true},
		"half a part":              {"above\n" + m.begin + "-->\nwas", "above\nwas\n\n" + want, true},
		"reversed":                 {m.end + "\nwas\n" + m.begin + "-->", "was\n\n" + want, true},
		"words beside a mark":      {"above " + m.begin + "-->\nwas\n" + m.end + " below\n" + m.end, "above \nwas\n below\n\n" + want, true},
		"words before half a mark": {"above\n" + m.begin + "-->\nleft " + strings.TrimSuffix(m.end, " -->"), "above\nleft \n\n" + want, true},
	} {
		got, changes := it.merged(Issue{Description: tt.text}, want)
		if diff := cmp.Diff(tt.want, got); diff != "" || changes != tt.changes {
			t.Errorf("%s: changes is %v (-want +got):\n%s", name, changes, diff)
		}
	}
}

func TestBoxesAreThoseOfSteps(t *testing.T) {
	t.Parallel()
	key := workflow.StepKey{Step: "build"}
	text := strings.Join([]string{
		boxLabel("**1.1** Build", key, false),
		"  " + boxLabel("**1.2** Test", lane("test", "ce-image"), true),
		"* [X] a star <!-- star -->",
		"+ [x] a plus <!-- plus -->",
		"- [ ] without a key",
		"- [ ] an open one <!-- open",
		"- [] no box <!-- no-box -->",
		"- **group** of steps",
		"-- [ ] no list <!-- no-list -->",
		"- [ ] two <!-- first --> <!-- second -->",
	}, "\n")
	want := []box{
		{key, false, "**1.1** Build"},
		{lane("test", "ce-image"), true, "**1.2** Test"},
		{workflow.StepKey{Step: "star"}, true, "a star"},
		{workflow.StepKey{Step: "plus"}, true, "a plus"},
		{workflow.StepKey{Step: "second"}, false, "two <!-- first -->"},
	}
	if diff := cmp.Diff(want, boxes(text), cmp.AllowUnexported(box{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestUntickedForgetsTicksAlone(t *testing.T) {
	t.Parallel()
	empty := "- [ ] a <!-- a -->\n  - [ ] b <!-- b/ce -->\n- [x] theirs"
	for _, ticked := range []string{
		"- [x] a <!-- a -->\n  - [ ] b <!-- b/ce -->\n- [x] theirs",
		"- [X] a <!-- a -->\r\n  - [x] b <!-- b/ce -->  \r\n- [x] theirs\t",
	} {
		if diff := cmp.Diff(empty, unticked(ticked)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", ticked, diff)
		}
	}
	for _, other := range []string{
		"- [ ] a! <!-- a -->\n  - [ ] b <!-- b/ce -->\n- [x] theirs",
		"- [ ] a <!-- a -->\n  - [ ] b <!-- b/ee -->\n- [x] theirs",
		"- [ ] a <!-- a -->\n  - [ ] b <!-- b/ce -->\n- [ ] theirs",
		"- [ ] a <!-- a -->\n- [ ] b <!-- b/ce -->\n- [x] theirs",
	} {
		if unticked(other) == empty {
			t.Errorf("%q is taken for the same text", other)
		}
	}
}

// Older servers tell of the line as it is; newer ones as text without its markup,
// with what was hidden in it at its end.
func TestKeyOfKnowsTheLineInAllItsForms(t *testing.T) {
	t.Parallel()
	build, ce, ee := workflow.StepKey{Step: "build"}, lane("test", "ce-image"), lane("test", "ee-image")
	hostile := plain("a *star* [x](y) `c` <!-- ee --> @all")
	ours := []box{
		{build, false, "**1.1** Build · @ana · due 3 March 2026"},
		{ce, false, "**1.2** " + plain("CE image")},
		{ee, false, "**1.2** " + plain("EE image")},
		{workflow.StepKey{Step: "hostile"}, true, "**1.3** " + hostile},
	}
	for text, want := range map[string]workflow.StepKey{
		"**1.1** Build · @ana · due 3 March 2026 <!-- build -->":     build,
		"1.1 Build · @ana · due 3 March 2026 build":                  build,
		"1.1 Build · @ana · due 3 March 2026":                        build,
		"1.1 Build  ·  @ana  ·  due 3 March 2026  build":             build,
		"1.1 Build · @omar · late build":                             build, // written anew since
		"**1.1** Build, as it was called once <!-- build -->":        build,
		"1.2 CE image " + ce.String():                                ce,
		"1.2 EE image " + ee.String():                                ee,
		"1.2 CE image":                                               ce,
		"1.2 EE image":                                               ee,
		"**1.2** CE image <!-- " + ce.String() + " -->":              ce,
		`**1.3** ` + hostile + " <!-- hostile -->":                   {Step: "hostile"},
		"1.3 a star x c @all":                                        {},
		"":                                                           {},
		"build it":                                                   {},
		"whom we ask about the build":                                {}, // a line of theirs
		"a box of somebody's own":                                    {},
		"1.1 Build · @ana · due 3 March 2026 <!-- removed-since -->": {},
	} {
		got, ok := keyOf(text, ours)
		if ok != (want != workflow.StepKey{}) || ok && got != want {
			t.Errorf("%q is %q, %v, want %q", text, got, ok, want)
		}
	}
}

func TestDifferenceIsWhatTheOtherLacks(t *testing.T) {
	t.Parallel()
	there := "<!-- cloudimage:begin x -->\na\nb  \nb\n- [x] c <!-- c -->\n\n"
	ours := "<!-- cloudimage:begin y -->\nb\na\n- [ ] c <!-- c -->\nd\r\n"
	gotThere, gotOurs := difference(there, ours)
	if diff := cmp.Diff([][]string{{"b", "- [x] c"}, {"- [ ] c", "d"}}, [][]string{gotThere, gotOurs}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if a, b := difference(there, there); a != nil || b != nil {
		t.Errorf("a text differs from itself by %q and %q", a, b)
	}
}

func TestNoteIsRecognisedByItsMark(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]int64{
		"- something\n" + noteMark("run1.issue", 12):               12,
		noteMark("run1.issue-two", 12):                             0,
		noteMark("run11.issue", 12):                                0,
		"cloudimage:note run1.issue 12":                            0,
		"<!-- cloudimage:note run1.issue 99999999999999999999 -->": 0,
		"": 0,
	} {
		if got := toldIn("run1.issue", body); got != want {
			t.Errorf("%q tells up to %d, want %d", body, got, want)
		}
	}
}

// Servers that leave out markup tell of a typed "<!-- x -->" as it was typed. It is
// no key.
func TestKeyIsNotWhatSomebodyTyped(t *testing.T) {
	t.Parallel()
	build := workflow.StepKey{Step: "build"}
	ours := []box{
		{build, false, "**1.1** Build"},
		{workflow.StepKey{Step: "say"}, false, "**1.2** " + plain("Say <!-- build --> & <b>")},
		{workflow.StepKey{Step: "end"}, false, "**1.3** " + plain("End <!-- build -->")},
	}
	for text, want := range map[string]workflow.StepID{
		"1.2 Say <!-- build --> & <b> say":                         "say",
		"1.2 Say <!-- build --> & <b>":                             "say",
		"1.3 End <!-- build -->":                                   "end",
		"1.3 End <!-- build --> end":                               "end",
		"**1.3** " + plain("End <!-- build -->") + " <!-- end -->": "end",
		"1.2 Say <!-- build --> once more say":                     "say",
		"**1.1** Build <!-- build -->":                             "build",
	} {
		if got, ok := keyOf(text, ours); !ok || got.Step != want {
			t.Errorf("%q is %q, %v, want %q", text, got, ok, want)
		}
	}
}

// Repairing takes away what is left of our marks, and of nobody else's.
func TestRepairLeavesTheMarksOfOthers(t *testing.T) {
	t.Parallel()
	m := marksOf("run1.issue")
	other := marksOf("run1.issue-two").framed("another's") + "\n" + marksOf("run11.issue").framed("another run's")
	for _, left := range []string{m.end, m.begin, m.begin + "-->", strings.TrimSpace(m.begin), "<!-- cloudimage:begin run1.issue-->", "<!-- cloudimage:end run1.issue"} {
		if diff := cmp.Diff(other, stripMarks(left+"\n"+other, m)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", left, diff)
		}
	}
}

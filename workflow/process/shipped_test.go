package process

import (
	"bufio"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cloudimage/workflow"
)

// embedded is a shipped process.
func embedded(t *testing.T, name workflow.ProcessName) *workflow.Definition {
	t.Helper()
	defs, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, def := range defs {
		if def.Name == name {
			return def
		}
	}
	t.Fatalf("no process %q is embedded", name)
	return nil
}

func TestFirstTimeImage(t *testing.T) {
	t.Parallel()
	def := embedded(t, "first-time-image")
	if def.Subject != workflow.SubjectPartnership || def.Owner != "strategic-partnerships" {
		t.Errorf("a run is about a %s and owned by %s", def.Subject, def.Owner)
	}
	var needed, optional []int
	for _, stage := range def.Stages {
		n, o := 0, 0
		for _, s := range stage.Steps {
			if s.Optional {
				o++
			} else {
				n++
			}
		}
		needed, optional = append(needed, n), append(optional, o)
	}
	if !slices.Equal(needed, []int{5, 4, 5}) || !slices.Equal(optional, []int{1, 0, 0}) {
		t.Errorf("the stages have %v needed and %v optional steps, want [5 4 5], which is 14, and [1 0 0]", needed, optional)
	}
	if len(def.Stages[0].After) != 0 {
		t.Errorf("stage 1 waits for %v", def.Stages[0].After)
	}
	for _, stage := range def.Stages[1:] {
		if !slices.Equal(stage.After, []workflow.StageID{def.Stages[0].ID}) {
			t.Errorf("stage %s comes after %v, want stage 1 alone", stage.Number, stage.After)
		}
	}
	step(t, def, "technical-call", func(s *workflow.Step) bool {
		return s.Optional && s.AskTeam == "omnibus" && s.Question != ""
	})
	step(t, def, "update-issue", func(s *workflow.Step) bool { return s.DoneWhen == workflow.AssignedAndDue })
	step(t, def, "upload-image", func(s *workflow.Step) bool {
		return s.PerListing && len(s.Substeps()) == 3 && len(s.Actions()) == 2
	})
	step(t, def, "go-live", func(s *workflow.Step) bool {
		return slices.Equal(s.Needs, []workflow.Need{{Step: "image-description"}, {Fact: workflow.FactLaunchAgreed}})
	})
	step(t, def, "merge-documentation", func(s *workflow.Step) bool {
		return slices.Equal(s.Needs, []workflow.Need{{Fact: workflow.FactLaunchAgreed}})
	})
	step(t, def, "escalate", func(s *workflow.Step) bool { return s.IsAction() && s.Team == "strategic-partnerships" })
	step(t, def, "follow-up", func(s *workflow.Step) bool { return s.IsAction() && s.Team == "omnibus" })
	step(t, def, "image-description", func(s *workflow.Step) bool {
		return s.PerListing && !slices.ContainsFunc(s.Evidence, func(f workflow.Field) bool { return f.Ask == "" || f.MaxLength == 0 })
	})
	step(t, def, "customer-story", func(s *workflow.Step) bool {
		return !slices.ContainsFunc(s.Evidence, func(f workflow.Field) bool { return !f.Private })
	})
}

func TestImageMaintenance(t *testing.T) {
	t.Parallel()
	def := embedded(t, "image-maintenance")
	if def.Subject != workflow.SubjectCatalyst {
		t.Errorf("a run is about a %s", def.Subject)
	}
	step(t, def, "update-image", func(s *workflow.Step) bool {
		return s.PerListing && s.Team == "omnibus" && s.Due == workflow.Due{AfterCatalyst: def.Promise.Days, Security: def.Promise.Security}
	})
	if want := (workflow.Promise{Days: 3, Security: 1}); def.Promise != want {
		t.Errorf("promised is %+v, want %+v", def.Promise, want)
	}
	step(t, def, "update-description", func(s *workflow.Step) bool { return !s.PerListing && s.Team == "partner-marketing" })
}

func step(t *testing.T, def *workflow.Definition, id workflow.StepID, holds func(*workflow.Step) bool) {
	t.Helper()
	s, _, ok := def.Step(id)
	if !ok {
		t.Errorf("%s has no step %q", def.Name, id)
	} else if !holds(s) {
		t.Errorf("%s: the step %q is not as it should be: %+v", def.Name, id, *s)
	}
}

// TestSilenceEndsAtStrategicPartnerships holds the shipped processes to the rule
// of the handbook, "if unresponsive, escalate to Strategic Partnerships": the
// team at the end of the ladder is the one that the action escalates to.
func TestSilenceEndsAtStrategicPartnerships(t *testing.T) {
	t.Parallel()
	for _, name := range []workflow.ProcessName{"first-time-image", "image-maintenance"} {
		def := embedded(t, name)
		want := []workflow.Rung{
			{After: 2, Tell: workflow.ToChaser},
			{After: 3, Tell: workflow.ToStage},
			{After: 5, Tell: workflow.ToTeam, Team: "strategic-partnerships"},
		}
		if !slices.Equal(def.Silence, want) {
			t.Errorf("%s: a silence tells %+v, want %+v", name, def.Silence, want)
		}
		step(t, def, "escalate", func(s *workflow.Step) bool { return s.Team == want[2].Team })
	}
}

func TestTheDayOfTheLaunch(t *testing.T) {
	t.Parallel()
	def := embedded(t, "first-time-image")
	for id, want := range map[workflow.StepID]string{
		"go-live":             "Go live",
		"merge-documentation": "Merge the documentation",
		"joint-blog-posts":    "Publish the joint blog posts",
		"social-burst":        "Start the social network burst",
		"align-release":       "",
	} {
		step(t, def, id, func(s *workflow.Step) bool { return s.LaunchDay == want })
	}
}

// TestEveryStepCanBeFollowed holds the shipped processes to more than the
// loader asks of others: every step says what done means and has a date, and
// every step that a person does asks for the proof.
func TestEveryStepCanBeFollowed(t *testing.T) {
	t.Parallel()
	defs, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, def := range defs {
		for _, stage := range def.Stages {
			if stage.Standard == "" || stage.Due == (workflow.Due{}) {
				t.Errorf("%s: stage %s has no standard or no date", def.Name, stage.Number)
			}
			followable(t, def, stage.Steps)
		}
	}
}

func followable(t *testing.T, def *workflow.Definition, steps []workflow.Step) {
	t.Helper()
	for i := range steps {
		s := &steps[i]
		if s.Standard == "" {
			t.Errorf("%s: step %s does not say what done means", def.Name, s.Number)
		}
		if !s.IsAction() && s.Due == (workflow.Due{}) {
			t.Errorf("%s: step %s has no date", def.Name, s.Number)
		}
		if !s.IsAction() && len(s.Substeps()) == 0 && len(s.Evidence) == 0 {
			t.Errorf("%s: step %s asks for no proof", def.Name, s.Number)
		}
		followable(t, def, s.Steps)
	}
}

// TestHandbook looks for every sentence and every address of the handbook page
// that the shipped processes implement, testdata/handbook.md, in what they say.
// A sentence is compared in parts, since "Optional: ... (at request of ...)" is
// data of a step here and not its title.
func TestHandbook(t *testing.T) {
	t.Parallel()
	said := ""
	for _, name := range []workflow.ProcessName{"first-time-image", "image-maintenance"} {
		def := embedded(t, name)
		var tree strings.Builder
		if err := Tree(&tree, def); err != nil {
			t.Fatal(err)
		}
		said += spoken(def.Source) + " " + spoken(tree.String()) + " "
	}
	f, err := os.Open("testdata/handbook.md")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	parts := 0
	for n := 1; lines.Scan(); n++ {
		for _, part := range sentenceParts(lines.Text()) {
			parts++
			if !strings.Contains(said, part) {
				t.Errorf("handbook.md:%d: no shipped process says %q", n, part)
			}
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if parts < 150 {
		t.Errorf("only %d parts of sentences were compared", parts)
	}
}

var (
	markers   = regexp.MustCompile(`^\s*(#+|-|\d+\.)\s+`)
	addresses = regexp.MustCompile(`\]\((?:<)?([^()\s]+)\)`)
	breaks    = regexp.MustCompile(`\s[-–]\s|: |:$|[()“”]|\. |\.$|, `)
)

// sentenceParts are the parts of one line of the handbook, as spoken makes them.
func sentenceParts(line string) []string {
	line = markers.ReplaceAllString(line, "")
	line = strings.Replace(line, "there's not need to", "there's no need to", 1) // a slip of the page
	var out []string
	for _, m := range addresses.FindAllStringSubmatch(line, -1) {
		out = append(out, strings.ToLower(m[1]))
	}
	line = addresses.ReplaceAllString(line, "")
	line = strings.NewReplacer("[", "", "**", "", "`", "").Replace(line)
	for _, part := range breaks.Split(line, -1) {
		if part = spoken(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// spoken is text as it sounds: one space between words, no capitals, one kind
// of apostrophe.
func spoken(s string) string {
	s = strings.NewReplacer("’", "'", "“", "", "”", "").Replace(strings.ToLower(s))
	return strings.Join(strings.Fields(s), " ")
}

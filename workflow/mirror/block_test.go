package mirror

import (
	"testing"
	"time"

	"cloudimage/workflow"
)

// part is our part of the text of an item.
func (p *play) part(fact workflow.FactName, discreet bool) string {
	p.t.Helper()
	for _, t := range p.Definition().Trackings() {
		if t.Fact == fact {
			return writer{run: p.Run, who: who}.part(t, discreet) + "\n"
		}
	}
	p.t.Fatalf("%s is tracked by nothing", fact)
	return ""
}

func key(s string) workflow.StepKey { return workflow.ParseStepKey(s) }

// middle is a run in which a bit of everything has happened.
func middle(t *testing.T) *play {
	p := partnership(t, func(s *workflow.Start) {
		s.Partner = "/close # @all <b>*Cloud*</b> <!-- cloudimage:end run1.issue -->"
		s.Listings[1].Edition = "EE [x](y) <!-- create-issue -->"
	})
	p.must(p.Skip(p.by(ana), key("technical-call"), 0))
	p.does(ana, "create-issue", "gather-documentation", "joint-marketing", "partner-account", "introduce-marketing")
	p.now = p.now.AddDate(0, 0, 20)
	p.does(omar, "scope-effort")
	p.must(p.AssignStage(p.by(omar), "technical", omar))
	p.must(p.SetStageDue(p.by(omar), "technical", "2026-05-18"))
	ce, ee := p.Listings[0].ID, p.Listings[1].ID
	p.does(omar, "create-listing@"+string(ce), "partner-testing@"+string(ce))
	p.must(p.Wait(p.by(omar), lane("create-listing", string(ee)), 0, workflow.Question{Asked: "the *form*", Ticket: "#12"}))
	p.must(p.Waive(workflow.Act{Actor: ana, At: p.now, Reason: "nobody\n/close wants @it"}, key("customer-story"), 0))
	p.must(p.TickOutside(p.by(workflow.Bot), key("joint-blog-posts"), "issue", workflow.Outsider{Handle: "pat"}, false))
	p.must(p.TickOutside(p.by(workflow.Bot), key("social-burst"), "issue", workflow.Outsider{Handle: "maya", User: maya}, true))
	p.must(p.TickOutside(p.by(workflow.Bot), key("align-release"), "issue", workflow.Outsider{}, false))
	p.must(p.Assign(p.by(maya), key("marketing-issue"), 0, maya))
	p.now = p.now.AddDate(0, 2, 0)
	p.Tick(p.now)
	return p
}

// What the run's own issue says, from its first day to its last.
func TestPartOfTheRunsOwnIssue(t *testing.T) {
	t.Parallel()
	p := partnership(t)
	golden(t, "issue-start.md", p.part("issue", true))
	golden(t, "issue-middle.md", middle(t).part("issue", true))

	p.does(ana, "create-issue")
	p.all(ana)
	if p.State != workflow.Complete {
		t.Errorf("it is %s", p.State)
	}
	golden(t, "issue-complete.md", p.part("issue", true))

	p = partnership(t)
	p.must(p.Cancel(workflow.Act{Actor: ana, At: start, Reason: "It ends.\n- [ ] *here* <!-- create-issue -->"}))
	golden(t, "issue-cancelled.md", p.part("issue", true))
}

// What is shown to nobody but members of a project, and what to everybody.
func TestPartOfARelatedIssue(t *testing.T) {
	t.Parallel()
	p := middle(t)
	golden(t, "related-confidential.md", p.part("marketing-issue", true))
	golden(t, "related-open.md", p.part("marketing-issue", false))
}

func TestPartOfAMaintenanceRun(t *testing.T) {
	t.Parallel()
	p := maintenance(t)
	p.does(omar, "create-issue")
	p.does(omar, "update-image@"+string(p.Listings[0].ID))
	p.now = p.now.Add(24 * time.Hour)
	p.Tick(p.now.AddDate(0, 0, 3))
	golden(t, "issue-maintenance.md", p.part("issue", true))
}

// Whatever people are called, the part has one pair of marks, one box for each step
// that can be ticked, and no box that a name has made.
func TestPartCannotBeForged(t *testing.T) {
	t.Parallel()
	p := middle(t)
	part := normal(p.part("issue", true))
	if before, ours, after, err := marksOf("run1.issue").split(part); err != nil || before != "" || after != "\n" || ours == "" {
		t.Errorf("it is split into %q, %q and %q: %v", before, ours, after, err)
	}
	seen := map[workflow.StepKey]int{}
	for _, b := range boxes(part) {
		if seen[b.key]++; seen[b.key] > 1 {
			t.Errorf("there are two boxes of %s", b.key)
		}
		n, ok := p.Node(b.key)
		if !ok || p.IsGroup(b.key) {
			t.Errorf("there is a box of %s, which nobody can tick", b.key)
		} else if want := n.State.Status == workflow.Done || n.State.Tick != nil; b.ticked != want {
			t.Errorf("the box of %s is ticked: %v, want %v", b.key, b.ticked, want)
		}
	}
	if seen[key("create-issue")] != 1 {
		t.Error("the first step has no box")
	}
}

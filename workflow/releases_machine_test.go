package workflow_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cloudimage/workflow"
)

// This file is what machine_test.go plays in runs about a release: newer ones come
// out, it is judged anew, people sign, listings have it already.

func TestAnyProcessOfReleases(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { playAtRandom(t, published(anyProcess(t))) })
}

// published lets the first step of a lane that people do be the one that publishes,
// signed by two, in a process that is about catalysts.
func published(def *workflow.Definition) *workflow.Definition {
	if def.Subject != workflow.SubjectCatalyst {
		return def
	}
	for i := range def.Stages {
		for j := range def.Stages[i].Steps {
			s := &def.Stages[i].Steps[j]
			if !s.PerListing {
				continue
			}
			if parts := s.Substeps(); len(parts) > 0 {
				s = parts[0]
			}
			s.Publishes, s.Sign = true, workflow.SignOff{People: 2, Teams: []workflow.TeamID{sp, om}}
			return def
		}
	}
	return def
}

func (m *machine) aboutReleases() map[string]func(*rapid.T) {
	if m.def.Subject != workflow.SubjectCatalyst {
		return nil
	}
	return map[string]func(*rapid.T){
		"supersede": func(t *rapid.T) {
			lanes := m.lanes(t)
			next := workflow.Successor{Run: "run2", Name: "R-18", What: "GitLab " + version(t).String()}
			ended := m.run.State
			m.byItself(t, func(a workflow.Act, r *workflow.Run) {
				if err := r.Supersede(a, next, lanes); err != nil {
					m.refused(t, r, err)
					return
				}
				for _, id := range lanes {
					if slices.Contains(r.OpenLanes(), id) {
						t.Fatalf("lane %s is open after it was given up", id)
					}
				}
			})
			if m.run.Superseded() && ended == workflow.Running && len(m.run.OpenLanes()) > 0 {
				t.Fatalf("it is superseded with open lanes: %v", m.run.OpenLanes())
			}
		},
		"take back": func(t *rapid.T) {
			lanes := m.lanes(t)
			m.byItself(t, func(a workflow.Act, r *workflow.Run) { r.TakeBack(a, lanes) })
			for _, id := range lanes {
				if m.run.State == workflow.Running && m.run.GaveUp(id) {
					t.Fatalf("lane %s was taken back, and is given up", id)
				}
			}
		},
		"live already": func(t *rapid.T) {
			lanes := m.lanes(t)
			m.byItself(t, func(a workflow.Act, r *workflow.Run) { r.LiveAlready(a, lanes) })
		},
		"classify": func(t *rapid.T) {
			c := m.catalyst(t)
			chosen := chosenDates(m.run)
			if !m.act(t, workflow.StepKey{}, func(a workflow.Act, r *workflow.Run) error { return r.Classify(a, c) }) {
				return
			}
			for key, due := range chosenDates(m.run) {
				if was, is := chosen[key]; is && !was.Equal(due) {
					t.Fatalf("somebody chose %s for %s, and it is %s now", was, key, due)
				}
			}
		},
		"sign": func(t *rapid.T) {
			seen := ""
			if rapid.Bool().Draw(t, "seen") {
				seen = rapid.SampledFrom([]string{"another plan", m.run.SignPlan()}).Draw(t, "plan")
			}
			before, _ := m.run.Signatures()
			signed := m.act(t, workflow.StepKey{}, func(a workflow.Act, r *workflow.Run) error { return r.Sign(a, seen) })
			after, _ := m.run.Signatures()
			if signed != (len(after) == len(before)+1) || signed && seen == "another plan" {
				t.Fatalf("signed: %v, and there were %d signatures and are %d", signed, len(before), len(after))
			}
			for i, s := range after {
				if slices.ContainsFunc(after[:i], func(had workflow.Signature) bool { return had.User == s.User }) {
					t.Fatalf("%s has signed twice", s.User)
				}
			}
		},
		"join later": func(t *rapid.T) {
			l := workflow.NewListing(rapid.SampledFrom([]string{"CE", "EE", "Ultimate"}).Draw(t, "edition"), workflow.OmnibusPackage, workflow.Azure)
			l.Since = m.now.Add(-time.Duration(rapid.IntRange(0, 100).Draw(t, "since")) * time.Hour).UTC().Truncate(time.Millisecond)
			if rapid.Bool().Draw(t, "owed") {
				l.Owed = m.now.Add(time.Duration(rapid.IntRange(-100, 100).Draw(t, "due")) * time.Hour).UTC().Truncate(time.Millisecond)
			}
			m.act(t, workflow.StepKey{}, func(a workflow.Act, r *workflow.Run) error {
				if err := r.Join(a, l); err != nil {
					return err
				}
				m.joined++
				if by := r.LiveBy(l.ID); !l.Owed.IsZero() && !by.IsZero() && by.After(l.Owed) {
					t.Fatalf("it is to be live by %s, and was promised by %s", by, l.Owed)
				}
				return nil
			})
		},
	}
}

// lanes draws some listings, and one that there is not.
func (m *machine) lanes(t *rapid.T) []workflow.ListingID {
	all := []workflow.ListingID{"no-listing"}
	for i := range m.run.Listings {
		all = append(all, m.run.Listings[i].ID)
	}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(all), 0, len(all), rapid.ID[workflow.ListingID]).Draw(t, "lanes")
}

// chosenDates are the dates that people chose, of what is not closed.
func chosenDates(r *workflow.Run) map[string]time.Time {
	out := map[string]time.Time{}
	for id, s := range r.Stages {
		if !s.Planned && !s.Due.IsZero() {
			out["stage "+string(id)] = s.Due
		}
	}
	for key, s := range r.Steps {
		if !s.Planned && !s.Due.IsZero() {
			out[key.String()] = s.Due
		}
	}
	return out
}

// catalyst draws what a run is about, as it may be judged at the moment.
func (m *machine) catalyst(t *rapid.T) workflow.Catalyst {
	c := workflow.Catalyst{
		Kind:    rapid.SampledFrom([]workflow.CatalystKind{workflow.CatalystRelease, workflow.CatalystSecurity, workflow.CatalystFix}).Draw(t, "catalyst"),
		At:      m.now.Add(-time.Duration(rapid.IntRange(0, 200).Draw(t, "hours ago")) * time.Hour),
		Version: version(t),
		Unsure:  rapid.Bool().Draw(t, "unsure"),
	}
	if rapid.Bool().Draw(t, "quiet") {
		c.From = c.At.Add(time.Duration(rapid.IntRange(-24, 200).Draw(t, "quiet for")) * time.Hour)
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "packages") {
		c.Packages = append(c.Packages, workflow.Package{Edition: "CE", Version: c.Version, Distribution: "noble", Architecture: "amd64",
			URL: "https://packages.example", SHA256: fmt.Sprint(i)})
	}
	return c
}

// carried draws what the runs before had in hand.
func (m *machine) carried(t *rapid.T) workflow.Carried {
	c := workflow.Carried{}
	if rapid.Bool().Draw(t, "carries nothing") {
		return c
	}
	c.Assignees, c.Stages, c.Notes = map[workflow.StepKey]workflow.UserID{}, map[workflow.StageID]workflow.UserID{}, map[workflow.StepKey]string{}
	for _, stage := range m.def.Stages {
		c.Stages[stage.ID] = person(t)
		for _, s := range stage.Steps {
			for _, id := range []workflow.ListingID{"", "ce-image", "no-listing"} {
				c.Assignees[workflow.StepKey{Step: s.ID, Listing: id}] = person(t)
			}
			c.Notes[workflow.StepKey{Step: s.ID}] = "it is with the partner"
		}
	}
	return c
}

func version(t *rapid.T) workflow.Version {
	n := func(what string) int { return rapid.IntRange(0, 999999).Draw(t, what) }
	return workflow.Version{Major: n("major"), Minor: n("minor"), Patch: n("patch"), Rebuild: rapid.SampledFrom([]int{0, 0, 1, 999999}).Draw(t, "rebuild")}
}

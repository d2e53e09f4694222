package workflow_test

import (
	"fmt"

	"cloudimage/workflow"
)

// firstTime is the first-time process with all that gates it, and without its
// how-tos: 14 needed steps in three stages, and one optional call. What the
// tests below say of it in words must hold of the process that ships, too; it
// is kept here so that they read without a second file, and so that a change of
// the shipped words cannot change what they test.
func firstTime() *workflow.Definition {
	def := &workflow.Definition{
		Name: "first-time-image", Title: "First-time image", Subject: workflow.SubjectPartnership, Owner: sp, Teams: teams(), Hash: "first-time",
		Silence: silence(), Lateness: lateness(), Resources: resources(),
		Stages: []workflow.Stage{
			{ID: "introduction", Title: "Introduction & Scope", Team: sp, Due: before(22), Steps: []workflow.Step{
				{ID: "create-issue", Title: "Create issue for first time image", Due: before(28),
					Evidence: []workflow.Field{{ID: "issue", Type: workflow.URL, Fact: workflow.FactIssue, Tracks: workflow.TrackIssue}}},
				{ID: "gather-documentation", Title: "Gather documentation", Due: before(26),
					Evidence: []workflow.Field{
						{ID: "documentation", Type: workflow.URLs, Fact: "documentation"},
						{ID: "google-doc", Type: workflow.URL, Fact: "google-doc", Optional: true},
					}},
				{ID: "joint-marketing", Title: "Understand joint marketing opportunities", Due: before(25),
					Evidence: []workflow.Field{{ID: "opportunities", Type: workflow.LongText, Fact: "joint-opportunities"}}},
				{ID: "partner-account", Title: "Set up the account on the partner's system", Due: before(24),
					Evidence: []workflow.Field{{ID: "vault-item", Type: workflow.VaultItem, Fact: "vault-item"}}},
				{ID: "technical-call", Title: "Technical call", Due: before(22),
					Optional: true, Question: "Do you want a technical call?", AskTeam: om,
					Evidence: []workflow.Field{
						{ID: "attendee", Type: workflow.Person},
						{ID: "held-on", Type: workflow.DateField},
					}},
				{ID: "introduce-marketing", Title: "Introduce Partner Marketing", Due: before(22),
					Evidence: []workflow.Field{
						{ID: "contact-marketing", Type: workflow.ShortText, MaxLength: 300, Fact: "contact-marketing"},
						{ID: "introduced-on", Type: workflow.DateField},
					}},
			}},
			{ID: "technical", Title: "Technical Implementation", Team: om, After: []workflow.StageID{"introduction"}, Due: before(1), Steps: []workflow.Step{
				{ID: "scope-effort", Title: "Scope level of effort", Due: before(20),
					Evidence: []workflow.Field{{ID: "effort-days", Type: workflow.Number, Fact: "effort-days"}}},
				{ID: "update-issue", Title: "Update issue with assignee and due date", Due: before(18),
					After: []workflow.StepID{"scope-effort"}, DoneWhen: workflow.AssignedAndDue,
					Evidence: []workflow.Field{
						{ID: workflow.FieldAssignee, Type: workflow.Person},
						{ID: workflow.FieldDue, Type: workflow.DateField},
					}},
				{ID: "upload-image", Title: "Upload image", Due: before(1), After: []workflow.StepID{"update-issue"}, PerListing: true, Steps: []workflow.Step{
					{ID: "create-listing", Title: "Create the listing", Due: before(15),
						Evidence: []workflow.Field{
							{ID: "product-id", Type: workflow.ShortText, Fact: "product-id"},
							{ID: "pricing", Type: workflow.Choice, Options: []string{"BYOL", "Free"}, Fact: "pricing"},
						}},
					{ID: "partner-testing", Title: "See it through partner testing", Due: before(5), After: []workflow.StepID{"create-listing"},
						Evidence: []workflow.Field{{ID: "image-id", Type: workflow.ShortText, Fact: "image-id"}}},
					{ID: "go-live", Title: "Go live", Due: before(1), LaunchDay: "Go live", After: []workflow.StepID{"partner-testing"},
						Needs:    []workflow.Need{{Step: "image-description"}, {Fact: workflow.FactLaunchAgreed}},
						Evidence: []workflow.Field{{ID: "marketplace-link", Type: workflow.URL, Fact: "marketplace-link"}}},
					{ID: "follow-up", Title: "Follow up with their support", When: workflow.Waiting},
					{ID: "escalate", Title: "Escalate to Strategic Partnerships", Team: sp, When: workflow.Waiting},
				}},
				{ID: "documentation", Title: "Create new section in documentation", Due: before(1), Steps: []workflow.Step{
					{ID: "documentation-mr", Title: "Write the section", Due: before(5), DoneWhen: workflow.MergeApproved,
						Evidence: []workflow.Field{{ID: "merge-request", Type: workflow.URL, Fact: "documentation-mr", Tracks: workflow.TrackMerge}}},
					{ID: "merge-documentation", Title: "Merge it with the launch", Due: before(1), LaunchDay: "Merge the documentation", After: []workflow.StepID{"documentation-mr"}, DoneWhen: workflow.MergeDone,
						Needs:    []workflow.Need{{Fact: workflow.FactLaunchAgreed}},
						Evidence: []workflow.Field{{ID: "section", Type: workflow.URL, Fact: "documentation-section"}}},
				}},
			}},
			{ID: "marketing", Title: "Marketing", Team: pm, After: []workflow.StageID{"introduction"}, Due: before(1), Steps: []workflow.Step{
				{ID: "marketing-issue", Title: "Create marketing issue", Due: before(20),
					Evidence: []workflow.Field{{ID: "issue", Type: workflow.URL, Fact: "marketing-issue"}}},
				{ID: "joint-activities", Title: "Align on joint activities", Due: before(1), Steps: []workflow.Step{
					{ID: "joint-blog-posts", Title: "Joint blog posts", Due: before(3), LaunchDay: "Publish the joint blog posts",
						Evidence: []workflow.Field{{ID: "posts", Type: workflow.URLs, Min: 2}}},
					{ID: "social-burst", Title: "Social network burst", Due: before(1), LaunchDay: "Start the burst",
						Evidence: []workflow.Field{
							{ID: "day", Type: workflow.DateField, Fact: "social-burst-day"},
							{ID: "hour", Type: workflow.ShortText, MaxLength: 60, Fact: "social-burst-hour"},
						}},
				}},
				{ID: "image-description", Title: "Write image description", Due: before(10), PerListing: true,
					Evidence: []workflow.Field{
						{ID: "title", Type: workflow.ShortText, MaxLength: 70, Fact: "listing-title", Ask: "a technical writer"},
						{ID: "long", Type: workflow.LongText, Fact: "listing-long", Ask: "a technical writer"},
					}},
				{ID: "align-release", Title: "Align release to market", Due: before(15),
					Evidence: []workflow.Field{{ID: "launch-date", Type: workflow.DateField, Fact: workflow.FactLaunchAgreed}}},
				{ID: "customer-story", Title: "Customer story or quote", Due: before(5),
					Evidence: []workflow.Field{{ID: "quote", Type: workflow.LongText, Private: true}}},
			}},
		},
	}
	settleDefinition(def)
	return def
}

// teams are the three teams that share every process of these tests.
func teams() []workflow.Team {
	return []workflow.Team{
		{ID: sp, Name: "Strategic Partnerships", Does: "Relationship, direction & project"},
		{ID: om, Name: "Omnibus team", Does: "Packing and maintaining"},
		{ID: pm, Name: "Partner Marketing team", Does: "Announcements and promotions"},
	}
}

// silence and lateness are the ladders that a loader gives a process without its
// own.
func silence() []workflow.Rung {
	return []workflow.Rung{{After: 2, Tell: workflow.ToChaser}, {After: 3, Tell: workflow.ToStage}, {After: 5, Tell: workflow.ToTeam, Team: sp}}
}

func lateness() []workflow.Rung {
	return []workflow.Rung{{After: 1, Tell: workflow.ToStage}, {After: 3, Tell: workflow.ToOwner}}
}

func before(days int) workflow.Due { return workflow.Due{BeforeLaunch: days} }

// settleDefinition fills in what a loader fills in: numbers, and the teams of
// steps that do not name their own.
func settleDefinition(def *workflow.Definition) {
	var steps func(list []workflow.Step, number string, team workflow.TeamID)
	steps = func(list []workflow.Step, number string, team workflow.TeamID) {
		for i := range list {
			s := &list[i]
			s.Number = fmt.Sprintf("%s.%d", number, i+1)
			if s.Team == "" {
				s.Team = team
			}
			steps(s.Steps, s.Number, s.Team)
		}
	}
	for i := range def.Stages {
		def.Stages[i].Number = fmt.Sprint(i + 1)
		steps(def.Stages[i].Steps, def.Stages[i].Number, def.Stages[i].Team)
	}
}

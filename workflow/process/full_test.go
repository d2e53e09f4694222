package process

import "cloudimage/workflow"

// full is what testdata/good/full.yaml says.
func full() *workflow.Definition {
	return &workflow.Definition{
		Name:     "full",
		Title:    "Everything",
		Subject:  workflow.SubjectPartnership,
		Goal:     "Show every key.",
		Owner:    "sales",
		Standard: "All keys are read.\n\nText may have paragraphs.",
		Silence: []workflow.Rung{
			{After: 1, Tell: workflow.ToChaser},
			{After: 4, Tell: workflow.ToStage},
			{After: 5, Tell: workflow.ToOwner},
			{After: 260, Tell: workflow.ToTeam, Team: "sales"},
		},
		Lateness: []workflow.Rung{
			{After: 2, Tell: workflow.ToStage},
			{After: 4, Tell: workflow.ToTeam, Team: "builders"},
		},
		Teams: []workflow.Team{
			{ID: "sales", Name: "Sales", Does: "Finds partners", Group: "sales-team"},
			{ID: "builders", Name: "Builders"},
		},
		Resources: []workflow.Resource{
			{ID: "ticket", Title: "Ticket", Text: "in the tracker", Fact: workflow.FactIssue},
			{ID: "wiki", Title: "Wiki", URL: "https://wiki.example.com/"},
			{ID: "logos", Title: "Logos", Fact: "logos", Ask: "sales"},
			{ID: "notes", Title: "Notes", Fact: "notes", Creates: workflow.TrackDocument},
		},
		Stages: []workflow.Stage{fullScope(), fullWork(), fullTell()},
	}
}

// fullCatalyst is what testdata/good/full-catalyst.yaml says.
func fullCatalyst() *workflow.Definition {
	return &workflow.Definition{
		Name:    "full-catalyst",
		Title:   "Everything of a catalyst",
		Subject: workflow.SubjectCatalyst,
		Owner:   "builders",
		Promise: workflow.Promise{Days: 3, Security: 1},
		Releases: workflow.ReleasePolicy{Concern: workflow.EachBranch, Supported: 3, Editions: []string{"EE"}, Quiet: []workflow.Quiet{
			{From: "2026-12-24", To: "2027-01-01", Why: "Holidays"},
			{From: "2027-12-24", To: "2027-12-24"},
		}},
		Silence: []workflow.Rung{
			{After: 2, Tell: workflow.ToChaser},
			{After: 3, Tell: workflow.ToStage},
			{After: 5, Tell: workflow.ToTeam, Team: "builders"},
		},
		Lateness: []workflow.Rung{
			{After: 1, Tell: workflow.ToStage},
			{After: 3, Tell: workflow.ToOwner},
		},
		Teams: []workflow.Team{{ID: "builders", Name: "Builders"}},
		Stages: []workflow.Stage{{
			ID: "work", Number: "1", Title: "Work", Team: "builders", Role: "led by",
			Due: workflow.Due{AfterCatalyst: 5, Security: 2},
			Steps: []workflow.Step{
				{ID: "update", Number: "1.1", Title: "Update", Short: "Update", Team: "builders",
					PerListing: true, Publishes: true, Sign: workflow.SignOff{People: 2, Teams: []workflow.TeamID{"builders"}}, Due: workflow.Due{AfterCatalyst: 3, Security: 1}},
				{ID: "tell", Number: "1.2", Title: "Tell", Short: "Tell", Team: "builders", Due: workflow.Due{AfterCatalyst: 2}, Evidence: []workflow.Field{
					{ID: "outcome", Label: "Outcome", Type: workflow.Choice, Options: []string{"Told", "Nothing to tell"}, Quick: "Nothing to tell"},
				}},
			},
		}},
	}
}

func fullScope() workflow.Stage {
	return workflow.Stage{
		ID: "scope", Number: "1", Title: "Scope", Team: "sales", Role: "started by",
		Due: workflow.Due{BeforeLaunch: 20},
		Steps: []workflow.Step{
			{
				ID: "open", Number: "1.1", Title: "Open a ticket", Short: "Open a ticket", Team: "sales",
				Due: workflow.Due{BeforeLaunch: 25},
				Evidence: []workflow.Field{
					{ID: "ticket", Label: "Ticket", Type: workflow.URL, Fact: workflow.FactIssue, Tracks: workflow.TrackIssue},
					{ID: "papers", Label: "Papers", Type: workflow.URLs, Min: 2, Hint: "one to a line"},
				},
			},
			{
				ID: "call", Number: "1.2", Title: "Have a call", Short: "Have a call", Team: "sales",
				Optional: true, Question: "Do you want a call?", AskTeam: "builders",
			},
		},
	}
}

func fullWork() workflow.Stage {
	return workflow.Stage{
		ID: "work", Number: "2", Title: "Work", Team: "builders", Role: "led by",
		After: []workflow.StageID{"scope"}, Standard: "It is live.",
		Brief: []workflow.FactName{workflow.FactIssue, "logos"},
		Steps: []workflow.Step{
			{
				ID: "own", Number: "2.1", Title: "Take it on", Short: "Take it on", Team: "builders", DoneWhen: workflow.AssignedAndDue,
				Evidence: []workflow.Field{
					{ID: workflow.FieldAssignee, Label: "Who", Type: workflow.Person},
					{ID: workflow.FieldDue, Label: "When", Type: workflow.DateField},
				},
			},
			{
				ID: "publish", Number: "2.2", Title: "Publish: by hand", Short: "Publish: by hand", Team: "builders",
				After: []workflow.StepID{"own"}, PerListing: true,
				Steps: []workflow.Step{
					{
						ID: "upload", Number: "2.2.1", Title: "Upload", Short: "Upload", Team: "builders",
						Due: workflow.Due{AfterOpen: 3},
						Guides: []workflow.Guide{{
							Provider: workflow.Azure, Text: "First this.\nThen that.",
							Links: []workflow.Link{{Title: "Today's page", URL: "https://example.com/new", Seed: "http://example.com/old"}},
						}},
					},
					{
						ID: "live", Number: "2.2.2", Title: "Go live", Short: "Go live", Team: "builders",
						After: []workflow.StepID{"upload"}, Due: workflow.Due{OnLaunch: true}, LaunchDay: "Press the button",
						Needs: []workflow.Need{{Step: "text"}, {Fact: workflow.FactLaunchAgreed}},
					},
					{ID: "chase", Number: "2.2.3", Title: "Chase them", Short: "Chase them", Team: "builders", When: workflow.Waiting},
					{ID: "raise", Number: "2.2.4", Title: "Raise it", Short: "Raise it", Team: "sales", When: workflow.Waiting},
				},
			},
		},
	}
}

func fullTell() workflow.Stage {
	return workflow.Stage{
		ID: "tell", Number: "3", Title: "Tell", Team: "sales", Role: "led by",
		After: []workflow.StageID{"scope"},
		Steps: []workflow.Step{
			{
				ID: "text", Number: "3.1", Title: "Write the text", Short: "Write the text", Team: "builders",
				Steps: []workflow.Step{{
					ID: "inherit", Number: "3.1.1", Title: "Write it in English", Short: "Write it in English", Team: "builders",
					Standard: "Somebody else has read it.",
					Evidence: []workflow.Field{
						{ID: "words", Label: "Words", Type: workflow.LongText, MaxLength: 500, Ask: "ask a writer"},
						{ID: "tone", Label: "Tone", Type: workflow.Choice, Options: []string{"Plain", "Yes", "3"}, Optional: true},
						{ID: "quote", Label: "Quote", Type: workflow.ShortText, Private: true},
					},
				}},
			},
			{
				ID: "agree", Number: "3.2", Title: "Agree on a day", Short: "Agree", Team: "sales",
				Evidence: []workflow.Field{{ID: "day", Label: "Day", Type: workflow.DateField, Fact: workflow.FactLaunchAgreed}},
			},
		},
	}
}

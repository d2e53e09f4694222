package workflow_test

import (
	"testing"

	"cloudimage/workflow"
)

// Who accepts what the bot proposed is the only one to hear of it: the bot has no
// messages.
func TestProposalOfTheBotIsNoNewsToIt(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(*play) error{
		"accepted": func(p *play) error { return p.Accept(p.by(omar)) },
		"declined": func(p *play) error { return p.Cancel(p.because(omar, "it does not come out")) },
	} {
		r, err := workflow.Begin(workflow.Act{At: monday}, upkeep(), week{}, workflow.Start{
			ID: "run1", Number: 17, Partner: "GitLab 17.5.1", Channel: "C0CARDS", Proposed: true, Leads: leads(), Listings: []workflow.Listing{lane("CE")},
			Catalyst: &workflow.Catalyst{Kind: workflow.CatalystSecurity, At: monday, Unsure: true},
		})
		if err != nil {
			t.Fatal(err)
		}
		p := &play{t, r.Clone(), monday}
		p.must(answer(p))
		for _, n := range workflow.Notices(r, p.Run, omar) {
			if n.User == workflow.Bot {
				t.Errorf("%s: the bot hears of it", name)
			}
		}
	}
}

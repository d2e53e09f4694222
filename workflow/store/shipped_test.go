package store_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
	"cloudimage/workflow/process"
	"cloudimage/workflow/store"
)

// TestShippedProcesses starts a run of each process that ships and reads it
// after a restart, when its definition comes from the database alone.
func TestShippedProcesses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		o.Parse = process.Load
		s := open(t, o)
		defs, err := process.Embedded()
		must(t, err)
		target := workflow.DateOf(start.AddDate(0, 2, 0))
		for _, def := range defs {
			r, err := s.Create(context.Background(), s.next(), func(id workflow.RunID, number int) (*workflow.Run, error) {
				start := workflow.Start{
					ID: id, Number: number, Partner: "DigitalOcean", Provider: workflow.Manual, Owner: ana, Channel: cards,
					Listings: []workflow.Listing{workflow.NewListing("CE", workflow.Image, workflow.Manual), workflow.NewListing("EE", workflow.Image, workflow.Manual)},
					Target:   target,
				}
				if def.Subject == workflow.SubjectCatalyst {
					start.Catalyst = &workflow.Catalyst{Kind: workflow.CatalystSecurity, At: s.clock.now()}
				}
				return workflow.Begin(s.act(ana), def, days{}, start)
			})
			must(t, err)
			s = s.reopen()
			got, err := s.Run(context.Background(), r.ID)
			must(t, err)
			if diff := cmp.Diff(r, got, comparable); diff != "" {
				t.Errorf("a run of %s before and after a restart:\n%s", def.Name, diff)
			}
			if diff := cmp.Diff(def, got.Definition()); diff != "" {
				t.Errorf("the definition of %s before and after a restart:\n%s", def.Name, diff)
			}
		}
	})
}

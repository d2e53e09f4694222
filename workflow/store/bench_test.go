package store_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"cloudimage/workflow"
	"cloudimage/workflow/store"
)

// BenchmarkUpdate measures durable changes of one step. It reports how many of
// them, and how many commits, a second holds.
func BenchmarkUpdate(b *testing.B) {
	for name, database := range map[string]func(testing.TB) string{"SQLite": sqlite, "PostgreSQL": postgres} {
		for _, callers := range []int{1, 64} {
			for _, runs := range []int{1, 64} {
				b.Run(fmt.Sprintf("%s/callers=%d/runs=%d", name, callers, runs), func(b *testing.B) {
					benchmarkUpdate(b, database(b), callers, runs)
				})
			}
		}
	}
}

func benchmarkUpdate(b *testing.B, dsn string, callers, runs int) {
	o := options(dsn)
	var commits, request atomic.Int64
	o.OnBatch = func(store.Batch) { commits.Add(1) }
	s := open(b, o)
	ids := make([]workflow.RunID, runs)
	for i := range ids {
		ids[i] = s.create(fmt.Sprintf("Partner %d", i)).ID
	}
	commits.Store(0)
	people := []workflow.UserID{ana, omar}
	step := workflow.StepKey{Step: "s3"}
	b.ReportAllocs()
	var wg sync.WaitGroup
	b.ResetTimer()
	for range callers {
		wg.Go(func() {
			for n := request.Add(1); n <= int64(b.N); n = request.Add(1) {
				change(b, s, ids[n%int64(runs)], n, step, people)
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "updates/s")
	b.ReportMetric(float64(commits.Load())/b.Elapsed().Seconds(), "commits/s")
}

// change hands the step to the other of two people. The requests come in no
// order, as they do from outside.
func change(b *testing.B, s *bundle, id workflow.RunID, n int64, step workflow.StepKey, people []workflow.UserID) {
	request := workflow.RequestID(fmt.Sprintf("%016x", uint64(n)*0x9e3779b97f4a7c15))
	_, err := s.Update(context.Background(), id, request, func(r *workflow.Run) error {
		to := people[0]
		if r.Steps[step].Assignee == to {
			to = people[1]
		}
		return r.Assign(workflow.Act{Actor: ana, At: start}, step, 0, to)
	})
	if err != nil {
		b.Error(err)
	}
}

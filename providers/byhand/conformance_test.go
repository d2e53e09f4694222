package byhand_test

import (
	"log/slog"
	"sync"
	"testing"
	"time"

	"cloudimage/providers/byhand"
	"cloudimage/providers/conformance"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	conformance.Run(t, func(t testing.TB) *conformance.Site {
		var mu sync.Mutex
		at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		nothing := func() map[string]int { return map[string]int{} }
		now := func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			return at
		}
		return &conformance.Site{
			New:      func(*slog.Logger) images.Cloud { return &byhand.Cloud{Now: now} },
			Now:      now,
			Set:      func(to time.Time) { mu.Lock(); at = to; mu.Unlock() },
			Provider: workflow.Manual,
			There:    nothing, Ever: nothing, Public: map[string]int{}, Made: map[string]int{},
		}
	})
}

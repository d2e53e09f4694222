package workflow

import "time"

// Settle lets tests ask whether anything is left to follow from a run's state.
func (r *Run) Settle(at time.Time) { r.settle(at) }

// Bare is the run without what is not kept of it, for comparing.
func (r *Run) Bare() *Run {
	bare := *r
	bare.def, bare.index, bare.cal, bare.emitted = nil, nil, nil, nil
	return &bare
}

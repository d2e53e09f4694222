package ingestsim

import "time"

// Times are how long things take.
type Times struct {
	// Queue is how long a job or a submission is not started. Default: 5 seconds.
	Queue time.Duration
	// Configure is how long a job takes to change the draft. Default: 2 minutes.
	Configure time.Duration
	// Preview is how long a submission takes to be in preview. Default: 3 hours.
	Preview time.Duration
	// Live is how long certification and publication take. Default: 2 days.
	Live time.Duration
	// Cancellable is how long a job can still be cancelled after its submission has
	// begun to run. Default: 10 minutes.
	Cancellable time.Duration
}

func defaultTimes() Times {
	return Times{
		Queue: 5 * time.Second, Configure: 2 * time.Minute, Preview: 3 * time.Hour, Live: 48 * time.Hour,
		Cancellable: 10 * time.Minute,
	}
}

// SetTimes changes how long the things take that begin from now on.
func (s *Server) SetTimes(change func(*Times)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle(s.time())
	change(&s.times)
}

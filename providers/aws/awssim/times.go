package awssim

import "time"

// Times are how long things take in a region.
type Times struct {
	// Run is how long a machine is pending.
	Run time.Duration
	// StatusOK and Online are how long after it runs the checks of a machine pass and
	// its agent answers.
	StatusOK time.Duration
	Online   time.Duration
	// Stop and Terminate are how long a machine is stopping or shutting down.
	Stop      time.Duration
	Terminate time.Duration
	// Image and Copy are how long an image is pending.
	Image time.Duration
	Copy  time.Duration
	// BlockPublicAccess is how long a change of that setting takes.
	BlockPublicAccess time.Duration
	// Invisible is how long new machines, images and snapshots are not found, though
	// they are there. Default: 2 seconds.
	Invisible time.Duration
	// CommandInvisible is how long a command that was sent is not found, and Deliver
	// how long it is pending.
	CommandInvisible time.Duration
	Deliver          time.Duration
}

// defaultTimes are what is usual for machines of a few gigabytes.
func defaultTimes() Times {
	return Times{
		Run: 15 * time.Second, StatusOK: 2 * time.Minute, Online: 45 * time.Second,
		Stop: 30 * time.Second, Terminate: 20 * time.Second,
		Image: 5 * time.Minute, Copy: 8 * time.Minute,
		BlockPublicAccess: 4 * time.Minute, Invisible: 2 * time.Second,
		CommandInvisible: time.Second, Deliver: time.Second,
	}
}

// SetTimes changes how long things take from now on in a region, or in all for "".
func (s *Server) SetTimes(region string, change func(*Times)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.some(region) {
		change(&r.times)
	}
}

// some are the region of a name, or all for "".
func (s *Server) some(name string) []*region {
	if name == "" {
		return sorted(s.regions)
	}
	if r := s.regions[name]; r != nil {
		return []*region{r}
	}
	return nil
}

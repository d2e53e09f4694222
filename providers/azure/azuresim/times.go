package azuresim

import "time"

// Times are how long things take in a location.
type Times struct {
	// Create is how long a machine is being created. It runs when that has ended.
	Create time.Duration
	// Agent is how long after it runs the agent of a machine answers.
	Agent time.Duration
	// Start, PowerOff and Deallocate are how long a machine changes its power.
	Start      time.Duration
	PowerOff   time.Duration
	Deallocate time.Duration
	// Delete is how long a machine, a disk, an image or a version is being deleted.
	Delete time.Duration
	// Network is how long what belongs to networks is being made or deleted.
	Network time.Duration
	// Update is how long a change takes that moves no data.
	Update time.Duration
	// Deliver is how long a command waits before it runs, when the agent answers.
	Deliver time.Duration
	// PowersOff is how long after a command's start a machine is off whose command
	// left a unit behind that powers it off.
	PowersOff time.Duration
	// Image is how long a managed image is being made.
	Image time.Duration
	// Capture is how long the version of a gallery takes in its own location, and
	// Replicate how long a further location takes after that.
	Capture   time.Duration
	Replicate time.Duration
	// DeleteGroup is how long a resource group is being deleted. When deletion is
	// forced, it is half of that.
	DeleteGroup time.Duration
	// RetryAfter is what answers say about asking again, in whole seconds. Without
	// one, clients decide.
	RetryAfter time.Duration
}

// defaultTimes are what is usual for machines of a few gigabytes.
func defaultTimes() Times {
	return Times{
		Create: 50 * time.Second, Agent: 40 * time.Second, Start: 30 * time.Second, PowerOff: 30 * time.Second,
		Deallocate: 45 * time.Second, Delete: time.Minute, Network: 5 * time.Second, Update: 20 * time.Second,
		Deliver: 20 * time.Second, PowersOff: time.Minute, Image: 2 * time.Minute, Capture: 6 * time.Minute,
		Replicate: 15 * time.Minute, DeleteGroup: 4 * time.Minute, RetryAfter: 10 * time.Second,
	}
}

// SetTimes changes how long things take from now on in a location, or in all for "".
func (s *Server) SetTimes(location string, change func(*Times)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.some(location) {
		change(&p.times)
	}
}

// some are the location of a name, or all for "".
func (s *Server) some(location string) []*place {
	if location == "" {
		return sorted(s.places)
	}
	if p := s.places[plain(location)]; p != nil {
		return []*place{p}
	}
	return nil
}

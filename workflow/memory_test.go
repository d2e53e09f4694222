package workflow_test

import (
	"context"
	"fmt"
	"sync"

	"cloudimage/workflow"
)

// memory is a store that keeps nothing but events: a run is what they rebuild.
type memory struct {
	workflow.Library // no test here reads
	mu               sync.Mutex
	def              *workflow.Definition
	events           map[workflow.RunID][]workflow.Event
	requests         map[workflow.RequestID]workflow.RunID
}

var _ workflow.Store = (*memory)(nil)

func newMemory(def *workflow.Definition) *memory {
	return &memory{def: def, events: map[workflow.RunID][]workflow.Event{}, requests: map[workflow.RequestID]workflow.RunID{}}
}

func (m *memory) Create(_ context.Context, request workflow.RequestID, begin func(workflow.RunID, int) (*workflow.Run, error)) (*workflow.Run, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if id, seen := m.requests[request]; seen {
		return m.run(id), nil
	}
	number := len(m.events) + 1
	r, err := begin(workflow.RunID(fmt.Sprint("run", number)), number)
	if err != nil {
		return nil, err
	}
	return m.keep(request, r), nil
}

func (m *memory) Update(_ context.Context, id workflow.RunID, request workflow.RequestID, change func(*workflow.Run) error) (*workflow.Run, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.events[id]) == 0 {
		return nil, workflow.Fail(workflow.NotFound, "There is no run %q here.", string(id))
	}
	r := m.run(id)
	if _, seen := m.requests[request]; seen {
		return r, nil
	}
	if err := change(r); err != nil {
		return nil, err
	}
	return m.keep(request, r), nil
}

func (m *memory) keep(request workflow.RequestID, r *workflow.Run) *workflow.Run {
	m.requests[request] = r.ID
	m.events[r.ID] = append(m.events[r.ID], r.Emitted()...)
	return m.run(r.ID)
}

func (m *memory) run(id workflow.RunID) *workflow.Run {
	return workflow.Replay(m.def, week{}, m.events[id])
}

// town knows the people of these tests.
type town struct {
	roster   workflow.Roster
	profiles map[workflow.UserID]workflow.Profile // of whom there is more to say
	away     bool                                 // nobody can be looked up
}

var _ workflow.Directory = (*town)(nil)

func (d *town) Profile(_ context.Context, id workflow.UserID) (workflow.Profile, error) {
	if d.away {
		return workflow.Profile{}, workflow.Fail(workflow.Unavailable, "Slack does not answer. Please try again.")
	}
	p := d.profiles[id]
	p.ID = id
	return p, nil
}

func (d *town) Roster(*workflow.Definition) workflow.Roster { return d.roster }

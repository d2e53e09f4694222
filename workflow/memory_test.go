package workflow_test

import (
	"context"
	"fmt"
	"sync"

	"cloudimage/workflow"
)

// memory is a store that keeps nothing but events: a run is what they rebuild.
type memory struct {
	workflow.Library // no test here reads, but what is open
	mu               sync.Mutex
	def              *workflow.Definition
	events           map[workflow.RunID][]workflow.Event
	requests         map[workflow.RequestID]workflow.RunID
	office           *workflow.Office
}

var _ workflow.Store = (*memory)(nil)

func newMemory(def *workflow.Definition) *memory {
	return &memory{def: def, events: map[workflow.RunID][]workflow.Event{}, requests: map[workflow.RequestID]workflow.RunID{}, office: &workflow.Office{}}
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
	r.Follow(workflow.Act{At: r.Started}, m.office)
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
	was := r.State
	if err := change(r); err != nil {
		return nil, err
	}
	for _, fact := range r.ToAsk() {
		asked := false
		for other := range m.events {
			asked = asked || other != id && m.run(other).AsksFor(fact)
		}
		if !asked {
			r.AskFact(workflow.Act{Actor: workflow.Bot, At: r.Emitted()[0].At}, fact)
		}
	}
	if was == workflow.Complete && r.State == workflow.Running {
		r.Follow(workflow.Act{At: r.Emitted()[0].At}, m.office)
	}
	return m.keep(request, r), nil
}

func (m *memory) UpdateOffice(_ context.Context, request workflow.RequestID, change func(*workflow.Office) error, follow func(*workflow.Office, *workflow.Run)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, seen := m.requests[request]; seen {
		return nil
	}
	office := m.office.Clone()
	if err := change(office); err != nil {
		return err
	}
	m.office = office
	m.requests[request] = ""
	for id := range m.events {
		if r := m.run(id); follow != nil && (r.State == workflow.Running || r.State == workflow.Proposed) {
			follow(office.Clone(), r)
			m.events[id] = append(m.events[id], r.Emitted()...)
		}
	}
	return nil
}

func (m *memory) Office(context.Context) (*workflow.Office, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.office.Clone(), nil
}

// Open implements [workflow.Library].
func (m *memory) Open(context.Context, int) (out []*workflow.Run, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id := range m.events {
		if r := m.run(id); r.State == workflow.Running || r.State == workflow.Proposed {
			out = append(out, r)
		}
	}
	return out, nil
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

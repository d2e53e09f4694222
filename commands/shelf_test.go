package commands_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"cloudimage/workflow"
)

// shelf keeps runs in memory, as a store does on disk.
type shelf struct {
	mu     sync.Mutex
	runs   map[workflow.RunID]*workflow.Run
	events map[workflow.RunID][]workflow.Event
	seen   map[workflow.RequestID]workflow.RunID
	office *workflow.Office
	ledger *ledger // hears of what runs publish; nil for nobody
	yard   *yard   // makes images; nil for none
}

var (
	_ workflow.Store   = (*shelf)(nil)
	_ workflow.Library = (*shelf)(nil)
)

func newShelf() *shelf {
	return &shelf{runs: map[workflow.RunID]*workflow.Run{}, events: map[workflow.RunID][]workflow.Event{}, seen: map[workflow.RequestID]workflow.RunID{}, office: &workflow.Office{}}
}

// clone is another shelf with the same runs on it.
func (s *shelf) clone() *shelf {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := newShelf()
	out.office = s.office.Clone()
	if s.ledger != nil {
		out.ledger = s.ledger.clone()
	}
	for id, r := range s.runs {
		out.runs[id], out.events[id] = r.Clone(), slices.Clone(s.events[id])
	}
	return out
}

func (s *shelf) Create(_ context.Context, request workflow.RequestID, begin func(workflow.RunID, int) (*workflow.Run, error)) (*workflow.Run, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id, ok := s.seen[request]; ok {
		return s.runs[id].Clone(), nil
	}
	number := len(s.runs) + 1
	id := workflow.RunID(fmt.Sprintf("run%d", number))
	r, err := begin(id, number)
	if err != nil {
		return nil, err
	}
	r.Follow(workflow.Act{At: r.Started}, s.office)
	s.keep(request, r)
	return r.Clone(), nil
}

func (s *shelf) Update(_ context.Context, id workflow.RunID, request workflow.RequestID, change func(*workflow.Run) error) (*workflow.Run, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept, ok := s.runs[id]
	if !ok {
		return nil, workflow.Fail(workflow.NotFound, "There is no run %q.", string(id))
	}
	if _, ok := s.seen[request]; ok {
		return kept.Clone(), nil
	}
	r := kept.Clone()
	if err := change(r); err != nil {
		return nil, err
	}
	for _, fact := range r.ToAsk() {
		asked := false
		for _, other := range s.runs {
			asked = asked || other.ID != id && other.AsksFor(fact)
		}
		if !asked {
			r.AskFact(workflow.Act{Actor: workflow.Bot, At: r.Emitted()[0].At}, fact)
		}
	}
	s.keep(request, r)
	return r.Clone(), nil
}

func (s *shelf) keep(request workflow.RequestID, r *workflow.Run) {
	if s.ledger != nil {
		s.ledger.heard(s.runs[r.ID], r)
	}
	s.seen[request] = r.ID
	s.events[r.ID] = append(s.events[r.ID], r.Emitted()...)
	s.runs[r.ID] = r.Clone()
}

func (s *shelf) Run(_ context.Context, id workflow.RunID) (*workflow.Run, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.runs[id]
	if !ok {
		return nil, workflow.Fail(workflow.NotFound, "There is no run %q.", string(id))
	}
	return r.Clone(), nil
}

func (s *shelf) Find(_ context.Context, words string) ([]*workflow.Run, error) {
	return s.some(func(r *workflow.Run) bool {
		return strings.EqualFold(words, r.Name()) || words == fmt.Sprint(r.Number) ||
			strings.Contains(strings.ToLower(r.Partner), strings.ToLower(words))
	}), nil
}

func (s *shelf) Open(_ context.Context, limit int) ([]*workflow.Run, error) {
	open := s.some(func(r *workflow.Run) bool { return r.State == workflow.Running || r.State == workflow.Proposed })
	return open[:min(len(open), limit)], nil
}

func (s *shelf) Each(_ context.Context, visit func(*workflow.Run) error) error {
	for _, r := range s.some(func(*workflow.Run) bool { return true }) {
		if err := visit(r); err != nil {
			return err
		}
	}
	return nil
}

// some are copies of the runs that are wanted, newest first.
func (s *shelf) some(wanted func(*workflow.Run) bool) (out []*workflow.Run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(s.runs)) {
		if r := s.runs[id]; wanted(r) {
			out = append(out, r.Clone())
		}
	}
	slices.Reverse(out)
	return out
}

func (s *shelf) UpdateOffice(_ context.Context, request workflow.RequestID, change func(*workflow.Office) error, follow func(*workflow.Office, *workflow.Run)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.seen[request]; ok {
		return nil
	}
	office := s.office.Clone()
	if err := change(office); err != nil {
		return err
	}
	s.office, s.seen[request] = office, ""
	for _, kept := range s.runs {
		if r := kept.Clone(); follow != nil && (r.State == workflow.Running || r.State == workflow.Proposed) {
			follow(office.Clone(), r)
			s.keep(request, r)
		}
	}
	return nil
}

func (s *shelf) Office(context.Context) (*workflow.Office, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.office.Clone(), nil
}

func (s *shelf) Events(_ context.Context, id workflow.RunID, before int64, limit int) ([]workflow.Event, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := slices.Clone(s.events[id])
	out = slices.DeleteFunc(out, func(e workflow.Event) bool { return before > 0 && e.Seq >= before })
	slices.Reverse(out)
	return out[:min(len(out), limit)], nil
}

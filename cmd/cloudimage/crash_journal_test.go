package main

import (
	"context"
	"fmt"
	"sync"

	"cloudimage/workflow"
)

// deed is something a person did that must be in the database once it was
// acknowledged, and never be in it twice.
type deed struct {
	kind deedKind
	key  string
	id   int
}

type deedKind string

const (
	noted  deedKind = "noted"  // key: the text
	closed deedKind = "closed" // key: the run and the step
	begun  deedKind = "begun"  // key: the partner
)

// journal is what people have done and what they saw of it.
type journal struct {
	processes []*workflow.Definition

	mu      sync.Mutex
	deeds   []deed
	acked   map[int]bool
	started int           // runs that were acknowledged
	more    chan struct{} // closed and replaced with each acknowledgement
}

func newJournal(processes []*workflow.Definition) *journal {
	return &journal{processes: processes, acked: map[int]bool{}, more: make(chan struct{})}
}

// begin writes down what is about to be tried.
func (j *journal) begin(d deed) deed {
	j.mu.Lock()
	defer j.mu.Unlock()
	d.id = len(j.deeds)
	j.deeds = append(j.deeds, d)
	return d
}

// end writes down whether it was acknowledged.
func (j *journal) end(d deed, acked bool) {
	if !acked {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.acked[d.id] = true
	if d.kind == begun {
		j.started++
	}
	close(j.more)
	j.more = make(chan struct{})
}

// runs is how many runs are known to be there.
func (j *journal) runs() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.started
}

// step is the step of that id, of whatever process.
func (j *journal) step(id workflow.StepID) (*workflow.Step, bool) {
	for _, def := range j.processes {
		if s, _, ok := def.Step(id); ok {
			return s, true
		}
	}
	return nil, false
}

// await waits until so many more deeds were acknowledged.
func (j *journal) await(ctx context.Context, n int, exited <-chan error) error {
	j.mu.Lock()
	want := len(j.acked) + n
	j.mu.Unlock()
	for {
		j.mu.Lock()
		have, more := len(j.acked), j.more
		j.mu.Unlock()
		if have >= want {
			return nil
		}
		select {
		case <-more:
		case err := <-exited:
			return fmt.Errorf("the program ended by itself: %w", err)
		case <-ctx.Done():
			return fmt.Errorf("%d of %d deeds were acknowledged: %w", n-(want-have), n, ctx.Err())
		}
	}
}

// all are the deeds, by whether they were acknowledged.
func (j *journal) all() (acked, unknown []deed) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, d := range j.deeds {
		if j.acked[d.id] {
			acked = append(acked, d)
		} else {
			unknown = append(unknown, d)
		}
	}
	return acked, unknown
}

// count is how many deeds of each kind were acknowledged, and of how many
// nobody knows.
func (j *journal) count() (acked map[deedKind]int, unknown int) {
	deeds, open := j.all()
	acked = map[deedKind]int{noted: 0, closed: 0, begun: 0}
	for _, d := range deeds {
		acked[d.kind]++
	}
	return acked, len(open)
}

package store

import (
	"container/list"
	"sync"

	"cloudimage/workflow"
)

// cachedRuns is how many runs a cache holds: some thousand bytes each.
const cachedRuns = 2000

// cache holds the runs that were used last. A run in it never changes, so it
// may be cloned by many at once; a run at a version is the same for ever, so
// who compares the version with the database's can rely on it.
type cache struct {
	mu    sync.Mutex
	size  int
	runs  map[workflow.RunID]*list.Element
	order *list.List // of *workflow.Run, used last first
}

func newCache(size int) *cache {
	return &cache{size: size, runs: map[workflow.RunID]*list.Element{}, order: list.New()}
}

// get is the run as it was put; nil when it is not there.
func (c *cache) get(id workflow.RunID) *workflow.Run {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.runs[id]
	if e == nil {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*workflow.Run)
}

// put keeps a run that nobody will change any more. An older one than the one
// that is there is not kept.
func (c *cache) put(r *workflow.Run) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.runs[r.ID]; e != nil {
		if e.Value.(*workflow.Run).Version <= r.Version {
			e.Value = r
		}
		c.order.MoveToFront(e)
		return
	}
	c.runs[r.ID] = c.order.PushFront(r)
	if c.order.Len() > c.size {
		last := c.order.Back()
		delete(c.runs, c.order.Remove(last).(*workflow.Run).ID)
	}
}

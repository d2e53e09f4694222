package store

import (
	"testing"

	"cloudimage/workflow"
)

func TestCacheForgetsWhatWasUsedLongestAgo(t *testing.T) {
	t.Parallel()
	c := newCache(2)
	c.put(&workflow.Run{ID: "a", Version: 1})
	c.put(&workflow.Run{ID: "b", Version: 1})
	c.get("a")
	c.put(&workflow.Run{ID: "c", Version: 1})
	for id, want := range map[workflow.RunID]bool{"a": true, "b": false, "c": true} {
		if got := c.get(id) != nil; got != want {
			t.Errorf("run %s is there: %v, want %v", id, got, want)
		}
	}
	// A reader that was slow does not put back what a commit has replaced.
	c.put(&workflow.Run{ID: "a", Version: 3})
	c.put(&workflow.Run{ID: "a", Version: 2})
	if got := c.get("a").Version; got != 3 {
		t.Errorf("run a is there at version %d, want 3", got)
	}
}

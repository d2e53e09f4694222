package gitlab

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/providers/gitlab/gitlabsim"
	"cloudimage/workflow/mirror"
)

// onLists does something before each page of a list of issues is read.
func (w *world) onLists(do func(n int)) (remove func()) {
	var n atomic.Int64
	return w.AddHook(gitlabsim.Hook{Before: func(c gitlabsim.Call) {
		if c.Method == http.MethodGet && strings.HasSuffix(c.Path, "/issues") {
			do(int(n.Add(1)))
		}
	}})
}

// TestChangedWhileRead has people change issues between the pages of the list.
func TestChangedWhileRead(t *testing.T) {
	t.Parallel()
	const total = 250
	touch := func(t *testing.T, w *world, at gitlabsim.Ref) {
		if err := w.As("maya").EditTitle(at, fmt.Sprintf("touched %d", rand.Int64())); err != nil {
			t.Error(err)
		}
	}
	for name, setUp := range map[string]func(*world){
		"each of a moment of its own": func(*world) {},
		"all of one moment":           func(w *world) { w.step.Store(0) },
		"many of each moment":         func(w *world) { w.step.Store(10) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, gitlabsim.Options{})
			setUp(w)
			all := w.issues(t, total)
			w.step.Store(1000)

			// The first of the list are changed before each page but the first.
			disturb := func() func() {
				return w.onLists(func(n int) {
					if n > 1 && n < 6 {
						for i := range 7 {
							touch(t, w, all[(n-2)*7+i])
						}
					}
				})
			}
			remove := disturb()
			if got := byPageNumber(t, w); len(got) == total {
				t.Error("nothing is missed by counting pages, so this test shows nothing")
			}
			remove()

			w = newWorld(t, gitlabsim.Options{})
			setUp(w)
			all = w.issues(t, total)
			w.step.Store(1000)
			remove = disturb()
			got, err := w.client.Changed(t.Context(), "group/images", today)
			remove()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(upTo(total), numbers(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if !slices.IsSortedFunc(got, func(a, b mirror.Issue) int { return a.Updated.Compare(b.Updated) }) {
				t.Error("they are in another order than they changed in")
			}
			for _, i := range got {
				if v, _ := w.View(gitlabsim.Ref(i.Path)); v.Title != i.Title {
					t.Errorf("%s is returned as %q, and is %q", i.Path, i.Title, v.Title)
				}
			}
		})
	}
	t.Run("some are deleted, at random", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, gitlabsim.Options{})
		all := w.issues(t, total)
		gone := map[int64]bool{}
		remove := w.onLists(func(n int) {
			if n == 1 || n > 5 {
				return
			}
			for range 10 {
				i := rand.IntN(total)
				if !gone[int64(i+1)] {
					gone[int64(i+1)] = true
					if err := w.As("jo").Delete(all[i]); err != nil {
						t.Error(err)
					}
				}
			}
		})
		got, err := w.client.Changed(t.Context(), "group/images", today)
		remove()
		if err != nil {
			t.Fatal(err)
		}
		have := numbers(got)
		for n := range int64(total) {
			if !gone[n+1] && !slices.Contains(have, n+1) {
				t.Errorf("issue %d was missed", n+1)
			}
		}
	})
	t.Run("nothing changed since", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, gitlabsim.Options{})
		w.issues(t, 3)
		got, err := w.client.Changed(t.Context(), "group/images", today.Add(time.Hour))
		if err != nil || len(got) != 0 {
			t.Errorf("%v, %v", got, err)
		}
	})
}

// byPageNumber reads the list by page=1, 2, 3, and so on.
func byPageNumber(t *testing.T, w *world) map[int64]bool {
	t.Helper()
	got := map[int64]bool{}
	for n := 1; n < 5; n++ {
		q := url.Values{"order_by": {"updated_at"}, "sort": {"asc"}, "per_page": {"100"}, "page": {fmt.Sprint(n)}}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.http.URL+"/api/v4/projects/group%2Fimages/issues?"+q.Encode(), nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Private-Token", token)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		var list []struct{ IID int64 }
		if err := decode(resp, &list); err != nil {
			t.Fatal(err)
		}
		for _, i := range list {
			got[i.IID] = true
		}
	}
	return got
}

// BenchmarkPoll reads a project with 5,000 issues of which 50 changed.
func BenchmarkPoll(b *testing.B) {
	w := newWorld(b, gitlabsim.Options{KeepCalls: -1})
	all := w.issues(b, 5000)
	w.clock.Add(int64(time.Hour / time.Microsecond))
	from := w.client.now()
	for i := range 50 {
		if err := w.As("maya").EditTitle(all[i*100], "changed"); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		got, err := w.client.Changed(b.Context(), "group/images", from)
		if err != nil || len(got) != 50 {
			b.Fatalf("%d, %v", len(got), err)
		}
	}
}

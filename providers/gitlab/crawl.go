package gitlab

import (
	"context"
	"net/url"
	"slices"
	"time"

	gl "gitlab.com/gitlab-org/api/client-go/v2"
)

// This file reads lists that change while they are read. GitLab pages them by
// counting: page 2 is what comes after the first hundred of what there is now. In
// a list by the time of the last change, an issue that somebody touches leaves its
// place and goes to the end, everything behind it moves up by one, and one issue
// slips from page 2 to page 1 after page 1 was read. So page 2 is never asked for:
// the list is asked for again from the moment of the last one seen, which was
// counted in already and is known again by its id.
//
// Only when a whole page is of one moment does counting have to go on, and then
// the moment is read again until nothing new turns up.
//
// Newer servers page the issues of a project by a key as well, which would need none
// of this (gitlab-org/gitlab!199887); but older ones do not.

// moment is how GitLab writes times: to the millisecond, rounded down.
const moment = "2006-01-02T15:04:05.000Z"

// since sets a time in the query. The library would write it to the second, and a
// second in which many issues change at once would have to be read again and again.
func since(key string, t time.Time) gl.RequestOptionFunc {
	if t.IsZero() {
		return nil
	}
	// Of the library's options this is the one that sets what is in a query.
	return gl.WithKeysetPaginationParameters("?" + url.Values{key: {t.UTC().Format(moment)}}.Encode())
}

// crawler reads a list of things that have an id and a time, by rising time.
type crawler[T any] struct {
	client *Client
	route  string
	// list asks for a page of those at or after a moment.
	list func(from time.Time, o gl.ListOptions, opt gl.RequestOptionFunc) ([]*T, *gl.Response, error)
	// key is the id and the time.
	key func(*T) (int64, time.Time)

	seen map[int64]*T
}

// all are all at or after a moment, each as it was seen last, the earliest first.
func (w *crawler[T]) all(ctx context.Context, from time.Time) ([]*T, error) {
	w.seen = map[int64]*T{}
	from = from.Truncate(time.Millisecond)
	for {
		last, more, _, err := w.page(ctx, from, 1)
		if err != nil {
			return nil, err
		}
		if more && !last.After(from) {
			last, more, err = w.stretch(ctx, from)
			if err != nil {
				return nil, err
			}
		}
		if !more {
			break
		}
		from = last
	}
	out := make([]*T, 0, len(w.seen))
	for _, v := range w.seen {
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b *T) int {
		ida, ta := w.key(a)
		idb, tb := w.key(b)
		if c := ta.Compare(tb); c != 0 {
			return c
		}
		return int(min(max(ida-idb, -1), 1))
	})
	return out, nil
}

// stretch reads on by counting, from page 1, until a later moment begins or the
// list ends, and does it again until it has seen all of it.
func (w *crawler[T]) stretch(ctx context.Context, from time.Time) (last time.Time, more bool, err error) {
	for {
		found := 0
		for n := int64(1); ; n++ {
			if n > mostPages {
				return last, false, endless(w.route)
			}
			var fresh int
			last, more, fresh, err = w.page(ctx, from, n)
			if err != nil {
				return last, false, err
			}
			found += fresh
			if !more || last.After(from) {
				break
			}
		}
		if found == 0 {
			return last, more, nil
		}
	}
}

// page reads one page, and says when the last on it changed, whether there is
// another, and how many on it were new.
func (w *crawler[T]) page(ctx context.Context, from time.Time, n int64) (last time.Time, more bool, fresh int, err error) {
	list, more, err := many(ctx, w.client, w.route, func(opt gl.RequestOptionFunc) ([]*T, *gl.Response, error) {
		return w.list(from, page(n), opt)
	})
	if err != nil {
		return last, false, 0, err
	}
	for _, v := range list {
		id, at := w.key(v)
		if _, ok := w.seen[id]; !ok {
			fresh++
		}
		w.seen[id] = v
		if at = at.Truncate(time.Millisecond); at.After(last) {
			last = at
		}
	}
	return last, more, fresh, nil
}

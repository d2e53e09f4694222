package gitlab

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"

	gl "gitlab.com/gitlab-org/api/client-go/v2"

	"cloudimage/workflow/mirror"
)

// errEmpty is an answer without what was asked for.
var errEmpty = errors.New("the answer is empty")

// run makes one request and returns what came back, never nil, with the failure if
// it failed.
func (c *Client) run(ctx context.Context, method, route string, do func(gl.RequestOptionFunc) error) (*answer, error) {
	if wait := c.limits.wait(c.now()); wait > 0 {
		return &answer{}, &mirror.TrackerError{Failure: mirror.Limited, Wait: wait, Err: errReserve}
	}
	within, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	a := &answer{}
	begun := c.now()
	err := do(gl.WithContext(withAnswer(within, a)))
	ended := c.now()
	if a.path == "" && ctx.Err() == nil {
		// It never came to a request.
		if err == nil {
			err = errEmpty
		}
		return a, rejected("%s", c.line(err.Error()))
	}
	c.limits.note(a.header, ended)
	c.onCall(method, route, a.status, ended.Sub(begun))
	c.log.LogAttrs(ctx, slog.LevelDebug, "gitlab answered",
		slog.String("method", method), slog.String("route", route), slog.Int("status", a.status),
		slog.Duration("took", ended.Sub(begun)), slog.String("request", requestID(a.header)))
	if err != nil {
		return a, c.failed(ctx, within, method, a, err, ended)
	}
	return a, nil
}

// one asks for one thing.
func one[T any](ctx context.Context, c *Client, method, route string, do func(gl.RequestOptionFunc) (*T, *gl.Response, error)) (*T, error) {
	var v *T
	_, err := c.run(ctx, method, route, func(opt gl.RequestOptionFunc) (err error) {
		if v, _, err = do(opt); err == nil && v == nil {
			err = errEmpty // a null
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return v, nil
}

// many asks for one page of a list, and says whether there may be another.
func many[T any](ctx context.Context, c *Client, route string, do func(gl.RequestOptionFunc) ([]*T, *gl.Response, error)) (list []*T, more bool, err error) {
	a, err := c.run(ctx, http.MethodGet, route, func(opt gl.RequestOptionFunc) (err error) {
		list, _, err = do(opt)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	more = another(a.header, len(list))
	list = slices.DeleteFunc(list, func(v *T) bool { return v == nil })
	return list, more, nil
}

// another reports whether there is a page after one with so many entries. A short
// page need not be the last one: GitLab takes from a page what we may not see
// after it has counted it out.
func another(h http.Header, entries int) bool {
	if next, ok := h["X-Next-Page"]; ok {
		return strings.TrimSpace(strings.Join(next, "")) != ""
	}
	if links := h.Values("Link"); len(links) > 0 {
		return strings.Contains(strings.Join(links, ","), `rel="next"`)
	}
	return entries > 0 // a proxy took the headers away
}

// mostPages is where a list that does not end is given up. GitLab itself counts to
// 50,000 and no further. https://docs.gitlab.com/administration/instance_limits/#max-offset-allowed-by-the-rest-api-for-offset-based-pagination
const mostPages = 1000

// endless is the failure of a list of too many pages.
func endless(route string) error {
	return &mirror.TrackerError{Failure: mirror.Unreachable, Err: fmt.Errorf("GET %s: the list does not end", route)}
}

// perPage is the most that GitLab gives at once.
const perPage = 100

// page are the options of a page, counted from 1.
func page(n int64) gl.ListOptions {
	o := gl.ListOptions{PerPage: perPage}
	if n > 1 {
		o.Page = n
	}
	return o
}

// all asks for all pages of a list whose order does not change under the reader.
func all[T any](ctx context.Context, c *Client, route string, do func(o gl.ListOptions, opt gl.RequestOptionFunc) ([]*T, *gl.Response, error)) ([]*T, error) {
	var out []*T
	for n := int64(1); n <= mostPages; n++ {
		list, more, err := many(ctx, c, route, func(opt gl.RequestOptionFunc) ([]*T, *gl.Response, error) { return do(page(n), opt) })
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
		if !more {
			return out, nil
		}
	}
	return nil, endless(route)
}

// projectOf is what the library takes for a project.
func projectOf(project string) (any, error) {
	if strings.TrimSpace(project) == "" {
		return nil, rejected("no project is given")
	}
	if id, err := strconv.ParseInt(project, 10, 64); err == nil {
		if id <= 0 {
			return nil, rejected("%d is no project's id", id)
		}
		return id, nil
	}
	return strings.Trim(project, "/"), nil
}

// place is where a ref is, for the library; it must be of the kind.
func place(at mirror.Ref, kind mirror.Kind) (project any, number int64, err error) {
	if at.Kind != kind {
		return nil, 0, rejected("a %s is asked for as a %s", at.Kind, kind)
	}
	if at.Number <= 0 {
		return nil, 0, rejected("%d is no number of a %s", at.Number, kind)
	}
	project, err = projectOf(at.Project)
	return project, at.Number, err
}

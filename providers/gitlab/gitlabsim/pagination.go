package gitlabsim

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// This file cuts lists into pages (doc/api/rest/_index.md, "Pagination").

// manyRows is above how many rows GitLab leaves out the totals and the last page.
const manyRows = 10_000

// paginate is the page of a list that is asked for, and sets the headers.
func paginate[T any](q *request, all []T) ([]T, error) {
	page, per, err := q.page()
	if err != nil {
		return nil, err
	}
	total := len(all)
	pages := max(1, (total+per-1)/per)
	from := min(total, (page-1)*per)
	to := min(total, from+per)
	h := q.header
	next, prev := "", ""
	if to < total {
		next = strconv.Itoa(page + 1)
	}
	if page > 1 {
		prev = strconv.Itoa(page - 1)
	}
	h.Set("X-Page", strconv.Itoa(page))
	h.Set("X-Per-Page", strconv.Itoa(per))
	h.Set("X-Next-Page", next)
	h.Set("X-Prev-Page", prev)
	if total <= manyRows {
		h.Set("X-Total", strconv.Itoa(total))
		h.Set("X-Total-Pages", strconv.Itoa(pages))
	}
	var links []string
	link := func(rel, page string) {
		if page != "" {
			links = append(links, fmt.Sprintf(`<%s>; rel="%s"`, q.with("page", page, "per_page", strconv.Itoa(per)), rel))
		}
	}
	link("prev", prev)
	link("next", next)
	link("first", "1")
	if total <= manyRows {
		link("last", strconv.Itoa(pages))
	}
	h.Set("Link", strings.Join(links, ", "))
	return all[from:to], nil
}

// page is the page that is asked for and how many rows it has.
func (q *request) page() (page, per int, err error) {
	n, some, err := q.params.integer("page")
	if err != nil {
		return 0, 0, err
	}
	page = 1
	if some {
		page = int(min(max(n, 1), 1<<31)) // below 1 is the first
	}
	n, some, err = q.params.integer("per_page")
	if err != nil {
		return 0, 0, err
	}
	per = 20
	if some {
		if n <= 0 {
			return 0, 0, fault("per_page does not have a valid value") // GitLab refuses 0; the wording is not verified
		}
		per = int(min(n, 100))
	}
	return page, per, nil
}

// with is the address of this request with some parameters changed.
func (q *request) with(pairs ...string) string {
	query := q.http.URL.Query()
	for i := 0; i < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	return q.s.baseURL() + q.http.URL.EscapedPath() + "?" + query.Encode()
}

// keyset cuts a sorted list of items behind a cursor, as the list of a project's
// issues allows (gitlab-org/gitlab!199887). column tells what an item is sorted
// by, as text that sorts as it does.
func keyset(q *request, all []*item, name string, column func(*item) string) ([]*item, error) {
	_, per, err := q.page()
	if err != nil {
		return nil, err
	}
	cursor, err := q.params.str("cursor")
	if err != nil {
		return nil, err
	}
	from := 0
	if cursor != "" {
		at, err := parseCursor(cursor)
		if err != nil {
			return nil, fault("cursor is invalid")
		}
		asc := q.params["sort"] == "asc"
		from = len(all)
		if i := slices.IndexFunc(all, func(it *item) bool {
			d := strings.Compare(column(it), at[name])
			if d == 0 {
				id, err := strconv.ParseInt(at["id"], 10, 64)
				if err != nil {
					return false
				}
				d = int(min(max(it.id-id, -1), 1))
			}
			return asc && d > 0 || !asc && d < 0
		}); i >= 0 {
			from = i
		}
	}
	to := min(len(all), from+per)
	if to < len(all) {
		last := all[to-1]
		b, err := json.Marshal(map[string]string{name: column(last), "id": strconv.FormatInt(last.id, 10), "_kd": "n"})
		if err != nil {
			return nil, err
		}
		q.header.Set("Link", fmt.Sprintf(`<%s>; rel="next"`, q.with("cursor", base64.URLEncoding.EncodeToString(b))))
	}
	return all[from:to], nil
}

func parseCursor(s string) (map[string]string, error) {
	b, err := base64.URLEncoding.DecodeString(s)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	return out, json.Unmarshal(b, &out)
}

// sortable is a time as text that sorts as the time does.
func sortable(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

func unix(seconds int64) time.Time { return time.Unix(seconds, 0).UTC() }

// escape is one part of a path.
func escape(part string) string { return url.PathEscape(part) }

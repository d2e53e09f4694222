package openapi_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"cloudimage/providers/gitlab/openapi"
)

// TestFactsHoldTogether holds that each type that is named is there.
func TestFactsHoldTogether(t *testing.T) {
	t.Parallel()
	f, err := openapi.Read()
	if err != nil {
		t.Fatal(err)
	}
	if f.Source == "" || len(f.Commit) != 40 || len(f.Operations) < 40 || len(f.Schemas) < 30 {
		t.Fatalf("%q at %q has %d operations and %d schemas", f.Source, f.Commit, len(f.Operations), len(f.Schemas))
	}
	types := strings.Fields("any string boolean integer object time date strings integers")
	check := func(where, typ string) {
		for part := range strings.SplitSeq(strings.TrimSuffix(typ, "?"), "|") {
			part = strings.TrimSuffix(strings.TrimPrefix(part, "[]"), "?")
			if _, ok := f.Schemas[part]; !ok && !slices.Contains(types, part) {
				t.Errorf("%s has the type %q, which is not known", where, part)
			}
		}
	}
	for name, s := range f.Schemas {
		if s.From == "" {
			t.Errorf("nobody says where %s is from", name)
		}
		for field, typ := range s.Fields {
			check(name+"."+field, typ)
		}
	}
	for _, op := range f.Operations {
		if op.From == "" || len(op.Status) == 0 {
			t.Errorf("%s %s does not say where it is from or how it answers", op.Method, op.Path)
		}
		for _, p := range op.Params {
			check(op.Path+" "+p.Name, p.Type)
		}
		if op.Response != "" {
			check(op.Path, op.Response)
		}
	}
}

func TestCheckCall(t *testing.T) {
	t.Parallel()
	const tag = `{"name":"v1+2","message":null,"target":"ab","commit":{"id":"a","short_id":"a","created_at":"2026-03-02T09:00:00.000Z","parent_ids":[],"title":"t","message":"m","author_name":"n","author_email":"e","authored_date":"2026-03-02T09:00:00.000Z","committer_name":"n","committer_email":"e","committed_date":"2026-03-02T09:00:00.000Z","web_url":"u"},"release":null,"protected":false,"created_at":null}`
	for _, c := range []struct {
		name, method, path, query, body, answer string
		status                                  int
		want                                    string // in the first disagreement; "" is none
	}{
		{"all is well", "GET", "/projects/7/repository/tags/v1%2B2", "", "", tag, 200, ""},
		{"a field is missing", "GET", "/projects/7/repository/tags/v1", "", "", strings.Replace(tag, `"protected":false,`, "", 1), 200, "protected is missing"},
		{"a field is new", "GET", "/projects/7/repository/tags/v1", "", "", strings.Replace(tag, `"protected"`, `"guarded":1,"protected"`, 1), 200, "guarded is not known"},
		{"a field has the wrong type", "GET", "/projects/7/repository/tags/v1", "", "", strings.Replace(tag, `"ab"`, `12`, 1), 200, "target is 12, want string"},
		{"null where there must be something", "GET", "/projects/7/repository/tags/v1", "", "", strings.Replace(tag, `"ab"`, `null`, 1), 200, "target is null"},
		{"no such operation", "GET", "/projects/7/wikis", "", "", "[]", 200, "no operation"},
		{"a number that is none", "GET", "/issues", "author_id=maya", "", "[]", 200, `author_id is "maya"`},
		{"a value that is none", "GET", "/issues", "state=open", "", "[]", 200, `state is "open"`},
		{"a parameter that is none", "GET", "/issues", "status=opened", "", "[]", 200, "status is not known"},
		{"negated", "GET", "/issues", "not[labels]=a&iids[]=3&iids[]=4", "", "[]", 200, ""},
		{"a time that is none", "GET", "/issues", "updated_after=yesterday", "", "[]", 200, `updated_after is "yesterday"`},
		{"something is missing", "POST", "/projects/7/issues/1/notes", "", `{"internal":true}`, `{"commands_changes":{},"summary":[]}`, 202, "body is missing"},
		{"a body that is none", "POST", "/projects/7/issues/1/notes", "", `[]`, `{"commands_changes":{},"summary":[]}`, 202, "no JSON object"},
		{"a list that is none", "PUT", "/projects/7/issues/1", "", `{"assignee_ids":"1,2"}`, `{}`, 500, "assignee_ids"},
		{"labels as text", "PUT", "/projects/7/issues/1", "", `{"labels":"a,b","add_labels":["c"]}`, `{}`, 500, ""},
		{"refused", "PUT", "/projects/7/issues/1", "", `{"nonsense":1}`, `{"message":"403 Forbidden"}`, 403, ""},
		{"refused without a word", "PUT", "/projects/7/issues/1", "", ``, `nginx`, 403, "without a message"},
		{"text from a proxy", "GET", "/user", "", "", "Retry later", 429, ""},
		{"the wrong success", "DELETE", "/projects/7/issues/1", "", "", "", 200, "the status is 200"},
		{"nothing, as it must be", "DELETE", "/projects/7/issues/1", "", "", "", 204, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			query, err := url.ParseQuery(c.query)
			if err != nil {
				t.Fatal(err)
			}
			got := openapi.CheckCall(c.method, c.path, query, []byte(c.body), []byte(c.answer), c.status)
			switch {
			case c.want == "" && len(got) > 0:
				t.Errorf("it disagrees: %q", got)
			case c.want != "" && (len(got) == 0 || !strings.Contains(got[0], c.want)):
				t.Errorf("the disagreements are %q, want %q", got, c.want)
			}
		})
	}
}

func FuzzCheckCall(f *testing.F) {
	f.Add("GET", "/issues", "state=opened", "", "[]", 200)
	f.Add("POST", "/projects/1/issues", "", `{"title":1}`, `{"id":null}`, 201)
	f.Fuzz(func(t *testing.T, method, path, query, body, answer string, status int) {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Skip()
		}
		openapi.CheckCall(method, path, values, []byte(body), []byte(answer), status)
	})
}

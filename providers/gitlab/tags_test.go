package gitlab

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/providers/gitlab/gitlabsim"
	"cloudimage/workflow/mirror"
)

// read are the tags that a reader hands over.
func read(t *testing.T, r *TagReader) ([]string, error) {
	t.Helper()
	var out []string
	err := r.EachTag(t.Context(), func(name string, at time.Time) {
		out = append(out, name+" "+at.Format(time.DateTime))
	})
	return out, err
}

// TestTagsOfAPublicProject reads from the stand-in, without a token and with one.
func TestTagsOfAPublicProject(t *testing.T) {
	t.Parallel()
	w := newWorld(t, gitlabsim.Options{})
	w.Add(gitlabsim.Seed{Projects: []gitlabsim.Project{{Path: "open/omnibus", Visibility: gitlabsim.Public}}})
	for i, name := range []string{"18.5.0+ee.0", "18.5.0+ce.0", "6.x.omnibus", "18.4.2+ee.0"} {
		tag := gitlabsim.Tag{Path: "open/omnibus", Name: name, At: today.Add(-time.Duration(i) * time.Hour)}
		if i > 0 {
			tag.Message = "Version " + name // annotated
		}
		w.AddTag(tag)
	}
	w.AddTag(gitlabsim.Tag{Path: "group/images", Name: "18.5.0+ee.0"})
	want := []string{"18.5.0+ee.0 2033-11-02 09:00:00", "18.5.0+ce.0 2033-11-02 08:00:00", "6.x.omnibus 2033-11-02 07:00:00", "18.4.2+ee.0 2033-11-02 06:00:00"}
	for _, c := range []struct {
		name, project, token string
		want                 []string
		failure              mirror.Failure
	}{
		{"without a token", "open/omnibus", "", want, ""},
		{"with a token", "open/omnibus", token, want, ""},
		{"a private project without a token", "group/images", "", nil, mirror.Gone},
		{"a token that is not good", "open/omnibus", "glpat-wrong", nil, mirror.Unauthorized},
		{"a project that is not there", "open/nothing", "", nil, mirror.Gone},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, err := NewTagReader(TagOptions{Options: Options{URL: w.http.URL, Token: c.token, Transport: &http.Transport{DisableKeepAlives: true}}, Project: c.project})
			if err != nil {
				t.Fatal(err)
			}
			got, err := read(t, r)
			if c.failure != "" {
				if e := failureIn(t, err); e.Failure != c.failure {
					t.Errorf("%v is %q, want %q", err, e.Failure, c.failure)
				}
			} else if err != nil {
				t.Error(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestTagsAreReadAsFarAsAsked holds the exact requests, and that a tag that moved
// to the next page meanwhile is one.
func TestTagsAreReadAsFarAsAsked(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(e exchange) reply {
		if h := e.header.Get("Private-Token"); h != "" || e.header.Get("Authorization") != "" {
			t.Errorf("nobody gave a token, and %q was sent", h)
		}
		switch e.query.Get("page") {
		case "":
			return reply{header: map[string]string{"X-Next-Page": "2"}, body: `[{"name":"3","created_at":null,"commit":{"committed_date":"2026-10-01T08:00:00Z","created_at":"2026-10-01T07:00:00Z"}},
				{"name":"2","created_at":"2026-09-01T08:00:00.000+02:00","commit":{"committed_date":"2026-08-01T08:00:00Z"}},null,{"name":""}]`}
		case "2":
			return reply{header: map[string]string{"X-Next-Page": "3"}, body: `[{"name":"2"},{"name":"1","commit":null}]`}
		}
		return reply{status: 500}
	})
	r, err := NewTagReader(TagOptions{Options: Options{URL: s.URL}, Project: "gitlab-org/omnibus-gitlab", Pages: 2})
	if err != nil {
		t.Fatal(err)
	}
	got, err := read(t, r)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"3 2026-10-01 08:00:00", "2 2026-09-01 06:00:00", "1 0001-01-01 00:00:00"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	path := "GET /api/v4/projects/gitlab-org%2Fomnibus-gitlab/repository/tags?order_by=updated&"
	if diff := cmp.Diff([]string{path + "per_page=100&sort=desc", path + "page=2&per_page=100&sort=desc"}, s.requests()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTagReadersThatCannotBe(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		in   TagOptions
		want string
	}{
		{"no project", TagOptions{}, "the project whose tags are read is none"},
		{"an address that is none", TagOptions{Options: Options{URL: "ftp://x"}, Project: "a/b"}, "must begin with https://"},
		{"a token with a line break", TagOptions{Options: Options{Token: "a\nb"}, Project: "a/b"}, "the token has characters"},
		{"pages below zero", TagOptions{Project: "a/b", Pages: -1}, "below zero"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if _, err := NewTagReader(c.in); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
	o := TagOptions{Options: Options{Token: token}, Project: "a/b"}
	if got := fmt.Sprintf("%+v %#v", o, o); strings.Contains(got, token) {
		t.Errorf("the options print the token: %s", got)
	}
	if _, err := New(Options{}); err == nil {
		t.Error("a client without a token was made")
	}
}

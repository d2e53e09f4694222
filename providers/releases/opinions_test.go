package releases

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
)

func TestOpinionsOfTheVersionService(t *testing.T) {
	t.Parallel()
	const rest = `,"latest_stable_versions":["17.2.2","17.1.4","17.0.6"],"latest_stable_version_of_minor":"16.1.7","details":""}`
	for _, c := range []struct {
		name, answer string
		want         workflow.Opinion
		wrong        string
	}{
		{"current", `{"latest_version":"17.2.2","severity":"success","critical_vulnerability":false` + rest, workflow.Opinion{Latest: version("17.2.2"), Standing: workflow.StandingCurrent}, ""},
		{"behind", `{"latest_version":"17.2.2","severity":"warning","critical_vulnerability":false` + rest, workflow.Opinion{Latest: version("17.2.2"), Standing: workflow.StandingBehind}, ""},
		{"in danger", `{"latest_version":"17.2.2","severity":"danger","critical_vulnerability":false` + rest, workflow.Opinion{Latest: version("17.2.2"), Standing: workflow.StandingInDanger}, ""},
		{"in danger that is critical", `{"latest_version":"17.2.2","severity":"danger","critical_vulnerability":true` + rest, workflow.Opinion{Latest: version("17.2.2"), Standing: workflow.StandingInDanger, Critical: true}, ""},
		{"the newest of those that are stable", `{"severity":"danger"` + rest, workflow.Opinion{Latest: version("17.2.2"), Standing: workflow.StandingInDanger}, ""},
		{"a severity nobody knows", `{"latest_version":"17.2.2","severity":"apocalypse"` + rest, workflow.Opinion{}, `stands at "apocalypse", of which nothing is known`},
		{"in other letters", `{"latest_version":"17.2.2","severity":"Danger"` + rest, workflow.Opinion{}, `stands at "Danger"`},
		{"no severity", `{"latest_version":"17.2.2"` + rest, workflow.Opinion{}, "does not say how the version stands"},
		{"an empty severity", `{"latest_version":"17.2.2","severity":""` + rest, workflow.Opinion{}, `stands at ""`},
		{"a severity of another type", `{"latest_version":"17.2.2","severity":3` + rest, workflow.Opinion{}, "not the JSON that it has been"},
		{"a version that is none", `{"latest_version":"soon","severity":"danger"` + rest, workflow.Opinion{}, `the newest version is "soon", which is none`},
		{"no version", `{"severity":"danger"}`, workflow.Opinion{}, "does not say which version is the newest"},
		{"null", `null`, workflow.Opinion{}, "does not say how the version stands"},
		{"a list", `[]`, workflow.Opinion{}, "not the JSON"},
		{"two answers", `{"latest_version":"17.2.2","severity":"success"}{}`, workflow.Opinion{}, "not the JSON"},
		{"a web page", `<html>Sign in</html>`, workflow.Opinion{}, "not the JSON"},
		{"nothing", ``, workflow.Opinion{}, "not the JSON"},
		{"too much", `{"latest_version":"17.2.2","severity":"success","details":"` + strings.Repeat("x", 100_000) + `"}`, workflow.Opinion{}, "larger than it may be"},
		{"nested without end", strings.Repeat(`{"a":`, 12_000), workflow.Opinion{}, "not the JSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := must[*Opinions](t)(NewOpinions(OpinionsOptions{URL: servingText(t, c.answer), Web: web()}))
			of := version("16.1.6")
			got, err := o.Opinion(t.Context(), of)
			if c.wrong == "" {
				c.want.Of = of
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if c.wrong == "" && err != nil || c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)) {
				t.Errorf("%v, want %q", err, c.wrong)
			}
		})
	}
}

// TestTheVersionServiceIsAskedAsGitLabAsks holds the request.
func TestTheVersionServiceIsAskedAsGitLabAsks(t *testing.T) {
	t.Parallel()
	address := serving(t, func(w http.ResponseWriter, r *http.Request) {
		info, err := base64.URLEncoding.DecodeString(r.URL.Query().Get("gitlab_info"))
		if err != nil || string(info) != `{"version":"18.5.0"}` || r.Header.Get("Referer") != "https://gitlab.example.com/help" ||
			r.URL.Path != "/check.json" || r.Header.Get("Cookie") != "" || r.UserAgent() != "images/1" {
			t.Errorf("%s %q %v", r.URL, info, r.Header)
		}
		w.WriteHeader(http.StatusTeapot)
	})
	o := must[*Opinions](t)(NewOpinions(OpinionsOptions{URL: address + "/check.json", Referer: "https://gitlab.example.com/help",
		Web: web(func(w *Web) { w.UserAgent = "images/1" })}))
	_, err := o.Opinion(t.Context(), version("18.5.0+1"))
	if e := failureIn(t, err); e.Status != http.StatusTeapot || strings.Contains(e.Error(), "gitlab_info") {
		t.Error(err)
	}
	if _, err := o.Opinion(t.Context(), workflow.Version{}); err == nil {
		t.Error("there is an opinion of no version")
	}
	if _, err := NewOpinions(OpinionsOptions{Referer: "x\r\nCookie: y"}); err == nil {
		t.Error("a Referer with a line break was taken")
	}
}

func TestOpinionsOfAWorld(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.opinions(t)
	for _, v := range []string{"18.3.0", "18.4.0", "18.5.0"} {
		w.AddVersion(v)
	}
	w.SetSecurity("18.5.1")
	w.SetSecurity("18.4.1")
	w.SetCritical("18.5.2")
	for _, c := range []struct {
		of       string
		standing workflow.Standing
		critical bool
	}{
		{"18.5.2", workflow.StandingCurrent, false},
		{"18.5.1", workflow.StandingInDanger, true},
		{"18.4.1", workflow.StandingBehind, false},
		{"18.4.0", workflow.StandingInDanger, false},
		{"17.0.0", workflow.StandingInDanger, true},
	} {
		got := must[workflow.Opinion](t)(o.Opinion(t.Context(), version(c.of)))
		want := workflow.Opinion{Of: version(c.of), Latest: version("18.5.2"), Standing: c.standing, Critical: c.critical}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: (-want +got):\n%s", c.of, diff)
		}
	}
}

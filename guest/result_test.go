package guest

import (
	"slices"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	t.Parallel()
	yes := true
	want := Result{Script: "check", Version: "1", Signed: &yes, Fingerprints: map[string]string{"a": "b"}, Violations: []Violation{{"tmp", "/tmp/x\n", "It \"is\" left."}}, FirstBootSeconds: 3}
	out := "log\ncloudimage-result {\"script\":\"install\"}\nlog\n" + want.Line()
	got, ok, err := Read(strings.ReplaceAll(out, "\n", "\r\n"))
	if err != nil || !ok || got.Script != "check" || !*got.Signed || got.Fingerprints["a"] != "b" || got.Violations[0] != want.Violations[0] || got.FirstBootSeconds != 3 {
		t.Errorf("%+v, %v, %v", got, ok, err)
	}
	for _, none := range []string{"", "log", "x cloudimage-result {}", "cloudimage-result", " cloudimage-result {}"} {
		if _, ok, err := Read(none); ok || err != nil {
			t.Errorf("%q: %v, %v", none, ok, err)
		}
	}
	for _, bad := range []string{"{", "", "null", "{}", `{"script":1}`, `{"script":"x"} more`} {
		if _, ok, err := Read("cloudimage-result " + bad); ok || err == nil {
			t.Errorf("%q: %v, %v", bad, ok, err)
		}
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	prints := func(kv ...string) Result {
		r := Result{Fingerprints: map[string]string{}}
		for p := range slices.Chunk(kv, 2) {
			r.Fingerprints[p[0]] = p[1]
		}
		return r
	}
	got := Compare(prints("a", "1", "b", "2", "c", "3", "e", ""), prints("a", "9", "b", "2", "d", "4", "e", ""))
	var lines []string
	for _, v := range got {
		lines = append(lines, v.Rule+" "+v.Path)
	}
	if want := []string{"same-on-two-boots b", "not-made c", "not-made d", "not-made e"}; !slices.Equal(lines, want) {
		t.Errorf("got %v, want %v", lines, want)
	}
	if v := Compare(Result{}, Result{}); len(v) != 1 || v[0].Rule != "not-made" || v[0].String() != "not-made: Neither machine told its fingerprints." {
		t.Errorf("of nothing: %v", v)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("log\ncloudimage-result {\"script\":\"clean\",\"violations\":[{\"rule\":\"a\"}]}\n")
	f.Add("cloudimage-result ")
	f.Add(Result{Script: "x", Notes: []string{"\xff\n"}}.Line())
	f.Fuzz(func(t *testing.T, s string) {
		r, ok, err := Read(s)
		if ok && (err != nil || r.Script == "") || !ok && err == nil && strings.HasPrefix(s, marker) {
			t.Errorf("%q: %+v, %v, %v", s, r, ok, err)
		}
		if !ok {
			return
		}
		again, ok, err := Read(r.Line())
		if !ok || err != nil || again.Line() != r.Line() {
			t.Errorf("%q is read as %q", r.Line(), again.Line())
		}
	})
}

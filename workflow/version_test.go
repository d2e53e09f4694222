package workflow_test

import (
	"encoding/json"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"cloudimage/workflow"
)

func TestParseVersion(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"17.5.1":                "17.5.1",
		"v17.5.1":               "17.5.1",
		"17.5.1+0":              "17.5.1",
		"17.5.1+1":              "17.5.1+1",
		"17.5.1-ee.0":           "17.5.1",
		"17.5.1+ce.2":           "17.5.1+2",
		"0.0.1":                 "0.0.1",
		"999999.999999.999999":  "999999.999999.999999",
		"":                      "",
		"17.5":                  "",
		"17.5.1.2":              "",
		"0.0.0":                 "",
		"17.05.1":               "",
		"1000000.0.0":           "",
		"-1.0.0":                "",
		" 17.5.1":               "",
		"17.5.1\n":              "",
		"17.5.1+ee.":            "",
		"17.5.1+ee":             "",
		"17.5.1-rc.1":           "",
		"17.5.1+rc1.ee.0":       "",
		"17.5.1-rc42":           "",
		"17.5.1-beta.2":         "",
		"17.5.1-pre.1":          "",
		"1.2.3.ci-test.1":       "",
		"12.5.201910241610+a2d": "",
		"１７.5.1":                "",
	} {
		v, ok := workflow.ParseVersion(text)
		if v.String() != want || ok != (want != "") {
			t.Errorf("%q is read as %q, %v; want %q", text, v, ok, want)
		}
	}
}

func TestVersionsInOrder(t *testing.T) {
	t.Parallel()
	want := []string{"9.10.0", "17.5.0", "17.5.1", "17.5.1+1", "17.5.1+2", "17.5.2", "17.5.10", "17.10.0", "18.0.0"}
	var got []workflow.Version
	for _, s := range want {
		v, _ := workflow.ParseVersion(s)
		got = append(got, v)
	}
	slices.Reverse(got)
	slices.SortFunc(got, workflow.Version.Compare)
	for i, v := range got {
		if v.String() != want[i] {
			t.Errorf("at %d is %s, want %s", i, v, want[i])
		}
	}
}

func TestBranches(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"17.5": true, "0.0": true, "17": false, "17.5.1": false, "17.05": false, "v17.5": false, "17.1000000": false, "": false} {
		b, ok := workflow.ParseBranch(text)
		if ok != want || ok && b.String() != text {
			t.Errorf("%q is read as %s, %v", text, b, ok)
		}
	}
	older, newer := workflow.Branch{Major: 17, Minor: 9}, workflow.Branch{Major: 17, Minor: 10}
	if older.Compare(newer) >= 0 || newer.Compare(older) <= 0 || older.Compare(older) != 0 {
		t.Error("17.9 does not come before 17.10")
	}
}

// Whatever is written of a version is read as the same one, and its order is that of
// its numbers.
func TestVersionComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v, o := version(t), version(t)
		if v.IsZero() || v.First().IsZero() {
			t.Skip("no version")
		}
		if got, ok := workflow.ParseVersion(v.String()); !ok || got != v {
			t.Fatalf("%s is read as %s", v, got)
		}
		body, err := json.Marshal(map[string]workflow.Version{"v": v})
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]workflow.Version
		if err := json.Unmarshal(body, &got); err != nil || got["v"] != v {
			t.Fatalf("%s comes back as %s: %v", v, got["v"], err)
		}
		if v.Compare(o) != -o.Compare(v) || (v.Compare(o) == 0) != (v == o) {
			t.Fatalf("%s and %s have no order", v, o)
		}
		if b, ok := workflow.ParseBranch(v.Branch().String()); !ok || b != v.Branch() {
			t.Fatalf("branch %s is read as %s", v.Branch(), b)
		}
		if v.First().Compare(v) > 0 || v.First().Branch() != v.Branch() {
			t.Fatalf("%s is a rebuild of %s", v, v.First())
		}
	})
}

func TestVersionsThatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	var v workflow.Version
	if err := json.Unmarshal([]byte(`"seventeen"`), &v); err == nil {
		t.Errorf("it is read as %s", v)
	}
	v = workflow.Version{Major: 17}
	if err := json.Unmarshal([]byte(`""`), &v); err != nil || !v.IsZero() {
		t.Errorf("no version is read as %s: %v", v, err)
	}
}

package store

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"cloudimage/workflow"
)

// filled makes a value in which every exported field is set. The leaf of number
// other, counted in order, is set to something else; filled returns its path,
// empty when there are not that many leaves.
func filled[T any](other int) (v T, path string) {
	f := filler{other: other}
	f.fill(reflect.ValueOf(&v).Elem(), "")
	return v, f.found
}

type filler struct {
	other, leaf int
	found       string
}

// pick reports whether the leaf at path is the one that differs.
func (f *filler) pick(path string) bool {
	f.leaf++
	if f.leaf-1 == f.other {
		f.found = path
		return true
	}
	return false
}

func (f *filler) fill(v reflect.Value, path string) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		at := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
		if f.pick(path) {
			at = at.Add(time.Millisecond)
		}
		v.Set(reflect.ValueOf(at))
		return
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() {
				f.fill(v.Field(i), path+"."+field.Name)
			}
		}
		return
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), path)
		return
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		f.fill(v.Index(0), path+"[]")
		return
	case v.Kind() == reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		f.fill(key, path+"[key]")
		f.fill(value, path+"[]")
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
		return
	}
	other := f.pick(path)
	switch v.Kind() {
	case reflect.String:
		v.SetString("a")
		if other {
			v.SetString("b")
		}
	case reflect.Bool:
		v.SetBool(!other)
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
		if other {
			v.SetInt(2)
		}
	default:
		panic(fmt.Sprintf("%s is of kind %s, which the test does not know", path, v.Kind()))
	}
}

// eachChange calls check with a value and one that differs in a single leaf,
// for each leaf.
func eachChange[T any](check func(path string, a, b T)) {
	same, _ := filled[T](-1)
	for i := 0; ; i++ {
		changed, path := filled[T](i)
		if path == "" {
			return
		}
		check(path, same, changed)
	}
}

func TestEveryChangeIsSeen(t *testing.T) {
	t.Parallel()
	eachChange(func(path string, a, b workflow.StepState) {
		if sameStep(&a, &b) {
			t.Errorf("a change of StepState%s is not seen, so it is not saved", path)
		}
	})
	eachChange(func(path string, a, b workflow.Run) {
		if strings.HasPrefix(path, ".Steps") || path == ".Version" {
			return // saved apart
		}
		if sameHead(&a, &b) {
			t.Errorf("a change of Run%s is not seen, so it is not saved", path)
		}
	})
	a, _ := filled[workflow.StepState](-1)
	b, _ := filled[workflow.StepState](-1)
	if !sameStep(&a, &b) {
		t.Error("two equal steps differ")
	}
	r, _ := filled[workflow.Run](-1)
	if !sameHead(&r, r.Clone()) {
		t.Error("a run and its clone differ")
	}
}

func TestEveryFieldIsKept(t *testing.T) {
	t.Parallel()
	r, _ := filled[workflow.Run](-1)
	written, err := encode(nil, &r)
	if err != nil {
		t.Fatal(err)
	}
	var got workflow.Run
	if err := json.Unmarshal([]byte(written.head), &got); err != nil {
		t.Fatal(err)
	}
	got.Version, got.Steps = r.Version, r.Steps // have places of their own
	if diff := cmp.Diff(r, got, cmpopts.IgnoreUnexported(workflow.Run{})); diff != "" {
		t.Errorf("a run comes back changed (-saved +read):\n%s", diff)
	}
	var step workflow.StepState
	if err := json.Unmarshal([]byte(written.steps[0].body), &step); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r.Steps[workflow.StepKey{Step: "a", Listing: "a"}], &step); diff != "" {
		t.Errorf("a step comes back changed (-saved +read):\n%s", diff)
	}
}

func TestMangled(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"plain":                    false,
		"Größe \u2028 \U0001f600":  false,
		"a real \ufffd":            false,
		`typed \ufffd and \u0000`:  false,
		`\\ufffd`:                  false,
		"quote \" and \n and \\":   false,
		"a NUL \x00 inside":        true,
		"half a rune \xff":         true,
		"\\\xff":                   true,
		"ends with a backslash \\": false,
	} {
		body, err := json.Marshal(map[string]string{"text": text, text: "key"})
		if err != nil {
			t.Fatal(err)
		}
		if got := mangled(string(body)); got != want {
			t.Errorf("mangled(%q) is %v, want %v", text, got, want)
		}
	}
}

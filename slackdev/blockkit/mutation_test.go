package blockkit

import (
	"encoding/json"
	"fmt"
	"testing"
)

// TestEveryValueIsLookedAt puts something else in the place of every single
// value of every sample, and wants each of them noticed, at a place that
// exists. It is what keeps a property from being listed but not judged.
func TestEveryValueIsLookedAt(t *testing.T) {
	t.Parallel()
	for kind, block := range sampleBlocks() {
		checkMutations(t, kind, block)
	}
	kit := newKit()
	for kind, element := range sampleElements() {
		switch in := kit.elements[kind].in; {
		case in&inInput != 0:
			checkMutations(t, kind, input(element))
		case in&inActions != 0:
			checkMutations(t, kind, actions(element))
		case in&inContextActions != 0:
			checkMutations(t, kind, `{"type":"context_actions","elements":[`+element+`]}`)
		default:
			checkMutations(t, kind, section(element))
		}
	}
	checkMutations(t, "card", card[1:len(card)-1])
}

func checkMutations(t *testing.T, name, blocks string) {
	t.Helper()
	surface := Message
	if Validate(surface, json.RawMessage("["+blocks+"]")) != nil {
		surface = Modal
	}
	checkBlocks(t, surface, blocks)

	var document []any
	if err := json.Unmarshal([]byte("["+blocks+"]"), &document); err != nil {
		t.Fatal(err)
	}
	mutate(document, "", func(pointer string) {
		raw, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		errs := Validate(surface, raw)
		if len(errs) == 0 {
			t.Errorf("%s: something odd at %s went unnoticed: %s", name, pointer, raw)
		}
		checkPlaces(t, raw, "/blocks", errs)
	})
}

// mutate calls check once for each odd thing in place of each value below the
// given one, and for each unknown key.
func mutate(value any, pointer string, check func(pointer string)) {
	switch v := value.(type) {
	case []any:
		for i, item := range v {
			at := fmt.Sprintf("%s/%d", pointer, i)
			mutate(item, at, check)
			for _, odd := range oddFor(item) {
				v[i] = odd
				check(at)
			}
			v[i] = item
		}
	case map[string]any:
		for key, item := range v {
			at := pointer + "/" + key
			mutate(item, at, check)
			for _, odd := range oddFor(item) {
				v[key] = odd
				check(at)
			}
			v[key] = item
		}
		v["unheard_of"] = true
		check(pointer + "/unheard_of")
		delete(v, "unheard_of")
	}
}

// oddFor are values of every other JSON type.
func oddFor(value any) []any {
	odd := []any{nil, map[string]any{"odd": true}}
	if _, ok := value.(string); !ok {
		odd = append(odd, "odd")
	}
	if _, ok := value.(float64); !ok {
		odd = append(odd, 7.0)
	}
	if _, ok := value.([]any); !ok {
		odd = append(odd, []any{"odd"})
	}
	if _, ok := value.(bool); !ok {
		odd = append(odd, true)
	}
	return odd
}

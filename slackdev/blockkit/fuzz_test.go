package blockkit

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzValidate holds what must be true of any payload: no panic, the same
// answer twice, and errors that say something about a place that exists.
func FuzzValidate(f *testing.F) {
	for _, block := range sampleBlocks() {
		f.Add([]byte("[" + block + "]"))
	}
	for _, element := range sampleElements() {
		f.Add([]byte("[" + actions(element) + "," + input(element) + "," + section(element) + "]"))
	}
	f.Add([]byte(card))
	f.Add([]byte(`[{"type":"data_table","rows":[[],[{}],7],"row_header_column_index":0}]`))
	f.Add([]byte(`[{"type":"data_visualization","chart":{"type":"bar","series":[{"data":[{}]}],"axis_config":{"categories":[1]}}}]`))
	f.Add([]byte(`[` + strings.Repeat(`{"type":"layout","rows":[{"items":[{"block":`, 50)))
	f.Fuzz(func(t *testing.T, payload []byte) {
		for _, surface := range []Surface{Message, Modal, Home, "other"} {
			first, second := Validate(surface, payload), Validate(surface, payload)
			if diff := cmp.Diff(first, second); diff != "" {
				t.Fatalf("two answers on %s:\n%s", surface, diff)
			}
			checkPlaces(t, payload, "/blocks", first)
		}
		checkPlaces(t, payload, "/view", ValidateView(payload))
		ValidateMessage(payload)
	})
}

// checkPlaces holds that every error has words and points at a value that
// exists, below the root the payload stands at.
func checkPlaces(t *testing.T, payload []byte, root string, errs []Error) {
	t.Helper()
	var document any
	if json.Unmarshal(payload, &document) != nil {
		return
	}
	for _, e := range errs {
		if e.Code == "" || e.Message == "" {
			t.Errorf("%+v says nothing", e)
		}
		rest, ok := strings.CutPrefix(e.Pointer, root)
		// The pointer for an input without a submit button is Slack's own.
		if !ok || !strings.HasSuffix(rest, "/input") && !resolves(document, rest) {
			t.Errorf("%v points nowhere in %.300s", e, payload)
		}
	}
}

func resolves(value any, pointer string) bool {
	for _, token := range strings.Split(pointer, "/")[1:] {
		switch v := value.(type) {
		case map[string]any:
			next, ok := v[token]
			if !ok {
				return false
			}
			value = next
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(v) {
				return false
			}
			value = v[i]
		default:
			return false
		}
	}
	return true
}

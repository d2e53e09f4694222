package blockkit

import (
	"encoding/json"
	"testing"
)

func TestConstraintIsTheLimit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		blocks, kind string
		expected     int
	}{
		{`[{"type":"header","text":` + plain(chars(151)) + `}]`, "max_length", 150},
		{`[{"type":"header","text":` + plain("") + `}]`, "min_length", 1},
		{items(51, `{"type":"divider"}`), "max_items", 50},
		{`[{"type":"actions","elements":[]}]`, "min_items", 1},
		{`[{"type":"nothing"}]`, "", 0},
		{`[{"type":"header"}]`, "", 0},
	} {
		errs := Validate(Message, json.RawMessage(c.blocks))
		if len(errs) != 1 {
			t.Fatalf("%.80s: %v", c.blocks, errs)
		}
		if kind, expected, ok := errs[0].Constraint(); kind != c.kind || expected != c.expected || ok != (c.kind != "") {
			t.Errorf("%v: %s %d %v", errs[0], kind, expected, ok)
		}
	}
}

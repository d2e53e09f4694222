package surface

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
)

// counted hands out ids that differ.
func counted() func() string {
	n := 0
	return func() string { n++; return "id" + strconv.Itoa(n) }
}

func TestNewerBlocksKeepTheirControlsAndWords(t *testing.T) {
	t.Parallel()
	raw := json.RawMessage(`[{"type":"hologram","title":{"type":"plain_text","text":"Title"},"n":12345678901234567890,"child_blocks":[
	  {"type":"section","text":{"type":"mrkdwn","text":"*inner*"},"accessory":{"type":"button","text":{"type":"plain_text","text":"Press"}}},
	  {"type":"card","title":{"type":"mrkdwn","text":"Card"},"body":{"type":"mrkdwn","text":"Body"},"actions":[{"type":"button","action_id":"c","text":{"type":"plain_text","text":"Open"}}]}]},
	 {"type":"markdown","text":"# md"},{"type":"plan","title":"Plan","tasks":[{"type":"task_card","title":"Do it"}]}]`)
	filled, err := WithIDs(raw, counted())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(filled), "12345678901234567890") {
		t.Error("a number lost its digits")
	}
	d := Parse(filled)
	if len(d.Controls) != 2 || d.Controls[0].Action == "" || d.Controls[0].Block == "" || d.Controls[1].Action != "c" {
		t.Errorf("controls: %+v", d.Controls)
	}
	r := Reader{Names: company{}, Now: testNow}
	if got := r.Blocks(d.Blocks); got != "Title\ninner [Press]\nCard\nBody\n[Open]\nmd\nPlan\n[ ] Do it" {
		t.Errorf("reads\n%s", got)
	}
}

// FuzzWithIDs: blocks that are complete stay as they are, byte for byte; others
// get ids and lose nothing.
func FuzzWithIDs(f *testing.F) {
	f.Add([]byte(`[{"type":"actions","block_id":"b","elements":[{"type":"button","action_id":"go","text":{"type":"plain_text","text":"Go"}}]}]`))
	f.Add([]byte(`[{"type":"section","block_id":"s","text":{"type":"mrkdwn","text":"*Row*"},"accessory":{"type":"overflow","options":[]}},{"type":"input","element":{"type":"datepicker"}}]`))
	f.Add([]byte(`[{"type":"hologram","n":12345678901234567890,"elements":[[{"type":"button"}]]}]`))
	f.Add([]byte(`[{"type":"layout","rows":[{"items":[{"type":"section","accessory":{"type":"button"}}]}]}]`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		ids := counted()
		once, err := WithIDs(raw, ids)
		if err != nil || once == nil {
			return
		}
		twice, err := WithIDs(once, ids)
		if err != nil || !bytes.Equal(once, twice) {
			t.Errorf("not settled: %s then %s, %v", once, twice, err)
		}
		if bytes.Contains(raw, []byte("12345678901234567890")) && !bytes.Contains(once, []byte("12345678901234567890")) {
			t.Errorf("a number lost digits: %s", once)
		}
		d := Parse(once)
		for _, c := range d.Controls {
			if c.Action == "" {
				t.Errorf("a control has no id: %s", once)
			}
		}
	})
}

// FuzzMrkdwn: reading never fails, and no reference shows its brackets.
func FuzzMrkdwn(f *testing.F) {
	for _, s := range []string{"*b* <@U0ANA>", "<!date^1^{date}|x>", "<!date^x>", "<|>", "<>", "&lt;&amp;", "```code```", "*_~`"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := Reader{Names: company{}, Now: testNow}
		if got := r.Mrkdwn(s); strings.Contains(got, "<@U0ANA>") && !strings.Contains(s, "&") {
			t.Errorf("%q reads %q", s, got)
		}
	})
}

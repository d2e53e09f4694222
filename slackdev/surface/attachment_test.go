package surface

import (
	"encoding/json"
	"strings"
	"testing"
)

// The controls in blocks of attachments are controls of the message, and know
// where they are; what is older than blocks has none.
func TestAttachmentsHaveControls(t *testing.T) {
	t.Parallel()
	button := func(words string) string {
		return `{"type":"button","text":{"type":"plain_text","text":"` + words + `"}}`
	}
	raw := json.RawMessage(`[{"text":"older","callback_id":"c","actions":[{"type":"button","text":"Old","name":"n"}]},
	 {"id":7,"n":12345678901234567890,"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"Row"}},{"type":"actions","elements":[` + button("Go") + `]}]},
	 {"blocks":[{"type":"actions","block_id":"b","elements":[{"type":"button","action_id":"a","text":{"type":"plain_text","text":"Stay"}}]}]}]`)
	filled, err := AttachmentsWithIDs(raw, counted())
	if err != nil {
		t.Fatal(err)
	}
	again, err := AttachmentsWithIDs(filled, counted())
	if err != nil || string(again) != string(filled) {
		t.Errorf("not settled: %s then %s, %v", filled, again, err)
	}
	if s := string(filled); !strings.Contains(s, "12345678901234567890") || !strings.Contains(s, `"id":2`) || strings.Contains(s, `"id":7`) {
		t.Errorf("numbered: %s", s)
	}
	d := ParseMessage(json.RawMessage(`[{"type":"actions","block_id":"top","elements":[{"type":"button","action_id":"t","text":{"type":"plain_text","text":"Top"}}]}]`), filled)
	if !d.Complete() || len(d.Controls) != 3 {
		t.Fatalf("controls: %+v", d.Controls)
	}
	for i, want := range []struct {
		caption    string
		attachment int
	}{{"Top", 0}, {"Go", 2}, {"Stay", 3}} {
		if c := d.Controls[i]; c.Caption != want.caption || c.Attachment != want.attachment || c.Block == "" || c.Action == "" {
			t.Errorf("control %d: %+v", i, c)
		}
	}
	r := Reader{Names: company{}, Now: testNow}
	if hits := r.Matching(d, "go", "row"); len(hits) != 1 || hits[0].Attachment != 2 {
		t.Errorf("near its row: %+v", hits)
	}
	if hits := r.Matching(d, "Stay", "row"); len(hits) != 0 {
		t.Errorf("near a row of another attachment: %+v", hits)
	}
	if got := ParseMessage(nil, filled).FirstWords(); got != "Row" {
		t.Errorf("its first words are %q", got)
	}
	for _, bad := range []string{`{}`, `[null]`, `[7]`, `[{"blocks":{}}]`} {
		if _, err := AttachmentsWithIDs(json.RawMessage(bad), counted()); err == nil {
			t.Errorf("%s was taken", bad)
		}
		if d := ParseMessage(nil, json.RawMessage(bad)); len(d.Controls) != 0 {
			t.Errorf("%s has controls: %+v", bad, d.Controls)
		}
	}
}

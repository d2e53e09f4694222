package slackdev

import (
	"encoding/json"
	"testing"
)

func TestTheLogOfCallsIsBoundedInBytes(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) { o.KeepCalls = 12 })
	big := json.RawMessage(make([]byte, keepCallBytes/8))
	for range 30 {
		ws.calls.add(Call{Method: "a", Result: big})
	}
	got := ws.Calls("a")
	if len(got) != 12 || got[0].Seq != 19 {
		t.Fatalf("%d calls are remembered, from number %d", len(got), got[0].Seq)
	}
	for i, c := range got {
		if has := c.Result != nil; has != (i >= 4) {
			t.Errorf("call %d has its answer: %v", c.Seq, has)
		}
	}
	if ws.calls.bytes != keepCallBytes {
		t.Errorf("%d bytes are counted", ws.calls.bytes)
	}
	ws.calls.add(Call{Method: "a", Result: make(json.RawMessage, keepCallBytes+1)})
	if got := ws.Calls("a"); got[11].Result == nil || got[10].Result != nil {
		t.Error("the latest call has to keep its answer, and it alone")
	}
	for range 12 {
		ws.calls.add(Call{Method: "a"})
	}
	if ws.calls.bytes != 0 {
		t.Errorf("%d bytes are counted of nothing", ws.calls.bytes)
	}
}

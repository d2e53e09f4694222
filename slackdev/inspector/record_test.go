package inspector

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// text is JSON of about so many bytes.
func text(bytes int) json.RawMessage {
	return json.RawMessage(`"` + strings.Repeat("x", bytes) + `"`)
}

func TestTheRecordIsBoundedInEntries(t *testing.T) {
	t.Parallel()
	for keep, want := range map[int]int{0: keptInteractions, 3: 3, -1: 0} {
		r := New(keep, 0)
		var first Delivery
		for n := range 2 * keptInteractions {
			d := r.Sent(Envelope{ID: fmt.Sprint("e", n), Trigger: fmt.Sprint("t", n), View: "V1"}, time.Now())
			if n == 0 {
				first = d
			}
		}
		first.Hit("") // it may be forgotten by now
		first.Ended(Ack{Response: text(100)})
		r.Warned("e0", "it was acked before")
		r.Changed("e0", Change{Kind: "modal_opened", ViewID: "V0"})
		items := r.All()
		if len(items) != want || r.On() != (want > 0) {
			t.Errorf("of %d, %d are kept", keep, len(items))
		}
		if want > 0 && items[want-1].ID != 2*keptInteractions {
			t.Errorf("the latest is not kept, but %d", items[want-1].ID)
		}
		if n := len(r.index); n > 2*want+1 || r.bytes > 4*want {
			t.Errorf("of %d, %d things are known and %d bytes are held", want, n, r.bytes)
		}
	}
}

func TestTheRecordIsBoundedInBytes(t *testing.T) {
	t.Parallel()
	const limit = 100 << 10
	r := New(0, limit)
	for n := range 20 {
		id := fmt.Sprint("e", n)
		d := r.Sent(Envelope{ID: id, Payload: text(10 << 10)}, time.Now())
		d.Ended(Ack{Response: text(10 << 10)})
		r.Changed(id, Change{Kind: "message_posted", TS: id, After: text(10 << 10)})
		r.Called(Call{Seq: int64(n), Method: "chat.postMessage", Args: map[string]string{"text": string(text(5 << 10))}, Result: text(5 << 10)}, nil, time.Now(), 0)
		if r.bytes > limit {
			t.Fatalf("%d bytes are held", r.bytes)
		}
	}
	if items := r.All(); len(items) != 2 || items[1].ID != 20 || len(r.index) != 4 {
		t.Errorf("%d interactions of 40 KB each are kept, and %d things known", len(items), len(r.index))
	}
	r.Sent(Envelope{ID: "big", Payload: text(2 * limit)}, time.Now())
	if items := r.All(); len(items) != 1 || len(items[0].Payload) < 2*limit {
		t.Errorf("the latest is kept whatever its size: %d are", len(items))
	}
}

func TestWhatIsForgottenIsKnownNoMore(t *testing.T) {
	t.Parallel()
	const limit = 10 << 10
	r := New(0, limit)
	r.Sent(Envelope{ID: "e1", Trigger: "t1"}, time.Now())
	r.Sent(Envelope{ID: "e2"}, time.Now())
	// The first change of the call has its interaction forgotten, before the second.
	r.Called(Call{Method: "chat.postMessage", Args: map[string]string{"trigger_id": "t1"}}, []Change{{TS: "1.5", After: text(2 * limit)}, {TS: "2.5"}}, time.Now(), 0)
	if len(r.All()) != 1 || len(r.index) != 1 {
		t.Errorf("%d interactions are kept, and known are %v", len(r.All()), r.index)
	}
}

func TestAnInteractionIsBounded(t *testing.T) {
	t.Parallel()
	r := New(0, 0)
	long := text(keptValue)
	r.Sent(Envelope{ID: "e", Trigger: "t", Payload: long}, time.Now()).Ended(Ack{Response: long})
	args := map[string]string{"trigger_id": "t", "view": string(long)}
	for range 2*keptCalls + 1 {
		r.Called(Call{Method: "views.open", Args: args, Result: long}, nil, time.Now(), 0)
	}
	for range 2 * keptChanges {
		r.Changed("e", Change{Kind: "modal_updated", ViewID: "V1", Before: long, After: long})
	}
	for range 2 * keptWarnings {
		r.Warned("e", "it was acked before")
	}
	i := r.All()[0]
	if len(i.Calls) != keptCalls || i.LeftOut != keptCalls+1 || len(i.Changes) != keptChanges || len(i.Warnings) != keptWarnings {
		t.Errorf("%d calls and %d more, %d changes, %d warnings", len(i.Calls), i.LeftOut, len(i.Changes), len(i.Warnings))
	}
	leftOut := fmt.Sprintf(`{"left_out":"%d bytes"}`, len(long))
	for what, raw := range map[string]json.RawMessage{
		"payload": i.Payload, "response": i.Response, "result": i.Calls[0].Result, "before": i.Changes[0].Before, "after": i.Changes[0].After,
	} {
		if string(raw) != leftOut {
			t.Errorf("the %s of more than %d bytes is kept: %.60s", what, keptValue, raw)
		}
	}
	if len(args["view"]) != len(long) {
		t.Error("what the record was given was written to")
	}
	if got := i.Calls[0].Args["view"]; got != fmt.Sprintf("(left out: %d bytes)", len(long)) {
		t.Errorf("a long argument: %.60s", got)
	}
}

func TestTheRecordIsReadByRevision(t *testing.T) {
	t.Parallel()
	r := New(0, 0)
	first := r.Sent(Envelope{ID: "e1"}, time.Now())
	r.Sent(Envelope{ID: "e2"}, time.Now())
	read := func(since, rev int64) string {
		items, _ := r.Read(since, rev)
		var ids []int64
		for _, i := range items {
			ids = append(ids, i.ID)
		}
		return fmt.Sprint(ids)
	}
	_, rev := r.Read(0, 0)
	if got := read(0, 0) + read(1, 0) + read(0, rev); got != "[1 2][2][]" {
		t.Errorf("at first: %s", got)
	}
	first.Ended(Ack{Told: "testapp did not respond."})
	if got := read(0, rev) + read(1, rev); got != "[1][]" {
		t.Errorf("after an end: %s", got)
	}
	_, rev = r.Read(0, 0)
	r.Refused("e2", "We had some trouble connecting.", "invalid_blocks", []string{"missing field"})
	r.Redelivered("e1", time.Now())
	if got := read(0, rev); got != "[2 3]" {
		t.Errorf("after a refusal and a redelivery: %s", got)
	}
	all := r.All()
	if all[0].Outcome != "testapp did not respond." || all[1].Problems[0] != "missing field" || all[2].Because != 1 || all[2].Kind != KindFault {
		t.Errorf("%+v", all)
	}
	all[1].Warnings[0] = "other"
	if got := r.All()[1].Warnings[0]; got != "invalid_blocks" {
		t.Errorf("a copy is written to, and the record says %q", got)
	}
}

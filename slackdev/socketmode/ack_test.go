package socketmode

import (
	"encoding/json"
	"fmt"
	"testing"
)

func TestEnvelopesThatAreOverAreBounded(t *testing.T) {
	t.Parallel()
	d := newDoneAcks()
	for i := range 3 * keepDone {
		d.add(fmt.Sprint(i), &doneAck{})
	}
	if len(d.byID) != keepDone || len(d.order) != keepDone || d.byID[fmt.Sprint(2*keepDone)] == nil || d.byID[fmt.Sprint(2*keepDone-1)] != nil {
		t.Errorf("%d envelopes are known", len(d.byID))
	}
}

// FuzzAck: no frame of an app may harm the workspace, and one that is taken
// names its envelope.
func FuzzAck(f *testing.F) {
	for _, s := range []string{`{"envelope_id":"e"}`, `{"envelope_id":"e","payload":{"text":"x"}}`, `{"envelope_id":"e","payload":null}`, `{"envelope_id":7}`, `[]`, `null`, ``, `{"payload":`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, err := decodeAck(raw)
		if err != nil {
			return
		}
		if a.EnvelopeID == "" {
			t.Errorf("an ack without an envelope was taken: %q", raw)
		}
		if a.Payload != nil && !json.Valid(a.Payload) {
			t.Errorf("payload %q", a.Payload)
		}
	})
}

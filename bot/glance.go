package bot

import "bytes"

// This file knows at a glance what nobody reads.

// glance is all that is needed of an event about a message that was edited or
// deleted: what it is acknowledged by. With the history scopes one comes for each
// edit of a card, and holds the card twice, so that to decode it would take longer
// than the edit did. A quotation mark within a string is escaped, so these words
// stand for what they say; whatever is written in another way is decoded.
func glance(raw []byte) (Envelope, bool) {
	if !bytes.Contains(raw, []byte(`"type":"events_api"`)) ||
		!bytes.Contains(raw, []byte(`"subtype":"message_changed"`)) && !bytes.Contains(raw, []byte(`"subtype":"message_deleted"`)) {
		return Envelope{}, false
	}
	_, rest, found := bytes.Cut(raw, []byte(`"envelope_id":"`))
	id, _, ended := bytes.Cut(rest, []byte(`"`))
	if !found || !ended || len(id) == 0 || bytes.IndexByte(id, '\\') >= 0 {
		return Envelope{}, false
	}
	in := Incoming{Kind: Happened, Event: Event{Type: "message"}, Delivery: "envelope:" + string(id)}
	in.Key = in.Delivery
	return Envelope{Type: "events_api", ID: string(id), Incoming: in}, true
}

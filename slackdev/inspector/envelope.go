package inspector

import (
	"encoding/json"
	"time"
)

// Envelope is a frame that is sent to the app.
type Envelope struct {
	ID string
	// Kind and Name are what the interaction is called, see [Interaction].
	Kind, Name string
	// User is who caused it. Echo is set when the app did itself what it is told of:
	// that leads to nothing.
	User string
	Echo bool
	// Payload is the frame as it is sent.
	Payload json.RawMessage

	// Trigger, ResponseURLs and View are what the app is handed: whoever uses them
	// acts because of this envelope. Empty ones count for nothing.
	Trigger      string
	ResponseURLs []string
	View         string
	// Channel is where it happened, if anywhere, Messages the timestamps of what it
	// is about, and Metadata the private metadata of the view, in which many apps
	// keep the message that a modal is about.
	Channel  string
	Messages []string
	Metadata string
	// EventID is the event, and Attempt how many deliveries of it there were before.
	EventID string
	Attempt int
}

// Ack is how the wait for an ack ended.
type Ack struct {
	// MS is how long the app took, in milliseconds of real time.
	MS float64
	// Response is the payload of the ack.
	Response json.RawMessage
	// Told is the sentence that the person was told when there was no ack; empty
	// when there was one.
	Told string
	// Warnings is what Slack would ignore or tell nobody.
	Warnings []string
}

// Delivery is an envelope that was sent. The zero value is that of a record that
// is off; nothing comes of it.
type Delivery struct {
	r *Record
	i *entry
}

// Sent notes an envelope that is about to be sent. at is the workspace's time.
func (r *Record) Sent(e Envelope, at time.Time) Delivery {
	if !r.On() {
		return Delivery{}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.spoken = true
	i := &entry{sent: time.Now(), echo: e.Echo, channel: e.Channel, messages: e.Messages, metadata: e.Metadata, Interaction: Interaction{
		At: at, User: e.User, Kind: e.Kind, Name: e.Name, EnvelopeID: e.ID, Outcome: "waiting", Payload: bounded(e.Payload),
		EventID: e.EventID, Attempt: e.Attempt,
	}}
	r.addLocked(i)
	r.carriesLocked(i, e)
	r.grownLocked(i, len(i.Payload))
	return Delivery{r, i}
}

// Ended notes the ack, or that there was none.
func (d Delivery) Ended(a Ack) {
	if d.i == nil {
		return
	}
	d.r.mu.Lock()
	defer d.r.mu.Unlock()
	d.i.AckMS, d.i.Response, d.i.Outcome = a.MS, bounded(a.Response), "ok"
	d.i.Warnings = append(d.i.Warnings, a.Warnings...)
	if a.Told != "" {
		d.i.Outcome = a.Told
	}
	d.i.active = time.Now()
	d.r.grownLocked(d.i, len(d.i.Response))
}

// Hit notes what a fault did to the envelope: "dropped on its way", say. Empty is
// nothing.
func (d Delivery) Hit(fate string) {
	if d.i == nil || fate == "" {
		return
	}
	d.r.mu.Lock()
	defer d.r.mu.Unlock()
	d.i.Fault = fate
	d.r.grownLocked(d.i, 0)
	d.r.faultLocked(d.i.Name+": "+fate, d.i.At, d.i.ID)
}

// Refused notes that the payload of an ack was not to be used: what the person
// was told, why in the developer's words, and what the validator says of blocks.
func (r *Record) Refused(envelopeID, told, why string, problems []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := r.envelopeLocked(envelopeID)
	if i == nil {
		return
	}
	i.Outcome, i.Warnings = told, append(i.Warnings, why)
	if problems != nil {
		i.Problems = problems
	}
	r.grownLocked(i, 0)
}

// Warned notes what the app did wrong with an envelope after it was over, such as
// a second ack.
func (r *Record) Warned(envelopeID, warning string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i := r.envelopeLocked(envelopeID); i != nil && len(i.Warnings) < keptWarnings {
		i.Warnings = append(i.Warnings, warning)
		r.grownLocked(i, len(warning))
	}
}

// Changed notes what an ack changed on a screen.
func (r *Record) Changed(envelopeID string, c Change) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i := r.envelopeLocked(envelopeID); i != nil {
		r.changedLocked(i, c, time.Now())
	}
}

// Redelivered notes that an envelope was sent once more. at is the workspace's
// time.
func (r *Record) Redelivered(envelopeID string, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i := r.envelopeLocked(envelopeID); i != nil {
		r.faultLocked(i.Name+": delivered once more", at, i.ID)
	}
}

// envelopeLocked finds the latest interaction of an envelope; nil when there is
// none any more.
func (r *Record) envelopeLocked(id string) *entry { return r.index["envelope:"+id] }

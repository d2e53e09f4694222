package clouds

import (
	"encoding/json"
	"time"

	"cloudimage/workflow/images"
)

// Remember is what a method keeps for its next call; see [images.Progress].
func Remember(v any) string {
	b, err := json.Marshal(v)
	if err != nil { // there is nothing in it that JSON does not have
		panic(err)
	}
	return string(b)
}

// Recall reads what the last call kept. What cannot be read is as if there were
// nothing: whatever it was about is looked at anyway.
func Recall[M any](w images.Work) (m M) {
	if w.Memory != "" && json.Unmarshal([]byte(w.Memory), &m) != nil {
		var none M
		return none
	}
	return m
}

// settling is how long what was just made may be invisible.
const settling = 2 * time.Minute

// Settles reports whether what was made at a time, or failing that during this
// attempt, may still be invisible.
func Settles(w images.Work, made time.Time) bool {
	if made.IsZero() {
		made = w.Since
	}
	return w.Now.Sub(made) < settling
}

// looked is what a method remembers that ends when there is nothing: when it looked
// first.
type looked struct {
	At time.Time `json:"at"`
}

// Nothing is how a method goes on that found nothing to remove. What was made by a
// call whose answer was lost may become visible only now, so it looks twice.
func Nothing(w images.Work) images.Progress {
	const between = 20 * time.Second
	m := Recall[looked](w)
	if m.At.IsZero() {
		return images.Progress{Memory: Remember(looked{w.Now}), Note: "looking whether anything is left", Again: between}
	}
	if left := between - w.Now.Sub(m.At); left > 0 {
		return images.Progress{Memory: w.Memory, Note: "looking whether anything is left", Again: left}
	}
	return images.Progress{Done: true}
}

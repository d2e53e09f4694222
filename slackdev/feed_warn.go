package slackdev

import "slices"

// warn notes what the app did wrong with an envelope after it was over, such as
// a second ack.
func (f *feed) warn(envelopeID, warning string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, i := range slices.Backward(f.entries) {
		if i.EnvelopeID == envelopeID {
			if len(i.Warnings) < 20 {
				i.Warnings = append(i.Warnings, warning)
			}
			return
		}
	}
}

package slackdev

// maxWarnings bounds what is noted of one envelope: an app may ack forever.
const maxWarnings = 20

// warn notes what the app did wrong with an envelope after it was over, such as
// a second ack.
func (f *feed) warn(envelopeID, warning string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if i := f.index["envelope:"+envelopeID]; i != nil && len(i.Warnings) < maxWarnings {
		i.Warnings = append(i.Warnings, warning)
		f.grownLocked(i, len(warning))
	}
}

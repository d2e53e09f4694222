package images

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudimage/guest"
	"cloudimage/workflow"
)

// Fault is an error of a cloud that is understood.
type Fault struct {
	Class Class `json:"class"`
	// What is what it is about: the action that is missing, the quota, the change set.
	What string `json:"what,omitzero"`
	Said string `json:"said,omitzero"` // in the cloud's words, without secrets
	Code string `json:"code,omitzero"` // the cloud's
	Link string `json:"link,omitzero"` // where it can be put right
	// Findings are what a check found, one each.
	Findings []string `json:"findings,omitzero"`
	// Log is what a script said until then.
	Log string `json:"-"`
	// After is how long to wait at least, where the cloud or its pace says so.
	After time.Duration `json:"-"`
	Err   error         `json:"-"`
}

func (f *Fault) Error() string { return fmt.Sprintf("%s: %s (%s)", f.Class, f.Said, f.Code) }

// discreet is the fault without what looks like a secret: it is kept, and shown to people.
func (f *Fault) discreet() *Fault {
	out := *f
	out.Said, out.What = discreet(f.Said), discreet(f.What)
	out.Findings = slices.Clone(f.Findings)
	for i, found := range out.Findings {
		out.Findings[i] = discreet(found)
	}
	return &out
}

// hidden stands for what looked like a secret.
const hidden = "(hidden: it looks like a secret)"

// discreet is a text without the lines that look as if they held a secret. The line of a
// script's result stays as it is: it holds digests, and is read again.
func discreet(text string) string {
	if !workflow.LooksSecret(text) {
		return text
	}
	var out strings.Builder
	inKey := false
	for line := range strings.Lines(text) {
		end := ""
		if strings.HasSuffix(line, "\n") {
			end = "\n"
		}
		_, result, _ := guest.Read(line)
		switch {
		case inKey: // of a key of many lines only the first says so
			inKey = !strings.Contains(line, "-----END ")
		case !result && workflow.LooksSecret(line):
			inKey = strings.Contains(line, "-----BEGIN ") && !strings.Contains(line, "-----END ")
			out.WriteString(hidden + end)
		default:
			out.WriteString(line)
		}
	}
	return out.String()
}

func (f *Fault) Unwrap() error { return f.Err }

// Class is what an error means for a build.
type Class string

// The classes. Of the first ones a build gets over by itself.
const (
	Throttled Class = "throttled" // too many calls
	Passing   Class = "passing"   // it will go by; nothing was done
	Unknown   Class = "unknown"   // whether it was done is not known

	Gone         Class = "gone"          // what it works on is not there any more
	Capacity     Class = "capacity"      // no machine of that type is to be had now
	Quota        Class = "quota"         // no more of it is allowed
	Permission   Class = "permission"    // we may not
	Blocked      Class = "blocked"       // a protection against public images
	WrongAccount Class = "wrong-account" // it is another account than configured
	Invalid      Class = "invalid"       // the cloud does not take it as it is
	BrokenImage  Class = "broken-image"  // the cloud could not make it
	ScriptFailed Class = "script-failed" // in the machine
	Unsound      Class = "unsound"       // what was made does not pass our own check
	TooLong      Class = "too-long"      // it does not come to an end
	Foreign      Class = "foreign"       // somebody else's submission holds the product
	Findings     Class = "findings"      // the marketplace's scan found something
	Rejected     Class = "rejected"      // the marketplace does not take it
	Cancelled    Class = "cancelled"     // somebody cancelled the submission
	TheirFault   Class = "their-fault"   // the marketplace failed; nothing is wrong with ours
	TitleTaken   Class = "title-taken"   // the product has a version of that title with another image
	NoRoom       Class = "no-room"       // the product has as many versions as it may
	NoProduct    Class = "no-product"    // there is no such product
	Overtaken    Class = "overtaken"     // its listing is not to have it any more
	OldBase      Class = "old-base"      // the base image is older than we want
	Unsigned     Class = "unsigned"      // signatures are missing
	NotPublic    Class = "not-public"    // what was public is not any more
	Superseded   Class = "superseded"    // what is in the preview is not any more what was brought there
	Unready      Class = "unready"       // something that the cloud needs is not set up
)

// Heals reports whether a build gets over it by trying again.
func (c Class) Heals() bool {
	switch c {
	case Throttled, Passing, Unknown:
		return true
	}
	return false
}

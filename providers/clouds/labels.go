package clouds

import (
	"crypto/sha256"
	"encoding/hex"

	"cloudimage/workflow/images"
)

// The labels, or tags, of what is made.
const (
	LabelBuild        = "cloudimage:build"
	LabelKey          = "cloudimage:key"
	LabelRole         = "cloudimage:role"   // of a machine
	LabelSource       = "cloudimage:source" // of a copy: what it is one of
	LabelRun          = "cloudimage:run"
	LabelVersion      = "cloudimage:version"
	LabelEdition      = "cloudimage:edition"
	LabelArchitecture = "cloudimage:architecture"
	LabelBase         = "cloudimage:base"
	LabelSHA256       = "cloudimage:sha256"
	LabelState        = "cloudimage:state" // [Building] or [Verified]
	LabelName         = "Name"
)

// The values of [LabelState].
const (
	Building = "building"
	Verified = "verified"
)

// Label is one of what something is labelled with.
type Label struct{ Name, Value string }

// mostOfALabel is how long the value of a label is, in characters: the least that a
// cloud takes is 256.
const mostOfALabel = 250

// Labels are those of what a step makes, without empty ones.
func Labels(w images.Work, name string, more ...Label) (out []Label) {
	all := []Label{{LabelBuild, string(w.Build)}, {LabelKey, w.Key}, {LabelState, Building}, {LabelName, name}}
	if o := w.Order; o != nil {
		all = append(all,
			Label{LabelRun, string(o.Run)}, Label{LabelVersion, o.Version.String()}, Label{LabelEdition, o.Edition},
			Label{LabelArchitecture, o.Architecture}, Label{LabelBase, o.Base.ID}, Label{LabelSHA256, o.Package.SHA256})
	}
	for _, l := range append(all, more...) {
		if l.Value != "" {
			out = append(out, Label{l.Name, Shorten(l.Value, mostOfALabel)})
		}
	}
	return out
}

// Mark is a key where there is room for so many characters.
func Mark(key string, most int) string {
	if len(key) <= most {
		return key
	}
	h := sha256.Sum256([]byte(key))
	return hex.EncodeToString(h[:])[:min(most, 64)]
}

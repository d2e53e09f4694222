package commands

import (
	"cloudimage/workflow/images"
)

// This file says what the steps of builds do.

// stepWords are what a step does, as it goes on a sentence: "copy to eu-west-1".
func stepWords(b *images.Build, s *images.Step) string {
	if out := trialWords[s.Name]; out != "" && s.Role == images.Trial {
		return out
	}
	if out := handWords[s.Name]; out != "" && b.Order.ByHand {
		return out
	}
	out, ok := words[s.Name]
	switch {
	case !ok:
		return string(s.Name)
	case s.Name == images.Copy:
		return out + " " + s.Region
	case s.Region != "":
		return out + " in " + s.Region
	case (s.Name == images.Boot || s.Name == images.Check) && s.Role != "":
		return out + " (" + s.Role + ")"
	}
	return out
}

// These are read and never changed: what steps do, and where it is said otherwise for a
// machine from the preview and for what people do.
var (
	words = map[images.StepName]string{
		images.Launch: "start the machine", images.Install: "install", images.Clean: "clean up in the machine", images.Stop: "stop the machine",
		images.Capture: "make the image", images.Boot: "boot the image", images.Check: "check the image", images.Compare: "compare two machines from the image",
		images.Remove: "remove machines", images.Copy: "copy to", images.Mark: "mark as verified", images.Preview: "bring it to the preview", images.Sign: "wait for signatures",
		images.Open: "make public", images.Retire: "make room for the version", images.Submit: "submit to the marketplace", images.Deprecate: "deprecate older images",
		images.Withdraw: "withdraw the submission", images.Close: "make private again", images.Discard: "remove the image",
	}
	trialWords = map[images.StepName]string{
		images.Boot: "boot it from the preview", images.Check: "check it from the preview", images.Remove: "remove the machine from the preview",
	}
	handWords = map[images.StepName]string{images.Submit: "hand it in", images.Withdraw: "take back what was handed in"}
)

package images

import (
	"errors"
	"fmt"
	"strings"
)

// This file says faults in words: what happened, what was not done, and who can put
// it right.

// Words is what stands in the way, in a sentence or two.
func (p Problem) Words() string {
	return sentence(p.Class, p.Region, p.What, p.Said)
}

// Trouble is why the step has failed, in a sentence or two; empty when it has not.
func (s *Step) Trouble() string {
	if s.Fault == nil {
		return ""
	}
	return sentence(s.Fault.Class, s.Region, s.Fault.What, s.Fault.Said)
}

func sentence(c Class, region, what, said string) string {
	in := ""
	if region != "" {
		in = " in " + region
	}
	about := func(text string) string {
		if what != "" {
			return text + " (" + what + ")"
		}
		return text
	}
	var out string
	switch c {
	case Throttled:
		out = "the cloud takes no more calls for now" + in
	case Passing, Unknown:
		out = "the cloud did not answer" + in
	case Gone:
		out = about("what it was made of is not there any more" + in)
	case Capacity:
		out = about("no such machine is to be had now" + in)
	case Quota:
		out = about("a quota is full" + in)
	case Permission:
		out = about("we may not do that" + in)
	case Blocked:
		out = "images may not become public" + in + ": the account blocks it"
	case WrongAccount:
		out = about("it is another account than the one that is configured")
	case Invalid:
		out = about("the cloud does not take it" + in)
	case BrokenImage:
		out = "the cloud could not make the image" + in
	case ScriptFailed:
		out = "a script in the machine failed"
	case Unsound:
		out = "the image did not pass"
	case TooLong:
		out = "it does not come to an end" + in
	case Foreign:
		out = about("somebody else's submission holds the product")
	case Findings:
		out = "the marketplace's scan found something"
	case Rejected:
		out = about("the marketplace did not take it")
	case Cancelled:
		out = about("somebody cancelled the submission")
	case TheirFault:
		out = "the marketplace failed, and nothing is wrong with the image"
	case TitleTaken:
		out = about("the product has a version of that title already")
	case NoRoom:
		out = about("the product has as many versions as it may")
	case NoProduct:
		out = about("the marketplace has no such product")
	case Overtaken:
		out = about("its listing does not wait for it any more")
	case OldBase:
		out = about("the base image is old")
	case Superseded:
		out = about("the preview has changed since it was tried")
	case Unready:
		out = about("something is not set up there" + in)
	case NotPublic:
		out = "the image is not public any more" + in
	default:
		out = string(c)
	}
	if said = strings.TrimSpace(said); said != "" {
		out += ": " + said
	}
	return out
}

// Cure is who can put it right, and how; empty where trying again is all.
func (c Class) Cure() string {
	switch c {
	case Capacity:
		return "Try again later, or let the operator choose another type of machine."
	case Quota:
		return "Someone with access to the account can ask for more, or old images have to go."
	case Permission:
		return "The operator has to allow it in the account; docs/aws.md and docs/azure.md say what is needed."
	case Blocked:
		return "Plan it again: then it is turned off and on again with two signatures. Under a policy of the organisation only its administrators can."
	case WrongAccount:
		return "The operator has to put the credentials or the account right."
	case Foreign:
		return "Wait for it, or cancel it if it is nobody's any more."
	case Findings, Unsound:
		return "The package or the base image has to change; build it again when it has."
	case Rejected, Invalid:
		return "Put right what it names, then try again."
	case Cancelled:
		return "Ask who cancelled it, then try again."
	case TheirFault, TooLong, BrokenImage, Gone:
		return "Try again; if it happens again, their support has to help."
	case ScriptFailed:
		return "Read the log; then try again from this step."
	case TitleTaken:
		return "Look at the version on the marketplace: it has another image."
	case NoRoom:
		return "Old versions have to be restricted first."
	case NoProduct:
		return "Put the product's id right in the listing."
	case Superseded:
		return "Try again brings it to the preview once more and tries it there."
	case Unready:
		return "The operator has to set it up; then try again."
	case NotPublic:
		return "Try again makes it public again. If somebody closed it on purpose, abandon it: then it stays so."
	case Overtaken:
		return "Abandon it: what customers get comes from elsewhere."
	}
	return ""
}

// Undone is what was not done because a step failed, in words.
func (n StepName) Undone() string {
	switch n {
	case Launch, Install, Clean, Stop, Capture:
		return "There is no image yet."
	case Boot, Check, Compare:
		return "The image is there and was not verified, so it goes nowhere."
	case Remove:
		return "A machine may be running still, and costs money."
	case Copy:
		return "The image is missing in that region."
	case Mark:
		return "The image is there and not marked as verified."
	case Open:
		return "The image is private still in that region."
	case Preview:
		return "It is not in the preview, so nobody could try it."
	case Retire, Submit:
		return "The marketplace does not have it."
	case Deprecate:
		return "Older images are offered as before."
	case Withdraw:
		return "The submission is there still."
	case Close:
		return "The image may be public still, or the protection off."
	case Discard:
		return "Something of it is there still, and costs money."
	}
	return ""
}

// mostSaid is how many errors are told of one by one.
const mostSaid = 3

// said is what errors of a cloud say to people, as it goes on a sentence that ends after
// it.
func said(err error) string {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		var out []string
		for i, err := range several.Unwrap() {
			if i == mostSaid {
				out = append(out, fmt.Sprintf("and %d more", len(several.Unwrap())-i))
				break
			}
			out = append(out, said(err))
		}
		return strings.Join(out, "; ")
	}
	text := fmt.Sprint(err)
	if f, ok := errors.AsType[*Fault](err); ok { // with what was said around it
		text = strings.Replace(text, f.Error(), sentence(f.Class, "", f.What, f.Said), 1)
	}
	return strings.TrimSuffix(discreet(text), ".")
}

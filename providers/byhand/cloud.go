package byhand

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"cloudimage/guest"
	"cloudimage/providers/clouds"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

var _ images.Cloud = (*Cloud)(nil)

// Cloud asks people. The zero value asks by the real clock; it is safe for concurrent use.
type Cloud struct {
	Now func() time.Time // defaults to time.Now
}

// What people are asked for.
const (
	AskMake     = "make the image"
	AskCheck    = "check the image"
	AskHandIn   = "hand it in"
	AskLive     = "say when customers can get it"
	AskWithdraw = "take back what was handed in"
	AskRemove   = "remove the image"
)

// again is how soon it is looked whether a step is still wanted. A report is heard at once.
const again = time.Hour

// Provider is any partner without an interface of ours.
func (c *Cloud) Provider() workflow.Provider { return workflow.Manual }

// Ways are those of people.
func (c *Cloud) Ways() images.Ways {
	return images.Ways{ByHand: true}
}

// Look finds nothing in the way: people see for themselves.
func (c *Cloud) Look(_ context.Context, orders []images.Order) (images.Outlook, error) {
	now := c.Now
	if now == nil {
		now = time.Now
	}
	out := images.Outlook{At: now()}
	for _, o := range orders {
		out.Lanes = append(out.Lanes, images.Lane{Order: o})
	}
	return out, nil
}

// ask waits for a report of what is asked for.
func ask(w images.Work, what string) images.Progress {
	return images.Progress{Ref: w.Ref, Memory: w.Memory, Asks: what, Again: again}
}

// Capture lets people make the image. Ref is what they call it.
func (c *Cloud) Capture(_ context.Context, w images.Work, _ string, im images.Image) (images.Progress, error) {
	a := w.Answer
	switch {
	case a == nil:
		return ask(w, AskMake), nil
	case a.Refused:
		return images.Progress{}, &images.Fault{Class: images.BrokenImage, Said: clouds.OneLine(a.Said)}
	}
	return images.Progress{Done: true, Ref: cmp.Or(clouds.OneLine(a.Ref), im.Name)}, nil
}

// Run lets people look at the image.
func (c *Cloud) Run(_ context.Context, w images.Work, _ string, _ guest.Script) (images.Progress, error) {
	a := w.Answer
	switch {
	case a == nil:
		return ask(w, AskCheck), nil
	case a.Refused:
		return images.Progress{}, &images.Fault{Class: images.Unsound, Said: clouds.OneLine(a.Said)}
	}
	return images.Progress{Done: true, Ref: clouds.OneLine(a.Ref)}, nil
}

// handed is what Submit remembers: when it was handed in.
type handed struct {
	At time.Time `json:"at"`
}

// Submit lets people hand the image in, and then say what became of it. Ref is the
// number that they were given, or the partner's name.
func (c *Cloud) Submit(_ context.Context, w images.Work, o images.Offer) (images.Progress, error) {
	a, mem := w.Answer, clouds.Recall[handed](w)
	switch {
	case a == nil && w.Halt != nil && (mem.At.IsZero() || w.Halt.Class == images.Overtaken):
		return images.Progress{}, w.Halt
	case a == nil && mem.At.IsZero():
		return ask(w, AskHandIn), nil
	case a == nil:
		return ask(w, AskLive), nil
	case a.Refused:
		return images.Progress{}, &images.Fault{Class: images.Rejected, What: w.Ref, Said: clouds.OneLine(a.Said)}
	case mem.At.IsZero():
		return images.Progress{Ref: cmp.Or(clouds.OneLine(a.Ref), o.Product), Memory: clouds.Remember(handed{w.Now}), Asks: AskLive, Again: again}, nil
	}
	return images.Progress{Done: true, Ref: w.Ref, Memory: w.Memory}, nil
}

// Withdraw lets people take back what they handed in.
func (c *Cloud) Withdraw(_ context.Context, w images.Work, o images.Offer) (images.Progress, error) {
	switch {
	case o.Submitted == "" || w.Answer != nil && !w.Answer.Refused:
		return images.Progress{Done: true, Ref: w.Ref}, nil
	case w.Answer != nil:
		return images.Progress{}, &images.Fault{Class: images.Rejected, What: o.Submitted, Said: clouds.OneLine(w.Answer.Said)}
	}
	return ask(w, AskWithdraw), nil
}

// Discard lets people remove the image, if they made one: w.Ref is what they called it.
func (c *Cloud) Discard(_ context.Context, w images.Work) (images.Progress, error) {
	switch {
	case w.Ref == "" || w.Answer != nil && !w.Answer.Refused:
		return images.Progress{Done: true, Ref: w.Ref}, nil
	case w.Answer != nil:
		return images.Progress{}, &images.Fault{Class: images.Rejected, What: w.Ref, Said: clouds.OneLine(w.Answer.Said)}
	}
	return ask(w, AskRemove), nil
}

// Plea is what to write to the partner.
func (c *Cloud) Plea(w images.Work, o images.Offer) images.Plea {
	if w.Ref == "" {
		return images.Plea{}
	}
	what, under := "", ""
	if w.Order != nil {
		what = w.Order.Image
	}
	if w.Ref != o.Product {
		under = " under " + w.Ref
	}
	return images.Plea{Text: fmt.Sprintf("Hello,\n\nwe handed in %s%s on %s and have not heard of it since. Could you tell us what it waits for, and whether you need anything of us?\n\nThank you",
		what, under, w.Since.UTC().Format("2 January 2006"))}
}

package partnercenter

import (
	"context"
	"fmt"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// Submit brings to customers what [Client.Preview] brought to the preview, if it is still
// that and nothing else, and is done when it is live. Ref is the id of the submission,
// which is that of the preview.
func (c *Client) Submit(ctx context.Context, w images.Work, o images.Offer, v Version) (images.Progress, error) {
	t := c.turn(w, o, v, "live")
	if err := v.valid(); err != nil {
		return images.Progress{}, err
	}
	if err := t.resolve(ctx); err != nil {
		return images.Progress{}, err
	}
	over := false
	if t.mem.Job != "" {
		p, ended, err := t.follow(ctx)
		if clouds.Is(err, images.Rejected) {
			return images.Progress{}, t.whyRejected(ctx, err)
		}
		if err != nil || !ended {
			return p, err
		}
		over = true
	}
	if p, still, err := t.waits(ctx); err != nil || still {
		return p, err
	}
	s, err := c.scene(ctx, t.mem.place)
	if err != nil {
		return images.Progress{}, err
	}
	if s.live.techOf(t.mem.Plan).had(v) {
		return t.done(s.current("live"), ""), nil
	}
	if over {
		return t.arrive(ctx, s)
	}
	if sub := s.running(); sub != nil {
		if sub.Target != "live" || sub.ID != o.Previewed && !t.ours(sub, s) {
			return t.held(sub)
		}
		if t.mem.Submission == "" {
			t.mem.Submission, t.mem.Begun = sub.ID, w.Now
		}
		return t.progress(t.goes(), t.pause(sub.Created)), nil
	}
	if t.mem.Submission != "" {
		return t.arrive(ctx, s)
	}
	if err := t.superseded(s); err != nil {
		return images.Progress{}, err
	}
	p, err := t.send(ctx, s, func(context.Context, *scene) ([]any, []string, error) {
		return []any{t.submissionTo(o.Previewed)}, nil, nil
	})
	if err == nil && t.mem.Job != "" {
		t.mem.Submission, t.mem.Begun = o.Previewed, w.Now
		p = t.progress(p.Note, p.Again)
	}
	return p, err
}

// superseded is the fault of a preview that is not any more what was brought there; nil
// when it is. What goes live is what the preview shows, whoever brought it there.
func (t *turn) superseded(s *scene) error {
	f := &images.Fault{Class: images.Superseded, Link: managed}
	switch current := s.current("preview"); {
	case t.o.Previewed == "":
		f.Said = "It was not brought to the preview."
	case current != t.o.Previewed:
		f.What = current
		f.Said = fmt.Sprintf("The preview shows the submission %s, and %s was tried.", current, t.o.Previewed)
	case !s.preview.techOf(t.mem.Plan).has(t.v):
		f.What, f.Said = t.v.Number, fmt.Sprintf("The preview does not show the version %s with its image.", t.v.Number)
	default:
		more := unexplained(s.preview, s.live, t.v, t.mem.Plan)
		if more == "" {
			return nil
		}
		f.What = clouds.Shorten(more, mostNote)
		f.Said = fmt.Sprintf("Beside the version %s the preview has %s. Whoever it belongs to has to publish it, or to take it out of the draft.", t.v.Number, more)
	}
	return f
}

// whyRejected is the fault of a submission that was not taken: the preview may have become
// another one in between.
func (t *turn) whyRejected(ctx context.Context, rejected error) error {
	s, err := t.c.scene(ctx, t.mem.place)
	if err != nil {
		return rejected
	}
	if current := s.current("preview"); current != "" && current != t.o.Previewed {
		return t.superseded(s)
	}
	return rejected
}

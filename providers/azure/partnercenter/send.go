package partnercenter

import (
	"context"
	"errors"
	"time"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// This file sends a request once. That it is about to be sent is on disk before; and when
// its answer is lost, what became of it is looked for before there is another.

// atOnce is how soon after it was remembered a request is sent that nobody can have sent
// before. A process that takes a build over from one that has died looks later than that,
// and so does one that got no answer. Whoever comes later than that for another reason
// loses two minutes.
const atOnce = 15 * time.Second

// draftOf are the resources to be sent, and the numbers of versions that are to stay.
type draftOf func(ctx context.Context, s *scene) ([]any, []string, error)

// send brings a request on its way, one step with each call. S is how the plan stands now,
// with nothing of ours going on.
func (t *turn) send(ctx context.Context, s *scene, content draftOf) (images.Progress, error) {
	if t.mem.Posting.IsZero() {
		return t.arm(ctx, s, content)
	}
	if t.w.Now.Sub(t.mem.Posting) >= atOnce || t.w.Halt != nil {
		if p, still, err := t.lost(ctx, s); err != nil || still {
			return p, err
		}
		t.mem.Sent = true
	}
	note := t.mem.Note
	if is := s.draft.digest(); is != t.mem.Base {
		t.mem.Base = is
		t.tell("somebody changed the draft meanwhile, and that stays in it")
	}
	resources, kept, err := content(ctx, s)
	if err != nil {
		return images.Progress{}, err
	}
	job, err := t.c.configure(ctx, resources)
	switch {
	case clouds.Is(err, images.Foreign):
		t.mem.Note = note
		return t.locked(err)
	case err != nil:
		return images.Progress{}, err
	}
	t.mem.Job, t.mem.Taken, t.mem.Kept = job, t.w.Now, kept
	t.mem.Posting, t.mem.Locked, t.mem.Sent = time.Time{}, time.Time{}, false
	return t.progress(t.goes(), soon), nil
}

// arm remembers that a request is about to be sent, if it can be made at all.
func (t *turn) arm(ctx context.Context, s *scene, content draftOf) (images.Progress, error) {
	if t.w.Halt != nil {
		// What holds the offer may be what we have sent.
		if t.mem.Sent && t.w.Now.Sub(t.mem.Locked) < 2*arriving {
			return t.progress("looking whether Partner Center took it", soon), nil
		}
		return images.Progress{}, t.w.Halt
	}
	if _, _, err := content(ctx, s); err != nil {
		return images.Progress{}, err
	}
	t.mem.Base, t.mem.Posting = s.draft.digest(), t.w.Now
	return t.progress("about to be sent to Partner Center", 0), nil
}

// lost looks what became of a request that may have been sent, and of which nothing is
// seen. It reports whether there is more to be waited for.
func (t *turn) lost(ctx context.Context, s *scene) (images.Progress, bool, error) {
	if t.target != "" {
		last, err := t.latest(ctx, s, t.mem.Posting)
		if err != nil {
			return images.Progress{}, false, err
		}
		if last != nil && !last.running() && last.Result == "failed" {
			return images.Progress{}, false, t.refused(last)
		}
	}
	if clouds.Settles(t.w, t.mem.Posting) {
		return t.progress("looking whether Partner Center took it", soon), true, nil
	}
	if t.w.Halt != nil {
		return images.Progress{}, false, t.w.Halt
	}
	return images.Progress{}, false, nil
}

// goes is what goes on, in words.
func (t *turn) goes() string {
	switch t.target {
	case "preview":
		return "on its way to the preview"
	case "live":
		return "on its way to customers"
	}
	return "being taken out of the draft"
}

// configure sends resources, and is the id of the job that they make.
func (c *Client) configure(ctx context.Context, resources []any) (string, error) {
	body := map[string]any{"$schema": schemas + configureKind + "/" + c.o.Schemas[configureKind], "resources": resources}
	var out status
	if err := c.post(ctx, configureKind, body, &out); err != nil {
		// What we are told to be missing was there when we looked.
		var f *images.Fault
		if errors.As(err, &f) && f.Class == images.Gone {
			f.Class = images.NoProduct
		}
		return "", err
	}
	if out.ID == "" {
		return "", &images.Fault{Class: images.Unknown, What: configureKind, After: unanswered, Said: "Partner Center does not say what became of the request."}
	}
	return out.ID, nil
}

// submissionTo is the resource that brings a product to a target: to live goes the one
// with an id.
func (t *turn) submissionTo(id string) map[string]any {
	out := map[string]any{
		"$schema": schemas + submissionKind + "/" + t.c.o.Schemas[submissionKind],
		"product": t.mem.Product, "target": map[string]string{"targetType": t.target},
	}
	if id != "" {
		out["id"] = id
	}
	return out
}

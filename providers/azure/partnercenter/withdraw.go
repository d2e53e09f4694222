package partnercenter

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// arriving is how long a request may be on its way that nobody knows of: from when it is
// taken until the draft shows what it brought.
const arriving = 5 * time.Minute

// Withdraw takes a version out of the draft that is not live, and shows again what was
// hidden for it, as soon as nothing goes on there. A job that can be cancelled is. What
// customers have stays.
func (c *Client) Withdraw(ctx context.Context, w images.Work, o images.Offer, v Version) (images.Progress, error) {
	t := c.turn(w, o, v, "")
	if err := v.valid(); err != nil { // then it was never sent
		return images.Progress{Done: true}, nil
	}
	switch err := t.resolve(ctx); {
	case clouds.Is(err, images.NoProduct):
		return images.Progress{Done: true, Note: clouds.Said(err)}, nil
	case err != nil:
		return images.Progress{}, err
	}
	if p, did, err := t.cancel(ctx); err != nil || did {
		return p, err
	}
	over := false
	if t.mem.Job != "" {
		p, ended, err := t.follow(ctx)
		switch {
		case clouds.Is(err, images.Cancelled, images.Foreign):
			t.mem.Job = ""
			return t.progress("it was not let through, so it is tried again", soon), nil
		case err != nil || !ended:
			return p, err
		}
		t.mem.Job, over = "", true
	}
	s, err := c.scene(ctx, t.mem.place)
	if err != nil {
		return images.Progress{}, err
	}
	if s.live.techOf(t.mem.Plan).had(v) {
		p := t.done("", fmt.Sprintf("the version %s is live, so it stays", v.Number))
		p.Kept = true
		return p, nil
	}
	_, there := revert(s.draft, s.live.techOf(t.mem.Plan), v)
	sub := s.running()
	switch {
	case sub != nil && (there || t.ours(sub, s) || sub.ID == o.Previewed || sub.ID == o.Submitted):
		return t.progress(fmt.Sprintf("waits until the submission %s to %s is over, which cannot be taken back any more", sub.ID, sub.Target), t.pause(sub.Created)), nil
	case there:
		return t.send(ctx, s, t.taken)
	}
	return t.nothing(s, over)
}

// nothing is how it goes on when there is nothing of ours in the draft. Unless we have just
// taken it out, what was sent may arrive still.
func (t *turn) nothing(s *scene, out bool) (images.Progress, error) {
	if !out {
		if left := arriving - t.w.Now.Sub(t.w.Since); left > 0 {
			return t.progress("looking whether anything arrives", min(left, time.Minute)), nil
		}
		p := clouds.Nothing(t.w)
		p.Ref = t.w.Ref
		return p, nil
	}
	note := "the version " + t.v.Number + " is out of the draft"
	if s.preview.techOf(t.mem.Plan).has(t.v) {
		note += "; the preview shows it until something else is brought there"
	}
	t.readBack(s)
	return t.done("", note), nil
}

// cancel cancels the job of a step that was given up, and reports whether that is what
// there is to do now. Which job it is, is known until its submission is.
func (t *turn) cancel(ctx context.Context) (images.Progress, bool, error) {
	job := ""
	for _, ref := range []string{t.o.Submitted, t.o.Previewed} {
		if id, ok := strings.CutPrefix(ref, jobRef); ok && job == "" {
			job = id
		}
	}
	if job == "" || t.mem.Late || t.mem.Job != "" {
		return images.Progress{}, false, nil
	}
	var st status
	err := t.c.get(ctx, jobRef+url.PathEscape(job)+"/status", nil, &st)
	switch {
	case clouds.Is(err, images.Gone):
		return images.Progress{}, false, nil
	case err != nil:
		return images.Progress{}, true, err
	case slices.Contains([]string{"succeeded", "failed", "cancelled", "canceled"}, strings.ToLower(st.Result)):
		return images.Progress{}, false, nil
	}
	err = t.c.post(ctx, jobRef+url.PathEscape(job)+"/cancel", nil, &st)
	switch {
	case clouds.Is(err, images.Invalid, images.Gone, images.Foreign):
		t.mem.Late = true
		return t.progress("it is too late to cancel the job "+job+", so its end is waited for", soon), true, nil
	case err != nil:
		return images.Progress{}, true, err
	}
	return t.progress("the job "+job+" is cancelled", soon), true, nil
}

// taken is the draft without what is ours.
func (t *turn) taken(ctx context.Context, s *scene) ([]any, []string, error) {
	cleared, there := revert(s.draft, s.live.techOf(t.mem.Plan), t.v)
	if !there {
		return nil, nil, &images.Fault{Class: images.Passing, Said: "The version is not in the draft any more."}
	}
	out := []any{cleared.resource}
	var kept []string
	for _, o := range cleared.versions() {
		if o.state != deleted {
			kept = append(kept, o.number)
		}
	}
	if len(fields(t.v.Texts)) > 0 {
		draft, err := t.c.tree(ctx, t.mem.Product, "draft")
		if err != nil {
			return nil, nil, err
		}
		if listing := listingOf(draft); listing != nil {
			if listing, changed := untexted(listing, listingOf(s.live), t.v.Texts); changed {
				out = append(out, listing)
			}
		}
	}
	return out, kept, nil
}

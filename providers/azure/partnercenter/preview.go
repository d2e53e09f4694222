package partnercenter

import (
	"context"
	"strings"

	"cloudimage/workflow/images"
)

// Preview brings a version to the preview of its offer, beside all that is there, and is
// done when it can be tried there. Ref is the id of the submission, and until that is
// known "configure/" and the id of its job.
func (c *Client) Preview(ctx context.Context, w images.Work, o images.Offer, v Version) (images.Progress, error) {
	t := c.turn(w, o, v, "preview")
	if err := v.valid(); err != nil {
		return images.Progress{}, err
	}
	if err := t.resolve(ctx); err != nil {
		return images.Progress{}, err
	}
	over := false
	if t.mem.Job != "" {
		p, ended, err := t.follow(ctx)
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
	if over {
		t.readBack(s)
		if t.mem.Submission == "" {
			last, err := t.latest(ctx, s, t.mem.Taken)
			if err != nil {
				return images.Progress{}, err
			}
			if last != nil {
				t.seen(last.ID)
			}
		}
		return t.arrive(ctx, s)
	}
	if s.live.techOf(t.mem.Plan).had(v) {
		return t.done(s.current("live"), "customers have it already"), nil
	}
	if sub := s.running(); sub != nil {
		if !t.ours(sub, s) {
			return t.held(sub)
		}
		if sub.Target == "preview" {
			t.seen(sub.ID)
		}
		return t.progress("on its way to "+map[string]string{"preview": "the preview", "live": "customers"}[sub.Target], t.pause(sub.Created)), nil
	}
	if s.preview.techOf(t.mem.Plan).has(v) && !t.stale(s) {
		t.note(s)
		return t.done(s.current("preview"), ""), nil
	}
	if t.mem.Submission != "" {
		return t.arrive(ctx, s)
	}
	return t.send(ctx, s, t.content)
}

// stale reports whether the preview shows more than our version brings, and the draft does
// not any more: then a new preview is one that can go live.
func (t *turn) stale(s *scene) bool {
	if unexplained(s.preview, s.live, t.v, t.mem.Plan) == "" {
		return false
	}
	m, err := merge(s.draft, s.live.techOf(t.mem.Plan), t.v)
	if err != nil {
		return false
	}
	next := &tree{target: "preview", there: true}
	for _, r := range s.preview.resources {
		if r.kind() == techKind && r.plan() == t.mem.Plan {
			r = m.tech.resource
		}
		next.resources = append(next.resources, r)
	}
	return unexplained(next, s.live, t.v, t.mem.Plan) == ""
}

// note says what would keep the preview from going live.
func (t *turn) note(s *scene) {
	if more := unexplained(s.preview, s.live, t.v, t.mem.Plan); more != "" {
		t.tell("beside it the preview has " + more)
	}
}

// content is what goes to the preview: our version and, with it, what it belongs to. What
// else somebody has in the draft stays there.
func (t *turn) content(ctx context.Context, s *scene) ([]any, []string, error) {
	m, err := merge(s.draft, s.live.techOf(t.mem.Plan), t.v)
	if err != nil {
		return nil, nil, err
	}
	draft, err := t.c.tree(ctx, t.mem.Product, "draft")
	if err != nil {
		return nil, nil, err
	}
	var out []any
	for _, r := range draft.resources {
		switch kind := r.kind(); {
		case kind == productKind, kind == propertyKind, kind == planKind && r.text("id") == t.mem.Plan:
			out = append(out, r)
			if was := s.live.id(r.text("id")); was != nil && was.content() != r.content() {
				t.tell("the draft has another " + kind + " than is live, which goes to the preview with it")
			}
		}
	}
	if brings(s, t.v) {
		listing := listingOf(draft)
		if listing == nil {
			return nil, nil, noListing(t.v)
		}
		out = append(out, texted(listing, t.v.Texts))
	}
	out = append(out, m.tech.resource, t.submissionTo(""))
	if len(m.back) > 0 {
		t.tell("put back into the draft: " + strings.Join(m.back, ", ") + ", which is live")
	}
	if len(m.others) > 0 {
		t.tell("the draft has " + strings.Join(m.others, ", ") + " of somebody else too, which goes to the preview with it")
	}
	return out, m.kept, nil
}

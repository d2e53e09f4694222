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

// status is how a job stands.
type status struct {
	ID       string    `json:"jobId"`
	Status   string    `json:"jobStatus"`
	Result   string    `json:"jobResult"`
	Resource string    `json:"resourceUri"`
	Errors   []problem `json:"errors"`
}

// follow says how our job stands, and is over when it has succeeded.
func (t *turn) follow(ctx context.Context) (p images.Progress, over bool, err error) {
	var st status
	err = t.c.get(ctx, jobRef+url.PathEscape(t.mem.Job)+"/status", nil, &st)
	switch {
	case clouds.Is(err, images.Gone) && clouds.Settles(t.w, t.mem.Taken):
		return t.progress(t.goes(), soon), false, nil
	case clouds.Is(err, images.Gone): // it is as if it had not been answered
		t.mem.Posting, t.mem.Sent, t.mem.Job = t.mem.Taken, true, ""
		return t.progress("its job is not known any more, so it is looked for", 0), false, nil
	case err != nil:
		return images.Progress{}, false, err
	}
	switch strings.ToLower(st.Result) {
	case "succeeded":
		t.seen(submissionID.FindString(st.Resource))
		return images.Progress{}, true, nil
	case "failed":
		return images.Progress{}, false, t.c.jobFault(t.mem.Job, st.Errors, t.mem.Submission != "" || t.target == "live")
	case "cancelled", "canceled":
		return images.Progress{}, false, &images.Fault{Class: images.Cancelled, What: t.mem.Job, Link: managed, Said: "Somebody cancelled the job " + t.mem.Job + "."}
	}
	if t.target == "preview" && t.mem.Submission == "" {
		if err := t.spot(ctx); err != nil {
			return images.Progress{}, false, err
		}
	}
	return t.progress(t.goes(), t.pause(t.mem.Taken)), false, nil
}

// waits reports whether our submission goes on still, where its job is not known or says
// no more. It asks for no more than that.
func (t *turn) waits(ctx context.Context) (images.Progress, bool, error) {
	if t.mem.Submission == "" || !t.mem.Ended.IsZero() {
		return images.Progress{}, false, nil
	}
	list, err := t.c.submissions(ctx, t.mem.Product, "")
	if err != nil {
		return images.Progress{}, false, err
	}
	i := slices.IndexFunc(list, func(sub submission) bool {
		return sub.ID == t.mem.Submission && sub.Target == t.target && sub.running()
	})
	return t.progress(t.goes(), t.pause(t.followed())), i >= 0, nil
}

// seen notes the id of our submission.
func (t *turn) seen(id string) {
	if t.target == "preview" && id != "" && t.mem.Submission == "" {
		t.mem.Submission, t.mem.Begun = id, t.w.Now
	}
}

// spot looks for our submission while our job goes on: then it is the one that runs.
func (t *turn) spot(ctx context.Context) error {
	list, err := t.c.submissions(ctx, t.mem.Product, "")
	for _, sub := range list {
		if sub.running() && sub.Target == t.target {
			t.seen(sub.ID)
		}
	}
	return err
}

// showing is how long it may take until what is over is seen.
const showing = 30 * time.Minute

// arrive is what a submission has come to whose job has ended well, or is not known. It is
// done when the target shows our version.
func (t *turn) arrive(ctx context.Context, s *scene) (images.Progress, error) {
	shown := s.preview
	if t.target == "live" {
		shown = s.live
	}
	if shown.techOf(t.mem.Plan).has(t.v) {
		return t.done(s.current(t.target), ""), nil
	}
	sub, err := t.own(ctx, s)
	switch {
	case err != nil:
		return images.Progress{}, err
	case sub != nil && sub.running():
		return t.progress(t.goes(), t.pause(t.followed())), nil
	case sub != nil && sub.Result == "failed":
		return images.Progress{}, t.refused(sub)
	}
	if t.mem.Ended.IsZero() {
		t.mem.Ended = t.w.Now
	}
	switch waited := t.w.Now.Sub(t.mem.Ended); {
	case t.mem.Job == "" && t.target == "preview" && waited >= 2*time.Minute:
		// It was somebody else's, and did not bring ours along.
		t.mem.Submission, t.mem.Ended, t.mem.Begun = "", time.Time{}, time.Time{}
		return t.progress("what went on is over, and did not bring the version along", 0), nil
	case waited < showing:
		return t.progress("waiting for the version to be seen", time.Minute), nil
	}
	return images.Progress{}, &images.Fault{Class: images.TheirFault, What: t.ref(), Link: managed,
		Said: fmt.Sprintf("The submission %s succeeded, and the offer does not show the version %s in %s.", t.ref(), t.v.Number, t.target)}
}

// own is our submission as it is; nil when it is not known, or nowhere to be seen.
func (t *turn) own(ctx context.Context, s *scene) (*submission, error) {
	if t.mem.Submission == "" {
		return nil, nil
	}
	if sub := s.last(t.target, t.mem.Submission); sub != nil {
		return sub, nil
	}
	list, err := t.c.submissions(ctx, t.mem.Product, t.target)
	i := slices.IndexFunc(list, func(sub submission) bool { return sub.ID == t.mem.Submission })
	if err != nil || i < 0 {
		return nil, err
	}
	return &list[i], nil
}

// followed is since when we follow what goes on.
func (t *turn) followed() time.Time {
	if !t.mem.Taken.IsZero() {
		return t.mem.Taken
	}
	return t.mem.Begun
}

// readBack notes what of that which was sent is not in the draft any more.
func (t *turn) readBack(s *scene) {
	var lost []string
	for _, number := range t.mem.Kept {
		if there := s.draft.numbered(number); there == nil && !slices.Contains(lost, number) {
			lost = append(lost, number)
		}
	}
	if len(lost) > 0 {
		t.tell("somebody took " + strings.Join(lost, ", ") + " out of the draft meanwhile")
	}
}

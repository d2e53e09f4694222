package aws

import (
	"context"
	"fmt"
	"strings"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/marketplacecatalog/types"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// submission is what Submit remembers.
type submission struct {
	// Validation and Added are the ids of the change sets that try the version and add it.
	Validation string `json:"validation,omitempty"`
	Added      string `json:"added,omitempty"`
	// Valid says that the trial ended well, or that it cannot be tried.
	Valid bool      `json:"valid,omitempty"`
	At    time.Time `json:"at,omitzero"` // when the one in flight was started
}

// Submit adds the image as a version to its product. It tries the change first: a
// trial finds what a scan would find, and holds no title.
func (c *Cloud) Submit(ctx context.Context, w images.Work, o images.Offer) (images.Progress, error) {
	if err := c.submittable(o); err != nil {
		return images.Progress{}, err
	}
	mem := clouds.Recall[submission](w)
	switch {
	case mem.Added != "":
		return c.added(ctx, w, o, mem)
	case w.Halt != nil: // a trial changes nothing, and ends by itself
		return images.Progress{}, w.Halt
	case mem.Validation != "" && !mem.Valid:
		return c.validated(ctx, w, o, mem)
	}
	p, err := c.product(ctx, o.Product)
	if err != nil {
		return images.Progress{}, err
	}
	if v := p.titled(o.Title); v != nil {
		return c.listed(ctx, w, o, v)
	}
	if n := len(p.open()); n >= mostVersions {
		return images.Progress{}, &images.Fault{Class: images.NoRoom, What: o.Product, Said: fmt.Sprintf("The product %s has %d versions, and may have %d.", o.Product, n, mostVersions), Link: managed(o.Product)}
	}
	if ctx, err = c.prepay(ctx, listChangeSets, market, 2); err != nil { // for what is in flight, and what has our name
		return images.Progress{}, err
	}
	flight, err := c.inFlight(ctx, o.Product)
	if err != nil {
		return images.Progress{}, err
	}
	if s := foremost(w, flight); s != nil {
		return c.meet(ctx, w, o, mem, *s)
	}
	if shared, err := c.shareWith(ctx, w, o.Image); err != nil || shared != "" {
		return images.Progress{Memory: w.Memory, Note: shared}, err
	}
	return c.submit(ctx, w, o, mem)
}

// submittable says what is missing to submit anything.
func (c *Cloud) submittable(o images.Offer) error {
	lacks := ""
	switch {
	case c.o.AccessRole == "":
		lacks = "The marketplace needs a role to read images with. Name it as the access role in the configuration of AWS: a role that trusts assets.marketplace.amazonaws.com and has the policy AWSMarketplaceAmiIngestion."
	case o.Product == "":
		lacks = "It is not said to which product the version belongs."
	case o.Title == "":
		lacks = "The version has no title."
	case o.Image == "":
		lacks = "It is not said which image the version is made of."
	default:
		return nil
	}
	return &images.Fault{Class: images.Invalid, What: "access_role", Said: lacks}
}

// listed is what it means that the title is there.
func (c *Cloud) listed(ctx context.Context, w images.Work, o images.Offer, v *version) (images.Progress, error) {
	if v.of(o.Image) {
		return images.Progress{Ref: w.Ref, Memory: w.Memory, Done: true}, nil
	}
	// It is ours if a change set of this attempt has brought it.
	s, err := c.called(ctx, o.Product, setName(w, forAdd))
	switch {
	case err != nil:
		return images.Progress{}, err
	case s != nil && s.status == types.ChangeStatusSucceeded:
		return images.Progress{Ref: s.id, Memory: w.Memory, Done: true, Note: "the marketplace lists it as " + v.image()}, nil
	}
	return images.Progress{}, titleTaken(o, v)
}

// meet is what a change set in flight means for the submission.
func (c *Cloud) meet(ctx context.Context, w images.Work, o images.Offer, mem submission, s changeSet) (images.Progress, error) {
	own := strings.HasPrefix(s.name, setsOf(w))
	mem.At = w.Now
	switch {
	case own && strings.HasSuffix(s.name, " "+forAdd):
		mem.Valid, mem.Added = true, s.id
		return images.Progress{Ref: s.id, Memory: clouds.Remember(mem), Note: "with the marketplace", Again: 30 * time.Second}, nil
	case own && strings.HasSuffix(s.name, " "+forValidate) && !mem.Valid:
		mem.Validation = s.id
		return images.Progress{Memory: clouds.Remember(mem), Note: "the marketplace tries it", Again: 30 * time.Second}, nil
	}
	return c.held(ctx, w, o, s)
}

// submit starts the next change set of the submission: the trial, or the real one.
func (c *Cloud) submit(ctx context.Context, w images.Work, o images.Offer, mem submission) (images.Progress, error) {
	what, intent := forAdd, types.IntentApply
	if !mem.Valid {
		what, intent = forValidate, types.IntentValidate
	}
	// One of that name that is over tells its outcome when it is followed.
	s, err := c.called(ctx, o.Product, setName(w, what))
	if err != nil {
		return images.Progress{}, err
	}
	id := ""
	if s != nil {
		id = s.id
	} else {
		id, err = c.start(ctx, w, o.Product, "AddDeliveryOptions", what, intent, c.offer(w, o))
	}
	switch {
	case clouds.Coded(err, "ValidationException") && !mem.Valid && strings.Contains(clouds.Said(err), "Intent"):
		mem.Valid = true
		return images.Progress{Memory: clouds.Remember(mem), Note: "the marketplace does not try changes of this product"}, nil
	case clouds.Is(err, images.Foreign):
		there, e := c.holder(ctx, err)
		if e != nil {
			return images.Progress{}, e
		}
		if there != nil {
			return c.meet(ctx, w, o, mem, *there)
		}
		return images.Progress{}, err
	case err != nil:
		return images.Progress{}, err
	}
	mem.At = w.Now
	if mem.Valid {
		mem.Added = id
		return images.Progress{Ref: id, Memory: clouds.Remember(mem), Note: "with the marketplace", Again: 30 * time.Second}, nil
	}
	mem.Validation = id
	return images.Progress{Memory: clouds.Remember(mem), Note: "the marketplace tries it", Again: 30 * time.Second}, nil
}

// validated says how the trial stands.
func (c *Cloud) validated(ctx context.Context, w images.Work, o images.Offer, mem submission) (images.Progress, error) {
	wait := images.Progress{Memory: clouds.Remember(mem), Note: "the marketplace tries it", Again: pollAfter(w, mem.At)}
	out, err := c.changeSet(ctx, mem.Validation)
	switch {
	case clouds.Is(err, images.Gone) && clouds.Settles(w, mem.At):
		return wait, nil
	case err != nil:
		return images.Progress{}, err
	case out.Status == types.ChangeStatusSucceeded:
		// What is next is on disk before it is done.
		mem.Valid = true
		return images.Progress{Memory: clouds.Remember(mem), Note: "the trial ended well"}, nil
	case running(out.Status):
		return wait, nil
	}
	return images.Progress{}, c.setFault(ctx, out, o)
}

// added says how the submission stands.
func (c *Cloud) added(ctx context.Context, w images.Work, o images.Offer, mem submission) (images.Progress, error) {
	wait := images.Progress{Ref: mem.Added, Memory: clouds.Remember(mem), Note: "with the marketplace", Again: pollAfter(w, mem.At)}
	out, err := c.changeSet(ctx, mem.Added)
	switch {
	case clouds.Is(err, images.Gone) && clouds.Settles(w, mem.At):
		return wait, nil
	case err != nil:
		return images.Progress{}, err
	case running(out.Status):
		wait.Note = "the marketplace is " + strings.ToLower(string(out.Status)) + " it"
		return wait, nil
	case out.Status != types.ChangeStatusSucceeded:
		return images.Progress{}, c.setFault(ctx, out, o)
	}
	p, err := c.product(ctx, o.Product)
	if err != nil {
		return images.Progress{}, err
	}
	v := p.titled(o.Title)
	done := images.Progress{Ref: mem.Added, Memory: clouds.Remember(mem), Done: true}
	if v != nil && !v.of(o.Image) {
		done.Note = "the marketplace lists it as " + v.image()
	}
	if v != nil {
		return done, nil
	}
	ended, err := time.Parse(time.RFC3339, sdk.ToString(out.EndTime))
	if err != nil {
		ended = mem.At
	}
	if w.Now.Sub(ended) < 30*time.Minute {
		wait.Note = "waiting for the version to be seen"
		return wait, nil
	}
	return images.Progress{}, &images.Fault{Class: images.TheirFault, What: mem.Added, Said: "The change set succeeded, and the product does not have the version.", Link: managed(o.Product)}
}

func running(s types.ChangeStatus) bool {
	return s == types.ChangeStatusPreparing || s == types.ChangeStatusApplying
}

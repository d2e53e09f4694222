package ingestsim

import (
	"slices"
	"time"
)

// product is an offer.
type product struct {
	guid     string
	external string
	draft    *content
	preview  *content // nil before the first preview
	live     *content // nil before the first publication
	subs     []*submission
	locked   string // why nobody may write; empty: anybody may
	// sold are the images of each version that ever was live, by plan and number.
	sold  map[string]map[string]string
	drops []Dropped
}

func (p *product) id() string { return productType + "/" + p.guid }

// at is what a product consists of in a place, and nil when it is not there.
func (p *product) at(target string) *content {
	switch target {
	case "preview":
		return p.preview
	case "live":
		return p.live
	}
	return p.draft
}

// find is a product by its guid.
func (s *Server) find(guid string) *product {
	i := slices.IndexFunc(s.products, func(p *product) bool { return p.guid == guid })
	if i < 0 {
		return nil
	}
	return s.products[i]
}

// named is a product by its external id or its guid.
func (s *Server) named(name string) *product {
	i := slices.IndexFunc(s.products, func(p *product) bool { return p.external == name })
	if i < 0 {
		return s.find(name)
	}
	return s.products[i]
}

// plan is the draft of a plan by its external id.
func (p *product) plan(external string) doc {
	for _, d := range p.draft.of(planType) {
		if word(d, "identity", "externalId") == external {
			return d
		}
	}
	return nil
}

// techID is the id of a plan's technical configuration.
func techID(plan string) string { return techType + plan[len(planType):] }

// submission is an attempt to bring a product to preview or live.
type submission struct {
	id      string
	target  string
	mine    bool // it was asked for through the API
	created time.Time
	status  string
	result  string
	ended   time.Time
	content *content
}

// The states of jobs and submissions.
const (
	notStarted = "notStarted"
	running    = "running"
	completed  = "completed"
	pending    = "pending"
	succeeded  = "succeeded"
	failed     = "failed"
	cancelled  = "cancelled"
)

// current is the latest submission that brought a product to a target.
func (p *product) current(target string) *submission {
	for _, sub := range slices.Backward(p.subs) {
		if sub.target == target && sub.result == succeeded {
			return sub
		}
	}
	return nil
}

// active reports whether a submission says something about the product now: it goes on,
// or it is the latest of its target, or the target shows it.
func (p *product) active(sub *submission) bool {
	if sub.status != completed || p.current(sub.target) == sub {
		return true
	}
	for _, other := range slices.Backward(p.subs) {
		if other.target == sub.target {
			return other == sub
		}
	}
	return false
}

// busy is the submission that goes on.
func (p *product) busy() *submission {
	i := slices.IndexFunc(p.subs, func(s *submission) bool { return s.status != completed })
	if i < 0 {
		return nil
	}
	return p.subs[i]
}

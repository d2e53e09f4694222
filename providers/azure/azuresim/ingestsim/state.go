package ingestsim

import (
	"slices"
	"time"
)

// State is everything that there is at one moment.
type State struct {
	Now      time.Time
	Held     bool // jobs do not go on
	Products []Product
	Jobs     []Job     // oldest first; those of the API
	Dropped  []Dropped // oldest first
}

// Product is an offer.
type Product struct {
	ID          string // its guid
	ExternalID  string
	Locked      string // who changes it, in words; empty: nobody
	Draft       Target
	Preview     Target
	Live        Target
	Submissions []Submission // oldest first
}

// Target is what a product consists of in draft, in preview or live. It is empty where
// the product is not.
type Target struct {
	Plans    []TechConfig
	Listings []Listing
	// Resources are all of it, by durable id, as the newest schemas write them.
	Resources map[string]map[string]any
}

// TechConfig is the technical configuration of a plan.
type TechConfig struct {
	Plan     string // its external id
	PlanID   string // its durable id
	SKUs     []SKU
	Versions []Version
}

// Listing is the text of an offer in one language.
type Listing struct {
	Language, Title, Summary, ShortDescription, Description string
}

// Submission is an attempt to bring a product to preview or live.
type Submission struct {
	ID             string
	Foreign        bool // someone did it by hand
	Target         string
	Status, Result string
	Created        time.Time
	Ended          time.Time // zero while it goes on
}

// Job is a configure request that was taken.
type Job struct {
	ID             string
	Product        string // its external id
	Target         string // of its submission; empty: it has none
	Submission     string // the id, when it has begun
	Status, Result string
	Errors         []string // codes, from the outermost to the innermost
	Messages       []string // what was said with each code
	Resources      []string // what it was to change
	Started        time.Time
	Ended          time.Time // zero while it goes on
}

// State is what there is now.
func (s *Server) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.time()
	s.settle(now)
	out := State{Now: now, Held: !s.held.IsZero()}
	for _, p := range s.products {
		q := Product{
			ID: p.guid, ExternalID: p.external, Locked: s.lockedBy(p),
			Draft: p.draft.state(), Preview: p.preview.state(), Live: p.live.state(),
		}
		for _, sub := range p.subs {
			q.Submissions = append(q.Submissions, Submission{
				ID: sub.id, Foreign: !sub.mine, Target: sub.target, Status: sub.status, Result: sub.result, Created: sub.created, Ended: sub.ended,
			})
		}
		out.Products = append(out.Products, q)
		out.Dropped = append(out.Dropped, p.drops...)
	}
	slices.SortStableFunc(out.Dropped, func(a, b Dropped) int { return a.At.Compare(b.At) })
	for _, j := range s.jobs {
		if !j.foreign {
			out.Jobs = append(out.Jobs, j.state())
		}
	}
	return out
}

// Product is the one with an external id or a guid, and empty when there is none.
func (s State) Product(name string) Product {
	for _, p := range s.Products {
		if p.ExternalID == name || p.ID == name {
			return p
		}
	}
	return Product{}
}

// Plan is the technical configuration of the plan with an external id, and empty when
// there is none.
func (t Target) Plan(externalID string) TechConfig {
	for _, p := range t.Plans {
		if p.Plan == externalID {
			return p
		}
	}
	return TechConfig{}
}

// Numbers are the numbers of a plan's versions, in their order.
func (t TechConfig) Numbers() []string {
	var out []string
	for _, v := range t.Versions {
		out = append(out, v.Number)
	}
	return out
}

func (j *job) state() Job {
	out := Job{
		ID: j.id, Product: j.product.external, Target: j.target, Status: running, Result: j.result, Started: j.born, Ended: j.ended,
	}
	switch j.stage {
	case waiting:
		out.Status = notStarted
	case over:
		out.Status = completed
	}
	if j.sub != nil {
		out.Submission = j.sub.id
	}
	for _, ch := range j.changes {
		out.Resources = append(out.Resources, ch.id)
	}
	var walk func([]*problem)
	walk = func(list []*problem) {
		for _, e := range list {
			out.Errors, out.Messages = append(out.Errors, e.Code), append(out.Messages, e.Message)
			walk(e.Details)
		}
	}
	walk(j.errors)
	return out
}

func (c *content) state() Target {
	if c == nil {
		return Target{}
	}
	out := Target{Resources: map[string]map[string]any{}}
	newest := versions()[len(versions())-1]
	for id, d := range c.docs {
		out.Resources[id], _ = unsigned(shown(d, newest)).(map[string]any)
	}
	for _, d := range c.of(techType) {
		t := TechConfig{PlanID: word(d, "plan"), Plan: word(c.docs[word(d, "plan")], "identity", "externalId")}
		for _, k := range items(d, "skus") {
			sku := SKU{ID: word(k, "skuId"), ImageType: word(k, "imageType")}
			list, _ := k["securityType"].([]any)
			for _, one := range list {
				text, _ := one.(string)
				sku.SecurityType = append(sku.SecurityType, text)
			}
			t.SKUs = append(t.SKUs, sku)
		}
		for _, v := range items(d, "vmImageVersions") {
			t.Versions = append(t.Versions, versionOf(v))
		}
		out.Plans = append(out.Plans, t)
	}
	for _, d := range c.of(listingType) {
		out.Listings = append(out.Listings, Listing{
			word(d, "languageId"), word(d, "title"), word(d, "searchResultSummary"), word(d, "shortDescription"), word(d, "description"),
		})
	}
	return out
}

func versionOf(d map[string]any) Version {
	out := Version{
		Number: word(d, "versionNumber"), Lifecycle: word(d, "lifecycleState"), DeprecationDate: word(d, "deprecationSchedule", "date"),
		DateOffset: word(d, "deprecationSchedule", "dateOffset"), Reason: word(d, "deprecationSchedule", "reason"),
	}
	plain, _ := unsigned(d).(map[string]any)
	for _, m := range items(plain, "vmImages") {
		out.Images = append(out.Images, Image{
			Type: word(m, "imageType"), TenantID: word(m, "source", "sharedImage", "tenantId"),
			ResourceID: word(m, "source", "sharedImage", "resourceId"), URI: word(m, "source", "osDisk", "uri"),
		})
	}
	return out
}

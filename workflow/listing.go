package workflow

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Provider is how a listing's images reach the partner.
type Provider string

// The providers.
const (
	AWS    Provider = "aws"
	Azure  Provider = "azure"
	Manual Provider = "manual" // any other partner: people upload, the process follows
)

// Name is the provider as people write it.
func (p Provider) Name() string {
	switch p {
	case AWS:
		return "AWS"
	case Azure:
		return "Azure"
	}
	return "other, by hand"
}

// Delivery is what a listing hands to the partner's customers.
type Delivery string

// The deliveries. A listing that delivers the Omnibus package needs no
// maintenance for version or security updates.
const (
	Image          Delivery = "image"
	OmnibusPackage Delivery = "omnibus-package"
)

// Name is the delivery as people write it.
func (d Delivery) Name() string {
	if d == OmnibusPackage {
		return "Omnibus package"
	}
	return "image"
}

// Listing is one product on a partner's marketplace.
type Listing struct {
	ID       ListingID           `json:"id,omitzero"`
	Edition  string              `json:"edition,omitzero"` // "CE"
	Delivery Delivery            `json:"delivery,omitzero"`
	Provider Provider            `json:"provider,omitzero"`
	Facts    map[FactName]string `json:"facts,omitzero"` // what is known of this listing alone
	// Partner is on whose marketplace it is; empty in the run of a partnership, where
	// it is the run's.
	Partner string `json:"partner,omitzero"`
	// Architecture is what the image runs on, "arm64"; empty where it does not matter.
	Architecture string `json:"architecture,omitzero"`
	// Since is when it joined a run about a catalyst, of which its promise is then
	// counted; zero for from the start.
	Since time.Time `json:"since,omitzero"`
	// Owed is by when its customers were to have a version that they do not have yet,
	// because of a catalyst before this one; zero for never.
	Owed time.Time `json:"owed,omitzero"`
}

// NewListing makes a listing whose id says what it is: "ce-image".
func NewListing(edition string, delivery Delivery, provider Provider) Listing {
	id := strings.ToLower(edition) + "-" + string(delivery)
	return Listing{ID: ListingID(id), Edition: edition, Delivery: delivery, Provider: provider}
}

// Name is the listing as people write it: "CE image".
func (l Listing) Name() string { return l.Edition + " " + l.Delivery.Name() }

// FullName is the listing among those of all partners: "CE image on AWS", "EE image
// on DigitalOcean, arm64".
func (l Listing) FullName() string {
	name := l.Name()
	switch {
	case l.Partner != "":
		name += " on " + l.Partner
	case l.Provider == AWS || l.Provider == Azure:
		name += " on " + l.Provider.Name()
	}
	if l.Architecture != "" {
		name += ", " + l.Architecture
	}
	return name
}

func cloneListings(list []Listing) []Listing {
	out := slices.Clone(list)
	for i := range out {
		out[i].Facts = maps.Clone(out[i].Facts)
	}
	return out
}

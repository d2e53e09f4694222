package workflow

import (
	"maps"
	"slices"
	"strings"
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
}

// NewListing makes a listing whose id says what it is: "ce-image".
func NewListing(edition string, delivery Delivery, provider Provider) Listing {
	id := strings.ToLower(edition) + "-" + string(delivery)
	return Listing{ID: ListingID(id), Edition: edition, Delivery: delivery, Provider: provider}
}

// Name is the listing as people write it: "CE image".
func (l Listing) Name() string { return l.Edition + " " + l.Delivery.Name() }

func cloneListings(list []Listing) []Listing {
	out := slices.Clone(list)
	for i := range out {
		out[i].Facts = maps.Clone(out[i].Facts)
	}
	return out
}

package images

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudimage/workflow"
)

// Order is what one build is to do, as a person saw and confirmed it. It does not
// change afterwards: another order is another build.
type Order struct {
	// Run and Lane are whose listing it is for; both empty for a build of its own, which
	// stays private.
	Run  workflow.RunID   `json:"run,omitzero"`
	Lane workflow.StepKey `json:"lane,omitzero"`
	// Listing is the listing's id in the catalogue; empty for none.
	Listing      workflow.ListingID `json:"listing,omitzero"`
	Name         string             `json:"name"` // what people call it: "AWS EE (arm64)"
	Edition      string             `json:"edition"`
	Architecture string             `json:"architecture"` // "amd64", "arm64"
	Version      workflow.Version   `json:"version"`
	Package      workflow.Package   `json:"package"`

	Provider workflow.Provider `json:"provider"`
	Account  string            `json:"account"` // in which it is made, as configured
	Region   string            `json:"region"`  // where it is built
	Regions  []string          `json:"regions"` // where it is to be; with the one it is built in, which comes first
	Base     Base              `json:"base"`
	Machine  string            `json:"machine"` // type of the machine it is built on
	Image    string            `json:"image"`   // name of the image
	// ByHand says that people make it and bring it there, and say so.
	ByHand bool `json:"by_hand,omitzero"`

	// Public says that the image becomes public in its regions, and Unblock in which of
	// them a protection against that is turned off meanwhile.
	Public  bool     `json:"public,omitzero"`
	Unblock []string `json:"unblock,omitzero"`
	// Product is the marketplace's product that gets it as a version; empty for none.
	// Title is the version's title.
	Product string `json:"product,omitzero"`
	Title   string `json:"title,omitzero"`
	// Hides is how many of the product's oldest versions are hidden from new customers, so
	// that there is room for it.
	Hides int    `json:"hides,omitzero"`
	Notes string `json:"notes,omitzero"` // release notes, for customers
	// Texts are what customers read of the product from then on; none where they stay as
	// they are.
	Texts workflow.Texts `json:"texts,omitzero"`

	By      workflow.UserID    `json:"by"`
	At      time.Time          `json:"at"`
	Channel workflow.ChannelID `json:"channel,omitzero"` // where it is told of
}

// Base is the image that a build begins with.
type Base struct {
	ID   string    `json:"id"`
	Name string    `json:"name"`
	Made time.Time `json:"made"`
}

// Publishes reports whether anybody outside gets to see it.
func (o *Order) Publishes() bool { return o.Public || o.Product != "" }

// Digest tells one order from another. Who gave it, when and where is no part of it.
func (o *Order) Digest() string {
	h := sha256.New()
	fmt.Fprintln(h, o.Run, o.Lane, o.Listing, o.Edition, o.Architecture, o.Version, o.Package.URL, o.Package.SHA256)
	fmt.Fprintln(h, o.Provider, o.Account, o.Region, strings.Join(o.Regions, ","), o.Base.ID, o.Machine, o.Image)
	fmt.Fprintln(h, o.Public, strings.Join(o.Unblock, ","), o.Product, o.Title, o.Notes, o.Hides)
	if o.ByHand || o.Texts != (workflow.Texts{}) {
		fmt.Fprintln(h, o.ByHand, o.Texts.Title, o.Texts.Short, o.Texts.Long)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// Goes says, for whoever signs, what it does outside beyond the listing itself; empty
// for nothing.
func (o *Order) Goes() string {
	if !o.Publishes() {
		return ""
	}
	var out []string
	if len(o.Unblock) > 0 {
		out = append(out, "turns the protection against public images off and on again in "+strings.Join(o.Unblock, ", "))
	}
	if o.Hides > 0 {
		out = append(out, fmt.Sprintf("hides the %d oldest versions of the product from new customers", o.Hides))
	}
	if o.Texts != (workflow.Texts{}) {
		h := sha256.Sum256([]byte(o.Texts.Title + "\x00" + o.Texts.Short + "\x00" + o.Texts.Long))
		out = append(out, fmt.Sprintf("changes what customers read of the product to the listing's texts (%x)", h[:3])) // or others could be signed
	}
	return strings.Join(out, "; ")
}

// offered is what a product's versions are offered in, of which there is one preview: an
// offer with several plans, "gitlab-ee/byol", or the product itself.
func (o *Order) offered() string {
	whole, _, _ := strings.Cut(o.Product, "/")
	return whole
}

// goes is the same for its run: with the product, if that is another than the listing
// names, as one is that the catalogue got since.
func (o *Order) goes(r *workflow.Run) string {
	out := o.Goes()
	if l, ok := r.Listing(o.Lane.Listing); ok && !o.ByHand && o.Product != "" && o.Product != l.Facts[workflow.FactProduct] {
		product := "goes to the product " + o.Product + ", which is not the one of the listing"
		if out != "" {
			product += "; " + out
		}
		return product
	}
	return out
}

func (o *Order) clone() Order {
	c := *o
	c.Regions, c.Unblock = slices.Clone(o.Regions), slices.Clone(o.Unblock)
	return c
}

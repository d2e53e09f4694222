package workflow

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
)

// This file is the catalogue: the listings that are live. Their runs come and go.

// Listed is a listing as the catalogue keeps it.
type Listed struct {
	Listing
	// Product is the marketplace's id of it, and Link where customers find it.
	Product string `json:"product,omitzero"`
	Link    string `json:"link,omitzero"`
	Pricing string `json:"pricing,omitzero"` // "BYOL"
	Texts   Texts  `json:"texts,omitzero"`
	// Maintainer is the team that maintains it; empty for the one that owns the
	// process of catalysts.
	Maintainer TeamID `json:"maintainer,omitzero"`
	// Branch is the minor version that it follows; zero for what the process says.
	Branch Branch `json:"branch,omitzero"`
	// Published is the version that is live, and At since when; zero for a version
	// that nobody has said.
	Published Version   `json:"published,omitzero"`
	At        time.Time `json:"at,omitzero"`
	// Regions are where it is offered, as far as that is said.
	Regions []Region `json:"regions,omitzero"`
	// Added is when it came into the catalogue, and Run the run that launched it; empty
	// for one that a person added.
	Added time.Time `json:"added,omitzero"`
	Run   RunID     `json:"run,omitzero"`
	// Channel is where it was launched or added, and hears of what it needs.
	Channel ChannelID `json:"channel,omitzero"`
	// Retired is when it was taken off the marketplace; zero while it is there.
	Retired time.Time `json:"retired,omitzero"`
	// Revision rises with each change, by its store.
	Revision int64 `json:"-"`
}

// Region is where a listing is offered. Its version is zero where it is that of the
// listing.
type Region struct {
	Name    string  `json:"name"`
	Version Version `json:"version,omitzero"`
}

// Texts are what customers read on the marketplace.
type Texts struct {
	Title string `json:"title,omitzero"`
	Short string `json:"short,omitzero"`
	Long  string `json:"long,omitzero"`
}

// Clone is a deep copy.
func (l *Listed) Clone() Listed {
	c := *l
	c.Facts, c.Regions = maps.Clone(l.Facts), slices.Clone(l.Regions)
	return c
}

// Oldest is the oldest version that a customer gets somewhere.
func (l *Listed) Oldest() Version {
	v := l.Published
	for _, r := range l.Regions {
		if !r.Version.IsZero() && r.Version.Compare(v) < 0 {
			v = r.Version
		}
	}
	return v
}

// Behind are the regions that have an older version than the listing.
func (l *Listed) Behind() []Region {
	var out []Region
	for _, r := range l.Regions {
		if !r.Version.IsZero() && r.Version.Compare(l.Published) < 0 {
			out = append(out, r)
		}
	}
	return out
}

// Maintained reports whether releases are work for it: it is there, and delivers
// an image.
func (l *Listed) Maintained() bool { return l.Retired.IsZero() && l.Delivery != OmnibusPackage }

// NoMaintenance is what the process says of a listing that delivers the package.
const NoMaintenance = "If an omnibus package has been uploaded - maintenance won’t be necessary for version or security updates."

// Publish notes that a version is live everywhere.
func (l *Listed) Publish(v Version, at time.Time) {
	if v.Compare(l.Published) < 0 {
		return // an older submission came through late
	}
	l.Published, l.At = v, at
	for i := range l.Regions {
		l.Regions[i].Version = Version{}
	}
}

// Owed is that the customers of a listing are to have a version, by when, and when
// they had it.
type Owed struct {
	Version Version
	Listing ListingID
	Kind    CatalystKind
	Run     RunID // that sees to it; empty where there was none
	// Since is from when it is counted, and Due by when it is to be live.
	Since, Due time.Time
	// Met is when that or a newer version was live; zero while it is not. By is the
	// run by which it was; empty where a person said so.
	Met time.Time
	By  RunID
	// Late is whose days it was late, as far as that is over.
	Late Lateness
	// Cause is why it was late, in words.
	Cause string
}

// IsLate reports whether it was or is late.
func (o Owed) IsLate(now time.Time) bool {
	if o.Met.IsZero() {
		return now.After(o.Due)
	}
	return o.Met.After(o.Due)
}

// TextLimits are how long the texts of a listing may be on a marketplace, in
// characters; 0 for as long as we keep.
type TextLimits struct{ Title, Short, Long int }

// LimitsOf are the limits of a provider's marketplace, as far as they are known: the
// forms of the marketplaces say them, and no document of theirs was at hand.
func LimitsOf(p Provider) TextLimits {
	switch p {
	case AWS:
		return TextLimits{Title: 72, Short: 1000, Long: 5000}
	case Azure:
		return TextLimits{Title: 50, Short: 100, Long: 5000}
	}
	return TextLimits{Title: 150, Short: maxText, Long: 5000}
}

// Fields of a listing that a person gives.
const (
	FieldPartner      FieldID = "partner"
	FieldEdition      FieldID = "edition"
	FieldProvider     FieldID = "provider"
	FieldDelivery     FieldID = "delivery"
	FieldArchitecture FieldID = "architecture"
	FieldVersion      FieldID = "version"
	FieldRegions      FieldID = "regions"
	FieldProduct      FieldID = "product"
	FieldLink         FieldID = "link"
	FieldPricing      FieldID = "pricing"
	FieldBranch       FieldID = "branch"
	FieldMaintainer   FieldID = "maintainer"
	FieldTitle        FieldID = "title"
	FieldShort        FieldID = "short"
	FieldLong         FieldID = "long"
)

const (
	maxRegions = 100
	maxWord    = 60  // of a region, an architecture, an edition
	maxLine    = 200 // of a product id, a pricing model
)

// ListedID is the id of a listing in the catalogue: "aws-ee-image",
// "digitalocean-ce-image-arm64". Two names that differ only in signs have the same.
func ListedID(partner, edition string, delivery Delivery, architecture string) ListingID {
	parts := []string{slug(partner), slug(edition), string(delivery)}
	if architecture != "" {
		parts = append(parts, slug(architecture))
	}
	return ListingID(strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "-"))
}

// slug is text in small letters and digits, with single hyphens between.
func slug(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
			continue
		}
		gap = true
	}
	return b.String()
}

// Check says what is wrong with a listing that a person gave, by field; nil when
// nothing is. Editions are those of the product.
func (l *Listed) Check(editions []string, teams []TeamID) map[FieldID]Text {
	bad := map[FieldID]Text{}
	line := func(field FieldID, s string, most int, what string) {
		switch {
		case len([]rune(s)) > most:
			bad[field] = Say("Keep %s to %d characters.", what, most)
		case strings.ContainsFunc(s, unicode.IsControl):
			bad[field] = Say("Write %s on one line.", what)
		case LooksSecret(s):
			bad[field] = secretRefused
		}
	}
	line(FieldPartner, l.Partner, maxPartner, "the partner's name")
	line(FieldArchitecture, l.Architecture, maxWord, "the architecture")
	line(FieldProduct, l.Product, maxLine, "the product id")
	line(FieldPricing, l.Pricing, maxLine, "the pricing model")
	if slug(l.Partner) == "" {
		bad[FieldPartner] = Say("Name the partner on whose marketplace it is.")
	}
	if !slices.Contains(editions, l.Edition) {
		bad[FieldEdition] = Say("Choose one of the editions: %s.", strings.Join(editions, ", "))
	}
	switch l.Provider {
	case AWS, Azure, Manual:
	default:
		bad[FieldProvider] = Say("Choose aws, azure or manual.")
	}
	switch l.Delivery {
	case Image, OmnibusPackage:
	default:
		bad[FieldDelivery] = Say("Choose image or omnibus-package.")
	}
	if l.Maintainer != "" && !slices.Contains(teams, l.Maintainer) {
		bad[FieldMaintainer] = Say("Choose one of the teams.")
	}
	if l.Link != "" {
		if _, problem := checkAnswer(Field{Type: URL}, l.Link); !problem.IsZero() {
			bad[FieldLink] = problem
		}
	}
	if len(l.Regions) > maxRegions {
		bad[FieldRegions] = Say("Name %d regions at most.", maxRegions)
	}
	seen := map[string]bool{}
	for _, r := range l.Regions {
		if r.Name = strings.TrimSpace(r.Name); r.Name == "" || seen[r.Name] {
			bad[FieldRegions] = Say("Name each region once.")
		}
		seen[r.Name] = true
		line(FieldRegions, r.Name, maxWord, "the name of a region")
	}
	limits := LimitsOf(l.Provider)
	for field, text := range map[FieldID]struct {
		s    string
		most int
	}{FieldTitle: {l.Texts.Title, limits.Title}, FieldShort: {l.Texts.Short, limits.Short}, FieldLong: {l.Texts.Long, limits.Long}} {
		switch n := len([]rune(text.s)); {
		case n > text.most:
			bad[field] = Say("The marketplace takes %d characters there, and this has %d.", text.most, n)
		case strings.ContainsFunc(text.s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
			bad[field] = Say("That holds characters that nobody can read. Please type it again instead of pasting it.")
		case LooksSecret(text.s):
			bad[field] = secretRefused
		}
	}
	if len(bad) == 0 {
		return nil
	}
	return bad
}

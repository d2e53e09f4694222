package listingfile

// The keys of a listing. Where a [workflow.FieldID] is about the same, it is the
// same word.
const (
	keyPartner      = "partner"
	keyProvider     = "provider"
	keyEdition      = "edition"
	keyDelivery     = "delivery"
	keyArchitecture = "architecture"
	keyVersion      = "version"
	keyLiveSince    = "live_since"
	keyRegions      = "regions"
	keyProduct      = "product"
	keyLink         = "link"
	keyPricing      = "pricing"
	keyBranch       = "branch"
	keyMaintainer   = "maintainer"
	keyTitle        = "title"
	keyShort        = "short"
	keyLong         = "long"
)

// keys are those of a listing, in the order people write them, which is that of the
// columns.
var keys = []string{
	keyPartner, keyProvider, keyEdition, keyDelivery, keyArchitecture, keyVersion, keyLiveSince, keyRegions,
	keyProduct, keyLink, keyPricing, keyBranch, keyMaintainer, keyTitle, keyShort, keyLong,
}

// needed are the keys without which nobody knows which listing is meant, each with
// what to do when it is missing.
var needed = []struct{ key, cure string }{
	{keyPartner, "say on whose marketplace it is"},
	{keyProvider, "say aws, azure or manual"},
	{keyEdition, "say which edition of the product it is"},
}

// keyName is the key of a region beside keyVersion, and keyListings that of a YAML
// file.
const (
	keyName     = "name"
	keyListings = "listings"
)

// regionKeys are those of a region in YAML, and fileKeys those of the file.
var (
	regionKeys = []string{keyName, keyVersion}
	fileKeys   = []string{keyListings}
)

package workflow_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
)

func TestListedID(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		partner, edition string
		delivery         workflow.Delivery
		architecture     string
		want             workflow.ListingID
	}{
		{"AWS", "EE", workflow.Image, "", "aws-ee-image"},
		{"DigitalOcean", "CE", workflow.Image, "arm64", "digitalocean-ce-image-arm64"},
		{" Google  Cloud! ", "EE", workflow.OmnibusPackage, "", "google-cloud-ee-omnibus-package"},
		{"google-cloud", "ee", workflow.OmnibusPackage, " ", "google-cloud-ee-omnibus-package"},
		{"Öl & Söhne", "CE", workflow.Image, "", "öl-söhne-ce-image"},
	} {
		if got := workflow.ListedID(c.partner, c.edition, c.delivery, c.architecture); got != c.want {
			t.Errorf("%s of %s has the id %s, want %s", c.edition, c.partner, got, c.want)
		}
	}
}

func TestListedCheck(t *testing.T) {
	t.Parallel()
	long := func(n int) string { return strings.Repeat("ü", n) }
	for name, c := range map[string]struct {
		change func(*workflow.Listed)
		bad    []workflow.FieldID
	}{
		"all is well": {func(*workflow.Listed) {}, nil},
		"all is well at the limits": {func(l *workflow.Listed) {
			l.Texts = workflow.Texts{Title: long(72), Short: long(1000), Long: long(5000)}
		}, nil},
		"no partner":                    {func(l *workflow.Listed) { l.Partner = " . " }, []workflow.FieldID{workflow.FieldPartner}},
		"a partner of two lines":        {func(l *workflow.Listed) { l.Partner = "AWS\nMarketplace" }, []workflow.FieldID{workflow.FieldPartner}},
		"a partner without end":         {func(l *workflow.Listed) { l.Partner = long(81) }, []workflow.FieldID{workflow.FieldPartner}},
		"an edition that there is not":  {func(l *workflow.Listed) { l.Edition = "Ultimate" }, []workflow.FieldID{workflow.FieldEdition}},
		"a provider that there is not":  {func(l *workflow.Listed) { l.Provider = "cloud" }, []workflow.FieldID{workflow.FieldProvider}},
		"a delivery that there is not":  {func(l *workflow.Listed) { l.Delivery = "floppy" }, []workflow.FieldID{workflow.FieldDelivery}},
		"an architecture without end":   {func(l *workflow.Listed) { l.Architecture = long(61) }, []workflow.FieldID{workflow.FieldArchitecture}},
		"a team that there is not":      {func(l *workflow.Listed) { l.Maintainer = "sales" }, []workflow.FieldID{workflow.FieldMaintainer}},
		"a link that is none":           {func(l *workflow.Listed) { l.Link = "marketplace" }, []workflow.FieldID{workflow.FieldLink}},
		"a product id without end":      {func(l *workflow.Listed) { l.Product = long(201) }, []workflow.FieldID{workflow.FieldProduct}},
		"a product id that is a secret": {func(l *workflow.Listed) { l.Product = secret }, []workflow.FieldID{workflow.FieldProduct}},
		"a price that is a secret":      {func(l *workflow.Listed) { l.Pricing = secret }, []workflow.FieldID{workflow.FieldPricing}},
		"a region without end":          {func(l *workflow.Listed) { l.Regions = []workflow.Region{{Name: "eu"}, {Name: long(61)}} }, []workflow.FieldID{workflow.FieldRegions}},
		"a region without a name":       {func(l *workflow.Listed) { l.Regions = []workflow.Region{{Name: " "}} }, []workflow.FieldID{workflow.FieldRegions}},
		"a region twice":                {func(l *workflow.Listed) { l.Regions = []workflow.Region{{Name: "eu"}, {Name: "eu"}} }, []workflow.FieldID{workflow.FieldRegions}},
		"too many regions": {func(l *workflow.Listed) {
			for i := range 101 {
				l.Regions = append(l.Regions, workflow.Region{Name: fmt.Sprint(i)})
			}
		}, []workflow.FieldID{workflow.FieldRegions}},
		"texts too long": {func(l *workflow.Listed) {
			l.Texts = workflow.Texts{Title: long(73), Short: long(1001), Long: long(5001)}
		},
			[]workflow.FieldID{workflow.FieldLong, workflow.FieldShort, workflow.FieldTitle}},
		"a text that is a secret": {func(l *workflow.Listed) { l.Texts.Long = secret }, []workflow.FieldID{workflow.FieldLong}},
		"several at once": {func(l *workflow.Listed) { l.Edition, l.Provider, l.Delivery = "", "", "" },
			[]workflow.FieldID{workflow.FieldDelivery, workflow.FieldEdition, workflow.FieldProvider}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := workflow.Listed{Listing: workflow.Listing{Partner: "AWS", Edition: "EE", Delivery: workflow.Image, Provider: workflow.AWS},
				Link: "https://aws.example/listing", Maintainer: om}
			c.change(&l)
			bad := l.Check([]string{"CE", "EE"}, []workflow.TeamID{sp, om})
			if diff := cmp.Diff(c.bad, slices.Sorted(maps.Keys(bad))); diff != "" {
				t.Errorf("what is wrong (-want +got): %s", diff)
			}
			for field, text := range bad {
				if said := text.String(); strings.Contains(said, "%!") || !strings.HasSuffix(said, ".") && !strings.HasSuffix(said, "https://") {
					t.Errorf("%s: %q is no sentence", field, said)
				}
			}
		})
	}
}

func TestTextLimits(t *testing.T) {
	t.Parallel()
	for provider, want := range map[workflow.Provider]workflow.TextLimits{
		workflow.AWS:    {Title: 72, Short: 1000, Long: 5000},
		workflow.Azure:  {Title: 50, Short: 100, Long: 5000},
		workflow.Manual: {Title: 150, Short: 3000, Long: 5000},
	} {
		if got := workflow.LimitsOf(provider); got != want {
			t.Errorf("the limits of %s are %+v, want %+v", provider, got, want)
		}
	}
}

func TestOldestIsThatOfTheRegionBehind(t *testing.T) {
	t.Parallel()
	v := func(s string) workflow.Version { v, _ := workflow.ParseVersion(s); return v }
	l := workflow.Listed{Published: v("17.5.1"), Regions: []workflow.Region{{Name: "us"}, {Name: "eu", Version: v("17.5.0")}, {Name: "ap", Version: v("17.5.2")}}}
	if got := l.Oldest(); got != v("17.5.0") {
		t.Errorf("the oldest is %s", got)
	}
	if behind := l.Behind(); len(behind) != 1 || behind[0].Name != "eu" {
		t.Errorf("%v are behind", behind)
	}
	c := l.Clone()
	c.Publish(v("17.5.0"), monday)
	if c.Published != v("17.5.1") {
		t.Errorf("an older submission made it %s", c.Published)
	}
	c.Publish(v("17.5.2"), monday)
	if c.Oldest() != v("17.5.2") || !c.At.Equal(monday) || l.Regions[1].Version != v("17.5.0") {
		t.Errorf("it is %s since %s, and the other %v", c.Oldest(), c.At, l.Regions)
	}
}

func TestMaintainedIsWhatIsThereAndAnImage(t *testing.T) {
	t.Parallel()
	for want, l := range map[bool]workflow.Listed{
		true:  {Listing: workflow.Listing{Delivery: workflow.Image}},
		false: {Listing: workflow.Listing{Delivery: workflow.OmnibusPackage}},
	} {
		if l.Maintained() != want {
			t.Errorf("%s is maintained: %v", l.Delivery, !want)
		}
		if l.Retired = monday; l.Maintained() {
			t.Errorf("%s is maintained and was taken off", l.Delivery)
		}
	}
}

func TestOwedIsLate(t *testing.T) {
	t.Parallel()
	due := monday.AddDate(0, 0, 3)
	for name, c := range map[string]struct {
		now, met time.Time
		want     bool
	}{
		"not live, in time so far": {due, time.Time{}, false},
		"not live, and late":       {due.Add(1), time.Time{}, true},
		"live in time":             {due.AddDate(1, 0, 0), due, false},
		"live late":                {due.AddDate(1, 0, 0), due.Add(1), true},
	} {
		if got := (workflow.Owed{Due: due, Met: c.met}).IsLate(c.now); got != c.want {
			t.Errorf("%s: it is late: %v", name, got)
		}
	}
}

package listingfile

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
)

const reference = "../../docs/listings.md"

// TestTheReferenceExplainsEveryKey compares the table with what is read, and says of
// each whether it is needed.
func TestTheReferenceExplainsEveryKey(t *testing.T) {
	t.Parallel()
	_, section, ok := strings.Cut(string(read(t, reference)), "\n## The keys\n")
	if !ok {
		t.Fatal("the reference has no section about the keys")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	var explained, said []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\|.*\\| (.+) \\|$").FindAllStringSubmatch(section, -1) {
		explained = append(explained, m[1])
		if m[2] == "needed" {
			said = append(said, m[1])
		}
	}
	if diff := cmp.Diff(keys, explained); diff != "" {
		t.Errorf("what is read, and what is explained (-read +explained):\n%s", diff)
	}
	var want []string
	for _, n := range needed {
		want = append(want, n.key)
	}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("what is needed, and what is said to be (-needed +said):\n%s", diff)
	}
}

// TestTheExamplesOfTheReferenceAreTheSame reads both forms out of the document.
func TestTheExamplesOfTheReferenceAreTheSame(t *testing.T) {
	t.Parallel()
	page := string(read(t, reference))
	lists := map[string][]workflow.Listed{}
	for _, form := range []string{"yaml", "csv"} {
		_, after, ok := strings.Cut(page, "```"+form+"\n")
		example, _, closed := strings.Cut(after, "```")
		if !ok || !closed {
			t.Fatalf("the reference has no example of %s", form)
		}
		lists[form] = parse(t, "docs/listings.md."+form, example)
		if example != string(read(t, "testdata/good/example."+form)) {
			t.Errorf("the example is not testdata/good/example.%s; copy one to the other", form)
		}
	}
	if diff := cmp.Diff(lists["yaml"], lists["csv"]); diff != "" {
		t.Errorf("the examples differ (-yaml +csv):\n%s", diff)
	}
}

func TestTheReferenceNamesTheBounds(t *testing.T) {
	t.Parallel()
	page := string(read(t, reference))
	thousands := strconv.Itoa(MaxListings/1000) + ",000 listings"
	for _, bound := range []string{thousands, strconv.Itoa(MaxBytes>>20) + " MB", "after " + strconv.Itoa(MostShown)} {
		if !strings.Contains(page, bound) {
			t.Errorf("the reference does not say %q", bound)
		}
	}
}

// TestFieldsAreKeys holds that what a listing's check says of a field has its place in
// a file.
func TestFieldsAreKeys(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("long ", 2000)
	bad := workflow.Listed{
		Listing: workflow.Listing{Partner: long, Architecture: long}, Product: long, Pricing: long, Link: "nowhere", Maintainer: "nobody",
		Regions: []workflow.Region{{Name: long}}, Texts: workflow.Texts{Title: long, Short: long, Long: long},
	}
	for field := range bad.Check(options.Editions, options.Teams) {
		if !slices.Contains(keys, string(field)) {
			t.Errorf("no key is called %q", field)
		}
	}
}

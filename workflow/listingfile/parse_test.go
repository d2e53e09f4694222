package listingfile

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
)

var update = flag.Bool("update", false, "write the golden files of this package anew")

// now is the present of all tests here.
var now = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

var options = Options{Editions: []string{"CE", "EE"}, Teams: []workflow.TeamID{"omnibus", "alliances"}, Now: now}

// golden compares got with the file, or writes it.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; write it with go test -update", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// files are the listing files of a folder of testdata.
func files(t testing.TB, folder string) []string {
	t.Helper()
	var out []string
	for _, ending := range []string{"yaml", "csv", "txt"} {
		paths, err := filepath.Glob(filepath.Join("testdata", folder, "*."+ending))
		if err != nil || len(paths) == 0 {
			t.Fatalf("no %s files in testdata/%s: %v", ending, folder, err)
		}
		out = append(out, paths...)
	}
	return out
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// parse is what src lists, which must be without problems.
func parse(t testing.TB, name, src string) []workflow.Listed {
	t.Helper()
	list, err := Parse(name, []byte(src), options)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// nameOf is what a file of testdata is called: those that end in txt were pasted.
func nameOf(path string) string {
	if filepath.Ext(path) == ".txt" {
		return ""
	}
	return filepath.Base(path)
}

// TestMistakes parses the files of testdata/bad, each named by the mistake in it, and
// compares what people are told with the .err file beside it.
func TestMistakes(t *testing.T) {
	t.Parallel()
	for _, path := range files(t, "bad") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			list, err := Parse(nameOf(path), read(t, path), options)
			if err == nil {
				t.Fatalf("read %d listings", len(list))
			}
			var problems Problems
			if !errors.As(err, &problems) {
				t.Fatalf("the error is %T, not Problems", err)
			}
			if list != nil {
				t.Errorf("%d listings were read of a file with problems", len(list))
			}
			golden(t, path+".err", err.Error()+"\n")
			for _, secret := range []string{"glpat", "hunter2"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("the error repeats a secret")
				}
			}
		})
	}
}

// full are the listings of testdata/good/full.*, by id.
func full() []workflow.Listed {
	v := func(major, minor, patch, rebuild int) workflow.Version {
		return workflow.Version{Major: major, Minor: minor, Patch: patch, Rebuild: rebuild}
	}
	return []workflow.Listed{
		{
			Listing:   workflow.Listing{ID: "aws-ce-omnibus-package", Partner: "AWS", Provider: workflow.AWS, Edition: "CE", Delivery: workflow.OmnibusPackage},
			Published: v(17, 10, 0, 1),
			At:        time.Date(2026, 11, 20, 8, 30, 0, 0, time.UTC),
			Branch:    workflow.Branch{Major: 17, Minor: 10},
			Regions:   []workflow.Region{{Name: "East US"}, {Name: "a;b"}},
		},
		{
			Listing:   workflow.Listing{ID: "azure-ee-image", Partner: "Azure", Provider: workflow.Azure, Edition: "EE", Delivery: workflow.Image},
			Published: v(17, 5, 1, 0),
			At:        now,
		},
		{
			Listing: workflow.Listing{ID: "cloud-ü-ee-image", Partner: "'=Cloud Ü", Provider: workflow.Manual, Edition: "EE", Delivery: workflow.Image},
		},
		{
			Listing:    workflow.Listing{ID: "digitalocean-ee-image-arm64", Partner: "DigitalOcean", Provider: workflow.Manual, Edition: "EE", Delivery: workflow.Image, Architecture: "arm64"},
			Published:  v(17, 5, 1, 0),
			At:         time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC),
			Branch:     workflow.Branch{Major: 17, Minor: 5},
			Regions:    []workflow.Region{{Name: "us-east-1"}, {Name: "me-central-1", Version: v(17, 4, 0, 0)}},
			Product:    "prod-abc123",
			Link:       "https://marketplace.example.com/gitlab",
			Pricing:    "BYOL",
			Maintainer: "omnibus",
			Texts:      workflow.Texts{Title: "GitLab Enterprise Edition", Short: "The DevSecOps platform", Long: "One application for all of it.\n\n= not a formula"},
		},
	}
}

// TestEveryKeyIsRead compares whole listings, and the two forms with each other.
func TestEveryKeyIsRead(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"full.yaml", "full.csv"} {
		src := string(read(t, "testdata/good/"+name))
		if diff := cmp.Diff(full(), byID(parse(t, name, src))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		for _, key := range keys {
			if !strings.Contains(src, key) {
				t.Errorf("testdata/good/%s does not use %q", name, key)
			}
		}
	}
}

func TestListingsAreInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	var got []workflow.ListingID
	for _, l := range parse(t, "full.yaml", string(read(t, "testdata/good/full.yaml"))) {
		got = append(got, l.ID)
	}
	want := []workflow.ListingID{"digitalocean-ee-image-arm64", "aws-ce-omnibus-package", "azure-ee-image", "cloud-ü-ee-image"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestFormsPeoplePaste parses what comes without a name, or as spreadsheets save it.
func TestFormsPeoplePaste(t *testing.T) {
	t.Parallel()
	aws := workflow.Listed{Listing: workflow.Listing{ID: "aws-ee-image", Partner: "AWS", Provider: workflow.AWS, Edition: "EE", Delivery: workflow.Image}}
	regions := []workflow.Region{{Name: "us-east-1"}, {Name: "eu-west-1", Version: workflow.Version{Major: 17, Minor: 4}}}
	with := func(change func(*workflow.Listed)) []workflow.Listed {
		l := aws
		change(&l)
		return []workflow.Listed{l}
	}
	for name, want := range map[string][]workflow.Listed{
		"pasted.txt":      {aws},
		"pasted-json.txt": with(func(l *workflow.Listed) { l.Regions = regions }),
		"pasted-tabs.txt": with(func(l *workflow.Listed) { l.Regions, l.Texts.Long = regions, "- first" }),
		"semicolons.csv": with(func(l *workflow.Listed) {
			l.Published, l.At, l.Texts.Short = workflow.Version{Major: 17, Minor: 5, Patch: 1}, now, "One; two\n\"three\""
		}),
	} {
		if diff := cmp.Diff(want, parse(t, nameOf(name), string(read(t, "testdata/good/"+name)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestFormIsThatOfTheNameElseOfTheContent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		yaml       bool
	}{
		{"a.yaml", "partner,edition", true},
		{"a.YML", "partner,edition", true},
		{"a.csv", "listings:", false},
		{"a.txt", "listings:", true},
		{"", "\n# ours\n---\nlistings:", true},
		{"", "- partner: AWS", true},
		{"", "  {listings: []}", true},
		{"", `"listings" : []`, true},
		{"", "live since: x", true},
		{"", "partner,link\nAWS,https://example.com", false},
		{"", `"partner","link"`, false},
		{"", "AWS,EE,https://example.com", false},
		{"", "https://example.com", false},
		{"", "partner", false},
		{"", "", false},
	} {
		if got := isYAML(c.name, c.text); got != c.yaml {
			t.Errorf("%q, %q: YAML is %v, want %v", c.name, c.text, got, c.yaml)
		}
	}
}

func TestLineEndsAndByteOrderMarks(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"full.yaml", "full.csv"} {
		src := string(read(t, "testdata/good/"+name))
		want := parse(t, name, src)
		for what, variant := range map[string]string{
			"CR LF":           strings.ReplaceAll(src, "\n", "\r\n"),
			"CR":              strings.ReplaceAll(src, "\n", "\r"),
			"byte order mark": "\ufeff" + src,
		} {
			if diff := cmp.Diff(want, parse(t, name, variant)); diff != "" {
				t.Errorf("%s of %s change the listings:\n%s", what, name, diff)
			}
		}
	}
}

// TestTodayIsNoFuture holds that a date is right as soon as it is today somewhere, and
// that what is kept is not after now.
func TestTodayIsNoFuture(t *testing.T) {
	t.Parallel()
	file := "partner,provider,edition,version,live_since\nAWS,aws,EE,17.5.1,%s\n"
	for since, want := range map[string]time.Time{
		"2026-12-02":           now, // it has begun in Auckland
		"2026-12-01":           time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC),
		"2026-12-01T12:00:00Z": now,
		"":                     now,
	} {
		if got := parse(t, "a.csv", fmt.Sprintf(file, since))[0].At; !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("%q is since %v, want %v", since, got, want)
		}
	}
}

func TestProblemsAreBounded(t *testing.T) {
	t.Parallel()
	_, err := Parse("", []byte("partner,provider,edition\n"+strings.Repeat("AWS,aws,XE\n", 100)), options)
	var problems Problems
	if !errors.As(err, &problems) || len(problems) != 100 {
		t.Fatalf("%d problems of 100: %v", len(problems), err)
	}
	lines := strings.Split(err.Error(), "\n")
	if got, want := lines[len(lines)-1], "and 80 more"; len(lines) != MostShown+1 || got != want {
		t.Errorf("%d lines that end with %q, want %d and %q", len(lines), got, MostShown+1, want)
	}
	if want := `2:9: "edition" cannot be "XE"; write CE or EE`; lines[0] != want {
		t.Errorf("the first is %q, want %q", lines[0], want)
	}
}

// TestSizesAreBounded holds that what is too much is refused in a sentence.
func TestSizesAreBounded(t *testing.T) {
	t.Parallel()
	item := func(i int) string { return fmt.Sprintf("- {partner: P%d, provider: manual, edition: EE}\n", i) }
	row := func(i int) string { return fmt.Sprintf("P%d,manual,EE\n", i) }
	repeat := func(n int, f func(int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(f(i))
		}
		return b.String()
	}
	for _, c := range []struct{ name, src, want string }{
		{"bytes.csv", strings.Repeat("a", MaxBytes+1), "bytes.csv: the file is larger than 4 MB; split it into several"},
		{"rows.csv", "partner,provider,edition\n" + repeat(MaxListings, row), ""},
		{"row.csv", "partner,provider,edition\n" + repeat(MaxListings+1, row), "row.csv:5002:1: the file has more than 5000 listings; split it into several"},
		{"items.yaml", "listings:\n" + repeat(MaxListings, item), ""},
		{"item.yaml", "listings:\n" + repeat(MaxListings+1, item), "item.yaml:5002:3: the file has more than 5000 listings; split it into several"},
		{"signs.yaml", "listings:\n" + strings.Repeat("- [,\n", maxSigns/3), "signs.yaml:150001:1: the file has too many lines and signs up to here; split it into several, or write it as a CSV"},
		{"blank.yaml", "listings: |\n" + strings.Repeat("\n", maxBlank+1), "blank.yaml:102:1: there are more than 100 blank lines here; remove them"},
		{"brackets.yaml", "listings: " + strings.Repeat("[", maxDepth+1), "brackets.yaml:1:19: this is nested too deeply for a listing file"},
		{"dashes.yaml", strings.Repeat("- ", maxDepth+1), "dashes.yaml:1:17: this is nested too deeply for a listing file"},
		{"inset.yaml", "listings:\n" + strings.Repeat(" ", maxInset) + "- a", "inset.yaml:2:121: this is nested too deeply for a listing file"},
		{"inset-key.yaml", "listings:\n" + strings.Repeat(" ", maxInset) + "a: b", "inset-key.yaml:2:122: this is nested too deeply for a listing file"},
		{"keys.yaml", strings.Repeat("a: b\n", maxKeys+1), "keys.yaml:65:2: these are more keys than a listing has; begin each listing with a dash"},
		{"keys-and-lists.yaml", strings.Repeat("a:\n- b\n", maxKeys+1), "keys-and-lists.yaml:129:2: these are more keys than a listing has; begin each listing with a dash"},
		{"columns.csv", "partner" + strings.Repeat(",a", maxKeys), "columns.csv:1:1: this line names 65 columns, and a listing has 16; remove those that are none of " + list(keys)},
		{"regions.csv", "partner,provider,edition,regions\nAWS,aws,EE," + repeat(400_000, func(i int) string { return fmt.Sprintf("%d;", i) }), `regions.csv:2:12: "regions": Name 100 regions at most.`},
		{"passwords.csv", "partner,provider,edition,long\nAWS,aws,EE," + strings.Repeat("password is in it ", 200_000), `passwords.csv:2:12: "long": The marketplace takes 5000 characters there, and this has 3599999.`},
		{"words.csv", "partner,provider,edition\nAWS,aws," + strings.Repeat("password is in it ", 200_000), `words.csv:2:9: "edition" cannot be "password is in it password is in it pass..."; write CE or EE`},
		{"flow.yaml", "{" + strings.Repeat("a: b,", maxKeys+1), "flow.yaml:1:323: these are more keys than a listing has; begin each listing with a dash"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse(c.name, []byte(c.src), options)
			if got := fmt.Sprint(err); c.want == "" && err != nil || c.want != "" && got != c.want {
				t.Errorf("got %.200s, want %q", got, c.want)
			}
		})
	}
}

// TestAListingWithAllThereIsFits holds that the bounds of YAML are above what a whole
// catalogue needs.
func TestAListingWithAllThereIsFits(t *testing.T) {
	t.Parallel()
	list := catalogue(2000)
	if got := parse(t, "all.yaml", yamlOf(list)); len(got) != len(list) {
		t.Errorf("%d listings of %d", len(got), len(list))
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"Partner":    "partner",
		"live since": "live_since",
		"live-since": "live_since",
		"editon":     "edition",
		"titel":      "title",
		"region":     "regions",
		"colour":     "",
		"x":          "",
		"":           "",
	} {
		if got, _ := nearest(word, keys); got != want {
			t.Errorf("%q is taken for %q, want %q", word, got, want)
		}
	}
	if got, _ := nearest("ee", options.Editions); got != "EE" {
		t.Errorf("ee is taken for %q", got)
	}
	if got, ok := nearest("xe", options.Editions); ok {
		t.Errorf("xe is taken for %q", got)
	}
}

package listingfile

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudimage/workflow"
)

func byID(list []workflow.Listed) []workflow.Listed {
	slices.SortFunc(list, func(a, b workflow.Listed) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return list
}

func TestExport(t *testing.T) {
	t.Parallel()
	list := full()
	slices.Reverse(list)
	list = append(list, workflow.Listed{Listing: workflow.Listing{ID: "gone", Partner: "Gone"}, Retired: now})
	before := list[0].Clone()
	golden(t, "testdata/export.csv", string(CSV(list)))
	if diff := cmp.Diff(before, list[0]); diff != "" {
		t.Errorf("writing changed the listings:\n%s", diff)
	}
	if diff := cmp.Diff(full(), parse(t, "export.csv", string(CSV(list)))); diff != "" {
		t.Errorf("what is read back (-want +got):\n%s", diff)
	}
}

func TestAsciiHasNoByteOrderMark(t *testing.T) {
	t.Parallel()
	if got, want := string(CSV(nil)), strings.Join(keys, ",")+"\n"; got != want {
		t.Errorf("an empty catalogue is %q, want %q", got, want)
	}
	if !bytes.HasPrefix(CSV(full()), []byte("\ufeff"+keys[0])) {
		t.Error("a file with an ü has no byte order mark")
	}
}

// TestGuard holds the guard to the cells that spreadsheets
// compute, and to nothing else.
func TestGuard(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"=1+1":     "'=1+1",
		"+1":       "'+1",
		"-1":       "'-1",
		"@sum":     "'@sum",
		"\tx":      "'\tx",
		"\rx":      "'\rx",
		"'=1":      "''=1",
		"''=1":     "'''=1",
		"'tis":     "'tis",
		"'":        "'",
		"''":       "''",
		"":         "",
		"a=1":      "a=1",
		"BYOL - x": "BYOL - x",
	} {
		got := guard(cell)
		if got != want {
			t.Errorf("%q is written as %q, want %q", cell, got, want)
		}
		if back := unguard(got); back != cell {
			t.Errorf("%q is read back as %q", cell, back)
		}
	}
	for _, cell := range []string{"'tis", "'", "x'=1"} {
		if got := unguard(cell); got != cell {
			t.Errorf("%q, which has no guard, is read as %q", cell, got)
		}
	}
}

// texts are texts of signs that mean something in a CSV or in a spreadsheet, and of
// others.
func texts(most int) *rapid.Generator[string] {
	sign := rapid.OneOf(rapid.SampledFrom([]rune("=+-@'\"\\,;|\t\n\r #:aZ09é中\u00a0\ufeff")), rapid.Rune())
	return rapid.Map(rapid.StringOfN(sign, 0, most, -1), clean)
}

// versions are versions that are released, and none.
func versions() *rapid.Generator[workflow.Version] {
	return rapid.Custom(func(t *rapid.T) workflow.Version {
		if rapid.Bool().Draw(t, "none") {
			return workflow.Version{}
		}
		n := rapid.IntRange(0, 999_999)
		return workflow.Version{Major: n.Draw(t, "major"), Minor: n.Draw(t, "minor"), Patch: n.Draw(t, "patch"), Rebuild: n.Draw(t, "rebuild")}
	})
}

// listing is any listing that a person may give.
func listing() *rapid.Generator[workflow.Listed] {
	return rapid.Custom(func(t *rapid.T) workflow.Listed {
		l := workflow.Listed{
			Listing: workflow.Listing{
				Partner:      texts(20).Draw(t, "partner"),
				Provider:     rapid.SampledFrom([]workflow.Provider{workflow.AWS, workflow.Azure, workflow.Manual}).Draw(t, "provider"),
				Edition:      rapid.SampledFrom(options.Editions).Draw(t, "edition"),
				Delivery:     rapid.SampledFrom([]workflow.Delivery{workflow.Image, workflow.OmnibusPackage}).Draw(t, "delivery"),
				Architecture: texts(8).Draw(t, "architecture"),
			},
			Product:    texts(20).Draw(t, "product"),
			Link:       rapid.SampledFrom([]string{"", "https://example.com/a?b=c,d;e"}).Draw(t, "link"),
			Pricing:    texts(10).Draw(t, "pricing"),
			Maintainer: rapid.SampledFrom(append(options.Teams, "")).Draw(t, "maintainer"),
			Published:  versions().Draw(t, "version"),
			Branch:     versions().Draw(t, "branch").Branch(),
			Texts:      workflow.Texts{Title: texts(50).Draw(t, "title"), Short: texts(100).Draw(t, "short"), Long: texts(300).Draw(t, "long")},
		}
		l.ID = workflow.ListedID(l.Partner, l.Edition, l.Delivery, l.Architecture)
		if !l.Published.IsZero() {
			day := 24 * time.Hour
			ago := rapid.OneOf(
				rapid.Int64Range(0, int64(20*365*day)),
				rapid.Map(rapid.Int64Range(0, 5000), func(n int64) int64 { return int64(day/2) + n*int64(day) })) // a midnight
			l.At = now.Add(-time.Duration(ago.Draw(t, "ago")))
		}
		names := rapid.SliceOfNDistinct(texts(10), 0, 4, rapid.ID[string]).Draw(t, "regions")
		for _, name := range names {
			if name != "" {
				l.Regions = append(l.Regions, workflow.Region{Name: name, Version: versions().Draw(t, "region's version")})
			}
		}
		return l
	}).Filter(func(l workflow.Listed) bool {
		r := &reader{}
		e := newEntry(place{})
		for key, text := range cells(&l) {
			e.values[key] = value{text: text}
		}
		r.checkSigns(e)
		return len(r.problems) == 0 && l.Check(options.Editions, options.Teams) == nil
	})
}

// TestWhatIsWrittenIsReadBack writes any catalogue and reads it back, by its name and
// as pasted text.
func TestWhatIsWrittenIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfNDistinct(listing(), 1, 5, func(l workflow.Listed) workflow.ListingID { return l.ID }).Draw(t, "catalogue")
		src := CSV(list)
		for _, name := range []string{"catalogue.csv", ""} {
			got, err := Parse(name, src, options)
			if err != nil {
				t.Fatalf("%v\n%s", err, src)
			}
			if diff := cmp.Diff(byID(list), got); diff != "" {
				t.Fatalf("%q (-want +got):\n%s\n%s", name, diff, src)
			}
		}
		checkCells(t, src)
		if again := CSV(list); !bytes.Equal(src, again) {
			t.Fatalf("written twice:\n%s\n%s", src, again)
		}
	})
}

// fataler is what can fail.
type fataler interface {
	Fatalf(format string, args ...any)
}

// checkCells fails on a cell that a spreadsheet would compute.
func checkCells(t fataler, src []byte) {
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(src, []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatalf("%v", err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
				t.Fatalf("the cell %q is a formula", cell)
			}
		}
	}
}

// catalogue is n listings with all there is.
func catalogue(n int) []workflow.Listed {
	list := make([]workflow.Listed, n)
	for i := range list {
		l := full()[3]
		l.Partner = fmt.Sprintf("Partner %d", i)
		l.ID = workflow.ListedID(l.Partner, l.Edition, l.Delivery, l.Architecture)
		l.Texts.Long = strings.Repeat("One application for all of it: plan, build, secure. ", 20)
		list[i] = l
	}
	return list
}

// yamlOf is listings as people would write them.
func yamlOf(list []workflow.Listed) string {
	var b strings.Builder
	b.WriteString("listings:\n")
	for i := range list {
		for j, key := range keys {
			cell := cells(&list[i])[key]
			lead := "    "
			if j == 0 {
				lead = "  - "
			}
			switch {
			case cell == "":
			case key == keyRegions:
				fmt.Fprintf(&b, "%s%s: [us-east-1, us-east-2, us-west-1, eu-west-1, { name: me-central-1, version: 17.4.0 }]\n", lead, key)
			case key == keyLong:
				fmt.Fprintf(&b, "%s%s: |\n      %s\n", lead, key, cell)
			default:
				fmt.Fprintf(&b, "%s%s: %s\n", lead, key, cell)
			}
		}
	}
	return b.String()
}

func BenchmarkYAML2000(b *testing.B) { benchmark(b, "a.yaml", yamlOf(catalogue(2000))) }

func BenchmarkCSV2000(b *testing.B) { benchmark(b, "a.csv", string(CSV(catalogue(2000)))) }

func benchmark(b *testing.B, name, src string) {
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if list := parse(b, name, src); len(list) != 2000 {
			b.Fatal(len(list))
		}
	}
}

func BenchmarkExport2000(b *testing.B) {
	list := catalogue(2000)
	b.ReportAllocs()
	for b.Loop() {
		CSV(list)
	}
}

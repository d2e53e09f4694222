package releases

import (
	"bytes"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"

	"cloudimage/workflow"
)

// BenchmarkIndex reads an index of 2,000 stanzas, packed.
func BenchmarkIndex(b *testing.B) {
	var s strings.Builder
	for i := range 2000 {
		s.WriteString(stanzaOf(fmt.Sprintf("Version: %d.%d.%d-ee.0", 10+i/200, i/20%10, i%20), "Depends: "+strings.Repeat("libx (>= 1), ", 20)))
	}
	packed := zipped([]byte(s.String()))
	w := Wanted{Edition: "EE", Root: "https://packages.example.com", Name: "gitlab-ee", Distributions: []string{"noble"}, Architectures: []string{"amd64"}}
	x := must[[]*index](b)(w.indexes(500))[0]
	of := []workflow.Version{version("19.9.19")}
	b.ReportAllocs()
	b.SetBytes(int64(s.Len()))
	for b.Loop() {
		body, err := unpack(bytes.NewReader(packed), indexLimit.unpacked)
		if err != nil {
			b.Fatal(err)
		}
		offers, _, err := x.offersIn(body, of)
		if err != nil || len(offers) != 500 || offers[0].Version != of[0] {
			b.Fatal(len(offers), err)
		}
	}
}

// BenchmarkFeed reads a feed of 3.6 MB with its texts.
func BenchmarkFeed(b *testing.B) {
	post := fmt.Sprintf(tableOf, strings.Repeat(row("Denial of service in x", "High"), 15)) + strings.Repeat(fmt.Sprintf(cveBlock, "7.5"), 15) + bugsAlone
	text := `<content type="html">` + html.EscapeString(post) + `</content>`
	var entries []string
	for size := 0; size < 3_600_000; size += len(text) {
		entries = append(entries, entryOf(fmt.Sprintf("GitLab Patch Release: 19.4.%d", len(entries)), text))
	}
	feed := feedOf(entries...)
	a := &Announcements{titles: must[titles](b)(newTitles("GitLab"))}
	base := must[*url.URL](b)(url.Parse("https://docs.example.com/all-releases.xml"))
	b.ReportAllocs()
	b.SetBytes(int64(len(feed)))
	for b.Loop() {
		n := 0
		if err := eachEntry(strings.NewReader(feed), base, func(e *entry) bool {
			if p, ok := a.announcement(e); ok && p.Whole && p.Severity == "high" {
				n++
			}
			return true
		}); err != nil || n != len(entries) {
			b.Fatal(n, err)
		}
	}
}

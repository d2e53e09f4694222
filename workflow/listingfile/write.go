package listingfile

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cloudimage/workflow"
)

// CSV is the listings as a file that [Parse] reads back to the same, the listings in
// the order of their ids. Listings that are retired are left out: a file says what
// is there, and reading it back would bring them back. What the columns have no
// place for, such as the run that launched a listing, is not in it.
//
// Cells that a spreadsheet would take for a formula have an apostrophe before them. A
// file of more than ASCII begins with a byte order mark, without which spreadsheets
// would take it for another encoding.
func CSV(list []workflow.Listed) []byte {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b workflow.Listed) int { return strings.Compare(string(a.ID), string(b.ID)) })
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.Write(keys) // a buffer takes everything, and so there are no errors
	row := make([]string, len(keys))
	for i := range list {
		if !list[i].Retired.IsZero() {
			continue
		}
		cells := cells(&list[i])
		for j, key := range keys {
			row[j] = guard(clean(cells[key]))
		}
		w.Write(row)
	}
	w.Flush()
	if slices.ContainsFunc(out.Bytes(), func(b byte) bool { return b >= utf8.RuneSelf }) {
		return append([]byte("\ufeff"), out.Bytes()...)
	}
	return out.Bytes()
}

// cells are a listing's texts by key.
func cells(l *workflow.Listed) map[string]string {
	out := map[string]string{
		keyPartner:      l.Partner,
		keyProvider:     string(l.Provider),
		keyEdition:      l.Edition,
		keyDelivery:     string(l.Delivery),
		keyArchitecture: l.Architecture,
		keyVersion:      l.Published.String(),
		keyRegions:      joinRegions(l.Regions),
		keyProduct:      l.Product,
		keyLink:         l.Link,
		keyPricing:      l.Pricing,
		keyMaintainer:   string(l.Maintainer),
		keyTitle:        l.Texts.Title,
		keyShort:        l.Texts.Short,
		keyLong:         l.Texts.Long,
	}
	if l.Branch != (workflow.Branch{}) {
		out[keyBranch] = l.Branch.String() + branchMark
	}
	if !l.Published.IsZero() && !l.At.IsZero() {
		out[keyLiveSince] = sinceText(l.At.UTC())
	}
	return out
}

// sinceText is a moment as short as it can be read back.
func sinceText(at time.Time) string {
	if on := workflow.DateOf(at); on.Time().Equal(at) {
		return string(on)
	}
	return at.Format(time.RFC3339Nano)
}

func joinRegions(regions []workflow.Region) string {
	items := make([]string, len(regions))
	for i, r := range regions {
		items[i] = escape.Replace(strings.TrimSpace(r.Name))
		if !r.Version.IsZero() {
			items[i] += "=" + r.Version.String()
		}
	}
	return strings.Join(items, ";")
}

// The signs that mean something among regions have a backslash before them in the
// name of one.
var (
	escape   = strings.NewReplacer(`\`, `\\`, `;`, `\;`, `=`, `\=`, `,`, `\,`)
	unescape = strings.NewReplacer(`\\`, `\`, `\;`, `;`, `\=`, `=`, `\,`, `,`)
)

// formula is how a cell begins that a spreadsheet computes.
const formula = "=+-@\t\r"

// guard puts an apostrophe before a cell that looks like a formula, or like one that
// has its guard, so that taking one away gives back what it was.
func guard(cell string) string {
	if looksFormula(strings.TrimLeft(cell, "'")) {
		return "'" + cell
	}
	return cell
}

// unguard takes the apostrophe of [guard] away.
func unguard(cell string) string {
	if bare, ok := strings.CutPrefix(cell, "'"); ok && looksFormula(strings.TrimLeft(bare, "'")) {
		return bare
	}
	return cell
}

func looksFormula(cell string) bool { return cell != "" && strings.IndexByte(formula, cell[0]) >= 0 }

package listingfile

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"cloudimage/workflow"
)

// entry is one listing as the file has it.
type entry struct {
	place
	values  map[string]value // by key, without those that are empty
	regions []region
	// settled are the keys of which a problem was told already, or for all listings at
	// once.
	settled map[string]bool
}

// value is a text of a file and where it stands.
type value struct {
	place
	text string
}

// region is an item of the regions. Its version is empty where none is given.
type region struct{ name, version value }

// mostRegions are how many regions are looked at. It is twice what a listing may have,
// so that what is beyond them is refused with them: there are too many, or they repeat.
const mostRegions = 200

// longestText is in bytes what the longest text that any marketplace takes may have.
// What is longer is refused for that, and not searched.
const longestText = 20_000

func newEntry(at place) *entry {
	return &entry{place: at, values: map[string]value{}, settled: map[string]bool{}}
}

// at is where a key's value stands, or the listing where there is none.
func (e *entry) at(key string) place { return cmp.Or(e.values[key].place, e.place) }

func (e *entry) text(key string) string { return e.values[key].text }

// wrong tells a problem of a key, of which no other is told then.
func (r *reader) wrong(e *entry, key, format string, args ...any) {
	r.problem(e.at(key), format, args...)
	e.settled[key] = true
}

// listings makes listings of the entries, and tells which are given twice.
func (r *reader) listings(entries []*entry) []workflow.Listed {
	if len(entries) == 0 && len(r.problems) == 0 {
		r.problem(place{}, "there is no listing in the file; write at least one")
	}
	out := make([]workflow.Listed, 0, len(entries))
	first := make(map[workflow.ListingID]place, len(entries))
	for _, e := range entries {
		l := r.listing(e)
		out = append(out, l)
		if e.settled[keyPartner] || e.settled[keyEdition] || e.settled[keyDelivery] {
			continue // nobody knows which listing it is
		}
		if at, ok := first[l.ID]; ok {
			r.problem(e.place, "lines %d and %d are both the listing %s; remove one, or tell them apart by the architecture", at.line, e.line, shown(string(l.ID)))
			continue
		}
		first[l.ID] = e.place
	}
	return out
}

func (r *reader) listing(e *entry) workflow.Listed {
	for _, n := range needed {
		if e.text(n.key) == "" && !e.settled[n.key] {
			r.wrong(e, n.key, "this listing has no %q; %s", n.key, n.cure)
		}
	}
	e.regions = e.regions[:min(len(e.regions), mostRegions)]
	r.checkSecrets(e)
	l := workflow.Listed{
		Listing: workflow.Listing{
			Partner:      e.text(keyPartner),
			Provider:     oneOf(r, e, keyProvider, []workflow.Provider{workflow.AWS, workflow.Azure, workflow.Manual}),
			Edition:      oneOf(r, e, keyEdition, r.opts.Editions),
			Delivery:     cmp.Or(oneOf(r, e, keyDelivery, []workflow.Delivery{workflow.Image, workflow.OmnibusPackage}), workflow.Image),
			Architecture: e.text(keyArchitecture),
		},
		Product:    e.text(keyProduct),
		Link:       e.text(keyLink),
		Pricing:    e.text(keyPricing),
		Maintainer: oneOf(r, e, keyMaintainer, r.opts.Teams),
		Branch:     r.branch(e),
		Published:  r.published(e),
		Regions:    r.regions(e),
		Texts:      workflow.Texts{Title: e.text(keyTitle), Short: e.text(keyShort), Long: e.text(keyLong)},
	}
	l.ID = workflow.ListedID(l.Partner, l.Edition, l.Delivery, l.Architecture)
	l.At = r.since(e)
	r.checkSigns(e)
	r.check(e, &l)
	return l
}

// check tells what a person who gave the listing in a form would be told.
func (r *reader) check(e *entry, l *workflow.Listed) {
	bad := l.Check(r.opts.Editions, r.opts.Teams)
	for _, field := range slices.Sorted(maps.Keys(bad)) {
		if key := string(field); !e.settled[key] {
			r.wrong(e, key, "%q: %s", key, bad[field])
		}
	}
}

// checkSecrets refuses what looks like a secret, in whichever key it is.
func (r *reader) checkSecrets(e *entry) {
	for _, key := range keys {
		if text := e.text(key); len(text) <= longestText && workflow.LooksSecret(text) {
			r.wrong(e, key, secret, key)
		}
	}
	for _, item := range e.regions {
		text := item.name.text + " " + item.version.text
		if len(text) <= longestText && workflow.LooksSecret(text) {
			r.wrong(e, keyRegions, secret, keyRegions)
			e.regions = nil
			return
		}
	}
}

const secret = "%q holds what looks like a secret, and nothing of it was kept; leave it out, and if it was a real one, change it"

// checkSigns refuses signs that cannot be seen, which no database and no form would
// take.
func (r *reader) checkSigns(e *entry) {
	for _, key := range []string{keyTitle, keyShort, keyLong} {
		switch text := e.text(key); {
		case strings.ContainsFunc(text, func(c rune) bool { return unicode.IsControl(c) && c != '\n' && c != '\t' }):
			r.wrong(e, key, "%q has a control character in it; leave it out", key)
		case key == keyTitle && strings.Contains(text, "\n"):
			r.wrong(e, key, "%q must be one line; put the rest into %q or %q", key, keyShort, keyLong)
		}
	}
}

// oneOf is one of the words; empty when it is not given.
func oneOf[T ~string](r *reader, e *entry, key string, words []T) T {
	word := e.text(key)
	if word != "" && !slices.Contains(words, T(word)) && !e.settled[key] {
		r.wrong(e, key, "%q cannot be %s%s", key, shown(word), suggest(word, words, "write "+either(words)))
	}
	return T(word)
}

// published is the version that is live.
func (r *reader) published(e *entry) workflow.Version {
	if e.settled[keyVersion] {
		return workflow.Version{}
	}
	return r.version(e.values[keyVersion])
}

// version reads a version that is released; the zero version when none is given.
func (r *reader) version(v value) workflow.Version {
	read, ok := workflow.ParseVersion(v.text)
	if !ok && v.text != "" {
		r.problem(v.place, "%q cannot be %s; write a version that is released, such as 17.5.1", keyVersion, shown(v.text))
	}
	return read
}

// branchMark keeps a spreadsheet from taking a minor version for a number: 17.10
// would come back from it as 17.1.
const branchMark = ".x"

// branch reads a minor version, "17.5" or "17.5.x"; the zero branch when none is
// given.
func (r *reader) branch(e *entry) workflow.Branch {
	text := e.text(keyBranch)
	if text == "" || e.settled[keyBranch] {
		return workflow.Branch{}
	}
	b, _ := workflow.ParseBranch(strings.TrimSuffix(text, branchMark))
	if b == (workflow.Branch{}) {
		r.wrong(e, keyBranch, "%q cannot be %s; write the minor version that the listing follows, such as 17.5 or 17.5.x", keyBranch, shown(text))
	}
	return b
}

// regions are the names and versions, each name once.
func (r *reader) regions(e *entry) []workflow.Region {
	var out []workflow.Region
	for _, item := range e.regions {
		name, version := item.name.text, r.version(item.version)
		if slices.ContainsFunc(out, func(o workflow.Region) bool { return o.Name == name }) {
			r.problem(item.name.place, "the region %s is given twice in this listing; remove one", shown(name))
			continue
		}
		out = append(out, workflow.Region{Name: name, Version: version})
	}
	return out
}

// earliest is before the product had a first release.
var earliest = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// since is since when the version is live; the zero time where no version is.
func (r *reader) since(e *entry) time.Time {
	text, now := e.text(keyLiveSince), r.opts.Now.UTC().Round(0)
	switch {
	case e.settled[keyLiveSince], text == "" && e.text(keyVersion) == "":
		return time.Time{}
	case text == "":
		return now
	case e.text(keyVersion) == "" && !e.settled[keyVersion]:
		r.wrong(e, keyLiveSince, "%q says since when a version is live, and this listing has no %q; write one or leave the date out", keyLiveSince, keyVersion)
		return time.Time{}
	}
	at, begun, ok := moment(text)
	switch {
	case !ok:
		r.wrong(e, keyLiveSince, "%q cannot be %s; write a date such as 2026-01-15, or a time such as 2026-01-15T09:30:00Z", keyLiveSince, shown(text))
	case at.Before(earliest):
		r.wrong(e, keyLiveSince, "%q is before the year %d; write the year with four digits", keyLiveSince, earliest.Year())
	case begun.After(now):
		r.wrong(e, keyLiveSince, "%q is in the future; write today or a day before, or leave it out", keyLiveSince)
	case at.After(now):
		return now // their day has begun, and that of UTC has not
	}
	return at
}

// moment reads a date or a time; false when it is neither. A date is its midnight in
// UTC, and has begun when the first place on earth has it.
func moment(text string) (at, begun time.Time, ok bool) {
	const ahead = 14 * time.Hour // of UTC, on Kiritimati
	if on, err := workflow.ParseDate(text); err == nil {
		return on.Time(), on.Time().Add(-ahead), true
	}
	t, err := time.Parse(time.RFC3339, text)
	return t.UTC(), t.UTC(), err == nil
}

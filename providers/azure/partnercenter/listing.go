package partnercenter

import (
	"html"
	"regexp"
	"strings"
	"unicode/utf8"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file writes what customers read of an offer.

// The members of a listing that are texts.
const (
	titleField   = "title"
	summaryField = "searchResultSummary"
	shortField   = "shortDescription"
	longField    = "description"
)

// mostSummary is how long the summary in search results may be, in characters. A text
// that is longer leaves it as it is, and is the short description alone.
const mostSummary = 100

// language is the one that texts of ours are in, where an offer has several.
const language = "en-us"

// listingOf is the text of an offer in a place; nil when there is none that is ours to
// write.
func listingOf(t *tree) resource {
	list := t.of(listingKind)
	for _, r := range list {
		if strings.EqualFold(r.text("languageId"), language) {
			return r
		}
	}
	if len(list) == 1 {
		return list[0]
	}
	return nil
}

// fields are the texts that there are, by the member that takes them.
func fields(t workflow.Texts) map[string]string {
	out := map[string]string{}
	if title := strings.TrimSpace(t.Title); title != "" {
		out[titleField] = title
	}
	if short := strings.Join(strings.Fields(t.Short), " "); short != "" {
		out[shortField] = short
		if utf8.RuneCountInString(short) <= mostSummary {
			out[summaryField] = short
		}
	}
	if strings.TrimSpace(t.Long) != "" {
		out[longField] = markup(t.Long)
	}
	return out
}

var blankLines = regexp.MustCompile(`\n[ \t]*\n\s*`)

// markup is a text as HTML: paragraphs, with lines in them, and nothing that means
// something else there.
func markup(text string) string {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	var b strings.Builder
	for _, paragraph := range blankLines.Split(text, -1) {
		paragraph = strings.ReplaceAll(html.EscapeString(strings.TrimSpace(paragraph)), "\n", "<br>")
		b.WriteString("<p>" + paragraph + "</p>")
	}
	return b.String()
}

var tags = regexp.MustCompile(`<[^>]*>`)

// plain is what people see of a text, in whichever way it is marked up.
func plain(text string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(text, " "))), " ")
}

// differs reports whether a listing says anything else than texts.
func differs(listing resource, t workflow.Texts) bool {
	for name, text := range fields(t) {
		if plain(listing.text(name)) != plain(text) {
			return true
		}
	}
	return false
}

// texted is a listing with our texts.
func texted(listing resource, t workflow.Texts) resource {
	for name, text := range fields(t) {
		listing = listing.with(name, text)
	}
	return listing
}

// untexted is a listing of the draft that says again what the live one says, where it has
// texts of ours. It reports whether there was any.
func untexted(listing, live resource, t workflow.Texts) (resource, bool) {
	changed := false
	for name, text := range fields(t) {
		was, there := live[name]
		if there && listing.text(name) == text && live.text(name) != text {
			listing, changed = listing.with(name, was), true
		}
	}
	return listing, changed
}

// brings reports whether texts are to go along: not where customers read them already,
// for then the draft of somebody else would be published with them.
func brings(s *scene, v Version) bool {
	return len(fields(v.Texts)) > 0 && (differs(listingOf(s.live), v.Texts) || differs(listingOf(s.preview), v.Texts))
}

// noListing is the fault of an offer whose texts are not ours to write.
func noListing(v Version) error {
	return &images.Fault{Class: images.Invalid, What: v.Offer, Link: managed, Said: "The offer " + v.Offer + " has no listing in the language " + language + ", so there is nothing to write its texts into."}
}

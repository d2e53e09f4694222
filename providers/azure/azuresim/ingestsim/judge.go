package ingestsim

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxVersions is how many versions a plan can have that are neither deprecated nor
// deleted.
const maxVersions = 100

// judge is what is wrong with a job's resources, which fit their schemas.
func (s *Server) judge(j *job) []*problem {
	var out []*problem
	p := j.product
	for _, ch := range j.changes {
		switch ch.kind {
		case productType:
			if word(ch.doc, "identity", "externalId") != p.external {
				out = append(out, because(businessValidation, ch.id, "The external id of a product cannot be changed."))
			}
		case planType:
			out = append(out, p.judgePlan(ch)...)
		case techType:
			out = append(out, p.judgeTech(ch)...)
		}
		if word(ch.doc, "lifecycleState") == "deleted" && p.live != nil && p.live.docs[ch.id] != nil {
			out = append(out, because(businessValidation, ch.id, "The resource is published and cannot be deleted."))
		}
		if ch.kind == productType && word(ch.doc, "lifecycleState") == "deleted" {
			out = append(out, because(notSupported, ch.id, "The product cannot be deleted here."))
		}
		if ch.plan != "" && p.draft.docs[ch.plan] == nil && !slices.ContainsFunc(j.changes, func(o change) bool { return o.id == ch.plan }) {
			out = append(out, because(resourceNotFound, ch.plan, "The plan is no longer there."))
		}
	}
	if len(j.changes) > 0 && j.target == "preview" {
		out = append(out, p.judgeModular(j)...)
	}
	return out
}

func (p *product) judgePlan(ch change) []*problem {
	external := word(ch.doc, "identity", "externalId")
	if p.live != nil && p.live.docs[ch.id] != nil && word(p.live.docs[ch.id], "identity", "externalId") != external {
		return []*problem{because(businessValidation, ch.id, "The external id of a plan that is published cannot be changed.")}
	}
	if other := p.plan(external); other != nil && word(other, "id") != ch.id {
		return []*problem{because(businessValidation, ch.id, "Another plan has the external id %s.", external)}
	}
	return nil
}

// judgeModular holds a request that says what to publish to what documents ask for: all
// that such a resource builds on must be there too.
func (p *product) judgeModular(j *job) []*problem {
	var out []*problem
	has := func(id string) bool {
		return slices.ContainsFunc(j.changes, func(ch change) bool { return ch.id == id })
	}
	need := []string{p.id(), propertyType + "/" + p.guid + "/public/main"}
	for _, ch := range j.changes {
		if ch.plan != "" {
			need = append(need, ch.plan)
		}
	}
	slices.Sort(need)
	for _, id := range slices.Compact(need) {
		if !has(id) {
			out = append(out, because(invalidRequest, id, "The resource is needed to publish the others, and is not in the request."))
		}
	}
	return out
}

// judgeTech is what is wrong with a technical configuration, which replaces another.
func (p *product) judgeTech(ch change) []*problem {
	var out []*problem
	wrong := func(format string, args ...any) {
		out = append(out, because(businessValidation, ch.id, format, args...))
	}
	types, ids := map[string]string{}, map[string]bool{}
	for _, sku := range items(ch.doc, "skus") {
		id, kind := word(sku, "skuId"), word(sku, "imageType")
		if types[kind] != "" || ids[id] {
			wrong("The SKU %s is not the only one with its id and its image type.", id)
		}
		types[kind], ids[id] = id, true
	}
	if p.live != nil {
		for _, sku := range items(p.live.docs[ch.id], "skus") {
			if id := word(sku, "skuId"); types[word(sku, "imageType")] != id {
				wrong("The SKU %s is published and cannot be changed or removed.", id)
			}
		}
	}
	active, seen := 0, map[string]bool{}
	for _, v := range items(ch.doc, "vmImageVersions") {
		number, state := word(v, "versionNumber"), word(v, "lifecycleState")
		if seen[number] {
			wrong("The version %s is there twice.", number)
		}
		seen[number] = true
		if state == "" || state == "generallyAvailable" {
			active++
		}
		before := p.sold[ch.plan][number]
		switch {
		case before != "" && state == "deleted":
			wrong("The version %s has been published and cannot be deleted.", number)
		case before != "" && before != imagesOf(v):
			wrong("The images of version %s have been published and cannot be changed.", number)
		}
		kinds := map[string]bool{}
		for _, m := range items(v, "vmImages") {
			kind := word(m, "imageType")
			if kinds[kind] {
				wrong("The version %s has more than one image of type %s.", number, kind)
			}
			kinds[kind] = true
			if types[kind] == "" {
				wrong("The version %s has an image of type %s, for which there is no SKU.", number, kind)
			}
		}
	}
	if active > maxVersions {
		out = append(out, because(limitExceeded, ch.id, "The plan would have %d versions; at most %d can be neither deprecated nor deleted.", active, maxVersions))
	}
	return out
}

// imagesOf says the images of a version, in a form in which the same are equal. What
// signs an address does not count.
func imagesOf(version map[string]any) string {
	var out []string
	for _, m := range items(version, "vmImages") {
		src := word(m, "source", "sharedImage", "tenantId") + " " + word(m, "source", "sharedImage", "resourceId")
		disks := []string{bare(word(m, "source", "osDisk", "uri"))}
		source, _ := m["source"].(map[string]any)
		for _, d := range items(source, "dataDisks") {
			disks = append(disks, fmt.Sprint(d["lunNumber"])+bare(word(d, "uri")))
		}
		text, err := json.Marshal([]string{word(m, "imageType"), strings.ToLower(src), strings.Join(disks, " ")})
		if err != nil {
			continue
		}
		out = append(out, string(text))
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// bare is an address without what signs it.
func bare(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return uri
	}
	q := u.Query()
	for _, k := range []string{"st", "se", "sv", "sig"} {
		q.Del(k)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// judgeSubmission is what is wrong with what a job is to submit.
func (p *product) judgeSubmission(j *job, what *content) []*problem {
	if j.target == "live" {
		return p.judgeLive(j.submits)
	}
	var out []*problem
	for _, d := range what.of(planType) {
		if word(d, "lifecycleState") == "deprecated" {
			continue
		}
		id := techID(word(d, "id"))
		tech := what.docs[id]
		if len(items(tech, "skus")) == 0 || len(items(tech, "vmImageVersions")) == 0 {
			out = append(out, because(businessValidation, id, "The plan %s has no SKU or no version.", word(d, "identity", "externalId")))
		}
	}
	for _, d := range what.of(listingType) {
		out = append(out, judgeListing(d)...)
	}
	return out
}

// judgeLive says why a submission is not the one that can go live.
func (p *product) judgeLive(id string) []*problem {
	current := p.current("preview")
	switch live := p.current("live"); {
	case id == "" || id == submissionType+"/"+p.guid+"/0":
		return []*problem{because(invalidState, p.id(), "A draft cannot be published to live: the preview submission's id is needed.")}
	case current == nil || current.id != id:
		return []*problem{because(invalidState, id, "The submission is not the one that is in preview.")}
	case live != nil && live.id == id:
		return []*problem{because(invalidState, id, "The submission is live already.")}
	}
	return nil
}

// judgeListing holds an offer's text to the lengths that are documented for people.
func judgeListing(d doc) []*problem {
	var out []*problem
	for _, limit := range []struct {
		name string
		most int
	}{{"title", 200}, {"searchResultSummary", 100}, {"shortDescription", 256}, {"description", 5000}} {
		switch n := utf8.RuneCountInString(strings.TrimSpace(word(d, limit.name))); {
		case n == 0:
			out = append(out, because(businessValidation, word(d, "id"), "The listing has no %s.", limit.name))
		case n > limit.most:
			out = append(out, because(businessValidation, word(d, "id"), "The %s of the listing has %d characters, and at most %d are allowed.", limit.name, n, limit.most))
		}
	}
	return out
}

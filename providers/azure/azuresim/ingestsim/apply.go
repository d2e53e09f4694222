package ingestsim

import (
	"slices"
	"time"
)

// Dropped is a version that a configure request took away by not naming it. The service
// says nothing about it.
type Dropped struct {
	Product, Plan string // as their publisher calls them
	Version       string
	WasLive       bool // it had been published at some time
	Job           string
	At            time.Time
}

// apply changes the draft. Every resource replaces the one that was there as a whole.
func (s *Server) apply(j *job, at time.Time) {
	p := j.product
	for _, ch := range j.changes {
		if word(ch.doc, "lifecycleState") == "deleted" {
			p.remove(ch)
		} else {
			if ch.kind == techType {
				p.recordDrops(ch, j, at)
				settleVersions(ch.doc, p.draft.docs[ch.id], at)
			}
			p.draft.docs[ch.id] = cloned(ch.doc)
		}
		j.applied = append(j.applied, ch.id)
	}
}

// remove takes a resource away, and with a plan all that belongs to it.
func (p *product) remove(ch change) {
	delete(p.draft.docs, ch.id)
	if ch.kind == planType {
		for id, d := range p.draft.docs {
			if word(d, "plan") == ch.id {
				delete(p.draft.docs, id)
			}
		}
	}
}

// recordDrops remembers the versions of the draft that a technical configuration leaves
// out. One that it calls deleted is not left out.
func (p *product) recordDrops(ch change, j *job, at time.Time) {
	var kept []string
	for _, v := range items(ch.doc, "vmImageVersions") {
		kept = append(kept, word(v, "versionNumber"))
	}
	for _, v := range items(p.draft.docs[ch.id], "vmImageVersions") {
		number := word(v, "versionNumber")
		if slices.Contains(kept, number) {
			continue
		}
		p.drops = append(p.drops, Dropped{
			Product: p.external, Plan: p.externalOf(ch.plan), Version: number,
			WasLive: p.sold[ch.plan][number] != "", Job: j.id, At: at,
		})
	}
}

// externalOf is what a plan is called by its publisher.
func (p *product) externalOf(plan string) string {
	return word(p.draft.docs[plan], "identity", "externalId")
}

// settleVersions takes away the versions that are deleted, and says of the others when
// they are deprecated. That date is the service's: one that is sent means nothing.
func settleVersions(d, before doc, at time.Time) {
	if d["vmImageVersions"] == nil {
		return
	}
	dates := map[string]string{}
	for _, v := range items(before, "vmImageVersions") {
		dates[word(v, "versionNumber")+" "+word(v, "deprecationSchedule", "dateOffset")] = word(v, "deprecationSchedule", "date")
	}
	kept := []any{}
	for _, v := range items(d, "vmImageVersions") {
		switch word(v, "lifecycleState") {
		case "deleted":
			continue
		case "":
			v["lifecycleState"] = "generallyAvailable"
		}
		if schedule, ok := v["deprecationSchedule"].(map[string]any); ok {
			wait := word(schedule, "dateOffset")
			schedule["date"] = at.Add(offset(wait)).Format(time.DateOnly)
			if had := dates[word(v, "versionNumber")+" "+wait]; had != "" {
				schedule["date"] = had
			}
		}
		kept = append(kept, v)
	}
	d["vmImageVersions"] = kept
}

// published is the end of a submission.
func (s *Server) published(j *job, at time.Time) {
	p := j.product
	var errs []*problem
	if j.target == "preview" && !j.foreign {
		errs = s.unreadable(j)
	}
	if len(errs) == 0 && !j.foreign {
		errs = s.refused(j)
	}
	if len(errs) > 0 {
		j.end(at, failed, around(conflict, "The submission to "+j.target+" has failed.", errs...))
		return
	}
	j.end(at, succeeded)
	if j.target == "preview" {
		p.preview = j.sub.content
		return
	}
	p.live = j.sub.content
	p.remember()
}

// remember keeps the images of all versions that are live.
func (p *product) remember() {
	for _, d := range p.live.of(techType) {
		plan := word(d, "plan")
		if p.sold[plan] == nil {
			p.sold[plan] = map[string]string{}
		}
		for _, v := range items(d, "vmImageVersions") {
			p.sold[plan][word(v, "versionNumber")] = imagesOf(v)
		}
	}
}

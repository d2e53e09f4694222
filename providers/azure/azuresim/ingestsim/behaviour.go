package ingestsim

import (
	"slices"
	"time"
)

// FailCertification lets the next preview or live submission of the API's fail, for
// reasons that are said deep inside of the error. Each call is about one submission.
func (s *Server) FailCertification(reasons ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle(s.time())
	s.certification = append(s.certification, slices.Clone(reasons))
}

// RefuseLive lets the next live submission fail for reasons that are not those of
// certification.
func (s *Server) RefuseLive(reasons ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle(s.time())
	s.refusals = append(s.refusals, slices.Clone(reasons))
}

// NextServerFault lets the next configure job end in an error of the server, without an
// effect.
func (s *Server) NextServerFault() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serverFaults++
}

// LockProduct says why nobody may change a product, and with an empty reason that
// everybody may again. It reports whether there is such a product, by its external id or
// guid.
func (s *Server) LockProduct(product, reason string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.named(product)
	if p != nil {
		p.locked = reason
	}
	return p != nil
}

// HoldJobs stops the clock of jobs and their submissions, or lets it go on: all that
// they have still to do is then late by the time that they were held.
func (s *Server) HoldJobs(hold bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.time()
	s.settle(now)
	switch {
	case hold && s.held.IsZero():
		s.held = now
	case !hold && !s.held.IsZero():
		for _, j := range s.jobs {
			// What was asked for while jobs were held counts from its own beginning.
			since := s.held
			if j.born.After(since) {
				since = j.born
			}
			if late := now.Sub(since); j.stage != over && !j.foreign && late > 0 {
				j.due, j.begun = j.due.Add(late), j.begun.Add(late)
			}
		}
		s.held = time.Time{}
	}
}

// SetOldestFirst says whether lists of submissions begin with the oldest. Default: with
// the newest. Nothing documented says which, so a client must do with both.
func (s *Server) SetOldestFirst(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.oldest = on
}

// AddForeignSubmission begins a submission to "preview" or "live" in someone else's
// name, through the portal, which runs for so long and succeeds. It says its id, and
// nothing when there is no such product or target, or something goes on there.
func (s *Server) AddForeignSubmission(product, target string, takes time.Duration) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.time()
	s.settle(now)
	p := s.named(product)
	if p == nil || target != "preview" && target != "live" || s.lockedBy(p) != "" {
		return ""
	}
	j := &job{id: s.guid(), product: p, target: target, foreign: true, takes: max(takes, 0), born: now, result: pending}
	s.jobs = append(s.jobs, j)
	s.begin(j, p.draft.clone(), now)
	j.due = now
	s.settle(now)
	return j.sub.id
}

// EditDraft changes the technical configuration of a plan in the draft, as someone can
// in the portal at any time, and reports whether there is one. What is made of it is not
// checked. The function must not use the server.
func (s *Server) EditDraft(product, plan string, edit func(map[string]any)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle(s.time())
	p := s.named(product)
	if p == nil {
		return false
	}
	d := p.plan(plan)
	if d == nil || p.draft.docs[techID(word(d, "id"))] == nil {
		return false
	}
	tech := cloned(p.draft.docs[techID(word(d, "id"))])
	edit(tech)
	p.draft.docs[techID(word(d, "id"))] = cloned(tech)
	return true
}

// AddDraftVersion adds a version to the draft of a plan by hand, and reports whether
// there is such a plan.
func (s *Server) AddDraftVersion(product, plan string, v Version) bool {
	return s.EditDraft(product, plan, func(tech map[string]any) {
		var skus []SKU
		for _, k := range items(tech, "skus") {
			skus = append(skus, SKU{ID: word(k, "skuId"), ImageType: word(k, "imageType")})
		}
		list, _ := tech["vmImageVersions"].([]any)
		tech["vmImageVersions"] = append(list, v.doc(skus))
	})
}

// RemoveDraftVersion takes a version out of the draft of a plan by hand, and reports
// whether there is such a plan.
func (s *Server) RemoveDraftVersion(product, plan, number string) bool {
	return s.EditDraft(product, plan, func(tech map[string]any) {
		list, _ := tech["vmImageVersions"].([]any)
		tech["vmImageVersions"] = slices.DeleteFunc(list, func(v any) bool { return word(v, "versionNumber") == number })
	})
}

// EditListing changes the text of an offer in the draft by hand, and reports whether
// there is one in the language. The function must not use the server.
func (s *Server) EditListing(product, language string, edit func(map[string]any)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle(s.time())
	p := s.named(product)
	if p == nil {
		return false
	}
	id := listingType + "/" + p.guid + "/public/main/default/" + language
	if p.draft.docs[id] == nil {
		return false
	}
	d := cloned(p.draft.docs[id])
	edit(d)
	p.draft.docs[id] = cloned(d)
	return true
}

package ingestsim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// change is one resource of a request, with its own id and those of others in place of
// what its sender called them.
type change struct {
	kind, id string
	plan     string // the durable id of the plan that it belongs to, if to any
	doc      doc
}

// submit takes a configure request: what has no form is refused at once, and what is
// merely wrong fails later.
func (s *Server) submit(c *request) (answer, error) {
	v, err := decode(c.body)
	if err != nil {
		return answer{}, bad("The body is not valid: %v.", err)
	}
	if found := CheckConfigure(c.body); len(found) > 0 {
		var details []*problem
		for _, f := range found {
			details = append(details, because(schemaValidation, "", "%v.", f))
		}
		return answer{}, refuse(http.StatusBadRequest, "The configuration does not fit its schemas.", details...)
	}
	j, err := s.resolve(items(v, "resources"))
	if err != nil {
		return answer{}, err
	}
	if why := s.lockedBy(j.product); why != "" {
		return answer{}, refuse(http.StatusConflict, "The product cannot be changed now.", because(productLocked, j.product.id(), "%s", why))
	}
	j.id, j.born, j.result, j.due = s.guid(), c.now, pending, c.now.Add(s.times.Queue)
	if s.serverFaults > 0 {
		s.serverFaults--
		j.fault = true
	}
	s.jobs = append(s.jobs, j)
	s.settle(c.now)
	return answer{http.StatusAccepted, s.status(j, c.version)}, nil
}

// lockedBy says who else changes a product, and is empty when nobody does.
func (s *Server) lockedBy(p *product) string {
	if p.locked != "" {
		return p.locked
	}
	if sub := p.busy(); sub != nil {
		return fmt.Sprintf("The product is locked: the submission %s to %s goes on.", sub.id, sub.target)
	}
	for _, j := range s.jobs {
		if j.product == p && j.stage != over {
			return fmt.Sprintf("The product is locked by the configure job %s.", j.id)
		}
	}
	return ""
}

// resolver finds what resources call each other and themselves.
type resolver struct {
	s       *Server
	product *product          // the one that everything is about
	names   map[string]string // durable ids by resourceName
	plans   map[string]string // durable ids of plans that are new, by external id
}

// resolve makes a job of resources that fit their schemas.
func (s *Server) resolve(resources []map[string]any) (*job, error) {
	r := &resolver{s: s, names: map[string]string{}, plans: map[string]string{}}
	j := &job{}
	// Products come first and then plans, since others name them.
	kinds := make([]string, len(resources))
	for i, d := range resources {
		kinds[i], _, _ = parseSchema(d["$schema"])
	}
	for _, turn := range []string{productType, planType, ""} {
		for i, d := range resources {
			if kinds[i] != turn && (turn != "" || kinds[i] == productType || kinds[i] == planType) {
				continue
			}
			ch, err := r.one(kinds[i], cloned(d))
			if err != nil {
				return nil, err
			}
			if kinds[i] == submissionType {
				if j.target != "" {
					return nil, bad("There can be one submission in a request.")
				}
				j.target, j.submits = word(d, "target", "targetType"), word(ch.doc, "id")
				continue
			}
			if slices.ContainsFunc(j.changes, func(o change) bool { return o.id == ch.id }) {
				return nil, refuse(http.StatusBadRequest, "A resource is there twice.", because(invalidRequest, ch.id, "The resource %s is there twice.", ch.id))
			}
			j.changes = append(j.changes, ch)
		}
	}
	j.product = r.product
	switch {
	case j.target == "draft":
		return nil, refuse(http.StatusBadRequest, "Nothing is submitted to draft.", because(invalidRequest, j.product.id(), "The target of a submission is preview or live."))
	case j.target == "live" && len(j.changes) > 0:
		return nil, refuse(http.StatusBadRequest, "Resources cannot be published to live.",
			because(invalidRequest, j.product.id(), "A submission to live has no other resources beside it."))
	}
	return j, nil
}

// one resolves a resource.
func (r *resolver) one(kind string, d doc) (change, error) {
	ch := change{kind: kind, doc: d}
	name := word(d, "resourceName")
	given := word(d, "id")
	delete(d, "$schema")
	delete(d, "resourceName")
	delete(d, "validations")
	if kind == productType {
		p := r.s.named(word(d, "identity", "externalId"))
		if given != "" {
			p = r.s.find(strings.TrimPrefix(given, productType+"/"))
		}
		if p == nil {
			return ch, refuse(http.StatusBadRequest, "Products cannot be created here.", because(notSupported, given, "There is no such product, and none can be made."))
		}
		if err := r.about(p); err != nil {
			return ch, err
		}
		ch.id = p.id()
	} else {
		p, err := r.productRef(d["product"])
		if err != nil {
			return ch, err
		}
		d["product"] = p.id()
		if ch.id, err = r.identify(kind, d, given); err != nil {
			return ch, err
		}
		ch.plan = word(d, "plan")
	}
	if given != "" && given != ch.id && kind != submissionType {
		return ch, refuse(http.StatusBadRequest, "An id is not that of its resource.",
			because(invalidID, given, "The id is %s, and should be %s.", given, ch.id))
	}
	if name != "" {
		if r.names[kind+" "+name] != "" {
			return ch, bad("The resourceName %s is there twice.", name)
		}
		r.names[kind+" "+name] = ch.id
	}
	if kind != submissionType {
		d["id"] = ch.id
	}
	return ch, nil
}

// about holds a request to one product.
func (r *resolver) about(p *product) error {
	if r.product != nil && r.product != p {
		return refuse(http.StatusBadRequest, "A request is about one product.", because(invalidRequest, p.id(), "The resources are of several products."))
	}
	r.product = p
	return nil
}

func (r *resolver) productRef(v any) (*product, error) {
	id, _ := v.(string)
	if n := word(v, "resourceName"); n != "" {
		id = r.names[productType+" "+n]
	}
	var p *product
	if e := word(v, "externalId"); e != "" {
		p = r.s.named(e)
	} else if guid, ok := strings.CutPrefix(id, productType+"/"); ok {
		p = r.s.find(guid)
	}
	if p == nil {
		return nil, refuse(http.StatusBadRequest, "A resource is not found.", because(resourceNotFound, id, "There is no product %v.", v))
	}
	return p, r.about(p)
}

// planRef is the durable id of a plan that there is, or that the request makes.
func (r *resolver) planRef(v any) (string, error) {
	id, _ := v.(string)
	if n := word(v, "resourceName"); n != "" {
		id = r.names[planType+" "+n]
	}
	if e := word(v, "externalId"); e != "" {
		id = r.plans[e]
		if d := r.product.plan(e); d != nil {
			id = word(d, "id")
		}
	}
	if id != "" && kindOf(id) == planType && (r.product.draft.docs[id] != nil || slices.Contains(sortedValues(r.plans), id)) {
		return id, nil
	}
	return "", refuse(http.StatusBadRequest, "A resource is not found.", because(resourceNotFound, id, "There is no plan %v.", v))
}

func sortedValues(m map[string]string) []string {
	var out []string
	for _, k := range sortedKeys(m) {
		out = append(out, m[k])
	}
	return out
}

// identify says a resource's id, and puts those of others into it.
func (r *resolver) identify(kind string, d doc, given string) (string, error) {
	guid := r.product.guid
	if d["plan"] != nil {
		id, err := r.planRef(d["plan"])
		if err != nil {
			return "", err
		}
		d["plan"] = id
	}
	lang := strings.ToLower(word(d, "languageId"))
	switch kind {
	case planType:
		e := word(d, "identity", "externalId")
		if given != "" && r.product.draft.docs[given] != nil {
			return given, nil
		}
		if old := r.product.plan(e); old != nil {
			return word(old, "id"), nil
		}
		if given != "" {
			return "", refuse(http.StatusBadRequest, "A resource is not found.", because(resourceNotFound, given, "There is no plan %s.", given))
		}
		if r.plans[e] == "" {
			r.plans[e] = planType + "/" + guid + "/" + r.s.guid()
		}
		return r.plans[e], nil
	case propertyType:
		return propertyType + "/" + guid + "/public/main", nil
	case listingType:
		return listingType + "/" + guid + "/public/main/default/" + lang, nil
	case planListingType:
		_, plan, _ := strings.Cut(strings.TrimPrefix(word(d, "plan"), planType+"/"), "/")
		return planListingType + "/" + guid + "/public/main/" + plan + "/" + lang, nil
	case techType:
		return techID(word(d, "plan")), nil
	case submissionType:
		return given, nil
	default:
		return kind + "/" + guid, nil
	}
}

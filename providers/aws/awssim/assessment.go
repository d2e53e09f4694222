package awssim

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// Finding is what the scan of an image has found.
type Finding struct {
	// Control is which rule is broken, such as "NoKnownVulnerabilities".
	Control string
	Code    string
	Message string
	// Scope is what it is about, such as a package.
	Scope map[string]string
}

// assessment is the result of one scan.
type assessment struct {
	id       string
	product  string
	set      string
	at       time.Time
	findings []Finding
}

// controls are the rules that every scan looks at. AWS has published no list of their
// names; these are made up.
func controls() []string {
	return []string{"NoEmbeddedCredentials", "NoKnownVulnerabilities", "NoPasswordLogin", "SupportedOperatingSystem"}
}

// scan looks at the images of a change set, and lets it fail if there are findings.
func (s *Server) scan(set *changeSet, at time.Time) {
	n := slices.IndexFunc(set.changes, func(ch *oneChange) bool { return ch.ChangeType == "AddDeliveryOptions" })
	ch := set.changes[n]
	set.assessment = &assessment{id: "assessment-" + s.letters(13), product: ch.Entity.product(), set: set.id, at: at}
	i := slices.IndexFunc(s.market.scans, func(x scan) bool { return x.product == "" || x.product == ch.Entity.product() })
	if i < 0 {
		return
	}
	set.assessment.findings = s.market.scans[i].findings
	s.market.scans = slices.Delete(s.market.scans, i, i+1)
	ch.errors = append(ch.errors, detail{"SCAN_ERROR", s.link(set)})
}

// json is how the catalog writes an assessment.
func (a *assessment) json(s *Server) map[string]any {
	result := "PASS"
	if len(a.findings) > 0 {
		result = "FAIL"
	}
	return map[string]any{
		"AssessmentId": a.id, "AssessmentArn": s.entityARN("Assessment", a.id), "AssessmentResult": result,
		"AssessmentTargetSummary": map[string]any{"ChangeSetId": a.set, "EntityId": a.product},
		"CreatedAt":               moment(a.at), "ExpiresAt": moment(a.at.Add(retained)), "FrameworkId": "AMISecurity",
		"FrameworkSummary": map[string]any{"AMISecuritySummary": map[string]any{}},
	}
}

// done reports whether the scan has ended: that of a change set that was cancelled
// before never does.
func (c *changeSet) scanned(now time.Time) bool {
	a := c.assessment
	return a != nil && !now.Before(a.at) && (c.life.end().name != cancelled || !c.life.end().from.Before(a.at))
}

func listAssessments(s *Server, c *request) (any, error) {
	var in struct {
		listIn
		FrameworkId            string
		AssessmentTargetFilter struct{ ChangeSetId, EntityId string }
	}
	if err := c.into(&in); err != nil {
		return nil, err
	}
	if err := checkCatalog(in.Catalog); err != nil {
		return nil, err
	}
	if in.FrameworkId != "" && in.FrameworkId != "AMISecurity" {
		return nil, invalid("FrameworkId %s is not known.", in.FrameworkId)
	}
	most, err := in.most()
	if err != nil {
		return nil, err
	}
	var list []*assessment
	for _, set := range sorted(s.market.sets) {
		f, a := in.AssessmentTargetFilter, set.assessment
		if set.scanned(c.now) && (f.ChangeSetId == "" || f.ChangeSetId == a.set) && (f.EntityId == "" || f.EntityId == a.product) {
			list = append(list, a)
		}
	}
	list, next, err := catalogPage(c, list, func(a *assessment) string { return moment(a.at) + " " + a.id }, "", most, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := []any{}
	for _, a := range list {
		out = append(out, a.json(s))
	}
	return withNext(map[string]any{"AssessmentSummaryList": out}, next), nil
}

func describeAssessment(s *Server, c *request) (any, error) {
	var in struct{ Catalog, AssessmentIdentifier string }
	if err := c.into(&in); err != nil {
		return nil, err
	}
	if err := checkCatalog(in.Catalog); err != nil {
		return nil, err
	}
	id := in.AssessmentIdentifier[strings.LastIndex(in.AssessmentIdentifier, "/")+1:]
	for _, set := range sorted(s.market.sets) {
		if set.scanned(c.now) && set.assessment.id == id {
			out := set.assessment.json(s)
			out["ControlAssessments"] = set.assessment.verdicts()
			return out, nil
		}
	}
	return nil, refuseWith(http.StatusNotFound, "ResourceNotFoundException", "Assessment %s is not found.", in.AssessmentIdentifier)
}

// verdicts are the results of each rule, those that were broken with their findings.
func (a *assessment) verdicts() []any {
	names := controls()
	for _, f := range a.findings {
		if !slices.Contains(names, f.Control) {
			names = append(names, f.Control)
		}
	}
	slices.Sort(names)
	out := []any{}
	for _, n := range names {
		errors, result := []any{}, "PASS"
		for _, f := range a.findings {
			if f.Control != n {
				continue
			}
			result = "FAIL"
			scope := []any{}
			for _, k := range keys(f.Scope) {
				scope = append(scope, map[string]any{"Name": k, "Value": f.Scope[k]})
			}
			errors = append(errors, map[string]any{"Code": f.Code, "Message": f.Message, "Scope": scope})
		}
		out = append(out, map[string]any{"ControlId": n, "ControlAssessmentResult": result, "Errors": errors})
	}
	return out
}

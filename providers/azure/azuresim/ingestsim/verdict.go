package ingestsim

import (
	"regexp"
	"strconv"
	"time"
)

// unreadable are the images of a preview that Microsoft cannot read. Those that were
// published were copied long ago.
func (s *Server) unreadable(j *job) []*problem {
	var out []*problem
	for _, d := range j.sub.content.of(techType) {
		for _, v := range items(d, "vmImageVersions") {
			if j.product.sold[word(d, "plan")][word(v, "versionNumber")] != "" {
				continue
			}
			for _, m := range items(v, "vmImages") {
				tenant, resource := word(m, "source", "sharedImage", "tenantId"), word(m, "source", "sharedImage", "resourceId")
				if resource == "" {
					continue
				}
				// Why it cannot be read is not said.
				if err := s.readable(tenant, resource); err != nil {
					out = append(out, because(invalidResource, word(d, "id"), "The image reference is not accessible."))
				}
			}
		}
	}
	if len(out) > 0 {
		return out[:1]
	}
	return nil
}

// refused is what was planned for a submission of the server's own.
func (s *Server) refused(j *job) []*problem {
	if j.target == "live" && len(s.refusals) > 0 {
		why := s.refusals[0]
		s.refusals = s.refusals[1:]
		return []*problem{nested(invalidState, j, "The submission was refused.", businessValidation, why)}
	}
	if len(s.certification) == 0 {
		return nil
	}
	why := s.certification[0]
	s.certification = s.certification[1:]
	deep := nested(invalidState, j, "The submission did not pass certification.", invalidState, why)
	return []*problem{{Code: invalidState, Message: "The product is not in a state to be published.", Details: []*problem{deep}, ResourceID: j.product.id()}}
}

// nested is a problem with a submission that has reasons.
func nested(code string, j *job, message, inner string, why []string) *problem {
	out := because(code, j.sub.id, "%s", message)
	for _, w := range why {
		out.Details = append(out.Details, because(inner, j.product.id(), "%s", w))
	}
	return out
}

// offset is how long an ISO 8601 duration is. Months have 30 days here, and years 365.
func offset(text string) time.Duration {
	const day = 24 * time.Hour
	m := regexp.MustCompile(`^P(?:(\d+)W)?(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$`).FindStringSubmatch(text)
	var out time.Duration
	if m == nil {
		return 0
	}
	for i, unit := range []time.Duration{7 * day, 365 * day, 30 * day, day, time.Hour, time.Minute, time.Second} {
		n, err := strconv.Atoi(m[i+1])
		if err == nil && n < 1000 {
			out += time.Duration(n) * unit
		}
	}
	return out
}

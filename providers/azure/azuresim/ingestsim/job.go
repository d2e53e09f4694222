package ingestsim

import (
	"fmt"
	"net/http"
	"time"
)

// stage is how far a job is.
type stage int

const (
	waiting     stage = iota // not started
	configuring              // the draft is changed when this ends
	queued                   // the submission is not started
	publishing               // the submission runs
	over
)

// job is a configure request that was taken, or a submission of someone else's.
type job struct {
	id      string
	product *product
	changes []change
	target  string // empty: only the draft is changed
	submits string // the id of a submission that is to go live
	foreign bool
	fault   bool          // it ends in an error of the server
	takes   time.Duration // of a foreign one

	born    time.Time
	stage   stage
	due     time.Time // when the stage ends
	begun   time.Time // when the submission began to run
	ended   time.Time
	result  string
	errors  []*problem
	sub     *submission
	applied []string // ids of resources that were changed
}

// settle lets happen what was due until a moment, in the order of time.
func (s *Server) settle(now time.Time) {
	for {
		var next *job
		for _, j := range s.jobs {
			limit := now
			if !s.held.IsZero() && !j.foreign && s.held.Before(now) {
				limit = s.held
			}
			if j.stage != over && !j.due.After(limit) && (next == nil || j.due.Before(next.due)) {
				next = j
			}
		}
		if next == nil {
			return
		}
		s.step(next)
	}
}

// step ends the stage of a job.
func (s *Server) step(j *job) {
	at := j.due
	switch j.stage {
	case waiting:
		j.stage, j.due = configuring, at.Add(s.times.Configure)
	case configuring:
		s.configured(j, at)
	case queued:
		takes := s.times.Preview
		if j.target == "live" {
			takes = s.times.Live
		}
		if j.foreign {
			takes = j.takes
		}
		j.stage, j.begun, j.due, j.sub.status = publishing, at, at.Add(takes), running
	case publishing:
		s.published(j, at)
	}
}

// configured ends the first half of a job: the draft is changed, and the submission
// begins.
func (s *Server) configured(j *job, at time.Time) {
	if j.fault {
		j.end(at, failed, around(serverError, "Something went wrong on the server.", []*problem{}...))
		return
	}
	// Who can edit by hand may have taken away what was there when the job was taken.
	if errs := s.judge(j); len(errs) > 0 {
		j.end(at, failed, around(badRequest, "The configuration is not valid.", errs...))
		return
	}
	s.apply(j, at)
	if j.target == "" {
		j.end(at, succeeded)
		return
	}
	what := j.product.draft.clone()
	if len(j.changes) > 0 {
		what = j.product.modular(j)
	}
	if errs := j.product.judgeSubmission(j, what); len(errs) > 0 {
		j.end(at, failed, around(conflict, "The product cannot be submitted to "+j.target+".", errs...))
		return
	}
	s.begin(j, what, at)
}

// begin makes a job's submission. To live goes what is in preview, with its id.
func (s *Server) begin(j *job, what *content, at time.Time) {
	p := j.product
	j.sub = &submission{target: j.target, mine: !j.foreign, created: at, status: notStarted, result: pending, content: what}
	if from := p.current("preview"); j.target == "live" && from != nil {
		j.sub.id, j.sub.content = from.id, from.content
	} else {
		j.sub.id = submissionType + "/" + p.guid + "/" + s.number()
	}
	p.subs = append(p.subs, j.sub)
	j.stage, j.due = queued, at.Add(s.times.Queue)
}

// modular is what goes to preview when a request says which resources to take: what is
// there already, with those.
func (p *product) modular(j *job) *content {
	base := p.preview
	if base == nil {
		return p.draft.clone()
	}
	out := base.clone()
	for _, ch := range j.changes {
		if d := p.draft.docs[ch.id]; d != nil {
			out.docs[ch.id] = cloned(d)
		} else {
			delete(out.docs, ch.id)
		}
	}
	return out
}

// end is the end of a job.
func (j *job) end(at time.Time, result string, errs ...*problem) {
	j.stage, j.ended, j.result, j.errors = over, at, result, errs
	if j.sub != nil && j.sub.status != completed {
		j.sub.status, j.sub.ended, j.sub.result = completed, at, result
		if result == cancelled {
			j.sub.result = failed
		}
	}
}

// never is how the service writes a moment that has not come.
const never = "0001-01-01T00:00:00"

func moment(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.0000000Z") }

// status is what can be known of a job at any time.
func (s *Server) status(j *job, version string) map[string]any {
	out := map[string]any{
		// The schema of the answer is not among those that are known in full.
		"$schema": host + "configure-status/2022-03-01-preview2", "jobId": j.id,
		"jobStatus": running, "jobResult": j.result, "jobStart": moment(j.born), "jobEnd": never, "errors": []*problem{},
	}
	switch j.stage {
	case waiting:
		out["jobStatus"] = notStarted
	case over:
		out["jobStatus"], out["jobEnd"] = completed, moment(j.ended)
		out["resourceUri"] = s.link(configureType+"/"+j.id) + "?$version=" + version
		if len(j.errors) > 0 {
			out["errors"] = j.errors
		}
	}
	return out
}

// aboutJob answers what is asked about one job.
func (s *Server) aboutJob(c *request) (answer, error) {
	for _, j := range s.jobs {
		if j.id != c.parts[1] || j.foreign {
			continue
		}
		switch c.op {
		case "configure-cancel":
			return s.cancel(j, c)
		case "configure-detail":
			return s.detail(j, c)
		}
		return answer{http.StatusOK, s.status(j, c.version)}, nil
	}
	return answer{}, absent(c.path)
}

// detail are the resources that a job has changed.
func (s *Server) detail(j *job, c *request) (answer, error) {
	if j.stage != over {
		return answer{}, bad("The job has not completed.")
	}
	resources := []any{}
	for _, id := range j.applied {
		if d := j.product.draft.docs[id]; d != nil {
			resources = append(resources, shown(d, c.version))
		}
	}
	if j.sub != nil {
		resources = append(resources, j.sub.shown(j.product, c.version))
	}
	return answer{http.StatusOK, map[string]any{"$schema": host + "configure-detail/2022-03-01-preview2", "resources": resources}}, nil
}

// cancel ends a job, unless it is too far. What it did to the draft remains.
func (s *Server) cancel(j *job, c *request) (answer, error) {
	switch {
	case j.stage == over:
		return answer{}, bad("Cannot cancel job, job has already completed.")
	case j.stage == publishing && c.now.After(j.begun.Add(s.times.Cancellable)):
		return answer{}, bad("The job cannot be cancelled: %s.", fmt.Sprintf("its submission %s is too far", j.sub.id))
	}
	j.end(c.now, cancelled)
	return answer{http.StatusOK, s.status(j, c.version)}, nil
}

package azuresim

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// The states of an operation.
const (
	inProgress = "InProgress"
	succeeded  = "Succeeded"
	failed     = "Failed"
	canceled   = "Canceled"
)

// operation is what a request has begun and what goes on after its answer.
type operation struct {
	id, sub, namespace, location string
	about                        string // the resource, in lower case
	life                         timeline
	why                          *armError // it will fail
	born                         time.Time
	method                       string
	version                      string // of the API that was asked
}

// begun notes that the request has begun something that ends at a moment, and how; a
// nil error is success.
func (c *request) begun(about *core, until time.Time, why *armError) {
	end := succeeded
	if why != nil {
		end = failed
	}
	ns, _, _ := strings.Cut(about.kind, "/")
	c.op = &operation{
		id: c.s.uuid(), sub: about.sub, namespace: ns, location: about.location, about: strings.ToLower(about.id), why: why,
		life: timeline{{inProgress, c.now}, {end, until}}, born: c.now, method: c.route.method, version: c.query.Get("api-version"),
	}
	c.s.operations[c.op.id] = c.op
}

// preempt ends what goes on about a resource, because it is being deleted.
func (s *Server) preempt(about string, now time.Time) {
	about = strings.ToLower(about)
	for _, o := range s.operations {
		if o.about == about && o.life.at(now) == inProgress {
			o.life = o.life.turn(now, phase{canceled, now})
			o.why = conflict("OperationPreempted", "The operation has been preempted by a more recent operation.")
		}
	}
}

// headers say where it can be asked how an operation goes.
func (o *operation) headers(c *request, h http.Header) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	version := "?api-version=" + url.QueryEscape(o.version)
	if o.namespace == "Microsoft.Resources" {
		h.Set("Location", c.base+"/subscriptions/"+o.sub+"/operationresults/"+o.id+version)
	} else {
		at := c.base + "/subscriptions/" + o.sub + "/providers/" + o.namespace + "/locations/" + o.location + "/operations/" + o.id
		h.Set("Azure-AsyncOperation", at+version)
		if o.method != http.MethodPut && o.method != http.MethodPatch {
			h.Set("Location", at+"?monitor=true&api-version="+url.QueryEscape(o.version))
		}
	}
	retryAfter(h, c.s.at(o.location).times.RetryAfter)
}

// progress answers how an operation goes. Its Location is asked for the result, which
// is nothing, and says by its status whether the operation goes on.
func (c *request) progress() (any, int, error) {
	o := c.s.operations[c.vars["operation"]]
	if o == nil || !strings.EqualFold(o.sub, c.vars["sub"]) {
		return nil, 0, refuseWith(http.StatusNotFound, "NotFound", "The entity was not found.")
	}
	state := o.life.at(c.now)
	if state == inProgress {
		c.op = o
	}
	if o.namespace == "Microsoft.Resources" || c.query.Get("monitor") == "true" {
		switch {
		case state == inProgress:
			return nil, http.StatusAccepted, nil
		case state != succeeded:
			return nil, 0, o.why
		}
		c.status = http.StatusNoContent
		if o.namespace == "Microsoft.Resources" {
			c.status = http.StatusOK
		}
		return map[string]any{}, c.status, nil
	}
	out := map[string]any{
		"name": o.id, "status": state, "startTime": o.born.Format(time.RFC3339Nano),
	}
	if state != inProgress {
		out["endTime"] = o.life.since(c.now).Format(time.RFC3339Nano)
	}
	if state == failed || state == canceled {
		out["error"] = o.why.json()
	}
	return out, http.StatusOK, nil
}

// ForgetOperations lets nothing be known of the operations that were begun so far,
// though what they do goes on.
func (s *Server) ForgetOperations() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.operations = map[string]*operation{}
}

package partnercenter

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// This file says what errors of Partner Center mean. They are nested, and what matters is
// deep inside as a rule.

// problem is an error, with those that it consists of.
type problem struct {
	Code       string    `json:"code"`
	Message    string    `json:"message"`
	Details    []problem `json:"details"`
	ResourceID string    `json:"resourceId"`
}

// problems are the errors in an answer, in whichever of its forms.
func problems(text []byte) []problem {
	var in struct {
		Error  *problem  `json:"error"`
		Errors []problem `json:"errors"`
		problem
	}
	if json.NewDecoder(bytes.NewReader(text)).Decode(&in) != nil {
		return nil
	}
	switch {
	case in.Error != nil:
		return []problem{*in.Error}
	case len(in.Errors) > 0:
		return in.Errors
	case in.Code != "" || in.Message != "":
		return []problem{in.problem}
	}
	return nil
}

// all calls for each problem at every level, from the outermost.
func all(list []problem, do func(problem)) {
	for _, p := range list {
		do(p)
		all(p.Details, do)
	}
}

// meanings are what codes mean, the first that is there at any level before all others.
// Codes are compared without regard to case.
var meanings = []struct {
	code  string
	class images.Class
}{
	{"operationCanceled", images.Cancelled},
	{"productLocked", images.Foreign},
	{"collectionLimitExceeded", images.NoRoom},
	{"resourceNotFound", images.NoProduct},
	{"schemaValidationError", images.Invalid},
	{"businessValidationError", images.Invalid},
	{"invalidResource", images.Invalid},
	{"invalidRequest", images.Invalid},
	{"invalidId", images.Invalid},
	{"invalidEntityStatus", images.Invalid},
	{"invalidState", images.Invalid},
	{"notDeployed", images.Invalid},
	{"notSupported", images.Invalid},
	{"badRequest", images.Invalid},
	{"internalServerError", images.TheirFault},
}

// classOf is what errors mean, and the code that says so; empty for what is not known.
func classOf(list []problem) (images.Class, string) {
	class, code := images.Class(""), ""
	if certified(list) {
		class, code = images.Rejected, "invalidState"
		if len(leavesOf(list)) > 0 {
			class = images.Findings
		}
		return class, code
	}
	for _, m := range meanings {
		all(list, func(p problem) {
			if code == "" && strings.EqualFold(p.Code, m.code) {
				class, code = m.class, p.Code
			}
		})
		if code != "" {
			return class, code
		}
	}
	all(list, func(p problem) {
		if code == "" && len(p.Details) == 0 {
			code = p.Code
			if strings.EqualFold(code, "conflict") {
				class = images.Foreign
			}
		}
	})
	return class, code
}

// certified reports whether certification is what did not take it. It has no code of its
// own.
func certified(list []problem) (is bool) {
	all(list, func(p problem) {
		is = is || strings.EqualFold(p.Code, "invalidState") && strings.Contains(strings.ToLower(p.Message), "certification")
	})
	return is
}

// leavesOf are the innermost messages below others: what was found, one each.
func leavesOf(list []problem) (out []problem) {
	for _, p := range list {
		for _, d := range p.Details {
			if len(d.Details) == 0 {
				if d.Message != "" {
					out = append(out, d)
				}
				continue
			}
			out = append(out, leavesOf([]problem{d})...)
		}
	}
	return out
}

const (
	// mostFindings is how many findings are kept, and mostFinding and mostSaid how long a
	// finding and what was said may be, in characters.
	mostFindings = 50
	mostFinding  = 500
	mostSaid     = 1500
)

// leaves are what was found, in their words.
func (c *Client) leaves(list []problem) (out []string) {
	for _, p := range leavesOf(list) {
		line := clouds.Shorten(c.clean(p.Message), mostFinding)
		if slices.Contains(out, line) {
			continue
		}
		if len(out) == mostFindings {
			return append(out, "and more")
		}
		out = append(out, line)
	}
	return out
}

// words are errors in one sentence, from the outermost to the innermost.
func (c *Client) words(list []problem) string {
	var out []string
	for _, p := range list {
		text := strings.TrimSuffix(c.clean(p.Message), ".")
		about := strings.Trim(c.clean(p.Code)+", "+c.clean(p.ResourceID), ", ")
		switch {
		case text == "":
			text = about
		case about != "":
			text = fmt.Sprintf("%s (%s)", text, about)
		}
		if inner := c.words(p.Details); inner != "" {
			text += ": " + inner
		}
		if text != "" {
			out = append(out, text)
		}
	}
	return clouds.Shorten(strings.Join(out, "; "), mostSaid)
}

// notReadable is what Partner Center says of an image that it may not read, and no more
// than that.
const notReadable = "not accessible"

// jobFault is the fault of a job that has failed. Begun says that its submission was under
// way: what is wrong then was said by those who look at it.
func (c *Client) jobFault(job string, list []problem, begun bool) *images.Fault {
	f := &images.Fault{What: job, Said: c.words(list), Findings: c.leaves(list), Link: managed}
	f.Class, f.Code = classOf(list)
	switch {
	case f.Class == "" || f.Class == images.Invalid && begun && !strings.EqualFold(f.Code, "invalidResource"):
		f.Class = images.Rejected
	case f.Class == images.NoProduct:
		f.Said += ". The offer or the plan is not there any more"
	}
	if strings.Contains(strings.ToLower(f.Said), notReadable) {
		f.Said += ". Both applications of Partner Center need the role Compute Gallery Image Reader on the gallery; docs/azure.md says how"
	}
	if f.Said == "" {
		f.Said = "The job " + job + " failed, and Partner Center does not say why."
	}
	return f
}

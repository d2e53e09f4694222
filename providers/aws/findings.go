package aws

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/marketplacecatalog"
	"github.com/aws/aws-sdk-go-v2/service/marketplacecatalog/types"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// This file says why the marketplace did not take a version, in words for people.

// mostFindings is how many findings are kept.
const mostFindings = 50

// setFault is the fault of a change set that is over and did not succeed.
func (c *Cloud) setFault(ctx context.Context, out *marketplacecatalog.DescribeChangeSetOutput, o images.Offer) error {
	id := sdk.ToString(out.ChangeSetId)
	f := &images.Fault{What: id, Code: string(out.FailureCode), Said: c.clean(sdk.ToString(out.FailureDescription)), Link: "https://aws.amazon.com/marketplace/management/requests/" + id}
	if out.Status == types.ChangeStatusCancelled {
		f.Class, f.Said = images.Cancelled, "Somebody cancelled the change set "+id+"."
		return f
	}
	var details []types.ErrorDetail
	var linked []string // what files say that messages lead to
	for _, ch := range out.ChangeSet {
		details = append(details, ch.ErrorDetailList...)
	}
	for _, d := range details {
		code, message := sdk.ToString(d.ErrorCode), sdk.ToString(d.ErrorMessage)
		if at := c.findingsAt(message); at != nil {
			linked = append(linked, c.linked(ctx, at)...)
			// Whoever has the address can open the file, so it is not shown.
			message = strings.ReplaceAll(message, at.String(), "")
		}
		if line := strings.TrimSuffix(code+": "+c.clean(message), ": "); line != "SCAN_ERROR" {
			f.Findings = append(f.Findings, line)
		}
		if code == "SCAN_ERROR" {
			f.Class = images.Findings
		}
		if code == "DUPLICATE_VERSION_TITLE" {
			f.Class = images.TitleTaken
		}
	}
	if out.FailureCode == types.FailureCodeServerFault {
		f.Class = images.TheirFault
	} else if controls := c.controls(ctx, id); len(controls) > 0 {
		f.Class = images.Findings
		f.Findings = append(f.Findings, controls...)
	}
	for _, line := range linked { // a control may have said the same
		if !slices.ContainsFunc(f.Findings, func(had string) bool { return strings.Contains(had, line) }) {
			f.Findings = append(f.Findings, line)
		}
	}
	if f.Class == "" {
		f.Class = images.Rejected
	}
	if len(f.Findings) > mostFindings {
		more := len(f.Findings) - mostFindings
		f.Findings = append(f.Findings[:mostFindings], fmt.Sprintf("and %d more", more))
	}
	if f.Said == "" && len(f.Findings) > 0 {
		f.Said = f.Findings[0]
	}
	if f.Said == "" {
		f.Said = "The change set " + id + " failed, and AWS does not say why."
	}
	if f.Code == string(types.FailureCodeClientError) && len(details) > 0 {
		f.Code = sdk.ToString(details[0].ErrorCode)
	}
	return f
}

// controls are the controls that an assessment of a change set did not pass. That they
// cannot be had is no reason to say less than is known.
func (c *Cloud) controls(ctx context.Context, set string) (out []string) {
	list, err := all(ctx, c, listAssessments, market, func(ctx context.Context, next *string) ([]types.AssessmentSummary, *string, error) {
		out, err := c.catalog().ListAssessments(ctx, &marketplacecatalog.ListAssessmentsInput{
			Catalog: sdk.String(catalogName), NextToken: next, AssessmentTargetFilter: &types.AssessmentTargetFilter{ChangeSetId: &set},
		})
		if err != nil {
			return nil, nil, err
		}
		return out.AssessmentSummaryList, out.NextToken, nil
	})
	if err != nil {
		return nil
	}
	for _, a := range list {
		if a.AssessmentResult != types.AssessmentResultFail {
			continue
		}
		controls, err := all(ctx, c, describeAssessment, market, func(ctx context.Context, next *string) ([]types.ControlAssessment, *string, error) {
			out, err := c.catalog().DescribeAssessment(ctx, &marketplacecatalog.DescribeAssessmentInput{Catalog: sdk.String(catalogName), AssessmentIdentifier: a.AssessmentId, NextToken: next})
			if err != nil {
				return nil, nil, err
			}
			return out.ControlAssessments, out.NextToken, nil
		})
		if err != nil {
			out = append(out, "The scan did not pass, and what it found cannot be read: "+clouds.Said(err))
			continue
		}
		for _, control := range controls {
			out = append(out, c.control(control)...)
		}
	}
	return out
}

// control is what a control found, a line each; none when it passed.
func (c *Cloud) control(a types.ControlAssessment) (out []string) {
	if a.ControlAssessmentResult != types.ControlAssessmentResultFail {
		return nil
	}
	name := sdk.ToString(a.ControlId)
	for _, e := range a.Errors {
		line := name + ": " + c.clean(sdk.ToString(e.Message))
		var scope []string
		for _, s := range e.Scope {
			scope = append(scope, c.clean(sdk.ToString(s.Name)+" "+sdk.ToString(s.Value)))
		}
		if len(scope) > 0 {
			line += " (" + strings.Join(scope, ", ") + ")"
		}
		out = append(out, line)
	}
	if len(out) == 0 {
		out = []string{name + " did not pass."}
	}
	return out
}

// findingsAt is where the file with findings is that a message leads to, if that is one
// of AWS; nil when it leads nowhere.
func (c *Cloud) findingsAt(message string) *url.URL {
	for _, field := range strings.Fields(message) {
		u, err := url.Parse(strings.Trim(field, `"'<>(),`))
		if err == nil && u.User == nil && (u.Scheme == "https" || u.Scheme == "http") && c.trusted(u) {
			return u
		}
	}
	return nil
}

// linked is what a file with findings says, a line each.
func (c *Cloud) linked(ctx context.Context, at *url.URL) []string {
	within, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(within, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil
	}
	resp, err := c.plain.Do(r)
	if err != nil {
		return []string{"The file with the findings could not be read."}
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return []string{fmt.Sprintf("The file with the findings could not be read: its server answers with %d.", resp.StatusCode)}
	}
	const most = 64 << 10
	body, err := io.ReadAll(io.LimitReader(resp.Body, most))
	if err != nil && len(body) == 0 {
		return []string{"The file with the findings could not be read."}
	}
	var out []string
	if read := any(nil); json.Unmarshal(body, &read) == nil {
		out = messages(read, nil)
	}
	if len(out) == 0 { // it is in no form that we know, and people can read it
		for line := range strings.Lines(string(body)) {
			if strings.Trim(line, "{}[], \r\n") != "" {
				out = append(out, line)
			}
		}
	}
	for i := range out {
		out[i] = c.clean(out[i])
	}
	return slices.Compact(out)
}

// messages are what the parts of a file say that are called so, wherever they are: its
// form is nowhere described.
func messages(part any, out []string) []string {
	switch part := part.(type) {
	case []any:
		for _, p := range part {
			out = messages(p, out)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(part)) {
			text, ok := part[name].(string)
			switch strings.ToLower(name) {
			case "message", "description", "title", "errormessage":
				if ok && strings.TrimSpace(text) != "" {
					out = append(out, text)
				}
				continue
			}
			out = messages(part[name], out)
		}
	}
	return out
}

// trusted reports whether an address is one of AWS, or of the server that somebody
// named in its place.
func (c *Cloud) trusted(u *url.URL) bool {
	if base := c.catalog().Options().BaseEndpoint; base != nil {
		if own, err := url.Parse(*base); err == nil && own.Scheme == u.Scheme && strings.EqualFold(own.Host, u.Host) {
			return true
		}
	}
	return u.Scheme == "https" && u.Port() == "" && ofAWS(u.Hostname())
}

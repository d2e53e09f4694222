package partnercenter

import (
	"fmt"
	"strings"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// support is where publishers ask for help with the marketplace.
const support = "https://partner.microsoft.com/support"

// Plea is what to write to the marketplace's support for publishers about a submission
// that does not go on. It asks nobody.
func (c *Client) Plea(w images.Work, o images.Offer, v Version) images.Plea {
	mem := clouds.Recall[memory](w)
	submission, job := mem.Submission, mem.Job
	if submission == "" && !strings.HasPrefix(w.Ref, jobRef) {
		submission = w.Ref
	}
	if id, ok := strings.CutPrefix(w.Ref, jobRef); ok && job == "" {
		job = id
	}
	if submission == "" && job == "" {
		return images.Plea{}
	}
	target := "preview"
	if o.Submitted != "" {
		target = "live"
	}
	since := mem.Taken
	if since.IsZero() {
		since = mem.Begun
	}
	if since.IsZero() {
		since = w.Since
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Hello,\n\na submission of ours of a virtual machine offer has not come to an end. Could you tell us what it waits for, and whether you need anything of us?\n\n")
	for _, line := range []struct{ name, is string }{
		{"Publisher", c.o.Publisher}, {"Offer", join2(v.Offer, mem.Product)}, {"Plan", join2(v.Plan, mem.Plan)}, {"Version", v.Number},
		{"Submission", submission}, {"Job of the Product Ingestion API", job}, {"Target", target},
		{"Since", since.UTC().Format("2 January 2006, 15:04 UTC")}, {"Last heard", mem.Said},
	} {
		if line.is != "" {
			fmt.Fprintf(&b, "%s: %s\n", line.name, c.clean(line.is))
		}
	}
	b.WriteString("\nThank you")
	return images.Plea{Link: support, Text: b.String()}
}

// join2 is what its publisher calls something, and its durable id where that is known.
func join2(external, durable string) string {
	if durable == "" {
		return external
	}
	return external + " (" + durable + ")"
}

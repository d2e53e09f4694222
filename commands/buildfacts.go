package commands

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"path"
	"strings"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file tells whether a plan is still what somebody saw. A plan is taken apart into
// facts, of which a form carries short digests. Whoever chooses fewer images, leaves
// regions out or keeps the images private confirms some of the facts they saw, and that
// is fine; a fact that they did not see is a difference.

// fact is something that a plan says, and how it is told when it is new.
type fact struct {
	id   string
	says workflow.Text
}

// factsOf are the facts of a plan that a person has to have seen.
func factsOf(p images.Plan) []fact {
	var out []fact
	known := map[string]bool{}
	add := func(says workflow.Text, id ...any) {
		if f := (fact{fmt.Sprintln(id...), says}); !known[f.id] {
			known[f.id] = true
			out = append(out, f)
		}
	}
	add(workflow.Say("the account is %s now", masked(p.Account)), "account", p.Account)
	for i := range p.Lanes {
		l := &p.Lanes[i]
		o := &l.Order
		lane := fmt.Sprint(o.Lane, o.Edition, o.Architecture)
		add(workflow.Say("the base image of %s is %s now", o.Name, o.Base.Name), "base", lane, o.Base.ID)
		add(workflow.Say("%s would be made from another package: %s, sha256 %s", o.Name, packageName(o.Package), cut12(o.Package.SHA256)), "package", lane, o.Package.URL, o.Package.SHA256)
		add(workflow.Say("%s would be made otherwise: as “%s”, in %s, on %s", o.Name, o.Image, o.Region, o.Machine), "made", lane, o.Version, o.Image, o.Region, o.Machine)
		if o.Public {
			add(workflow.Say("%s would become public", o.Name), "public", lane)
		}
		if o.Product != "" {
			add(workflow.Say("%s would go to the product %s, as “%s”", o.Name, o.Product, o.Title), "product", lane, o.Product, o.Title, o.Notes)
		}
		if o.Hides > 0 {
			add(workflow.Say("the %d oldest versions of %s would be hidden from new customers", o.Hides, o.Product), "hides", lane, o.Hides)
		}
		if o.Texts != (workflow.Texts{}) {
			add(workflow.Say("what customers read of %s would change to the listing's texts, as they are now", o.Product), "texts", lane, o.Texts.Title, o.Texts.Short, o.Texts.Long)
		}
		for _, r := range o.Regions {
			add(workflow.Say("images would go to %s too", r), "region", r)
		}
		for _, r := range o.Unblock {
			add(workflow.Say("images may not become public in %s now, until a protection is turned off and on again", r), "unblock", r)
		}
	}
	for i := range p.Lanes {
		for _, problem := range p.Lanes[i].Problems {
			if problem.Stops {
				add(problemText(problem), "problem", problem.Class, problem.Region, problem.What)
			}
		}
	}
	return out
}

// factDigest is how long the digest of a fact is. That two facts of a plan have the same
// is less likely than that both its checks are wrong.
const factDigest = 6

// mostFacts is how many characters of digests a form carries. Only problems can be so
// many, and what is left of them is shown again.
const mostFacts = 2100

func (f fact) digest() string {
	sum := sha256.Sum256([]byte(f.id))
	return base64.RawURLEncoding.EncodeToString(sum[:])[:factDigest]
}

// facts are the digests of what a plan says, for a form to carry.
func facts(p images.Plan) string {
	var b strings.Builder
	for _, f := range factsOf(p) {
		if b.Len()+factDigest <= mostFacts {
			b.WriteString(f.digest())
		}
	}
	return b.String()
}

// unseen says what is in a plan that was not among the facts that a form carried.
func unseen(carried string, p images.Plan) (out []workflow.Text) {
	saw := map[string]bool{}
	for ; len(carried) >= factDigest; carried = carried[factDigest:] {
		saw[carried[:factDigest]] = true
	}
	for _, f := range factsOf(p) {
		if !saw[f.digest()] {
			out = append(out, f.says)
		}
	}
	return out
}

// bullets lists texts below each other, as many as can be read.
func bullets(list []workflow.Text) workflow.Text {
	out := make([]workflow.Text, len(list))
	for i, t := range list {
		out[i] = workflow.Say("• %s", t)
	}
	return someTexts(out, 12)
}

// masked is an account as far as it has to be known to tell it from others.
func masked(account string) string {
	if len(account) <= 4 {
		return account
	}
	return "…" + account[len(account)-4:]
}

// packageName is the file that an image is made from.
func packageName(p workflow.Package) string {
	if p.URL == "" {
		return p.Version.String()
	}
	return path.Base(p.URL)
}

// cut12 is the beginning of a checksum, which is enough to compare by eye.
func cut12(sum string) string { return sum[:min(len(sum), 12)] }

package releases

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cloudimage/workflow"
)

// This file reads the titles of posts. GitLab's have changed over the years:
//
//	GitLab 19.4 release notes
//	GitLab 18.4 released with GitLab Duo Model Selection
//	GitLab Patch Release: 19.4.1, 19.3.3, 19.2.7
//	GitLab Critical Patch Release: 19.2.4, 19.1.6, 19.0.8, 18.11.11
//	GitLab Security Release: 16.7.2, 16.6.4, and 16.5.6
//	GitLab Critical Security Release: 16.7.2, 16.6.4, 16.5.6
//
// What else begins with the product's name, such as "GitLab AI Gateway Patch
// Release", is about something else.

// titles reads titles of a product's posts.
type titles struct{ feature, patch *regexp.Regexp }

const (
	versionInTitle = `\d{1,6}\.\d{1,6}(?:\.\d{1,6})?`
	listInTitle    = versionInTitle + `(?:(?:,| and|, and| &|;) ` + versionInTitle + `)*`
)

// newTitles returns a reader of the titles about a product.
func newTitles(product string) (titles, error) {
	product = strings.Join(strings.Fields(product), " ")
	if len(product) > 100 {
		return titles{}, fmt.Errorf("the name of the product has %d characters; it may have 100", len(product))
	}
	begin := `(?i)\A` + regexp.QuoteMeta(product) + ` `
	return titles{
		feature: regexp.MustCompile(begin + `(` + versionInTitle + `) (?:release notes|released(?:[ :].*)?)\z`),
		patch:   regexp.MustCompile(begin + `(critical )?(security |patch |security patch |patch and security )?releases?:? (` + listInTitle + `)\.?\z`),
	}, nil
}

// longestTitle is how many bytes of a title are looked at, and shown.
const longestTitle = 500

// mostVersions is how many releases one post announces at most.
const mostVersions = 20

// read reads a title; false when it is not about releases of the product. secure
// says that the title itself tells of security fixes.
func (t titles) read(title string) (versions []workflow.Version, kind workflow.AnnouncementKind, secure, ok bool) {
	if len(title) > longestTitle {
		return nil, "", false, false
	}
	list := ""
	if m := t.feature.FindStringSubmatch(title); m != nil {
		list, kind = m[1], workflow.AnnouncesRelease
	} else if m := t.patch.FindStringSubmatch(title); m != nil {
		list, kind = m[3], workflow.AnnouncesPatch
		secure = strings.Contains(strings.ToLower(m[2]), "security")
		if m[1] != "" {
			kind = workflow.AnnouncesCritical
		}
	} else {
		return nil, "", false, false
	}
	found := versionsInList.FindAllString(list, mostVersions+1)
	if len(found) > mostVersions {
		return nil, "", false, false
	}
	for _, s := range found {
		v, ok := plainVersion(s)
		if !ok {
			return nil, "", false, false
		}
		if !slices.Contains(versions, v) {
			versions = append(versions, v)
		}
	}
	if kind == workflow.AnnouncesRelease && versions[0].Patch > 0 {
		kind = workflow.AnnouncesPatch
	}
	return versions, kind, secure, true
}

var versionsInList = regexp.MustCompile(versionInTitle)

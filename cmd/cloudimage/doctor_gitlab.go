package main

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"cloudimage/checkup"
	"cloudimage/providers/gitlab"
)

// gitLab looks at GitLab, when there is anything to look at.
func (d *doctor) gitLab(ctx context.Context) []checkup.Finding {
	token := d.given.setting(gitLabToken)
	config := d.config.GitLab
	switch {
	case !d.readable && token.from != "":
		// Without it nobody knows whose the token is.
		return []checkup.Finding{checkup.Noted("", "GitLab is not asked while the configuration, which says where it is, is not in order.")}
	case token.from == "" && config == nil:
		return []checkup.Finding{checkup.Noted("Make a token with the scope api, set GITLAB_TOKEN, and say under gitlab: in the configuration where issues are made.",
			"GitLab is not used. With it each partnership has an issue: its boxes are ticked there or in Slack, comments show in the thread, and merge requests are followed.")}
	case token.from == "":
		return failures(d.config.noToken())
	case token.err != nil:
		return []checkup.Finding{checkup.Noted("", "GitLab is not asked, for want of its token.")}
	}
	if config == nil {
		config = &GitLab{}
	}
	client, err := gitlab.New(gitlab.Options{URL: config.URL, Token: token.value.Reveal(), UserAgent: "cloudimage/" + version(), Timeout: checkWithin})
	if err != nil {
		return failures(fmt.Errorf("GitLab cannot be used: %w", err))
	}
	var wants gitlab.Wants
	for _, fact := range slices.Sorted(maps.Keys(config.Issues)) {
		is := config.Issues[fact]
		wants.Projects = append(wants.Projects, gitlab.WantedProject{Project: is.Project, Labels: is.Labels, Milestone: is.Milestone})
	}
	var out []checkup.Finding
	for _, f := range client.Check(ctx, wants) {
		if !slices.Contains(out, f) { // projects may be alike
			out = append(out, f)
		}
	}
	if out[0].Level == checkup.Fail { // nobody answers, or not to us
		return out
	}
	if len(config.Issues) == 0 {
		out = append(out, checkup.Noted("Name a project under gitlab: issues: in the configuration.", "No issue is made by the bot. Those whose links people give are followed."))
	} else {
		out = append(out, checkup.Okay("The texts of %s can be made.", count(len(config.Issues), "kind")+" of issues"))
	}
	return append(out, d.handles(ctx, client)...)
}

// handles looks for the people whose names in GitLab are configured.
func (d *doctor) handles(ctx context.Context, client *gitlab.Client) (out []checkup.Finding) {
	if d.config.GitLab == nil || len(d.config.GitLab.People) == 0 {
		return nil
	}
	named := d.config.GitLab.People
	for _, who := range slices.Sorted(maps.Keys(named)) {
		_, found, err := client.ByHandle(ctx, named[who])
		if err != nil {
			return append(out, checkup.Failing("Check again in a minute.", "Not all of gitlab.people could be looked up: %v.", err))
		}
		if !found {
			out = append(out, checkup.Failing("Correct the name: it is the last part of the address of their profile.",
				"There is no active @%s in GitLab, who is said to be %s.", named[who], who))
		}
	}
	if len(out) == 0 {
		out = append(out, checkup.Okay("Everybody in gitlab.people is in GitLab (%d).", len(named)))
	}
	return out
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

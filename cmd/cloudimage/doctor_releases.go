package main

import (
	"context"

	"cloudimage/checkup"
	"cloudimage/providers/releases"
)

// releases asks each source of releases once.
func (d *doctor) releases(ctx context.Context) []checkup.Finding {
	switch {
	case !d.readable:
		return []checkup.Finding{checkup.Noted("", "The sources of releases are not asked while the configuration, which names them, is not in order.")}
	case d.config.Releases == nil:
		return []checkup.Finding{checkup.Noted("Write `releases: { of: gitlab }` into the configuration to watch what GitLab publishes.",
			"No source of releases is watched. People tell of releases with /cloudimage release.")}
	}
	w, err := newWatched(Settings{Config: d.config, GitLabToken: d.given.value(gitLabToken)})
	if err != nil {
		return failures(err)
	}
	ctx, cancel := context.WithTimeout(ctx, checkWithin)
	defer cancel()
	return releases.Check(ctx, w.checks)
}

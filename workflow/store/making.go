package store

import (
	"context"
	"fmt"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file makes and changes builds. A run that follows its build is decided with
// it and written in the same transaction: the request of the build's change is kept
// for both, so the run needs none of its own.

// CreateBuilds implements [images.Book].
func (s *Store) CreateBuilds(ctx context.Context, request workflow.RequestID, builds []*images.Build, change func(*workflow.Run, *images.Build) error) ([]*images.Build, error) {
	if err := checkBuilds(request, builds); err != nil {
		return nil, err
	}
	var made []*images.Build
	done, err := s.do(ctx, hold{runs: runsOf(builds)}, func(b *batch) (refused, failed error) {
		made, refused, failed = b.createBuilds(request, builds, change)
		return refused, failed
	})
	if !done || err != nil {
		return nil, err
	}
	return made, nil
}

// UpdateBuild implements [images.Book]. When ctx ends before the change began it is
// not made; when it ends later, the change may be made although there is an error.
// A run whose process cannot be read any more is left as it is: its build goes on.
func (s *Store) UpdateBuild(ctx context.Context, id images.BuildID, request workflow.RequestID, change func(*images.Build) error, follow func(r *workflow.Run, was, is *images.Build) error) (*images.Build, error) {
	if request != "" {
		if err := checkRequest(request); err != nil {
			return nil, err
		}
	}
	held := hold{builds: []images.BuildID{id}}
	if s.dialect.shared() && follow != nil {
		run, err := s.runOfBuild(ctx, id)
		if err != nil {
			return nil, err
		}
		held.runs = on(run).runs
	}
	var build *images.Build
	done, err := s.do(ctx, held, func(b *batch) (refused, failed error) {
		build, refused, failed = b.updateBuild(id, request, change, follow)
		return refused, failed
	})
	if !done || err != nil {
		return nil, err
	}
	return build, nil
}

// checkBuilds refuses what cannot be kept, whoever asks.
func checkBuilds(request workflow.RequestID, builds []*images.Build) error {
	if request != "" {
		if err := checkRequest(request); err != nil {
			return err
		}
	}
	ids := map[images.BuildID]bool{}
	for _, build := range builds {
		if build.ID == "" || build.Plan == "" || ids[build.ID] {
			return &workflow.Error{Kind: workflow.Internal, Err: fmt.Errorf("build %q of plan %q cannot be kept", build.ID, build.Plan)}
		}
		ids[build.ID] = true
	}
	return nil
}

// runsOf are the runs that builds are for, in the order they are named in.
func runsOf(builds []*images.Build) (runs []workflow.RunID) {
	seen := map[workflow.RunID]bool{"": true}
	for _, build := range builds {
		if run := build.Order.Run; !seen[run] {
			seen[run] = true
			runs = append(runs, run)
		}
	}
	return runs
}

func (b *batch) createBuilds(request workflow.RequestID, builds []*images.Build, change func(*workflow.Run, *images.Build) error) (made []*images.Build, refused, failed error) {
	if _, seen, err := b.seenRequest(request); err != nil || seen {
		if err == nil {
			made, err = b.madeBy(request)
		}
		return made, nil, err
	}
	bodies := make([]string, len(builds))
	made = make([]*images.Build, len(builds))
	for i, build := range builds {
		if bodies[i], made[i], refused = encodeBuild(build, 1); refused != nil {
			return nil, refused, nil
		}
		was, err := b.build(build.ID)
		if err != nil {
			return nil, nil, err
		}
		if was != nil {
			return nil, &workflow.Error{Kind: workflow.Internal, Err: fmt.Errorf("there is a build %q already", build.ID)}, nil
		}
	}
	told, refused, failed := b.tellRuns(made, change)
	if refused != nil || failed != nil {
		return nil, refused, failed
	}
	if request != "" {
		fresh, err := b.keepRequest(request, "")
		if err == nil && !fresh { // another replica has answered it since it was looked up
			made, err = b.madeBy(request)
			return made, nil, err
		}
		if err != nil {
			return nil, nil, err
		}
	}
	for i, build := range made {
		if err := b.insertBuild(build, request, bodies[i]); err != nil {
			return nil, nil, err
		}
	}
	if err := b.wantBuildNews(made); err != nil {
		return nil, nil, err
	}
	if err := b.saveAll(told...); err != nil {
		return nil, nil, err
	}
	return made, nil, nil
}

// seenRequest is requestOf for a request that may be empty, which was never seen.
func (b *batch) seenRequest(request workflow.RequestID) (run workflow.RunID, seen bool, err error) {
	if request == "" {
		return "", false, nil
	}
	return b.requestOf(request)
}

// madeBy are the builds that were made by a request.
func (b *batch) madeBy(request workflow.RequestID) ([]*images.Build, error) {
	return collectBuilds(b.ctx, b.session, "request = $1 ORDER BY created, id", string(request))
}

// tellRuns decides what the runs of new builds are to know of them, each run once
// for all of its builds.
func (b *batch) tellRuns(builds []*images.Build, change func(*workflow.Run, *images.Build) error) (told []*decided, refused, failed error) {
	if change == nil {
		return nil, nil, nil
	}
	for _, id := range runsOf(builds) {
		run, err := b.run(id)
		if err != nil {
			return nil, nil, err
		}
		if run == nil {
			return nil, unknownRun(id), nil
		}
		d, refused, failed := b.settle(run, func(r *workflow.Run) error {
			for _, build := range builds {
				if build.Order.Run != id {
					continue
				}
				if err := change(r, build.Clone()); err != nil {
					return err
				}
			}
			return nil
		})
		if refused != nil || failed != nil {
			return nil, refused, failed
		}
		if d != nil {
			told = append(told, d)
		}
	}
	return told, nil, nil
}

func (b *batch) updateBuild(id images.BuildID, request workflow.RequestID, change func(*images.Build) error, follow func(r *workflow.Run, was, is *images.Build) error) (is *images.Build, refused, failed error) {
	was, err := b.build(id)
	if err != nil {
		return nil, nil, err
	}
	if was == nil {
		return nil, unknownBuild(id), nil
	}
	if _, seen, err := b.seenRequest(request); err != nil || seen {
		return was, nil, err
	}
	body, is, refused := b.changeBuild(was, change)
	if refused != nil {
		return nil, refused, nil
	}
	if is == nil {
		return was, nil, nil
	}
	followed, refused, failed := b.followBuild(was, is, follow)
	if refused != nil || failed != nil {
		return nil, refused, failed
	}
	if request != "" {
		if fresh, err := b.keepRequest(request, is.Order.Run); err != nil || !fresh {
			return was, nil, err
		}
	}
	if err := b.saveBuild(is, body); err != nil {
		return nil, nil, err
	}
	if err := b.wantLogs(was, is); err != nil {
		return nil, nil, err
	}
	b.stale[buildNewsID(is.Plan)] = true
	if followed != nil {
		if err := b.saveAll(followed); err != nil {
			return nil, nil, err
		}
	}
	return is, nil, nil
}

// changeBuild makes a change to a copy of a build, and none of it is written. The
// build is nil when it is as it was.
func (b *batch) changeBuild(was *images.Build, change func(*images.Build) error) (body string, is *images.Build, refused error) {
	before, _, err := encodeBuild(was, was.Revision)
	if err != nil {
		return "", nil, err
	}
	after := was.Clone()
	if refused := b.guard(func() error { return change(after) }); refused != nil {
		return "", nil, refused
	}
	body, is, err = encodeBuild(after, was.Revision+1)
	if err != nil {
		return "", nil, err
	}
	if body == before {
		return "", nil, nil
	}
	if is.ID != was.ID || is.Plan != was.Plan || is.Order.Run != was.Order.Run || is.Order.Listing != was.Order.Listing {
		return "", nil, &workflow.Error{Kind: workflow.Internal, Err: fmt.Errorf("build %s is to become that of another order", was.ID)}
	}
	return body, is, nil
}

// followBuild decides how the run of a build follows a change of it; nil when it
// does not.
func (b *batch) followBuild(was, is *images.Build, follow func(r *workflow.Run, was, is *images.Build) error) (d *decided, refused, failed error) {
	if follow == nil || is.Order.Run == "" {
		return nil, nil, nil
	}
	run, err := b.readable(is.Order.Run)
	if err != nil || run == nil {
		return nil, nil, err
	}
	return b.settle(run, func(r *workflow.Run) error { return follow(r, was.Clone(), is.Clone()) })
}

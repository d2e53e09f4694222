package maintenance

import (
	"context"
	"slices"
	"time"

	"cloudimage/workflow"
)

// This file is the catalogue: what is live where, and who may say so.

// Catalogue are all listings, by id.
func (s *Service) Catalogue(ctx context.Context) ([]workflow.Listed, error) {
	return s.options.Book.Catalogue(ctx)
}

// Listed is the listing of that id.
func (s *Service) Listed(ctx context.Context, id workflow.ListingID) (workflow.Listed, error) {
	all, err := s.options.Book.Catalogue(ctx)
	if err != nil {
		return workflow.Listed{}, err
	}
	for _, l := range all {
		if l.ID == id {
			return l, nil
		}
	}
	return workflow.Listed{}, workflow.Fail(workflow.NotFound, "There is no listing %q any more.", string(id))
}

// Publications are the versions that were live of a listing, the newest first.
func (s *Service) Publications(ctx context.Context, id workflow.ListingID) ([]workflow.Publication, error) {
	return s.options.Book.Publications(ctx, id)
}

// Teams are the teams that can maintain a listing.
func (s *Service) Teams() []workflow.Team {
	if def := s.definition(); def != nil {
		return def.Teams
	}
	return nil
}

// Add adds listings, or changes those that are there with the same partner, edition,
// delivery and architecture: all of them or none. What they leave out stays. It
// reports how many are new.
func (s *Service) Add(ctx context.Context, who workflow.Who, list []workflow.Listed) (added int, err error) {
	if err := s.mayDecide(ctx, who); err != nil {
		return 0, err
	}
	if added, err = s.Import(ctx, who, list); err != nil {
		return 0, err
	}
	return added, s.Reconcile(ctx)
}

// Import is [Service.Add] for whoever runs the program, who may. The work for the
// listings opens with the next pass.
func (s *Service) Import(ctx context.Context, who workflow.Who, list []workflow.Listed) (added int, err error) {
	now := s.options.Now().UTC().Truncate(time.Millisecond)
	ids := make([]workflow.ListingID, len(list))
	for i := range list {
		list[i].ID = workflow.ListedID(list[i].Partner, list[i].Edition, list[i].Delivery, list[i].Architecture)
		if ids[i] = list[i].ID; slices.Contains(ids[:i], ids[i]) {
			return 0, workflow.Fail(workflow.Invalid, "%s is there twice. Name each listing once.", list[i].FullName())
		}
		if bad := list[i].Check(s.options.Product.Editions, s.teamIDs()); bad != nil {
			return 0, &workflow.Error{Kind: workflow.Invalid, Message: workflow.Say("Some answers need another look."), Fields: bad}
		}
	}
	err = s.options.Book.ChangeListings(ctx, who.Request, who.User, ids, func(are []*workflow.Listed) error {
		added = 0
		for i, l := range are {
			given := list[i].Clone()
			if l == nil {
				given.Added = now
				if given.At.IsZero() && !given.Published.IsZero() {
					given.At = now
				}
				are[i] = &given
				added++
				continue
			}
			merge(l, given, now)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return added, nil
}

// merge takes over what was given of a listing that is there.
func merge(l *workflow.Listed, given workflow.Listed, now time.Time) {
	l.Provider, l.Retired = given.Provider, time.Time{}
	if l.Channel == "" {
		l.Channel = given.Channel
	}
	for _, f := range []struct{ to, from *string }{
		{&l.Product, &given.Product}, {&l.Link, &given.Link}, {&l.Pricing, &given.Pricing},
		{&l.Texts.Title, &given.Texts.Title}, {&l.Texts.Short, &given.Texts.Short}, {&l.Texts.Long, &given.Texts.Long},
	} {
		if *f.from != "" {
			*f.to = *f.from
		}
	}
	if given.Maintainer != "" {
		l.Maintainer = given.Maintainer
	}
	if given.Branch != (workflow.Branch{}) {
		l.Branch = given.Branch
	}
	if len(given.Regions) > 0 {
		l.Regions = given.Regions
	}
	if !given.Published.IsZero() && given.Published != l.Published {
		l.Published, l.At = given.Published, given.At
		if l.At.IsZero() {
			l.At = now
		}
	}
}

func (s *Service) teamIDs() []workflow.TeamID {
	var out []workflow.TeamID
	for _, t := range s.Teams() {
		out = append(out, t.ID)
	}
	return out
}

// Change changes a listing that is there. Change is pure and may be called more than
// once. Seen is the revision that the person was shown; 0 for none.
func (s *Service) Change(ctx context.Context, who workflow.Who, id workflow.ListingID, seen int64, change func(l *workflow.Listed)) error {
	if err := s.mayDecide(ctx, who); err != nil {
		return err
	}
	err := s.options.Book.ChangeListings(ctx, who.Request, who.User, []workflow.ListingID{id}, func(are []*workflow.Listed) error {
		l := are[0]
		switch {
		case l == nil:
			return workflow.Fail(workflow.NotFound, "There is no listing %q any more.", string(id))
		case seen != 0 && seen != l.Revision:
			return workflow.Fail(workflow.Stale, "%s has changed since you opened it, so nothing was done. Please open it again.", l.FullName())
		}
		change(l)
		if bad := l.Check(s.options.Product.Editions, s.teamIDs()); bad != nil {
			return &workflow.Error{Kind: workflow.Invalid, Message: workflow.Say("Some answers need another look."), Fields: bad}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.Reconcile(ctx)
}

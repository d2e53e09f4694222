package awssim

import (
	"slices"
	"time"
)

// fits reports whether a change set fits a filter.
func (c *changeSet) fits(f catalogFilter, now time.Time) (bool, error) {
	any := func(have ...string) bool {
		return slices.ContainsFunc(have, func(h string) bool { return slices.Contains(f.ValueList, h) })
	}
	at := func(t time.Time, ok, after bool) (bool, error) {
		if len(f.ValueList) != 1 {
			return false, invalid("Filter %s takes one value.", f.Name)
		}
		limit, err := time.Parse(time.RFC3339, f.ValueList[0])
		if err != nil {
			return false, invalid("The value of filter %s is not a time.", f.Name)
		}
		return ok && (after && t.After(limit) || !after && t.Before(limit)), nil
	}
	end, over := c.ended(now)
	switch f.Name {
	case "EntityId":
		return any(c.entities()...), nil
	case "ChangeSetName":
		return any(c.name), nil
	case "Status":
		return any(c.life.at(now)), nil
	case "BeforeStartTime":
		return at(c.born, true, false)
	case "AfterStartTime":
		return at(c.born, true, true)
	case "BeforeEndTime":
		return at(end, over, false)
	case "AfterEndTime":
		return at(end, over, true)
	}
	return false, invalid("Filter %s is not supported.", f.Name)
}

func listChangeSets(s *Server, c *request) (any, error) {
	var in listIn
	if err := c.into(&in); err != nil {
		return nil, err
	}
	if err := checkCatalog(in.Catalog); err != nil {
		return nil, err
	}
	most, err := in.most()
	if err != nil {
		return nil, err
	}
	var list []*changeSet
	for _, set := range sorted(s.market.sets) {
		ok := c.now.Before(set.born.Add(retained))
		for _, f := range in.FilterList {
			fits, err := set.fits(f, c.now)
			if err != nil {
				return nil, err
			}
			ok = ok && fits
		}
		if ok {
			list = append(list, set)
		}
	}
	key := func(set *changeSet) string { return stamp(set.born) + " " + set.id }
	switch in.Sort.SortBy {
	case "", "StartTime":
	case "EndTime":
		key = func(set *changeSet) string {
			if at, ok := set.ended(c.now); ok {
				return stamp(at) + " " + set.id
			}
			return "unended " + set.id // after all times
		}
	default:
		return nil, invalid("Sort by %s is not supported.", in.Sort.SortBy)
	}
	list, next, err := catalogPage(c, list, key, in.Sort.SortOrder, most, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := []any{}
	for _, set := range list {
		m := s.setIDs(set.id)
		m["ChangeSetName"], m["StartTime"], m["Status"], m["EntityIdList"] = set.name, moment(set.born), set.life.at(c.now), set.entities()
		if at, ok := set.ended(c.now); ok {
			m["EndTime"] = moment(at)
		}
		if set.life.at(c.now) == setFailed {
			m["FailureCode"] = set.failure
		}
		out = append(out, m)
	}
	return withNext(map[string]any{"ChangeSetSummaryList": out}, next), nil
}

package awssim

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

const amiProduct = "AmiProduct@1.0"

func catalogActions() map[string]action {
	return map[string]action{
		"ListEntities": listEntities, "DescribeEntity": describeEntity,
		"StartChangeSet": startChangeSet, "DescribeChangeSet": describeChangeSet,
		"ListChangeSets": listChangeSets, "CancelChangeSet": cancelChangeSet,
		"ListAssessments": listAssessments, "DescribeAssessment": describeAssessment,
	}
}

// moment is how the catalog writes one.
func moment(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func invalid(format string, args ...any) *awsError {
	e := refuse("ValidationException", format, args...)
	e.status = http.StatusUnprocessableEntity
	return e
}

func absentEntity(id string) error {
	return refuseWith(http.StatusNotFound, "ResourceNotFoundException", "Entity %s is not found.", id)
}

func checkCatalog(name string) error {
	if name != "AWSMarketplace" {
		return refuseWith(http.StatusNotFound, "ResourceNotFoundException", "Catalog %s is not found.", name)
	}
	return nil
}

func describeEntity(s *Server, c *request) (any, error) {
	var in struct{ Catalog, EntityId string }
	if err := c.into(&in); err != nil {
		return nil, err
	}
	if err := checkCatalog(in.Catalog); err != nil {
		return nil, err
	}
	id, _, _ := strings.Cut(in.EntityId, "@")
	p := s.market.products[id]
	if p == nil {
		return nil, absentEntity(in.EntityId)
	}
	doc := p.document()
	text, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"EntityType": amiProduct, "EntityIdentifier": p.identifier(), "EntityArn": s.entityARN("AmiProduct", p.id),
		"LastModifiedDate": moment(p.modified), "Details": string(text), "DetailsDocument": doc,
	}, nil
}

// listIn is what the lists of the catalog are asked alike.
type listIn struct {
	Catalog    string
	FilterList []catalogFilter
	Sort       struct{ SortBy, SortOrder string }
	MaxResults *int
	NextToken  string
}

type catalogFilter struct {
	Name      string
	ValueList []string
}

// most is how long a page is to be.
func (in *listIn) most() (int, error) {
	if in.MaxResults == nil {
		return 20, nil
	}
	if n := *in.MaxResults; n < 1 || n > 50 {
		return 0, invalid("MaxResults must be between 1 and 50.")
	}
	return *in.MaxResults, nil
}

// entityFilter is the filter of one type of entities.
type entityFilter struct {
	EntityId, Visibility struct{ ValueList []string }
	ProductTitle         struct {
		ValueList     []string
		WildCardValue string
	}
	LastModifiedDate struct {
		DateRange struct{ AfterValue, BeforeValue string }
	}
}

func (f *entityFilter) fits(p *product) bool {
	has := func(list []string, v string) bool { return len(list) == 0 || slices.Contains(list, v) }
	span := f.LastModifiedDate.DateRange
	return has(f.EntityId.ValueList, p.id) && has(f.Visibility.ValueList, "Public") && has(f.ProductTitle.ValueList, p.title) &&
		strings.Contains(strings.ToLower(p.title), strings.ToLower(f.ProductTitle.WildCardValue)) &&
		(span.AfterValue == "" || moment(p.modified) >= span.AfterValue) &&
		(span.BeforeValue == "" || moment(p.modified) <= span.BeforeValue)
}

func listEntities(s *Server, c *request) (any, error) {
	var in struct {
		listIn
		EntityType        string
		EntityTypeFilters struct{ AmiProductFilters entityFilter }
		EntityTypeSort    struct {
			AmiProductSort struct{ SortBy, SortOrder string }
		}
	}
	if err := c.into(&in); err != nil {
		return nil, err
	}
	if err := checkCatalog(in.Catalog); err != nil {
		return nil, err
	}
	if in.EntityType == "" {
		return nil, invalid("EntityType is required.")
	}
	most, err := in.most()
	if err != nil {
		return nil, err
	}
	var list []*product
	for _, p := range sorted(s.market.products) {
		// ServerProduct is the older name.
		ok := in.EntityType == "AmiProduct" || in.EntityType == "ServerProduct"
		for _, f := range in.FilterList {
			have, known := map[string]string{"EntityId": p.id, "Name": p.title, "Visibility": "Public"}[f.Name]
			if !known {
				return nil, invalid("Filter %s is not supported.", f.Name)
			}
			ok = ok && slices.Contains(f.ValueList, have)
		}
		if ok && in.EntityTypeFilters.AmiProductFilters.fits(p) {
			list = append(list, p)
		}
	}
	by := cmp.Or(in.EntityTypeSort.AmiProductSort.SortBy, in.Sort.SortBy)
	order := cmp.Or(in.EntityTypeSort.AmiProductSort.SortOrder, in.Sort.SortOrder)
	key := func(p *product) string {
		switch by {
		case "EntityId":
			return p.id
		case "ProductTitle", "Name":
			return p.title + " " + p.id
		}
		return moment(p.modified) + " " + p.id
	}
	list, next, err := catalogPage(c, list, key, order, most, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := []any{}
	for _, p := range list {
		out = append(out, map[string]any{
			"Name": p.title, "EntityType": "AmiProduct", "EntityId": p.id, "EntityArn": s.entityARN("AmiProduct", p.id),
			"LastModifiedDate": moment(p.modified), "Visibility": "Public",
			"AmiProductSummary": map[string]any{"ProductTitle": p.title, "Visibility": "Public"},
		})
	}
	return withNext(map[string]any{"EntitySummaryList": out}, next), nil
}

// catalogPage sorts a list, newest or last first unless asked otherwise, and cuts it.
func catalogPage[T any](c *request, list []T, key func(T) string, order string, most int, token string) ([]T, string, error) {
	ascending := order == "ASCENDING"
	slices.SortFunc(list, func(a, b T) int {
		n := strings.Compare(key(a), key(b))
		if !ascending {
			return -n
		}
		return n
	})
	// The token names the first thing of the next page, since it works both ways.
	if token != "" {
		from, ok := strings.CutPrefix(unhide(token), c.op+" ")
		if !ok {
			return nil, "", invalid("NextToken is not valid.")
		}
		list = slices.DeleteFunc(slices.Clone(list), func(v T) bool {
			return ascending && key(v) < from || !ascending && key(v) > from
		})
	}
	if len(list) <= most {
		return list, "", nil
	}
	return list[:most], hide(c.op + " " + key(list[most])), nil
}

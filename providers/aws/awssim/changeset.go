package awssim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The states of a change set.
const (
	preparing = "PREPARING"
	applying  = "APPLYING"
	succeeded = "SUCCEEDED"
	setFailed = "FAILED"
	cancelled = "CANCELLED"
)

// retained is how long a change set can be asked for.
const retained = 60 * 24 * time.Hour

// changeSet is a request to change what is sold.
type changeSet struct {
	id, name, by, intent string
	born                 time.Time
	life                 timeline
	changes              []*oneChange
	failure              string // CLIENT_ERROR or SERVER_FAULT
	applied              bool   // its effect has happened, or there is none
	assessment           *assessment
}

type entity struct{ Type, Identifier string }

// oneChange is one change of a set.
type oneChange struct {
	ChangeType      string
	ChangeName      string
	Entity          entity
	Details         *string
	DetailsDocument json.RawMessage

	doc      any       // its details, read
	delivery *delivery // the same, of AddDeliveryOptions
	errors   []detail
}

// detail is why a change failed.
type detail struct {
	ErrorCode    string
	ErrorMessage string
}

func (c *changeSet) entities() []string {
	var out []string
	for _, ch := range c.changes {
		out = append(out, ch.Entity.product())
	}
	return out
}

// product is the entity's id without its revision.
func (e entity) product() string {
	id, _, _ := strings.Cut(e.Identifier, "@")
	return id
}

// startInput is what StartChangeSet is asked.
type startInput struct {
	Catalog            string
	ChangeSet          []*oneChange
	ChangeSetName      string
	ClientRequestToken string
	Intent             string
}

// check refuses at once what has no form. What is merely wrong fails later.
func (in *startInput) check(s *Server) error {
	if err := checkCatalog(in.Catalog); err != nil {
		return err
	}
	if n := len(in.ChangeSet); n < 1 || n > 20 {
		return invalid("ChangeSet must have between 1 and 20 changes.")
	}
	if in.ChangeSetName != "" && !regexp.MustCompile(`^[\w\s+=.:@-]{1,100}$`).MatchString(in.ChangeSetName) {
		return invalid("ChangeSetName must satisfy regular expression pattern: ^[\\w\\s+=.:@-]+$ and have at most 100 characters.")
	}
	if t := in.ClientRequestToken; t != "" && !regexp.MustCompile(`^[!-~]{1,64}$`).MatchString(t) {
		return invalid("ClientRequestToken must satisfy regular expression pattern: ^[!-~]+$ and have at most 64 characters.")
	}
	if in.Intent == "" {
		in.Intent = "APPLY"
	}
	if in.Intent != "APPLY" && in.Intent != "VALIDATE" {
		return invalid("Intent must be one of APPLY, VALIDATE.")
	}
	seen := map[string]bool{}
	for _, ch := range in.ChangeSet {
		if ch == nil {
			return invalid("A change must not be null.")
		}
		if err := ch.check(s); err != nil {
			return err
		}
		if in.Intent == "VALIDATE" && ch.ChangeType != "AddDeliveryOptions" {
			return invalid("Intent VALIDATE is not supported for change type %s.", ch.ChangeType)
		}
		if k := ch.ChangeType + " " + ch.Entity.product(); seen[k] {
			return invalid("There can be one change of type %s for an entity.", ch.ChangeType)
		} else {
			seen[k] = true
		}
	}
	return nil
}

func (ch *oneChange) check(s *Server) error {
	if ch.Entity.Type != amiProduct {
		return invalid("Entity type %s is not supported.", ch.Entity.Type)
	}
	if s.market.products[ch.Entity.product()] == nil {
		return absentEntity(ch.Entity.Identifier)
	}
	if !slices.Contains([]string{"AddDeliveryOptions", "UpdateDeliveryOptions", "RestrictDeliveryOptions", "UpdateInformation"}, ch.ChangeType) {
		return invalid("Change type %s is not supported for entity type %s.", ch.ChangeType, ch.Entity.Type)
	}
	given := len(ch.DetailsDocument) > 0 && string(ch.DetailsDocument) != "null"
	if (ch.Details != nil) == given {
		return invalid("Exactly one of Details and DetailsDocument must be given.")
	}
	text := []byte(ch.DetailsDocument)
	if ch.Details != nil {
		text = []byte(*ch.Details)
	}
	if err := json.Unmarshal(text, &ch.doc); err != nil {
		return invalid("Details is not valid JSON.")
	}
	if _, ok := ch.doc.(map[string]any); !ok {
		return invalid("Details must be a JSON object.")
	}
	return ch.checkShape(text)
}

func startChangeSet(s *Server, c *request) (any, error) {
	var in startInput
	if err := c.into(&in); err != nil {
		return nil, err
	}
	print := form(c.params).print()
	if t, ok := s.market.tokens[in.ClientRequestToken]; ok && in.ClientRequestToken != "" {
		if t.params != print {
			return nil, invalid("ClientRequestToken was used with a different request.")
		}
		return s.setIDs(t.id), nil
	}
	if err := in.check(s); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(in.ChangeSet, func(ch *oneChange) bool { return ch.ChangeType == "AddDeliveryOptions" }) {
		if err := s.authorize(c, "iam:PassRole"); err != nil {
			return nil, err
		}
	}
	for _, ch := range in.ChangeSet {
		if other := s.market.locks(ch.Entity.product(), c.now); other != nil {
			return nil, refuseWith(http.StatusLocked, "ResourceInUseException",
				"Requested change set has entities locked by change sets - entity: '%s' change sets: '%s'.", ch.Entity.product(), other.id)
		}
	}
	set := &changeSet{id: s.letters(25), name: in.ChangeSetName, by: c.principal, intent: in.Intent, born: c.now, changes: in.ChangeSet}
	s.plan(set)
	s.market.sets[set.id] = set
	if in.ClientRequestToken != "" {
		s.market.tokens[in.ClientRequestToken] = used{print, set.id}
	}
	return s.setIDs(set.id), nil
}

func (s *Server) setIDs(id string) map[string]any {
	return map[string]any{"ChangeSetId": id, "ChangeSetArn": s.entityARN("ChangeSet", id)}
}

func (s *Server) findSet(c *request) (*changeSet, error) {
	var in struct{ Catalog, ChangeSetId string }
	if err := c.into(&in); err != nil {
		return nil, err
	}
	if err := checkCatalog(in.Catalog); err != nil {
		return nil, err
	}
	set := s.market.sets[in.ChangeSetId]
	if set == nil || !c.now.Before(set.born.Add(retained)) {
		return nil, refuseWith(http.StatusNotFound, "ResourceNotFoundException", "Change set %s is not found.", in.ChangeSetId)
	}
	return set, nil
}

// ended is when a change set ended, and false while it goes on.
func (c *changeSet) ended(now time.Time) (time.Time, bool) {
	st := c.life.at(now)
	return c.life.since(now), st != preparing && st != applying
}

func describeChangeSet(s *Server, c *request) (any, error) {
	set, err := s.findSet(c)
	if err != nil {
		return nil, err
	}
	out := s.setIDs(set.id)
	out["ChangeSetName"], out["Intent"], out["Status"], out["StartTime"] = set.name, set.intent, set.life.at(c.now), moment(set.born)
	if at, ok := set.ended(c.now); ok {
		out["EndTime"] = moment(at)
	}
	bad := set.life.at(c.now) == setFailed
	if bad {
		out["FailureCode"] = set.failure
		if set.failure == "SERVER_FAULT" {
			out["FailureDescription"] = "The change set failed because of an internal error. Try again."
		}
	}
	changes := []any{}
	for _, ch := range set.changes {
		m := map[string]any{
			"ChangeType": ch.ChangeType, "Entity": map[string]any{"Type": ch.Entity.Type, "Identifier": s.identified(ch.Entity)},
			"DetailsDocument": ch.doc, "Details": ch.text(), "ErrorDetailList": []detail{},
		}
		if ch.ChangeName != "" {
			m["ChangeName"] = ch.ChangeName
		}
		if bad && len(ch.errors) > 0 {
			m["ErrorDetailList"] = ch.errors
		}
		changes = append(changes, m)
	}
	out["ChangeSet"] = changes
	return out, nil
}

// identified is the identifier of an entity with its revision.
func (s *Server) identified(e entity) string {
	if p := s.market.products[e.product()]; p != nil {
		return p.identifier()
	}
	return e.Identifier
}

func (ch *oneChange) text() string {
	b, err := json.Marshal(ch.doc)
	if err != nil {
		return fmt.Sprint(ch.doc)
	}
	return string(b)
}

func cancelChangeSet(s *Server, c *request) (any, error) {
	set, err := s.findSet(c)
	if err != nil {
		return nil, err
	}
	if st := set.life.at(c.now); st != preparing {
		return nil, refuseWith(http.StatusLocked, "ResourceInUseException", "Change set %s is in state %s and cannot be cancelled.", set.id, st)
	}
	set.life = set.life.turn(c.now, phase{cancelled, c.now})
	set.applied = true
	return s.setIDs(set.id), nil
}

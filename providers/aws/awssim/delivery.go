package awssim

import (
	"encoding/json"
	"fmt"
	"slices"
)

// delivery are the details of AddDeliveryOptions.
type delivery struct {
	Version struct {
		VersionTitle, ReleaseNotes string
	}
	DeliveryOptions []struct {
		Details struct {
			AmiDeliveryOptionDetails amiDetails
		}
	}
}

type amiDetails struct {
	AmiSource               amiSource
	UsageInstructions       string
	RecommendedInstanceType string
	AccessEndpointURL       *struct {
		Port                   int
		Protocol, RelativePath string
	}
	SecurityGroups []securityGroup
}

type amiSource struct {
	AmiID                  string
	AccessRoleArn          string
	UserName               string
	OperatingSystemName    string
	OperatingSystemVersion string
	ScanningPort           int
}

type securityGroup struct {
	IPProtocol       string
	FromPort, ToPort int
	IPRanges         []string
}

// shape is what may be and what must be in a JSON object. The names of members are
// exact there, other than in Go.
type shape struct {
	need []string
	may  []string
	kids map[string]shape // of members that are objects, or lists of them
}

func shapes() map[string]shape {
	source := shape{
		need: []string{"AmiId", "AccessRoleArn", "UserName", "OperatingSystemName", "OperatingSystemVersion"},
		may:  []string{"ScanningPort"},
	}
	ami := shape{
		need: []string{"AmiSource", "UsageInstructions", "RecommendedInstanceType", "SecurityGroups"},
		may:  []string{"AccessEndpointUrl"},
		kids: map[string]shape{
			"AmiSource":         source,
			"SecurityGroups":    {need: []string{"IpProtocol", "FromPort", "ToPort", "IpRanges"}},
			"AccessEndpointUrl": {need: []string{"Port", "Protocol"}, may: []string{"RelativePath"}},
		},
	}
	option := shape{need: []string{"Details"}, kids: map[string]shape{
		"Details": {need: []string{"AmiDeliveryOptionDetails"}, kids: map[string]shape{"AmiDeliveryOptionDetails": ami}},
	}}
	change := shape{need: []string{"Id"}, may: []string{"Details"}}
	words := shape{need: []string{"VersionTitle", "ReleaseNotes"}}
	return map[string]shape{
		"AddDeliveryOptions": {
			need: []string{"Version", "DeliveryOptions"},
			kids: map[string]shape{"Version": words, "DeliveryOptions": option},
		},
		"UpdateDeliveryOptions": {
			need: []string{"DeliveryOptions"}, may: []string{"Version"},
			kids: map[string]shape{"Version": {may: []string{"ReleaseNotes", "VersionTitle"}}, "DeliveryOptions": change},
		},
		"RestrictDeliveryOptions": {need: []string{"DeliveryOptionIds"}},
		"UpdateInformation": {may: []string{
			"ProductTitle", "ShortDescription", "LongDescription", "LogoUrl", "VideoUrls", "Sku", "Highlights",
			"AdditionalResources", "SupportDescription", "SearchKeywords", "Categories",
		}},
	}
}

// check says what is wrong with a value, or nothing.
func (sh shape) check(at string, v any) string {
	if list, ok := v.([]any); ok {
		if len(list) == 0 {
			return at + " must not be empty"
		}
		for i, e := range list {
			if why := sh.check(fmt.Sprintf("%s[%d]", at, i), e); why != "" {
				return why
			}
		}
		return ""
	}
	m, ok := v.(map[string]any)
	if !ok {
		return at + " must be an object"
	}
	for _, n := range sh.need {
		if m[n] == nil {
			return at + "." + n + " is required"
		}
	}
	for k, e := range m {
		if !slices.Contains(sh.need, k) && !slices.Contains(sh.may, k) {
			return at + "." + k + " is not allowed"
		}
		if kid, ok := sh.kids[k]; ok && e != nil {
			if why := kid.check(at+"."+k, e); why != "" {
				return why
			}
		}
	}
	return ""
}

// checkShape refuses details that do not have the form of their change.
func (ch *oneChange) checkShape(text []byte) error {
	why := shapes()[ch.ChangeType].check("Details", ch.doc)
	if why == "" && ch.ChangeType == "AddDeliveryOptions" {
		why = ch.readDelivery(text)
	}
	if why == "" && ch.ChangeType == "UpdateDeliveryOptions" && len(ch.update().DeliveryOptions) == 0 {
		why = "a member of Details has the wrong type"
	}
	if why == "" && ch.ChangeType == "RestrictDeliveryOptions" && len(ch.options()) == 0 {
		why = "Details.DeliveryOptionIds must have texts"
	}
	if why == "" {
		return nil
	}
	e := invalid("The details of change type %s are not valid: %s.", ch.ChangeType, why)
	e.fields = map[string]any{"ValidationExceptionFieldList": []any{map[string]any{
		"ChangeType": ch.ChangeType, "EntityId": ch.Entity.product(), "EntityType": ch.Entity.Type,
		"Field": "Details", "Message": why, "Reason": "FieldValidationFailed",
	}}}
	return e
}

func (d *delivery) first() amiDetails { return d.DeliveryOptions[0].Details.AmiDeliveryOptionDetails }

func (d *delivery) source() amiSource { return d.first().AmiSource }

// readDelivery reads the details of AddDeliveryOptions, and says what is wrong with
// them, or nothing.
func (ch *oneChange) readDelivery(text []byte) string {
	d := &delivery{}
	if json.Unmarshal(text, d) != nil {
		return "a member of Details has the wrong type"
	}
	for _, o := range d.DeliveryOptions {
		if o.Details.AmiDeliveryOptionDetails.AmiSource != d.source() {
			return "all delivery options of a version must have the same AmiSource"
		}
	}
	ch.delivery = d
	return ""
}

// options are the delivery options that are to be restricted.
func (ch *oneChange) options() []string {
	var in struct{ DeliveryOptionIds []string }
	if json.Unmarshal([]byte(ch.text()), &in) != nil {
		return nil
	}
	return in.DeliveryOptionIds
}

// update are the details of UpdateDeliveryOptions.
type update struct {
	Version         struct{ VersionTitle, ReleaseNotes string }
	DeliveryOptions []struct {
		ID      string
		Details struct {
			AmiDeliveryOptionDetails struct{ UsageInstructions, RecommendedInstanceType string }
		}
	}
}

// update is empty when a member has the wrong type.
func (ch *oneChange) update() update {
	var in update
	if json.Unmarshal([]byte(ch.text()), &in) != nil {
		return update{}
	}
	return in
}

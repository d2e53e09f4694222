package awssim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	catalog "github.com/aws/aws-sdk-go-v2/service/marketplacecatalog"
	"github.com/aws/aws-sdk-go-v2/service/marketplacecatalog/types"

	"cloudimage/providers/aws/awssim"
)

const product = "prod-abcdefghijklm"

// m is a JSON object.
type m = map[string]any

// addition are the details of a new version that is right.
func addition(title, image string) m {
	return m{
		"Version": m{"VersionTitle": title, "ReleaseNotes": "What is new."},
		"DeliveryOptions": []any{m{"Details": m{"AmiDeliveryOptionDetails": m{
			"AmiSource": m{
				"AmiId": image, "AccessRoleArn": "arn:aws:iam::123456789012:role/AWSMarketplaceAmiIngestion", "UserName": "ubuntu",
				"OperatingSystemName": "UBUNTU", "OperatingSystemVersion": "24.04",
			},
			"UsageInstructions": "See docs.gitlab.com.", "RecommendedInstanceType": "c5.2xlarge",
			"AccessEndpointUrl": m{"Port": 443, "Protocol": "https"},
			"SecurityGroups":    []any{m{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": []any{"0.0.0.0/0"}}},
		}}}},
	}
}

func (w *world) start(kind string, details m, change ...func(*catalog.StartChangeSetInput)) (string, error) {
	text := must(json.Marshal(details))(w)
	in := &catalog.StartChangeSetInput{
		Catalog: aws.String("AWSMarketplace"), ChangeSetName: aws.String("Patch version update"),
		ChangeSet: []types.Change{{
			ChangeType: aws.String(kind), Entity: &types.Entity{Type: aws.String("AmiProduct@1.0"), Identifier: aws.String(product)},
			Details: aws.String(string(text)),
		}},
	}
	for _, f := range change {
		f(in)
	}
	out, err := w.catalog().StartChangeSet(w.ctx, in)
	if err != nil {
		return "", err
	}
	return *out.ChangeSetId, nil
}

func (w *world) changeSet(id string) *catalog.DescribeChangeSetOutput {
	w.Helper()
	return must(w.catalog().DescribeChangeSet(w.ctx, &catalog.DescribeChangeSetInput{Catalog: aws.String("AWSMarketplace"), ChangeSetId: aws.String(id)}))(w)
}

// titles are the versions of the product, with their visibility.
func (w *world) titles() string {
	w.Helper()
	out := must(w.catalog().DescribeEntity(w.ctx, &catalog.DescribeEntityInput{Catalog: aws.String("AWSMarketplace"), EntityId: aws.String(product)}))(w)
	var doc struct {
		Versions []struct {
			VersionTitle    string
			Sources         []struct{ ID, Image string }
			DeliveryOptions []struct{ ID, SourceID, Visibility string }
		}
	}
	if err := json.Unmarshal([]byte(*out.Details), &doc); err != nil {
		w.Fatal(err)
	}
	var other any
	if err := out.DetailsDocument.UnmarshalSmithyDocument(&other); err != nil {
		w.Fatal(err)
	}
	var list []string
	for _, v := range doc.Versions {
		list = append(list, v.VersionTitle+" "+v.DeliveryOptions[0].Visibility)
	}
	return strings.Join(list, ", ") + " @" + strings.SplitN(*out.EntityIdentifier, "@", 2)[1]
}

func listed(t *testing.T, options ...func(*awssim.Options)) (*world, string) {
	w := setup(t, options...)
	w.sim.AddProduct(product, "GitLab Ultimate", "x86_64", "18.4.0")
	return w, w.sim.AddImage(home, awssim.Image{Name: "GitLab EE 18.5.0"})
}

func TestAVersionIsAdded(t *testing.T) {
	w, image := listed(t)
	token := func(in *catalog.StartChangeSetInput) { in.ClientRequestToken = aws.String("run-1") }
	id := must(w.start("AddDeliveryOptions", addition("18.5.0", image), token))(w)
	same(w, "length of the id", len(id), 25)
	same(w, "id by the same token", must(w.start("AddDeliveryOptions", addition("18.5.0", image), token))(w), id)
	_, err := w.start("AddDeliveryOptions", addition("18.5.1", image), token)
	w.want(err, "ValidationException")
	_, err = w.start("AddDeliveryOptions", addition("18.5.1", image))
	w.want(err, "ResourceInUseException")
	if !strings.Contains(err.Error(), "'"+id+"'") {
		t.Errorf("the error does not name the change set: %v", err)
	}
	set := w.changeSet(id)
	same(w, "status", set.Status, types.ChangeStatusPreparing)
	same(w, "end", set.EndTime == nil, true)
	w.clock.pass(50 * time.Minute)
	same(w, "status", w.changeSet(id).Status, types.ChangeStatusApplying)
	_, err = w.catalog().CancelChangeSet(w.ctx, &catalog.CancelChangeSetInput{Catalog: aws.String("AWSMarketplace"), ChangeSetId: aws.String(id)})
	w.want(err, "ResourceInUseException")
	same(w, "versions", w.titles(), "18.4.0 Public @1")
	w.clock.pass(time.Hour)
	set = w.changeSet(id)
	same(w, "status", set.Status, types.ChangeStatusSucceeded)
	same(w, "end", *set.EndTime, "2026-08-20T10:00:00Z")
	same(w, "versions", w.titles(), "18.4.0 Public, 18.5.0 Public @2")
	assessments := must(w.catalog().ListAssessments(w.ctx, &catalog.ListAssessmentsInput{Catalog: aws.String("AWSMarketplace"), AssessmentTargetFilter: &types.AssessmentTargetFilter{ChangeSetId: aws.String(id)}}))(w)
	same(w, "assessment", assessments.AssessmentSummaryList[0].AssessmentResult, types.AssessmentResultPass)

	first := w.sim.State().Products[0].Versions
	id = must(w.start("RestrictDeliveryOptions", m{"DeliveryOptionIds": []string{first[0].Option}}))(w)
	w.clock.pass(time.Hour)
	same(w, "status", w.changeSet(id).Status, types.ChangeStatusSucceeded)
	same(w, "versions", w.titles(), "18.4.0 Restricted, 18.5.0 Public @3")
	id = must(w.start("RestrictDeliveryOptions", m{"DeliveryOptionIds": []string{first[1].Option}}))(w)
	w.clock.pass(time.Hour)
	set = w.changeSet(id)
	same(w, "status", set.Status, types.ChangeStatusFailed)
	same(w, "code", *set.ChangeSet[0].ErrorDetailList[0].ErrorCode, "ALL_DELIVERY_OPTIONS_RESTRICTED")
	id = must(w.start("UpdateInformation", m{"ProductTitle": "GitLab"}))(w)
	w.clock.pass(time.Hour)
	same(w, "title", w.sim.State().Products[0].Title, "GitLab")
	w.clock.pass(61 * 24 * time.Hour)
	_, err = w.catalog().DescribeChangeSet(w.ctx, &catalog.DescribeChangeSetInput{Catalog: aws.String("AWSMarketplace"), ChangeSetId: aws.String(id)})
	w.want(err, "ResourceNotFoundException")
}

func TestAVersionIsOnlyTried(t *testing.T) {
	w, image := listed(t)
	try := func(in *catalog.StartChangeSetInput) { in.Intent = types.IntentValidate }
	w.sim.FailScan(product, awssim.Finding{Control: "NoKnownVulnerabilities", Code: "CVE-2026-1", Message: "openssl is old", Scope: map[string]string{"Package": "openssl"}})
	id := must(w.start("AddDeliveryOptions", addition("18.5.0", image), try))(w)
	w.clock.pass(30 * time.Minute)
	same(w, "status", w.changeSet(id).Status, types.ChangeStatusPreparing)
	w.clock.pass(30 * time.Minute)
	set := w.changeSet(id)
	same(w, "status", set.Status, types.ChangeStatusFailed)
	same(w, "failure", set.FailureCode, types.FailureCodeClientError)
	e := set.ChangeSet[0].ErrorDetailList[0]
	same(w, "code", *e.ErrorCode, "SCAN_ERROR")
	if got := w.body(must(http.NewRequestWithContext(w.ctx, http.MethodGet, *e.ErrorMessage, nil))(w)); !strings.Contains(got, "openssl is old") {
		t.Errorf("the findings are %s", got)
	}
	list := must(w.catalog().ListAssessments(w.ctx, &catalog.ListAssessmentsInput{Catalog: aws.String("AWSMarketplace"), FrameworkId: aws.String("AMISecurity")}))(w)
	a := must(w.catalog().DescribeAssessment(w.ctx, &catalog.DescribeAssessmentInput{Catalog: aws.String("AWSMarketplace"), AssessmentIdentifier: list.AssessmentSummaryList[0].AssessmentId}))(w)
	same(w, "result", a.AssessmentResult, types.AssessmentResultFail)
	failing := 0
	for _, c := range a.ControlAssessments {
		if c.ControlAssessmentResult == types.ControlAssessmentResultFail {
			failing++
			same(w, "message", *c.Errors[0].Message, "openssl is old")
			same(w, "scope", *c.Errors[0].Scope[0].Value, "openssl")
		}
	}
	same(w, "failing controls", failing, 1)
	id = must(w.start("AddDeliveryOptions", addition("18.5.0", image), try))(w)
	w.clock.pass(time.Hour)
	same(w, "status", w.changeSet(id).Status, types.ChangeStatusSucceeded)
	same(w, "versions", w.titles(), "18.4.0 Public @1")
	_, err := w.start("UpdateInformation", m{}, try)
	w.want(err, "ValidationException")
}

// edit is an addition with a member changed; the path goes through objects and first
// members of lists.
func edit(details m, path string, v any) m {
	at, parts := details, strings.Split(path, ".")
	for _, p := range parts[:len(parts)-1] {
		switch next := at[p].(type) {
		case m:
			at = next
		case []any:
			at = next[0].(m)
		}
	}
	last := parts[len(parts)-1]
	if v == nil {
		delete(at, last)
	} else {
		at[last] = v
	}
	return details
}

func TestWhatIsWrongWithAVersion(t *testing.T) {
	w, image := listed(t)
	arm := w.sim.AddImage(home, awssim.Image{Name: "arm", Architecture: "arm64"})
	far := w.sim.AddImage("eu-west-1", awssim.Image{Name: "far"})
	const option, source = "DeliveryOptions.Details.AmiDeliveryOptionDetails.", "DeliveryOptions.Details.AmiDeliveryOptionDetails.AmiSource."
	for _, c := range []struct {
		path string
		v    any
		want string
	}{
		{"Version.VersionTitle", "18.4.0", "DUPLICATE_VERSION_TITLE"},
		{"Version.VersionTitle", "", "INVALID_VERSION_TITLE"},
		{"Version.ReleaseNotes", "", "INVALID_RELEASE_NOTES"},
		{source + "AmiId", far, "INVALID_AMI_ID"},
		{source + "AmiId", arm, "INVALID_AMI_ARCHITECTURE"},
		{source + "AccessRoleArn", "arn:aws:iam::1:role/x", "ASSET_ACCESS_EXCEPTION"},
		{source + "OperatingSystemName", "PLAN9", "INCOMPATIBLE_OPERATING_SYSTEM_NAME"},
		{source + "ScanningPort", 70000, "INVALID_SCANNING_PORT"},
		{option + "RecommendedInstanceType", "x.huge", "INVALID_RECOMMENDED_INSTANCE_TYPE"},
		{option + "RecommendedInstanceType", "m6g.large", "RECOMMENDED_INSTANCE_TYPE_NOT_AVAILABLE"},
		{option + "SecurityGroups.IpProtocol", "icmp", "INVALID_SECURITY_GROUP_PROTOCOL"},
		{option + "SecurityGroups.IpRanges", []any{"all"}, "INVALID_CIDR_IP"},
		{option + "SecurityGroups.ToPort", 21, "INVALID_SECURITY_GROUP"},
		{option + "AccessEndpointUrl.Port", 0, "INVALID_ACCESS_ENDPOINT_PORT"},
		{option + "UsageInstructions", "", "INVALID_USAGE_INSTRUCTIONS"},
	} {
		id, err := w.start("AddDeliveryOptions", edit(addition("18.5.0", image), c.path, c.v))
		w.want(err, "")
		w.clock.pass(3 * time.Minute)
		set := w.changeSet(id)
		if set.Status != types.ChangeStatusFailed || *set.ChangeSet[0].ErrorDetailList[0].ErrorCode != c.want {
			t.Errorf("%s: %v; want %s", c.path, set.ChangeSet[0].ErrorDetailList, c.want)
		}
	}
	for _, c := range []struct {
		path string
		v    any
	}{
		{"Version", nil}, {"Version.VersionTitle", nil}, {"Version.Title", "x"}, {"Version.VersionTitle", 4},
		{"DeliveryOptions", []any{}}, {source + "AmiId", nil}, {source + "AmiID", "x"}, {option + "SecurityGroups", nil},
	} {
		_, err := w.start("AddDeliveryOptions", edit(addition("18.5.0", image), c.path, c.v))
		if code(err) != "ValidationException" {
			t.Errorf("%s: %v; want a ValidationException", c.path, err)
		}
	}
	for name, change := range map[string]func(*catalog.StartChangeSetInput){
		"name":    func(in *catalog.StartChangeSetInput) { in.ChangeSetName = aws.String("a/b") },
		"type":    func(in *catalog.StartChangeSetInput) { in.ChangeSet[0].ChangeType = aws.String("Explode") },
		"details": func(in *catalog.StartChangeSetInput) { in.ChangeSet[0].Details = aws.String("{") },
		"none":    func(in *catalog.StartChangeSetInput) { in.ChangeSet[0].Details = nil },
		"entity":  func(in *catalog.StartChangeSetInput) { in.ChangeSet[0].Entity.Type = aws.String("Offer@1.0") },
	} {
		if _, err := w.start("AddDeliveryOptions", addition("18.5.0", image), change); code(err) != "ValidationException" {
			t.Errorf("%s: %v; want a ValidationException", name, err)
		}
	}
	_, err := w.start("AddDeliveryOptions", addition("18.5.0", image), func(in *catalog.StartChangeSetInput) {
		in.ChangeSet[0].Entity.Identifier = aws.String("prod-other")
	})
	w.want(err, "ResourceNotFoundException")
}

func TestAChangeSetGoesWrong(t *testing.T) {
	w, image := listed(t)
	w.sim.NextServerFault()
	id := must(w.start("AddDeliveryOptions", addition("18.5.0", image)))(w)
	w.clock.pass(time.Hour)
	set := w.changeSet(id)
	same(w, "failure", set.FailureCode, types.FailureCodeServerFault)
	w.sim.FailNextChangeSet("INVALID_PRODUCT", "ASSET_NOT_FOUND")
	id = must(w.start("AddDeliveryOptions", addition("18.5.0", image)))(w)
	w.clock.pass(time.Hour)
	same(w, "errors", len(w.changeSet(id).ChangeSet[0].ErrorDetailList), 2)

	id = must(w.start("AddDeliveryOptions", addition("18.5.0", image)))(w)
	must(w.catalog().CancelChangeSet(w.ctx, &catalog.CancelChangeSetInput{Catalog: aws.String("AWSMarketplace"), ChangeSetId: aws.String(id)}))(w)
	same(w, "status", w.changeSet(id).Status, types.ChangeStatusCancelled)

	id = must(w.start("AddDeliveryOptions", addition("18.5.0", image)))(w)
	must(w.ec2(home).DeregisterImage(w.ctx, &ec2.DeregisterImageInput{ImageId: aws.String(image)}))(w)
	w.clock.pass(2 * time.Hour)
	set = w.changeSet(id)
	same(w, "status", set.Status, types.ChangeStatusFailed)
	same(w, "code", *set.ChangeSet[0].ErrorDetailList[0].ErrorCode, "INVALID_AMI_ID")
	same(w, "versions", w.titles(), "18.4.0 Public @1")
}

func TestAProductIsFull(t *testing.T) {
	w := setup(t)
	var titles []string
	for i := range 100 {
		titles = append(titles, fmt.Sprintf("18.%d", i))
	}
	w.sim.AddProduct(product, "GitLab", "x86_64", titles...)
	image := w.sim.AddImage(home, awssim.Image{Name: "new"})
	id := must(w.start("AddDeliveryOptions", addition("19.0", image)))(w)
	w.clock.pass(time.Hour)
	same(w, "code", *w.changeSet(id).ChangeSet[0].ErrorDetailList[0].ErrorCode, "VERSION_LIMIT_EXCEEDED")
}

func TestChangeSetsAreListed(t *testing.T) {
	w, _ := listed(t)
	w.sim.AddProduct("prod-other", "Other", "arm64")
	var last string
	for i := range 23 {
		last = w.sim.AddForeignChangeSet(product, fmt.Sprintf("set %d", i), "someone else", time.Minute)
		w.clock.pass(2 * time.Minute)
	}
	open := w.sim.AddForeignChangeSet("prod-other", "open", "someone else", time.Hour)
	list := func(f ...string) *catalog.ListChangeSetsInput {
		in := &catalog.ListChangeSetsInput{Catalog: aws.String("AWSMarketplace")}
		for i := 0; i < len(f); i += 2 {
			in.FilterList = append(in.FilterList, types.Filter{Name: aws.String(f[i]), ValueList: strings.Split(f[i+1], "|")})
		}
		return in
	}
	pages := catalog.NewListChangeSetsPaginator(w.catalog(), list("EntityId", product))
	var ids []string
	for pages.HasMorePages() {
		for _, s := range must(pages.NextPage(w.ctx))(w).ChangeSetSummaryList {
			ids = append(ids, *s.ChangeSetId)
		}
	}
	same(w, "change sets", len(ids), 23)
	same(w, "newest", ids[0], last)
	out := must(w.catalog().ListChangeSets(w.ctx, list("Status", "PREPARING|APPLYING")))(w)
	same(w, "open change sets", len(out.ChangeSetSummaryList), 1)
	same(w, "open change set", *out.ChangeSetSummaryList[0].ChangeSetId, open)
	out = must(w.catalog().ListChangeSets(w.ctx, list("ChangeSetName", "set 4", "EntityId", product)))(w)
	same(w, "change sets by name", len(out.ChangeSetSummaryList), 1)
	out = must(w.catalog().ListChangeSets(w.ctx, list("AfterStartTime", "2026-08-20T09:41:00Z", "EntityId", product)))(w)
	same(w, "late change sets", len(out.ChangeSetSummaryList), 2)
	_, err := w.catalog().ListChangeSets(w.ctx, list("Colour", "red"))
	w.want(err, "ValidationException")

	entities := must(w.catalog().ListEntities(w.ctx, &catalog.ListEntitiesInput{
		Catalog: aws.String("AWSMarketplace"), EntityType: aws.String("AmiProduct"),
		EntityTypeFilters: &types.EntityTypeFiltersMemberAmiProductFilters{Value: types.AmiProductFilters{
			ProductTitle: &types.AmiProductTitleFilter{ValueList: []string{"Other"}},
		}},
	}))(w)
	same(w, "entities", len(entities.EntitySummaryList), 1)
	same(w, "entity", *entities.EntitySummaryList[0].EntityId, "prod-other")
	everything := catalog.NewListEntitiesPaginator(w.catalog(), &catalog.ListEntitiesInput{Catalog: aws.String("AWSMarketplace"), EntityType: aws.String("AmiProduct"), MaxResults: aws.Int32(1)})
	n := 0
	for everything.HasMorePages() {
		n += len(must(everything.NextPage(w.ctx))(w).EntitySummaryList)
	}
	same(w, "entities in pages", n, 2)
	c := w.config("eu-west-1")
	_, err = catalog.NewFromConfig(c).ListEntities(w.ctx, &catalog.ListEntitiesInput{Catalog: aws.String("AWSMarketplace"), EntityType: aws.String("AmiProduct")})
	w.want(err, "InvalidSignatureException")
}

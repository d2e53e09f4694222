package awssim_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cloudimage/providers/aws/awssim"
)

// operations are some of each service, with what they are sent.
func operations() []string {
	return []string{
		"ec2 / Action=RunInstances&Version=2016-11-15&ImageId=ami-1&MinCount=1&MaxCount=99999999999999999999",
		"ec2 / Action=DescribeImages&Version=2016-11-15&Filter.1.Name=name&Filter.1.Value.1=*%5C&MaxResults=-1",
		"ec2 / Action=CreateTags&Version=2016-11-15&ResourceId.1=&Tag.1.Value=x",
		"ec2 / Action=ModifyImageAttribute&Version=2016-11-15&LaunchPermission.Add.1.Group=all",
		"sts / Action=AssumeRole&Version=2011-06-15&RoleSessionName=ab&DurationSeconds=x",
		"ssm AmazonSSM.SendCommand {\"InstanceIds\":[null],\"Parameters\":{\"commands\":[\"x\"]},\"DocumentName\":\"AWS-RunShellScript\"}",
		"ssm AmazonSSM.ListCommands {\"Filters\":[{\"key\":\"InvokedAfter\",\"value\":\"x\"}],\"NextToken\":\"??\"}",
		"servicequotas ServiceQuotasV20190624.ListServiceQuotas {\"ServiceCode\":\"ec2\",\"MaxResults\":-5}",
		"aws-marketplace StartChangeSet {\"Catalog\":\"AWSMarketplace\",\"ChangeSet\":[null,{\"ChangeType\":\"AddDeliveryOptions\",\"Details\":\"[]\"}]}",
		"aws-marketplace StartChangeSet {\"Catalog\":\"AWSMarketplace\",\"ChangeSet\":[{\"ChangeType\":\"UpdateDeliveryOptions\",\"Entity\":{\"Type\":\"AmiProduct@1.0\",\"Identifier\":\"prod-x\"},\"DetailsDocument\":{\"DeliveryOptions\":{\"Id\":1}}}]}",
		"aws-marketplace StartChangeSet {\"Catalog\":\"AWSMarketplace\",\"ChangeSet\":[{\"ChangeType\":\"AddDeliveryOptions\",\"Entity\":{\"Type\":\"AmiProduct@1.0\",\"Identifier\":\"prod-x\"},\"DetailsDocument\":{\"Version\":{\"VersionTitle\":\"1\",\"ReleaseNotes\":\"1\"},\"DeliveryOptions\":{\"Details\":{}}}}]}",
		"aws-marketplace ListChangeSets {\"Catalog\":\"AWSMarketplace\",\"FilterList\":[{\"Name\":\"AfterEndTime\"}]}",
		"aws-marketplace DescribeAssessment {\"Catalog\":\"AWSMarketplace\",\"AssessmentIdentifier\":\"///\"}",
		"nothing / x",
	}
}

// FuzzBodies sends what no client would: every answer is one of HTTP, and none is
// that of a program that broke.
func FuzzBodies(f *testing.F) {
	for _, o := range operations() {
		p := strings.SplitN(o, " ", 3)
		f.Add(p[0], p[1], p[2])
	}
	f.Fuzz(func(t *testing.T, service, target, body string) {
		sim := awssim.New(awssim.Options{Regions: []string{home}})
		sim.AddProduct("prod-x", "X", "x86_64", "0")
		id, _ := sim.Credentials()
		for _, method := range []string{http.MethodPost, http.MethodGet} {
			r := httptest.NewRequest(method, "/", strings.NewReader(body))
			r.URL.Path = "/" + strings.Trim(target, "/")
			r.URL.RawQuery = body
			if method == http.MethodPost {
				r.URL.RawQuery = ""
			}
			r.Header.Set("X-Amz-Target", target)
			r.Header.Set("Authorization", fmt.Sprintf("AWS4-HMAC-SHA256 Credential=%s/20260820/%s/%s/aws4_request, SignedHeaders=host, Signature=0", id, home, service))
			w := httptest.NewRecorder()
			sim.ServeHTTP(w, r)
			if w.Code == http.StatusInternalServerError && strings.Contains(w.Body.String(), "InternalError") {
				t.Errorf("%s %s: %s", service, target, w.Body)
			}
		}
		sim.State()
	})
}

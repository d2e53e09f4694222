package awssim_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/marketplacecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

func TestWhoAsks(t *testing.T) {
	w := setup(t)
	me := must(w.sts().GetCallerIdentity(w.ctx, &sts.GetCallerIdentityInput{}))(w)
	same(w, "account", *me.Account, "123456789012")
	same(w, "arn", *me.Arn, "arn:aws:iam::123456789012:user/cloud-image")

	_, err := w.sts().AssumeRole(w.ctx, &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::1:role/other"), RoleSessionName: aws.String("run-1")})
	w.want(err, "AccessDenied")
	out := must(w.sts().AssumeRole(w.ctx, &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::123456789012:role/cloud-image"), RoleSessionName: aws.String("run-1"), DurationSeconds: aws.Int32(900),
	}))(w)
	same(w, "expiry", out.Credentials.Expiration.UTC(), w.clock.now().Add(15*time.Minute))
	w.keys = credentials.NewStaticCredentialsProvider(*out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, *out.Credentials.SessionToken)
	me = must(w.sts().GetCallerIdentity(w.ctx, &sts.GetCallerIdentityInput{}))(w)
	same(w, "arn", *me.Arn, "arn:aws:sts::123456789012:assumed-role/cloud-image/run-1")
	w.base(home)
	w.clock.pass(15 * time.Minute)
	_, err = w.sts().GetCallerIdentity(w.ctx, &sts.GetCallerIdentityInput{})
	w.want(err, "ExpiredToken")
	_, err = w.ec2(home).DescribeRegions(w.ctx, &ec2.DescribeRegionsInput{})
	w.want(err, "RequestExpired")

	w.keys = credentials.NewStaticCredentialsProvider("AKIANOBODY", "x", "")
	_, err = w.sts().GetCallerIdentity(w.ctx, &sts.GetCallerIdentityInput{})
	w.want(err, "InvalidClientTokenId")
	_, err = w.ec2(home).DescribeRegions(w.ctx, &ec2.DescribeRegionsInput{})
	w.want(err, "AuthFailure")
	_, err = w.catalog().ListEntities(w.ctx, &marketplacecatalog.ListEntitiesInput{Catalog: aws.String("AWSMarketplace"), EntityType: aws.String("AmiProduct")})
	w.want(err, "UnrecognizedClientException")
	w.sim.AddKey("AKIANOBODY", "x", "arn:aws:iam::123456789012:user/nobody")
	same(w, "regions", len(must(w.ec2(home).DescribeRegions(w.ctx, &ec2.DescribeRegionsInput{}))(w).Regions), 6)
	_, err = w.ec2("mars-north-1").DescribeRegions(w.ctx, &ec2.DescribeRegionsInput{})
	w.want(err, "AuthFailure")
}

func TestWhatIsForbidden(t *testing.T) {
	w := setup(t)
	w.sim.Deny("ec2:RunInstances")
	_, err := w.run()
	w.want(err, "UnauthorizedOperation")
	_, encoded, ok := strings.Cut(err.Error(), "Encoded authorization failure message: ")
	if !ok {
		t.Fatalf("the error is %v", err)
	}
	out := must(w.sts().DecodeAuthorizationMessage(w.ctx, &sts.DecodeAuthorizationMessageInput{EncodedMessage: aws.String(encoded)}))(w)
	if !strings.Contains(*out.DecodedMessage, `"action":"ec2:RunInstances"`) {
		t.Errorf("the message is %s", *out.DecodedMessage)
	}
	_, err = w.sts().DecodeAuthorizationMessage(w.ctx, &sts.DecodeAuthorizationMessageInput{EncodedMessage: aws.String("x")})
	w.want(err, "InvalidAuthorizationMessageException")
	_, err = w.run(func(in *ec2.RunInstancesInput) { in.DryRun = aws.Bool(true) })
	w.want(err, "UnauthorizedOperation")
	w.sim.Allow("ec2:RunInstances")
	_, err = w.run(func(in *ec2.RunInstancesInput) { in.DryRun = aws.Bool(true) })
	w.want(err, "DryRunOperation")
	w.sim.Deny("iam:PassRole")
	_, err = w.run()
	w.want(err, "UnauthorizedOperation")
	w.sim.Allow("iam:PassRole")
	w.sim.Deny("ec2:CreateTags")
	_, err = w.run()
	w.want(err, "UnauthorizedOperation")
	w.sim.Deny("ssm:*")
	_, err = w.ssm().ListCommands(w.ctx, &ssm.ListCommandsInput{})
	w.want(err, "AccessDeniedException")
	w.sim.Deny("aws-marketplace:ListEntities")
	_, err = w.catalog().ListEntities(w.ctx, &marketplacecatalog.ListEntitiesInput{Catalog: aws.String("AWSMarketplace"), EntityType: aws.String("AmiProduct")})
	w.want(err, "AccessDeniedException")
	same(w, "machines", len(w.sim.State().Region(home).Instances), 0)
}

func TestWithoutASignature(t *testing.T) {
	w := setup(t)
	for _, c := range []struct{ auth, body, want string }{
		{"", "Action=DescribeRegions&Version=2016-11-15", "<Code>AuthFailure</Code>"},
		{"AWS4-HMAC-SHA256 Credential=x", "Action=DescribeRegions&Version=2016-11-15", "<Code>IncompleteSignature</Code>"},
		{"Basic x", "", "<Code>IncompleteSignature</Code>"},
	} {
		r := must(http.NewRequestWithContext(w.ctx, http.MethodPost, w.url, strings.NewReader(c.body)))(w)
		if c.auth != "" {
			r.Header.Set("Authorization", c.auth)
		}
		if got := w.body(r); !strings.Contains(got, c.want) {
			t.Errorf("%q: %s; want %s", c.auth, got, c.want)
		}
	}
}

func TestUnknownOperations(t *testing.T) {
	w := setup(t)
	_, err := w.ec2(home).DescribeKeyPairs(w.ctx, &ec2.DescribeKeyPairsInput{})
	w.want(err, "InvalidAction")
	_, err = w.ssm().ListDocuments(w.ctx, &ssm.ListDocumentsInput{})
	w.want(err, "UnknownOperationException")
}

func TestQuotas(t *testing.T) {
	w := setup(t)
	w.sim.SetPublicImageQuota(home, 12)
	get := &servicequotas.GetServiceQuotaInput{ServiceCode: aws.String("ec2"), QuotaCode: aws.String("L-0E3CBAB9")}
	same(w, "quota", *must(w.quotas().GetServiceQuota(w.ctx, get))(w).Quota.Value, 12)
	def := must(w.quotas().GetAWSDefaultServiceQuota(w.ctx, &servicequotas.GetAWSDefaultServiceQuotaInput{ServiceCode: get.ServiceCode, QuotaCode: get.QuotaCode}))(w)
	same(w, "default", *def.Quota.Value, 5)
	list := must(w.quotas().ListServiceQuotas(w.ctx, &servicequotas.ListServiceQuotasInput{ServiceCode: aws.String("ec2")}))(w)
	same(w, "quotas", len(list.Quotas), 3)
	get.QuotaCode = aws.String("L-00000000")
	_, err := w.quotas().GetServiceQuota(w.ctx, get)
	w.want(err, "NoSuchResourceException")
}

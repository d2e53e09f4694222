package awssim_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/marketplacecatalog"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"cloudimage/providers/aws/awssim"
)

const home = "us-east-1"

// clock is time as a test wants it.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// world is a server and the real clients of it.
type world struct {
	*testing.T
	ctx   context.Context
	clock *clock
	sim   *awssim.Server
	url   string
	keys  aws.CredentialsProvider
	http  *http.Client // of all clients of the test
}

func setup(t *testing.T, options ...func(*awssim.Options)) *world {
	t.Helper()
	t.Parallel()
	w := &world{T: t, ctx: t.Context(), clock: &clock{t: time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)}}
	o := awssim.Options{Now: w.clock.now}
	for _, f := range options {
		f(&o)
	}
	w.sim = awssim.New(o)
	server := httptest.NewServer(w.sim)
	t.Cleanup(server.Close)
	w.url, w.http = server.URL, &http.Client{Transport: whole{server.Client().Transport}}
	w.sim.SetBaseURL(server.URL)
	id, secret := w.sim.Credentials()
	w.keys = credentials.NewStaticCredentialsProvider(id, secret, "")
	return w
}

// whole sends bodies that the SDK cannot close. The SDK closes the body of a request
// when the head of the answer is there; a server that is near answers while the
// transport still looks for the body's end, and the connection is then cut below the
// rest of the answer.
type whole struct{ http.RoundTripper }

func (t whole) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return t.RoundTripper.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(body))
	return t.RoundTripper.RoundTrip(r)
}

func (w *world) config(region string) aws.Config {
	return aws.Config{
		Region: region, Credentials: w.keys, BaseEndpoint: aws.String(w.url), HTTPClient: w.http,
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}
}

func (w *world) ec2(region string) *ec2.Client { return ec2.NewFromConfig(w.config(region)) }
func (w *world) ssm() *ssm.Client              { return ssm.NewFromConfig(w.config(home)) }
func (w *world) sts() *sts.Client              { return sts.NewFromConfig(w.config(home)) }
func (w *world) quotas() *servicequotas.Client { return servicequotas.NewFromConfig(w.config(home)) }
func (w *world) catalog() *marketplacecatalog.Client {
	return marketplacecatalog.NewFromConfig(w.config(home))
}

// must is a value that was got without an error.
func must[T any](v T, err error) func(*world) T {
	return func(w *world) T {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
		return v
	}
}

// code is the code of an error of AWS.
func code(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorCode()
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func (w *world) want(got error, want string) {
	w.Helper()
	if code(got) != want {
		w.Fatalf("the error is %v; want %q", got, want)
	}
}

func same[T comparable](w *world, what string, got, want T) {
	w.Helper()
	if got != want {
		w.Errorf("%s is %v; want %v", what, got, want)
	}
}

// base is the newest base image for x86.
func (w *world) base(region string) string {
	w.Helper()
	client := ssm.NewFromConfig(w.config(region))
	out, err := client.GetParameter(w.ctx, &ssm.GetParameterInput{
		Name: aws.String("/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"),
	})
	if err != nil {
		w.Fatal(err)
	}
	return *out.Parameter.Value
}

// run starts one machine, after a change of the request.
func (w *world) run(change ...func(*ec2.RunInstancesInput)) (types.Instance, error) {
	in := &ec2.RunInstancesInput{
		ImageId: aws.String(w.base(home)), InstanceType: types.InstanceTypeT3Medium, MinCount: aws.Int32(1), MaxCount: aws.Int32(1),
		IamInstanceProfile: &types.IamInstanceProfileSpecification{Name: aws.String("builder")},
		TagSpecifications: []types.TagSpecification{
			{ResourceType: types.ResourceTypeInstance, Tags: []types.Tag{{Key: aws.String("run"), Value: aws.String("r1")}}},
			{ResourceType: types.ResourceTypeVolume, Tags: []types.Tag{{Key: aws.String("run"), Value: aws.String("r1")}}},
		},
	}
	for _, f := range change {
		f(in)
	}
	out, err := w.ec2(home).RunInstances(w.ctx, in)
	if err != nil {
		return types.Instance{}, err
	}
	return out.Instances[0], nil
}

// machine is the id of a machine that runs, with its agent.
func (w *world) machine(change ...func(*ec2.RunInstancesInput)) string {
	w.Helper()
	i, err := w.run(change...)
	if err != nil {
		w.Fatal(err)
	}
	w.clock.pass(3 * time.Minute)
	return *i.InstanceId
}

// image is the id of an image that was made and is there.
func (w *world) image(name string) string {
	w.Helper()
	out, err := w.ec2(home).CreateImage(w.ctx, &ec2.CreateImageInput{InstanceId: aws.String(w.machine()), Name: aws.String(name)})
	if err != nil {
		w.Fatal(err)
	}
	w.clock.pass(10 * time.Minute)
	return *out.ImageId
}

func (w *world) instance(id string) types.Instance {
	w.Helper()
	out, err := w.ec2(home).DescribeInstances(w.ctx, &ec2.DescribeInstancesInput{InstanceIds: []string{id}})
	if err != nil {
		w.Fatal(err)
	}
	return out.Reservations[0].Instances[0]
}

func (w *world) described(region, id string) types.Image {
	w.Helper()
	out, err := w.ec2(region).DescribeImages(w.ctx, &ec2.DescribeImagesInput{ImageIds: []string{id}})
	if err != nil {
		w.Fatal(err)
	}
	return out.Images[0]
}

package aws

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"cloudimage/providers/aws/awssim"
	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

func TestClassOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a       action
		code    string
		message string
		status  int
		want    images.Class
	}{
		{describeImages, "RequestLimitExceeded", "", 503, images.Throttled},
		{startChangeSet, "ThrottlingException", "", 429, images.Throttled},
		{copyImage, "Nobody", "", 429, images.Throttled},
		{copyImage, "ResourceLimitExceeded", "Too many snapshot copies in progress. The limit is 20 for this destination region.", 400, images.Throttled},
		{describeImages, "InternalError", "", 500, images.Passing},
		{createImage, "InternalError", "", 500, images.Unknown},
		{createImage, "Nobody", "", 502, images.Unknown},
		{describeImages, "Nobody", "", 502, images.Passing},
		{startChangeSet, "InternalServiceException", "", 500, images.Unknown},
		{describeImages, "InvalidAMIID.NotFound", "", 400, images.Gone},
		{sendCommand, "InvalidInstanceId", "", 400, images.Gone},
		{describeEntity, "ResourceNotFoundException", "", 404, images.Gone},
		{runInstances, "InsufficientInstanceCapacity", "", 500, images.Capacity},
		{runInstances, "Unsupported", "", 400, images.Capacity},
		{modifyImage, "Unsupported", "", 400, images.Invalid},
		{runInstances, "VcpuLimitExceeded", "", 400, images.Quota},
		{modifyImage, "ResourceLimitExceeded", "", 400, images.Quota},
		{modifyImage, "OperationNotPermitted", "You have reached your quota of public images.", 400, images.Quota},
		{modifyImage, "OperationNotPermitted", "You can't publicly share this image because block public access for AMIs is enabled", 400, images.Blocked},
		{modifyImage, "OperationNotPermitted", "No.", 400, images.Permission},
		{runInstances, "UnauthorizedOperation", "", 403, images.Permission},
		{describeImages, "Nobody", "", 403, images.Permission},
		{startChangeSet, "ResourceInUseException", "", 423, images.Foreign},
		{startChangeSet, "ValidationException", "", 422, images.Invalid},
		{runInstances, "VPCIdNotSpecified", "", 400, images.Invalid},
	} {
		if got := classOf(c.a, c.code, c.message, c.status); got != c.want {
			t.Errorf("%s %s %d is %s, not %s", c.a, c.code, c.status, got, c.want)
		}
	}
}

func TestNoAnswer(t *testing.T) {
	t.Parallel()
	read := func(ctx context.Context, w *world) error {
		_, err := w.image(ctx, home, "ami-0123456789abcdef0")
		return err
	}
	change := func(ctx context.Context, w *world) error { return w.permit(ctx, home, "ami-0123456789abcdef0", true) }
	hang := func(w *world) {
		block := make(chan struct{})
		w.Cleanup(func() { close(block) })
		w.OnCall(func(awssim.Call, bool) *awssim.Fault { <-block; return nil })
		w.timeout = 50 * time.Millisecond
	}
	for name, c := range map[string]struct {
		spoil        func(*world)
		read, change images.Class
	}{
		"cut":   {func(w *world) { w.Inject("ec2:*", "", -1, false, awssim.Fault{Drop: true}) }, images.Passing, images.Unknown},
		"500":   {func(w *world) { w.Inject("ec2:*", "", -1, false, awssim.Fault{Status: 500}) }, images.Passing, images.Unknown},
		"hangs": {hang, images.Passing, images.Unknown},
		"throttled": {func(w *world) {
			w.Inject("ec2:*", "", -1, false, awssim.Fault{Status: 503, Code: "RequestLimitExceeded"})
		}, images.Throttled, images.Throttled},
		"no server": {func(w *world) { w.url = "http://127.0.0.1:1"; w.Cloud = w.cloud() }, images.Passing, images.Passing},
		"no key":    {func(w *world) { id, _ := w.Credentials(); w.RemoveKey(id) }, images.Permission, images.Permission},
		"not a role": {func(w *world) {
			w.Cloud = w.cloud(func(o *Options) { o.Role = "arn:aws:iam::123456789012:role/other" })
		}, images.Permission, images.Permission},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.knowsItsAccount()
			c.spoil(w)
			fault(t, read(t.Context(), w), c.read)
			fault(t, change(t.Context(), w), c.change)
		})
	}
}

func TestCallThatIsGivenUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.knowsItsAccount()
	ctx, cancel := context.WithCancel(t.Context())
	w.OnCall(func(awssim.Call, bool) *awssim.Fault { cancel(); return nil })
	fault(t, w.permit(ctx, home, "ami-0123456789abcdef0", true), images.Unknown)
}

func TestRoleIsAssumed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Cloud = w.cloud(func(o *Options) { o.Role = "arn:aws:iam::123456789012:role/cloud-image" })
	me, err := w.identity(t.Context())
	if err != nil || !strings.Contains(me.arn, "assumed-role/cloud-image/cloudimage") {
		t.Errorf("%+v, %v", me, err)
	}
	w.Inject("sts:AssumeRole", "", 1, false, awssim.Fault{Status: 403, Code: "AccessDenied", Message: "You may not."})
	w.Cloud = w.cloud(func(o *Options) { o.Role = "arn:aws:iam::123456789012:role/cloud-image" })
	_, err = w.image(t.Context(), home, "ami-0123456789abcdef0")
	if f := fault(t, err, images.Permission); f.What != "sts:AssumeRole" {
		t.Errorf("%+v", f)
	}
}

// What is missing is named, whether AWS says it in words or only in the encoded part,
// which is never shown.
func TestMissingAction(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ message, what string }{
		"in words":    {"You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/x is not authorized to perform: iam:PassRole on resource: y. Encoded authorization failure message: ABCsecretDEF", "iam:PassRole"},
		"not decoded": {"You are not authorized to perform this operation. Encoded authorization failure message: ABCsecretDEF", "ec2:ModifyImageAttribute"},
		"no words":    {"You are not authorized to perform this operation.", "ec2:ModifyImageAttribute"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.Inject("ec2:ModifyImageAttribute", "", 1, false, awssim.Fault{Status: 403, Code: "UnauthorizedOperation", Message: c.message})
			f := fault(t, w.permit(t.Context(), home, "ami-0123456789abcdef0", true), images.Permission)
			if f.What != c.what || strings.Contains(f.Said, "secret") || !strings.Contains(f.Link, "/iam/") || f.Said == "" {
				t.Errorf("%+v", f)
			}
		})
	}
}

func TestEncodedMessageIsDecoded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Deny("ec2:ModifyImageAttribute")
	_, err := w.ec2(home).ModifyImageAttribute(t.Context(), &ec2.ModifyImageAttributeInput{ImageId: ptr("ami-0123456789abcdef0"), Attribute: ptr("launchPermission")})
	if err == nil {
		t.Fatal("it is allowed")
	}
	blob := encodedBlob.FindStringSubmatch(err.Error())
	if blob == nil {
		t.Fatalf("the stand-in encodes nothing: %v", err)
	}
	w.Inject("ec2:DeregisterImage", "", 1, false, awssim.Fault{Status: 403, Code: "UnauthorizedOperation", Message: "No. Encoded authorization failure message: " + blob[1]})
	f := fault(t, w.deregister(t.Context(), home, "ami-0123456789abcdef0"), images.Permission)
	if f.What != "ec2:ModifyImageAttribute" {
		t.Errorf("%+v", f)
	}
}

// knowsItsAccount makes a call, so that the account is looked up by none after it.
func (w *world) knowsItsAccount() {
	w.Helper()
	if _, err := w.regions(context.Background()); err != nil {
		w.Fatal(err)
	}
}

// Keys of another account are not used, whatever is called: what was made is not there,
// and would be made anew.
func TestKeysOfAnotherAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.look(order()).Order
	before := len(w.Calls())
	w.Cloud = w.cloud(func(o *Options) { o.Account = "210987654321" })
	for name, do := range map[string]step{
		"launch": func(ctx context.Context, k images.Work) (images.Progress, error) {
			return w.Launch(ctx, k, images.Machine{Role: "builder", Image: o.Base.ID, Type: o.Machine})
		},
		"remove": func(ctx context.Context, k images.Work) (images.Progress, error) { return w.Remove(ctx, k, "builder") },
		"submit": func(ctx context.Context, k images.Work) (images.Progress, error) {
			return w.Submit(ctx, k, images.Offer{Product: o.Product, Title: o.Title, Image: "ami-0123456789abcdef0"})
		},
	} {
		p, err := do(t.Context(), w.work(&o, "b1", name, ""))
		if p.Done {
			t.Errorf("%s is done", name)
		}
		fault(t, err, images.WrongAccount)
	}
	if err := w.RemoveLeftover(t.Context(), images.Leftover{Region: home, Kind: kindImage, ID: "ami-0123456789abcdef0"}); !clouds.Is(err, images.WrongAccount) {
		t.Errorf("it removes: %v", err)
	}
	for _, c := range w.Calls()[before:] {
		if c.Operation != "GetCallerIdentity" {
			t.Errorf("it called %s", c.Operation)
		}
	}
	if n := len(w.Calls()) - before; n != 1 {
		t.Errorf("it looked %d times whose keys they are", n)
	}
}

func ptr(s string) *string { return &s }

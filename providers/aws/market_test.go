package aws

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudimage/providers/aws/awssim"
	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// shopBench is a bench with an image for the marketplace.
type shopBench struct {
	*bench
	offer images.Offer
}

func newShopBench(t testing.TB, edit ...func(*Options)) *shopBench {
	t.Helper()
	b := newBench(t, edit...)
	id := b.AddImage(home, awssim.Image{Name: commonName, Architecture: "x86_64", Tags: map[string]string{clouds.LabelBuild: "b1"}})
	return &shopBench{b, images.Offer{Product: listing, Title: b.order.Title, Notes: "Notes.", Image: id}}
}

func (b *shopBench) submit(k images.Work) (images.Progress, error) {
	return b.drive(k, func(ctx context.Context, k images.Work) (images.Progress, error) { return b.Submit(ctx, k, b.offer) })
}

func (b *shopBench) attempt(n int) images.Work {
	k := b.work(&b.order, "b1", "submit", "")
	k.Key, k.Attempt = fmt.Sprintf("b1.submit.%d", n), n
	return k
}

func TestSubmit(t *testing.T) {
	t.Parallel()
	b := newShopBench(t)
	p, err := b.submit(b.attempt(1))
	if err != nil || p.Ref == "" {
		t.Fatalf("%+v, %v", p, err)
	}
	s := b.State()
	if len(s.ChangeSets) != 2 || s.ChangeSets[0].Intent != "VALIDATE" || s.ChangeSets[1].Intent != "APPLY" || s.ChangeSets[1].ID != p.Ref {
		t.Errorf("%+v", s.ChangeSets)
	}
	// Once more is nothing more, whatever attempt it is.
	for n := range 2 {
		if p, err = b.submit(b.attempt(n + 1)); err != nil || !p.Done {
			t.Errorf("%+v, %v", p, err)
		}
	}
	if n := len(b.State().ChangeSets); n != 2 {
		t.Errorf("there are %d change sets", n)
	}
	b.offer.Image = "ami-0123456789abcdef0"
	k := b.attempt(1)
	k.Build, k.Key = "b2", "b2.submit.1"
	_, err = b.submit(k)
	fault(t, err, images.TitleTaken)
}

func TestSubmitThatFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil   func(*shopBench)
		class   images.Class
		finding string
	}{
		"scan": {func(b *shopBench) {
			b.FailScan("", awssim.Finding{Control: "NoKnownVulnerabilities", Code: "CVE", Message: "openssl 3.0.13 has CVE-2033-1", Scope: map[string]string{"package": "openssl"}})
		}, images.Findings, "openssl 3.0.13 has CVE-2033-1"},
		"rejected":     {func(b *shopBench) { b.FailNextChangeSet("INVALID_USAGE_INSTRUCTIONS") }, images.Rejected, "INVALID_USAGE_INSTRUCTIONS"},
		"duplicate":    {func(b *shopBench) { b.FailNextChangeSet("DUPLICATE_VERSION_TITLE") }, images.TitleTaken, "DUPLICATE_VERSION_TITLE"},
		"their fault":  {func(b *shopBench) { b.NextServerFault() }, images.TheirFault, ""},
		"no product":   {func(b *shopBench) { b.offer.Product = "prod-zzzzzzzzzzzzz" }, images.NoProduct, ""},
		"not allowed":  {func(b *shopBench) { b.Deny("aws-marketplace:StartChangeSet") }, images.Permission, ""},
		"wrong role":   {func(b *shopBench) { b.SetIngestionRoles() }, images.Rejected, ""},
		"wrong image":  {func(b *shopBench) { b.offer.Image = "ami-0123456789abcdef0" }, images.Rejected, ""},
		"without role": {func(b *shopBench) { b.o.AccessRole = "" }, images.Invalid, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newShopBench(t)
			c.spoil(b)
			_, err := b.submit(b.attempt(1))
			f := fault(t, err, c.class)
			if text := strings.Join(f.Findings, "\n"); !strings.Contains(text, c.finding) || f.Said == "" || strings.Contains(text+f.Said, "?") {
				t.Errorf("said %q, findings %q", f.Said, f.Findings)
			}
			for _, s := range b.State().ChangeSets {
				if s.Intent != "VALIDATE" {
					t.Errorf("what does not hold was submitted: %+v", s)
				}
			}
		})
	}
}

func TestSubmitAgainAfterAFailure(t *testing.T) {
	t.Parallel()
	b := newShopBench(t)
	b.FailScan("", awssim.Finding{Control: "NoPasswordLogin", Message: "Passwords are allowed."})
	_, err := b.submit(b.attempt(1))
	fault(t, err, images.Findings)
	// The same attempt says the same, and another one begins anew.
	k := b.attempt(1)
	_, err = b.submit(k)
	fault(t, err, images.Findings)
	if p, err := b.submit(b.attempt(2)); err != nil || !p.Done {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestSubmissionThatSomebodyCancels(t *testing.T) {
	t.Parallel()
	b := newShopBench(t)
	k := b.attempt(1)
	for range 300 {
		k.Now = b.clock.now()
		p, err := b.Submit(t.Context(), k, b.offer)
		if err != nil && !clouds.Heals(err) {
			fault(t, err, images.Cancelled)
			return
		}
		if p.Ref != "" && k.Ref == "" && !b.CancelChangeSet(p.Ref) {
			t.Fatal("it cannot be cancelled any more")
		}
		if err == nil {
			k.Ref, k.Memory = p.Ref, p.Memory
		}
		b.clock.add(max(p.Again, time.Second))
	}
	t.Error("it does not come to an end")
}

func TestSomebodyElsesChangeSet(t *testing.T) {
	t.Parallel()
	b := newShopBench(t)
	id := b.AddForeignChangeSet(listing, "Change of the logo", "arn:aws:iam::123456789012:user/ann", 3*time.Hour)
	_, err := b.submit(b.attempt(1))
	if f := fault(t, err, images.Foreign); f.What != id || f.Said != "Change of the logo" || !strings.Contains(f.Link, id) {
		t.Errorf("%+v", f)
	}
	// To cancel another one is not to cancel this one.
	b.offer.Cancel = "another"
	_, err = b.submit(b.attempt(1))
	fault(t, err, images.Foreign)
	b.offer.Cancel = id
	if _, err = b.submit(b.attempt(1)); err != nil {
		t.Fatal(err)
	}
	if s := b.State().ChangeSets[0]; s.Status != "CANCELLED" {
		t.Errorf("theirs is %s", s.Status)
	}
	// Waiting.
	b = newShopBench(t)
	b.AddForeignChangeSet(listing, "Change of the logo", "arn:aws:iam::123456789012:user/ann", 3*time.Hour)
	b.offer.Wait = true
	begun := b.clock.now()
	if _, err = b.submit(b.attempt(1)); err != nil || b.clock.now().Sub(begun) < 3*time.Hour {
		t.Errorf("%v after %s", err, b.clock.now().Sub(begun))
	}
	if s := b.State().ChangeSets[0]; s.Status != "SUCCEEDED" {
		t.Errorf("theirs is %s", s.Status)
	}
}

// Somebody is quicker than our look: StartChangeSet itself says who holds it.
func TestProductThatIsHeldInBetween(t *testing.T) {
	t.Parallel()
	b := newShopBench(t)
	id := ""
	b.OnCall(func(c awssim.Call, done bool) *awssim.Fault {
		if c.Operation == "StartChangeSet" && !done && id == "" {
			id = b.AddForeignChangeSet(listing, "Change of the logo", "arn:aws:iam::123456789012:user/ann", time.Hour)
		}
		return nil
	})
	_, err := b.submit(b.attempt(1))
	if f := fault(t, err, images.Foreign); f.What != id || f.Said != "Change of the logo" {
		t.Errorf("%+v", f)
	}
}

func TestWithdraw(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		after  time.Duration // of the real one
		status string
	}{"in time": {time.Minute, "CANCELLED"}, "too late": {50 * time.Minute, "SUCCEEDED"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newShopBench(t)
			k := b.attempt(1)
			for k.Ref == "" {
				k.Now = b.clock.now()
				p, err := b.Submit(t.Context(), k, b.offer)
				if err != nil {
					t.Fatal(err)
				}
				k.Ref, k.Memory = p.Ref, p.Memory
				b.clock.add(p.Again)
			}
			b.clock.add(c.after)
			p, err := b.drive(b.work(&b.order, "b1", "withdraw", ""), func(ctx context.Context, k images.Work) (images.Progress, error) { return b.Withdraw(ctx, k, b.offer) })
			if err != nil || (p.Note != "") != (name == "too late") {
				t.Errorf("%+v, %v", p, err)
			}
			b.clock.add(3 * time.Hour)
			s := b.State().ChangeSets
			if last := s[len(s)-1]; last.Status != c.status {
				t.Errorf("it is %s", last.Status)
			}
		})
	}
}

func TestRetire(t *testing.T) {
	t.Parallel()
	b := newShopBench(t, func(o *Options) { o.KeepVersions = 4 })
	var titles []string
	for i := range 6 {
		titles = append(titles, fmt.Sprintf("v%d", i))
	}
	b.AddProduct(listing, "GitLab Premium", "x86_64", titles...)
	retire := func(attempt int) error {
		k := b.work(&b.order, "b1", "retire", "")
		k.Attempt = attempt
		k.Key = fmt.Sprintf("b1.retire.%d", attempt)
		_, err := b.drive(k, func(ctx context.Context, k images.Work) (images.Progress, error) { return b.Retire(ctx, k, b.offer) })
		return err
	}
	for n := range 2 {
		if err := retire(n + 1); err != nil {
			t.Fatal(err)
		}
	}
	for i, v := range b.State().Products[0].Versions {
		if v.Restricted != (i < 3) {
			t.Errorf("%s is restricted %t", v.Title, v.Restricted)
		}
	}
	if n := len(b.State().ChangeSets); n != 1 {
		t.Errorf("there are %d change sets", n)
	}
}

func TestLinksOfFindingsAreThoseOfAWS(t *testing.T) {
	t.Parallel()
	b := newShopBench(t)
	for _, at := range []string{"http://169.254.169.254/latest/meta-data", "https://evil.example.com/x", "https://amazonaws.com.evil.example/x",
		"https://user@s3.amazonaws.com/x", "https://s3.amazonaws.com:8443/x", "http://s3.amazonaws.com/x"} {
		if led := b.findingsAt("See " + at); led != nil {
			t.Errorf("%s is taken for AWS: %v", at, led)
		}
	}
}

package azure

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cloudimage/providers/azure/azuresim"
	"cloudimage/workflow/images"
)

const anID = "0a1b2c3d-0000-4000-8000-000000000001"

func good() Options {
	return Options{Subscription: anID, Tenant: anID, GalleryGroup: "images", Gallery: "gitlab", ClientID: anID, ClientSecret: "hunter2-hunter2"}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edit func(*Options)
		said string
	}{
		"good":               {func(*Options) {}, ""},
		"regions in words":   {func(o *Options) { o.Region, o.Regions = "West Europe", []string{"East US"} }, ""},
		"government":         {func(o *Options) { o.Endpoints.Cloud = "government" }, ""},
		"no subscription":    {func(o *Options) { o.Subscription = "mine" }, `the subscription has to be its id`},
		"no tenant":          {func(o *Options) { o.Tenant = "" }, `the tenant has to be its id`},
		"preview":            {func(o *Options) { o.PreviewSubscription = "x" }, `the subscription for previews has to be its id, and is "x"`},
		"no publisher":       {func(o *Options) { o.PreviewSubscription = anID }, "the publisher's id"},
		"principal":          {func(o *Options) { o.PartnerCenterPrincipals = []string{"Compute Image Registry"} }, "object ids"},
		"region":             {func(o *Options) { o.Region = "eu-west-1" }, `"eu-west-1" is no name of a region`},
		"gallery":            {func(o *Options) { o.Gallery = "git-lab" }, `the gallery cannot be called "git-lab"`},
		"group":              {func(o *Options) { o.GalleryGroup = "" }, `the resource group of the gallery`},
		"definition":         {func(o *Options) { o.Definition = "GitLab {edition}" }, `image definitions cannot be called "GitLab ee"`},
		"subnet":             {func(o *Options) { o.Subnet = "default" }, "the subnet has to be the id of one"},
		"two ways":           {func(o *Options) { o.FederatedTokenFile = "/x" }, "there can be one"},
		"no client":          {func(o *Options) { o.ClientID = "" }, "the client's id is needed"},
		"client":             {func(o *Options) { o.ClientID = "me" }, `the client's id has to be an id`},
		"certificate":        {func(o *Options) { o.ClientSecret, o.Certificate = "", []byte("hunter2-hunter2") }, "the certificate cannot be read"},
		"disk":               {func(o *Options) { o.Disk = 5000 }, "and not 5000"},
		"versions":           {func(o *Options) { o.KeepVersions = 101 }, "2 to 100 versions"},
		"age":                {func(o *Options) { o.BaseMaxAge = -1 }, "below zero"},
		"cloud":              {func(o *Options) { o.Endpoints.Cloud = "germany" }, `"germany" is no cloud of Azure`},
		"http":               {func(o *Options) { o.Endpoints.ResourceManager = "http://azure.example.com" }, "by http on this machine only"},
		"http for tokens":    {func(o *Options) { o.Endpoints.Authority = "http://10.0.0.1" }, "the authority cannot be at http://10.0.0.1"},
		"a name in it":       {func(o *Options) { o.Endpoints.Graph = "https://me:hunter2-hunter2@graph.example.com" }, "the address of Graph"},
		"http here":          {func(o *Options) { o.Endpoints.Graph = "http://[::1]:80" }, ""},
		"another of its own": {func(o *Options) { o.Endpoints.Authority = "https://login.example.com/" }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := good()
			c.edit(&o)
			_, err := New(o)
			switch {
			case c.said == "" && err != nil:
				t.Error(err)
			case c.said != "" && (err == nil || !strings.Contains(err.Error(), c.said)):
				t.Errorf("said %v", err)
			case err != nil && strings.Contains(err.Error(), "hunter2"):
				t.Error(err)
			}
		})
	}
}

func TestOptionsHideTheirSecrets(t *testing.T) {
	t.Parallel()
	o := good()
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(o.Endpoints)
	if err != nil {
		t.Fatal(err)
	}
	out := string(text) + o.LogValue().String() + c.LogValue().String() + slog.AnyValue(o).String()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		out += fmt.Sprintf(verb, o) + fmt.Sprintf(verb, c)
	}
	if strings.Contains(out, "hunter2") || !strings.Contains(out, anID) {
		t.Error(out)
	}
}

func TestDefinitionNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ pattern, edition, architecture, is string }{
		{"", "EE", "amd64", "gitlab-ee"},
		{"", "EE", "arm64", "gitlab-ee-arm64"},
		{"img.{edition}.{architecture}", "CE", "amd64", "img.ce.amd64"},
	} {
		if got := definition(c.pattern, c.edition, c.architecture); got != c.is {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

// lookWith looks with other credentials.
func lookWith(t *testing.T, w *world, edit func(*Options)) {
	t.Helper()
	c := w.cloud(func(o *Options) { o.ClientSecret = "" }, edit)
	out, err := c.Look(context.Background(), []images.Order{w.order()})
	if err != nil || len(out.Lanes[0].Problems) > 0 {
		t.Errorf("%+v, %v", out, err)
	}
}

func TestCertificate(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	as := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "cloudimage"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	cert, err := x509.CreateCertificate(rand.Reader, as, as, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	text := append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})...)
	lookWith(t, newWorld(t), func(o *Options) { o.Certificate = text })
}

func TestFederatedToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, _ := w.Credentials()
	w.AddFederation(id, "https://kubernetes.example.com", "system:serviceaccount:ops:cloudimage")
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	part := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(b)
	}
	signed := part(map[string]string{"alg": "ES256"}) + "." + part(map[string]any{
		"iss": "https://kubernetes.example.com", "sub": "system:serviceaccount:ops:cloudimage", "aud": "api://AzureADTokenExchange", "exp": time.Now().Add(time.Hour).Unix(),
	})
	r, _, err := ecdsa.Sign(rand.Reader, key, []byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(signed+"."+base64.RawURLEncoding.EncodeToString(r.Bytes())), 0o600); err != nil {
		t.Fatal(err)
	}
	lookWith(t, w, func(o *Options) { o.FederatedTokenFile = file })
}

// Machines may be in a subnet of the operator's.
func TestOwnSubnet(t *testing.T) {
	t.Parallel()
	first := newBench(t)
	first.machine()
	subnet := first.State().NICs[0].Subnet
	b := &bench{first.world, first.order}
	b.Cloud = b.cloud(func(o *Options) { o.Subnet = subnet })
	p, err := b.drive(b.work(&b.order, "b2", "launch", ""), b.launcher("builder"))
	if err != nil || p.Ref != "cloudimage-b2/builder-1" {
		t.Fatalf("%+v, %v", p, err)
	}
	if s := b.State(); len(s.Networks) != 1 || s.NICs[1].Subnet != subnet {
		t.Errorf("%+v, %+v", s.Networks, s.NICs)
	}
}

// The subscription for previews may be the one that everything is in.
func TestPreviewsInOurs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) { o.PreviewSubscription = o.Subscription })
	b := &bench{w, w.look(w.order()).Order}
	w.PublishOffer(azuresim.Offer{Publisher: "gitlab", Offer: "gitlab-ee-preview", SKU: "byol", Version: published(&b.order), Plan: true, Subscriptions: []string{w.Subscription()}})
	p, err := b.drive(b.work(&b.order, "b1", "boot", ""), func(ctx context.Context, k images.Work) (images.Progress, error) {
		return b.Launch(ctx, k, images.Machine{Role: images.Trial, Type: vmType, Preview: &images.Offer{Product: listing}})
	})
	if err != nil || p.Ref != "cloudimage-b1/preview-1" || b.State().Machines[0].Plan != "gitlab:gitlab-ee-preview:byol" {
		t.Fatalf("%+v, %v", p, err)
	}
	if _, err := b.drive(b.work(&b.order, "b1", "remove", ""), func(ctx context.Context, k images.Work) (images.Progress, error) {
		return b.Remove(ctx, k, images.Trial)
	}); err != nil || len(b.State().Groups) != 1 {
		t.Errorf("%v, %+v", err, b.State().Groups)
	}
}

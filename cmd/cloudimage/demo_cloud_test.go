package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cloudimage/checkup"
	"cloudimage/providers/aws"
)

var printedAWS = regexp.MustCompile(`AWS is at (http://127\.0\.0\.1:\d+)/_awssim/: instances, images, products\.`)

// TestDemoHasAnAWS holds that AWS is there with the demo, at another address when its
// own is taken, and not when nobody wants it or there is nothing to make images of.
func TestDemoHasAnAWS(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	demo := startDemo(t, "--no-gitlab", "--releases-addr", "127.0.0.1:0", "--aws-addr", taken.Addr().String())
	m := printedAWS.FindStringSubmatch(demo.said.String())
	if m == nil {
		t.Fatalf("it does not say where AWS is:\n%s", demo.said)
	}
	if strings.HasSuffix(m[1], taken.Addr().String()) {
		t.Error("it is at an address that somebody else has")
	}
	if status, page := look(t, m[1]+"/_awssim/", ""); status != http.StatusOK || !strings.Contains(page, demoProductEE) || !strings.Contains(page, demoProductCE) {
		t.Errorf("status %d:\n%s", status, page)
	}
	if status, _ := look(t, m[1]+"/_awssim/", "rebound.example"); status != http.StatusForbidden {
		t.Errorf("it answers to another name with %d", status)
	}

	without := startDemo(t, "--no-gitlab", "--releases-addr", "127.0.0.1:0", "--no-aws")
	if strings.Contains(without.said.String(), "AWS") {
		t.Errorf("it speaks of AWS:\n%s", without.said)
	}
	nothing := startDemo(t, "--no-gitlab", "--no-releases")
	if text := nothing.said.String(); !strings.Contains(text, "AWS is left out as well: its images are made of releases.") || strings.Contains(text, "_awssim") {
		t.Errorf("it does not say why there is no AWS:\n%s", text)
	}
}

// TestDemoAWSIsOnThisMachineAlone holds that nobody else is let in by mistake.
func TestDemoAWSIsOnThisMachineAlone(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", ":0", "10.0.0.1:8083", "nonsense"} {
		err := (&cloudPlay{}).start(&Settings{Now: time.Now}, nil, addr)
		if err == nil || !strings.Contains(err.Error(), "--aws-addr") {
			t.Errorf("%q: %v", addr, err)
		}
	}
}

// TestDemoKnowsNoOtherAWS sets everything by which whoever starts the demo may have
// their own AWS, and holds that nothing of it is used.
func TestDemoKnowsNoOtherAWS(t *testing.T) {
	var asked atomic.Int64
	theirs := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		http.Error(w, "this is somebody's own AWS", http.StatusTeapot)
	}))
	defer theirs.Close()
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, ".aws"), 0o700); err != nil {
		t.Fatal(err)
	}
	config := "[default]\nregion = eu-west-3\nservices = own\nca_bundle = /nowhere\nrole_arn = arn:aws:iam::999999999999:role/own\nsource_profile = default\n[services own]\nec2 =\n  endpoint_url = " + theirs.URL + "\n"
	if err := os.WriteFile(filepath.Join(home, ".aws", "config"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"HOME": home, "AWS_CONFIG_FILE": filepath.Join(home, ".aws", "config"), "AWS_SHARED_CREDENTIALS_FILE": "/nowhere",
		"AWS_PROFILE": "own", "AWS_DEFAULT_PROFILE": "own", "AWS_CA_BUNDLE": "/nowhere", "AWS_REGION": "eu-west-3",
		"AWS_ACCESS_KEY_ID": "AKIAOWN", "AWS_SECRET_ACCESS_KEY": "own", "AWS_SESSION_TOKEN": "own",
		"AWS_ENDPOINT_URL": theirs.URL, "AWS_ENDPOINT_URL_EC2": theirs.URL, "AWS_ENDPOINT_URL_STS": theirs.URL, "AWS_ENDPOINT_URL_SSM": theirs.URL,
		"AWS_ENDPOINT_URL_MARKETPLACE_CATALOG": theirs.URL, "AWS_ENDPOINT_URL_SERVICE_QUOTAS": theirs.URL,
		"AWS_USE_FIPS_ENDPOINT": "true", "AWS_USE_DUALSTACK_ENDPOINT": "true",
		"AWS_ROLE_ARN": "arn:aws:iam::999999999999:role/own", "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere",
		"AWS_CONTAINER_CREDENTIALS_FULL_URI": theirs.URL, "AWS_EC2_METADATA_SERVICE_ENDPOINT": theirs.URL, "AWS_MAX_ATTEMPTS": "many",
	} {
		t.Setenv(name, value)
	}
	play, releases := &cloudPlay{}, &releasePlay{}
	configured, err := loadConfig("")
	if err != nil {
		t.Fatal(err)
	}
	s := Settings{Now: time.Now, Config: configured}
	if err := releases.start(&s, "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	defer releases.stand.close()
	if err := play.start(&s, releases.stand, "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	defer play.close()
	cloud, err := aws.New(t.Context(), s.awsOptions())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range cloud.Check(t.Context()) {
		if f.Level == checkup.Fail {
			t.Error(f)
		}
	}
	if asked := asked.Load(); asked > 0 {
		t.Errorf("somebody else's AWS was asked %d times", asked)
	}
	if len(play.stand.Load().sim.Calls()) == 0 {
		t.Error("the demo's was asked nothing")
	}
}

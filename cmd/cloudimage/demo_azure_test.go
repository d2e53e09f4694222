package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cloudimage/checkup"
	"cloudimage/slackdev"
)

var printedAzure = regexp.MustCompile(`Azure is at (http://127\.0\.0\.1:\d+)/_azuresim/ and Partner Center at (http://127\.0\.0\.1:\d+)/_ingestsim/: machines, images, offers\.`)

// TestDemoHasAnAzure holds that Azure is there with the demo, at another address when its
// own is taken, and not when nobody wants it or there is nothing to make images of.
func TestDemoHasAnAzure(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	demo := startDemo(t, "--no-gitlab", "--no-aws", "--releases-addr", "127.0.0.1:0", "--azure-addr", taken.Addr().String())
	m := printedAzure.FindStringSubmatch(demo.said.String())
	if m == nil {
		t.Fatalf("it does not say where Azure is:\n%s", demo.said)
	}
	if strings.HasSuffix(m[1], taken.Addr().String()) {
		t.Error("it is at an address that somebody else has")
	}
	for path, want := range map[string]string{"/_azuresim/": "gitlab_images", "/_ingestsim/": demoOfferCE} {
		if status, page := look(t, m[1]+path, ""); status != http.StatusOK || !strings.Contains(page, want) {
			t.Errorf("%s: status %d:\n%s", path, status, page)
		}
		if status, _ := look(t, m[1]+path, "rebound.example"); status != http.StatusForbidden {
			t.Errorf("%s answers to another name with %d", path, status)
		}
	}
	without := startDemo(t, "--no-gitlab", "--no-aws", "--releases-addr", "127.0.0.1:0", "--no-azure")
	if strings.Contains(without.said.String(), "Azure") {
		t.Errorf("it speaks of Azure:\n%s", without.said)
	}
	nothing := startDemo(t, "--no-gitlab", "--no-releases")
	if text := nothing.said.String(); !strings.Contains(text, "Azure is left out as well: its images are made of releases.") || strings.Contains(text, "_azuresim") {
		t.Errorf("it does not say why there is no Azure:\n%s", text)
	}
}

// TestDemoAzureIsOnThisMachineAlone holds that nobody else is let in by mistake.
func TestDemoAzureIsOnThisMachineAlone(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", ":0", "10.0.0.1:8084", "nonsense"} {
		err := (&azurePlay{}).start(&Settings{Now: time.Now}, nil, addr)
		if err == nil || !strings.Contains(err.Error(), "--azure-addr") {
			t.Errorf("%q: %v", addr, err)
		}
	}
}

// TestDemoKnowsNoOtherAzure sets everything by which whoever starts the demo may have their
// own Azure, and holds that nothing of it is used. Then it presses all buttons.
func TestDemoKnowsNoOtherAzure(t *testing.T) {
	var asked atomic.Int64
	theirs := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		http.Error(w, "this is somebody's own Azure", http.StatusTeapot)
	}))
	defer theirs.Close()
	for name, value := range map[string]string{
		"AZURE_TENANT_ID": "22222222-2222-4222-8222-222222222222", "AZURE_CLIENT_ID": "own", "AZURE_CLIENT_SECRET": "own", "AZURE_AUTHORITY_HOST": theirs.URL,
		"AZURE_CLIENT_CERTIFICATE_PATH": "/nowhere", "AZURE_FEDERATED_TOKEN_FILE": "/nowhere", "AZURE_TOKEN_CREDENTIALS": "dev", "AZURE_CONFIG_DIR": "/nowhere",
		"MSI_ENDPOINT": theirs.URL, "MSI_SECRET": "own", "IDENTITY_ENDPOINT": theirs.URL, "IDENTITY_HEADER": "own", "IMDS_ENDPOINT": theirs.URL,
	} {
		t.Setenv(name, value)
	}
	play, releases := &azurePlay{}, &releasePlay{}
	configured, err := loadConfig("")
	noError(t, err)
	s := Settings{Now: time.Now, Config: configured}
	noError(t, releases.start(&s, "127.0.0.1:0"))
	defer releases.stand.close()
	noError(t, play.start(&s, releases.stand, "127.0.0.1:0"))
	defer play.close()
	cloud, err := s.newAzure()
	noError(t, err)
	check := func() {
		t.Helper()
		for _, f := range cloud.Check(t.Context()) {
			if f.Level == checkup.Fail {
				t.Error(f)
			}
		}
	}
	check()
	if asked := asked.Load(); asked > 0 {
		t.Errorf("somebody else's Azure was asked %d times", asked)
	}
	stand := play.stand.Load()
	if len(stand.sim.Calls()) == 0 || len(stand.offers.Calls()) == 0 {
		t.Error("the demo's was asked nothing")
	}
	var labels []string
	for _, a := range play.actions() {
		labels = append(labels, a.Label)
		noError(t, a.Do(t.Context()))
	}
	if p := stand.offers.State().Product(demoOfferEE); len(labels) != 5 || p.Locked == "" {
		t.Errorf("after %q the offer is %+v", labels, p.Submissions)
	}
	if slices.ContainsFunc(play.actions(), func(a slackdev.Action) bool { return strings.HasPrefix(a.Label, "Let somebody else") }) {
		t.Error("somebody else can submit while somebody does")
	}
	for range 3 {
		cloud.Check(t.Context()) // which finds out that its tokens have ended
	}
	check()
}

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cloudimage/providers/azure/azuresim"
	"cloudimage/workflow/process"
)

// TestDoctorLooksAtAzure runs the program against an Azure that the configuration names,
// with each way to sign in.
func TestDoctorLooksAtAzure(t *testing.T) {
	t.Parallel()
	stand, err := newAzureStand("127.0.0.1:0", time.Now, nil)
	noError(t, err)
	t.Cleanup(func() { noError(t, stand.stop()) })
	client, secret := stand.sim.Credentials()
	stand.sim.AddFederation(client, "https://kubernetes.example", "system:serviceaccount:cloudimage")
	config := filepath.Join(t.TempDir(), "cloudimage.yaml")
	noError(t, os.WriteFile(config, fmt.Appendf(nil, `
azure:
  subscription: %s
  regions: [westeurope, eastus]
  gallery: { resource_group: %s, name: %s }
  endpoints: { authority: "%s", resource_manager: "%[4]s", graph: "%[4]s" }
  partner_center: { publisher: gitlab, preview_subscription: %s, principals: [%s, %s] }
`, stand.sim.Subscription(), azuresim.GalleryGroup, azuresim.GalleryName, stand.url, demoPreviewSubscription, azuresim.PartnerCenterObjectID, azuresim.ImageRegistryObjectID), 0o600))
	who := []string{azureTenant + "=" + stand.sim.Tenant(), azureClient + "=" + client}
	with := func(more ...string) []string { return append(more, who...) }
	let := "Azure takes the credentials: we are the application " + client
	// A token of another party's: a head, what it says, and a signature that nobody here checks.
	token := "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2t1YmVybmV0ZXMuZXhhbXBsZSIsInN1YiI6InN5c3RlbTpzZXJ2aWNlYWNjb3VudDpjbG91ZGltYWdlIn0.c2ln"
	for name, c := range map[string]struct {
		env  []string
		want []string
	}{
		"a secret": {with(azureSecret + "=" + secret), []string{let, "The gallery " + azuresim.GalleryName, "Partner Center lets us in.",
			"Only people know whether you can log in to the publisher portal; choose 'Personal' account to continue the login.", "(the handbook has https://publish.windowsazure.com/)"}},
		"a secret in a file":            {with(azureSecret + "_FILE=" + fileWith(t, secret+"\n", 0o600)), []string{let}},
		"a token of a workload":         {with(azureTokenFile + "=" + fileWith(t, token, 0o600)), []string{let}},
		"another secret":                {with(azureSecret + "=another~secret"), []string{"FAIL", "Azure did not say which subscription it is"}},
		"a secret and nobody's":         {[]string{azureSecret + "=" + secret, who[0]}, []string{"AZURE_CLIENT_ID is missing"}},
		"no tenant":                     {[]string{azureSecret + "=" + secret, who[1]}, []string{"The tenant is not said."}},
		"a certificate that is none":    {with(azureCertificate + "=" + fileWith(t, "no certificate", 0o600)), []string{"The certificate cannot be read"}},
		"a certificate that is nowhere": {with(azureCertificate + "=/nowhere"), []string{"The file that AZURE_CLIENT_CERTIFICATE_PATH names cannot be used"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := exec.Command("cloudimage", "doctor", "--config", config)
			p.Dir = t.TempDir()
			p.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, c.env...)
			out, _ := p.CombinedOutput() // it finds other things missing
			_, text, _ := strings.Cut(string(out), "\nAzure\n")
			text, _, _ = strings.Cut(text, "\nGoogle Drive\n")
			for _, want := range c.want {
				if !strings.Contains(text, want) {
					t.Errorf("it does not say %q:\n%s", want, out)
				}
			}
			for _, s := range []string{secret, "another~secret", token, "no certificate"} {
				if strings.Contains(string(out), s) {
					t.Errorf("it prints a secret:\n%s", out)
				}
			}
		})
	}
}

// TestPrerequisitesAreInTheProcess holds that each of what only people know has its link
// in the shipped process, with the handbook's.
func TestPrerequisitesAreInTheProcess(t *testing.T) {
	t.Parallel()
	shipped, err := process.Embedded()
	noError(t, err)
	found := prerequisites(shipped)
	if len(found) != len(onlyPeopleKnow) {
		t.Errorf("%d of %d are there: %v", len(found), len(onlyPeopleKnow), found)
	}
	for _, f := range found {
		if !strings.Contains(f.Cure, "https://") || !strings.Contains(f.Cure, "(the handbook has http") {
			t.Errorf("%q has not both links", f.Cure)
		}
	}
	if more := prerequisites(nil); len(more) > 0 {
		t.Errorf("without a process there are %v", more)
	}
}

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestDoctorLooksAtAWS runs the program against AWS as the environment names it: by
// AWS_ENDPOINT_URL, or by its forms for single services.
func TestDoctorLooksAtAWS(t *testing.T) {
	t.Parallel()
	stand, err := newCloudStand("127.0.0.1:0", time.Now, []string{"us-east-1"}, nil)
	noError(t, err)
	t.Cleanup(func() { stand.stop() })
	key, secret := stand.sim.Credentials()
	file := filepath.Join(t.TempDir(), "secret")
	noError(t, os.WriteFile(file, []byte(secret+"\n"), 0o600))
	config := filepath.Join(t.TempDir(), "cloudimage.yaml")
	noError(t, os.WriteFile(config, []byte("aws:\n  account: \""+demoAccount+"\"\n  instance_profile: builder\n  marketplace: { access_role: \""+demoIngestion+"\" }\n"), 0o600))
	single := []string{"AWS_ENDPOINT_URL_STS=" + stand.url, "AWS_ENDPOINT_URL_EC2=" + stand.url, "AWS_ENDPOINT_URL_SSM=" + stand.url,
		"AWS_ENDPOINT_URL_SERVICE_QUOTAS=" + stand.url, "AWS_ENDPOINT_URL_MARKETPLACE_CATALOG=" + stand.url}
	for name, env := range map[string][]string{
		"one address":     {"AWS_ENDPOINT_URL=" + stand.url, "AWS_ACCESS_KEY_ID=" + key, "AWS_SECRET_ACCESS_KEY=" + secret},
		"one each":        append(single, "AWS_ACCESS_KEY_ID="+key, "AWS_SECRET_ACCESS_KEY="+secret),
		"keys in a file":  {"AWS_ENDPOINT_URL=" + stand.url, "AWS_ACCESS_KEY_ID=" + key, "AWS_SECRET_ACCESS_KEY_FILE=" + file},
		"half of the key": {"AWS_ENDPOINT_URL=" + stand.url, "AWS_SECRET_ACCESS_KEY_FILE=" + file},
		"another's key":   {"AWS_ENDPOINT_URL=" + stand.url, "AWS_ACCESS_KEY_ID=AKIAANOTHER000000000", "AWS_SECRET_ACCESS_KEY=" + secret},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := exec.Command("cloudimage", "doctor", "--config", config)
			p.Dir = t.TempDir()
			p.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "AWS_EC2_METADATA_DISABLED=true"}, env...)
			out, _ := p.CombinedOutput() // it finds other things missing
			text := string(out)
			want := "AWS takes the keys: we are"
			switch name {
			case "half of the key":
				want = "AWS_ACCESS_KEY_ID is missing"
			case "another's key":
				want = "AWS"
			}
			if _, text, _ = strings.Cut(text, "\nAWS\n"); !strings.Contains(text, want) {
				t.Errorf("it does not say %q:\n%s", want, out)
			}
			if name == "another's key" && (strings.Contains(text, "takes the keys") || !strings.Contains(text, "FAIL")) {
				t.Errorf("another's key is taken:\n%s", out)
			}
			if strings.Contains(string(out), secret) {
				t.Errorf("it prints the secret:\n%s", out)
			}
		})
	}
}

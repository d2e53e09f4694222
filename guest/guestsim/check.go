package guestsim

import (
	"path"
	"strings"
	"time"
)

// check looks at a machine that was booted from an image.
func (r *run) check() {
	res := &r.result
	r.step("waiting for cloud-init and for the first boot")
	seconds := 190
	if r.fault == SlowBoot {
		seconds = 1500
	}
	if r.pkg == "" {
		r.takes += 30 * time.Second
		res.Status = "not installed"
		r.fail("%s is not installed.", r.get("PACKAGE"))
		return
	}
	r.takes += time.Duration(seconds) * time.Second
	res.FirstBootSeconds = seconds
	r.step("the first boot took %d seconds", seconds)
	res.Package, res.Version, res.SHA256, res.Kernel = r.pkg, r.version, "", r.kernel
	if r.fault == WrongVersion {
		res.Version = "0.0.1-other.0"
	}
	r.step("waiting for the health page")
	res.Health, res.Status = "ok", "ok"
	if r.fault == NeverHealthy {
		r.takes += 10 * time.Minute
		res.Health, res.Status = "502", "puma"
		r.log.WriteString("down: puma: 1s, normally up, want up; run: log: (pid 2291) 540s\n")
	} else {
		r.takes += 20 * time.Second
	}
	r.step("taking fingerprints")
	res.Fingerprints = r.fingerprints()
	r.step("looking for what must not be in a machine that booted")
	r.takes += 8 * time.Second
	if r.fault == LeftKeys {
		r.violates("authorized-keys", "/root/.ssh/authorized_keys", "It opens the machine to 1 unknown key(s).")
	}
	switch {
	case res.Version != r.get("VERSION"):
		r.fail("The version of %s is %s and not %s.", r.get("PACKAGE"), res.Version, r.get("VERSION"))
	case res.Health != "ok":
		r.fail("The health page has not answered well in time: %s.", res.Health)
	case len(res.Violations) > 0:
		r.fail("Something is there that must not be in a machine that booted.")
	}
}

// fingerprints are those of the machine, except where it got something with its image.
func (r *run) fingerprints() map[string]string {
	secrets, system := r.instance, r.instance
	if r.twins != "" {
		system = "image of " + r.twins
	}
	if r.fault == SameSecrets || r.fault == LeftSecrets {
		secrets = "image " + r.image
	}
	out := map[string]string{"/etc/machine-id": fingerprint(system, "machine-id")}
	for _, f := range []string{"ecdsa", "ed25519", "rsa"} {
		out["/etc/ssh/ssh_host_"+f+"_key.pub"] = fingerprint(system, f)
	}
	for _, f := range r.vars["SECRETS"] {
		out[path.Clean("/"+strings.TrimPrefix(f, "/"))] = fingerprint(secrets, f)
	}
	return out
}

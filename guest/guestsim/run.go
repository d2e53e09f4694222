package guestsim

import (
	"fmt"
	"strings"
	"time"

	"cloudimage/guest"
)

// This file is what the scripts do, and what they print of it.

// run is a script in a machine.
type run struct {
	*Machines
	*system
	call
	instance string
	fault    Fault

	log    strings.Builder
	result guest.Result
	takes  time.Duration
}

// step prints a line as the scripts do, with the seconds since they began.
func (r *run) step(format string, args ...any) {
	fmt.Fprintf(&r.log, "[%4d s] %s\n", int(r.takes.Seconds()), fmt.Sprintf(format, args...))
}

func (r *run) fail(format string, args ...any) { r.result.Failure = fmt.Sprintf(format, args...) }

func (r *run) note(words string) { r.result.Notes = append(r.result.Notes, words) }

func (r *run) install() {
	pkg, version := r.get("PACKAGE"), r.get("VERSION")
	r.step("waiting for cloud-init")
	r.takes += 20 * time.Second
	r.step("reading lists of packages")
	if r.fault == AptLocked {
		r.takes += 10 * time.Minute
		r.fail("Another program has had the lock of apt for 600 seconds.")
		return
	}
	r.takes += 15 * time.Second
	r.step("bringing the system up to date")
	r.takes += 100 * time.Second
	r.updated = true
	r.result.Kernel = r.kernel
	switch {
	case r.pkg == pkg && r.version == version:
		r.step("%s %s is installed already", pkg, version)
		r.note("It was installed already.")
		r.installed()
		return
	case r.pkg != "":
		r.fail("Another version is installed already: %s %s.", r.pkg, r.version)
		return
	}
	if !r.download() {
		return
	}
	r.step("installing %s: %s %s", r.get("NAME"), pkg, version)
	r.takes += 150 * time.Second
	r.pkg, r.version, r.sum, r.cleaned = pkg, version, r.result.SHA256, false
	r.step("leaving the script for the first boot")
	r.installed()
}

// download is false when it failed.
func (r *run) download() bool {
	want, url := r.get("SHA256"), r.get("URL")
	r.step("downloading %s", r.get("PACKAGE"))
	got, ok := r.packages[url]
	if r.packages == nil {
		got, ok = want, true
	}
	switch {
	case !ok:
		r.takes += 5 * time.Second
		r.log.WriteString("curl: (22) The requested URL returned error: 404\n")
		r.fail("The package could not be downloaded.")
		return false
	case r.fault == DiskFull:
		r.takes += 30 * time.Second
		r.log.WriteString("curl: (23) Failure writing output to destination\n")
		r.fail("There is too little space on the disk: 412 MB are free, and 6000 MB are needed.")
		return false
	case r.fault == WrongChecksum:
		got = fingerprint("another", url)
	}
	r.takes += 40 * time.Second
	r.step("checking the package")
	r.result.SHA256 = got
	switch {
	case !strings.EqualFold(got, want):
		r.fail("The checksum of the package is %s and not %s.", got, want)
	case r.fault == WrongVersion:
		r.fail("The package says that it is %s 0.0.1-other.0 for %s.", r.get("PACKAGE"), r.get("ARCHITECTURE"))
	case len(r.vars["KEYS"]) == 0:
		r.note("The signature of the package was not checked: no key was given.")
	default:
		signed := true
		r.result.Signed = &signed
	}
	return r.result.Failure == ""
}

func (r *run) installed() {
	no := false
	r.result.Package, r.result.Version, r.result.SHA256, r.result.Reconfigured = r.pkg, r.version, r.sum, &no
}

func (r *run) clean() {
	r.step("stopping the product")
	r.takes += 5 * time.Second
	r.step("removing what the product made")
	r.step("removing what belongs to this machine")
	r.takes += 15 * time.Second
	r.note("The state of the cloud's agent is removed while the machine shuts down.")
	r.step("looking for what must not be in an image")
	r.cleaned = true
	r.forbidden()
	if r.result.Failure == "" {
		r.takes += 10 * time.Second
		r.step("giving free blocks back")
	}
}

// forbidden looks at a system that becomes an image.
func (r *run) forbidden() {
	r.takes += 8 * time.Second
	switch {
	case r.fault == LeftKeys:
		r.violates("authorized-keys", "/root/.ssh/authorized_keys", "It opens the machine to 1 unknown key(s).")
	case r.fault == LeftSecrets:
		r.violates("secrets-file", r.secrets(), "It is left.")
	case !r.cleaned:
		r.violates("ssh-host-key", "/etc/ssh/ssh_host_ed25519_key", "It is left.")
		r.violates("machine-id", "/etc/machine-id", "It is not empty.")
	default:
		return
	}
	r.cleaned = false
	r.fail("Something is left that must not be in an image.")
}

func (r *run) violates(rule, path, words string) {
	fmt.Fprintf(&r.log, "%s\t%s\t%s\n", rule, path, words)
	r.result.Violations = append(r.result.Violations, guest.Violation{Rule: rule, Path: path, Words: words})
}

// secrets is the first file of secrets; the script for any system is told of none.
func (r *run) secrets() string {
	if v := r.get("SECRETS"); v != "" {
		return v
	}
	return "/etc/product/product-secrets.json"
}

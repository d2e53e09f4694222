package guest

import (
	"cmp"
	"strings"
)

// Product is what an image is made of, beside its operating system.
type Product struct {
	Name         string // for people, "GitLab"
	Package      string // "gitlab-ee"
	Version      string // of the package, "17.6.2-ee.0"
	Architecture string // "amd64" or "arm64"

	URL    string // of the .deb; https
	SHA256 string // of the .deb, in hex
	// Keys are the fingerprints of the keys that may have signed the package. Empty:
	// its signature is not checked, and the result says so.
	Keys   []string
	KeyURL string // where the keys can be had; https

	// Placeholder is the address with which it is installed, and which means that it
	// has none yet. The package does not configure itself for it.
	Placeholder string // "http://gitlab.example.com"
	// Ctl is the command that rules it. Its name without -ctl is that of its folders:
	// /etc/gitlab, /opt/gitlab, /var/opt/gitlab and /var/log/gitlab.
	Ctl        string // "gitlab-ctl"
	HealthPath string // "/-/readiness"
	// Secrets are files that each machine must have made for itself.
	Secrets []string
	// Kind is what it tells of how it was installed, "gitlab-aws-ami". Empty: nothing.
	Kind string
}

// Omnibus is GitLab of an edition, "EE" or "CE", for a cloud's images of a kind.
// Where the package is and which keys may have signed it is left to the caller.
func Omnibus(edition, version, architecture, kind string) Product {
	edition = strings.ToLower(cmp.Or(edition, "ee"))
	return Product{
		Name:         "GitLab",
		Package:      "gitlab-" + edition,
		Version:      version,
		Architecture: architecture,
		Placeholder:  "http://gitlab.example.com",
		Ctl:          "gitlab-ctl",
		HealthPath:   "/-/readiness",
		Secrets:      []string{"/etc/gitlab/gitlab-secrets.json"},
		Kind:         kind,
	}
}

// home is the name of the product's folders.
func (p Product) home() string { return strings.TrimSuffix(p.Ctl, "-ctl") }

package releasesim

import (
	"errors"
	"slices"
	"strings"
)

// Release is a release of the product.
type Release struct {
	Version  string
	Also     []string // other versions that are released with it, in the same post
	Security bool     // it fixes security
	Critical bool     // it must not wait; then it fixes security too
	Editions []string // defaults to those of the options
}

// versions are all versions of it.
func (r Release) versions() []string { return append([]string{r.Version}, r.Also...) }

// Publish offers the packages of a release, announces it and tells the version
// service, and then whoever wants to hear of it. Only a version that is none is an
// error, and an edition without a name.
func (s *Server) Publish(r Release) error {
	if len(r.Editions) == 0 {
		r.Editions = slices.Clone(s.opts.Editions)
	}
	for _, v := range r.versions() {
		if _, err := parseVersion(v); err != nil {
			return err
		}
	}
	for i, e := range r.Editions {
		if r.Editions[i] = strings.ToUpper(e); !slices.Contains([]string{"CE", "EE"}, r.Editions[i]) {
			return errors.New("an edition is CE or EE")
		}
	}
	p := Post{Kind: Patch, Whole: true}
	for _, written := range r.versions() {
		for _, e := range r.Editions {
			for _, d := range s.opts.Distributions {
				s.AddPackages(written, e, d)
			}
		}
		v := mustVersion(written).first()
		if !slices.Contains(p.Versions, v.String()) {
			p.Versions = append(p.Versions, v.String())
		}
		switch {
		case r.Critical:
			s.SetCritical(written)
		case r.Security:
			s.SetSecurity(written)
		default:
			s.AddVersion(written)
		}
	}
	switch {
	case r.Critical:
		p.Kind = Critical
		p.Fixes = []Fix{{"Path traversal issue in the commits API impacts all editions", "Critical", "CVE-2099-10001", "9.9"}}
	case r.Security:
		p.Fixes = []Fix{{"Denial of service issue in the import impacts all editions", "High", "CVE-2099-10002", "7.5"}}
	case len(p.Versions) == 1 && strings.HasSuffix(p.Versions[0], ".0"):
		p.Kind = Feature
	}
	if v := mustVersion(r.Version); v.rebuild == 0 { // packages that were built again are not announced
		s.Announce(p)
	}
	s.mu.Lock()
	hooks := slices.Clone(s.hooks)
	s.mu.Unlock()
	for _, h := range hooks {
		h(r)
	}
	return nil
}

// OnPublish has a function told of each release that is published. No lock is held
// when it is called.
func (s *Server) OnPublish(do func(Release)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hooks = append(s.hooks, do)
}

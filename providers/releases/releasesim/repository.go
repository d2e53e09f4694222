package releasesim

import (
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
)

// This file is the Debian repositories: an index for each distribution and
// architecture, a Release file that lists the indexes with their checksums, and the
// pool. https://wiki.debian.org/DebianRepository/Format

// pack is a package that is offered.
type pack struct {
	version                      version
	edition, distribution, archi string
}

// AddPackages offers the packages of a version of an edition, in one distribution,
// for some architectures; without any, for those of the options. What is there stays.
// It panics when the version is none.
func (s *Server) AddPackages(version, edition, distribution string, architectures ...string) {
	v := mustVersion(version)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(architectures) == 0 {
		architectures = s.opts.Architectures
	}
	for _, a := range architectures {
		p := pack{v, strings.ToUpper(edition), distribution, a}
		if !slices.Contains(s.packages, p) {
			s.packages = append(s.packages, p)
		}
	}
	s.touch()
}

// RemovePackages takes the packages of a version of an edition back, wherever they
// are offered.
func (s *Server) RemovePackages(version, edition string) {
	v := mustVersion(version)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.packages = slices.DeleteFunc(s.packages, func(p pack) bool { return p.version == v && strings.EqualFold(p.edition, edition) })
	s.touch()
}

// name is the name of an edition's package.
func (s *Server) name(edition string) string {
	return strings.ToLower(s.opts.Product + "-" + edition)
}

// debian is the version as packages have it: 18.5.0-ee.0.
func (p pack) debian() string {
	return fmt.Sprintf("%s-%s.%d", p.version, strings.ToLower(p.edition), p.version.rebuild)
}

// file is where a package is, below the root of its repository.
func (s *Server) file(p pack) string {
	name := s.name(p.edition)
	return "pool/main/" + name[:1] + "/" + name + "/" + name + "_" + p.debian() + "_" + p.archi + ".deb"
}

// content stands in for what is in a package.
func (s *Server) content(p pack) []byte {
	return []byte("!<arch>\n" + s.file(p) + " for " + p.distribution + "\n")
}

// index is an index: a stanza for each package.
func (s *Server) index(edition, distribution, architecture string, f Fault) []byte {
	var b bytes.Buffer
	for _, p := range s.packages {
		if !strings.EqualFold(p.edition, edition) || p.distribution != distribution || p.archi != architecture {
			continue
		}
		content := s.content(p)
		sum := hex.EncodeToString(hash(content))
		if f.BadChecksum {
			sum = sum[:len(sum)-1]
		}
		fmt.Fprintf(&b, "Package: %s\nVersion: %s\nLicense: MIT\nVendor: Omnibus <omnibus@localhost>\nArchitecture: %s\n"+
			"Maintainer: GitLab, Inc. <support@gitlab.com>\nInstalled-Size: 3000000\nDepends: openssh-server, perl\n"+
			"Section: misc\nPriority: extra\nHomepage: https://about.gitlab.com/\nDescription: %s (including NGINX, Postgres, Redis)\n"+
			" It has all that it needs.\n .\n And a line after an empty one.\nFilename: %s\nSize: %d\nMD5sum: %x\nSHA256: %s\n\n",
			s.name(p.edition), p.debian(), p.archi, s.opts.Product+" "+p.edition, s.file(p), len(content), md5.Sum(content), sum)
	}
	return b.Bytes()
}

func hash(b []byte) []byte {
	sum := sha256.Sum256(b)
	return sum[:]
}

// zipped is quick rather than small: all of it stays on this machine.
func zipped(b []byte) []byte {
	var out bytes.Buffer
	z, _ := gzip.NewWriterLevel(&out, gzip.BestSpeed) // a level there is
	z.Write(b)                                        // a buffer takes everything
	z.Close()
	return out.Bytes()
}

// serveRepository answers for /gitlab/<package>/ubuntu/<distribution>/....
func (s *Server) serveRepository(w http.ResponseWriter, r *http.Request, f Fault) {
	body, at, ok := s.repository(strings.Split(strings.TrimPrefix(r.URL.Path, "/gitlab/"), "/"), f)
	if !ok {
		http.NotFound(w, r)
		return
	}
	send(w, r, body, at, f)
}

func (s *Server) repository(parts []string, f Fault) (body []byte, changed time.Time, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(parts) < 4 || parts[1] != "ubuntu" {
		return nil, s.changed, false
	}
	distribution, rest := parts[2], parts[3:]
	product, edition, _ := strings.Cut(parts[0], "-")
	if !strings.EqualFold(product, s.opts.Product) || !slices.ContainsFunc(s.packages, func(p pack) bool {
		return strings.EqualFold(p.edition, edition) && p.distribution == distribution
	}) {
		return nil, s.changed, false
	}
	switch {
	case path.Join(rest...) == "dists/"+distribution+"/Release":
		return s.release(edition, distribution), s.changed, true
	case len(rest) == 5 && rest[0] == "dists" && rest[1] == distribution && rest[2] == "main" && strings.HasPrefix(rest[3], "binary-"):
		b := s.index(edition, distribution, strings.TrimPrefix(rest[3], "binary-"), f)
		switch rest[4] {
		case "Packages":
			return b, s.changed, len(b) > 0
		case "Packages.gz":
			return zipped(b), s.changed, len(b) > 0
		}
	case rest[0] == "pool":
		for _, p := range s.packages {
			if p.distribution == distribution && s.file(p) == path.Join(rest...) {
				return s.content(p), s.changed, true
			}
		}
	}
	return nil, s.changed, false
}

// release is the Release file of a distribution.
func (s *Server) release(edition, distribution string) []byte {
	var architectures []string
	for _, p := range s.packages {
		if strings.EqualFold(p.edition, edition) && p.distribution == distribution && !slices.Contains(architectures, p.archi) {
			architectures = append(architectures, p.archi)
		}
	}
	slices.Sort(architectures)
	var b bytes.Buffer
	fmt.Fprintf(&b, "Origin: %s\nLabel: %s\nSuite: %s\nCodename: %s\nDate: %s\nArchitectures: %s\nComponents: main\nSHA256:\n", s.name(edition), s.name(edition),
		distribution, distribution, s.changed.UTC().Format(time.RFC1123), strings.Join(architectures, " "))
	for _, a := range architectures {
		plain := s.index(edition, distribution, a, Fault{})
		for _, file := range []struct {
			name string
			body []byte
		}{{"Packages", plain}, {"Packages.gz", zipped(plain)}} {
			fmt.Fprintf(&b, " %x %d main/binary-%s/%s\n", hash(file.body), len(file.body), a, file.name)
		}
	}
	return b.Bytes()
}

// send sends a file as it can be asked for conditionally, or spoils it.
func send(w http.ResponseWriter, r *http.Request, body []byte, changed time.Time, f Fault) {
	switch {
	case f.Garbage:
		body = hash(body) // no form that anybody knows
	case f.Cut:
		body = body[:len(body)/2]
	}
	w.Header().Set("ETag", fmt.Sprintf(`"%x"`, hash(body)[:16]))
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/octet-stream")
	}
	http.ServeContent(w, r, "", changed, bytes.NewReader(body))
}

package releases

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"cloudimage/workflow"
	"cloudimage/workflow/maintenance"
)

// PackagesOptions are what [Packages] are made with.
type PackagesOptions struct {
	// Wanted are the packages that are looked for; one at least.
	Wanted []Wanted
	// Keep is how many packages of an index are remembered, the newest versions.
	// Defaults to 500.
	Keep int
	Web  Web
}

// Wanted is a package of an edition, and the repository that has it.
type Wanted struct {
	Edition string // "EE"
	// Root is the address below which the repository has dists/ and pool/, such as
	// https://packages.gitlab.com/gitlab/gitlab-ee/ubuntu/{distribution}, where
	// "{distribution}" stands for each of the distributions; without it all of them
	// are below one root.
	Root          string
	Name          string   // of the package, "gitlab-ee"
	Distributions []string // "noble"; one at least
	Architectures []string // "amd64"; one at least
	Component     string   // defaults to "main"
}

// Packages reads package indexes. It remembers what it read, so that an index that
// has not changed costs a question and no more. Safe for concurrent use.
type Packages struct {
	fetch   *fetcher
	indexes []*index
}

var _ maintenance.Packages = (*Packages)(nil)

// indexLimit bounds an index. GitLab's own has about 2,000 stanzas, and a few
// megabytes unpacked.
var indexLimit = limit{wire: 32 << 20, unpacked: 256 << 20}

const sourcePackages = "the package index"

// NewPackages returns a reader. It asks nothing; what cannot be right is an error.
func NewPackages(o PackagesOptions) (*Packages, error) {
	f, err := newFetcher(sourcePackages, o.Web, indexLimit)
	if err != nil {
		return nil, err
	}
	if len(o.Wanted) == 0 {
		return nil, errors.New("no package is wanted of the package index")
	}
	if o.Keep < 0 {
		return nil, errors.New("the number of packages to remember is below zero")
	}
	p := &Packages{fetch: f}
	for _, w := range o.Wanted {
		indexes, err := w.indexes(cmp.Or(o.Keep, 500))
		if err != nil {
			return nil, err
		}
		p.indexes = append(p.indexes, indexes...)
	}
	return p, nil
}

// pathWord is what distributions, architectures, components and packages are
// written with.
var pathWord = regexp.MustCompile(`\A[A-Za-z0-9][A-Za-z0-9.+~_-]{0,99}\z`)

func (w Wanted) indexes(keep int) ([]*index, error) {
	component := cmp.Or(w.Component, "main")
	switch {
	case w.Edition == "":
		return nil, fmt.Errorf("the package %q is of no edition", w.Name)
	case len(w.Distributions) == 0 || len(w.Architectures) == 0:
		return nil, fmt.Errorf("the package %q needs a distribution and an architecture", w.Name)
	}
	for _, word := range slices.Concat([]string{w.Name, component}, w.Distributions, w.Architectures) {
		if !pathWord.MatchString(word) {
			return nil, fmt.Errorf("the package %q has a name, a component, a distribution or an architecture that is none: %q", w.Name, word)
		}
	}
	var out []*index
	for _, d := range w.Distributions {
		root, err := parseAddress("the repository of "+w.Name, strings.ReplaceAll(w.Root, "{distribution}", d))
		if err != nil {
			return nil, err
		}
		if root.RawQuery != "" {
			return nil, fmt.Errorf("the address of the repository of %s has a question mark in it: %q", w.Name, withoutQuery(root))
		}
		root.Path, root.RawPath = strings.TrimRight(root.Path, "/"), ""
		for _, a := range w.Architectures {
			out = append(out, &index{edition: w.Edition, name: w.Name, distribution: d, architecture: a, root: root,
				at: root.JoinPath("dists", d, component, "binary-"+a, "Packages.gz"), keep: keep})
		}
	}
	return out, nil
}

// Packages implements [maintenance.Packages]. What some indexes offer is returned
// beside the error of another, and beside the error about a stanza of a version
// that was asked for and is wrong.
func (p *Packages) Packages(ctx context.Context, of []workflow.Version) ([]workflow.Package, error) {
	var out []workflow.Package
	var wrong []error
	for _, x := range p.indexes {
		found, err := x.read(ctx, p.fetch, of)
		out = append(out, found...)
		if err != nil {
			wrong = append(wrong, err)
		}
	}
	return out, errors.Join(wrong...)
}

// index is one index, and what was in it when it was read last.
type index struct {
	edition, name              string
	distribution, architecture string
	root, at                   *url.URL
	keep                       int

	mu     sync.Mutex
	last   revision
	known  bool               // it was read once
	offers []offer            // the newest first
	floor  workflow.Version   // below it they were dropped; zero when none was
	asked  []workflow.Version // but these were looked for
}

// offer is a stanza of ours. One that is wrong says why, and offers nothing.
type offer struct {
	workflow.Package
	wrong error
}

// read is what the index offers of some versions. It is read anew when it has
// changed, or when one of them may be among those that were dropped.
func (x *index) read(ctx context.Context, f *fetcher, of []workflow.Version) ([]workflow.Package, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	header := http.Header{"Accept-Encoding": {"identity"}} // the file is packed, and once is enough
	had := revision{}
	if x.known && !slices.ContainsFunc(of, x.dropped) {
		had = x.last
	}
	had.ask(header)
	err := f.get(ctx, x.at, header, func(resp *http.Response, body io.Reader) error {
		if same, err := had.isStill(resp); same || err != nil {
			return err
		}
		offers, floor, err := x.offersIn(body, of)
		if err != nil {
			return err
		}
		x.known, x.offers, x.floor, x.asked = true, offers, floor, slices.Clone(of)
		x.last = revisionOf(resp)
		return nil
	})
	if err != nil {
		return nil, err
	}
	var out []workflow.Package
	var wrong []error
	for _, o := range x.offers {
		if !slices.Contains(of, o.Version) {
			continue
		}
		if o.wrong != nil {
			wrong = append(wrong, f.fail(x.at, o.wrong))
			continue
		}
		out = append(out, o.Package)
	}
	return out, errors.Join(wrong...)
}

// newest is the newest version of which a package is offered, of those that were
// read last; zero for none.
func (x *index) newest() workflow.Version {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, o := range x.offers { // the newest first
		if o.wrong == nil {
			return o.Version
		}
	}
	return workflow.Version{}
}

// dropped reports whether a version may have been in the index, and is not
// remembered.
func (x *index) dropped(v workflow.Version) bool {
	return v.Compare(x.floor) < 0 && !slices.Contains(x.asked, v)
}

// offersIn reads an index: the newest offers, the newest first, and whatever there
// is of the versions asked for. floor is the oldest of the newest when others were
// dropped, zero when none was.
func (x *index) offersIn(body io.Reader, of []workflow.Version) (offers []offer, floor workflow.Version, err error) {
	byVersion := map[workflow.Version]*offer{}
	trim := func() {
		if len(byVersion) <= x.keep {
			return
		}
		newest := slices.SortedFunc(maps.Keys(byVersion), newestFirst)
		floor = newest[x.keep-1]
		for _, v := range newest[x.keep:] {
			if !slices.Contains(of, v) {
				delete(byVersion, v)
			}
		}
	}
	err = eachStanza(body, func(s *stanza) {
		o, ok := x.offer(s)
		if !ok {
			return
		}
		if have := byVersion[o.Version]; have != nil {
			if have.wrong == nil && (o.wrong != nil || have.SHA256 != o.SHA256) {
				have.wrong = fmt.Errorf("it lists %s %s twice, and not alike", x.name, o.Version)
			}
			return
		}
		if byVersion[o.Version] = &o; len(byVersion) >= 2*x.keep+len(of) {
			trim()
		}
	})
	if err != nil {
		return nil, floor, err
	}
	trim()
	for _, v := range slices.SortedFunc(maps.Keys(byVersion), newestFirst) {
		offers = append(offers, *byVersion[v])
	}
	return offers, floor, nil
}

func newestFirst(a, b workflow.Version) int { return b.Compare(a) }

// offer reads a stanza; false when it is not of our package, or of no version that
// is released.
func (x *index) offer(s *stanza) (offer, bool) {
	if s.name != x.name || s.architecture != x.architecture && s.architecture != "all" && s.architecture != "" {
		return offer{}, false
	}
	v, ok := debianVersion(s.version, x.edition)
	if !ok {
		return offer{}, false
	}
	o := offer{Package: workflow.Package{Edition: x.edition, Version: v, Distribution: x.distribution, Architecture: x.architecture}}
	fail := func(err error) (offer, bool) {
		o.wrong = fmt.Errorf("%s %s, in line %d, is wrong: %w", x.name, v, s.line, err)
		return o, true
	}
	if s.odd != nil {
		return fail(s.odd)
	}
	if s.architecture == "" {
		return fail(errors.New("it has no Architecture"))
	}
	sum, err := hex.DecodeString(s.sha256)
	if err != nil || len(sum) != 32 {
		return fail(fmt.Errorf("its SHA256 is %q, and not 64 hexadecimal digits", short(s.sha256)))
	}
	o.SHA256 = hex.EncodeToString(sum)
	if o.Size, err = strconv.ParseInt(s.size, 10, 64); err != nil || o.Size <= 0 {
		return fail(fmt.Errorf("its Size is %q, and no number of bytes", short(s.size)))
	}
	if o.URL, err = below(x.root, s.filename); err != nil {
		return fail(err)
	}
	return o, true
}

// debianVersion reads a version of a package: 18.5.0-ee.0 of the edition EE, or
// 18.5.0-0 and 18.5.0, which name none.
func debianVersion(s, edition string) (workflow.Version, bool) {
	first, revision, some := strings.Cut(s, "-")
	v, ok := plainVersion(first)
	if !ok || !some {
		return v, ok
	}
	if name, number, named := strings.Cut(revision, "."); named {
		if !strings.EqualFold(name, edition) {
			return workflow.Version{}, false
		}
		revision = number
	}
	if !plainNumber.MatchString(revision) {
		return workflow.Version{}, false
	}
	v.Rebuild, _ = strconv.Atoi(revision) // six digits at most
	return v, true
}

// below is the address of a file of a repository, which has to be in it.
func below(root *url.URL, file string) (string, error) {
	clean := path.Clean(file)
	if file == "" || clean == "." || strings.HasPrefix(file, "/") || clean == ".." || strings.HasPrefix(clean, "../") ||
		slices.Contains(strings.Split(file, "/"), "..") || strings.ContainsAny(file, `\%?#:`) ||
		strings.ContainsFunc(file, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", fmt.Errorf("its Filename is %q, which is not below the repository", short(file))
	}
	u := *root
	u.Path = root.Path + "/" + clean
	return u.String(), nil
}

// short is a text of others as it is shown in an error.
func short(s string) string {
	const most = 100
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}

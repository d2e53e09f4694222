package releases

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
)

const indexPath = "/gitlab/*/ubuntu/noble/dists/noble/main/*/Packages.gz"

func names(of []workflow.Package) []string {
	var out []string
	for _, p := range of {
		out = append(out, p.Edition+" "+p.Version.String()+" "+p.Distribution+" "+p.Architecture)
	}
	return out
}

func TestPackagesThatAreOffered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.AddPackages("18.5.0", "EE", "noble")
	w.AddPackages("18.5.0+1", "EE", "noble", "amd64")
	w.AddPackages("18.4.2", "EE", "noble")
	w.AddPackages("18.5.0", "CE", "noble", "arm64")
	w.AddPackages("18.5.0", "EE", "jammy")
	p := must[*Packages](t)(NewPackages(PackagesOptions{Wanted: []Wanted{w.wanted("EE"), w.wanted("CE")}, Web: web()}))
	for _, c := range []struct {
		name string
		of   []string
		want []string
	}{
		{"of one version", []string{"18.5.0"}, []string{"EE 18.5.0 noble amd64", "EE 18.5.0 noble arm64", "CE 18.5.0 noble arm64"}},
		{"a rebuild is another version", []string{"18.5.0+1"}, []string{"EE 18.5.0+1 noble amd64"}},
		{"of several", []string{"18.4.2", "18.5.0+1"}, []string{"EE 18.5.0+1 noble amd64", "EE 18.4.2 noble amd64", "EE 18.4.2 noble arm64"}},
		{"of one that is not there", []string{"18.6.0"}, nil},
		{"of none", nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var of []workflow.Version
			for _, v := range c.of {
				of = append(of, version(v))
			}
			got, err := p.Packages(t.Context(), of)
			// There is no index of CE for amd64, and that is said.
			if e := failureIn(t, err); e.Status != http.StatusNotFound || !strings.Contains(err.Error(), "gitlab-ce/ubuntu/noble/dists/noble/main/binary-amd64/Packages.gz: it answers 404 (not found)") {
				t.Error(err)
			}
			if diff := cmp.Diff(c.want, names(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestPackagesCanBeFetched follows the address of each to the pool.
func TestPackagesCanBeFetched(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.AddPackages("18.5.0", "EE", "noble")
	got := must[[]workflow.Package](t)(w.packages(t).Packages(t.Context(), []workflow.Version{version("18.5.0")}))
	if len(got) != 2 || len(got[0].SHA256) != 64 {
		t.Fatalf("%+v", got)
	}
	if want := w.url + "/gitlab/gitlab-ee/ubuntu/noble/pool/main/g/gitlab-ee/gitlab-ee_18.5.0-ee.0_amd64.deb"; got[0].URL != want {
		t.Errorf("%s, want %s", got[0].URL, want)
	}
	for _, p := range got {
		resp, err := http.Head(p.URL)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK || resp.ContentLength != p.Size {
			t.Errorf("%s: %s, %d bytes", p.URL, resp.Status, resp.ContentLength)
		}
	}
}

func TestAnUnchangedIndexIsNotReadAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.AddPackages("18.5.0", "EE", "noble")
	p := w.packages(t)
	look := func(of string) []string {
		t.Helper()
		return names(must[[]workflow.Package](t)(p.Packages(t.Context(), []workflow.Version{version(of)})))
	}
	both := []string{"EE 18.5.0 noble amd64", "EE 18.5.0 noble arm64"}
	if diff := cmp.Diff([][]string{both, both, nil}, [][]string{look("18.5.0"), look("18.5.0"), look("18.5.1")}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	w.AddPackages("18.5.1", "EE", "noble", "arm64")
	if got := look("18.5.1"); !slices.Equal(got, []string{"EE 18.5.1 noble arm64"}) {
		t.Error(got)
	}
	var got []int
	for _, c := range w.Calls(indexPath) {
		got = append(got, c.Status)
	}
	if want := []int{200, 200, 304, 304, 304, 304, 304, 200}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// stanzaOf is a stanza as repositories have them.
func stanzaOf(edit ...string) string {
	fields := []string{"Package: gitlab-ee", "Version: 18.5.0-ee.0", "Architecture: amd64", "Description: it\n has a second line\n .\n and more",
		"Filename: pool/main/g/gitlab-ee/gitlab-ee_18.5.0-ee.0_amd64.deb", "Size: 1000", "SHA256: " + strings.Repeat("ab", 32)}
	for _, e := range edit {
		name, value, keep := strings.Cut(e, ":")
		i := slices.IndexFunc(fields, func(f string) bool { return strings.HasPrefix(f, name+":") })
		switch {
		case i < 0:
			fields = append(fields, e)
		case !keep:
			fields = slices.Delete(fields, i, i+1)
		default:
			fields[i] = name + ":" + value
		}
	}
	return strings.Join(fields, "\n") + "\n\n"
}

func reader(t testing.TB, root string, keep int, edit ...func(*Web)) *Packages {
	t.Helper()
	return must[*Packages](t)(NewPackages(PackagesOptions{Keep: keep, Web: web(edit...),
		Wanted: []Wanted{{Edition: "EE", Root: root, Name: "gitlab-ee", Distributions: []string{"noble"}, Architectures: []string{"amd64"}}}}))
}

func TestStanzas(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		index string
		want  int    // packages of 18.5.0
		wrong string // is in the error; empty for none
	}{
		{"as it should be", stanzaOf(), 1, ""},
		{"without an empty line at the end", strings.TrimSpace(stanzaOf()), 1, ""},
		{"lines of Windows", strings.ReplaceAll(stanzaOf(), "\n", "\r\n"), 1, ""},
		{"names in other letters", strings.Replace(stanzaOf(), "SHA256", "sha256", 1), 1, ""},
		{"many empty lines", "\n\n" + stanzaOf() + "\n\n\n" + stanzaOf(), 1, ""},
		{"a checksum in capital letters", stanzaOf("SHA256: " + strings.Repeat("AB", 32)), 1, ""},
		{"for all architectures", stanzaOf("Architecture: all"), 1, ""},
		{"a revision without an edition", stanzaOf("Version: 18.5.0-0"), 1, ""},
		{"a long line", stanzaOf("Depends: " + strings.Repeat("x, ", 100_000)), 1, ""},
		{"a dot before the file", stanzaOf("Filename: ./pool/x.deb"), 1, ""},
		{"nothing", "", 0, ""},
		{"another package", stanzaOf("Package: gitlab-ee-docs"), 0, ""},
		{"another edition", stanzaOf("Version: 18.5.0-ce.0"), 0, ""},
		{"a candidate", stanzaOf("Version: 18.5.0-rc42.ee.0"), 0, ""},
		{"a candidate of another form", stanzaOf("Version: 18.5.0-rc.0"), 0, ""},
		{"a rebuild", stanzaOf("Version: 18.5.0-ee.1"), 0, ""},
		{"another architecture", stanzaOf("Architecture: arm64"), 0, ""},
		{"wrong, but not asked for", stanzaOf("Version: 18.4.0-ee.0", "SHA256: x"), 0, ""},

		{"no checksum", stanzaOf("SHA256"), 0, `gitlab-ee 18.5.0, in line 1, is wrong: its SHA256 is "", and not 64 hexadecimal digits`},
		{"a short checksum", stanzaOf() + stanzaOf("Version: 18.4.0-ee.0") + stanzaOf("SHA256: abcd"), 0, "it lists gitlab-ee 18.5.0 twice, and not alike"},
		{"a checksum that is none", stanzaOf("Version: 18.4.0-ee.0") + stanzaOf("SHA256: "+strings.Repeat("xy", 32)), 0, "in line 12, is wrong"},
		{"two checksums", stanzaOf() + stanzaOf("SHA256: "+strings.Repeat("cd", 32)), 0, "twice, and not alike"},
		{"a checksum twice", strings.TrimSpace(stanzaOf()) + "\nSHA256: " + strings.Repeat("cd", 32), 0, "it says its SHA256 twice"},
		{"no size", stanzaOf("Size"), 0, `its Size is ""`},
		{"a size below zero", stanzaOf("Size: -1"), 0, `its Size is "-1"`},
		{"no architecture", stanzaOf("Architecture"), 0, "it has no Architecture"},
		{"no file", stanzaOf("Filename"), 0, "its Filename is"},
		{"a file above the root", stanzaOf("Filename: ../other/x.deb"), 0, "which is not below the repository"},
		{"a file around the root", stanzaOf("Filename: pool/../../x.deb"), 0, "which is not below the repository"},
		{"a file that is hidden above the root", stanzaOf("Filename: %2e%2e/x.deb"), 0, "which is not below the repository"},
		{"a file of another server", stanzaOf("Filename: //evil.example.com/x.deb"), 0, "which is not below the repository"},
		{"an address", stanzaOf("Filename: https://evil.example.com/x.deb"), 0, "which is not below the repository"},
		{"a file with a query", stanzaOf("Filename: pool/x.deb?y"), 0, "which is not below the repository"},
		{"a file of Windows", stanzaOf(`Filename: ..\x.deb`), 0, "which is not below the repository"},
		{"a file with a colour", stanzaOf("Filename: pool/\x1b[31m.deb"), 0, "which is not below the repository"},
		{"a long file", stanzaOf("Filename: " + strings.Repeat("x", 10_000)), 0, "its Filename is too long"},

		{"a web page", "<!DOCTYPE html>\n<html>Sign in</html>", 0, "line 1 is no line of a package index"},
		{"a line without a field", stanzaOf() + "what is this\n", 0, "line 12 is no line of a package index"},
		{"a continuation of nothing", " x\n" + stanzaOf(), 0, "line 1 is no line of a package index"},
		{"bytes", "\x00\x01\x02:\xff", 0, "line 1 is no line of a package index"},
	} {
		for _, packed := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, packed %v", c.name, packed), func(t *testing.T) {
				t.Parallel()
				body := c.index
				if packed {
					body = string(zipped([]byte(body)))
				}
				got, err := reader(t, servingText(t, body), 0).Packages(t.Context(), []workflow.Version{version("18.5.0")})
				if len(got) != c.want {
					t.Errorf("%d packages, want %d", len(got), c.want)
				}
				for _, p := range got {
					if u, err := url.Parse(p.URL); err != nil || !strings.HasPrefix(u.Path, "/") || p.SHA256 != strings.Repeat("ab", 32) {
						t.Errorf("%+v", p)
					}
				}
				if c.wrong == "" && err != nil || c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)) {
					t.Errorf("%v, want %q", err, c.wrong)
				}
			})
		}
	}
}

// TestOldPackagesAreForgotten holds that memory is bounded, and that what was
// forgotten is looked for again when it is asked for.
func TestOldPackagesAreForgotten(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 100 {
		b.WriteString(stanzaOf(fmt.Sprintf("Version: 1.%d.1-ee.0", i*7%100)))
	}
	asked := 0
	p := reader(t, serving(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		w.Header().Set("ETag", `"1"`)
		if r.Header.Get("If-None-Match") == `"1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		io.WriteString(w, b.String())
	}), 10)
	for i, c := range []struct {
		of         string
		want, kept int
	}{
		{"1.99.1", 1, 10}, {"1.90.1", 1, 10}, {"1.5.1", 1, 11}, {"1.5.1", 1, 11}, {"1.6.1", 1, 11}, {"1.5.0", 0, 10}, {"2.0.0", 0, 10},
	} {
		got := must[[]workflow.Package](t)(p.Packages(t.Context(), []workflow.Version{version(c.of)}))
		if len(got) != c.want || len(p.indexes[0].offers) != c.kept {
			t.Errorf("%d: %s: %d packages, %d are kept", i, c.of, len(got), len(p.indexes[0].offers))
		}
	}
	if asked != 7 {
		t.Errorf("it was asked %d times", asked)
	}
}

func TestAnIndexThatFailedIsAskedForWhole(t *testing.T) {
	t.Parallel()
	n := 0
	p := reader(t, serving(t, func(w http.ResponseWriter, r *http.Request) {
		n++
		if r.Header.Get("If-None-Match") != "" {
			t.Errorf("request %d is conditional", n)
		}
		w.Header().Set("ETag", `"1"`)
		if n == 1 {
			io.WriteString(w, "what is this")
			return
		}
		io.WriteString(w, stanzaOf())
	}), 0)
	of := []workflow.Version{version("18.5.0")}
	if _, err := p.Packages(t.Context(), of); err == nil {
		t.Error("what is no index was read")
	}
	if got := must[[]workflow.Package](t)(p.Packages(t.Context(), of)); len(got) != 1 {
		t.Error(got)
	}
	_, err := reader(t, serving(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) }), 0).Packages(t.Context(), of)
	if err == nil || !strings.Contains(err.Error(), "was not asked that") {
		t.Error(err)
	}
}

func TestWantedThatCannotBe(t *testing.T) {
	t.Parallel()
	good := Wanted{Edition: "EE", Root: "https://packages.example.com/ee", Name: "gitlab-ee", Distributions: []string{"noble"}, Architectures: []string{"amd64"}}
	for _, c := range []struct {
		name string
		edit func(*Wanted)
		want string
	}{
		{"no edition", func(w *Wanted) { w.Edition = "" }, "is of no edition"},
		{"no distribution", func(w *Wanted) { w.Distributions = nil }, "needs a distribution"},
		{"no architecture", func(w *Wanted) { w.Architectures = nil }, "and an architecture"},
		{"a distribution that leads away", func(w *Wanted) { w.Distributions = []string{".."} }, `that is none: ".."`},
		{"a component of two parts", func(w *Wanted) { w.Component = "main/x" }, "that is none"},
		{"an address without a scheme", func(w *Wanted) { w.Root = "packages.example.com" }, "must begin with https://"},
		{"an address with a password", func(w *Wanted) { w.Root = "https://me:hush@example.com" }, "has a user in it"},
		{"an address with a query", func(w *Wanted) { w.Root += "?token=hush" }, "has a question mark in it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := good
			c.edit(&w)
			_, err := NewPackages(PackagesOptions{Wanted: []Wanted{w}})
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hush") {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
	if _, err := NewPackages(PackagesOptions{}); err == nil {
		t.Error("nothing is wanted, and that is good")
	}
}

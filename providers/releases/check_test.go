package releases

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/providers/releases/releasesim"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	w := newWorld(t)
	pattern := must[*Pattern](t)(NewPattern(""))
	sources := func() Sources {
		return Sources{NewTags(listed{names: []string{"18.5.1+ee.0"}}, pattern), w.packages(t), w.announcements(t), w.opinions(t), version("18.5.0")}
	}
	lines := func(s Sources) string {
		var b strings.Builder
		for _, f := range Check(ctx, s) {
			fmt.Fprintf(&b, "%s: %s\n", f.Level, strings.ReplaceAll(f.Text, w.url, "URL"))
		}
		return b.String()
	}
	const unused = "note: Tags of the repository are not read.\nnote: The package index is not read.\nnote: Announcements are not read.\nnote: The version service is not read.\n"
	if diff := cmp.Diff(unused, lines(Sources{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, p := range []releasesim.Release{{Version: "18.5.0"}, {Version: "18.5.1", Critical: true}} {
		if err := w.Publish(p); err != nil {
			t.Fatal(err)
		}
	}
	const good = `ok: The repository answers: 1 of its newest tags name releases, the newest is 18.5.1+ee.0 of 2 Nov 2033.
ok: The package index of gitlab-ee for noble on amd64 answers: the newest is 18.5.1.
ok: The package index of gitlab-ee for noble on arm64 answers: the newest is 18.5.1.
ok: The feed of announcements at URL/releases/patch-releases.xml answers: the newest is "GitLab Critical Patch Release: 18.5.1" of 2 Nov 2033.
ok: The feed of announcements at URL/releases/releases.xml answers: the newest is "GitLab 18.5 release notes" of 2 Nov 2033.
ok: The version service answers: of 18.5.0 it says danger, and the newest is 18.5.1.
`
	if diff := cmp.Diff(good, lines(sources())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	byItself := sources()
	byItself.Of = version("0.0.1").First()
	byItself.Of.Patch = 0 // none
	if got := lines(byItself); !strings.Contains(got, "of 18.5.1 it says success") {
		t.Error(got)
	}
	w.FailNext(-1, "**", releasesim.Fault{Status: http.StatusTooManyRequests, RetryAfter: time.Minute})
	for _, f := range Check(ctx, sources())[1:] {
		if f.Level != "FAIL" || !strings.Contains(f.Text, "it answers 429 (too many requests).") || !strings.HasPrefix(f.Cure, "Wait and check again.") {
			t.Errorf("%+v", f)
		}
	}
	w.ClearFaults()
	empty := newWorld(t)
	empty.Announce(releasesim.Post{Versions: []string{"18.5.1"}})
	got := Check(ctx, Sources{Tags: NewTags(listed{names: []string{"6.x.omnibus"}}, pattern), Announcements: empty.announcements(t)})
	for i, want := range []string{"None of the newest tags", "The package index is not read", "have no text that can be read", "announces no release of the product"} {
		if !strings.Contains(got[i].Text, want) {
			t.Errorf("%+v, want %q", got[i], want)
		}
	}
	if f := Check(ctx, Sources{Opinions: empty.opinions(t)})[3]; !strings.Contains(f.Text, "no source knows a version") {
		t.Errorf("%+v", f)
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if f := Check(gone, sources())[1]; !strings.Contains(f.Text, "given up") {
		t.Errorf("%+v", f)
	}
}

package maintenance

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudimage/workflow"
)

// verdict is a judgement in short: "out CE EE, ready, security, unsure", "look 15m".
func verdict(j Judgement, now time.Time) string {
	var out []string
	if len(j.Out) > 0 {
		out = append(out, "out "+strings.Join(j.Out, " "))
	}
	for _, flag := range []struct {
		is   bool
		word string
	}{{j.Ready, "ready"}, {j.Ask, "ask"}, {j.Dropped, "dropped"}} {
		if flag.is {
			out = append(out, flag.word)
		}
	}
	out = append(out, string(j.Kind))
	if j.Unsure {
		out = append(out, "unsure")
	}
	if !j.Look.IsZero() {
		out = append(out, fmt.Sprint("look ", j.Look.Sub(now)))
	}
	return strings.Join(out, ", ")
}

// seen is a release that was seen at monday, the sources of which said what the words
// say, a minute later each: "tag", "CE", "EE" (its packages), "post", "fixes",
// "critical", "feature", "teaser" (posts), "danger", "grave", "safe" (opinions),
// "security", "release", "fix", "none" (rulings).
func seen(v string, words ...string) *workflow.Release {
	r := &workflow.Release{Version: version(v), Seen: monday, State: workflow.ReleaseWaits}
	for i, word := range words {
		at := monday.Add(time.Duration(i) * time.Minute)
		post := &workflow.Announcement{Title: "Patch Release: " + v, At: at, Kind: workflow.AnnouncesPatch, Whole: true}
		opinion := &workflow.Opinion{Of: version("17.5.0"), Latest: version(v), Standing: workflow.StandingBehind}
		switch word {
		case "tag":
			r.Tags = []workflow.Tag{{Name: v + "+ce.0", Version: version(v), Edition: "CE", At: at}, {Name: v + "+ee.0", Version: version(v), Edition: "EE", At: at}}
		case "CE", "EE":
			r.Packages = append(r.Packages, packageOf(v, word))
			if r.Packaged == nil {
				r.Packaged = map[string]time.Time{}
			}
			r.Packaged[word] = at
		case "post":
			r.Announcement = post
		case "fixes":
			post.Fixes, post.Severity = true, "high"
			r.Announcement = post
		case "critical":
			post.Kind = workflow.AnnouncesCritical
			r.Announcement = post
		case "feature":
			post.Kind = workflow.AnnouncesRelease
			r.Announcement = post
		case "teaser":
			post.Whole = false
			r.Announcement = post
		case "danger":
			opinion.Standing = workflow.StandingInDanger
			r.Opinion = opinion
		case "grave":
			opinion.Critical = true
			r.Opinion = opinion
		case "safe":
			r.Opinion = opinion
		case "security", "release", "fix":
			r.Rulings = append(r.Rulings, workflow.Ruling{By: omar, At: at, Kind: workflow.CatalystKind(word)})
		case "none":
			r.Rulings = append(r.Rulings, workflow.Ruling{By: omar, At: at})
		default:
			panic(word)
		}
	}
	return r
}

func TestJudge(t *testing.T) {
	t.Parallel()
	const hour = time.Hour
	for name, c := range map[string]struct {
		said  string // by the sources
		after time.Duration
		off   string // sources
		want  string
	}{
		"tags only": {"tag", 10 * time.Minute, "", "security, unsure, look 23h50m0s"},
		"tags only, past the time for announcements": {"tag", 3 * hour, "", "security, unsure, look 21h0m0s"},
		"tags only, for a day":                       {"tag", 24 * hour, "", "ask, security, unsure"},
		"tagged and announced, packages missing":     {"tag post", 3 * hour, "", "release, look 21h0m0s"},
		"announced, packages missing for a day":      {"tag post", 25 * hour, "", "ask, release"},
		"one edition late":                           {"tag CE post", 10 * time.Minute, "", "out CE, release, look 6m0s"},
		"one edition too late":                       {"tag CE post", 16 * time.Minute, "", "out CE, ready, release"},
		"both there, not announced":                  {"tag CE EE", 10 * time.Minute, "", "out CE EE, security, unsure, look 1h51m0s"},
		"nothing announced in time":                  {"tag CE EE", 2*hour + time.Minute, "", "out CE EE, ready, security, unsure"},
		"announced without fixes":                    {"tag CE EE post", 10 * time.Minute, "", "out CE EE, ready, release"},
		"announced as a release":                     {"tag CE EE feature", 10 * time.Minute, "", "out CE EE, ready, release"},
		"announced with fixes":                       {"tag CE EE fixes", 10 * time.Minute, "", "out CE EE, ready, security"},
		"announced as critical":                      {"tag CE EE critical", 10 * time.Minute, "", "out CE EE, ready, security"},
		"a teaser that is not whole":                 {"tag CE EE teaser", 10 * time.Minute, "", "out CE EE, ready, security, unsure"},
		"the version service contradicts":            {"tag CE EE post danger", 10 * time.Minute, "", "out CE EE, ready, security, unsure"},
		"the version service contradicts gravely":    {"tag CE EE feature grave", 10 * time.Minute, "", "out CE EE, ready, security, unsure"},
		"the version service sees no danger":         {"tag CE EE post safe", 10 * time.Minute, "", "out CE EE, ready, release"},
		"it sees none, and fixes are listed":         {"tag CE EE fixes safe", 10 * time.Minute, "", "out CE EE, ready, security"},
		"it alone settles nothing":                   {"tag CE EE danger", 10 * time.Minute, "", "out CE EE, security, unsure, look 1h51m0s"},
		"it alone settles nothing in time":           {"tag CE EE safe", 3 * hour, "", "out CE EE, ready, security, unsure"},
		"no tags are watched":                        {"CE EE post", 10 * time.Minute, "tags", "out CE EE, ready, release"},
		"no packages are watched":                    {"tag", 10 * time.Minute, "packages", "security, unsure, look 23h50m0s"},
		"no packages, announced":                     {"tag post", 10 * time.Minute, "packages", "out CE EE, ready, release"},
		"no announcements are watched":               {"tag CE EE", 10 * time.Minute, "announcements", "out CE EE, ready, security, unsure"},
		"nothing is watched":                         {"", 25 * hour, "tags packages announcements", "ask, security, unsure"},
		"a person says security":                     {"tag CE EE post security", 10 * time.Minute, "", "out CE EE, ready, security"},
		"a person says release":                      {"tag CE EE fixes release", 10 * time.Minute, "", "out CE EE, ready, release"},
		"a person says fix":                          {"tag CE EE teaser fix", 10 * time.Minute, "", "out CE EE, ready, fix"},
		"a person says that it is none of ours":      {"tag CE EE fixes none", 10 * time.Minute, "", "out CE EE, ready, dropped, security"},
		"a person changes their mind":                {"tag CE EE none release", 10 * time.Minute, "", "out CE EE, ready, release"},
		"a person says so before packages are there": {"tag security", 10 * time.Minute, "", "out CE EE, ready, security"},
		"a person says so before it is announced":    {"tag CE EE release", 10 * time.Minute, "", "out CE EE, ready, release"},
		"a person says so, one edition late":         {"tag CE security", 10 * time.Minute, "", "out CE, security, look 6m0s"},
		"a person says so after a day":               {"tag release", 25 * hour, "", "out CE EE, ready, release"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := monday.Add(c.after)
			court := court{product: gitlab(), patience: Patience{}.withDefaults(), now: now,
				tags: !strings.Contains(c.off, "tags"), packages: !strings.Contains(c.off, "packages"), announcements: !strings.Contains(c.off, "announcements"), opinions: true}
			j := court.judge(seen("17.5.1", strings.Fields(c.said)...))
			if got := verdict(j, now); got != c.want {
				t.Errorf("it is judged:\n%s, want\n%s", got, c.want)
			}
			for _, why := range append(j.Why, j.Said) {
				if said := why.String(); strings.Contains(said, "%!") || said != "" && !strings.HasSuffix(said, ".") {
					t.Errorf("%q is no sentence", said)
				}
			}
			if j.At.After(now) || j.At.Before(monday) {
				t.Errorf("it was published %s", j.At)
			}
		})
	}
}

// It is published when it was announced, or else when its packages were first seen.
func TestPublishedWhenCustomersCouldHaveIt(t *testing.T) {
	t.Parallel()
	at := func(m int) time.Time { return monday.Add(time.Duration(m) * time.Minute) }
	for name, c := range map[string]struct {
		release *workflow.Release
		before  time.Time // as it was thought to be
		want    time.Time
	}{
		"nothing but tags":                          {seen("17.5.1", "tag"), time.Time{}, at(0)},
		"packages, hours after the tag":             {seen("17.5.1", "tag", "CE", "EE"), time.Time{}, at(1)},
		"announced after its packages":              {seen("17.5.1", "tag", "CE", "EE", "post"), time.Time{}, at(3)},
		"announced before its packages":             {seen("17.5.1", "post", "CE", "EE"), time.Time{}, at(0)},
		"a clock that runs is not put off":          {seen("17.5.1", "tag", "CE", "EE", "post"), at(0), at(0)},
		"announced before it was thought to be out": {seen("17.5.1", "post", "CE", "EE"), at(2), at(0)},
	} {
		c.release.Published = c.before
		j := court{product: gitlab(), patience: Patience{}.withDefaults(), now: at(60), tags: true, packages: true, announcements: true}.judge(c.release)
		if !j.At.Equal(c.want) {
			t.Errorf("%s: it was published %s, want %s", name, j.At, c.want)
		}
	}
}

func TestRebuildIsWhatItRebuilds(t *testing.T) {
	t.Parallel()
	first := func(kind workflow.CatalystKind, unsure bool, state workflow.ReleaseState) *workflow.Release {
		return &workflow.Release{Version: version("17.5.1"), Kind: kind, Unsure: unsure, State: state}
	}
	for name, c := range map[string]struct {
		rebuilt *workflow.Release
		said    string
		want    string
	}{
		"of an open security update":     {first(workflow.CatalystSecurity, false, workflow.ReleaseOut), "tag CE EE", "out CE EE, ready, security"},
		"of one that nobody is sure of":  {first(workflow.CatalystSecurity, true, workflow.ReleaseOut), "tag CE EE", "out CE EE, ready, security, unsure"},
		"of an ordinary release":         {first(workflow.CatalystRelease, false, workflow.ReleaseOut), "tag CE EE", "out CE EE, ready, fix"},
		"of one before anybody watched":  {first(workflow.CatalystSecurity, false, workflow.ReleaseBefore), "tag CE EE", "out CE EE, ready, fix"},
		"of one that is none of ours":    {first(workflow.CatalystSecurity, false, workflow.ReleaseDropped), "tag CE EE", "out CE EE, ready, fix"},
		"of one that was never seen":     {nil, "tag CE EE", "out CE EE, ready, fix"},
		"packages missing":               {nil, "tag CE", "out CE, fix, look 6m0s"},
		"a person says that it secures":  {nil, "tag CE EE security", "out CE EE, ready, security"},
		"announced by itself with fixes": {nil, "tag CE EE fixes", "out CE EE, ready, security"},
	} {
		now := monday.Add(10 * time.Minute)
		j := court{product: gitlab(), patience: Patience{}.withDefaults(), now: now, tags: true, packages: true, announcements: true, rebuilt: c.rebuilt}.
			judge(seen("17.5.1+1", strings.Fields(c.said)...))
		if got := verdict(j, now); got != c.want {
			t.Errorf("%s it is judged:\n%s, want\n%s", name, got, c.want)
		}
	}
}

func TestWhyIsSaid(t *testing.T) {
	t.Parallel()
	j := court{product: gitlab(), patience: Patience{}.withDefaults(), now: monday.Add(time.Hour), tags: true, packages: true, announcements: true, opinions: true}.
		judge(seen("17.5.1", "tag", "CE", "fixes", "danger", "release"))
	var got []string
	for _, why := range append(j.Why, j.Said) {
		got = append(got, why.String())
	}
	if diff := cmp.Diff([]string{
		"“Patch Release: 17.5.1” lists security fixes, the gravest high.",
		"The version service says of 17.5.0 that it is in danger without what came after it.",
		"Tagged: CE, EE.",
		"Packages are missing: EE noble amd64.",
		"U0OMAR said that it is a release.",
	}, got); diff != "" {
		t.Errorf("why (-want +got):\n%s", diff)
	}
}

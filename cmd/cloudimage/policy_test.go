package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudimage/providers/aws"
	"cloudimage/providers/aws/awssim"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file holds the policies in docs/aws.md to the calls that are really made: all that
// is called is allowed by the policy that it should be allowed by, on its conditions, and
// nothing is allowed that is not called.

// never are actions that need no policy, and why.
var never = map[string]string{
	"sts:GetCallerIdentity": "AWS answers it to everybody",
}

// along are actions that a call needs beside its own, and nobody calls.
func along(action string, c awssim.Call) (out []string) {
	tags := slices.ContainsFunc(slices.Collect(maps.Keys(c.Params)), func(k string) bool { return strings.HasPrefix(k, "TagSpecification.") })
	switch {
	case action == "ec2:RunInstances":
		out = append(out, "iam:PassRole")
	case action == "aws-marketplace:StartChangeSet" && strings.Contains(fmt.Sprint(c.Params), "AccessRoleArn"):
		out = append(out, "iam:PassRole")
	case action == "ec2:DeregisterImage":
		out = append(out, "ec2:DeleteSnapshot") // it takes them along
	}
	if tags {
		out = append(out, "ec2:CreateTags")
	}
	return out
}

// until lets time go on until a build is as it is to be.
func (y *yard) until(ctx context.Context, t *testing.T, set func(time.Time) error, id images.BuildID, is func(*images.Build) bool) {
	t.Helper()
	for range 3000 {
		_, err := y.images.Fire(ctx)
		noError(t, err)
		b, err := y.store.Build(ctx, id)
		noError(t, err)
		if is(b) {
			return
		}
		if failed := b.Failed(); len(failed) > 0 {
			t.Fatalf("%s is stuck: %s", b.Order.Name, failed[0].Trouble())
		}
		if due := b.Due(); due.After(y.Now()) {
			noError(t, set(due.Add(time.Second)))
		}
	}
	t.Fatal("it does not come so far")
}

// hearing collects the calls that are made.
type hearing struct {
	sim  *awssim.Server
	seen int // the number of the last that was taken
}

// since are the calls since the last time.
func (h *hearing) since() (out []awssim.Call) {
	for _, c := range h.sim.Calls() {
		if c.Seq > h.seen {
			out = append(out, c)
		}
	}
	if len(out) > 0 {
		h.seen = out[len(out)-1].Seq
	}
	return out
}

// notProvoked are actions that the tests here do not lead to, and why that is all right.
var notProvoked = map[string]string{}

// TestPoliciesAreTrue makes an image, publishes it, looks after it and cleans up, and
// compares what is called with the policies.
func TestPoliciesAreTrue(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	page := policies(t)
	build, publish, audit := page["Build"], page["Publish"], page["Audit"]
	s := newSite(t)
	s.stand.sim.AddProduct(demoProductEE, "GitLab Enterprise Edition", "x86_64", "17.5.0", "17.5.1")
	heard := &hearing{sim: s.stand.sim}
	tagged := ofBuilds(s.stand.sim)
	provoked := map[string]bool{}
	// allowed holds that the policies allow each call; tries are those that only try.
	allowed := func(what string, tries policy, list ...policy) (done []string) {
		t.Helper()
		all := slices.Concat(list...)
		for _, c := range heard.since() {
			action := c.Service + ":" + c.Operation
			provoked[action] = true
			may := all
			if c.DryRun {
				may = slices.Concat(all, tries)
			} else {
				done = append(done, action)
			}
			if never[action] != "" {
				continue
			}
			if !may.allows(action, c, tagged) {
				t.Errorf("%s: no policy allows %s in %s (only tried: %v) with %v", what, action, c.Region, c.DryRun, c.Params)
			}
			for _, a := range along(action, c) {
				if !may.allows(a, c, tagged) {
					t.Errorf("%s: no policy allows %s, which %s needs", what, a, action)
				}
			}
		}
		if len(done) == 0 {
			t.Errorf("%s called nothing", what)
		}
		slices.Sort(done)
		return slices.Compact(done)
	}
	key, secret := s.stand.sim.Credentials()
	y, err := newYard(ctx, filepath.Join(s.dir, "test.db"), s.stand.url, key, secret, s.clock.read)
	noError(t, err)
	defer y.store.Close()
	y.Config.AWS.Marketplace.Share = []string{"679593333241"}
	y.Config.AWS.Marketplace.KeepVersions = 2 // so that the oldest is hidden
	y.images, err = newImages(ctx, y.Settings, y.store, y.runs, y.upkeep)
	noError(t, err)
	listing := workflow.Listing{ID: "aws-ee-image", Partner: "AWS", Edition: "EE", Delivery: workflow.Image, Provider: workflow.AWS,
		Facts: map[workflow.FactName]string{workflow.FactProduct: demoProductEE}}
	signing := func(b *images.Build) bool { return b.Phase() == workflow.BuildSigning }
	over := func(b *images.Build) bool { return !b.State.Open() }

	// The plan reads, and tries what would be done.
	run, made, err := y.begins(ctx, "17.6.2", listing)
	noError(t, err)
	id := made[0].ID
	allowed("a plan", slices.Concat(build, publish), audit)
	// Before it is signed nothing of publishing is needed.
	y.until(ctx, t, s.clock.write, id, signing)
	allowed("a build", nil, build, audit)
	noError(t, y.signs(ctx, run))
	y.until(ctx, t, s.clock.write, id, over)
	allowed("publishing", nil, publish, audit)

	// The next release lets the image of the first grow old. Abandoned in the middle it is
	// taken back, with what was submitted.
	run, made, err = y.begins(ctx, "17.6.3", listing)
	noError(t, err)
	id = made[0].ID
	noError(t, y.signs(ctx, run))
	y.until(ctx, t, s.clock.write, id, over)
	run, made, err = y.begins(ctx, "17.6.4", listing)
	noError(t, err)
	id = made[0].ID
	noError(t, y.signs(ctx, run))
	y.until(ctx, t, s.clock.write, id, func(b *images.Build) bool {
		submit := b.Step(images.Submit, "", "")
		return submit.Ref != "" || strings.Contains(submit.Memory, "validation")
	})
	allowed("more releases", slices.Concat(build, publish), build, publish, audit)
	_, err = y.images.Abandon(ctx, workflow.Who{User: "U0OMAR", Request: "abandon"}, id)
	noError(t, err)
	y.until(ctx, t, s.clock.write, id, over)
	allowed("abandoning", nil, build, publish, audit)

	// The marketplace's scan finds something, which is asked for.
	s.stand.sim.FailScan("", awssim.Finding{Control: "NoKnownVulnerabilities", Code: "CVE", Message: "CVE-2026-1111 in openssl"})
	run, made, err = y.begins(ctx, "17.6.5", listing)
	noError(t, err)
	id = made[0].ID
	noError(t, y.signs(ctx, run))
	y.until(ctx, t, s.clock.write, id, func(b *images.Build) bool { return b.State == images.Stuck })
	allowed("a scan that fails", slices.Concat(build, publish), build, publish, audit)

	// Looking after it needs no more than Audit.
	omar := workflow.Who{User: "U0OMAR", Request: "look"}
	_, _, err = y.images.Audit(ctx)
	noError(t, err)
	allowed("verify", nil, audit)
	s.stand.sim.AddImage("eu-west-1", awssim.Image{Name: "left over", Tags: map[string]string{"cloudimage:build": "b-gone"}})
	sweep, err := y.images.Leftovers(ctx, omar, workflow.AWS)
	noError(t, err)
	if len(sweep.Left) != 1 || sweep.Missed != "" {
		t.Errorf("left over are %+v, and missed was %q", sweep.Left, sweep.Missed)
	}
	allowed("sweep", nil, audit)
	cloud, err := aws.New(ctx, y.awsOptions())
	noError(t, err)
	cloud.Check(ctx)
	looked := allowed("doctor", slices.Concat(build, publish), audit)
	s.stand.sim.Inject("ec2:DescribeRegions", "", 1, false, awssim.Fault{Status: 403, Code: "UnauthorizedOperation",
		Message: "You are not authorized to perform this operation. Encoded authorization failure message: AAAA"})
	_, err = cloud.Leftovers(ctx)
	if err == nil {
		t.Error("what may not be done is no error")
	}
	allowed("a refusal", nil, audit)

	// Removing is Build's.
	_, failed, err := y.images.RemoveLeftovers(ctx, omar, workflow.AWS, []string{sweep.Left[0].ID})
	noError(t, err)
	if len(failed) > 0 {
		t.Error(failed)
	}
	for kind, id := range map[string]string{"snapshot": "snap-0123456789abcdef0", "volume": "vol-0123456789abcdef0"} {
		if err := cloud.RemoveLeftover(ctx, images.Leftover{Kind: kind, Region: "us-east-1", ID: id}); err != nil {
			t.Error(err)
		}
	}
	allowed("removing what is left over", nil, build, audit)
	t.Logf("doctor calls %q", looked)

	// Nothing is allowed that is not called.
	table := actionTable(t)
	for action := range actions(build, publish, audit) {
		if !table[action] && action != "iam:PassRole" { // which two of the calls need
			t.Errorf("the policies allow %s, which nothing calls", action)
		}
	}
	for action := range table {
		if never[action] == "" && !actions(build, publish, audit)[action] {
			t.Errorf("providers/aws calls %s, and no policy allows it", action)
		}
		if reason := notProvoked[action]; provoked[action] == (reason != "") {
			t.Errorf("%s was called: %v; that it would not be is explained by %q", action, provoked[action], reason)
		}
	}
	for _, p := range []struct {
		name   string
		policy policy
		reads  bool
	}{{"Build", build, false}, {"Publish", publish, false}, {"Audit", audit, true}} {
		for action := range actions(p.policy) {
			_, name, _ := strings.Cut(action, ":")
			if p.reads && !regexp.MustCompile(`^(Describe|Get|List|Decode)`).MatchString(name) {
				t.Errorf("%s is for reading, and allows %s", p.name, action)
			}
			if n := owners(action, build, publish, audit); n != 1 && action != "iam:PassRole" {
				t.Errorf("%s is allowed by %d policies", action, n)
			}
		}
	}
}

// owners counts the policies that allow an action.
func owners(action string, list ...policy) (n int) {
	for _, p := range list {
		if actions(p)[action] {
			n++
		}
	}
	return n
}

// actionTable are the actions that providers/aws knows, each of which it has to use.
func actionTable(t *testing.T) map[string]bool {
	t.Helper()
	dir := filepath.Join(root, "providers", "aws")
	var rest strings.Builder
	sources, err := filepath.Glob(filepath.Join(dir, "*.go"))
	noError(t, err)
	for _, path := range sources {
		if base := filepath.Base(path); base != "pace.go" && !strings.HasSuffix(base, "_test.go") {
			rest.Write(readFile(t, path))
		}
	}
	out := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\t(\w+)\s*= action\{"([\w-]+)", "(\w+)"`).FindAllStringSubmatch(string(readFile(t, filepath.Join(dir, "pace.go"))), -1) {
		out[m[2]+":"+m[3]] = true
		if !regexp.MustCompile(`[(,{] ?` + m[1] + `\b`).MatchString(rest.String()) {
			t.Errorf("%s is in the table of providers/aws, and nothing calls it", m[1])
		}
	}
	if len(out) < 30 {
		t.Fatalf("only %d actions were found; are they still looked for in the right way?", len(out))
	}
	return out
}

// TestPoliciesSayWhoMay holds the roles' documents and the conditions to what they are
// for.
func TestPoliciesSayWhoMay(t *testing.T) {
	t.Parallel()
	page := policies(t)
	for heading, service := range map[string]string{"The machines' role": "ec2.amazonaws.com", "The marketplace's role": "assets.marketplace.amazonaws.com"} {
		p := page[heading]
		if len(p) != 1 || !slices.Equal(p[0].Principal["Service"], oneOrMany{service}) || !slices.Equal(p[0].Action, oneOrMany{"sts:AssumeRole"}) {
			t.Errorf("%s: %+v", heading, p)
		}
		passed := 0
		for _, s := range slices.Concat(page["Build"], page["Publish"]) {
			if slices.Contains(s.Action, "iam:PassRole") && slices.Equal(s.Condition["StringEquals"]["iam:PassedToService"], oneOrMany{service}) && len(s.Resource) == 1 && strings.Contains(s.Resource[0], ":role/") {
				passed++
			}
		}
		if passed != 1 {
			t.Errorf("%s is passed to %s by %d statements", heading, service, passed)
		}
	}
	// What removes or changes something that exists is for what we made, and for nothing.
	tag := regexp.MustCompile(`^(ec2:ResourceTag|ssm:resourceTag)/cloudimage:build$`)
	for _, s := range slices.Concat(page["Build"], page["Publish"]) {
		for _, action := range s.Action {
			switch action {
			case "ec2:TerminateInstances", "ec2:StopInstances", "ec2:DeleteSnapshot", "ec2:DeleteVolume", "ec2:DeregisterImage", "ec2:ModifyImageAttribute", "ec2:ModifySnapshotAttribute", "ec2:EnableImageDeprecation":
			default:
				continue
			}
			nothing := !slices.ContainsFunc(s.Resource, func(r string) bool { return !strings.HasSuffix(r, noID) })
			ours := slices.ContainsFunc(slices.Collect(maps.Keys(s.Condition["StringLike"])), tag.MatchString)
			if !nothing && !ours {
				t.Errorf("%s: %s is for everything there is", s.Sid, action)
			}
		}
	}
}

// TestTheExampleForAWSLoads reads the YAML that the page says is enough.
func TestTheExampleForAWSLoads(t *testing.T) {
	t.Parallel()
	blocks := fence.FindAllSubmatch(readFile(t, filepath.Join(root, "docs", "aws.md")), -1)
	i := slices.IndexFunc(blocks, func(b [][]byte) bool { return string(b[1]) == "yaml" })
	if i < 0 {
		t.Fatal("the page has no example")
	}
	path := filepath.Join(t.TempDir(), "cloudimage.yaml")
	noError(t, os.WriteFile(path, []byte(strings.ReplaceAll("\n"+string(blocks[i][2]), "\n   ", "\n")), 0o600))
	config, err := loadConfig(path)
	noError(t, err)
	if config.AWS == nil || config.AWS.Marketplace.AccessRole == "" {
		t.Fatalf("it says %+v", config.AWS)
	}
	_, err = aws.New(t.Context(), Settings{Config: config}.awsOptions())
	noError(t, err)
}

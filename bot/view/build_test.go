package view

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file draws builds in every state that people see of them.

func ee() *building  { return begun(order("AWS EE", "EE", "amd64")) }
func ce() *building  { return begun(order("AWS CE", "CE", "amd64")) }
func eeP() *building { return begun(published(order("AWS EE", "EE", "amd64"))) }
func ceP() *building { return begun(published(order("AWS CE", "CE", "amd64"))) }

var (
	quotaFull = images.Fault{Class: images.Quota, What: "public AMIs", Said: "You have reached your quota of 5 public images.", Code: "PublicAMIQuotaExceeded", Link: "https://console.aws.amazon.com/servicequotas/home?region=eu-west-1"}
	unsound   = images.Fault{Class: images.Unsound, Said: "the image does not pass our own check", Findings: []string{
		"/root/.ssh/authorized_keys: holds a key", "/etc/gitlab/gitlab-secrets.json: is there before the first boot", "/var/log/cloud-init.log: names a <token>",
		"/home/ubuntu/.bash_history: is not empty", "/etc/machine-id: is not empty", "/tmp/build.log: was left", "/var/lib/apt/lists: was left", "/root/.netrc: holds a password", "/etc/ssh/ssh_host_rsa_key: is there",
	}}
	scanned  = images.Fault{Class: images.Findings, Said: "The AMI has 2 vulnerabilities.", Code: "SCAN_ERROR", Findings: []string{"CVE-2025-1234 in libssl3 (high): fixed in 3.0.13", "CVE-2025-9999 in curl (critical)"}}
	taken    = images.Fault{Class: images.Foreign, What: "1x2y3z4changeset5a6b7c", Said: "Entity is locked by change set 1x2y3z4changeset5a6b7c.", Code: "ResourceInUseException"}
	scripted = images.Fault{Class: images.ScriptFailed, Said: "the checksum of the package is another one"}
)

// buildNewses are messages about builds, by name.
func buildNewses(t testing.TB) map[string]images.News {
	run := release(t, 4, insecure).Run
	signed := release(t, 4, insecure).signs(omar).Run
	many := func(change func(i int, b *building)) (out []*building) {
		for i := range 10 {
			o := published(order(fmt.Sprintf("AWS EE number %d (arm64)", i), fmt.Sprint("EE", i), "arm64"))
			o.Regions = nil
			for r := range 18 {
				o.Regions = append(o.Regions, fmt.Sprintf("ap-southeast-%d", r+1))
			}
			o.Region = o.Regions[0]
			b := begun(o)
			change(i, b)
			out = append(out, b)
		}
		return out
	}
	copying := func(i int, b *building) {
		b.upTo(images.Copy)
		for r := range 9 {
			b.through(images.Copy, r)
		}
		for r := 9; r < 14; r++ {
			b.works(images.Copy, r, func(s *images.Step) { s.Percent = 10*r - 50 })
		}
	}
	out := map[string]images.News{
		"installing": news(run, eeP().upTo(images.Install).works(images.Install, 0, func(s *images.Step) { s.Note = "unpacking" }), ceP().works(images.Launch, 0, nil)),
		"booting":    news(run, eeP().upTo(images.Check).through(images.Check, 0).works(images.Check, 1, nil), ceP().upTo(images.Boot).works(images.Boot, 0, nil)),
		"capturing":  news(nil, ee().upTo(images.Capture).works(images.Capture, 0, func(s *images.Step) { s.Percent = 40 })),
		"hitches": news(run,
			eeP().upTo(images.Capture).works(images.Capture, 0, func(s *images.Step) {
				s.State, s.Failures, s.Fault = images.StepUnsure, 1, &images.Fault{Class: images.Unknown, Said: "no answer in time"}
			}),
			ceP().upTo(images.Stop).works(images.Stop, 0, func(s *images.Step) {
				s.Failures, s.Due, s.Fault = 2, s.Since.Add(9*time.Minute), &images.Fault{Class: images.Throttled, Said: "Request limit exceeded."}
			})),
		"copying": news(run,
			eeP().upTo(images.Copy).through(images.Copy, 0).through(images.Copy, 1).works(images.Copy, 2, func(s *images.Step) { s.Percent = 40 }).fails(images.Copy, 3, quotaFull),
			ceP().upTo(images.Copy).through(images.Copy, 0).works(images.Copy, 1, func(s *images.Step) { s.Percent = 40 })),
		"copies failed": news(run, eeP().upTo(images.Copy).through(images.Copy, 0).fails(images.Copy, 1, quotaFull).
			fails(images.Copy, 2, images.Fault{Class: images.BrokenImage, Said: "Internal error"}).fails(images.Copy, 3, quotaFull).fails(images.Copy, 4, quotaFull)),
		"script":           news(run, eeP().upTo(images.Install).fails(images.Install, 0, scripted).says(images.Install, "E: the package does not match")),
		"unsound":          news(run, eeP().upTo(images.Check).through(images.Check, 0).fails(images.Check, 1, unsound)),
		"signing":          news(run, eeP().upTo(images.Sign), ceP().upTo(images.Copy).works(images.Copy, 0, nil)),
		"signed by one":    news(signed, eeP().upTo(images.Sign), ceP().upTo(images.Sign)),
		"retiring":         news(run, eeP().upTo(images.Retire).works(images.Retire, 0, nil)),
		"submitted":        news(run, eeP().upTo(images.Open).through(images.Open, 0).works(images.Open, 1, nil).works(images.Submit, 0, func(s *images.Step) { s.Ref, s.Note = "9zchangesetb1c2", "PREPARING" })),
		"only submitted":   news(run, eeP().upTo(images.Submit).through(images.Open, 0).through(images.Open, 1).through(images.Open, 2).through(images.Open, 3).through(images.Open, 4).through(images.Open, 5).works(images.Submit, 0, func(s *images.Step) { s.Ref = "9zchangesetb1c2" })),
		"findings":         news(run, eeP().upTo(images.Submit).fails(images.Submit, 0, scanned)),
		"foreign":          news(run, eeP().upTo(images.Submit).fails(images.Submit, 0, taken), ceP().upTo(images.Submit).works(images.Submit, 0, func(s *images.Step) { s.Choice = images.ChoiceWait })),
		"foreign and more": news(run, eeP().upTo(images.Submit).fails(images.Open, 1, quotaFull).fails(images.Submit, 0, taken)),
		"deprecating":      news(run, eeP().upTo(images.Deprecate).works(images.Deprecate, 0, nil)),
		"done":             news(run, eeP().ends(images.Done), ceP().ends(images.Done)),
		"private":          news(run, ee().ends(images.Done)),
		"alone":            news(nil, ee().ends(images.Done), ce().upTo(images.Install).works(images.Install, 0, nil)),
		"unproven":         unproven(news(run, eeP().upTo(images.Sign))),
		"clearing":         news(run, eeP().upTo(images.Sign).abandons().works(images.Remove, 3, nil)),
		"discarding":       news(run, eeP().upTo(images.Sign).abandons().upTo(images.Discard).through(images.Discard, 0).works(images.Discard, 1, nil).fails(images.Discard, 2, images.Fault{Class: images.Permission, What: "ec2:DeleteSnapshot"}).is(images.Clearing)),
		"abandoned":        news(run, eeP().upTo(images.Sign).abandons().ends(images.Abandoned)),
		"nothing":          {Now: builtAt},
		"large":            news(run, many(copying)...),
		"large and stuck": news(run, many(func(i int, b *building) {
			copying(i, b)
			for r := 14; i%3 == 0 && r < 17; r++ {
				b.fails(images.Copy, r, quotaFull)
			}
		})...),
		"hostile": nastyNews(release(t, 4, nasty).Run),
	}
	maps.Copy(out, wayNewses(t))
	return out
}

func unproven(n images.News) images.News {
	for _, b := range n.Builds {
		b.Unproven = true
	}
	return n
}

// nastyNews are builds in which everything that others say is as nobody should say it.
func nastyNews(r *workflow.Run) images.News {
	o := published(order(hostile(80), hostile(40), "amd64"))
	o.Account, o.Region, o.Regions = hostile(40), hostile(30), []string{hostile(30), hostile(31), hostile(32), hostile(33)}
	f := images.Fault{Class: images.Foreign, What: hostile(100), Said: hostile(900), Code: hostile(40), Link: "https://evil.example/<a|b>?" + hostile(20), Findings: []string{hostile(300), hostile(300)}}
	submits := begun(o).upTo(images.Submit).fails(images.Open, 1, f).fails(images.Submit, 0, f).says(images.Submit, hostile(3000))
	copies := begun(o).upTo(images.Copy).works(images.Copy, 1, func(s *images.Step) { s.Note, s.Failures, s.Fault, s.Due = hostile(90), 3, &f, s.Since })
	with := begun(o).upTo(images.Submit).works(images.Submit, 0, func(s *images.Step) { s.Ref, s.Note = hostile(60), hostile(90) })
	n := news(r, submits, copies, with, begun(o).ends(images.Done))
	for _, b := range n.Builds {
		for region := range b.Images {
			b.Images[region] = hostile(50)
		}
	}
	return n
}

func TestBuildNews(t *testing.T) {
	t.Parallel()
	for name, n := range buildNewses(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := named.BuildNews(n)
			t.Logf("%d bytes in %d blocks\n%s\n%s", m.size(), len(m.Blocks), m.Text, m.Plain().Text)
			checkMessage(t, m, MaxCard)
			if got, want := m.size(), len(m.encode()); got != want {
				t.Errorf("counted %d bytes, encoded %d", got, want)
			}
			if len(m.Blocks) > maxMessageBlocks {
				t.Errorf("it has %d blocks", len(m.Blocks))
			}
			golden(t, "build-"+strings.ReplaceAll(name, " ", "-"), m)
		})
	}
}

// What is under way is drawn anew when its estimate is over, and nothing else is.
func TestBuildFades(t *testing.T) {
	t.Parallel()
	for name, n := range buildNewses(t) {
		fades := BuildFades(n)
		busy := slices.ContainsFunc(n.Builds, func(b *images.Build) bool {
			if waitsForOthers(b) || strings.HasSuffix(name, "long") || name == "ways hostile" && b == n.Builds[0] {
				return false
			}
			return b.State == images.Running && !b.Order.ByHand && b.Phase() != workflow.BuildSigning && b.Phase() != workflow.BuildSubmitted
		})
		if want := n.Now.Add(28 * time.Minute); busy && !fades.Equal(want) || !busy && !fades.IsZero() {
			t.Errorf("%s fades at %s", name, fades)
		}
	}
}

// TestAnyBuildsFit draws builds that stand in any way, with any text in them.
func TestAnyBuildsFit(t *testing.T) {
	t.Parallel()
	run := release(t, 4, nasty).Run
	states := []images.StepState{images.StepPending, images.StepWorking, images.StepUnsure, images.StepDone, images.StepFailed, images.StepSkipped}
	classes := []images.Class{images.Throttled, images.Unknown, images.Quota, images.Foreign, images.Findings, images.Unsound, images.ScriptFailed, "another"}
	rapid.Check(t, func(t *rapid.T) {
		var all []*building
		for range rapid.IntRange(0, 30).Draw(t, "builds") {
			o := order(anyText(80).Draw(t, "name"), anyText(20).Draw(t, "edition"), "amd64")
			if rapid.Bool().Draw(t, "publishes") {
				o = published(o)
			}
			b := begun(o)
			switch rapid.IntRange(0, 3).Draw(t, "way") {
			case 0:
				b = previewed("EE")
			case 1:
				b = byHand(run, rapid.IntRange(0, 3).Draw(t, "listing"))
				b.Order.Product = o.Name
			}
			if rapid.Bool().Draw(t, "is given up") {
				b.abandons()
			}
			b.State = rapid.SampledFrom([]images.State{images.Running, images.Stuck, images.Done, images.Clearing, images.Abandoned}).Draw(t, "state")
			said := anyText(500).Draw(t, "said")
			for i := range b.Steps {
				s := &b.Steps[i]
				if s.State = rapid.SampledFrom(states).Draw(t, "step"); s.State == images.StepFailed || s.State == images.StepUnsure {
					s.Fault = &images.Fault{Class: rapid.SampledFrom(classes).Draw(t, "class"), What: said, Said: said, Link: said, Findings: []string{said, said, said}}
					s.Failures, s.Due, s.Log = 1, builtAt, said
				}
				s.Ref, s.Note, s.Percent = said, said, rapid.IntRange(0, 100).Draw(t, "percent")
				if b.Order.ByHand {
					s.Asks = said
				}
			}
			all = append(all, b)
		}
		with := run
		if rapid.Bool().Draw(t, "alone") {
			with = nil
		}
		n := news(with, all...)
		for range rapid.IntRange(0, len(all)).Draw(t, "told") {
			n.Stalled = append(n.Stalled, rapid.Bool().Draw(t, "stalled"))
		}
		m := named.BuildNews(n)
		checkMessage(t, m, MaxCard)
		eachElement(t, m, func(id, value string) {
			if verb, target, err := ParseAction(id, value); err != nil || verb != "sign" && target.Build == "" {
				t.Errorf("%s %s leads to %+v, %v", id, value, target, err)
			}
		})
		for _, b := range n.Builds {
			for i := range b.Steps {
				if b.Steps[i].Fault != nil {
					checkMessage(t, BuildLog(b, i, true), 16384)
					break
				}
			}
		}
	})
}

// buildLogs are messages about steps that failed, by name.
func buildLogs() map[string]Message {
	long := strings.Repeat("Setting up gitlab-ee (17.6.2-ee.0) ... and all that belongs to it\n", 60) + "E: <the> *package* does not match\n"
	install := eeP().upTo(images.Install).fails(images.Install, 0, scripted).says(images.Install, long)
	check := eeP().upTo(images.Check).fails(images.Check, 1, unsound)
	nasty := nastyNews(nil).Builds[0]
	submit := indexOf(nasty, nasty.Step(images.Submit, "", ""))
	return map[string]Message{
		"install":            BuildLog(install.Build, 1, false),
		"install without":    BuildLog(install.Build, 1, true),
		"check":              BuildLog(check.Build, indexOf(check.Build, check.Step(images.Check, "", "boot2")), true),
		"submission,hostile": BuildLog(nasty, submit, true),
	}
}

// buildDrawings are all messages about builds, by name.
func buildDrawings(t testing.TB) map[string]Message {
	out := buildLogs()
	for name, n := range buildNewses(t) {
		out["news, "+name] = named.BuildNews(n)
	}
	return out
}

func TestBuildLog(t *testing.T) {
	t.Parallel()
	all := buildLogs()
	for name, m := range all {
		t.Logf("%s\n%s\n%s", name, m.Text, m.Plain().Text)
		checkMessage(t, m, 16384)
		if n := strings.Count(string(m.encode()), `\u003c@`+string(omar)); n != 2 { // in the text, and in the blocks
			t.Errorf("%s mentions omar %d times", name, n)
		}
	}
	golden(t, "build-logs", all)
	b := eeP().upTo(images.Install)
	b.Steps[1].Attempt = 2
	if got, want := LogTitle(b.Build, 1), "Log of install, AWS EE, attempt 2"; got != want {
		t.Errorf("its title is %q, want %q", got, want)
	}
}

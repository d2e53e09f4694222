package commands_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudimage/commands"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// note writes an answer down, and what comes of it later.
func (s *sheet) note(what string, reply commands.Reply, err error) commands.Reply {
	s.t.Helper()
	fmt.Fprintf(s, "### %s\n%s\n", what, print(reply, err))
	if err == nil && reply.Later != nil {
		reply, err = waits(reply, err)
		fmt.Fprintf(s, "--> later\n%s\n", print(reply, err))
	}
	checkSizes(s.t, reply)
	return reply
}

// checkSizes holds an answer to what a chat takes.
func checkSizes(t *testing.T, reply commands.Reply) {
	t.Helper()
	if f := reply.Form; f != nil {
		if len([]rune(f.Title)) > 24 || len([]rune(f.Submit)) > 24 || f.Submit == "" {
			t.Errorf("a form is called %q and sent by %q", f.Title, f.Submit)
		}
		if len(f.Target.Field) > 2700 || strings.Contains(string(f.Target.Field), "|") {
			t.Errorf("a form carries %d characters: %.80s", len(f.Target.Field), f.Target.Field)
		}
		for _, field := range f.Fields {
			if len(field.Options) > 10 && (field.Kind == commands.Checks || field.Kind == commands.Radio) {
				t.Errorf("%s has %d options", field.ID, len(field.Options))
			}
			for _, o := range field.Options {
				if len([]rune(o.Label)) > 75 || len([]rune(o.Note)) > 75 {
					t.Errorf("an option is too long: %q %q", o.Label, o.Note)
				}
			}
		}
	}
	if p := reply.Page; p != nil && len([]rune(p.Title)) > 24 {
		t.Errorf("a page is called %q", p.Title)
	}
}

func quotaIn(region string, of ...string) func(images.Order) []images.Problem {
	return func(o images.Order) []images.Problem {
		if !o.Public || !slices.Contains(o.Regions, region) || len(of) > 0 && !slices.Contains(of, o.Name) {
			return nil
		}
		return []images.Problem{{Class: images.Quota, Region: region, What: "public images", Said: "5 of 5 are public", Link: "https://console.example/quotas", Stops: true}}
	}
}

func always(list ...images.Problem) func(images.Order) []images.Problem {
	return func(images.Order) []images.Problem { return list }
}

// A release's images are planned, confirmed, followed and told of.
func TestBuildingInACloud(t *testing.T) {
	t.Parallel()
	s := &sheet{office: newYard(t)}
	run := s.run("17.6.0").ID
	ask := func(what, who string, req commands.Request) commands.Reply {
		reply, err := s.do(who, req)
		return s.note(what, reply, err)
	}
	send := func(what, who string, f *commands.Form, answers ...string) commands.Reply {
		reply, err := s.sends(who, f, answers...)
		return s.note(what, reply, err)
	}
	page := ask("omar: /cloudimage build", "omar", commands.Request{Verb: "build"}).Page
	plan := ask("omar clicks Plan", "omar", commands.Request{Verb: "build", Target: page.Rows[0].Buttons[0].Target}).Form
	ask("omar clicks Take", "omar", commands.Request{Verb: "build", Target: page.Rows[1].Buttons[0].Target})
	send("omar builds two", "omar", plan, "listings=aws-ee-image")
	send("and again, though it is being built", "omar", plan, "goal=private", "listings=aws-ee-image")
	ask("nothing chosen", "omar", commands.Request{Verb: "build", Target: plan.Target, Values: commands.Values{"listings": {}, "goal": {"publish"}}})
	ask("the rest", "omar", commands.Request{Verb: "build", Target: commands.Target{Run: run}})
	s.fills("omar", "wait 17.6.0 1.2 aws-ce-image To review it")
	send("what is with the partner", "omar", plan, "listings=aws-ce-image")
	b := s.shelf.yard.builds[0]
	if b.Order.Product != "prod-ee" || !b.Order.Public || b.Order.By != id("omar") || b.Order.Channel != "C1" {
		t.Errorf("ordered is %+v", b.Order)
	}
	for _, m := range []workflow.BuildMark{
		{Phase: workflow.BuildBuilding, Image: "ami-1", Until: s.now.Add(20 * time.Minute)},
		{Phase: workflow.BuildSigning, Image: "ami-1", Publishes: true, Goes: "turns the protection against public images off and on again in eu-west-1"},
	} {
		s.now = s.now.Add(10 * time.Minute)
		s.moves(b.ID, m, func(*images.Build) {})
		s.asks("omar", "why 17.6.0 1.2 aws-ee-image")
	}
	sign := ask("lena signs", "lena", commands.Request{Verb: "sign"}).Form
	send("lena has signed", "lena", sign)
	for _, m := range []workflow.BuildMark{
		{Phase: workflow.BuildPublishing, Image: "ami-1"},
		{Phase: workflow.BuildSubmitted, Image: "ami-1", Submission: "cs-1"},
		{Phase: workflow.BuildStuck, Image: "ami-1", Trouble: "the marketplace did not take it"},
		{Phase: workflow.BuildAbandoned},
	} {
		s.now = s.now.Add(10 * time.Minute)
		s.moves(b.ID, m, func(*images.Build) {})
	}
	s.asks("omar", "history 17.6.0 1.2 aws-ee-image")
	s.asks("omar", "help")
	golden(t, "build", s.String())
}

// What a plan says, whatever was found.
func TestPlans(t *testing.T) {
	t.Parallel()
	s := &sheet{}
	for _, tt := range []struct {
		title string
		of    func(o *office)
	}{
		{"protection against public images", func(o *office) { o.shelf.yard.sky.blocked = []string{"eu-west-1", "ap-east-1"} }},
		{"a quota is full in one region", func(o *office) { o.shelf.yard.sky.problems = quotaIn("us-west-2") }},
		{"a region cannot be used", func(o *office) {
			o.shelf.yard.sky.problems = always(images.Problem{Class: images.Permission, Region: "me-central-1", What: "ec2:CopyImage", Stops: true}, images.Problem{Class: images.OldBase, What: "61 days"})
		}},
		{"one image is stopped", func(o *office) {
			o.shelf.yard.sky.problems = func(o images.Order) []images.Problem {
				if o.Product != "prod-ee" {
					return nil
				}
				return []images.Problem{{Class: images.Foreign, What: "cs-99", Said: "by 210987654321", Stops: true}}
			}
		}},
		{"the account is wrong", func(o *office) { o.shelf.yard.sky.account = "999988887777" }},
		{"it can be built and not published", func(o *office) {
			o.shelf.yard.sky.problems = func(o images.Order) []images.Problem {
				if !o.Publishes() {
					return nil
				}
				return []images.Problem{{Class: images.Permission, What: "aws-marketplace:StartChangeSet", Stops: true}}
			}
		}},
		{"one has no package", func(o *office) {
			sky := o.shelf.yard.sky
			sky.packages = slices.DeleteFunc(sky.packages, func(p workflow.Package) bool { return p.Edition == "CE" })
		}},
		{"none has a package", func(o *office) { o.shelf.yard.sky.packages = nil }},
		{"the cloud does not answer", func(o *office) { o.shelf.yard.sky.down = errDown }},
		{"more than ten", func(o *office) {
			for i := range 9 {
				o.lists("AWS", "aws", "EE", "17.5.0", "architecture", "arm64", "partner", fmt.Sprintf("AWS %c", 'A'+i), "product", fmt.Sprintf("prod-%d", i))
			}
			o.tells("17.6.0", "release")
		}},
	} {
		s.office = newYard(t)
		tt.of(s.office)
		reply, err := s.later("omar", commands.Request{Verb: "build", Target: commands.Target{Run: s.run("17.6.0").ID, Field: "plan:aws"}})
		s.note(tt.title, reply, err)
		if reply.Form != nil && reply.Form.Submit == "Check again" {
			if again, err := s.sends("omar", reply.Form); err != nil || again.Later == nil {
				t.Errorf("%s: it is not checked again: %v", tt.title, err)
			}
		}
	}
	golden(t, "plans", s.String())
}

// A difference between what was shown and what would be built is shown, and nothing is
// built. Choosing less than was shown is no difference.
func TestPlansThatChanged(t *testing.T) {
	t.Parallel()
	s := &sheet{}
	for _, tt := range []struct {
		title   string
		meant   func(o *office) // how it is when it is shown
		changed func(o *office) // and when it is sent
		answers []string
		builds  int
	}{
		{"as it was", nil, nil, nil, 3},
		{"one of them", nil, nil, []string{"listings=aws-ce-image"}, 1},
		{"private", nil, nil, []string{"goal=private"}, 3},
		{"a region is left out", func(o *office) { o.shelf.yard.sky.problems = quotaIn("us-west-2") }, nil, nil, 3},
		{"and not", func(o *office) { o.shelf.yard.sky.problems = quotaIn("us-west-2") }, nil, []string{"leave=nothing"}, 3},
		{"the quota is free again", func(o *office) { o.shelf.yard.sky.problems = quotaIn("us-west-2") }, func(o *office) { o.shelf.yard.sky.problems = nil }, []string{"leave=nothing"}, 3},
		{"another base", nil, func(o *office) {
			o.shelf.yard.sky.base.ID, o.shelf.yard.sky.base.Name = "ami-base2", "ubuntu-noble-24.04-20261120"
		}, nil, 0},
		{"another package", nil, func(o *office) { o.shelf.yard.sky.packages[2].SHA256 = strings.Repeat("f", 64) }, nil, 0},
		{"another package of another image", nil, func(o *office) { o.shelf.yard.sky.packages[2].SHA256 = strings.Repeat("f", 64) }, []string{"listings=aws-ce-image"}, 1},
		{"another account", nil, func(o *office) { o.shelf.yard.sky.account = "999988887777" }, nil, 0},
		{"another product", nil, func(o *office) {
			l := o.shelf.ledger.listings["aws-ee-image"]
			l.Product = "prod-other"
			o.shelf.ledger.listings[l.ID] = l
		}, nil, 0},
		{"another product of a private image", nil, func(o *office) {
			l := o.shelf.ledger.listings["aws-ee-image"]
			l.Product = "prod-other"
			o.shelf.ledger.listings[l.ID] = l
		}, []string{"goal=private"}, 3},
		{"a new problem", nil, func(o *office) { o.shelf.yard.sky.problems = quotaIn("eu-west-1") }, nil, 0},
		{"a stop that was not there", nil, func(o *office) {
			o.shelf.yard.sky.problems = always(images.Problem{Class: images.NoRoom, What: "prod-ee", Stops: true})
		}, nil, 0},
		{"a stop that was there", func(o *office) {
			o.shelf.yard.sky.problems = func(o images.Order) []images.Problem {
				if o.Product != "prod-ee" {
					return nil
				}
				return []images.Problem{{Class: images.NoRoom, What: "prod-ee", Stops: true}}
			}
		}, nil, []string{"listings=aws-ee-image"}, 0},
		{"a region is blocked", nil, func(o *office) { o.shelf.yard.sky.blocked = []string{"eu-west-1"} }, nil, 0},
		{"a region is blocked, for private images", nil, func(o *office) { o.shelf.yard.sky.blocked = []string{"eu-west-1"} }, []string{"goal=private"}, 3},
		{"no package any more", nil, func(o *office) { o.shelf.yard.sky.packages = o.shelf.yard.sky.packages[:2] }, nil, 0},
	} {
		s.office = newYard(t)
		if tt.meant != nil {
			tt.meant(s.office)
		}
		form := s.plans("omar")
		if tt.changed != nil {
			tt.changed(s.office)
		}
		reply, err := waits(s.sends("omar", form, tt.answers...))
		if n := len(s.shelf.yard.builds); n != tt.builds {
			t.Errorf("%s: %d builds, want %d; it says\n%s", tt.title, n, tt.builds, print(reply, err))
		}
		if tt.builds == 0 && reply.Form != nil {
			fmt.Fprintf(s, "### %s\n%s\n\n", tt.title, text(reply.Form.Intro[0]))
			checkSizes(t, reply)
		} else {
			s.note(tt.title, reply, err)
		}
		for _, b := range s.shelf.yard.builds {
			if private := slices.Contains(tt.answers, "goal=private"); b.Order.Publishes() == private {
				t.Errorf("%s: %s publishes: %t", tt.title, b.Order.Name, !private)
			}
			if left := tt.title == "a region is left out"; slices.Contains(b.Order.Regions, "us-west-2") == left {
				t.Errorf("%s: %s goes to %v", tt.title, b.Order.Name, b.Order.Regions)
			}
		}
	}
	golden(t, "plans-changed", s.String())
}

// A form that is sent twice begins once, and is answered the same.
func TestPlanSentTwice(t *testing.T) {
	t.Parallel()
	o := newYard(t)
	form := o.plans("omar")
	v := commands.Values{"goal": {"publish"}, "listings": {"aws-ee-image", "aws-ce-image"}}
	var first string
	for i := range 3 {
		reply, err := waits(o.desk.Do(t.Context(), commands.Request{ID: "the same", User: id("omar"), Verb: form.Verb, Target: form.Target, Values: v}))
		if said := print(reply, err); i == 0 {
			first = said
		} else if said != first {
			t.Errorf("it says %s, and then %s", first, said)
		}
	}
	if n := len(o.shelf.yard.builds); n != 2 || !strings.Contains(first, "2 builds have begun") {
		t.Errorf("%d builds: %s", n, first)
	}
}

// Who may build is asked before anything is looked up, and again when it begins.
func TestWhoMayBuild(t *testing.T) {
	t.Parallel()
	base := newYard(t)
	run := base.run("17.6.0").ID
	form := base.plans("omar")
	chosen := commands.Values{"listings": {"aws-ee-image"}, "goal": {"publish"}}
	for _, who := range []string{"maya", "tom", "gus", "dana"} {
		looks := base.shelf.yard.sky.looks
		for _, req := range []commands.Request{
			{Verb: "build", Target: commands.Target{Run: run}}, {Verb: "build", Target: commands.Target{Run: run, Field: "plan:aws"}},
			{Verb: "build", Target: form.Target, Values: chosen}, {Verb: "build", Text: "aws ee 17.6.0"}, {Verb: "sweep"}, {Verb: "sweep", Values: commands.Values{"leftovers": {"all"}}},
		} {
			if reply, err := base.later(who, req); workflow.KindOf(err) != workflow.Denied {
				t.Errorf("%s, %s %s: %s", who, req.Verb, req.Target.Field, print(reply, err))
			}
		}
		if base.shelf.yard.sky.looks != looks {
			t.Errorf("%s has something looked up", who)
		}
	}
	admin := base.plans("ines")
	if !slices.ContainsFunc(admin.Fields, func(f commands.Field) bool { return f.ID == "reason" }) {
		t.Error("an admin is not asked why")
	}
	if reply, err := base.sends("ines", admin, "reason="); workflow.KindOf(err) != workflow.NeedReason {
		t.Errorf("an admin who does not say why: %s", print(reply, err))
	}
	if reply, err := waits(base.sends("ines", admin, "reason=Omar is ill.")); err != nil || len(base.shelf.yard.builds) != 3 {
		t.Errorf("an admin: %s", print(reply, err))
	}
}

// A build that belongs to no run is named in words, or asked for.
func TestBuildsOfTheirOwn(t *testing.T) {
	t.Parallel()
	base := newYard(t)
	for typed, want := range map[string]string{
		"aws ee 17.6.0":                  "AWS EE 17.6.0 (amd64)",
		"AWS 17.6.0 CE ARM64":            "AWS CE 17.6.0 (arm64)",
		"Aws aarch64 Ee v17.6.0":         "AWS EE 17.6.0 (arm64)",
		"aws ee 17.6.0 x86_64":           "AWS EE 17.6.0 (amd64)",
		"aws":                            "form: Build a private image",
		"aws ee":                         "form: Build a private image",
		"aws 17.6.0":                     "form: Build a private image",
		"aws ee 17.6.0-rc1":              "I do not understand “17.6.0-rc1”.",
		"aws ee ce 17.6.0":               "I do not understand “ce”.",
		"aws <b> 17.6.0":                 "I do not understand “<b>”.",
		"azure ee 17.6.0":                "No account of Azure is connected here",
		"gcp ee 17.6.0":                  "No run or partner is called “gcp ee 17.6.0”.",
		"aws ee 17.6.0 " + "amd64 arm64": "I do not understand “arm64”.",
	} {
		reply, err := waits(base.types("omar", "build "+typed))
		if said := print(reply, err); !strings.Contains(said, want) {
			t.Errorf("%q says %s\nand not %q", typed, said, want)
		}
	}
	s := &sheet{office: base}
	ask := s.note("build aws", s.must("omar", "build aws"), nil).Form
	reply, err := s.sends("omar", ask, "edition=XX")
	s.note("no such edition", reply, err)
	reply, err = s.sends("omar", ask, "version=17")
	s.note("no version", reply, err)
	reply, err = s.sends("omar", ask, "version=17.6.0", "edition=EE", "architecture=arm64")
	plan := s.note("planned", reply, err).Form
	reply, err = s.sends("omar", plan)
	s.note("built", reply, err)
	if n := len(s.shelf.yard.builds); n != 1 {
		t.Fatalf("%d builds", n)
	}
	if o := s.shelf.yard.builds[0].Order; o.Publishes() || o.Run != "" || o.Architecture != "arm64" || o.Channel != "C1" {
		t.Errorf("ordered is %+v", o)
	}
	s.shelf.yard.sky.base.ID = "ami-base2"
	reply, err = waits(s.sends("omar", plan))
	if reply.Form == nil || !strings.Contains(text(reply.Form.Intro[0]), "Changed since you looked") || len(s.shelf.yard.builds) != 1 {
		t.Errorf("a difference: %s", print(reply, err))
	}
	golden(t, "build-own", s.String())
}

// Where no cloud is connected all of it says so.
func TestNoCloud(t *testing.T) {
	t.Parallel()
	o := upkeep(t)
	for _, verb := range []string{"publish", "sweep", "verify", "retry", "abandon", "log", "restore"} {
		if reply, err := o.do("omar", commands.Request{Verb: verb, Target: commands.Target{Build: "b-1"}}); !strings.Contains(print(reply, err), "No cloud is connected here") {
			t.Errorf("%s: %s", verb, print(reply, err))
		}
	}
	var e *workflow.Error
	if _, err := o.types("omar", "build aws ee 17.6.0"); !errors.As(err, &e) {
		t.Errorf("%v", err)
	}
}

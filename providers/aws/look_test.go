package aws

import (
	"strings"
	"testing"
	"time"

	"cloudimage/checkup"
	"cloudimage/providers/aws/awssim"
	"cloudimage/workflow/images"
)

func TestLookProblems(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil  func(*world)
		edit   func(*images.Order)
		class  images.Class
		region string
		what   string
		stops  bool
	}{
		"other account":    {func(w *world) { w.o.Account = "210987654321" }, nil, images.WrongAccount, "", account, true},
		"old base":         {func(w *world) { w.SetBaseAge(40 * 24 * time.Hour) }, nil, images.OldBase, "", "", false},
		"no base":          {func(w *world) { w.o.BaseName = "debian/{architecture}" }, nil, images.Invalid, "", "debian/amd64", true},
		"not of its owner": {func(w *world) { w.o.BaseOwner = account }, nil, images.Invalid, "", "", true},
		"no parameter":     {func(w *world) { w.o.BaseParameter = "/aws/service/nothing" }, nil, images.Gone, "", "/aws/service/nothing", false},
		"may not launch":   {func(w *world) { w.Deny("ec2:RunInstances") }, nil, images.Permission, "", "ec2:RunInstances", true},
		"may not pass": {func(w *world) {
			w.Inject("ec2:RunInstances", "", -1, false, awssim.Fault{Status: 403, Code: "UnauthorizedOperation", Message: "User: x is not authorized to perform: iam:PassRole on resource: y"})
		}, nil, images.Permission, "", "iam:PassRole", true},
		"may not copy": {func(w *world) { w.Deny("ec2:CopyImage") }, nil, images.Permission, away, "ec2:CopyImage", true},
		"may not open": {func(w *world) { w.Deny("ec2:ModifyImageAttribute") }, nil, images.Permission, away, "ec2:ModifyImageAttribute", true},
		"fixed":        {func(w *world) { w.SetBlockPublicAccess(away, "block-new-sharing", "declarative-policy") }, nil, images.Blocked, away, away, true},
		"quota used up": {func(w *world) {
			w.SetPublicImageQuota(away, 1)
			w.AddImage(away, awssim.Image{Name: "x", Public: true})
		}, nil, images.Quota, away, "Public AMIs", true},
		"name taken":      {func(w *world) { w.AddImage(away, awssim.Image{Name: commonName}) }, nil, images.Invalid, away, "", true},
		"name taken here": {func(w *world) { w.AddImage(home, awssim.Image{Name: commonName}) }, nil, images.Invalid, "", "", true},
		"not enabled":     {nil, func(o *images.Order) { o.Regions = append(o.Regions, "me-south-1") }, images.Permission, "me-south-1", "", true},
		"title taken":     {nil, func(o *images.Order) { o.Title = "EE 18.3.0" }, images.TitleTaken, "", "", true},
		"no product":      {nil, func(o *images.Order) { o.Product = "prod-zzzzzzzzzzzzz" }, images.NoProduct, "", "prod-zzzzzzzzzzzzz", true},
		"not where it is": {nil, func(o *images.Order) { o.Region, o.Regions = away, nil }, images.Invalid, "", market, true},
		"no access role":  {func(w *world) { w.o.AccessRole = "" }, nil, images.Invalid, "", "access_role", true},
		"somebody else's": {func(w *world) { w.AddForeignChangeSet(listing, "Logo", "ann", time.Hour) }, nil, images.Foreign, "", "", false},
		"no catalog":      {func(w *world) { w.Deny("aws-marketplace:DescribeEntity") }, nil, images.Permission, "", "aws-marketplace:DescribeEntity", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if c.spoil != nil {
				c.spoil(w)
			}
			o := order()
			if c.edit != nil {
				c.edit(&o)
			}
			lane := w.look(o)
			for _, p := range lane.Problems {
				if p.Class == c.class && p.Region == c.region && (c.what == "" || p.What == c.what) && p.Stops == c.stops && p.Said != "" {
					return
				}
			}
			t.Errorf("it found %+v", lane.Problems)
		})
	}
}

// Orders that are looked at together must fit together.
func TestLookCountsOrdersTogether(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.SetPublicImageQuota(away, 1)
	orders := []images.Order{order(), order(func(o *images.Order) { o.Image, o.Architecture, o.Machine = "another", "arm64", "m6g.large" })}
	out, err := w.Look(t.Context(), orders)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range out.Lanes {
		found := false
		for _, p := range l.Problems {
			found = found || p.Class == images.Quota && p.Region == away
		}
		if !found {
			t.Errorf("%s: %+v", l.Order.Image, l.Problems)
		}
	}
	if a, b := out.Lanes[0].Order.Base.ID, out.Lanes[1].Order.Base.ID; a == "" || b == "" || a == b {
		t.Errorf("the bases are %q and %q", a, b)
	}
	if len(out.Regions) != 2 || out.Account != account || out.Who == "" {
		t.Errorf("%+v", out)
	}
}

func TestLookChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.SetBlockPublicAccess("", "block-new-sharing", "account")
	w.look(order())
	for _, c := range w.Calls() {
		read := strings.HasPrefix(c.Operation, "Describe") || strings.HasPrefix(c.Operation, "Get") || strings.HasPrefix(c.Operation, "List")
		if !read && !c.DryRun {
			t.Errorf("it called %s", c.Operation)
		}
	}
}

func TestLookThatCannotAsk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Inject("aws-marketplace:DescribeEntity", "", -1, false, awssim.Fault{Drop: true})
	_, err := w.Look(t.Context(), []images.Order{order()})
	fault(t, err, images.Passing)
}

func TestLeftovers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	source := b.captured()
	k := b.work(&b.order, "b1", "copy", away)
	if _, err := b.drive(k, b.copier(source)); err != nil {
		t.Fatal(err)
	}
	b.AddImage(away, awssim.Image{Name: "somebody's"})
	list, err := b.Leftovers(t.Context())
	if err != nil || len(list) != 3 {
		t.Fatalf("%+v, %v", list, err)
	}
	kinds := map[string]int{}
	for _, l := range list {
		kinds[l.Kind]++
		if l.Build != "b1" || l.Name == "" || l.Made.IsZero() || l.Dollars <= 0 {
			t.Errorf("%+v", l)
		}
		for range 2 { // one that is gone is done
			if err := b.RemoveLeftover(t.Context(), l); err != nil {
				t.Error(err)
			}
		}
	}
	if kinds[kindInstance] != 1 || kinds[kindImage] != 2 {
		t.Errorf("%v", kinds)
	}
	b.clock.add(time.Minute)
	b.Inject("ec2:DescribeVolumes", away, 1, false, awssim.Fault{Status: 403, Code: "UnauthorizedOperation", Message: "No."})
	if list, err = b.Leftovers(t.Context()); err == nil || !strings.Contains(err.Error(), "the volumes in "+away) || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	regions := func(o *Options) { o.Regions = []string{home, away} }
	levels := func(list []checkup.Finding) (fails, warns int) {
		for _, f := range list {
			switch f.Level {
			case checkup.Fail:
				fails++
			case checkup.Warn:
				warns++
			}
		}
		return fails, warns
	}
	w := newWorld(t, regions)
	if fails, warns := levels(w.Check(t.Context())); fails != 0 || warns != 0 {
		t.Errorf("%+v", w.Check(t.Context()))
	}
	for name, c := range map[string]struct {
		spoil        func(*world)
		fails, warns int
		words        string
	}{
		"wrong account": {func(w *world) { w.o.Account = "210987654321" }, 1, 0, "210987654321"},
		"no key":        {func(w *world) { id, _ := w.Credentials(); w.RemoveKey(id) }, 1, 0, "who we are"},
		"old base":      {func(w *world) { w.SetBaseAge(40 * 24 * time.Hour) }, 0, 2, "40 days ago"},
		"a right":       {func(w *world) { w.Deny("ec2:CreateImage") }, 1, 0, "ec2:CreateImage"},
		"a quota": {func(w *world) {
			w.SetPublicImageQuota(away, 1)
			w.AddImage(away, awssim.Image{Name: "x", Public: true})
		}, 0, 1, "1 of 1"},
		"a policy": {func(w *world) { w.SetBlockPublicAccess(away, "block-new-sharing", "declarative-policy") }, 0, 1, "policy"},
		"a region": {func(w *world) { w.o.Regions = []string{home, "me-south-1"} }, 1, 0, "me-south-1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, regions)
			c.spoil(w)
			list := w.Check(t.Context())
			fails, warns := levels(list)
			text := ""
			for _, f := range list {
				text += f.Text + "\n"
			}
			if fails != c.fails || warns != c.warns || !strings.Contains(text, c.words) {
				t.Errorf("%+v", list)
			}
		})
	}
}

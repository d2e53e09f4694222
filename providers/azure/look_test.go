package azure

import (
	"slices"
	"strings"
	"testing"
	"time"

	"cloudimage/checkup"
	"cloudimage/providers/azure/azuresim"
	"cloudimage/providers/azure/azuresim/ingestsim"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// of are the problems of a class.
func of(lane images.Lane, class images.Class) (out []images.Problem) {
	for _, p := range lane.Problems {
		if p.Class == class {
			out = append(out, p)
		}
	}
	return out
}

func TestLookFindsWhatIsInTheWay(t *testing.T) {
	t.Parallel()
	gallery := func(w *world) string { return w.galleryID() }
	define := func(d azuresim.Definition) func(*world) {
		return func(w *world) {
			d.Name = "gitlab-ee"
			w.AddDefinition(gallery(w), d)
		}
	}
	for name, c := range map[string]struct {
		spoil func(*world)
		order func(*images.Order)
		class images.Class
		what  string
		said  string
		stops bool
	}{
		"old base":              {spoil: func(w *world) { w.SetBaseAge(40 * 24 * time.Hour) }, class: images.OldBase, what: "canonical:ubuntu-24_04-lts:server:", said: "40 days ago"},
		"compute":               {spoil: func(w *world) { w.SetRegistration("Microsoft.Compute", "NotRegistered") }, class: images.Unready, what: "Microsoft.Compute", said: "az provider register --subscription", stops: true},
		"ingestion":             {spoil: func(w *world) { w.SetRegistration("Microsoft.PartnerCenterIngestion", "Registering") }, class: images.Unready, what: "Microsoft.PartnerCenterIngestion", said: "(Registering)", stops: true},
		"no such machine":       {order: func(o *images.Order) { o.Machine = "Standard_X1" }, class: images.Invalid, what: "Standard_X1", said: "no type of machine", stops: true},
		"machine not offered":   {spoil: func(w *world) { w.Restrict(vmType, home, "NotAvailableForSubscription") }, class: images.Capacity, what: vmType, said: "NotAvailableForSubscription", stops: true},
		"machine for arm":       {order: func(o *images.Order) { o.Machine = "Standard_D2ps_v5" }, class: images.Invalid, what: "Standard_D2ps_v5", said: "are for Arm64", stops: true},
		"too few processors":    {spoil: func(w *world) { w.SetVCPULimit(home, 5) }, class: images.Quota, what: "", said: "need 6 more", stops: true},
		"generation":            {spoil: define(azuresim.Definition{Generation: "V1"}), class: images.Invalid, what: "gitlab-ee", said: "has to be for V2", stops: true},
		"architecture":          {spoil: define(azuresim.Definition{Architecture: "Arm64"}), class: images.Invalid, what: "gitlab-ee", said: "is for Arm64", stops: true},
		"confidential":          {spoil: define(azuresim.Definition{Features: map[string]string{"SecurityType": "ConfidentialVM"}}), class: images.Invalid, what: "gitlab-ee", said: "ConfidentialVM", stops: true},
		"publisher":             {spoil: define(azuresim.Definition{Publisher: "somebody"}), class: images.Invalid, what: "gitlab-ee", said: "names the publisher somebody"},
		"no definition":         {order: func(o *images.Order) { o.Edition = "JH" }, class: images.Unready, what: "gitlab-jh", said: "az sig image-definition create", stops: true},
		"public":                {order: func(o *images.Order) { o.Public = true }, class: images.Invalid, what: "public", said: "no image becomes public", stops: true},
		"first reader":          {spoil: func(w *world) { w.Revoke(gallery(w), azuresim.PartnerCenterObjectID, "") }, class: images.Unready, what: azuresim.PartnerCenterObjectID, said: "az role assignment create", stops: true},
		"second reader":         {spoil: func(w *world) { w.Revoke(gallery(w), azuresim.ImageRegistryObjectID, "") }, class: images.Unready, what: azuresim.ImageRegistryObjectID, said: "az role assignment create", stops: true},
		"no right to build":     {spoil: func(w *world) { w.Deny("Microsoft.Compute/virtualMachines/write") }, class: images.Permission, what: "Microsoft.Compute/virtualMachines/write", said: "No role of ours", stops: true},
		"no right to the image": {spoil: func(w *world) { w.Deny("Microsoft.Compute/galleries/images/versions/write") }, class: images.Permission, what: "Microsoft.Compute/galleries/images/versions/write", said: "for the gallery", stops: true},
		"no product":            {order: func(o *images.Order) { o.Product = "other/byol" }, class: images.NoProduct, stops: true},
		"no plan":               {order: func(o *images.Order) { o.Product = "gitlab-ee" }, class: images.Invalid, what: "gitlab-ee", said: "offer and plan", stops: true},
		"somebody else":         {spoil: func(w *world) { w.partner.AddForeignSubmission("gitlab-ee", "preview", time.Hour) }, class: images.Foreign, said: "preview"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if c.spoil != nil {
				c.spoil(w)
			}
			edit := c.order
			if edit == nil {
				edit = func(*images.Order) {}
			}
			lane := w.look(w.order(edit))
			list := of(lane, c.class)
			if !slices.ContainsFunc(list, func(p images.Problem) bool {
				return strings.Contains(p.What, c.what) && strings.Contains(p.Said, c.said) && p.Stops == c.stops
			}) {
				t.Errorf("there is %+v", lane.Problems)
			}
		})
	}
}

func TestLookElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.cloud(func(o *Options) { o.Tenant = "99999999-0000-4000-8000-000000000000" })
	// The stand-in knows one tenant, so that another has no tokens at all.
	_, err := c.Look(t.Context(), []images.Order{w.order()})
	fault(t, err, images.Permission)

	c = w.cloud(func(o *Options) { o.Subscription = "99999999-0000-4000-8000-000000000000" })
	_, err = c.Look(t.Context(), []images.Order{w.order()})
	if f := fault(t, err, images.Permission); f.What != readSubscription.name || !strings.Contains(f.Said, "could not be found") {
		t.Errorf("%+v", f)
	}
}

func TestLookAtTextsAndVersions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) { o.KeepVersions = 2 })
	var texts []ingestsim.Listing
	for _, p := range w.partner.State().Products {
		texts = p.Live.Listings
	}
	same := workflow.Texts{Title: texts[0].Title}
	lane := w.look(w.order(func(o *images.Order) { o.Texts = same }))
	if lane.Order.Hides != 1 || lane.Order.Texts != (workflow.Texts{}) {
		t.Errorf("%+v", lane.Order)
	}
	lane = w.look(w.order(func(o *images.Order) { o.Texts = workflow.Texts{Title: "Another"} }))
	if lane.Order.Texts.Title != "Another" {
		t.Errorf("%+v", lane.Order)
	}
}

func TestLookWithoutTheMarketplace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) {
		o.Market, o.Publisher, o.PreviewSubscription, o.PartnerCenterPrincipals = false, "", "", nil
	})
	if list := of(w.look(w.order()), images.Unready); len(list) != 1 || !list[0].Stops || !strings.Contains(list[0].Said, "Partner Center is not configured") {
		t.Errorf("%+v", list)
	}
	if lane := w.look(w.order(private)); len(lane.Problems) > 0 {
		t.Errorf("%+v", lane.Problems)
	}
	if ways := w.Ways(); ways.Previews || ways.Tries || !ways.RetiresAlong || !ways.Texts {
		t.Errorf("%+v", ways)
	}
	w = newWorld(t, func(o *Options) { o.PartnerCenterPrincipals = nil })
	if list := of(w.look(w.order()), images.Unready); len(list) != 1 || list[0].Stops || !strings.Contains(list[0].Said, "could not be checked") {
		t.Errorf("%+v", list)
	}
}

func TestSeveralOrdersNeedMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.SetVCPULimit(home, 11)
	out, err := w.Look(t.Context(), []images.Order{w.order(), w.order(func(o *images.Order) { o.Edition, o.Product = "CE", "" })})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range out.Lanes {
		if len(of(l, images.Quota)) == 0 {
			t.Errorf("%+v", l.Problems)
		}
	}
	if len(out.Regions) != 2 || out.Account != w.Subscription() || !strings.Contains(out.Who, "c11e0000") {
		t.Errorf("%+v", out)
	}
}

func TestCovers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, action string
		is              bool
	}{
		{"*", "Microsoft.Compute/images/read", true},
		{"*/read", "Microsoft.Compute/images/read", true},
		{"*/read", "Microsoft.Compute/images/write", false},
		{"microsoft.compute/*", "Microsoft.Compute/images/write", true},
		{"Microsoft.Compute/*/read", "Microsoft.Compute/virtualMachines/runCommands/read", true},
		{"Microsoft.Compute/*/read", "Microsoft.Network/virtualNetworks/read", false},
		{"Microsoft.Compute/images/read", "Microsoft.Compute/images/read", true},
		{"Microsoft.Compute/images/read", "Microsoft.Compute/images/readers", false},
		{"a*b*c", "a1b2c", true},
		{"a*b*c", "a1c", false},
		{"ab*ba", "aba", false},
	} {
		if covers(c.pattern, c.action) != c.is {
			t.Errorf("%s of %s", c.pattern, c.action)
		}
	}
	roles := []permission{{Actions: []string{"*"}, NotActions: []string{"*/write"}}, {Actions: []string{"Microsoft.Compute/*"}}}
	if allows(roles, "Microsoft.Network/virtualNetworks/write") || !allows(roles, "Microsoft.Compute/images/write") || !allows(roles, "Microsoft.Network/virtualNetworks/read") {
		t.Error("notActions")
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, f := range w.Check(t.Context()) {
		if f.Level != checkup.OK {
			t.Errorf("%+v", f)
		}
	}
	for name, c := range map[string]struct {
		spoil func(*world)
		level checkup.Level
		text  string
	}{
		"no provider": {func(w *world) { w.SetRegistration("Microsoft.Network", "NotRegistered") }, checkup.Fail, "Microsoft.Network"},
		"old base":    {func(w *world) { w.SetBaseAge(90 * 24 * time.Hour) }, checkup.Warn, "90 days ago"},
		"no right":    {func(w *world) { w.Deny("Microsoft.Compute/virtualMachines/delete") }, checkup.Fail, "Microsoft.Compute/virtualMachines/delete"},
		"no reader":   {func(w *world) { w.Revoke(w.galleryID(), azuresim.ImageRegistryObjectID, "") }, checkup.Fail, azuresim.ImageRegistryObjectID},
		"wrong generation": {func(w *world) {
			w.AddDefinition(w.galleryID(), azuresim.Definition{Name: "gitlab-ce", Generation: "V1"})
		}, checkup.Fail, "has to be for V2"},
		"old secret": {func(w *world) {
			id, _ := w.Credentials()
			w.ExpireSecret(id)
		}, checkup.Fail, "AADSTS7000222"},
		"nothing answers": {func(w *world) { w.Inject("*", "", -1, false, azuresim.Fault{Drop: true}) }, checkup.Fail, "Azure did not say"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c.spoil(w)
			list := w.Check(t.Context())
			if !slices.ContainsFunc(list, func(f checkup.Finding) bool {
				return f.Level == c.level && strings.Contains(f.Text, c.text) && f.Cure != ""
			}) {
				t.Errorf("%+v", list)
			}
		})
	}
}

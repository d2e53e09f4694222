package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudimage/providers/azure"
	"cloudimage/providers/azure/azuresim"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// This file holds the roles in docs/azure.md to the calls that are really made: all that
// is called is allowed by one of them, where it is called, and nothing is allowed that is
// not called.

// azureRole is a definition of a role, as az takes it.
type azureRole struct {
	Name, Description string
	Actions           []string
	AssignableScopes  []string
}

// azureRoles are those of the page, by their headings.
func azureRoles(t *testing.T) map[string]azureRole {
	t.Helper()
	page := string(readFile(t, filepath.Join(root, "docs", "azure.md")))
	out := map[string]azureRole{}
	for _, m := range regexp.MustCompile("(?ms)^### ([^\n]+)\n(?:(?:[^#`\n]|`[^`])[^\n]*\n|\n)*```json\n(.*?)^```$").FindAllStringSubmatch(page, -1) {
		var r azureRole
		d := json.NewDecoder(strings.NewReader(m[2]))
		d.DisallowUnknownFields()
		if err := d.Decode(&r); err != nil {
			t.Fatalf("%s: %v", m[1], err)
		}
		if r.Name == "" || r.Description == "" || len(r.Actions) == 0 || len(r.AssignableScopes) == 0 {
			t.Errorf("%s lacks something: %+v", m[1], r)
		}
		if !slices.IsSorted(r.Actions) || len(slices.Compact(slices.Clone(r.Actions))) != len(r.Actions) {
			t.Errorf("%s: the actions are not in order, each once", m[1])
		}
		for _, a := range r.Actions {
			if strings.Contains(a, "*") {
				t.Errorf("%s: %s allows what nobody has named", m[1], a)
			}
		}
		out[m[1]] = r
	}
	if n := strings.Count(page, "```json\n"); len(out) != n {
		t.Fatalf("%d of %d documents are below a heading", len(out), n)
	}
	return out
}

// notCalledInAzure are actions that no call of ours needs, and why roles allow them.
var notCalledInAzure = map[string]string{
	"Microsoft.Network/locations/operations/read": "networks are followed by how they stand; a plan says when it is missing",
}

// TestRolesForAzureAreTrue makes an image, tries and publishes it, abandons others, looks
// after them and cleans up, and compares what is called with the roles.
func TestRolesForAzureAreTrue(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	page := azureRoles(t)
	builds, gallery := page["The role for builds"], page["The role for the gallery"]
	s := newAzureSite(t)
	s.sim.SetTimes("", func(o *azuresim.Times) { o.DeleteGroup = 4 * time.Minute }) // so that its operation is looked at
	y, err := yardIn(ctx, filepath.Join(s.dir, "test.db"), s.clock.read, s.configure)
	noError(t, err)
	defer y.store.Close()
	galleryScope := "/resourcegroups/" + strings.ToLower(azuresim.GalleryGroup) + "/"
	seen, called, told := 0, map[string]bool{}, map[string]bool{}
	allowed := func(what string) {
		t.Helper()
		n := 0
		for _, c := range s.sim.Calls() {
			if c.Seq <= seen || c.Action == "" {
				continue
			}
			seen, n = c.Seq, n+1
			for _, action := range append([]string{c.Action}, c.Linked...) {
				called[strings.ToLower(action)] = true
				if told[action] {
					continue
				}
				inGallery := strings.Contains(strings.ToLower(c.Path), galleryScope)
				if !slices.ContainsFunc(builds.Actions, sameFold(action)) && !(slices.ContainsFunc(gallery.Actions, sameFold(action)) && (inGallery || action != c.Action)) {
					t.Errorf("%s: no role allows %s for %s %s", what, action, c.Method, c.Path)
					told[action] = true
				}
			}
		}
		if n == 0 {
			t.Errorf("%s called nothing", what)
		}
	}
	listing := workflow.Listing{ID: "azure-ee-image", Partner: "Azure", Edition: "EE", Delivery: workflow.Image, Provider: workflow.Azure,
		Facts: map[workflow.FactName]string{workflow.FactProduct: demoPlanEE}}
	over := func(b *images.Build) bool { return !b.State.Open() }

	run, made, err := y.begins(ctx, "17.6.2", listing)
	noError(t, err)
	id := made[0].ID
	allowed("a plan")
	y.until(ctx, t, s.clock.write, id, func(b *images.Build) bool { return b.Phase() == workflow.BuildSigning })
	allowed("a build and its preview")
	noError(t, y.signs(ctx, run))
	y.until(ctx, t, s.clock.write, id, over)
	if live := s.offers.State().Product(demoOfferEE).Live.Plan("gitlab-ee-byol").Numbers(); !slices.Contains(live, "17.6.200") {
		t.Errorf("customers have %q", live)
	}

	// With trusted launch it takes the way by a managed image. This one is abandoned in the
	// middle of its preview.
	s.sim.AddDefinition(galleryID(s.azureStand), azuresim.Definition{Name: "gitlab-ee", Features: map[string]string{"SecurityType": "TrustedLaunchSupported"}})
	_, made, err = y.begins(ctx, "17.6.3", listing)
	noError(t, err)
	id = made[0].ID
	y.until(ctx, t, s.clock.write, id, func(b *images.Build) bool {
		p := b.Step(images.Preview, "", "")
		return p != nil && p.Ref != ""
	})
	allowed("a build by a managed image")
	_, err = y.images.Abandon(ctx, workflow.Who{User: "U0OMAR", Request: "abandon"}, id)
	noError(t, err)
	y.until(ctx, t, s.clock.write, id, over)
	allowed("abandoning")

	// Looking after it.
	who := workflow.Who{User: "U0OMAR", Request: "look"}
	_, _, err = y.images.Audit(ctx)
	noError(t, err)
	_, err = y.images.Leftovers(ctx, who, workflow.Azure)
	noError(t, err)
	allowed("sweep")
	o, err := y.azureOptions()
	noError(t, err)
	cloud, err := azure.New(o)
	noError(t, err)
	cloud.Check(ctx)
	allowed("doctor")
	_, err = cloud.Look(ctx, []images.Order{{Edition: "CE", Architecture: "arm64", Machine: "Standard_D4ps_v5"}})
	noError(t, err)
	allowed("a definition that is not there")
	list, err := cloud.Leftovers(ctx)
	noError(t, err)
	for _, l := range list {
		noError(t, cloud.RemoveLeftover(ctx, l))
	}
	allowed("removing")

	for _, r := range []azureRole{builds, gallery} {
		for _, action := range r.Actions {
			if reason := notCalledInAzure[action]; called[strings.ToLower(action)] == (reason != "") {
				t.Errorf("%s allows %s, which was called: %v; that it would not be is explained by %q", r.Name, action, called[strings.ToLower(action)], reason)
			}
		}
	}
	// What the provider says that it needs is what the page says.
	for _, action := range azure.Actions() {
		if !slices.ContainsFunc(slices.Concat(builds.Actions, gallery.Actions), sameFold(action)) {
			t.Errorf("providers/azure names %s, and no role allows it", action)
		}
	}
}

func sameFold(a string) func(string) bool {
	return func(b string) bool { return strings.EqualFold(a, b) }
}

// galleryID is the id of the stand-in's gallery.
func galleryID(s *azureStand) string {
	return s.sim.State().Galleries[0].ID
}

// TestTheExampleForAzureLoads reads the YAML that the page says is enough.
func TestTheExampleForAzureLoads(t *testing.T) {
	t.Parallel()
	blocks := fence.FindAllSubmatch(readFile(t, filepath.Join(root, "docs", "azure.md")), -1)
	i := slices.IndexFunc(blocks, func(b [][]byte) bool { return string(b[1]) == "yaml" })
	if i < 0 {
		t.Fatal("the page has no example")
	}
	path := filepath.Join(t.TempDir(), "cloudimage.yaml")
	noError(t, os.WriteFile(path, []byte(strings.ReplaceAll("\n"+string(blocks[i][2]), "\n   ", "\n")), 0o600))
	config, err := loadConfig(path)
	noError(t, err)
	if config.Azure == nil || config.Azure.PartnerCenter == nil {
		t.Fatalf("it says %+v", config.Azure)
	}
	o, err := Settings{Config: config}.azureOptions()
	noError(t, err)
	_, err = azure.New(o)
	noError(t, err)
}

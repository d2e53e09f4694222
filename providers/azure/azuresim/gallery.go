package azuresim

import (
	"net/http"
	"slices"
	"strings"
	"time"

	arm "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"
)

// The gallery that is there at the start.
const (
	GalleryGroup = "gitlab-images"
	GalleryName  = "gitlab_images"
)

// gallery holds definitions.
type gallery struct{ core }

// definition says what the versions of an image have in common.
type definition struct {
	core
	props arm.GalleryImageProperties
}

func (d *definition) arch() string {
	if a := val(d.props.Architecture); a != "" {
		return string(a)
	}
	return x64
}

func (d *definition) generation() string {
	if g := val(d.props.HyperVGeneration); g != "" {
		return string(g)
	}
	return "V1"
}

// security is the feature SecurityType; empty when there is none.
func (d *definition) security() string {
	for _, f := range d.props.Features {
		if strings.EqualFold(val(val(f).Name), "SecurityType") {
			return val(f.Value)
		}
	}
	return ""
}

// plan is what machines made from the versions must name.
func (d *definition) plan() *arm.Plan {
	if p := d.props.PurchasePlan; p != nil {
		return &arm.Plan{Name: p.Name, Publisher: p.Publisher, Product: p.Product}
	}
	return nil
}

// Definition is an image definition to be added.
type Definition struct {
	Name string
	// Publisher, Offer and SKU name it. Default: gitlab, gitlab and the name.
	Publisher, Offer, SKU string
	// Architecture is x64 or Arm64. Default: x64.
	Architecture string
	// Generation is V1 or V2. Default: V2.
	Generation string
	// Features are such as SecurityType: TrustedLaunchSupported. Default: none.
	Features map[string]string
}

// seed makes the gallery that is there at the start, and lets Partner Center read it.
func (s *Server) seed(location string, now time.Time) {
	g := s.addGallery(GalleryGroup, GalleryName, location, now)
	for _, d := range []Definition{{Name: "gitlab-ee"}, {Name: "gitlab-ce"}, {Name: "gitlab-ee-arm64", Architecture: arm64}} {
		s.addDefinition(g, d, now)
	}
	for _, p := range []string{PartnerCenterObjectID, ImageRegistryObjectID} {
		s.grant(g.id, p, GalleryImageReader, now)
	}
}

// AddGallery adds a gallery to a group of the first subscription, which is made if it
// is not there, and answers the gallery's id. Nobody has a role on it.
func (s *Server) AddGallery(group, name, location string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addGallery(group, name, s.at(location).name, s.time()).id
}

func (s *Server) addGallery(group, name, location string, now time.Time) *gallery {
	at := s.groups[strings.ToLower(s.home+"/"+group)]
	if at == nil {
		at = s.newGroup(s.home, group, location, nil, now)
	}
	g := &gallery{s.newCore(at.id+"/providers/Microsoft.Compute/galleries/"+name, name, "Microsoft.Compute/galleries", at, location, nil, now)}
	g.life = timeline{{succeeded, now}}
	s.put(g)
	return g
}

// AddDefinition adds a definition to a gallery, or puts it in place of the one with
// its name, and answers its id, which is empty when the gallery is not there.
func (s *Server) AddDefinition(galleryID string, d Definition) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, ok := find[*gallery](s, galleryID)
	if !ok {
		return ""
	}
	return s.addDefinition(g, d, s.time())
}

func (s *Server) addDefinition(g *gallery, d Definition, now time.Time) string {
	or := func(v, w string) string {
		if v == "" {
			return w
		}
		return v
	}
	at := s.groups[strings.ToLower(g.sub+"/"+g.group)]
	r := &definition{core: s.newCore(g.id+"/images/"+d.Name, d.Name, "Microsoft.Compute/galleries/images", at, g.location, nil, now)}
	r.life = timeline{{succeeded, now}}
	r.props = arm.GalleryImageProperties{
		Identifier:   &arm.GalleryImageIdentifier{Publisher: ptr(or(d.Publisher, "gitlab")), Offer: ptr(or(d.Offer, "gitlab")), SKU: ptr(or(d.SKU, d.Name))},
		Architecture: ptr(arm.Architecture(or(d.Architecture, x64))), HyperVGeneration: ptr(arm.HyperVGeneration(or(d.Generation, "V2"))),
		OSType: ptr(arm.OperatingSystemTypesLinux), OSState: ptr(arm.OperatingSystemStateTypesGeneralized),
	}
	for k, v := range d.Features {
		r.props.Features = append(r.props.Features, &arm.GalleryImageFeature{Name: ptr(k), Value: ptr(v)})
	}
	sortBy(r.props.Features, func(f *arm.GalleryImageFeature) string { return val(f.Name) })
	s.put(r)
	return r.id
}

func (c *request) galleryJSON(g *gallery) arm.Gallery {
	return arm.Gallery{
		ID: ptr(g.id), Name: ptr(g.name), Type: ptr(g.kind), Location: ptr(g.location), Tags: copyTags(g.tags),
		Properties: &arm.GalleryProperties{
			ProvisioningState: ptr(arm.GalleryProvisioningState(g.life.at(c.now))),
			Identifier:        &arm.GalleryIdentifier{UniqueName: ptr(g.sub + "-" + strings.ToUpper(g.name))},
		},
	}
}

func (c *request) definitionJSON(d *definition) arm.GalleryImage {
	p := clone(d.props)
	p.ProvisioningState = ptr(arm.GalleryProvisioningState(d.life.at(c.now)))
	return arm.GalleryImage{ID: ptr(d.id), Name: ptr(d.name), Type: ptr(d.kind), Location: ptr(d.location), Tags: copyTags(d.tags), Properties: &p}
}

// parentOf checks that what a nested resource is in is there.
func parentOf[T resource](c *request, id, kind string) (T, error) {
	r, ok := find[T](c.s, id)
	if ok {
		return r, nil
	}
	if _, err := c.group(); err != nil {
		return r, err
	}
	_, name := kindOf(id)
	return r, parentNotFound(kind, name)
}

// putDefinition makes a definition, or changes what can be changed of one.
func (c *request) putDefinition(in arm.GalleryImage) (*definition, int, error) {
	at, _, _ := cutLast(c.resourceID(), "/images/")
	if _, err := parentOf[*gallery](c, at, "Microsoft.Compute/galleries/images"); err != nil {
		return nil, 0, err
	}
	p := clone(val(in.Properties))
	p.ProvisioningState = nil
	if err := checkDefinition(p); err != nil {
		return nil, 0, err
	}
	if d, ok := find[*definition](c.s, c.resourceID()); ok {
		if err := d.changes(in.Location); err != nil {
			return nil, 0, err
		}
		if err := d.free(c.now); err != nil {
			return nil, 0, err
		}
		o := &definition{props: p}
		switch {
		case o.arch() != d.arch():
			return nil, 0, fixedProperty("galleryImage.properties.architecture")
		case o.generation() != d.generation():
			return nil, 0, fixedProperty("galleryImage.properties.hyperVGeneration")
		case o.security() != d.security():
			return nil, 0, fixedProperty("galleryImage.properties.features")
		case *p.Identifier.Publisher != *d.props.Identifier.Publisher || *p.Identifier.Offer != *d.props.Identifier.Offer || *p.Identifier.SKU != *d.props.Identifier.SKU:
			return nil, 0, fixedProperty("galleryImage.properties.identifier")
		}
		d.props, d.tags = p, copyTags(in.Tags)
		return d, c.make(&d.core, false, c.s.at(d.location).times.Update), nil
	}
	k, err := c.fresh(in.Location, in.Tags)
	if err != nil {
		return nil, 0, err
	}
	d := &definition{core: k, props: p}
	status := c.make(&d.core, true, c.s.at(d.location).times.Update)
	c.s.put(d)
	return d, status, nil
}

func checkDefinition(p arm.GalleryImageProperties) error {
	i := val(p.Identifier)
	if val(i.Publisher) == "" || val(i.Offer) == "" || val(i.SKU) == "" {
		return missing("galleryImage.properties.identifier")
	}
	if val(p.OSType) == "" {
		return missing("galleryImage.properties.osType")
	}
	if val(p.OSState) == "" {
		return missing("galleryImage.properties.osState")
	}
	if a := val(p.Architecture); a != "" && !slices.Contains(arm.PossibleArchitectureValues(), a) {
		return badValue("galleryImage.properties.architecture")
	}
	if g := val(p.HyperVGeneration); g != "" && !slices.Contains(arm.PossibleHyperVGenerationValues(), g) {
		return badValue("galleryImage.properties.hyperVGeneration")
	}
	if val(p.Architecture) == arm.ArchitectureArm64 && val(p.HyperVGeneration) != arm.HyperVGenerationV2 {
		return refuse("InvalidParameter", "The architecture 'Arm64' is only supported for generation V2 images.").on("galleryImage.properties.hyperVGeneration")
	}
	return nil
}

// listDefinitions are those of the gallery that the path names.
func (c *request) listDefinitions() ([]*arm.GalleryImage, error) {
	at := strings.TrimSuffix(c.resourceID(), "/images")
	if _, ok := find[*gallery](c.s, at); !ok {
		if _, err := c.group(); err != nil {
			return nil, err
		}
		_, name := kindOf(at)
		return nil, refuseWith(http.StatusNotFound, "ParentResourceNotFound", "Can not perform requested operation on nested resource. Parent resource '%s' not found.", name)
	}
	var out []*arm.GalleryImage
	for _, d := range all[*definition](c.s) {
		if parent, _, _ := cutLast(d.id, "/images/"); sameID(parent, at) {
			out = append(out, ptr(c.definitionJSON(d)))
		}
	}
	return out, nil
}

func sameID(a, b string) bool {
	return strings.EqualFold(strings.TrimRight(a, "/"), strings.TrimRight(b, "/"))
}

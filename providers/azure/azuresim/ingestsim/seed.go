package ingestsim

import (
	"cmp"
	"strings"
	"time"
)

// Plan is a plan of a product that is made by [Server.AddProduct].
type Plan struct {
	ExternalID string
	// SKUs are those of its technical configuration. Default: one of type x64Gen2, with
	// the plan's external id.
	SKUs []SKU
	// Live are versions that are published already. When no plan has any, the product
	// exists only as a draft.
	Live []Version
}

// SKU is what customers deploy of a plan.
type SKU struct {
	ID           string
	ImageType    string // x64Gen1, x64Gen2 or arm64Gen2
	SecurityType []string
}

// Version is one version of a plan.
type Version struct {
	Number    string
	Lifecycle string // default: generallyAvailable
	// Images are what it consists of. Default, when a plan is made: one from a gallery for
	// each SKU.
	Images []Image
	// DeprecationDate, DateOffset and Reason are those of its schedule, if it has one.
	DeprecationDate, DateOffset, Reason string
}

// Image is one image of a version.
type Image struct {
	Type string
	// TenantID and ResourceID are those of a gallery's image version.
	TenantID, ResourceID string
	// URI is the address of a disk instead, and is shown without its signature.
	URI string
}

// AddProduct makes a virtual machine offer with plans and texts, complete enough to be
// published, and says its guid. An offer that is there already is answered as it is.
func (s *Server) AddProduct(externalID string, plans ...Plan) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.named(externalID); p != nil {
		return p.guid
	}
	now := s.time()
	p := &product{guid: s.guid(), external: externalID, draft: newContent(), sold: map[string]map[string]string{}}
	s.products = append(s.products, p)
	put := func(id string, d doc) {
		d["id"] = id
		if kindOf(id) != productType {
			d["product"] = p.id()
		}
		p.draft.docs[id] = d
	}
	put(p.id(), doc{"identity": doc{"externalId": externalID}, "type": "azureVirtualMachine", "alias": externalID, "lifecycleState": "generallyAvailable"})
	put(propertyType+"/"+p.guid+"/public/main", doc{
		"kind": "azureVM", "categories": doc{"compute": []any{"operating-systems"}}, "termsConditions": "standardMicrosoft",
	})
	contact := doc{"name": "Support", "email": "support@example.com", "phone": "555-0100"}
	put(listingType+"/"+p.guid+"/public/main/default/en-us", doc{
		"kind": "azureVM", "languageId": "en-us", "title": externalID, "searchResultSummary": "A virtual machine.",
		"shortDescription": "A virtual machine with everything.", "description": "<p>A virtual machine with everything.</p>",
		"privacyPolicyLink": "https://example.com/privacy", "supportContact": contact, "engineeringContact": cloned(contact),
	})
	put(audienceType+"/"+p.guid, doc{"previewAudiences": []any{}})
	live := false
	for _, one := range plans {
		live = s.addPlan(p, one, put) || live
	}
	if live {
		p.publishedAt(s, now.Add(-30*24*time.Hour))
	}
	return p.guid
}

// publishedAt brings the draft to live at a moment that is past.
func (p *product) publishedAt(s *Server, at time.Time) {
	id := submissionType + "/" + p.guid + "/" + s.number()
	for i, target := range []string{"preview", "live"} {
		from := at.Add(time.Duration(i) * 24 * time.Hour)
		p.subs = append(p.subs, &submission{
			id: id, target: target, created: from, ended: from.Add(12 * time.Hour), status: completed, result: succeeded, content: p.draft.clone(),
		})
	}
	p.preview, p.live = p.draft.clone(), p.draft.clone()
	p.remember()
}

// addPlan makes a plan, and reports whether it is published.
func (s *Server) addPlan(p *product, one Plan, put func(string, doc)) bool {
	id := planType + "/" + p.guid + "/" + s.guid()
	put(id, doc{
		"identity": doc{"externalId": one.ExternalID}, "alias": one.ExternalID, "azureRegions": []any{"azureGlobal"}, "lifecycleState": "generallyAvailable",
	})
	_, bare, _ := strings.Cut(strings.TrimPrefix(id, planType+"/"), "/")
	put(planListingType+"/"+p.guid+"/public/main/"+bare+"/en-us", doc{
		"plan": id, "kind": "azureVM-plan", "languageId": "en-us", "name": one.ExternalID, "summary": one.ExternalID, "description": one.ExternalID,
	})
	if len(one.SKUs) == 0 {
		one.SKUs = []SKU{{ID: one.ExternalID, ImageType: "x64Gen2"}}
	}
	skus := []any{}
	for _, k := range one.SKUs {
		d := doc{"skuId": k.ID, "imageType": k.ImageType}
		if len(k.SecurityType) > 0 {
			list := []any{}
			for _, t := range k.SecurityType {
				list = append(list, t)
			}
			d["securityType"] = list
		}
		skus = append(skus, d)
	}
	versions := []any{}
	for _, v := range one.Live {
		versions = append(versions, v.doc(one.SKUs))
	}
	put(techID(id), doc{
		"plan": id, "operatingSystem": doc{"family": "linux", "type": "ubuntu", "friendlyName": "Ubuntu"},
		"recommendedVmSizes": []any{"d4s-v5"}, "openPorts": []any{}, "skus": skus, "vmImageVersions": versions,
		"vmProperties": doc{"supportsExtensions": true, "supportsCloudInit": true, "supportsRemoteConnection": true},
	})
	return len(one.Live) > 0
}

// doc is a version as a resource has it.
func (v Version) doc(skus []SKU) doc {
	images := v.Images
	if len(images) == 0 {
		for _, k := range skus {
			images = append(images, Image{Type: k.ImageType, TenantID: "11111111-1111-4111-8111-111111111111", ResourceID: "/subscriptions/22222222-2222-4222-8222-222222222222" +
				"/resourceGroups/images/providers/Microsoft.Compute/galleries/images/images/" + k.ID + "/versions/" + v.Number})
		}
	}
	list := []any{}
	for _, m := range images {
		source := doc{"sourceType": "sharedImageGallery", "sharedImage": doc{"tenantId": m.TenantID, "resourceId": m.ResourceID}}
		if m.URI != "" {
			source = doc{"sourceType": "sasUri", "osDisk": doc{"uri": m.URI}, "dataDisks": []any{}}
		}
		list = append(list, doc{"imageType": m.Type, "source": source})
	}
	out := doc{"versionNumber": v.Number, "vmImages": list, "lifecycleState": cmp.Or(v.Lifecycle, "generallyAvailable")}
	schedule := doc{}
	for name, text := range map[string]string{"date": v.DeprecationDate, "dateOffset": v.DateOffset, "reason": v.Reason} {
		if text != "" {
			schedule[name] = text
		}
	}
	if len(schedule) > 0 {
		out["deprecationSchedule"] = schedule
	}
	return out
}

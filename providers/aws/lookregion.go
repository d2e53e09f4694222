package aws

import (
	"context"
	"fmt"
	"slices"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// publicImages is the code of the quota "Public AMIs".
const publicImages = "L-0E3CBAB9"

// wanted is what orders want of a region.
type wanted struct {
	names     []string // of images
	public    int      // how many become public there
	publishes bool
	copies    bool // it is not where they are built
}

// sight is what was found in a region.
type sight struct {
	images.Region
	taken     map[string]types.Image // by name
	encrypted bool
	problems  []images.Problem // for every order that goes there
}

// lookIntoRegions finds out how the regions of orders stand, and fills in where a
// protection is in the way.
func (c *Cloud) lookIntoRegions(ctx context.Context, lanes []images.Lane) []images.Region {
	want := map[string]*wanted{}
	var names []string
	for _, l := range lanes {
		for _, r := range l.Order.Regions {
			w := want[r]
			if w == nil {
				w = &wanted{}
				want[r], names = w, append(names, r)
			}
			if l.Order.Image != "" && !slices.Contains(w.names, l.Order.Image) {
				w.names = append(w.names, l.Order.Image)
			}
			if l.Order.Public {
				w.public++
			}
			w.publishes = w.publishes || l.Order.Public || l.Order.Product != "" && r == market
			w.copies = w.copies || r != c.orderHome(l.Order)
		}
	}
	var out []images.Region
	for _, s := range each(names, func(r string) sight { return c.lookInto(ctx, r, *want[r]) }) {
		out = append(out, s.Region)
		for i := range lanes {
			if slices.Contains(lanes[i].Order.Regions, s.Name) {
				c.tell(&lanes[i], s, want[s.Name].public)
			}
		}
	}
	return out
}

// tell adds to a lane what was found in a region.
func (c *Cloud) tell(lane *images.Lane, s sight, public int) {
	o := &lane.Order
	where := s.Name
	if where == c.orderHome(*o) {
		where = "" // it cannot be left out
	}
	for _, p := range s.problems {
		p.Region = where
		clouds.Add(lane, p)
	}
	if im, ok := s.taken[o.Image]; ok {
		p := clouds.Problem(nameTaken(o.Image, s.Name, &im), where, true)
		clouds.Add(lane, p)
	}
	if s.encrypted && (o.Public || o.Product != "" && s.Name == market) {
		clouds.Add(lane, images.Problem{Class: images.Invalid, Region: where, What: "encryption by default", Stops: true,
			Said: fmt.Sprintf("Disks are encrypted by default in %s, and an image of encrypted disks cannot be published.", s.Name),
			Link: console(s.Name, "ec2/home?region="+s.Name+"#Settings:tab=dataProtectionAndSecurity")})
	}
	if !o.Public {
		return
	}
	switch {
	case s.Blocked && s.Fixed:
		f := blockedIn(s.Name, protectionState{true, true})
		clouds.Add(lane, images.Problem{Class: f.Class, Region: where, What: f.What, Said: f.Said, Link: f.Link, Stops: true})
	case s.Blocked:
		o.Unblock = append(o.Unblock, s.Name)
	}
	if s.MostPublic > 0 && s.Public+public > s.MostPublic {
		clouds.Add(lane, images.Problem{Class: images.Quota, Region: where, What: "Public AMIs", Stops: true, Link: publicQuotaLink(s.Name),
			Said: fmt.Sprintf("%d of %d images that may be public in %s are, and %d more are wanted.", s.Public, s.MostPublic, s.Name, public)})
	}
}

// lookInto finds out how a region stands.
func (c *Cloud) lookInto(ctx context.Context, region string, w wanted) sight {
	s := sight{Region: images.Region{Name: region}, taken: map[string]types.Image{}}
	failed := func(err error) sight {
		s.problems = append(s.problems, clouds.Problem(err, region, true))
		return s
	}
	if len(w.names) > 0 {
		list, err := c.ownImages(ctx, region, filter("name", exactlyAll(w.names)...))
		if err != nil {
			return failed(err) // in a region that is not enabled this is the first answer
		}
		for _, im := range list {
			s.taken[sdk.ToString(im.Name)] = im
		}
	}
	if w.copies {
		s.problems = append(s.problems, c.mayCopyTo(ctx, region)...)
	}
	if w.publishes {
		out, err := ask(ctx, c, encryptsByDefault, region, func(ctx context.Context) (*ec2.GetEbsEncryptionByDefaultOutput, error) {
			return c.ec2(region).GetEbsEncryptionByDefault(ctx, &ec2.GetEbsEncryptionByDefaultInput{})
		})
		s.encrypted = err == nil && sdk.ToBool(out.EbsEncryptionByDefault)
	}
	if w.public == 0 {
		return s
	}
	state, err := c.protection(ctx, region)
	if err != nil {
		return failed(err)
	}
	s.Blocked, s.Fixed = state.on, state.on && state.fixed
	if s.Public, s.MostPublic, err = c.publicQuota(ctx, region); err != nil {
		return failed(err)
	}
	s.problems = append(s.problems, c.mayOpenIn(ctx, region, state.on && !state.fixed)...)
	return s
}

func exactlyAll(values []string) (out []string) {
	for _, v := range values {
		out = append(out, exactly(v))
	}
	return out
}

// publicQuota is how many images of the account are public in a region, of how many
// that may be; 0 of 0 when AWS does not say.
func (c *Cloud) publicQuota(ctx context.Context, region string) (int, int, error) {
	list, err := c.ownImages(ctx, region, filter("is-public", "true"))
	if err != nil {
		return 0, 0, err
	}
	out, err := ask(ctx, c, serviceQuota, region, func(ctx context.Context) (*servicequotas.GetServiceQuotaOutput, error) {
		return c.quotas(region).GetServiceQuota(ctx, &servicequotas.GetServiceQuotaInput{ServiceCode: sdk.String("ec2"), QuotaCode: sdk.String(publicImages)})
	})
	if clouds.Heals(err) {
		return 0, 0, err
	}
	if err != nil || out.Quota == nil || out.Quota.Value == nil {
		return 0, 0, nil
	}
	return len(list), int(*out.Quota.Value), nil
}

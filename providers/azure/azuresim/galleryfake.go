package azuresim

import (
	"context"
	"net/http"
	"time"

	azfake "github.com/Azure/azure-sdk-for-go/sdk/azcore/fake"
	arm "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8/fake"
)

func (c *request) galleriesServer() fake.GalleriesServer {
	return fake.GalleriesServer{
		Get: func(context.Context, string, string, *arm.GalleriesClientGetOptions) (azfake.Responder[arm.GalleriesClientGetResponse], azfake.ErrorResponder) {
			return answer(c, http.StatusOK, func() (out arm.GalleriesClientGetResponse, err error) {
				out.Gallery, err = one(c, c.galleryJSON)
				return out, err
			})
		},
		NewListByResourceGroupPager: func(string, *arm.GalleriesClientListByResourceGroupOptions) azfake.PagerResponder[arm.GalleriesClientListByResourceGroupResponse] {
			return list(c, each(c, c.galleryJSON), func(v []*arm.Gallery, next *string) (out arm.GalleriesClientListByResourceGroupResponse) {
				out.Value, out.NextLink = v, next
				return out
			})
		},
	}
}

func (c *request) definitionsServer() fake.GalleryImagesServer {
	return fake.GalleryImagesServer{
		BeginCreateOrUpdate: func(_ context.Context, _, _, _ string, in arm.GalleryImage, _ *arm.GalleryImagesClientBeginCreateOrUpdateOptions) (azfake.PollerResponder[arm.GalleryImagesClientCreateOrUpdateResponse], azfake.ErrorResponder) {
			return begin(c, func() (out arm.GalleryImagesClientCreateOrUpdateResponse, status int, err error) {
				d, status, err := c.putDefinition(in)
				if err == nil {
					out.GalleryImage = c.definitionJSON(d)
				}
				return out, status, err
			})
		},
		Get: func(context.Context, string, string, string, *arm.GalleryImagesClientGetOptions) (azfake.Responder[arm.GalleryImagesClientGetResponse], azfake.ErrorResponder) {
			return answer(c, http.StatusOK, func() (out arm.GalleryImagesClientGetResponse, err error) {
				out.GalleryImage, err = one(c, c.definitionJSON)
				return out, err
			})
		},
		NewListByGalleryPager: func(string, string, *arm.GalleryImagesClientListByGalleryOptions) azfake.PagerResponder[arm.GalleryImagesClientListByGalleryResponse] {
			return list(c, c.listDefinitions, func(v []*arm.GalleryImage, next *string) (out arm.GalleryImagesClientListByGalleryResponse) {
				out.Value, out.NextLink = v, next
				return out
			})
		},
	}
}

func (c *request) versionsServer() fake.GalleryImageVersionsServer {
	return fake.GalleryImageVersionsServer{
		BeginCreateOrUpdate: func(_ context.Context, _, _, _, _ string, in arm.GalleryImageVersion, _ *arm.GalleryImageVersionsClientBeginCreateOrUpdateOptions) (azfake.PollerResponder[arm.GalleryImageVersionsClientCreateOrUpdateResponse], azfake.ErrorResponder) {
			return begin(c, func() (out arm.GalleryImageVersionsClientCreateOrUpdateResponse, status int, err error) {
				v, status, err := c.putVersion(in)
				if err == nil {
					out.GalleryImageVersion = c.versionJSON(v)
				}
				return out, status, err
			})
		},
		BeginUpdate: func(_ context.Context, _, _, _, _ string, in arm.GalleryImageVersionUpdate, _ *arm.GalleryImageVersionsClientBeginUpdateOptions) (azfake.PollerResponder[arm.GalleryImageVersionsClientUpdateResponse], azfake.ErrorResponder) {
			return begin(c, func() (out arm.GalleryImageVersionsClientUpdateResponse, status int, err error) {
				v, err := named[*version](c)
				if err != nil {
					return out, 0, err
				}
				if err := c.changeVersion(v, val(in.Properties), in.Tags); err != nil {
					return out, 0, err
				}
				out.GalleryImageVersion = c.versionJSON(v)
				return out, http.StatusOK, nil
			})
		},
		Get: func(context.Context, string, string, string, string, *arm.GalleryImageVersionsClientGetOptions) (azfake.Responder[arm.GalleryImageVersionsClientGetResponse], azfake.ErrorResponder) {
			return answer(c, http.StatusOK, func() (out arm.GalleryImageVersionsClientGetResponse, err error) {
				out.GalleryImageVersion, err = one(c, c.versionJSON)
				return out, err
			})
		},
		NewListByGalleryImagePager: func(string, string, string, *arm.GalleryImageVersionsClientListByGalleryImageOptions) azfake.PagerResponder[arm.GalleryImageVersionsClientListByGalleryImageResponse] {
			return list(c, c.listVersions, func(v []*arm.GalleryImageVersion, next *string) (out arm.GalleryImageVersionsClientListByGalleryImageResponse) {
				out.Value, out.NextLink = v, next
				return out
			})
		},
		BeginDelete: func(context.Context, string, string, string, string, *arm.GalleryImageVersionsClientBeginDeleteOptions) (azfake.PollerResponder[arm.GalleryImageVersionsClientDeleteResponse], azfake.ErrorResponder) {
			return begin(c, func() (out arm.GalleryImageVersionsClientDeleteResponse, status int, err error) {
				status, err = drop(c, func(v *version) (time.Duration, error) {
					if err := v.removable(c.now); err != nil {
						return 0, err
					}
					return c.s.at(v.location).times.Delete, nil
				})
				return out, status, err
			})
		},
	}
}

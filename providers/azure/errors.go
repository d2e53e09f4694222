package azure

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"

	"cloudimage/providers/clouds"
	"cloudimage/workflow/images"
)

// This file says what an error of Azure means. The rules are: the code decides, then
// the status, and words only where Azure has one code for several things.

// classes are what codes mean. For a call that changes something, what is Passing here
// is Unknown, unless it is busy; a code that is not here is Invalid, or as its status
// says.
var classes = map[string]images.Class{
	"TooManyRequests":                     images.Throttled,
	"SubscriptionRequestsThrottled":       images.Throttled,
	"ResourceRequestsThrottled":           images.Throttled,
	"ResourceCollectionRequestsThrottled": images.Throttled,
	"ResourceGroupRequestsThrottled":      images.Throttled,
	"OperationThrottled":                  images.Throttled,

	"InternalServerError":               images.Passing,
	"InternalError":                     images.Passing,
	"InternalExecutionError":            images.Passing,
	"InternalOperationError":            images.Passing,
	"InternalDiskManagementError":       images.Passing,
	"NetworkingInternalOperationError":  images.Passing,
	"OSProvisioningInternalError":       images.Passing,
	"ServerTimeout":                     images.Passing,
	"ServerBusy":                        images.Passing,
	"GatewayTimeout":                    images.Passing,
	"ServiceUnavailable":                images.Passing,
	"RequestTimeout":                    images.Passing,
	"GatewayAuthenticationFailed":       images.Passing,
	"StorageFailure/SocketException":    images.Passing,
	"ReferencedResourceNotProvisioned":  images.Passing,
	"CopyRequestInvalidSnapshotState":   images.Passing,
	"ConflictingConcurrentWriteNotDone": images.Passing,

	"NotFound":                   images.Gone,
	"ResourceNotFound":           images.Gone,
	"ResourceGroupNotFound":      images.Gone,
	"ParentResourceNotFound":     images.Gone,
	"InvalidResourceReference":   images.Gone,
	"ImageNotFound":              images.Gone,
	"GalleryImageNotFound":       images.Gone,
	"GalleryImageVersionDeleted": images.Gone,
	"PlatformImageNotFound":      images.Gone,

	"SkuNotAvailable":                       images.Capacity,
	"AllocationFailed":                      images.Capacity,
	"ZonalAllocationFailed":                 images.Capacity,
	"OverconstrainedAllocationRequest":      images.Capacity,
	"OverconstrainedZonalAllocation":        images.Capacity,
	"OverconstrainedZonalAllocationRequest": images.Capacity,
	"AllocationTimeout":                     images.Capacity,
	"SubnetIsFull":                          images.Capacity,

	"QuotaExceeded":                         images.Quota,
	"ResourceQuotaExceeded":                 images.Quota,
	"ResourceGroupQuotaExceeded":            images.Quota,
	"VnetCountLimitReached":                 images.Quota,
	"NetworkSecurityGroupCountLimitReached": images.Quota,
	"NetworkInterfaceCountLimitReached":     images.Quota,
	"GalleryImageVersionCountLimitExceeded": images.Quota,
	"TagCountLimitReached":                  images.Quota,

	"AuthorizationFailed":          images.Permission,
	"LinkedAuthorizationFailed":    images.Permission,
	"Forbidden":                    images.Permission,
	"AuthenticationFailed":         images.Permission,
	"InvalidAuthenticationToken":   images.Permission,
	"ExpiredAuthenticationToken":   images.Permission,
	"RequestDisallowedByPolicy":    images.Permission,
	"RequestDisallowedByAzure":     images.Permission,
	"ReadOnlyDisabledSubscription": images.Permission,
	"DisabledSubscription":         images.Permission,
	"ScopeLocked":                  images.Permission,
	"SubscriptionNotFound":         images.Permission,

	"InvalidAuthenticationTokenTenant":     images.WrongAccount,
	"MissingSubscriptionRegistration":      images.Unready,
	"SubscriptionNotRegistered":            images.Unready,
	"NoRegisteredProviderFound":            images.Unready,
	"MarketplacePurchaseEligibilityFailed": images.Unready,
	"ResourcePurchaseValidationFailed":     images.Unready,
}

// busy are codes of a thing that something else is done with. Nothing was done, so it
// can be asked for again.
var busy = map[string]bool{
	"Conflict": true, "AnotherOperationInProgress": true, "RetryableError": true, "OperationPreempted": true,
	"OperationPreemptedByMoreRecentOperation": true, "CanceledAndSupersededDueToAnotherOperation": true,
	"ResourceGroupBeingDeleted": true, "ReferencedResourceNotProvisioned": true, "PreconditionFailed": true, "InUseSubnetCannotBeUpdated": true,
}

var (
	saysQuota = regexp.MustCompile(`(?i)quota|exceeding approved|limit (of|for|on|exceeded|has been)|maximum (number|allowed)`)
	// spoiled are codes of a token that was not taken.
	spoiled = map[string]bool{"ExpiredAuthenticationToken": true, "InvalidAuthenticationToken": true}
)

// classOf is what an answer means.
func classOf(a action, code, message string, status int) images.Class {
	class, known := classes[code]
	switch {
	case busy[code]:
		return images.Passing
	case code == "OperationNotAllowed" && saysQuota.MatchString(message):
		return images.Quota
	case known:
	case status == http.StatusTooManyRequests:
		class = images.Throttled
	case status == http.StatusNotFound || status == http.StatusGone:
		class = images.Gone
	case status >= http.StatusInternalServerError || status == http.StatusRequestTimeout:
		class = images.Passing
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		class = images.Permission
	default:
		class = images.Invalid
	}
	if class == images.Passing && a.changes {
		return images.Unknown
	}
	return class
}

// fault is what a failed call means.
func (c *Cloud) fault(a action, err error, s *sent) *images.Fault {
	var own *images.Fault
	if errors.As(err, &own) {
		return own
	}
	f := &images.Fault{What: a.name, Err: errors.New(c.clean(innermost(err).Error()))}
	var answer *azcore.ResponseError
	var token *tokenError
	switch {
	case errors.As(err, &token):
		c.tokenFault(f, token.err, s)
	case errors.As(err, &answer):
		c.answered(f, a, answer, s)
	case errors.Is(err, errElsewhere):
		f.Class, f.Said = images.Invalid, "Azure's answer leads to another server than the configured one, which is not given our token."
	case !s.sent.Load() || unreached(err):
		f.Class, f.Said = images.Passing, "Azure could not be asked: "+f.Err.Error()
	default:
		f.Class, f.Said = images.Passing, "Azure gave no answer that can be read: "+f.Err.Error()
		if a.changes {
			f.Class = images.Unknown
		}
	}
	switch f.Class {
	case images.Permission:
		if f.Link == "" {
			f.Link = c.portal("subscriptions/" + c.o.Subscription + "/users")
		}
	case images.Quota:
		f.Link = c.quotaLink()
	}
	return f
}

// stale reports whether a call was refused for a token in whose place there is a new one.
func stale(err error) bool {
	return clouds.Is(err, images.Passing) && clouds.Coded(err, "ExpiredAuthenticationToken", "InvalidAuthenticationToken")
}

// answered fills in what an answer means.
func (c *Cloud) answered(f *images.Fault, a action, err *azcore.ResponseError, s *sent) {
	code, message := said(err)
	f.Code, f.Said = code, c.clean(message)
	f.Err = errors.New(c.clean(code + ": " + message))
	f.Class = classOf(a, code, message, err.StatusCode)
	if err.StatusCode != http.StatusUnauthorized {
		c.who.took(int(s.credential.Load()))
	}
	if f.Said == "" {
		f.Said = "Azure answered with " + http.StatusText(err.StatusCode) + " and said nothing."
	}
	switch {
	case err.StatusCode == http.StatusUnauthorized && (spoiled[code] || code == ""):
		f.Code = cmp.Or(code, "InvalidAuthenticationToken")
		if c.who.renew(int(s.credential.Load())) {
			// Who is not known has changed nothing.
			f.Class, f.Said = images.Passing, "The token is not taken any more. A new one is fetched."
			return
		}
		f.Class, f.Said = images.Permission, "Azure does not take our tokens, not even a new one: "+f.Said
	case f.Class == images.Permission:
		if what := missing(message); what != "" {
			f.What = what
		}
		if code == "SubscriptionNotFound" {
			f.What = readSubscription.name
			f.Said += " It is another one that is meant, or we have no role in it."
		}
	case f.Class == images.Throttled:
		f.After = retryAfter(err.RawResponse, c.o.Now())
	case code == "MarketplacePurchaseEligibilityFailed" || code == "ResourcePurchaseValidationFailed":
		f.Said += " Its terms may have to be accepted once in that subscription: az vm image terms accept."
	case code == "MissingSubscriptionRegistration":
		f.Said += " Somebody has to register it: az provider register --subscription " + c.o.Subscription + " --namespace " + namespaceIn(message) + "."
	}
}

// namespace finds the name of a provider.
var namespace = regexp.MustCompile(`Microsoft\.\w+`)

func namespaceIn(message string) string {
	if n := namespace.FindString(message); n != "" {
		return n
	}
	return "Microsoft.Compute"
}

// lacking is how Azure names the action that is missing: the one on another thing that
// a call names, or the call's own.
var lacking = []*regexp.Regexp{
	regexp.MustCompile(`does not have permission to perform action(?:\(s\))? '([^']+)'`),
	regexp.MustCompile(`perform action '([^']+)'`),
}

func missing(message string) string {
	for _, re := range lacking {
		if m := re.FindStringSubmatch(message); m != nil {
			return strings.TrimSpace(strings.Split(m[1], ",")[0])
		}
	}
	return ""
}

// unreached reports whether there was no connection at all.
func unreached(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// innermost is the cause of an error without the address that was asked.
func innermost(err error) error {
	var u *url.Error
	for errors.As(err, &u) {
		err = u.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return context.DeadlineExceeded
	}
	return err
}

// quotaLink is where quotas can be raised.
func (c *Cloud) quotaLink() string {
	return c.servers.portal + "/#view/Microsoft_Azure_Capacity/QuotaMenuBlade/~/myQuotas"
}

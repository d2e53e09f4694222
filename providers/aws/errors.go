package aws

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"cloudimage/workflow/images"
)

// This file says what an error of AWS means. The rules are: the code decides, then
// the status, and words only where AWS has one code for several things.

// classes are what codes mean. For a call that changes something, what is Passing
// here is Unknown; a code that is not here is Invalid, or as its status says.
var classes = map[string]images.Class{
	"RequestLimitExceeded":      images.Throttled,
	"Throttling":                images.Throttled,
	"ThrottlingException":       images.Throttled,
	"ThrottledException":        images.Throttled,
	"RequestThrottled":          images.Throttled,
	"RequestThrottledException": images.Throttled,
	"EC2ThrottledException":     images.Throttled,
	"TooManyRequestsException":  images.Throttled,
	"BandwidthLimitExceeded":    images.Throttled,
	"SlowDown":                  images.Throttled,

	"InternalError":               images.Passing,
	"InternalFailure":             images.Passing,
	"InternalServerError":         images.Passing,
	"InternalServiceException":    images.Passing,
	"ServiceException":            images.Passing,
	"ServiceUnavailable":          images.Passing,
	"ServiceUnavailableException": images.Passing,
	"Unavailable":                 images.Passing,
	"RequestTimeout":              images.Passing,
	"RequestTimeoutException":     images.Passing,

	"InvalidInstanceID.NotFound": images.Gone,
	"InvalidInstanceId":          images.Gone, // of Systems Manager: it does not answer there
	"InvalidAMIID.NotFound":      images.Gone,
	"InvalidAMIID.Unavailable":   images.Gone,
	"InvalidSnapshot.NotFound":   images.Gone,
	"InvalidVolume.NotFound":     images.Gone,
	"InvalidCommandId":           images.Gone,
	"InvocationDoesNotExist":     images.Gone,
	"ParameterNotFound":          images.Gone,
	"NoSuchResourceException":    images.Gone,
	"ResourceNotFoundException":  images.Gone,

	"InsufficientInstanceCapacity":         images.Capacity,
	"InsufficientHostCapacity":             images.Capacity,
	"InsufficientCapacity":                 images.Capacity,
	"InsufficientReservedInstanceCapacity": images.Capacity,
	"InsufficientFreeAddressesInSubnet":    images.Capacity,
	"SpotMaxPriceTooLow":                   images.Capacity,
	"Unsupported":                          images.Capacity, // of RunInstances: not in this zone

	"InstanceLimitExceeded":           images.Quota,
	"VcpuLimitExceeded":               images.Quota,
	"ResourceLimitExceeded":           images.Quota,
	"ResourceCountLimitExceeded":      images.Quota,
	"SnapshotLimitExceeded":           images.Quota,
	"VolumeLimitExceeded":             images.Quota,
	"MaxIOPSLimitExceeded":            images.Quota,
	"ServiceQuotaExceededException":   images.Quota,
	"PendingSnapshotLimitExceeded":    images.Throttled, // it goes by when others are done
	"ConcurrentSnapshotLimitExceeded": images.Throttled,
	"TagLimitExceeded":                images.Quota,

	"UnauthorizedOperation":         images.Permission,
	"AuthFailure":                   images.Permission,
	"AccessDenied":                  images.Permission,
	"AccessDeniedException":         images.Permission,
	"UnrecognizedClientException":   images.Permission,
	"InvalidClientTokenId":          images.Permission,
	"InvalidAccessKeyId":            images.Permission,
	"SignatureDoesNotMatch":         images.Permission,
	"InvalidSignatureException":     images.Permission,
	"IncompleteSignature":           images.Permission,
	"MissingAuthenticationToken":    images.Permission,
	"ExpiredToken":                  images.Permission,
	"ExpiredTokenException":         images.Permission,
	"RequestExpired":                images.Permission,
	"OptInRequired":                 images.Permission,
	"PendingVerification":           images.Permission,
	"Blocked":                       images.Permission, // the account is
	"OperationNotPermitted":         images.Permission, // or what its words say
	"SubscriptionRequiredException": images.Permission,

	"ResourceInUseException": images.Foreign,
}

var (
	saysBlocked = regexp.MustCompile(`(?i)block public access`)
	saysQuota   = regexp.MustCompile(`(?i)quota|limit (of|for|on|exceeded|has been)|maximum (number|allowed)|too many`)
	saysCopies  = regexp.MustCompile(`(?i)snapshot cop|concurrent|in progress`)
)

// classOf is what an answer means.
func classOf(a action, code, message string, status int) images.Class {
	class, known := classes[code]
	switch {
	case code == "OperationNotPermitted" && saysBlocked.MatchString(message):
		return images.Blocked
	case code == "OperationNotPermitted" && saysQuota.MatchString(message):
		return images.Quota
	case code == "ResourceLimitExceeded" && a == copyImage && saysCopies.MatchString(message):
		return images.Throttled
	case code == "Unsupported" && a != runInstances:
		return images.Invalid
	case known:
	case status == http.StatusTooManyRequests:
		class = images.Throttled
	case status >= http.StatusInternalServerError:
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

// fault is what a failed call means. To is the service that was really asked last.
func (c *Cloud) fault(ctx context.Context, a action, region string, err error, to string) *images.Fault {
	f := &images.Fault{What: a.String(), Err: errors.New(c.clean(innermost(err).Error()))}
	var api smithy.APIError
	if errors.As(err, &api) {
		f.Code, f.Said = api.ErrorCode(), c.clean(api.ErrorMessage())
	}
	switch {
	case f.Code != "" && credentialsCall(err):
		// Who we are could not be found out; what was to be called was not.
		f.What = "sts:" + operation(err).OperationName
		f.Class = classOf(action{service: "sts"}, f.Code, f.Said, statusOf(err))
	case f.Code != "":
		f.Class = classOf(a, f.Code, api.ErrorMessage(), statusOf(err))
	case noCredentials(err):
		f.Class, f.Said = images.Permission, "There are no keys of AWS for us: "+f.Err.Error()
	case to != serviceOf(err) || credentialsCall(err) || refused(err):
		// Nothing was sent, so nothing was done.
		f.Class, f.Said = images.Passing, "AWS could not be asked: "+f.Err.Error()
	default:
		f.Class, f.Said = images.Passing, fmt.Sprintf("AWS gave no answer in %s that can be read: %s", region, f.Err)
		if a.changes {
			f.Class = images.Unknown
		}
	}
	switch f.Class {
	case images.Permission:
		if what := c.missing(ctx, a, api); what != "" {
			f.What = what
		}
		f.Link = "https://console.aws.amazon.com/iam/home"
	case images.Quota:
		f.Link = quotaLink(region, a)
	case images.Blocked:
		f.Link = console(region, "ec2/home?region="+region+"#Settings:tab=dataProtectionAndSecurity")
	}
	return f
}

// quotaLink is where the quota that a call met can be raised.
func quotaLink(region string, a action) string {
	if a == modifyImage {
		return publicQuotaLink(region)
	}
	service := "ec2"
	if a.service != "ec2" {
		service = a.service
	}
	return console(region, "servicequotas/home/services/"+service+"/quotas")
}

func publicQuotaLink(region string) string {
	return console(region, "servicequotas/home/services/ec2/quotas/"+publicImages)
}

// namedAction is how AWS names the action that is missing.
var namedAction = regexp.MustCompile(`not authorized to perform: ([\w-]+:\w+)`)

// encodedBlob is what EC2 adds to a refusal. It has the names of our resources in it.
var encodedBlob = regexp.MustCompile(`(?is)\s*encoded authorization failure message:\s*(\S*)`)

// missing is the action that we may not do, which need not be the one that we
// called. AWS says it in its words, or in a part of them that it decodes for those
// who may ask.
func (c *Cloud) missing(ctx context.Context, a action, api smithy.APIError) string {
	if api == nil || a == decodeMessage {
		return ""
	}
	if m := namedAction.FindStringSubmatch(api.ErrorMessage()); m != nil {
		return m[1]
	}
	m := encodedBlob.FindStringSubmatch(api.ErrorMessage())
	if m == nil || m[1] == "" {
		return ""
	}
	out, err := ask(ctx, c, decodeMessage, c.o.Region, func(ctx context.Context) (*sts.DecodeAuthorizationMessageOutput, error) {
		return c.sts().DecodeAuthorizationMessage(ctx, &sts.DecodeAuthorizationMessageInput{EncodedMessage: &m[1]})
	})
	if err != nil || out.DecodedMessage == nil {
		return ""
	}
	var said struct {
		Context struct {
			Action string `json:"action"`
		} `json:"context"`
	}
	if json.Unmarshal([]byte(*out.DecodedMessage), &said) != nil {
		return ""
	}
	return said.Context.Action
}

// operation is the innermost operation that an error is about.
func operation(err error) (last *smithy.OperationError) {
	for op := (*smithy.OperationError)(nil); errors.As(err, &op); err = op.Err {
		last = op
	}
	return last
}

// serviceOf is the id of the service that was to be asked.
func serviceOf(err error) string {
	var op *smithy.OperationError
	if errors.As(err, &op) {
		return op.ServiceID
	}
	return ""
}

// credentialsCall reports whether the call that failed was one to find out who we are.
func credentialsCall(err error) bool {
	var op *smithy.OperationError
	return errors.As(err, &op) && operation(op.Err) != nil
}

// noCredentials reports whether nothing says who we are.
func noCredentials(err error) bool {
	return !credentialsCall(err) && strings.Contains(err.Error(), "get credentials:")
}

// refused reports whether there was no connection at all.
func refused(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

func statusOf(err error) int {
	var r *smithyhttp.ResponseError
	if errors.As(err, &r) {
		return r.HTTPStatusCode()
	}
	return 0
}

// innermost is the cause of an error without the address that was asked.
func innermost(err error) error {
	for {
		var u *url.Error
		var op *smithy.OperationError
		switch {
		case errors.As(err, &u):
			err = u.Err
		case errors.As(err, &op):
			err = op.Err
		default:
			return err
		}
	}
}

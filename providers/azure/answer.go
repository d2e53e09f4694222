package azure

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"cloudimage/workflow/images"
)

// This file reads what Azure and its token service say.

// armError is an error as Resource Manager writes it.
type armError struct {
	Code    string     `json:"code"`
	Message string     `json:"message"`
	Details []armError `json:"details"`
}

// wrapping are codes that say no more than that what they wrap has gone wrong.
var wrapping = map[string]bool{"": true, "DeploymentFailed": true, "ResourceDeploymentFailure": true, "Failed": true, "BadRequest": true, "InvalidTemplateDeployment": true}

// said is the code and the words of an error.
func said(err *azcore.ResponseError) (code, message string) {
	var read struct {
		Error armError `json:"error"`
	}
	if err.RawResponse != nil {
		if body, e := runtime.Payload(err.RawResponse); e == nil {
			var bare armError
			if json.Unmarshal(body, &read) != nil || read.Error.Code == "" && read.Error.Message == "" {
				if json.Unmarshal(body, &bare) == nil {
					read.Error = bare
				}
			}
		}
	}
	e := read.Error
	for wrapping[e.Code] && len(e.Details) > 0 {
		e = e.Details[0]
	}
	if e.Code == "" {
		e.Code = err.ErrorCode
	}
	return e.Code, e.Message
}

// retryAfter is how long an answer says to wait; half a minute when it does not say.
func retryAfter(r *http.Response, now time.Time) time.Duration {
	const silent = 30 * time.Second
	if r == nil {
		return silent
	}
	for _, name := range []string{"Retry-After-Ms", "X-Ms-Retry-After-Ms"} {
		if n, err := strconv.Atoi(r.Header.Get(name)); err == nil && n > 0 {
			return min(time.Duration(n)*time.Millisecond, longestWait)
		}
	}
	v := r.Header.Get("Retry-After")
	if n, err := strconv.Atoi(v); err == nil && n > 0 {
		return min(time.Duration(n)*time.Second, longestWait)
	}
	if at, err := http.ParseTime(v); err == nil && at.After(now) {
		return min(at.Sub(now), longestWait)
	}
	return silent
}

// longestWait is how long we let ourselves be told to wait.
const longestWait = time.Hour

// entraError is an error as the token service writes it.
type entraError struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
	Codes       []int  `json:"error_codes"`
}

// tokenFault fills in what it means that there is no token for us. Nothing was done.
func (c *Cloud) tokenFault(f *images.Fault, err error, s *sent) {
	f.What = "Microsoft Entra"
	f.Link = "https://learn.microsoft.com/azure/developer/go/sdk/authentication/authentication-overview"
	var refused *azidentity.AuthenticationFailedError
	if errors.As(err, &refused) && refused.RawResponse != nil {
		var e entraError
		if body, read := runtime.Payload(refused.RawResponse); read == nil {
			_ = json.Unmarshal(body, &e) // what is no JSON says nothing
		}
		status := refused.RawResponse.StatusCode
		f.Code = e.Error
		words, _, _ := strings.Cut(e.Description, " Trace ID:")
		words = c.clean(words)
		f.Err = errors.New(words)
		if words == "" {
			words = "its server answers with " + strconv.Itoa(status) + "."
		}
		switch {
		case status == http.StatusTooManyRequests:
			f.Class, f.Said, f.After = images.Throttled, "Microsoft Entra asks us to wait: "+words, retryAfter(refused.RawResponse, c.o.Now())
		case status >= http.StatusInternalServerError || e.Error == "temporarily_unavailable":
			f.Class, f.Said = images.Passing, "Microsoft Entra gives us no token at the moment: "+words
		default:
			f.Class, f.Said = images.Permission, "Microsoft Entra does not take our credentials: "+words
		}
		return
	}
	text := c.clean(err.Error())
	f.Err = errors.New(text)
	if s.login.Load() {
		f.Class, f.Said = images.Passing, "Microsoft Entra could not be asked for a token: "+text
		return
	}
	f.Class, f.Said = images.Permission, "There is no token of Microsoft Entra for us: "+text
}

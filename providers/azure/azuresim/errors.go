package azuresim

import (
	"fmt"
	"net/http"
	"time"
)

// armError is an answer that is not what was asked for, as Resource Manager says it.
type armError struct {
	status  int
	code    string
	message string
	target  string
	details []*armError
	after   time.Duration // when to ask again; 0: not said
	bearer  string        // the challenge of a 401
}

func (e *armError) Error() string { return e.code + ": " + e.message }

// on says which part of the request an error is about.
func (e *armError) on(target string) *armError {
	e.target = target
	return e
}

// json is the inner object of an error.
func (e *armError) json() map[string]any {
	out := map[string]any{"code": e.code, "message": e.message}
	if e.target != "" {
		out["target"] = e.target
	}
	var list []any
	for _, d := range e.details {
		list = append(list, d.json())
	}
	if list != nil {
		out["details"] = list
	}
	return out
}

func refuse(code, format string, args ...any) *armError {
	return refuseWith(http.StatusBadRequest, code, format, args...)
}

func refuseWith(status int, code, format string, args ...any) *armError {
	return &armError{status: status, code: code, message: fmt.Sprintf(format, args...)}
}

func conflict(code, format string, args ...any) *armError {
	return refuseWith(http.StatusConflict, code, format, args...)
}

// missing is a required parameter that is not there.
func missing(param string) *armError {
	return refuse("InvalidParameter", "Required parameter '%s' is missing (null).", param).on(param)
}

// badValue is a parameter whose value cannot be.
func badValue(param string) *armError {
	return refuse("InvalidParameter", "The value of parameter %s is invalid.", param).on(param)
}

// busy is what is said while another operation is under way.
func busy() *armError {
	return conflict("Conflict", "The request failed due to conflict with a concurrent request. To resolve it, please refer to https://aka.ms/activitylog to get more details on the conflicting requests.")
}

// fixedProperty is a property that cannot change.
func fixedProperty(name string) *armError {
	return conflict("PropertyChangeNotAllowed", "Changing property '%s' is not allowed.", name).on(name)
}

func notFound(kind, name, group string) *armError {
	return refuseWith(http.StatusNotFound, "ResourceNotFound", "The Resource '%s/%s' under resource group '%s' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix", kind, name, group)
}

func parentNotFound(kind, name string) *armError {
	return refuseWith(http.StatusNotFound, "ParentResourceNotFound", "Failed to perform 'write' on resource(s) of type '%s', because the parent resource '%s' could not be found.", kind, name)
}

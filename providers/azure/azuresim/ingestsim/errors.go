package ingestsim

import (
	"fmt"
	"net/http"
)

// The inner codes that say why a resource or a request was refused.
const (
	businessValidation = "businessValidationError"
	limitExceeded      = "collectionLimitExceeded"
	invalidID          = "invalidId"
	invalidRequest     = "invalidRequest"
	invalidResource    = "invalidResource"
	invalidState       = "invalidState"
	notSupported       = "notSupported"
	operationCanceled  = "operationCanceled"
	productLocked      = "productLocked"
	resourceNotFound   = "resourceNotFound"
	schemaValidation   = "schemaValidationError"
)

// The outer codes. Documents have the first three; the others are guesses after
// their pattern.
const (
	badRequest   = "badRequest"
	conflict     = "conflict"
	serverError  = "internalServerError"
	notFound     = "notFound"
	unauthorized = "unauthorized"
)

// problem is an error as the service writes it, with more of them inside.
type problem struct {
	Code       string     `json:"code"`
	Message    string     `json:"message"`
	Details    []*problem `json:"details"`
	ResourceID string     `json:"resourceId,omitempty"`
}

// because is a problem with one resource.
func because(code, resource, format string, args ...any) *problem {
	return &problem{Code: code, Message: fmt.Sprintf(format, args...), Details: []*problem{}, ResourceID: resource}
}

// around is a problem that consists of others.
func around(code, message string, details ...*problem) *problem {
	return &problem{Code: code, Message: message, Details: details}
}

// refusal is an answer that is not what was asked for.
type refusal struct {
	status  int
	problem *problem
	retry   int // seconds to wait, or 0
}

func (e *refusal) Error() string { return e.problem.Code + ": " + e.problem.Message }

// refuse is a refusal with the outer code that belongs to a status.
func refuse(status int, message string, details ...*problem) *refusal {
	code := badRequest
	switch status {
	case http.StatusNotFound:
		code = notFound
	case http.StatusConflict:
		code = conflict
	case http.StatusUnauthorized:
		code = unauthorized
	case http.StatusInternalServerError:
		code = serverError
	}
	if details == nil {
		details = []*problem{}
	}
	return &refusal{status: status, problem: around(code, message, details...)}
}

// bad is a request that makes no sense.
func bad(format string, args ...any) *refusal {
	return refuse(http.StatusBadRequest, fmt.Sprintf(format, args...))
}

// absent is a resource that there is not.
func absent(id string) *refusal {
	return refuse(http.StatusNotFound, "The resource was not found.", because(resourceNotFound, id, "There is no resource %s.", id))
}

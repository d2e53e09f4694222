package awssim

import (
	"fmt"
	"net/http"
)

// awsError is an answer that is not what was asked for. Each protocol writes it in
// its own way.
type awsError struct {
	status  int
	code    string
	message string
	fields  map[string]any // more of it, where the protocol is JSON
}

func (e *awsError) Error() string { return e.code + ": " + e.message }

func refuse(code, format string, args ...any) *awsError {
	return &awsError{status: http.StatusBadRequest, code: code, message: fmt.Sprintf(format, args...)}
}

func refuseWith(status int, code, format string, args ...any) *awsError {
	return &awsError{status: status, code: code, message: fmt.Sprintf(format, args...)}
}

func missing(param string) *awsError {
	return refuse("MissingParameter", "The request must contain the parameter %s", param)
}

func badValue(param, value string) *awsError {
	return refuse("InvalidParameterValue", "Invalid value '%s' for %s.", value, param)
}

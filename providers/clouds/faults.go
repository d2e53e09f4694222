package clouds

import (
	"errors"
	"fmt"
	"slices"

	"cloudimage/workflow/images"
)

// Is reports whether an error is a fault of one of the classes.
func Is(err error, classes ...images.Class) bool {
	var f *images.Fault
	return errors.As(err, &f) && slices.Contains(classes, f.Class)
}

// Heals reports whether an error goes by itself.
func Heals(err error) bool {
	var f *images.Fault
	return errors.As(err, &f) && f.Class.Heals()
}

// Coded reports whether an error is a fault with one of a cloud's codes.
func Coded(err error, codes ...string) bool {
	var f *images.Fault
	return errors.As(err, &f) && slices.Contains(codes, f.Code)
}

// Said is what the cloud said with an error.
func Said(err error) string {
	var f *images.Fault
	if errors.As(err, &f) {
		return f.Said
	}
	return err.Error()
}

// Gone is the fault of something that is not there any more.
func Gone(format string, args ...any) error {
	return &images.Fault{Class: images.Gone, Said: fmt.Sprintf(format, args...)}
}

// Problem is what an error of a call means before anything is made.
func Problem(err error, region string, stops bool) images.Problem {
	var f *images.Fault
	if !errors.As(err, &f) {
		return images.Problem{Class: images.Unknown, Region: region, Said: err.Error(), Stops: stops}
	}
	return images.Problem{Class: f.Class, Region: region, What: f.What, Said: f.Said, Link: f.Link, Stops: stops}
}

// Add adds a problem to a lane that does not have it yet.
func Add(lane *images.Lane, p images.Problem) {
	if !slices.Contains(lane.Problems, p) {
		lane.Problems = append(lane.Problems, p)
	}
}

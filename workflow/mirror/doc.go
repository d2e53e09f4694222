// Package mirror keeps the issues of runs in step with the runs, both ways: what
// an issue says is composed from the run as it is, and what people do to the issue
// becomes what they do to the run. It knows issues and merge requests, and not
// whose they are: a [Tracker] does.
package mirror

// Package gitlab is a [mirror.Tracker] on GitLab's REST API, of gitlab.com or of a
// server of one's own.
//
// A [Client] asks one thing at a time and says what became of it: a method is one
// request, or the pages of one list, and never one that was not asked for. It
// retries nothing, because whoever calls it keeps what is to be done and does it
// again; and it asks nothing while GitLab wants it to wait, because a request that
// is refused counts as well. Every failure is a [*mirror.TrackerError], with
// GitLab's own id of the request where there is one.
//
// What people did is read from GitLab's notes. Some of them are comments; the
// others, its system notes, are English sentences which GitLab words differently
// from version to version. systemnote.go knows the wordings, each from GitLab's
// source or from what its servers were seen to say.
//
// [Client.Check] asks what has to be so for all of it to work, in the words of
// whoever runs the program.
//
// GitLab leaves out without a word what an account may not set: labels, assignees
// and milestones of an issue, for one without the role for them. What a method
// returns is therefore always what GitLab answered, and never what was asked.
package gitlab

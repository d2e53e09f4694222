// Package gitlabsim is a GitLab in one process: the REST API v4 and the pages
// that people click on, over real HTTP. A client connects to it by changing
// nothing but the address, so what works here works on GitLab, and what GitLab
// refuses is refused here with GitLab's own words.
//
// # Vocabulary
//
//   - A [Server] is one GitLab instance with its users, groups and projects,
//     made by [Server.AddUser], [Server.AddProject] and their like, or from a
//     [Seed]. It is an http.Handler.
//   - An item is an issue or a merge request. A [Ref] names one as GitLab does in
//     texts: "group/project#3" is an issue, "group/project!2" a merge request.
//   - A [Person] is somebody at the web interface; [Server.As] gives one. What
//     he may not do is refused with [ErrRefused].
//   - A note is a comment, or a system note in which GitLab tells what somebody
//     did. What happens to labels, milestones and states is no system note but
//     a resource event of its own list.
//   - A quick action is a line such as /close in a comment or description. It is
//     carried out, and does not stay in the text.
//   - A [Fault] is something that goes wrong with a request; a [Hook] is told of
//     each request before and after it is carried out; a [Call] is the record of
//     one.
//
// # The rules of this package
//
//   - It is written from GitLab's documents and published source, never from a
//     client. What could not be verified is said where it is done.
//   - Strict over kind: an unknown path is 404, a parameter of the wrong type is
//     400, what a role may not set is silently left alone, as on GitLab.
//   - Times are UTC and have microseconds inside, as in GitLab's database, and
//     milliseconds in answers. A filter sees the microseconds.
//   - One mutex guards the state. It is never held while a hook or a fault runs.
//
// # What it leaves out
//
// Discussions (threads), reactions, time tracking, iterations, epics, weights,
// pipelines, GraphQL, web hooks, e-mail, git itself.
package gitlabsim

package main

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"time"

	"cloudimage/providers/gitlab/gitlabsim"
	"cloudimage/slackdev"
	"cloudimage/workflow"
)

// This file is the GitLab of the demo and of the tests: a stand-in with the people
// of the demo's Slack and the projects of the process.

// The projects of the demo's GitLab, and the token that the bot has there.
const (
	demoOmnibus   = "acme/omnibus"
	demoMarketing = "acme/marketing"
	demoPrivate   = "acme/security"
	demoToken     = "glpat-demo-00000000000000"
	demoBot       = "cloudimage"
)

// demoGitLab is a GitLab with everybody of a Slack who works there, under the names
// and addresses that they have in Slack. Omar has another address there, wei has
// no account at all, and pat is somebody whom Slack does not know.
func demoGitLab(seed *slackdev.Seed, now func() time.Time) *gitlabsim.Server {
	s := gitlabsim.New(gitlabsim.Options{Now: now, Viewer: "ana"})
	s.AddUser(gitlabsim.User{Username: demoBot, Name: "cloudimage", Bot: true})
	for _, p := range []gitlabsim.Project{
		{Path: demoOmnibus, Name: "Omnibus", Description: "Packages and images", Visibility: gitlabsim.Public},
		{Path: demoMarketing, Name: "Marketing", Description: "Announcements", Visibility: gitlabsim.Public},
		{Path: demoPrivate, Name: "Security", Description: "Not for everybody", Visibility: gitlabsim.Private},
	} {
		s.AddProject(p)
	}
	for _, path := range []string{demoOmnibus, demoMarketing} {
		s.AddMember(gitlabsim.Member{Path: path, User: demoBot, Access: gitlabsim.Maintainer})
	}
	for _, u := range seed.Users {
		switch {
		case u.Name == "wei" || u.Kind == slackdev.KindBot || u.Kind == slackdev.KindDeleted || u.Kind == slackdev.KindStranger:
			continue
		}
		email := fmt.Sprintf("%s@%s.example", u.Name, seed.Team.Domain)
		if u.Name == "omar" {
			email = "omar@home.example"
		}
		s.AddUser(gitlabsim.User{Username: u.Name, Name: u.RealName, Email: email})
		for _, path := range []string{demoOmnibus, demoMarketing, demoPrivate} {
			access := gitlabsim.Maintainer
			if u.Kind == slackdev.KindAdmin {
				access = gitlabsim.Owner
			}
			s.AddMember(gitlabsim.Member{Path: path, User: u.Name, Access: access})
		}
	}
	s.AddUser(gitlabsim.User{Username: "pat", Name: "Pat Doe", Email: "pat@elsewhere.example"})
	for _, path := range []string{demoOmnibus, demoMarketing} {
		s.AddMember(gitlabsim.Member{Path: path, User: "pat", Access: gitlabsim.Developer})
	}
	s.AddLabel(gitlabsim.Label{Path: demoOmnibus, Name: "cloud image"})
	s.AddLabel(gitlabsim.Label{Path: demoOmnibus, Name: "documentation"})
	s.AddLabel(gitlabsim.Label{Path: demoMarketing, Name: "launch"})
	s.AddToken(gitlabsim.Token{Secret: demoToken, User: demoBot, Name: "cloudimage"})
	return s
}

// demoTracker is how the demo's GitLab is configured.
func demoTracker(url string) *GitLab {
	return &GitLab{
		URL: url,
		Issues: map[workflow.FactName]Issues{
			workflow.FactIssue: {Project: demoOmnibus, Labels: []string{"cloud image"}},
			"marketing-issue":  {Project: demoMarketing, Labels: []string{"launch"}},
		},
	}
}

// demoPoll is how often the demo's GitLab is asked what has changed: somebody looks
// on. It is a time on the demo's clock, which goes as fast as the real one and
// jumps when it is moved; after some quiet minutes the two projects take turns, so
// that it is twice as long until a tick is noticed.
const demoPoll = 2 * time.Second

// startDemoGitLab serves the demo's GitLab and gives it to the bot. Whoever opens
// its pages is ana at first, as in the demo's Slack.
func startDemoGitLab(s *Settings, seed *slackdev.Seed, addr string) (address string, stop func() error, err error) {
	host, _, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return "", nil, fmt.Errorf("--gitlab-addr %s is no address of this machine alone: use 127.0.0.1, as the demo's GitLab has no passwords", addr)
	}
	sim := demoGitLab(seed, s.Now)
	address, stop, err = hostGitLab(sim, addr, loopbackOnly)
	if err != nil {
		address, stop, err = hostGitLab(sim, net.JoinHostPort(host, "0"), loopbackOnly)
	}
	if err != nil {
		return "", nil, fmt.Errorf("%w; choose another address with --gitlab-addr, or leave GitLab out with --no-gitlab", err)
	}
	g := demoTracker(address)
	g.Poll = demoPoll.String()
	maps.DeleteFunc(g.Issues, func(fact workflow.FactName, _ Issues) bool {
		return !slices.Contains(keptIssues(s.Processes), string(fact))
	})
	s.Config.GitLab, s.GitLabToken = g, demoToken
	if err := s.Config.readTemplates(""); err != nil {
		return "", nil, errors.Join(err, stop())
	}
	return address, stop, nil
}

// loopbackOnly answers to loopback names alone: a page elsewhere that rebinds its
// own name to this machine sends that name.
func loopbackOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			http.Error(w, "This answers to its loopback address only.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// hostGitLab serves a GitLab on this machine until it is closed.
func hostGitLab(s *gitlabsim.Server, addr string, around func(http.Handler) http.Handler) (url string, close func() error, err error) {
	url, close, err = hostStandIn(s, addr, s.SetBaseURL, around)
	if err != nil {
		err = fmt.Errorf("start the demo's GitLab: %w", err)
	}
	return url, close, err
}

// hostStandIn serves a stand-in on this machine until it is closed; it is told its
// address first. Around, if it is not nil, is put around what it serves.
func hostStandIn(s http.Handler, addr string, tell func(url string), around func(http.Handler) http.Handler) (url string, close func() error, err error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return "", nil, err
	}
	url = "http://" + listener.Addr().String()
	tell(url)
	if around != nil {
		s = around(s)
	}
	server := &http.Server{Handler: s, ReadHeaderTimeout: 5 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	return url, func() error {
		err := server.Close()
		if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
			err = errors.Join(err, served)
		}
		return err
	}, nil
}

package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"cloudimage/providers/gitlab"
	"cloudimage/workflow"
	"cloudimage/workflow/mirror"
)

// This file is about the issue tracker: how it is configured, and how it is put
// together.

// GitLab says where issues are kept. Without a token nothing of it is used.
type GitLab struct {
	// URL is GitLab's address. Defaults to https://gitlab.com.
	URL string `yaml:"url"`
	// Issues are the issues that are made, by the fact of the process that holds
	// their link: "issue", "marketing-issue". One that is not here is made by people,
	// and followed once they have given its link.
	Issues map[workflow.FactName]Issues `yaml:"issues"`
	// People are the names in GitLab of people here, for who has another address there.
	People map[workflow.UserID]string `yaml:"people"`
	// DocumentationLabels are those of a merge request that is followed because it
	// mentions a run's issue. Defaults to "documentation".
	DocumentationLabels []string `yaml:"documentation_labels"`
	// Poll is how often GitLab is asked what has changed. Defaults to "1m".
	Poll string `yaml:"poll"`
}

// Issues says how issues of one kind are made.
type Issues struct {
	Project string `yaml:"project"` // its path, such as gitlab-org/omnibus-gitlab
	// Title and Template make the title and the text; see docs/gitlab.md for what they
	// can say. Template is a file, relative to the configuration. Both have a default.
	Title    string   `yaml:"title"`
	Template string   `yaml:"template"`
	Labels   []string `yaml:"labels"`
	// Open makes issues that everybody sees who sees the project. Otherwise they are
	// confidential.
	Open      bool   `yaml:"open"`
	Milestone string `yaml:"milestone"` // by its title

	recipe mirror.Recipe
}

// checkGitLab looks at what can be wrong without asking GitLab, and reads the
// templates.
func (c *Config) checkGitLab(dir string) error {
	g := c.GitLab
	if g == nil {
		return nil
	}
	var errs []error
	bad := func(path, format string, args ...any) {
		errs = append(errs, c.source.at("gitlab."+path, format, args...))
	}
	if d, err := time.ParseDuration(g.Poll); g.Poll != "" && (err != nil || d < 10*time.Second || d > time.Hour) {
		bad("poll", "%q is no time to wait between 10s and 1h; write it as 1m", g.Poll)
	}
	for _, who := range slices.Sorted(maps.Keys(g.People)) {
		if name, err := workflow.CheckHandle(g.People[who]); err != nil {
			bad("people."+string(who), "%q is no name in GitLab; write it as in the address of the profile, such as omar_k", g.People[who])
		} else {
			g.People[who] = name
		}
	}
	return errors.Join(append(errs, c.readTemplates(dir))...)
}

// readTemplates makes what issues are made by. Their files are relative to dir.
func (c *Config) readTemplates(dir string) error {
	g := c.GitLab
	var errs []error
	bad := func(path, format string, args ...any) {
		errs = append(errs, c.source.at("gitlab."+path, format, args...))
	}
	for _, fact := range slices.Sorted(maps.Keys(g.Issues)) {
		is, path := g.Issues[fact], "issues."+string(fact)
		if is.Project == "" || strings.ContainsAny(is.Project, " \t") {
			bad(path+".project", "say in which project these issues are made, by its path, such as gitlab-org/omnibus-gitlab")
		}
		text := ""
		if is.Template != "" {
			file := is.Template
			if !filepath.IsAbs(file) {
				file = filepath.Join(dir, file)
			}
			raw, err := os.ReadFile(file)
			if err != nil {
				bad(path+".template", "the template cannot be read: %v", err)
				continue
			}
			text = string(raw)
		}
		track := workflow.TrackRelated
		if fact == workflow.FactIssue {
			track = workflow.TrackIssue
		}
		templates, err := mirror.ParseTemplates(track, is.Title, text)
		if err != nil {
			bad(path, "%v", err)
		}
		is.recipe = mirror.Recipe{Project: is.Project, Templates: templates, Labels: is.Labels, Open: is.Open, Milestone: is.Milestone}
		g.Issues[fact] = is
	}
	return errors.Join(errs...)
}

// checkIssues refuses issues that no process keeps.
func (c *Config) checkIssues(processes []*workflow.Definition) error {
	if c.GitLab == nil {
		return nil
	}
	known := keptIssues(processes)
	var errs []error
	for _, fact := range slices.Sorted(maps.Keys(c.GitLab.Issues)) {
		if !slices.Contains(known, string(fact)) {
			errs = append(errs, c.source.at("gitlab.issues."+string(fact), "no process keeps such an issue; those there are: %s", strings.Join(known, ", ")))
		}
	}
	return errors.Join(errs...)
}

// keptIssues are the facts of the processes that hold issues.
func keptIssues(processes []*workflow.Definition) (out []string) {
	for _, p := range processes {
		for _, t := range p.Trackings() {
			if t.Track != workflow.TrackMerge && !slices.Contains(out, string(t.Fact)) {
				out = append(out, string(t.Fact))
			}
		}
	}
	return out
}

// noToken says that there is nothing to use GitLab with.
func (c Config) noToken() error {
	return c.source.at("gitlab", "GitLab is configured and there is no token for it; set GITLAB_TOKEN to a token with the scope api, or take this out")
}

// newTracker makes the client of the issue tracker; nil when there is no token.
func newTracker(s Settings, registry *prometheus.Registry) (*gitlab.Client, error) {
	if s.GitLabToken == "" {
		if s.Config.GitLab != nil {
			return nil, s.Config.noToken()
		}
		return nil, nil
	}
	calls := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "cloudimage_gitlab_calls_seconds", Help: "How long calls to GitLab took, by route and status; status 0 for no answer.",
		Buckets: []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 30},
	}, []string{"method", "route", "status"})
	registry.MustRegister(calls)
	url := ""
	if s.Config.GitLab != nil {
		url = s.Config.GitLab.URL
	}
	client, err := gitlab.New(gitlab.Options{
		URL: url, Token: s.GitLabToken, UserAgent: "cloudimage/" + version(), Now: s.Now, Logger: s.Logger,
		OnCall: func(method, route string, status int, took time.Duration) {
			calls.WithLabelValues(method, route, fmt.Sprint(status)).Observe(took.Seconds())
		},
	})
	if err != nil {
		return nil, fmt.Errorf("GitLab cannot be used: %w", err)
	}
	return client, nil
}

// trackerName is what people call the issue tracker; empty for none.
func trackerName(tracker *gitlab.Client) string {
	if tracker == nil {
		return ""
	}
	return "GitLab"
}

// newMirror makes what keeps issues in step, and makes documents; nil when neither is
// configured.
func newMirror(s Settings, tracker *gitlab.Client, book mirror.Book, service *workflow.Service) (*mirror.Service, error) {
	documents, err := newDocuments(s)
	if err != nil || tracker == nil && documents == nil {
		return nil, err
	}
	o := mirror.Options{Documents: documents, Book: book, Service: service, Recipes: map[workflow.FactName]mirror.Recipe{}, Now: s.Now, Logger: s.Logger}
	if g := s.Config.GitLab; g != nil {
		o.Handles, o.Labels = g.People, g.DocumentationLabels
		o.Poll, _ = time.ParseDuration(g.Poll) // which was checked
		for fact, is := range g.Issues {
			o.Recipes[fact] = is.recipe
		}
	}
	if tracker != nil {
		o.Tracker = tracker
	}
	return mirror.New(o), nil
}

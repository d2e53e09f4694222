package releases

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"cloudimage/workflow"
	"cloudimage/workflow/maintenance"
)

// DefaultVersionService is where GitLab's version service is.
const DefaultVersionService = "https://version.gitlab.com/check.json"

// OpinionsOptions are what [Opinions] are made with.
type OpinionsOptions struct {
	// URL is the address of the version service. Defaults to [DefaultVersionService].
	URL string
	// Referer is the header of that name, for a service that wants to know which
	// installation asks. Empty sends none.
	Referer string
	Web     Web
}

// Opinions asks the version service, as an installation of GitLab does
// (lib/gitlab/version in its source; it is not documented for others, so what it
// says is a second opinion). Safe for concurrent use.
type Opinions struct {
	fetch   *fetcher
	at      *url.URL
	referer string
}

var _ maintenance.Opinions = (*Opinions)(nil)

var opinionLimit = limit{wire: 64 << 10, unpacked: 64 << 10}

const sourceOpinions = "the version service"

// NewOpinions returns a reader. It asks nothing; what cannot be right is an error.
func NewOpinions(o OpinionsOptions) (*Opinions, error) {
	f, err := newFetcher(sourceOpinions, o.Web, opinionLimit)
	if err != nil {
		return nil, err
	}
	at, err := parseAddress(sourceOpinions, cmp.Or(o.URL, DefaultVersionService))
	if err != nil {
		return nil, err
	}
	if validator(http.Header{"Referer": {o.Referer}}, "Referer") != o.Referer {
		return nil, errors.New("the Referer for the version service is too long, or has characters that no header has")
	}
	return &Opinions{fetch: f, at: at, referer: o.Referer}, nil
}

// Opinion implements [maintenance.Opinions]. It asks with the version of the
// product, whatever its rebuild.
func (o *Opinions) Opinion(ctx context.Context, of workflow.Version) (workflow.Opinion, error) {
	if of.IsZero() {
		return workflow.Opinion{}, &Error{Source: sourceOpinions, Err: errors.New("it is asked about no version")}
	}
	info, err := json.Marshal(map[string]string{"version": of.First().String()})
	if err != nil {
		return workflow.Opinion{}, &Error{Source: sourceOpinions, Err: err}
	}
	at := *o.at
	query := at.Query()
	query.Set("gitlab_info", base64.URLEncoding.EncodeToString(info))
	at.RawQuery = query.Encode()
	header := http.Header{"Accept": {"application/json"}}
	if o.referer != "" {
		header.Set("Referer", o.referer)
	}
	out := workflow.Opinion{Of: of}
	err = o.fetch.get(ctx, &at, header, func(resp *http.Response, body io.Reader) error {
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("it answers %d, which was not asked for", resp.StatusCode)
		}
		text, err := io.ReadAll(body)
		if err != nil {
			return err
		}
		return readOpinion(text, &out)
	})
	if err != nil {
		return workflow.Opinion{}, err
	}
	return out, nil
}

// readOpinion reads an answer:
//
//	{"latest_stable_versions": ["17.2.2", "17.1.4", "17.0.6"], "latest_stable_version_of_minor": "16.1.7",
//	 "latest_version": "17.2.2", "severity": "danger", "critical_vulnerability": false, "details": ""}
func readOpinion(text []byte, into *workflow.Opinion) error {
	var said struct {
		Latest   string   `json:"latest_version"`
		Stable   []string `json:"latest_stable_versions"`
		Severity *string  `json:"severity"`
		Critical bool     `json:"critical_vulnerability"`
	}
	if err := json.Unmarshal(text, &said); err != nil {
		return errors.New("its answer is not the JSON that it has been so far")
	}
	if said.Severity == nil {
		return errors.New("it does not say how the version stands")
	}
	switch s := workflow.Standing(*said.Severity); s {
	case workflow.StandingCurrent, workflow.StandingBehind, workflow.StandingInDanger:
		into.Standing = s
	default:
		return fmt.Errorf("it says that the version stands at %q, of which nothing is known", short(*said.Severity))
	}
	into.Critical = said.Critical
	if said.Latest != "" {
		v, ok := plainVersion(said.Latest)
		if !ok {
			return fmt.Errorf("it says that the newest version is %q, which is none", short(said.Latest))
		}
		into.Latest = v
		return nil
	}
	for _, s := range said.Stable {
		if v, ok := plainVersion(s); ok && v.Compare(into.Latest) > 0 {
			into.Latest = v
		}
	}
	if into.Latest.IsZero() {
		return errors.New("it does not say which version is the newest")
	}
	return nil
}

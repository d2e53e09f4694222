package gitlabsim

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// userBasic is somebody as he appears in everything (API::Entities::UserBasic).
type userBasic struct {
	ID          UserID   `json:"id"`
	Username    string   `json:"username"`
	PublicEmail nullable `json:"public_email"`
	Name        string   `json:"name"`
	State       string   `json:"state"`
	Locked      bool     `json:"locked"`
	AvatarURL   nullable `json:"avatar_url"`
	WebURL      string   `json:"web_url"`
}

func (s *Server) basic(u *user) *userBasic {
	if u == nil {
		return nil
	}
	return &userBasic{ID: u.id, Username: u.username, Name: u.name, State: u.state, WebURL: s.baseURL() + "/" + u.username}
}

func (s *Server) basics(users []*user) []*userBasic {
	out := make([]*userBasic, 0, len(users))
	for _, u := range users {
		out = append(out, s.basic(u))
	}
	return out
}

// userFull is somebody's page.
type userFull struct {
	userBasic
	CreatedAt   *moment `json:"created_at,omitempty"`
	Bio         string  `json:"bio"`
	Location    string  `json:"location"`
	Website     string  `json:"website_url"`
	JobTitle    string  `json:"job_title"`
	Bot         bool    `json:"bot"`
	Email       string  `json:"email,omitempty"` // of oneself, and to administrators
	CommitEmail string  `json:"commit_email,omitempty"`
	IsAdmin     *bool   `json:"is_admin,omitempty"` // to administrators
	External    *bool   `json:"external,omitempty"`
}

func (s *Server) fullUser(u, reader *user) userFull {
	created := moment(u.created)
	out := userFull{userBasic: *s.basic(u), CreatedAt: &created, Bot: u.bot}
	if u == reader || reader != nil && reader.admin {
		out.Email, out.CommitEmail = u.email, u.email
		external := false
		out.External = &external
	}
	if reader != nil && reader.admin {
		out.IsAdmin = &u.admin
	}
	return out
}

func getSelf(q *request) (any, error) { return q.s.fullUser(q.user, q.user), nil }

func getUser(q *request) (any, error) {
	id, _, err := asInteger("id", q.path["user_id"])
	if err != nil {
		return nil, err
	}
	u := q.s.state.userByID[UserID(id)]
	if u == nil {
		return nil, notFound("User")
	}
	return q.s.fullUser(u, q.user), nil
}

// listUsers finds people. A username must be all of it, in any case; a search
// looks into names and usernames, and for a whole e-mail address.
func listUsers(q *request) (any, error) {
	username, err := q.params.str("username")
	if err != nil {
		return nil, err
	}
	search, err := q.params.str("search")
	if err != nil {
		return nil, err
	}
	activeOnly, _, err := q.params.boolean("active")
	if err != nil {
		return nil, err
	}
	search = strings.ToLower(search)
	var found []*user
	for _, u := range q.s.state.users {
		if username != "" && !strings.EqualFold(u.username, username) || activeOnly && !u.active() {
			continue
		}
		if search != "" && !strings.Contains(strings.ToLower(u.name), search) && !strings.Contains(strings.ToLower(u.username), search) && !strings.EqualFold(u.email, search) {
			continue
		}
		found = append(found, u)
	}
	slices.SortFunc(found, func(a, b *user) int { return cmp.Compare(b.id, a.id) })
	page, err := paginate(q, found)
	if err != nil {
		return nil, err
	}
	if q.user.admin {
		out := make([]userFull, 0, len(page))
		for _, u := range page {
			out = append(out, q.s.fullUser(u, q.user))
		}
		return out, nil
	}
	return q.s.basics(page), nil
}

// ownToken is a personal access token without its secret.
type ownToken struct {
	ID          int64    `json:"id"`
	Name        string   `json:"name"`
	Revoked     bool     `json:"revoked"`
	CreatedAt   moment   `json:"created_at"`
	Description nullable `json:"description"`
	Scopes      []string `json:"scopes"`
	UserID      UserID   `json:"user_id"`
	LastUsedAt  moment   `json:"last_used_at"`
	Active      bool     `json:"active"`
	ExpiresAt   nullable `json:"expires_at"`
}

func getOwnToken(q *request) (any, error) {
	t := q.token
	return ownToken{ID: t.id, Name: t.name, Revoked: t.revoked, CreatedAt: moment(t.created), Scopes: t.scopes, UserID: t.user.id,
		LastUsedAt: moment(t.lastUsed), Active: !t.revoked && !t.expired(q.s.now()), ExpiresAt: nullable(t.expires)}, nil
}

type version struct {
	Version  string `json:"version"`
	Revision string `json:"revision"`
}

const revision = "51b1a7e5171"

func getVersion(q *request) (any, error) {
	return version{q.s.opts.Version, revision}, nil
}

func getMetadata(q *request) (any, error) {
	return struct {
		version
		KAS struct {
			Enabled     bool    `json:"enabled"`
			ExternalURL *string `json:"externalUrl"`
			ProxyURL    *string `json:"externalK8sProxyUrl"`
			Version     *string `json:"version"`
		} `json:"kas"`
		Enterprise bool `json:"enterprise"`
	}{version: version{q.s.opts.Version, revision}, Enterprise: q.s.opts.Premium}, nil
}

// member is somebody with his role (API::Entities::Member).
type member struct {
	userBasic
	AccessLevel Access     `json:"access_level"`
	CreatedAt   moment     `json:"created_at"`
	ExpiresAt   *string    `json:"expires_at"`
	CreatedBy   *userBasic `json:"created_by,omitempty"`
	State       string     `json:"membership_state"`
}

func getMember(q *request) (any, error) {
	p, err := q.project()
	if err != nil {
		return nil, err
	}
	id, _, err := asInteger("user_id", q.path["user_id"])
	if err != nil {
		return nil, err
	}
	u := q.s.state.userByID[UserID(id)]
	if u == nil || p.access(u) == NoAccess {
		return nil, noRecord()
	}
	return member{userBasic: *q.s.basic(u), AccessLevel: p.access(u), CreatedAt: moment(p.created), State: "active"}, nil
}

// day reads a date; "" and what is none are the zero time.
func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}
	}
	return t
}

// admin refuses what only administrators may do.
func (q *request) admin() error {
	if q.user == nil || !q.user.admin {
		return forbidden()
	}
	return nil
}

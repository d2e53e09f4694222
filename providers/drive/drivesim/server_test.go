package drivesim_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/oauth2/jwt"

	"cloudimage/providers/drive/drivesim"
)

const drive = "https://www.googleapis.com/auth/drive"

var (
	template = drivesim.ID("template")
	mine     = drivesim.ID("in a My Drive")
)

func start(t *testing.T) *drivesim.Server {
	t.Helper()
	server, err := drivesim.Start(drivesim.Options{Files: []drivesim.File{
		{ID: template, Name: "Template", Text: "Goals", SharedDrive: "shared"},
		{ID: mine, Name: "Mine", AppProperties: map[string]string{"k": "v"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// config is the server's key, as Google's library takes it.
func config(t *testing.T, server *drivesim.Server, scopes ...string) *jwt.Config {
	t.Helper()
	var key map[string]string
	if err := json.Unmarshal(server.Key(), &key); err != nil {
		t.Fatal(err)
	}
	return &jwt.Config{Email: key["client_email"], PrivateKey: []byte(key["private_key"]), PrivateKeyID: key["private_key_id"], TokenURL: key["token_uri"], Scopes: scopes}
}

// TestTokens holds that the token endpoint checks what it is given.
func TestTokens(t *testing.T) {
	t.Parallel()
	server, other := start(t), start(t)
	for _, c := range []struct {
		name   string
		change func(*jwt.Config)
		want   string // in the answer; empty for a token
	}{
		{"all is well", func(*jwt.Config) {}, ""},
		{"two scopes", func(c *jwt.Config) { c.Scopes = []string{drive, drive + ".file"} }, ""},
		{"without the id of the key", func(c *jwt.Config) { c.PrivateKeyID = "" }, ""},
		{"another key", func(c *jwt.Config) { c.PrivateKey = config(t, other).PrivateKey }, `"Invalid JWT Signature."`},
		{"another id of a key", func(c *jwt.Config) { c.PrivateKeyID = "x" }, `"Invalid JWT Signature."`},
		{"another account", func(c *jwt.Config) { c.Email = "x@y" }, `"Invalid grant: account not found"`},
		{"in somebody's name", func(c *jwt.Config) { c.Subject = "ana@example.com" }, `"unauthorized_client"`},
		{"for somebody else", func(c *jwt.Config) { c.Audience = "https://example.com" }, `Failed audience check`},
		{"for a day", func(c *jwt.Config) { c.Expires = 24 * 3600e9 }, `Token must be a short-lived token (60 minutes)`},
		{"no scope", func(c *jwt.Config) { c.Scopes = nil }, `"invalid_scope"`},
		{"no scope of Google's", func(c *jwt.Config) { c.Scopes = []string{"drive"} }, `"invalid_scope"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cfg := config(t, server, drive)
			c.change(cfg)
			token, err := cfg.TokenSource(t.Context()).Token()
			if c.want == "" && (err != nil || !strings.HasPrefix(token.AccessToken, "ya29.") || token.TokenType != "Bearer") {
				t.Errorf("%v, want a token", err)
			}
			if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
	for _, form := range []url.Values{{}, {"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {"a.b"}}} {
		if status, body := ask(t.Context(), t, http.DefaultClient, http.MethodPost, server.URL()+"/token", form.Encode()); status != http.StatusBadRequest || !strings.Contains(body, `"error"`) {
			t.Errorf("%v: %d %s", form, status, body)
		}
	}
}

// TestMethods compares answers with those of Google's documentation.
func TestMethods(t *testing.T) {
	t.Parallel()
	server := start(t)
	const everywhere = "supportsAllDrives=true&includeItemsFromAllDrives=true&"
	q := func(query string) string {
		return "files?" + everywhere + "fields=files(id)&q=" + url.QueryEscape(query)
	}
	for _, c := range []struct {
		name, scope, path, body string
		status                  int
		want                    string
	}{
		{"a file", drive, "files/" + template + "?supportsAllDrives=true", "", 200, `{"id":"` + template + `","kind":"drive#file","mimeType":"application/vnd.google-apps.document","name":"Template"}`},
		{"some of a file", drive + ".metadata.readonly", "files/" + template + "?supportsAllDrives=true&fields=driveId,capabilities(canCopy)", "", 200, `{"capabilities":{"canCopy":true},"driveId":"shared"}`},
		{"the same in other words", drive, "files/" + template + "?supportsAllDrives=true&fields=driveId,capabilities/canCopy", "", 200, `{"capabilities":{"canCopy":true},"driveId":"shared"}`},
		{"fields that are none", drive, "files/" + template + "?supportsAllDrives=true&fields=id)", "", 400, `"reason":"invalidParameter"`},
		{"a shared drive that was not asked for", drive, "files/" + template, "", 404, `{"error":{"code":404,"errors":[{"message":"File not found: ` + template + `.","domain":"global","reason":"notFound","location":"fileId","locationType":"parameter"}],"message":"File not found: ` + template + `."}}`},
		{"no file", drive, "files/nothing", "", 404, `"reason":"notFound"`},
		{"a scope that does not reach it", drive + ".file", "files/" + mine, "", 403, `"reason":"insufficientPermissions"`},
		{"all files", drive, "files?" + everywhere, "", 200, `{"files":[{"id":"` + mine + `","kind":"drive#file",`},
		{"all files but those of shared drives", drive, "files?fields=files(id)", "", 200, `{"files":[{"id":"` + mine + `"}]}`},
		{"a property", drive, q("appProperties has { key='k' and value='v' } and trashed = false"), "", 200, `{"files":[{"id":"` + mine + `"}]}`},
		{"a property of another value", drive, q("appProperties has { key='k' and value='w' }"), "", 200, `{"files":[]}`},
		{"the trash", drive, q("trashed=true"), "", 200, `{"files":[]}`},
		{"a kind", drive, q("mimeType = 'application/vnd.google-apps.folder'"), "", 200, `{"files":[]}`},
		{"a folder's", drive, q("'x' in parents"), "", 200, `{"files":[]}`},
		{"a query that is none", drive, q("trashed = false or trashed = true"), "", 400, `"location":"q"`},
		{"a query that breaks off", drive, q("trashed = false and "), "", 400, `"location":"q"`},
		{"a value that breaks out", drive, q("appProperties has { key='k' and value='v' or trashed = true' }"), "", 400, `"location":"q"`},
		{"a page", drive, "files?pageSize=1&fields=nextPageToken&" + everywhere, "", 200, `{"nextPageToken":"~!!~1"}`},
		{"an order that is none", drive, "files?orderBy=size", "", 400, `"location":"orderBy"`},
		{"a copy without a place", drive, "files/" + template + "/copy?supportsAllDrives=true&fields=name,driveId", `{}`, 200, `{"driveId":"shared","name":"Copy of Template"}`},
		{"a copy in a My Drive", drive, "files/" + mine + "/copy", `{}`, 403, `"reason":"storageQuotaExceeded"`},
		{"a copy with a scope to read", drive + ".readonly", "files/" + template + "/copy?supportsAllDrives=true", `{}`, 403, `"reason":"insufficientPermissions"`},
		{"a copy to nowhere", drive, "files/" + template + "/copy?supportsAllDrives=true", `{"parents":["x"]}`, 404, `File not found: x.`},
		{"a copy to a document", drive, "files/" + template + "/copy?supportsAllDrives=true", `{"parents":["` + template + `"]}`, 403, `"reason":"insufficientParentPermissions"`},
		{"a copy with a long property", drive, "files/" + template + "/copy?supportsAllDrives=true", `{"appProperties":{"k":"` + strings.Repeat("v", 124) + `"}}`, 403, `"reason":"propertyLimitExceeded"`},
		{"a copy of something else", drive, "files/" + template + "/copy?supportsAllDrives=true", `{"titel":"x"}`, 400, `"reason":"parseError"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			method := http.MethodGet
			if c.body != "" {
				method = http.MethodPost
			}
			status, body := ask(t.Context(), t, config(t, server, c.scope).Client(t.Context()), method, server.Endpoint()+c.path, c.body)
			if status != c.status || !strings.Contains(body, c.want) {
				t.Errorf("%d %s\nwant %d %s", status, body, c.status, c.want)
			}
		})
	}
	if status, body := ask(t.Context(), t, http.DefaultClient, http.MethodGet, server.Endpoint()+"files/"+mine, ""); status != http.StatusUnauthorized || !strings.Contains(body, `"reason":"authError"`) {
		t.Errorf("without a token: %d %s", status, body)
	}
	if status, body := ask(t.Context(), t, http.DefaultClient, http.MethodGet, server.URL()+"/document/d/"+template+"/edit", ""); status != http.StatusOK || !strings.Contains(body, "<h1>Template</h1>") {
		t.Errorf("the page: %d %s", status, body)
	}
	if status, _ := ask(t.Context(), t, http.DefaultClient, http.MethodGet, server.URL()+"/document/d/nothing/edit", ""); status != http.StatusNotFound {
		t.Errorf("no page: %d", status)
	}
}

func ask(ctx context.Context, t *testing.T, client *http.Client, method, address, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(address, "/token") {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	out, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, strings.TrimSpace(string(out))
}

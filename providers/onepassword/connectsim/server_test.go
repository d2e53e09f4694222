package connectsim_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"cloudimage/providers/onepassword/connectsim"
)

// TestAnswers compares answers with what 1Password's description of the API
// has as examples.
func TestAnswers(t *testing.T) {
	t.Parallel()
	server, err := connectsim.Start(connectsim.Options{Token: "t", Vaults: []connectsim.Vault{
		{Name: "Demo Vault", Items: []connectsim.Item{{Title: `An "item"`, Fields: []connectsim.Field{{Label: "f", Value: "v", Section: "s"}}, Files: []connectsim.File{{Name: "foo.txt", Content: "content"}}}}},
		{Name: "Closed", OutOfScope: true},
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	open, closed := connectsim.ID("vault", "Demo Vault"), connectsim.ID("vault", "Closed")
	item := connectsim.ID("item", open, `An "item"`)
	file := connectsim.ID("file", item, "", "foo.txt")
	for _, c := range []struct {
		name, path, token string
		status            int
		want              string
	}{
		{"heartbeat", "/heartbeat", "", 200, "."},
		{"health", "/health", "", 200, `"name":"1Password Connect API"`},
		{"no token", "/v1/vaults", "", 401, `{"status":401,"message":"Invalid token signature"}`},
		{"another token", "/v1/vaults/" + open, "x", 401, `{"status":401,"message":"Invalid token signature"}`},
		{"vaults", "/v1/vaults", "t", 200, `[{"id":"` + open + `","name":"Demo Vault","items":1,`},
		{"vaults of a name", "/v1/vaults?filter=" + url.QueryEscape(`name eq "Demo Vault"`), "t", 200, `[{"id":"` + open},
		{"vaults, as the client asks", "/v1/vaults?filter=" + url.QueryEscape(`title eq "Demo Vault"`), "t", 200, `[{"id":"` + open},
		{"vaults of no name", "/v1/vaults?filter=" + url.QueryEscape(`name eq "demo vault"`), "t", 200, `[]`},
		{"vaults that are closed", "/v1/vaults?filter=" + url.QueryEscape(`name eq "Closed"`), "t", 200, `[]`},
		{"a filter that is none", "/v1/vaults?filter=" + url.QueryEscape(`name co "Demo"`), "t", 400, `{"status":400,`},
		{"a vault", "/v1/vaults/" + open, "t", 200, `{"id":"` + open},
		{"no vault", "/v1/vaults/nothing", "t", 404, `{"status":404,"message":"vault nothing not found"}`},
		{"a closed vault", "/v1/vaults/" + closed + "/items", "t", 403, `{"status":403,"message":"vault ` + closed + ` is not in scope"}`},
		{"items", "/v1/vaults/" + open + "/items", "t", 200, `[{"id":"` + item + `","title":"An \"item\"","vault":{"id":"` + open + `"},"category":"API_CREDENTIAL"`},
		{"items of a title", "/v1/vaults/" + open + "/items?filter=" + url.QueryEscape(`title eq "An \"item\""`), "t", 200, `[{"id":"` + item},
		{"items of no title", "/v1/vaults/" + open + "/items?filter=" + url.QueryEscape(`title eq "an item"`), "t", 200, `[]`},
		{"an item", "/v1/vaults/" + open + "/items/" + item, "t", 200, `"fields":[{"id":`},
		{"no item", "/v1/vaults/" + open + "/items/nothing", "t", 404, `{"status":404,"message":"item nothing not found"}`},
		{"files", "/v1/vaults/" + open + "/items/" + item + "/files", "t", 200, `[{"id":"` + file + `","name":"foo.txt","size":7,"content_path":"v1/vaults/` + open},
		{"a file", "/v1/vaults/" + open + "/items/" + item + "/files/" + file + "/content", "t", 200, "content"},
		{"no file", "/v1/vaults/" + open + "/items/" + item + "/files/nothing/content", "t", 404, `{"status":404,"message":"file nothing not found"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL()+c.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if c.token != "" {
				req.Header.Set("Authorization", "Bearer "+c.token)
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimSpace(string(body)); resp.StatusCode != c.status || !strings.Contains(got, c.want) {
				t.Errorf("%d %s\nwant %d %s", resp.StatusCode, got, c.status, c.want)
			}
			if strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") && !json.Valid(body) {
				t.Errorf("this is no JSON: %s", body)
			}
		})
	}
}

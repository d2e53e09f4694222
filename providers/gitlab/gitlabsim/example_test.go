package gitlabsim_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"cloudimage/providers/gitlab/gitlabsim"
)

func Example() {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	gitlab := gitlabsim.New(gitlabsim.Options{Now: func() time.Time { return now }})
	gitlab.Add(gitlabsim.Seed{
		Users:    []gitlabsim.User{{Username: "maya"}, {Username: "bot", Bot: true}},
		Projects: []gitlabsim.Project{{Path: "cloud/images"}},
		Members:  []gitlabsim.Member{{Path: "cloud/images", User: "maya", Access: gitlabsim.Developer}, {Path: "cloud/images", User: "bot", Access: gitlabsim.Reporter}},
		Tokens:   []gitlabsim.Token{{Secret: "secret", User: "bot", Scopes: []string{"read_api"}}},
	})
	srv := httptest.NewServer(gitlab)
	defer srv.Close()

	issue, err := gitlab.As("bot").CreateIssue("cloud/images", "Azure", "- [ ] Sign-off\n")
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := gitlab.As("maya").Tick(issue, "Sign-off"); err != nil {
		fmt.Println(err)
		return
	}
	v, _ := gitlab.View(issue)
	fmt.Println(v.Notes[0].Author, v.Notes[0].Body)

	gitlab.FailNext(1, "GET", "/projects/*", gitlabsim.Fault{RetryAfter: time.Minute})
	for range 2 {
		r, err := http.NewRequest("GET", srv.URL+"/api/v4/projects/cloud%2Fimages", nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		r.Header.Set("PRIVATE-TOKEN", "secret")
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			fmt.Println(err)
			return
		}
		io.Copy(io.Discard, res.Body)
		res.Body.Close()
		fmt.Println(res.StatusCode, len(res.Header["Retry-After"]))
	}
	fmt.Println(len(gitlab.Calls("GET", "/projects/**")), "calls")
	// Output:
	// maya marked the checklist item **Sign\-off** as completed
	// 429 1
	// 200 0
	// 2 calls
}

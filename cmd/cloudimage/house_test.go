package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// This file holds the house together: who may import what, and why. A change of
// the house begins with a change of these two tables, and docs/design.md tells
// the same in pictures.

// room is a package, and what of ours it may import.
type room struct {
	name  string   // below the module; "x/..." is x and all below it
	ours  []string // packages of ours, in the same form
	tests []string // and these in its tests
	why   string
}

var rooms = []room{
	{"workflow", nil, nil,
		"the domain is pure: it says what it needs as interfaces, and others come to it"},
	{"workflow/calendar", nil, nil,
		"business days are of use to anybody, and know nothing of partners"},
	{"workflow/process", []string{"workflow"}, nil,
		"a loader makes definitions and knows nothing of what becomes of them"},
	{"workflow/listingfile", []string{"workflow"}, nil,
		"a file of listings becomes values, whoever brings it and whatever is done with them"},
	{"workflow/reminder", []string{"workflow"}, []string{"workflow/..."},
		"who is told what, and when, is decided without knowing how it is kept or how it looks"},
	{"workflow/mirror", []string{"workflow"}, []string{"workflow/..."},
		"what an issue says, and what becomes of what people do to it, is decided without knowing whose issues they are"},
	{"workflow/maintenance", []string{"workflow"}, []string{"workflow/..."},
		"what is behind, and what a release is, is decided without knowing where releases are read or how listings are kept"},
	{"workflow/images", []string{"workflow", "guest"}, []string{"workflow/...", "guest/..."},
		"how an image is made and published, and what becomes of a call that fails, is decided without knowing whose cloud it is or how builds are kept"},
	{"workflow/store", []string{"workflow", "checkup", "workflow/images"}, []string{"workflow/..."},
		"what is kept must not depend on who asks or how a file is read: the parser is handed in"},
	{"commands", []string{"workflow", "workflow/images", "workflow/maintenance"}, []string{"workflow/..."},
		"a verb is the same whoever asks and wherever it is kept"},
	{"bot/view", []string{"commands", "workflow", "workflow/images", "workflow/reminder"}, []string{"slackdev/blockkit", "workflow/..."},
		"a drawing is a pure function of what it shows, so that it can be compared with what is shown"},
	{"bot", []string{"bot/view", "checkup", "commands", "workflow", "workflow/images", "workflow/reminder", "workflow/store"}, []string{"slackdev/...", "workflow/..."},
		"changes go through commands; the store is here for the publisher, which notes what is shown, and the reminders for what it then says"},
	{"providers/gitlab", []string{"checkup", "workflow/mirror"}, []string{"providers/gitlab/...", "workflow/mirror"},
		"an issue tracker is one way of keeping issues: it knows what is asked of it, and neither runs nor who keeps them"},
	{"providers/releases", []string{"checkup", "workflow", "workflow/maintenance"}, []string{"providers/releases/...", "workflow/..."},
		"what sources say of a release is read here and judged elsewhere"},
	{"providers/releases/releasesim", nil, nil,
		"a stand-in of the sources is made from what their owners publish, and knows nothing of who asks"},
	{"providers/onepassword/connectsim", nil, nil,
		"a stand-in of 1Password is made from its documents, and knows nothing of who asks"},
	{"providers/onepassword", nil, []string{"providers/onepassword/..."},
		"where secrets are is of no interest to the domain, and what they are for is none to it"},
	{"providers/clouds", []string{"workflow/images"}, nil,
		"what every cloud needs is said once, by who knows none of them"},
	{"providers/conformance", []string{"guest", "workflow", "workflow/calendar", "workflow/images", "workflow/process", "workflow/store"}, nil,
		"what is asked of every cloud is asked of each in the same way, by a suite that knows none of them"},
	{"providers/byhand", []string{"guest", "providers/clouds", "workflow", "workflow/images"}, []string{"providers/conformance"},
		"people are one way of making images, and are asked as a cloud is"},
	{"providers/azure", []string{"checkup", "guest", "providers/azure/partnercenter", "providers/clouds", "workflow", "workflow/images"}, []string{"providers/azure/...", "providers/conformance", "guest/...", "workflow/..."},
		"a cloud is one way of making images: it knows what is asked of it, and neither who asks nor what is done next"},
	{"providers/azure/partnercenter", []string{"providers/clouds", "workflow", "workflow/images"}, []string{"providers/azure/azuresim/...", "workflow/..."},
		"offers change in one way, whatever their images are made in"},
	{"providers/azure/azuresim", nil, nil,
		"a stand-in that knew the product would forgive it what Azure does not"},
	{"providers/azure/azuresim/ingestsim", nil, nil,
		"a stand-in that knew the product would forgive it what Partner Center does not"},
	{"providers/aws", []string{"checkup", "guest", "providers/clouds", "workflow", "workflow/images"}, []string{"providers/aws/...", "providers/conformance", "guest/...", "workflow/..."},
		"a cloud is one way of making images: it knows what is asked of it, and neither who asks nor what is done next"},
	{"providers/aws/awssim", nil, nil,
		"a stand-in that knew the product would forgive it what AWS does not"},
	{"guest", nil, []string{"guest/..."},
		"what runs in a machine is the same in every cloud, and knows of none"},
	{"guest/guestsim", []string{"guest"}, []string{"guest/..."},
		"a stand-in of machines reads the scripts that they are given"},
	{"chart", nil, nil,
		"a picture is drawn of names and figures, whatever they are of, and whoever shows it"},
	{"checkup", nil, nil,
		"what is found out about a system is said in one way, by whoever knows that system"},
	{"providers/drive/drivesim", nil, nil,
		"a stand-in of Google Drive is made from its documents, and knows nothing of who asks"},
	{"providers/drive", nil, []string{"providers/drive/..."},
		"a document is made for a key and a title, whatever they are of"},
	{"slackdev/browsertest", nil, nil,
		"a browser is started and watched in one way, whatever page it looks at"},
	{"slackdev/clock", []string{"slackdev/moment"}, nil,
		"time is moved, and what is due is done on the way, in any workspace"},
	{"slackdev/inspector", nil, nil,
		"what belongs to what is found out from what is told, in any workspace"},
	{"slackdev/socketmode", nil, nil,
		"which socket gets an envelope, and whose ack counts, is so whatever is in it and whoever sends it"},
	{"slackdev/surface", nil, nil,
		"what is on a surface, and what is read there, is so in any workspace: names and the time are handed in"},
	{"slackdev/...", []string{"slackdev/..."}, nil,
		"a stand-in that knew the product would forgive it what Slack does not"},
	{"providers/gitlab/gitlabsim", nil, []string{"providers/gitlab/openapi"},
		"a stand-in that knew the product would forgive it what GitLab does not; its answers are held to what GitLab publishes"},
	{"providers/gitlab/openapi", nil, nil,
		"what GitLab publishes is so whoever calls it"},
	{"cmd/slackdev", []string{"slackdev"}, nil,
		"the stand-in alone is of use to who has another app, and must not need ours"},
	{"cmd/cloudimage", []string{"..."}, nil,
		"the assembly is where everything meets"},
}

// library is a package of others that only some rooms may import.
type library struct {
	path  string // the package and all below it
	rooms []string
	tests []string // and these in their tests
	why   string
}

var libraries = []library{
	{"github.com/slack-go/slack", []string{"bot", "bot/view"}, []string{"bot/...", "slackdev/...", "cmd/cloudimage", "cmd/slackdev"},
		"Slack has one door, so that what it changes is changed here in one place; the stand-in is tested with the client, not made from it"},
	{"github.com/gorilla/websocket", []string{"bot", "slackdev/socketmode"}, []string{"bot", "slackdev", "slackdev/socketmode"},
		"a socket has two ends, and each has one keeper"},
	{"gitlab.com/gitlab-org/api/client-go", []string{"providers/gitlab"}, []string{"providers/gitlab"},
		"GitLab has one door, so that what it changes is changed here in one place"},
	{"github.com/aws", []string{"providers/aws"}, []string{"providers/aws/..."},
		"AWS has one door, and its library is large"},
	{"github.com/Azure", []string{"providers/azure", "providers/azure/azuresim"}, []string{"providers/azure/..."},
		"Azure has one door, and its library is large; the stand-in answers through the library's own servers, so that it cannot misspell what they send"},
	{"net/http", []string{"bot", "slackdev/...", "providers/...", "cmd/cloudimage"}, []string{"bot/...", "slackdev/...", "providers/...", "cmd/cloudimage"},
		"nothing between the doors speaks to the network"},
	{"database/sql", []string{"workflow/store"}, []string{"workflow/store", "cmd/cloudimage"},
		"one package knows SQL, so that one commit can hold all that belongs together"},
	{"modernc.org/sqlite", []string{"workflow/store"}, []string{"workflow/store", "cmd/cloudimage"},
		"one package knows which database it is"},
	{"github.com/jackc/pgx", []string{"workflow/store"}, []string{"workflow/store", "cmd/cloudimage"},
		"one package knows which database it is"},
	{"github.com/pressly/goose", []string{"workflow/store"}, nil,
		"the schema belongs to who reads it"},
	{"github.com/goccy/go-yaml", []string{"workflow/listingfile", "workflow/process", "slackdev", "slackdev/manifest", "cmd/cloudimage"}, nil,
		"files are read at the edge and become values there"},
	{"github.com/yuin/goldmark", []string{"providers/gitlab/gitlabsim"}, []string{"workflow/mirror"},
		"GitLab finds checklist items in the rendered Markdown, and so does its stand-in; what is typed is rendered in tests to see that it means nothing"},
	{"golang.org/x/net/html", []string{"providers/releases"}, []string{"providers/releases/..."},
		"posts are read as browsers read them, whatever their tags are like"},
	{"github.com/alecthomas/kong", []string{"cmd/cloudimage", "cmd/slackdev"}, nil,
		"only the binaries have a command line"},
	{"github.com/prometheus/client_golang", []string{"bot", "cmd/cloudimage"}, []string{"bot", "cmd/cloudimage"},
		"the rooms inside report to who runs them and count nothing"},
	{"github.com/rickar/cal", []string{"workflow/calendar"}, []string{"workflow/calendar"},
		"holidays have one keeper"},
	{"golang.org/x/time", []string{"bot", "providers/aws"}, []string{"bot", "providers/aws"},
		"only calls to who counts them are paced"},
	{"github.com/1Password/connect-sdk-go", []string{"providers/onepassword"}, nil,
		"1Password has one door"},
	{"github.com/1password/onepassword-sdk-go", []string{"providers/onepassword"}, []string{"providers/onepassword"},
		"1Password has one door"},
	{"google.golang.org/api", []string{"providers/drive"}, nil,
		"Google Drive has one door, and its library is large"},
	{"golang.org/x/oauth2", []string{"providers/drive"}, []string{"providers/drive/..."},
		"only Google's keys are used for tokens"},
	{"github.com/opentracing/opentracing-go", []string{"providers/onepassword"}, nil,
		"it is imported to keep 1Password's client from tracing"},
	{"gonum.org/v1/plot", []string{"chart"}, nil,
		"pictures are drawn in one room, and its canvas is large"},
	{"codeberg.org/go-fonts/liberation", []string{"chart"}, nil,
		"who draws text has to know what can be drawn of it"},
	{"golang.org/x/image", []string{"chart"}, nil,
		"a font is read where text is drawn"},
	{"golang.org/x/text", []string{"chart"}, nil,
		"letters are brought to a font where they are drawn; elsewhere they stay as they were typed"},
	{"github.com/chromedp", []string{"slackdev/browsertest"}, []string{"slackdev/...", "cmd/cloudimage"},
		"a browser is for looking at the page in tests"},
	{"github.com/google/go-cmp", nil, []string{"..."}, "it is for tests"},
	{"github.com/rogpeppe/go-internal", nil, []string{"cmd/cloudimage"}, "it is for tests"},
	{"pgregory.net/rapid", nil, []string{"..."}, "it is for tests"},
	{"testing", []string{"providers/conformance"}, []string{"..."}, "it is for tests, and for the suite that is one"},
}

const module = "cloudimage"

// listed is a package as `go list` tells of it.
type listed struct {
	ImportPath, Dir                    string
	GoFiles, IgnoredGoFiles            []string
	Imports, TestImports, XTestImports []string
}

// packages are all packages of the module.
func packages(t *testing.T) []listed {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-json", module+"/...")
	var stderr bytes.Buffer
	list.Stderr = &stderr
	out, err := list.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func TestArrows(t *testing.T) {
	t.Parallel()
	all := packages(t)
	for _, b := range breaches(all) {
		t.Error(b)
	}
	for _, r := range rooms {
		if !slices.ContainsFunc(all, func(p listed) bool { return within(below(p.ImportPath), r.name) }) {
			t.Errorf("there is no room %s any more; take it from the table", r.name)
		}
	}
}

// breaches are the imports that the tables do not allow, each with the reason.
func breaches(all []listed) []string {
	var out []string
	for _, p := range all {
		name := below(p.ImportPath)
		i := slices.IndexFunc(rooms, func(r room) bool { return within(name, r.name) })
		if i < 0 {
			out = append(out, fmt.Sprintf("%s is a new room: say in the table what it may import, and why", name))
			continue
		}
		for _, imported := range p.Imports {
			out = append(out, breach(name, rooms[i], imported, false)...)
		}
		for _, imported := range slices.Concat(p.TestImports, p.XTestImports) {
			if imported != p.ImportPath { // an external test
				out = append(out, breach(name, rooms[i], imported, true)...)
			}
		}
	}
	return out
}

// breach says why a room may not import a package; nothing when it may.
func breach(name string, r room, imported string, test bool) []string {
	who := name
	if test {
		who = "the tests of " + name
	}
	if within(imported, module+"/...") {
		if other := below(imported); !withinAny(other, r.ours) && !(test && withinAny(other, r.tests)) {
			return []string{fmt.Sprintf("%s must not import %s: %s", who, other, r.why)}
		}
		return nil
	}
	for _, l := range libraries {
		if !within(imported, l.path+"/...") {
			continue
		}
		if !withinAny(name, l.rooms) && !(test && withinAny(name, l.tests)) {
			return []string{fmt.Sprintf("%s must not import %s: %s", who, imported, l.why)}
		}
		return nil
	}
	if first, _, _ := strings.Cut(imported, "/"); strings.Contains(first, ".") {
		return []string{fmt.Sprintf("%s imports %s, which is not in the table of libraries: say who may, and why", who, imported)}
	}
	return nil // the standard library
}

// below is a package's path without the module's.
func below(path string) string {
	return strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
}

// within reports whether a path fits a pattern: itself, or "x/..." for x and
// all below it.
func within(path, pattern string) bool {
	parent, all := strings.CutSuffix(pattern, "...")
	if !all {
		return path == pattern
	}
	return strings.HasPrefix(path+"/", parent)
}

func withinAny(path string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return within(path, p) })
}

// TestArrowsCatch feeds the checker houses in disorder.
func TestArrowsCatch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		in   listed
		want []string
	}{
		{"in order", listed{
			ImportPath:   "cloudimage/commands",
			Imports:      []string{"context", "cloudimage/workflow"},
			TestImports:  []string{"testing", "github.com/google/go-cmp/cmp"},
			XTestImports: []string{"cloudimage/commands", "cloudimage/workflow/process"},
		}, nil},
		{"the domain knows the store", listed{ImportPath: "cloudimage/workflow", Imports: []string{"cloudimage/workflow/store"}},
			[]string{"workflow must not import workflow/store: the domain is pure: it says what it needs as interfaces, and others come to it"}},
		{"the domain has a test that knows more than it", listed{ImportPath: "cloudimage/workflow", XTestImports: []string{"cloudimage/workflow", "cloudimage/workflow/process"}},
			[]string{"the tests of workflow must not import workflow/process: the domain is pure: it says what it needs as interfaces, and others come to it"}},
		{"a verb knows Slack", listed{ImportPath: "cloudimage/commands", Imports: []string{"github.com/slack-go/slack/socketmode"}},
			[]string{"commands must not import github.com/slack-go/slack/socketmode: Slack has one door, so that what it changes is changed here in one place; the stand-in is tested with the client, not made from it"}},
		{"the stand-in knows the product", listed{ImportPath: "cloudimage/slackdev/page", Imports: []string{"cloudimage/slackdev", "cloudimage/bot/view"}},
			[]string{"slackdev/page must not import bot/view: a stand-in that knew the product would forgive it what Slack does not"}},
		{"the bot writes SQL", listed{ImportPath: "cloudimage/bot", Imports: []string{"database/sql"}, TestImports: []string{"database/sql/driver"}},
			[]string{
				"bot must not import database/sql: one package knows SQL, so that one commit can hold all that belongs together",
				"the tests of bot must not import database/sql/driver: one package knows SQL, so that one commit can hold all that belongs together",
			}},
		{"tests leak", listed{ImportPath: "cloudimage/bot", Imports: []string{"testing"}, TestImports: []string{"testing"}},
			[]string{"bot must not import testing: it is for tests, and for the suite that is one"}},
		{"a library nobody spoke of", listed{ImportPath: "cloudimage/bot", Imports: []string{"example.com/left-pad"}},
			[]string{"bot imports example.com/left-pad, which is not in the table of libraries: say who may, and why"}},
		{"a room nobody spoke of", listed{ImportPath: "cloudimage/util"},
			[]string{"util is a new room: say in the table what it may import, and why"}},
		{"a name that only begins alike", listed{ImportPath: "cloudimage/commands", Imports: []string{"cloudimage/workflowx"}},
			[]string{"commands must not import workflowx: a verb is the same whoever asks and wherever it is kept"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, breaches([]listed{c.in})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

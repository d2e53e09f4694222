package slackdev

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

// filesModal asks for at most two pictures or PDFs.
var filesModal = inputModal(
	labelled("Files", `{"type":"file_input","action_id":"v","filetypes":["pdf","png"],"max_files":2}`, ""),
	labelled("Note", `{"type":"plain_text_input","action_id":"v"}`, `,"optional":true`),
)

// What a person puts into a file input is hers, shared nowhere, and comes to the
// app with the submission, which opens it.
func TestFilesOfAnInputComeWithTheSubmission(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	openWith(t, ws, s, ana, filesModal)
	if out, err := ana.Submit(t.Context()); err != nil || out.FieldErrors["Files"] != "Please complete this required field." {
		t.Errorf("without a file: %+v, %v", out, err)
	}
	plan := Upload{Name: "Plan.PDF", Title: "The plan", Data: []byte("%PDF")}
	if err := ana.Attach("Files", plan); err != nil {
		t.Fatal(err)
	}
	if err := ana.Attach("Files", Upload{Name: "board.png", Alt: "A board", Data: []byte("PNG")}); err != nil {
		t.Fatal(err)
	}
	if v, _ := ana.Modal(); !strings.Contains(v.Text(), "Files: Plan.PDF, board.png\n") {
		t.Errorf("she sees\n%s", v.Text())
	}
	f, p := capture(t, s, func() (Outcome, error) { return ana.Submit(t.Context()) })
	value := at(p, "view", "state", "values", "Files", "v")
	if keys(value) != "files type" || at(value, "type") != "file_input" || len(at(value, "files").([]any)) != 2 {
		t.Fatalf("state: %v", value)
	}
	first := at(value, "files", 0).(map[string]any)
	info := post(t, ws, ws.BotToken(), "files.info", map[string][]string{"file": {first["id"].(string)}})
	for _, k := range []string{"id", "name", "title", "mimetype", "filetype", "user", "size", "url_private", "url_private_download", "is_public", "channels"} {
		if diff := cmp.Diff(at(info, "file", k), first[k]); diff != "" || first[k] == nil {
			t.Errorf("%s is not what files.info says: %v\n%s", k, first[k], diff)
		}
	}
	if first["name"] != "Plan.PDF" || first["title"] != "The plan" || first["user"] != "U0ANA" || first["size"] != 4.0 || first["mimetype"] != "application/pdf" {
		t.Errorf("the file: %v", first)
	}
	var ic slack.InteractionCallback
	if err := json.Unmarshal(f.Payload, &ic); err != nil {
		t.Fatalf("slack-go cannot read the submission: %v", err)
	}
	if got := ic.View.State.Values["Files"]["v"].Files; len(got) != 2 || got[1].Name != "board.png" {
		t.Errorf("slack-go reads %+v", got)
	}
	for _, look := range []struct {
		as, token string
		want      int
	}{{"", ws.BotToken(), 200}, {"U0ANA", "", 200}, {"U0LEE", "", 404}} {
		if status, _ := ask(t, ws, http.MethodGet, "/dev/files/"+first["id"].(string)+"?as="+look.as, "", func(r *http.Request) {
			if look.token != "" {
				r.Header.Set("Authorization", "Bearer "+look.token)
			}
		}); status != look.want {
			t.Errorf("%+v: %d", look, status)
		}
	}
	// What the app shows of it, people see.
	picture := at(value, "files", 1, "id").(string)
	botPost(t, ws, "C0GENERAL", "card", `[{"type":"image","slack_file":{"id":"`+picture+`"},"alt_text":"A board"}]`)
	if got, ok := ws.User("lee").File(FileID(picture)); !ok || got.Alt != "A board" || string(got.Data) != "PNG" {
		t.Errorf("he opens %+v, %v", got, ok)
	}
}

func TestAFileInputTakesWhatItAsksFor(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana, lee := ws.User("ana"), ws.User("lee")
	v := openWith(t, ws, s, ana, filesModal)
	file := func(name string) Upload { return Upload{Name: name, Data: []byte("x")} }
	for name, try := range map[string]struct {
		label string
		files []Upload
		says  string
	}{
		"another ending":  {"Files", []Upload{file("notes.txt")}, "types: pdf, png"},
		"no ending":       {"Files", []Upload{file("pdf")}, "types: pdf, png"},
		"too many":        {"Files", []Upload{file("a.png"), file("b.png"), file("c.png")}, "no more than 2"},
		"nothing in it":   {"Files", []Upload{{Name: "a.png"}}, "something in it"},
		"no name":         {"Files", []Upload{{Data: []byte("x")}}, "needs a name"},
		"too large":       {"Files", []Upload{{Name: "a.png", Data: make([]byte, maxInputFile+1)}}, "at most 10 MB"},
		"with a message":  {"Files", []Upload{{Name: "a.png", Data: []byte("x"), Text: "look"}}, "nothing is said"},
		"another control": {"Note", []Upload{file("a.png")}, "takes no files"},
		"no control":      {"Nothing", []Upload{file("a.png")}, "sees no"},
	} {
		if err := ana.Attach(try.label, try.files...); !errors.Is(err, ErrNotPossible) || !strings.Contains(err.Error(), try.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for who, person := range map[string]*Person{"nobody": ws.User("zoe"), "without a modal": lee} {
		if err := person.Attach("Files", file("a.png")); err == nil {
			t.Errorf("%s attached a file", who)
		}
	}
	if now, _ := ana.Modal(); !strings.Contains(now.Text(), "Files: \n") {
		t.Errorf("after refusals she sees\n%s", now.Text())
	}
	if err := ana.Attach("Files", file("a.png"), file("b.pdf")); err != nil {
		t.Fatal(err)
	}
	if err := ana.Attach("Files", file("c.png")); err == nil {
		t.Error("a third file was taken")
	}
	// An update may ask for less than is in it.
	if got := viewCall(t, ws, "views.update", "view_id", string(v.ID), "view", strings.Replace(filesModal, `"max_files":2`, `"max_files":1`, 1)); got["ok"] != true {
		t.Fatal(got)
	}
	if out, err := ana.Submit(t.Context()); err != nil || out.FieldErrors["Files"] != "Please choose no more than 1 of your files." || out.EnvelopeID != "" {
		t.Errorf("%+v, %v", out, err)
	}
	must[Outcome](t)(ana.Fill(t.Context(), "Files"))
	if err := ana.Attach("Files", file("b.pdf")); err != nil {
		t.Errorf("it is empty: %v", err)
	}
	// Another's file is not hers to hand in.
	must[Outcome](t)(lee.Upload(t.Context(), "#general", file("his.png")))
	his := lee.Messages("#general")[0].Files[0]
	if out, err := ana.Fill(t.Context(), "Files", string(his)); !errors.Is(err, ErrNotPossible) || !strings.Contains(out.Error, "no file of ana") {
		t.Errorf("%+v, %v", out, err)
	}
}

// The page and other programs put files into an input over HTTP, by ids or by words.
func TestAFileIsPutIntoAnInputOverHTTP(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	v := openWith(t, ws, s, ana, filesModal)
	status, out := ask(t, ws, "POST", "/dev/api/upload", `{"as":"ana","view_id":"`+string(v.ID)+`","block_id":"Files","action_id":"v","name":"a.pdf","content_base64":"JVBERg=="}`)
	if status != 200 || out["ok"] != true || at(out, "files", 0, "name") != "a.pdf" || at(out, "files", 0, "size") != 4.0 {
		t.Fatalf("%d %v", status, out)
	}
	large := strings.Repeat("x", 2<<20) // more than other acts may have
	if status, out = ask(t, ws, "POST", "/dev/api/upload", `{"as":"ana","label":"Files","name":"b.png","content":"`+large+`"}`); status != 200 || out["ok"] != true || at(out, "files", 1, "size") != float64(len(large)) {
		t.Errorf("%d %v", status, out["error"])
	}
	for body, says := range map[string]string{
		`"label":"Files","name":"c.png","content":"x"`:                                     "no more than 2",
		`"label":"Files","channel":"general","name":"c.png","content":"x"`:                 "not into both",
		`"label":"Files","name":"c.png","content":"x","content_base64":"eA=="`:             "not both",
		`"view_id":"V0","block_id":"Files","action_id":"v","name":"c.png","content":"x"`:   "not open",
		`"view_id":"` + string(v.ID) + `","action_id":"gone","name":"c.png","content":"x"`: "changed meanwhile",
	} {
		if status, out := ask(t, ws, "POST", "/dev/api/upload", `{"as":"ana",`+body+`}`); status != 200 || out["ok"] != false || !strings.Contains(out["error"].(string), says) {
			t.Errorf("%s: %d %v", body, status, out)
		}
	}
	files := string(mustJSON(at(out, "files", 0)))
	_, p := capture(t, s, func() (Outcome, error) {
		_, out := ask(t, ws, "POST", "/dev/api/submit", `{"as":"ana","state":{"Files":{"v":{"type":"file_input","files":[`+files+`]}}}}`)
		return Outcome{OK: out["ok"] == true}, nil
	})
	if got, _ := at(p, "view", "state", "values", "Files", "v", "files").([]any); len(got) != 1 || at(got, 0, "name") != "a.pdf" {
		t.Errorf("the page's state has one file: %v", got)
	}
}

func TestAFileInputNeedsItsScope(t *testing.T) {
	t.Parallel()
	ws := start(t, func(o *Options) {
		o.Manifest = []byte(strings.Replace(testManifest, "files:read, ", "", 1))
	})
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	_, p := capture(t, s, func() (Outcome, error) { return ana.Slash(t.Context(), "#general", "/thing") })
	trigger := p["trigger_id"].(string)
	if got := viewCall(t, ws, "views.open", "trigger_id", trigger, "view", filesModal); got["error"] != "missing_scope" || got["needed"] != "files:read" {
		t.Errorf("%v", got)
	}
	said := inputModal(labelled("Note", `{"type":"plain_text_input","action_id":"v","initial_value":"\"file_input\""}`, ""))
	if got := viewCall(t, ws, "views.open", "trigger_id", trigger, "view", said); got["ok"] != true {
		t.Errorf("a word is no element: %v", got)
	}
	wait := doing(func() (Outcome, error) { return ana.Submit(t.Context()) })
	s.ack(s.read(), `{"response_action":"update","view":`+filesModal+`}`)
	if out, err := wait(); !errors.Is(err, ErrBadResponse) || !strings.Contains(strings.Join(out.Warnings, " "), "missing_scope") {
		t.Errorf("in an ack: %+v, %v", out, err)
	}
}

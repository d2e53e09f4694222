package slackdev

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

func modalNamed(name string) string {
	return `{"type":"modal","callback_id":"` + name + `","title":{"type":"plain_text","text":"` + name + `"},"submit":{"type":"plain_text","text":"Go"},"blocks":[
	 {"type":"input","block_id":"i","optional":true,"label":{"type":"plain_text","text":"Note"},"element":{"type":"plain_text_input","action_id":"v"}},
	 {"type":"section","block_id":"s","text":{"type":"plain_text","text":"words"}}]}`
}

// trigger runs a command and returns its trigger, the ack done.
func triggerOf(t *testing.T, ws *Workspace, s *rawSocket, who *Person) string {
	t.Helper()
	_, p := capture(t, s, func() (Outcome, error) { return who.Slash(t.Context(), "#general", "/thing") })
	return p["trigger_id"].(string)
}

func viewCall(t *testing.T, ws *Workspace, method string, kv ...string) map[string]any {
	t.Helper()
	form := url.Values{}
	for i := 0; i < len(kv); i += 2 {
		form.Set(kv[i], kv[i+1])
	}
	return post(t, ws, ws.BotToken(), method, form)
}

func TestTriggersAreForThreeSecondsAndOnce(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	trig := triggerOf(t, ws, s, ana)
	if got := viewCall(t, ws, "views.open", "trigger_id", trig, "view", `{"type":"modal"}`); got["error"] != "invalid_arguments" {
		t.Errorf("a bad view: %v", got)
	}
	if got := viewCall(t, ws, "views.open", "trigger_id", trig, "view", modalNamed("a")); got["ok"] != true {
		t.Errorf("a bad view must not use the trigger up: %v", got)
	}
	if got := viewCall(t, ws, "views.open", "trigger_id", trig, "view", modalNamed("a")); got["error"] != "exchanged_trigger_id" {
		t.Errorf("used twice: %v", got)
	}
	trig = triggerOf(t, ws, s, ana)
	if err := ws.Clock().Advance(t.Context(), 3*time.Second); err != nil {
		t.Fatal(err)
	}
	if got := viewCall(t, ws, "views.open", "trigger_id", trig, "view", modalNamed("b")); got["ok"] != true {
		t.Errorf("after three seconds: %v", got)
	}
	trig = triggerOf(t, ws, s, ana)
	if err := ws.Clock().Advance(t.Context(), 3*time.Second+time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if got := viewCall(t, ws, "views.open", "trigger_id", trig, "view", modalNamed("c")); got["error"] != "expired_trigger_id" {
		t.Errorf("after more than three seconds: %v", got)
	}
}

// submitTrigger submits the top modal, which the app answers with ack, and
// returns the trigger that came with it.
func submitWith(t *testing.T, s *rawSocket, who *Person, ack string) (string, Outcome, error) {
	t.Helper()
	wait := doing(func() (Outcome, error) { return who.Submit(t.Context()) })
	f := s.read()
	s.ack(f, ack)
	out, err := wait()
	_, trig, _ := strings.Cut(string(f.Payload), `"trigger_id":"`)
	trig, _, _ = strings.Cut(trig, `"`)
	return trig, out, err
}

func TestAPersonsStackHoldsThree(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana, lee := ws.User("ana"), ws.User("lee")
	openWith(t, ws, s, ana, modalNamed("one"))
	openWith(t, ws, s, lee, modalNamed("his"))
	trig, out, err := submitWith(t, s, ana, `{"response_action":"push","view":`+modalNamed("two")+`}`)
	if err != nil || !out.OK {
		t.Fatalf("%+v, %v", out, err)
	}
	if got := viewCall(t, ws, "views.push", "trigger_id", trig, "view", modalNamed("three")); got["ok"] != true || at(got, "view", "previous_view_id") == nil || at(got, "view", "root_view_id") != string(ana.Modals()[0].ID) {
		t.Fatalf("push: %v", got)
	}
	trig, out, err = submitWith(t, s, ana, `{"response_action":"push","view":`+modalNamed("four")+`}`)
	if !errors.Is(err, ErrBadResponse) || !strings.Contains(strings.Join(out.Warnings, ""), "push_limit_reached") {
		t.Errorf("a fourth by ack: %+v, %v", out, err)
	}
	if got := viewCall(t, ws, "views.push", "trigger_id", trig, "view", modalNamed("four")); got["error"] != "push_limit_reached" {
		t.Errorf("a fourth: %v", got)
	}
	if n, m := len(ana.Modals()), len(lee.Modals()); n != 3 || m != 1 {
		t.Errorf("stacks are %d and %d", n, m)
	}
	if got := viewCall(t, ws, "views.push", "trigger_id", triggerOf(t, ws, s, lee), "view", modalNamed("x")); got["error"] != "not_found" {
		t.Errorf("a push from outside of any modal: %v", got)
	}
	if _, out, err = submitWith(t, s, ana, ""); err != nil || len(ana.Modals()) != 2 {
		t.Errorf("an empty ack must close this view alone: %+v, %v", out, err)
	}
	if _, out, err = submitWith(t, s, ana, `{"response_action":"clear"}`); err != nil || len(ana.Modals()) != 0 {
		t.Errorf("clear: %+v, %v", out, err)
	}
	if out, err := ana.Close(t.Context()); !errors.Is(err, ErrNotPossible) {
		t.Errorf("closing nothing: %+v", out)
	}
}

func TestResponseActions(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	v := openWith(t, ws, s, ana, modalNamed("one"))
	must[Outcome](t)(ana.Fill(t.Context(), "Note", "kept"))
	for name, ack := range map[string]string{
		"errors on a section":  `{"response_action":"errors","errors":{"s":"no"}}`,
		"errors without any":   `{"response_action":"errors"}`,
		"unknown":              `{"response_action":"explode"}`,
		"a view Slack refuses": `{"response_action":"update","view":{"type":"modal"}}`,
		"no view":              `{"response_action":"push"}`,
		"nonsense":             `[1]`,
	} {
		if _, out, err := submitWith(t, s, ana, ack); !errors.Is(err, ErrBadResponse) || !strings.Contains(out.Error, "trouble connecting") || len(out.Warnings) == 0 {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
	}
	if now, ok := ana.Modal(); !ok || now.Hash != v.Hash {
		t.Fatal("a refused answer changed the modal")
	}
	if _, out, err := submitWith(t, s, ana, `{"response_action":"errors","errors":{"i":"Too short."}}`); err != nil || out.OK || out.FieldErrors["i"] != "Too short." || out.Error != "Note: Too short." {
		t.Errorf("errors: %+v, %v", out, err)
	}
	if now, _ := ana.Modal(); now.Errors["i"] != "Too short." || !strings.Contains(now.Text(), "kept") {
		t.Errorf("after errors she sees\n%s", now.Text())
	}
	if _, out, err := submitWith(t, s, ana, `{"response_action":"update","view":`+modalNamed("later")+`}`); err != nil || !out.OK {
		t.Errorf("update: %+v, %v", out, err)
	}
	now, _ := ana.Modal()
	if now.Title != "later" || now.ID != v.ID || now.Hash == v.Hash || now.Errors != nil || !strings.Contains(now.Text(), "Note: kept") {
		t.Errorf("after update: %+v\n%s", now, now.Text())
	}
}

func TestUpdateKeepsInputAndMindsTheHash(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	v := openWith(t, ws, s, ana, modalNamed("one"))
	must[Outcome](t)(ana.Fill(t.Context(), "Note", "typed"))
	c := api(ws)
	view := slack.ModalViewRequest{Type: slack.VTModal, Title: plain("two"), Submit: plain("Go"), ExternalID: "ext", Blocks: slack.Blocks{BlockSet: []slack.Block{
		slack.NewInputBlock("i", plain("Note"), nil, slack.NewPlainTextInputBlockElement(nil, "v")),
	}}}
	resp, err := c.UpdateView(view, "", v.Hash, string(v.ID))
	if err != nil || resp.ID != string(v.ID) || resp.Hash == v.Hash || resp.State.Values["i"]["v"].Value != "typed" {
		t.Fatalf("%+v, %v", resp, err)
	}
	if _, err := c.UpdateView(view, "", v.Hash, string(v.ID)); codeOf(err) != "hash_conflict" {
		t.Errorf("an old hash: %v", err)
	}
	if _, err := c.UpdateView(view, "ext", "", ""); err != nil {
		t.Errorf("by external id: %v", err)
	}
	view.Blocks.BlockSet = []slack.Block{slack.NewInputBlock("i2", plain("Note"), nil, slack.NewPlainTextInputBlockElement(nil, "v"))}
	if resp, err = c.UpdateView(view, "", "", string(v.ID)); err != nil || resp.State.Values["i2"]["v"].Value != "" {
		t.Errorf("a new block id must start empty: %+v, %v", resp, err)
	}
	if got := viewCall(t, ws, "views.open", "trigger_id", triggerOf(t, ws, s, ws.User("lee")), "view", strings.Replace(modalNamed("x"), `"type":"modal"`, `"type":"modal","external_id":"ext"`, 1)); got["error"] != "duplicate_external_id" {
		t.Errorf("a taken external id: %v", got)
	}
	must[Outcome](t)(ana.Close(t.Context()))
	if _, err := c.UpdateView(view, "", "", string(v.ID)); codeOf(err) != "not_found" {
		t.Errorf("a closed view: %v", err)
	}
	if got := viewCall(t, ws, "views.open", "trigger_id", triggerOf(t, ws, s, ws.User("lee")), "view", strings.Replace(modalNamed("x"), `"type":"modal"`, `"type":"modal","external_id":"ext"`, 1)); got["ok"] != true {
		t.Errorf("an external id that is free again: %v", got)
	}
}

func TestHomeIsPublishedPerPerson(t *testing.T) {
	t.Parallel()
	ws := start(t)
	c := api(ws)
	home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewHeaderBlock(plain("Hello"))}}}
	first, err := c.PublishView("U0ANA", home, "")
	if err != nil {
		t.Fatal(err)
	}
	second, err := c.PublishView("U0ANA", home, first.Hash)
	if err != nil || second.ID != first.ID || second.Hash == first.Hash {
		t.Errorf("%+v, %v", second, err)
	}
	if _, err := c.PublishView("U0ANA", home, first.Hash); codeOf(err) != "hash_conflict" {
		t.Errorf("an old hash: %v", err)
	}
	if v, ok := ws.User("ana").Home(); !ok || v.Text() != "Hello" {
		t.Errorf("she sees %q", v.Text())
	}
	if _, ok := ws.User("lee").Home(); ok {
		t.Error("his Home was published, too")
	}
}

func TestClosingTellsTheAppWhereItAsked(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	noting := strings.Replace(modalNamed("one"), `"type":"modal"`, `"type":"modal","notify_on_close":true`, 1)
	openWith(t, ws, s, ana, noting)
	submitWith(t, s, ana, `{"response_action":"push","view":`+strings.Replace(noting, `"type":"modal"`, `"type":"modal","clear_on_close":true`, 1)+`}`)
	wait := doing(func() (Outcome, error) { return ana.Close(t.Context()) })
	for range 2 {
		f := s.read()
		if !strings.Contains(string(f.raw), `"is_cleared":true`) {
			t.Errorf("clear_on_close: %s", f.raw)
		}
		s.ack(f, "")
	}
	if out, err := wait(); err != nil || len(ana.Modals()) != 0 {
		t.Errorf("%+v, %v", out, err)
	}
	openWith(t, ws, s, ana, modalNamed("quiet"))
	if out, err := ana.CloseAll(t.Context()); err != nil || out.EnvelopeID != "" || len(ana.Modals()) != 0 {
		t.Errorf("a modal that did not ask to be told: %+v, %v", out, err)
	}
}

func TestInputsAreCheckedBeforeTheAppIsAsked(t *testing.T) {
	t.Parallel()
	ws := start(t)
	s, _ := dial(t, ws)
	ana := ws.User("ana")
	input := func(id, element string) string {
		return `{"type":"input","block_id":"` + id + `","label":{"type":"plain_text","text":"` + id + `"},"element":` + element + `}`
	}
	openWith(t, ws, s, ana, `{"type":"modal","title":{"type":"plain_text","text":"T"},"submit":{"type":"plain_text","text":"Go"},"blocks":[`+strings.Join([]string{
		input("text", `{"type":"plain_text_input","action_id":"v","min_length":3,"max_length":5}`),
		input("mail", `{"type":"email_text_input","action_id":"v"}`),
		input("url", `{"type":"url_text_input","action_id":"v"}`),
		input("n", `{"type":"number_input","action_id":"v","is_decimal_allowed":false,"min_value":"2","max_value":"9"}`),
		input("pick", `{"type":"static_select","action_id":"v","options":[{"text":{"type":"plain_text","text":"A"},"value":"a"}]}`),
	}, ",")+`]}`)
	try := func(label, value, want string) {
		t.Helper()
		if _, err := ana.Fill(t.Context(), label, value); err != nil {
			t.Fatal(err)
		}
		out, err := ana.Submit(t.Context())
		if got := out.FieldErrors[label]; err != nil || out.OK || (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%s = %q: %q, want %q", label, value, got, want)
		}
	}
	for _, label := range []string{"text", "mail", "url", "n"} {
		try(label, "", "required")
	}
	try("text", "ab", "at least 3")
	try("text", "abc", "")
	try("mail", "nobody", "valid email")
	try("mail", "a@b.example", "")
	try("url", "gitlab", "valid URL")
	try("url", "https://gitlab.example", "")
	try("n", "x", "valid number")
	try("n", "2.5", "valid number")
	try("n", "1", "at least 2")
	try("n", "10", "at most 9")
	try("n", "3", "")
	if out, err := ana.Fill(t.Context(), "text", "abcdef"); !errors.Is(err, ErrNotPossible) {
		t.Errorf("more than max_length was typed: %+v", out)
	}
	if out, err := ana.Fill(t.Context(), "pick", "B"); !errors.Is(err, ErrNotPossible) || !strings.Contains(out.Error, `offers ["A"]`) {
		t.Errorf("an option that is not there: %+v", out)
	}
	must[Outcome](t)(ana.Fill(t.Context(), "pick", "A"))
	if _, out, err := submitWith(t, s, ana, ""); err != nil || !out.OK {
		t.Errorf("everything is right: %+v, %v", out, err)
	}
}

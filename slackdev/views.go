package slackdev

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"cloudimage/slackdev/blockkit"
	"cloudimage/slackdev/surface"
)

const (
	maxStack       = 3
	maxView        = 250_000 // bytes
	maxPrivateMeta = 3000
	maxCallbackID  = 255
)

// viewBody is a view as the app sends it.
type viewBody struct {
	Type            string          `json:"type"`
	Title           json.RawMessage `json:"title"`
	Blocks          json.RawMessage `json:"blocks"`
	Close           json.RawMessage `json:"close"`
	Submit          json.RawMessage `json:"submit"`
	PrivateMetadata string          `json:"private_metadata"`
	CallbackID      string          `json:"callback_id"`
	ExternalID      string          `json:"external_id"`
	ClearOnClose    bool            `json:"clear_on_close"`
	NotifyOnClose   bool            `json:"notify_on_close"`
	SubmitDisabled  bool            `json:"submit_disabled"`
}

// view is a modal on a person's stack, or his Home tab.
type view struct {
	viewBody
	id       ViewID
	user     UserID
	hash     string
	root     ViewID
	previous ViewID
	origin   ChannelID // where the person was when the first modal opened
	doc      *surface.Document
	inputs   surface.State
	errors   map[string]string // under inputs, after a refused submission
}

// viewObject is a view as Slack writes it.
type viewObject struct {
	ID              ViewID          `json:"id"`
	TeamID          TeamID          `json:"team_id"`
	Type            string          `json:"type"`
	Blocks          json.RawMessage `json:"blocks"`
	PrivateMetadata string          `json:"private_metadata"`
	CallbackID      string          `json:"callback_id"`
	State           viewState       `json:"state"`
	Hash            string          `json:"hash"`
	Title           json.RawMessage `json:"title,omitempty"`
	ClearOnClose    bool            `json:"clear_on_close"`
	NotifyOnClose   bool            `json:"notify_on_close"`
	Close           json.RawMessage `json:"close"`
	Submit          json.RawMessage `json:"submit"`
	PreviousViewID  *ViewID         `json:"previous_view_id"`
	RootViewID      ViewID          `json:"root_view_id"`
	AppID           string          `json:"app_id"`
	ExternalID      string          `json:"external_id"`
	AppInstalledID  TeamID          `json:"app_installed_team_id"`
	BotID           string          `json:"bot_id"`
}

type viewState struct {
	Values surface.State `json:"values"`
}

func (ws *Workspace) viewObject(v *view) viewObject {
	o := viewObject{
		ID: v.id, TeamID: ws.st.team.id, Type: v.Type, Blocks: v.Blocks, PrivateMetadata: v.PrivateMetadata, CallbackID: v.CallbackID,
		State: viewState{v.document().Values(v.inputs)}, Hash: v.hash, Title: v.Title, ClearOnClose: v.ClearOnClose,
		NotifyOnClose: v.NotifyOnClose, Close: v.Close, Submit: v.Submit, RootViewID: v.root, AppID: ws.st.app.id,
		ExternalID: v.ExternalID, AppInstalledID: ws.st.team.id, BotID: ws.st.app.botID,
	}
	if v.previous != "" {
		o.PreviousViewID = &v.previous
	}
	return o
}

func (v *view) document() *surface.Document {
	if v.doc == nil {
		v.doc = surface.Parse(v.Blocks)
	}
	return v.doc
}

// readView checks a view the app sent for the surface it is meant for.
func (ws *Workspace) readView(raw json.RawMessage, want blockkit.Surface) (*viewBody, error) {
	if raw == nil {
		return nil, invalidArguments("missing required field: view", "/view")
	}
	if len(raw) > maxView {
		return nil, fail("view_too_large")
	}
	var b viewBody
	if err := json.Unmarshal(raw, &b); err != nil {
		if errs := blockkit.ValidateView(raw); len(errs) > 0 {
			return nil, invalidWith("invalid_arguments", errs)
		}
		return nil, invalidArguments("must be a valid view", "/view")
	}
	if blockkit.Surface(b.Type) != want {
		return nil, invalidArguments(fmt.Sprintf("must be a view of type %s", want), "/view/type")
	}
	if errs := blockkit.ValidateView(raw); len(errs) > 0 {
		return nil, invalidWith("invalid_arguments", errs)
	}
	if utf8.RuneCountInString(b.PrivateMetadata) > maxPrivateMeta {
		return nil, invalidArguments(fmt.Sprintf("must be less than %d characters", maxPrivateMeta+1), "/view/private_metadata")
	}
	if utf8.RuneCountInString(b.CallbackID) > maxCallbackID {
		return nil, invalidArguments(fmt.Sprintf("must be less than %d characters", maxCallbackID+1), "/view/callback_id")
	}
	if err := ws.mayShow("/view/blocks", b.Blocks, "invalid_arguments"); err != nil {
		return nil, err
	}
	blocks, err := surface.WithIDs(b.Blocks, ws.ids.part)
	if err != nil {
		return nil, invalidArguments("must be a list of blocks", "/view/blocks")
	}
	b.Blocks = blocks
	return &b, nil
}

func invalidArguments(message, pointer string) error {
	return &failure{code: "invalid_arguments", detail: reply{"response_metadata": map[string]any{
		"messages": []string{fmt.Sprintf("[ERROR] %s [json-pointer:%s]", message, pointer)},
	}}}
}

// claimExternal reserves the external id for the view; it is unique in the team.
func (ws *Workspace) claimExternal(id string, v *view) error {
	if owner, taken := ws.st.externals[id]; id != "" && taken && owner != v.id {
		return fail("duplicate_external_id")
	}
	if v.ExternalID != "" && v.ExternalID != id {
		delete(ws.st.externals, v.ExternalID)
	}
	if id != "" {
		ws.st.externals[id] = v.id
	}
	return nil
}

func (ws *Workspace) newHash() string {
	return fmt.Sprintf("%d.%s", ws.clock.Now().Unix(), ws.ids.secret()[:8])
}

// newModal puts a view on top of the person's stack.
func (ws *Workspace) newModal(u *user, b *viewBody, origin ChannelID) (*view, error) {
	if len(u.stack) >= maxStack {
		return nil, fail("push_limit_reached")
	}
	v := &view{viewBody: *b, id: ViewID(ws.ids.short("V")), user: u.id, hash: ws.newHash(), inputs: surface.State{}, origin: origin}
	v.ExternalID = ""
	if err := ws.claimExternal(b.ExternalID, v); err != nil {
		return nil, err
	}
	v.ExternalID, v.root = b.ExternalID, v.id
	if n := len(u.stack); n > 0 {
		v.root, v.previous = u.stack[0].id, u.stack[n-1].id
	}
	v.fillCurrent()
	u.stack = append(u.stack, v)
	ws.st.views[v.id] = v
	ws.hub.tell(change{kind: "modals", user: u.id})
	return v, nil
}

// fillCurrent chooses the conversation the person came from, in selects that
// ask for it.
func (v *view) fillCurrent() {
	d := v.document()
	for i := range d.Controls {
		c := &d.Controls[i]
		if on, _ := c.Element["default_to_current_conversation"].(bool); !on || v.origin == "" || c.Preset() {
			continue
		}
		var val any = string(v.origin)
		if c.Many() {
			val = []any{val}
		}
		v.inputs.Set(c, c.Value(val))
	}
}

// drop forgets views that were closed.
func (ws *Workspace) drop(u *user, from int) {
	for _, v := range u.stack[from:] {
		delete(ws.st.views, v.id)
		if v.ExternalID != "" {
			delete(ws.st.externals, v.ExternalID)
		}
	}
	u.stack = u.stack[:from:from]
	ws.hub.tell(change{kind: "modals", user: u.id})
}

func openView(c *call) (any, error) { return c.raise(false) }
func pushView(c *call) (any, error) { return c.raise(true) }

// raise opens a view. A trigger from within a modal puts it on top of that
// modal's stack; any other trigger begins a new stack.
func (c *call) raise(push bool) (any, error) {
	ws := c.ws
	if !c.args.has("trigger_id") || c.args.str("trigger_id") == "" {
		return nil, invalidArguments("missing required field: trigger_id", "/trigger_id")
	}
	b, err := ws.readView(c.args.raw("view"), blockkit.Modal)
	if err != nil {
		return nil, err
	}
	t, err := ws.exchangeTrigger(c.args.str("trigger_id"))
	if err != nil {
		return nil, err
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	u := ws.st.userIDs[t.user]
	inStack := t.view != "" && ws.st.views[t.view] != nil && ws.st.views[t.view].Type == "modal"
	if push && !inStack {
		return nil, fail("not_found")
	}
	if !inStack && len(u.stack) > 0 {
		for _, v := range u.stack {
			c.shows(ws.viewShown("modal_closed", v, nil))
		}
		ws.drop(u, 0)
	}
	origin := t.channel
	if inStack {
		origin = ws.st.views[t.view].origin
	}
	v, err := ws.newModal(u, b, origin)
	if err != nil {
		return nil, err
	}
	kind := "modal_opened"
	if len(u.stack) > 1 {
		kind = "modal_pushed"
	}
	c.shows(ws.viewShown(kind, v, nil))
	return reply{"view": ws.viewObject(v)}, nil
}

func updateView(c *call) (any, error) {
	ws := c.ws
	b, err := ws.readView(c.args.raw("view"), blockkit.Modal)
	if err != nil {
		return nil, err
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	id := ViewID(c.args.str("view_id"))
	if ext := c.args.str("external_id"); id == "" && ext != "" {
		id = ws.st.externals[ext]
	}
	v := ws.st.views[id]
	if v == nil || v.Type != "modal" {
		return nil, fail("not_found")
	}
	if h := c.args.str("hash"); h != "" && h != v.hash {
		return nil, fail("hash_conflict")
	}
	before := ws.viewBodyJSON(v)
	if err := ws.replaceView(v, b); err != nil {
		return nil, err
	}
	c.shows(ws.viewShown("modal_updated", v, before))
	return reply{"view": ws.viewObject(v)}, nil
}

// replaceView gives a view new content. What the person typed stays where
// block and action ids do.
func (ws *Workspace) replaceView(v *view, b *viewBody) error {
	if err := ws.claimExternal(b.ExternalID, v); err != nil {
		return err
	}
	v.viewBody, v.hash, v.doc, v.errors = *b, ws.newHash(), nil, nil
	v.inputs = v.document().Keep(v.inputs)
	kind := "modals"
	if v.Type == "home" {
		kind = "home"
	}
	ws.hub.tell(change{kind: kind, user: v.user})
	return nil
}

func publishView(c *call) (any, error) {
	ws := c.ws
	if !ws.manifest.homeTab() {
		return nil, fail("not_enabled")
	}
	b, err := ws.readView(c.args.raw("view"), blockkit.Home)
	if err != nil {
		return nil, err
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	u := ws.st.userIDs[UserID(c.args.str("user_id"))]
	if u == nil || u.kind == KindBot || u.kind == KindDeleted {
		return nil, invalidArguments("invalid user_id", "/user_id")
	}
	if u.home == nil {
		if h := c.args.str("hash"); h != "" {
			return nil, fail("hash_conflict")
		}
		v := &view{viewBody: viewBody{Type: "home"}, id: ViewID(ws.ids.short("V")), user: u.id, inputs: surface.State{}}
		v.root = v.id
		if err := ws.replaceView(v, b); err != nil {
			return nil, err
		}
		u.home = v
		ws.st.views[v.id] = v
		c.shows(ws.viewShown("home_published", v, nil))
		return reply{"view": ws.viewObject(v)}, nil
	}
	if h := c.args.str("hash"); h != "" && h != u.home.hash {
		return nil, fail("hash_conflict")
	}
	before := ws.viewBodyJSON(u.home)
	if err := ws.replaceView(u.home, b); err != nil {
		return nil, err
	}
	c.shows(ws.viewShown("home_published", u.home, before))
	return reply{"view": ws.viewObject(u.home)}, nil
}

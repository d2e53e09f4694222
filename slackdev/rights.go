package slackdev

import (
	"bytes"
	"encoding/json"

	"cloudimage/slackdev/surface"
)

// This file refuses blocks that an app may show only with a scope, whichever
// method or ack they come with.

// mayShow fails with missing_scope for blocks whose elements need a scope that
// the app lacks. The blocks are good otherwise, and the workspace is not locked.
func (ws *Workspace) mayShow(blocks json.RawMessage) error {
	if !bytes.Contains(blocks, []byte(`"file_input"`)) {
		return nil
	}
	for _, c := range surface.Parse(blocks).Controls {
		if c.Kind == "file_input" {
			return ws.need("files:read")
		}
	}
	return nil
}

// need fails with missing_scope unless the bot has the scope now.
func (ws *Workspace) need(scope string) error {
	ws.mu.Lock()
	c := &call{ws: ws, scopes: ws.st.app.scopes, granted: ws.st.app.granted}
	ws.mu.Unlock()
	return c.need(scope)
}

package slackdev

import (
	"context"
	"net/http"
	"strconv"

	"cloudimage/slackdev/inspector"
)

// This file has what the inspector tells, for tests of apps and for the page.

// Interactions lists the interactions that are remembered, oldest first; see
// [Options].KeepInteractions.
func (ws *Workspace) Interactions() []inspector.Interaction { return ws.record.All() }

// WaitForInteraction returns the latest interaction for which match is true, as
// soon as there is one: at once, or after a change of the workspace. The error
// is that of ctx.
func (ws *Workspace) WaitForInteraction(ctx context.Context, match func(inspector.Interaction) bool) (inspector.Interaction, error) {
	var found inspector.Interaction
	err := ws.WaitFor(ctx, func() bool {
		some := false
		for _, i := range ws.Interactions() {
			if match(i) {
				found, some = i, true
			}
		}
		return some
	})
	return found, err
}

// serveInteractions answers GET /dev/api/interactions: those after the number
// since, or, with rev, those that are new or different since a reading which had
// that rev. It needs no lock of the workspace, and may be long.
func (ws *Workspace) serveInteractions(w http.ResponseWriter, r *http.Request) {
	if !askedByPage(w, r) {
		return
	}
	number := func(key string) int64 {
		n, err := strconv.ParseInt(r.URL.Query().Get(key), 10, 64)
		if err != nil {
			return 0
		}
		return n
	}
	items, rev := ws.record.Read(number("since"), number("rev"))
	writeControl(w, http.StatusOK, map[string]any{"items": items, "rev": rev, "budget_ms": ws.opts.AckTimeout.Milliseconds()})
}

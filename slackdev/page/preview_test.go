package page_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func asText(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// refusedIsBesideTheBlock opens the inspector on a call that was refused.
func refusedIsBesideTheBlock(t *testing.T, b context.Context) {
	const tooLong, noText, stray = "must be less than 3001 characters", "missing required field: text", "no more than 50 items allowed"
	blocks := []obj{
		{"type": "divider"},
		{"type": "section", "text": mrkdwn("A card"), "accessory": button("Press", "press")},
		{"type": "container", "title": plain("Box"), "child_blocks": []obj{{"type": "header"}}},
		{"type": "section", "text": 7, "fields": "none"},
	}
	ws := newWorkspace(t)
	ws.set("interactions", obj{"items": []obj{{
		"id": 1, "at": "2025-11-25T10:31:00Z", "user": ana, "kind": "slash_commands", "name": "/demo", "ack_ms": 12, "outcome": "ok", "payload": obj{},
		"calls": []obj{{
			"method": "chat.postMessage", "ok": false, "error": "invalid_blocks", "ms": 2, "args": obj{"channel": "C0ONE", "blocks": asText(t, blocks)},
			"result": obj{"ok": false, "error": "invalid_blocks", "response_metadata": obj{"messages": []string{
				"[ERROR] " + tooLong + " [json-pointer:/blocks/1/accessory/value]",
				"[ERROR] must be a string [json-pointer:/blocks/1/text/text]",
				"[ERROR] " + noText + " [json-pointer:/blocks/2/child_blocks/0]",
				"[ERROR] " + stray + " [json-pointer:/blocks]",
			}}},
		}},
	}}})
	p := open(t, b, ws, "as="+ana, 1400, 900)
	p.click(testid("inspector-toggle"))
	p.click(testid("interaction") + " summary")
	p.until(`document.querySelectorAll('[data-testid="problem"]').length === 4`)
	p.shoot("refused", testid("refused"))
	got := value[[]string](p, `[...document.querySelectorAll('[data-testid="problem"]')].map((problem) => {
		let before = problem.previousElementSibling;
		while (before?.dataset.testid === 'problem') before = before.previousElementSibling;
		return (before?.dataset.blockType ?? 'above all') + ': ' + problem.innerText;
	})`)
	want := []string{
		"above all: " + stray + " /blocks",
		"section: " + tooLong + " /blocks/1/accessory/value",
		"section: must be a string /blocks/1/text/text",
		"header: " + noText + " /blocks/2/child_blocks/0",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if !value[bool](p, `document.querySelector('.refused [data-action-id="press"]').matches('.at-fault:disabled')`) {
		t.Error("the culprit is not marked, or can be pressed")
	}
}

package page_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
)

// evil is what nobody may get onto the page as anything but these characters.
const evil = `<img src=x onerror="window.stolen=1"><script>window.stolen=1</script>`

// worded are the keys under which Block Kit has words for people.
var worded = []string{
	"text", "label", "title", "alt_text", "caption", "subtitle", "name", "description", "author_name", "provider_name", "fallback",
	"x_label", "y_label", "value", "pretext", "footer", "language", "display_id", "external_id", "source", "initial_value", "timezone",
	"accessibility_label", "format", "range",
}

// poisoned copies a value with evil in place of every word, as the wire has it:
// mrkdwn is escaped, everything else is what it says. Categories and options are
// known by their words, so these stay what they are among each other.
func poisoned(v any, key string, escaped bool) any {
	switch v := v.(type) {
	case obj:
		out := obj{}
		escaped = escaped || v["type"] == "mrkdwn"
		for k, each := range v {
			out[k] = poisoned(each, k, escaped)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, each := range v {
			out[i] = poisoned(each, key, escaped)
		}
		return out
	case []obj:
		out := make([]any, len(v))
		for i, each := range v {
			out[i] = poisoned(each, key, escaped)
		}
		return out
	case string:
		switch {
		case !slices.Contains(worded, key) && key != "categories":
			return v
		case escaped:
			return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(evil)
		}
		return evil
	}
	return v
}

// textIsOnlyText draws the gallery with a script in every text field there is.
func textIsOnlyText(t *testing.T, b context.Context) {
	g := readGallery(t)
	for name, blocks := range g.messages {
		var out []obj
		for _, block := range blocks {
			out = append(out, poisoned(block, "", false).(obj))
		}
		g.messages[name] = out
	}
	g.modal = poisoned(maps.Clone(g.modal), "", false).(obj)
	for i, each := range g.attachments {
		g.attachments[i] = poisoned(each, "", true).(obj)
	}
	ws := newWorkspace(t)
	g.withoutModal(ws)
	p := open(t, b, ws, "as="+ana, 1200, 900)
	value[bool](p, `Boolean(document.querySelectorAll('details').forEach((each) => { each.open = true; }) ?? true)`)
	check := func(where string) {
		t.Helper()
		type found struct {
			Silent, Made []string
			Shown        int
		}
		got := value[found](p, `(() => {
			const evil = `+quote(evil)+`;
			const says = (node) => node.textContent.includes(evil) || [...node.querySelectorAll('*'), node].some((each) =>
				[each.value, each.title, each.alt, each.placeholder, each.ariaLabel].some((word) => String(word ?? '').includes(evil)));
			const blocks = [...document.querySelectorAll('`+where+`')];
			return {
				Shown: blocks.length,
				Silent: blocks.filter((each) => !says(each)).map((each) => each.dataset.blockId ?? each.className),
				Made: [...document.querySelectorAll('`+where+` :is(script, iframe, object, embed, img:not(.image-picture), [onerror], [onload])')].map((each) => each.outerHTML.slice(0, 200)),
			};
		})()`)
		for _, each := range got.Silent {
			if !slices.Contains([]string{"line", "unknown", "unknown-element"}, each) {
				t.Errorf("%s: the block %s does not show what was written into it", where, each)
			}
		}
		for _, each := range got.Made {
			t.Errorf("%s: text became an element: %s", where, each)
		}
		if got.Shown == 0 {
			t.Errorf("%s: nothing was looked at", where)
		}
	}
	check(`[data-testid="block"]`)
	check(`[data-testid="attachment"]`)
	showModal(p, ws, g.modal)
	check(`.modal [data-testid="block"]`)
	if value[bool](p, `window.stolen !== undefined`) {
		t.Error("text ran as code")
	}
}

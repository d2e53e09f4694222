package page_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// controls are the roles that are nothing to a person who is not told a name.
var controls = []string{
	"button", "checkbox", "combobox", "Date", "DateTime", "dialog", "image", "img", "InputTime", "link", "listbox",
	"menu", "menuitem", "option", "radio", "radiogroup", "region", "searchbox", "spinbutton", "switch", "tab", "textbox", "toolbar",
}

// unnamed lists what the browser's accessibility tree has of these without a
// name, and counts those with one.
func (p *tab) unnamed() (without []string, with int) {
	p.t.Helper()
	tree, err := inTime(p, func(ctx context.Context, t *chromedp.Target) (accessibility.GetFullAXTreeResult, error) {
		return cdp.Call(ctx, t, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	})
	if err != nil {
		p.t.Fatal(err)
	}
	for _, n := range tree.Nodes {
		if n.Ignored || n.Role == nil {
			continue
		}
		var role, name string
		json.Unmarshal(n.Role.Value, &role)
		if n.Name != nil {
			json.Unmarshal(n.Name.Value, &name)
		}
		switch {
		case !slices.Contains(controls, role):
		case strings.TrimSpace(name) == "":
			raw, _ := json.Marshal(n)
			without = append(without, string(raw))
		default:
			with++
		}
	}
	return without, with
}

// everythingHasAName asks the browser for what it would tell assistive
// technology of every block and element, open lists and dialogs included.
func everythingHasAName(t *testing.T, b context.Context) {
	g := readGallery(t)
	ws := newWorkspace(t)
	ws.on("suggest", func() obj { return obj{"ok": true, "options": []obj{option("Found", "f")}} })
	g.withoutModal(ws)
	p := open(t, b, ws, "as="+ana, 1200, 900)
	check := func(where string, least int) {
		t.Helper()
		without, with := p.unnamed()
		for _, each := range without {
			t.Errorf("%s: a control without a name: %s", where, each)
		}
		if with < least {
			t.Errorf("%s: the browser tells of %d controls, want %d or more", where, with, least)
		}
	}
	check("the messages", 90)
	p.click(`[data-action-id="more"]`)
	p.until(`document.querySelector('[role="menu"]')`)
	check("an overflow menu", 93)
	p.do(chromedp.KeyEvent(kb.ArrowDown + kb.ArrowDown + kb.Enter))
	p.until(`document.querySelector('[data-testid="confirm"]')`)
	check("a confirm dialog", 3)
	p.do(chromedp.KeyEvent(kb.Escape))
	p.until(`!document.querySelector('[data-testid="confirm"]')`)
	p.click(`[data-action-id="people"]`)
	p.until(`document.querySelector('[data-testid="option"]')`)
	check("an open list", 93)
	p.do(chromedp.KeyEvent(kb.Escape))
	showModal(p, ws, g.modal)
	check("the modal", 40)
}

// focusCanBeSeen tries everything in a block that takes the focus.
func focusCanBeSeen(t *testing.T, b context.Context) {
	g := readGallery(t)
	ws := newWorkspace(t)
	g.withoutModal(ws)
	p := open(t, b, ws, "as="+ana, 1200, 900)
	p.still()
	const look = `(() => {
		const found = [...document.querySelectorAll('.block :is(a[href], button, input, textarea, summary, [tabindex="0"])')].filter((each) => each.checkVisibility() && !each.disabled);
		const poor = found.filter((each) => {
			each.focus({ focusVisible: true });
			const { outlineStyle, outlineWidth } = getComputedStyle(each);
			return document.activeElement !== each || outlineStyle === 'none' || parseFloat(outlineWidth) < 2;
		});
		return { Count: found.length, Poor: poor.map((each) => each.outerHTML.slice(0, 120)) };
	})()`
	type focusable struct {
		Count int
		Poor  []string
	}
	for _, theme := range []string{"light", "dark"} {
		p.theme(theme)
		got := value[focusable](p, look)
		for _, each := range got.Poor {
			t.Errorf("the focus cannot be seen, in the %s theme: %s", theme, each)
		}
		if got.Count < 60 {
			t.Errorf("only %d things take the focus", got.Count)
		}
	}
	if n := value[int](p, `document.getAnimations().length`); n != 0 {
		t.Errorf("%d things move though less motion was asked for", n)
	}
}

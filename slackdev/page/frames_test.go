package page_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// showMessage opens one message of the gallery.
func showMessage(t *testing.T, b context.Context, name string) (*workspace, *tab) {
	t.Helper()
	ws := newWorkspace(t)
	ws.message(obj{"text": name, "blocks": readGallery(t).messages[name]})
	p := open(t, b, ws, "as="+ana, 1200, 900)
	p.still()
	return ws, p
}

// tablesSortAndTurn works a data table as a reader does; what stands in its
// cells is redrawn and still works.
func tablesSortAndTurn(t *testing.T, b context.Context) {
	ws, p := showMessage(t, b, "figures")
	const table = `[data-block-id="data"] `
	rows := func() []string {
		t.Helper()
		return value[[]string](p, `[...document.querySelectorAll('`+table+`tbody th')].map((each) => each.innerText)`)
	}
	sorted := func(column string) string {
		t.Helper()
		return value[string](p, `document.querySelector('`+table+`thead th:nth-child(`+column+`)').ariaSort`)
	}
	step := func(css, sort string, want ...string) {
		t.Helper()
		p.click(table + css)
		if diff := cmp.Diff(want, rows()); diff != "" {
			t.Errorf("after %s (-want +got):\n%s", css, diff)
		}
		if got := sorted("2"); got != sort {
			t.Errorf("after %s the numbers are sorted %s, want %s", css, got, sort)
		}
	}
	step(`[aria-label="Rows after"]`, "none", "Bravo")
	contains(t, p.text(table+".pager"), "4 to 4 of 4")
	step(`thead th:nth-child(2) button`, "ascending", "Bravo", "Delta", "Charlie")
	step(`thead th:nth-child(2) button`, "descending", "Alpha", "Charlie", "Delta")
	step(`[aria-label="Rows after"]`, "descending", "Bravo")
	step(`thead th:nth-child(1) button`, "none", "Alpha", "Bravo", "Charlie")
	step(`[aria-label="Rows after"]`, "none", "Delta")
	p.click(`[data-action-id="row-1"]`)
	if body := ws.posted(t, "action"); body["action_id"] != "row-1" || body["block_id"] != "data" {
		t.Errorf("pressed %v", body)
	}
	p.click(`[data-block-id="bars"] summary`)
	contains(t, p.text(`[data-block-id="bars"] .chart-numbers`), "Passed")
}

// chartsFit draws a chart as wide as there is room, and no wider.
func chartsFit(t *testing.T, b context.Context) {
	_, p := showMessage(t, b, "figures")
	const fits = `(() => { const f = document.querySelector('[data-block-id="bars"] .chart-frame'); return Math.abs(f.clientWidth - f.firstChild.width.baseVal.value) < 2 && f.clientWidth; })()`
	p.until(fits)
	wide := value[int](p, fits)
	value[bool](p, `Boolean(document.querySelector('.message-list').style.maxWidth = '380px')`)
	p.until(`(` + fits + ` || Infinity) < ` + strconv.Itoa(wide-100))
	out := value[[]string](p, `[...document.querySelectorAll('[data-block-id="bars"] svg text')]
		.map((each) => [each.textContent, each.getBoundingClientRect().right, each.closest('.chart').getBoundingClientRect().right])
		.filter(([, word, chart]) => word > chart).map(String)`)
	if len(out) > 0 {
		t.Errorf("these words stick out of the chart: %q", out)
	}
}

// whatIsInsideWorks presses and chooses in containers, layouts and cards: each
// control is its own block's, and keeps what was chosen.
func whatIsInsideWorks(t *testing.T, b context.Context) {
	ws, p := showMessage(t, b, "frames")
	heard := func(block, action string) obj {
		t.Helper()
		body := ws.posted(t, "action")
		if body["block_id"] != block || body["action_id"] != action {
			t.Errorf("the bot heard of %v in %v, want %s in %s", body["action_id"], body["block_id"], action, block)
		}
		return body
	}
	p.click(`[data-action-id="inner-select"]`)
	p.click(testid("option"))
	state, _ := heard("inner", "inner-select")["state"].(obj)
	want := obj{"inner": obj{"inner-select": obj{"type": "static_select", "selected_option": option("Inner", "i")}}}
	if diff := cmp.Diff(want, state, asJSON); diff != "" {
		t.Errorf("state (-want +got):\n%s", diff)
	}
	for _, c := range [][2]string{{"inner-actions", "inner-button"}, {"l3", "layout-button"}, {"card", "card-button"}, {"c1", "c1-button"}} {
		p.click(`[data-action-id="` + c[1] + `"]`)
		heard(c[0], c[1])
	}

	if value[bool](p, `document.querySelector('[data-block-id="hidden"]').checkVisibility()`) {
		t.Error("a folded container shows what is in it")
	}
	p.click(`[data-block-id="folded"] summary`)
	p.until(`document.querySelector('[data-block-id="hidden"]').checkVisibility()`)
	p.until(`document.querySelector('.carousel-arrow.back').disabled`)
	p.click(`.carousel-arrow.right`)
	p.until(`document.querySelector('.carousel-track').scrollLeft > 100 && !document.querySelector('.carousel-arrow.back').disabled`)
}

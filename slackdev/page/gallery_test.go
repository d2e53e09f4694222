package page_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"cloudimage/slackdev/blockkit"

	"cloudimage/slackdev/browsertest"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestBlockKit looks at how blocks are drawn, in a browser of its own.
func TestBlockKit(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	for name, run := range map[string]func(*testing.T, context.Context){
		"every block is drawn":                        galleryIsDrawn,
		"markdown is read as people write it":         markdownRenders,
		"rich text is typed with marks":               richTextIsTyped,
		"tables sort and turn their pages":            tablesSortAndTurn,
		"what is broken is drawn, too":                brokenIsDrawnToo,
		"charts fit":                                  chartsFit,
		"what is inside works":                        whatIsInsideWorks,
		"text is only text":                           textIsOnlyText,
		"every control has a name":                    everythingHasAName,
		"the focus can be seen":                       focusCanBeSeen,
		"keys choose":                                 keysChoose,
		"keys act and pick":                           keysActAndPick,
		"what Slack refused stands beside the blocks": refusedIsBesideTheBlock,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, b)
		})
	}
}

// A gallery is every block and element that is known, in good order.
type gallery struct {
	names       []string // of the messages
	messages    map[string][]obj
	modal       obj
	attachments []obj
}

func readGallery(t *testing.T) *gallery {
	t.Helper()
	g := &gallery{}
	for name, into := range map[string]any{"messages": &g.messages, "modal": &g.modal, "attachments": &g.attachments} {
		b, err := os.ReadFile(filepath.Join("testdata", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, into); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	g.names = slices.Sorted(maps.Keys(g.messages))
	g.modal["id"], g.modal["hash"] = "V0GALLERY", "1"
	return g
}

// show puts the gallery into a workspace.
func (g *gallery) show(ws *workspace) {
	list := []obj{}
	for i, name := range g.names {
		list = append(list, obj{"ts": fmt.Sprintf("17640660%02d.000100", i), "user": bot, "bot": true, "text": name, "blocks": g.messages[name]})
	}
	list = append(list, obj{"ts": "1764066050.000100", "user": bot, "bot": true, "text": "With *attachments*", "attachments": g.attachments})
	ws.set("messages C0ONE", obj{"messages": list})
	ws.set("modals", obj{"stack": []obj{g.modal}})
}

// withoutModal shows the messages alone.
func (g *gallery) withoutModal(ws *workspace) {
	g.show(ws)
	ws.set("modals", obj{"stack": []obj{}})
}

// What is in the gallery Slack would take, but for what it only ever sends.
func TestGalleryIsGoodBlockKit(t *testing.T) {
	t.Parallel()
	g := readGallery(t)
	for name, blocks := range g.messages {
		errs := blockkit.Validate(blockkit.Message, json.RawMessage(asText(t, blocks)))
		if name == "received" {
			if len(errs) != len(blocks) {
				t.Errorf("%s: %v", name, errs)
			}
			continue
		}
		for _, err := range errs {
			t.Errorf("%s: %v", name, err)
		}
	}
	view := maps.Clone(g.modal)
	delete(view, "id")
	delete(view, "hash")
	for _, err := range blockkit.ValidateView(json.RawMessage(asText(t, view))) {
		t.Errorf("the modal: %v", err)
	}
}

// picture is every file of the workspace.
func picture(w http.ResponseWriter, _ *http.Request) {
	m := image.NewRGBA(image.Rect(0, 0, 320, 120))
	for x := range 320 {
		for y := range 120 {
			m.Set(x, y, color.RGBA{uint8(60 + x/3), uint8(120 + y), 200, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err) // memory takes everything
	}
	w.Header().Set("Content-Type", "image/png")
	w.Write(b.Bytes())
}

// shoot keeps what a window shows, when CLOUDIMAGE_SCREENSHOTS names a directory:
//
//	CLOUDIMAGE_SCREENSHOTS=/tmp/shots go test -run TestBlockKit ./slackdev/page
func (p *tab) shoot(name, css string) {
	p.t.Helper()
	dir := os.Getenv("CLOUDIMAGE_SCREENSHOTS")
	if dir == "" {
		return
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		p.t.Fatal(err)
	}
	take := chromedp.CaptureScreenshot()
	if css != "" {
		take = chromedp.Screenshot(chromedp.CSS(css))
	}
	shot, err := inTime(p, take)
	if err != nil {
		p.t.Fatalf("picture %s: %v", name, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "blockkit-"+name+".png"), shot, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// still has the page stand still, as people have it who asked for less motion.
func (p *tab) still() {
	p.t.Helper()
	_, err := inTime(p, func(ctx context.Context, t *chromedp.Target) (cdp.Empty, error) {
		return cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}},
		})
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *tab) theme(name string) {
	p.t.Helper()
	value[bool](p, `Boolean(document.documentElement.dataset.theme = `+quote(name)+`)`)
}

// galleryIsDrawn looks at every message and the modal in both themes, wide and
// on a phone, where nothing may be cut off at the side.
func galleryIsDrawn(t *testing.T, b context.Context) {
	g := readGallery(t)
	ws := newWorkspace(t)
	g.withoutModal(ws)
	p := open(t, b, ws, "as="+ana, 1200, 900)
	p.still()
	whatIsDrawn(p)
	for _, w := range []struct {
		name          string
		width, height int64
	}{{"wide", 1000, 1500}, {"phone", 390, 1900}} {
		p.do(chromedp.EmulateViewport(w.width, w.height))
		for _, theme := range []string{"light", "dark"} {
			p.theme(theme)
			if got := value[[]string](p, tooWide); len(got) > 0 {
				t.Errorf("wider than the window of %d: %q", w.width, got)
			}
			for i, name := range append(g.names, "attachments") {
				css := fmt.Sprintf(`.message-list article:nth-of-type(%d)`, i+1)
				value[bool](p, `Boolean(document.querySelector(`+quote(css)+`).scrollIntoView() ?? true)`)
				p.until(`[...document.querySelectorAll(` + quote(css+" img") + `)].every((each) => each.complete && each.naturalWidth > 0)`)
				p.shoot(name+"-"+w.name+"-"+theme, css)
			}
		}
	}
	showModal(p, ws, g.modal)
	value[bool](p, `Boolean(document.querySelector('.modal').style.maxHeight = 'none')`)
	for _, theme := range []string{"light", "dark"} {
		p.do(chromedp.EmulateViewport(900, 2500))
		p.theme(theme)
		p.shoot("modal-"+theme, ".modal")
		p.do(chromedp.EmulateViewport(390, 2600))
		p.shoot("modal-phone-"+theme, ".modal")
	}
}

// tooWide lists what sticks out of the window and is not in a box that scrolls.
const tooWide = `[...document.querySelectorAll('.message-list .block, .message-list .block *')]
	.filter((each) => !each.closest('.table-scroll, .carousel-track, svg, .json') && each.checkVisibility() && each.getBoundingClientRect().right > innerWidth)
	.map((each) => each.className || each.localName)`

// whatIsDrawn counts the parts of every message.
func whatIsDrawn(p *tab) {
	p.t.Helper()
	for _, c := range []struct {
		block, css string
		want       int
	}{
		{"title", "h3.level-1", 1}, {"level2", "h3.level-2", 1}, {"level3", "h4.level-3", 1}, {"level4", "h5.level-4", 1},
		{"words", "strong, em, s, code, blockquote, pre, time, .mention", 9},
		{"fields", ".section-fields > div", 4},
		{"with-image", ".section-accessory [role=img]", 1},
		{"buttons", ".button", 6}, {"buttons", "a.button", 1}, {"buttons", ".primary", 1}, {"buttons", ".danger", 1},
		{"small", ".context-row > *", 3},
		{"feedback", "button", 3},
		{"selects", "[role=combobox]", 9}, {"selects", ".token", 1},
		{"times", "input", 3}, {"times", ".zone", 1},
		{"ticks", "input[type=checkbox], input[type=radio]", 4}, {"ticks", "input:checked", 1},
		{"rich", "li", 5}, {"rich", "ol[start='3'] > li", 3}, {"rich", "ol ul ul", 1}, {"rich", ".mention", 5}, {"rich", "mark, u, s, em, strong", 5},
		{"rich", ".emoji", 2}, {"rich", ".colour", 1}, {"rich", "a", 2},
		{"markdown", "h3, hr, blockquote, pre, table", 5}, {"markdown", "li", 7}, {"markdown", "input[type=checkbox]:disabled", 2}, {"markdown", "a", 2}, {"markdown", "td.align-right", 2},
		{"box", ".container-blocks > .block", 2}, {"box", ".container-head.divided", 1},
		{"folded", "details:not([open])", 1},
		{"columns", ".layout-item", 3},
		{"card", ".card > *", 5},
		{"carousel", ".card", 4},
		{"plan", ".task", 4}, {"plan", ".task-complete, .task-in_progress, .task-error, .task-pending", 4}, {"plan", ".task-sources a", 1},
		{"video", "video, iframe", 0}, {"video", "a[href='https://example.com/embed']", 1},
		{"bars", "rect.bar", 10}, {"bars", ".chart-legend li", 2}, {"bars", ".chart-numbers tbody tr", 5}, {"bars", "text.axis-label", 2},
		{"pie", "path.slice", 3}, {"pie", ".chart-numbers td", 6},
		{"area", "path.area", 1}, {"area", "circle", 6},
		{"lines", "path.line", 2},
		{"data", "tbody tr", 3}, {"data", "th[scope=col]", 4}, {"data", "th[scope=row]", 3},
		{"table", "tbody tr", 2}, {"table", ".align-right", 3}, {"table", ".wraps", 3},
		{"call", "a", 1}, {"file", ".tile", 1},
		{"unknown", "[data-testid=placeholder]", 1}, {"unknown-element", "[data-testid=placeholder]", 1},
		{"in-attachment", "button:enabled", 1},
	} {
		got := value[int](p, `document.querySelector('[data-block-id="`+c.block+`"]').querySelectorAll(`+quote(c.css)+`).length`)
		if got != c.want {
			p.t.Errorf("the block %s has %d of %s, want %d", c.block, got, c.css, c.want)
		}
	}
	if n := value[int](p, `document.querySelectorAll('[data-testid="placeholder"]').length`); n != 2 {
		p.t.Errorf("%d placeholders: something of the gallery is not drawn", n)
	}
	if n := value[int](p, `document.querySelectorAll('[data-testid="attachment"]').length`); n != 3 {
		p.t.Errorf("%d attachments are drawn, want 3", n)
	}
}

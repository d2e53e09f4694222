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

	"github.com/chromedp/chromedp"
)

// TestBlockKit looks at how blocks are drawn, in a browser of its own.
func TestBlockKit(t *testing.T) {
	t.Parallel()
	b := browser(t)
	for name, run := range map[string]func(*testing.T, context.Context){
		"every block is drawn":                        galleryIsDrawn,
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
	shot, err := chromedp.Run(p.ctx, take)
	if err != nil {
		p.t.Fatalf("picture %s: %v", name, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "blockkit-"+name+".png"), shot, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

func galleryIsDrawn(t *testing.T, b context.Context) {
	g := readGallery(t)
	ws := newWorkspace(t)
	g.withoutModal(ws)
	p := open(t, b, ws, "as="+ana, 1200, 900)
	for _, w := range []struct {
		name  string
		width int64
	}{{"wide", 1000}, {"phone", 390}} {
		p.do(chromedp.EmulateViewport(w.width, 6000))
		for _, theme := range []string{"light", "dark"} {
			value[bool](p, `Boolean(document.documentElement.dataset.theme = `+quote(theme)+`)`)
			p.shoot("messages-"+w.name+"-"+theme, ".message-list")
		}
	}
	showModal(p, ws, g.modal)
	p.do(chromedp.EmulateViewport(900, 2600))
	for _, theme := range []string{"light", "dark"} {
		value[bool](p, `Boolean(document.documentElement.dataset.theme = `+quote(theme)+`)`)
		p.shoot("modal-"+theme, "")
	}
}

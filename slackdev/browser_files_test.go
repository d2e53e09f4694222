package slackdev

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/slack-go/slack"
)

// filesAreChosen puts files into a modal and takes one out again; the app gets
// the rest and reads it.
func filesAreChosen(t *testing.T, browser context.Context) {
	ws := start(t)
	got := make(chan string, 1)
	b := &bot{}
	b.slash = func(c slack.SlashCommand) any {
		view := form("files")
		view.Blocks.BlockSet = []slack.Block{slack.NewInputBlock("files", plain("Files"), nil, slack.NewFileInputBlockElement("v").WithFileTypes("txt").WithMaxFiles(2))}
		go b.api.OpenView(c.TriggerID, view)
		return nil
	}
	b.submit = func(ic slack.InteractionCallback) any {
		var said []string
		for _, f := range ic.View.State.Values["files"]["v"].Files {
			var data bytes.Buffer
			if err := b.api.GetFile(f.URLPrivateDownload, &data); err != nil {
				t.Error(err)
			}
			said = append(said, f.Name+" by "+f.User+": "+data.String())
		}
		got <- strings.Join(said, ", ")
		return nil
	}
	connect(t, ws, 1, b)
	at := map[string]string{}
	for _, name := range []string{"one.txt", "two.txt", "three.txt", "four.png"} {
		at[name] = filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(at[name], []byte("words of "+name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w := lookWith(t, browser, ws, "ana")[0]
	const field, status = `[data-testid="modal"] input[type="file"]`, `document.querySelector('[data-testid="file-status"]').innerText`
	choose := func(names ...string) {
		t.Helper()
		var paths []string
		for _, n := range names {
			paths = append(paths, at[n])
		}
		w.until(`document.querySelector('` + field + `')?.disabled === false`)
		w.do(chromedp.SetUploadFiles(chromedp.CSS(field), paths))
	}
	chosen := func(names ...string) {
		t.Helper()
		w.until(`[...document.querySelectorAll('[data-testid="file-chosen"]')].map((one) => one.dataset.name).join() === '` + strings.Join(names, ",") + `'`)
	}
	w.keys(`[data-testid="composer"]`, "/thing"+kb.Enter)
	w.modal("files")
	w.click(`[data-testid="modal-submit"]`)
	w.until(`document.querySelector('[data-testid="field-error"]')?.innerText.trim() === 'Please complete this required field.'`)
	choose("four.png")
	w.until(status + `.includes('types: txt')`)
	choose("one.txt", "two.txt")
	chosen("one.txt", "two.txt")
	choose("three.txt")
	w.until(status + `.includes('no more than 2')`)
	w.click(`[data-name="one.txt"] button`)
	chosen("two.txt")
	w.until(`!document.querySelector('[data-testid="field-error"]')`) // the field is drawn anew
	choose("three.txt")
	chosen("two.txt", "three.txt")
	w.shots("file-input")
	w.click(`[data-testid="modal-submit"]`)
	w.noModal()
	if said := <-got; said != "two.txt by U0ANA: words of two.txt, three.txt by U0ANA: words of three.txt" {
		t.Errorf("the app read %q", said)
	}
}

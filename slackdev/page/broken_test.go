package page_test

import (
	"context"
	"testing"
)

// brokenIsDrawnToo draws every block of the gallery with every value in it
// replaced by one of another kind: an inspector shows what apps get wrong, so
// nothing an app can send may stop the page from drawing.
func brokenIsDrawnToo(t *testing.T, b context.Context) {
	g := readGallery(t)
	blocks := g.modal["blocks"].([]any)
	for _, name := range g.names {
		for _, block := range g.messages[name] {
			blocks = append(blocks, block)
		}
	}
	p := open(t, b, newWorkspace(t), "as="+ana, 1200, 900)
	type result struct {
		Drawn  int
		Failed []string
	}
	got := value[result](p, `import('/dev/static/js/blockkit/preview.js').then(async ({ renderPreview }) => {
		const blocks = `+asText(t, blocks)+`;
		const directory = { user: () => undefined, users: () => [], group: () => undefined, conversation: () => undefined, conversations: () => [], label: (id) => String(id) };
		const env = { directory, me: 'U0ANA', zone: 'UTC', now: new Date(0), place: 'C0ONE' };
		const box = document.querySelector('.message-list').appendChild(document.createElement('div'));
		const out = { Drawn: 0, Failed: [] };
		const draw = (block, where) => {
			try {
				renderPreview(box, [block], [{ pointer: '/blocks/0', message: 'broken' }], env);
				out.Drawn += 1;
				if (box.querySelectorAll('[data-testid="problem"]').length !== 1) out.Failed.push(where + ': the problem is not shown');
			} catch (error) {
				out.Failed.push(where + ': ' + error);
			}
		};
		const others = [null, 7, 'words', ['words'], {}];
		const walk = (root, value, where) => {
			for (const key of Object.keys(value)) {
				const kept = value[key];
				for (const other of others) {
					value[key] = other;
					draw(root, where + '/' + key + ' = ' + JSON.stringify(other));
				}
				delete value[key];
				draw(root, where + '/' + key + ' is missing');
				value[key] = kept;
				if (kept !== null && typeof kept === 'object') walk(root, kept, where + '/' + key);
			}
		};
		for (const other of [...others, true]) draw(other, JSON.stringify(other));
		for (const block of blocks) {
			walk(block, block, block.type);
			await new Promise(requestAnimationFrame); // what is drawn later must not fail either
		}
		return out;
	})`)
	for _, each := range got.Failed {
		t.Error(each)
	}
	if got.Drawn < 5000 {
		t.Errorf("only %d blocks were drawn", got.Drawn)
	}
	t.Logf("%d broken blocks", got.Drawn)
}

package page_test

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
)

// shown writes nodes as tags around words, the way mrkdwnRenders has them.
const shown = `const show = (node) => node.nodeType === 3 ? node.data
	: node.nodeType === 11 ? [...node.childNodes].map(show).join('')
	: '[' + node.localName + (node.getAttribute('href') ? ' ' + node.getAttribute('href') : '') + (node.checked ? ' x' : '') + (node.getAttribute('start') ? ' ' + node.start : '') + ':' + [...node.childNodes].map(show).join('') + ']';`

func markdownRenders(t *testing.T, b context.Context) {
	p := open(t, b, newWorkspace(t), "as="+ana, 1200, 800)
	for _, c := range []struct{ text, want string }{
		{"plain\nwords", "[p:plain\nwords]"},
		{"one\n\ntwo", "[p:one][p:two]"},
		{"# One #\n## Two\n#### Four\n####### seven\n#none", "[h3:One][h4:Two][h6:Four][p:####### seven\n#none]"},
		{"**b** __b__ *i* _i_ ~~s~~ ***bi***", "[p:[strong:b] [strong:b] [em:i] [em:i] [s:s] [strong:[em:bi]]]"},
		{"**bold *and italic* too**", "[p:[strong:bold [em:and italic] too]]"},
		{"snake_case_name 2 * 3 * 4 a ~ b", "[p:snake_case_name 2 * 3 * 4 a ~ b]"},
		{`\*not\* \[this\](x) back\slash`, `[p:*not* [this](x) back\slash]`},
		{"**never closed", "[p:**never closed]"},
		{"`a *b*` ``c ` d``", "[p:[code:a *b*] [code:c ` d]]"},
		{"[words](https://a.example/x_(y)) [*b*](mailto:a@b.example \"title\")", "[p:[a https://a.example/x_(y):words] [a mailto:a@b.example:[em:b]]]"},
		{"[x](javascript:alert(1)) ![p](https://a.example/p.png)", "[p:[span:x] [a https://a.example/p.png:p]]"},
		{"<https://a.example> https://b.example/x. <b>", "[p:[a https://a.example:https://a.example] [a https://b.example/x:https://b.example/x]. <b>]"},
		{":tada: :no_such_emoji:", "[p:[span:🎉] :no_such_emoji:]"},
		{"- a\n- b\n  more\n- c", "[ul:[li:a][li:b\nmore][li:c]]"},
		{"* a\n  1. x\n  2. y\n* b", "[ul:[li:a[ol:[li:x][li:y]]][li:b]]"},
		{"3. c\n4. d", "[ol 3:[li:c][li:d]]"},
		{"- [x] did\n- [ ] will", "[ul:[li:[input x:]did][li:[input:]will]]"},
		{"- a\n\n  under a\n- b", "[ul:[li:a[p:under a]][li:b]]"},
		{"text\n- item", "[p:text][ul:[li:item]]"},
		{"> said\n> *so*\n\nafter", "[blockquote:[p:said\n[em:so]]][p:after]"},
		{"> - in a quote", "[blockquote:[ul:[li:in a quote]]]"},
		{"```go\nx := <-c\n\n# no heading\n```\nafter", "[pre:x := <-c\n\n# no heading][p:after]"},
		{"~~~\nopen to the end", "[pre:open to the end]"},
		{"---\n***", "[hr:][hr:]"},
		{"| a | b |\n|---|:-:|\n| 1 | x \\| y |\n| 2 |\nafter", "[div:[table:[thead:[tr:[th:a][th:b]]][tbody:[tr:[td:1][td:x | y]][tr:[td:2][td:]]]]][p:after]"},
		{"a | b\nc", "[p:a | b\nc]"},
		{"", ""},
	} {
		got := value[string](p, `import('/dev/static/js/blockkit/markdown.js').then(({ markdownBlock }) => { `+shown+` return [...markdownBlock({ text: `+quote(c.text)+` }).childNodes].map(show).join(''); })`)
		if got != c.want {
			t.Errorf("markdown %q\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

// richTextIsTyped types rich text in a modal; marks become what Slack sends.
func richTextIsTyped(t *testing.T, b context.Context) {
	initial := obj{"type": "rich_text", "elements": []obj{
		{"type": "rich_text_section", "elements": []obj{{"type": "text", "text": "Some "}, {"type": "text", "text": "bold", "style": obj{"bold": true}}}},
		{"type": "rich_text_list", "style": "ordered", "indent": 0, "elements": []obj{{"type": "rich_text_section", "elements": []obj{{"type": "user", "user_id": ana}}}}},
		{"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": []obj{{"type": "rich_text_section", "elements": []obj{{"type": "link", "url": "https://a.example", "text": "there"}}}}},
		{"type": "rich_text_quote", "elements": []obj{{"type": "text", "text": "quoted"}}},
		{"type": "rich_text_preformatted", "elements": []obj{{"type": "text", "text": "x := 1\ny := 2"}}},
	}}
	ws := newWorkspace(t)
	p := open(t, b, ws, "as="+ana, 1200, 900)
	showModal(p, ws, modal("V1", input("kept", "Kept", obj{"type": "rich_text_input", "initial_value": initial}), input("typed", "Typed", obj{"type": "rich_text_input"}), input("empty", "Empty", obj{"type": "rich_text_input"})))

	// Every tool writes its marks: around what is selected, or before its lines.
	const typed = `[data-block-id="typed"]`
	p.keys(typed+" textarea", "words _so_ `c` 2*3*4 :tada: https://a.example/x.")
	p.do(chromedp.KeyEvent("\n"))
	p.click(typed + ` [aria-label="Bulleted list"]`)
	p.do(chromedp.KeyEvent("item"))
	value[bool](p, `(() => { const box = document.querySelector('`+typed+` textarea'); box.setSelectionRange(0, 5); return true; })()`)
	p.click(typed + ` [aria-label="Bold"]`)
	p.until(`document.querySelector('` + typed + ` .rich-shown strong')?.innerText === 'words'`)

	// What was there stays what it was, also when it is touched.
	p.until(`(document.querySelector('[data-block-id="kept"] textarea').dispatchEvent(new Event('input')), true)`)
	p.click(testid("modal-submit"))
	state, _ := ws.posted(t, "submit")["state"].(obj)
	text := func(s string) obj { return obj{"type": "text", "text": s} }
	styled := func(s, style string) obj { return obj{"type": "text", "text": s, "style": obj{style: true}} }
	value := func(v any) obj { return obj{"a": obj{"type": "rich_text_input", "rich_text_value": v}} }
	want := obj{
		"kept":  value(initial),
		"empty": value(nil),
		"typed": value(obj{"type": "rich_text", "elements": []obj{
			{"type": "rich_text_section", "elements": []obj{
				styled("words", "bold"), text(" "), styled("so", "italic"), text(" "), styled("c", "code"), text(" 2*3*4 "),
				{"type": "emoji", "name": "tada"}, text(" "), {"type": "link", "url": "https://a.example/x"}, text("."),
			}},
			{"type": "rich_text_list", "style": "bullet", "indent": 0, "elements": []obj{{"type": "rich_text_section", "elements": []obj{text("item")}}}},
		}}),
	}
	if diff := cmp.Diff(want, state, asJSON); diff != "" {
		t.Errorf("rich text (-want +got):\n%s", diff)
	}
}

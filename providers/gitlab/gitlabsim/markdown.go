package gitlabsim

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"net/url"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// This file draws Markdown. Nothing that was typed becomes markup other than
// what the Markdown says: HTML is shown as it was typed, comments are hidden,
// links lead to http, https and this instance alone.

// pageText is plain text as HTML.
func pageText(s string) string { return html.EscapeString(s) }

// drawing is how a text is drawn.
type drawing struct {
	s      *Server
	in     *project // references are read in it
	boxes  []task   // of the description; the n-th box is the n-th of them
	canBox bool     // boxes are buttons
	action string   // where the buttons lead
}

// html draws a text. The server must be locked.
func (d *drawing) html(md string) template.HTML {
	var b bytes.Buffer
	g := goldmark.New(goldmark.WithExtensions(extension.TaskList, extension.Strikethrough, extension.Linkify, extension.Table),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(&nodes{d: d}, 1))))
	src := []byte(md)
	if err := g.Renderer().Render(&b, src, g.Parser().Parse(text.NewReader(src))); err != nil {
		return template.HTML("<p>" + html.EscapeString(md) + "</p>")
	}
	return template.HTML(b.String())
}

// nodes draws what goldmark would draw differently.
type nodes struct {
	d   *drawing
	box int
}

// RegisterFuncs says which nodes are drawn here.
func (n *nodes) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindRawHTML, n.rawHTML)
	r.Register(ast.KindHTMLBlock, n.htmlBlock)
	r.Register(extast.KindTaskCheckBox, n.checkBox)
	r.Register(ast.KindLink, n.link)
	r.Register(ast.KindAutoLink, n.autoLink)
	r.Register(ast.KindImage, n.image)
	r.Register(ast.KindText, n.text)
}

var comments = regexp.MustCompile(`(?s)<!--.*?(?:-->|$)`)

func visible(raw []byte) string {
	return html.EscapeString(comments.ReplaceAllString(string(raw), ""))
}

func (n *nodes) rawHTML(w util.BufWriter, src []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		var raw bytes.Buffer
		segments := node.(*ast.RawHTML).Segments
		for i := range segments.Len() {
			seg := segments.At(i)
			raw.Write(seg.Value(src))
		}
		w.WriteString(visible(raw.Bytes()))
	}
	return ast.WalkSkipChildren, nil
}

func (n *nodes) htmlBlock(w util.BufWriter, src []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		var raw bytes.Buffer
		block := node.(*ast.HTMLBlock)
		for i := range block.Lines().Len() {
			seg := block.Lines().At(i)
			raw.Write(seg.Value(src))
		}
		if block.HasClosure() {
			raw.Write(block.ClosureLine.Value(src))
		}
		if text := strings.TrimSpace(visible(raw.Bytes())); text != "" {
			w.WriteString("<p>" + text + "</p>\n")
		}
	}
	return ast.WalkContinue, nil
}

func (n *nodes) checkBox(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	box := node.(*extast.TaskCheckBox)
	class, mark, word, disabled := "", "&nbsp;", "tick", ` disabled=""`
	if box.IsChecked {
		class, mark, word = "done", "✓", "untick"
	}
	if n.d.canBox && n.box < len(n.d.boxes) {
		disabled = ""
	}
	fmt.Fprintf(w, `<form class="box" method="post" action="%s"><input type="hidden" name="do" value="%s"><input type="hidden" name="box" value="%d">`+
		`<button class="%s" aria-label="%s" aria-pressed="%t"%s>%s</button></form>`,
		html.EscapeString(n.d.action), word, n.box, class, word, box.IsChecked, disabled, mark)
	n.box++
	return ast.WalkContinue, nil
}

// safe is an address that may be linked to, or "".
func (n *nodes) safe(raw []byte) string {
	u, err := url.Parse(string(raw))
	if err != nil || u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

func (n *nodes) link(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	to := n.safe(node.(*ast.Link).Destination)
	switch {
	case to == "":
	case entering:
		w.WriteString(`<a rel="nofollow noreferrer noopener" href="` + html.EscapeString(to) + `">`)
	default:
		w.WriteString("</a>")
	}
	return ast.WalkContinue, nil
}

func (n *nodes) autoLink(w util.BufWriter, src []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		link := node.(*ast.AutoLink)
		label := html.EscapeString(string(link.Label(src)))
		if to := n.safe(link.URL(src)); to != "" && link.AutoLinkType == ast.AutoLinkURL {
			label = `<a rel="nofollow noreferrer noopener" href="` + html.EscapeString(to) + `">` + label + "</a>"
		}
		w.WriteString(label)
	}
	return ast.WalkContinue, nil
}

// image draws the words that stand for a picture: nothing is fetched from
// elsewhere.
func (n *nodes) image(w util.BufWriter, src []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		w.WriteString("[" + html.EscapeString(plain(node, src)) + "]")
	}
	return ast.WalkSkipChildren, nil
}

// shortForm is what is a link in running text: a person, an issue, a merge
// request.
var shortForm = regexp.MustCompile(`@[\w][\w.-]*|(?:(?:[\w][\w.-]*/)*[\w][\w.-]*)?[#!]\d+\b`)

func (n *nodes) text(w util.BufWriter, src []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	t := node.(*ast.Text)
	value := html.UnescapeString(string(util.UnescapePunctuations(t.Segment.Value(src))))
	if _, linked := node.Parent().(*ast.Link); linked {
		w.WriteString(html.EscapeString(value))
	} else {
		at := 0
		for _, m := range shortForm.FindAllStringIndex(value, -1) {
			w.WriteString(html.EscapeString(value[at:m[0]]))
			w.WriteString(n.reference(value[m[0]:m[1]]))
			at = m[1]
		}
		w.WriteString(html.EscapeString(value[at:]))
	}
	if t.HardLineBreak() {
		w.WriteString("<br>\n")
	} else if t.SoftLineBreak() {
		w.WriteString("\n")
	}
	return ast.WalkContinue, nil
}

func (n *nodes) reference(word string) string {
	to, title := "", ""
	if name, ok := strings.CutPrefix(word, "@"); ok {
		if u := n.d.s.state.user(name); u != nil {
			to, title = "/"+u.username, u.name
		}
	} else if found := n.d.s.mentioned(n.d.in, " "+word); len(found) == 1 {
		to, title = strings.TrimPrefix(n.d.s.web(found[0]), n.d.s.baseURL()), ""
	}
	word = html.EscapeString(word)
	if to == "" {
		return word
	}
	return `<a href="` + html.EscapeString(to) + `" title="` + html.EscapeString(title) + `">` + word + "</a>"
}

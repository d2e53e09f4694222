package chart

import (
	"fmt"
	"sort"
	"strings"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"gonum.org/v1/plot/font"
)

// pen writes: it knows the fonts, and so how wide a text will be.
type pen struct {
	regular, bold *opentype.Font
}

func newPen() (*pen, error) {
	regular, err := opentype.Parse(liberationsansregular.TTF)
	if err != nil {
		return nil, fmt.Errorf("read the font: %w", err)
	}
	bold, err := opentype.Parse(liberationsansbold.TTF)
	if err != nil {
		return nil, fmt.Errorf("read the bold font: %w", err)
	}
	return &pen{regular, bold}, nil
}

// has reports whether both fonts have a character.
func (p *pen) has(r rune) bool {
	var buf sfnt.Buffer
	for _, f := range [...]*opentype.Font{p.regular, p.bold} {
		if i, err := f.GlyphIndex(&buf, r); err != nil || i == 0 {
			return false
		}
	}
	return true
}

// typed is [typed] for what is no name.
func (p *pen) typed(text string) string {
	text, _ = typed(text, p.has)
	return text
}

// hand is how a text is written.
type hand struct {
	size float64 // pixels
	bold bool
}

func (p *pen) face(h hand) font.Face {
	f := p.regular
	if h.bold {
		f = p.bold
	}
	return font.Face{Font: font.Font{Size: font.Length(h.size)}, Face: f}
}

// width is how wide a text is, in pixels.
func (p *pen) width(text string, h hand) float64 {
	f := p.face(h)
	return float64(f.Width(text))
}

// widest is the width of the widest of some texts; 0 for none.
func (p *pen) widest(texts []string, h hand) float64 {
	w := 0.0
	for _, t := range texts {
		w = max(w, p.width(t, h))
	}
	return w
}

// fit is a text that is cut to a width, with an ellipsis for what is not there. It is
// empty where not even that fits.
func (p *pen) fit(text string, h hand, width float64) string {
	if p.width(text, h) <= width {
		return text
	}
	r := []rune(text)
	cut := func(n int) string { return strings.TrimRight(string(r[:n]), " ,") + "…" }
	n := sort.Search(len(r), func(n int) bool { return p.width(cut(n), h) > width })
	if n == 0 {
		return ""
	}
	return cut(n - 1)
}

// wrap breaks a text at its spaces into as many lines as there may be; what is
// left ends the last one with an ellipsis.
func (p *pen) wrap(text string, h hand, width float64, lines int) []string {
	var out []string
	words := strings.Fields(text)
	for len(words) > 0 {
		if len(out) == lines-1 {
			return append(out, p.fit(strings.Join(words, " "), h, width))
		}
		n := 1
		for n < len(words) && p.width(strings.Join(words[:n+1], " "), h) <= width {
			n++
		}
		out = append(out, p.fit(strings.Join(words[:n], " "), h, width))
		words = words[n:]
	}
	return out
}

package chart

import "math"

// margin is around everything, in pixels.
const margin = 32.0

// leastWidth is as wide as a picture is at least: a narrower one is blown up by
// what shows it.
const leastWidth = 900.0

// frame is what stands around a drawing: the title above it, the note below it.
type frame struct {
	*pen
	title, note []string
	titleHand   hand
	noteHand    hand
	width       float64
}

// newFrame is for a picture of that width. The notes are sentences; empty ones are
// left out.
func (p *pen) newFrame(width float64, title string, notes ...string) frame {
	size := math.Round(min(36*width/1000, 50))
	f := frame{pen: p, width: width, titleHand: hand{size, true}, noteHand: hand{math.Round(size * 0.72), false}}
	f.title = p.wrap(p.typed(title), f.titleHand, width-2*margin, 2)
	for _, n := range notes {
		f.note = append(f.note, p.wrap(p.typed(n), f.noteHand, width-2*margin, 2)...)
	}
	return f
}

func (f frame) titleLine() float64 { return math.Round(f.titleHand.size * 1.25) }
func (f frame) noteLine() float64  { return math.Round(f.noteHand.size * 1.3) }

// top is where the drawing may begin.
func (f frame) top() float64 {
	if len(f.title) == 0 {
		return margin
	}
	return margin*0.75 + f.titleLine()*float64(len(f.title)) + 12
}

// bottom is how much is needed below the drawing.
func (f frame) bottom() float64 {
	if len(f.note) == 0 {
		return margin
	}
	return 18 + f.noteLine()*float64(len(f.note)) + margin*0.6
}

// page is the page with a drawing of that height still to be made.
func (f frame) page(height float64) *page {
	p := newPage(f.pen, f.width, f.top()+height+f.bottom())
	y := margin*0.75 + f.titleLine()/2
	for _, line := range f.title {
		p.text(margin, y, left, line, f.titleHand, black)
		y += f.titleLine()
	}
	y = p.height - f.bottom() + 18 + f.noteLine()/2
	for _, line := range f.note {
		p.text(margin, y, left, line, f.noteHand, grey)
		y += f.noteLine()
	}
	return p
}

// nothing is the picture of an empty drawing.
func (p *pen) nothing(title, note string) ([]byte, error) {
	f := p.newFrame(leastWidth, title, note)
	page := f.page(160)
	page.box(margin, f.top(), f.width-2*margin, 160, None.look().fill)
	page.text(f.width/2, f.top()+80, centre, "Nothing to show", hand{32, false}, grey)
	return page.png()
}

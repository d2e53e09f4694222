package chart

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"
)

// Trend shows how figures went from one name to the next, and the limit that they
// were to keep.
type Trend struct {
	Title     string
	Note      string
	Unit      string   // of the figures: "business days"; it may be empty
	Names     []string // the places from left to right, the newest last
	Lines     []Line   // 1 to [MaxSeries]
	Limit     float64  // what was promised; 0 for no limit
	LimitName string   // "limit" when it is empty
}

// Line is one figure over time.
type Line struct {
	Name   string
	Values []float64 // one for each name; NaN, or missing at the end, for no value
}

// PNG is the picture.
func (t Trend) PNG() ([]byte, error) {
	if err := t.check(); err != nil {
		return nil, fmt.Errorf("draw a trend: %w", err)
	}
	p, err := newPen()
	if err != nil {
		return nil, fmt.Errorf("draw a trend: %w", err)
	}
	c := p.newCourse(t)
	if !c.some {
		return p.nothing(t.Title, t.Note)
	}
	return c.draw()
}

func (t Trend) check() error {
	if len(t.Lines) > MaxSeries {
		return fmt.Errorf("there are %d lines; a trend has %d at most", len(t.Lines), MaxSeries)
	}
	for i, l := range t.Lines {
		if len(l.Values) > len(t.Names) {
			return fmt.Errorf("line %d has %d values for %d names", i+1, len(l.Values), len(t.Names))
		}
		for j, v := range l.Values {
			if err := checkValue(v); err != nil {
				return fmt.Errorf("value %d of line %d: %w", j+1, i+1, err)
			}
		}
	}
	if math.IsNaN(t.Limit) {
		return fmt.Errorf("the limit is no number")
	}
	if err := checkValue(t.Limit); err != nil {
		return fmt.Errorf("the limit: %w", err)
	}
	return nil
}

// Sizes of a trend, in pixels.
const (
	trendWidth  = 1200.0
	trendHeight = 520.0 // of the part with the lines
	unitRoom    = 60.0
	widestLabel = 280.0
	dot         = 9.0 // how far a mark reaches from its middle
)

// course is a trend that is measured.
type course struct {
	frame
	names  []string
	unit   string
	lines  [][]float64
	labels []label // of the lines, and of the limit
	limit  float64
	some   bool // there is something to draw
	scale  scale

	text                hand
	x0, x1, y0, nameGap float64 // where the lines are, and how many pixels a name has
	slanted             bool
	each                int     // every so many places a name is written, the last one in any case
	below               float64 // for the names
}

// label stands at the right, as near to where its line ends as the others let it.
type label struct {
	text   string
	colour color.NRGBA
	last   int     // the place of the value there; -1 for a limit
	y      float64 // where the line ends
	at     float64 // where it stands
}

func (p *pen) newCourse(t Trend) *course {
	c := &course{unit: p.typed(t.Unit), limit: t.Limit, text: hand{size: largestText}}
	skipped := max(len(t.Names)-MaxPoints, 0)
	for i, n := range t.Names[skipped:] {
		c.names = append(c.names, named(n, "", skipped+i, p.has))
	}
	all := []float64{t.Limit}
	for _, l := range t.Lines {
		values := make([]float64, len(c.names))
		for i := range values {
			values[i] = math.NaN()
		}
		copy(values, l.Values[min(skipped, len(l.Values)):])
		c.lines = append(c.lines, values)
		all = append(all, values...)
		c.some = c.some || slices.ContainsFunc(values, func(v float64) bool { return !math.IsNaN(v) })
	}
	if !c.some {
		return c
	}
	c.scale = newScale(all, 5)
	c.frame = p.newFrame(trendWidth, t.Title, t.Note, cut(len(t.Names), MaxPoints, "points", "last"))
	c.y0 = c.top() + unitRoom
	c.label(t)
	c.place()
	return c
}

// label writes what the lines are called at their ends, with the figure there.
func (c *course) label(t Trend) {
	for i, l := range t.Lines {
		if at := lastKnown(c.lines[i]); at >= 0 {
			v := c.lines[i][at]
			c.labels = append(c.labels, label{text: c.called(l.Name, i, v), colour: plain[i], last: at, y: c.y(v)})
		}
	}
	if c.limit != 0 {
		name := t.LimitName
		if name == "" {
			name = "limit"
		}
		c.labels = append(c.labels, label{text: c.called(name, len(t.Lines), c.limit), colour: black, last: -1, y: c.y(c.limit)})
	}
	spread(c.labels, c.text.size*1.3, c.y0+c.text.size/2, c.y0+trendHeight-c.text.size/2)
}

// called is a name that is cut so that the figure behind it is not.
func (c *course) called(name string, place int, v float64) string {
	f := " " + figure(v)
	return c.fit(named(name, "", place, c.has), c.text, widestLabel-c.pen.width(f, c.text)) + f
}

// place decides where the lines are, between the axis and the labels, and how the
// names fit below them.
func (c *course) place() {
	var ticks, texts []string
	for _, v := range c.scale.ticks {
		ticks = append(ticks, figure(v))
	}
	for _, l := range c.labels {
		texts = append(texts, l.text)
	}
	c.x0 = margin + c.widest(ticks, c.text) + 20
	c.x1 = c.width - margin - c.widest(texts, c.text) - 40
	c.nameGap = (c.x1 - c.x0) / float64(len(c.names))
	widest := c.widest(c.names, c.text)
	c.below = c.text.size + 26
	c.each = 1
	if c.slanted = widest > c.nameGap-12; c.slanted {
		c.each = int(math.Ceil(c.text.size * 1.2 / (c.nameGap * math.Sin(slant))))
		c.below = min(widest, longestHead)*math.Sin(slant) + c.text.size + 16
	}
}

func (c *course) x(i int) float64     { return c.x0 + (float64(i)+0.5)*c.nameGap }
func (c *course) y(v float64) float64 { return c.y0 + (1-c.scale.part(v))*trendHeight }

func (c *course) draw() ([]byte, error) {
	p := c.page(unitRoom + trendHeight + c.below)
	p.text(margin, c.top()+16, left, p.fit(c.unit, c.text, c.width-2*margin), c.text, grey)
	for _, v := range c.scale.ticks {
		y := math.Round(c.y(v))
		colour := faint
		if v == 0 {
			colour = grey
		}
		p.line(colour, 2, nil, [2]float64{c.x0, y}, [2]float64{c.x1, y})
		p.text(c.x0-14, y, right, figure(v), c.text, grey)
	}
	for i, n := range c.names {
		y := c.y0 + trendHeight
		switch {
		case (len(c.names)-1-i)%c.each != 0:
		case c.slanted:
			n = p.fit(n, c.text, longestHead)
			w := p.pen.width(n, c.text) * math.Sin(slant)
			p.slanted(c.x(i)-w+c.text.size*0.4, y+w+c.text.size*0.75, n, c.text, black)
		default:
			p.text(c.x(i), y+c.text.size/2+14, centre, n, c.text, black)
		}
	}
	if c.limit != 0 {
		y := math.Round(c.y(c.limit))
		p.line(black, 3, []float64{14, 10}, [2]float64{c.x0, y}, [2]float64{c.x1, y})
	}
	for i, values := range c.lines {
		c.run(p, values, plain[i])
		for j, v := range values {
			if !math.IsNaN(v) {
				mark(p, i, c.x(j), c.y(v), plain[i])
			}
		}
	}
	c.tell(p)
	return p.png()
}

// run draws a line, which ends where there is no value and begins anew.
func (c *course) run(p *page, values []float64, colour color.NRGBA) {
	var run [][2]float64
	for j, v := range values {
		if !math.IsNaN(v) {
			run = append(run, [2]float64{c.x(j), c.y(v)})
		}
		if (math.IsNaN(v) || j == len(values)-1) && len(run) > 0 {
			if len(run) > 1 {
				p.line(colour, 5, nil, run...)
			}
			run = nil
		}
	}
}

// tell writes the labels, and leads from where they belong to where they stand.
func (c *course) tell(p *page) {
	for _, l := range c.labels {
		x := c.x1 + 30
		if l.last >= 0 {
			p.line(l.colour, 2, []float64{3, 6}, [2]float64{c.x(l.last) + dot + 4, l.y}, [2]float64{c.x1, l.y})
		}
		p.line(l.colour, 2, nil, [2]float64{c.x1 + 4, l.y}, [2]float64{x - 8, l.at})
		h := c.text
		h.bold = true
		p.text(x, l.at, left, l.text, h, l.colour)
	}
}

// mark is what stands at the values of a line; each line has its own.
func mark(p *page, line int, x, y float64, c color.NRGBA) {
	switch line {
	case 0:
		p.disc(x, y, dot, c)
	case 1:
		p.box(x-dot*0.9, y-dot*0.9, dot*1.8, dot*1.8, c)
	case 2:
		p.shape(c, [2]float64{x, y - dot*1.2}, [2]float64{x + dot*1.2, y + dot}, [2]float64{x - dot*1.2, y + dot})
	default:
		p.shape(c, [2]float64{x, y - dot*1.3}, [2]float64{x + dot*1.3, y}, [2]float64{x, y + dot*1.3}, [2]float64{x - dot*1.3, y})
	}
}

// lastKnown is the place of the last value there is; -1 for none.
func lastKnown(values []float64) int {
	for i := len(values) - 1; i >= 0; i-- {
		if !math.IsNaN(values[i]) {
			return i
		}
	}
	return -1
}

// spread places labels as near to their lines as they can be, so far from each other,
// between the ends.
func spread(labels []label, apart, low, high float64) {
	order := make([]*label, len(labels))
	for i := range labels {
		labels[i].at = min(max(labels[i].y, low), high)
		order[i] = &labels[i]
	}
	slices.SortStableFunc(order, func(a, b *label) int { return cmp.Compare(a.y, b.y) })
	for i := 1; i < len(order); i++ {
		order[i].at = max(order[i].at, order[i-1].at+apart)
	}
	for i := len(order) - 1; i >= 0; i-- {
		order[i].at = min(order[i].at, high-apart*float64(len(order)-1-i))
	}
}

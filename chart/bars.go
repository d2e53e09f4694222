package chart

import (
	"fmt"
	"image/color"
	"math"
)

// Bars are stacked bars, one below the other, and their figures beside them.
type Bars struct {
	Title  string
	Note   string
	Unit   string   // what is counted: "listings"; it may be empty
	Series []Series // what a bar is made of, from its beginning on; 1 to [MaxSeries]
	Rows   []BarRow
}

// Series is a part that every bar has.
type Series struct {
	Name  string
	Level Level // decides the colour; [None] for one by its place
}

// BarRow is a bar.
type BarRow struct {
	Name   string
	ID     string    // drawn when the name cannot be; it may be empty
	Values []float64 // one for each series, 0 or more; NaN, or missing at the end, for not known
}

// PNG is the picture.
func (b Bars) PNG() ([]byte, error) {
	if err := b.check(); err != nil {
		return nil, fmt.Errorf("draw bars: %w", err)
	}
	p, err := newPen()
	if err != nil {
		return nil, fmt.Errorf("draw bars: %w", err)
	}
	if len(b.Rows) == 0 || len(b.Series) == 0 {
		return p.nothing(b.Title, b.Note)
	}
	return p.newTable(b).draw()
}

func (b Bars) check() error {
	if len(b.Series) > MaxSeries {
		return fmt.Errorf("a bar has %d parts; it has %d at most", len(b.Series), MaxSeries)
	}
	for i, s := range b.Series {
		if !s.Level.known() {
			return fmt.Errorf("series %d has the level %d, which there is not", i+1, s.Level)
		}
	}
	for i, r := range b.Rows {
		if len(r.Values) > len(b.Series) {
			return fmt.Errorf("bar %d has %d values for %d series", i+1, len(r.Values), len(b.Series))
		}
		for j, v := range r.Values {
			if v < 0 {
				return fmt.Errorf("value %d of bar %d is %g; what is counted is not negative", j+1, i+1, v)
			}
			if err := checkValue(v); err != nil {
				return fmt.Errorf("value %d of bar %d: %w", j+1, i+1, err)
			}
		}
	}
	return nil
}

// table is bars that are measured: names at the left, bars, and a column of figures for
// each series, whose heads are the legend.
type table struct {
	frame
	names   []string
	heads   []string // of the series
	unit    string
	colours []color.NRGBA
	values  [][]float64

	text     hand
	pitch    float64 // of bars
	nameRoom float64
	ends     []float64 // where the columns of figures end
	x0, x1   float64   // where the bars are
}

// Sizes of bars, in pixels.
const (
	barsWidth     = 1200.0
	tallestBar    = 60.0
	widestBarName = 340.0
	widestHead    = 190.0 // of a series
	swatch        = 30.0
	thinnest      = 4.0 // part of a bar
	barHeads      = 50.0
)

// newTable measures bars of which there is at least one.
func (p *pen) newTable(b Bars) *table {
	t := &table{unit: p.typed(b.Unit)}
	for i, s := range b.Series {
		t.heads = append(t.heads, named(s.Name, "", i, p.has))
		t.colours = append(t.colours, s.colour(i))
	}
	for i, r := range b.Rows[:min(len(b.Rows), MaxBars)] {
		t.names = append(t.names, named(r.Name, r.ID, i, p.has))
		values := make([]float64, len(b.Series))
		for j := range values {
			values[j] = math.NaN()
		}
		copy(values, r.Values)
		t.values = append(t.values, values)
	}
	t.frame = p.newFrame(barsWidth, b.Title, b.Note, cut(len(b.Rows), MaxBars, "bars", "first"))
	room := MaxHeight - t.top() - t.bottom() - barHeads
	t.pitch = math.Floor(min(tallestBar, room/float64(len(t.names))))
	t.text = hand{size: math.Round(min(largestText, t.pitch*0.7))}
	t.nameRoom = math.Ceil(min(p.widest(t.names, t.text), widestBarName)) + 20
	t.x0, t.x1 = margin+t.nameRoom, t.width-margin
	t.ends = make([]float64, len(t.heads))
	for j := len(t.heads) - 1; j >= 0; j-- {
		t.heads[j] = p.fit(t.heads[j], t.text, widestHead)
		room := p.width(t.heads[j], t.text) + swatch
		for _, values := range t.values {
			room = max(room, p.width(figure(values[j]), hand{t.text.size, true}))
		}
		t.ends[j] = t.x1
		t.x1 -= math.Ceil(room) + 28
	}
	return t
}

// colour is that of the series at a place.
func (s Series) colour(place int) color.NRGBA {
	if s.Level == None {
		return plain[place%len(plain)]
	}
	return s.Level.look().fill
}

func (t *table) draw() ([]byte, error) {
	p := t.page(barHeads + t.pitch*float64(len(t.names)))
	y0 := t.top() + barHeads
	most := 0.0
	for _, values := range t.values {
		most = max(most, sum(values))
	}
	heads := y0 - barHeads/2
	p.text(t.x0, heads, left, p.fit(t.unit, t.text, t.x1-t.x0), t.text, grey)
	for j, name := range t.heads {
		p.text(t.ends[j], heads, right, name, t.text, grey)
		x := math.Round(t.ends[j] - p.pen.width(name, t.text) - swatch)
		p.box(x, heads-11, 22, 22, grey)
		p.box(x+1, heads-10, 20, 20, t.colours[j])
	}
	for i, name := range t.names {
		y := y0 + float64(i)*t.pitch
		p.text(margin, y+t.pitch/2, left, p.fit(name, t.text, t.nameRoom-14), t.text, black)
		if most > 0 {
			t.bar(p, y, t.values[i], (t.x1-t.x0-thinnest*float64(len(t.heads)))/most)
		}
		for j, v := range t.values[i] {
			h := t.text
			h.bold = v > 0
			p.text(t.ends[j], y+t.pitch/2, right, figure(v), h, black)
		}
	}
	p.line(grey, 2, nil, [2]float64{t.x0, y0}, [2]float64{t.x0, y0 + t.pitch*float64(len(t.names))})
	return p.png()
}

// bar draws one, from its beginning on, so many pixels for 1. What is not 0 is at
// least a line.
func (t *table) bar(p *page, y float64, values []float64, pixels float64) {
	gap := math.Round(t.pitch * 0.14)
	x := t.x0
	for j, v := range values {
		if math.IsNaN(v) || v == 0 {
			continue
		}
		long := max(math.Round(v*pixels), thinnest)
		p.box(x, y+gap, long-1, t.pitch-2*gap, t.colours[j])
		x += long
	}
}

// sum adds the values that are known.
func sum(values []float64) float64 {
	total := 0.0
	for _, v := range values {
		if !math.IsNaN(v) {
			total += v
		}
	}
	return total
}

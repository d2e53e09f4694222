package chart

import (
	"fmt"
	"math"
	"slices"
	"sort"
)

// Heat is a heat map: how each row stands at each column. For listings and
// releases the worst listings come first, and the newest release last.
type Heat struct {
	Title   string
	Note    string
	Columns []string
	Rows    []HeatRow
}

// HeatRow is a row of a heat map.
type HeatRow struct {
	Name  string
	ID    string // drawn when the name cannot be; it may be empty
	Cells []Cell // one for each column; what is missing at the end is [None]
}

// Cell is where a row and a column meet.
type Cell struct {
	// Text is a few characters that say what the level says, or more: "3 d". Empty
	// for the mark of the level.
	Text  string
	Level Level
}

// PNG is the picture.
func (h Heat) PNG() ([]byte, error) {
	if err := h.check(); err != nil {
		return nil, fmt.Errorf("draw a heat map: %w", err)
	}
	p, err := newPen()
	if err != nil {
		return nil, fmt.Errorf("draw a heat map: %w", err)
	}
	if len(h.Rows) == 0 || len(h.Columns) == 0 {
		return p.nothing(h.Title, h.Note)
	}
	return p.newGrid(h).draw()
}

func (h Heat) check() error {
	for i, r := range h.Rows {
		if len(r.Cells) > len(h.Columns) {
			return fmt.Errorf("row %d has %d cells for %d columns", i+1, len(r.Cells), len(h.Columns))
		}
		for j, c := range r.Cells {
			if !c.Level.known() {
				return fmt.Errorf("cell %d of row %d has the level %d, which there is not", j+1, i+1, c.Level)
			}
		}
	}
	return nil
}

// grid is a heat map that is measured: what is drawn, and how large.
type grid struct {
	frame
	names   []string
	columns []string
	cells   [][]Cell
	texts   []string // of the cells, each once
	levels  []Level  // that occur, in the order of the legend

	cell     hand // of texts and names
	head     hand // of the columns
	nameRoom float64
	pitchX   float64 // of columns
	pitchY   float64 // of rows
	headRoom float64
	slanted  bool // the heads are
}

// Sizes of a heat map, in pixels. It is as large as its rows let it be.
const (
	largestRow  = 54
	leastRow    = 12
	largestText = 28.0
	leastText   = 13.0
	widestCell  = 150.0
	widestName  = 440.0
	longestHead = 160.0 // of those that are slanted
	legendRoom  = 52.0
)

// newGrid measures a heat map with at least a row and a column.
func (p *pen) newGrid(h Heat) *grid {
	rows := h.Rows[:min(len(h.Rows), MaxRows)]
	skipped := max(len(h.Columns)-MaxColumns, 0)
	g := &grid{}
	for _, c := range h.Columns[skipped:] {
		g.columns = append(g.columns, p.typed(c))
	}
	seen := map[Level]bool{}
	for i, r := range rows {
		g.names = append(g.names, named(r.Name, r.ID, i, p.has))
		cells := make([]Cell, len(g.columns))
		copy(cells, r.Cells[min(skipped, len(r.Cells)):])
		for j, c := range cells {
			seen[c.Level] = true
			if cells[j].Text = p.typed(c.Text); cells[j].Text == "" {
				cells[j].Text = c.Level.look().mark
			}
			if t := cells[j].Text; !slices.Contains(g.texts, t) {
				g.texts = append(g.texts, t)
			}
		}
		g.cells = append(g.cells, cells)
	}
	for _, l := range legend {
		if seen[l] {
			g.levels = append(g.levels, l)
		}
	}
	// What stands around the rows depends on the width, and the width on how tall the
	// rows are: they are as tall as they can be.
	notes := []string{h.Note, cut(len(h.Rows), MaxRows, "rows", "first"), cut(len(h.Columns), MaxColumns, "columns", "last")}
	try := func(less int) bool {
		g.pitchY = largestRow - float64(less)
		g.measure(p)
		g.frame = p.newFrame(g.width, h.Title, notes...)
		return g.top()+g.above()+g.pitchY*float64(len(g.names))+g.bottom() <= MaxHeight
	}
	try(sort.Search(largestRow-leastRow, try))
	return g
}

// above is how much is needed for the legend and the heads of the columns.
func (g *grid) above() float64 {
	if len(g.levels) == 0 {
		return g.headRoom
	}
	return legendRoom + g.headRoom
}

// measure decides sizes for rows of a height: columns are as wide as their texts, and
// what does not fit then is written smaller, slanted or cut.
func (g *grid) measure(p *pen) {
	g.cell = hand{size: math.Round(min(largestText, g.pitchY*0.68))}
	g.head = hand{size: max(g.cell.size, 20), bold: true}

	n := float64(len(g.columns))
	spare := leastWidth - 2*margin - n*widestCell // the picture is that wide in any case
	g.nameRoom = math.Ceil(min(p.widest(g.names, g.cell), max(widestName, spare))) + 18
	texts, heads := p.widest(g.texts, hand{g.cell.size, true}), p.widest(g.columns, g.head)
	room := MaxWidth - 2*margin - g.nameRoom
	least := (leastWidth - 2*margin - g.nameRoom) / n
	g.pitchX = math.Floor(min(max(min(max(texts+20, heads+16, g.pitchY), widestCell), least), room/n))
	g.headRoom = g.head.size + 20
	beyond := 0.0 // how far the last head reaches over its column
	if g.slanted = heads > g.pitchX-8; g.slanted {
		rise := min(heads, longestHead) * math.Sin(slant)
		g.headRoom = rise + g.head.size
		g.pitchX = math.Floor(min(max(min(max(texts+20, g.pitchY), widestCell), least), (room-rise)/(n-0.5)))
		beyond = max(rise-g.pitchX/2, 0)
	}
	g.width = max(2*margin+g.nameRoom+n*g.pitchX+beyond, leastWidth)
	for g.cell.size > leastText && p.widest(g.texts, hand{g.cell.size, true}) > g.pitchX-8 {
		g.cell.size--
	}
}

func (g *grid) draw() ([]byte, error) {
	p := g.page(g.above() + g.pitchY*float64(len(g.names)))
	if len(g.levels) > 0 {
		g.explain(p, g.top()+legendRoom/2-4)
	}
	x0, y0 := margin+g.nameRoom, g.top()+g.above()
	for j, c := range g.columns {
		x := x0 + (float64(j)+0.5)*g.pitchX
		if g.slanted {
			p.slanted(x, y0-8, p.fit(c, g.head, longestHead), g.head, black)
		} else {
			p.text(x, y0-g.headRoom/2, centre, c, g.head, black)
		}
	}
	for i, name := range g.names {
		y := y0 + float64(i)*g.pitchY
		p.text(margin, y+g.pitchY/2, left, p.fit(name, g.cell, g.nameRoom-14), g.cell, black)
		for j, c := range g.cells[i] {
			g.field(p, x0+float64(j)*g.pitchX, y, g.pitchX, g.pitchY, c)
		}
	}
	return p.png()
}

// field draws a cell with a little room around it.
func (g *grid) field(p *page, x, y, width, height float64, c Cell) {
	const gap = 2.0
	look := c.Level.look()
	p.box(x+gap/2, y+gap/2, width-gap, height-gap, look.fill)
	if c.Level == Ignored {
		p.box(x+gap/2, y+gap/2, width-gap, height-gap, faint)
		p.box(x+gap/2+2, y+gap/2+2, width-gap-4, height-gap-4, look.fill)
	}
	h := g.cell
	h.bold = c.Level == Late || c.Level == Worst
	p.text(x+width/2, y+height/2, centre, p.fit(c.Text, h, width-gap-4), h, look.ink)
}

// explain draws the legend. It grows with the width, and so fits.
func (g *grid) explain(p *page, y float64) {
	h := hand{size: math.Round(g.noteHand.size * 0.95)}
	x := margin
	for _, l := range g.levels {
		look := l.look()
		box := max(p.pen.width(look.mark, h)+16, h.size*1.5)
		g.field(p, x, y-h.size*0.75, box, h.size*1.5, Cell{Level: l})
		p.text(x+box/2, y, centre, look.mark, hand{h.size * 0.85, l == Late || l == Worst}, look.ink)
		x += box + 10
		p.text(x, y, left, look.word, h, grey)
		x += p.pen.width(look.word, h) + 28
	}
}

// cut says what is not drawn; nothing when all is.
func cut(n, most int, what, which string) string {
	if n <= most {
		return ""
	}
	return fmt.Sprintf("The %s %d of %d %s are drawn.", which, most, n, what)
}

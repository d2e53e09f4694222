package chart

import (
	"fmt"
	"image"
	"strings"
	"testing"
)

// mixed is a heat map in which every level occurs.
func mixed(rows, columns int) Heat {
	h := Heat{Title: "Listings behind", Note: "And 1,960 more listings, all current."}
	for j := range columns {
		h.Columns = append(h.Columns, fmt.Sprintf("17.%d.%d", j/3, j%3))
	}
	for i := range rows {
		row := HeatRow{Name: fmt.Sprintf("Listing %d", i), ID: fmt.Sprintf("lst-%d", i)}
		for j := range columns {
			row.Cells = append(row.Cells, Cell{Level: Level((i*5 + j) % 6)})
		}
		h.Rows = append(h.Rows, row)
	}
	return h
}

// fieldOf is where a cell of a heat map is drawn, without its edge.
func fieldOf(g *grid, row, column int) image.Rectangle {
	x, y := margin+g.nameRoom+float64(column)*g.pitchX, g.top()+g.above()+float64(row)*g.pitchY
	return image.Rect(int(x+4), int(y+4), int(x+g.pitchX-4), int(y+g.pitchY-4))
}

func TestHeatHasItsColours(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{1, 1}, {1, 24}, {40, 1}, {12, 8}, {40, 24}} {
		h := mixed(size[0], size[1])
		img, g := picture(t, h.PNG), testPen(t).newGrid(h)
		for i, row := range h.Rows {
			for j, c := range row.Cells {
				part := fieldOf(g, i, j)
				for _, l := range append([]Level{None}, legend[:]...) {
					n := count(img, part, l.look().fill)
					if most := part.Dx() * part.Dy(); l == c.Level && n < most/3 {
						t.Fatalf("%v: cell %d, %d: %d of %d pixels have the colour of its level %d", size, i, j, n, most, l)
					} else if l != c.Level && n > most/3 {
						t.Fatalf("%v: cell %d, %d of level %d: %d of %d pixels have the colour of level %d", size, i, j, c.Level, n, most, l)
					}
				}
			}
		}
		if n := edge(img); n > 0 {
			t.Errorf("%v: %d pixels at the edge are drawn on", size, n)
		}
	}
}

func TestHeatDrawsWhatItIsGiven(t *testing.T) {
	t.Parallel()
	plain := picture(t, mixed(3, 3).PNG)
	for _, c := range []struct {
		name   string
		change func(*Heat)
	}{
		{"a title", func(h *Heat) { h.Title += "!" }},
		{"a note", func(h *Heat) { h.Note += "!" }},
		{"a column", func(h *Heat) { h.Columns[1] = "17.1" }},
		{"a row", func(h *Heat) { h.Rows[1].Name = "Other" }},
		{"an ID", func(h *Heat) { h.Rows[1].Name = "云" }},
		{"the text of a cell", func(h *Heat) { h.Rows[1].Cells[1].Text = "3 d" }},
		{"the level of a cell", func(h *Heat) { h.Rows[1].Cells[1].Level = Worst }},
		{"a cell less", func(h *Heat) { h.Rows[2].Cells = h.Rows[2].Cells[:1] }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := mixed(3, 3)
			c.change(&h)
			if same(plain, picture(t, h.PNG)) {
				t.Error("it makes no difference to the picture")
			}
		})
	}
}

func TestHeatExplainsTheLevelsThatOccur(t *testing.T) {
	t.Parallel()
	p := testPen(t)
	for _, size := range []int{1, 3, 24} {
		g := p.newGrid(mixed(6, size))
		right := margin
		for _, l := range g.levels {
			h := hand{size: g.noteHand.size}
			right += max(p.width(l.look().mark, h)+16, h.size*1.5) + 10 + p.width(l.look().word, h) + 28
		}
		if len(g.levels) != len(legend) && size > 1 || right-28 > g.width-margin {
			t.Errorf("%d columns: the legend of %v ends at %.0f of %.0f", size, g.levels, right, g.width)
		}
	}
	if g := p.newGrid(Heat{Columns: []string{"1"}, Rows: []HeatRow{{Name: "a"}}}); len(g.levels) != 0 || g.above() != g.headRoom {
		t.Errorf("nothing is explained as %v", g.levels)
	}
}

func TestHeatCutsAndSaysSo(t *testing.T) {
	t.Parallel()
	h := mixed(2000, 100)
	picture(t, h.PNG)
	g := testPen(t).newGrid(h)
	if len(g.names) != MaxRows || g.names[0] != "Listing 0" {
		t.Errorf("%d rows from %q are drawn", len(g.names), g.names[0])
	}
	if len(g.columns) != MaxColumns || g.columns[MaxColumns-1] != h.Columns[99] || g.cells[3][MaxColumns-1].Level != h.Rows[3].Cells[99].Level {
		t.Errorf("%d columns to %q are drawn", len(g.columns), g.columns[MaxColumns-1])
	}
	want := "And 1,960 more listings, all current. The first 40 of 2000 rows are drawn. The last 24 of 100 columns are drawn."
	if got := strings.Join(g.note, " "); got != want {
		t.Errorf("the note is %q, want %q", got, want)
	}
	if got := strings.Join(testPen(t).newGrid(mixed(MaxRows, MaxColumns)).note, " "); got != "And 1,960 more listings, all current." {
		t.Errorf("nothing was cut, and the note is %q", got)
	}
}

func TestHeatOfNothingSaysSo(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]Heat{
		"nothing": {}, "no rows": {Columns: []string{"17.5"}}, "no columns": {Rows: []HeatRow{{Name: "AWS"}}},
	} {
		if img := picture(t, h.PNG); count(img, img.Bounds(), None.look().fill) == 0 {
			t.Errorf("%s: there is no field that says so", name)
		}
	}
	if img := picture(t, (Heat{Columns: []string{"17.5"}, Rows: []HeatRow{{Name: "AWS"}}}).PNG); count(img, img.Bounds(), None.look().fill) == 0 {
		t.Error("a row without cells is not drawn")
	}
}

func TestHeatRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		in   Heat
		want string
	}{
		{"more cells than columns", Heat{Columns: []string{"a"}, Rows: []HeatRow{{}, {Cells: make([]Cell, 2)}}},
			"draw a heat map: row 2 has 2 cells for 1 columns"},
		{"a level that there is not", Heat{Columns: []string{"a"}, Rows: []HeatRow{{Cells: []Cell{{Level: 9}}}}},
			"draw a heat map: cell 1 of row 1 has the level 9, which there is not"},
	} {
		if _, err := c.in.PNG(); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

func BenchmarkHeat(b *testing.B) {
	h := mixed(MaxRows, MaxColumns)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := h.PNG(); err != nil {
			b.Fatal(err)
		}
	}
}

// A picture of few columns is no narrower than others, so that names have the room.
func TestHeatOfFewColumnsCutsNoName(t *testing.T) {
	t.Parallel()
	name := "EE Omnibus package on Linode (arm64)"
	for columns := 1; columns <= 2; columns++ {
		h := mixed(3, columns)
		h.Rows[1].Name = name
		p := testPen(t)
		g := p.newGrid(h)
		if got := p.fit(name, g.cell, g.nameRoom-14); got != name {
			t.Errorf("%d columns: the name is %q", columns, got)
		}
		if right := margin + g.nameRoom + float64(columns)*g.pitchX; right > g.width-margin || right < g.width-margin-float64(columns) {
			t.Errorf("%d columns end at %.0f of %.0f", columns, right, g.width)
		}
	}
}

package chart

import (
	"bytes"
	"encoding/binary"
	"image/png"
	"math"
	"strings"
	"testing"
)

// FuzzPictures draws whatever there may be: each comes out as a picture that is not
// too large, or as an error.
func FuzzPictures(f *testing.F) {
	for i, text := range awkward {
		f.Add(text, "17.5", []byte{1, 2, byte(i), 4, 5, 0, 9}, uint16(i), uint16(3))
	}
	f.Add("AWS", "", binary.LittleEndian.AppendUint64(nil, math.Float64bits(math.Inf(1))), uint16(50), uint16(30))
	f.Add("AWS", "EE", binary.LittleEndian.AppendUint64(nil, math.Float64bits(5e-324)), uint16(2), uint16(2))
	f.Fuzz(func(t *testing.T, text, other string, data []byte, rows, columns uint16) {
		n, m := int(rows%100), int(columns%100)
		at := func(i int) byte {
			if len(data) == 0 {
				return 0
			}
			return data[i%len(data)]
		}
		values := make([]float64, m)
		for j := range values {
			var b [8]byte
			for k := range b {
				b[k] = at(j*8 + k)
			}
			if values[j] = math.Float64frombits(binary.LittleEndian.Uint64(b[:])); j%2 == 0 {
				values[j] = float64(b[0]) - 3
			}
		}
		h := Heat{Title: text, Note: other}
		b := Bars{Title: text, Note: other, Unit: other}
		tr := Trend{Title: text, Note: other, Unit: text, LimitName: other, Limit: float64(at(0))}
		for j := range m {
			h.Columns = append(h.Columns, other)
			tr.Names = append(tr.Names, text)
			if j < int(at(1)%6) {
				b.Series = append(b.Series, Series{other, Level(at(j) % 7)})
				tr.Lines = append(tr.Lines, Line{text, values[j:]})
			}
		}
		for i := range n {
			cells := make([]Cell, int(at(i))%(m+1))
			for j := range cells {
				cells[j] = Cell{Level: Level(at(i+j)) % 7}
				if at(i*j)%3 == 0 {
					cells[j].Text = text
				}
			}
			h.Rows = append(h.Rows, HeatRow{text, other, cells})
			b.Rows = append(b.Rows, BarRow{other, text, values[:min(len(values), len(b.Series))]})
		}
		// One of them at a time: a picture takes a while.
		draw := []func() ([]byte, error){h.PNG, b.PNG, tr.PNG}[int(at(2))%3]
		drawn, err := draw()
		if err != nil {
			if !strings.HasPrefix(err.Error(), "draw ") {
				t.Errorf("an error does not say where it is from: %v", err)
			}
			return
		}
		c, err := png.DecodeConfig(bytes.NewReader(drawn))
		if err != nil || c.Width > MaxWidth || c.Height > MaxHeight {
			t.Errorf("%d by %d: %v", c.Width, c.Height, err)
		}
	})
}

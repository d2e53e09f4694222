package chart

import (
	"bytes"
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// dpi makes a point of the canvas a pixel.
const dpi = 72

// Where text stands on its point.
const (
	left   = 0.0
	centre = 0.5
	right  = 1.0
)

// page is what is drawn on. Places are pixels from the upper left corner.
type page struct {
	*pen
	canvas        *vgimg.Canvas
	width, height float64
}

func newPage(p *pen, width, height float64) *page {
	width, height = math.Ceil(width), math.Ceil(height)
	c := vgimg.NewWith(vgimg.UseWH(vg.Length(width), vg.Length(height)), vgimg.UseDPI(dpi), vgimg.UseBackgroundColor(white))
	return &page{p, c, width, height}
}

// png is the picture.
func (p *page) png() ([]byte, error) {
	var out bytes.Buffer
	if _, err := (vgimg.PngCanvas{Canvas: p.canvas}).WriteTo(&out); err != nil {
		return nil, fmt.Errorf("write the picture: %w", err)
	}
	return out.Bytes(), nil
}

// at is a place on the canvas, which counts from the lower left.
func (p *page) at(x, y float64) vg.Point {
	return vg.Point{X: vg.Length(x), Y: vg.Length(p.height - y)}
}

// box fills a rectangle.
func (p *page) box(x, y, width, height float64, c color.NRGBA) {
	p.shape(c, [2]float64{x, y}, [2]float64{x + width, y}, [2]float64{x + width, y + height}, [2]float64{x, y + height})
}

// shape fills what lies between some places.
func (p *page) shape(c color.NRGBA, places ...[2]float64) {
	p.canvas.SetColor(c)
	path := p.path(places)
	path.Close()
	p.canvas.Fill(path)
}

// disc fills a circle.
func (p *page) disc(x, y, radius float64, c color.NRGBA) {
	p.canvas.SetColor(c)
	var path vg.Path
	path.Move(p.at(x+radius, y))
	path.Arc(p.at(x, y), vg.Length(radius), 0, 2*math.Pi)
	path.Close()
	p.canvas.Fill(path)
}

// line draws through some places; dashes are the lengths of strokes and gaps, none
// for a line without.
func (p *page) line(c color.NRGBA, width float64, dashes []float64, places ...[2]float64) {
	p.canvas.SetColor(c)
	p.canvas.SetLineWidth(vg.Length(width))
	lengths := make([]vg.Length, len(dashes))
	for i, d := range dashes {
		lengths[i] = vg.Length(d)
	}
	p.canvas.SetLineDash(lengths, 0)
	p.canvas.Stroke(p.path(places))
}

func (p *page) path(places [][2]float64) vg.Path {
	var path vg.Path
	for i, at := range places {
		if i == 0 {
			path.Move(p.at(at[0], at[1]))
		} else {
			path.Line(p.at(at[0], at[1]))
		}
	}
	return path
}

// capital is how tall a capital letter is, in parts of the size.
const capital = 0.69

// text writes a line with the middle of its capitals at y. Where is the part of the line
// that lies left of x.
func (p *page) text(x, y, where float64, text string, h hand, c color.NRGBA) {
	if text == "" {
		return
	}
	x -= where * p.pen.width(text, h)
	p.canvas.SetColor(c)
	// Letters on whole pixels are sharper.
	p.canvas.FillString(p.face(h), p.at(math.Round(x), math.Round(y+h.size*capital/2)), text)
}

// slanted writes a line that rises to the right from a place.
func (p *page) slanted(x, y float64, text string, h hand, c color.NRGBA) {
	p.canvas.Push()
	p.canvas.Translate(p.at(x, y))
	p.canvas.Rotate(slant)
	p.canvas.SetColor(c)
	p.canvas.FillString(p.face(h), vg.Point{}, text)
	p.canvas.Pop()
}

// slant is the angle of slanted lines.
const slant = math.Pi / 4

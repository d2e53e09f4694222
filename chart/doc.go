// Package chart draws pictures for a conversation: PNG files that are looked at on
// phones first, in light clients and dark ones.
//
//   - A heat map ([Heat]) shows how each row stands at each column: listings by
//     releases.
//   - Bars ([Bars]) show what each row is made of: how often a promise was met
//     and missed.
//   - A trend ([Trend]) shows how figures went, and the limit they were to keep.
//   - A level ([Level]) is how good or bad something is. It decides the colour.
//   - The note is what stands below a picture: what is not in it.
//
// # What holds for all of them
//
// A picture has a background of its own and is [MaxWidth] by [MaxHeight] pixels at
// most. Colours differ in lightness too, and nothing is said by colour alone:
// cells have a text or a mark, bars their figures, lines their names and shapes.
// The same value is always drawn as the same bytes.
//
// What is more than a picture holds is not drawn, and the picture says so. With
// nothing to show, it says that. What cannot be a figure is an error, a sentence
// that begins with where it is.
//
// # Text
//
// The font has the letters of Europe. What people typed is brought to them: letters
// that it lacks lose their accents, and those that nothing can be made of become
// "?". So do those that are written from right to left, which would stand in
// the wrong order. A name of which nothing is left is replaced by its ID, and by its
// place when there is none. What is too long ends with an ellipsis.
//
// Of gonum's plot this uses the canvas alone. Its axes and legends are made for
// papers: they leave no room for names, and bring twelve fonts and the writers of five
// other formats with them.
package chart

// How much a picture holds.
const (
	MaxWidth   = 1600 // pixels
	MaxHeight  = 1200 // pixels
	MaxRows    = 40   // of a heat map; the first are drawn
	MaxColumns = 24   // of a heat map; the last are drawn
	MaxBars    = 24   // the first are drawn
	MaxPoints  = 24   // of a trend; the last are drawn
	MaxSeries  = 4    // figures of a bar, and lines of a trend; more are an error
)

// MaxValue is the largest figure that is drawn. Larger ones, and infinite ones, are an
// error.
const MaxValue = 1e12

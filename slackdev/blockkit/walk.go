package blockkit

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// maxPayload bounds what is decoded at all: no Slack method takes a body this
// large, and the walk must stay cheap whatever it is given.
const maxPayload = 1 << 20

// A walk is one pass over one payload: where it stands, what it has found, and
// what it must remember because a rule spans the whole surface.
type walk struct {
	surface Surface
	kit     *kit
	path    []string // reference tokens from the root to the value in hand
	errors  []Error

	blockIDs  map[string]bool // of the surface
	actionIDs map[string]bool // of the block in hand
	inputs    []string        // pointers of the input blocks
	nesting   int             // containers and layouts around the value in hand
	focused   bool            // an element has claimed focus_on_load
	blocks    int             // blocks met, those inside others included
	tables    int
	charts    int
	markdown  int // characters in markdown blocks
	cells     int // characters in table cells
	text      int // characters as Slack counts a message's blocks
}

func newWalk(surface Surface) *walk {
	return &walk{
		surface:  surface,
		kit:      loadKit(),
		path:     make([]string, 0, 16),
		blockIDs: map[string]bool{},
	}
}

// decode parses a payload, and reports code when it is not JSON.
func (w *walk) decode(payload json.RawMessage, code string) (any, bool) {
	if len(payload) > maxPayload {
		w.report(code, fmt.Sprintf("must be less than %d bytes", maxPayload+1))
		return nil, false
	}
	var value any
	if err := json.Unmarshal(payload, &value); err != nil {
		w.report(code, "must provide valid JSON")
		return nil, false
	}
	return value, true
}

// under runs f one reference token further down.
func (w *walk) under(token string, f func()) {
	w.path = append(w.path, token)
	f()
	w.path = w.path[:len(w.path)-1]
}

// enter judges the value at token, one step further down.
func (w *walk) enter(token string, r rule, value any) {
	w.path = append(w.path, token)
	r(w, value)
	w.path = w.path[:len(w.path)-1]
}

// each judges every item of a list that stands where the walk is.
func (w *walk) each(items []any, r rule) {
	for i, item := range items {
		w.enter(strconv.Itoa(i), r, item)
	}
}

// pointer is where the walk stands, and then down the given tokens.
func (w *walk) pointer(down ...string) string {
	var b strings.Builder
	for _, token := range w.path {
		b.WriteByte('/')
		b.WriteString(token)
	}
	for _, token := range down {
		b.WriteByte('/')
		b.WriteString(token)
	}
	return b.String()
}

// report records an error where the walk stands, or down the given tokens.
func (w *walk) report(code, message string, down ...string) {
	w.errors = append(w.errors, Error{Pointer: w.pointer(down...), Code: code, Message: message})
}

// fail records a broken constraint of the Block Kit schema.
func (w *walk) fail(message string, down ...string) {
	w.report("failed_constraint", message, down...)
}

// failWhole records a broken constraint of the object as a whole. Slack points
// at its "type", if it has one.
func (w *walk) failWhole(object map[string]any, message string) {
	if _, ok := object["type"]; ok {
		w.fail(message, "type")
		return
	}
	w.fail(message)
}

// wrongType records a value of another JSON type than the schema asks for.
func (w *walk) wrongType(message string) {
	w.report("invalid_type", message)
}

// unsupported records a "type" that cannot stand where the walk is.
func (w *walk) unsupported(kind string) {
	w.fail("unsupported type: "+kind, "type")
}

package process

// kind is what a value of a YAML file is.
type kind int

const (
	absent   kind = iota // the key was not given
	empty                // the key was given without a value
	scalar               // one word, number or text
	sequence             // a list
	mapping              // keys and values
)

func (k kind) String() string {
	return [...]string{"nothing", "nothing", "a single value", "a list", "keys and values"}[k]
}

// node is one value of a process file and where it stands.
type node struct {
	kind         kind
	line, column int
	text         string // of a scalar
	quoted       bool   // a scalar in quotes, or a block of text
	entries      []entry
	items        []*node
}

// entry is one key of a mapping with its value.
type entry struct{ key, value *node }

// get is the value of a key. A key that is not there gives an absent node in
// the place of the mapping, so that what is missing can be told there.
func (n *node) get(key string) *node {
	for _, e := range n.entries {
		if e.key.text == key {
			return e.value
		}
	}
	return &node{line: n.line, column: n.column}
}

// item is one item of a list.
func (n *node) item(i int) *node { return n.items[i] }

// given reports whether the key was given a value.
func (n *node) given() bool { return n.kind > empty }

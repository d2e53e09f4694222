package blockkit

import "sync"

// A kit is everything Block Kit has, by "type". It is a value rather than a set
// of variables because its shapes refer to each other in circles: a layout
// holds a container that holds a layout.
type kit struct {
	blocks   map[string]*block
	elements map[string]*element
	richText map[string]*shape // rich_text_section and its siblings
	cells    map[string]*shape // of table and data_table
}

// loadKit builds the kit once. Nothing changes it afterwards.
var loadKit = sync.OnceValue(newKit)

func newKit() *kit {
	k := &kit{
		blocks:   map[string]*block{},
		elements: map[string]*element{},
		richText: richTextKinds(),
		cells:    cellKinds(),
	}
	for _, some := range []map[string]*block{basicBlocks(), nestingBlocks(), dataBlocks(), agentBlocks()} {
		for name, b := range some {
			b.properties = append(b.properties, optional("block_id", blockID))
			k.blocks[name] = b
		}
	}
	for _, some := range []map[string]*element{clickables(), selects(), inputs()} {
		for name, e := range some {
			k.elements[name] = e
		}
	}
	return k
}

// surfaces is a set of surfaces.
type surfaces uint8

const (
	onMessage surfaces = 1 << iota
	onModal
	onHome
	everywhere = onMessage | onModal | onHome
)

// has reports whether the set contains s.
func (set surfaces) has(s Surface) bool {
	switch s {
	case Message:
		return set&onMessage != 0
	case Modal:
		return set&onModal != 0
	case Home:
		return set&onHome != 0
	}
	return false
}

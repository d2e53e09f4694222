package process

import (
	"maps"
	"slices"
)

// cycles finds the loops of a graph, which maps each name to the names it
// waits for. Each loop is told once, beginning with its first name in sorted
// order; names that are not keys wait for nothing.
func cycles(waits map[string][]string) [][]string {
	var out [][]string
	const fresh, onPath, done = 0, 1, 2
	state := map[string]int{}
	var path []string
	var visit func(string)
	visit = func(name string) {
		state[name] = onPath
		path = append(path, name)
		for _, next := range waits[name] {
			switch {
			case next == "": // a name that could not be read
			case state[next] == fresh:
				visit(next)
			case state[next] == onPath:
				out = append(out, slices.Clone(path[slices.Index(path, next):]))
			}
		}
		path = path[:len(path)-1]
		state[name] = done
	}
	for _, name := range slices.Sorted(maps.Keys(waits)) {
		if state[name] == fresh && name != "" {
			visit(name)
		}
	}
	return out
}

// firstReached is the first name on the way from start for which hit holds;
// empty when there is none.
func firstReached(waits map[string][]string, start string, hit map[string]bool) string {
	seen := map[string]bool{start: true}
	for queue := []string{start}; len(queue) > 0; queue = queue[1:] {
		for _, next := range waits[queue[0]] {
			if hit[next] {
				return next
			}
			if !seen[next] {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
	return ""
}

package surface

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// This file is what a file input takes.

// maxFiles is how many files an input takes when the app does not ask for fewer.
const maxFiles = 10

// RefusesFiles is why a file input does not take files of these names, in the words
// that stand under it; empty when it does.
func (c *Control) RefusesFiles(names []string) string {
	most := maxFiles
	if n, ok := c.Element["max_files"].(float64); ok {
		most = int(n)
	}
	if len(names) > most {
		return fmt.Sprintf("Please choose no more than %d of your files.", most)
	}
	var endings []string
	types, _ := c.Element["filetypes"].([]any)
	for _, e := range types {
		endings = append(endings, str(e))
	}
	for _, name := range names {
		fits := func(ending string) bool { return strings.EqualFold("."+ending, path.Ext(name)) }
		if len(endings) > 0 && !slices.ContainsFunc(endings, fits) {
			return "Please choose only files of these types: " + strings.Join(endings, ", ") + "."
		}
	}
	return ""
}

// FileNames are the names of file objects.
func FileNames(files []any) []string {
	var names []string
	for _, f := range files {
		m, _ := f.(map[string]any)
		names = append(names, str(m["name"]))
	}
	return names
}

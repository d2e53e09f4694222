package process

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"cloudimage/workflow"
)

// Bounds of a process. They are far above any process that people can follow.
const (
	MaxBytes  = 1 << 20 // of a file
	MaxLines  = 5000    // of a file; the parser takes quadratic time for a mapping of many lines
	MaxStages = 20
	MaxSteps  = 100 // of all stages together, substeps and actions included
)

//go:embed definitions/*.yaml
var definitions embed.FS

// shipped are the processes inside the binary, in the order people see them.
var shipped = [...]string{"first-time-image.yaml", "image-maintenance.yaml"}

// Load reads a process file. The name is what errors call the file; they are
// [Problems].
func Load(name string, src []byte) (*workflow.Definition, error) {
	r := &reader{file: name}
	def := r.read(src)
	if len(r.problems) > 0 {
		return nil, r.problems.sorted()
	}
	sum := sha256.Sum256(src)
	def.Source, def.Hash = string(src), hex.EncodeToString(sum[:])
	return def, nil
}

func (r *reader) read(src []byte) *workflow.Definition {
	root := r.parse(src)
	if root == nil {
		return nil
	}
	def := r.process(root)
	if def == nil {
		return nil
	}
	settle(def)
	r.check(def, root)
	return def
}

// Embedded are the processes that ship with the product: first-time-image and
// image-maintenance.
func Embedded() ([]*workflow.Definition, error) {
	defs := make([]*workflow.Definition, 0, len(shipped))
	for _, name := range shipped {
		src, err := definitions.ReadFile("definitions/" + name)
		if err != nil {
			return nil, fmt.Errorf("embedded process: %w", err)
		}
		def, err := Load(name, src)
		if err != nil {
			return nil, fmt.Errorf("embedded process: %w", err)
		}
		defs = append(defs, def)
	}
	return defs, nil
}

// LoadFiles are the processes a company runs: the ones that ship, each replaced
// by the file that has its name, and then the files with names of their own, in
// the order of paths. Two files of one name are an error. The errors of all
// files are joined.
func LoadFiles(paths []string) ([]*workflow.Definition, error) {
	defs, err := Embedded()
	if err != nil {
		return nil, err
	}
	place := make(map[workflow.ProcessName]int, len(defs)+len(paths))
	for i, def := range defs {
		place[def.Name] = i
	}
	from := make(map[workflow.ProcessName]string, len(paths))
	var errs []error
	for _, path := range paths {
		def, err := loadFile(path)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if first, ok := from[def.Name]; ok {
			errs = append(errs, fmt.Errorf("%s: the process %q is in %s already; give one of them another name", path, def.Name, first))
			continue
		}
		from[def.Name] = path
		if i, ok := place[def.Name]; ok {
			defs[i] = def
			continue
		}
		place[def.Name] = len(defs)
		defs = append(defs, def)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return defs, nil
}

func loadFile(path string) (*workflow.Definition, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open process file: %w", err)
	}
	defer f.Close()
	// One byte more than allowed, so that Load sees that the file is too large
	// without our reading all of it.
	src, err := io.ReadAll(io.LimitReader(f, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read process file: %w", err)
	}
	return Load(path, src)
}

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"cloudimage/workflow"
)

// definitions are the processes known by their hash.
type definitions struct {
	parse  func(name string, source []byte) (*workflow.Definition, error)
	mu     sync.RWMutex
	byHash map[string]*workflow.Definition
	kept   map[string]bool // is in the database
}

func newDefinitions(parse func(string, []byte) (*workflow.Definition, error)) *definitions {
	return &definitions{parse: parse, byHash: map[string]*workflow.Definition{}, kept: map[string]bool{}}
}

func (d *definitions) get(hash string) *workflow.Definition {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.byHash[hash]
}

func (d *definitions) isKept(hash string) bool {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.kept[hash]
}

// add remembers a definition that is in the database.
func (d *definitions) add(def *workflow.Definition) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.byHash[def.Hash], d.kept[def.Hash] = def, true
}

// find is the definition of that hash, read and parsed if it has to be.
func (d *definitions) find(ctx context.Context, q querier, hash string) (*workflow.Definition, error) {
	if def := d.get(hash); def != nil {
		return def, nil
	}
	var name, source string
	err := one(ctx, q, []any{&name, &source}, "SELECT name, source FROM definitions WHERE hash = $1", hash)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("definition %.12s: it is not in the database", hash)
	}
	if err != nil {
		return nil, fmt.Errorf("definition %.12s: %w", hash, err)
	}
	def, err := d.parse(name, []byte(source))
	if err != nil {
		return nil, &unreadable{fmt.Errorf("definition %.12s of process %q, as it was kept: %w", hash, name, err)}
	}
	if def.Hash != hash {
		return nil, &unreadable{fmt.Errorf("definition %.12s of process %q reads as %.12s", hash, name, def.Hash)}
	}
	d.add(def)
	return def, nil
}

// unreadable is a definition that this program cannot read, for which the
// database is not to blame.
type unreadable struct{ err error }

func (e *unreadable) Error() string { return e.err.Error() }
func (e *unreadable) Unwrap() error { return e.err }

// SaveDefinition keeps a process, and uses it as it is for the runs that keep
// it, without parsing. Keeping one again does nothing.
func (s *Store) SaveDefinition(ctx context.Context, def *workflow.Definition) error {
	_, err := s.do(ctx, hold{}, func(b *batch) (refused, failed error) {
		return nil, b.saveDefinition(def)
	})
	if err != nil {
		return fmt.Errorf("keep process %q: %w", def.Name, err)
	}
	return nil
}

func (b *batch) saveDefinition(def *workflow.Definition) error {
	if b.store.definitions.isKept(def.Hash) {
		return nil
	}
	err := b.exec(`
		INSERT INTO definitions (hash, name, source, added_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (hash) DO NOTHING`,
		def.Hash, string(def.Name), def.Source, stamp(b.now))
	if err != nil {
		return fmt.Errorf("keep definition %.12s: %w", def.Hash, err)
	}
	b.definitions = append(b.definitions, def)
	return nil
}

package store

import (
	"errors"
	"fmt"
	"os"
)

// fileLock keeps a second process from a SQLite database. The lock is the
// operating system's and goes with the process, however it ends; the file
// beside the database stays.
type fileLock struct{ file *os.File }

// errLocked says that another process holds the lock.
var errLocked = errors.New("locked")

// lockFile takes the lock of the database at path, or says who has it.
func lockFile(path string) (*fileLock, error) {
	name := path + ".lock"
	f, err := openLocked(name)
	switch {
	case errors.Is(err, errLocked):
		return nil, fmt.Errorf("another cloudimage has this database open; stop it first, choose another file with --db, or use a postgres:// URL, which several may share (%s)", name)
	case err != nil:
		return nil, fmt.Errorf("the lock file beside the database cannot be taken; choose another with --db, or make its folder and give it to this user: %w", err)
	}
	return &fileLock{f}, nil
}

func (l *fileLock) release() error { return l.file.Close() }

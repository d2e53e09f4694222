package store

import (
	"errors"
	"os"
	"syscall"
)

// errorSharingViolation is what Windows answers for a file that another process
// has opened for itself alone.
const errorSharingViolation = syscall.Errno(32)

// openLocked opens a file that nobody else has open this way.
func openLocked(name string) (*os.File, error) {
	path, err := syscall.UTF16PtrFromString(name)
	if err != nil {
		return nil, err
	}
	h, err := syscall.CreateFile(path, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil,
		syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, errorSharingViolation) {
		return nil, errLocked
	}
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	return os.NewFile(uintptr(h), name), nil
}

// isLocked reports whether a process has a file open with openLocked. It makes no
// file, and keeps nobody out longer than it takes to ask.
func isLocked(name string) bool {
	path, err := syscall.UTF16PtrFromString(name)
	if err != nil {
		return false
	}
	h, err := syscall.CreateFile(path, syscall.GENERIC_READ,
		syscall.FILE_SHARE_READ|syscall.FILE_SHARE_WRITE|syscall.FILE_SHARE_DELETE, nil, syscall.OPEN_EXISTING, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if err == nil {
		syscall.CloseHandle(h)
	}
	return errors.Is(err, errorSharingViolation)
}

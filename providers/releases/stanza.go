package releases

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// This file reads the form of a Debian index: stanzas of lines "Field: value",
// with an empty line after each. A line that begins with a blank continues the
// one before it. https://www.debian.org/doc/debian-policy/ch-controlfields.html

// stanza are the fields of a package that we use.
type stanza struct {
	line int // where it begins, counted from 1

	name, version, architecture, filename, sha256, size string

	odd error // it says one of them twice, or at too great a length
}

// longestField is how long a field may be that we use, in bytes. Descriptions and
// lists of dependencies may be longer: they are passed over.
const longestField = 4 << 10

// field is where a field is kept; nil for one that we do not use. Names of fields
// are the same in lower and upper case.
func (s *stanza) field(name []byte) *string {
	for _, f := range [...]struct {
		name string
		at   *string
	}{
		{"Package", &s.name}, {"Version", &s.version}, {"Architecture", &s.architecture},
		{"Filename", &s.filename}, {"SHA256", &s.sha256}, {"Size", &s.size},
	} {
		if len(name) == len(f.name) && strings.EqualFold(string(name), f.name) {
			return f.at
		}
	}
	return nil
}

// eachStanza hands over the stanzas of an index, one at a time; what it hands over
// is overwritten with the next. A line that has no form is an error, because an
// answer that is no index must not pass for one without packages.
func eachStanza(r io.Reader, yield func(*stanza)) error {
	in := bufio.NewReaderSize(r, longestField)
	var s stanza
	begun := false
	end := func() {
		if begun {
			yield(&s)
		}
		s, begun = stanza{}, false
	}
	for number := 1; ; number++ {
		line, err := in.ReadSlice('\n')
		long := errors.Is(err, bufio.ErrBufferFull)
		head := line
		if long {
			// The head stays valid only until the next read.
			head = bytes.Clone(line)
			for errors.Is(err, bufio.ErrBufferFull) {
				_, err = in.ReadSlice('\n')
			}
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		last := err != nil
		if last && len(head) == 0 {
			end()
			return nil
		}
		head = bytes.TrimRight(head, "\r\n")
		switch {
		case len(bytes.TrimSpace(head)) == 0:
			end()
		case head[0] == ' ' || head[0] == '\t':
			if !begun {
				return fmt.Errorf("line %d is no line of a package index", number)
			}
		default:
			if !begun {
				begun, s.line = true, number
			}
			name, value, ok := bytes.Cut(head, []byte(":"))
			if !ok || !fieldName(name) {
				return fmt.Errorf("line %d is no line of a package index", number)
			}
			at := s.field(name)
			switch {
			case at == nil:
			case long:
				s.odd = fmt.Errorf("its %s is too long", name)
			case *at != "":
				s.odd = fmt.Errorf("it says its %s twice", name)
			default:
				*at = string(bytes.TrimSpace(value))
			}
		}
		if last {
			end()
			return nil
		}
	}
}

// fieldName reports whether it can be the name of a field.
func fieldName(b []byte) bool {
	if len(b) == 0 || len(b) > 100 || b[0] == '#' || b[0] == '-' {
		return false
	}
	for _, c := range b {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return true
}

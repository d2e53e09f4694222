package awssim

import (
	"encoding/xml"
	"strconv"
	"strings"
	"time"
)

// node is an element of XML, which has text or other elements. One without a name is
// left out.
type node struct {
	name string
	text string
	kids []node
}

type nodes []node

// el is an element of others.
func el(name string, kids ...node) node { return node{name: name, kids: kids} }

// tx is an element of text, which is there even when the text is empty.
func tx(name, text string) node { return node{name: name, text: text} }

// opt is an element of text, which is left out when the text is empty.
func opt(name, text string) node {
	if text == "" {
		return node{}
	}
	return tx(name, text)
}

func num(name string, n int) node { return tx(name, strconv.Itoa(n)) }

func yes(name string, b bool) node { return tx(name, strconv.FormatBool(b)) }

func when(name string, t time.Time) node { return tx(name, stamp(t)) }

// set is an element with an item for each of a list.
func set[T any](name string, list []T, item func(T) nodes) node {
	n := node{name: name}
	for _, v := range list {
		n.kids = append(n.kids, el("item", item(v)...))
	}
	return n
}

// stamp is how EC2 writes a moment.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func (n node) write(b *strings.Builder) {
	if n.name == "" {
		return
	}
	b.WriteString("<" + n.name + ">")
	// Characters that XML cannot have are replaced; a strings.Builder takes all.
	_ = xml.EscapeText(b, []byte(n.text))
	for _, k := range n.kids {
		k.write(b)
	}
	b.WriteString("</" + strings.SplitN(n.name, " ", 2)[0] + ">")
}

func document(n node) string {
	var b strings.Builder
	b.WriteString(xml.Header)
	n.write(&b)
	return b.String()
}

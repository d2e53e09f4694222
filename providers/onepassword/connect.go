package onepassword

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/1Password/connect-sdk-go/connect"
	sdk "github.com/1Password/connect-sdk-go/onepassword"
	"github.com/opentracing/opentracing-go"
)

// atOnce is how many questions to a Connect server are under way at most. The
// client of 1Password's waits for ever and cannot be told to stop, so a server that
// takes questions and answers none would otherwise gather them.
const atOnce = 4

// untraced keeps the client from tracing. Without a tracer it starts one of its
// own, which sends what it does to port 6831 of this machine and asks port 5778
// how, each minute. The tracer is the process's own, and may be set once.
var untraced sync.Once

// Connect reads secrets from a 1Password Connect server.
//
// Source: https://developer.1password.com/docs/connect/api-reference
type Connect struct {
	client func() connect.Client // a function, so that nothing prints the token that is in it
	token  Secret
	slots  chan struct{}
}

var _ Source = (*Connect)(nil)

// NewConnect makes a source of a Connect server's address, such as
// http://connect:8080, and its token. It does not connect yet.
func NewConnect(host string, token Secret) (*Connect, error) {
	bad := func(sentence string) (*Connect, error) {
		return nil, &Error{Kind: ErrInvalid, Sentence: sentence}
	}
	address, err := url.Parse(host)
	switch {
	case err != nil || address.Scheme != "http" && address.Scheme != "https" || address.Host == "" || address.RawQuery != "" || address.Fragment != "":
		return bad("OP_CONNECT_HOST is not the address of a Connect server; it is such as http://connect:8080")
	case address.User != nil:
		return bad("OP_CONNECT_HOST has a user or a password in it; the token belongs in OP_CONNECT_TOKEN")
	case token.IsZero():
		return bad("OP_CONNECT_HOST is set and OP_CONNECT_TOKEN is not; the Connect server wants both")
	}
	untraced.Do(func() { opentracing.SetGlobalTracer(opentracing.NoopTracer{}) })
	client := connect.NewClientWithUserAgent(strings.TrimRight(host, "/"), token.Reveal(), "cloudimage")
	return &Connect{client: func() connect.Client { return client }, token: token, slots: make(chan struct{}, atOnce)}, nil
}

// Read reads one secret: it looks for the vault, the item and the field. When
// ctx ends, the question is left to itself.
func (c *Connect) Read(ctx context.Context, ref Reference) (Secret, error) {
	type answer struct {
		value Secret
		err   error
	}
	select {
	case c.slots <- struct{}{}:
	case <-ctx.Done():
		return Secret{}, c.unavailable(ref, "earlier questions are still without an answer")
	}
	answers := make(chan answer, 1)
	go func() {
		defer func() { <-c.slots }()
		value, err := c.read(ref)
		answers <- answer{value, err}
	}()
	select {
	case a := <-answers:
		return a.value, a.err
	case <-ctx.Done():
		return Secret{}, c.unavailable(ref, "it takes too long to answer")
	}
}

func (c *Connect) read(ref Reference) (Secret, error) {
	vault, err := c.vault(ref)
	if err != nil {
		return Secret{}, err
	}
	item, err := c.item(ref, vault)
	if err != nil {
		return Secret{}, err
	}
	value, err := c.value(ref, item, vault)
	if err != nil {
		return Secret{}, err
	}
	if value == "" {
		return Secret{}, &Error{ref.String(), ErrMissing, fmt.Sprintf("the field %q is empty; write the secret into it", ref.Field)}
	}
	return NewSecret(value), nil
}

// vault is the id of the vault. The few that a token may read are listed and
// looked through here, because the server compares names as they are written,
// and references are in any case.
func (c *Connect) vault(ref Reference) (string, error) {
	vaults, err := c.client().GetVaults()
	if err != nil {
		return "", c.failed(ref, err)
	}
	var ids []string
	for _, v := range vaults {
		if v.ID == ref.Vault {
			return v.ID, nil
		}
		if strings.EqualFold(v.Name, ref.Vault) {
			ids = append(ids, v.ID)
		}
	}
	return one(ref, ids, "vault", ref.Vault, "or the token may not read it; give the token access to it, or correct the name")
}

// item is the item with its fields. There may be thousands in a vault, so the
// server is asked for those of the name, and all are looked through only when
// there is none: its case may be another.
func (c *Connect) item(ref Reference, vault string) (*sdk.Item, error) {
	if looksLikeID(ref.Item) {
		item, err := c.client().GetItemByUUID(ref.Item, vault)
		if err == nil {
			return item, nil
		}
		if e, ok := errors.AsType[*sdk.Error](err); !ok || e.StatusCode != http.StatusNotFound {
			return nil, c.failed(ref, err)
		}
	}
	items, err := c.client().GetItemsByTitle(ref.Item, vault)
	if err != nil {
		return nil, c.failed(ref, err)
	}
	if len(items) == 1 {
		return &items[0], nil
	}
	if len(items) == 0 {
		if items, err = c.client().GetItems(vault); err != nil {
			return nil, c.failed(ref, err)
		}
	}
	var ids []string
	for _, i := range items {
		if strings.EqualFold(i.Title, ref.Item) {
			ids = append(ids, i.ID)
		}
	}
	id, err := one(ref, ids, "item", ref.Item, fmt.Sprintf("in the vault %q; correct the name, or use the item's id", ref.Vault))
	if err != nil {
		return nil, err
	}
	item, err := c.client().GetItemByUUID(id, vault)
	if err != nil {
		return nil, c.failed(ref, err)
	}
	return item, nil
}

// one is the only id of those that fit a name.
func one(ref Reference, ids []string, what, name, cure string) (string, error) {
	switch len(ids) {
	case 0:
		return "", &Error{ref.String(), ErrMissing, fmt.Sprintf("there is no %s %q, %s", what, name, cure)}
	case 1:
		return ids[0], nil
	}
	return "", &Error{ref.String(), ErrAmbiguous, fmt.Sprintf("%d %ss are called %q; put the id of the right one in the reference, which is one of %s",
		len(ids), what, name, strings.Join(ids, ", "))}
}

// looksLikeID reports whether a name has the form of 1Password's ids.
func looksLikeID(name string) bool {
	return len(name) == 26 && !strings.ContainsFunc(name, func(r rune) bool {
		return !('a' <= r && r <= 'z' || '0' <= r && r <= '9')
	})
}

// failed is the error for an answer that is none.
func (c *Connect) failed(ref Reference, err error) error {
	e, ok := errors.AsType[*sdk.Error](err)
	if !ok {
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err // the address is the operator's own
		}
		return c.unavailable(ref, c.clean(err.Error()))
	}
	switch e.StatusCode {
	case http.StatusUnauthorized:
		return &Error{ref.String(), ErrRefused, "1Password Connect refuses the token; make a new one for this Connect server and put it in OP_CONNECT_TOKEN. It says: " + c.clean(e.Message)}
	case http.StatusForbidden:
		return &Error{ref.String(), ErrRefused, fmt.Sprintf("the token may not read the vault %q; give it access in 1Password, under Developer, Connect servers. It says: %s", ref.Vault, c.clean(e.Message))}
	case http.StatusNotFound:
		return &Error{ref.String(), ErrMissing, "what was there a moment ago is gone. 1Password Connect says: " + c.clean(e.Message)}
	case 0:
		return c.unavailable(ref, "what answers there is not 1Password Connect")
	}
	return c.unavailable(ref, fmt.Sprintf("it answers %d %s: %s", e.StatusCode, http.StatusText(e.StatusCode), c.clean(e.Message)))
}

func (c *Connect) unavailable(ref Reference, why string) error {
	return &Error{ref.String(), ErrUnavailable, "1Password Connect cannot be reached or does not work; see that OP_CONNECT_HOST is its address and that it runs. It was: " + why}
}

// clean is what may be shown of a server's words.
func (c *Connect) clean(text string) string {
	return shorten(strings.ReplaceAll(text, c.token.Reveal(), redacted))
}

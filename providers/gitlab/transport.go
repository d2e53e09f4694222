package gitlab

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
)

// answer is what came back for one request, beside what the library makes of it.
// The library forgets what GitLab said with a 404, and reads an error as text that
// repeats the whole address.
type answer struct {
	path   string // below /api/v4, without the query
	status int    // 0 for none
	header http.Header
	body   []byte // of a refusal, as far as it is looked at
	html   bool   // it says that it is a page for people
}

type answerKey struct{}

// withAnswer has what comes back noted.
func withAnswer(ctx context.Context, a *answer) context.Context {
	return context.WithValue(ctx, answerKey{}, a)
}

// mostOfARefusal is how much of a refusal is read, in bytes. GitLab's are short;
// the pages of proxies need not be read at all.
const mostOfARefusal = 64 << 10

// wire notes what comes back.
type wire struct {
	next  http.RoundTripper
	below string
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	a, ok := r.Context().Value(answerKey{}).(*answer)
	if !ok {
		return w.next.RoundTrip(r)
	}
	*a = answer{path: strings.TrimPrefix(r.URL.EscapedPath(), w.below)}
	resp, err := w.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	a.status, a.header = resp.StatusCode, resp.Header
	a.html = strings.Contains(strings.ToLower(resp.Header.Get("Content-Type")), "html")
	if resp.StatusCode < 400 {
		return resp, nil
	}
	// A body that breaks off is no reason to forget the status.
	a.body, _ = io.ReadAll(io.LimitReader(resp.Body, mostOfARefusal))
	resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(a.body))
	return resp, nil
}

// errRedirected is why a redirect was not followed.
var errRedirected = errors.New("it sends us to another address, where the token must not go")

// sameHostOnly follows GitLab's redirects of projects that were renamed. The
// header with the token would go along to any host, since no client knows that it
// is a secret; and of a request that changes something only an empty shell would,
// as a GET.
func sameHostOnly(r *http.Request, via []*http.Request) error {
	first := via[0]
	if r.URL.Scheme != first.URL.Scheme || !strings.EqualFold(r.URL.Host, first.URL.Host) || r.URL.User != nil {
		return errRedirected
	}
	if first.Method != http.MethodGet || len(via) > 3 {
		return http.ErrUseLastResponse
	}
	return nil
}

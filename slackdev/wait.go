package slackdev

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
)

// This file waits for what an app does after it has acked, without sleeping:
// what is waited for is looked at again after each change of the workspace.

// awaited is something that is to be so: it returns whether it is, and what is
// seen instead.
type awaited func() (holds bool, seen string)

// ErrNotSeen tells that what was waited for did not come in time.
var ErrNotSeen = errors.New("not seen")

// waitTold returns when a thing is so. The error wraps ErrNotSeen and says what was
// seen instead, or net.ErrClosed when the workspace is closed.
func (ws *Workspace) waitTold(ctx context.Context, what string, is awaited) error {
	err := ws.WaitFor(ctx, func() bool { ok, _ := is(); return ok })
	if err == nil || errors.Is(err, net.ErrClosed) {
		return err
	}
	_, seen := is()
	return fmt.Errorf("%w: %s; instead there is:\n%s", ErrNotSeen, what, seen)
}

// WaitForText returns the newest message in the channel that says the words,
// replies included, as soon as the person sees one.
func (p *Person) WaitForText(ctx context.Context, channel, words string) (Message, error) {
	var m Message
	err := p.ws.waitTold(ctx, fmt.Sprintf("%s saw no %q in %s", p.Name(), words, channel), func() (ok bool, seen string) {
		m, ok = p.Find(channel, words)
		return ok, p.Sees(channel)
	})
	return m, err
}

// WaitForGone returns as soon as the person sees no message in the channel that
// says the words.
func (p *Person) WaitForGone(ctx context.Context, channel, words string) error {
	return p.ws.waitTold(ctx, fmt.Sprintf("%s still saw %q in %s", p.Name(), words, channel), func() (bool, string) {
		_, there := p.Find(channel, words)
		return !there, p.Sees(channel)
	})
}

// WaitForModal returns the modal on top as soon as it says the words, in its
// title or below; "" is any modal.
func (p *Person) WaitForModal(ctx context.Context, words string) (View, error) {
	return p.waitForView(ctx, "modal", words, p.Modal)
}

// WaitForNoModal returns as soon as the person has no modal open.
func (p *Person) WaitForNoModal(ctx context.Context) error {
	return p.ws.waitTold(ctx, p.Name()+" still had a modal open", func() (bool, string) {
		v, open := p.Modal()
		return !open, v.Text()
	})
}

// WaitForHome returns the Home tab as soon as it says the words; "" is any that
// was published.
func (p *Person) WaitForHome(ctx context.Context, words string) (View, error) {
	return p.waitForView(ctx, "home", words, p.Home)
}

func (p *Person) waitForView(ctx context.Context, surface, words string, look func() (View, bool)) (View, error) {
	var v View
	err := p.ws.waitTold(ctx, fmt.Sprintf("%s saw no %s that says %q", p.Name(), surface, words), func() (ok bool, seen string) {
		v, ok = look()
		return ok && strings.Contains(v.Text(), words), v.Text()
	})
	return v, err
}

// WaitForCalls returns as soon as the app has called the method at least n times
// since the start; "" is any method.
func (ws *Workspace) WaitForCalls(ctx context.Context, method string, n int) error {
	return ws.waitTold(ctx, fmt.Sprintf("calls of %s did not reach %d", method, n), func() (bool, string) {
		have := ws.CallCount(method)
		return have >= n, fmt.Sprintf("%d calls", have)
	})
}

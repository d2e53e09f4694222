package onepassword

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// Source is a way to 1Password.
type Source interface {
	// Read reads one secret, now. It returns an *Error whose sentence says what to
	// do; it holds neither the value nor a token.
	Read(ctx context.Context, ref Reference) (Secret, error)
}

// retryAfter is how soon 1Password is asked again after it did not answer, while
// there is an older value to use. It keeps a busy program from asking for each
// of its calls, and waiting for each.
const retryAfter = 30 * time.Second

// Options are a resolver's.
type Options struct {
	// Source is asked. Needed.
	Source Source
	// Fresh is how long a value is used before it is asked for again. Defaults to
	// ten minutes.
	Fresh time.Duration
	// Stale is how old a value may be that is used while 1Password does not
	// answer. Defaults to 24 hours; a negative one means never.
	Stale time.Duration
	// Wait is how long an answer is waited for. Defaults to ten seconds, in which
	// a service account's first answer comes too.
	Wait time.Duration
	// Now defaults to time.Now.
	Now func() time.Time
	// Logger hears of old values that are used. Defaults to slog.Default.
	Logger *slog.Logger
}

// Resolver resolves references, and keeps what it was told in memory. It may be
// used by many at once; whoever asks for what is being asked for waits for the
// same answer.
type Resolver struct {
	source             Source
	fresh, stale, wait time.Duration
	now                func() time.Time
	log                *slog.Logger

	mu   sync.Mutex
	kept map[Reference]*kept
}

// kept is what is known of a reference.
type kept struct {
	value  Secret    // zero when nothing is known
	read   time.Time // when it was
	failed time.Time // when it was last asked for in vain
	asking *asking   // nil when nobody asks
}

// asking is a question that is under way. Its fields are set when done closes.
type asking struct {
	done  chan struct{}
	value Secret
	err   error
}

// New makes a resolver. It asks nothing yet.
func New(o Options) (*Resolver, error) {
	if o.Source == nil {
		return nil, &Error{Kind: ErrInvalid, Sentence: "a resolver needs a source"}
	}
	r := &Resolver{
		source: o.Source,
		fresh:  cmp.Or(o.Fresh, 10*time.Minute),
		stale:  cmp.Or(o.Stale, 24*time.Hour),
		wait:   cmp.Or(o.Wait, 10*time.Second),
		now:    o.Now,
		log:    cmp.Or(o.Logger, slog.Default()),
		kept:   map[Reference]*kept{},
	}
	if r.now == nil {
		r.now = time.Now
	}
	return r, nil
}

// Resolve returns the secret that a reference names: one that was read a short
// while ago, or what 1Password says now. When 1Password does not answer, it is
// an older one, and the log says so. When it says that there is no such secret, or
// that the token is no good any more, the older one is forgotten.
func (r *Resolver) Resolve(ctx context.Context, reference string) (Secret, error) {
	ref, err := ParseReference(reference)
	if err != nil {
		return Secret{}, err
	}
	r.mu.Lock()
	k := r.kept[ref]
	if k == nil {
		k = &kept{}
		r.kept[ref] = k
	}
	now := r.now()
	if k.within(now, r.fresh) || k.within(now, r.stale) && now.Sub(k.failed) < retryAfter {
		defer r.mu.Unlock()
		return k.value, nil
	}
	a := k.asking
	if a == nil {
		a = &asking{done: make(chan struct{})}
		k.asking = a
		// Whoever asks first may lose patience before the others do.
		go r.ask(context.WithoutCancel(ctx), ref, k, a)
	}
	r.mu.Unlock()
	select {
	case <-a.done:
		return a.value, a.err
	case <-ctx.Done():
		return Secret{}, &Error{ref.String(), ErrUnavailable, "1Password was not waited for any longer: " + context.Cause(ctx).Error()}
	}
}

// within reports whether there is a value that is not older than that.
func (k *kept) within(now time.Time, age time.Duration) bool {
	return !k.value.IsZero() && now.Sub(k.read) < age
}

// ask puts the question and notes the answer.
func (r *Resolver) ask(ctx context.Context, ref Reference, k *kept, a *asking) {
	ctx, cancel := context.WithTimeout(ctx, r.wait)
	defer cancel()
	value, err := r.source.Read(ctx, ref)

	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	switch {
	case err == nil:
		k.value, k.read, k.failed = value, now, time.Time{}
	case errors.Is(err, ErrUnavailable) && k.within(now, r.stale):
		k.failed = now
		r.log.Warn("1Password does not answer; a secret that was read earlier is used",
			"reference", ref.String(), "age", now.Sub(k.read).Round(time.Second), "err", err)
		value, err = k.value, nil
	default:
		k.value = Secret{}
	}
	a.value, a.err, k.asking = value, err, nil
	close(a.done)
}

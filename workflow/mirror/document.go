package mirror

import (
	"context"
	"strings"
	"time"

	"cloudimage/workflow"
)

// This file makes the document of a run: once, and then it is people's.

// Documents is where documents are made from a template, such as Google Drive.
// Implementations are safe for concurrent use. An error is for the operator; it
// says what to do and has no secret.
type Documents interface {
	// Find is the address of the document that was made with a key; false when there
	// is none.
	Find(ctx context.Context, key string) (url string, ok bool, err error)
	// Create makes a document with a key. It is not idempotent: look with Find
	// before. After an error it may be there.
	Create(ctx context.Context, key, title string) (url string, err error)
}

// bringDocument makes the document, unless it is there.
func (it *item) bringDocument(ctx context.Context) error {
	docs := it.s.options.Documents
	if it.URL != "" && !it.memory.Creating.IsZero() { // we were stopped before we said so
		return it.learn(ctx)
	}
	if it.URL != "" || docs == nil || !it.what.Wanted {
		return it.done(ctx, it.run.Version)
	}
	url, there, err := docs.Find(ctx, it.id())
	if err == nil && !there {
		url, err = docs.Create(ctx, it.id(), it.documentTitle())
	}
	if err != nil {
		it.Failures++
		it.Reason = err.Error()
		it.RetryAt = it.s.options.Now().Add(backoff(it.Failures))
		it.s.log.Warn("a document could not be made; it is tried again", "run", it.run.Name(), "err", err, "at", it.RetryAt)
		return it.save(ctx)
	}
	it.URL, it.memory.Creating = url, it.s.options.Now()
	if err := it.save(ctx); err != nil {
		return err
	}
	return it.learn(ctx)
}

// learn lets the run know where its document is.
func (it *item) learn(ctx context.Context) error {
	url := it.URL
	err := it.observe(ctx, request("document", it.id(), url), func(act workflow.Act, r *workflow.Run) error {
		if r.Facts[it.Fact] == "" { // else somebody has given the link of another
			r.Learn(act, it.Fact, url)
		}
		return nil
	})
	if err != nil {
		return err
	}
	it.memory.Creating = time.Time{}
	return it.done(ctx, it.run.Version)
}

// documentTitle is what the document is called: "DigitalOcean: Partnership Details
// & Contacts".
func (it *item) documentTitle() string {
	title := it.run.Partner
	for _, res := range it.run.Definition().Resources {
		if res.Fact == it.Fact {
			title += ": " + res.Title
		}
	}
	return strings.Join(strings.Fields(title), " ")
}

package bot

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"

	"cloudimage/workflow"
)

// explain turns an error into words for the person who asked. What they can do
// something about is said as it is; anything else gets a reference that is also
// in the log, beside the cause. Nothing else formats errors for people.
func explain(log *slog.Logger, err error) workflow.Text {
	var e *workflow.Error
	if errors.As(err, &e) && e.Kind != workflow.Internal && !e.Message.IsZero() {
		if e.Kind == workflow.Unavailable {
			log.Warn("request not carried out", "err", err)
		}
		return e.Message
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		log.Warn("request took too long", "err", err)
		return workflow.Say("That took too long. Look at the card before you try again: it may have been done.")
	}
	ref := rand.Text()[:8]
	log.Error("request failed", "ref", ref, "err", err)
	return workflow.Say("Something went wrong on my side and nothing was changed. Please try again; if it stays, tell the operator the reference %s.", ref)
}

package bot

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"cloudimage/bot/view"
	"cloudimage/commands"
	"cloudimage/workflow"
)

// This file sends pictures and tables. The rules are:
//
//   - No file is for one person's eyes in a channel, as a sentence can be. Files go
//     where they were asked for, if the bot is a member there and nobody from
//     elsewhere is, and else into the direct message with the person.
//   - The sentence goes with them: one message is the whole answer.
//   - What may have been shared is not shared again. The person is told to look.
//   - Where files cannot be sent, the sentence is said all the same.

// filesWithin is how long the files of one answer may take, with the waits that
// Slack asks for.
const filesWithin = time.Minute

// completeUpload is the method by which files are shared.
const completeUpload = "files.completeUploadExternal"

// asking is where files were asked for.
type asking struct {
	channel workflow.ChannelID // empty in a modal and on Home
	thread  string             // there; empty for none
	in      Incoming           // by which the person is told what came of it
}

// files answers with files.
func (b *Bot) files(out *answer, from asking, reply commands.Reply) {
	out.then(func(ctx context.Context) {
		within, cancel := context.WithTimeout(ctx, filesWithin)
		defer cancel()
		b.tell(ctx, from.in, b.sendFiles(within, from, reply))
	})
}

// sendFiles sends the files of a reply, and returns what is still to be said.
func (b *Bot) sendFiles(ctx context.Context, from asking, reply commands.Reply) workflow.Text {
	var shared []slack.FileSummary
	for _, f := range reply.Files {
		id, err := b.web.upload(ctx, f)
		if err != nil {
			return b.unsentFiles(from, reply, err)
		}
		shared = append(shared, slack.FileSummary{ID: id, Title: cmp.Or(f.Title, f.Name)})
	}
	why := b.closedTo(ctx, from.channel)
	if why.IsZero() && from.channel != "" {
		err := b.web.share(ctx, string(from.channel), from.thread, shared, reply.Text)
		if err == nil {
			return workflow.Text{}
		}
		if why = closedBy(slackError(err), from.channel); why.IsZero() {
			return b.unsentFiles(from, reply, err)
		}
	}
	direct, comment, err := b.directWith(ctx, from.in.User, reply.Text)
	if err == nil {
		err = b.web.share(ctx, direct, "", shared, comment)
	}
	if err != nil {
		return b.unsentFiles(from, reply, err)
	}
	if from.in.View.ID == "" && (from.in.Channel == "" || string(from.in.Channel) == direct) {
		return workflow.Text{} // there is nowhere else to say where they are
	}
	return andThen(workflow.Say("You find %s in our direct message.", namesOf(reply.Files)), why)
}

// closedTo says why no files may be shared in a conversation; nothing when they may.
func (b *Bot) closedTo(ctx context.Context, channel workflow.ChannelID) workflow.Text {
	if channel == "" {
		return workflow.Text{}
	}
	refusal, err := b.rooms.refusal(ctx, channel)
	if err != nil {
		b.log.Warn("a channel could not be looked up, so files went into a direct message", "channel", channel, "err", err)
		return workflow.Say("I could not see just now whether %s is shared with another organisation.", channel)
	}
	return refusal
}

// closedBy says why Slack let no files into a conversation; nothing when the code
// is not about that.
func closedBy(code string, channel workflow.ChannelID) workflow.Text {
	switch code {
	case "not_in_channel", "channel_not_found", "invalid_channel":
		if !isShared(channel) {
			return workflow.Say("I am not in that conversation.")
		}
		return workflow.Say("I am not in %s. Invite me there, and they come there the next time: %s", channel, workflow.Command("/invite @cloudimage"))
	case "is_archived", "restricted_action", "posting_to_channel_denied":
		return workflow.Say("I may not post in %s.", channel)
	}
	return workflow.Text{}
}

// directWith is the conversation with a person, and what is still to be said with
// files that go there. Where it cannot be asked for, which needs im:write, the
// text is sent ahead, since whoever posts learns where.
func (b *Bot) directWith(ctx context.Context, user workflow.UserID, t workflow.Text) (channel string, comment workflow.Text, err error) {
	channel, err = b.web.openDirect(ctx, user)
	if code := slackError(err); code != "missing_scope" && code != unknownMethod {
		return channel, t, err
	}
	if t.IsZero() {
		t = workflow.Say("Here is what you asked for.")
	}
	err = b.web.patient(ctx, "chat.postMessage", func(ctx context.Context) error {
		channel, _, err = b.web.client.PostMessageContext(ctx, string(user), posted(view.Notice(t))...)
		return err
	})
	return channel, workflow.Text{}, err
}

// unsentFiles says what the person gets in the place of files, and the log why.
func (b *Bot) unsentFiles(from asking, reply commands.Reply, err error) workflow.Text {
	names := namesOf(reply.Files)
	b.cannotSend(err)
	switch code := slackError(err); {
	case code == "missing_scope":
		return andThen(reply.Text, workflow.Say("I cannot send %s: pictures and tables need the scope files:write, which this app does not have. Ask the operator to add it.", names))
	case code == unknownMethod:
		return andThen(reply.Text, workflow.Say("I cannot send %s: pictures and tables need files:write, and this server takes no files.", names))
	case errors.Is(err, errUnshared) && uncertain(err):
		b.log.Warn("whether files arrived is not known, since the answer was lost", "user", from.in.User, "files", names, "err", err)
		return andThen(reply.Text, workflow.Say("I do not know whether %s arrived: the answer of Slack was lost. Please look for it where you asked and in our direct message, and ask again if it is in neither.", names))
	}
	b.log.Warn("files could not be sent", "user", from.in.User, "files", names, "err", err)
	return andThen(reply.Text, workflow.Say("I could not send %s (%s). Please ask again in a moment.", names, result(err)))
}

// cannotSend says in the log, once, that files cannot be sent at all. It reports
// whether that is so.
func (b *Bot) cannotSend(err error) bool {
	why := ""
	switch slackError(err) {
	case "missing_scope":
		why = "pictures, tables and logs are left out: the app lacks the scope files:write"
	case unknownMethod:
		why = "this server takes no files: pictures, tables and logs are left out"
	default:
		return false
	}
	b.noFiles.Do(func() { b.log.Warn(why) })
	return true
}

// tell says something to the person who asked, if there is anything to say.
func (b *Bot) tell(ctx context.Context, in Incoming, t workflow.Text) {
	switch {
	case t.IsZero():
	case in.View.ID != "":
		b.show(ctx, in, view.NoticeModal(t), view.Notice(t))
	default:
		b.sayLater(ctx, in, t)
	}
}

// andThen is two texts in a row, either of which may be nothing.
func andThen(first, second workflow.Text) workflow.Text {
	switch {
	case first.IsZero():
		return second
	case second.IsZero():
		return first
	}
	return workflow.Say("%s\n%s", first, second)
}

// namesOf names files as in a sentence.
func namesOf(files []commands.File) string {
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
	}
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// upload brings the bytes of a file to Slack, where nobody sees it yet.
func (w *web) upload(ctx context.Context, f commands.File) (id string, err error) {
	var at *slack.GetUploadURLExternalResponse
	err = w.patient(ctx, "files.getUploadURLExternal", func(ctx context.Context) error {
		at, err = w.client.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{
			FileName: f.Name, FileSize: len(f.Data), AltTxt: f.Alt,
		})
		if err == nil && (at.UploadURL == "" || at.FileID == "") {
			return slack.SlackErrorResponse{Err: unknownMethod} // a yes to everything
		}
		return err
	})
	if err != nil {
		return "", err
	}
	return at.FileID, w.send(ctx, at.UploadURL, f.Data)
}

// send posts the bytes of a file to the address that Slack gave for it. The
// address is a secret, and appears in no error; it needs no token besides, which
// is why the client library, that sends one along, is not used here.
func (w *web) send(ctx context.Context, address string, data []byte) error {
	return w.patient(ctx, "upload_url", func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(data))
		if err != nil {
			return errors.New("the upload address is no URL")
		}
		req.Header.Set("Content-Type", "application/octet-stream")
		resp, err := w.http.Do(req)
		if err != nil {
			return errors.New("the upload address cannot be reached")
		}
		defer resp.Body.Close()
		io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16))
		if resp.StatusCode == http.StatusTooManyRequests {
			wait, err := time.ParseDuration(wholeSeconds(resp.Header.Get("Retry-After")) + "s")
			return errors.Join(err, &slack.RateLimitedError{RetryAfter: wait})
		}
		if resp.StatusCode/100 != 2 {
			return fmt.Errorf("the upload address answered %s", resp.Status)
		}
		return nil
	})
}

// errUnshared marks that it was the sharing that failed.
var errUnshared = errors.New("share files")

// share shows uploaded files in a conversation, in one message with the text; in the
// thread under a message, if there is one. Its id is Slack's own: a person's does not
// do here.
func (w *web) share(ctx context.Context, channel, under string, files []slack.FileSummary, t workflow.Text) error {
	p := slack.CompleteUploadExternalParameters{Files: files, Channel: channel, ThreadTimestamp: under}
	if !t.IsZero() {
		p.InitialComment = view.Notice(t).Text
	}
	err := w.patient(ctx, "files.completeUploadExternal", func(ctx context.Context) error {
		_, err := w.client.CompleteUploadExternalContext(ctx, p)
		return err
	})
	if err != nil {
		return fmt.Errorf("%w: %w", errUnshared, err)
	}
	return nil
}

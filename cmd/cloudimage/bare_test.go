package main

import (
	"context"
	"database/sql"
	"io"
	"log"
	"net/url"
	"path/filepath"
	"sync"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	_ "modernc.org/sqlite" // driver "sqlite"

	"cloudimage/slackdev"
)

// bareBot is the least that can be called a bot that keeps its word: slack-go,
// and one row on disk before each acknowledgement. It knows no people, checks
// nothing and draws nothing. The product is measured against it.
type bareBot struct {
	client *socketmode.Client
	insert *sql.Stmt
}

func startBareBot(tb testing.TB, slackWorkspace *slackdev.Workspace) *bareBot {
	tb.Helper()
	source := url.URL{Scheme: "file", Path: filepath.Join(tb.TempDir(), "bare.db"),
		RawQuery: url.Values{"_pragma": {"journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(5000)"}}.Encode()}
	db, err := sql.Open("sqlite", source.String())
	if err != nil {
		tb.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("CREATE TABLE clicks (id TEXT PRIMARY KEY, who TEXT, action TEXT, value TEXT)"); err != nil {
		tb.Fatal(err)
	}
	b := &bareBot{}
	if b.insert, err = db.Prepare("INSERT INTO clicks VALUES ($1, $2, $3, $4)"); err != nil {
		tb.Fatal(err)
	}
	api := slack.New(slackWorkspace.BotToken(), slack.OptionAppLevelToken(slackWorkspace.AppToken()), slack.OptionAPIURL(slackWorkspace.APIURL()))
	b.client = socketmode.New(api, socketmode.OptionLog(log.New(io.Discard, "", 0)))
	ctx, cancel := context.WithCancel(context.Background())
	var parts sync.WaitGroup
	parts.Go(func() { b.client.RunContext(ctx) })
	parts.Go(func() { b.listen(ctx, tb) })
	tb.Cleanup(func() {
		cancel()
		parts.Wait()
		b.insert.Close()
		db.Close()
	})
	waitConnected(tb, slackWorkspace, 1)
	return b
}

// listen gives each click a goroutine, as most bots do.
func (b *bareBot) listen(ctx context.Context, tb testing.TB) {
	for {
		select {
		case e := <-b.client.Events:
			if click, ok := e.Data.(slack.InteractionCallback); ok {
				go b.answer(ctx, tb, e.Request.EnvelopeID, click)
			}
		case <-ctx.Done():
			return
		}
	}
}

func (b *bareBot) answer(ctx context.Context, tb testing.TB, envelope string, click slack.InteractionCallback) {
	a := click.ActionCallback.BlockActions[0]
	if _, err := b.insert.ExecContext(ctx, envelope, click.User.ID, a.ActionID, a.Value); err != nil {
		tb.Error(err)
		return
	}
	if err := b.client.AckCtx(ctx, envelope, nil); err != nil {
		tb.Error(err)
	}
}

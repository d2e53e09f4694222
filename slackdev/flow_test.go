package slackdev

import (
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackutilsx"
)

// TestOneDay walks through what a bot does all day, over slack-go's own
// clients: a command opens a modal, the modal posts a card, a click changes it.
func TestOneDay(t *testing.T) {
	t.Parallel()
	ws := start(t)
	b := &bot{}
	b.slash = func(c slack.SlashCommand) any {
		go b.api.OpenView(c.TriggerID, slack.ModalViewRequest{
			Type: slack.VTModal, CallbackID: "new", Title: plain("New thing"), Submit: plain("Create"), PrivateMetadata: c.ChannelID,
			Blocks: slack.Blocks{BlockSet: []slack.Block{
				slack.NewInputBlock("name", plain("Name"), nil, slack.NewPlainTextInputBlockElement(plain("a name"), "v")),
			}},
		})
		return nil
	}
	b.submit = func(ic slack.InteractionCallback) any {
		name := ic.View.State.Values["name"]["v"].Value
		if name == "bad" {
			return slack.NewErrorsViewSubmissionResponse(map[string]string{"name": "Choose another name."})
		}
		go b.api.PostMessage(ic.View.PrivateMetadata, slack.MsgOptionText(name, true), slack.MsgOptionBlocks(
			slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, "*"+slackutilsx.EscapeMessage(name)+"* for <@"+ic.User.ID+">", false, false), nil,
				slack.NewAccessory(slack.NewButtonBlockElement("done", "v1", plain("Done..."))), slack.SectionBlockOptionBlockID("row1")),
		))
		return nil
	}
	b.block = func(ic slack.InteractionCallback) any {
		go b.api.UpdateMessage(ic.Channel.ID, ic.Message.Timestamp, slack.MsgOptionText("done by <@"+ic.User.ID+">", false))
		return nil
	}
	connect(t, ws, 2, b)
	ana := ws.User("ana")
	ctx := t.Context()

	if out, err := ana.Slash(ctx, "#cloud-images", "/thing new"); err != nil || !out.OK {
		t.Fatalf("slash: %+v, %v", out, err)
	}
	if err := ws.WaitFor(ctx, func() bool { _, ok := ana.Modal(); return ok }); err != nil {
		t.Fatal(err)
	}
	if out := must[Outcome](t)(ana.Submit(ctx)); out.OK || out.FieldErrors["name"] != "Please complete this required field." {
		t.Fatalf("an empty required input was submitted: %+v", out)
	}
	must[Outcome](t)(ana.Fill(ctx, "Name", "bad"))
	if out := must[Outcome](t)(ana.Submit(ctx)); out.OK || out.FieldErrors["name"] != "Choose another name." {
		t.Fatalf("submit: %+v", out)
	}
	if v, _ := ana.Modal(); !strings.Contains(v.Text(), "! Choose another name.") {
		t.Fatalf("the error is not shown:\n%s", v.Text())
	}
	must[Outcome](t)(ana.Fill(ctx, "Name", "Vultr & <co>"))
	if out := must[Outcome](t)(ana.Submit(ctx)); !out.OK {
		t.Fatalf("submit: %+v", out)
	}
	if _, open := ana.Modal(); open {
		t.Fatal("the modal is still open")
	}
	if err := ws.WaitFor(ctx, func() bool { return len(ana.Messages("#cloud-images")) == 1 }); err != nil {
		t.Fatal(err)
	}
	m := ana.Messages("cloud-images")[0]
	if want := "Vultr & <co> for @ana [Done...]"; m.Text() != want {
		t.Errorf("card reads %q, want %q", m.Text(), want)
	}
	omar := ws.User("omar")
	if out := must[Outcome](t)(omar.Click(ctx, In("#cloud-images", "Done"))); !out.OK || out.AckMS <= 0 {
		t.Fatalf("click: %+v", out)
	}
	if err := ws.WaitFor(ctx, func() bool { return strings.Contains(ana.Sees("#cloud-images"), "done by @omar") }); err != nil {
		t.Fatal(err)
	}
	if m := ana.Messages("cloud-images")[0]; m.Blocks != nil || !m.Edited {
		t.Errorf("an update with text alone must drop the blocks and mark the message edited: %+v", m)
	}
	if err := ws.WaitFor(ctx, func() bool { return ws.CallCount("chat.update") == 1 }); err != nil {
		t.Error(err)
	}
}

package slackdev

import (
	"net/url"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

// upload brings a file into the workspace and shares it in the channels.
func upload(t *testing.T, c *slack.Client, name, comment, channel string) *slack.FileSummary {
	t.Helper()
	f, err := c.UploadFile(slack.UploadFileParameters{Filename: name, Content: "data", FileSize: 4, AltTxt: "A picture", InitialComment: comment, Channel: channel})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestSharesTellPublicFromPrivate(t *testing.T) {
	t.Parallel()
	ws := start(t)
	c := api(ws)
	dm := botPost(t, ws, "U0ANA", "hello", "")
	if err := ws.User("ana").Invite("#private-partners", "testapp"); err != nil {
		t.Fatal(err)
	}
	for channel, public := range map[string]bool{"C0GENERAL": true, "C0PRIVATEPARTNERS": false, "D0ANA": false} {
		f := upload(t, c, "a.csv", "", channel)
		info, _, _, err := c.GetFileInfo(f.ID, 0, 0)
		if err != nil || info.IsPublic != public || len(info.Shares.Public[channel]) != map[bool]int{true: 1}[public] || len(info.Shares.Private[channel]) != map[bool]int{false: 1}[public] {
			t.Errorf("%s: %+v, %v", channel, info, err)
		}
	}
	// The message of the file is found by its timestamp in the shares.
	parent := botPost(t, ws, "C0GENERAL", "parent", "")
	f, err := c.UploadFile(slack.UploadFileParameters{Filename: "b.csv", Content: "data", FileSize: 4, Channel: "C0GENERAL", ThreadTimestamp: string(parent)})
	if err != nil {
		t.Fatal(err)
	}
	info, _, _, err := c.GetFileInfo(f.ID, 0, 0)
	if err != nil || len(info.Shares.Public["C0GENERAL"]) != 1 || info.Shares.Public["C0GENERAL"][0].ThreadTs != string(parent) {
		t.Fatalf("%+v, %v", info, err)
	}
	if m := ws.User("ana").Thread("#general", parent); len(m) != 2 || string(m[1].TS) != info.Shares.Public["C0GENERAL"][0].Ts {
		t.Errorf("the thread: %+v", m)
	}
	if !dm.Time().Equal(testNow) {
		t.Errorf("the first message is of %v", dm.Time())
	}
}

func TestACommentWinsOverBlocks(t *testing.T) {
	t.Parallel()
	ws := start(t)
	begun := post(t, ws, ws.BotToken(), "files.getUploadURLExternal", url.Values{"filename": {"a.txt"}, "length": {"1"}, "alt_txt": {"Words"}})
	if got := respond(t, begun["upload_url"].(string), "x"); !strings.HasPrefix(got, "OK") {
		t.Fatal(got)
	}
	rich := `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"from blocks"}]}]}]`
	got := post(t, ws, ws.BotToken(), "files.completeUploadExternal", url.Values{
		"files": {`[{"id":"` + begun["file_id"].(string) + `","title":"Notes"}]`}, "channels": {"C0GENERAL,C0CLOUDIMAGES"}, "initial_comment": {"from the comment"}, "blocks": {rich},
	})
	if got["ok"] != true || at(got, "files", 0, "alt_txt") != "Words" || at(got, "files", 0, "title") != "Notes" {
		t.Fatal(got)
	}
	for _, channel := range []string{"#general", "#cloud-images"} {
		if s := ws.User("ana").Sees(channel); s != "from the comment\n(file: Notes)" {
			t.Errorf("in %s she reads %q", channel, s)
		}
	}
	refusal{"files.completeUploadExternal", `channels=` + strings.Repeat("C0GENERAL,", 101) + `&files=[{"id":"F0NOTHING"}]`, "file_not_found"}.check(t, ws, ws.BotToken())
}

func TestTooManyChannelsForAFile(t *testing.T) {
	t.Parallel()
	ws := start(t)
	begun := post(t, ws, ws.BotToken(), "files.getUploadURLExternal", url.Values{"filename": {"a.txt"}, "length": {"1"}})
	respond(t, begun["upload_url"].(string), "x")
	complete := `files=[{"id":"` + begun["file_id"].(string) + `"}]&channels=`
	for _, r := range []refusal{
		{"files.completeUploadExternal", complete + strings.Repeat("C0GENERAL,", 101), "channels_limit_exceeded"},
		{"files.completeUploadExternal", complete + "C0OLDIMAGES", "is_archived"},
		{"files.completeUploadExternal", complete + "C0GENERAL", ""},
		{"files.completeUploadExternal", complete + "C0GENERAL", "file_update_failed"},
	} {
		r.check(t, ws, ws.BotToken())
	}
}

// An image block may show a file that was uploaded, whole, and a picture; shared
// or not.
func TestImagesOfUploadedFiles(t *testing.T) {
	t.Parallel()
	ws := start(t)
	c := api(ws)
	private, text := upload(t, c, "chart.PNG", "", ""), upload(t, c, "notes.txt", "", "C0GENERAL")
	begun := post(t, ws, ws.BotToken(), "files.getUploadURLExternal", url.Values{"filename": {"later.png"}, "length": {"1"}})
	info, _, _, err := c.GetFileInfo(private.ID, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	image := func(ref string) string {
		return `[{"type":"divider"},{"type":"image","slack_file":{` + ref + `},"alt_text":"A chart"}]`
	}
	for ref, good := range map[string]bool{
		`"id":"` + private.ID + `"`:                                true,
		`"url":"` + info.URLPrivate + `"`:                          true,
		`"url":"` + info.Permalink + `"`:                           true,
		`"id":"F0NOTHING"`:                                         false,
		`"id":"` + text.ID + `"`:                                   false, // no picture
		`"id":"` + begun["file_id"].(string) + `"`:                 false, // not there yet
		`"url":"https://files.slack.com/files-pri/T1-F1/xyz.png"`:  false,
		`"url":"https://elsewhere.example/` + private.ID + `/x"`:   false,
		`"url":"https://acme.slack.com/files/U1/` + text.ID + `/"`: false,
	} {
		got := post(t, ws, ws.BotToken(), "chat.postMessage", url.Values{"channel": {"C0GENERAL"}, "blocks": {image(ref)}})
		if (got["ok"] == true) != good || !good && at(got, "response_metadata", "messages", 0) != "[ERROR] invalid slack file [json-pointer:/blocks/1/slack_file]" {
			t.Errorf("%s in a message: %v", ref, got)
		}
		got = post(t, ws, ws.BotToken(), "chat.postMessage", url.Values{"channel": {"C0GENERAL"}, "attachments": {`[{"blocks":` + image(ref) + `}]`}})
		if (got["ok"] == true) != good || !good && (got["error"] != "invalid_attachments" || at(got, "errors", 0) != "invalid slack file [json-pointer:/attachments/0/blocks/1/slack_file]") {
			t.Errorf("%s in an attachment: %v", ref, got)
		}
		got = post(t, ws, ws.BotToken(), "views.publish", url.Values{"user_id": {"U0ANA"}, "view": {`{"type":"home","blocks":` + image(ref) + `}`}})
		if (got["ok"] == true) != good || !good && (got["error"] != "invalid_arguments" || at(got, "response_metadata", "messages", 0) != "[ERROR] invalid slack file [json-pointer:/view/blocks/1/slack_file]") {
			t.Errorf("%s on Home: %v", ref, got)
		}
	}
}

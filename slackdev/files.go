package slackdev

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
)

// This file takes files the way Slack does now: ask for an upload URL, post
// the bytes there, complete the upload and perhaps share it.

const maxUpload = 32 << 20

func fileObject(ws *Workspace, f *file) map[string]any {
	if f.deleted {
		return map[string]any{"id": f.id, "mode": "tombstone"}
	}
	ext := extension(f.name)
	channels, groups, ims := ws.sharedIn(f)
	return map[string]any{
		"id": f.id, "created": f.created, "timestamp": f.created, "name": f.name, "title": f.title, "size": f.size,
		"filetype": ext, "mimetype": mimeOf(ext), "user": f.user, "alt_txt": f.altText, "mode": "hosted", "is_external": false,
		"is_public": len(channels) > 0, "channels": channels, "groups": groups, "ims": ims,
		"url_private": ws.url + "/dev/files/" + string(f.id), "url_private_download": ws.url + "/dev/files/" + string(f.id),
		"permalink": "https://" + ws.st.team.domain + ".slack.com/files/" + string(f.user) + "/" + string(f.id) + "/" + f.name,
	}
}

func extension(name string) string { return strings.TrimPrefix(path.Ext(name), ".") }

// sharedIn lists where a file was shared, by kind of conversation.
func (ws *Workspace) sharedIn(f *file) (channels, groups, ims []ChannelID) {
	channels, groups, ims = []ChannelID{}, []ChannelID{}, []ChannelID{}
	for _, id := range f.channels {
		switch ws.st.channelIDs[id].kind {
		case kindPrivate:
			groups = append(groups, id)
		case kindIM:
			ims = append(ims, id)
		default:
			channels = append(channels, id)
		}
	}
	return channels, groups, ims
}

func mimeOf(ext string) string {
	switch strings.ToLower(ext) {
	case "png":
		return "image/png"
	case "jpg", "jpeg":
		return "image/jpeg"
	case "gif":
		return "image/gif"
	case "pdf":
		return "application/pdf"
	case "csv":
		return "text/csv"
	case "json":
		return "application/json"
	case "txt", "log", "md":
		return "text/plain"
	}
	return "application/octet-stream"
}

func uploadURL(c *call) (any, error) {
	name, size := c.args.str("filename"), c.args.int("length", 0)
	switch {
	case name == "":
		return nil, invalidArguments("missing required field: filename", "/filename")
	case size <= 0:
		return nil, invalidArguments("must be greater than 0", "/length")
	case size > maxUpload:
		return nil, fail("file_upload_size_restricted")
	}
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	f := &file{
		id: FileID(ws.ids.short("F")), name: name, title: name, altText: c.args.str("alt_txt"), size: int64(size),
		secret: ws.ids.secret(), user: ws.st.bot.id, created: ws.clock.Now().Unix(),
	}
	ws.st.addFile(f)
	return reply{"upload_url": ws.url + "/upload/" + string(f.id) + "." + f.secret, "file_id": f.id}, nil
}

// serveUpload takes the bytes, raw or as the first file of a form.
func (ws *Workspace) serveUpload(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := strings.Cut(r.PathValue("token"), ".")
	data, err := uploadedBytes(w, r)
	if err != nil {
		http.Error(w, "The upload could not be read.", http.StatusBadRequest)
		return
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	f := ws.st.files[FileID(id)]
	if f == nil || f.secret != secret || f.uploaded {
		http.Error(w, "The upload URL is unknown or used.", http.StatusNotFound)
		return
	}
	if int64(len(data)) != f.size {
		http.Error(w, "The length differs from the one announced.", http.StatusBadRequest)
		return
	}
	f.data, f.uploaded = data, true
	io.WriteString(w, "OK - "+r.PathValue("token"))
}

func uploadedBytes(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload+1<<20)
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return io.ReadAll(r.Body)
	}
	mr, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	for {
		part, err := mr.NextPart()
		if err != nil {
			return nil, err
		}
		if part.FileName() != "" {
			return io.ReadAll(part)
		}
	}
}

func completeUpload(c *call) (any, error) {
	var list []struct {
		ID    FileID `json:"id"`
		Title string `json:"title"`
	}
	if json.Unmarshal(c.args.raw("files"), &list) != nil || len(list) == 0 {
		return nil, invalidArguments("missing required field: files", "/files")
	}
	comment, blocks := c.args.str("initial_comment"), c.args.raw("blocks")
	if comment != "" {
		blocks = nil // Slack ignores them beside a comment
	}
	k, err := c.contentOf(comment, blocks, nil)
	if err != nil {
		return nil, err
	}
	k.guise = c.guise()
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	var files []*file
	for _, l := range list {
		f := ws.st.files[l.ID]
		if f == nil || !f.uploaded {
			return nil, fail("file_not_found")
		}
		if f.complete {
			return nil, fail("file_update_failed")
		}
		files = append(files, f)
	}
	targets := c.args.list("channels")
	if id := c.args.str("channel_id"); id != "" {
		targets = append(targets, id)
	}
	if len(targets) > 100 {
		return nil, fail("channels_limit_exceeded")
	}
	var chans []*channel
	for _, t := range targets {
		ch := ws.seenByBot(ChannelID(t))
		switch {
		case ch == nil:
			return nil, fail("channel_not_found")
		case !ch.memberSet[ws.st.bot.id]:
			return nil, fail("not_in_channel")
		case ch.archived:
			return nil, fail("is_archived")
		}
		chans = append(chans, ch)
	}
	out := make([]any, len(files))
	for i, f := range files {
		f.complete = true
		if list[i].Title != "" {
			f.title = list[i].Title
		}
		for _, ch := range chans {
			f.channels = append(f.channels, ch.id)
		}
		out[i] = fileObject(ws, f)
	}
	for _, ch := range chans {
		m := ws.newBotMessage(ch, k)
		m.files, m.thread = files, threadOf(ch, TS(c.args.str("thread_ts")))
		ws.publish(m)
		s := ws.messageShown("posted", m, nil)
		s.Kind, s.Text = "file_shared", files[0].title
		c.shows(s)
	}
	return reply{"files": out}, nil
}

// serveFile gives a file to who may see it: the person whom the request names, or
// the app with its token. Anything but a picture is downloaded, so that no
// uploaded page runs here.
func (ws *Workspace) serveFile(w http.ResponseWriter, r *http.Request) {
	policy(w)
	token, isApp := bearer(r)
	isApp = isApp && token != ""
	ws.mu.Lock()
	f := ws.st.files[FileID(r.PathValue("id"))]
	may := f != nil && f.complete
	if isApp {
		a := &ws.st.app
		may = may && token == a.botToken && a.token == TokenValid && a.scopes["files:read"] && ws.mayOpen(ws.st.bot, f)
	} else {
		may = may && ws.mayOpen(ws.st.userIDs[UserID(r.URL.Query().Get("as"))], f)
	}
	var data []byte
	name := ""
	if may {
		data, name = f.data, f.name
	}
	ws.mu.Unlock()
	if !may {
		http.Error(w, "There is no such file, or it is not for you.", http.StatusNotFound)
		return
	}
	kind := mimeOf(strings.TrimPrefix(path.Ext(name), "."))
	w.Header().Set("Content-Type", kind)
	if !strings.HasPrefix(kind, "image/") {
		w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	}
	w.Write(data)
}

// mayOpen tells whether a person, or the bot, may see a file that is there: one that
// is shared, where they see it. One that is not, is the app's, which may show it to
// anybody in an image, or was put into a file input, by a person for the app. The
// workspace is locked.
func (ws *Workspace) mayOpen(u *user, f *file) bool {
	if u == nil || u.kind == KindDeleted || f.deleted {
		return false
	}
	for _, id := range f.channels {
		if ws.st.channelIDs[id].visibleTo(u) {
			return true
		}
	}
	return len(f.channels) == 0 && (f.user == u.id || f.user == ws.st.bot.id || u == ws.st.bot || ws.st.shows(f.id))
}

// file finds the file argument among those the bot sees. The workspace is locked.
func (c *call) file() (*file, error) {
	f := c.ws.st.files[FileID(c.args.str("file"))]
	switch {
	case f != nil && f.deleted:
		return nil, fail("file_deleted")
	case f == nil || !f.complete || !c.ws.mayOpen(c.ws.st.bot, f):
		return nil, fail("file_not_found")
	}
	return f, nil
}

func fileInfo(c *call) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	f, err := c.file()
	if err != nil {
		return nil, err
	}
	o := fileObject(ws, f)
	o["shares"] = ws.shares(f)
	return reply{"file": o, "comments": []any{}, "paging": map[string]any{"count": 0, "total": 0, "page": 1, "pages": 0}}, nil
}

// shares tells in which messages a file is: in public channels, and in private
// ones and direct messages apart.
func (ws *Workspace) shares(f *file) map[string]any {
	of := map[string]map[string][]any{}
	for _, id := range f.channels {
		ch := ws.st.channelIDs[id]
		kind := "private"
		if ch.kind == kindPublic {
			kind = "public"
		}
		for _, m := range ch.log {
			if !slices.Contains(m.files, f) {
				continue
			}
			if of[kind] == nil {
				of[kind] = map[string][]any{}
			}
			share := map[string]any{"ts": m.ts, "channel_name": ch.name, "team_id": ws.st.team.id, "share_user_id": m.user, "reply_count": len(m.replies)}
			if m.isReply() {
				share["thread_ts"] = m.thread
			}
			of[kind][string(id)] = append(of[kind][string(id)], share)
		}
	}
	out := map[string]any{}
	for kind, channels := range of {
		out[kind] = channels
	}
	return out
}

package slackdev

import (
	"slices"
	"strings"
)

// This file lists files, and deletes those of the app.

// fileKinds tell files apart as files.list does. Posts, snippets and Google
// documents are kinds of Slack's own, of which there are none here.
func fileKinds() map[string]func(*file) bool {
	none := func(*file) bool { return false }
	ending := func(ext string) func(*file) bool {
		return func(f *file) bool { return strings.EqualFold(extension(f.name), ext) }
	}
	return map[string]func(*file) bool{
		"all": func(*file) bool { return true }, "spaces": none, "snippets": none, "gdocs": none,
		"images": func(f *file) bool { return strings.HasPrefix(mimeOf(extension(f.name)), "image/") },
		"zips":   ending("zip"), "pdfs": ending("pdf"),
	}
}

// listFiles lists the files that the bot sees, newest first.
func listFiles(c *call) (any, error) {
	kinds := c.args.list("types")
	if len(kinds) == 0 {
		kinds = []string{"all"}
	}
	known := fileKinds()
	for _, k := range kinds {
		if known[k] == nil {
			return nil, fail("unknown_type")
		}
	}
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	who, where := UserID(c.args.str("user")), ChannelID(c.args.str("channel"))
	if who != "" && ws.st.userIDs[who] == nil {
		return nil, fail("user_not_found")
	}
	from, to := c.args.int("ts_from", 0), c.args.int("ts_to", 0)
	all := []any{}
	for _, id := range slices.Backward(ws.st.fileOrder) {
		f := ws.st.files[id]
		switch {
		case f == nil || !f.complete || !ws.mayOpen(ws.st.bot, f):
		case who != "" && f.user != who, where != "" && !slices.Contains(f.channels, where):
		case f.created < int64(from), to > 0 && f.created > int64(to):
		case !slices.ContainsFunc(kinds, func(k string) bool { return known[k](f) }):
		default:
			all = append(all, fileObject(ws, f))
		}
	}
	page, paging := numbered(c, all)
	return reply{"files": page, "paging": paging}, nil
}

// numbered cuts the page that count and page ask for, as older methods do.
func numbered[T any](c *call, all []T) ([]T, map[string]any) {
	count, page := c.args.int("count", 100), max(1, c.args.int("page", 1))
	if count < 1 || count > 1000 {
		count = 100
	}
	pages := (len(all) + count - 1) / count
	from := min(len(all), (min(page, pages+1)-1)*count)
	return all[from:min(len(all), from+count)], map[string]any{"count": count, "total": len(all), "page": page, "pages": pages}
}

// deleteFile deletes a file of the app's. The messages that showed it stay, with
// what is left of it.
func deleteFile(c *call) (any, error) {
	ws := c.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	f, err := c.file()
	switch {
	case err != nil:
		return nil, err
	case f.user != ws.st.bot.id:
		return nil, fail("cant_delete_file")
	}
	type shown struct {
		m      *message
		before []byte
	}
	var showing []shown
	for _, id := range f.channels {
		for _, m := range ws.st.channelIDs[id].log {
			if slices.Contains(m.files, f) {
				showing = append(showing, shown{m, ws.messageJSON(m)})
			}
		}
	}
	ws.st.fileBytes -= f.size
	f.deleted, f.data, f.size = true, nil, 0
	for _, s := range showing {
		s.m.json = nil
		ws.changedMessages(s.m.channel)
		ws.revised(s.before, s.m)
		c.shows(ws.messageShown("updated", s.m, s.before))
	}
	ws.emit("file_deleted", ws.st.bot.id, map[string]any{"type": "file_deleted", "file_id": f.id, "channel_ids": append([]ChannelID{}, f.channels...)})
	return reply{}, nil
}

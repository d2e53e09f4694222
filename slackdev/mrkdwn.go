package slackdev

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// This file turns mrkdwn into the plain text a person sees.

var (
	angle = regexp.MustCompile(`<([^<>]*)>`)
	// A mark counts at the edges of words only, as in Slack.
	bold   = regexp.MustCompile(`(^|[\s(\[{"'>.,;:!?/_~-])\*([^\s*](?:[^*\n]*[^\s*])?)\*($|[\s)\]}"'<.,;:!?/_~-])`)
	italic = regexp.MustCompile(`(^|[\s(\[{"'>.,;:!?/*~-])_([^\s_](?:[^_\n]*[^\s_])?)_($|[\s)\]}"'<.,;:!?/*~-])`)
	strike = regexp.MustCompile(`(^|[\s(\[{"'>.,;:!?/*_-])~([^\s~](?:[^~\n]*[^\s~])?)~($|[\s)\]}"'<.,;:!?/*_-])`)
	code   = regexp.MustCompile("`([^`\n]+)`")

	unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
)

// text renders a text object.
func (r *reader) text(v any) string {
	m, _ := v.(map[string]any)
	s, _ := m["text"].(string)
	if m["type"] == "plain_text" {
		return s
	}
	return r.mrkdwn(s)
}

func (r *reader) mrkdwn(s string) string {
	s = angle.ReplaceAllStringFunc(s, func(t string) string {
		// What a reference stands for must not be read as marks or entities
		// again; the marks of names are few enough to leave alone.
		return r.reference(t[1 : len(t)-1])
	})
	for _, re := range []*regexp.Regexp{bold, italic, strike} {
		// Twice, as neighbours share the blank between them.
		s = re.ReplaceAllString(re.ReplaceAllString(s, "$1$2$3"), "$1$2$3")
	}
	s = strings.ReplaceAll(s, "```", "")
	s = code.ReplaceAllString(s, "$1")
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimPrefix(strings.TrimPrefix(l, "&gt; "), "&gt;")
	}
	return unescape.Replace(strings.Join(lines, "\n"))
}

// reference renders what stands between angle brackets.
func (r *reader) reference(t string) string {
	body, label, labelled := strings.Cut(t, "|")
	switch {
	case strings.HasPrefix(body, "@"):
		return r.userName(body[1:])
	case strings.HasPrefix(body, "#"):
		return r.channelName(body[1:])
	case strings.HasPrefix(body, "!subteam^"):
		return r.groupName(strings.TrimPrefix(body, "!subteam^"))
	case strings.HasPrefix(body, "!date^"):
		parts := strings.SplitN(strings.TrimPrefix(body, "!date^"), "^", 3)
		n, err := strconv.ParseInt(parts[0], 10, 64)
		if err != nil || len(parts) < 2 {
			return label
		}
		return r.date(n, parts[1])
	case strings.HasPrefix(body, "!"):
		if labelled {
			return label
		}
		return "@" + body[1:]
	case labelled:
		return label
	}
	return strings.TrimPrefix(body, "mailto:")
}

func (r *reader) userName(id string) string {
	if u := r.ws.st.userIDs[UserID(id)]; u != nil {
		return "@" + u.name
	}
	return "@" + id
}

func (r *reader) channelName(id string) string {
	if c := r.ws.st.channelIDs[ChannelID(id)]; c != nil {
		if c.kind == kindIM {
			return r.userName(string(c.with))
		}
		if c.kind == kindPrivate && r.as != nil && !c.memberSet[r.as.id] {
			return "#private-channel"
		}
		return "#" + c.name
	}
	return "#" + id
}

func (r *reader) groupName(id string) string {
	if g := r.ws.st.groupByHandle(id); g != nil {
		return "@" + g.handle
	}
	return "@" + id
}

// date writes a moment as <!date> does, in the reader's zone.
func (r *reader) date(unix int64, format string) string {
	zone := time.UTC
	if r.as != nil {
		zone = r.as.zone
	}
	at := time.Unix(unix, 0).In(zone)
	now := r.ws.clock.Now().In(zone)
	ordinal := fmt.Sprintf("%d%s", at.Day(), suffix(at.Day()))
	long := at.Format("January ") + ordinal + at.Format(", 2006")
	divider := long // without the year while it is this one
	if at.Year() == now.Year() {
		divider = at.Format("January ") + ordinal
	}
	pretty := func(plain string) string {
		day := func(t time.Time) string { return t.Format(time.DateOnly) }
		switch day(at) {
		case day(now):
			return "today"
		case day(now.AddDate(0, 0, 1)):
			return "tomorrow"
		case day(now.AddDate(0, 0, -1)):
			return "yesterday"
		}
		return plain
	}
	return strings.NewReplacer(
		"{date_num}", at.Format(time.DateOnly), "{date_slash}", at.Format("2006/01/02"),
		"{date_short_pretty}", pretty(at.Format("Jan 2, 2006")), "{date_long_pretty}", pretty(at.Format("Monday, ")+long), "{date_pretty}", pretty(long),
		"{date_short}", at.Format("Jan 2, 2006"), "{date_long}", at.Format("Monday, ")+long, "{date}", long,
		"{date_long_full}", at.Format("January 2, 2006"), "{day_divider_pretty}", pretty(at.Format("Monday, ")+divider),
		"{time_secs}", at.Format("3:04:05 PM"), "{time}", at.Format("3:04 PM"), "{ago}", ago(now.Sub(at)),
	).Replace(format)
}

func suffix(day int) string {
	if day/10 == 1 {
		return "th"
	}
	switch day % 10 {
	case 1:
		return "st"
	case 2:
		return "nd"
	case 3:
		return "rd"
	}
	return "th"
}

func ago(d time.Duration) string {
	tail := " ago"
	if d < 0 {
		d, tail = -d, " from now"
	}
	count := func(n int, unit string) string {
		if n != 1 {
			unit += "s"
		}
		return fmt.Sprintf("%d %s%s", n, unit, tail)
	}
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return count(int(d/time.Minute), "minute")
	case d < 24*time.Hour:
		return count(int(d/time.Hour), "hour")
	}
	return count(int(d/(24*time.Hour)), "day")
}

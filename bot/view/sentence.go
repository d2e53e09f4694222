package view

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"cloudimage/workflow"
)

// Sentence is a text as mrkdwn: strings that somebody typed are made harmless,
// people, channels and groups become references, and times are printed in the
// reader's zone. The text's own words are ours and stay as they are.
func Sentence(t workflow.Text) string { return t.Map(markupArg) }

// Plain is a text for a plain_text place, such as the error of a field, where
// there are no references: a person is "that person", and times are in UTC.
func Plain(t workflow.Text) string { return upperFirst(plain(t)) }

func plain(t workflow.Text) string { return t.Map(plainArg) }

// printed is an argument that is ready to be read, whatever verb prints it.
type printed string

// Format implements [fmt.Formatter]: the text as it is, in quotes for %q.
func (p printed) Format(f fmt.State, verb rune) {
	if verb == 'q' {
		p = "“" + p + "”"
	}
	_, _ = f.Write([]byte(p)) // a fmt.State keeps what it is given
}

func markupArg(arg any) any {
	switch a := arg.(type) {
	case string:
		return printed(typed(a))
	case workflow.UserID:
		return printed(mention(a))
	case workflow.ChannelID:
		return printed(channel(a))
	case workflow.TeamName:
		return printed(team(a))
	case workflow.Date:
		return printed(typed(day(a)))
	case time.Time:
		return printed(moment(a))
	case workflow.Strong:
		return printed(strong(string(a), 0))
	case workflow.Command:
		return printed(code(string(a)))
	case workflow.Quote:
		return printed(quote(string(a)))
	case workflow.Text:
		return printed(Sentence(a))
	}
	return printed(typed(fmt.Sprint(arg)))
}

func plainArg(arg any) any {
	switch a := arg.(type) {
	case workflow.UserID:
		if a == workflow.Bot {
			return printed(botName)
		}
		return printed("that person")
	case workflow.ChannelID:
		return printed("that channel")
	case workflow.TeamName:
		return printed(clean(a.Name))
	case workflow.Date:
		return printed(day(a))
	case time.Time:
		if a.IsZero() {
			return printed(noDate)
		}
		return printed(a.UTC().Format(dayLayout + ", 15:04 UTC"))
	case workflow.Text:
		return printed(plain(a))
	}
	return printed(clean(fmt.Sprint(arg)))
}

const (
	botName   = "cloudimage"
	noDate    = "no date"
	dayLayout = "Mon 2 Jan 2006"
)

// mention refers to a person. What is no id is not made a reference.
func mention(id workflow.UserID) string {
	switch {
	case id == workflow.Bot:
		return botName
	case !isID(string(id)):
		return typedLine(string(id), 40)
	}
	return "<@" + string(id) + ">"
}

func channel(id workflow.ChannelID) string {
	if !isID(string(id)) {
		return typedLine(string(id), 40)
	}
	return "<#" + string(id) + ">"
}

// team refers to a team's user group, or names the team when it has none.
func team(t workflow.TeamName) string {
	if len(t.Group) > 2 && t.Group[0] == 'S' && isID(t.Group) && strings.ToUpper(t.Group) == t.Group {
		return "<!subteam^" + t.Group + ">"
	}
	return typedLine(t.Name, 0)
}

// isID reports whether the text can stand in a reference.
func isID(s string) bool {
	if s == "" || len(s) > 40 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if !(c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '-') {
			return false
		}
	}
	return true
}

// day is a civil date, the same for every reader.
func day(d workflow.Date) string {
	switch t := d.Time(); {
	case d == "":
		return noDate
	case t.IsZero():
		return clean(string(d))
	default:
		return t.Format(dayLayout)
	}
}

// moment is a time in the reader's zone.
func moment(t time.Time) string {
	if t.IsZero() {
		return noDate
	}
	return "<!date^" + strconv.FormatInt(t.Unix(), 10) + "^{date_short_pretty} at {time}|" + t.UTC().Format(dayLayout+" 15:04 UTC") + ">"
}

// date is the day of a time in the reader's zone, in few bytes.
func date(t time.Time) string {
	if t.IsZero() {
		return noDate
	}
	return "<!date^" + strconv.FormatInt(t.Unix(), 10) + "^{date_short_pretty}|" + t.UTC().Format("2 Jan") + ">"
}

// shortDay is a civil date that is near: "Thu 27 Nov".
func shortDay(d workflow.Date) string { return near(d, "Mon 2 Jan") }

// dayAndMonth is a civil date for a button: "12 Dec".
func dayAndMonth(d workflow.Date) string { return near(d, "2 Jan") }

func near(d workflow.Date, layout string) string {
	if t := d.Time(); !t.IsZero() {
		return t.Format(layout)
	}
	return day(d)
}

// hour is the time of day in the reader's zone.
func hour(t time.Time) string {
	return "<!date^" + strconv.FormatInt(t.Unix(), 10) + "^{time}|" + t.UTC().Format("15:04 UTC") + ">"
}

// counted is a number of things: "1 step", "3 steps".
func counted(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return strconv.Itoa(n) + " " + thing
}

// strong is bold typed text, limit characters at most; 0 for no limit.
func strong(s string, limit int) string {
	return bold(typedLine(s, limit))
}

// struck is markup of what does not count any more.
func struck(s string) string {
	if s == "" {
		return ""
	}
	return "~" + strings.ReplaceAll(s, "~", "∼") + "~"
}

// bold makes markup of ours bold.
func bold(s string) string {
	if s == "" {
		return ""
	}
	return "*" + strings.ReplaceAll(s, "*", "∗") + "*"
}

// code is a command that can be typed.
func code(s string) string {
	s = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "`", "ˋ").Replace(oneLine(s))
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	c, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(c)) + s[size:]
}

// lowerFirst begins a title in the middle of a line, unless its first word is
// written in capitals.
func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	c, size := utf8.DecodeRuneInString(s)
	if next, _ := utf8.DecodeRuneInString(s[size:]); unicode.IsUpper(next) {
		return s
	}
	return string(unicode.ToLower(c)) + s[size:]
}

package workflow

import (
	"iter"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// This file tells secrets from words about secrets. The rules are:
//
//   - What has the shape of a well-known credential is one, wherever it stands.
//   - What is said to be a password, a key or a token is one ("password:
//     hunter2"), unless it says where the secret is, or that there is none
//     ("password: see the vault", "the token is stored in 1Password").
//   - In doubt it is one: who is refused without need writes it another way,
//     and what is kept without need stays for ever.

// LooksSecret reports whether the text seems to hold a credential.
func LooksSecret(text string) bool { return hasShape(text) || saidSecret(text) }

// shape is what a kind of credential looks like: how it starts, and what then
// follows. The start is plain, so that a long text is searched fast.
type shape struct {
	start string
	rest  *regexp.Regexp
}

var shapes = []shape{
	// GitLab, Slack, GitHub
	{"gl", regexp.MustCompile(`^(pat|oas|dt|rt|rtr|ptt|ft|imt|soat|agent|cbt|wt|ffct)-[\w-]{16}`)},
	{"GR1348941", regexp.MustCompile(`^[\w-]{20}`)},
	{"xox", regexp.MustCompile(`^[abceoprs]-[\w-]{10}`)},
	{"xapp-", regexp.MustCompile(`^[\w-]{10}`)},
	{"hooks.slack.com/services/", regexp.MustCompile(`^T\w+/B\w+/\w`)},
	{"gh", regexp.MustCompile(`^[pousr]_\w{20}`)},
	{"github_pat_", regexp.MustCompile(`^\w{20}`)},
	// clouds
	{"AKIA", regexp.MustCompile(`^[A-Z0-9]{16}\b`)},
	{"ASIA", regexp.MustCompile(`^[A-Z0-9]{16}\b`)},
	{"X-Amz-", regexp.MustCompile(`^(Signature|Security-Token)=`)},
	{"AccountKey", regexp.MustCompile(`^=`)},
	{"SharedAccess", regexp.MustCompile(`^(Key|Signature)=`)},
	{"sig=", regexp.MustCompile(`^[\w%+/-]{20}`)},
	{"AIza", regexp.MustCompile(`^[\w-]{35}`)},
	{"dop_v1_", regexp.MustCompile(`^[a-f0-9]{32}`)},
	// others
	{"ops_", regexp.MustCompile(`^[A-Za-z0-9]{20}`)},
	{"share.1password.com/s", regexp.MustCompile(`^#`)},
	{"sk-", regexp.MustCompile(`^([a-z]+-)*[A-Za-z0-9_]{20}`)},
	{"sk_", regexp.MustCompile(`^(live|test)_\w{16}`)},
	{"rk_", regexp.MustCompile(`^(live|test)_\w{16}`)},
	{"npm_", regexp.MustCompile(`^[A-Za-z0-9]{30}`)},
	{"eyJ", regexp.MustCompile(`^[\w-]{10,}\.[\w-]{10,}\.`)},
	{"-----BEGIN ", regexp.MustCompile(`^[A-Z0-9 ]*PRIVATE KEY`)},
	{"PuTTY-User-Key-File-", regexp.MustCompile(`^\d`)},
	{"://", regexp.MustCompile(`^[^\s/:@]+:[^\s/@]+@`)}, // a name and a password in an address
}

func hasShape(text string) bool {
	for _, s := range shapes {
		for at := range starts(text, s.start) {
			if s.rest.MatchString(window(text, at+len(s.start))) {
				return true
			}
		}
	}
	return false
}

// starts are the places where text has start at the beginning of a word.
func starts(text, start string) iter.Seq[int] {
	return func(yield func(int) bool) {
		for from := 0; ; {
			i := strings.Index(text[from:], start)
			if i < 0 {
				return
			}
			at := from + i
			before, _ := utf8.DecodeLastRuneInString(text[:at])
			within := start[0] >= 'A' && (unicode.IsLetter(before) || unicode.IsDigit(before))
			if !within && !yield(at) {
				return
			}
			from = at + len(start)
		}
	}
}

// window is what follows in a text, as far as anything looks.
func window(text string, at int) string { return text[at:min(at+500, len(text))] }

// nameStarts are how the names of secrets start, and named is such a name, "is"
// or a colon, and the next word.
var (
	nameStarts = []string{"pass", "pwd", "pw", "api", "access", "secret", "private", "account", "token", "credential"}
	named      = regexp.MustCompile(`(?i)^(?:(passwords?|passwd|passphrase|passcode|pwd|pw|(?:api|access|secret|private|account)[ _-]?keys?)|secrets?|tokens?|credentials?)` +
		`(?:\s+(?:is|was|are)\b\s*([:=]*)|\s*([:=]+))\s*(\S+)`)
)

// saidSecret reports whether something is said to be a secret and is not words
// about one. After a colon, what follows is the secret unless it begins like a
// sentence or names a vault; after "is", only what no sentence goes on with is.
func saidSecret(text string) bool {
	plain := lower(text)
	for _, start := range nameStarts {
		for at := range starts(plain, start) {
			if m := named.FindStringSubmatchIndex(window(text, at)); m != nil && saysSecret(text[at:], m) {
				return true
			}
		}
	}
	return false
}

// saysSecret judges what follows the name of a secret; m is where the parts of
// named are in text.
func saysSecret(text string, m []int) bool {
	const word, afterIs, alone, next = 2, 4, 6, 8 // where the groups begin in m
	password := m[word] >= 0
	colon := m[alone] >= 0 || m[afterIs] < m[afterIs+1]
	value := text[m[next]:m[next+1]]
	rest, _, _ := strings.Cut(text[m[next+1]:], "\n")
	switch {
	case looksPassword(value):
		return true
	case !colon, aboutSecret(value, rest):
		return false
	}
	return password || strings.TrimSpace(rest) == ""
}

// lower is the text with small Latin letters; every place in it is where it was.
func lower(text string) string {
	b := []byte(text)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// aboutSecret reports whether words that follow "password:" say where it is, or
// that there is none.
func aboutSecret(value, rest string) bool {
	first := strings.ToLower(bare(value))
	return isLink(value) ||
		strings.Trim(first, "*•x-–—_…") == "" || // hidden, or left out
		strings.HasPrefix(value, "$") || strings.HasPrefix(value, "<") || strings.HasPrefix(value, "{") ||
		slices.Contains(sentenceWords, first) ||
		vaults.MatchString(value+" "+rest)
}

var vaults = regexp.MustCompile(`(?i)\b(vault|1password|op://|keychain|bitwarden|key ?vault|secrets? manager)`)

// sentenceWords begin a sentence about a secret, or stand for there being none.
var sentenceWords = []string{
	"in", "on", "at", "by", "for", "from", "via", "with", "under", "to", "of", "not", "no", "none", "n/a", "na", "tbd", "todo",
	"unknown", "yes", "ok", "done", "missing", "pending", "needed", "required", "requested", "received", "created",
	"see", "ask", "use", "stored", "kept", "held", "saved", "shared", "sent", "lives", "rotate", "rotated", "rotates", "expired",
	"expires", "changed", "reset", "set", "same", "the", "a", "an", "is", "it", "its", "we", "they", "he", "she", "who", "where",
	"when", "how", "our", "their", "only", "never", "please", "will", "must", "should", "can", "cannot", "item",
}

// looksPassword reports whether a word is more than a word: it has a digit, or a
// sign within, and is not a link, a date, a version or the name of a vault.
func looksPassword(word string) bool {
	w := bare(word)
	if len(w) < 5 || isLink(word) || ordinary.MatchString(w) || strings.Trim(w, "*") == "" {
		return false
	}
	return strings.ContainsFunc(w, unicode.IsDigit) || strings.ContainsAny(w, "!#$%^&*+=~|\\")
}

// ordinary is what has digits and is no secret: a date, a version, a vault.
var ordinary = regexp.MustCompile(`(?i)^(\d{4}-\d{2}-\d{2}|v?\d+(\.\d+)+|1password.*|\$[a-z_{].*)$`)

func isLink(word string) bool {
	w := strings.ToLower(strings.TrimLeft(word, `"'“‘(<[`))
	return strings.HasPrefix(w, "https://") || strings.HasPrefix(w, "http://") || strings.HasPrefix(w, "op://")
}

// bare is the word without the marks around it.
func bare(word string) string { return strings.Trim(word, ".,;:!?\"'`“”‘’()[]<>@") }

// looksRandom reports whether a word of the text reads like something that was
// generated. The name of a vault's item does not: even in "GitLab-EE/AWS2024"
// letters keep together.
func looksRandom(text string) bool {
	return slices.ContainsFunc(strings.Fields(text), func(word string) bool {
		return !isLink(word) && generated(word)
	})
}

// generated reports whether letters, capitals, digits and signs of a word are
// mixed so that most stand alone, or make up a key of 30 and more.
func generated(word string) bool {
	const lower, upper, digit, sign = 1, 2, 4, 8
	kinds, last, groups, length := 0, 0, 0, 0
	for _, c := range word {
		kind := sign
		switch {
		case unicode.IsUpper(c):
			kind = upper
		case unicode.IsLetter(c):
			kind = lower
		case unicode.IsDigit(c):
			kind = digit
		case strings.ContainsRune("-_/.:,()[]'’\"", c):
			last = 0 // what separates words is no part of them
			continue
		}
		if kind != last && !(last == upper && kind == lower) { // "Lab" is one group
			groups++
		}
		kinds |= kind
		last = kind
		length++
	}
	letters := kinds&(lower|upper) != 0
	mixed := letters && kinds&(digit|sign) != 0 && kinds != lower|digit && kinds != upper|digit
	return mixed && length >= 8 && groups*2 > length || letters && kinds&digit != 0 && length >= 30
}

package awssim

import (
	"regexp"
	"strings"
	"time"
)

func stsActions() map[string]action {
	return map[string]action{
		"GetCallerIdentity":          callerIdentity,
		"AssumeRole":                 assumeRole,
		"DecodeAuthorizationMessage": decodeMessage,
	}
}

func callerIdentity(s *Server, c *request) (any, error) {
	return nodes{tx("Arn", c.principal), tx("UserId", c.key[:min(len(c.key), 20)]), tx("Account", s.account)}, nil
}

func sessionName() *regexp.Regexp { return regexp.MustCompile(`^[\w+=,.@-]{2,64}$`) }

func assumeRole(s *Server, c *request) (any, error) {
	role, name := c.form["RoleArn"], c.form["RoleSessionName"]
	if !sessionName().MatchString(name) {
		return nil, refuse("ValidationError", "1 validation error detected: Value '%s' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*", name)
	}
	seconds, err := c.form.whole("DurationSeconds", 3600)
	if err != nil {
		return nil, err
	}
	if seconds < 900 || seconds > 43200 {
		return nil, refuse("ValidationError", "1 validation error detected: Value '%d' at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and 43200", seconds)
	}
	if !s.roles[role] {
		return nil, refuseWith(403, "AccessDenied", "User: %s is not authorized to perform: sts:AssumeRole on resource: %s", c.principal, role)
	}
	_, short, _ := strings.Cut(role, ":role/")
	k := &key{
		secret: s.hex() + s.hex(), token: s.hex() + s.hex() + s.hex() + s.hex(),
		until:     c.now.Add(time.Duration(seconds) * time.Second),
		principal: "arn:aws:sts::" + s.account + ":assumed-role/" + short + "/" + name,
	}
	id := "ASIA" + strings.ToUpper(s.hex())
	s.keys[id] = k
	return nodes{
		el("Credentials", tx("AccessKeyId", id), tx("SecretAccessKey", k.secret), tx("SessionToken", k.token),
			tx("Expiration", k.until.Format(time.RFC3339))),
		el("AssumedRoleUser", tx("Arn", k.principal), tx("AssumedRoleId", "AROA"+strings.ToUpper(s.hex())+":"+name)),
		num("PackedPolicySize", 1),
	}, nil
}

func decodeMessage(s *Server, c *request) (any, error) {
	text, ok := s.encoded[c.form["EncodedMessage"]]
	if !ok {
		return nil, refuse("InvalidAuthorizationMessageException", "Message is not valid")
	}
	return nodes{tx("DecodedMessage", text)}, nil
}

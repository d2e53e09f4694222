package awssim

import (
	"fmt"
	"slices"
	"time"
)

// seen are the commands that can be found, oldest first.
func (r *region) seen(now time.Time) []*command {
	var out []*command
	for _, m := range sorted(r.commands) {
		if !now.Before(m.born.Add(r.times.CommandInvisible)) {
			m.watch(r, now)
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(a, b *command) int { return a.born.Compare(b.born) })
	return out
}

// on is the invocation of a command on a machine.
func (m *command) on(instance string) *invocation {
	for _, v := range m.runs {
		if v.instance == instance {
			return v
		}
	}
	return nil
}

// capped is the beginning of an output.
func capped(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most])
	}
	return text
}

func getInvocation(_ *Server, c *request) (any, error) {
	var in struct{ CommandId, InstanceId, PluginName string }
	if err := c.into(&in); err != nil {
		return nil, err
	}
	for _, m := range c.reg.seen(c.now) {
		v := m.on(in.InstanceId)
		if m.id != in.CommandId || v == nil {
			continue
		}
		out := map[string]any{
			"CommandId": m.id, "InstanceId": v.instance, "Comment": m.comment, "DocumentName": m.document,
			"DocumentVersion": "$DEFAULT", "PluginName": "aws:runShellScript", "ResponseCode": -1,
			"Status": v.life.at(c.now), "StatusDetails": v.details(c.now),
			"StandardOutputContent": "", "StandardErrorContent": "",
			"ExecutionStartDateTime": "", "ExecutionEndDateTime": "", "ExecutionElapsedTime": "",
		}
		if !v.start.IsZero() && !c.now.Before(v.start) {
			out["ExecutionStartDateTime"] = stamp(v.start)
		}
		if st := v.life.at(c.now); st == success || st == cmdFailed {
			end := v.life.end().from
			out["ResponseCode"] = v.outcome.ExitCode
			out["StandardOutputContent"], out["StandardErrorContent"] = capped(v.outcome.Stdout, 24000), capped(v.outcome.Stderr, 24000)
			out["ExecutionEndDateTime"] = stamp(end)
			out["ExecutionElapsedTime"] = fmt.Sprintf("PT%.3fS", end.Sub(v.start).Seconds())
		}
		return out, nil
	}
	return nil, refuse("InvocationDoesNotExist", "")
}

// listInput is what the two lists of commands are asked.
type listInput struct {
	CommandId, InstanceId string
	Filters               []ssmFilter
	MaxResults            int
	NextToken             string
	Details               bool
}

// fits reports whether a command is asked for.
func (in *listInput) fits(m *command, now time.Time) (bool, error) {
	ok := (in.CommandId == "" || in.CommandId == m.id) && (in.InstanceId == "" || m.on(in.InstanceId) != nil)
	for _, f := range in.Filters {
		switch f.Key {
		case "InvokedAfter", "InvokedBefore":
			at, err := time.Parse(time.RFC3339, f.Value)
			if err != nil {
				return false, refuse("ValidationException", "The value %s of the filter %s is not a time.", f.Value, f.Key)
			}
			ok = ok && (f.Key == "InvokedAfter" && !m.born.Before(at) || f.Key == "InvokedBefore" && m.born.Before(at))
		case "Status":
			ok = ok && m.overall(now) == f.Value
		case "DocumentName":
			ok = ok && m.document == f.Value
		case "ExecutionStage":
			over := !slices.Contains([]string{cmdPending, inProgress}, m.overall(now))
			ok = ok && over == (f.Value == "Complete")
		default:
			return false, refuse("InvalidFilterKey", "")
		}
	}
	return ok, nil
}

func (in *listInput) commands(c *request) ([]*command, error) {
	if err := c.into(in); err != nil {
		return nil, err
	}
	var list []*command
	for _, m := range c.reg.seen(c.now) {
		ok, err := in.fits(m, c.now)
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, m)
		}
	}
	slices.SortFunc(list, func(a, b *command) int { return slices.Compare([]byte(a.order), []byte(b.order)) })
	return list, nil
}

func listCommands(_ *Server, c *request) (any, error) {
	var in listInput
	list, err := in.commands(c)
	if err != nil {
		return nil, err
	}
	list, next, err := ssmPage(c, list, func(m *command) string { return m.order }, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := []any{}
	for _, m := range list {
		out = append(out, m.json(c))
	}
	return withNext(map[string]any{"Commands": out}, next), nil
}

// ran is one machine's part of a command.
type ran struct {
	m *command
	v *invocation
}

func listInvocations(_ *Server, c *request) (any, error) {
	var in listInput
	commands, err := in.commands(c)
	if err != nil {
		return nil, err
	}
	var list []ran
	for _, m := range commands {
		for _, v := range m.runs {
			if in.InstanceId == "" || in.InstanceId == v.instance {
				list = append(list, ran{m, v})
			}
		}
	}
	at := func(r ran) string { return r.m.order + r.v.instance }
	slices.SortFunc(list, func(a, b ran) int { return slices.Compare([]byte(at(a)), []byte(at(b))) })
	list, next, err := ssmPage(c, list, at, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := []any{}
	for _, r := range list {
		j := map[string]any{
			"CommandId": r.m.id, "InstanceId": r.v.instance, "Comment": r.m.comment, "DocumentName": r.m.document,
			"DocumentVersion": "$DEFAULT", "RequestedDateTime": seconds(r.m.born),
			"Status": r.v.life.at(c.now), "StatusDetails": r.v.details(c.now),
		}
		if in.Details {
			p := map[string]any{"Name": "aws:runShellScript", "Status": r.v.life.at(c.now), "StatusDetails": r.v.details(c.now), "ResponseCode": -1}
			if st := r.v.life.at(c.now); st == success || st == cmdFailed {
				p["ResponseCode"], p["Output"] = r.v.outcome.ExitCode, capped(r.v.outcome.Stdout, 2500)
				p["ResponseStartDateTime"], p["ResponseFinishDateTime"] = seconds(r.v.start), seconds(r.v.life.end().from)
			}
			j["CommandPlugins"] = []any{p}
		}
		out = append(out, j)
	}
	return withNext(map[string]any{"CommandInvocations": out}, next), nil
}

func cancelCommand(_ *Server, c *request) (any, error) {
	var in struct {
		CommandId   string
		InstanceIds []string
	}
	if err := c.into(&in); err != nil {
		return nil, err
	}
	m := c.reg.commands[in.CommandId]
	if m == nil {
		return nil, refuse("InvalidCommandId", "")
	}
	m.watch(c.reg, c.now)
	for _, v := range m.runs {
		if len(in.InstanceIds) > 0 && !slices.Contains(in.InstanceIds, v.instance) {
			continue
		}
		if st := v.life.at(c.now); st == cmdPending || st == inProgress {
			v.life = v.life.turn(c.now, phase{cmdCancelled, c.now})
		}
	}
	return map[string]any{}, nil
}

package slackdev

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"cloudimage/slackdev/blockkit"
)

// invalidBlocks is the answer to blocks that Slack would refuse.
func invalidBlocks(errs []blockkit.Error) error { return invalidContent("invalid_blocks", errs) }

// invalidContent is the answer to what is wrong in some places of a message.
func invalidContent(code string, errs []blockkit.Error) error {
	f := invalidWith(code, errs)
	bare := make([]string, len(errs))
	for i, e := range errs {
		bare[i] = fmt.Sprintf("%s [json-pointer:%s]", e.Message, e.Pointer)
	}
	f.detail["errors"] = bare
	return f
}

func invalidWith(code string, errs []blockkit.Error) *failure {
	messages := make([]string, len(errs))
	for i, e := range errs {
		messages[i] = e.Error()
	}
	return &failure{code: code, detail: reply{"response_metadata": map[string]any{"messages": messages}}}
}

// problemsOf lists the sentences of invalidWith.
func problemsOf(err error) []string {
	f, _ := err.(*failure)
	if f == nil {
		return nil
	}
	meta, _ := f.detail["response_metadata"].(map[string]any)
	messages, _ := meta["messages"].([]string)
	return messages
}

// checkBlocks validates the blocks of a message.
func checkBlocks(blocks json.RawMessage) error {
	if errs := blockkit.Validate(blockkit.Message, blocks); len(errs) > 0 {
		if errs[0].Code == "msg_blocks_too_long" { // it is found last, so nothing else is wrong
			return fail("msg_blocks_too_long")
		}
		return invalidBlocks(errs)
	}
	return nil
}

const maxAttachments = 100

// checkAttachments judges the attachments of a message with these blocks: their
// own blocks must be good ones, and have ids that the message does not have. What is
// no list of them counts as none, as in Slack.
func checkAttachments(blocks, raw json.RawMessage) (json.RawMessage, error) {
	var list []json.RawMessage
	if raw == nil || json.Unmarshal(raw, &list) != nil || len(list) == 0 {
		return nil, nil
	}
	if len(list) > maxAttachments {
		return nil, fail("too_many_attachments")
	}
	message := map[string]any{"attachments": list}
	errs := blockkit.ValidateMessage(mustJSON(message))
	if len(errs) == 0 && blocks != nil {
		message["blocks"] = blocks
		errs = slices.DeleteFunc(blockkit.ValidateMessage(mustJSON(message)), func(e blockkit.Error) bool {
			return !strings.HasPrefix(e.Pointer, "/attachments") // the blocks are judged by themselves
		})
	}
	if len(errs) > 0 {
		return nil, invalidContent("invalid_attachments", errs)
	}
	return raw, nil
}

// validateBlocks answers blocks.validate, which needs no token.
func validateBlocks(c *call) (any, error) {
	given, code := 0, "invalid_blocks"
	var errs []blockkit.Error
	if b := c.args.raw("blocks"); b != nil {
		given++
		errs = blockkit.Validate(blockkit.Message, b)
	}
	if m := c.args.raw("message"); m != nil {
		given++
		code = "invalid_message"
		errs = blockkit.ValidateMessage(m)
	}
	if v := c.args.raw("view"); v != nil {
		given++
		code = "invalid_view"
		errs = blockkit.ValidateView(v)
	}
	if given != 1 {
		return nil, &failure{code: "invalid_arguments", detail: reply{"response_metadata": map[string]any{
			"messages": []string{"[ERROR] exactly one of blocks, message and view must be given"},
		}}}
	}
	if len(errs) == 0 {
		return reply{}, nil
	}
	list := make([]map[string]any, len(errs))
	for i, e := range errs {
		list[i] = map[string]any{"pointer": e.Pointer, "code": e.Code, "message": e.Message}
		if kind, limit, ok := e.Constraint(); ok {
			list[i]["constraint"] = map[string]any{"type": kind, "expected": limit}
		}
	}
	return nil, &failure{code: code, detail: reply{"errors": list}}
}

package slackdev

import (
	"encoding/json"

	"cloudimage/slackdev/blockkit"
)

// invalidBlocks is the answer to blocks that Slack would refuse.
func invalidBlocks(errs []blockkit.Error) error {
	return invalidWith("invalid_blocks", errs)
}

func invalidWith(code string, errs []blockkit.Error) error {
	messages := make([]string, len(errs))
	for i, e := range errs {
		messages[i] = e.Error()
	}
	return &failure{code: code, detail: reply{"response_metadata": map[string]any{"messages": messages}}}
}

// checkBlocks validates the blocks of a message.
func checkBlocks(blocks json.RawMessage) error {
	if errs := blockkit.Validate(blockkit.Message, blocks); len(errs) > 0 {
		return invalidBlocks(errs)
	}
	return nil
}

// validateBlocks answers blocks.validate, which needs no token.
func validateBlocks(c *call) (any, error) {
	given := 0
	var errs []blockkit.Error
	if b := c.args.raw("blocks"); b != nil {
		given++
		errs = blockkit.Validate(blockkit.Message, b)
	}
	if m := c.args.raw("message"); m != nil {
		given++
		errs = blockkit.ValidateMessage(m)
	}
	if v := c.args.raw("view"); v != nil {
		given++
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
	}
	return nil, &failure{code: "invalid_blocks", detail: reply{"errors": list}}
}

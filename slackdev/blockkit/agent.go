package blockkit

// agentBlocks are the blocks an assistant shows its work with.
func agentBlocks() map[string]*block {
	return map[string]*block{
		"context_actions": {
			on:    onMessage,
			shape: shape{properties: []property{required("elements", list(1, 5, anElement(inContextActions)))}},
		},
		"plan": {
			on: onMessage,
			shape: shape{properties: []property{
				required("title", counted(1, 3000)),
				optional("tasks", list(0, 50, blockOf("task_card"))),
			}},
		},
		"task_card": {
			on: onMessage,
			shape: shape{properties: []property{
				required("task_id", str(1, 255)),
				required("title", counted(1, 3000)),
				optional("status", enum("pending", "in_progress", "complete", "error")),
				optional("details", richText()),
				optional("output", richText()),
				optional("sources", list(0, 100, source())),
				optional("hide_title", boolean),
			}},
		},
	}
}

// source is the rule for what a task_card names as the source of its answer.
func source() rule {
	return oneOf(map[string]*shape{"url": {properties: []property{
		required("url", link(3000)),
		required("text", counted(1, 3000)),
	}}})
}

package manifest_test

import (
	"fmt"

	"cloudimage/slackdev/manifest"
)

func Example() {
	m, err := manifest.Parse([]byte(`
display_information:
  name: CloudImage
features:
  slash_commands:
    - { command: cloudimage, description: Partnership process }
oauth_config:
  scopes:
    bot: [chat:write]
settings:
  socket_mode_enabled: true
  interactivity: { is_enabled: true }
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, problem := range manifest.Validate(m) {
		fmt.Println(problem)
	}
	// Output:
	// /features/slash_commands/0/command: Begin the command with a slash: /cloudimage.
	// /features/slash_commands: Add the scope "commands" under oauth_config.scopes: a slash command needs it.
}

func ExampleParse() {
	_, err := manifest.Parse([]byte(`
display_information:
  name: CloudImage
  colour: red
`))
	fmt.Println(err)
	// Output:
	// line 4, column 3: unknown field "colour"
}

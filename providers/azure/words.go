package azure

import "cloudimage/providers/clouds"

// mostOfALine is how long a text of Azure may get, in characters.
const mostOfALine = 600

// clean is a text of Azure in one line that can be shown.
func (c *Cloud) clean(text string) string {
	return clouds.Shorten(clouds.OneLine(c.scrub(text)), mostOfALine)
}

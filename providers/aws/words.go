package aws

import "cloudimage/providers/clouds"

// mostOfALine is how long a text of AWS may get, in characters.
const mostOfALine = 600

// clean is a text of AWS in one line that can be shown.
func (c *Cloud) clean(text string) string {
	text = encodedBlob.ReplaceAllString(text, "")
	return clouds.Shorten(clouds.OneLine(c.scrub(text)), mostOfALine)
}

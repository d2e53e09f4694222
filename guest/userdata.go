package guest

import (
	"fmt"
	"strings"
	"time"
)

// UserData is what the machine that is captured is started with: it shuts itself
// down after the deadline, rounded up to minutes. Together with the cloud's setting
// that a machine that shuts down is terminated, it is gone when whoever made it
// cannot end it any more. A restart of the machine forgets the deadline. There is
// nothing secret in it.
func UserData(deadline time.Duration, product Product) string {
	minutes := max(1, int((deadline+time.Minute-1)/time.Minute))
	name := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, product.Name)
	return fmt.Sprintf(`#!/bin/bash
# This machine makes an image of %s. When nobody ends it in time it ends itself.
shutdown -P +%d
`, name, minutes)
}

package checkup_test

import (
	"strings"
	"testing"

	"cloudimage/checkup"
)

func TestFindingsAreOneLine(t *testing.T) {
	t.Parallel()
	f := checkup.Failing("look\nthere", "a name: %s", "\x1b[2Jeve\r\n  il\u202e")
	if f.Text != "a name: [2Jeve il" || f.Cure != "look there" || f.Level != checkup.Fail {
		t.Errorf("%+q", f)
	}
	if f = checkup.Okay("%s", strings.Repeat("é", 10_000)); len([]rune(f.Text)) > 501 {
		t.Errorf("it has %d characters", len([]rune(f.Text)))
	}
}

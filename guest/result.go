package guest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Result is what a script said of itself. What its script does not say is zero.
type Result struct {
	Script string `json:"script"` // "install", "clean", "check" or "forbidden"
	// Failure is a sentence that says why it did not end well. Empty: it did.
	Failure string `json:"failure,omitempty"`

	Package string `json:"package,omitempty"`
	Version string `json:"version,omitempty"` // of the package, as it is installed
	SHA256  string `json:"sha256,omitempty"`  // of the .deb, as it was received
	Kernel  string `json:"kernel,omitempty"`  // that the next boot starts
	// Signed says whether the package has a signature of one of the product's keys.
	// False: it has none at all. Nil: nobody looked, and a note says why. A signature
	// that is wrong is a failure.
	Signed *bool `json:"signed,omitempty"`
	// Reconfigured says whether the product has made its secrets and its data. After
	// an installation it must not have.
	Reconfigured *bool `json:"reconfigured,omitempty"`

	Health       string            `json:"health,omitempty"` // "ok", or what was answered instead
	Status       string            `json:"status,omitempty"` // "ok", or the services that do not run
	Fingerprints map[string]string `json:"fingerprints,omitempty"`
	Violations   []Violation       `json:"violations,omitempty"`
	Notes        []string          `json:"notes,omitempty"`
	// FirstBootSeconds is how long the first boot's own script took.
	FirstBootSeconds int `json:"first_boot_seconds,omitempty"`
}

// Violation is a place where an image breaks a rule.
type Violation struct {
	Rule  string `json:"rule"`
	Path  string `json:"path"` // from the root of the system, "/etc/machine-id"
	Words string `json:"words"`
}

// String is the violation in a line.
func (v Violation) String() string {
	if v.Path == "" {
		return fmt.Sprintf("%s: %s", v.Rule, v.Words)
	}
	return fmt.Sprintf("%s: %s: %s", v.Rule, v.Path, v.Words)
}

// Line is the result as a script prints it.
func (r Result) Line() string {
	b, err := json.Marshal(r)
	if err != nil { // there is nothing in it that JSON does not have
		panic(err)
	}
	return marker + string(b) + "\n"
}

// marker begins the line that holds a result.
const marker = "cloudimage-result "

// Read finds the last result in what a script printed. It is false when there is
// none: the script was cut off, or is not one of ours. A result that cannot be read
// is an error.
func Read(stdout string) (Result, bool, error) {
	line, found := "", false
	for l := range strings.Lines(stdout) {
		if rest, ok := strings.CutPrefix(strings.TrimRight(l, "\r\n"), marker); ok {
			line, found = rest, true
		}
	}
	if !found {
		return Result{}, false, nil
	}
	var r Result
	if err := json.Unmarshal([]byte(line), &r); err != nil {
		return Result{}, false, fmt.Errorf("read the result of a script in the machine: %w", err)
	}
	if r.Script == "" {
		return Result{}, false, fmt.Errorf("read the result of a script in the machine: it does not say which script it is of")
	}
	return r, true, nil
}

// Compare compares two machines that were booted from one image. What both have
// alike was in the image, and what one of them lacks it did not make.
func Compare(a, b Result) []Violation {
	var out []Violation
	names := maps.Clone(a.Fingerprints)
	if names == nil {
		names = map[string]string{}
	}
	maps.Copy(names, b.Fingerprints)
	if len(names) == 0 {
		return []Violation{{Rule: ruleMissing, Words: "Neither machine told its fingerprints."}}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		x, y := a.Fingerprints[name], b.Fingerprints[name]
		switch {
		case x == "" || y == "":
			out = append(out, Violation{ruleMissing, name, "A machine did not make its own."})
		case x == y:
			out = append(out, Violation{ruleSame, name, "It is the same on two machines, so it was in the image."})
		}
	}
	return out
}

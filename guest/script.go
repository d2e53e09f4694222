package guest

import (
	_ "embed"
	"strconv"
	"strings"
	"time"
)

// Script is a text for bash that is run as root.
type Script struct {
	Name string // "install", "clean", "check" or "forbidden"
	Text string
	// Timeout is how long it may run. Its own deadlines are shorter.
	Timeout time.Duration
}

// The scripts, as they are run. Those of the stages have lib.sh before them.
var (
	//go:embed lib.sh
	libSh string
	//go:embed install.sh
	installSh string
	//go:embed first-boot.sh
	firstBootSh string
	//go:embed clean.sh
	cleanSh string
	//go:embed forget.sh
	forgetSh string
	//go:embed check.sh
	checkSh string
	//go:embed forbidden.sh
	forbiddenSh string
)

// Install brings the operating system up to date and installs the product, without
// configuring it. What it is configured with is made by each machine when it boots
// for the first time, by a script that is left for cloud-init.
func Install(p Product) Script {
	return build("install", time.Hour, parameters(p),
		function("first_boot", "#!/bin/bash\n"+assign("ROOT", "")+assign("PLACEHOLDER", p.Placeholder)+assign("HOME_NAME", p.home())+assign("CTL", p.Ctl)+firstBootSh)+installSh)
}

// Clean removes what a machine must not leave to those that are made from it, and
// fails when something of it is left. Then the machine has to be stopped from
// outside before it is captured: the state of the agent that runs this is removed
// while it shuts down.
func Clean(p Product) Script {
	return build("clean", 20*time.Minute, parameters(p), function("forbidden", forbiddenSh)+function("forget", assign("ROOT", "")+assign("HOME_NAME", p.home())+forgetSh)+cleanSh)
}

// Check looks at a machine that was booted from an image: whether the product works,
// is the right one, and has made its own secrets. Boot counts the machines of the
// image, from 1; it is only said again.
func Check(p Product, boot int) Script {
	return build("check", 45*time.Minute, parameters(p)+assign("BOOT", strconv.Itoa(boot)), function("forbidden", forbiddenSh)+checkSh)
}

// Forbidden looks for everything that must not be in an image, on a system that
// becomes one.
func Forbidden() Script {
	return build("forbidden", 10*time.Minute, "", function("forbidden", forbiddenSh)+
		"look capture || fail 'Something is left that must not be in an image.'\nsucceed\n")
}

// build puts a script together. The line with bash is for those who hand the text to
// sh; sh has not read on when it gets there.
func build(name string, timeout time.Duration, parameters, body string) Script {
	var b strings.Builder
	b.WriteString("#!/bin/bash\n# cloudimage: " + name + " v1\n")
	b.WriteString("[ -n \"${BASH_VERSION:-}\" ] || exec /bin/bash \"$0\"\n\n")
	// ROOT is empty, except in tests.
	b.WriteString(assign("ROOT", "") + assign("SCRIPT", name) + parameters + "\n")
	b.WriteString(libSh + "\n" + body)
	return Script{Name: name, Text: b.String(), Timeout: timeout}
}

func parameters(p Product) string {
	return assign("NAME", p.Name) +
		assign("PACKAGE", p.Package) +
		assign("VERSION", p.Version) +
		assign("ARCHITECTURE", p.Architecture) +
		assign("URL", p.URL) +
		assign("SHA256", strings.ToLower(p.SHA256)) +
		assignAll("KEYS", p.Keys) +
		assign("KEY_URL", p.KeyURL) +
		assign("PLACEHOLDER", p.Placeholder) +
		assign("CTL", p.Ctl) +
		assign("HOME_NAME", p.home()) +
		assign("HEALTH_PATH", p.HealthPath) +
		assignAll("SECRETS", p.Secrets) +
		assign("KIND", p.Kind)
}

// function is a function of bash that prints a text, for scripts that write others.
func function(name, text string) string {
	end := "END_OF_" + strings.ToUpper(name)
	return name + "_text() {\n\tcat <<'" + end + "'\n" + text + end + "\n}\n\n"
}

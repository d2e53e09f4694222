package guest

// Rule is something that an image must not have, or that a machine of it must.
type Rule struct {
	Name string // as forbidden.sh prints it; it does not change
	What string // a sentence that explains it
}

// The rules that [Compare] speaks of. They are not looked for by a script.
const (
	ruleSame    = "same-on-two-boots"
	ruleMissing = "not-made"
)

// Rules are all rules that forbidden.sh knows, in its order.
func Rules() []Rule {
	return []Rule{
		{"ssh-host-key", "Each machine makes its own SSH host keys; an image has none."},
		{"authorized-keys", "Nobody's public key may open a machine, except the key that it was started with."},
		{"known-hosts", "Which hosts the builder talked to is nobody's business."},
		{"history", "What was typed in a shell may hold secrets, so no history is kept."},
		{"machine-id", "Each machine gets its own machine id; an image has an empty one."},
		{"cloud-init-state", "Cloud-init must find nothing of the builder, or it takes a new machine for the old one."},
		{"secrets-file", "The product's secrets sign its sessions and tokens, so each machine makes its own."},
		{"initial-password", "The first password of one machine must not be that of another."},
		{"license", "A license file in an image is given to everybody."},
		{"certificate", "Certificates and their keys belong to one machine."},
		{"data", "The product's data belong to one machine."},
		{"bootstrapped", "The product takes itself for configured, and would not make its first user again."},
		{"chef-node", "The product's configuration tool remembers attributes of one machine, secrets among them."},
		{"external-url-not-placeholder", "The image's address of the product must be the placeholder, or no machine would find its own."},
		{"external-url-placeholder", "A machine that has booted must have found its own address."},
		{"logs", "Logs tell of the builder."},
		{"journal", "The system's journal tells of the builder."},
		{"wtmp", "Who logged in to the builder is nobody's business."},
		{"apt-lists", "Lists and caches of packages are old when an image is used, and large."},
		{"tmp", "Temporary files are left over from the building."},
		{"random-seed", "Machines that start with the same random seed may make the same keys."},
		{"swap", "Swap may hold what was in memory, and clouds do not want it on the system's disk."},
		{"agent-registration", "With the builder's registration a cloud's agent would take a new machine for the builder."},
		{"build-user", "Accounts that were made for the building must be gone."},
		{"sudoers", "Rights that were given for the building must be gone."},
		{"credentials", "Files and settings that log in somewhere, or say through which proxy, belong to the builder."},
		{"private-key", "A private key in an image is known to everybody who has the image."},
		{"token", "Something looks like a token of a service."},
		{"uid0-password", "Only root has the user id 0, and it has no password."},
		{"locked-root", "Root must be locked: an empty password lets everybody in."},
		{"empty-password", "An empty password lets everybody in."},
		{"password-authentication", "SSH must not let anybody in by password."},
		{"root-login", "SSH must not let root in with a password."},
		{"netplan", "The network's configuration is that of the builder."},
		{"dhcp-lease", "The address was lent to the builder."},
		{"hostname", "The name of the host is that of the builder."},
		{"udev-net", "Names of network devices are tied to the builder's hardware."},
	}
}

package azuresim

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"
)

// checkOS checks who may sign in to a new machine, and answers its custom data.
func checkOS(p *armcompute.OSProfile) (string, error) {
	if p == nil {
		return "", missing("osProfile")
	}
	if val(p.ComputerName) == "" {
		return "", missing("osProfile.computerName")
	}
	if len(*p.ComputerName) > 64 || strings.ContainsAny(*p.ComputerName, "_ .!@#$%^&*()=+[]{}\\|;:'\",<>/?") {
		return "", refuse("InvalidParameter", "Linux host name cannot exceed 64 characters in length or contain the following characters: ` ~ ! @ # $ %% ^ & * ( ) = + _ [ ] { } \\ | ; : ' \" , < > / ?.").on("osProfile.computerName")
	}
	user := val(p.AdminUsername)
	if user == "" {
		return "", missing("osProfile.adminUsername")
	}
	if slices.Contains([]string{"root", "admin", "administrator", "guest", "user", "test"}, strings.ToLower(user)) || len(user) > 64 {
		return "", refuse("InvalidParameter", "The Admin Username specified is not allowed.").on("adminUsername")
	}
	data, err := base64.StdEncoding.DecodeString(val(p.CustomData))
	if err != nil || len(val(p.CustomData)) > 87380 {
		return "", refuse("InvalidParameter", "Custom data in OSProfile must be in Base64 encoding and with a maximum length of 87380 characters.").on("customData")
	}
	return string(data), checkLinux(p, user)
}

func checkLinux(p *armcompute.OSProfile, user string) error {
	l := val(p.LinuxConfiguration)
	var keys []*armcompute.SSHPublicKey
	if l.SSH != nil {
		keys = l.SSH.PublicKeys
	}
	for _, k := range keys {
		at := "/home/" + user + "/.ssh/authorized_keys"
		if val(val(k).Path) != at {
			return refuse("InvalidParameter", "Destination path for SSH public keys is currently limited to its default value '%s' due to a known issue in Linux provisioning agent.", at).on("linuxConfiguration.ssh.publicKeys.path")
		}
		kind, rest, _ := strings.Cut(strings.TrimSpace(val(k.KeyData)), " ")
		text, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
		raw, err := base64.StdEncoding.DecodeString(text)
		if !slices.Contains([]string{"ssh-rsa", "ssh-ed25519"}, kind) || err != nil || len(raw) < 32 {
			return badValue("linuxConfiguration.ssh.publicKeys.keyData")
		}
	}
	if val(l.DisablePasswordAuthentication) {
		if len(keys) == 0 {
			return refuse("InvalidParameter", "Authentication using either SSH or by user name and password must be enabled in Linux profile.").on("linuxConfiguration")
		}
		return nil
	}
	if val(p.AdminPassword) == "" && len(keys) == 0 {
		return refuse("InvalidParameter", "Authentication using either SSH or by user name and password must be enabled in Linux profile.").on("linuxConfiguration")
	}
	if w := val(p.AdminPassword); w != "" && (len(w) < 6 || len(w) > 72) {
		return refuse("InvalidParameter", "The supplied password must be between 6-72 characters long and must satisfy at least 3 of password complexity requirements from the following: Contains an uppercase character, Contains a lowercase character, Contains a numeric digit, Contains a special character, Control characters are not allowed").on("adminPassword")
	}
	return nil
}

// checkDisk checks what the disk of a new machine is to be.
func checkDisk(d *armcompute.OSDisk) error {
	if d == nil || val(d.CreateOption) == "" {
		return missing("osDisk.createOption")
	}
	if *d.CreateOption != armcompute.DiskCreateOptionTypesFromImage {
		return refuse("InvalidParameter", "Only disks with createOption 'FromImage' are known here.").on("osDisk.createOption")
	}
	if n := val(d.DiskSizeGB); n != 0 && (n < 30 || n > 4095) {
		return refuse("InvalidParameter", "The specified disk size %d GB is smaller than the size of the corresponding disk in the VM image: 30 GB. This is not allowed. Please choose equal or greater size or do not specify an explicit size.", n).on("osDisk.diskSizeGB")
	}
	if o := val(d.DeleteOption); o != "" && !slices.Contains(armcompute.PossibleDiskDeleteOptionTypesValues(), o) {
		return badValue("osDisk.deleteOption")
	}
	return nil
}

// checkSecurity checks the security type of a new machine.
func checkSecurity(p *armcompute.SecurityProfile, generation string) (string, error) {
	kind := val(val(p).SecurityType)
	if kind != "" && !slices.Contains(append(armcompute.PossibleSecurityTypesValues(), "Standard"), kind) {
		return "", badValue("securityProfile.securityType")
	}
	if val(p).UefiSettings != nil && kind != armcompute.SecurityTypesTrustedLaunch && kind != armcompute.SecurityTypesConfidentialVM {
		return "", refuse("InvalidParameter", "Use of UEFI settings is not supported for VMs of security type '%s'.", kind).on("securityProfile.uefiSettings")
	}
	if kind == armcompute.SecurityTypesTrustedLaunch && generation != "V2" {
		return "", refuse("BadRequest", "Use of TrustedLaunch setting is not supported for the provided image. Please select Trusted Launch Supported Gen2 OS Image. For more information, see https://aka.ms/TrustedLaunch-FAQ.")
	}
	return string(kind), nil
}

// checkNICs checks the interfaces of a new machine that are there already.
func (c *request) checkNICs(m *machine, p *armcompute.NetworkProfile) error {
	if p == nil || len(p.NetworkInterfaces)+len(p.NetworkInterfaceConfigurations) == 0 {
		return refuse("InvalidParameter", "Virtual machine must have at least one network interface.").on("networkProfile")
	}
	if len(p.NetworkInterfaces) > 0 && len(p.NetworkInterfaceConfigurations) > 0 {
		return refuse("InvalidParameter", "Both networkProfile.networkInterfaces and networkProfile.networkInterfaceConfigurations cannot be specified.").on("networkProfile")
	}
	for _, r := range p.NetworkInterfaces {
		id := val(val(r).ID)
		n, ok := find[*nic](c.s, id)
		if !ok {
			return refuseWith(404, "NotFound", "Resource %s not found.", id)
		}
		if n.location != m.location {
			return refuse("InvalidResourceReference", "Resource %s referenced by resource %s was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.", id, m.id)
		}
		if n.owner != "" && !strings.EqualFold(n.owner, m.id) {
			return refuse("NicInUse", "Network Interface %s is used by existing VM %s.", n.id, n.owner)
		}
		if st := n.life.at(c.now); st != succeeded && st != updating {
			return conflict("ReferencedResourceNotProvisioned", "Cannot proceed with operation because resource %s used by resource %s is not in Succeeded state. Resource is in %s state and the last operation that updated/is updating the resource is PutNetworkInterfaceOperation.", n.id, m.id, st)
		}
		if err := c.link("Microsoft.Network/networkInterfaces/join/action", id); err != nil {
			return err
		}
		o := val(val(r.Properties).DeleteOption)
		m.nics = append(m.nics, link{n.id, o == armcompute.DeleteOptionsDelete})
	}
	if len(p.NetworkInterfaceConfigurations) > 0 && val(p.NetworkAPIVersion) == "" {
		return missing("networkProfile.networkApiVersion")
	}
	return nil
}

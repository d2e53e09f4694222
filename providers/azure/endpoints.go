package azure

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	// Fills in where Resource Manager is in each cloud.
	_ "github.com/Azure/azure-sdk-for-go/sdk/azcore/arm/runtime"
)

// Endpoints are the servers of Azure. What is empty is that of the cloud, and http is
// for stand-ins on this machine only.
type Endpoints struct {
	// Cloud is "public", "government" or "china". Defaults to public.
	Cloud string
	// Authority is where tokens come from, ResourceManager where machines and images are
	// made, and Graph where the Product Ingestion API is.
	Authority, ResourceManager, Graph string
}

// servers are endpoints that were looked at.
type servers struct {
	authority, manager, graph *url.URL
	audience                  string // of tokens for Resource Manager
	portal                    string
	// discover says that the authority is one of Microsoft's own.
	discover bool
	// imitated says that Resource Manager is none of Microsoft's.
	imitated bool
}

// worlds are the clouds.
var worlds = map[string]struct {
	config        cloud.Configuration
	graph, portal string
}{
	"public":     {cloud.AzurePublic, "https://graph.microsoft.com", "https://portal.azure.com"},
	"government": {cloud.AzureGovernment, "https://graph.microsoft.us", "https://portal.azure.us"},
	"china":      {cloud.AzureChina, "https://microsoftgraph.chinacloudapi.cn", "https://portal.azure.cn"},
}

// resolve fills in what is empty, and says what cannot be right.
func (e Endpoints) resolve() (servers, error) {
	name := cmp.Or(strings.ToLower(e.Cloud), "public")
	w, ok := worlds[name]
	if !ok {
		return servers{}, fmt.Errorf("%q is no cloud of Azure: there are public, government and china", e.Cloud)
	}
	own := w.config.Services[cloud.ResourceManager]
	s := servers{audience: own.Audience, portal: w.portal, discover: e.Authority == ""}
	var errs [3]error
	s.authority, errs[0] = server("the authority", cmp.Or(e.Authority, w.config.ActiveDirectoryAuthorityHost))
	s.manager, errs[1] = server("Resource Manager", cmp.Or(e.ResourceManager, own.Endpoint))
	s.graph, errs[2] = server("Graph", cmp.Or(e.Graph, w.graph))
	if err := errors.Join(errs[:]...); err != nil {
		return servers{}, err
	}
	s.imitated = !ofMicrosoft(s.manager.Hostname())
	return s, nil
}

// server is an address that credentials may be sent to.
func server(what, text string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSuffix(text, "/"))
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("the address of %s has to be like https://management.azure.com", what)
	case u.Scheme == "https", u.Scheme == "http" && loopback(u.Hostname()):
		return u, nil
	}
	return nil, fmt.Errorf("%s cannot be at %s://%s: credentials are sent by https, and by http on this machine only", what, u.Scheme, u.Host)
}

// loopback reports whether a host is this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// ofMicrosoft reports whether a host is one of Azure's.
func ofMicrosoft(host string) bool {
	host = strings.ToLower(host)
	for _, domain := range []string{".azure.com", ".usgovcloudapi.net", ".chinacloudapi.cn", ".microsoft.com"} {
		if strings.HasSuffix(host, domain) {
			return true
		}
	}
	return false
}

// cloudConfig is what the client library knows servers by. It takes no authority
// without https; see carrier.
func (s servers) cloudConfig() cloud.Configuration {
	at := *s.authority
	at.Scheme = "https"
	return cloud.Configuration{
		ActiveDirectoryAuthorityHost: at.String() + "/",
		Services: map[cloud.ServiceName]cloud.ServiceConfiguration{
			cloud.ResourceManager: {Endpoint: s.manager.String(), Audience: s.audience},
		},
	}
}

package azure

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"sync"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// identity is who we are. The client library keeps tokens until they end by the clock
// of this machine; when the server says that one has ended before that, all are
// forgotten, once.
type identity struct {
	create func() (azcore.TokenCredential, error)

	mu      sync.Mutex
	now     azcore.TokenCredential
	number  int            // of the credential
	refused int            // how often in a row its tokens were not taken
	issued  map[string]int // the number of the credential that a token is of
}

// mostTokens is how many tokens are known at most: there is one for each server, and a
// new one about each hour.
const mostTokens = 50

// tokenError is that there is no token for us.
type tokenError struct{ err error }

func (e *tokenError) Error() string { return e.err.Error() }
func (e *tokenError) Unwrap() error { return e.err }

// NonRetriable keeps the client library from hiding it in an error of its own.
func (e *tokenError) NonRetriable() {}

func newIdentity(create func() (azcore.TokenCredential, error)) (*identity, error) {
	now, err := create()
	if err != nil {
		return nil, err
	}
	return &identity{create: create, now: now, issued: map[string]int{}}, nil
}

// GetToken is a token for us.
func (i *identity) GetToken(ctx context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	i.mu.Lock()
	now, number := i.now, i.number
	i.mu.Unlock()
	t, err := now.GetToken(ctx, o)
	if err != nil {
		return t, &tokenError{err}
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if _, known := i.issued[t.Token]; !known {
		if len(i.issued) >= mostTokens {
			clear(i.issued)
		}
		i.issued[t.Token] = number
	}
	return t, nil
}

// of is the number of the credential that a token is of, which the clients may have kept
// for long.
func (i *identity) of(token string) int {
	i.mu.Lock()
	defer i.mu.Unlock()
	if n, ok := i.issued[token]; ok {
		return n
	}
	return -1
}

// took notes that the token of a credential was taken.
func (i *identity) took(number int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if number == i.number {
		i.refused = 0
	}
}

// renew forgets all tokens because one of a credential was not taken, and reports
// whether that may help: not when the one before was not taken either.
func (i *identity) renew(number int) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if number >= 0 && number != i.number {
		return true // somebody has done so meanwhile
	}
	i.refused++
	return i.anew() && i.refused < 2
}

// forget forgets all tokens.
func (i *identity) forget() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.anew()
}

func (i *identity) anew() bool {
	now, err := i.create()
	if err != nil {
		return false
	}
	i.now = now
	i.number++
	return true
}

// credential is what says who we are, with tokens of its own.
func (o Options) credential(s servers, client policy.Transporter) (azcore.TokenCredential, error) {
	options := azcore.ClientOptions{
		Cloud: s.cloudConfig(), Transport: client,
		Retry: policy.RetryOptions{MaxRetries: -1}, Telemetry: policy.TelemetryOptions{ApplicationID: application},
	}
	own := !s.discover
	switch {
	case o.ClientSecret != "":
		return azidentity.NewClientSecretCredential(o.Tenant, o.ClientID, o.ClientSecret, &azidentity.ClientSecretCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: own})
	case len(o.Certificate) > 0:
		certs, key, err := azidentity.ParseCertificates(o.Certificate, []byte(o.CertificatePassword))
		if err != nil {
			return nil, errors.New("the certificate cannot be read, or its password is another: it has to be PEM or PKCS#12, with its key")
		}
		return azidentity.NewClientCertificateCredential(o.Tenant, o.ClientID, certs, key, &azidentity.ClientCertificateCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: own})
	case o.FederatedTokenFile != "":
		return azidentity.NewWorkloadIdentityCredential(&azidentity.WorkloadIdentityCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: own, TenantID: o.Tenant, ClientID: o.ClientID, TokenFilePath: o.FederatedTokenFile})
	}
	return azidentity.NewDefaultAzureCredential(&azidentity.DefaultAzureCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: own, TenantID: o.Tenant})
}

// scope is what tokens for a server are asked for.
func scope(audience string) policy.TokenRequestOptions {
	return policy.TokenRequestOptions{Scopes: []string{audience + "/.default"}}
}

// graphAudience is what tokens for the Product Ingestion API are for. It is the same
// wherever that is.
const graphAudience = "https://graph.microsoft.com"

// graphToken is a token for the Product Ingestion API. Fresh asks for one that was not
// used yet.
func (c *Cloud) graphToken(ctx context.Context, fresh bool) (string, error) {
	if fresh {
		c.who.forget()
	}
	s := &sent{}
	t, err := c.who.GetToken(context.WithValue(ctx, sentKey{}, s), scope(graphAudience))
	if err != nil {
		return "", c.fault(action{name: graphAction}, err, s)
	}
	return t.Token, nil
}

// graphAction is what stands for the Product Ingestion API where actions are named. It
// has none: who may is said in Partner Center.
const graphAction = "Partner Center"

// me is who we are, as far as a token says it: an application's id, or a person's name.
func (c *Cloud) me(ctx context.Context) string {
	within, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	t, err := c.who.GetToken(within, scope(c.servers.audience)) // which is kept since the last call
	parts := strings.Split(t.Token, ".")
	if err != nil || len(parts) != 3 {
		return ""
	}
	text, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	var says struct {
		App  string `json:"appid"`
		Name string `json:"upn"`
	}
	if err != nil || json.Unmarshal(text, &says) != nil {
		return ""
	}
	if says.Name != "" {
		return c.clean(says.Name)
	}
	if says.App != "" {
		return "the application " + c.clean(says.App)
	}
	return ""
}

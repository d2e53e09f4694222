package azuresim_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"io"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"cloudimage/providers/azure/azuresim"
)

func tokenOptions() policy.TokenRequestOptions {
	return policy.TokenRequestOptions{Scopes: []string{azuresim.AudienceARM + "/.default"}}
}

func TestLogin(t *testing.T) {
	w := setup(t)
	id, secret := w.sim.Credentials()
	_, err := w.loginWith(id, "wrong").GetToken(w.ctx, tokenOptions())
	w.want(err, "AADSTS7000215")
	_, err = w.loginWith("c11e0000-0000-4000-8000-000000000000", secret).GetToken(w.ctx, tokenOptions())
	w.want(err, "AADSTS700016")
	_, err = w.login().GetToken(w.ctx, policy.TokenRequestOptions{Scopes: []string{"https://unknown.example/.default"}})
	w.want(err, "AADSTS500011")
	token := must(w.login().GetToken(w.ctx, tokenOptions()))(w)
	same(w, "parts", strings.Count(token.Token, "."), 2)
	w.sim.ExpireSecret(id)
	_, err = w.login().GetToken(w.ctx, tokenOptions())
	w.want(err, "AADSTS7000222")
	w.sim.AddClient(id, "another")
	must(w.loginWith(id, "another").GetToken(w.ctx, tokenOptions()))(w)
	same(w, "call", w.sim.Calls()[0].Operation, "Login.Token")
	same(w, "error", w.sim.Calls()[0].Error, "AADSTS7000215")
}

func TestAssertions(t *testing.T) {
	w := setup(t)
	id, _ := w.sim.Credentials()
	pair := must(rsa.GenerateKey(rand.Reader, 2048))(w)
	like := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotAfter: time.Now().Add(time.Hour)}
	cert := must(x509.ParseCertificate(must(x509.CreateCertificate(rand.Reader, like, like, &pair.PublicKey, pair))(w)))(w)
	o := w.options()
	cred := must(azidentity.NewClientCertificateCredential(w.sim.Tenant(), id, []*x509.Certificate{cert}, pair, &azidentity.ClientCertificateCredentialOptions{ClientOptions: o, DisableInstanceDiscovery: true}))(w)
	must(cred.GetToken(w.ctx, tokenOptions()))(w)
	body := base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"https://kubernetes.example","sub":"system:serviceaccount:bot:bot"}`))
	federated := func() error {
		cred := must(azidentity.NewClientAssertionCredential(w.sim.Tenant(), id, func(context.Context) (string, error) { return "e30." + body + ".c2ln", nil }, &azidentity.ClientAssertionCredentialOptions{ClientOptions: o, DisableInstanceDiscovery: true}))(w)
		_, err := cred.GetToken(w.ctx, tokenOptions())
		return err
	}
	w.want(federated(), "AADSTS700213")
	w.sim.AddFederation(id, "https://kubernetes.example", "system:serviceaccount:bot:bot")
	w.want(federated(), "")
}

func TestDiscovery(t *testing.T) {
	w := setup(t)
	get := func(path string) map[string]any {
		r := must(http.NewRequestWithContext(w.ctx, "GET", w.url+path, nil))(w)
		resp := must(w.wire.Do(r))(w)
		same(w, path, resp.StatusCode, http.StatusOK)
		out := map[string]any{}
		w.want(json.Unmarshal(must(io.ReadAll(resp.Body))(w), &out), "")
		return out
	}
	secure := strings.Replace(w.url, "http:", "https:", 1)
	same(w, "endpoint", get("/" + w.sim.Tenant() + "/v2.0/.well-known/openid-configuration")["token_endpoint"].(string), secure+"/"+w.sim.Tenant()+"/oauth2/v2.0/token")
	same(w, "instance", get("/common/discovery/instance?api-version=1.1&authorization_endpoint=" + secure + "/t/oauth2/v2.0/authorize")["tenant_discovery_endpoint"].(string), secure+"/t/v2.0/.well-known/openid-configuration")
}

// A token ends by the server's clock, in the middle of a long wait.
func TestExpiry(t *testing.T) {
	w := setup(t)
	w.group(build)
	groups := w.resources().NewResourceGroupsClient()
	w.pass(59 * time.Minute)
	_, err := groups.Get(w.ctx, build, nil)
	w.want(err, "")
	w.pass(time.Minute)
	_, err = groups.Get(w.ctx, build, nil)
	w.want(err, "ExpiredAuthenticationToken")
	w.cred = w.login()
	groups = w.resources().NewResourceGroupsClient()
	_, err = groups.Get(w.ctx, build, nil)
	w.want(err, "")
	w.sim.ExpireTokens()
	_, err = groups.Get(w.ctx, build, nil)
	w.want(err, "ExpiredAuthenticationToken")
}

func TestAuthorize(t *testing.T) {
	w := setup(t)
	id, _ := w.sim.Credentials()
	r := must(http.NewRequestWithContext(w.ctx, "GET", w.url, nil))(w)
	check := func(audience, want string) {
		t.Helper()
		_, ok, why := w.sim.Authorize(r, audience)
		same(w, "good", ok, want == "")
		same(w, "why", why, want)
	}
	check(azuresim.AudienceGraph, azuresim.TokenMissing)
	r.Header.Set("Authorization", "Bearer e30.e30.e30")
	check(azuresim.AudienceGraph, azuresim.TokenInvalid)
	token := must(w.login().GetToken(w.ctx, policy.TokenRequestOptions{Scopes: []string{azuresim.AudienceGraph + "/.default"}}))(w)
	r.Header.Set("Authorization", "Bearer "+token.Token)
	check(azuresim.AudienceGraph, "")
	check(azuresim.AudienceARM, azuresim.TokenAudience)
	who, _, _ := w.sim.Authorize(r, azuresim.AudienceGraph)
	same(w, "who", who, id)
	resp := must(w.wire.Do(must(http.NewRequestWithContext(w.ctx, "GET", w.url+"/subscriptions?api-version=2022-12-01", nil))(w)))(w)
	same(w, "without a token", resp.StatusCode, http.StatusUnauthorized)
	if !strings.HasPrefix(resp.Header.Get("WWW-Authenticate"), "Bearer authorization_uri=") {
		t.Error(resp.Header)
	}
	w.pass(time.Hour)
	check(azuresim.AudienceGraph, azuresim.TokenExpired)
}

// Another handler shares the address and the tokens.
func TestHandlers(t *testing.T) {
	w := setup(t, func(o *azuresim.Options) {
		o.Ingestion = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "product "+r.URL.Path) })
	})
	w.sim.Handle("/rp/product-ingestion/deeper/", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "deeper") }))
	get := func(path string) string {
		resp := must(w.wire.Do(must(http.NewRequestWithContext(w.ctx, "GET", w.url+path, nil))(w)))(w)
		return string(must(io.ReadAll(resp.Body))(w))
	}
	same(w, "answer", get("/rp/product-ingestion/product"), "product /rp/product-ingestion/product")
	same(w, "answer", get("/rp/product-ingestion/deeper/x"), "deeper")
}

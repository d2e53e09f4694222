package aws

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"cloudimage/providers/aws/awssim"
)

// TestConnectionsAreUsedAgain asks many times with the client library's own connections,
// without a bundle of certificates, which would hide it.
func TestConnectionsAreUsedAgain(t *testing.T) {
	for _, name := range []string{"AWS_CA_BUNDLE", "AWS_PROFILE"} {
		t.Setenv(name, "")
	}
	sim := awssim.New(awssim.Options{})
	server := httptest.NewUnstartedServer(sim)
	var opened atomic.Int64
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	key, secret := sim.Credentials()
	c, err := New(t.Context(), Options{Account: sim.Account(), AccessKey: key, SecretKey: secret, Profile: "builder", Endpoint: server.URL, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	for range 50 {
		if _, err := c.identity(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := opened.Load(); n > 25 { // one is closed now and then
		t.Errorf("50 calls opened %d connections", n)
	}
}

// TestImitations are servers whose machines may run nothing; AWS's own are none, whatever
// way leads to them.
func TestImitations(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"": false, "https://vpce-0123-abc.ssm.us-east-1.vpce.amazonaws.com": false, "https://ssm.us-east-1.api.aws": false,
		"http://127.0.0.1:4566": true, "https://ssm.us-east-1.amazonaws.com.evil.example": true,
	} {
		c, err := New(t.Context(), Options{Account: "123456789012", Profile: "builder", Endpoint: address, Transport: http.DefaultTransport})
		if err != nil {
			t.Fatal(err)
		}
		if got := c.imitated(); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}

package ingestsim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"cloudimage/providers/azure/azuresim/ingestsim"
)

// A program that is told another address takes the server for Partner Center.
func Example() {
	sim := ingestsim.New(ingestsim.Options{})
	sim.AddProduct("gitlab", ingestsim.Plan{ExternalID: "ee", Live: []ingestsim.Version{{Number: "18.1.0"}}})
	server := httptest.NewServer(sim)
	defer server.Close()
	sim.SetBaseURL(server.URL)

	answer, err := http.Get(server.URL + "/rp/product-ingestion/product?externalId=gitlab&$version=2022-07-01")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = answer.Body.Close() }()
	var list struct {
		Value []struct{ Alias, Type string }
	}
	if err := json.NewDecoder(answer.Body).Decode(&list); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(list.Value)
	// Output: [{gitlab azureVirtualMachine}]
}

// A test of a client need not start a server to hold its payloads to the schemas.
func ExampleCheck() {
	for _, err := range ingestsim.Check(json.RawMessage(`{
		"$schema": "https://schema.mp.microsoft.com/schema/submission/2022-03-01-preview2",
		"product": {"externalId": "gitlab"},
		"target": {"targetType": "production"}
	}`)) {
		fmt.Println(err)
	}
	// Output: target.targetType must be one of draft, preview, live
}

// What takes days takes no time when a test moves the clock.
func ExampleServer_State() {
	now := time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)
	sim := ingestsim.New(ingestsim.Options{Now: func() time.Time { return now }})
	sim.AddProduct("gitlab", ingestsim.Plan{ExternalID: "ee"})
	sim.AddDraftVersion("gitlab", "ee", ingestsim.Version{Number: "18.1.0"})
	sim.AddForeignSubmission("gitlab", "preview", 3*time.Hour)
	fmt.Println(sim.State().Product("gitlab").Preview.Plan("ee").Numbers())
	now = now.Add(3 * time.Hour)
	fmt.Println(sim.State().Product("gitlab").Preview.Plan("ee").Numbers())
	// Output:
	// []
	// [18.1.0]
}

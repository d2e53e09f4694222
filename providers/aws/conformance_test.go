package aws_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"cloudimage/guest/guestsim"
	"cloudimage/providers/aws"
	"cloudimage/providers/aws/awssim"
	"cloudimage/providers/conformance"
	"cloudimage/workflow"
	"cloudimage/workflow/images"
)

// insides lets the machines of the stand-in carry out what they are told.
type insides struct{ *guestsim.Machines }

func (m insides) Run(c awssim.Command) awssim.Outcome {
	exit, out, err, takes := m.Machines.Run(c.Instance, c.Image, c.Script)
	return awssim.Outcome{ExitCode: exit, Stdout: out, Stderr: err, Takes: min(takes, time.Minute)}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	const account, product, role = "123456789012", "prod-abcdefghijklm", "arn:aws:iam::123456789012:role/ingestion"
	regions := []string{"us-east-1", "eu-west-1"}
	conformance.Run(t, func(t testing.TB) *conformance.Site {
		var mu sync.Mutex
		at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		now := func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			return at
		}
		sim := awssim.New(awssim.Options{Now: now, Account: account, Regions: regions, Guest: insides{guestsim.New(guestsim.Options{})}})
		server := httptest.NewServer(sim)
		t.Cleanup(server.Close)
		sim.SetBaseURL(server.URL)
		sim.SetIngestionRoles(role)
		sim.AddProduct(product, "GitLab Enterprise Edition", "x86_64", "17.5.0")
		sim.SetBlockPublicAccess("eu-west-1", "block-new-sharing", "account")
		key, secret := sim.Credentials()
		transport := &http.Transport{}
		t.Cleanup(transport.CloseIdleConnections)
		count := func(ever bool) map[string]int {
			out := map[string]int{}
			state := sim.State()
			for _, r := range state.Regions {
				for _, i := range r.Instances {
					if ever || i.State != "terminated" && i.State != "shutting-down" {
						out["machines"]++
					}
				}
				if n := len(r.Images); n > 0 {
					out["images"] += n
				}
				if n := len(r.Snapshots); n > 0 && !ever {
					out["snapshots"] += n
				}
			}
			for _, s := range state.ChangeSets {
				if ever && s.Intent == "APPLY" {
					out["submissions"]++
				}
			}
			for _, p := range state.Products {
				if n := len(p.Versions) - 1; p.ID == product && n > 0 {
					out["versions"] += n
				}
			}
			return out
		}
		writes := []string{"ec2:RunInstances", "ec2:CreateImage", "ec2:CopyImage", "ec2:CreateTags", "ec2:TerminateInstances", "ssm:SendCommand", "ec2:ModifyImageAttribute", "aws-marketplace:StartChangeSet"}
		return &conformance.Site{
			Setup: images.Setup{Account: account, Region: regions[0], Regions: regions, Machines: map[string]string{"amd64": "m6i.large"}, Distribution: "noble", Public: true, Grace: -1},
			New: func(log *slog.Logger) images.Cloud {
				c, err := aws.New(context.Background(), aws.Options{Account: account, Region: regions[0], Regions: regions, AccessKey: key, SecretKey: secret, Profile: "builder", AccessRole: role,
					Endpoint: server.URL, Now: now, Transport: transport, Logger: log})
				if err != nil {
					t.Fatal(err)
				}
				return c
			},
			Now: now, Set: func(to time.Time) { mu.Lock(); at = to; mu.Unlock() },
			Provider: workflow.AWS, Product: product,
			Fails: func(f conformance.Failure, n int) {
				switch f {
				case conformance.TooMany:
					sim.Inject("", "", n, false, awssim.Fault{Status: 503, Code: "RequestLimitExceeded", Message: "Request limit exceeded."})
				case conformance.ServerFail:
					sim.Inject("", "", n, false, awssim.Fault{Status: 500, Code: "InternalError", Message: "An internal error has occurred"})
				default:
					sim.Inject("", "", n, f == conformance.LostAfter, awssim.Fault{Drop: true})
				}
			},
			Denies: func(on bool) {
				for _, action := range writes {
					if on {
						sim.Deny(action)
					} else {
						sim.Allow(action)
					}
				}
			},
			There: func() map[string]int { return count(false) }, Ever: func() map[string]int { return count(true) },
			Public:  map[string]int{"images": 2, "snapshots": 2, "versions": 1},
			Made:    map[string]int{"machines": 3, "images": 2, "submissions": 1, "versions": 1},
			Secrets: []string{secret, key},
		}
	})
}

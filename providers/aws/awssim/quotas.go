package awssim

import "fmt"

// quota is one limit of EC2 in a region.
type quota struct {
	code, name string
	value, def float64
}

// quotasOf are the limits that matter for images. The codes are AWS's.
func quotasOf(r *region) []quota {
	return []quota{
		{"L-0E3CBAB9", "Public AMIs", float64(r.publicAMIs), 5},
		{"L-1216C47A", "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", float64(r.vcpus), 5},
		{"L-B665C33B", "AMIs", 50000, 50000},
	}
}

func quotaActions() map[string]action {
	return map[string]action{
		"GetServiceQuota":           getQuota(false),
		"GetAWSDefaultServiceQuota": getQuota(true),
		"ListServiceQuotas":         listQuotas,
	}
}

func (s *Server) quotaJSON(c *request, q quota, def bool) map[string]any {
	value, owner := q.value, s.account
	if def {
		value, owner = q.def, ""
	}
	return map[string]any{
		"ServiceCode": "ec2", "ServiceName": "Amazon Elastic Compute Cloud (Amazon EC2)",
		"QuotaArn":  fmt.Sprintf("arn:aws:servicequotas:%s:%s:ec2/%s", c.region, owner, q.code),
		"QuotaCode": q.code, "QuotaName": q.name, "Value": value, "Unit": "None", "Adjustable": true,
		"GlobalQuota": false, "QuotaAppliedAtLevel": "ACCOUNT",
	}
}

func getQuota(def bool) action {
	return func(s *Server, c *request) (any, error) {
		var in struct{ ServiceCode, QuotaCode string }
		if err := c.into(&in); err != nil {
			return nil, err
		}
		if in.ServiceCode == "ec2" {
			for _, q := range quotasOf(c.reg) {
				if q.code == in.QuotaCode {
					return map[string]any{"Quota": s.quotaJSON(c, q, def)}, nil
				}
			}
		}
		return nil, refuse("NoSuchResourceException", "The request failed because the specified service quota does not exist.")
	}
}

func listQuotas(s *Server, c *request) (any, error) {
	var in struct {
		ServiceCode, QuotaCode, NextToken string
		MaxResults                        int
	}
	if err := c.into(&in); err != nil {
		return nil, err
	}
	if in.ServiceCode != "ec2" {
		return nil, refuse("NoSuchResourceException", "The request failed because the specified service does not exist.")
	}
	var all []quota
	for _, q := range quotasOf(c.reg) {
		if in.QuotaCode == "" || in.QuotaCode == q.code {
			all = append(all, q)
		}
	}
	list, next, err := page(c.op, all, func(q quota) string { return q.code }, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, refuse("InvalidPaginationTokenException", "Invalid NextToken.")
	}
	out := []any{}
	for _, q := range list {
		out = append(out, s.quotaJSON(c, q, false))
	}
	return withNext(map[string]any{"Quotas": out}, next), nil
}

package awssim

import (
	"slices"
	"time"
)

func ssmActions() map[string]action {
	return map[string]action{
		"GetParameter": getParameter, "GetParameters": getParameters,
		"DescribeInstanceInformation": instanceInformation,
		"SendCommand":                 sendCommand, "GetCommandInvocation": getInvocation,
		"ListCommands": listCommands, "ListCommandInvocations": listInvocations, "CancelCommand": cancelCommand,
	}
}

// seconds is how Systems Manager writes a moment.
func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

func parameterJSON(c *request, name string, i *image) map[string]any {
	return map[string]any{
		"Name": name, "Type": "String", "Value": i.id, "Version": i.born.Unix() / 86400, "DataType": "aws:ec2:image",
		"LastModifiedDate": seconds(i.born), "ARN": "arn:aws:ssm:" + c.region + "::parameter" + name,
	}
}

func getParameter(_ *Server, c *request) (any, error) {
	var in struct{ Name string }
	if err := c.into(&in); err != nil {
		return nil, err
	}
	i, ok := c.reg.parameter(in.Name, c.now)
	if !ok {
		return nil, refuse("ParameterNotFound", "")
	}
	return map[string]any{"Parameter": parameterJSON(c, in.Name, i)}, nil
}

func getParameters(_ *Server, c *request) (any, error) {
	var in struct{ Names []string }
	if err := c.into(&in); err != nil {
		return nil, err
	}
	if len(in.Names) == 0 || len(in.Names) > 10 {
		return nil, refuse("ValidationException", "1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length between 1 and 10")
	}
	found, invalid := []any{}, []string{}
	for _, n := range in.Names {
		if i, ok := c.reg.parameter(n, c.now); ok {
			found = append(found, parameterJSON(c, n, i))
		} else {
			invalid = append(invalid, n)
		}
	}
	return map[string]any{"Parameters": found, "InvalidParameters": invalid}, nil
}

// ssmFilter is a filter in the two ways that Systems Manager writes one.
type ssmFilter struct {
	Key      string
	Values   []string
	ValueSet []string
	Value    string
}

func instanceInformation(_ *Server, c *request) (any, error) {
	var in struct {
		Filters                       []ssmFilter
		InstanceInformationFilterList []ssmFilter
		MaxResults                    int
		NextToken                     string
	}
	if err := c.into(&in); err != nil {
		return nil, err
	}
	var list []*instance
	for _, i := range sorted(c.reg.instances) {
		ping := i.ping(c.reg.times, c.now)
		if ping == "" {
			continue
		}
		fits := true
		for _, f := range append(in.Filters, in.InstanceInformationFilterList...) {
			have, ok := map[string]string{
				"InstanceIds": i.id, "PingStatus": ping, "PlatformTypes": "Linux", "ResourceType": "EC2Instance",
			}[f.Key]
			if v, tag := tagFilter(f.Key, i.tags); tag {
				ok, have = true, ""
				if len(v) > 0 {
					have = v[0]
				}
			}
			if !ok {
				return nil, refuse("InvalidFilterKey", "")
			}
			fits = fits && slices.Contains(append(f.Values, f.ValueSet...), have)
		}
		if fits {
			list = append(list, i)
		}
	}
	list, next, err := ssmPage(c, list, func(i *instance) string { return i.id }, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := []any{}
	for _, i := range list {
		out = append(out, map[string]any{
			"InstanceId": i.id, "PingStatus": i.ping(c.reg.times, c.now), "LastPingDateTime": seconds(c.now),
			"AgentVersion": "3.3.987.0", "IsLatestVersion": true, "PlatformType": "Linux", "PlatformName": "Ubuntu",
			"PlatformVersion": "24.04", "ResourceType": "EC2Instance", "SourceId": i.id, "SourceType": "AWS::EC2::Instance",
			"ComputerName": i.id,
		})
	}
	return withNext(map[string]any{"InstanceInformationList": out}, next), nil
}

func ssmPage[T any](c *request, list []T, key func(T) string, most int, token string) ([]T, string, error) {
	if most < 0 || most > 50 {
		return nil, "", refuse("ValidationException", "1 validation error detected: Value '%d' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 50", most)
	}
	if most == 0 {
		most = 50
	}
	list, next, err := page(c.op, list, key, most, token)
	if err != nil {
		return nil, "", refuse("InvalidNextToken", "The specified token isn't valid.")
	}
	return list, next, nil
}

package ingestsim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// The types of resources.
const (
	productType     = "product"
	planType        = "plan"
	propertyType    = "property"
	listingType     = "listing"
	planListingType = "plan-listing"
	audienceType    = "price-and-availability-offer"
	techType        = "virtual-machine-plan-technical-configuration"
	submissionType  = "submission"
	configureType   = "configure"
	treeType        = "resource-tree"
)

// host is where schemas are now. The old one is accepted, and never answered.
const (
	host    = "https://schema.mp.microsoft.com/schema/"
	oldHost = "https://product-ingestion.azureedge.net/schema/"
)

// versions are those that $version can name, oldest first. A version stands for the
// newest schema of each resource that is not newer than it.
func versions() []string {
	return []string{"2022-03-01-preview2", "2022-03-01-preview3", "2022-03-01-preview4", "2022-03-01-preview5", "2022-07-01"}
}

// known are the schema versions of each type, oldest first.
func known() map[string][]string {
	p := func(numbers ...int) []string {
		var out []string
		for _, n := range numbers {
			out = append(out, fmt.Sprintf("2022-03-01-preview%d", n))
		}
		return out
	}
	return map[string][]string{
		configureType:   append(p(2), "2022-07-01"),
		productType:     p(2, 3),
		planType:        p(2),
		propertyType:    p(2, 3, 5),
		listingType:     p(2, 3, 5),
		planListingType: p(2, 3, 5),
		audienceType:    p(2, 3),
		techType:        p(2, 3, 5),
		submissionType:  p(2),
		treeType:        p(2),
	}
}

// Schemas are the addresses of the schemas that resources and requests can have, by the
// type of resource, oldest first.
func Schemas() map[string][]string {
	out := map[string][]string{}
	for kind, list := range known() {
		for _, v := range list {
			out[kind] = append(out[kind], host+kind+"/"+v)
		}
	}
	return out
}

// schemaFor is the address of the newest schema of a type that is not newer than a
// version.
func schemaFor(kind, version string) string {
	all, have := versions(), known()[kind]
	at := slices.Index(all, version)
	best := "2022-03-01-preview2"
	for _, v := range have {
		if slices.Index(all, v) <= at {
			best = v
		}
	}
	return host + kind + "/" + best
}

// level is the number of a schema's preview.
func level(schema string) int {
	var n int
	if _, after, ok := strings.Cut(schema, "-preview"); ok {
		_, _ = fmt.Sscan(after, &n)
	}
	return n
}

// parseSchema is the type and the version that an address of a schema says.
func parseSchema(v any) (kind, version string, err error) {
	s, ok := v.(string)
	if !ok {
		return "", "", errors.New("$schema is required")
	}
	m := regexp.MustCompile(`^([a-z][a-z0-9]+(?:-[a-z0-9]+)*)/(\d{4}-\d\d-\d\d(?:-preview\d+)?)$`)
	rest, ok := strings.CutPrefix(s, host)
	if !ok {
		rest, ok = strings.CutPrefix(s, oldHost)
	}
	parts := m.FindStringSubmatch(rest)
	if !ok || parts == nil {
		return "", "", fmt.Errorf("$schema %q is not the address of a schema", s)
	}
	list := known()[parts[1]]
	if list == nil {
		return "", "", fmt.Errorf("$schema %q is of a resource that is not known", s)
	}
	if !slices.Contains(list, parts[2]) {
		return "", "", fmt.Errorf("$schema %q is of a version that is not known", s)
	}
	return parts[1], parts[2], nil
}

// Check holds one resource to what is known of the schema that it names, and says
// everything that is wrong. It is what the server does with each resource of a request,
// so that a client's tests can do it without one. It knows the schemas of [Schemas].
func Check(resource json.RawMessage) []error {
	v, err := decode(resource)
	if err != nil {
		return []error{err}
	}
	return check(v)
}

// CheckConfigure holds the whole body of a configure request to what is known of its
// schemas, as [Check] does with one resource.
func CheckConfigure(body json.RawMessage) []error {
	v, err := decode(body)
	if err != nil {
		return []error{err}
	}
	m, ok := v.(map[string]any)
	if !ok {
		return []error{errors.New("the body must be an object")}
	}
	kind, _, err := parseSchema(m["$schema"])
	if err != nil {
		return []error{err}
	}
	if kind != configureType {
		return []error{fmt.Errorf("$schema %q is not that of a configure request", m["$schema"])}
	}
	f := &findings{}
	object(fields{"$schema!": anything, "resources!": list(1, -1, func(f *findings, path string, v any) {
		for _, err := range check(v) {
			f.add(path+":", "%v", err)
		}
	})})(f, "", m)
	return f.list
}

// decode reads one JSON value and nothing after it.
func decode(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("it is not JSON: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("it is not one JSON value")
	}
	return v, nil
}

func check(v any) []error {
	m, ok := v.(map[string]any)
	if !ok {
		return []error{errors.New("a resource must be an object")}
	}
	kind, version, err := parseSchema(m["$schema"])
	if err != nil {
		return []error{err}
	}
	if kind == configureType || kind == treeType {
		return []error{fmt.Errorf("a %s is not a resource that can be sent", kind)}
	}
	f := &findings{}
	members := resourceFields(kind, level(version))
	maps.Copy(members, fields{
		"$schema!": anything, "id": durable, "resourceName": like(`^[a-zA-Z0-9_-]{1,50}$`), "validations": anything,
	})
	object(members)(f, "", m)
	return f.list
}

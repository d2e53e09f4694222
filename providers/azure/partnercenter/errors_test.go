package partnercenter

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"cloudimage/workflow/images"
)

// nest is an error with that code, and others in it.
func nest(code, message string, inner ...problem) problem {
	return problem{Code: code, Message: message, Details: inner, ResourceID: "product/1"}
}

func TestWhatErrorsMean(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		list  []problem
		begun bool
		class images.Class
		code  string
	}{
		{[]problem{nest("conflict", "x", nest("invalidState", "It did not pass Certification.", nest("invalidState", "Keys.")))}, true, images.Findings, "invalidState"},
		{[]problem{nest("invalidState", "It did not pass certification.")}, true, images.Rejected, "invalidState"},
		{[]problem{nest("badRequest", "x", nest("schemaValidationError", "x"))}, false, images.Invalid, "schemaValidationError"},
		{[]problem{nest("badRequest", "x", nest("businessValidationError", "x"))}, false, images.Invalid, "businessValidationError"},
		{[]problem{nest("conflict", "x", nest("businessValidationError", "x"))}, true, images.Rejected, "businessValidationError"},
		{[]problem{nest("badRequest", "x", nest("businessValidationError", "x"), nest("collectionLimitExceeded", "x"))}, false, images.NoRoom, "collectionLimitExceeded"},
		{[]problem{nest("conflict", "x", nest("productLocked", "x"))}, false, images.Foreign, "productLocked"},
		{[]problem{nest("conflict", "x")}, false, images.Foreign, "conflict"},
		{[]problem{nest("conflict", "x", nest("InvalidResource", "The image reference is not accessible."))}, true, images.Invalid, "InvalidResource"},
		{[]problem{nest("internalServerError", "x")}, false, images.TheirFault, "internalServerError"},
		{[]problem{nest("conflict", "x", nest("operationCanceled", "x"))}, true, images.Cancelled, "operationCanceled"},
		{[]problem{nest("badRequest", "x", nest("resourceNotFound", "x"))}, false, images.NoProduct, "resourceNotFound"},
		{[]problem{nest("conflict", "x", nest("invalidEntityStatus", "x"))}, false, images.Invalid, "invalidEntityStatus"},
		{[]problem{nest("conflict", "x", nest("notDeployed", "x"))}, false, images.Invalid, "notDeployed"},
		{[]problem{nest("brandNew", "x")}, false, images.Rejected, "brandNew"},
		{nil, false, images.Rejected, ""},
	} {
		f := New(Options{}).jobFault("job1", c.list, c.begun)
		if f.Class != c.class || f.Code != c.code || f.What != "job1" || f.Said == "" || f.Link == "" {
			t.Errorf("%+v: %+v (%s)", c.list, f, f.Class)
		}
	}
}

func TestErrorsInWords(t *testing.T) {
	t.Parallel()
	c := New(Options{})
	list := []problem{nest("conflict", "It failed.", nest("invalidState", "Certification.", nest("a1", "One."), nest("a2", "Two\nlines."), nest("a1", "One.")))}
	f := c.jobFault("job1", list, true)
	if f.Said != "It failed (conflict, product/1): Certification (invalidState, product/1): One (a1, product/1); Two lines (a2, product/1); One (a1, product/1)" {
		t.Errorf("it says %q", f.Said)
	}
	if !slices.Equal(f.Findings, []string{"One.", "Two lines."}) {
		t.Errorf("findings %q", f.Findings)
	}
	if f := c.jobFault("job1", []problem{nest("conflict", "x", nest("invalidResource", "The image reference is not accessible."))}, true); !strings.Contains(f.Said, "Compute Gallery Image Reader") {
		t.Errorf("it says %q", f.Said)
	}
	many := nest("conflict", "x")
	for i := range 80 {
		many.Details = append(many.Details, nest("a", strings.Repeat("x", 600)+string(raw(i))))
	}
	if f := c.jobFault("job1", []problem{many}, true); len(f.Findings) > mostFindings+1 || len([]rune(f.Said)) > mostSaid+1 {
		t.Errorf("%d findings, %d characters", len(f.Findings), len(f.Said))
	}
	for _, text := range []string{`{"error":{"code":"a","message":"b"}}`, `{"errors":[{"code":"a","message":"b"}]}`, `{"code":"a","message":"b"}`} {
		if list := problems([]byte(text)); len(list) != 1 || list[0].Code != "a" {
			t.Errorf("%s: %+v", text, list)
		}
	}
	for _, text := range []string{"", "<html>", "[]", "{}", `"x"`} {
		if list := problems([]byte(text)); len(list) != 0 {
			t.Errorf("%s: %+v", text, list)
		}
	}
}

// What is read is what is sent, whatever is in it.
func TestResourcesStayAsTheyAre(t *testing.T) {
	t.Parallel()
	text := `{"big":12345678901234567890,"html":"<a href=\"x\">&amp;</a>","nested":{"b":1.50,"a":[]},"nothing":null,"skus":[{"imageType":"x64Gen2","skuId":"a"}],"vmImageVersions":[{"later":{"x":1.0},"versionNumber":"1.0.0"}]}`
	var r resource
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	if got := string(raw(r)); got != text {
		t.Errorf("it is %s", got)
	}
	m, err := merge(techOf(r), nil, ours("1.1.0"))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(raw(m.tech.resource)); !strings.HasPrefix(got, strings.TrimSuffix(text, "]}")) {
		t.Errorf("it is %s", got)
	}
	var turned resource
	if json.Unmarshal([]byte(`{"b":[1,2],"a":{"d":1,"c":2}}`), &turned) != nil || turned.digest() != (resource{"a": json.RawMessage(`{"c":2,"d":1}`), "b": json.RawMessage(`[1, 2]`)}).digest() {
		t.Error("the order of members counts")
	}
}

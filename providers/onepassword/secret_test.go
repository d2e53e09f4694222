package onepassword_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"cloudimage/providers/onepassword"
)

// TestSecretsShowNothing prints a secret in all the ways there are, alone and as a part
// of other values.
func TestSecretsShowNothing(t *testing.T) {
	t.Parallel()
	secret := onepassword.NewSecret("hunter2")
	type holder struct {
		Shown  onepassword.Secret
		hidden onepassword.Secret // fmt asks no methods of what is unexported
		named  map[string]onepassword.Secret
	}
	values := []any{secret, &secret, []onepassword.Secret{secret}, map[string]onepassword.Secret{"a": secret},
		holder{secret, secret, map[string]onepassword.Secret{"a": secret}}, &holder{secret, secret, nil},
		fmt.Errorf("it was %v", secret)}
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%e", "%T", "%p"} {
			shows(t, verb, fmt.Sprintf(verb, v))
		}
		shows(t, "print", fmt.Sprint(v))
		if _, failed := v.(error); !failed {
			text, err := json.Marshal(v)
			if err != nil {
				t.Error(err)
			}
			shows(t, "JSON", string(text))
		}
		var log bytes.Buffer
		for _, h := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
			slog.New(h).Info("it was read", "value", v, "group", slog.GroupValue(slog.Any("value", v)))
		}
		shows(t, "the log", log.String())
	}
	if secret.Reveal() != "hunter2" || secret.IsZero() {
		t.Error("the secret is not what it was made of")
	}
}

func shows(t *testing.T, how, text string) {
	t.Helper()
	for _, form := range []string{"hunter2", fmt.Sprintf("%x", "hunter2"), fmt.Sprintf("%X", "hunter2"), fmt.Sprintf("%d", []byte("hunter2"))} {
		if strings.Contains(text, form) {
			t.Errorf("%s shows the secret: %s", how, text)
		}
	}
}

func TestNoSecret(t *testing.T) {
	t.Parallel()
	if none := onepassword.NewSecret(""); !none.IsZero() || none.Reveal() != "" || none != (onepassword.Secret{}) {
		t.Error("an empty value is a secret")
	}
}

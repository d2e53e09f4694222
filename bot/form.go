package bot

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"cloudimage/commands"
	"cloudimage/workflow"
)

// requestOf tells a form and its answers from every other. A person to whom no
// acknowledgement came still has the form open and submits it again; then it is
// the same request, although it is another delivery.
func requestOf(in Incoming, values commands.Values) workflow.RequestID {
	if in.View.ID == "" {
		return workflow.RequestID(in.Key)
	}
	answers, err := json.Marshal(values) // in the order of the fields' names
	if err != nil {
		panic(fmt.Sprintf("lists of strings cannot fail to encode: %v", err))
	}
	sum := sha256.Sum256(append([]byte(in.View.Metadata), answers...))
	return workflow.RequestID("form:" + in.View.ID + ":" + base64.RawURLEncoding.EncodeToString(sum[:12]))
}

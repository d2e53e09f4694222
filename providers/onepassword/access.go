package onepassword

// Access is what an operator gives of 1Password. Both ways are optional; with
// both, Connect is used, as 1Password's own tools do.
type Access struct {
	ConnectHost         string // OP_CONNECT_HOST
	ConnectToken        Secret // OP_CONNECT_TOKEN
	ServiceAccountToken Secret // OP_SERVICE_ACCOUNT_TOKEN
}

// Source makes the source that the access is for. It connects to nothing.
func (a Access) Source() (Source, error) {
	switch {
	case a.ConnectHost != "":
		return NewConnect(a.ConnectHost, a.ConnectToken)
	case !a.ConnectToken.IsZero():
		return nil, &Error{Kind: ErrInvalid, Sentence: "OP_CONNECT_TOKEN is set and OP_CONNECT_HOST is not; the Connect server wants both"}
	case !a.ServiceAccountToken.IsZero():
		return NewServiceAccount(a.ServiceAccountToken)
	}
	return nil, &Error{Kind: ErrInvalid, Sentence: "secrets that begin with op:// are in 1Password, and there is no way to it: set OP_CONNECT_HOST and OP_CONNECT_TOKEN, or OP_SERVICE_ACCOUNT_TOKEN"}
}

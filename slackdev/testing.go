package slackdev

// TB is what [New] needs of a test: *testing.T, *testing.B and *testing.F have it.
type TB interface {
	Helper()
	Fatal(args ...any)
	Cleanup(func())
}

// New starts a workspace for a test and closes it when the test ends. What keeps
// it from starting or closing ends the test.
func New(t TB, opts Options) *Workspace {
	t.Helper()
	ws, err := Start(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ws.Close(); err != nil {
			t.Fatal(err)
		}
	})
	return ws
}

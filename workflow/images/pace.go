package images

import (
	"hash/fnv"
	"time"
)

const (
	shortest = 5 * time.Second
	longest  = 2 * time.Minute
)

// pause is how long to wait before the nth time that something is tried again, at
// least as long as was asked for. What failed together is not tried again together:
// the key spreads it.
func pause(n int, asked time.Duration, key string) time.Duration {
	wait := longest
	if n < 6 {
		wait = shortest << (n - 1)
	}
	wait = max(min(wait, longest), asked)
	h := fnv.New32a()
	h.Write([]byte(key))
	return wait + wait*time.Duration(h.Sum32()%100)/400
}

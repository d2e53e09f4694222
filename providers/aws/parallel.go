package aws

import "sync"

// atOnce is how many regions are asked at the same time.
const atOnce = 8

// each does something for each region, several at a time.
func each[T any](regions []string, do func(region string) T) []T {
	out := make([]T, len(regions))
	slots := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for i, r := range regions {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			out[i] = do(r)
		})
	}
	all.Wait()
	return out
}

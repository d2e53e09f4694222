package images

import (
	"context"

	"cloudimage/guest"
)

// byHand asks people for a step of an image that they make. When its listing does not
// wait for it any more, because they have said so there or for whatever reason, nobody is
// asked.
func (s *Service) byHand(ctx context.Context, cloud Cloud, b *Build, step *Step, w Work, im Image) (Progress, error) {
	halt, err := s.halt(ctx, b, step)
	switch {
	case err != nil:
		return Progress{}, &Fault{Class: Passing, Said: "its run could not be read", Err: err}
	case halt != nil && halt.Class == Overtaken:
		return Progress{}, halt
	case step.Name == Capture:
		return cloud.Capture(ctx, w, "", im)
	}
	return cloud.Run(ctx, w, "", guest.Script{Name: string(Check)})
}

package main

import (
	"context"

	"cloudimage/checkup"
	"cloudimage/providers/aws"
)

// aws looks at the account in which images are made.
func (d *doctor) aws(ctx context.Context) []checkup.Finding {
	switch {
	case !d.readable:
		return []checkup.Finding{checkup.Noted("", "AWS is not asked while the configuration, which names the account, is not in order.")}
	case d.config.AWS == nil:
		return []checkup.Finding{checkup.Noted("Name the account under aws: in the configuration; docs/aws.md says what it has to have.",
			"AWS is not connected. People make its images by hand, and say so.")}
	}
	s := Settings{Config: d.config}
	var err error
	if s.AWSKeys, err = d.given.secrets.awsKeys(ctx); err != nil {
		return failures(err)
	}
	cloud, err := aws.New(ctx, s.awsOptions())
	if err != nil {
		return failures(err)
	}
	ctx, cancel := context.WithTimeout(ctx, 4*checkWithin)
	defer cancel()
	return cloud.Check(ctx)
}

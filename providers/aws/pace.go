package aws

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// action is one operation of a service, with how often AWS lets an account call it.
type action struct {
	service string // as policies name it
	name    string
	changes bool
	size    float64 // of its bucket of tokens
	refill  float64 // a second
}

func (a action) String() string { return a.service + ":" + a.name }

// Actions, with the rates of https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
// for EC2 and of the quotas of the Marketplace Catalog. Systems Manager and Service
// Quotas publish none; theirs are on the safe side.
var (
	runInstances       = action{"ec2", "RunInstances", true, 5, 2}
	stopInstances      = action{"ec2", "StopInstances", true, 50, 5}
	terminateInstances = action{"ec2", "TerminateInstances", true, 100, 5}
	createImage        = action{"ec2", "CreateImage", true, 50, 5}
	copyImage          = action{"ec2", "CopyImage", true, 50, 1}
	deregisterImage    = action{"ec2", "DeregisterImage", true, 50, 5}
	deleteSnapshot     = action{"ec2", "DeleteSnapshot", true, 50, 5}
	deleteVolume       = action{"ec2", "DeleteVolume", true, 50, 5}
	createTags         = action{"ec2", "CreateTags", true, 100, 10}
	modifyImage        = action{"ec2", "ModifyImageAttribute", true, 50, 5}
	modifySnapshot     = action{"ec2", "ModifySnapshotAttribute", true, 50, 5}
	deprecateImage     = action{"ec2", "EnableImageDeprecation", true, 50, 5}
	protect            = action{"ec2", "EnableImageBlockPublicAccess", true, 1, 0.1}
	unprotect          = action{"ec2", "DisableImageBlockPublicAccess", true, 1, 0.1}

	describeInstances  = action{"ec2", "DescribeInstances", false, 100, 20}
	describeStatus     = action{"ec2", "DescribeInstanceStatus", false, 100, 20}
	describeImages     = action{"ec2", "DescribeImages", false, 100, 20}
	describeAttribute  = action{"ec2", "DescribeImageAttribute", false, 100, 20}
	describeSnapshots  = action{"ec2", "DescribeSnapshots", false, 100, 20}
	snapshotAttribute  = action{"ec2", "DescribeSnapshotAttribute", false, 100, 20}
	describeVolumes    = action{"ec2", "DescribeVolumes", false, 100, 20}
	describeRegions    = action{"ec2", "DescribeRegions", false, 50, 10}
	protection         = action{"ec2", "GetImageBlockPublicAccessState", false, 100, 20}
	encryptsByDefault  = action{"ec2", "GetEbsEncryptionByDefault", false, 100, 20}
	sendCommand        = action{"ssm", "SendCommand", true, 10, 5}
	listCommands       = action{"ssm", "ListCommands", false, 20, 10}
	commandInvocation  = action{"ssm", "GetCommandInvocation", false, 40, 20}
	describeManaged    = action{"ssm", "DescribeInstanceInformation", false, 20, 10}
	getParameter       = action{"ssm", "GetParameter", false, 40, 40}
	callerIdentity     = action{"sts", "GetCallerIdentity", false, 100, 100}
	decodeMessage      = action{"sts", "DecodeAuthorizationMessage", false, 10, 1}
	serviceQuota       = action{"servicequotas", "GetServiceQuota", false, 10, 5}
	startChangeSet     = action{"aws-marketplace", "StartChangeSet", true, 5, 5}
	cancelChangeSet    = action{"aws-marketplace", "CancelChangeSet", true, 5, 5}
	describeChangeSet  = action{"aws-marketplace", "DescribeChangeSet", false, 10, 10}
	listChangeSets     = action{"aws-marketplace", "ListChangeSets", false, 5, 5}
	describeEntity     = action{"aws-marketplace", "DescribeEntity", false, 20, 20}
	listAssessments    = action{"aws-marketplace", "ListAssessments", false, 5, 5}
	describeAssessment = action{"aws-marketplace", "DescribeAssessment", false, 5, 5}
)

// share is how much of what AWS allows is used.
const share = 0.8

// pace says when a call may be made. Each action has a bucket of its own in each
// region, as with AWS.
type pace struct {
	mu      sync.Mutex
	buckets map[string]*bucket
}

type bucket struct {
	*rate.Limiter
	last time.Time // the latest time that somebody was told to come back at
}

func newPace() *pace { return &pace{buckets: map[string]*bucket{}} }

// longestWait is how long somebody is told to wait at most for want of tokens.
const longestWait = 5 * time.Minute

// take takes tokens for n calls. When there are too few it takes none and says how
// long to wait: each who waits for tokens of their own, so that they do not all come
// at once and look again at what they would change.
func (p *pace) take(a action, region string, n int, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := a.String() + " " + region
	b := p.buckets[key]
	if b == nil {
		b = &bucket{Limiter: rate.NewLimiter(rate.Limit(a.refill*share), max(1, int(a.size*share)))}
		p.buckets[key] = b
	}
	r := b.ReserveN(now, n)
	d := r.DelayFrom(now)
	if d <= 0 {
		return 0
	}
	r.CancelAt(now)
	free := now.Add(d)
	if next := b.last.Add(time.Duration(float64(n) * float64(time.Second) / (a.refill * share))); next.After(free) && next.Sub(now) <= longestWait {
		free = next
	}
	b.last = free
	return free.Sub(now)
}

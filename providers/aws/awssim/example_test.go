package awssim_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"cloudimage/providers/aws/awssim"
)

// A program that is told an endpoint and a key takes the server for AWS.
func Example() {
	sim := awssim.New(awssim.Options{})
	server := httptest.NewServer(sim)
	defer server.Close()
	sim.SetBaseURL(server.URL)

	id, secret := sim.Credentials()
	client := sts.NewFromConfig(aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(server.URL),
		Credentials: credentials.NewStaticCredentialsProvider(id, secret, ""),
	})
	me, err := client.GetCallerIdentity(context.Background(), &sts.GetCallerIdentityInput{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*me.Arn)
	// Output: arn:aws:iam::123456789012:user/cloud-image
}

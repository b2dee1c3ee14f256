// Package account gives a run of Watermill's suite an AWS account of its own, since the suite makes up the names of the
// queues and topics that it uses: all that is in the account afterwards is the run's, and is deleted.
package account

import (
	"context"
	"errors"
	"fmt"
	"log"
	"math/rand/v2"
	"net/url"
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	transport "github.com/aws/smithy-go/endpoints"
)

// Region is the region of all resources.
const Region = "us-east-1"

// ID names the account; topiq takes it from the access key.
var ID = fmt.Sprintf("%012d", rand.Int64N(1e12))

// RunAndCleanUp runs a package's tests and empties the account.
func RunAndCleanUp(m *testing.M) {
	code := m.Run()
	if err := empty(context.Background()); err != nil {
		log.Printf("the account could not be emptied: %v", err)
		code = 1
	}
	os.Exit(code)
}

// Config is what Watermill's publishers and subscribers are made with.
func Config() aws.Config {
	cfg, err := config.LoadDefaultConfig(context.Background(),
		config.WithRegion(Region),
		config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(ID, "anything", "")),
	)
	if err != nil {
		log.Fatal(err)
	}
	return cfg
}

// Endpoint is the server, as Watermill's endpoint resolvers want it.
func Endpoint() transport.Endpoint {
	address, err := url.Parse(os.Getenv("TOPIQ_ENDPOINT"))
	if err != nil || address.Host == "" {
		log.Fatal("name an endpoint: TOPIQ_ENDPOINT=http://…")
	}
	return transport.Endpoint{URI: *address}
}

func empty(ctx context.Context) error {
	cfg := Config()
	cfg.BaseEndpoint = aws.String(os.Getenv("TOPIQ_ENDPOINT"))
	return errors.Join(deleteTopics(ctx, sns.NewFromConfig(cfg)), deleteQueues(ctx, sqs.NewFromConfig(cfg)))
}

func deleteTopics(ctx context.Context, client *sns.Client) error {
	var arns []*string
	for pages := sns.NewListTopicsPaginator(client, &sns.ListTopicsInput{}); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, topic := range page.Topics {
			arns = append(arns, topic.TopicArn)
		}
	}
	for _, arn := range arns {
		if _, err := client.DeleteTopic(ctx, &sns.DeleteTopicInput{TopicArn: arn}); err != nil {
			return err
		}
	}
	return nil
}

func deleteQueues(ctx context.Context, client *sqs.Client) error {
	var urls []string
	query := &sqs.ListQueuesInput{MaxResults: aws.Int32(1000)}
	for pages := sqs.NewListQueuesPaginator(client, query); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		urls = append(urls, page.QueueUrls...)
	}
	for _, url := range urls {
		if _, err := client.DeleteQueue(ctx, &sqs.DeleteQueueInput{QueueUrl: aws.String(url)}); err != nil {
			return err
		}
	}
	return nil
}

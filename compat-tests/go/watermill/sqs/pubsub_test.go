// Package sqs holds Watermill's universal suite for Pub/Subs against its SQS Pub/Sub over topiq.
package sqs

import (
	"context"
	"testing"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill-aws/sqs"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/pubsub/tests"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"

	"topiq.dev/compat-tests/go/watermill/account"
)

// The features of SQS in watermill-aws's own tests, except for two.
//
// Without its ForceShort, the long forms of the suite are run too.
//
// With GuaranteedOrderWithSingleSubscriber, which watermill-aws sets in some tests only, order is checked with one
// subscriber instead of ten. The suite reads ten through one channel: whichever goroutine comes first is first there,
// in whatever order the queue handed the messages out, so on a busy machine about one such run in fifteen fails by
// itself.
var features = tests.Features{
	ConsumerGroups:                      false,
	ExactlyOnceDelivery:                 false,
	GuaranteedOrder:                     true,
	GuaranteedOrderWithSingleSubscriber: true,
	Persistent:                          true,
}

func TestMain(m *testing.M) { account.RunAndCleanUp(m) }

func TestUniversalSuite(t *testing.T) {
	t.Parallel()
	tests.TestPubSub(t, features, newPubSub, newPubSubOfGroup)
}

func TestReceivingInBatches(t *testing.T) {
	t.Parallel()
	tests.TestPublishSubscribe(t, contextOf(features), func(t *testing.T) (message.Publisher, message.Subscriber) {
		publisher, subscriber := configs()
		subscriber.GenerateReceiveMessageInput = inBatches
		return pubSub(t, publisher, subscriber)
	})
}

func TestQueueURLsMadeUpFromTheirNames(t *testing.T) {
	t.Parallel()
	resolver := sqs.GenerateQueueUrlResolver{AwsRegion: account.Region, AwsAccountID: account.ID}
	tests.TestPublishSubscribe(t, contextOf(features), withResolver(resolver))
}

func TestQueueURLsAsTopics(t *testing.T) {
	t.Parallel()
	withURLs := features
	withURLs.GenerateTopicFunc = func(test tests.TestContext) string {
		endpoint := account.Endpoint()
		return endpoint.URI.String() + "/" + account.ID + "/" + string(test.TestID)
	}
	tests.TestPublishSubscribe(t, contextOf(withURLs), withResolver(sqs.TransparentUrlResolver{}))
}

func TestQueueIsInitializedTwiceWithOtherSettings(t *testing.T) {
	t.Parallel()
	topic := watermill.NewUUID()
	for _, timeout := range []string{"1", "20"} {
		_, config := configs()
		config.QueueConfigAttributes.VisibilityTimeout = timeout
		subscriber, err := sqs.NewSubscriber(config, watermill.NopLogger{})
		require.NoError(t, err)
		require.NoError(t, subscriber.SubscribeInitialize(topic))
	}
}

func TestQueueIsCreatedOnce(t *testing.T) {
	t.Parallel()
	publisher, _ := newPubSub(t)
	topic := watermill.NewUUID()
	name, url, err := publisher.(*sqs.Publisher).GetQueueUrl(context.Background(), topic, true)
	require.NoError(t, err)
	again, sameURL, err := publisher.(*sqs.Publisher).GetQueueUrl(context.Background(), topic, true)
	require.NoError(t, err)
	require.Equal(t, name, again)
	require.Equal(t, url, sameURL)
}

func TestMissingQueueIsAnErrorIfItMustNotBeCreated(t *testing.T) {
	t.Parallel()
	publisherConfig, subscriberConfig := configs()
	publisherConfig.DoNotCreateQueueIfNotExists = true
	subscriberConfig.DoNotCreateQueueIfNotExists = true
	publisher, subscriber := pubSub(t, publisherConfig, subscriberConfig)

	messages, err := subscriber.Subscribe(context.Background(), "missing")
	require.ErrorContains(t, err, "queue for topic 'missing' doesn't exists")
	require.Nil(t, messages)
	err = publisher.Publish("missing", message.NewMessage("1", []byte("x")))
	require.ErrorContains(t, err, "queue for topic missing doesn't exist")
}

func newPubSub(t *testing.T) (message.Publisher, message.Subscriber) {
	publisher, subscriber := configs()
	return pubSub(t, publisher, subscriber)
}

// SQS has no groups of consumers: the suite skips what would call this.
func newPubSubOfGroup(t *testing.T, _ string) (message.Publisher, message.Subscriber) {
	return newPubSub(t)
}

func withResolver(resolver sqs.QueueUrlResolver) tests.PubSubConstructor {
	return func(t *testing.T) (message.Publisher, message.Subscriber) {
		publisher, subscriber := configs()
		publisher.QueueUrlResolver, subscriber.QueueUrlResolver = resolver, resolver
		return pubSub(t, publisher, subscriber)
	}
}

func pubSub(
	t *testing.T, publisherConfig sqs.PublisherConfig, subscriberConfig sqs.SubscriberConfig,
) (message.Publisher, message.Subscriber) {
	publisher, err := sqs.NewPublisher(publisherConfig, watermill.NopLogger{})
	require.NoError(t, err)
	subscriber, err := sqs.NewSubscriber(subscriberConfig, watermill.NewStdLogger(false, false))
	require.NoError(t, err)
	return publisher, subscriber
}

func configs() (sqs.PublisherConfig, sqs.SubscriberConfig) {
	options := []func(*awssqs.Options){
		awssqs.WithEndpointResolverV2(sqs.OverrideEndpointResolver{Endpoint: account.Endpoint()}),
	}
	// Unacknowledged messages come back soon enough for the suite's deadlines.
	attributes := sqs.QueueConfigAttributes{VisibilityTimeout: "1"}
	publisher := sqs.PublisherConfig{
		AWSConfig:         account.Config(),
		OptFns:            options,
		CreateQueueConfig: attributes,
		Marshaler:         sqs.DefaultMarshalerUnmarshaler{},
	}
	subscriber := sqs.SubscriberConfig{
		AWSConfig:             account.Config(),
		OptFns:                options,
		QueueConfigAttributes: attributes,
		Unmarshaler:           sqs.DefaultMarshalerUnmarshaler{},
	}
	return publisher, subscriber
}

func inBatches(ctx context.Context, url sqs.QueueURL) (*awssqs.ReceiveMessageInput, error) {
	input, err := sqs.GenerateReceiveMessageInputDefault(ctx, url)
	if err == nil {
		input.MaxNumberOfMessages = 10
	}
	return input, err
}

func contextOf(features tests.Features) tests.TestContext {
	return tests.TestContext{TestID: tests.NewTestID(), Features: features}
}

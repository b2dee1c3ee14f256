// Package sns holds Watermill's universal suite for Pub/Subs against its SNS Pub/Sub, which receives by SQS, over topiq.
package sns

import (
	"context"
	"testing"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill-aws/sns"
	"github.com/ThreeDotsLabs/watermill-aws/sqs"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/pubsub/tests"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"

	"topiq.dev/compat-tests/go/watermill/account"
)

// The features of SNS in watermill-aws's own tests, without ForceShort: the long forms of the suite are run too.
var features = tests.Features{
	ConsumerGroups:      true,
	ExactlyOnceDelivery: false,
	GuaranteedOrder:     false,
	Persistent:          true,
}

func TestMain(m *testing.M) { account.RunAndCleanUp(m) }

func TestUniversalSuite(t *testing.T) {
	t.Parallel()
	tests.TestPubSub(t, features, newPubSub, newPubSubOfGroup)
}

func TestARNsAsTopics(t *testing.T) {
	t.Parallel()
	withARNs := features
	withARNs.GenerateTopicFunc = func(test tests.TestContext) string {
		return "arn:aws:sns:" + account.Region + ":" + account.ID + ":" + string(test.TestID)
	}
	context := tests.TestContext{TestID: tests.NewTestID(), Features: withARNs}
	tests.TestPublishSubscribe(t, context, func(t *testing.T) (message.Publisher, message.Subscriber) {
		return pubSub(t, sns.TransparentTopicResolver{}, sns.GenerateSqsQueueNameEqualToTopicName)
	})
}

func TestTopicIsCreatedOnce(t *testing.T) {
	t.Parallel()
	publisher, _ := newPubSub(t)
	topic := watermill.NewUUID()
	arn, err := publisher.(*sns.Publisher).CreateTopic(context.Background(), topic)
	require.NoError(t, err)
	again, err := publisher.(*sns.Publisher).CreateTopic(context.Background(), topic)
	require.NoError(t, err)
	require.Equal(t, arn, again)
}

func TestSubscriptionIsInitializedTwice(t *testing.T) {
	t.Parallel()
	_, subscriber := newPubSub(t)
	topic := watermill.NewUUID()
	require.NoError(t, subscriber.(topicFirst).SubscribeInitialize(topic))
	require.NoError(t, subscriber.(topicFirst).SubscribeInitialize(topic))
}

func TestMissingTopicIsNotSubscribed(t *testing.T) {
	t.Parallel()
	_, subscriber := newPubSub(t)
	err := subscriber.(topicFirst).Subscriber.SubscribeInitialize(watermill.NewUUID())
	var missing *types.NotFoundException
	require.ErrorAs(t, err, &missing)
}

// Watermill's subscriber leaves it to others to create the topic, and AWS refuses to subscribe to one that is not there.
// The suite initializes subscriptions before it publishes, so this creates the topic as a user of AWS has to.
type topicFirst struct {
	*sns.Subscriber
	topics *sns.Publisher
}

func (s topicFirst) SubscribeInitialize(topic string) error {
	if _, err := s.topics.CreateTopic(context.Background(), topic); err != nil {
		return err
	}
	return s.Subscriber.SubscribeInitialize(topic)
}

func newPubSub(t *testing.T) (message.Publisher, message.Subscriber) {
	return pubSub(t, topicsByName(t), sns.GenerateSqsQueueNameEqualToTopicName)
}

// A group of consumers is a queue of its own.
func newPubSubOfGroup(t *testing.T, group string) (message.Publisher, message.Subscriber) {
	return pubSub(t, topicsByName(t), func(context.Context, sns.TopicArn) (string, error) { return group, nil })
}

func topicsByName(t *testing.T) sns.TopicResolver {
	resolver, err := sns.NewGenerateArnTopicResolver(account.ID, account.Region)
	require.NoError(t, err)
	return resolver
}

func pubSub(
	t *testing.T, resolver sns.TopicResolver, queueName sns.GenerateSqsQueueNameFn,
) (message.Publisher, message.Subscriber) {
	toSNS := []func(*awssns.Options){
		awssns.WithEndpointResolverV2(sns.OverrideEndpointResolver{Endpoint: account.Endpoint()}),
	}
	toSQS := []func(*awssqs.Options){
		awssqs.WithEndpointResolverV2(sqs.OverrideEndpointResolver{Endpoint: account.Endpoint()}),
	}
	publisher, err := sns.NewPublisher(sns.PublisherConfig{
		AWSConfig:     account.Config(),
		OptFns:        toSNS,
		TopicResolver: resolver,
		Marshaler:     sns.DefaultMarshalerUnmarshaler{},
	}, watermill.NopLogger{})
	require.NoError(t, err)
	subscriber, err := sns.NewSubscriber(
		sns.SubscriberConfig{
			AWSConfig:            account.Config(),
			OptFns:               toSNS,
			TopicResolver:        resolver,
			GenerateSqsQueueName: queueName,
		},
		sqs.SubscriberConfig{
			AWSConfig: account.Config(),
			OptFns:    toSQS,
			// Unacknowledged messages come back soon enough for the suite's deadlines.
			QueueConfigAttributes: sqs.QueueConfigAttributes{VisibilityTimeout: "1"},
		},
		watermill.NewStdLogger(false, false),
	)
	require.NoError(t, err)
	return publisher, topicFirst{subscriber, publisher}
}

package v1

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/service/sns"
	"github.com/aws/aws-sdk-go/service/sqs"
	"github.com/stretchr/testify/require"
)

func TestQueuesAreListedInPages(t *testing.T) {
	s := newStory(t)
	prefix := newName()
	var created, listed []string
	for number := range 5 {
		created = append(created, s.queueNamed(fmt.Sprintf("%s-%d", prefix, number), nil))
	}
	var sizes []int
	err := s.sqs.ListQueuesPages(
		&sqs.ListQueuesInput{QueueNamePrefix: &prefix, MaxResults: aws.Int64(2)},
		func(page *sqs.ListQueuesOutput, isLast bool) bool {
			sizes = append(sizes, len(page.QueueUrls))
			listed = append(listed, aws.StringValueSlice(page.QueueUrls)...)
			return true
		},
	)
	require.NoError(t, err)
	require.Equal(t, []int{2, 2, 1}, sizes)
	require.ElementsMatch(t, created, listed)
}

func TestSourcesOfADeadLetterQueueAreListedInPages(t *testing.T) {
	s := newStory(t)
	deadLetters := s.queue(nil)
	var created, listed []string
	for range 3 {
		created = append(created, s.queue(attributes{"RedrivePolicy": s.redriveTo(deadLetters, 3)}))
	}
	var sizes []int
	err := s.sqs.ListDeadLetterSourceQueuesPages(
		&sqs.ListDeadLetterSourceQueuesInput{QueueUrl: &deadLetters, MaxResults: aws.Int64(2)},
		func(page *sqs.ListDeadLetterSourceQueuesOutput, isLast bool) bool {
			sizes = append(sizes, len(page.QueueUrls))
			listed = append(listed, aws.StringValueSlice(page.QueueUrls)...)
			return true
		},
	)
	require.NoError(t, err)
	require.Equal(t, []int{2, 1}, sizes)
	require.ElementsMatch(t, created, listed)
}

// SNS's pages have a hundred entries.
func TestTopicsAreListedInPages(t *testing.T) {
	s := newStoryOfItsOwn(t)
	var created, listed []string
	for range 105 {
		created = append(created, s.topic(nil))
	}
	var sizes []int
	err := s.sns.ListTopicsPages(&sns.ListTopicsInput{}, func(page *sns.ListTopicsOutput, isLast bool) bool {
		sizes = append(sizes, len(page.Topics))
		for _, topic := range page.Topics {
			listed = append(listed, *topic.TopicArn)
		}
		return true
	})
	require.NoError(t, err)
	require.Equal(t, []int{100, 5}, sizes)
	require.ElementsMatch(t, created, listed)
}

func TestSubscriptionsAreListedInPages(t *testing.T) {
	s := newStoryOfItsOwn(t)
	topic := s.topic(nil)
	var created, ofTheTopic, ofTheAccount []string
	for number := range 103 {
		subscribed, err := s.sns.Subscribe(&sns.SubscribeInput{
			TopicArn: &topic, Protocol: aws.String("sms"), Endpoint: aws.String(fmt.Sprintf("+1555123%04d", number)),
			ReturnSubscriptionArn: aws.Bool(true),
		})
		require.NoError(t, err)
		created = append(created, *subscribed.SubscriptionArn)
	}
	require.NoError(t, s.sns.ListSubscriptionsByTopicPages(
		&sns.ListSubscriptionsByTopicInput{TopicArn: &topic},
		func(page *sns.ListSubscriptionsByTopicOutput, isLast bool) bool {
			ofTheTopic = append(ofTheTopic, arns(page.Subscriptions)...)
			return true
		},
	))
	require.NoError(t, s.sns.ListSubscriptionsPages(
		&sns.ListSubscriptionsInput{},
		func(page *sns.ListSubscriptionsOutput, isLast bool) bool {
			ofTheAccount = append(ofTheAccount, arns(page.Subscriptions)...)
			return true
		},
	))
	require.ElementsMatch(t, created, ofTheTopic)
	require.ElementsMatch(t, created, ofTheAccount)
}

func arns(subscriptions []*sns.Subscription) []string {
	var found []string
	for _, subscription := range subscriptions {
		found = append(found, *subscription.SubscriptionArn)
	}
	return found
}

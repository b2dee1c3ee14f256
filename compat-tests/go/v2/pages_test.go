package v2

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"
)

func TestQueuesAreListedInPages(t *testing.T) {
	s := newStory(t)
	prefix := newName()
	var created []string
	for number := range 5 {
		created = append(created, s.queueNamed(fmt.Sprintf("%s-%d", prefix, number), nil))
	}
	pages := sqs.NewListQueuesPaginator(s.sqs, &sqs.ListQueuesInput{QueueNamePrefix: &prefix, MaxResults: aws.Int32(2)})
	var sizes []int
	var listed []string
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		require.NoError(t, err)
		sizes = append(sizes, len(page.QueueUrls))
		listed = append(listed, page.QueueUrls...)
	}
	require.Equal(t, []int{2, 2, 1}, sizes)
	require.ElementsMatch(t, created, listed)
}

func TestSourcesOfADeadLetterQueueAreListedInPages(t *testing.T) {
	s := newStory(t)
	deadLetters := s.queue(nil)
	var created []string
	for range 3 {
		created = append(created, s.queue(attributes{"RedrivePolicy": s.redriveTo(deadLetters, 3)}))
	}
	pages := sqs.NewListDeadLetterSourceQueuesPaginator(s.sqs, &sqs.ListDeadLetterSourceQueuesInput{
		QueueUrl: &deadLetters, MaxResults: aws.Int32(2),
	})
	var listed []string
	for count := range 2 {
		require.True(t, pages.HasMorePages())
		page, err := pages.NextPage(t.Context())
		require.NoError(t, err)
		require.Len(t, page.QueueUrls, 2-count)
		listed = append(listed, page.QueueUrls...)
	}
	require.False(t, pages.HasMorePages())
	require.ElementsMatch(t, created, listed)
}

// SNS's pages have a hundred entries.
func TestTopicsAreListedInPages(t *testing.T) {
	s := newStoryOfItsOwn(t)
	var created []string
	for range 105 {
		created = append(created, s.topic(nil))
	}
	var listed []string
	var sizes []int
	for pages := sns.NewListTopicsPaginator(s.sns, &sns.ListTopicsInput{}); pages.HasMorePages(); {
		page, err := pages.NextPage(t.Context())
		require.NoError(t, err)
		sizes = append(sizes, len(page.Topics))
		for _, topic := range page.Topics {
			listed = append(listed, *topic.TopicArn)
		}
	}
	require.Equal(t, []int{100, 5}, sizes)
	require.ElementsMatch(t, created, listed)
}

func TestSubscriptionsAreListedInPages(t *testing.T) {
	s := newStoryOfItsOwn(t)
	topic := s.topic(nil)
	var created []string
	for number := range 103 {
		subscribed, err := s.sns.Subscribe(t.Context(), &sns.SubscribeInput{
			TopicArn: &topic, Protocol: aws.String("sms"), Endpoint: aws.String(fmt.Sprintf("+1555123%04d", number)),
			ReturnSubscriptionArn: true,
		})
		require.NoError(t, err)
		created = append(created, *subscribed.SubscriptionArn)
	}
	slices.Sort(created)

	var ofTheTopic, ofTheAccount []string
	byTopic := sns.NewListSubscriptionsByTopicPaginator(s.sns, &sns.ListSubscriptionsByTopicInput{TopicArn: &topic})
	for byTopic.HasMorePages() {
		page, err := byTopic.NextPage(t.Context())
		require.NoError(t, err)
		for _, subscription := range page.Subscriptions {
			ofTheTopic = append(ofTheTopic, *subscription.SubscriptionArn)
		}
	}
	for all := sns.NewListSubscriptionsPaginator(s.sns, &sns.ListSubscriptionsInput{}); all.HasMorePages(); {
		page, err := all.NextPage(t.Context())
		require.NoError(t, err)
		for _, subscription := range page.Subscriptions {
			ofTheAccount = append(ofTheAccount, *subscription.SubscriptionArn)
		}
	}
	slices.Sort(ofTheTopic)
	slices.Sort(ofTheAccount)
	require.Equal(t, created, ofTheTopic)
	require.Equal(t, created, ofTheAccount)
}

package v1

import (
	"encoding/base64"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/service/sns"
	"github.com/aws/aws-sdk-go/service/sqs"
	"github.com/stretchr/testify/require"

	"topiq.dev/compat-tests/go/expected"
)

func TestLifeOfATopic(t *testing.T) {
	s := newStory(t)
	name := newName()
	topic := s.topicNamed(name, attributes{"DisplayName": "Orders"})
	require.Equal(t, "arn:aws:sns:us-east-1:123456789012:"+name, topic)
	_, err := s.sns.SetTopicAttributes(&sns.SetTopicAttributesInput{
		TopicArn: &topic, AttributeName: aws.String("DisplayName"), AttributeValue: aws.String("é <&>"),
	})
	require.NoError(t, err)

	queue := s.queue(nil)
	subscription := s.subscribe(topic, queue, nil)
	shown, err := s.sns.GetTopicAttributes(&sns.GetTopicAttributesInput{TopicArn: &topic})
	require.NoError(t, err)
	require.Equal(t, "é <&>", *shown.Attributes["DisplayName"])
	require.Equal(t, "1", *shown.Attributes["SubscriptionsConfirmed"])

	_, err = s.sns.Unsubscribe(&sns.UnsubscribeInput{SubscriptionArn: &subscription})
	require.NoError(t, err)
	_, err = s.sns.Publish(&sns.PublishInput{TopicArn: &topic, Message: aws.String("to nobody")})
	require.NoError(t, err)
	s.empty(queue)
	_, err = s.sns.DeleteTopic(&sns.DeleteTopicInput{TopicArn: &topic})
	require.NoError(t, err)
	_, err = s.sns.GetTopicAttributes(&sns.GetTopicAttributesInput{TopicArn: &topic})
	requireRefused(t, err, refusal{sns.ErrCodeNotFoundException, 404, "Topic does not exist"})
}

func TestEnvelopeTellsAllAboutTheMessage(t *testing.T) {
	s := newStory(t)
	topic, queue := s.topic(nil), s.queue(nil)
	s.subscribe(topic, queue, nil)
	published, err := s.sns.Publish(&sns.PublishInput{
		TopicArn: &topic, Message: aws.String("é <&>"), Subject: aws.String("About"),
		MessageAttributes: map[string]*sns.MessageAttributeValue{
			"kind":  {DataType: aws.String("String"), StringValue: aws.String("order")},
			"bytes": {DataType: aws.String("Binary"), BinaryValue: expected.AllBytes()},
		},
	})
	require.NoError(t, err)
	read := expected.ReadEnvelope(t, *s.receiveOne(queue).Body)
	require.Equal(t, *published.MessageId, read.MessageId)
	require.Equal(t, []string{topic, "About", "é <&>"}, []string{read.TopicArn, read.Subject, read.Message})
	require.Equal(t, map[string]struct{ Type, Value string }{
		"kind":  {"String", "order"},
		"bytes": {"Binary", base64.StdEncoding.EncodeToString(expected.AllBytes())},
	}, read.MessageAttributes)
	expected.RequireSigned(t, read)
}

func TestRawMessageKeepsItsAttributes(t *testing.T) {
	s := newStory(t)
	topic, queue := s.topic(nil), s.queue(nil)
	s.subscribe(topic, queue, attributes{"RawMessageDelivery": "true"})
	_, err := s.sns.Publish(&sns.PublishInput{
		TopicArn: &topic, Message: aws.String("raw"),
		MessageAttributes: map[string]*sns.MessageAttributeValue{
			"kind":  {DataType: aws.String("String"), StringValue: aws.String("order")},
			"bytes": {DataType: aws.String("Binary"), BinaryValue: expected.AllBytes()},
		},
	})
	require.NoError(t, err)
	message := s.receiveOne(queue)
	require.Equal(t, "raw", *message.Body)
	require.Equal(t, map[string]*sqs.MessageAttributeValue{
		"kind":  stringAttribute("order"),
		"bytes": {DataType: aws.String("Binary"), BinaryValue: expected.AllBytes()},
	}, message.MessageAttributes)
}

func TestQueuesGetWhatTheirFilterPoliciesWant(t *testing.T) {
	s := newStory(t)
	topic := s.topic(nil)
	byAttribute, byBody, all := s.queue(nil), s.queue(nil), s.queue(nil)
	s.subscribe(topic, byAttribute, attributes{"RawMessageDelivery": "true", "FilterPolicy": `{"kind":["order"]}`})
	s.subscribe(topic, byBody, attributes{
		"RawMessageDelivery": "true", "FilterPolicyScope": "MessageBody", "FilterPolicy": `{"total":[{"numeric":[">",5]}]}`,
	})
	s.subscribe(topic, all, attributes{"RawMessageDelivery": "true"})
	publish := func(body, kind string) {
		_, err := s.sns.Publish(&sns.PublishInput{
			TopicArn: &topic, Message: &body,
			MessageAttributes: map[string]*sns.MessageAttributeValue{
				"kind": {DataType: aws.String("String"), StringValue: &kind},
			},
		})
		require.NoError(t, err)
	}
	publish(`{"total":4}`, "payment")
	publish(`no JSON`, "order")
	publish(`{"total":6}`, "payment")

	s.receive(all, 3)
	require.Equal(t, []string{`no JSON`}, bodies(s.receive(byAttribute, 1)))
	require.Equal(t, []string{`{"total":6}`}, bodies(s.receive(byBody, 1)))
	s.empty(byAttribute)
	s.empty(byBody)
}

func TestBatchIsPublished(t *testing.T) {
	s := newStory(t)
	topic, queue := s.topic(nil), s.queue(nil)
	s.subscribe(topic, queue, attributes{"RawMessageDelivery": "true"})
	published, err := s.sns.PublishBatch(&sns.PublishBatchInput{
		TopicArn: &topic,
		PublishBatchRequestEntries: []*sns.PublishBatchRequestEntry{
			{Id: aws.String("a"), Message: aws.String("x")}, {Id: aws.String("b"), Message: aws.String("y")},
		},
	})
	require.NoError(t, err)
	require.Len(t, published.Successful, 2)
	require.Empty(t, published.Failed)
	require.ElementsMatch(t, []string{"x", "y"}, bodies(s.receive(queue, 2)))
}

func TestFIFOTopicKeepsOrderAndDropsDuplicates(t *testing.T) {
	s := newStory(t)
	topic, queue := s.fifoTopic(nil), s.fifoQueue(nil)
	s.subscribe(topic, queue, attributes{"RawMessageDelivery": "true"})
	publish := func(text, deduplicationID string) *sns.PublishOutput {
		published, err := s.sns.Publish(&sns.PublishInput{
			TopicArn: &topic, Message: &text, MessageGroupId: aws.String("g"), MessageDeduplicationId: &deduplicationID,
		})
		require.NoError(t, err)
		return published
	}
	first := publish("0", "id-0")
	for number := 1; number < 5; number++ {
		publish(fmt.Sprint(number), fmt.Sprint("id-", number))
	}
	again := publish("duplicate", "id-0")
	require.Equal(t, *first.MessageId, *again.MessageId)
	require.Equal(t, *first.SequenceNumber, *again.SequenceNumber)

	messages := s.receive(queue, 5)
	require.Equal(t, []string{"0", "1", "2", "3", "4"}, bodies(messages))
	s.delete(queue, messages...)
	s.empty(queue)
}

func TestTopicMaySendOnlyToQueuesThatAllowIt(t *testing.T) {
	s := newStoryAt(t, "TOPIQ_ENFORCING_ENDPOINT", "123456789012")
	topic, allowing, closed := s.topic(nil), s.queue(nil), s.queue(nil)
	s.subscribe(topic, allowing, nil)
	s.subscribe(topic, closed, nil)
	require.NoError(t, s.setAttribute(closed, "Policy", ""))
	_, err := s.sns.Publish(&sns.PublishInput{TopicArn: &topic, Message: aws.String("x")})
	require.NoError(t, err)
	require.Equal(t, "x", expected.ReadEnvelope(t, *s.receiveOne(allowing).Body).Message)
	s.empty(closed)
}

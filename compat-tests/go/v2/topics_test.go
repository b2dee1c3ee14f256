package v2

import (
	"encoding/base64"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"

	"topiq.dev/compat-tests/go/expected"
)

func TestLifeOfATopic(t *testing.T) {
	s := newStory(t)
	name := newName()
	topic := s.topicNamed(name, attributes{"DisplayName": "Orders"})
	require.Equal(t, "arn:aws:sns:us-east-1:123456789012:"+name, topic)
	_, err := s.sns.SetTopicAttributes(t.Context(), &sns.SetTopicAttributesInput{
		TopicArn: &topic, AttributeName: aws.String("DisplayName"), AttributeValue: aws.String("é <&>"),
	})
	require.NoError(t, err)
	_, err = s.sns.TagResource(t.Context(), &sns.TagResourceInput{
		ResourceArn: &topic, Tags: []snstypes.Tag{{Key: aws.String("team"), Value: aws.String("orders")}},
	})
	require.NoError(t, err)
	tags, err := s.sns.ListTagsForResource(t.Context(), &sns.ListTagsForResourceInput{ResourceArn: &topic})
	require.NoError(t, err)
	require.Equal(t, "orders", *tags.Tags[0].Value)

	queue := s.queue(nil)
	subscription := s.subscribe(topic, queue, nil)
	shown, err := s.sns.GetTopicAttributes(t.Context(), &sns.GetTopicAttributesInput{TopicArn: &topic})
	require.NoError(t, err)
	require.Equal(t, "é <&>", shown.Attributes["DisplayName"])
	require.Equal(t, "1", shown.Attributes["SubscriptionsConfirmed"])

	_, err = s.sns.Unsubscribe(t.Context(), &sns.UnsubscribeInput{SubscriptionArn: &subscription})
	require.NoError(t, err)
	s.publish(topic, "to nobody")
	s.empty(queue)
	_, err = s.sns.DeleteTopic(t.Context(), &sns.DeleteTopicInput{TopicArn: &topic})
	require.NoError(t, err)
	_, err = s.sns.GetTopicAttributes(t.Context(), &sns.GetTopicAttributesInput{TopicArn: &topic})
	requireRefused[*snstypes.NotFoundException](t, err, refusal{"NotFound", 404, "Topic does not exist"})
}

func TestEnvelopeTellsAllAboutTheMessage(t *testing.T) {
	for _, version := range []string{"1", "2"} {
		t.Run("signature version "+version, func(t *testing.T) {
			s := newStory(t)
			topic, queue := s.topic(attributes{"SignatureVersion": version}), s.queue(nil)
			s.subscribe(topic, queue, nil)
			published, err := s.sns.Publish(t.Context(), &sns.PublishInput{
				TopicArn: &topic, Message: aws.String("é <&>"), Subject: aws.String("About"),
				MessageAttributes: map[string]snstypes.MessageAttributeValue{
					"kind":  {DataType: aws.String("String"), StringValue: aws.String("order")},
					"total": {DataType: aws.String("Number"), StringValue: aws.String("12.5")},
					"bytes": {DataType: aws.String("Binary"), BinaryValue: expected.AllBytes()},
				},
			})
			require.NoError(t, err)

			message := s.receiveOne(queue)
			require.Empty(t, message.MessageAttributes)
			read := expected.ReadEnvelope(t, *message.Body)
			require.Equal(t, *published.MessageId, read.MessageId)
			require.Equal(t, topic, read.TopicArn)
			require.Equal(t, "About", read.Subject)
			require.Equal(t, "é <&>", read.Message)
			require.Contains(t, read.UnsubscribeURL, "Action=Unsubscribe")
			require.Equal(t, map[string]struct{ Type, Value string }{
				"kind":  {"String", "order"},
				"total": {"Number", "12.5"},
				"bytes": {"Binary", base64.StdEncoding.EncodeToString(expected.AllBytes())},
			}, read.MessageAttributes)
			require.Equal(t, version, read.SignatureVersion)
			expected.RequireSigned(t, read)
		})
	}
}

func TestRawMessageKeepsItsAttributes(t *testing.T) {
	s := newStory(t)
	topic, queue := s.topic(nil), s.queue(nil)
	s.subscribe(topic, queue, attributes{"RawMessageDelivery": "true"})
	_, err := s.sns.Publish(t.Context(), &sns.PublishInput{
		TopicArn: &topic, Message: aws.String("raw"), Subject: aws.String("lost"),
		MessageAttributes: map[string]snstypes.MessageAttributeValue{
			"kind":  {DataType: aws.String("String"), StringValue: aws.String("order")},
			"bytes": {DataType: aws.String("Binary"), BinaryValue: expected.AllBytes()},
		},
	})
	require.NoError(t, err)
	message := s.receiveOne(queue)
	require.Equal(t, "raw", *message.Body)
	require.Equal(t, map[string]types.MessageAttributeValue{
		"kind":  stringAttribute("order"),
		"bytes": {DataType: aws.String("Binary"), BinaryValue: expected.AllBytes()},
	}, message.MessageAttributes)
}

func TestQueuesGetWhatTheirFilterPoliciesWant(t *testing.T) {
	s := newStory(t)
	topic := s.topic(nil)
	byAttribute, byBody, all := s.queue(nil), s.queue(nil), s.queue(nil)
	s.subscribe(topic, byAttribute, attributes{
		"RawMessageDelivery": "true",
		"FilterPolicy":       `{"kind":["order",{"prefix":"re"}],"total":[{"numeric":[">=",10]}]}`,
	})
	s.subscribe(topic, byBody, attributes{
		"RawMessageDelivery": "true",
		"FilterPolicyScope":  "MessageBody",
		"FilterPolicy":       `{"user":{"tier":["gold"]},"total":[{"numeric":[">",5]}]}`,
	})
	s.subscribe(topic, all, attributes{"RawMessageDelivery": "true"})

	publish := func(body, kind, total string) {
		_, err := s.sns.Publish(t.Context(), &sns.PublishInput{
			TopicArn: &topic, Message: &body,
			MessageAttributes: map[string]snstypes.MessageAttributeValue{
				"kind":  {DataType: aws.String("String"), StringValue: &kind},
				"total": {DataType: aws.String("Number"), StringValue: &total},
			},
		})
		require.NoError(t, err)
	}
	publish(`{"user":{"tier":"gold"},"total":4}`, "order", "9.99")
	publish(`no JSON`, "return", "10")
	publish(`{"user":{"tier":"gold"},"total":6}`, "payment", "20")
	publish(`{"user":{"tier":"gold"},"total":7}`, "order", "20")

	require.Len(t, s.receive(all, 4), 4)
	require.ElementsMatch(t, []string{`no JSON`, `{"user":{"tier":"gold"},"total":7}`}, bodies(s.receive(byAttribute, 2)))
	require.ElementsMatch(t, []string{
		`{"user":{"tier":"gold"},"total":6}`, `{"user":{"tier":"gold"},"total":7}`,
	}, bodies(s.receive(byBody, 2)))
	s.empty(byAttribute)
	s.empty(byBody)
}

func TestBatchIsPublished(t *testing.T) {
	s := newStory(t)
	topic, queue := s.topic(nil), s.queue(nil)
	s.subscribe(topic, queue, attributes{"RawMessageDelivery": "true"})
	published, err := s.publishBatch(topic, "x", "y", "z")
	require.NoError(t, err)
	require.Empty(t, published.Failed)
	var ids []string
	for _, entry := range published.Successful {
		require.NotEmpty(t, *entry.MessageId)
		ids = append(ids, *entry.Id)
	}
	require.Equal(t, []string{"0", "1", "2"}, ids)
	require.ElementsMatch(t, []string{"x", "y", "z"}, bodies(s.receive(queue, 3)))
}

// Unlike SQS, SNS refuses all entries for one invalid entry.
func TestBadEntryRefusesThePublishedBatch(t *testing.T) {
	s := newStory(t)
	topic, queue := s.topic(nil), s.queue(nil)
	s.subscribe(topic, queue, nil)
	_, err := s.publishBatch(topic, "x", "", "z")
	requireRefused[*snstypes.InvalidParameterException](t, err, refusal{
		"InvalidParameter", 400, "Invalid parameter: Empty message",
	})
	s.empty(queue)
}

func TestFIFOTopicKeepsOrderAndDropsDuplicates(t *testing.T) {
	s := newStory(t)
	topic, queue := s.fifoTopic(nil), s.fifoQueue(nil)
	s.subscribe(topic, queue, attributes{"RawMessageDelivery": "true"})
	var first *sns.PublishOutput
	for number := range 5 {
		published := s.publishToGroup(topic, fmt.Sprint(number), fmt.Sprint("id-", number))
		if number == 0 {
			first = published
		}
	}
	again := s.publishToGroup(topic, "duplicate", "id-0")
	require.Equal(t, *first.MessageId, *again.MessageId)
	require.Equal(t, *first.SequenceNumber, *again.SequenceNumber)

	messages := s.receive(queue, 5)
	require.Equal(t, []string{"0", "1", "2", "3", "4"}, bodies(messages))
	require.Equal(t, "g", messages[0].Attributes["MessageGroupId"])
	require.Equal(t, "id-0", messages[0].Attributes["MessageDeduplicationId"])
	s.delete(queue, messages...)
	s.empty(queue)
}

func TestTopicMaySendOnlyToQueuesThatAllowIt(t *testing.T) {
	s := newStoryAt(t, "TOPIQ_ENFORCING_ENDPOINT", "123456789012")
	topic, allowing, closed := s.topic(nil), s.queue(nil), s.queue(nil)
	s.subscribe(topic, allowing, nil)
	s.subscribe(topic, closed, nil)
	_, err := s.sqs.SetQueueAttributes(t.Context(), setPolicy(closed, ""))
	require.NoError(t, err)
	s.publish(topic, "x")
	require.Equal(t, "x", expected.ReadEnvelope(t, *s.receiveOne(allowing).Body).Message)
	s.empty(closed)
}

func (s *story) publish(topic, text string) *sns.PublishOutput {
	s.Helper()
	published, err := s.sns.Publish(s.Context(), &sns.PublishInput{TopicArn: &topic, Message: &text})
	require.NoError(s, err)
	return published
}

func (s *story) publishToGroup(topic, text, deduplicationID string) *sns.PublishOutput {
	s.Helper()
	published, err := s.sns.Publish(s.Context(), &sns.PublishInput{
		TopicArn: &topic, Message: &text, MessageGroupId: aws.String("g"), MessageDeduplicationId: &deduplicationID,
	})
	require.NoError(s, err)
	return published
}

func (s *story) publishBatch(topic string, texts ...string) (*sns.PublishBatchOutput, error) {
	var entries []snstypes.PublishBatchRequestEntry
	for number, text := range texts {
		entries = append(entries, snstypes.PublishBatchRequestEntry{Id: aws.String(fmt.Sprint(number)), Message: &text})
	}
	return s.sns.PublishBatch(s.Context(), &sns.PublishBatchInput{TopicArn: &topic, PublishBatchRequestEntries: entries})
}

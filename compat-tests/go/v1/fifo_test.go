package v1

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/service/sqs"
	"github.com/stretchr/testify/require"
)

func TestGroupsKeepTheirOrder(t *testing.T) {
	s := newStory(t)
	queue := s.fifoQueue(attributes{"ContentBasedDeduplication": "true"})
	for number := range 6 {
		s.sendToGroup(queue, []string{"red", "blue"}[number%2], fmt.Sprint(number))
	}
	seen := map[string][]string{}
	for range 6 {
		message := s.receiveOne(queue)
		group := *message.Attributes["MessageGroupId"]
		seen[group] = append(seen[group], *message.Body)
		s.delete(queue, message)
	}
	require.Equal(t, map[string][]string{"red": {"0", "2", "4"}, "blue": {"1", "3", "5"}}, seen)
}

func TestDuplicateByItsIDIsDropped(t *testing.T) {
	s := newStory(t)
	queue := s.fifoQueue(nil)
	send := func(body string) *sqs.SendMessageOutput {
		sent, err := s.sqs.SendMessage(&sqs.SendMessageInput{
			QueueUrl: &queue, MessageBody: &body,
			MessageGroupId: aws.String("g"), MessageDeduplicationId: aws.String("order-1"),
		})
		require.NoError(t, err)
		return sent
	}
	original, duplicate := send("original"), send("another body")
	require.Equal(t, *original.MessageId, *duplicate.MessageId)
	require.Equal(t, *original.SequenceNumber, *duplicate.SequenceNumber)

	message := s.receiveOne(queue)
	require.Equal(t, "original", *message.Body)
	require.Equal(t, "order-1", *message.Attributes["MessageDeduplicationId"])
	require.Equal(t, *original.SequenceNumber, *message.Attributes["SequenceNumber"])
	s.delete(queue, message)
	require.Equal(t, *original.MessageId, *send("after its deletion").MessageId)
	s.empty(queue)
}

func TestDuplicateByItsContentIsDropped(t *testing.T) {
	s := newStory(t)
	queue := s.fifoQueue(attributes{"ContentBasedDeduplication": "true"})
	first, second, other := s.sendToGroup(queue, "g", "same"), s.sendToGroup(queue, "g", "same"), s.sendToGroup(queue, "g", "other")
	require.Equal(t, *first.MessageId, *second.MessageId)
	require.Equal(t, *first.SequenceNumber, *second.SequenceNumber)
	require.Greater(t, *other.SequenceNumber, *first.SequenceNumber)
	require.Equal(t, []string{"same", "other"}, bodies(s.receive(queue, 2)))
}

func (s *story) sendToGroup(queue, group, body string) *sqs.SendMessageOutput {
	s.Helper()
	sent, err := s.sqs.SendMessage(&sqs.SendMessageInput{QueueUrl: &queue, MessageBody: &body, MessageGroupId: &group})
	require.NoError(s, err)
	return sent
}

package v2

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
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
		group := message.Attributes["MessageGroupId"]
		seen[group] = append(seen[group], *message.Body)
		s.delete(queue, message)
	}
	require.Equal(t, map[string][]string{"red": {"0", "2", "4"}, "blue": {"1", "3", "5"}}, seen)
}

func TestGroupWaitsWhileOneOfItsMessagesIsInFlight(t *testing.T) {
	s := newStory(t)
	queue := s.fifoQueue(attributes{"ContentBasedDeduplication": "true"})
	s.sendToGroup(queue, "g", "first")
	s.sendToGroup(queue, "g", "second")
	first := s.receiveOne(queue)
	s.empty(queue)
	s.delete(queue, first)
	require.Equal(t, "second", *s.receiveOne(queue).Body)
}

func TestDuplicateByItsIDIsDropped(t *testing.T) {
	s := newStory(t)
	queue := s.fifoQueue(nil)
	send := func(body string) *sqs.SendMessageOutput {
		sent, err := s.sqs.SendMessage(t.Context(), &sqs.SendMessageInput{
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
	require.Equal(t, "order-1", message.Attributes["MessageDeduplicationId"])
	require.Equal(t, *original.SequenceNumber, message.Attributes["SequenceNumber"])
	s.delete(queue, message)
	require.Equal(t, *original.MessageId, *send("after its deletion").MessageId)
	s.empty(queue)
}

func TestDuplicateByItsContentIsDropped(t *testing.T) {
	s := newStory(t)
	queue := s.fifoQueue(attributes{"ContentBasedDeduplication": "true"})
	first, second, other := s.sendToGroup(queue, "g", "same"), s.sendToGroup(queue, "g", "same"), s.sendToGroup(queue, "g", "other")
	require.Equal(t, *first.MessageId, *second.MessageId)
	require.NotEqual(t, *first.MessageId, *other.MessageId)
	require.Greater(t, *other.SequenceNumber, *first.SequenceNumber)
	require.Equal(t, []string{"same", "other"}, bodies(s.receive(queue, 2)))
}

func TestRetriedReceiveBringsTheSameMessages(t *testing.T) {
	s := newStory(t)
	queue := s.fifoQueue(attributes{"ContentBasedDeduplication": "true"})
	s.sendToGroup(queue, "g", "x")
	attempt := func(input *sqs.ReceiveMessageInput) { input.ReceiveRequestAttemptId = aws.String("attempt-1") }
	first := s.look(queue, 1, attempt)
	again := s.look(queue, 1, attempt)
	require.Equal(t, []string{"x"}, bodies(first))
	require.Equal(t, bodies(first), bodies(again))
}

func TestBatchToAFIFOQueueIsOrdered(t *testing.T) {
	s := newStory(t)
	queue := s.fifoQueue(attributes{"ContentBasedDeduplication": "true"})
	var entries []types.SendMessageBatchRequestEntry
	var expected []string
	for number := range 10 {
		text := fmt.Sprintf("m%d", number)
		expected = append(expected, text)
		entries = append(entries, types.SendMessageBatchRequestEntry{Id: &text, MessageBody: &text, MessageGroupId: aws.String("g")})
	}
	sent, err := s.sqs.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: &queue, Entries: entries})
	require.NoError(t, err)
	require.Len(t, sent.Successful, 10)
	require.Equal(t, expected, bodies(s.receive(queue, 10)))
}

func (s *story) sendToGroup(queue, group, body string) *sqs.SendMessageOutput {
	s.Helper()
	sent, err := s.sqs.SendMessage(s.Context(), &sqs.SendMessageInput{
		QueueUrl: &queue, MessageBody: &body, MessageGroupId: &group,
	})
	require.NoError(s, err)
	return sent
}

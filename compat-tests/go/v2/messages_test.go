package v2

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"
)

func TestBatchIsSentChangedAndDeleted(t *testing.T) {
	s := newStory(t)
	queue := s.queue(nil)
	var entries []types.SendMessageBatchRequestEntry
	for _, id := range []string{"a", "b-1", "c_2"} {
		entries = append(entries, types.SendMessageBatchRequestEntry{
			Id: &id, MessageBody: aws.String("body " + id),
			MessageAttributes: map[string]types.MessageAttributeValue{"id": stringAttribute(id)},
		})
	}
	sent, err := s.sqs.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: &queue, Entries: entries})
	require.NoError(t, err)
	require.Empty(t, sent.Failed)
	require.Len(t, sent.Successful, 3)

	messages := s.receive(queue, 3)
	require.ElementsMatch(t, []string{"body a", "body b-1", "body c_2"}, bodies(messages))
	var changes []types.ChangeMessageVisibilityBatchRequestEntry
	var deletions []types.DeleteMessageBatchRequestEntry
	for _, message := range messages {
		changes = append(changes, types.ChangeMessageVisibilityBatchRequestEntry{
			Id: message.MessageId, ReceiptHandle: message.ReceiptHandle, VisibilityTimeout: 60,
		})
		deletions = append(deletions, types.DeleteMessageBatchRequestEntry{
			Id: message.MessageId, ReceiptHandle: message.ReceiptHandle,
		})
	}
	changed, err := s.sqs.ChangeMessageVisibilityBatch(t.Context(), &sqs.ChangeMessageVisibilityBatchInput{
		QueueUrl: &queue, Entries: changes,
	})
	require.NoError(t, err)
	require.Len(t, changed.Successful, 3)
	deleted, err := s.sqs.DeleteMessageBatch(t.Context(), &sqs.DeleteMessageBatchInput{
		QueueUrl: &queue, Entries: deletions,
	})
	require.NoError(t, err)
	require.Len(t, deleted.Successful, 3)
	require.Equal(t, "0", s.attribute(queue, types.QueueAttributeNameApproximateNumberOfMessagesNotVisible))
}

func TestBadEntriesOfABatchFailAlone(t *testing.T) {
	s := newStory(t)
	queue := s.queue(attributes{"MaximumMessageSize": "1024"})
	sent, err := s.sqs.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{
		QueueUrl: &queue,
		Entries: []types.SendMessageBatchRequestEntry{
			{Id: aws.String("good"), MessageBody: aws.String("x")},
			{Id: aws.String("long"), MessageBody: aws.String(strings.Repeat("x", 1025))},
			{Id: aws.String("control"), MessageBody: aws.String("\x00")},
			{Id: aws.String("late"), MessageBody: aws.String("x"), DelaySeconds: 901},
			{Id: aws.String("fine"), MessageBody: aws.String("y")},
		},
	})
	require.NoError(t, err)
	var accepted []string
	for _, entry := range sent.Successful {
		accepted = append(accepted, *entry.Id)
	}
	require.Equal(t, []string{"good", "fine"}, accepted)
	requireFailed(t, sent.Failed, map[string]string{
		"long": "InvalidParameterValue", "control": "InvalidMessageContents", "late": "InvalidParameterValue",
	})
	require.ElementsMatch(t, []string{"x", "y"}, bodies(s.receive(queue, 2)))
}

func TestBadReceiptHandlesFailAlone(t *testing.T) {
	s := newStory(t)
	queue := s.queue(nil)
	s.send(queue, "x")
	message := s.receiveOne(queue)
	changed, err := s.sqs.ChangeMessageVisibilityBatch(t.Context(), &sqs.ChangeMessageVisibilityBatchInput{
		QueueUrl: &queue,
		Entries: []types.ChangeMessageVisibilityBatchRequestEntry{
			{Id: aws.String("bad"), ReceiptHandle: aws.String("garbage"), VisibilityTimeout: 30},
			{Id: aws.String("good"), ReceiptHandle: message.ReceiptHandle, VisibilityTimeout: 30},
		},
	})
	require.NoError(t, err)
	require.Len(t, changed.Successful, 1)
	requireFailed(t, changed.Failed, map[string]string{"bad": "ReceiptHandleIsInvalid"})
	deleted, err := s.sqs.DeleteMessageBatch(t.Context(), &sqs.DeleteMessageBatchInput{
		QueueUrl: &queue,
		Entries: []types.DeleteMessageBatchRequestEntry{
			{Id: aws.String("bad"), ReceiptHandle: aws.String("garbage")},
			{Id: aws.String("good"), ReceiptHandle: message.ReceiptHandle},
		},
	})
	require.NoError(t, err)
	require.Equal(t, "good", *deleted.Successful[0].Id)
	requireFailed(t, deleted.Failed, map[string]string{"bad": "ReceiptHandleIsInvalid"})
}

// requireFailed expects these entries, and the codes of their failures, which are all the sender's.
func requireFailed(t *testing.T, failed []types.BatchResultErrorEntry, codes map[string]string) {
	t.Helper()
	seen := map[string]string{}
	for _, entry := range failed {
		require.True(t, entry.SenderFault)
		require.NotEmpty(t, *entry.Message)
		seen[*entry.Id] = *entry.Code
	}
	require.Equal(t, codes, seen)
}

func TestLongPollEndsWhenAMessageComes(t *testing.T) {
	s := newStory(t)
	queue := s.queue(nil)
	waiting := make(chan []types.Message)
	go func() {
		received, err := s.sqs.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &queue, WaitTimeSeconds: 20})
		if err != nil {
			t.Error(err)
			received = &sqs.ReceiveMessageOutput{}
		}
		waiting <- received.Messages
	}()
	select {
	case <-waiting:
		t.Fatal("it did not wait")
	case <-time.After(500 * time.Millisecond):
	}
	s.send(queue, "wake up")
	require.Equal(t, []string{"wake up"}, bodies(<-waiting))
}

func TestLongPollWithoutMessagesLastsItsTime(t *testing.T) {
	s := newStory(t)
	queue := s.queue(attributes{"ReceiveMessageWaitTimeSeconds": "1"})
	started := time.Now()
	received, err := s.sqs.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &queue})
	require.NoError(t, err)
	require.Empty(t, received.Messages)
	require.GreaterOrEqual(t, time.Since(started), 900*time.Millisecond, "the queue's own wait counts")
}

func TestMessageIsHiddenUntilItsTimeoutEnds(t *testing.T) {
	s := newStory(t)
	queue := s.queue(nil)
	s.send(queue, "x")
	first := s.receiveOne(queue, hiddenFor(600))
	require.Equal(t, 1, receiveCount(first))
	s.empty(queue)

	s.giveBack(queue, first)
	second := s.receiveOne(queue, hiddenFor(1))
	require.Equal(t, first.MessageId, second.MessageId)
	require.Equal(t, 2, receiveCount(second))
	require.NotEqual(t, first.ReceiptHandle, second.ReceiptHandle)
	require.Equal(t, first.Attributes["ApproximateFirstReceiveTimestamp"], second.Attributes["ApproximateFirstReceiveTimestamp"])

	third := s.receiveOne(queue) // when the second's second is over
	require.Equal(t, 3, receiveCount(third))
	s.delete(queue, third)
	s.empty(queue)
}

func TestDelayedMessageComesLater(t *testing.T) {
	s := newStory(t)
	queue := s.queue(nil)
	_, err := s.sqs.SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: &queue, MessageBody: aws.String("later"), DelaySeconds: 2,
	})
	require.NoError(t, err)
	require.Equal(t, "1", s.attribute(queue, types.QueueAttributeNameApproximateNumberOfMessagesDelayed))
	require.Equal(t, "later", *s.receiveOne(queue).Body)
}

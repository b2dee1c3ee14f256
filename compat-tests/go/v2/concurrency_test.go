package v2

import (
	"strconv"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"
)

func TestNoMessageIsLostOrComesTwiceAmongManyProducersAndConsumers(t *testing.T) {
	const workers, total, batch = 64, 10_000, 10
	s := newStory(t)
	queue := s.queue(attributes{"VisibilityTimeout": "600"})

	numbers := make(chan int)
	go func() {
		defer close(numbers)
		for number := range total / batch {
			numbers <- number * batch
		}
	}()
	var producers, consumers sync.WaitGroup
	for range workers {
		producers.Go(func() {
			for first := range numbers {
				s.sendNumbers(queue, first, batch)
			}
		})
	}
	var lock sync.Mutex
	seen := map[string]int{}
	consumed := 0
	for range workers {
		consumers.Go(func() {
			for {
				got := s.takeBatch(queue)
				lock.Lock()
				for _, body := range got {
					seen[body]++
				}
				consumed += len(got)
				done := consumed >= total || t.Failed()
				lock.Unlock()
				if done {
					return
				}
			}
		})
	}
	producers.Wait()
	consumers.Wait()
	require.Equal(t, total, consumed)
	require.Len(t, seen, total)
	s.empty(queue)
	require.Equal(t, "0", s.attribute(queue, types.QueueAttributeNameApproximateNumberOfMessagesNotVisible))
}

// sendNumbers sends messages first, first+1, … in one batch. Like takeBatch it may be called from any goroutine.
func (s *story) sendNumbers(queue string, first, count int) {
	var entries []types.SendMessageBatchRequestEntry
	for number := first; number < first+count; number++ {
		text := strconv.Itoa(number)
		entries = append(entries, types.SendMessageBatchRequestEntry{Id: &text, MessageBody: &text})
	}
	sent, err := s.sqs.SendMessageBatch(s.Context(), &sqs.SendMessageBatchInput{QueueUrl: &queue, Entries: entries})
	if err != nil || len(sent.Failed) > 0 {
		s.Error("a batch was not sent", err)
	}
}

// takeBatch receives and deletes up to ten messages, and returns their bodies.
func (s *story) takeBatch(queue string) []string {
	received, err := s.sqs.ReceiveMessage(s.Context(), &sqs.ReceiveMessageInput{
		QueueUrl: &queue, MaxNumberOfMessages: 10, WaitTimeSeconds: 1,
	})
	if err != nil {
		s.Error(err)
		return nil
	}
	if len(received.Messages) == 0 {
		return nil
	}
	var entries []types.DeleteMessageBatchRequestEntry
	for _, message := range received.Messages {
		entries = append(entries, types.DeleteMessageBatchRequestEntry{
			Id: message.MessageId, ReceiptHandle: message.ReceiptHandle,
		})
	}
	deleted, err := s.sqs.DeleteMessageBatch(s.Context(), &sqs.DeleteMessageBatchInput{
		QueueUrl: aws.String(queue), Entries: entries,
	})
	if err != nil || len(deleted.Failed) > 0 {
		s.Error("a batch was not deleted", err)
	}
	return bodies(received.Messages)
}

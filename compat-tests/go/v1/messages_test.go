package v1

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/request"
	"github.com/aws/aws-sdk-go/service/sqs"
	"github.com/stretchr/testify/require"

	"topiq.dev/compat-tests/go/expected"
)

func TestBatchIsSentChangedAndDeleted(t *testing.T) {
	s := newStory(t)
	queue := s.queue(nil)
	var entries []*sqs.SendMessageBatchRequestEntry
	for _, id := range []string{"a", "b-1", "c_2"} {
		entries = append(entries, &sqs.SendMessageBatchRequestEntry{
			Id: &id, MessageBody: aws.String("body " + id),
			MessageAttributes: map[string]*sqs.MessageAttributeValue{"id": stringAttribute(id)},
		})
	}
	sent, err := s.sqs.SendMessageBatch(&sqs.SendMessageBatchInput{QueueUrl: &queue, Entries: entries})
	require.NoError(t, err)
	require.Empty(t, sent.Failed)
	require.Len(t, sent.Successful, 3)

	var changes []*sqs.ChangeMessageVisibilityBatchRequestEntry
	var deletions []*sqs.DeleteMessageBatchRequestEntry
	for _, message := range s.receive(queue, 3) {
		changes = append(changes, &sqs.ChangeMessageVisibilityBatchRequestEntry{
			Id: message.MessageId, ReceiptHandle: message.ReceiptHandle, VisibilityTimeout: aws.Int64(60),
		})
		deletions = append(deletions, &sqs.DeleteMessageBatchRequestEntry{
			Id: message.MessageId, ReceiptHandle: message.ReceiptHandle,
		})
	}
	changed, err := s.sqs.ChangeMessageVisibilityBatch(&sqs.ChangeMessageVisibilityBatchInput{
		QueueUrl: &queue, Entries: changes,
	})
	require.NoError(t, err)
	require.Len(t, changed.Successful, 3)
	deleted, err := s.sqs.DeleteMessageBatch(&sqs.DeleteMessageBatchInput{QueueUrl: &queue, Entries: deletions})
	require.NoError(t, err)
	require.Len(t, deleted.Successful, 3)
	require.Equal(t, "0", s.attribute(queue, sqs.QueueAttributeNameApproximateNumberOfMessagesNotVisible))
}

func TestBadEntriesOfABatchFailAlone(t *testing.T) {
	s := newStory(t)
	queue := s.queue(attributes{"MaximumMessageSize": "1024"})
	late := entry("late", "x")
	late.DelaySeconds = aws.Int64(901)
	sent, err := s.sqs.SendMessageBatch(&sqs.SendMessageBatchInput{
		QueueUrl: &queue,
		Entries: []*sqs.SendMessageBatchRequestEntry{
			entry("good", "x"), entry("long", strings.Repeat("x", 1025)), entry("control", "\u0001"), late, entry("fine", "y"),
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
	deleted, err := s.sqs.DeleteMessageBatch(&sqs.DeleteMessageBatchInput{
		QueueUrl: &queue,
		Entries: []*sqs.DeleteMessageBatchRequestEntry{
			{Id: aws.String("bad"), ReceiptHandle: aws.String("garbage")},
			{Id: aws.String("good"), ReceiptHandle: message.ReceiptHandle},
		},
	})
	require.NoError(t, err)
	require.Equal(t, "good", *deleted.Successful[0].Id)
	requireFailed(t, deleted.Failed, map[string]string{"bad": "ReceiptHandleIsInvalid"})
}

// requireFailed expects these entries, and the codes of their failures, which are all the sender's.
func requireFailed(t *testing.T, failed []*sqs.BatchResultErrorEntry, codes map[string]string) {
	t.Helper()
	seen := map[string]string{}
	for _, entry := range failed {
		require.True(t, *entry.SenderFault)
		require.NotEmpty(t, *entry.Message)
		seen[*entry.Id] = *entry.Code
	}
	require.Equal(t, codes, seen)
}

func TestLongPollEndsWhenAMessageComes(t *testing.T) {
	s := newStory(t)
	queue := s.queue(nil)
	waiting := make(chan []*sqs.Message)
	go func() {
		received, err := s.sqs.ReceiveMessage(&sqs.ReceiveMessageInput{QueueUrl: &queue, WaitTimeSeconds: aws.Int64(20)})
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

func TestMessageIsHiddenUntilItsTimeoutEnds(t *testing.T) {
	s := newStory(t)
	queue := s.queue(nil)
	s.send(queue, "x")
	first := s.receiveOne(queue, hiddenFor(600))
	s.empty(queue)
	_, err := s.sqs.ChangeMessageVisibility(&sqs.ChangeMessageVisibilityInput{
		QueueUrl: &queue, ReceiptHandle: first.ReceiptHandle, VisibilityTimeout: aws.Int64(0),
	})
	require.NoError(t, err)
	second := s.receiveOne(queue, hiddenFor(1))
	third := s.receiveOne(queue) // when the second's second is over
	for number, message := range []*sqs.Message{first, second, third} {
		require.Equal(t, *first.MessageId, *message.MessageId)
		require.Equal(t, fmt.Sprint(number+1), *message.Attributes["ApproximateReceiveCount"])
	}
	s.delete(queue, third)
	s.empty(queue)
}

func TestDelayedMessageComesLater(t *testing.T) {
	s := newStory(t)
	queue := s.queue(nil)
	_, err := s.sqs.SendMessage(&sqs.SendMessageInput{
		QueueUrl: &queue, MessageBody: aws.String("later"), DelaySeconds: aws.Int64(2),
	})
	require.NoError(t, err)
	require.Equal(t, "1", s.attribute(queue, sqs.QueueAttributeNameApproximateNumberOfMessagesDelayed))
	require.Equal(t, "later", *s.receiveOne(queue).Body)
}

func TestAttributesComeBackWithTheirDigests(t *testing.T) {
	s := newStory(t)
	queue := s.queue(nil)
	given := map[string]*sqs.MessageAttributeValue{
		"text":    stringAttribute("é€😀 <&> \"quoted\""),
		"number":  {DataType: aws.String("Number"), StringValue: aws.String("-12.50")},
		"bytes":   {DataType: aws.String("Binary"), BinaryValue: expected.AllBytes()},
		"Custom":  {DataType: aws.String("String.my type"), StringValue: aws.String("x")},
		"picture": {DataType: aws.String("Binary.png"), BinaryValue: []byte{0}},
	}
	const trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
	sent, err := s.sqs.SendMessage(&sqs.SendMessageInput{
		QueueUrl: &queue, MessageBody: aws.String("body"), MessageAttributes: given,
		MessageSystemAttributes: map[string]*sqs.MessageSystemAttributeValue{
			"AWSTraceHeader": {DataType: aws.String("String"), StringValue: aws.String(trace)},
		},
	})
	require.NoError(t, err)
	require.Equal(t, digestOf(given), *sent.MD5OfMessageAttributes)
	system := map[string]*sqs.MessageAttributeValue{"AWSTraceHeader": stringAttribute(trace)}
	require.Equal(t, digestOf(system), *sent.MD5OfMessageSystemAttributes)

	message := s.receiveOne(queue)
	require.Equal(t, given, message.MessageAttributes)
	require.Equal(t, trace, *message.Attributes["AWSTraceHeader"])
}

func TestOnlyTheAttributesAskedForCome(t *testing.T) {
	s := newStory(t)
	queue := s.queue(nil)
	_, err := s.sqs.SendMessage(&sqs.SendMessageInput{
		QueueUrl: &queue, MessageBody: aws.String("body"),
		MessageAttributes: map[string]*sqs.MessageAttributeValue{
			"order.id": stringAttribute("1"), "order.total": stringAttribute("2"), "user": stringAttribute("3"),
		},
	})
	require.NoError(t, err)
	for asked, names := range map[string][]string{
		"order.*": {"order.id", "order.total"}, "user": {"user"}, "missing": nil,
	} {
		message := s.receiveOne(queue, failing, func(input *sqs.ReceiveMessageInput) {
			input.MessageAttributeNames = []*string{&asked}
		})
		require.Equal(t, names, slices.Sorted(maps.Keys(message.MessageAttributes)), asked)
	}
}

// The SDK compares bodies with their digests in every story, since nothing switches that off.
func TestSDKNoticesABodyThatIsNotWhatWasSent(t *testing.T) {
	s := newStory(t)
	queue := s.queue(nil)
	send, _ := s.sqs.SendMessageRequest(&sqs.SendMessageInput{QueueUrl: &queue, MessageBody: aws.String("original")})
	send.Handlers.Build.PushBack(func(built *request.Request) {
		built.SetStringBody(url.Values{
			"Action": {"SendMessage"}, "Version": {"2012-11-05"}, "QueueUrl": {queue}, "MessageBody": {"forged"},
		}.Encode())
	})
	require.ErrorContains(t, send.Send(), "InvalidChecksum")
}

func entry(id, body string) *sqs.SendMessageBatchRequestEntry {
	return &sqs.SendMessageBatchRequestEntry{Id: &id, MessageBody: &body}
}

package v1

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/awserr"
	"github.com/aws/aws-sdk-go/aws/credentials"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/aws/aws-sdk-go/service/sns"
	"github.com/aws/aws-sdk-go/service/sqs"
	"github.com/stretchr/testify/require"

	"topiq.dev/compat-tests/go/expected"
)

const (
	region   = "us-east-1"
	patience = 30 * time.Second
)

// story is the base of every test: clients of one account, and queues and topics that are deleted after the test.
type story struct {
	*testing.T
	sqs *sqs.SQS
	sns *sns.SNS
}

// newStory begins a test, at the server with default settings.
func newStory(t *testing.T) *story {
	return newStoryAt(t, "TOPIQ_ENDPOINT", "123456789012")
}

// newStrictStory begins a test at the server that keeps AWS's 60-second waits.
func newStrictStory(t *testing.T) *story {
	return newStoryAt(t, "TOPIQ_STRICT_ENDPOINT", "123456789012")
}

// newStoryOfItsOwn begins a test in an account that nobody else uses; topiq takes it from the access key.
func newStoryOfItsOwn(t *testing.T) *story {
	return newStoryAt(t, "TOPIQ_ENDPOINT", fmt.Sprintf("%012d", rand.Int64N(1e12)))
}

func newStoryAt(t *testing.T, endpoint, account string) *story {
	t.Parallel()
	opened, err := session.NewSession(&aws.Config{
		Region:      aws.String(region),
		Endpoint:    aws.String(endpointOf(t, endpoint)),
		Credentials: credentials.NewStaticCredentials(account, "anything", ""),
		HTTPClient:  &http.Client{}, // the SDK would change the one of all, for AWS_CA_BUNDLE
		MaxRetries:  aws.Int(0),     // a failure hidden by a retry is still a failure
	})
	require.NoError(t, err)
	return &story{T: t, sqs: sqs.New(opened), sns: sns.New(opened)}
}

func endpointOf(t *testing.T, variable string) string {
	endpoint := os.Getenv(variable)
	require.NotEmpty(t, endpoint, "name an endpoint: %s=http://…", variable)
	return endpoint
}

// attributes are set when a queue, topic or subscription is created.
type attributes = map[string]string

func newName() string {
	return fmt.Sprintf("compat-%016x", rand.Uint64())
}

func (s *story) queue(with attributes) string {
	s.Helper()
	return s.queueNamed(newName(), with)
}

func (s *story) fifoQueue(with attributes) string {
	s.Helper()
	return s.queueNamed(newName()+".fifo", and(with, "FifoQueue", "true"))
}

func (s *story) queueNamed(name string, with attributes) string {
	s.Helper()
	created, err := s.sqs.CreateQueue(&sqs.CreateQueueInput{QueueName: &name, Attributes: aws.StringMap(with)})
	require.NoError(s, err)
	s.Cleanup(func() {
		_, err := s.sqs.DeleteQueue(&sqs.DeleteQueueInput{QueueUrl: created.QueueUrl})
		var refused awserr.Error
		if err != nil && !(errors.As(err, &refused) && refused.Code() == sqs.ErrCodeQueueDoesNotExist) {
			s.Error(err)
		}
	})
	return *created.QueueUrl
}

// deadLetterPair creates a queue and its dead-letter queue.
func (s *story) deadLetterPair(maxReceiveCount int) (source, deadLetters string) {
	s.Helper()
	deadLetters = s.queue(nil)
	source = s.queue(attributes{"RedrivePolicy": s.redriveTo(deadLetters, maxReceiveCount)})
	return source, deadLetters
}

func (s *story) redriveTo(deadLetters string, maxReceiveCount int) string {
	s.Helper()
	return toJSON(s, map[string]any{"deadLetterTargetArn": s.arn(deadLetters), "maxReceiveCount": maxReceiveCount})
}

func (s *story) topic(with attributes) string {
	s.Helper()
	return s.topicNamed(newName(), with)
}

func (s *story) fifoTopic(with attributes) string {
	s.Helper()
	return s.topicNamed(newName()+".fifo", and(with, "FifoTopic", "true"))
}

func (s *story) topicNamed(name string, with attributes) string {
	s.Helper()
	created, err := s.sns.CreateTopic(&sns.CreateTopicInput{Name: &name, Attributes: aws.StringMap(with)})
	require.NoError(s, err)
	s.Cleanup(func() {
		if _, err := s.sns.DeleteTopic(&sns.DeleteTopicInput{TopicArn: created.TopicArn}); err != nil {
			s.Error(err)
		}
	})
	return *created.TopicArn
}

// subscribe lets a topic send to a queue, subscribes the queue, and returns the subscription's ARN.
func (s *story) subscribe(topic, queue string, with attributes) string {
	s.Helper()
	arn := s.arn(queue)
	require.NoError(s, s.setAttribute(queue, "Policy", toJSON(s, map[string]any{
		"Version": "2012-10-17",
		"Statement": map[string]any{
			"Effect":    "Allow",
			"Principal": map[string]string{"Service": "sns.amazonaws.com"},
			"Action":    "sqs:SendMessage",
			"Resource":  arn,
			"Condition": map[string]any{"ArnEquals": map[string]string{"aws:SourceArn": topic}},
		},
	})))
	subscribed, err := s.sns.Subscribe(&sns.SubscribeInput{
		TopicArn: &topic, Protocol: aws.String("sqs"), Endpoint: &arn,
		Attributes: aws.StringMap(with), ReturnSubscriptionArn: aws.Bool(true),
	})
	require.NoError(s, err)
	return *subscribed.SubscriptionArn
}

func (s *story) arn(queue string) string {
	s.Helper()
	return s.attribute(queue, sqs.QueueAttributeNameQueueArn)
}

func (s *story) attribute(queue, name string) string {
	s.Helper()
	shown, err := s.sqs.GetQueueAttributes(&sqs.GetQueueAttributesInput{
		QueueUrl: &queue, AttributeNames: aws.StringSlice([]string{name}),
	})
	require.NoError(s, err)
	return aws.StringValue(shown.Attributes[name])
}

func (s *story) setAttribute(queue, name, value string) error {
	_, err := s.sqs.SetQueueAttributes(&sqs.SetQueueAttributesInput{
		QueueUrl: &queue, Attributes: aws.StringMap(attributes{name: value}),
	})
	return err
}

func (s *story) send(queue string, bodies ...string) {
	s.Helper()
	for _, body := range bodies {
		_, err := s.sqs.SendMessage(&sqs.SendMessageInput{QueueUrl: &queue, MessageBody: &body})
		require.NoError(s, err)
	}
}

// look receives up to ten messages with all their attributes, after waiting at most so many seconds.
func (s *story) look(queue string, wait int64, options ...func(*sqs.ReceiveMessageInput)) []*sqs.Message {
	s.Helper()
	input := &sqs.ReceiveMessageInput{
		QueueUrl:              &queue,
		MaxNumberOfMessages:   aws.Int64(10),
		WaitTimeSeconds:       &wait,
		AttributeNames:        aws.StringSlice([]string{"All"}),
		MessageAttributeNames: aws.StringSlice([]string{"All"}),
	}
	for _, option := range options {
		option(input)
	}
	received, err := s.sqs.ReceiveMessage(input)
	require.NoError(s, err)
	for _, message := range received.Messages {
		require.Equal(s, digestOf(message.MessageAttributes), aws.StringValue(message.MD5OfMessageAttributes))
	}
	return received.Messages
}

// receive waits until so many messages have come, and returns them in the order in which they did.
func (s *story) receive(queue string, count int, options ...func(*sqs.ReceiveMessageInput)) []*sqs.Message {
	s.Helper()
	var messages []*sqs.Message
	for deadline := time.Now().Add(patience); len(messages) < count; {
		require.True(s, time.Now().Before(deadline), "%d of %d messages came", len(messages), count)
		messages = append(messages, s.look(queue, 1, options...)...)
	}
	require.Len(s, messages, count)
	return messages
}

func (s *story) receiveOne(queue string, options ...func(*sqs.ReceiveMessageInput)) *sqs.Message {
	s.Helper()
	return s.receive(queue, 1, append(options, oneMessage)...)[0]
}

func (s *story) delete(queue string, messages ...*sqs.Message) {
	s.Helper()
	for _, message := range messages {
		_, err := s.sqs.DeleteMessage(&sqs.DeleteMessageInput{QueueUrl: &queue, ReceiptHandle: message.ReceiptHandle})
		require.NoError(s, err)
	}
}

// empty makes sure that nothing can be received.
func (s *story) empty(queue string) {
	s.Helper()
	require.Empty(s, bodies(s.look(queue, 0)))
}

func (s *story) eventually(what string, isSo func() bool) {
	s.Helper()
	for deadline := time.Now().Add(patience); !isSo(); time.Sleep(50 * time.Millisecond) {
		require.True(s, time.Now().Before(deadline), "not in time: %s", what)
	}
}

func oneMessage(input *sqs.ReceiveMessageInput) { input.MaxNumberOfMessages = aws.Int64(1) }

// failing receives as a consumer that gives up at once: the messages stay visible.
func failing(input *sqs.ReceiveMessageInput) { input.VisibilityTimeout = aws.Int64(0) }

func hiddenFor(seconds int64) func(*sqs.ReceiveMessageInput) {
	return func(input *sqs.ReceiveMessageInput) { input.VisibilityTimeout = &seconds }
}

func bodies(messages []*sqs.Message) []string {
	texts := make([]string, 0, len(messages))
	for _, message := range messages {
		texts = append(texts, *message.Body)
	}
	return texts
}

func digestOf(given map[string]*sqs.MessageAttributeValue) string {
	read := map[string]expected.Attribute{}
	for name, value := range given {
		attribute := expected.Attribute{DataType: *value.DataType, Value: value.BinaryValue}
		if value.StringValue != nil {
			attribute.Value = []byte(*value.StringValue)
		}
		read[name] = attribute
	}
	return expected.DigestOf(read)
}

func stringAttribute(text string) *sqs.MessageAttributeValue {
	return &sqs.MessageAttributeValue{DataType: aws.String("String"), StringValue: &text}
}

func nameOf(queue string) string {
	return queue[strings.LastIndex(queue, "/")+1:]
}

func and(given attributes, name, value string) attributes {
	all := attributes{name: value}
	for name, value := range given {
		all[name] = value
	}
	return all
}

func toJSON(t testing.TB, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	return string(text)
}

// refusal is what a caller sees of an error; an empty message stands for any.
type refusal struct {
	code    string
	status  int
	message string
}

// requireRefused expects an error with AWS's code, status and text. The SDK has no types for Query's errors, only
// codes.
func requireRefused(t testing.TB, err error, expected refusal) {
	t.Helper()
	var failure awserr.RequestFailure
	require.ErrorAs(t, err, &failure)
	require.NotEmpty(t, failure.RequestID())
	seen := refusal{failure.Code(), failure.StatusCode(), failure.Message()}
	if expected.message == "" {
		seen.message = ""
	}
	require.Equal(t, expected, seen)
}

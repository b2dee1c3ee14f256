package v2

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/schemas"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"
)

const (
	region   = "us-east-1"
	patience = 30 * time.Second
)

// story is the base of every test: clients of one account, and queues and topics that are deleted after the test.
type story struct {
	*testing.T
	sqs     *sqs.Client
	sns     *sns.Client
	events  *eventbridge.Client
	schemas *schemas.Client
	logs    *cloudwatchlogs.Client
	kinesis *kinesis.Client
}

// newStory begins a test, at the server with default settings.
func newStory(t *testing.T) *story {
	return newStoryAt(t, "TOPIQ_ENDPOINT", "123456789012")
}

// newStrictStory begins a test at the server that keeps AWS's 60-second waits.
func newStrictStory(t *testing.T) *story {
	return newStoryAt(t, "TOPIQ_STRICT_ENDPOINT", "123456789012")
}

// newStoryOfItsOwn begins a test in an account that no other test uses; topiq takes it from the access key.
func newStoryOfItsOwn(t *testing.T) *story {
	return newStoryAt(t, "TOPIQ_ENDPOINT", fmt.Sprintf("%012d", rand.Int64N(1e12)))
}

func newStoryAt(t *testing.T, endpoint, account string) *story {
	t.Parallel()
	cfg, err := config.LoadDefaultConfig(t.Context(),
		config.WithRegion(region),
		config.WithBaseEndpoint(endpointOf(t, endpoint)),
		config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(account, "anything", "")),
		config.WithRetryMaxAttempts(1), // a failure hidden by a retry is still a failure
	)
	require.NoError(t, err)
	cfg.HTTPClient = inMemory{awshttp.NewBuildableClient()}
	return &story{
		T:       t,
		sqs:     sqs.NewFromConfig(cfg),
		sns:     sns.NewFromConfig(cfg),
		events:  eventbridge.NewFromConfig(cfg),
		schemas: schemas.NewFromConfig(cfg),
		logs:    cloudwatchlogs.NewFromConfig(cfg),
		kinesis: kinesis.NewFromConfig(cfg),
	}
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
	created, err := s.sqs.CreateQueue(s.Context(), &sqs.CreateQueueInput{QueueName: &name, Attributes: with})
	require.NoError(s, err)
	s.Cleanup(func() {
		_, err := s.sqs.DeleteQueue(context.Background(), &sqs.DeleteQueueInput{QueueUrl: created.QueueUrl})
		var deletedByTheTest *types.QueueDoesNotExist
		if err != nil && !errors.As(err, &deletedByTheTest) {
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
	created, err := s.sns.CreateTopic(s.Context(), &sns.CreateTopicInput{Name: &name, Attributes: with})
	require.NoError(s, err)
	s.Cleanup(func() {
		_, err := s.sns.DeleteTopic(context.Background(), &sns.DeleteTopicInput{TopicArn: created.TopicArn})
		if err != nil {
			s.Error(err)
		}
	})
	return *created.TopicArn
}

// subscribe lets a topic send to a queue, subscribes the queue, and returns the subscription's ARN.
func (s *story) subscribe(topic, queue string, with attributes) string {
	s.Helper()
	arn := s.arn(queue)
	_, err := s.sqs.SetQueueAttributes(s.Context(), setPolicy(queue, toJSON(s, map[string]any{
		"Version": "2012-10-17",
		"Statement": map[string]any{
			"Effect":    "Allow",
			"Principal": map[string]string{"Service": "sns.amazonaws.com"},
			"Action":    "sqs:SendMessage",
			"Resource":  arn,
			"Condition": map[string]any{"ArnEquals": map[string]string{"aws:SourceArn": topic}},
		},
	})))
	require.NoError(s, err)
	subscribed, err := s.sns.Subscribe(s.Context(), &sns.SubscribeInput{
		TopicArn: &topic, Protocol: aws.String("sqs"), Endpoint: &arn, Attributes: with, ReturnSubscriptionArn: true,
	})
	require.NoError(s, err)
	return *subscribed.SubscriptionArn
}

func setPolicy(queue, policy string) *sqs.SetQueueAttributesInput {
	return &sqs.SetQueueAttributesInput{QueueUrl: &queue, Attributes: attributes{"Policy": policy}}
}

func (s *story) arn(queue string) string {
	s.Helper()
	return s.attribute(queue, types.QueueAttributeNameQueueArn)
}

func (s *story) attribute(queue string, name types.QueueAttributeName) string {
	s.Helper()
	shown, err := s.sqs.GetQueueAttributes(s.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: &queue, AttributeNames: []types.QueueAttributeName{name},
	})
	require.NoError(s, err)
	return shown.Attributes[string(name)]
}

func (s *story) send(queue string, bodies ...string) {
	s.Helper()
	for _, body := range bodies {
		_, err := s.sqs.SendMessage(s.Context(), &sqs.SendMessageInput{QueueUrl: &queue, MessageBody: &body})
		require.NoError(s, err)
	}
}

// look receives up to ten messages with all their attributes, after waiting at most so many seconds.
func (s *story) look(queue string, wait int32, options ...func(*sqs.ReceiveMessageInput)) []types.Message {
	s.Helper()
	input := &sqs.ReceiveMessageInput{
		QueueUrl:                    &queue,
		MaxNumberOfMessages:         10,
		WaitTimeSeconds:             wait,
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"},
		MessageAttributeNames:       []string{"All"},
	}
	for _, option := range options {
		option(input)
	}
	received, err := s.sqs.ReceiveMessage(s.Context(), input)
	require.NoError(s, err)
	for _, message := range received.Messages {
		require.Equal(s, digestOf(message.MessageAttributes), aws.ToString(message.MD5OfMessageAttributes))
	}
	return received.Messages
}

// receive waits until so many messages have come, and returns them in the order in which they did.
func (s *story) receive(queue string, count int, options ...func(*sqs.ReceiveMessageInput)) []types.Message {
	s.Helper()
	var messages []types.Message
	for deadline := time.Now().Add(patience); len(messages) < count; {
		require.True(s, time.Now().Before(deadline), "%d of %d messages came", len(messages), count)
		messages = append(messages, s.look(queue, 1, options...)...)
	}
	require.Len(s, messages, count)
	return messages
}

func (s *story) receiveOne(queue string, options ...func(*sqs.ReceiveMessageInput)) types.Message {
	s.Helper()
	return s.receive(queue, 1, append(options, oneMessage)...)[0]
}

func (s *story) delete(queue string, messages ...types.Message) {
	s.Helper()
	for _, message := range messages {
		_, err := s.sqs.DeleteMessage(s.Context(), &sqs.DeleteMessageInput{
			QueueUrl: &queue, ReceiptHandle: message.ReceiptHandle,
		})
		require.NoError(s, err)
	}
}

// fail receives a message as a consumer that gives up at once: the message is visible again.
func (s *story) fail(queue string, options ...func(*sqs.ReceiveMessageInput)) types.Message {
	s.Helper()
	message := s.receiveOne(queue, options...)
	s.giveBack(queue, message)
	return message
}

// giveBack does what a VisibilityTimeout of 0 in the receive would do, which this SDK does not send.
func (s *story) giveBack(queue string, message types.Message) {
	s.Helper()
	_, err := s.sqs.ChangeMessageVisibility(s.Context(), &sqs.ChangeMessageVisibilityInput{
		QueueUrl: &queue, ReceiptHandle: message.ReceiptHandle, VisibilityTimeout: 0,
	})
	require.NoError(s, err)
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

func oneMessage(input *sqs.ReceiveMessageInput) { input.MaxNumberOfMessages = 1 }

func hiddenFor(seconds int32) func(*sqs.ReceiveMessageInput) {
	return func(input *sqs.ReceiveMessageInput) { input.VisibilityTimeout = seconds }
}

func bodies(messages []types.Message) []string {
	texts := make([]string, 0, len(messages))
	for _, message := range messages {
		texts = append(texts, *message.Body)
	}
	return texts
}

func receiveCount(message types.Message) int {
	count, _ := strconv.Atoi(message.Attributes["ApproximateReceiveCount"])
	return count
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

// refusal is an error as the caller sees it; an empty message stands for any.
type refusal struct {
	code    string
	status  int
	message string
}

// requireRefused expects the SDK's own type for an error, with AWS's code, status and text.
func requireRefused[Typed error](t testing.TB, err error, expected refusal) {
	t.Helper()
	var typed Typed
	require.ErrorAs(t, err, &typed)
	requireCode(t, err, expected)
}

// requireCode expects an error of AWS's that the SDK may have no type for.
func requireCode(t testing.TB, err error, expected refusal) {
	t.Helper()
	var api smithy.APIError
	require.ErrorAs(t, err, &api)
	var response *awshttp.ResponseError
	require.ErrorAs(t, err, &response)
	require.NotEmpty(t, response.ServiceRequestID())
	seen := refusal{api.ErrorCode(), response.HTTPStatusCode(), api.ErrorMessage()}
	if expected.message == "" {
		seen.message = ""
	}
	require.Equal(t, expected, seen)
}

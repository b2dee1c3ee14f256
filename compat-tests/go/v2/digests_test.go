package v2

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"

	"topiq.dev/compat-tests/go/expected"
)

// The SDK checks the digests of sent and received bodies in every story here, since that cannot be switched off. It
// checks no digest of attributes; the stories do, by digestOf.

func digestOf(given map[string]types.MessageAttributeValue) string {
	attributes := map[string]expected.Attribute{}
	for name, value := range given {
		attribute := expected.Attribute{DataType: *value.DataType, Value: value.BinaryValue}
		if value.StringValue != nil {
			attribute.Value = []byte(*value.StringValue)
		}
		attributes[name] = attribute
	}
	return expected.DigestOf(attributes)
}

func TestAttributesComeBackWithTheirDigests(t *testing.T) {
	s := newStory(t)
	queue := s.queue(nil)
	given := map[string]types.MessageAttributeValue{
		"text":    stringAttribute("é€😀 <&> \"quoted\""),
		"number":  {DataType: aws.String("Number"), StringValue: aws.String("-12.50")},
		"bytes":   {DataType: aws.String("Binary"), BinaryValue: expected.AllBytes()},
		"Custom":  {DataType: aws.String("String.my type"), StringValue: aws.String("x")},
		"integer": {DataType: aws.String("Number.int"), StringValue: aws.String("7")},
		"picture": {DataType: aws.String("Binary.png"), BinaryValue: []byte{0}},
	}
	sent, err := s.sqs.SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: &queue, MessageBody: aws.String("body"), MessageAttributes: given,
	})
	require.NoError(t, err)
	require.Equal(t, digestOf(given), *sent.MD5OfMessageAttributes)

	message := s.receiveOne(queue)
	require.Equal(t, given, message.MessageAttributes)
	require.Equal(t, *sent.MD5OfMessageAttributes, *message.MD5OfMessageAttributes)
}

func TestOnlyTheAttributesAskedForCome(t *testing.T) {
	s := newStory(t)
	queue := s.queue(nil)
	_, err := s.sqs.SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: &queue, MessageBody: aws.String("body"),
		MessageAttributes: map[string]types.MessageAttributeValue{
			"order.id": stringAttribute("1"), "order.total": stringAttribute("2"), "user": stringAttribute("3"),
		},
	})
	require.NoError(t, err)
	for asked, names := range map[string][]string{
		"order.*": {"order.id", "order.total"}, "user": {"user"}, "missing": nil,
	} {
		message := s.fail(queue, func(input *sqs.ReceiveMessageInput) {
			input.MessageAttributeNames = []string{asked}
		})
		require.Equal(t, names, slices.Sorted(maps.Keys(message.MessageAttributes)), asked)
	}
}

func TestTraceHeaderIsASystemAttribute(t *testing.T) {
	s := newStory(t)
	queue := s.queue(nil)
	const trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
	header := types.MessageSystemAttributeValue{DataType: aws.String("String"), StringValue: aws.String(trace)}
	sent, err := s.sqs.SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: &queue, MessageBody: aws.String("body"),
		MessageSystemAttributes: map[string]types.MessageSystemAttributeValue{"AWSTraceHeader": header},
	})
	require.NoError(t, err)
	same := map[string]types.MessageAttributeValue{"AWSTraceHeader": stringAttribute(trace)}
	require.Equal(t, digestOf(same), *sent.MD5OfMessageSystemAttributes)
	require.Nil(t, sent.MD5OfMessageAttributes)

	message := s.receiveOne(queue)
	require.Equal(t, trace, message.Attributes["AWSTraceHeader"])
	require.Empty(t, message.MessageAttributes)
}

func TestSDKNoticesABodyThatIsNotWhatWasSent(t *testing.T) {
	s := newStory(t)
	queue := s.queue(nil)
	s.send(queue, "original")
	through := func(options *sqs.Options) { options.HTTPClient = forger{} }
	_, err := s.sqs.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &queue}, through)
	require.ErrorContains(t, err, "checksum")
	_, err = s.sqs.SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: &queue, MessageBody: aws.String("original"),
	}, through)
	require.ErrorContains(t, err, "checksum")
}

// forger changes a message on its way, in both directions.
type forger struct{}

func (forger) Do(request *http.Request) (*http.Response, error) {
	if err := forge(&request.Body, &request.ContentLength); err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	return response, forge(&response.Body, &response.ContentLength)
}

func forge(body *io.ReadCloser, length *int64) error {
	text, err := io.ReadAll(*body)
	if err != nil {
		return err
	}
	text = bytes.ReplaceAll(text, []byte("original"), []byte("forged!!"))
	*body, *length = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	return nil
}

func stringAttribute(text string) types.MessageAttributeValue {
	return types.MessageAttributeValue{DataType: aws.String("String"), StringValue: &text}
}

package v2

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"
)

// The SDK compares the digests of bodies with what it sent and received in every story here, since nothing switches that
// off. It looks at no digest of attributes; the stories do, by digestOf.

// digestOf is SQS's digest of message attributes, sorted by name: name, type and value, each after its length.
func digestOf(given map[string]types.MessageAttributeValue) string {
	if len(given) == 0 {
		return ""
	}
	var text []byte
	add := func(part []byte) {
		text = append(binary.BigEndian.AppendUint32(text, uint32(len(part))), part...)
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		value := given[name]
		add([]byte(name))
		add([]byte(*value.DataType))
		if strings.HasPrefix(*value.DataType, "Binary") {
			text = append(text, 2)
			add(value.BinaryValue)
		} else {
			text = append(text, 1)
			add([]byte(*value.StringValue))
		}
	}
	sum := md5.Sum(text)
	return hex.EncodeToString(sum[:])
}

func TestAttributesComeBackWithTheirDigests(t *testing.T) {
	s := newStory(t)
	queue := s.queue(nil)
	given := map[string]types.MessageAttributeValue{
		"text":    stringAttribute("é€😀 <&> \"quoted\""),
		"number":  {DataType: aws.String("Number"), StringValue: aws.String("-12.50")},
		"bytes":   {DataType: aws.String("Binary"), BinaryValue: allBytes()},
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
	for asked, expected := range map[string][]string{
		"order.*": {"order.id", "order.total"}, "user": {"user"}, "missing": nil,
	} {
		message := s.fail(queue, func(input *sqs.ReceiveMessageInput) {
			input.MessageAttributeNames = []string{asked}
		})
		require.Equal(t, expected, slices.Sorted(maps.Keys(message.MessageAttributes)), asked)
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

func allBytes() []byte {
	all := make([]byte, 256)
	for value := range all {
		all[value] = byte(value)
	}
	return all
}

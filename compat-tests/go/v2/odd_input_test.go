package v2

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"

	"topiq.dev/compat-tests/go/expected"
)

func TestOddTextComesBackAsItWasSent(t *testing.T) {
	for name, text := range expected.OddTexts {
		t.Run(name, func(t *testing.T) {
			s := newStory(t)
			queue := s.queue(nil)
			same := map[string]types.MessageAttributeValue{"same": stringAttribute(text)}
			_, err := s.sqs.SendMessage(t.Context(), &sqs.SendMessageInput{
				QueueUrl: &queue, MessageBody: &text, MessageAttributes: same,
			})
			require.NoError(t, err)
			message := s.receiveOne(queue)
			require.Equal(t, text, *message.Body)
			require.Equal(t, same, message.MessageAttributes)
		})
	}
}

func TestOddTextPassesThroughATopic(t *testing.T) {
	s := newStory(t)
	topic, enveloped, raw := s.topic(nil), s.queue(nil), s.queue(nil)
	s.subscribe(topic, enveloped, nil)
	s.subscribe(topic, raw, attributes{"RawMessageDelivery": "true"})
	for name, text := range expected.OddTexts {
		s.publish(topic, text)
		message := s.receiveOne(raw)
		require.Equal(t, text, *message.Body, name)
		s.delete(raw, message)
		message = s.receiveOne(enveloped)
		require.Equal(t, text, expected.ReadEnvelope(t, *message.Body).Message, name)
		s.delete(enveloped, message)
	}
}

func TestControlCharactersAreRefused(t *testing.T) {
	s := newStory(t)
	queue := s.queue(nil)
	for _, character := range "\x00\x01\x08\x0b\x0c\x1f\ufffe\uffff" {
		_, err := s.sqs.SendMessage(t.Context(), &sqs.SendMessageInput{
			QueueUrl: &queue, MessageBody: aws.String(fmt.Sprintf("a%cb", character)),
		})
		requireRefused[*types.InvalidMessageContents](t, err, refusal{code: "InvalidMessageContents", status: 400})
	}
	s.empty(queue)
}

func TestBodyOfOneMebibytePasses(t *testing.T) {
	for name, text := range map[string]string{
		"ascii":      strings.Repeat("x", expected.Mebibyte),
		"two bytes":  strings.Repeat("é", expected.Mebibyte/2),
		"four bytes": strings.Repeat("😀", expected.Mebibyte/4),
		"line ends":  strings.Repeat("\r\n", expected.Mebibyte/2),
	} {
		t.Run(name, func(t *testing.T) {
			s := newStory(t)
			queue := s.queue(nil)
			s.send(queue, text)
			require.True(t, *s.receiveOne(queue).Body == text, "another body came")
		})
	}
}

func TestOneByteMoreThanAMebibyteIsRefused(t *testing.T) {
	s := newStory(t)
	queue := s.queue(nil)
	tooLong := refusal{
		"InvalidParameterValue", 400,
		"One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.",
	}
	_, err := s.sqs.SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: &queue, MessageBody: aws.String(strings.Repeat("x", expected.Mebibyte+1)),
	})
	requireCode(t, err, tooLong)
	// An attribute's name, type and value count too: 5 + 6 + 4 bytes.
	_, err = s.sqs.SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: &queue, MessageBody: aws.String(strings.Repeat("x", expected.Mebibyte-14)),
		MessageAttributes: map[string]types.MessageAttributeValue{"color": stringAttribute("blue")},
	})
	requireCode(t, err, tooLong)
}

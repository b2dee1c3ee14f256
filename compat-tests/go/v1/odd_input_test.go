package v1

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/service/sns"
	"github.com/aws/aws-sdk-go/service/sqs"
	"github.com/stretchr/testify/require"

	"topiq.dev/compat-tests/go/expected"
)

func TestOddTextComesBackAsItWasSent(t *testing.T) {
	for name, text := range expected.OddTexts {
		t.Run(name, func(t *testing.T) {
			s := newStory(t)
			queue := s.queue(nil)
			same := map[string]*sqs.MessageAttributeValue{"same": stringAttribute(text)}
			_, err := s.sqs.SendMessage(&sqs.SendMessageInput{
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
	topic, queue := s.topic(nil), s.queue(nil)
	s.subscribe(topic, queue, nil)
	for name, text := range expected.OddTexts {
		_, err := s.sns.Publish(&sns.PublishInput{TopicArn: &topic, Message: &text})
		require.NoError(t, err)
		message := s.receiveOne(queue)
		require.Equal(t, text, expected.ReadEnvelope(t, *message.Body).Message, name)
		s.delete(queue, message)
	}
}

func TestControlCharactersAreRefused(t *testing.T) {
	s := newStory(t)
	queue := s.queue(nil)
	for _, character := range "\x00\x01\x08\x0b\x0c\x1f\ufffe\uffff" {
		_, err := s.sqs.SendMessage(&sqs.SendMessageInput{
			QueueUrl: &queue, MessageBody: aws.String(fmt.Sprintf("a%cb", character)),
		})
		requireRefused(t, err, refusal{code: sqs.ErrCodeInvalidMessageContents, status: 400})
	}
	s.empty(queue)
}

func TestBodyOfOneMebibytePasses(t *testing.T) {
	for name, text := range map[string]string{
		"ascii":      strings.Repeat("x", expected.Mebibyte),
		"four bytes": strings.Repeat("😀", expected.Mebibyte/4),
		"line ends":  strings.Repeat("\r\n", expected.Mebibyte/2),
		"markup":     strings.Repeat("<&>\"", expected.Mebibyte/4),
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
	_, err := s.sqs.SendMessage(&sqs.SendMessageInput{
		QueueUrl: aws.String(s.queue(nil)), MessageBody: aws.String(strings.Repeat("x", expected.Mebibyte+1)),
	})
	requireRefused(t, err, refusal{
		"InvalidParameterValue", 400,
		"One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.",
	})
}

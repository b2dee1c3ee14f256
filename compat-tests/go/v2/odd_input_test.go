package v2

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"
)

const mebibyte = 1_048_576

var oddTexts = map[string]string{
	"emoji":         "é€😀👩‍👩‍👧‍👦\U0010ffff",
	"line ends":     "a\r\nb\rc\nd\te\r",
	"markup":        "<a href=\"x\">&amp;&#13;'</a><![CDATA[ ]]>",
	"form":          "a=b&c=d+e%20f;g?h#i",
	"json":          `{"a":"\u0000 \n \\ \""}`,
	"one blank":     " ",
	"blanks":        "   ",
	"one line end":  "\n",
	"outer blanks":  "\n  x  \n",
	"edges":         "\t\n\r \ud7ff\ue000\ufffd",
	"right to left": "\u202eabc\u200f",
	"mark":          "\ufeffx",
}

func TestOddTextComesBackAsItWasSent(t *testing.T) {
	for name, text := range oddTexts {
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
	for name, text := range oddTexts {
		s.publish(topic, text)
		message := s.receiveOne(raw)
		require.Equal(t, text, *message.Body, name)
		s.delete(raw, message)
		message = s.receiveOne(enveloped)
		require.Equal(t, text, readEnvelope(t, message).Message, name)
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
		"ascii":      strings.Repeat("x", mebibyte),
		"two bytes":  strings.Repeat("é", mebibyte/2),
		"four bytes": strings.Repeat("😀", mebibyte/4),
		"line ends":  strings.Repeat("\r\n", mebibyte/2),
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
		QueueUrl: &queue, MessageBody: aws.String(strings.Repeat("x", mebibyte+1)),
	})
	requireCode(t, err, tooLong)
	// An attribute's name, type and value count too: 5 + 6 + 4 bytes.
	_, err = s.sqs.SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: &queue, MessageBody: aws.String(strings.Repeat("x", mebibyte-14)),
		MessageAttributes: map[string]types.MessageAttributeValue{"color": stringAttribute("blue")},
	})
	requireCode(t, err, tooLong)
}

package v1

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/service/sns"
	"github.com/aws/aws-sdk-go/service/sqs"
	"github.com/stretchr/testify/require"

	"topiq.dev/compat-tests/go/expected"
)

// refusedCase is an error: how to provoke it with a queue or topic of its own, and the expected refusal.
type refusedCase struct {
	provoke func(s *story, own string) error
	refusal refusal
}

var sqsErrors = []refusedCase{
	{
		func(s *story, own string) error {
			_, err := s.sqs.SendMessage(&sqs.SendMessageInput{
				QueueUrl: aws.String(own + "-missing"), MessageBody: aws.String("x"),
			})
			return err
		},
		refusal{sqs.ErrCodeQueueDoesNotExist, 400, "The specified queue does not exist for this wsdl version."},
	},
	{
		func(s *story, own string) error {
			_, err := s.sqs.CreateQueue(&sqs.CreateQueueInput{
				QueueName: aws.String(nameOf(own)), Attributes: aws.StringMap(attributes{"DelaySeconds": "1"}),
			})
			return err
		},
		refusal{
			sqs.ErrCodeQueueNameExists, 400,
			"A queue already exists with the same name and a different value for attribute DelaySeconds",
		},
	},
	{
		func(s *story, own string) error {
			_, err := s.sqs.DeleteQueue(&sqs.DeleteQueueInput{QueueUrl: &own})
			require.NoError(s, err)
			_, err = s.sqs.CreateQueue(&sqs.CreateQueueInput{QueueName: aws.String(nameOf(own))})
			return err
		},
		refusal{
			sqs.ErrCodeQueueDeletedRecently, 400,
			"You must wait 60 seconds after deleting a queue before you can create another with the same name.",
		},
	},
	{
		func(s *story, own string) error {
			_, err := s.sqs.PurgeQueue(&sqs.PurgeQueueInput{QueueUrl: &own})
			require.NoError(s, err)
			_, err = s.sqs.PurgeQueue(&sqs.PurgeQueueInput{QueueUrl: &own})
			return err
		},
		refusal{code: sqs.ErrCodePurgeQueueInProgress, status: 403},
	},
	{
		func(s *story, own string) error { return s.setAttribute(own, "Bogus", "1") },
		refusal{sqs.ErrCodeInvalidAttributeName, 400, "Unknown Attribute Bogus."},
	},
	{
		func(s *story, own string) error { return s.setAttribute(own, "DelaySeconds", "901") },
		refusal{code: "InvalidAttributeValue", status: 400},
	},
	{
		func(s *story, own string) error {
			_, err := s.sqs.SendMessage(&sqs.SendMessageInput{QueueUrl: &own, MessageBody: aws.String("\ufffe")})
			return err
		},
		refusal{code: sqs.ErrCodeInvalidMessageContents, status: 400},
	},
	{
		func(s *story, own string) error {
			_, err := s.sqs.DeleteMessage(&sqs.DeleteMessageInput{QueueUrl: &own, ReceiptHandle: aws.String("garbage")})
			return err
		},
		refusal{
			sqs.ErrCodeReceiptHandleIsInvalid, 404,
			`The input receipt handle "garbage" is not a valid receipt handle.`,
		},
	},
	{
		func(s *story, own string) error {
			_, err := s.sqs.AddPermission(&sqs.AddPermissionInput{
				QueueUrl: &own, Label: aws.String("eight"), AWSAccountIds: aws.StringSlice([]string{"123456789012"}),
				Actions: aws.StringSlice([]string{
					"SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility",
					"GetQueueAttributes", "GetQueueUrl", "PurgeQueue", "ListDeadLetterSourceQueues",
				}),
			})
			return err
		},
		refusal{sqs.ErrCodeOverLimit, 403, "8 Actions were found, maximum allowed is 7."},
	},
	{
		func(s *story, own string) error {
			_, err := s.sqs.SendMessage(&sqs.SendMessageInput{
				QueueUrl: &own, MessageBody: aws.String("x"),
				MessageAttributes: map[string]*sqs.MessageAttributeValue{
					"list": {DataType: aws.String("String"), StringListValues: aws.StringSlice([]string{"a", "b"})},
				},
			})
			return err
		},
		refusal{code: sqs.ErrCodeUnsupportedOperation, status: 400},
	},
	{
		func(s *story, own string) error {
			_, err := s.sqs.ListMessageMoveTasks(&sqs.ListMessageMoveTasksInput{
				SourceArn: aws.String(s.arn(own) + "-missing"),
			})
			return err
		},
		refusal{
			sqs.ErrCodeResourceNotFoundException, 404,
			"The resource that you specified for the SourceArn parameter doesn't exist.",
		},
	},
	{
		func(s *story, own string) error { return s.sendBatch(own, entry("a", "x"), entry("a", "y")) },
		refusal{sqs.ErrCodeBatchEntryIdsNotDistinct, 400, "Id a repeated."},
	},
	{
		func(s *story, own string) error {
			half := strings.Repeat("x", expected.Mebibyte/2)
			return s.sendBatch(own, entry("a", half), entry("b", half+"x"))
		},
		refusal{
			sqs.ErrCodeBatchRequestTooLong, 400,
			"Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.",
		},
	},
	{
		func(s *story, own string) error {
			_, err := s.sqs.DeleteMessageBatch(&sqs.DeleteMessageBatchInput{
				QueueUrl: &own, Entries: []*sqs.DeleteMessageBatchRequestEntry{},
			})
			return err
		},
		refusal{
			sqs.ErrCodeEmptyBatchRequest, 400,
			"There should be at least one DeleteMessageBatchRequestEntry in the request.",
		},
	},
	{
		func(s *story, own string) error { return s.sendBatch(own, entry("a b", "x")) },
		refusal{code: sqs.ErrCodeInvalidBatchEntryId, status: 400},
	},
	{
		func(s *story, own string) error {
			var entries []*sqs.SendMessageBatchRequestEntry
			for id := range strings.SplitSeq("a b c d e f g h i j k", " ") {
				entries = append(entries, entry(id, "x"))
			}
			return s.sendBatch(own, entries...)
		},
		refusal{
			sqs.ErrCodeTooManyEntriesInBatchRequest, 400,
			"Maximum number of entries per request are 10. You have sent 11.",
		},
	},
}

var snsErrors = []refusedCase{
	{
		func(s *story, own string) error { return s.publish(own+"-missing", "x", nil) },
		refusal{sns.ErrCodeNotFoundException, 404, "Topic does not exist"},
	},
	{
		func(s *story, own string) error { return s.publish(own, "", nil) },
		refusal{sns.ErrCodeInvalidParameterException, 400, "Invalid parameter: Empty message"},
	},
	{
		func(s *story, own string) error {
			return s.publish(own, "x", map[string]*sns.MessageAttributeValue{
				"a^": {DataType: aws.String("String"), StringValue: aws.String("v")},
			})
		},
		refusal{
			sns.ErrCodeInvalidParameterValueException, 400,
			"Invalid non-alphanumeric character '#x5E' was found in the message attribute name. " +
				"Can only include alphanumeric characters, hyphens, underscores, or dots.",
		},
	},
	{
		func(s *story, own string) error {
			_, err := s.sns.TagResource(&sns.TagResourceInput{
				ResourceArn: aws.String(own + "-missing"),
				Tags:        []*sns.Tag{{Key: aws.String("k"), Value: aws.String("v")}},
			})
			return err
		},
		refusal{sns.ErrCodeResourceNotFoundException, 404, "Resource does not exist"},
	},
	{
		func(s *story, own string) error { return s.publishEntries(own, "a", "m", "a", "m") },
		refusal{
			sns.ErrCodeBatchEntryIdsNotDistinctException, 400,
			"Two or more batch entries in the request have the same Id.",
		},
	},
	{
		func(s *story, own string) error {
			long := strings.Repeat("x", 100_000)
			return s.publishEntries(own, "a", long, "b", long, "c", long)
		},
		refusal{
			sns.ErrCodeBatchRequestTooLongException, 400,
			"The length of all the messages put together is more than the limit.",
		},
	},
	{
		func(s *story, own string) error { return s.publishEntries(own) },
		refusal{code: sns.ErrCodeEmptyBatchRequestException, status: 400},
	},
	{
		func(s *story, own string) error { return s.publishEntries(own, "a b", "m") },
		refusal{
			sns.ErrCodeInvalidBatchEntryIdException, 400,
			"The Id of a batch entry in the batch request contains an impermissible character: a b",
		},
	},
	{
		func(s *story, own string) error {
			return s.publishEntries(own, strings.Split("a m b m c m d m e m f m g m h m i m j m k m", " ")...)
		},
		refusal{
			sns.ErrCodeTooManyEntriesInBatchRequestException, 400,
			"The batch request contains more entries than permissible.",
		},
	},
}

func TestSQSErrorsHaveTheirCodes(t *testing.T) {
	for _, test := range sqsErrors {
		t.Run(test.refusal.code, func(t *testing.T) {
			s := newStrictStory(t)
			requireRefused(t, test.provoke(s, s.queue(nil)), test.refusal)
		})
	}
}

func TestSNSErrorsHaveTheirCodes(t *testing.T) {
	for _, test := range snsErrors {
		t.Run(test.refusal.code, func(t *testing.T) {
			s := newStory(t)
			requireRefused(t, test.provoke(s, s.topic(nil)), test.refusal)
		})
	}
}

func (s *story) sendBatch(queue string, entries ...*sqs.SendMessageBatchRequestEntry) error {
	_, err := s.sqs.SendMessageBatch(&sqs.SendMessageBatchInput{QueueUrl: &queue, Entries: entries})
	return err
}

func (s *story) publish(topic, text string, with map[string]*sns.MessageAttributeValue) error {
	_, err := s.sns.Publish(&sns.PublishInput{TopicArn: &topic, Message: &text, MessageAttributes: with})
	return err
}

// publishEntries publishes a batch of ids and their messages.
func (s *story) publishEntries(topic string, idsAndMessages ...string) error {
	entries := []*sns.PublishBatchRequestEntry{}
	for place := 0; place < len(idsAndMessages); place += 2 {
		entries = append(entries, &sns.PublishBatchRequestEntry{Id: &idsAndMessages[place], Message: &idsAndMessages[place+1]})
	}
	_, err := s.sns.PublishBatch(&sns.PublishBatchInput{TopicArn: &topic, PublishBatchRequestEntries: entries})
	return err
}

package v2

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"

	"topiq.dev/compat-tests/go/expected"
)

const prefix = "AWS.SimpleQueueService."

// refusedCase is an error of the SDK's: how to provoke it with a queue or topic of its own, and the expected refusal.
type refusedCase struct {
	name    string
	provoke func(s *story, own string) error
	require func(t testing.TB, err error, expected refusal)
	refusal refusal
}

var sqsErrors = []refusedCase{
	{
		"QueueDoesNotExist",
		func(s *story, own string) error {
			_, err := s.sqs.SendMessage(s.Context(), &sqs.SendMessageInput{
				QueueUrl: aws.String(own + "-missing"), MessageBody: aws.String("x"),
			})
			return err
		},
		requireRefused[*types.QueueDoesNotExist],
		refusal{prefix + "NonExistentQueue", 400, "The specified queue does not exist."},
	},
	{
		"QueueNameExists",
		func(s *story, own string) error {
			_, err := s.sqs.CreateQueue(s.Context(), &sqs.CreateQueueInput{
				QueueName: aws.String(nameOf(own)), Attributes: attributes{"DelaySeconds": "1"},
			})
			return err
		},
		requireRefused[*types.QueueNameExists],
		refusal{
			"QueueAlreadyExists", 400,
			"A queue already exists with the same name and a different value for attribute DelaySeconds",
		},
	},
	{
		"QueueDeletedRecently",
		func(s *story, own string) error {
			_, err := s.sqs.DeleteQueue(s.Context(), &sqs.DeleteQueueInput{QueueUrl: &own})
			require.NoError(s, err)
			_, err = s.sqs.CreateQueue(s.Context(), &sqs.CreateQueueInput{QueueName: aws.String(nameOf(own))})
			return err
		},
		requireRefused[*types.QueueDeletedRecently],
		refusal{
			prefix + "QueueDeletedRecently", 400,
			"You must wait 60 seconds after deleting a queue before you can create another with the same name.",
		},
	},
	{
		"PurgeQueueInProgress",
		func(s *story, own string) error {
			_, err := s.sqs.PurgeQueue(s.Context(), &sqs.PurgeQueueInput{QueueUrl: &own})
			require.NoError(s, err)
			_, err = s.sqs.PurgeQueue(s.Context(), &sqs.PurgeQueueInput{QueueUrl: &own})
			require.ErrorContains(s, err, "Only one PurgeQueue operation on "+nameOf(own)+" is allowed every 60 seconds.")
			return err
		},
		requireRefused[*types.PurgeQueueInProgress],
		refusal{code: prefix + "PurgeQueueInProgress", status: 403},
	},
	{
		"InvalidAttributeName",
		func(s *story, own string) error { return s.setAttribute(own, "Bogus", "1") },
		requireRefused[*types.InvalidAttributeName],
		refusal{"InvalidAttributeName", 400, "Unknown Attribute Bogus."},
	},
	{
		"InvalidAttributeValue",
		func(s *story, own string) error { return s.setAttribute(own, "DelaySeconds", "901") },
		requireRefused[*types.InvalidAttributeValue],
		refusal{code: "InvalidAttributeValue", status: 400},
	},
	{
		"InvalidMessageContents",
		func(s *story, own string) error {
			_, err := s.sqs.SendMessage(s.Context(), &sqs.SendMessageInput{QueueUrl: &own, MessageBody: aws.String("\ufffe")})
			return err
		},
		requireRefused[*types.InvalidMessageContents],
		refusal{code: "InvalidMessageContents", status: 400},
	},
	{
		"ReceiptHandleIsInvalid",
		func(s *story, own string) error {
			_, err := s.sqs.DeleteMessage(s.Context(), &sqs.DeleteMessageInput{
				QueueUrl: &own, ReceiptHandle: aws.String("garbage"),
			})
			return err
		},
		requireRefused[*types.ReceiptHandleIsInvalid],
		refusal{"ReceiptHandleIsInvalid", 404, `The input receipt handle "garbage" is not a valid receipt handle.`},
	},
	{
		"OverLimit",
		func(s *story, own string) error {
			_, err := s.sqs.AddPermission(s.Context(), &sqs.AddPermissionInput{
				QueueUrl: &own, Label: aws.String("eight"), AWSAccountIds: []string{"123456789012"},
				Actions: []string{
					"SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility",
					"GetQueueAttributes", "GetQueueUrl", "PurgeQueue", "ListDeadLetterSourceQueues",
				},
			})
			return err
		},
		requireRefused[*types.OverLimit],
		refusal{"OverLimit", 403, "8 Actions were found, maximum allowed is 7."},
	},
	{
		"UnsupportedOperation",
		func(s *story, own string) error {
			_, err := s.sqs.SendMessage(s.Context(), &sqs.SendMessageInput{
				QueueUrl: &own, MessageBody: aws.String("x"),
				MessageAttributes: map[string]types.MessageAttributeValue{
					"list": {DataType: aws.String("String"), StringListValues: []string{"a", "b"}},
				},
			})
			return err
		},
		requireRefused[*types.UnsupportedOperation],
		refusal{code: prefix + "UnsupportedOperation", status: 400},
	},
	{
		"ResourceNotFoundException",
		func(s *story, own string) error {
			_, err := s.sqs.ListMessageMoveTasks(s.Context(), &sqs.ListMessageMoveTasksInput{
				SourceArn: aws.String(s.arn(own) + "-missing"),
			})
			return err
		},
		requireRefused[*types.ResourceNotFoundException],
		refusal{
			"ResourceNotFoundException", 404,
			"The resource that you specified for the SourceArn parameter doesn't exist.",
		},
	},
	{
		"BatchEntryIdsNotDistinct",
		func(s *story, own string) error { return s.sendBatch(own, entry("a", "x"), entry("a", "y")) },
		requireRefused[*types.BatchEntryIdsNotDistinct],
		refusal{prefix + "BatchEntryIdsNotDistinct", 400, "Id a repeated."},
	},
	{
		"BatchRequestTooLong",
		func(s *story, own string) error {
			half := strings.Repeat("x", expected.Mebibyte/2)
			return s.sendBatch(own, entry("a", half), entry("b", half+"x"))
		},
		requireRefused[*types.BatchRequestTooLong],
		refusal{
			prefix + "BatchRequestTooLong", 400,
			"Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.",
		},
	},
	{
		"EmptyBatchRequest",
		func(s *story, own string) error {
			_, err := s.sqs.DeleteMessageBatch(s.Context(), &sqs.DeleteMessageBatchInput{
				QueueUrl: &own, Entries: []types.DeleteMessageBatchRequestEntry{},
			})
			return err
		},
		requireRefused[*types.EmptyBatchRequest],
		refusal{
			prefix + "EmptyBatchRequest", 400,
			"There should be at least one DeleteMessageBatchRequestEntry in the request.",
		},
	},
	{
		"InvalidBatchEntryId",
		func(s *story, own string) error { return s.sendBatch(own, entry("a b", "x")) },
		requireRefused[*types.InvalidBatchEntryId],
		refusal{code: prefix + "InvalidBatchEntryId", status: 400},
	},
	{
		"TooManyEntriesInBatchRequest",
		func(s *story, own string) error {
			var entries []types.SendMessageBatchRequestEntry
			for id := range strings.SplitSeq("a b c d e f g h i j k", " ") {
				entries = append(entries, entry(id, "x"))
			}
			return s.sendBatch(own, entries...)
		},
		requireRefused[*types.TooManyEntriesInBatchRequest],
		refusal{
			prefix + "TooManyEntriesInBatchRequest", 400,
			"Maximum number of entries per request are 10. You have sent 11.",
		},
	},
}

// Modelled, but raised only by features that emulators lack: KMS keys, throttling, transport security; or never by SQS.
var sqsErrorsNotRaised = []string{
	"InvalidAddress", // only for Query calls that name no queue
	"InvalidIdFormat", "InvalidSecurity",
	"KmsAccessDenied", "KmsDisabled", "KmsInvalidKeyUsage", "KmsInvalidState", "KmsNotFound", "KmsOptInRequired", "KmsThrottled",
	"MessageNotInflight", "RequestThrottled",
}

func TestSQSErrorsHaveTheirTypes(t *testing.T) {
	for _, test := range sqsErrors {
		t.Run(test.name, func(t *testing.T) {
			s := newStrictStory(t)
			test.require(t, test.provoke(s, s.queue(nil)), test.refusal)
		})
	}
}

func TestEverySQSErrorOfTheSDKIsKnownHere(t *testing.T) {
	requireKnown(t, "github.com/aws/aws-sdk-go-v2/service/sqs/types", sqsErrors, sqsErrorsNotRaised)
}

func TestErrorsWithoutATypeHaveTheirCode(t *testing.T) {
	s := newStory(t)
	_, err := s.sqs.SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: aws.String(s.queue(nil)), MessageBody: aws.String(""),
	})
	requireCode(t, err, refusal{"MissingParameter", 400, "The request must contain the parameter MessageBody."})
}

// requireKnown reads the SDK's own list of errors: each is provoked here or listed as not raised.
func requireKnown(t *testing.T, typesPackage string, raised []refusedCase, notRaised []string) {
	t.Helper()
	t.Parallel()
	found, err := build.Import(typesPackage, ".", build.FindOnly)
	require.NoError(t, err)
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(found.Dir, "errors.go"), nil, parser.SkipObjectResolution)
	require.NoError(t, err)
	var modelled []string
	for _, declaration := range file.Decls {
		if general, ok := declaration.(*ast.GenDecl); ok && general.Tok == token.TYPE {
			for _, spec := range general.Specs {
				modelled = append(modelled, spec.(*ast.TypeSpec).Name.Name)
			}
		}
	}
	known := slices.Clone(notRaised)
	for _, test := range raised {
		known = append(known, test.name)
	}
	require.ElementsMatch(t, known, modelled)
}

func (s *story) setAttribute(queue, name, value string) error {
	_, err := s.sqs.SetQueueAttributes(s.Context(), &sqs.SetQueueAttributesInput{
		QueueUrl: &queue, Attributes: attributes{name: value},
	})
	return err
}

func (s *story) sendBatch(queue string, entries ...types.SendMessageBatchRequestEntry) error {
	_, err := s.sqs.SendMessageBatch(s.Context(), &sqs.SendMessageBatchInput{QueueUrl: &queue, Entries: entries})
	return err
}

func entry(id, body string) types.SendMessageBatchRequestEntry {
	return types.SendMessageBatchRequestEntry{Id: &id, MessageBody: &body}
}

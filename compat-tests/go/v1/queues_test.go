package v1

import (
	"testing"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/service/sqs"
	"github.com/stretchr/testify/require"
)

func TestLifeOfAQueue(t *testing.T) {
	s := newStory(t)
	name := newName()
	queue := s.queueNamed(name, attributes{"VisibilityTimeout": "45"})
	require.Equal(t, queue, s.queueNamed(name, nil), "creating it again finds it")

	found, err := s.sqs.GetQueueUrl(&sqs.GetQueueUrlInput{QueueName: &name})
	require.NoError(t, err)
	require.Equal(t, queue, *found.QueueUrl)
	listed, err := s.sqs.ListQueues(&sqs.ListQueuesInput{QueueNamePrefix: &name})
	require.NoError(t, err)
	require.Equal(t, []string{queue}, aws.StringValueSlice(listed.QueueUrls))

	s.send(queue, "hello")
	message := s.receiveOne(queue)
	require.Equal(t, "hello", *message.Body)
	s.delete(queue, message)

	s.send(queue, "a", "b")
	require.Equal(t, "2", s.attribute(queue, sqs.QueueAttributeNameApproximateNumberOfMessages))
	_, err = s.sqs.PurgeQueue(&sqs.PurgeQueueInput{QueueUrl: &queue})
	require.NoError(t, err)
	s.empty(queue)

	_, err = s.sqs.DeleteQueue(&sqs.DeleteQueueInput{QueueUrl: &queue})
	require.NoError(t, err)
	_, err = s.sqs.GetQueueUrl(&sqs.GetQueueUrlInput{QueueName: &name})
	requireRefused(t, err, refusal{code: sqs.ErrCodeQueueDoesNotExist, status: 400})
}

func TestAttributesAreSetAndShown(t *testing.T) {
	s := newStory(t)
	queue := s.queue(attributes{"VisibilityTimeout": "45"})
	require.NoError(t, s.setAttribute(queue, "MessageRetentionPeriod", "3600"))
	shown, err := s.sqs.GetQueueAttributes(&sqs.GetQueueAttributesInput{
		QueueUrl: &queue, AttributeNames: aws.StringSlice([]string{sqs.QueueAttributeNameAll}),
	})
	require.NoError(t, err)
	expected := attributes{
		"VisibilityTimeout":      "45",
		"MessageRetentionPeriod": "3600",
		"DelaySeconds":           "0",
		"MaximumMessageSize":     "1048576",
		"QueueArn":               "arn:aws:sqs:us-east-1:123456789012:" + nameOf(queue),
	}
	for name, value := range expected {
		require.Equal(t, value, aws.StringValue(shown.Attributes[name]), name)
	}
}

func TestTagsAreAddedListedAndRemoved(t *testing.T) {
	s := newStory(t)
	name := newName()
	_, err := s.sqs.CreateQueue(&sqs.CreateQueueInput{
		QueueName: &name, Tags: aws.StringMap(map[string]string{"team": "orders", "stage": "test"}),
	})
	require.NoError(t, err)
	queue := s.queueNamed(name, nil)
	_, err = s.sqs.TagQueue(&sqs.TagQueueInput{
		QueueUrl: &queue, Tags: aws.StringMap(map[string]string{"stage": "é + b@c", "empty": ""}),
	})
	require.NoError(t, err)
	_, err = s.sqs.UntagQueue(&sqs.UntagQueueInput{QueueUrl: &queue, TagKeys: aws.StringSlice([]string{"team"})})
	require.NoError(t, err)
	listed, err := s.sqs.ListQueueTags(&sqs.ListQueueTagsInput{QueueUrl: &queue})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"stage": "é + b@c", "empty": ""}, aws.StringValueMap(listed.Tags))
}

func TestPermissionsBecomeThePolicy(t *testing.T) {
	s := newStory(t)
	queue := s.queue(nil)
	_, err := s.sqs.AddPermission(&sqs.AddPermissionInput{
		QueueUrl: &queue, Label: aws.String("readers"),
		AWSAccountIds: aws.StringSlice([]string{"111122223333"}), Actions: aws.StringSlice([]string{"ReceiveMessage"}),
	})
	require.NoError(t, err)
	require.Contains(t, s.attribute(queue, sqs.QueueAttributeNamePolicy), "111122223333")
	_, err = s.sqs.RemovePermission(&sqs.RemovePermissionInput{QueueUrl: &queue, Label: aws.String("readers")})
	require.NoError(t, err)
	require.NotContains(t, s.attribute(queue, sqs.QueueAttributeNamePolicy), "readers")
}

package v2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"
)

func TestLifeOfAQueue(t *testing.T) {
	s := newStory(t)
	name := newName()
	queue := s.queueNamed(name, attributes{"VisibilityTimeout": "45", "DelaySeconds": "0"})
	require.Equal(t, queue, s.queueNamed(name, nil), "creating it again finds it")

	found, err := s.sqs.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: &name})
	require.NoError(t, err)
	require.Equal(t, queue, *found.QueueUrl)

	listed, err := s.sqs.ListQueues(t.Context(), &sqs.ListQueuesInput{QueueNamePrefix: &name})
	require.NoError(t, err)
	require.Equal(t, []string{queue}, listed.QueueUrls)

	s.send(queue, "hello")
	message := s.receiveOne(queue)
	require.Equal(t, "hello", *message.Body)
	s.delete(queue, message)

	s.send(queue, "a", "b")
	require.Equal(t, "2", s.attribute(queue, types.QueueAttributeNameApproximateNumberOfMessages))
	_, err = s.sqs.PurgeQueue(t.Context(), &sqs.PurgeQueueInput{QueueUrl: &queue})
	require.NoError(t, err)
	s.empty(queue)

	_, err = s.sqs.DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: &queue})
	require.NoError(t, err)
	_, err = s.sqs.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: &name})
	var gone *types.QueueDoesNotExist
	require.ErrorAs(t, err, &gone)
}

func TestAttributesAreSetAndShown(t *testing.T) {
	s := newStory(t)
	queue := s.queue(attributes{"VisibilityTimeout": "45"})
	_, err := s.sqs.SetQueueAttributes(t.Context(), &sqs.SetQueueAttributesInput{
		QueueUrl: &queue, Attributes: attributes{"MessageRetentionPeriod": "3600", "ReceiveMessageWaitTimeSeconds": "2"},
	})
	require.NoError(t, err)
	shown, err := s.sqs.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: &queue, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll},
	})
	require.NoError(t, err)
	expected := attributes{
		"VisibilityTimeout":             "45",
		"MessageRetentionPeriod":        "3600",
		"ReceiveMessageWaitTimeSeconds": "2",
		"DelaySeconds":                  "0",
		"MaximumMessageSize":            "1048576",
		"QueueArn":                      "arn:aws:sqs:us-east-1:123456789012:" + nameOf(queue),
	}
	for name, value := range expected {
		require.Equal(t, value, shown.Attributes[name], name)
	}
}

func TestTagsAreAddedListedAndRemoved(t *testing.T) {
	s := newStory(t)
	name := newName()
	created, err := s.sqs.CreateQueue(t.Context(), &sqs.CreateQueueInput{
		QueueName: &name, Tags: map[string]string{"team": "orders", "stage": "test"},
	})
	require.NoError(t, err)
	queue := s.queueNamed(name, nil)
	require.Equal(t, *created.QueueUrl, queue)

	_, err = s.sqs.TagQueue(t.Context(), &sqs.TagQueueInput{
		QueueUrl: &queue, Tags: map[string]string{"stage": "é + b@c", "empty": ""},
	})
	require.NoError(t, err)
	_, err = s.sqs.UntagQueue(t.Context(), &sqs.UntagQueueInput{QueueUrl: &queue, TagKeys: []string{"team", "missing"}})
	require.NoError(t, err)
	listed, err := s.sqs.ListQueueTags(t.Context(), &sqs.ListQueueTagsInput{QueueUrl: &queue})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"stage": "é + b@c", "empty": ""}, listed.Tags)
}

func TestPermissionsBecomeThePolicy(t *testing.T) {
	s := newStory(t)
	queue := s.queue(nil)
	_, err := s.sqs.AddPermission(t.Context(), &sqs.AddPermissionInput{
		QueueUrl: &queue, Label: aws.String("readers"),
		AWSAccountIds: []string{"111122223333"}, Actions: []string{"ReceiveMessage"},
	})
	require.NoError(t, err)
	policy := s.attribute(queue, types.QueueAttributeNamePolicy)
	require.Contains(t, policy, `"readers"`)
	require.Contains(t, policy, "111122223333")
	_, err = s.sqs.RemovePermission(t.Context(), &sqs.RemovePermissionInput{
		QueueUrl: &queue, Label: aws.String("readers"),
	})
	require.NoError(t, err)
	require.NotContains(t, s.attribute(queue, types.QueueAttributeNamePolicy), "readers")
}

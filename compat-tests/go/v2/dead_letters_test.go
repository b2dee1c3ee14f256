package v2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"
)

func TestMessageThatFailsTooOftenBecomesADeadLetter(t *testing.T) {
	s := newStory(t)
	source, deadLetters := s.deadLetterPair(2)
	s.send(source, "poison")
	first := s.fail(source)
	require.Equal(t, 2, receiveCount(s.fail(source)))
	s.empty(deadLetters)
	s.empty(source)

	dead := s.receiveOne(deadLetters)
	require.Equal(t, *first.MessageId, *dead.MessageId)
	require.Equal(t, "poison", *dead.Body)
	require.Equal(t, s.arn(source), dead.Attributes["DeadLetterQueueSourceArn"])
	require.Equal(t, first.Attributes["SentTimestamp"], dead.Attributes["SentTimestamp"])
}

func TestDeadLettersAreMovedBackToTheirSource(t *testing.T) {
	s := newStory(t)
	source, deadLetters := s.deadLetterPair(1)
	s.makeDeadLetters(source, deadLetters, "a", "b", "c")
	arn := s.arn(deadLetters)
	started, err := s.sqs.StartMessageMoveTask(t.Context(), &sqs.StartMessageMoveTaskInput{SourceArn: &arn})
	require.NoError(t, err)
	require.NotEmpty(t, *started.TaskHandle)

	task := s.finishedTask(arn)
	require.Equal(t, "COMPLETED", *task.Status)
	require.EqualValues(t, 3, task.ApproximateNumberOfMessagesMoved)
	require.ElementsMatch(t, []string{"a", "b", "c"}, bodies(s.receive(source, 3)))
	s.empty(deadLetters)
}

func TestDeadLettersAreMovedToAnotherQueue(t *testing.T) {
	s := newStory(t)
	source, deadLetters := s.deadLetterPair(1)
	elsewhere := s.queue(nil)
	s.makeDeadLetters(source, deadLetters, "a")
	arn := s.arn(deadLetters)
	_, err := s.sqs.StartMessageMoveTask(t.Context(), &sqs.StartMessageMoveTaskInput{
		SourceArn: &arn, DestinationArn: aws.String(s.arn(elsewhere)),
	})
	require.NoError(t, err)
	require.Equal(t, "a", *s.receiveOne(elsewhere).Body)
	task := s.finishedTask(arn)
	require.Equal(t, s.arn(elsewhere), *task.DestinationArn)
}

func TestSlowMoveIsCancelled(t *testing.T) {
	s := newStory(t)
	source, deadLetters := s.deadLetterPair(1)
	s.makeDeadLetters(source, deadLetters, "a", "b", "c", "d", "e", "f", "g", "h", "i", "j")
	arn := s.arn(deadLetters)
	started, err := s.sqs.StartMessageMoveTask(t.Context(), &sqs.StartMessageMoveTaskInput{
		SourceArn: &arn, MaxNumberOfMessagesPerSecond: aws.Int32(1),
	})
	require.NoError(t, err)
	_, err = s.sqs.CancelMessageMoveTask(t.Context(), &sqs.CancelMessageMoveTaskInput{TaskHandle: started.TaskHandle})
	require.NoError(t, err)
	require.Equal(t, "CANCELLED", *s.finishedTask(arn).Status)
	require.NotEqual(t, "0", s.attribute(deadLetters, types.QueueAttributeNameApproximateNumberOfMessages))
}

func TestQueueMayRefuseToTakeDeadLetters(t *testing.T) {
	s := newStory(t)
	closed := s.queue(attributes{"RedriveAllowPolicy": `{"redrivePermission":"denyAll"}`})
	source := s.queue(nil)
	_, err := s.sqs.SetQueueAttributes(t.Context(), &sqs.SetQueueAttributesInput{
		QueueUrl: &source, Attributes: attributes{"RedrivePolicy": s.redriveTo(closed, 1)},
	})
	requireCode(t, err, refusal{code: "InvalidParameterValue", status: 400})
}

// makeDeadLetters sends messages to a queue with a maxReceiveCount of 1 and lets each fail once.
func (s *story) makeDeadLetters(source, deadLetters string, bodies ...string) {
	s.Helper()
	s.send(source, bodies...)
	for _, message := range s.receive(source, len(bodies)) {
		s.giveBack(source, message)
	}
	s.eventually("all are dead letters", func() bool {
		s.empty(source)
		count := s.attribute(deadLetters, types.QueueAttributeNameApproximateNumberOfMessages)
		return count == toJSON(s, len(bodies))
	})
}

func (s *story) finishedTask(arn string) types.ListMessageMoveTasksResultEntry {
	s.Helper()
	var task types.ListMessageMoveTasksResultEntry
	s.eventually("the task is done", func() bool {
		listed, err := s.sqs.ListMessageMoveTasks(s.Context(), &sqs.ListMessageMoveTasksInput{SourceArn: &arn})
		require.NoError(s, err)
		require.NotEmpty(s, listed.Results)
		task = listed.Results[0]
		return *task.Status != "RUNNING" && *task.Status != "CANCELLING"
	})
	return task
}

package v1

import (
	"testing"

	"github.com/aws/aws-sdk-go/service/sqs"
	"github.com/stretchr/testify/require"
)

func TestMessageThatFailsTooOftenBecomesADeadLetter(t *testing.T) {
	s := newStory(t)
	source, deadLetters := s.deadLetterPair(2)
	s.send(source, "poison")
	first := s.receiveOne(source, failing)
	s.receiveOne(source, failing)
	s.empty(deadLetters)
	s.empty(source)

	dead := s.receiveOne(deadLetters)
	require.Equal(t, *first.MessageId, *dead.MessageId)
	require.Equal(t, "poison", *dead.Body)
	require.Equal(t, s.arn(source), *dead.Attributes["DeadLetterQueueSourceArn"])
}

func TestDeadLettersAreMovedBackToTheirSource(t *testing.T) {
	s := newStory(t)
	source, deadLetters := s.deadLetterPair(1)
	s.send(source, "a", "b", "c")
	s.receive(source, 3, failing)
	s.eventually("all are dead letters", func() bool {
		s.empty(source)
		return s.attribute(deadLetters, sqs.QueueAttributeNameApproximateNumberOfMessages) == "3"
	})

	arn := s.arn(deadLetters)
	_, err := s.sqs.StartMessageMoveTask(&sqs.StartMessageMoveTaskInput{SourceArn: &arn})
	require.NoError(t, err)
	s.eventually("the task is done", func() bool {
		listed, err := s.sqs.ListMessageMoveTasks(&sqs.ListMessageMoveTasksInput{SourceArn: &arn})
		require.NoError(t, err)
		return *listed.Results[0].Status == "COMPLETED"
	})
	require.ElementsMatch(t, []string{"a", "b", "c"}, bodies(s.receive(source, 3)))
	s.empty(deadLetters)
}

func TestFIFOMessagesThatFailFreeTheirGroup(t *testing.T) {
	s := newStory(t)
	deadLetters := s.fifoQueue(nil)
	source := s.fifoQueue(attributes{
		"ContentBasedDeduplication": "true", "RedrivePolicy": s.redriveTo(deadLetters, 1),
	})
	s.sendToGroup(source, "g", "poison")
	s.sendToGroup(source, "g", "next")
	require.Equal(t, "poison", *s.receiveOne(source, failing).Body)
	require.Equal(t, "next", *s.receiveOne(source).Body)
	require.Equal(t, "poison", *s.receiveOne(deadLetters).Body)
}

package v2

import (
	"context"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/stretchr/testify/require"
)

func TestRecordsAreReadAsTheyWerePut(t *testing.T) {
	s := newStory(t)
	stream := s.stream()
	put, err := s.kinesis.PutRecord(t.Context(), &kinesis.PutRecordInput{
		StreamName: &stream, PartitionKey: aws.String("Zoë"), Data: []byte{0, 255, 'a'},
	})
	require.NoError(t, err)
	var entries []types.PutRecordsRequestEntry
	for n := range 20 {
		entries = append(entries, types.PutRecordsRequestEntry{PartitionKey: aws.String("a"), Data: fmt.Append(nil, n)})
	}
	many, err := s.kinesis.PutRecords(t.Context(), &kinesis.PutRecordsInput{StreamName: &stream, Records: entries})
	require.NoError(t, err)
	require.Zero(t, *many.FailedRecordCount)

	start, err := s.kinesis.GetShardIterator(t.Context(), &kinesis.GetShardIteratorInput{
		StreamName: &stream, ShardId: put.ShardId, ShardIteratorType: types.ShardIteratorTypeTrimHorizon,
	})
	require.NoError(t, err)
	var records []types.Record
	for iterator := start.ShardIterator; len(records) < 21; {
		read, err := s.kinesis.GetRecords(t.Context(), &kinesis.GetRecordsInput{
			ShardIterator: iterator, Limit: aws.Int32(7),
		})
		require.NoError(t, err)
		require.NotEmpty(t, read.Records)
		records, iterator = append(records, read.Records...), read.NextShardIterator
	}
	require.Equal(t, []byte{0, 255, 'a'}, records[0].Data)
	require.Equal(t, "Zoë", *records[0].PartitionKey)
	require.Equal(t, *put.SequenceNumber, *records[0].SequenceNumber)
	require.NotNil(t, records[0].ApproximateArrivalTimestamp)
	for n, record := range records[1:] {
		require.Equal(t, fmt.Sprint(n), string(record.Data))
	}
}

func TestStreamsAreListedByPages(t *testing.T) {
	s := newStory(t)
	stream := s.stream()
	var names []string
	pages := kinesis.NewListStreamsPaginator(s.kinesis, &kinesis.ListStreamsInput{Limit: aws.Int32(1)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		require.NoError(t, err)
		names = append(names, page.StreamNames...)
	}
	require.Contains(t, names, stream)
}

func TestKinesisRefusesByTypedErrors(t *testing.T) {
	s := newStory(t)
	_, err := s.kinesis.DescribeStreamSummary(t.Context(), &kinesis.DescribeStreamSummaryInput{
		StreamName: aws.String(newName()),
	})
	requireRefused[*types.ResourceNotFoundException](t, err, refusal{code: "ResourceNotFoundException", status: 400})
	_, err = s.kinesis.GetRecords(t.Context(), &kinesis.GetRecordsInput{ShardIterator: aws.String("none")})
	requireRefused[*types.InvalidArgumentException](t, err, refusal{
		"InvalidArgumentException", 400, "Invalid ShardIterator.",
	})
}

func TestRecordsArePushedAsTheyCome(t *testing.T) {
	s := newStory(t)
	stream := s.stream()
	described, err := s.kinesis.DescribeStreamSummary(t.Context(), &kinesis.DescribeStreamSummaryInput{StreamName: &stream})
	require.NoError(t, err)
	registered, err := s.kinesis.RegisterStreamConsumer(t.Context(), &kinesis.RegisterStreamConsumerInput{
		StreamARN: described.StreamDescriptionSummary.StreamARN, ConsumerName: aws.String("shipping"),
	})
	require.NoError(t, err)
	shard := aws.String("shardId-000000000000")
	input := &kinesis.SubscribeToShardInput{
		ConsumerARN: registered.Consumer.ConsumerARN, ShardId: shard,
		StartingPosition: &types.StartingPosition{Type: types.ShardIteratorTypeLatest},
	}
	answer, err := s.kinesis.SubscribeToShard(t.Context(), input)
	require.NoError(t, err)
	subscription := answer.GetStream()
	defer subscription.Close()
	_, err = s.kinesis.SubscribeToShard(t.Context(), input)
	requireRefused[*types.ResourceInUseException](t, err, refusal{code: "ResourceInUseException", status: 400})

	put, err := s.kinesis.PutRecord(t.Context(), &kinesis.PutRecordInput{
		StreamName: &stream, PartitionKey: aws.String("Zoë"), Data: []byte{0, 255, 'a'},
	})
	require.NoError(t, err)
	_, err = s.kinesis.SplitShard(t.Context(), &kinesis.SplitShardInput{
		StreamName: &stream, ShardToSplit: shard, NewStartingHashKey: aws.String("1000"),
	})
	require.NoError(t, err)
	var records []types.Record
	var last types.SubscribeToShardEvent
	for event := range subscription.Events() {
		last = event.(*types.SubscribeToShardEventStreamMemberSubscribeToShardEvent).Value
		records = append(records, last.Records...)
	}
	require.NoError(t, subscription.Err())
	require.Len(t, records, 1)
	require.Equal(t, []byte{0, 255, 'a'}, records[0].Data)
	require.Equal(t, *put.SequenceNumber, *records[0].SequenceNumber)
	// The shard is closed, and that was its end.
	require.Nil(t, last.ContinuationSequenceNumber)
	require.Len(t, last.ChildShards, 2)
}

// stream creates a stream of one shard that is deleted after the test.
func (s *story) stream() string {
	s.Helper()
	name := newName()
	_, err := s.kinesis.CreateStream(s.Context(), &kinesis.CreateStreamInput{StreamName: &name, ShardCount: aws.Int32(1)})
	require.NoError(s, err)
	s.Cleanup(func() {
		_, err := s.kinesis.DeleteStream(context.Background(), &kinesis.DeleteStreamInput{
			StreamName: &name, EnforceConsumerDeletion: aws.Bool(true),
		})
		require.NoError(s, err)
	})
	waiter := kinesis.NewStreamExistsWaiter(s.kinesis)
	require.NoError(s, waiter.Wait(s.Context(), &kinesis.DescribeStreamInput{StreamName: &name}, patience))
	return name
}

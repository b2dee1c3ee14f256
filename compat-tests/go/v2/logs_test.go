package v2

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/stretchr/testify/require"
)

func TestLogEventsOfAllStreamsAreFoundByPages(t *testing.T) {
	s := newStory(t)
	group := s.logGroup()
	for _, stream := range []string{"a", "b"} {
		s.putLogEvents(group, stream, `{"total":50}`, `{"total":150}`, `{"total":250}`)
	}
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(s.logs, &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: &group, FilterPattern: aws.String("{ $.total > 100 }"), Limit: aws.Int32(3),
	})
	var found []string
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		require.NoError(t, err)
		for _, event := range page.Events {
			found = append(found, *event.Message)
		}
	}
	require.ElementsMatch(t, []string{`{"total":150}`, `{"total":150}`, `{"total":250}`, `{"total":250}`}, found)
}

func TestLogStreamIsReadToItsEnd(t *testing.T) {
	s := newStory(t)
	group, texts := s.logGroup(), []string{}
	for n := range 25 {
		texts = append(texts, fmt.Sprint("message é ", n))
	}
	s.putLogEvents(group, "s", texts...)
	// The paginator ends at the token that comes again.
	pages := cloudwatchlogs.NewGetLogEventsPaginator(s.logs, &cloudwatchlogs.GetLogEventsInput{
		LogGroupName: &group, LogStreamName: aws.String("s"), StartFromHead: aws.Bool(true), Limit: aws.Int32(10),
	}, func(options *cloudwatchlogs.GetLogEventsPaginatorOptions) { options.StopOnDuplicateToken = true })
	var read []string
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		require.NoError(t, err)
		for _, event := range page.Events {
			read = append(read, *event.Message)
		}
	}
	require.Equal(t, texts, read)
}

func TestLogGroupIsDescribed(t *testing.T) {
	s := newStory(t)
	group := s.logGroup()
	_, err := s.logs.PutRetentionPolicy(t.Context(), &cloudwatchlogs.PutRetentionPolicyInput{
		LogGroupName: &group, RetentionInDays: aws.Int32(7),
	})
	require.NoError(t, err)
	shown, err := s.logs.DescribeLogGroups(t.Context(), &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: &group})
	require.NoError(t, err)
	require.Len(t, shown.LogGroups, 1)
	require.EqualValues(t, 7, *shown.LogGroups[0].RetentionInDays)
	require.Equal(t, *shown.LogGroups[0].LogGroupArn+":*", *shown.LogGroups[0].Arn)
}

func TestLogsRefuseByTypedErrors(t *testing.T) {
	s := newStory(t)
	group := s.logGroup()
	_, err := s.logs.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &group})
	requireRefused[*types.ResourceAlreadyExistsException](t, err, refusal{
		"ResourceAlreadyExistsException", 400, "The specified log group already exists",
	})
	_, err = s.logs.GetLogEvents(t.Context(), &cloudwatchlogs.GetLogEventsInput{
		LogGroupName: &group, LogStreamName: aws.String("absent"),
	})
	requireRefused[*types.ResourceNotFoundException](t, err, refusal{
		"ResourceNotFoundException", 400, "The specified log stream does not exist.",
	})
	_, err = s.logs.FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: &group, FilterPattern: aws.String("a@b.c"),
	})
	requireRefused[*types.InvalidParameterException](t, err, refusal{code: "InvalidParameterException", status: 400})
}

// logGroup creates a log group that is deleted after the test.
func (s *story) logGroup() string {
	s.Helper()
	name := newName()
	_, err := s.logs.CreateLogGroup(s.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &name})
	require.NoError(s, err)
	s.Cleanup(func() {
		_, err := s.logs.DeleteLogGroup(context.Background(), &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: &name})
		require.NoError(s, err)
	})
	return name
}

// putLogEvents puts messages into a new stream, a millisecond apart.
func (s *story) putLogEvents(group, stream string, messages ...string) {
	s.Helper()
	_, err := s.logs.CreateLogStream(s.Context(), &cloudwatchlogs.CreateLogStreamInput{
		LogGroupName: &group, LogStreamName: &stream,
	})
	require.NoError(s, err)
	start := time.Now().Add(-time.Second).UnixMilli()
	var events []types.InputLogEvent
	for n, message := range messages {
		events = append(events, types.InputLogEvent{Timestamp: aws.Int64(start + int64(n)), Message: &message})
	}
	_, err = s.logs.PutLogEvents(s.Context(), &cloudwatchlogs.PutLogEventsInput{
		LogGroupName: &group, LogStreamName: &stream, LogEvents: events,
	})
	require.NoError(s, err)
}

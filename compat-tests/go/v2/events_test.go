package v2

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/stretchr/testify/require"
)

func TestQueueGetsWhatTheTransformerMakesOfEventsThatMatch(t *testing.T) {
	s := newStory(t)
	bus, _ := s.bus()
	queue := s.queue(nil)
	rule := s.rule(bus, "orders", `{"detail":{"total":[{"numeric":[">",100]}]}}`, &types.Target{
		Arn: aws.String(s.arn(queue)),
		InputTransformer: &types.InputTransformer{
			InputPathsMap: map[string]string{"id": "$.detail.id"},
			InputTemplate: aws.String(`{"order":<id>,"rule":<aws.events.rule-arn>}`),
		},
	})

	put := s.putEvents(bus, `{"id":"A-1","total":99}`, `no JSON`, `{"id":"A-2","total":100.5}`)
	require.EqualValues(t, 1, put.FailedEntryCount)
	require.Len(t, *put.Entries[0].EventId, 36)
	require.Equal(t, types.PutEventsResultEntry{
		ErrorCode: aws.String("MalformedDetail"), ErrorMessage: aws.String("Detail is malformed."),
	}, put.Entries[1])
	require.JSONEq(t, fmt.Sprintf(`{"order":"A-2","rule":%q}`, rule), *s.receiveOne(queue).Body)
	s.empty(queue)
}

func TestArchiveIsReplayed(t *testing.T) {
	s := newStory(t)
	bus, arn := s.bus()
	queue, archive, replay := s.queue(nil), newName(), newName()
	created, err := s.events.CreateArchive(t.Context(), &eventbridge.CreateArchiveInput{
		ArchiveName: &archive, EventSourceArn: &arn, RetentionDays: aws.Int32(1),
	})
	require.NoError(t, err)
	s.Cleanup(func() {
		_, err := s.events.DeleteArchive(context.Background(), &eventbridge.DeleteArchiveInput{ArchiveName: &archive})
		require.NoError(t, err)
	})
	put := s.putEvents(bus, `{"id":"A-1"}`)
	s.rule(bus, "again", `{"replay-name":[{"exists":true}]}`, &types.Target{Arn: aws.String(s.arn(queue))})
	_, err = s.events.StartReplay(t.Context(), &eventbridge.StartReplayInput{
		ReplayName:     &replay,
		EventSourceArn: created.ArchiveArn,
		EventStartTime: aws.Time(time.Now().Add(-5 * time.Minute)),
		EventEndTime:   aws.Time(time.Now().Add(5 * time.Minute)),
		Destination:    &types.ReplayDestination{Arn: &arn},
	})
	require.NoError(t, err)

	var event struct {
		ID     string `json:"id"`
		Replay string `json:"replay-name"`
	}
	require.NoError(t, json.Unmarshal([]byte(*s.receiveOne(queue).Body), &event))
	require.Equal(t, *put.Entries[0].EventId, event.ID)
	require.Equal(t, replay, event.Replay)
	s.eventually("the replay has ended", func() bool {
		shown, err := s.events.DescribeReplay(t.Context(), &eventbridge.DescribeReplayInput{ReplayName: &replay})
		require.NoError(t, err)
		return shown.State == types.ReplayStateCompleted
	})
	_, err = s.events.CancelReplay(t.Context(), &eventbridge.CancelReplayInput{ReplayName: &replay})
	requireRefused[*types.IllegalStatusException](t, err, refusal{code: "IllegalStatusException", status: 400})
}

func TestRulesAreListedByPages(t *testing.T) {
	s := newStory(t)
	bus, _ := s.bus()
	for _, name := range []string{"r-1", "r-2", "r-3"} {
		s.rule(bus, name, `{"source":["s"]}`, nil)
	}
	var names []string
	for input := (&eventbridge.ListRulesInput{EventBusName: &bus, Limit: aws.Int32(2)}); ; {
		page, err := s.events.ListRules(t.Context(), input)
		require.NoError(t, err)
		for _, rule := range page.Rules {
			names = append(names, *rule.Name)
		}
		if input.NextToken = page.NextToken; page.NextToken == nil {
			break
		}
		require.Len(t, page.Rules, 2)
	}
	require.Equal(t, []string{"r-1", "r-2", "r-3"}, names)
}

func TestEventBridgeRefusesByTypedErrors(t *testing.T) {
	s := newStory(t)
	bus, _ := s.bus()
	_, err := s.events.DescribeRule(t.Context(), &eventbridge.DescribeRuleInput{
		Name: aws.String("absent"), EventBusName: &bus,
	})
	requireRefused[*types.ResourceNotFoundException](t, err, refusal{
		"ResourceNotFoundException", 400, fmt.Sprintf("Rule absent does not exist on EventBus %s.", bus),
	})
	_, err = s.events.CreateEventBus(t.Context(), &eventbridge.CreateEventBusInput{Name: &bus})
	requireRefused[*types.ResourceAlreadyExistsException](t, err, refusal{
		code: "ResourceAlreadyExistsException", status: 400,
	})
	_, err = s.events.PutRule(t.Context(), &eventbridge.PutRuleInput{Name: aws.String("r"), EventPattern: aws.String("[]")})
	requireRefused[*types.InvalidEventPatternException](t, err, refusal{
		"InvalidEventPatternException", 400, "Event pattern is not valid. Reason: Filter is not an object\n" +
			` at [Source: (String)"[]"; line: 1, column: 2]`,
	})
	s.rule(bus, "r", `{"source":["s"]}`, nil)
	var targets []types.Target
	for n := range 6 {
		targets = append(targets, types.Target{
			Id: aws.String(fmt.Sprint(n)), Arn: aws.String("arn:aws:sqs:us-east-1:123456789012:q"),
		})
	}
	_, err = s.events.PutTargets(t.Context(), &eventbridge.PutTargetsInput{
		Rule: aws.String("r"), EventBusName: &bus, Targets: targets,
	})
	requireRefused[*types.LimitExceededException](t, err, refusal{code: "LimitExceededException", status: 400})
	_, err = s.events.PutRule(t.Context(), &eventbridge.PutRuleInput{
		Name: aws.String("s"), ScheduleExpression: aws.String("rate(1 minute"),
	})
	requireCode(t, err, refusal{code: "ValidationException", status: 400})
}

// bus creates a bus that is deleted after the test, and returns its name and ARN.
func (s *story) bus() (name, arn string) {
	s.Helper()
	name = newName()
	created, err := s.events.CreateEventBus(s.Context(), &eventbridge.CreateEventBusInput{Name: &name})
	require.NoError(s, err)
	s.Cleanup(func() {
		_, err := s.events.DeleteEventBus(context.Background(), &eventbridge.DeleteEventBusInput{Name: &name})
		require.NoError(s, err)
	})
	return name, *created.EventBusArn
}

// rule creates a rule, with a target if one is given, and returns its ARN.
func (s *story) rule(bus, name, pattern string, target *types.Target) string {
	s.Helper()
	put, err := s.events.PutRule(s.Context(), &eventbridge.PutRuleInput{
		Name: &name, EventBusName: &bus, EventPattern: &pattern,
	})
	require.NoError(s, err)
	s.Cleanup(func() {
		_, err := s.events.DeleteRule(context.Background(), &eventbridge.DeleteRuleInput{Name: &name, EventBusName: &bus})
		require.NoError(s, err)
	})
	if target == nil {
		return *put.RuleArn
	}
	target.Id = aws.String("1")
	_, err = s.events.PutTargets(s.Context(), &eventbridge.PutTargetsInput{
		Rule: &name, EventBusName: &bus, Targets: []types.Target{*target},
	})
	require.NoError(s, err)
	s.Cleanup(func() {
		_, err := s.events.RemoveTargets(context.Background(), &eventbridge.RemoveTargetsInput{
			Rule: &name, EventBusName: &bus, Ids: []string{"1"},
		})
		require.NoError(s, err)
	})
	return *put.RuleArn
}

func (s *story) putEvents(bus string, details ...string) *eventbridge.PutEventsOutput {
	s.Helper()
	var entries []types.PutEventsRequestEntry
	for _, detail := range details {
		entries = append(entries, types.PutEventsRequestEntry{
			EventBusName: &bus, Source: aws.String("shop.orders"), DetailType: aws.String("OrderPlaced"), Detail: &detail,
		})
	}
	put, err := s.events.PutEvents(s.Context(), &eventbridge.PutEventsInput{Entries: entries})
	require.NoError(s, err)
	return put
}

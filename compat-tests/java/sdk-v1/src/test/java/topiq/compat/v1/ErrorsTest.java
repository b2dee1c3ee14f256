package topiq.compat.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.amazonaws.AmazonServiceException;
import com.amazonaws.services.sns.AmazonSNS;
import com.amazonaws.services.sns.model.AuthorizationErrorException;
import com.amazonaws.services.sns.model.GetTopicAttributesRequest;
import com.amazonaws.services.sns.model.InvalidParameterException;
import com.amazonaws.services.sns.model.InvalidParameterValueException;
import com.amazonaws.services.sns.model.NotFoundException;
import com.amazonaws.services.sns.model.PublishBatchRequest;
import com.amazonaws.services.sns.model.PublishBatchRequestEntry;
import com.amazonaws.services.sns.model.PublishRequest;
import com.amazonaws.services.sns.model.Tag;
import com.amazonaws.services.sns.model.TagLimitExceededException;
import com.amazonaws.services.sns.model.TagResourceRequest;
import com.amazonaws.services.sqs.AmazonSQS;
import com.amazonaws.services.sqs.model.AddPermissionRequest;
import com.amazonaws.services.sqs.model.AmazonSQSException;
import com.amazonaws.services.sqs.model.BatchEntryIdsNotDistinctException;
import com.amazonaws.services.sqs.model.BatchRequestTooLongException;
import com.amazonaws.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import com.amazonaws.services.sqs.model.CreateQueueRequest;
import com.amazonaws.services.sqs.model.DeleteMessageBatchRequestEntry;
import com.amazonaws.services.sqs.model.EmptyBatchRequestException;
import com.amazonaws.services.sqs.model.InvalidAttributeNameException;
import com.amazonaws.services.sqs.model.InvalidBatchEntryIdException;
import com.amazonaws.services.sqs.model.InvalidMessageContentsException;
import com.amazonaws.services.sqs.model.ListMessageMoveTasksRequest;
import com.amazonaws.services.sqs.model.MessageAttributeValue;
import com.amazonaws.services.sqs.model.OverLimitException;
import com.amazonaws.services.sqs.model.PurgeQueueInProgressException;
import com.amazonaws.services.sqs.model.PurgeQueueRequest;
import com.amazonaws.services.sqs.model.QueueDeletedRecentlyException;
import com.amazonaws.services.sqs.model.QueueDoesNotExistException;
import com.amazonaws.services.sqs.model.QueueNameExistsException;
import com.amazonaws.services.sqs.model.ReceiptHandleIsInvalidException;
import com.amazonaws.services.sqs.model.ResourceNotFoundException;
import com.amazonaws.services.sqs.model.SendMessageBatchRequestEntry;
import com.amazonaws.services.sqs.model.SendMessageRequest;
import com.amazonaws.services.sqs.model.TooManyEntriesInBatchRequestException;
import com.amazonaws.services.sqs.model.UnsupportedOperationException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiq.compat.Names;
import topiq.compat.Topiq;

/** Each error is thrown as its own class, with AWS's code and status. */
class ErrorsTest extends Story {

    private static final String PREFIX = "AWS.SimpleQueueService.";

    /** Its sixty seconds count. */
    private static final AmazonSQS strict = Clients.sqs(Topiq.STRICT_ENDPOINT);

    interface Provocation {
        void call(String resource);
    }

    /** An error, and what to do with a queue or a topic to get it. */
    record Case(Class<? extends AmazonServiceException> exception, String code, int status, Provocation provocation) {
        @Override
        public String toString() {
            return exception.getSimpleName() + " " + code;
        }

        void check(String resource) {
            var thrown = catchThrowable(() -> provocation.call(resource));
            assertThat(thrown).isExactlyInstanceOf(exception);
            var refused = (AmazonServiceException) thrown;
            assertThat(refused.getErrorCode()).isEqualTo(code);
            assertThat(refused.getStatusCode()).isEqualTo(status);
            assertThat(refused.getErrorMessage()).isNotBlank();
            assertThat(refused.getRequestId()).isNotBlank();
            // JSON's errors do not say whose fault they are, except in a header that this SDK does read.
            assertThat(refused.getErrorType()).isEqualTo(AmazonServiceException.ErrorType.Client);
        }
    }

    static Stream<Case> queueCases() {
        return Stream.of(
                new Case(QueueDoesNotExistException.class, PREFIX + "NonExistentQueue", 400, url ->
                        strict.sendMessage(url + "-missing", "x")),
                new Case(QueueNameExistsException.class, "QueueAlreadyExists", 400, url -> strict.createQueue(
                        new CreateQueueRequest(nameOf(url)).withAttributes(Map.of("DelaySeconds", "1")))),
                new Case(QueueDeletedRecentlyException.class, PREFIX + "QueueDeletedRecently", 400, url -> {
                    strict.deleteQueue(url);
                    strict.createQueue(nameOf(url));
                }),
                new Case(PurgeQueueInProgressException.class, PREFIX + "PurgeQueueInProgress", 403, url -> {
                    strict.purgeQueue(new PurgeQueueRequest(url));
                    strict.purgeQueue(new PurgeQueueRequest(url));
                }),
                new Case(InvalidAttributeNameException.class, "InvalidAttributeName", 400, url ->
                        strict.setQueueAttributes(url, Map.of("Bogus", "1"))),
                new Case(InvalidMessageContentsException.class, "InvalidMessageContents", 400, url ->
                        strict.sendMessage(url, "\uFFFE")),
                new Case(ReceiptHandleIsInvalidException.class, "ReceiptHandleIsInvalid", 404, url ->
                        strict.deleteMessage(url, "garbage")),
                new Case(OverLimitException.class, "OverLimit", 403, url ->
                        strict.addPermission(new AddPermissionRequest()
                                .withQueueUrl(url)
                                .withLabel("eight")
                                .withAWSAccountIds(Topiq.ACCOUNT)
                                .withActions(
                                        "SendMessage",
                                        "ReceiveMessage",
                                        "DeleteMessage",
                                        "ChangeMessageVisibility",
                                        "GetQueueAttributes",
                                        "GetQueueUrl",
                                        "PurgeQueue",
                                        "ListDeadLetterSourceQueues"))),
                new Case(UnsupportedOperationException.class, PREFIX + "UnsupportedOperation", 400, url ->
                        strict.sendMessage(new SendMessageRequest(url, "x")
                                .withMessageAttributes(Map.of(
                                        "list",
                                        new MessageAttributeValue()
                                                .withDataType("String")
                                                .withStringListValues("a", "b"))))),
                new Case(ResourceNotFoundException.class, "ResourceNotFoundException", 404, url ->
                        strict.listMessageMoveTasks(new ListMessageMoveTasksRequest()
                                .withSourceArn("arn:aws:sqs:us-east-1:" + Topiq.ACCOUNT + ":missing"))),
                new Case(BatchEntryIdsNotDistinctException.class, PREFIX + "BatchEntryIdsNotDistinct", 400, url ->
                        strict.deleteMessageBatch(url, List.of(deletion("a"), deletion("a")))),
                new Case(BatchRequestTooLongException.class, PREFIX + "BatchRequestTooLong", 400, url ->
                        strict.sendMessageBatch(
                                url, List.of(new SendMessageBatchRequestEntry("a", "x".repeat(1_048_577))))),
                new Case(EmptyBatchRequestException.class, PREFIX + "EmptyBatchRequest", 400, url ->
                        strict.deleteMessageBatch(url, List.of())),
                new Case(InvalidBatchEntryIdException.class, PREFIX + "InvalidBatchEntryId", 400, url ->
                        strict.deleteMessageBatch(url, List.of(deletion("a b")))),
                new Case(
                        TooManyEntriesInBatchRequestException.class,
                        PREFIX + "TooManyEntriesInBatchRequest",
                        400,
                        url -> strict.changeMessageVisibilityBatch(
                                url, IntStream.range(0, 11).mapToObj(ErrorsTest::change).toList())),
                new Case(AmazonSQSException.class, "MissingParameter", 400, url -> strict.sendMessage(url, "")));
    }

    @ParameterizedTest
    @MethodSource("queueCases")
    void anErrorOfAQueueIsThrownAsItsOwnClass(Case given) {
        given.check(createQueue(strict, Names.unique(), Map.of()));
    }

    @Test
    void aMissingQueueHasTheProtocolsWords() {
        var expected = Clients.IS_QUERY
                ? "The specified queue does not exist for this wsdl version."
                : "The specified queue does not exist.";
        var thrown = catchThrowable(() -> sqs.getQueueUrl(Names.unique()));
        assertThat(((AmazonServiceException) thrown).getErrorMessage()).isEqualTo(expected);
    }

    static Stream<Case> topicCases() {
        return Stream.of(
                new Case(NotFoundException.class, "NotFound", 404, topic -> sns.publish(topic + "-missing", "m")),
                new Case(InvalidParameterException.class, "InvalidParameter", 400, topic -> sns.publish(topic, "")),
                new Case(InvalidParameterValueException.class, "ParameterValueInvalid", 400, topic -> sns.publish(
                        new PublishRequest(topic, "m")
                                .withMessageAttributes(Map.of(
                                        "a^",
                                        new com.amazonaws.services.sns.model.MessageAttributeValue()
                                                .withDataType("String")
                                                .withStringValue("v"))))),
                new Case(
                        com.amazonaws.services.sns.model.ResourceNotFoundException.class,
                        "ResourceNotFound",
                        404,
                        topic -> sns.tagResource(tags(topic + "-missing", 1))),
                new Case(TagLimitExceededException.class, "TagLimitExceeded", 400, topic ->
                        sns.tagResource(tags(topic, 51))),
                new Case(
                        com.amazonaws.services.sns.model.BatchEntryIdsNotDistinctException.class,
                        "BatchEntryIdsNotDistinct",
                        400,
                        topic -> publish(topic, List.of(entry("a"), entry("a")))),
                new Case(
                        com.amazonaws.services.sns.model.InvalidBatchEntryIdException.class,
                        "InvalidBatchEntryId",
                        400,
                        topic -> publish(topic, List.of(entry("a b")))),
                new Case(
                        com.amazonaws.services.sns.model.TooManyEntriesInBatchRequestException.class,
                        "TooManyEntriesInBatchRequest",
                        400,
                        topic -> publish(topic, IntStream.range(0, 11).mapToObj(n -> entry("" + n)).toList())),
                new Case(
                        com.amazonaws.services.sns.model.AmazonSNSException.class,
                        "ValidationError",
                        400,
                        topic -> sns.getTopicAttributes(new GetTopicAttributesRequest())));
    }

    @ParameterizedTest
    @MethodSource("topicCases")
    void anErrorOfATopicIsThrownAsItsOwnClass(Case given) {
        given.check(createTopic());
    }

    /** Where policies are enforced, a stranger may not publish. */
    @Test
    void aStrangerIsNotAuthorized() {
        AmazonSNS owner = Clients.sns(Topiq.ENFORCING_ENDPOINT, Names.uniqueAccount());
        AmazonSNS stranger = Clients.sns(Topiq.ENFORCING_ENDPOINT, Names.uniqueAccount());
        new Case(AuthorizationErrorException.class, "AuthorizationError", 403, topic -> stranger.publish(topic, "m"))
                .check(createTopic(owner, Names.unique(), Map.of()));
    }

    private static DeleteMessageBatchRequestEntry deletion(String id) {
        return new DeleteMessageBatchRequestEntry(id, "x");
    }

    private static ChangeMessageVisibilityBatchRequestEntry change(int id) {
        return new ChangeMessageVisibilityBatchRequestEntry("" + id, "x").withVisibilityTimeout(1);
    }

    private static PublishBatchRequestEntry entry(String id) {
        return new PublishBatchRequestEntry().withId(id).withMessage("m");
    }

    private static void publish(String topic, List<PublishBatchRequestEntry> entries) {
        sns.publishBatch(new PublishBatchRequest().withTopicArn(topic).withPublishBatchRequestEntries(entries));
    }

    private static TagResourceRequest tags(String arn, int count) {
        return new TagResourceRequest()
                .withResourceArn(arn)
                .withTags(IntStream.range(0, count)
                        .mapToObj(n -> new Tag().withKey("" + n).withValue("v"))
                        .toList());
    }
}

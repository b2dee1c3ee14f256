package topiq.compat.v2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sqs.model.BatchRequestTooLongException;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.EmptyBatchRequestException;
import software.amazon.awssdk.services.sqs.model.InvalidAttributeNameException;
import software.amazon.awssdk.services.sqs.model.InvalidAttributeValueException;
import software.amazon.awssdk.services.sqs.model.InvalidBatchEntryIdException;
import software.amazon.awssdk.services.sqs.model.InvalidMessageContentsException;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.OverLimitException;
import software.amazon.awssdk.services.sqs.model.PurgeQueueInProgressException;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDeletedRecentlyException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;
import software.amazon.awssdk.services.sqs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SqsException;
import software.amazon.awssdk.services.sqs.model.TooManyEntriesInBatchRequestException;
import software.amazon.awssdk.services.sqs.model.UnsupportedOperationException;
import topiq.compat.Names;
import topiq.compat.Topiq;

/** Each of SQS's errors is thrown as its own class. */
class SqsErrorsTest extends Story {

    private static final String PREFIX = "AWS.SimpleQueueService.";

    /** Its sixty seconds count. */
    private static final SqsClient strict = Clients.sqs(Topiq.STRICT_ENDPOINT);

    /** For features that emulators lack: KMS keys, throttling, transport security; and never returned by SQS. */
    private static final Set<String> NOT_RAISED = Set.of(
            "InvalidAddressException", // only by Query calls that name no queue
            "InvalidIdFormatException", // deprecated
            "InvalidSecurityException",
            "KmsAccessDeniedException",
            "KmsDisabledException",
            "KmsInvalidKeyUsageException",
            "KmsInvalidStateException",
            "KmsNotFoundException",
            "KmsOptInRequiredException",
            "KmsThrottledException",
            "MessageNotInflightException", // modelled, but never seen
            "RequestThrottledException");

    /** A call with a queue of the strict server, and the expected refusal. */
    record Case(Refusal refusal, Provocation provocation) {
        @Override
        public String toString() {
            return refusal.exception().getSimpleName() + " " + refusal.code();
        }
    }

    interface Provocation {
        void call(String url);
    }

    static Stream<Case> cases() {
        return Stream.of(
                raised(
                        QueueDoesNotExistException.class,
                        PREFIX + "NonExistentQueue",
                        400,
                        "The specified queue does not exist.",
                        url -> strict.sendMessage(r -> r.queueUrl(url + "-missing").messageBody("x"))),
                raised(
                        QueueNameExistsException.class,
                        "QueueAlreadyExists",
                        400,
                        "A queue already exists with the same name and a different value for attribute DelaySeconds",
                        url -> strict.createQueue(r -> r.queueName(nameOf(url))
                                .attributes(Map.of(QueueAttributeName.DELAY_SECONDS, "1")))),
                raised(
                        QueueDeletedRecentlyException.class,
                        PREFIX + "QueueDeletedRecently",
                        400,
                        "You must wait 60 seconds after deleting a queue before you can create another with the same "
                                + "name.",
                        url -> {
                            strict.deleteQueue(r -> r.queueUrl(url));
                            strict.createQueue(r -> r.queueName(nameOf(url)));
                        }),
                raised(PurgeQueueInProgressException.class, PREFIX + "PurgeQueueInProgress", 403, null, url -> {
                    strict.purgeQueue(r -> r.queueUrl(url));
                    strict.purgeQueue(r -> r.queueUrl(url));
                }),
                raised(
                        InvalidAttributeNameException.class,
                        "InvalidAttributeName",
                        400,
                        "Unknown Attribute Bogus.",
                        url -> strict.setQueueAttributes(
                                r -> r.queueUrl(url).attributesWithStrings(Map.of("Bogus", "1")))),
                raised(
                        InvalidAttributeValueException.class,
                        "InvalidAttributeValue",
                        400,
                        null,
                        url -> strict.setQueueAttributes(r -> r.queueUrl(url)
                                .attributes(Map.of(QueueAttributeName.DELAY_SECONDS, "901")))),
                raised(
                        InvalidMessageContentsException.class,
                        "InvalidMessageContents",
                        400,
                        null,
                        url -> strict.sendMessage(r -> r.queueUrl(url).messageBody("\uFFFE"))),
                raised(
                        ReceiptHandleIsInvalidException.class,
                        "ReceiptHandleIsInvalid",
                        404,
                        "The input receipt handle \"garbage\" is not a valid receipt handle.",
                        url -> strict.deleteMessage(r -> r.queueUrl(url).receiptHandle("garbage"))),
                raised(
                        OverLimitException.class,
                        "OverLimit",
                        403,
                        "8 Actions were found, maximum allowed is 7.",
                        url -> strict.addPermission(r -> r.queueUrl(url)
                                .label("eight")
                                .awsAccountIds(Topiq.ACCOUNT)
                                .actions(
                                        "SendMessage",
                                        "ReceiveMessage",
                                        "DeleteMessage",
                                        "ChangeMessageVisibility",
                                        "GetQueueAttributes",
                                        "GetQueueUrl",
                                        "PurgeQueue",
                                        "ListDeadLetterSourceQueues"))),
                raised(
                        UnsupportedOperationException.class,
                        PREFIX + "UnsupportedOperation",
                        400,
                        null,
                        url -> strict.sendMessage(r -> r.queueUrl(url)
                                .messageBody("x")
                                .messageAttributes(Map.of(
                                        "list",
                                        MessageAttributeValue.builder()
                                                .dataType("String")
                                                .stringListValues("a", "b")
                                                .build())))),
                raised(
                        ResourceNotFoundException.class,
                        "ResourceNotFoundException",
                        404,
                        "The resource that you specified for the SourceArn parameter doesn't exist.",
                        url -> strict.listMessageMoveTasks(r -> r.sourceArn(
                                "arn:aws:sqs:us-east-1:" + Topiq.ACCOUNT + ":" + nameOf(url) + "-missing"))),
                raised(
                        BatchEntryIdsNotDistinctException.class,
                        PREFIX + "BatchEntryIdsNotDistinct",
                        400,
                        "Id a repeated.",
                        url -> strict.deleteMessageBatch(r -> r.queueUrl(url).entries(deletion("a"), deletion("a")))),
                raised(
                        BatchRequestTooLongException.class,
                        PREFIX + "BatchRequestTooLong",
                        400,
                        "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.",
                        url -> strict.sendMessageBatch(r -> r.queueUrl(url)
                                .entries(SendMessageBatchRequestEntry.builder()
                                        .id("a")
                                        .messageBody("x".repeat(1_048_577))
                                        .build()))),
                raised(
                        EmptyBatchRequestException.class,
                        PREFIX + "EmptyBatchRequest",
                        400,
                        "There should be at least one DeleteMessageBatchRequestEntry in the request.",
                        url -> strict.deleteMessageBatch(r -> r.queueUrl(url).entries(Set.of()))),
                raised(
                        InvalidBatchEntryIdException.class,
                        PREFIX + "InvalidBatchEntryId",
                        400,
                        null,
                        url -> strict.deleteMessageBatch(r -> r.queueUrl(url).entries(deletion("a b")))),
                raised(
                        TooManyEntriesInBatchRequestException.class,
                        PREFIX + "TooManyEntriesInBatchRequest",
                        400,
                        "Maximum number of entries per request are 10. You have sent 11.",
                        url -> strict.changeMessageVisibilityBatch(r -> r.queueUrl(url)
                                .entries(IntStream.range(0, 11).mapToObj(SqsErrorsTest::change).toList()))),
                // Not modelled: the service's general exception.
                raised(
                        SqsException.class,
                        "MissingParameter",
                        400,
                        "The request must contain the parameter MessageBody.",
                        url -> strict.sendMessage(r -> r.queueUrl(url).messageBody(""))),
                raised(
                        SqsException.class,
                        "InvalidParameterValue",
                        400,
                        null,
                        url -> strict.receiveMessage(r -> r.queueUrl(url).maxNumberOfMessages(11))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void anErrorIsThrownAsItsOwnClass(Case given) {
        var url = createQueue(strict, Names.unique(), Map.of());
        given.refusal().provokedBy(() -> given.provocation().call(url));
    }

    @Test
    void everyModelledErrorIsAmongThem() throws IOException {
        var known = cases()
                .map(given -> given.refusal().exception().getSimpleName())
                .collect(Collectors.toSet());
        known.addAll(NOT_RAISED);
        assertThat(known).containsAll(Refusal.modelledBeside(SqsException.class));
    }

    private static Case raised(
            Class<? extends SqsException> exception, String code, int status, String text, Provocation provocation) {
        return new Case(new Refusal(exception, code, status, text), provocation);
    }

    private static DeleteMessageBatchRequestEntry deletion(String id) {
        return DeleteMessageBatchRequestEntry.builder().id(id).receiptHandle("x").build();
    }

    private static ChangeMessageVisibilityBatchRequestEntry change(int id) {
        return ChangeMessageVisibilityBatchRequestEntry.builder()
                .id("" + id)
                .receiptHandle("x")
                .visibilityTimeout(1)
                .build();
    }
}

package topiq.compat.v2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.AuthorizationErrorException;
import software.amazon.awssdk.services.sns.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sns.model.BatchRequestTooLongException;
import software.amazon.awssdk.services.sns.model.EmptyBatchRequestException;
import software.amazon.awssdk.services.sns.model.EndpointDisabledException;
import software.amazon.awssdk.services.sns.model.InvalidBatchEntryIdException;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.InvalidParameterValueException;
import software.amazon.awssdk.services.sns.model.InvalidStateException;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.PlatformApplicationDisabledException;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sns.model.SnsException;
import software.amazon.awssdk.services.sns.model.SubscriptionLimitExceededException;
import software.amazon.awssdk.services.sns.model.Tag;
import software.amazon.awssdk.services.sns.model.TagLimitExceededException;
import software.amazon.awssdk.services.sns.model.TooManyEntriesInBatchRequestException;
import software.amazon.awssdk.services.sns.model.UserErrorException;
import software.amazon.awssdk.services.sns.model.VerificationException;
import topiq.compat.Json;
import topiq.compat.Names;
import topiq.compat.Topiq;

/** Each of SNS's errors is thrown as its own class. */
class SnsErrorsTest extends Story {

    /** For features that emulators lack: KMS keys, throttling, tag policies; and numbers that a test cannot reach. */
    private static final Set<String> NOT_RAISED = Set.of(
            "ConcurrentAccessException",
            "FilterPolicyLimitExceededException",
            "InternalErrorException",
            "InvalidSecurityException",
            "KmsAccessDeniedException",
            "KmsDisabledException",
            "KmsInvalidStateException",
            "KmsNotFoundException",
            "KmsOptInRequiredException",
            "KmsThrottlingException",
            "OptedOutException", // no phone answers STOP
            "ReplayLimitExceededException",
            "StaleTagException",
            "TagPolicyException",
            "ThrottledException",
            "TopicLimitExceededException",
            "ValidationException"); // on the wire it is ValidationError, which the SDK does not know

    /** A call with a topic, and the expected refusal. */
    record Case(Refusal refusal, Provocation provocation) {
        @Override
        public String toString() {
            return refusal.exception().getSimpleName() + " " + refusal.code();
        }
    }

    interface Provocation {
        void call(SnsClient sns, String topic);
    }

    static Stream<Case> cases() {
        return Stream.of(
                raised(
                        NotFoundException.class,
                        "NotFound",
                        404,
                        "Topic does not exist",
                        (sns, topic) -> sns.publish(r -> r.topicArn(topic + "-missing").message("m"))),
                raised(
                        InvalidParameterException.class,
                        "InvalidParameter",
                        400,
                        "Invalid parameter: Empty message",
                        (sns, topic) -> sns.publish(r -> r.topicArn(topic).message(""))),
                raised(
                        InvalidParameterValueException.class,
                        "ParameterValueInvalid",
                        400,
                        "Invalid non-alphanumeric character '#x5E' was found in the message attribute name. "
                                + "Can only include alphanumeric characters, hyphens, underscores, or dots.",
                        (sns, topic) -> sns.publish(r -> r.topicArn(topic)
                                .message("m")
                                .messageAttributes(Map.of(
                                        "a^",
                                        MessageAttributeValue.builder()
                                                .dataType("String")
                                                .stringValue("v")
                                                .build())))),
                raised(
                        ResourceNotFoundException.class,
                        "ResourceNotFound",
                        404,
                        "Resource does not exist",
                        (sns, topic) -> tag(sns, topic + "-missing", 1)),
                raised(TagLimitExceededException.class, "TagLimitExceeded", 400, null, (sns, topic) ->
                        tag(sns, topic, 51)),
                raised(
                        BatchEntryIdsNotDistinctException.class,
                        "BatchEntryIdsNotDistinct",
                        400,
                        "Two or more batch entries in the request have the same Id.",
                        (sns, topic) -> publish(sns, topic, List.of(entry("a", "m"), entry("a", "m")))),
                raised(
                        BatchRequestTooLongException.class,
                        "BatchRequestTooLong",
                        400,
                        "The length of all the messages put together is more than the limit.",
                        (sns, topic) -> publish(sns, topic, entries(3, "x".repeat(100_000)))),
                raised(EmptyBatchRequestException.class, "EmptyBatchRequest", 400, null, (sns, topic) ->
                        publish(sns, topic, List.of())),
                raised(
                        InvalidBatchEntryIdException.class,
                        "InvalidBatchEntryId",
                        400,
                        "The Id of a batch entry in the batch request contains an impermissible character: a b",
                        (sns, topic) -> publish(sns, topic, List.of(entry("a b", "m")))),
                raised(
                        TooManyEntriesInBatchRequestException.class,
                        "TooManyEntriesInBatchRequest",
                        400,
                        "The batch request contains more entries than permissible.",
                        (sns, topic) -> publish(sns, topic, entries(11, "m"))),
                raised(
                        InvalidStateException.class,
                        "InvalidState",
                        400,
                        "Invalid state: Cannot delete a topic with an ArchivePolicy",
                        (sns, topic) -> {
                            var archived = sns.createTopic(r -> r.name(Names.uniqueFifo())
                                            .attributes(Map.of(
                                                    "FifoTopic", "true",
                                                    "ArchivePolicy", "{\"MessageRetentionPeriod\":\"1\"}")))
                                    .topicArn();
                            sns.deleteTopic(r -> r.topicArn(archived));
                        }),
                raised(
                        SubscriptionLimitExceededException.class,
                        "SubscriptionLimitExceeded",
                        403,
                        null,
                        (sns, topic) -> subscribeTooManyToAFifoTopic(sns)),
                raised(
                        EndpointDisabledException.class,
                        "EndpointDisabled",
                        400,
                        "Endpoint is disabled",
                        (sns, topic) -> {
                            var phone = sns.createPlatformEndpoint(r -> r.platformApplicationArn(application(sns))
                                            .token("token")
                                            .attributes(Map.of("Enabled", "false")))
                                    .endpointArn();
                            sns.publish(r -> r.targetArn(phone).message("m"));
                        }),
                raised(
                        PlatformApplicationDisabledException.class,
                        "PlatformApplicationDisabled",
                        400,
                        "Platform application is disabled",
                        (sns, topic) -> {
                            var application = application(sns);
                            var phone = sns.createPlatformEndpoint(
                                            r -> r.platformApplicationArn(application).token("token"))
                                    .endpointArn();
                            sns.setPlatformApplicationAttributes(r -> r.platformApplicationArn(application)
                                    .attributes(Map.of("Enabled", "false")));
                            sns.publish(r -> r.targetArn(phone).message("m"));
                        }),
                raised(UserErrorException.class, "UserError", 400, null, (sns, topic) -> {
                    for (int n = 0; n < 11; n++) {
                        var number = String.format("+155512345%02d", n);
                        sns.createSMSSandboxPhoneNumber(r -> r.phoneNumber(number));
                    }
                }),
                raised(VerificationException.class, "VerificationException", 400, null, (sns, topic) -> {
                    sns.createSMSSandboxPhoneNumber(r -> r.phoneNumber("+15559876543"));
                    var wrong = password(topic.split(":")[4]).equals("100000") ? "100001" : "100000";
                    sns.verifySMSSandboxPhoneNumber(
                            r -> r.phoneNumber("+15559876543").oneTimePassword(wrong));
                }),
                // Not modelled: the service's general exception.
                raised(
                        SnsException.class,
                        "ValidationError",
                        400,
                        "1 validation error detected: Value null at 'topicArn' failed to satisfy constraint: "
                                + "Member must not be null",
                        (sns, topic) -> sns.getTopicAttributes(r -> {})));
    }

    /** In an account of its own: some limits are the account's. */
    @ParameterizedTest
    @MethodSource("cases")
    void anErrorIsThrownAsItsOwnClass(Case given) {
        var sns = Clients.sns(Topiq.ENDPOINT, Names.uniqueAccount());
        var topic = createTopic(sns, Names.unique(), Map.of());
        given.refusal().provokedBy(() -> given.provocation().call(sns, topic));
    }

    /** Where policies are enforced, a stranger may not publish. */
    @Test
    void aStrangerIsNotAuthorized() {
        var owner = Clients.sns(Topiq.ENFORCING_ENDPOINT, Names.uniqueAccount());
        var topic = createTopic(owner, Names.unique(), Map.of());
        var stranger = Clients.sns(Topiq.ENFORCING_ENDPOINT, Names.uniqueAccount());
        Refusal.of(AuthorizationErrorException.class, "AuthorizationError", 403)
                .provokedBy(() -> stranger.publish(r -> r.topicArn(topic).message("m")));
    }

    @Test
    void everyModelledErrorIsAmongThem() throws IOException {
        var known = cases()
                .map(given -> given.refusal().exception().getSimpleName())
                .collect(Collectors.toSet());
        known.add(AuthorizationErrorException.class.getSimpleName());
        known.addAll(NOT_RAISED);
        assertThat(known).containsAll(Refusal.modelledBeside(SnsException.class));
    }

    private static Case raised(
            Class<? extends SnsException> exception, String code, int status, String text, Provocation provocation) {
        return new Case(new Refusal(exception, code, status, text), provocation);
    }

    private static void publish(SnsClient sns, String topic, List<PublishBatchRequestEntry> entries) {
        sns.publishBatch(r -> r.topicArn(topic).publishBatchRequestEntries(entries));
    }

    private static PublishBatchRequestEntry entry(String id, String message) {
        return PublishBatchRequestEntry.builder().id(id).message(message).build();
    }

    private static List<PublishBatchRequestEntry> entries(int count, String message) {
        return IntStream.range(0, count).mapToObj(n -> entry("" + n, message)).toList();
    }

    private static void tag(SnsClient sns, String arn, int count) {
        sns.tagResource(r -> r.resourceArn(arn)
                .tags(IntStream.range(0, count)
                        .mapToObj(n -> Tag.builder().key("" + n).value("v").build())
                        .toList()));
    }

    private static void subscribeTooManyToAFifoTopic(SnsClient sns) {
        var fifo = sns.createTopic(
                        r -> r.name(Names.uniqueFifo()).attributes(Map.of("FifoTopic", "true")))
                .topicArn();
        for (int n = 0; n < 101; n++) {
            var queue = "arn:aws:sqs:us-east-1:123456789012:queue-" + n;
            sns.subscribe(r -> r.topicArn(fifo).protocol("sqs").endpoint(queue));
        }
    }

    private static String application(SnsClient sns) {
        return sns.createPlatformApplication(r -> r.name(Names.unique())
                        .platform("GCM")
                        .attributes(Map.of("PlatformCredential", "key")))
                .platformApplicationArn();
    }

    /** The six digits at the end of the text message that topiq kept. */
    private static String password(String account) {
        var sent = Json.read(Json.visit(Topiq.ENDPOINT + "/_topiq/sns/deliveries?protocol=sms"));
        for (var delivery : sent.get("Deliveries")) {
            if (delivery.get("Account").asText().equals(account)) {
                var text = delivery.get("Message").asText();
                return text.substring(text.length() - 7, text.length() - 1);
            }
        }
        throw new AssertionError("no text message was sent");
    }
}

package topiq.compat;

import java.util.List;
import java.util.Map;

/** The policies of queues and topics. */
public final class Policies {

    private Policies() {}

    public static String redrive(String deadLetterArn, int maxReceiveCount) {
        return Json.write(Map.of("deadLetterTargetArn", deadLetterArn, "maxReceiveCount", maxReceiveCount));
    }

    /** Lets a topic send to a queue: AWS requires that, topiq only with {@code --enforce-policies}. */
    public static String topicMaySend(String topicArn, String queueArn) {
        return Json.write(Map.of(
                "Version", "2012-10-17",
                "Statement",
                        List.of(Map.of(
                                "Effect", "Allow",
                                "Principal", Map.of("Service", "sns.amazonaws.com"),
                                "Action", "sqs:SendMessage",
                                "Resource", queueArn,
                                "Condition", Map.of("ArnEquals", Map.of("aws:SourceArn", topicArn))))));
    }
}

package topiq.compat.v2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import topiq.compat.Names;
import topiq.compat.Policies;
import topiq.compat.Topiq;

/** Where policies are enforced, a topic reaches the queues that let it in. */
class AccessPolicyTest extends Story {

    private static final SqsClient sqs = Clients.sqs(Topiq.ENFORCING_ENDPOINT);
    private static final SnsClient sns = Clients.sns(Topiq.ENFORCING_ENDPOINT, Topiq.ACCOUNT);

    @Test
    void onlyAQueueWithAPolicyGetsTheMessage() {
        var topic = createTopic(sns, Names.unique(), Map.of());
        var closed = subscribed(topic);
        var open = subscribed(topic);
        sqs.setQueueAttributes(r -> r.queueUrl(open)
                .attributes(Map.of(QueueAttributeName.POLICY, Policies.topicMaySend(topic, arn(open)))));
        sns.publish(r -> r.topicArn(topic).message("let in"));
        assertThat(sqs.receiveMessage(r -> r.queueUrl(open).waitTimeSeconds(20)).messages())
                .hasSize(1);
        assertThat(sqs.receiveMessage(r -> r.queueUrl(closed).waitTimeSeconds(1)).messages())
                .isEmpty();
    }

    private String subscribed(String topic) {
        var url = createQueue(sqs, Names.unique(), Map.of());
        sns.subscribe(r -> r.topicArn(topic).protocol("sqs").endpoint(arn(url)));
        return url;
    }

    private static String arn(String url) {
        return "arn:aws:sqs:" + Topiq.REGION + ":" + Topiq.ACCOUNT + ":" + nameOf(url);
    }
}

package topiq.compat.v2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sns.model.Subscription;
import software.amazon.awssdk.services.sns.model.Topic;
import topiq.compat.Names;
import topiq.compat.Topiq;

/** The SDK's paginators follow every token. */
class PaginatorsTest extends Story {

    @Test
    void queuesComeInPages() {
        var prefix = Names.unique();
        var urls = new HashSet<String>();
        for (int n = 0; n < 5; n++) {
            urls.add(createQueue(sqs, prefix + "-" + n, Map.of()));
        }
        var pages = sqs.listQueuesPaginator(r -> r.queueNamePrefix(prefix).maxResults(2));
        assertThat(pages).extracting(page -> page.queueUrls().size()).containsExactly(2, 2, 1);
        assertThat(pages.queueUrls()).containsExactlyInAnyOrderElementsOf(urls);
    }

    @Test
    void sourcesOfADeadLetterQueueComeInPages() {
        var deadLetters = createQueue();
        var sources = Set.of(createSource(deadLetters, 1), createSource(deadLetters, 1), createSource(deadLetters, 1));
        var pages = sqs.listDeadLetterSourceQueuesPaginator(
                r -> r.queueUrl(deadLetters).maxResults(2));
        assertThat(pages).extracting(page -> page.queueUrls().size()).containsExactly(2, 1);
        assertThat(pages.queueUrls()).containsExactlyInAnyOrderElementsOf(sources);
    }

    /** A page has a hundred items; an account of its own, so that no others are among them. */
    @Test
    void topicsComeInPages() {
        var account = Clients.sns(Topiq.ENDPOINT, Names.uniqueAccount());
        var arns = new HashSet<String>();
        for (int n = 0; n < 101; n++) {
            arns.add(createTopic(account, Names.unique(), Map.of()));
        }
        var pages = account.listTopicsPaginator();
        assertThat(pages).extracting(page -> page.topics().size()).containsExactly(100, 1);
        assertThat(pages.topics().stream().map(Topic::topicArn).collect(Collectors.toSet()))
                .isEqualTo(arns);
    }

    @Test
    void subscriptionsComeInPages() {
        var number = Names.uniqueAccount();
        var account = Clients.sns(Topiq.ENDPOINT, number);
        var topic = createTopic(account, Names.unique(), Map.of());
        var other = createTopic(account, Names.unique(), Map.of());
        var arns = new HashSet<String>();
        for (int n = 0; n < 101; n++) {
            var queue = "arn:aws:sqs:us-east-1:" + number + ":queue-" + n;
            arns.add(account.subscribe(r -> r.topicArn(topic).protocol("sqs").endpoint(queue))
                    .subscriptionArn());
        }
        var queue = "arn:aws:sqs:us-east-1:" + number + ":queue";
        account.subscribe(r -> r.topicArn(other).protocol("sqs").endpoint(queue));

        var byTopic = account.listSubscriptionsByTopicPaginator(r -> r.topicArn(topic));
        assertThat(byTopic).extracting(page -> page.subscriptions().size()).containsExactly(100, 1);
        assertThat(byTopic.subscriptions().stream()
                        .map(Subscription::subscriptionArn)
                        .collect(Collectors.toSet()))
                .isEqualTo(arns);
        assertThat(account.listSubscriptionsPaginator().subscriptions()).hasSize(102);
    }
}

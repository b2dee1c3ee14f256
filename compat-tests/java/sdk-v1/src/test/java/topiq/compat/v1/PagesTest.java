package topiq.compat.v1;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.sqs.model.ListDeadLetterSourceQueuesRequest;
import com.amazonaws.services.sqs.model.ListQueuesRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import topiq.compat.Names;
import topiq.compat.Topiq;

/** This SDK has no paginators: its users follow the tokens. */
class PagesTest extends Story {

    @Test
    void queuesComeInPages() {
        var prefix = Names.unique();
        var urls = new HashSet<String>();
        for (int n = 0; n < 5; n++) {
            urls.add(createQueue(sqs, prefix + "-" + n, Map.of()));
        }
        var found = new ArrayList<String>();
        var request = new ListQueuesRequest(prefix).withMaxResults(2);
        do {
            var page = sqs.listQueues(request);
            assertThat(page.getQueueUrls()).hasSizeBetween(1, 2);
            found.addAll(page.getQueueUrls());
            request.setNextToken(page.getNextToken());
        } while (request.getNextToken() != null);
        assertThat(found).containsExactlyInAnyOrderElementsOf(urls);
    }

    @Test
    void sourcesOfADeadLetterQueueComeInPages() {
        var deadLetters = createQueue();
        createSource(deadLetters, 1);
        createSource(deadLetters, 1);
        var request = new ListDeadLetterSourceQueuesRequest().withQueueUrl(deadLetters).withMaxResults(1);
        var first = sqs.listDeadLetterSourceQueues(request);
        var second = sqs.listDeadLetterSourceQueues(request.withNextToken(first.getNextToken()));
        assertThat(first.getQueueUrls()).hasSize(1).doesNotContainAnyElementsOf(second.getQueueUrls());
        assertThat(second.getQueueUrls()).hasSize(1);
        assertThat(second.getNextToken()).isNull();
    }

    /** A page has a hundred items; an account of its own, so that no others are among them. */
    @Test
    void topicsAndSubscriptionsComeInPages() {
        var number = Names.uniqueAccount();
        var account = Clients.sns(Topiq.ENDPOINT, number);
        var last = "";
        for (int n = 0; n < 101; n++) {
            last = createTopic(account, Names.unique(), Map.of());
        }
        var first = account.listTopics();
        assertThat(first.getTopics()).hasSize(100);
        var second = account.listTopics(first.getNextToken());
        assertThat(second.getTopics()).hasSize(1).doesNotContainAnyElementsOf(first.getTopics());
        assertThat(second.getNextToken()).isNull();

        for (int n = 0; n < 101; n++) {
            account.subscribe(last, "sqs", "arn:aws:sqs:us-east-1:" + number + ":queue-" + n);
        }
        var some = account.listSubscriptionsByTopic(last);
        assertThat(some.getSubscriptions()).hasSize(100);
        var rest = account.listSubscriptionsByTopic(last, some.getNextToken());
        assertThat(rest.getSubscriptions()).hasSize(1).doesNotContainAnyElementsOf(some.getSubscriptions());
        assertThat(account.listSubscriptions(account.listSubscriptions().getNextToken())
                        .getSubscriptions())
                .hasSize(1);
    }
}

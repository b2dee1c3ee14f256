package topiq.compat.v2.asynchronous;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sns.model.Topic;
import topiq.compat.Names;
import topiq.compat.Topiq;
import topiq.compat.v2.Clients;
import topiq.compat.v2.Story;

/** The asynchronous client's paginators are reactive streams. */
class PublishersTest extends Story {

    @Test
    void queuesArePublishedPageByPage() {
        var prefix = Names.unique();
        var urls = new HashSet<String>();
        for (int n = 0; n < 5; n++) {
            urls.add(createQueue(sqs, prefix + "-" + n, Map.of()));
        }
        try (var client = Clients.sqsAsync(Topiq.ENDPOINT)) {
            var pages = client.listQueuesPaginator(r -> r.queueNamePrefix(prefix).maxResults(2));
            var sizes = new ConcurrentLinkedQueue<Integer>();
            pages.subscribe(page -> sizes.add(page.queueUrls().size())).join();
            assertThat(sizes).containsExactly(2, 2, 1);
            var found = new ConcurrentLinkedQueue<String>();
            pages.queueUrls().subscribe(found::add).join();
            assertThat(found).containsExactlyInAnyOrderElementsOf(urls);
        }
    }

    @Test
    void topicsArePublishedOverPages() {
        var account = Names.uniqueAccount();
        try (var client = Clients.snsAsync(Topiq.ENDPOINT, account)) {
            var arns = new HashSet<String>();
            for (int n = 0; n < 101; n++) {
                arns.add(createTopic(Clients.sns(Topiq.ENDPOINT, account), Names.unique(), Map.of()));
            }
            var found = new ConcurrentLinkedQueue<String>();
            client.listTopicsPaginator()
                    .topics()
                    .map(Topic::topicArn)
                    .subscribe(found::add)
                    .join();
            assertThat(found).containsExactlyInAnyOrderElementsOf(arns);
        }
    }
}

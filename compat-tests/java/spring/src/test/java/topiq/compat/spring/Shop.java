package topiq.compat.spring;

import io.awspring.cloud.sqs.config.SqsMessageListenerContainerFactory;
import io.awspring.cloud.sqs.listener.errorhandler.ImmediateRetryAsyncErrorHandler;
import java.time.Duration;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/** The application under test: a shop whose orders come and go by queues and topics. */
@SpringBootApplication
class Shop {

    /** So that listeners stop soon. */
    private static final Duration POLL = Duration.ofSeconds(2);

    /** The factory for listeners that name none. */
    @Bean
    SqsMessageListenerContainerFactory<Object> defaultSqsListenerContainerFactory(SqsAsyncClient client) {
        return SqsMessageListenerContainerFactory.builder()
                .sqsAsyncClient(client)
                .configure(options -> options.pollTimeout(POLL))
                .build();
    }

    /** Makes a failed message visible again at once. */
    @Bean
    SqsMessageListenerContainerFactory<Object> retryingFactory(SqsAsyncClient client) {
        return SqsMessageListenerContainerFactory.builder()
                .sqsAsyncClient(client)
                .configure(options -> options.pollTimeout(POLL))
                .errorHandler(new ImmediateRetryAsyncErrorHandler<>())
                .build();
    }
}

package topiq.compat.v2;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsAsyncClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsAsyncClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeAsyncClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.schemas.SchemasAsyncClient;
import software.amazon.awssdk.services.schemas.SchemasClient;
import software.amazon.awssdk.services.sns.SnsAsyncClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import topiq.compat.Topiq;

/** Makes clients as a user does. The stories use the synchronous ones, or the asynchronous ones in their place. */
public final class Clients {

    private static final boolean IS_ASYNC = System.getProperty("compat.client", "sync").equals("async");

    /** Enough for 64 producers and 64 consumers, whose long polls each hold a connection. */
    private static final int CONNECTIONS = 256;

    /** A busy machine is no failure. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final SdkHttpClient HTTP = Apache5HttpClient.builder()
            .maxConnections(CONNECTIONS)
            .connectionAcquisitionTimeout(PATIENCE)
            .connectionTimeout(PATIENCE)
            .socketTimeout(PATIENCE)
            .build();

    private static final SdkAsyncHttpClient ASYNC_HTTP = NettyNioAsyncHttpClient.builder()
            .maxConcurrency(CONNECTIONS)
            .connectionAcquisitionTimeout(PATIENCE)
            .connectionTimeout(PATIENCE)
            .readTimeout(PATIENCE)
            .build();

    private Clients() {}

    public static SqsClient sqs(String endpoint) {
        return IS_ASYNC
                ? Awaiting.of(SqsClient.class, SqsAsyncClient.class, sqsAsync(endpoint))
                : called(SqsClient.builder(), endpoint, Topiq.ACCOUNT).httpClient(HTTP).build();
    }

    public static SnsClient sns(String endpoint, String account) {
        return IS_ASYNC
                ? Awaiting.of(SnsClient.class, SnsAsyncClient.class, snsAsync(endpoint, account))
                : called(SnsClient.builder(), endpoint, account).httpClient(HTTP).build();
    }

    public static EventBridgeClient events() {
        return either(
                EventBridgeClient.class,
                EventBridgeClient.builder(),
                EventBridgeAsyncClient.class,
                EventBridgeAsyncClient.builder());
    }

    public static SchemasClient schemas() {
        return either(
                SchemasClient.class, SchemasClient.builder(), SchemasAsyncClient.class, SchemasAsyncClient.builder());
    }

    public static CloudWatchLogsClient logs() {
        return either(
                CloudWatchLogsClient.class,
                CloudWatchLogsClient.builder(),
                CloudWatchLogsAsyncClient.class,
                CloudWatchLogsAsyncClient.builder());
    }

    private static <
                    S,
                    SB extends AwsClientBuilder<SB, S> & AwsSyncClientBuilder<SB, S>,
                    A,
                    AB extends AwsClientBuilder<AB, A> & AwsAsyncClientBuilder<AB, A>>
            S either(Class<S> syncInterface, SB syncBuilder, Class<A> asyncInterface, AB asyncBuilder) {
        return IS_ASYNC
                ? Awaiting.of(
                        syncInterface,
                        asyncInterface,
                        called(asyncBuilder, Topiq.ENDPOINT, Topiq.ACCOUNT).httpClient(ASYNC_HTTP).build())
                : called(syncBuilder, Topiq.ENDPOINT, Topiq.ACCOUNT).httpClient(HTTP).build();
    }

    public static SqsAsyncClient sqsAsync(String endpoint) {
        return called(SqsAsyncClient.builder(), endpoint, Topiq.ACCOUNT).httpClient(ASYNC_HTTP).build();
    }

    public static SnsAsyncClient snsAsync(String endpoint, String account) {
        return called(SnsAsyncClient.builder(), endpoint, account).httpClient(ASYNC_HTTP).build();
    }

    /** No retries: a failure hidden by a retry is still a failure. */
    public static <B extends AwsClientBuilder<B, C>, C> B called(B builder, String endpoint, String account) {
        return builder.endpointOverride(URI.create(endpoint))
                .region(Region.of(Topiq.REGION))
                .credentialsProvider(credentials(account))
                .overrideConfiguration(settings -> settings.retryStrategy(AwsRetryStrategy.doNotRetry()));
    }

    private static AwsCredentialsProvider credentials(String account) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(account, Topiq.SECRET_KEY));
    }
}

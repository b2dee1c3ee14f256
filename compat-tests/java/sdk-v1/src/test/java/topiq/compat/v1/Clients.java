package topiq.compat.v1;

import com.amazonaws.ClientConfiguration;
import com.amazonaws.auth.AWSCredentialsProvider;
import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.retry.PredefinedRetryPolicies;
import com.amazonaws.services.sns.AmazonSNS;
import com.amazonaws.services.sns.AmazonSNSClientBuilder;
import com.amazonaws.services.sqs.AmazonSQS;
import com.amazonaws.services.sqs.AmazonSQSAsync;
import com.amazonaws.services.sqs.AmazonSQSAsyncClientBuilder;
import com.amazonaws.services.sqs.AmazonSQSClientBuilder;
import topiq.compat.Topiq;

/** Makes clients as a user does. */
final class Clients {

    /** The protocol of this version for SQS; for SNS all speak Query. */
    static final boolean IS_QUERY = System.getProperty("compat.protocol", "query").equals("query");

    private Clients() {}

    static AmazonSQS sqs(String endpoint) {
        return AmazonSQSClientBuilder.standard()
                .withEndpointConfiguration(at(endpoint))
                .withCredentials(of(Topiq.ACCOUNT))
                .withClientConfiguration(settings())
                .build();
    }

    static AmazonSQSAsync sqsAsync(String endpoint) {
        return AmazonSQSAsyncClientBuilder.standard()
                .withEndpointConfiguration(at(endpoint))
                .withCredentials(of(Topiq.ACCOUNT))
                .withClientConfiguration(settings())
                .build();
    }

    static AmazonSNS sns(String endpoint, String account) {
        return AmazonSNSClientBuilder.standard()
                .withEndpointConfiguration(at(endpoint))
                .withCredentials(of(account))
                .withClientConfiguration(settings())
                .build();
    }

    private static EndpointConfiguration at(String endpoint) {
        return new EndpointConfiguration(endpoint, Topiq.REGION);
    }

    private static AWSCredentialsProvider of(String account) {
        return new AWSStaticCredentialsProvider(new BasicAWSCredentials(account, Topiq.SECRET_KEY));
    }

    /**
     * No retries: a failure hidden by a retry is still a failure. Connections for 64 producers and 64 consumers, and
     * patience, because a busy machine is no failure.
     */
    private static ClientConfiguration settings() {
        return new ClientConfiguration()
                .withRetryPolicy(PredefinedRetryPolicies.NO_RETRY_POLICY)
                .withMaxConnections(256)
                .withConnectionTimeout(60_000)
                .withSocketTimeout(60_000);
    }
}

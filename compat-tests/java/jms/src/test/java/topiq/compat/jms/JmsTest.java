package topiq.compat.jms;

import static com.amazon.sqs.javamessaging.SQSMessagingClientConstants.JMSX_DELIVERY_COUNT;
import static com.amazon.sqs.javamessaging.SQSMessagingClientConstants.JMSX_GROUP_ID;
import static com.amazon.sqs.javamessaging.SQSMessagingClientConstants.JMS_SQS_DEDUPLICATION_ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static topiq.compat.Eventually.eventuallyTrue;

import com.amazon.sqs.javamessaging.ProviderConfiguration;
import com.amazon.sqs.javamessaging.SQSConnection;
import com.amazon.sqs.javamessaging.SQSConnectionFactory;
import com.amazon.sqs.javamessaging.SQSSession;
import jakarta.jms.BytesMessage;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.Serializable;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import topiq.compat.Names;
import topiq.compat.Topiq;

/** SQS's queues as those of a JMS provider. */
class JmsTest {

    private static final long PATIENCE_MILLIS = 30_000;

    private final SqsClient sqs = SqsClient.builder()
            .endpointOverride(URI.create(Topiq.ENDPOINT))
            .region(Region.of(Topiq.REGION))
            .credentialsProvider(StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(Topiq.ACCOUNT, Topiq.SECRET_KEY)))
            .build();
    private final List<String> created = new ArrayList<>();
    private SQSConnection connection;

    @BeforeEach
    void connect() throws JMSException {
        connection = new SQSConnectionFactory(new ProviderConfiguration(), sqs).createConnection();
        connection.start();
    }

    @AfterEach
    void disconnect() throws JMSException {
        connection.close();
        created.forEach(url -> sqs.deleteQueue(r -> r.queueUrl(url)));
        sqs.close();
    }

    @Test
    void aTextAndItsPropertiesComeBack() throws JMSException {
        var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        var queue = session.createQueue(createQueue());
        var sent = session.createTextMessage("é 😀 <&>");
        sent.setStringProperty("text", "ö");
        sent.setBooleanProperty("yes", true);
        sent.setIntProperty("number", -7);
        sent.setDoubleProperty("fraction", 2.5);
        session.createProducer(queue).send(sent);
        assertThat(sent.getJMSMessageID()).startsWith("ID:");

        var received = (TextMessage) session.createConsumer(queue).receive(PATIENCE_MILLIS);
        assertThat(received.getText()).isEqualTo("é 😀 <&>");
        assertThat(received.getJMSMessageID()).isEqualTo(sent.getJMSMessageID());
        assertThat(received.getStringProperty("text")).isEqualTo("ö");
        assertThat(received.getBooleanProperty("yes")).isTrue();
        assertThat(received.getIntProperty("number")).isEqualTo(-7);
        assertThat(received.getDoubleProperty("fraction")).isEqualTo(2.5);
        assertThat(received.getIntProperty(JMSX_DELIVERY_COUNT)).isEqualTo(1);
        assertThat(received.getJMSRedelivered()).isFalse();
    }

    @Test
    void bytesAndObjectsComeBack() throws JMSException {
        var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        var queue = session.createQueue(createQueue());
        var producer = session.createProducer(queue);
        var consumer = session.createConsumer(queue);

        var bytes = session.createBytesMessage();
        bytes.writeBytes(new byte[] {0, 127, -128, -1});
        producer.send(bytes);
        var received = (BytesMessage) consumer.receive(PATIENCE_MILLIS);
        var content = new byte[(int) received.getBodyLength()];
        received.readBytes(content);
        assertThat(content).containsExactly(0, 127, -128, -1);

        var list = new ArrayList<>(List.of("a", "b"));
        producer.send(session.createObjectMessage((Serializable) list));
        assertThat(((ObjectMessage) consumer.receive(PATIENCE_MILLIS)).getObject()).isEqualTo(list);
    }

    @Test
    void aListenerGetsAllAndTheyAreDeleted() throws JMSException {
        var name = createQueue();
        var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        var queue = session.createQueue(name);
        Queue<String> received = new ConcurrentLinkedQueue<>();
        session.createConsumer(queue).setMessageListener(message -> received.add(text(message)));
        var sending = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        var producer = sending.createProducer(queue);
        for (int n = 0; n < 20; n++) {
            producer.send(sending.createTextMessage("" + n));
        }
        eventuallyTrue("all messages come", () -> received.size() == 20);
        eventuallyTrue("they are deleted", () -> isEmpty(name));
        assertThat(received).doesNotHaveDuplicates();
    }

    @Test
    void anUnacknowledgedMessageComesAgain() throws JMSException {
        var name = createQueue();
        var session = connection.createSession(false, Session.CLIENT_ACKNOWLEDGE);
        var queue = session.createQueue(name);
        session.createProducer(queue).send(session.createTextMessage("again"));
        var consumer = session.createConsumer(queue);
        assertThat(text(consumer.receive(PATIENCE_MILLIS))).isEqualTo("again");

        session.recover();
        var again = consumer.receive(PATIENCE_MILLIS);
        assertThat(text(again)).isEqualTo("again");
        assertThat(again.getJMSRedelivered()).isTrue();
        assertThat(again.getIntProperty(JMSX_DELIVERY_COUNT)).isEqualTo(2);
        again.acknowledge();
        eventuallyTrue("it is deleted", () -> isEmpty(name));
    }

    @Test
    void eachMayBeAcknowledgedAlone() throws JMSException {
        var name = createQueue();
        var session = connection.createSession(false, SQSSession.UNORDERED_ACKNOWLEDGE);
        var queue = session.createQueue(name);
        var producer = session.createProducer(queue);
        producer.send(session.createTextMessage("kept"));
        producer.send(session.createTextMessage("done"));
        var consumer = session.createConsumer(queue);
        for (int n = 0; n < 2; n++) {
            var message = consumer.receive(PATIENCE_MILLIS);
            if (text(message).equals("done")) {
                message.acknowledge();
            }
        }
        consumer.close();
        assertThat(attribute(name, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .isEqualTo("1");
    }

    @Test
    void aFifoQueueKeepsOrderAndDropsDuplicates() throws JMSException {
        var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        var queue = session.createQueue(createQueue(
                Names.uniqueFifo(), Map.of(QueueAttributeName.FIFO_QUEUE, "true")));
        var producer = session.createProducer(queue);
        for (var text : List.of("a", "b", "a again", "c")) {
            var message = session.createTextMessage(text);
            message.setStringProperty(JMSX_GROUP_ID, "g");
            message.setStringProperty(JMS_SQS_DEDUPLICATION_ID, text.substring(0, 1));
            producer.send(message);
        }
        var consumer = session.createConsumer(queue);
        assertThat(List.of(next(consumer), next(consumer), next(consumer))).containsExactly("a", "b", "c");
        assertThat(consumer.receive(1000)).isNull();
    }

    @Test
    void aMissingQueueIsAnInvalidDestination() throws JMSException {
        var session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        var missing = Names.unique();
        assertThatThrownBy(() -> session.createQueue(missing)).isInstanceOf(InvalidDestinationException.class);
        assertThat(connection.getWrappedAmazonSQSClient().queueExists(missing)).isFalse();
        assertThat(connection.getWrappedAmazonSQSClient().queueExists(createQueue())).isTrue();
    }

    private String createQueue() {
        return createQueue(Names.unique(), Map.of());
    }

    /** Creates a queue and returns its name. */
    private String createQueue(String name, Map<QueueAttributeName, String> attributes) {
        created.add(sqs.createQueue(r -> r.queueName(name).attributes(attributes)).queueUrl());
        return name;
    }

    private String attribute(String name, QueueAttributeName attribute) {
        var url = sqs.getQueueUrl(r -> r.queueName(name)).queueUrl();
        return sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNames(attribute))
                .attributes()
                .get(attribute);
    }

    /** Visible or in flight. */
    private boolean isEmpty(String name) {
        return attribute(name, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES).equals("0")
                && attribute(name, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE).equals("0");
    }

    private static String next(MessageConsumer consumer) throws JMSException {
        return text(consumer.receive(PATIENCE_MILLIS));
    }

    private static String text(Message message) {
        try {
            return ((TextMessage) message).getText();
        } catch (JMSException failure) {
            throw new AssertionError(failure);
        }
    }
}

//! How subscriptions are confirmed and ended, through sockets: with an HTTP endpoint, with a queue of another account,
//! with mailboxes; and more of them than a page holds.

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use topiq::services::sns::limits::FILTER_POLICIES;

use crate::support::{Answer, Host, Request};

const TOPIC: &str = "arn:aws:sns:us-east-1:000000000000:t";
const OWNER: &str = "000000000000";

/// Calls an action of SNS for an account.
async fn call(host: &Host, account: &str, form: &str) -> Answer {
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={account}/20260102/us-east-1/sns/aws4_request, SignedHeaders=host, Signature=0"
    );
    let request = Request::query(form).header("Authorization", &authorization);
    host.ask(&request).await
}

async fn host_with_topic() -> Host {
    let host = Host::start().await;
    let answer = call(&host, OWNER, "Action=CreateTopic&Name=t").await;
    assert_eq!(answer.element("TopicArn"), Some(TOPIC));
    host
}

async fn subscribe(host: &Host, protocol: &str, endpoint: &str) -> String {
    let form = format!(
        "Action=Subscribe&TopicArn={TOPIC}&Protocol={protocol}&Endpoint={endpoint}&ReturnSubscriptionArn=true"
    );
    let answer = call(host, OWNER, &form).await;
    let arn = answer.element("SubscriptionArn");
    arn.unwrap_or_else(|| panic!("{answer:?}")).to_owned()
}

/// An attribute of a subscription; `None` when there is no such subscription.
async fn attribute(host: &Host, arn: &str, name: &str) -> Option<String> {
    let form = format!("Action=GetSubscriptionAttributes&SubscriptionArn={arn}");
    let answer = call(host, OWNER, &form).await;
    let (_, rest) = answer.body.split_once(&format!("<key>{name}</key>"))?;
    let (_, rest) = rest.split_once("<value>")?;
    Some(rest.split_once("</value>")?.0.to_owned())
}

/// Follows a link as a subscriber does: unsigned, and with the host in the link.
async fn follow(host: &Host, link: &str) -> Answer {
    let target = link
        .strip_prefix("http://localhost:4566")
        .unwrap_or_else(|| panic!("a link to this server: {link}"));
    let request = Request::new(&format!("GET {target}")).header("Authorization", "none");
    host.ask(&request).await
}

/// An HTTP endpoint that answers every request with success.
struct Receiver {
    listener: TcpListener,
    url: String,
}

/// A request that an endpoint got.
struct Received {
    head: String,
    body: Value,
}

impl Receiver {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let url = format!("http://{address}/hook");
        Self { listener, url }
    }

    async fn receive(&self) -> Received {
        let (mut stream, _) = self.listener.accept().await.expect("a connection");
        let mut bytes = Vec::new();
        loop {
            stream.read_buf(&mut bytes).await.expect("a request");
            let text = std::str::from_utf8(&bytes).expect("it is UTF-8");
            let Some((head, body)) = text.split_once("\r\n\r\n") else {
                continue;
            };
            let length = header(head, "Content-Length").expect("a length");
            if body.len() == length.parse::<usize>().expect("a number") {
                let received = Received {
                    head: head.to_owned(),
                    body: serde_json::from_str(body).expect("JSON"),
                };
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                stream.write_all(answer).await.expect("it reads the answer");
                return received;
            }
        }
    }
}

impl Received {
    fn header(&self, name: &str) -> Option<&str> {
        header(&self.head, name)
    }

    fn text(&self, member: &str) -> &str {
        self.body[member].as_str().unwrap_or_default()
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut headers = head.lines().filter_map(|line| line.split_once(": "));
    headers
        .find(|(other, _)| other.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

#[tokio::test]
async fn http_endpoints_confirm_by_one_link_and_object_by_another() {
    let host = host_with_topic().await;
    let receiver = Receiver::start().await;
    let arn = subscribe(&host, "http", &receiver.url).await;

    let asked = receiver.receive().await;
    assert!(asked.head.starts_with("POST /hook HTTP/1.1\r\n"));
    let kind = Some("SubscriptionConfirmation");
    assert_eq!(asked.header("x-amz-sns-message-type"), kind);
    assert_eq!(asked.header("x-amz-sns-topic-arn"), Some(TOPIC));
    assert_eq!(
        asked.header("x-amz-sns-message-id"),
        Some(asked.text("MessageId"))
    );
    assert_eq!(asked.header("x-amz-sns-subscription-arn"), None);
    let plain = Some("text/plain; charset=UTF-8");
    assert_eq!(asked.header("Content-Type"), plain);
    assert_eq!(Some(asked.text("Type")), kind);
    assert_eq!(asked.text("Token").len(), 288);
    assert_eq!(asked.text("Timestamp"), "2026-01-02T03:04:05.678Z");
    let certificate = follow(&host, asked.text("SigningCertURL")).await;
    assert!(certificate.body.starts_with("-----BEGIN CERTIFICATE-----"));

    let pending = attribute(&host, &arn, "PendingConfirmation").await;
    assert_eq!(pending.as_deref(), Some("true"));
    let confirmed = follow(&host, asked.text("SubscribeURL")).await;
    assert_eq!(confirmed.element("SubscriptionArn"), Some(&*arn));
    let pending = attribute(&host, &arn, "PendingConfirmation").await;
    assert_eq!(pending.as_deref(), Some("false"));

    let unsubscribe = format!("http://localhost:4566/?Action=Unsubscribe&SubscriptionArn={arn}");
    assert_eq!(follow(&host, &unsubscribe).await.status(), 200);
    assert_eq!(attribute(&host, &arn, "Owner").await, None);
    let farewell = receiver.receive().await;
    assert_eq!(
        farewell.header("x-amz-sns-message-type"),
        Some("UnsubscribeConfirmation")
    );
    assert_eq!(farewell.header("x-amz-sns-subscription-arn"), Some(&*arn));
    assert_eq!(farewell.header("Content-Type"), plain);
    assert_ne!(farewell.text("Token"), asked.text("Token"));
    assert!(farewell.text("Message").contains(&arn));

    let restored = follow(&host, farewell.text("SubscribeURL")).await;
    assert_eq!(restored.element("SubscriptionArn"), Some(&*arn));
    assert_eq!(
        attribute(&host, &arn, "Owner").await.as_deref(),
        Some(OWNER)
    );
}

#[tokio::test]
async fn subscribing_a_pending_endpoint_again_sends_another_request() {
    let host = host_with_topic().await;
    let receiver = Receiver::start().await;
    let arn = subscribe(&host, "http", &receiver.url).await;
    let first = receiver.receive().await;
    assert_eq!(subscribe(&host, "http", &receiver.url).await, arn);
    let second = receiver.receive().await;
    assert_ne!(first.text("MessageId"), second.text("MessageId"));
    // Both messages confirm.
    let confirmed = follow(&host, first.text("SubscribeURL")).await;
    assert_eq!(confirmed.element("SubscriptionArn"), Some(&*arn));
    let confirmed = follow(&host, second.text("SubscribeURL")).await;
    assert_eq!(confirmed.element("SubscriptionArn"), Some(&*arn));
}

#[tokio::test]
async fn queues_of_other_accounts_get_the_confirmation_as_a_message() {
    const QUEUE_OWNER: &str = "123456789012";
    let host = host_with_topic().await;
    let as_queue_owner = |action: &str, input: &str| {
        let authorization =
            crate::support::AUTHORIZATION.replace("=test/", &format!("={QUEUE_OWNER}/"));
        Request::json(action, input).header("Authorization", &authorization)
    };
    let fifo_topic = "Action=CreateTopic&Name=t.fifo&Attributes.entry.1.key=FifoTopic&Attributes.entry.1.value=true";
    assert_eq!(call(&host, OWNER, fifo_topic).await.status(), 200);
    for (name, topic, attributes) in [
        ("q", "t", "{}"),
        ("q.fifo", "t.fifo", r#"{"FifoQueue":"true"}"#),
    ] {
        let input = format!(r#"{{"QueueName":"{name}","Attributes":{attributes}}}"#);
        let created = host.ask(&as_queue_owner("CreateQueue", &input)).await;
        let url = created.value()["QueueUrl"].clone();
        let form = format!(
            "Action=Subscribe&TopicArn=arn:aws:sns:us-east-1:{OWNER}:{topic}&Protocol=sqs&Endpoint=arn:aws:sqs:us-east-1:{QUEUE_OWNER}:{name}"
        );
        let answer = call(&host, OWNER, &form).await;
        assert_eq!(
            answer.element("SubscriptionArn"),
            Some("pending confirmation")
        );
        let receive = as_queue_owner("ReceiveMessage", &format!(r#"{{"QueueUrl":{url}}}"#));
        let received = host.ask(&receive).await.value();
        let body = received["Messages"][0]["Body"].as_str().expect("a message");
        let body: Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["Type"], "SubscriptionConfirmation");
        let confirmed = follow(&host, body["SubscribeURL"].as_str().unwrap()).await;
        let arn = confirmed.element("SubscriptionArn").expect("confirmed");
        let pending = attribute(&host, arn, "PendingConfirmation").await;
        assert_eq!(pending.as_deref(), Some("false"));
    }
}

#[tokio::test]
async fn confirmation_mails_are_kept_for_tests() {
    let host = host_with_topic().await;
    let mail = subscribe(&host, "email", "a@example.com").await;
    let json = subscribe(&host, "email-json", "a@example.com").await;
    let request = Request::new("GET /_topiq/sns/deliveries");
    let deliveries = host.ask(&request).await.value()["Deliveries"].clone();
    assert_eq!(deliveries[0]["SubscriptionArn"], mail.as_str());
    assert_eq!(
        deliveries[0]["Subject"],
        "AWS Notification - Subscription Confirmation"
    );
    let text = deliveries[0]["Payload"].as_str().unwrap();
    let link = text.lines().find(|line| line.starts_with("http")).unwrap();
    let confirmed = follow(&host, link).await;
    assert_eq!(confirmed.element("SubscriptionArn"), Some(&*mail));
    let body: Value = serde_json::from_str(deliveries[1]["Payload"].as_str().unwrap()).unwrap();
    assert_eq!(deliveries[1]["SubscriptionArn"], json.as_str());
    assert_eq!(body["Type"], "SubscriptionConfirmation");
}

#[tokio::test]
async fn listings_have_pages_of_a_hundred() {
    let host = host_with_topic().await;
    for n in 0..101 {
        subscribe(&host, "sms", &format!("%2B1555{n:06}")).await;
    }
    for listing in [
        "Action=ListSubscriptions".to_owned(),
        format!("Action=ListSubscriptionsByTopic&TopicArn={TOPIC}"),
    ] {
        let first = call(&host, OWNER, &listing).await;
        assert_eq!(first.body.matches("<member>").count(), 100);
        let token = first.element("NextToken").expect("more to come");
        let second = call(&host, OWNER, &format!("{listing}&NextToken={token}")).await;
        assert_eq!(second.element("Endpoint"), Some("+1555000100"));
        assert_eq!(second.body.matches("<member>").count(), 1);
        assert_eq!(second.element("NextToken"), None);
    }
}

#[tokio::test]
async fn pages_go_on_over_topics_of_all_accounts() {
    const OTHER: &str = "111111111111";
    let host = Host::start().await;
    let mut expected = Vec::new();
    for (owner, name) in [(OWNER, "a"), (OWNER, "t"), (OTHER, "b")] {
        call(&host, owner, &format!("Action=CreateTopic&Name={name}")).await;
        let topic = format!("arn:aws:sns:us-east-1:{owner}:{name}");
        for n in 0..80 {
            let number = format!("+1555{n:06}");
            for subscriber in [OWNER, OTHER] {
                // A topic has one subscription of a number.
                if (n % 8 == 0) != (subscriber == OTHER) {
                    continue;
                }
                let endpoint = number.replace('+', "%2B");
                let form =
                    format!("Action=Subscribe&TopicArn={topic}&Protocol=sms&Endpoint={endpoint}");
                assert_eq!(call(&host, subscriber, &form).await.status(), 200);
                if subscriber == OWNER {
                    expected.push((topic.clone(), number.clone()));
                }
            }
        }
    }
    let (mut listed, mut counts, mut token) = (Vec::new(), Vec::new(), String::new());
    loop {
        let form = format!("Action=ListSubscriptions{token}");
        let answer = call(&host, OWNER, &form).await;
        let members: Vec<_> = answer.body.split("<member>").skip(1).collect();
        counts.push(members.len());
        let text = |member: &str, element: &str| {
            let (_, rest) = member.split_once(&format!("<{element}>")).expect(element);
            rest.split('<').next().unwrap_or_default().to_owned()
        };
        let shown = members.iter();
        listed.extend(shown.map(|member| (text(member, "TopicArn"), text(member, "Endpoint"))));
        let Some(next) = answer.element("NextToken") else {
            break;
        };
        token = format!(
            "&NextToken={}",
            next.replace('=', "%3D").replace('+', "%2B")
        );
    }
    assert_eq!(listed, expected);
    assert_eq!(counts, [100, 100, 10]);
}

#[tokio::test]
async fn fifo_topics_have_a_hundred_subscriptions() {
    let host = Host::start().await;
    let create = "Action=CreateTopic&Name=t.fifo&Attributes.entry.1.key=FifoTopic&Attributes.entry.1.value=true";
    call(&host, OWNER, create).await;
    for n in 0..=100 {
        let form = format!(
            "Action=Subscribe&TopicArn={TOPIC}.fifo&Protocol=sqs&Endpoint=arn:aws:sqs:us-east-1:{OWNER}:q{n}"
        );
        let answer = call(&host, OWNER, &form).await;
        let expected = if n < 100 {
            (200, None)
        } else {
            (403, Some("SubscriptionLimitExceeded"))
        };
        assert_eq!((answer.status(), answer.element("Code")), expected, "{n}");
    }
}

#[tokio::test]
async fn a_topic_has_a_maximum_of_filter_policies() {
    let host = host_with_topic().await;
    let subscribe = |n: usize, policy: &str| {
        format!(
            "Action=Subscribe&TopicArn={TOPIC}&Protocol=sqs&Endpoint=arn:aws:sqs:us-east-1:{OWNER}:q{n}&Attributes.entry.1.key=FilterPolicy&Attributes.entry.1.value={policy}"
        )
    };
    for n in 0..FILTER_POLICIES {
        let form = subscribe(n, r#"{"a":["b"]}"#);
        assert_eq!(call(&host, OWNER, &form).await.status(), 200);
    }
    let over = call(&host, OWNER, &subscribe(FILTER_POLICIES, r#"{"a":["b"]}"#)).await;
    assert_eq!(
        (over.status(), over.element("Code")),
        (403, Some("FilterPolicyLimitExceeded"))
    );
    let without = call(&host, OWNER, &subscribe(FILTER_POLICIES, "{}")).await;
    let arn = without.element("SubscriptionArn").expect("subscribed");
    let set = |arn: &str, policy: &str| {
        format!(
            "Action=SetSubscriptionAttributes&SubscriptionArn={arn}&AttributeName=FilterPolicy&AttributeValue={policy}"
        )
    };
    let over = call(&host, OWNER, &set(arn, r#"{"a":["b"]}"#)).await;
    assert_eq!(over.element("Code"), Some("FilterPolicyLimitExceeded"));
    // A subscription that has a policy may get another.
    let first = call(&host, OWNER, &subscribe(0, r#"{"a":["b"]}"#)).await;
    let first = first.element("SubscriptionArn").expect("subscribed");
    let other = call(&host, OWNER, &set(first, r#"{"c":["d"]}"#)).await;
    assert_eq!(other.status(), 200);
}

//! What became of a message, to those who ask: who got it, who did not and why, where it is now.

use std::slice;
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use topiq::{Config, services};

use crate::sqs::waiting::done;
use crate::support::{Answer, Host, Request};
use crate::time::Endpoint;

const QUEUES: &str = "arn:aws:sqs:us-east-1:000000000000";
const TOPIC: &str = "arn:aws:sns:us-east-1:000000000000:t";

async fn ask(host: &Host, target: &str) -> Answer {
    host.ask(&Request::new(&format!("GET /_topiq/traces{target}")))
        .await
}

/// What is told of the message with this id.
async fn told(host: &Host, id: &str) -> Value {
    let answer = ask(host, &format!("/{id}")).await;
    assert_eq!(answer.status(), 200, "{answer:?}");
    answer.value()
}

/// The sentences about it, without the moments before them.
async fn sentences(host: &Host, id: &str) -> Vec<String> {
    let told = told(host, id).await;
    let sentences = told["Sentences"].as_array().expect("a list").iter();
    let sentences = sentences.map(|sentence| {
        let sentence = sentence.as_str().expect("a text");
        let rest = sentence
            .strip_prefix("2026-")
            .and_then(|rest| rest.split_once(' '));
        rest.map_or(sentence, |(_, rest)| rest).to_owned()
    });
    sentences.collect()
}

async fn create_queue(host: &Host, name: &str, attributes: Value) {
    let input = json!({ "QueueName": name, "Attributes": attributes });
    done(host, "CreateQueue", input).await;
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value}"))
        .to_owned()
}

async fn send(host: &Host, input: Value) -> String {
    text(&done(host, "SendMessage", input).await["MessageId"])
}

async fn receive(host: &Host, queue: &str) -> Value {
    let input = json!({ "QueueUrl": queue });
    done(host, "ReceiveMessage", input).await["Messages"][0].clone()
}

async fn sns_as(host: &Host, account: &str, form: &[(&str, &str)]) -> Answer {
    let pairs: Vec<_> = form
        .iter()
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
        .collect();
    let credential = format!(
        "AWS4-HMAC-SHA256 Credential={account}/20260102/us-east-1/sns/aws4_request, SignedHeaders=host, Signature=0"
    );
    let request = Request::query(&pairs.join("&"))
        .header("Authorization", &credential)
        .header("User-Agent", "Boto3/1.44.5 md/Botocore#1.44.5");
    host.ask(&request).await
}

async fn sns(host: &Host, form: &[(&str, &str)]) -> Answer {
    let answer = sns_as(host, "000000000000", form).await;
    assert_eq!(answer.status(), 200, "{answer:?}");
    answer
}

async fn subscribe(host: &Host, queue: &str, attributes: &[(&str, &str)]) -> String {
    let endpoint = format!("{QUEUES}:{queue}");
    let names: Vec<_> = (1..=attributes.len())
        .map(|place| {
            let name = |part| format!("Attributes.entry.{place}.{part}");
            (name("key"), name("value"))
        })
        .collect();
    let mut form = vec![
        ("Action", "Subscribe"),
        ("TopicArn", TOPIC),
        ("Protocol", "sqs"),
        ("Endpoint", &endpoint),
    ];
    for ((key, value), (name, text)) in names.iter().zip(attributes) {
        form.extend([(&**key, *name), (&**value, *text)]);
    }
    let answer = sns(host, &form).await;
    let arn = answer.element("SubscriptionArn");
    arn.expect("an ARN").to_owned()
}

async fn publish(host: &Host, message: &str) -> String {
    let form = [
        ("Action", "Publish"),
        ("TopicArn", TOPIC),
        ("Message", message),
    ];
    let answer = sns(host, &form).await;
    answer.element("MessageId").expect("an id").to_owned()
}

async fn create_topic(host: &Host) {
    sns(host, &[("Action", "CreateTopic"), ("Name", "t")]).await;
}

#[tokio::test]
async fn a_message_is_followed_from_its_sending_to_its_deletion() {
    let host = Host::start().await;
    create_queue(&host, "q", json!({"VisibilityTimeout": "30"})).await;
    let id = send(&host, json!({"QueueUrl": "q", "MessageBody": "an order"})).await;
    let expected = format!("sent to the queue q by account 000000000000: message {id}");
    let now = format!(
        "Now: message {id} is ready in the queue q, and nobody has received it: does the consumer poll this queue, account and region?"
    );
    assert_eq!(sentences(&host, &id).await, [expected.clone(), now]);
    let shown = told(&host, &id).await;
    assert_eq!(shown["Messages"][0]["State"], "ready");
    assert_eq!(shown["Steps"][0]["Account"], "000000000000");

    let received = receive(&host, "q").await;
    let first = format!(
        "message {id} received from the queue q, for the 1st time, by account 000000000000: hidden until 2026-01-02T03:04:35.678Z"
    );
    let now = format!(
        "Now: message {id} is in flight from the queue q, received once and not deleted: hidden until 2026-01-02T03:04:35.678Z (in 30s). Its consumer deletes it, or it comes back then."
    );
    assert_eq!(
        sentences(&host, &id).await,
        [expected.clone(), first.clone(), now]
    );

    host.advance(Duration::from_secs(31)).await;
    let now = sentences(&host, &id).await.pop().unwrap();
    assert!(
        now.contains("is ready in the queue q again, received once"),
        "{now}"
    );

    let handle = &received["ReceiptHandle"];
    let hide = json!({"QueueUrl": "q", "ReceiptHandle": handle, "VisibilityTimeout": 0});
    done(&host, "ChangeMessageVisibility", hide).await;
    let delete = json!({"QueueUrl": "q", "ReceiptHandle": handle});
    done(&host, "DeleteMessage", delete.clone()).await;
    // Deleting what is gone is fine, and no step of the message's.
    done(&host, "DeleteMessage", delete).await;
    assert_eq!(
        sentences(&host, &id).await,
        [
            expected,
            first,
            format!("message {id} shown again in the queue q by account 000000000000"),
            format!("message {id} deleted from the queue q by account 000000000000"),
            format!("Now: message {id} is deleted: a consumer of the queue q has done with it."),
        ]
    );
}

#[tokio::test]
async fn the_end_of_a_message_is_told_however_it_came() {
    let host = Host::start().await;
    create_queue(&host, "short", json!({"MessageRetentionPeriod": "60"})).await;
    for name in ["purged", "gone"] {
        create_queue(&host, name, json!({})).await;
    }
    let mut ids = Vec::new();
    for queue in ["short", "purged", "gone"] {
        ids.push(send(&host, json!({"QueueUrl": queue, "MessageBody": "m"})).await);
    }
    done(&host, "PurgeQueue", json!({"QueueUrl": "purged"})).await;
    done(&host, "DeleteQueue", json!({"QueueUrl": "gone"})).await;
    host.clock.advance(Duration::from_mins(1)).await;
    let ends = [
        "has expired: the queue short keeps messages no longer (MessageRetentionPeriod).",
        "is deleted: the queue purged was purged.",
        "is gone with the queue gone, which was deleted.",
    ];
    for (id, end) in ids.iter().zip(ends) {
        let last = sentences(&host, id).await.pop().unwrap();
        assert_eq!(last, format!("Now: message {id} {end}"));
    }
}

#[tokio::test]
async fn a_dead_letter_is_followed_to_its_queue_and_back() {
    let host = Host::start().await;
    create_queue(&host, "dead", json!({})).await;
    let policy = json!({"deadLetterTargetArn": format!("{QUEUES}:dead"), "maxReceiveCount": 1});
    let attributes = json!({"VisibilityTimeout": "0", "RedrivePolicy": policy.to_string()});
    create_queue(&host, "q", attributes).await;
    let id = send(&host, json!({"QueueUrl": "q", "MessageBody": "poison"})).await;
    receive(&host, "q").await;
    assert_eq!(receive(&host, "q").await, Value::Null);
    let told = sentences(&host, &id).await;
    assert_eq!(
        told[2..],
        [
            format!(
                "message {id} moved from the queue q to its dead-letter queue dead: it had been received once (maxReceiveCount), and not deleted"
            ),
            format!(
                "Now: message {id} is in the dead-letter queue dead. Mend the consumer, and move it back: aws sqs start-message-move-task."
            ),
        ]
    );
    let task = json!({"SourceArn": format!("{QUEUES}:dead")});
    done(&host, "StartMessageMoveTask", task).await;
    host.server
        .advance(Duration::ZERO)
        .await
        .expect("a manual clock");
    let told = self::told(&host, &id).await;
    let new = text(&told["Messages"][1]["Id"]);
    assert_ne!(new, id);
    let states = [0, 1].map(|place| text(&told["Messages"][place]["State"]));
    assert_eq!(states, ["moved", "ready"]);
    // The lineage is the same by its new id.
    assert_eq!(self::told(&host, &new).await, told);
}

#[tokio::test]
async fn a_message_that_waits_names_the_one_that_blocks_its_group() {
    let host = Host::start().await;
    let attributes = json!({"FifoQueue": "true", "ContentBasedDeduplication": "true"});
    create_queue(&host, "q.fifo", attributes).await;
    let mut ids = Vec::new();
    for body in ["one", "two"] {
        let input = json!({"QueueUrl": "q.fifo", "MessageBody": body, "MessageGroupId": "g"});
        ids.push(send(&host, input).await);
    }
    receive(&host, "q.fifo").await;
    let [first, second] = [&ids[0], &ids[1]];
    let told = told(&host, second).await;
    assert_eq!(told["Messages"][0]["Behind"], json!(first));
    assert_eq!(
        sentences(&host, second).await.pop().unwrap(),
        format!(
            "Now: message {second} waits in the queue q.fifo, in the group g behind message {first}, which is in flight until 2026-01-02T03:04:35.678Z (in 30s): delete that one first."
        )
    );
    // A duplicate is told in the life of its original.
    let again = json!({"QueueUrl": "q.fifo", "MessageBody": "two", "MessageGroupId": "g"});
    assert_eq!(send(&host, again).await, *second);
    let dropped = sentences(&host, second).await.remove(1);
    assert!(
        dropped.starts_with("sent again to the queue q.fifo by account 000000000000, and dropped"),
        "{dropped}"
    );
}

#[tokio::test]
async fn a_nested_or_that_refused_a_message_is_named_by_its_leaf() {
    let host = Host::start().await;
    create_topic(&host).await;
    for queue in ["all", "some"] {
        create_queue(&host, queue, json!({})).await;
    }
    let all = subscribe(&host, "all", &[]).await;
    let policy = r#"{"$or":[{"kind":["gift"],"free":[true]},{"order":{"total":[{"numeric":[">",100]}],"paid":[true]}}]}"#;
    let attributes = [
        ("FilterPolicyScope", "MessageBody"),
        ("FilterPolicy", policy),
    ];
    let some = subscribe(&host, "some", &attributes).await;
    let id = publish(&host, r#"{"order":{"total":7,"paid":true}}"#).await;
    let received = receive(&host, "all").await;
    let delivered = text(&received["MessageId"]);
    // By any id of its life.
    for known in [&id, &delivered] {
        assert_eq!(
            sentences(&host, known).await[..3],
            [
                format!(
                    "published to the topic t by account 000000000000 (Boto3/1.44.5): message {id}"
                ),
                format!(
                    r#"not for {QUEUES}:some ({some}): filtered: order.total is 7, wanted is {{"numeric":[">",100]}}"#
                ),
                format!("delivered to {QUEUES}:all as message {delivered} ({all})"),
            ]
        );
    }
    // It was so then, whatever the policy and the subscription are now.
    let before = told(&host, &id).await["Withheld"].clone();
    sns(
        &host,
        &[
            ("Action", "SetSubscriptionAttributes"),
            ("SubscriptionArn", &some),
            ("AttributeName", "FilterPolicy"),
            ("AttributeValue", "{}"),
        ],
    )
    .await;
    assert_eq!(told(&host, &id).await["Withheld"], before);
    subscribe(&host, "late", &[("FilterPolicy", r#"{"a":["b"]}"#)]).await;
    sns(
        &host,
        &[("Action", "Unsubscribe"), ("SubscriptionArn", &some)],
    )
    .await;
    sns(&host, &[("Action", "DeleteTopic"), ("TopicArn", TOPIC)]).await;
    assert_eq!(told(&host, &id).await["Withheld"], before);
}

#[tokio::test]
async fn a_message_that_nobody_gets_says_so() {
    let host = Host::start().await;
    create_topic(&host).await;
    let id = publish(&host, "m").await;
    let last = sentences(&host, &id).await.remove(1);
    assert!(
        last.starts_with("Now: nobody has got it: the topic had no subscription"),
        "{last}"
    );
    sns(
        &host,
        &[
            ("Action", "Subscribe"),
            ("TopicArn", TOPIC),
            ("Protocol", "email"),
            ("Endpoint", "a@example.com"),
        ],
    )
    .await;
    let id = publish(&host, "m").await;
    let [_, pending, last] = &sentences(&host, &id).await[..] else {
        panic!("three sentences");
    };
    assert!(
        pending.starts_with("not for a@example.com (")
            && pending.ends_with("): the subscription is not confirmed"),
        "{pending}"
    );
    assert!(
        last.starts_with("Now: nobody has got it, for the reasons above."),
        "{last}"
    );
}

#[tokio::test]
async fn a_message_to_a_phone_is_told_without_a_topic() {
    let host = Host::start().await;
    let text = [
        ("Action", "Publish"),
        ("PhoneNumber", "+15555550100"),
        ("Message", "m"),
    ];
    let answer = sns(&host, &text).await;
    let id = answer.element("MessageId").expect("an id");
    let start = "published to +15555550100 by account 000000000000 (Boto3/1.44.5)";
    let end = "it is kept, since that is not on this machine: see the captured deliveries";
    assert_eq!(
        sentences(&host, id).await,
        [format!("{start}: message {id}; {end}")]
    );
}

#[tokio::test]
async fn a_denial_names_the_statement() {
    let host = Host::with(Config {
        services: services::Settings {
            enforce_policies: true,
            ..services::Settings::default()
        },
        ..Config::default()
    })
    .await;
    create_topic(&host).await;
    let statement = json!({
        "Sid": "OtherTopicsOnly", "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage", "Resource": format!("{QUEUES}:q"),
        "Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:us-east-1:000000000000:other"}},
    });
    let policy = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
    create_queue(&host, "q", json!({"Policy": policy})).await;
    let by = subscribe(&host, "q", &[]).await;
    let id = publish(&host, "m").await;
    let denied = sentences(&host, &id).await.remove(1);
    assert!(
        denied.starts_with(&format!(
            "not delivered to {QUEUES}:q ({by}): access denied: "
        )),
        "{denied}"
    );
    assert!(denied.contains("OtherTopicsOnly"), "{denied}");
    assert!(
        denied.ends_with("it is lost, there is no dead-letter queue"),
        "{denied}"
    );

    // A call that is denied has no id: it is found in the listing, and asked about by its number.
    let form = [("Action", "Publish"), ("TopicArn", TOPIC), ("Message", "m")];
    let refused = sns_as(&host, "111122223333", &form).await;
    assert_eq!(refused.status(), 403, "{refused:?}");
    let listed = ask(&host, "?topic=t&limit=1").await.value();
    let entry = &listed["Traces"][0];
    assert_eq!(entry["Id"], Value::Null);
    let told = sentences(&host, &entry["Sequence"].to_string()).await;
    assert!(
        told[0].starts_with(&format!(
            "SNS:Publish on {TOPIC} by account 111122223333 (Boto3/1.44.5) was denied: "
        )),
        "{told:?}"
    );
    assert!(
        told[1].starts_with("Now: nothing was accepted."),
        "{told:?}"
    );
}

#[tokio::test]
async fn a_delivery_over_http_lists_its_attempts() {
    let host = Host::start().await;
    create_queue(&host, "dead", json!({})).await;
    let endpoint = Endpoint::start(&host.clock).await;
    endpoint.subscribe(&host).await;
    endpoint.status.send_replace(Some(503));
    let id = publish(&host, "m").await;
    // Until its turn comes, that is all that there is to say.
    let begun = sentences(&host, &id).await.remove(1);
    assert!(
        begun.starts_with(&format!("on its way to {} (", endpoint.url)),
        "{begun}"
    );
    host.server
        .advance(Duration::from_mins(10))
        .await
        .expect("a manual clock");
    let told = sentences(&host, &id).await;
    let url = &endpoint.url;
    for (place, number) in [(2, "1st"), (3, "2nd"), (4, "3rd"), (5, "4th")] {
        let start = format!("{number} attempt at {url}: it answered 503 after ");
        assert!(told[place].starts_with(&start), "{told:?}");
        let is_again = told[place].contains("ms; another attempt is due at 2026-01-02T03:0");
        assert_eq!(is_again, place < 5, "{told:?}");
    }
    let dead = text(&receive(&host, "dead").await["MessageId"]);
    let end = format!("it answered 503; it moved to the dead-letter queue dead as message {dead}");
    assert!(told[6].ends_with(&end), "{told:?}");
    let steps = self::told(&host, &id).await["Steps"].clone();
    assert_eq!(steps[2]["Status"], json!(503));
    assert!(steps[2]["Milliseconds"].is_u64(), "{steps}");
    assert_eq!(steps[2]["Until"], json!("2026-01-02T03:04:25.678Z"));
    assert_eq!(steps[6]["As"], json!(dead));
    let now = &told[7];
    assert!(
        now.contains(&format!(
            "message {dead} is in the dead-letter queue dead. Mend the target"
        )),
        "{now}"
    );
}

#[tokio::test]
async fn an_event_is_followed_through_its_bus() {
    let host = Host::start().await;
    create_queue(&host, "q", json!({})).await;
    let events = async |action: &str, input: Value| {
        let request = Request::new("POST /")
            .header("X-Amz-Target", &format!("AWSEvents.{action}"))
            .body(input.to_string());
        let answer = host.ask(&request.signed_for("events")).await;
        assert_eq!(answer.status(), 200, "{answer:?}");
        answer.value()
    };
    for (rule, pattern) in [
        ("all", r#"{"source":["shop"]}"#),
        ("large", r#"{"detail":{"total":[{"numeric":[">",100]}]}}"#),
    ] {
        events("PutRule", json!({"Name": rule, "EventPattern": pattern})).await;
        let targets = json!([{"Id": "1", "Arn": format!("{QUEUES}:q")}]);
        events("PutTargets", json!({"Rule": rule, "Targets": targets})).await;
    }
    let entry = json!({"Source": "shop", "DetailType": "Ordered", "Detail": r#"{"total":7}"#});
    let put = events("PutEvents", json!({"Entries": [entry]})).await;
    let id = text(&put["Entries"][0]["EventId"]);
    // What is changed afterwards was not so then.
    events(
        "PutRule",
        json!({"Name": "large", "EventPattern": r#"{"source":["shop"]}"#}),
    )
    .await;
    events(
        "PutRule",
        json!({"Name": "late", "EventPattern": r#"{"source":["b"]}"#}),
    )
    .await;
    let delivered = text(&receive(&host, "q").await["MessageId"]);
    let rule = |name: &str| format!("arn:aws:events:us-east-1:000000000000:rule/{name}");
    let told = sentences(&host, &delivered).await;
    assert_eq!(
        told[..4],
        [
            format!("put by account 000000000000: event {id}"),
            format!("event {id} is on the bus default"),
            format!(
                r#"not for the targets of {}: detail.total is 7, wanted is {{"numeric":[">",100]}}"#,
                rule("large")
            ),
            format!(
                "delivered to {QUEUES}:q as message {delivered} ({})",
                rule("all")
            ),
        ]
    );

    let lost = json!({"Source": "s", "DetailType": "t", "Detail": "{}", "EventBusName": "nowhere"});
    let put = events("PutEvents", json!({"Entries": [lost]})).await;
    let told = sentences(&host, &text(&put["Entries"][0]["EventId"])).await;
    assert!(
        told[1].contains("is lost: the bus nowhere does not exist"),
        "{told:?}"
    );
}

#[tokio::test]
async fn lives_are_listed_newest_first_by_pages_and_filters() {
    let host = Host::start().await;
    create_topic(&host).await;
    for queue in ["a", "b"] {
        create_queue(&host, queue, json!({})).await;
    }
    subscribe(&host, "b", &[]).await;
    let first = send(&host, json!({"QueueUrl": "a", "MessageBody": "an apple"})).await;
    let second = publish(&host, "a pear").await;
    let third = send(&host, json!({"QueueUrl": "b", "MessageBody": "a plum"})).await;
    let listed = async |query: &str| {
        let answer = ask(&host, query).await;
        assert_eq!(answer.status(), 200, "{answer:?}");
        answer.value()
    };
    let ids = async |query: &str| {
        let listed = listed(query).await;
        let traces = listed["Traces"].as_array().unwrap().iter();
        traces.map(|one| text(&one["Id"])).collect::<Vec<_>>()
    };
    let [first, second, third] = [&first, &second, &third];
    assert_eq!(ids("").await, [third, second, first].map(String::clone));
    assert_eq!(ids("?queue=b").await, [third, second].map(String::clone));
    assert_eq!(
        ids(&format!("?queue={QUEUES}:a")).await,
        slice::from_ref(first)
    );
    assert_eq!(ids("?topic=t").await, slice::from_ref(second));
    assert_eq!(ids("?contains=pear").await, slice::from_ref(second));
    assert_eq!(
        ids(&format!("?message={first}")).await,
        slice::from_ref(first)
    );
    assert_eq!(ids("?bus=default").await, [""; 0]);
    assert_eq!(ids("?since=2030-01-01T00:00:00Z").await, [""; 0]);
    let page = listed("?limit=2").await;
    assert_eq!(page["More"], json!(true));
    let last = &page["Traces"][1]["Sequence"];
    assert_eq!(
        ids(&format!("?limit=2&before={last}")).await,
        slice::from_ref(first)
    );
    for (query, status) in [
        ("?limit=0", 400),
        ("?limit=1001", 400),
        ("?before=x", 400),
        ("?message=x", 400),
        ("?queeu=a", 400),
        ("/x", 400),
        ("/999999", 404),
        ("/00000000-0000-4000-8000-000000000000", 404),
    ] {
        assert_eq!(ask(&host, query).await.status(), status, "{query}");
    }
    host.ask(&Request::new("POST /_topiq/reset")).await;
    assert_eq!(ids("").await, [""; 0]);
}

#[tokio::test]
async fn nothing_is_kept_where_traces_are_off() {
    let host = Host::with(Config {
        services: services::Settings {
            traces: 0,
            ..services::Settings::default()
        },
        ..Config::default()
    })
    .await;
    create_queue(&host, "q", json!({})).await;
    let id = send(&host, json!({"QueueUrl": "q", "MessageBody": "m"})).await;
    for target in [String::new(), format!("/{id}")] {
        let answer = ask(&host, &target).await;
        let message = "Nothing is traced: topiq runs with --traces 0.";
        assert_eq!(
            (answer.status(), answer.value()),
            (409, json!({ "Message": message }))
        );
    }
}

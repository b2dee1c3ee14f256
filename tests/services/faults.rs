//! Faults, through the socket: what is set, what strikes, and what the client sees.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use topiq::Config;
use topiq::faults::Chaos;
use topiq::services::Settings;

use crate::sqs::waiting::{body_of, done, send};
use crate::support::{Answer, Host, Request};
use crate::time::{Endpoint, count, host_with_dead_letters, publish};

async fn put(host: &Host, name: &str, fault: &Value) -> Answer {
    let request = Request::new(&format!("PUT /_topiq/faults/{name}"));
    host.ask(&request.body(fault.to_string())).await
}

async fn set(host: &Host, fault: Value) -> Value {
    let answer = put(host, "f", &fault).await;
    assert_eq!(answer.status(), 200, "{answer:?}");
    answer.value()
}

async fn get(host: &Host, target: &str) -> Answer {
    host.ask(&Request::new(&format!("GET {target}"))).await
}

/// How often the fault `f` was asked, and struck.
async fn tally(host: &Host) -> (Value, Value) {
    let shown = get(host, "/_topiq/faults/f").await.value();
    (shown["Matched"].clone(), shown["Struck"].clone())
}

async fn status(host: &Host, action: &str, input: Value) -> u16 {
    host.json(action, &input.to_string()).await.status()
}

async fn receive(host: &Host, queue: &str, most: u64) -> Vec<Value> {
    let input = json!({"QueueUrl": queue, "MaxNumberOfMessages": most});
    let received = done(host, "ReceiveMessage", input).await;
    received["Messages"].as_array().cloned().unwrap_or_default()
}

fn bodies(messages: &[Value]) -> Vec<&str> {
    let bodies = messages.iter().map(|message| message["Body"].as_str());
    bodies.map(Option::unwrap_or_default).collect()
}

/// What the server sends back before it closes the connection.
async fn raw(host: &Host, request: &Request) -> Vec<u8> {
    let address = host.server.address();
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    stream.write_all(&request.bytes()).await.expect("it reads");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    answer
}

#[tokio::test]
async fn an_error_strikes_as_often_as_it_may_and_does_nothing() {
    let host = host_with_dead_letters().await;
    let fault = json!({
        "match": {"service": "sqs", "action": "Send*", "queue": "b*"},
        "effect": {"error": "RequestThrottled", "retryAfter": 1500},
        "count": 2,
    });
    let answer = set(&host, fault.clone()).await;
    assert_eq!(answer["Fault"], fault);
    let told = answer["Clients"][0]["Outcome"].as_str().unwrap_or_default();
    assert!(told.ends_with("Attempt 3 succeeds: the program sees nothing but the wait."));

    let message = json!({"QueueUrl": "busy", "MessageBody": "m"}).to_string();
    let struck = host.json("SendMessage", &message).await;
    assert_eq!(struck.status(), 403);
    assert_eq!(struck.header("x-amz-retry-after"), Some("1500"));
    assert_eq!(
        struck.header("x-amzn-query-error"),
        Some("RequestThrottled;Sender")
    );
    let expected =
        json!({"__type": "com.amazonaws.sqs#RequestThrottled", "message": "Rate exceeded"});
    assert_eq!(struck.value(), expected);
    let form = "Action=SendMessage&QueueUrl=busy&MessageBody=m";
    let struck = host.query(form).await;
    assert_eq!(
        (struck.status(), struck.element("Code")),
        (403, Some("RequestThrottled"))
    );

    let other = json!({"QueueUrl": "q", "MessageBody": "m"});
    assert_eq!(status(&host, "SendMessage", other).await, 200);
    assert_eq!(host.json("SendMessage", &message).await.status(), 200);
    assert_eq!(
        count(&host, "busy").await,
        "1",
        "nothing was sent by the others"
    );
    let shown = get(&host, "/_topiq/faults").await.value();
    let expected =
        json!({"Faults": [{"Name": "f", "Fault": fault, "Matched": 2, "Struck": 2, "Over": true}]});
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn errors_are_in_each_services_protocol() {
    let host = Host::start().await;
    let sns = json!({"match": {"service": "sns"}, "effect": {"error": "Throttled"}});
    set(&host, sns).await;
    let listed = host
        .ask(&Request::query("Action=ListTopics").signed_for("sns"))
        .await;
    assert_eq!(
        (listed.status(), listed.element("Code")),
        (429, Some("Throttled"))
    );

    let events = json!({"match": {"bus": "default"}, "effect": {"error": "InternalException"}});
    set(&host, events).await;
    let call = |action: &str, body: Value| {
        Request::new("POST /")
            .header("X-Amz-Target", &format!("AWSEvents.{action}"))
            .signed_for("events")
            .body(body.to_string())
    };
    for (action, body) in [
        ("PutEvents", json!({"Entries": [{"Source": "s"}]})),
        ("ListRules", json!({})),
        (
            "DescribeEventBus",
            json!({"Name": "arn:aws:events:us-east-1:000000000000:event-bus/default"}),
        ),
    ] {
        let refused = host.ask(&call(action, body)).await;
        assert_eq!(
            (refused.status(), &refused.value()["__type"]),
            (500, &json!("InternalException"))
        );
    }
    let elsewhere = call("ListRules", json!({"EventBusName": "other"}));
    assert_eq!(
        host.ask(&elsewhere).await.status(),
        400,
        "there is no such bus"
    );
    assert_eq!(tally(&host).await, (json!(3), json!(3)));
}

#[tokio::test]
async fn a_call_about_no_queue_topic_or_bus_is_not_struck_by_name() {
    let host = host_with_dead_letters().await;
    let error = json!({"error": "ServiceUnavailable"});
    put(
        &host,
        "q",
        &json!({"match": {"queue": "*"}, "effect": error}),
    )
    .await;
    put(
        &host,
        "t",
        &json!({"match": {"topic": "*"}, "effect": error}),
    )
    .await;
    put(&host, "b", &json!({"match": {"bus": "*"}, "effect": error})).await;
    assert_eq!(status(&host, "ListQueues", json!({})).await, 200);
    assert_eq!(host.query("Action=ListQueues").await.status(), 200);
    let sns = async |form: &str| {
        host.ask(&Request::query(form).signed_for("sns"))
            .await
            .status()
    };
    assert_eq!(sns("Action=ListTopics").await, 200);
    assert_eq!(sns("Action=CreateTopic&Name=t").await, 503);
    let events = Request::new("POST /").header("X-Amz-Target", "AWSEvents.ListEventBuses");
    assert_eq!(
        host.ask(&events.signed_for("events").body("{}"))
            .await
            .status(),
        200
    );
    let by_path = Request::new("POST /000000000000/q").body("Action=PurgeQueue");
    assert_eq!(host.ask(&by_path).await.status(), 503);
}

#[tokio::test]
async fn errors_of_services_own_tables_are_theirs() {
    let host = host_with_dead_letters().await;
    let fault = json!({"match": {"queue": "q"}, "effect": {"error": "OverLimit"}});
    set(&host, fault).await;
    let struck = host.json("ReceiveMessage", r#"{"QueueUrl":"q"}"#).await;
    let message = "Too many messages are in flight. The maximum is 120000.";
    assert_eq!(
        (struck.status(), &struck.value()["message"]),
        (403, &json!(message))
    );
}

#[tokio::test]
async fn a_reset_closes_the_connection_before_or_after_the_call() {
    for (when, sent) in [("before", "0"), ("after", "1")] {
        let host = host_with_dead_letters().await;
        let fault = json!({"match": {"action": "SendMessage"}, "effect": {"reset": when}});
        set(&host, fault).await;
        let message = json!({"QueueUrl": "busy", "MessageBody": "m"}).to_string();
        let answer = raw(&host, &Request::json("SendMessage", &message)).await;
        assert_eq!(answer, b"", "{when}");
        assert_eq!(count(&host, "busy").await, sent, "{when}");
    }
}

#[tokio::test]
async fn latency_goes_by_the_machines_time_after_the_call() {
    let host = host_with_dead_letters().await;
    let fault = json!({"match": {"action": "SendMessage"}, "effect": {"latency": "15m"}});
    set(&host, fault).await;
    let message = json!({"QueueUrl": "busy", "MessageBody": "m"}).to_string();
    let slow = host.begin(&Request::json("SendMessage", &message)).await;
    while count(&host, "busy").await != "1" {
        tokio::task::yield_now().await;
    }
    host.advance(Duration::from_hours(1)).await;
    assert!(slow.is_waiting().await);

    set(
        &host,
        json!({"effect": {"latency": "1ms", "jitter": "1ms"}}),
    )
    .await;
    assert_eq!(status(&host, "ListQueues", json!({})).await, 200);
    assert_eq!(tally(&host).await, (json!(1), json!(1)));
}

#[tokio::test]
async fn a_message_comes_twice_whichever_way_it_comes() {
    let host = host_with_dead_letters().await;
    set(
        &host,
        json!({"match": {"queue": "busy"}, "effect": {"duplicate": true}}),
    )
    .await;
    let message = json!({"QueueUrl": "busy", "MessageBody": "m"});
    done(&host, "SendMessage", message).await;
    let received = receive(&host, "busy", 10).await;
    assert_eq!(bodies(&received), ["m", "m"]);
    assert_eq!(received[0]["MessageId"], received[1]["MessageId"]);
    assert_ne!(received[0]["ReceiptHandle"], received[1]["ReceiptHandle"]);
    let handle = &received[0]["ReceiptHandle"];
    done(
        &host,
        "DeleteMessage",
        json!({"QueueUrl": "busy", "ReceiptHandle": handle}),
    )
    .await;
    host.advance(Duration::from_secs(30)).await;
    assert_eq!(
        bodies(&receive(&host, "busy", 10).await),
        ["m"],
        "it has a life of its own"
    );

    let sns = async |form: &str| {
        let answer = host.ask(&Request::query(form).signed_for("sns")).await;
        assert_eq!(answer.status(), 200, "{answer:?}");
    };
    sns("Action=CreateTopic&Name=t").await;
    let topic = "arn:aws:sns:us-east-1:000000000000:t";
    let queue = "arn:aws:sqs:us-east-1:000000000000:busy";
    sns(&format!(
        "Action=Subscribe&TopicArn={topic}&Protocol=sqs&Endpoint={queue}"
    ))
    .await;
    publish(&host, topic, "n").await;
    assert_eq!(receive(&host, "busy", 10).await.len(), 2);
    assert_eq!(tally(&host).await, (json!(2), json!(2)));

    let fault = json!({"match": {"service": "sns", "topic": "t"}, "effect": {"duplicate": true}});
    set(&host, fault).await;
    host.advance(Duration::from_mins(1)).await;
    let purge = json!({"QueueUrl": "busy"});
    done(&host, "PurgeQueue", purge).await;
    publish(&host, topic, "all").await;
    let received = receive(&host, "busy", 10).await;
    assert_eq!(received.len(), 2);
    let id = |message: &Value| {
        let envelope = message["Body"].as_str().unwrap_or_default();
        let envelope: Value = serde_json::from_str(envelope).unwrap_or_default();
        envelope["MessageId"].clone()
    };
    assert_eq!(id(&received[0]), id(&received[1]));
    assert_ne!(
        received[0]["MessageId"], received[1]["MessageId"],
        "they were sent twice"
    );
}

#[tokio::test]
async fn fifo_queues_have_no_duplicates_and_keep_their_order() {
    let host = Host::start().await;
    let attributes = json!({"FifoQueue": "true", "ContentBasedDeduplication": "true"});
    let queue = json!({"QueueName": "q.fifo", "Attributes": attributes});
    done(&host, "CreateQueue", queue).await;
    put(&host, "twice", &json!({"effect": {"duplicate": true}})).await;
    put(&host, "order", &json!({"effect": {"reorder": 2}})).await;
    for body in ["a", "b", "c"] {
        let message = json!({"QueueUrl": "q.fifo", "MessageBody": body, "MessageGroupId": "g"});
        done(&host, "SendMessage", message).await;
    }
    assert_eq!(bodies(&receive(&host, "q.fifo", 10).await), ["a", "b", "c"]);
}

#[tokio::test]
async fn the_same_seed_doubles_the_same_messages() {
    let run = async |seed: u64| {
        let host = host_with_dead_letters().await;
        let scope = json!({"queue": "busy", "probability": 0.2, "seed": seed});
        set(
            &host,
            json!({"match": scope, "effect": {"duplicate": true}}),
        )
        .await;
        for number in 0..50 {
            let message = json!({"QueueUrl": "busy", "MessageBody": number.to_string()});
            done(&host, "SendMessage", message).await;
        }
        let mut all = Vec::new();
        loop {
            let received = receive(&host, "busy", 10).await;
            if received.is_empty() {
                return all;
            }
            all.extend(bodies(&received).into_iter().map(str::to_owned));
        }
    };
    let first = run(42).await;
    assert!((51..=70).contains(&first.len()), "{}", first.len());
    assert_eq!(run(42).await, first);
    assert_ne!(run(43).await, first);
}

#[tokio::test]
async fn a_standard_queue_delivers_out_of_order_and_loses_nothing() {
    let host = host_with_dead_letters().await;
    set(
        &host,
        json!({"match": {"queue": "busy"}, "effect": {"reorder": 3}}),
    )
    .await;
    let sent: Vec<String> = (0..20).map(|number| number.to_string()).collect();
    for body in &sent {
        let message = json!({"QueueUrl": "busy", "MessageBody": body});
        done(&host, "SendMessage", message).await;
    }
    let mut all = Vec::new();
    for _ in 0..20 {
        let received = receive(&host, "busy", 1).await;
        all.extend(bodies(&received).into_iter().map(str::to_owned));
    }
    assert_ne!(all, sent);
    all.sort_by_key(|body| body.parse::<u64>().ok());
    assert_eq!(all, sent);
}

#[tokio::test]
async fn a_received_message_is_visible_again_too_early() {
    let host = host_with_dead_letters().await;
    let fault = json!({"match": {"queue": "busy"}, "effect": {"loseVisibility": "5s"}, "count": 1});
    set(&host, fault).await;
    let message = json!({"QueueUrl": "busy", "MessageBody": "m"});
    done(&host, "SendMessage", message).await;
    assert_eq!(receive(&host, "busy", 1).await.len(), 1);
    host.advance(Duration::from_secs(4)).await;
    assert!(receive(&host, "busy", 1).await.is_empty());
    host.advance(Duration::from_secs(1)).await;
    assert_eq!(receive(&host, "busy", 1).await.len(), 1);
    host.advance(Duration::from_secs(5)).await;
    assert!(receive(&host, "busy", 1).await.is_empty(), "it struck once");

    set(
        &host,
        json!({"match": {"queue": "q"}, "effect": {"loseVisibility": "1h"}}),
    )
    .await;
    send(&host, "m").await;
    let hidden = json!({"QueueUrl": "q", "VisibilityTimeout": 2}).to_string();
    let first = host.json("ReceiveMessage", &hidden).await;
    assert_eq!(body_of(&first).as_deref(), Some("m"));
    host.advance(Duration::from_secs(2)).await;
    assert_eq!(count(&host, "q").await, "1", "no timeout becomes longer");
}

#[tokio::test]
async fn entries_of_batches_fail_and_others_do_not() {
    let host = host_with_dead_letters().await;
    let every = |scope: Value, error: &str| {
        let mut scope = scope;
        scope["every"] = json!(2);
        json!({"match": scope, "effect": {"partialBatch": error}})
    };
    set(&host, every(json!({"queue": "busy"}), "InternalError")).await;
    let entries = ["a", "b", "c", "d"].map(|id| json!({"Id": id, "MessageBody": id}));
    let batch = json!({"QueueUrl": "busy", "Entries": entries});
    let sent = done(&host, "SendMessageBatch", batch).await;
    let ids = |list: &Value| {
        let list = list.as_array().cloned().unwrap_or_default();
        list.into_iter()
            .map(|entry| entry["Id"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&sent["Successful"]), ["a", "c"]);
    assert_eq!(ids(&sent["Failed"]), ["b", "d"]);
    let failed = &sent["Failed"][0];
    assert_eq!(
        (&failed["Code"], &failed["SenderFault"]),
        (&json!("InternalError"), &json!(false))
    );
    let received = receive(&host, "busy", 10).await;
    assert_eq!(bodies(&received), ["a", "c"]);
    let entries = received.iter().zip(["a", "c"]);
    let entries =
        entries.map(|(message, id)| json!({"Id": id, "ReceiptHandle": message["ReceiptHandle"]}));
    let batch = json!({"QueueUrl": "busy", "Entries": entries.collect::<Vec<_>>()});
    let deleted = done(&host, "DeleteMessageBatch", batch).await;
    assert_eq!(
        (ids(&deleted["Successful"]), ids(&deleted["Failed"])),
        (vec![json!("a")], vec![json!("c")])
    );

    set(
        &host,
        every(json!({"service": "sns", "topic": "t"}), "InternalError"),
    )
    .await;
    let sns = async |form: &str| host.ask(&Request::query(form).signed_for("sns")).await;
    sns("Action=CreateTopic&Name=t").await;
    let entry = |number: u64| {
        let member = format!("PublishBatchRequestEntries.member.{number}");
        format!("&{member}.Id=e{number}&{member}.Message=m")
    };
    let topic = "TopicArn=arn:aws:sns:us-east-1:000000000000:t";
    let published = sns(&format!(
        "Action=PublishBatch&{topic}{}{}",
        entry(1),
        entry(2)
    ))
    .await;
    assert_eq!(published.status(), 200, "{published:?}");
    let failed = published.element("Failed").expect("a failed entry");
    assert!(
        failed.contains("<Id>e2</Id>") && failed.contains("<Code>InternalError</Code>"),
        "{failed}"
    );
    assert!(
        failed.contains("<SenderFault>false</SenderFault>"),
        "{failed}"
    );

    set(
        &host,
        every(json!({"bus": "default"}), "ThrottlingException"),
    )
    .await;
    let entry = json!({"Source": "s", "DetailType": "t", "Detail": "{}"});
    let events = Request::new("POST /")
        .header("X-Amz-Target", "AWSEvents.PutEvents")
        .body(json!({"Entries": [entry, entry]}).to_string());
    let put = host.ask(&events.signed_for("events")).await.value();
    assert_eq!(put["FailedEntryCount"], 1);
    assert!(put["Entries"][0]["EventId"].is_string());
    let failed = json!({"ErrorCode": "ThrottlingException", "ErrorMessage": "Rate exceeded"});
    assert_eq!(put["Entries"][1], failed);
}

#[tokio::test]
async fn counts_are_those_of_a_moment_ago() {
    let host = host_with_dead_letters().await;
    set(
        &host,
        json!({"match": {"queue": "busy"}, "effect": {"staleCounts": "1m"}}),
    )
    .await;
    let message = json!({"QueueUrl": "busy", "MessageBody": "m"});
    done(&host, "SendMessage", message.clone()).await;
    send(&host, "m").await;
    assert_eq!(count(&host, "busy").await, "0");
    assert_eq!(count(&host, "q").await, "1", "it is another queue");
    host.advance(Duration::from_secs(59)).await;
    assert_eq!(count(&host, "busy").await, "0");
    host.advance(Duration::from_secs(1)).await;
    assert_eq!(count(&host, "busy").await, "1");
    done(&host, "SendMessage", message).await;
    assert_eq!(count(&host, "busy").await, "1");
}

#[tokio::test]
async fn deliveries_to_an_endpoint_fail_and_are_not_sent() {
    let host = host_with_dead_letters().await;
    let endpoint = Endpoint::start(&host.clock).await;
    let topic = endpoint.subscribe(&host).await;
    let fault =
        json!({"match": {"url": "http://127.0.0.1:*"}, "effect": {"endpoint": 503}, "count": 2});
    set(&host, fault).await;
    publish(&host, &topic, "m").await;
    let advance = async || host.server.advance(Duration::from_mins(1)).await;
    advance().await.expect("a manual clock");
    // Tried at once and after 20 seconds in vain.
    assert_eq!(*endpoint.posts.lock(), [(40, "m".to_owned())]);
    assert_eq!(tally(&host).await, (json!(2), json!(2)));

    set(
        &host,
        json!({"match": {"url": &endpoint.url}, "effect": {"endpoint": "timeout"}}),
    )
    .await;
    publish(&host, &topic, "lost").await;
    advance().await.expect("a manual clock");
    assert_eq!(endpoint.posts.lock().len(), 1);
    assert_eq!(count(&host, "dead").await, "1");
}

#[tokio::test]
async fn clients_are_told_apart_and_so_are_accounts() {
    let host = host_with_dead_letters().await;
    let scope = json!({"userAgent": "Boto3/*", "account": "000000000000"});
    set(
        &host,
        json!({"match": scope, "effect": {"error": "ServiceUnavailable"}}),
    )
    .await;
    let list = Request::json("ListQueues", "{}");
    assert_eq!(host.ask(&list).await.status(), 200);
    let boto3 = list
        .clone()
        .header("User-Agent", "Boto3/1.44.8 md/Botocore#1.44.8");
    assert_eq!(host.ask(&boto3).await.status(), 503);
    let scope = crate::support::AUTHORIZATION.replace("Credential=test", "Credential=000000000042");
    let other = boto3.header("Authorization", &scope);
    assert_eq!(host.ask(&other).await.status(), 200);
}

#[tokio::test]
async fn a_fault_ends_with_its_time() {
    let host = Host::start().await;
    set(
        &host,
        json!({"effect": {"error": "InternalFailure"}, "for": "30s"}),
    )
    .await;
    let shown = get(&host, "/_topiq/faults/f").await.value();
    assert_eq!(
        (&shown["Ends"], &shown["Over"]),
        (&json!("2026-01-02T03:04:35.678Z"), &json!(false))
    );
    assert_eq!(status(&host, "ListQueues", json!({})).await, 500);
    host.advance(Duration::from_secs(30)).await;
    assert_eq!(status(&host, "ListQueues", json!({})).await, 200);
    let shown = get(&host, "/_topiq/faults/f").await.value();
    assert_eq!(shown["Over"], json!(true));
}

#[tokio::test]
async fn topiqs_own_api_is_never_struck_and_faults_are_removed() {
    let host = Host::start().await;
    let everything = json!({"effect": {"error": "InternalFailure"}});
    for name in ["a", "b", "c"] {
        put(&host, name, &everything).await;
    }
    let delete = async |target: &str| host.ask(&Request::new(&format!("DELETE {target}"))).await;
    let removed = delete("/_topiq/faults/a").await;
    assert_eq!(
        (removed.status(), &*removed.body),
        (200, r#"{"Removed":1}"#)
    );
    let again = delete("/_topiq/faults/a").await;
    assert_eq!(again.status(), 404);
    assert_eq!(again.value(), json!({"Message": "There is no fault a."}));
    assert_eq!(status(&host, "ListQueues", json!({})).await, 500);
    assert_eq!(&*delete("/_topiq/faults").await.body, r#"{"Removed":2}"#);
    assert_eq!(status(&host, "ListQueues", json!({})).await, 200);
}

#[tokio::test]
async fn bad_faults_are_refused_with_what_was_meant() {
    let host = Host::start().await;
    let duplicate = json!({"duplicate": true});
    for (name, fault, expected) in [
        (
            "f",
            json!({"efect": duplicate}),
            "There is no efect: did you mean effect?",
        ),
        (
            "a%20b",
            json!({"effect": duplicate}),
            "A fault's name has 1 to 64 letters,",
        ),
        (
            "f",
            json!({"match": {"service": "sq"}, "effect": {"reorder": true}}),
            "The effect is of queues:",
        ),
        (
            "f",
            json!({"match": {"service": "snss"}, "effect": {"reset": "after"}}),
            "match.service is one of sqs, sns, sts, events, kinesis, schemas, logs, not snss; did you mean sns?",
        ),
        (
            "f",
            json!({"match": {"action": "SendMesage"}, "effect": {"reset": "after"}}),
            "match.action SendMesage is no action of any service; did you mean SendMessage?",
        ),
        (
            "f",
            json!({"match": {"service": "sns", "action": "SendMessage"}, "effect": {"reset": "after"}}),
            "match.action SendMessage is no action of sns",
        ),
        (
            "f",
            json!({"match": {"service": "sqs"}, "effect": {"error": "RequestThrotled"}}),
            "No error known here has the code RequestThrotled: did you mean RequestThrottled?",
        ),
    ] {
        let answer = put(&host, name, &fault).await;
        let message = answer.value()["Message"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        assert_eq!(answer.status(), 400, "{fault}");
        assert!(message.starts_with(expected), "{fault}: {message}");
    }
    assert_eq!(
        get(&host, "/_topiq/faults").await.value(),
        json!({"Faults": []})
    );
    let own = json!({"effect": {"error": "Teapot", "status": 418, "message": "Short and stout"}});
    set(&host, own).await;
    let struck = host.json("ListQueues", "{}").await;
    assert_eq!(struck.status(), 418);
    assert_eq!(
        struck.value(),
        json!({"__type": "Teapot", "message": "Short and stout"})
    );
}

#[tokio::test]
async fn a_reset_gives_back_the_faults_of_the_start() {
    let services = Settings {
        chaos: Some(Chaos { seed: 7 }),
        ..Settings::default()
    };
    let host = Host::with(Config {
        services,
        ..Config::default()
    })
    .await;
    let names = async || {
        let faults = get(&host, "/_topiq/faults").await.value();
        let faults = faults["Faults"].as_array().cloned().unwrap_or_default();
        faults
            .into_iter()
            .map(|fault| fault["Name"].clone())
            .collect::<Vec<_>>()
    };
    let initial = names().await;
    assert_eq!(initial.len(), 4);
    set(&host, json!({"effect": {"duplicate": true}})).await;
    host.ask(&Request::new("DELETE /_topiq/faults/fallacies-latency"))
        .await;
    let reset = host.ask(&Request::new("POST /_topiq/reset")).await;
    assert_eq!(reset.status(), 204);
    assert_eq!(names().await, initial);
}

//! API destinations against an endpoint in this process: each kind of authorisation, rates, retries, and what becomes of
//! events that are not delivered.

use std::time::Duration;

use serde_json::{Value, json};

use super::ok;
use super::receiver::Receiver;
use crate::support::{Host, settle};

const TOKEN: &str = r#"{"access_token":"T1","token_type":"Bearer","expires_in":3600}"#;
const OTHER_TOKEN: &str = r#"{"access_token":"T2","expires_in":"3600"}"#;

/// A host, an endpoint, and a rule that delivers to an API destination for it.
struct Shop {
    host: Host,
    receiver: Receiver,
}

impl Shop {
    async fn open(kind: &str, parameters: Value, destination: Value) -> Self {
        let shop = Self {
            host: Host::start().await,
            receiver: Receiver::start().await,
        };
        shop.prepare(kind, parameters, destination, json!({})).await;
        shop
    }

    async fn call(&self, target: &str, input: Value) -> Value {
        ok(&self.host, target, &input).await
    }

    async fn events(&self, action: &str, input: Value) -> Value {
        self.call(&format!("AWSEvents.{action}"), input).await
    }

    /// Creates all, and replaces `{url}` in the parameters by that of the endpoint.
    async fn prepare(&self, kind: &str, parameters: Value, destination: Value, target: Value) {
        let parameters = parameters.to_string().replace("{url}", &self.receiver.url);
        let parameters: Value = serde_json::from_str(&parameters).expect("JSON");
        let connection =
            json!({"Name": "c", "AuthorizationType": kind, "AuthParameters": parameters});
        let connection = self.events("CreateConnection", connection).await;
        let mut input = json!({
            "Name": "d",
            "ConnectionArn": connection["ConnectionArn"],
            "InvocationEndpoint": format!("{}/in", self.receiver.url),
            "HttpMethod": "POST",
        });
        merge(&mut input, destination);
        let destination = self.events("CreateApiDestination", input).await;
        self.call("AmazonSQS.CreateQueue", json!({"QueueName": "dead"}))
            .await;
        let pattern = json!({"source": ["shop"]}).to_string();
        self.events("PutRule", json!({"Name": "r", "EventPattern": pattern}))
            .await;
        let mut input = json!({
            "Id": "t",
            "Arn": destination["ApiDestinationArn"],
            "RoleArn": "arn:aws:iam::111122223333:role/r",
            "DeadLetterConfig": {"Arn": "arn:aws:sqs:eu-west-1:111122223333:dead"},
            "RetryPolicy": {"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 60},
        });
        merge(&mut input, target);
        let answer = self
            .events("PutTargets", json!({"Rule": "r", "Targets": [input]}))
            .await;
        assert_eq!(answer["FailedEntryCount"], 0);
        settle().await;
    }

    /// Puts an event with this number.
    async fn put(&self, number: u64) {
        let detail = json!({"n": number}).to_string();
        let entry = json!({"Source": "shop", "DetailType": "t", "Detail": detail});
        let answer = self.events("PutEvents", json!({"Entries": [entry]})).await;
        assert_eq!(answer["FailedEntryCount"], 0);
        settle().await;
    }

    async fn pass(&self, time: Duration) {
        self.host
            .server
            .advance(time)
            .await
            .expect("the clock is manual");
    }

    /// The attributes of the next dead letter; null if there is none.
    async fn dead_letter(&self) -> Value {
        let queue = json!({
            "QueueUrl": "http://localhost:4566/111122223333/dead",
            "MessageAttributeNames": ["All"],
        });
        let received = self.call("AmazonSQS.ReceiveMessage", queue).await;
        received["Messages"][0]["MessageAttributes"].clone()
    }

    async fn connection(&self) -> Value {
        self.events("DescribeConnection", json!({"Name": "c"}))
            .await
    }

    async fn state(&self) -> (Value, Value) {
        let destination = self
            .events("DescribeApiDestination", json!({"Name": "d"}))
            .await;
        let connection = self.connection().await;
        (
            connection["ConnectionState"].clone(),
            destination["ApiDestinationState"].clone(),
        )
    }
}

fn merge(into: &mut Value, from: Value) {
    let Value::Object(from) = from else {
        panic!("an object");
    };
    for (name, value) in from {
        into[name] = value;
    }
}

fn key() -> Value {
    json!({"ApiKeyAuthParameters": {"ApiKeyName": "x-key", "ApiKeyValue": "k1"}})
}

fn oauth() -> Value {
    json!({"OAuthParameters": {
        "ClientParameters": {"ClientID": "cid", "ClientSecret": "cs"},
        "AuthorizationEndpoint": "{url}/token",
        "HttpMethod": "POST",
        "OAuthHttpParameters": {"BodyParameters": [{"Key": "scope", "Value": "write"}]},
    }})
}

#[tokio::test]
async fn credentials_are_sent() {
    let basic = json!({"BasicAuthParameters": {"Username": "ann", "Password": "s3cret"}});
    for (kind, parameters, header, value) in [
        ("BASIC", basic, "authorization", "Basic YW5uOnMzY3JldA=="),
        ("API_KEY", key(), "x-key", "k1"),
    ] {
        let mut shop = Shop::open(kind, parameters, json!({})).await;
        assert_eq!(shop.state().await, (json!("AUTHORIZED"), json!("ACTIVE")));
        shop.put(7).await;
        let arrived = shop.receiver.next().await;
        assert_eq!(arrived.line, "POST /in HTTP/1.1");
        let host = shop.receiver.url.trim_start_matches("http://");
        for (name, expected) in [
            (header, value),
            ("user-agent", "Amazon/EventBridge/ApiDestinations"),
            ("content-type", "application/json; charset=utf-8"),
            ("range", "bytes=0-1048575"),
            ("accept-encoding", "gzip,deflate"),
            ("connection", "close"),
            ("host", host),
        ] {
            assert_eq!(arrived.headers[name], expected, "{arrived:?}");
        }
        let event: Value = serde_json::from_str(&arrived.body).expect("an event");
        assert_eq!(
            (&event["source"], &event["detail"]),
            (&json!("shop"), &json!({"n": 7}))
        );
        shop.pass(Duration::from_mins(5)).await;
        assert!(shop.receiver.rest().await.is_empty());
        assert_eq!(shop.dead_letter().await, Value::Null);
    }
}

#[tokio::test]
async fn a_token_is_had_once_and_again_when_it_expires_or_is_refused() {
    let host = Host::start().await;
    let receiver = Receiver::start().await;
    receiver.tell("/token", 200, "", TOKEN);
    receiver.tell("/token", 200, "", OTHER_TOKEN);
    receiver.tell("/token", 200, "", TOKEN);
    let mut shop = Shop { host, receiver };
    shop.prepare("OAUTH_CLIENT_CREDENTIALS", oauth(), json!({}), json!({}))
        .await;
    let asked = shop.receiver.next().await;
    assert_eq!(asked.line, "POST /token HTTP/1.1");
    assert_eq!(
        asked.headers["content-type"],
        "application/x-www-form-urlencoded"
    );
    assert_eq!(
        asked.body,
        "grant_type=client_credentials&client_id=cid&client_secret=cs&scope=write"
    );
    shop.pass(Duration::ZERO).await;
    assert_eq!(shop.state().await, (json!("AUTHORIZED"), json!("ACTIVE")));
    for number in 0..2 {
        shop.put(number).await;
        assert_eq!(
            shop.receiver.next().await.headers["authorization"],
            "Bearer T1"
        );
    }
    // A minute before it expires, the next delivery has another.
    shop.pass(Duration::from_mins(59)).await;
    shop.put(2).await;
    assert_eq!(shop.receiver.next().await.line, "POST /token HTTP/1.1");
    assert_eq!(
        shop.receiver.next().await.headers["authorization"],
        "Bearer T2"
    );
    // The endpoint does not take it any more.
    shop.receiver.tell("/in", 401, "", "");
    shop.put(3).await;
    assert_eq!(
        shop.receiver.next().await.headers["authorization"],
        "Bearer T2"
    );
    shop.pass(Duration::from_secs(1)).await;
    assert_eq!(shop.receiver.next().await.line, "POST /token HTTP/1.1");
    assert_eq!(
        shop.receiver.next().await.headers["authorization"],
        "Bearer T1"
    );
    assert_eq!(shop.state().await, (json!("AUTHORIZED"), json!("ACTIVE")));
    assert!(shop.receiver.rest().await.is_empty());
}

#[tokio::test]
async fn events_wait_for_a_token_and_fail_where_there_is_none() {
    let host = Host::start().await;
    let receiver = Receiver::start().await;
    receiver.tell("/token", 503, "", "");
    receiver.tell("/token", 200, "", TOKEN);
    let mut shop = Shop { host, receiver };
    shop.prepare("OAUTH_CLIENT_CREDENTIALS", oauth(), json!({}), json!({}))
        .await;
    assert_eq!(shop.receiver.next().await.line, "POST /token HTTP/1.1");
    assert_eq!(
        shop.state().await,
        (json!("AUTHORIZING"), json!("INACTIVE"))
    );
    shop.put(1).await;
    shop.pass(Duration::from_secs(1)).await;
    assert_eq!(shop.receiver.next().await.line, "POST /token HTTP/1.1");
    assert_eq!(
        shop.receiver.next().await.headers["authorization"],
        "Bearer T1"
    );
    // The token is refused, and there is no other.
    shop.receiver.tell("/in", 407, "", "");
    shop.receiver
        .tell("/token", 400, "", r#"{"error":"invalid_client"}"#);
    shop.put(2).await;
    shop.pass(Duration::from_mins(1)).await;
    assert_eq!(
        shop.state().await,
        (json!("DEAUTHORIZED"), json!("INACTIVE"))
    );
    let reason = &shop.connection().await["StateReason"];
    assert_eq!(
        *reason,
        "Failed to get an access token from the authorization endpoint: it answered 400."
    );
    let dead = shop.dead_letter().await;
    assert_eq!(dead["ERROR_CODE"]["StringValue"], "CONNECTION_FAILURE");
    assert_eq!(dead["RETRY_ATTEMPTS"]["StringValue"], "3");
    // With parameters it is authorised again.
    shop.receiver.tell("/token", 200, "", OTHER_TOKEN);
    shop.receiver.rest().await;
    let update = json!({"Name": "c", "AuthParameters": {"OAuthParameters": {"ClientParameters": {"ClientSecret": "s2"}}}});
    let updated = shop.events("UpdateConnection", update).await;
    assert_eq!(updated["ConnectionState"], "AUTHORIZING");
    assert!(
        shop.receiver
            .next()
            .await
            .body
            .contains("client_id=cid&client_secret=s2")
    );
    shop.put(3).await;
    assert_eq!(
        shop.receiver.next().await.headers["authorization"],
        "Bearer T2"
    );
}

#[tokio::test]
async fn refused_keys_deauthorise_their_connection() {
    let mut shop = Shop::open("API_KEY", key(), json!({})).await;
    shop.receiver.tell("/in", 401, "", "");
    shop.put(1).await;
    shop.receiver.next().await;
    shop.pass(Duration::ZERO).await;
    assert_eq!(
        shop.state().await,
        (json!("DEAUTHORIZED"), json!("INACTIVE"))
    );
    assert_eq!(
        shop.connection().await["StateReason"],
        "The endpoint answered 401."
    );
    let update =
        json!({"Name": "c", "AuthParameters": {"ApiKeyAuthParameters": {"ApiKeyValue": "k2"}}});
    shop.events("UpdateConnection", update).await;
    // The retry has the other key.
    shop.pass(Duration::from_secs(10)).await;
    assert_eq!(shop.receiver.next().await.headers["x-key"], "k2");
    assert_eq!(shop.dead_letter().await, Value::Null);
}

#[tokio::test]
async fn four_attempts_within_a_minute_end_in_the_dead_letter_queue() {
    let mut shop = Shop::open("API_KEY", key(), json!({})).await;
    for _ in 0..4 {
        shop.receiver.tell("/in", 503, "", "");
    }
    shop.put(1).await;
    shop.pass(Duration::from_mins(1)).await;
    let attempts = shop.receiver.rest().await;
    assert_eq!(attempts.len(), 4);
    assert!(
        attempts
            .iter()
            .all(|attempt| attempt.body == attempts[0].body)
    );
    let dead = shop.dead_letter().await;
    for (name, expected) in [
        ("ERROR_CODE", "ERROR_FROM_TARGET"),
        ("ERROR_MESSAGE", "the endpoint answered 503"),
        ("RETRY_ATTEMPTS", "3"),
        ("EXHAUSTED_RETRY_CONDITION", "MaximumRetryAttempts"),
        ("RULE_ARN", "arn:aws:events:eu-west-1:111122223333:rule/r"),
    ] {
        assert_eq!(dead[name]["StringValue"], expected, "{dead}");
    }
    let destination = shop
        .events("DescribeApiDestination", json!({"Name": "d"}))
        .await;
    assert_eq!(
        dead["TARGET_ARN"]["StringValue"],
        destination["ApiDestinationArn"]
    );
}

#[tokio::test]
async fn answers_that_are_final_are_not_asked_for_twice() {
    for (status, headers) in [
        (404, ""),
        (302, "Location: /elsewhere\r\n"),
        (503, "Retry-After: -1\r\n"),
    ] {
        let mut shop = Shop::open("API_KEY", key(), json!({})).await;
        shop.receiver.tell("/in", status, headers, "");
        shop.put(1).await;
        shop.receiver.next().await;
        shop.pass(Duration::ZERO).await;
        let dead = shop.dead_letter().await;
        assert_eq!(
            dead["ERROR_CODE"]["StringValue"], "ERROR_FROM_TARGET",
            "{status}"
        );
        assert_eq!(dead["RETRY_ATTEMPTS"]["StringValue"], "0");
        assert!(shop.receiver.rest().await.is_empty());
    }
}

#[tokio::test]
async fn an_endpoint_can_ask_for_time() {
    let mut shop = Shop::open("API_KEY", key(), json!({})).await;
    shop.receiver.tell("/in", 429, "Retry-After: 30\r\n", "");
    shop.put(1).await;
    shop.receiver.next().await;
    shop.pass(Duration::from_secs(29)).await;
    assert!(shop.receiver.rest().await.is_empty());
    shop.pass(Duration::from_secs(1)).await;
    shop.receiver.next().await;
    assert_eq!(shop.dead_letter().await, Value::Null);
}

#[tokio::test]
async fn calls_keep_to_the_rate_and_do_not_wait_longer_than_events_live() {
    let rate = json!({"InvocationRateLimitPerSecond": 2});
    let mut shop = Shop::open("API_KEY", key(), rate).await;
    for number in 0..130 {
        shop.put(number).await;
    }
    shop.pass(Duration::ZERO).await;
    assert_eq!(shop.receiver.rest().await.len(), 1);
    for _ in 0..4 {
        shop.pass(Duration::from_millis(499)).await;
        assert!(shop.receiver.rest().await.is_empty());
        shop.pass(Duration::from_millis(1)).await;
        assert_eq!(shop.receiver.rest().await.len(), 1);
    }
    shop.pass(Duration::from_mins(2)).await;
    // One at the start, and two a second for a minute.
    assert_eq!(shop.receiver.rest().await.len(), 121 - 5);
    for _ in 121..130 {
        let dead = shop.dead_letter().await;
        assert_eq!(
            dead["EXHAUSTED_RETRY_CONDITION"]["StringValue"],
            "MaximumEventAgeInSeconds"
        );
        assert_eq!(dead["RETRY_ATTEMPTS"]["StringValue"], "0");
    }
    assert_eq!(shop.dead_letter().await, Value::Null);
}

#[tokio::test]
async fn what_the_target_says_is_sent() {
    let host = Host::start().await;
    let receiver = Receiver::start().await;
    let mut shop = Shop { host, receiver };
    let destination = json!({"InvocationEndpoint": format!("{}/shop/*/item?fixed=1", shop.receiver.url), "HttpMethod": "PUT"});
    let target = json!({
        "HttpParameters": {
            "PathParameterValues": ["$.detail.n"],
            "HeaderParameters": {"X-Source": "$.source"},
            "QueryStringParameters": {"q": "a b"},
        },
        "InputTransformer": {"InputPathsMap": {"n": "$.detail.n"}, "InputTemplate": "{\"number\": <n>}"},
    });
    shop.prepare("API_KEY", key(), destination, target).await;
    shop.put(5).await;
    let arrived = shop.receiver.next().await;
    assert_eq!(arrived.line, "PUT /shop/5/item?fixed=1&q=a%20b HTTP/1.1");
    assert_eq!(arrived.headers["x-source"], "shop");
    assert_eq!(arrived.body, r#"{"number": 5}"#);
}

#[tokio::test]
async fn events_for_what_is_gone_are_given_up() {
    for (action, code) in [
        ("DeleteApiDestination", "NO_RESOURCE"),
        ("DeleteConnection", "CONNECTION_FAILURE"),
    ] {
        let mut shop = Shop::open("API_KEY", key(), json!({})).await;
        let name = if action == "DeleteConnection" {
            "c"
        } else {
            "d"
        };
        shop.events(action, json!({"Name": name})).await;
        shop.put(1).await;
        assert_eq!(shop.dead_letter().await["ERROR_CODE"]["StringValue"], code);
        assert!(shop.receiver.rest().await.is_empty());
    }
}

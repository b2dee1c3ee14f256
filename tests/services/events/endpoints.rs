//! Global endpoints, whose health checks topiq's own API sets.

use serde_json::{Value, json};

use crate::support::{Host, Request};

const CHECKS: &str = "/_topiq/events/health-checks";
const REGIONS: [&str; 2] = ["us-east-1", "eu-west-1"];

async fn call(host: &Host, region: &str, target: &str, input: &Value) -> Value {
    let scope = format!(
        "AWS4-HMAC-SHA256 Credential=000000000000/20260102/{region}/events/aws4_request, SignedHeaders=host, Signature=0"
    );
    let request = Request::new("POST /")
        .header("X-Amz-Target", target)
        .header("Authorization", &scope)
        .body(input.to_string());
    let answer = host.ask(&request).await;
    assert_eq!(answer.status(), 200, "{answer:?}");
    if answer.body.is_empty() {
        return Value::Null;
    }
    answer.value()
}

/// The input that makes an endpoint over the bus of both regions.
fn over_both(name: &str) -> Value {
    let buses = REGIONS.map(
        |region| json!({"EventBusArn": format!("arn:aws:events:{region}:000000000000:event-bus/b")}),
    );
    json!({
        "Name": name,
        "RoutingConfig": {"FailoverConfig": {
            "Primary": {"HealthCheck": "arn:aws:route53:::healthcheck/c-1"},
            "Secondary": {"Route": REGIONS[1]},
        }},
        "EventBuses": buses,
        "ReplicationConfig": {"State": "DISABLED"},
    })
}

/// A bus with a queue for all its events, in each region; and an endpoint over both. Gives its id.
async fn endpoint(host: &Host) -> String {
    for region in REGIONS {
        let queue = format!("arn:aws:sqs:{region}:000000000000:q");
        for (target, input) in [
            ("AmazonSQS.CreateQueue", json!({"QueueName": "q"})),
            ("AWSEvents.CreateEventBus", json!({"Name": "b"})),
            (
                "AWSEvents.PutRule",
                json!({"Name": "r", "EventBusName": "b", "EventPattern": r#"{"source":["s"]}"#}),
            ),
            (
                "AWSEvents.PutTargets",
                json!({"Rule": "r", "EventBusName": "b", "Targets": [{"Id": "t", "Arn": queue}]}),
            ),
        ] {
            call(host, region, target, &input).await;
        }
    }
    let input = over_both("e");
    call(host, REGIONS[0], "AWSEvents.CreateEndpoint", &input).await;
    let name = json!({"Name": "e"});
    let described = call(host, REGIONS[0], "AWSEvents.DescribeEndpoint", &name).await;
    let id = described["EndpointId"].as_str().expect("an id");
    id.to_owned()
}

/// The regions of the events that have arrived in a region.
async fn arrived(host: &Host, region: &str) -> Vec<String> {
    let queue =
        json!({"QueueUrl": "http://localhost:4566/000000000000/q", "MaxNumberOfMessages": 10});
    let answer = call(host, region, "AmazonSQS.ReceiveMessage", &queue).await;
    let messages = answer["Messages"].as_array().cloned().unwrap_or_default();
    let region = |message: &Value| {
        let body = message["Body"].as_str().expect("a body");
        let event: Value = serde_json::from_str(body).expect("an event");
        event["region"].as_str().expect("a region").to_owned()
    };
    messages.iter().map(region).collect()
}

#[tokio::test]
async fn a_health_check_that_fails_sends_events_to_the_other_region() {
    let host = Host::start().await;
    let id = endpoint(&host).await;
    let entry = json!({"EventBusName": "b", "Source": "s", "DetailType": "t", "Detail": "{}"});
    let input = json!({"EndpointId": id, "Entries": [entry]});
    for (status, [home, other]) in [
        (None, [1, 0]),
        (Some("unhealthy"), [0, 1]),
        (Some("healthy"), [1, 0]),
    ] {
        if let Some(status) = status {
            let path = format!("POST {CHECKS}/c-1?status={status}");
            assert_eq!(host.ask(&Request::new(&path)).await.status(), 204);
        }
        // Whatever region it is signed for.
        call(&host, "ap-south-1", "AWSEvents.PutEvents", &input).await;
        assert_eq!(arrived(&host, REGIONS[0]).await, vec![REGIONS[0]; home]);
        assert_eq!(arrived(&host, REGIONS[1]).await, vec![REGIONS[1]; other]);
    }
}

#[tokio::test]
async fn an_account_has_a_hundred_endpoints_in_a_region() {
    let host = Host::start().await;
    let create = async |number: usize| {
        let input = over_both(&format!("e{number}"));
        let request = Request::new("POST /")
            .header("X-Amz-Target", "AWSEvents.CreateEndpoint")
            .body(input.to_string());
        host.ask(&request).await
    };
    for number in 0..100 {
        assert_eq!(create(number).await.status(), 200, "{number}");
    }
    let refused = create(100).await;
    assert_eq!(refused.status(), 400);
    assert_eq!(refused.value()["__type"], "LimitExceededException");
    // A name that is taken is refused for that.
    let taken = create(7).await.value();
    assert_eq!(taken["__type"], "ResourceAlreadyExistsException");
    let name = json!({"Name": "e7"});
    call(&host, REGIONS[0], "AWSEvents.DeleteEndpoint", &name).await;
    assert_eq!(create(100).await.status(), 200);
}

#[tokio::test]
async fn health_checks_are_listed_with_their_endpoints() {
    let host = Host::start().await;
    let list = async || {
        host.ask(&Request::new(&format!("GET {CHECKS}")))
            .await
            .value()
    };
    assert_eq!(list().await, json!({"HealthChecks": []}));
    endpoint(&host).await;
    let path = format!("POST {CHECKS}/c-2?status=unhealthy");
    assert_eq!(host.ask(&Request::new(&path)).await.status(), 204);
    let endpoint = "arn:aws:events:us-east-1:000000000000:endpoint/e";
    let checks = json!([
        {"Id": "c-1", "Status": "healthy", "Endpoints": [endpoint]},
        {"Id": "c-2", "Status": "unhealthy", "Endpoints": []},
    ]);
    assert_eq!(list().await, json!({"HealthChecks": checks}));
    for wrong in ["c-1", "c-1?status=ill", "c-1?stats=healthy"] {
        let answer = host
            .ask(&Request::new(&format!("POST {CHECKS}/{wrong}")))
            .await;
        assert_eq!(answer.status(), 400, "{answer:?}");
    }
}

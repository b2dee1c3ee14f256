//! Requests that are signed for services that topiq does not serve: each gets an error in its service's protocol, so that
//! clients show what it says.

use serde_json::json;

use crate::support::{Answer, Host, Request};

const NOT: &str = "topiq serves sqs, sns, sts, events, kinesis, schemas and logs, not ";

async fn ask(request: Request, service: &str) -> Answer {
    Host::start().await.ask(&request.signed_for(service)).await
}

fn sentence(service: &str) -> String {
    format!("{NOT}{service}")
}

#[tokio::test]
async fn s3_gets_an_error_without_an_element_around_it() {
    for request in [
        Request::new("PUT /bucket").header("Content-Length", "0"),
        Request::new("GET /bucket?list-type=2&prefix=%2F"),
        Request::new("PUT /bucket/key")
            .header("Content-Length", "3")
            .body("a=%"),
    ] {
        let answer = ask(request, "s3").await;
        assert_eq!(answer.status(), 501, "{answer:?}");
        assert_eq!(answer.header("content-type"), Some("application/xml"));
        assert!(
            answer
                .body
                .starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>"),
            "{answer:?}"
        );
        assert_eq!(answer.element("Code"), Some("NotImplemented"));
        assert_eq!(answer.element("Message"), Some(&*sentence("s3")));
    }
}

#[tokio::test]
async fn rest_xml_and_query_get_the_usual_error_document() {
    let request = Request::new("GET /2013-04-01/hostedzone");
    let answer = ask(request, "route53").await;
    assert_eq!(answer.status(), 501, "{answer:?}");
    assert!(answer.body.starts_with("<ErrorResponse "), "{answer:?}");
    assert_eq!(answer.element("Message"), Some(&*sentence("route53")));

    let answer = ask(
        Request::query("Action=ListStacks&Version=2010-05-15"),
        "cloudformation",
    )
    .await;
    assert_eq!(answer.status(), 400, "{answer:?}");
    assert_eq!(answer.element("Code"), Some("InvalidAction"));
    assert_eq!(
        answer.element("Message"),
        Some(&*sentence("cloudformation"))
    );

    let answer = ask(
        Request::query("Action=DescribeVpcs&Version=2016-11-15"),
        "ec2",
    )
    .await;
    assert!(
        answer
            .body
            .contains("<Response><Errors><Error><Code>InvalidAction<"),
        "{answer:?}"
    );
    assert_eq!(answer.element("Message"), Some(&*sentence("ec2")));
}

#[tokio::test]
async fn json_gets_json() {
    let request = Request::new("GET /2015-03-31/functions/");
    let answer = ask(request, "lambda").await;
    assert_eq!(answer.status(), 501, "{answer:?}");
    assert_eq!(answer.header("x-amzn-errortype"), Some("NotImplemented"));
    let expected = json!({ "__type": "NotImplemented", "message": sentence("lambda") });
    assert_eq!(answer.value(), expected);

    let request = Request::new("POST /")
        .header("X-Amz-Target", "DynamoDB_20120810.ListTables")
        .body("{}");
    let answer = ask(request, "dynamodb").await;
    assert_eq!(answer.status(), 400, "{answer:?}");
    let expected = json!({
        "__type": "com.amazon.coral.service#UnknownOperationException",
        "message": sentence("dynamodb"),
    });
    assert_eq!(answer.value(), expected);
}

#[tokio::test]
async fn aws_json_is_answered_in_its_version() {
    for version in ["application/x-amz-json-1.0", "application/x-amz-json-1.1"] {
        let request = Request::new("POST /")
            .header("X-Amz-Target", "AmazonSSM.DescribeParameters")
            .header("Content-Type", version)
            .body("{}");
        let answer = ask(request, "ssm").await;
        assert_eq!(answer.header("content-type"), Some(version), "{answer:?}");
    }
}

#[tokio::test]
async fn a_name_that_is_none_is_not_repeated() {
    let answer = ask(Request::new("GET /x"), "a<b").await;
    assert_eq!(answer.status(), 404, "{answer:?}");
    assert!(!answer.body.contains("a<b"), "{answer:?}");
}

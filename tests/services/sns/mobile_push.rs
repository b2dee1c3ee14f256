//! Listings of mobile push with more than one page: a hundred items are one page, a hundred and one are two.

use std::collections::BTreeSet;

use crate::support::{Answer, Host, Request};

const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 Credential=test/20260102/us-east-1/sns/aws4_request, SignedHeaders=host, Signature=0";
const APPLICATION: &str = "PlatformApplicationArn=arn:aws:sns:us-east-1:000000000000:app/GCM/app";

async fn call(host: &Host, form: &str) -> Answer {
    let request = Request::query(form).header("Authorization", AUTHORIZATION);
    let answer = host.ask(&request).await;
    assert_eq!(answer.status(), 200, "{answer:?}");
    answer
}

/// The ARNs of each page of a listing.
async fn pages(host: &Host, list: &str, element: &str) -> Vec<BTreeSet<String>> {
    let mut pages = Vec::new();
    let (mut form, start) = (list.to_owned(), format!("<{element}>"));
    loop {
        let answer = call(host, &form).await;
        let arns = answer.body.split(&start).skip(1);
        let arns = arns.map(|rest| rest.split('<').next().unwrap_or_default().to_owned());
        pages.push(arns.collect());
        let Some(token) = answer.element("NextToken") else {
            return pages;
        };
        form = format!("{list}&NextToken={token}");
    }
}

fn sizes(pages: &[BTreeSet<String>]) -> Vec<usize> {
    let all: BTreeSet<_> = pages.iter().flatten().collect();
    assert_eq!(all.len(), pages.iter().map(BTreeSet::len).sum::<usize>());
    pages.iter().map(BTreeSet::len).collect()
}

async fn create_application(host: &Host, name: &str) {
    let attributes = "Attributes.entry.1.key=PlatformCredential&Attributes.entry.1.value=secret";
    let form = format!("Action=CreatePlatformApplication&Platform=GCM&Name={name}&{attributes}");
    call(host, &form).await;
}

#[tokio::test]
async fn applications_are_listed_a_hundred_at_a_time() {
    let host = Host::start().await;
    let list = "Action=ListPlatformApplications";
    for number in 0..100 {
        create_application(&host, &format!("app-{number}")).await;
    }
    let full = pages(&host, list, "PlatformApplicationArn").await;
    assert_eq!(sizes(&full), [100]);
    create_application(&host, "app-100").await;
    let two = pages(&host, list, "PlatformApplicationArn").await;
    assert_eq!(sizes(&two), [100, 1]);
}

#[tokio::test]
async fn endpoints_are_listed_a_hundred_at_a_time() {
    let host = Host::start().await;
    create_application(&host, "app").await;
    let create = format!("Action=CreatePlatformEndpoint&{APPLICATION}&Token=");
    let list = format!("Action=ListEndpointsByPlatformApplication&{APPLICATION}");
    for number in 0..100 {
        call(&host, &format!("{create}{number}")).await;
    }
    let full = pages(&host, &list, "EndpointArn").await;
    assert_eq!(sizes(&full), [100]);
    call(&host, &format!("{create}100")).await;
    let two = pages(&host, &list, "EndpointArn").await;
    assert_eq!(sizes(&two), [100, 1]);
}

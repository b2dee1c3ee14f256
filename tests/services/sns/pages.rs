//! Listings of more topics than a page holds.

use crate::support::{Host, Request};

async fn ask(host: &Host, form: &str) -> crate::support::Answer {
    let request = Request::query(form).signed_for("sns");
    host.ask(&request).await
}

#[tokio::test]
async fn topics_are_listed_a_hundred_at_a_time() {
    let host = Host::start().await;
    let create = async |number: usize| {
        let form = format!("Action=CreateTopic&Name=topic-{number:03}");
        assert_eq!(ask(&host, &form).await.status(), 200);
    };
    for number in 0..100 {
        create(number).await;
    }
    let whole = ask(&host, "Action=ListTopics").await;
    assert_eq!(whole.body.matches("<TopicArn>").count(), 100);
    assert_eq!(whole.element("NextToken"), None);

    create(100).await;
    let first = ask(&host, "Action=ListTopics").await;
    assert_eq!(first.body.matches("<TopicArn>").count(), 100);
    let token = first.element("NextToken").expect("a token");
    let second = ask(&host, &format!("Action=ListTopics&NextToken={token}")).await;
    assert_eq!(second.body.matches("<TopicArn>").count(), 1);
    assert_eq!(
        second.element("TopicArn"),
        Some("arn:aws:sns:us-east-1:000000000000:topic-100")
    );
    assert_eq!(second.element("NextToken"), None);
}

//! What the log says of calls that are refused: a user looks there first when a client reports an error.

use http::header::USER_AGENT;

use crate::head::Head;
use crate::wire::{Answer, Call, Refusal};

/// How much of a text a line shows, in characters. Sentences of AWS's may quote all that was sent.
const SHOWN: usize = 500;

/// The members of a Query request that name what it is about, as far as its operation has them.
const RESOURCES: [&str; 11] = [
    "QueueUrl",
    "QueueName",
    "TopicArn",
    "TargetArn",
    "SubscriptionArn",
    "EndpointArn",
    "PlatformApplicationArn",
    "ResourceArn",
    "SourceArn",
    "TaskHandle",
    "Name",
];

/// Logs an answer that is a refusal. Others cost the look at their field.
pub(super) fn log(call: Option<&Call<'_>>, head: &Head<'_>, answer: &Answer) {
    let Some(Refusal { code, message }) = answer.refusal.as_deref() else {
        return;
    };
    if !tracing::enabled!(tracing::Level::INFO) {
        return;
    }
    let reason = shown(message);
    let client = head.headers.get(USER_AGENT);
    let client = client.map_or_else(String::new, |client| {
        shown(&String::from_utf8_lossy(client.as_bytes()))
    });
    let Some(call) = call else {
        let (method, target) = (&head.method, shown(&head.uri.to_string()));
        tracing::info!(code, reason, %method, target, client, "a request was refused");
        return;
    };
    let service = call.service.name;
    let operation = shown(&call.operation);
    let resource = call.member(&RESOURCES).unwrap_or_default();
    let resource = shown(&resource);
    let (account, region) = (call.caller().account, call.caller().region);
    tracing::info!(
        service, operation, code, reason, resource, %account, %region, client,
        "a call was refused"
    );
}

fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

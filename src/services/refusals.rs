//! What the log says of calls that are refused: a user looks there first when a client reports an error.

use http::header::USER_AGENT;

use crate::head::Head;
use crate::wire::{Answer, Call, Refusal};

/// How much of a text a line shows, in characters. Sentences of AWS's may quote all that was sent.
const SHOWN: usize = 500;

/// The members of a Query request that name what it is about, as far as its operation has them.
/// The members of a request that name what it is about, as far as its operation has them.
const RESOURCES: [&str; 18] = [
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
    "StreamName",
    "StreamARN",
    "ResourceARN",
    "SchemaName",
    "RegistryName",
    "DiscovererId",
    "logGroupName",
    "Name",
];

/// Logs an answer that is a refusal, or has some. Others cost the look at their field.
pub(super) fn log(call: Option<&Call<'_>>, head: &Head<'_>, answer: &Answer) {
    let Some(refusal) = answer.refusal.as_deref() else {
        return;
    };
    if !tracing::enabled!(tracing::Level::INFO) {
        return;
    }
    let Refusal {
        code,
        message,
        entries,
    } = refusal;
    let code = &**code;
    let Some(call) = call else {
        return log_request(head, code, message);
    };
    let (reason, client) = (shown(message), client(head));
    let service = call.service.name;
    let operation = shown(&call.operation);
    let resource = call.member(&RESOURCES).unwrap_or_default();
    let resource = shown(&resource);
    let (account, region) = (call.caller().account, call.caller().region);
    match entries {
        None => tracing::info!(
            service, operation, code, reason, resource, %account, %region, client,
            "a call was refused"
        ),
        Some(count) => tracing::info!(
            service, operation, count, code, reason, resource, %account, %region, client,
            "entries of a batch were refused"
        ),
    }
}

/// Logs the refusal of a request that is no call. topiq's own API has no codes but HTTP's.
pub(crate) fn log_request(head: &Head<'_>, code: &str, reason: &str) {
    let (reason, client) = (shown(reason), client(head));
    let (method, target) = (&head.method, shown(&head.uri.to_string()));
    tracing::info!(code, reason, %method, target, client, "a request was refused");
}

fn client(head: &Head<'_>) -> String {
    let client = head.headers.get(USER_AGENT);
    client.map_or_else(String::new, |client| {
        shown(&String::from_utf8_lossy(client.as_bytes()))
    })
}

fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

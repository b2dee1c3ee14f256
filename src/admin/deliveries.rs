//! `/_topiq/sns/deliveries`: what SNS would have handed to a mail server, a phone, a push service, a function or a
//! stream.
//!
//! `GET` lists it, the newest last: `{"Deliveries": [{"Sequence": 1, "Timestamp": "…", "Protocol": "email", …}],
//! "LastSequence": 1, "Dropped": 0}`. `DELETE` forgets it: `{"Deleted": 1}`. Both take `topic` (an ARN or a topic's
//! name), `protocol`, and `since`: a moment (`2026-01-02T03:04:05Z`) from which on, or a number after which; whoever
//! polls gives the `LastSequence` of his last answer. `Dropped` counts what had to go for lack of room.

use serde_json::json;

use crate::delivery::captured::Captured;
use crate::services::sns::inspect::Inspect;

use super::parameters::{Parameters, Since};
use super::{Answer, Verb};

pub(super) fn answer(verb: Verb, parameters: &Parameters<'_>, sns: &impl Inspect) -> Answer {
    let Some(since) = parameters.since() else {
        let message = "since is a time such as 2026-01-02T03:04:05Z, or the Sequence of an entry.";
        return Answer::error(400, message);
    };
    let (topic, protocol) = (parameters.text("topic"), parameters.text("protocol"));
    let is_wanted = |captured: &Captured| {
        let delivery = &captured.delivery;
        delivery.source == "sns"
            && topic.is_none_or(|topic| is_of_topic(delivery.source_arn.as_deref(), topic))
            && protocol.is_none_or(|protocol| delivery.target_kind == protocol)
            && match since {
                Since::Moment(moment) => delivery.at.0 >= moment,
                Since::Sequence(sequence) => captured.sequence > sequence,
            }
    };
    match verb {
        Verb::Delete => Answer::json(&json!({ "Deleted": sns.captured().forget(is_wanted) })),
        Verb::Get => {
            let listing = sns.captured().list(is_wanted);
            let entries: Vec<_> = listing.entries.iter().map(|entry| json!(**entry)).collect();
            Answer::json(&json!({
                "Deliveries": entries,
                "LastSequence": listing.last_sequence,
                "Dropped": listing.dropped,
            }))
        }
    }
}

/// Whether an ARN is `topic`, or ends in it as its name.
fn is_of_topic(arn: Option<&str>, topic: &str) -> bool {
    arn.is_some_and(|arn| arn == topic || arn.rsplit(':').next() == Some(topic))
}

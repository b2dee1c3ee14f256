//! What the log says of subscriptions that do not get a message.

use crate::delivery::Deliveries;
use crate::services::sns::hosted_topic::Topic;
use crate::services::sns::message::Message;
use crate::services::sns::subscription::Subscribers;

/// Logs a message that has no recipient, with the reason in a word; and at level debug, for each subscription that does not
/// get a message, why not: a filter policy that drops everything looks like a topic that does not work. Costs nothing
/// unless the level is logged.
pub(super) fn withheld(
    deliveries: &Deliveries,
    topic: &Topic,
    subscribers: &Subscribers,
    message: &Message,
    recipients: usize,
) {
    if recipients == 0 && tracing::enabled!(tracing::Level::INFO) {
        nobody(deliveries, topic, subscribers, message);
    }
    if !tracing::enabled!(tracing::Level::DEBUG) {
        return;
    }
    for (subscription, reason) in subscribers.explain(message.published_at, message) {
        let subscription = &*subscription.identity.arn;
        tracing::debug!(subscription, message_id = %message.id, %reason, "a message was not delivered");
    }
}

fn nobody(deliveries: &Deliveries, topic: &Topic, subscribers: &Subscribers, message: &Message) {
    let pending = subscribers.counts().pending;
    let filtered = subscribers.filtered(message.published_at);
    let paused = subscribers.len() - pending - filtered;
    // Which of the three there are tells lines apart.
    let kinds = [filtered, pending, paused].map(|count| u64::from(count > 0));
    let [is_filtered, is_pending, is_paused] = kinds;
    let cause = is_filtered | is_pending << 1 | is_paused << 2;
    let Some(count) = deliveries.complaints.count(&topic.arn, cause) else {
        return;
    };
    let reasons = [
        (filtered, "filtered out"),
        (pending, "pending confirmation"),
        (paused, "paused after a replay"),
    ];
    let reasons = reasons.into_iter().filter(|(count, _)| *count > 0);
    let reasons: Vec<_> = reasons
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let reason = if reasons.is_empty() {
        "no subscriptions".to_owned()
    } else {
        reasons.join(", ")
    };
    let (topic, message_id) = (&*topic.arn, message.id);
    tracing::info!(topic, %message_id, reason, count, "a message reached nobody");
}

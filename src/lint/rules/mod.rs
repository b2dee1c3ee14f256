//! The rules, by what they look at: `queues`, `policies` (filter policies and event patterns), `ways` from topics and rules
//! to queues and topics, and the rules of `buses`.

mod buses;
mod policies;
mod queues;
mod ways;

use super::{Advice, Rule, Subject};

/// All rules, in the order of their names.
pub static RULES: [&Rule; 19] = [
    &policies::ANYTHING_BUT_ALTERNATIVE,
    &buses::AWS_SOURCE_ON_CUSTOM_BUS,
    &queues::DEAD_LETTER_RETENTION,
    &buses::DUPLICATE_DELIVERY,
    &buses::EVENT_LOOP,
    &policies::EXISTS_ALTERNATIVE,
    &ways::FIFO_DEDUPLICATION,
    &ways::FIFO_TOPIC_STANDARD_QUEUE,
    &ways::KMS_MANAGED_KEY,
    &ways::MISSING_TARGET,
    &policies::NEVER_MATCHES,
    &policies::NUMERIC_BOUNDS,
    &ways::OWN_DEAD_LETTERS,
    &ways::QUEUE_POLICY,
    &queues::REDRIVE_CYCLE,
    &buses::RULE_WITHOUT_TARGETS,
    &queues::SINGLE_RECEIVE,
    &ways::TOPIC_POLICY,
    &queues::ZERO_VISIBILITY,
];

/// What the rules find.
pub(super) fn apply(subject: &Subject<'_>) -> Vec<Advice> {
    let mut advice = queues::apply(subject);
    advice.extend(policies::apply(subject));
    advice.extend(ways::apply(subject));
    advice.extend(buses::apply(subject));
    advice
}

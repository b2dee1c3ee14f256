//! Queues and their dead-letter queues.

use serde_json::Value;

use crate::aws::is_fifo_name;
use crate::lint::{Advice, Rule, Subject};
use crate::services::resource::Resource;
use crate::services::sqs::inspect::dead_letter_queue;

pub(super) static DEAD_LETTER_RETENTION: Rule = Rule {
    name: "dead-letter-retention",
    effect: "In a standard queue a message keeps the time at which it was first sent, also when it moves: what was retried \
             for long is deleted soon after it has become a dead letter, before anybody has looked at it.",
};

pub(super) static REDRIVE_CYCLE: Rule = Rule {
    name: "redrive-cycle",
    effect: "A message that cannot be processed is never put aside: it comes back again and again until it is too old.",
};

pub(super) static SINGLE_RECEIVE: Rule = Rule {
    name: "single-receive",
    effect: "The first receive that does not end in a deletion (a crash, a deployment, a timeout, a look in the console) makes \
             the message a dead letter: nothing is ever tried again.",
};

pub(super) static ZERO_VISIBILITY: Rule = Rule {
    name: "zero-visibility",
    effect: "A message that has been received can be received again at once: several consumers work on it at the same time, \
             and each receive counts towards maxReceiveCount.",
};

/// What a queue keeps messages for, in seconds, unless it says so.
const RETENTION: u32 = 345_600;

/// The longest that a queue keeps messages.
const LONGEST_RETENTION: u32 = 1_209_600;

pub(super) fn apply(subject: &Subject<'_>) -> Vec<Advice> {
    let queues = subject.queues();
    let advice = queues.flat_map(|queue| {
        [
            dead_letter_retention(subject, queue),
            redrive_cycle(subject, queue),
            single_receive(subject, queue),
            zero_visibility(subject, queue),
        ]
    });
    advice.flatten().collect()
}

/// The dead-letter queue of a queue.
fn dead_letters<'a>(subject: &Subject<'a>, queue: &Resource) -> Option<&'a Resource> {
    let arn = dead_letter_queue(queue.attribute("RedrivePolicy")?)?;
    subject.queue(&arn)
}

fn retention(queue: &Resource) -> u32 {
    let retention = queue.attribute("MessageRetentionPeriod");
    retention
        .and_then(|seconds| seconds.parse().ok())
        .unwrap_or(RETENTION)
}

/// Moving to a FIFO queue starts the time again.
fn dead_letter_retention(subject: &Subject<'_>, queue: &Resource) -> Option<Advice> {
    let dead = dead_letters(subject, queue)?;
    let (here, there) = (retention(queue), retention(dead));
    if is_fifo_name(&queue.name)
        || queue.arn == dead.arn
        || there > here
        || there == LONGEST_RETENTION
    {
        return None;
    }
    let (source, dead) = (subject.called(queue), subject.called(dead));
    let found = format!(
        "The dead-letter queue {dead} keeps messages for {there} seconds, its source {source} for {here}."
    );
    let instead = format!(
        "A longer MessageRetentionPeriod of {dead} than of {source}, such as {LONGEST_RETENTION} (14 days)."
    );
    Some(subject.advice(
        &DEAD_LETTER_RETENTION,
        queue,
        Some("RedrivePolicy"),
        found,
        instead,
    ))
}

fn redrive_cycle(subject: &Subject<'_>, queue: &Resource) -> Option<Advice> {
    let mut path = vec![queue];
    loop {
        let next = dead_letters(subject, path.last()?)?;
        if next.arn == queue.arn {
            break;
        }
        // A cycle that this queue leads into is told of those that are part of it.
        if path.iter().any(|passed| passed.arn == next.arn) {
            return None;
        }
        path.push(next);
    }
    let names: Vec<_> = path.iter().map(|queue| subject.called(queue)).collect();
    let found = format!(
        "Dead letters go from {} back to {}.",
        names.join(" to "),
        subject.called(queue)
    );
    let instead = "Name a dead-letter queue that has none itself, and that only people and tools receive from.";
    let advice = subject.advice(
        &REDRIVE_CYCLE,
        queue,
        Some("RedrivePolicy"),
        found,
        instead.to_owned(),
    );
    Some(advice)
}

fn single_receive(subject: &Subject<'_>, queue: &Resource) -> Option<Advice> {
    let policy: Value = serde_json::from_str(queue.attribute("RedrivePolicy")?).ok()?;
    if policy["maxReceiveCount"].as_u64() != Some(1) {
        return None;
    }
    let found = format!("maxReceiveCount of {} is 1.", subject.called(queue));
    let instead =
        "A maxReceiveCount of 3 or more; AWS advises at least 5 where a function is the consumer.";
    Some(subject.advice(
        &SINGLE_RECEIVE,
        queue,
        Some("RedrivePolicy"),
        found,
        instead.to_owned(),
    ))
}

fn zero_visibility(subject: &Subject<'_>, queue: &Resource) -> Option<Advice> {
    const NAME: &str = "VisibilityTimeout";
    if queue.attribute(NAME) != Some("0") {
        return None;
    }
    let found = format!("{NAME} of {} is 0.", subject.called(queue));
    let instead = format!(
        "A {NAME} longer than a consumer takes for a message: it is 30 seconds if you leave it out."
    );
    Some(subject.advice(&ZERO_VISIBILITY, queue, Some(NAME), found, instead))
}

//! `CreateQueue`: creates a queue, or finds the existing one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::tags;
use crate::aws::Caller;
use crate::aws::attributes::boolean;
use crate::aws::tags::Tags;
use crate::services::sqs::Sqs;
use crate::services::sqs::attributes::QueueAttributes;
use crate::services::sqs::error::Error;
use crate::services::sqs::hosted_queue::{HostedQueue, QueueName};
use crate::services::sqs::limits;
use crate::services::sqs::queue::{Kind, Queue};
use crate::services::sqs::waiting::WaitingQueue;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateQueueInput {
    queue_name: Option<String>,
    attributes: Option<BTreeMap<String, String>>,
    #[serde(rename = "tags")]
    tags: Option<Tags>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateQueueOutput {
    queue_url: String,
}

pub(super) fn call(
    sqs: &Sqs,
    caller: &Caller<'_>,
    input: CreateQueueInput,
) -> Result<CreateQueueOutput, Error> {
    let asked = input.attributes.unwrap_or_default();
    let name = input.queue_name.ok_or_else(|| {
        let sentence =
            "Value for parameter QueueName is invalid. Reason: Must specify a queue name.";
        Error::InvalidParameter(sentence.into())
    })?;
    let kind = check_name(&name, &asked)?;
    let name = QueueName {
        account: caller.account,
        region: caller.region,
        name: name.into(),
    };
    let attributes = QueueAttributes::new(kind).with(&asked)?;
    sqs.check_redrive_target(&name, &attributes, &asked)?;
    let mut tags = Tags::new();
    tags::add(&mut tags, input.tags.unwrap_or_default(), &name.name)?;

    let now = sqs.now();
    if sqs.must_wait(sqs.queues.deleted_at(&name), now) {
        return Err(Error::QueueDeletedRecently);
    }
    let queue_url = name.url(caller.endpoint);
    let make = || {
        let core = Queue::new(kind, name.arn().into(), attributes.settings(&sqs.settings));
        let waiting = WaitingQueue::new(
            core,
            sqs.dead_letters(),
            sqs.agenda.clone(),
            sqs.traces.clone(),
        );
        HostedQueue::new(
            name.clone(),
            now,
            sqs.ids.number(),
            waiting,
            attributes.clone(),
            tags,
        )
    };
    let (queue, is_new) = sqs.queues.get_or_insert(&name, make);
    if !is_new {
        check_same(&queue, &asked)?;
    }
    Ok(CreateQueueOutput { queue_url })
}

/// Only the attributes in the request count, each compared with its present value. (Recorded.)
fn check_same(queue: &HostedQueue, asked: &BTreeMap<String, String>) -> Result<(), Error> {
    let present = queue.attributes();
    match present.first_difference(&present.with(asked)?, asked) {
        Some(attribute) => Err(Error::QueueNameExists { attribute }),
        None => Ok(()),
    }
}

/// Checks a new queue's name; its suffix and its attribute must agree on its kind.
fn check_name(name: &str, asked: &BTreeMap<String, String>) -> Result<Kind, Error> {
    let refuse = |sentence: &'static str| Err(Error::InvalidParameter(sentence.into()));
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(is_allowed);
    let is_short = name.len() <= limits::QUEUE_NAME_LENGTH;
    let wants_fifo = match asked.get("FifoQueue").map(|value| boolean(value)) {
        None => false,
        Some(Some(true)) => true,
        // A standard queue is made by leaving the attribute out (recorded).
        Some(Some(false)) => return Err(Error::UnknownAttribute("FifoQueue".into())),
        Some(None) => return Err(Error::InvalidAttributeValue("FifoQueue")),
    };
    if name.is_empty() {
        return refuse("Queue name cannot be empty");
    }
    if wants_fifo {
        if is_short && name.strip_suffix(".fifo").is_some_and(is_word) {
            return Ok(Kind::Fifo);
        }
        return refuse(
            "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.",
        );
    }
    if is_short && is_word(name) {
        return Ok(Kind::Standard);
    }
    refuse("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
}

impl Sqs {
    /// Checks that the dead-letter queue in `attributes`, if the caller set one, may be that of the queue called
    /// `name`.
    pub(super) fn check_redrive_target(
        &self,
        name: &QueueName,
        attributes: &QueueAttributes,
        asked: &BTreeMap<String, String>,
    ) -> Result<(), Error> {
        let asked = asked.get("RedrivePolicy");
        let (Some(policy), Some(sent)) = (&attributes.redrive_policy, asked) else {
            return Ok(());
        };
        let refuse = |reason: &'static str| Error::invalid(sent, "RedrivePolicy", reason);
        let arn = crate::aws::Arn::parse(&policy.dead_letter_target_arn);
        let arn = arn.expect("a redrive policy's ARN was checked");
        if arn.region != name.region.as_str() {
            return Err(refuse(
                "Dead-letter target must be in same region as the source.",
            ));
        }
        if arn.account != name.account.to_string() {
            return Err(refuse(
                "Dead-letter target owner should be same as the source.",
            ));
        }
        // A queue may be its own dead-letter queue, even while it is being created.
        if arn.resource == &*name.name {
            return Ok(());
        }
        let target = self.queues.get(name.account, name.region, arn.resource);
        let target = target
            .ok_or_else(|| refuse("Dead letter target does not exist."))?
            .attributes();
        if target.kind != attributes.kind {
            return Err(refuse(
                "Dead-letter queue must be same type of queue as the source..",
            ));
        }
        let allows = |policy: &crate::services::sqs::redrive_policy::RedriveAllowPolicy| {
            policy.allows(&name.arn())
        };
        if !target.redrive_allow_policy.as_ref().is_none_or(allows) {
            return Err(refuse(
                "Dead-letter target does not allow this queue as its source.",
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, fifo: Option<&str>) -> Result<Kind, Error> {
        let asked = fifo.map(|value| ("FifoQueue".to_owned(), value.to_owned()));
        check_name(name, &asked.into_iter().collect())
    }

    #[test]
    fn names_and_kinds_agree() {
        assert_eq!(check("a-B_9", None), Ok(Kind::Standard));
        assert_eq!(check("a.fifo", Some("true")), Ok(Kind::Fifo));
        assert_eq!(
            check(&format!("{}.fifo", "x".repeat(75)), Some("True")),
            Ok(Kind::Fifo)
        );
        for (name, fifo) in [
            ("a.fifo", None),
            ("a", Some("true")),
            (".fifo", Some("true")),
            ("a/b", None),
            ("", None),
            ("é", None),
            (&"x".repeat(81), None),
            (&format!("{}.fifo", "x".repeat(76)), Some("true")),
        ] {
            assert!(
                matches!(check(name, fifo), Err(Error::InvalidParameter(_))),
                "{name}"
            );
        }
        assert_eq!(
            check("a", Some("false")),
            Err(Error::UnknownAttribute("FifoQueue".into()))
        );
        for wrong in ["", "yes", "1"] {
            let refused = Err(Error::InvalidAttributeValue("FifoQueue"));
            assert_eq!(check("a.fifo", Some(wrong)), refused, "{wrong}");
        }
    }
}

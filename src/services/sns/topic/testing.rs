//! What the core's tests share.

use std::sync::Arc;

use super::message::{Message, SignatureVersion};
use super::protocol::Protocol;
use super::{Accepted, Memory, ReplayWindow, Subscriber};
use crate::aws::message::{Attribute, AttributeValue, MessageAttributes};
use crate::clock::Timestamp;
use crate::ids::Id;
use crate::pattern::{Policy, Scope};

/// A subscriber with nothing but what the core asks of one.
#[derive(Clone, Debug)]
pub(super) struct TestSubscriber {
    pub(super) id: Id,
    pub(super) protocol: Protocol,
    pub(super) endpoint: Arc<str>,
    pub(super) is_confirmed: bool,
    pub(super) filter_policy: Option<Policy>,
    pub(super) replay_window: Option<ReplayWindow>,
}

impl Subscriber for TestSubscriber {
    fn id(&self) -> Id {
        self.id
    }

    fn protocol(&self) -> Protocol {
        self.protocol
    }

    fn endpoint(&self) -> &Arc<str> {
        &self.endpoint
    }

    fn is_confirmed(&self) -> bool {
        self.is_confirmed
    }

    fn filter_policy(&self) -> Option<&Policy> {
        self.filter_policy.as_ref()
    }

    fn replay_window(&self) -> Option<&ReplayWindow> {
        self.replay_window.as_ref()
    }
}

/// A confirmed subscriber that wants every message.
pub(super) fn subscriber(number: u8) -> TestSubscriber {
    TestSubscriber {
        id: Id::from_u128(number.into()),
        protocol: Protocol::Sqs,
        endpoint: format!("queue {number}").into(),
        is_confirmed: true,
        filter_policy: None,
        replay_window: None,
    }
}

/// All that a subscriber's replay delivers, in turns of two messages.
pub(super) fn replay(
    memory: &mut Memory,
    now: Timestamp,
    one: &TestSubscriber,
) -> Vec<Arc<Message>> {
    let (replay, _) = memory.begin_replay(now, one.id, one.replay_window());
    let mut messages = Vec::new();
    while let Some(turn) = replay.and_then(|replay| memory.next_turn(now, replay, 2)) {
        assert!(turn.archived.len() <= 2 && turn.held_back.is_empty());
        messages.extend(turn.archived);
    }
    messages.retain(|message| one.filter_lets_through(message));
    messages
}

/// A policy over attributes.
pub(super) fn policy(text: &str) -> Policy {
    Policy::parse(text, Scope::MessageAttributes).expect("a policy")
}

/// A FIFO topic's message, with its deduplication id as its attribute `id` too.
pub(super) fn fifo_message(seconds: u64, group_id: &str, deduplication_id: &str) -> Message {
    let attribute = Attribute {
        name: "id".into(),
        data_type: "String".into(),
        value: AttributeValue::Text(deduplication_id.into()),
    };
    Message {
        id: Id::from_u128(u128::from(seconds) + 1),
        topic_arn: "arn".into(),
        subject: None,
        text: format!(r#"{{"id":"{deduplication_id}"}}"#).into(),
        texts: [].into(),
        published: None,
        attributes: Some(Arc::new(MessageAttributes::new(vec![attribute]))),
        published_at: at(seconds),
        sequence_number: None,
        group_id: Some(group_id.into()),
        deduplication_id: Some(deduplication_id.into()),
        trace_header: None,
        signature_version: SignatureVersion::V1,
    }
}

/// The message that was accepted.
pub(super) fn new(accepted: Accepted) -> Arc<Message> {
    match accepted {
        Accepted::New(message) => message,
        Accepted::Duplicate(original) => panic!("a duplicate of {original:?}"),
    }
}

pub(super) fn at(seconds: u64) -> Timestamp {
    Timestamp::from_secs(seconds)
}

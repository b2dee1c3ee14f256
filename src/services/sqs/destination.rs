//! Queues as targets: other services deliver to them as if by `SendMessage`, with the same checks.

use std::sync::{Arc, Weak};

use super::error::Error;
use super::hosted_queue::HostedQueue;
use super::message_input::{check_contents, check_group_id, check_size, fifo_deduplication_id};
use super::queue::{Kind, NewMessage, input};
use super::queues::Queues;
use super::struck;
use crate::aws::fifo::content_hash;
use crate::clock::Timestamp;
use crate::delivery::{Delivered, Message, Outcome, Source, Target, TargetService, Undelivered};
use crate::faults::Faults;
use crate::ids::Ids;

/// All queues.
#[derive(Debug)]
pub(super) struct QueueTargets {
    queues: Arc<Queues>,
    ids: Arc<Ids>,
    faults: Arc<Faults>,
}

impl QueueTargets {
    pub(super) fn new(queues: Arc<Queues>, ids: Arc<Ids>, faults: Arc<Faults>) -> Self {
        Self {
            queues,
            ids,
            faults,
        }
    }
}

impl TargetService for QueueTargets {
    fn target(&self, arn: &str) -> Option<Arc<dyn Target>> {
        let queue = self.queues.by_arn(arn)?;
        Some(Arc::new(QueueTarget {
            kind: queue.kind(),
            queue: Arc::downgrade(&queue),
            ids: self.ids.clone(),
            faults: self.faults.clone(),
        }))
    }
}

/// One queue. Holding it does not keep a deleted queue's messages alive.
#[derive(Debug)]
struct QueueTarget {
    queue: Weak<HostedQueue>,
    kind: Kind,
    ids: Arc<Ids>,
    faults: Arc<Faults>,
}

impl Target for QueueTarget {
    fn deliver(&self, now: Timestamp, message: Message<'_>) -> Outcome {
        let queue = self.queue.upgrade().ok_or(Undelivered::NoTarget)?;
        let attributes_size = message.examined.get_or_examine(|| {
            let checked = check_contents(&message.body, message.attributes.as_deref());
            checked.map_err(|error| error.to_string().into())
        });
        let attributes_size = attributes_size.map_err(|why| Undelivered::Refused(why.into()))?;
        check_size(&message.body, attributes_size, queue.maximum_message_size())?;
        check_group_id(self.kind, message.group_id.as_deref())?;
        let deduplication_id = match self.kind {
            Kind::Standard => None,
            Kind::Fifo => Some(fifo_deduplication_id(
                message.deduplication_id,
                || queue.attributes().content_based_deduplication,
                || content_hash(&message.body.text()),
            )?),
        };
        let message = NewMessage {
            id: message.id.unwrap_or_else(|| self.ids.message_id()),
            body: message.body,
            attributes: message.attributes,
            trace_header: message.trace_header,
            sender: message.sender,
            delay_seconds: None,
            group_id: message.group_id,
            deduplication_id,
        };
        struck::double(&self.faults, None, &queue, now, &message);
        let sent = queue.waiting.apply(now, input::Send(message));
        let sent = sent.ok_or(Undelivered::NoTarget)?;
        Ok(Delivered::As(sent.id))
    }

    /// "It works here, but production drops it because the queue has no policy" is the classic trap.
    fn permits(&self, source: &Source<'_>) -> Result<(), Undelivered> {
        let queue = self.queue.upgrade().ok_or(Undelivered::NoTarget)?;
        let attributes = queue.attributes();
        source.check(
            attributes.policy.as_deref(),
            "sqs:SendMessage",
            &queue.arn,
            queue.name.account,
        )
    }
}

/// The refusal, in the words of `SendMessage`.
impl From<Error> for Undelivered {
    fn from(error: Error) -> Self {
        Self::Refused(error.to_string().into())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::agenda::Agenda;
    use crate::aws::message::{Attribute, AttributeValue, Body, MessageAttributes, Sender};
    use crate::aws::{AccountId, Caller, Region};
    use crate::clock::ManualClock;
    use crate::delivery::{Deliveries, Examined};
    use crate::services::sqs::Sqs;
    use crate::services::sqs::attributes::QueueAttributes;
    use crate::services::sqs::hosted_queue::QueueName;
    use crate::services::sqs::message_input::{
        AttributeMap, MessageAttributeValue, MessageInput, Via,
    };
    use crate::services::sqs::queue::Queue;
    use crate::services::sqs::waiting::WaitingQueue;
    use crate::services::{Environment, Service};
    use crate::wire::Text;

    const MAXIMUM: usize = 1100;

    /// A service with the queues `q` and `q.fifo`, which accept [`MAXIMUM`] bytes.
    struct Bench {
        sqs: Sqs,
        deliveries: Arc<Deliveries>,
    }

    impl Bench {
        fn new() -> Self {
            let clock = Arc::new(ManualClock::new(Timestamp::from_secs(1)));
            let environment = Environment::at(Arc::new(Agenda::new(clock)));
            let sqs = Sqs::new(&environment);
            let deliveries = environment.deliveries;
            for (name, kind) in [("q", Kind::Standard), ("q.fifo", Kind::Fifo)] {
                add_queue(&sqs, name, queue_attributes(kind));
            }
            Self { sqs, deliveries }
        }

        fn deliver(&self, name: &str, message: Message<'_>) -> Outcome {
            let arn = format!("arn:aws:sqs:us-east-1:000000000000:{name}");
            let targets = &self.deliveries.targets;
            targets.deliver(&arn, Timestamp::from_secs(1), message)
        }

        /// Why a queue refuses a message; empty if it does not.
        fn refusal(&self, name: &str, message: Message<'_>) -> String {
            match self.deliver(name, message) {
                Ok(Delivered::As(_)) => String::new(),
                Err(Undelivered::Refused(why)) => why.into(),
                other => panic!("{other:?}"),
            }
        }
    }

    fn queue_attributes(kind: Kind) -> QueueAttributes {
        QueueAttributes {
            maximum_message_size: u32::try_from(MAXIMUM).expect("small"),
            ..QueueAttributes::new(kind)
        }
    }

    fn name(name: &str) -> QueueName {
        QueueName {
            account: AccountId::DEFAULT,
            region: Region::default(),
            name: name.into(),
        }
    }

    fn add_queue(sqs: &Sqs, queue: &str, attributes: QueueAttributes) {
        let name = name(queue);
        sqs.queues.get_or_insert(&name, || {
            let settings = attributes.settings(&sqs.settings);
            let core = Queue::new(attributes.kind, name.arn().into(), settings);
            let waiting = WaitingQueue::new(
                core,
                sqs.dead_letters(),
                sqs.agenda.clone(),
                sqs.traces.clone(),
            );
            let now = Timestamp::from_secs(1);
            HostedQueue::new(name.clone(), now, 1, waiting, attributes, BTreeMap::new())
        });
    }

    fn text_attribute(name: &str, data_type: &str, value: &str) -> Attribute {
        Attribute {
            name: name.into(),
            data_type: data_type.into(),
            value: AttributeValue::Text(value.into()),
        }
    }

    fn message<'a>(body: &str, attributes: Vec<Attribute>, examined: &'a Examined) -> Message<'a> {
        Message {
            id: None,
            body: Body::new(body),
            attributes: Some(Arc::new(MessageAttributes::new(attributes))),
            examined,
            trace_header: None,
            sender: Sender::Service("test"),
            group_id: None,
            deduplication_id: None,
        }
    }

    /// The answer of `SendMessage` to the same message.
    fn send(body: &str, attributes: &[Attribute], kind: Kind, ids: [Option<&str>; 2]) -> String {
        let map: AttributeMap<'_> = attributes
            .iter()
            .map(|attribute| {
                let value = MessageAttributeValue {
                    string_value: attribute.value.as_text().map(|text| Text(text.into())),
                    data_type: Some(Text((&*attribute.data_type).into())),
                    ..MessageAttributeValue::default()
                };
                (Text((&*attribute.name).into()), value)
            })
            .collect();
        let input = MessageInput {
            body: Some(body),
            delay_seconds: None,
            attributes: Some(&map),
            system_attributes: None,
            group_id: ids[0],
            deduplication_id: ids[1],
        };
        let caller = Caller::within(
            AccountId::DEFAULT,
            Region::default(),
            "SendMessage",
            "http://localhost:4566",
        );
        let checked = input.check(
            &queue_attributes(kind),
            &caller,
            &Ids::seeded(1),
            Via::Single,
        );
        checked.map_or_else(|error| error.to_string(), |_| String::new())
    }

    #[test]
    fn a_delivery_is_refused_just_as_a_send_is() {
        let bench = Bench::new();
        let one = |name, data_type, value| vec![text_attribute(name, data_type, value)];
        let eleven = (0..11).map(|n| text_attribute(&format!("a{n}"), "String", "x"));
        let long = "x".repeat(MAXIMUM);
        let cases: Vec<(&str, Vec<Attribute>, bool)> = vec![
            ("fine", vec![], true),
            ("fine", one("a", "String", "x"), true),
            (&long, vec![], true),
            (&long[1..], one("a", "String", "x"), false),
            (&long[8..], one("a", "String", "x"), true),
            ("", vec![], false),
            ("\u{1}", vec![], false),
            ("\u{fffe}", vec![], false),
            ("a", one("AWS.a", "String", "x"), false),
            ("a", one("amazon.a", "String", "x"), false),
            ("a", one("a..b", "String", "x"), false),
            ("a", one("a", "String", "\u{1}"), false),
            ("a", one("a", "String", ""), false),
            ("a", one("a", "Number", " 1"), false),
            ("a", one("a", "Number", "1e400"), false),
            ("a", one("a", "Binary", "text"), false),
            (
                "a",
                one("a", &format!("String.{}", "x".repeat(256)), "x"),
                false,
            ),
            ("a", one("a", "Other", "x"), false),
            ("a", eleven.collect(), false),
        ];
        for (body, attributes, is_fine) in cases {
            let examined = Examined::default();
            let delivered = bench.refusal("q", message(body, attributes.clone(), &examined));
            let sent = send(body, &attributes, Kind::Standard, [None; 2]);
            assert_eq!(delivered, sent, "{body:?} {attributes:?}");
            assert_eq!(delivered.is_empty(), is_fine, "{body:?} {attributes:?}");
        }
    }

    #[test]
    fn a_fifo_queues_delivery_needs_the_ids_that_a_send_needs() {
        let bench = Bench::new();
        for ids in [
            [Some("g"), Some("d")],
            [Some("g"), None],
            [None, Some("d")],
            [Some("a group"), Some("d")],
            [Some("g"), Some("")],
        ] {
            let examined = Examined::default();
            let [group_id, deduplication_id] = ids.map(|id| id.map(Arc::from));
            let message = Message {
                group_id,
                deduplication_id,
                ..message("a", vec![], &examined)
            };
            let delivered = bench.refusal("q.fifo", message);
            assert_eq!(delivered, send("a", &[], Kind::Fifo, ids), "{ids:?}");
        }
    }

    #[test]
    fn a_fifo_queue_with_content_based_deduplication_makes_the_id_itself() {
        let bench = Bench::new();
        let attributes = QueueAttributes {
            content_based_deduplication: true,
            ..queue_attributes(Kind::Fifo)
        };
        add_queue(&bench.sqs, "content.fifo", attributes);
        let examined = Examined::default();
        let deliver = || {
            let message = Message {
                group_id: Some("g".into()),
                ..message("same", vec![], &examined)
            };
            match bench.deliver("content.fifo", message) {
                Ok(Delivered::As(id)) => id,
                other => panic!("{other:?}"),
            }
        };
        // The answer to a duplicate has the original's id.
        assert_eq!(deliver(), deliver());
    }

    #[test]
    fn a_deleted_queue_is_gone_for_holders_of_its_target() {
        let bench = Bench::new();
        let arn = "arn:aws:sqs:us-east-1:000000000000:q";
        let target = bench.deliveries.targets.find(arn).expect("a queue");
        let name = name("q");
        let queues = &bench.sqs.queues;
        let queue = queues.get(name.account, name.region, &name.name);
        let queue = queue.expect("a queue");
        queues.remove(&queue);
        drop(queue);
        let examined = Examined::default();
        let outcome = target.deliver(Timestamp::from_secs(1), message("a", vec![], &examined));
        assert!(matches!(outcome, Err(Undelivered::NoTarget)), "{outcome:?}");
        let source = Source {
            principal: "sns.amazonaws.com",
            arn: "arn:aws:sns:us-east-1:000000000000:t",
            account: AccountId::DEFAULT,
        };
        let permitted = target.permits(&source);
        assert!(
            matches!(permitted, Err(Undelivered::NoTarget)),
            "{permitted:?}"
        );
    }
}

//! The life of a message: its own steps, and those of what it was delivered as.

use std::collections::HashMap;
use std::sync::Arc;

use super::step::{Step, What};
use super::whereabouts::Changed;
use crate::aws::Arn;
use crate::ids::Id;

/// A step, and its number among all.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) sequence: u64,
    pub(crate) step: Step,
}

/// The steps of one message, wherever it went, in order.
#[derive(Clone, Debug)]
pub(crate) struct Lineage {
    pub(crate) steps: Vec<Recorded>,
}

/// All that is recorded, joined.
#[derive(Debug)]
pub(crate) struct Lives {
    /// The one that began first comes first.
    pub(crate) lineages: Vec<Lineage>,
    /// The steps that are of no single message.
    others: Vec<Recorded>,
}

/// The place of a step: the number of the step that it comes after at the latest, and how many there are in between.
type Rank = (u64, u32);

/// How often a message is delivered on as another one, at most: to a bus, a topic, a queue, a dead-letter queue and back.
const LONGEST: usize = 16;

/// Which ids are of one life.
#[derive(Default)]
struct Groups {
    of: HashMap<Id, usize>,
    /// Of each group the one that it has become a part of.
    within: Vec<usize>,
}

impl Groups {
    fn new_group(&mut self) -> usize {
        self.within.push(self.within.len());
        self.within.len() - 1
    }

    fn of(&mut self, id: Id) -> usize {
        if let Some(&group) = self.of.get(&id) {
            return self.whole(group);
        }
        let group = self.new_group();
        self.of.insert(id, group);
        group
    }

    fn whole(&self, mut group: usize) -> usize {
        while self.within[group] != group {
            group = self.within[group];
        }
        group
    }

    fn join(&mut self, one: Id, other: Id) {
        let (one, other) = (self.of(one), self.of(other));
        let (first, second) = (one.min(other), one.max(other));
        self.within[second] = first;
    }
}

impl Lives {
    /// Joins steps, which come in the order of their numbers.
    pub(crate) fn of(recorded: Vec<Recorded>) -> Self {
        let mut groups = Groups::default();
        for Recorded { step, .. } in &recorded {
            if let Some(next) = step.what.next_id() {
                groups.join(step.id, next);
            }
        }
        let mut lives: HashMap<usize, Lineage> = HashMap::new();
        let mut others = Vec::new();
        for recorded in recorded {
            let step = &recorded.step;
            let is_denial = matches!(step.what, What::Denied { .. });
            let group = match step.id {
                Step::OF_NO_MESSAGE if is_denial => groups.new_group(),
                Step::OF_NO_MESSAGE => {
                    others.push(recorded);
                    continue;
                }
                id => groups.of(id),
            };
            let life = lives
                .entry(group)
                .or_insert_with(|| Lineage { steps: Vec::new() });
            life.steps.push(recorded);
        }
        let mut lineages: Vec<_> = lives.into_values().collect();
        lineages.iter_mut().for_each(Lineage::put_in_order);
        lineages.sort_by_key(Lineage::sequence);
        Self { lineages, others }
    }

    /// The life of the message with this id.
    pub(crate) fn with(&self, id: Id) -> Option<&Lineage> {
        self.lineages.iter().find(|lineage| lineage.has(id))
    }

    /// The life in which the step with this number is.
    pub(crate) fn with_step(&self, sequence: u64) -> Option<&Lineage> {
        let is_meant = |recorded: &Recorded| recorded.sequence == sequence;
        let mut lineages = self.lineages.iter();
        lineages.find(|lineage| lineage.steps.iter().any(is_meant))
    }

    /// What of a topic or a bus was changed after a step, as it was at that time.
    pub(crate) fn changed_after(&self, sequence: u64, resource: &str) -> Changed<'_> {
        let mut changed = Changed::new();
        for recorded in self.others.iter().filter(|one| one.sequence > sequence) {
            if let What::Changed {
                of, name, before, ..
            } = &recorded.step.what
                && **of == *resource
            {
                changed.entry(name).or_insert(before.as_ref());
            }
        }
        changed
    }

    /// Whether a queue was purged or deleted after a step.
    pub(crate) fn emptied_after(&self, sequence: u64, queue: &str) -> Option<&Recorded> {
        self.others.iter().find(|one| {
            let is_emptied = match &one.step.what {
                What::Purged { queue: emptied } | What::QueueDeleted { queue: emptied } => {
                    **emptied == *queue
                }
                _ => false,
            };
            is_emptied && one.sequence > sequence
        })
    }
}

impl Lineage {
    /// Puts the steps in the order of their numbers, and moves what was recorded of a message before the step that made it
    /// behind that step: another thread may have received a message before its sender's thread has recorded that it was sent.
    fn put_in_order(&mut self) {
        let mut places: Vec<Rank> = self.steps.iter().map(|one| (one.sequence, 0)).collect();
        for _ in 0..LONGEST {
            let mut is_settled = true;
            let born = self.births(&places);
            for (Recorded { step, .. }, place) in self.steps.iter().zip(&mut places) {
                let birth = born.get(&step.id);
                if let Some((at, after)) = birth.filter(|birth| **birth > *place) {
                    *place = (*at, after + 1);
                    is_settled = false;
                }
            }
            if is_settled {
                break;
            }
        }
        let steps = std::mem::take(&mut self.steps).into_iter();
        let mut in_order: Vec<_> = places.into_iter().zip(steps).collect();
        in_order.sort_by_key(|(place, one)| (*place, one.sequence));
        self.steps = in_order.into_iter().map(|(_, one)| one).collect();
    }

    /// Where each message comes into being.
    fn births(&self, places: &[Rank]) -> HashMap<Id, Rank> {
        let mut births = HashMap::new();
        for (Recorded { step, .. }, place) in self.steps.iter().zip(places) {
            if let Some(id) = step.what.creates(step.id) {
                births.entry(id).or_insert(*place);
            }
        }
        births
    }

    /// The number of its first step.
    pub(crate) fn sequence(&self) -> u64 {
        self.steps.first().map_or(0, |first| first.sequence)
    }

    /// The id that its first step has; nothing of a call that was refused.
    pub(crate) fn id(&self) -> Option<Id> {
        let id = self.steps.first()?.step.id;
        (id != Step::OF_NO_MESSAGE).then_some(id)
    }

    /// Whether it is the life of a message with this id.
    pub(crate) fn has(&self, id: Id) -> bool {
        let mut steps = self.steps.iter().map(|recorded| &recorded.step);
        steps.any(|step| step.id == id || step.what.next_id() == Some(id))
    }

    /// Whether it touches a resource of a service with this name or ARN.
    pub(crate) fn touches(&self, service: &str, name: &str) -> bool {
        let mut steps = self.steps.iter();
        steps.any(|recorded| {
            let resources = recorded.step.what.resources();
            let mut resources = resources.into_iter().flatten();
            resources.any(|arn| is_named(arn, service, name))
        })
    }

    /// Whether one of its messages has this text in it.
    pub(crate) fn contains(&self, text: &str) -> bool {
        let mut steps = self.steps.iter();
        steps.any(|recorded| recorded.step.what.contains(text))
    }
}

fn is_named(arn: &str, service: &str, name: &str) -> bool {
    let Some(parsed) = Arn::parse(arn).filter(|arn| arn.service == service) else {
        return false;
    };
    let bare = parsed.resource.strip_prefix("event-bus/");
    arn == name || bare.unwrap_or(parsed.resource) == name
}

/// The name of what an ARN names, for people: `orders` of a queue's.
pub(crate) fn short(arn: &Arc<str>) -> &str {
    match Arn::parse(arn) {
        Some(parsed) if ["sqs", "sns"].contains(&parsed.service) => parsed.resource,
        Some(parsed) => {
            let bare = parsed.resource.strip_prefix("event-bus/");
            bare.unwrap_or(arn)
        }
        None => arn,
    }
}

#[cfg(test)]
mod tests {
    use super::super::step::By;
    use super::*;
    use crate::aws::AccountId;
    use crate::clock::Timestamp;

    const QUEUE: &str = "arn:aws:sqs:us-east-1:000000000000:q";

    fn recorded(sequence: u64, id: u128, what: What) -> Recorded {
        let step = Step {
            at: Timestamp::from_secs(1),
            id: Id::from_u128(id),
            what,
        };
        Recorded { sequence, step }
    }

    fn delivered(id: u128) -> What {
        What::Delivered {
            by: "s".into(),
            to: QUEUE.into(),
            id: Some(Id::from_u128(id)),
        }
    }

    fn expired() -> What {
        What::Expired {
            queue: QUEUE.into(),
        }
    }

    fn sequences(lineage: &Lineage) -> Vec<u64> {
        let steps = lineage.steps.iter();
        steps.map(|recorded| recorded.sequence).collect()
    }

    #[test]
    fn a_message_is_what_it_was_delivered_as() {
        // The last step of 3 was recorded before it was said that 2 was delivered as 3.
        let lives = Lives::of(vec![
            recorded(0, 7, expired()),
            recorded(1, 3, expired()),
            recorded(2, 1, delivered(2)),
            recorded(3, 2, delivered(3)),
            recorded(4, 7, expired()),
        ]);
        let all: Vec<_> = lives.lineages.iter().map(sequences).collect();
        assert_eq!(all, [vec![0, 4], vec![2, 3, 1]]);
        for id in [1, 2, 3] {
            let life = lives.with(Id::from_u128(id)).unwrap();
            assert_eq!(life.id(), Some(Id::from_u128(1)));
        }
        assert!(lives.with(Id::from_u128(8)).is_none());
        assert_eq!(lives.with_step(3).map(sequences), Some(vec![2, 3, 1]));
    }

    #[test]
    fn a_message_begins_with_the_step_that_made_it() {
        let sent = || What::Sent {
            queue: QUEUE.into(),
            by: By {
                account: AccountId::DEFAULT,
                agent: None,
            },
            text: "m".into(),
            is_duplicate: false,
        };
        // Received, delivered and sent; and only then it was said that it was moved, delivered and sent.
        let lives = Lives::of(vec![
            recorded(0, 3, expired()),
            recorded(1, 2, delivered(3)),
            recorded(2, 1, delivered(2)),
            recorded(3, 1, sent()),
            recorded(4, 3, expired()),
        ]);
        assert_eq!(sequences(&lives.lineages[0]), [3, 2, 1, 0, 4]);
    }

    #[test]
    fn resources_are_named_by_name_or_arn_within_their_service() {
        let lives = Lives::of(vec![recorded(0, 1, delivered(2))]);
        let life = &lives.lineages[0];
        assert!(life.touches("sqs", "q") && life.touches("sqs", QUEUE));
        assert!(!life.touches("sns", "q") && !life.touches("sqs", "qq"));
    }

    #[test]
    fn what_was_changed_several_times_is_as_it_was_before_the_first() {
        let changed = |sequence, before: Option<u8>| {
            let what = What::Changed {
                of: "bus".into(),
                name: "rule".into(),
                before: before.map(|before| Arc::new(before) as _),
                bytes: 0,
            };
            recorded(sequence, 0, what)
        };
        let lives = Lives::of(vec![
            changed(1, None),
            changed(2, Some(1)),
            changed(3, Some(2)),
        ]);
        let was = |sequence, of: &str| {
            let changed = lives.changed_after(sequence, of);
            let before = changed.get("rule").copied();
            before.map(|before| before.and_then(|before| before.downcast_ref::<u8>().copied()))
        };
        assert_eq!(was(0, "bus"), Some(None));
        assert_eq!(was(1, "bus"), Some(Some(1)));
        assert_eq!(was(2, "bus"), Some(Some(2)));
        assert_eq!(was(3, "bus"), None);
        assert_eq!(was(1, "other"), None);
    }
}

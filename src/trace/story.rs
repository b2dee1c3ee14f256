//! A life in sentences: what happened, in order; who did not get the message and why; where it is now, and what to do.

use std::sync::Arc;

use super::Traces;
use super::lineage::{Lineage, Lives, Recorded, short};
use super::step::{End, What};
use super::told::{Moment, NotGiven, Told, times};
use super::whereabouts::{Hidden, Look, Whereabouts, Withheld, Witness};
use crate::aws::Arn;
use crate::clock::Timestamp;
use crate::ids::Id;
use crate::wire::DateTime;

/// The most that did not get a message that are listed of one arrival.
const WITHHELD: usize = 1000;

/// A life, with what services say when they are asked.
#[derive(Debug)]
pub(crate) struct Story {
    pub(crate) lineage: Lineage,
    /// Who did not get it, each with the number of the step at which they did not.
    pub(crate) withheld: Vec<(u64, Withheld)>,
    /// Where each of its messages is now.
    pub(crate) ends: Vec<Place>,
    now: Timestamp,
}

/// Where a message is now.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) id: Id,
    /// The queue that it is in, or was in last.
    pub(crate) queue: Arc<str>,
    pub(crate) fate: Fate,
    /// Why it is there, if that is a dead-letter queue.
    dead_letter_of: Option<Failed>,
}

/// Who did not succeed with a dead letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failed {
    /// The consumers of a queue.
    Consumers,
    /// A delivery to an endpoint or another target.
    Delivery,
}

#[derive(Debug)]
pub(crate) enum Fate {
    InQueue(Whereabouts),
    Deleted,
    Expired,
    /// It is another message now.
    Moved,
    Purged,
    QueueDeleted,
    /// Nothing was recorded of its end.
    Unknown,
}

impl Fate {
    /// The fate in a word.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::InQueue(found) => match (&found.behind, found.hidden) {
                (_, Hidden::InFlight(_)) => "in flight",
                (_, Hidden::Delayed(_)) => "delayed",
                (Some(_), Hidden::No) => "waiting",
                (None, Hidden::No) => "ready",
            },
            Self::Deleted => "deleted",
            Self::Expired => "expired",
            Self::Moved => "moved",
            Self::Purged => "purged",
            Self::QueueDeleted => "queue deleted",
            Self::Unknown => "unknown",
        }
    }

    /// The message of its group behind which it waits.
    pub(crate) fn behind(&self) -> Option<Id> {
        match self {
            Self::InQueue(found) => found.behind.as_ref().map(|behind| behind.id),
            _ => None,
        }
    }

    /// All words.
    pub(crate) const WORDS: &'static [&'static str] = &[
        "ready",
        "delayed",
        "in flight",
        "waiting",
        "deleted",
        "expired",
        "moved",
        "purged",
        "queue deleted",
        "unknown",
    ];
}

impl Story {
    /// Asks the services about a life. It may take many looks, each of which is short.
    pub(crate) async fn of(
        traces: &Traces,
        lives: &Lives,
        lineage: &Lineage,
        now: Timestamp,
    ) -> Self {
        let witnesses = traces.witnesses();
        let mut ends = places(lineage);
        for place in &mut ends {
            place.settle(lives, &lineage.steps, &witnesses, now).await;
        }
        Self {
            withheld: withheld(lives, lineage, &witnesses),
            lineage: lineage.clone(),
            ends,
            now,
        }
    }

    /// Whether the end of each message is known.
    pub(crate) fn is_certain(&self) -> bool {
        let mut ends = self.ends.iter();
        !ends.any(|place| matches!(place.fate, Fate::Unknown))
    }

    /// The sentences: the steps with their moments, then the present.
    pub(crate) fn sentences(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        for Recorded { sequence, step } in &self.lineage.steps {
            let at = DateTime(step.at);
            sentences.push(format!("{at} {}", Told(step)));
            let here = self.withheld.iter().filter(|(at, _)| at == sequence);
            sentences.extend(here.map(|(_, withheld)| format!("{at} {}", NotGiven(withheld))));
        }
        sentences.extend(
            self.ends
                .iter()
                .filter_map(|place| place.sentence(self.now)),
        );
        sentences.extend(self.advice());
        sentences
    }

    /// What to do where no queue, endpoint or other target got anything.
    fn advice(&self) -> Option<String> {
        let mut steps = self
            .lineage
            .steps
            .iter()
            .map(|recorded| &recorded.step.what);
        if steps.any(is_outcome) {
            return None;
        }
        let first = &self.lineage.steps.first()?.step.what;
        let advice = match first {
            What::Denied { .. } => {
                "Now: nothing was accepted. Change the policy, the caller's account, or do without --enforce-policies."
            }
            _ if !self.withheld.is_empty() => {
                "Now: nobody has got it, for the reasons above. Change the filter, the subscription or the message, and send it again."
            }
            What::Published { .. } => {
                "Now: nobody has got it: the topic had no subscription that would get it. Compare account and region of the subscriptions (topiq export)."
            }
            _ => {
                "Now: no target has got it: the bus had no rule that would deliver it. Compare the bus, account and region of the rules (topiq export)."
            }
        };
        Some(advice.to_owned())
    }
}

/// Whether a step says what became of a message after it was accepted.
fn is_outcome(what: &What) -> bool {
    !matches!(
        what,
        What::Published { .. }
            | What::Put { .. }
            | What::Arrived { .. }
            | What::NoBus { .. }
            | What::Copied { .. }
            | What::Denied { .. }
            | What::Duplicate { .. }
    )
}

/// The messages of a life that are or were in queues, as far as its steps say where.
fn places(lineage: &Lineage) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for Recorded { step, .. } in &lineage.steps {
        let mut put = |id: Id, queue: &Arc<str>, dead_letter_of: Option<Failed>| {
            if Arn::parse(queue).is_none_or(|arn| arn.service != "sqs") {
                return;
            }
            let known = places.iter_mut().find(|known| known.id == id);
            if known.as_ref().is_some_and(|known| known.queue == *queue) {
                // It is there already, or was: no message comes back under its id.
                return;
            }
            let place = Place {
                id,
                queue: Arc::clone(queue),
                fate: Fate::Unknown,
                dead_letter_of,
            };
            match known {
                Some(known) => *known = place,
                None => places.push(place),
            }
        };
        match &step.what {
            What::Sent {
                queue,
                is_duplicate: false,
                ..
            }
            | What::Received { queue, .. } => {
                put(step.id, queue, None);
            }
            What::Delivered {
                to, id: Some(id), ..
            }
            | What::Moved { to, id, .. } => put(*id, to, None),
            What::GivenUp { end, .. } => {
                if let End::DeadLetter { queue, id } = &**end {
                    put(*id, queue, Some(Failed::Delivery));
                }
            }
            What::DeadLettered { to, .. } => put(step.id, to, Some(Failed::Consumers)),
            _ => {}
        }
        let fate = match &step.what {
            What::Deleted { .. } => Fate::Deleted,
            What::Expired { .. } => Fate::Expired,
            What::Moved { .. } => Fate::Moved,
            _ => continue,
        };
        if let Some(place) = places.iter_mut().find(|place| place.id == step.id) {
            place.fate = fate;
        }
    }
    places
}

impl Place {
    /// Finds out where the message is, unless its end was recorded.
    async fn settle(
        &mut self,
        lives: &Lives,
        steps: &[Recorded],
        witnesses: &[Arc<dyn Witness>],
        now: Timestamp,
    ) {
        if !matches!(self.fate, Fate::Unknown) {
            return;
        }
        if let Some(found) = look(witnesses, &self.queue, self.id, now).await {
            self.fate = Fate::InQueue(found);
            return;
        }
        let mut own = steps
            .iter()
            .rev()
            .filter(|one| one.step.id == self.id || one.step.what.next_id() == Some(self.id));
        let last = own.next().map_or(0, |last| last.sequence);
        let emptied = lives.emptied_after(last, &self.queue);
        self.fate = match emptied.map(|emptied| &emptied.step.what) {
            Some(What::Purged { .. }) => Fate::Purged,
            Some(_) => Fate::QueueDeleted,
            None => Fate::Unknown,
        };
    }

    /// Where it is now, and what to do; nothing if another message tells it.
    fn sentence(&self, now: Timestamp) -> Option<String> {
        let Self { id, queue, .. } = self;
        let queue = short(queue);
        let state = match &self.fate {
            Fate::Moved => return None,
            Fate::InQueue(found) => found.sentence(queue, self.dead_letter_of, now),
            Fate::Deleted => {
                format!("is deleted: a consumer of the queue {queue} has done with it.")
            }
            Fate::Expired => format!(
                "has expired: the queue {queue} keeps messages no longer (MessageRetentionPeriod)."
            ),
            Fate::Purged => format!("is deleted: the queue {queue} was purged."),
            Fate::QueueDeleted => format!("is gone with the queue {queue}, which was deleted."),
            Fate::Unknown => format!(
                "is not in the queue {queue} any more; the step that took it out is forgotten (--traces)."
            ),
        };
        Some(format!("Now: message {id} {state}"))
    }
}

impl Whereabouts {
    fn sentence(&self, queue: &str, dead_letter_of: Option<Failed>, now: Timestamp) -> String {
        let count = self.receive_count;
        let place = if dead_letter_of.is_some() {
            "dead-letter queue"
        } else {
            "queue"
        };
        match (self.hidden, &self.behind) {
            (Hidden::InFlight(until), _) => format!(
                "is in flight from the {place} {queue}, received {} and not deleted: hidden until {}. Its consumer deletes it, or it comes back then.",
                times(count),
                Moment(until, now),
            ),
            (Hidden::Delayed(until), _) => format!(
                "is delayed in the {place} {queue} until {}. Wait, or move the time: topiq clock.",
                Moment(until, now),
            ),
            (Hidden::No, Some(behind)) => {
                let blocked = match behind.hidden {
                    Hidden::No => "which is ready: it is received first".to_owned(),
                    Hidden::Delayed(until) => {
                        format!("which is delayed until {}", Moment(until, now))
                    }
                    Hidden::InFlight(until) => format!(
                        "which is in flight until {}: delete that one first",
                        Moment(until, now)
                    ),
                };
                let (group, id) = (&behind.group, behind.id);
                format!(
                    "waits in the {place} {queue}, in the group {group} behind message {id}, {blocked}."
                )
            }
            (Hidden::No, None) => ready(queue, dead_letter_of, count),
        }
    }
}

/// What is to be said of a message that can be received.
fn ready(queue: &str, dead_letter_of: Option<Failed>, count: u32) -> String {
    match dead_letter_of {
        Some(Failed::Consumers) => format!(
            "is in the dead-letter queue {queue}. Mend the consumer, and move it back: aws sqs start-message-move-task."
        ),
        Some(Failed::Delivery) => {
            format!("is in the dead-letter queue {queue}. Mend the target, and send it again.")
        }
        None if count == 0 => format!(
            "is ready in the queue {queue}, and nobody has received it: does the consumer poll this queue, account and region?"
        ),
        None => format!(
            "is ready in the queue {queue} again, received {} and never deleted: does the consumer fail, or take longer than the visibility timeout?",
            times(count)
        ),
    }
}

async fn look(
    witnesses: &[Arc<dyn Witness>],
    queue: &str,
    id: Id,
    now: Timestamp,
) -> Option<Whereabouts> {
    for witness in witnesses {
        let mut from = 0;
        while let Some(look) = witness.look(queue, id, from, now) {
            match look {
                Look::Found(found) => return Some(found),
                Look::NotThere => return None,
                Look::More(next) => from = next,
            }
            // The next look is another request's turn away.
            tokio::task::yield_now().await;
        }
    }
    None
}

fn withheld(
    lives: &Lives,
    lineage: &Lineage,
    witnesses: &[Arc<dyn Witness>],
) -> Vec<(u64, Withheld)> {
    let mut all = Vec::new();
    for Recorded { sequence, step } in &lineage.steps {
        let resource = match &step.what {
            What::Published { topic, .. } => topic,
            What::Arrived { bus, .. } => bus,
            _ => continue,
        };
        let changed = lives.changed_after(*sequence, resource);
        let here = witnesses
            .iter()
            .flat_map(|one| one.withheld(&step.what, &changed));
        all.extend(here.take(WITHHELD).map(|withheld| (*sequence, withheld)));
    }
    all
}

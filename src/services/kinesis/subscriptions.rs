//! Who is subscribed to the shards of a stream: one subscription a consumer and shard.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::task::Waker;

use super::limits::UNDISTURBED;
use crate::agenda::Sleeper;
use crate::clock::Timestamp;
use crate::sync::Mutex;

/// The subscriptions of a stream.
#[derive(Debug, Default)]
pub(super) struct Subscriptions {
    shards: BTreeMap<u32, Vec<Subscriber>>,
    /// How many there have been.
    count: u64,
}

#[derive(Debug)]
struct Subscriber {
    ticket: u64,
    consumer: String,
    since: Timestamp,
    bell: Arc<Bell>,
}

impl Subscriptions {
    /// Whether the consumer subscribed to the shard too short a time ago for another subscription to take over.
    pub(super) fn is_undisturbed(&self, now: Timestamp, shard: u32, consumer: &str) -> bool {
        let subscribers = self.shards.get(&shard).into_iter().flatten();
        subscribers
            .filter(|it| it.consumer == consumer)
            .any(|it| now < it.since + UNDISTURBED)
    }

    /// Adds a subscription, which takes over from the one that the consumer has. Its ticket proves that it is still there.
    pub(super) fn add(
        &mut self,
        now: Timestamp,
        shard: u32,
        consumer: &str,
        bell: Arc<Bell>,
    ) -> u64 {
        self.count += 1;
        let ticket = self.count;
        let subscribers = self.shards.entry(shard).or_default();
        subscribers.retain(|it| {
            let stays = it.consumer != consumer;
            if !stays {
                it.bell.ring();
            }
            stays
        });
        subscribers.push(Subscriber {
            ticket,
            consumer: consumer.to_owned(),
            since: now,
            bell,
        });
        ticket
    }

    /// Whether it is still there: another may have taken over.
    pub(super) fn has(&self, shard: u32, ticket: u64) -> bool {
        let mut subscribers = self.shards.get(&shard).into_iter().flatten();
        subscribers.any(|it| it.ticket == ticket)
    }

    /// Removes a subscription that has ended.
    pub(super) fn remove(&mut self, shard: u32, ticket: u64) {
        let Some(subscribers) = self.shards.get_mut(&shard) else {
            return;
        };
        subscribers.retain(|it| it.ticket != ticket);
        if subscribers.is_empty() {
            self.shards.remove(&shard);
        }
    }

    /// Something has come into a shard.
    pub(super) fn ring(&self, shard: u32) {
        for subscriber in self.shards.get(&shard).into_iter().flatten() {
            subscriber.bell.ring();
        }
    }

    /// Something concerns all of them.
    pub(super) fn ring_all(&self) {
        for subscriber in self.shards.values().flatten() {
            subscriber.bell.ring();
        }
    }

    /// Whether nobody is subscribed.
    pub(super) fn is_empty(&self) -> bool {
        self.shards.is_empty()
    }
}

/// Wakes the task of a subscription that waits.
#[derive(Debug, Default)]
pub(super) struct Bell(Mutex<Option<Waker>>);

impl Bell {
    /// Has it wake this task. What happens from now on rings it, so it is to be set before the subscription looks.
    pub(super) fn set(&self, waker: &Waker) {
        let mut set = self.0.lock();
        match &mut *set {
            Some(known) => known.clone_from(waker),
            None => *set = Some(waker.clone()),
        }
    }

    /// Wakes the task, once for each time that it was set.
    pub(super) fn ring(&self) {
        let waker = self.0.lock().take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Sleeper for Bell {
    fn wake(self: Arc<Self>, _now: Timestamp) {
        self.ring();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_secs(1_767_312_000);

    #[test]
    fn one_is_taken_over_by_the_next_of_the_same_consumer_and_shard_alone() {
        let mut subscriptions = Subscriptions::default();
        let mut add = |shard, consumer| subscriptions.add(START, shard, consumer, Arc::default());
        let (first, other, elsewhere) = (add(0, "a"), add(0, "b"), add(1, "a"));
        let second = add(0, "a");
        assert!(!subscriptions.has(0, first));
        assert!(subscriptions.has(0, other) && subscriptions.has(0, second));
        assert!(subscriptions.has(1, elsewhere));
        // The end of the one that was taken over changes nothing.
        subscriptions.remove(0, first);
        assert!(subscriptions.has(0, second));
        for (shard, ticket) in [(0, second), (0, other), (1, elsewhere)] {
            assert!(!subscriptions.is_empty());
            subscriptions.remove(shard, ticket);
        }
        assert!(subscriptions.is_empty());
    }

    #[test]
    fn one_is_undisturbed_for_five_seconds() {
        let mut subscriptions = Subscriptions::default();
        subscriptions.add(START, 0, "a", Arc::default());
        let is_undisturbed = |millis, shard, consumer| {
            let now = START + std::time::Duration::from_millis(millis);
            subscriptions.is_undisturbed(now, shard, consumer)
        };
        assert!(is_undisturbed(0, 0, "a") && is_undisturbed(4999, 0, "a"));
        assert!(!is_undisturbed(5000, 0, "a"));
        assert!(!is_undisturbed(0, 1, "a") && !is_undisturbed(0, 0, "b"));
    }
}

//! The order of a FIFO queue: within a message group the order of sending, and no message before those sent earlier
//! are deleted.
//!
//! What can be delivered of a group is what comes before its first hidden message, so a group is available when its
//! head is visible. Groups are served by how long their head has been visible: the turn of a message is drawn when it
//! becomes visible, not when it becomes head. AWS promises no order between groups; this rule gives the orders that
//! were observed there.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::serials::Serials;
use super::smaller_capacity;
use super::store::Messages;
use super::stored::Message;

/// A FIFO queue's message groups. Each operation costs the logarithm of the number of messages.
#[derive(Debug, Default)]
pub(super) struct Fifo {
    groups: HashMap<Arc<str>, Group, RandomState>,
    /// The heads that are visible, by turn.
    available: BTreeMap<u64, u64>,
    next_turn: u64,
}

/// A group that has messages; there are no others.
#[derive(Debug, Default)]
struct Group {
    serials: Serials,
    /// The head's turn, while the group is available.
    turn: Option<u64>,
}

impl Fifo {
    /// Adds the message, which came last, and makes it share its group's id with the others of its group.
    pub(super) fn add(&mut self, serial: u64, message: &mut Message) {
        let group = self.groups.entry(group_id(message).clone());
        message.group_id = Some(group.key().clone());
        let group = group.or_default();
        let is_head = group.serials.is_empty();
        group.serials.insert(serial);
        if is_head && message.is_visible() {
            group.turn = Some(message.turn);
            self.available.insert(message.turn, serial);
        }
    }

    /// Takes note that the message was hidden or shown.
    pub(super) fn update(&mut self, serial: u64, messages: &Messages) {
        if let Some(group) = self.groups.get_mut(group_id(&messages[serial]))
            && group.serials.first() == Some(serial)
        {
            group.update_head(&mut self.available, messages);
        }
    }

    /// Takes note that `message` is not among the `messages` any more.
    pub(super) fn remove(&mut self, serial: u64, message: &Message, messages: &Messages) {
        let group_id = group_id(message);
        let Some(group) = self.groups.get_mut(group_id) else {
            return;
        };
        group.serials.remove(serial);
        group.update_head(&mut self.available, messages);
        if group.serials.is_empty() {
            self.groups.remove(group_id);
            self.shrink();
        }
    }

    /// The head of the group that is next.
    pub(super) fn next(&self) -> Option<u64> {
        self.available.first_key_value().map(|(_, &head)| head)
    }

    /// Which messages would be delivered one after the other, if nothing changed meanwhile.
    pub(super) fn in_order<'a>(&'a self, messages: &'a Messages) -> impl Iterator<Item = u64> + 'a {
        self.available.values().flat_map(move |&head| {
            let group = self.groups.get(group_id(&messages[head]));
            let serials = group.into_iter().flat_map(|group| group.serials.iter());
            serials.take_while(|&serial| messages[serial].is_visible())
        })
    }

    /// The first message of a group, hidden or not.
    pub(super) fn head(&self, group_id: &str) -> Option<u64> {
        self.groups.get(group_id)?.serials.first()
    }

    /// The message that follows `serial` in its group, if it is visible. AWS delivers as many messages of one group as
    /// it can before it goes on to the next group.
    pub(super) fn next_of_group(
        &self,
        group_id: &str,
        serial: u64,
        messages: &Messages,
    ) -> Option<u64> {
        let next = self.groups.get(group_id)?.serials.after(serial);
        next.filter(|&next| messages[next].is_visible())
    }

    /// The turn of a message that becomes visible now: later than all before, even within a millisecond.
    pub(super) fn draw_turn(&mut self) -> u64 {
        self.next_turn += 1;
        self.next_turn
    }

    /// The same queue without messages.
    pub(super) fn emptied(&self) -> Self {
        Self {
            next_turn: self.next_turn,
            ..Self::default()
        }
    }

    /// Gives back the memory of groups that are gone.
    fn shrink(&mut self) {
        if let Some(capacity) = smaller_capacity(self.groups.len(), self.groups.capacity()) {
            self.groups.shrink_to(capacity);
        }
    }
}

impl Group {
    fn update_head(&mut self, available: &mut BTreeMap<u64, u64>, messages: &Messages) {
        let head = self.serials.first();
        let head = head.filter(|&head| messages[head].is_visible());
        let turn = head.map(|head| messages[head].turn);
        if turn == self.turn {
            return;
        }
        if let Some(turn) = self.turn {
            available.remove(&turn);
        }
        if let (Some(turn), Some(head)) = (turn, head) {
            available.insert(turn, head);
        }
        self.turn = turn;
    }
}

fn group_id(message: &Message) -> &Arc<str> {
    let group_id = message.group_id.as_ref();
    group_id.expect("a FIFO queue's messages have groups: sends without are refused")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{TestQueue, at, fifo, message};

    fn holding(bodies: &str) -> TestQueue {
        let mut queue = fifo();
        queue.send(at(0), bodies);
        queue
    }

    #[test]
    fn receive_takes_as_much_of_a_group_as_it_can() {
        let mut queue = holding("g1-m1 g2-m1 g1-m2 g1-m3");
        assert_eq!(queue.receive(at(1), 10), "g1-m1 g1-m2 g1-m3 g2-m1");
    }

    #[test]
    fn group_waits_for_its_messages_in_flight() {
        let mut queue = holding("g1-m1 g1-m2 g2-m1");
        assert_eq!(queue.receive(at(1), 1), "g1-m1");
        assert_eq!(queue.receive(at(2), 10), "g2-m1");
        assert_eq!(queue.counts(at(2)), [1, 2, 0]);
        queue.delete(at(3), "g1-m1").expect("deleted");
        assert_eq!(queue.receive(at(3), 10), "g1-m2");
    }

    #[test]
    fn groups_are_served_by_when_their_head_was_sent() {
        let mut queue = holding("g1-m1 g1-m2 g2-m1 g2-m2 g1-m3 g1-m4 g3-m1");
        assert_eq!(queue.receive(at(1), 2), "g1-m1 g1-m2");
        queue.delete_all(at(2), "g1-m1 g1-m2");
        assert_eq!(queue.receive(at(3), 10), "g2-m1 g2-m2 g1-m3 g1-m4 g3-m1");
    }

    #[test]
    fn groups_received_with_timeout_zero_go_to_the_back() {
        let mut queue = holding("g1-m1 g1-m2 g2-m1 g2-m2 g3-m1");
        assert_eq!(queue.receive_for(at(0), 3, 0), "g1-m1 g1-m2 g2-m1");
        assert_eq!(
            queue.receive_for(at(0), 10, 0),
            "g3-m1 g1-m1 g1-m2 g2-m1 g2-m2"
        );
    }

    #[test]
    fn groups_are_served_by_when_their_heads_timeout_ended() {
        let mut queue = holding("g1-m1 g1-m2 g1-m3 g1-m4 g2-m1 g3-m1");
        assert_eq!(queue.receive_for(at(1), 4, 1), "g1-m1 g1-m2 g1-m3 g1-m4");
        assert_eq!(queue.receive_for(at(2), 1, 1), "g2-m1");
        assert_eq!(
            queue.receive(at(4), 10),
            "g3-m1 g1-m1 g1-m2 g1-m3 g1-m4 g2-m1"
        );
    }

    #[test]
    fn message_put_back_is_delivered_without_those_still_in_flight() {
        let mut queue = holding("g1-m1 g1-m2 g2-m1");
        assert_eq!(queue.receive(at(1), 2), "g1-m1 g1-m2");
        queue
            .change_visibility(at(2), "g1-m1", 0)
            .expect("in flight");
        assert_eq!(queue.receive(at(2), 10), "g2-m1 g1-m1");
    }

    #[test]
    fn extended_message_blocks_itself_and_those_behind_it() {
        for (extended, returned) in [("g1-m1", ""), ("g1-m2", "g1-m1"), ("g1-m3", "g1-m1 g1-m2")] {
            let mut queue = holding("g1-m1 g1-m2 g1-m3");
            assert_eq!(queue.receive(at(1), 10), "g1-m1 g1-m2 g1-m3");
            queue
                .change_visibility(at(2), extended, 100)
                .expect("in flight");
            assert_eq!(queue.receive(at(31), 10), returned);
        }
    }

    #[test]
    fn blocker_of_a_group_is_its_first_message_while_hidden() {
        let mut queue = holding("g1-m1 g1-m2");
        assert_eq!(queue.queue.blocker("g1"), None);
        assert_eq!(queue.receive(at(1), 1), "g1-m1");
        let blocker = queue.queue.blocker("g1").expect("g1-m1 is in flight");
        assert_eq!(blocker.id, message("g1-m1").id);
        assert_eq!((blocker.is_in_flight, blocker.until), (true, at(31)));
        queue.delete(at(2), "g1-m1").expect("deleted");
        assert_eq!(queue.queue.blocker("g1"), None);
        assert_eq!(queue.queue.blocker("g2"), None, "there is no such group");
        queue.set(at(2), |settings| settings.delay_seconds = 5);
        queue.send(at(3), "g2-m1");
        let blocker = queue.queue.blocker("g2").expect("g2-m1 is delayed");
        assert_eq!((blocker.is_in_flight, blocker.until), (false, at(8)));
    }

    #[test]
    fn deleting_some_messages_in_flight_keeps_the_group_blocked() {
        let mut queue = holding("g1-m1 g1-m2 g1-m3");
        assert_eq!(queue.receive(at(1), 2), "g1-m1 g1-m2");
        queue.delete(at(2), "g1-m1").expect("deleted");
        assert_eq!(queue.receive(at(2), 10), "");
        queue.delete(at(3), "g1-m2").expect("deleted");
        assert_eq!(queue.receive(at(3), 10), "g1-m3");
    }

    #[test]
    fn same_order_comes_back_after_a_timeout() {
        let mut queue = holding("g1-m1 g2-m1 g1-m2 g2-m2");
        let order = "g1-m1 g1-m2 g2-m1 g2-m2";
        for time in [1, 31, 61] {
            assert_eq!(queue.receive(at(time), 10), order);
        }
    }

    #[test]
    fn emptied_group_can_be_used_again() {
        let mut queue = holding("g1-m1");
        assert_eq!(queue.receive(at(1), 1), "g1-m1");
        queue.delete(at(1), "g1-m1").expect("deleted");
        queue.send(at(2), "g1-m2");
        assert_eq!(queue.receive(at(2), 1), "g1-m2");
    }

    #[test]
    fn delayed_message_blocks_those_behind_it() {
        let mut queue = fifo().with(|settings| settings.delay_seconds = 10);
        queue.send(at(0), "g1-m1");
        queue.send(at(5), "g1-m2 g2-m1");
        assert_eq!(queue.receive(at(9), 10), "");
        assert_eq!(queue.receive(at(10), 10), "g1-m1");
        queue.delete(at(11), "g1-m1").expect("deleted");
        assert_eq!(queue.receive(at(14), 10), "");
        assert_eq!(queue.receive(at(15), 10), "g1-m2 g2-m1");
    }

    #[test]
    fn expired_head_frees_its_group() {
        let mut queue = fifo().with(|settings| settings.message_retention_period = 60);
        queue.send(at(0), "g1-m1");
        queue.send(at(30), "g1-m2");
        assert_eq!(queue.receive_for(at(31), 1, 1000), "g1-m1");
        assert_eq!(queue.receive(at(59), 10), "");
        assert_eq!(queue.queue.next_change(), Some(at(60)));
        assert_eq!(queue.receive(at(60), 10), "g1-m2");
    }

    #[test]
    fn sequence_numbers_have_twenty_digits_and_rise() {
        let mut queue = fifo();
        let first = queue.send_as(at(0), "g1-m1", "1").sequence_number.unwrap();
        let second = queue.send_as(at(0), "g2-m1", "2").sequence_number.unwrap();
        assert_eq!(first.to_string().len(), 20);
        assert!(first < second);
        assert_eq!(queue.receive_one(at(1)).sequence_number, Some(first));
        assert_eq!(queue.receive(at(1), 1), "g2-m1");
        assert_eq!(queue.receive_one(at(40)).sequence_number, Some(first));
    }
}

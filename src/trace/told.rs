//! Steps in words.

use std::fmt;
use std::time::Duration;

use super::lineage::short;
use super::step::{By, End, Step, What};
use super::whereabouts::Withheld;
use crate::clock::Timestamp;
use crate::wire::DateTime;

/// A step as a part of a sentence.
pub(crate) struct Told<'a>(pub(crate) &'a Step);

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.what {
            What::Sent { .. }
            | What::Published { .. }
            | What::Direct { .. }
            | What::Duplicate { .. }
            | What::Put { .. }
            | What::Arrived { .. }
            | What::NoBus { .. }
            | What::Copied { .. }
            | What::Denied { .. } => self.accepted(f),
            What::Delivered { .. }
            | What::Begun { .. }
            | What::Captured { .. }
            | What::Retried { .. }
            | What::GivenUp { .. } => self.delivered(f),
            What::Called { .. } => self.called(f),
            What::Received { .. }
            | What::Hidden { .. }
            | What::Deleted { .. }
            | What::Expired { .. }
            | What::DeadLettered { .. }
            | What::Moved { .. } => self.in_queue(f),
            What::Purged { .. } | What::QueueDeleted { .. } | What::Changed { .. } => self.other(f),
        }
    }
}

/// The kinds of steps by groups; each says nothing of the others.
impl Told<'_> {
    fn accepted(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Step { id, what, .. } = self.0;
        match what {
            What::Sent {
                queue,
                by,
                is_duplicate: false,
                ..
            } => {
                write!(
                    f,
                    "sent to the queue {} by {by}: message {id}",
                    short(queue)
                )
            }
            What::Sent { queue, by, .. } => write!(
                f,
                "sent again to the queue {} by {by}, and dropped: its deduplication id was that of message {id}, sent less than five minutes before",
                short(queue)
            ),
            What::Published {
                topic,
                by: Some(by),
                ..
            } => {
                write!(
                    f,
                    "published to the topic {} by {by}: message {id}",
                    short(topic)
                )
            }
            What::Published { topic, .. } => {
                write!(f, "published to the topic {}: message {id}", short(topic))
            }
            What::Duplicate { topic } => write!(
                f,
                "published again to the topic {}, and dropped: its deduplication id was that of message {id}, published less than five minutes before",
                short(topic)
            ),
            What::Direct {
                to,
                by,
                has_opted_out,
            } => {
                let end = if *has_opted_out {
                    "the recipient has opted out"
                } else {
                    "it is kept, since that is not on this machine: see the captured deliveries"
                };
                write!(f, "published to {to} by {by}: message {id}; {end}")
            }
            What::Put { by } => write!(f, "put by {by}: event {id}"),
            What::Arrived { bus, .. } => write!(f, "event {id} is on the bus {}", short(bus)),
            What::NoBus { bus } => write!(
                f,
                "event {id} is lost: the bus {} does not exist, or nobody has made a rule on it",
                short(bus)
            ),
            What::Copied { bus, id } => {
                write!(
                    f,
                    "goes on to the bus {} in another region, as event {id}",
                    short(bus)
                )
            }
            What::Denied {
                resource,
                action,
                reason,
                by,
            } => {
                write!(f, "{action} on {resource} by {by} was denied: {reason}")
            }
            _ => Ok(()),
        }
    }

    fn delivered(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.what {
            What::Delivered {
                by,
                to,
                id: Some(id),
            } => {
                write!(f, "delivered to {to} as message {id} ({by})")
            }
            What::Delivered { by, to, id: None } => write!(f, "delivered to {to} ({by})"),
            What::Begun { by, to } => write!(f, "on its way to {to} ({by})"),
            What::Captured { by, to } => write!(
                f,
                "kept for {to}, which is not on this machine ({by}): see the captured deliveries"
            ),
            What::Retried {
                by,
                to,
                reason,
                due,
            } => write!(
                f,
                "not delivered to {to} yet ({by}): {reason}; another attempt is due at {}",
                DateTime(*due)
            ),
            What::GivenUp {
                by,
                to,
                reason,
                end,
            } => {
                write!(f, "not delivered to {to} ({by}): {reason}; {end}")
            }
            _ => Ok(()),
        }
    }

    fn in_queue(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Step { id, what, .. } = self.0;
        match what {
            What::Received {
                queue,
                count,
                hidden_until,
                by,
            } => write!(
                f,
                "message {id} received from the queue {}, for the {} time, by {by}: hidden until {}",
                short(queue),
                Ordinal(*count),
                DateTime(*hidden_until)
            ),
            What::Hidden { queue, until, by } if *until <= self.0.at => {
                write!(
                    f,
                    "message {id} shown again in the queue {} by {by}",
                    short(queue)
                )
            }
            What::Hidden { queue, until, by } => write!(
                f,
                "message {id} of the queue {} hidden until {} by {by}",
                short(queue),
                DateTime(*until)
            ),
            What::Deleted { queue, by } => {
                write!(
                    f,
                    "message {id} deleted from the queue {} by {by}",
                    short(queue)
                )
            }
            What::Expired { queue } => write!(
                f,
                "message {id} expired: the queue {} had kept it for its retention period",
                short(queue)
            ),
            What::DeadLettered {
                from,
                to,
                max_receive_count,
            } => write!(
                f,
                "message {id} moved from the queue {} to its dead-letter queue {}: it had been received {} (maxReceiveCount), and not deleted",
                short(from),
                short(to),
                times(*max_receive_count)
            ),
            What::Moved { from, to, id } => write!(
                f,
                "moved back from the queue {} to the queue {} by a move task, as message {id}",
                short(from),
                short(to)
            ),
            _ => Ok(()),
        }
    }

    fn other(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.what {
            What::Purged { queue } => write!(f, "the queue {} was purged", short(queue)),
            What::QueueDeleted { queue } => write!(f, "the queue {} was deleted", short(queue)),
            What::Changed { of, name, .. } => write!(f, "{name} of {} was changed", short(of)),
            _ => Ok(()),
        }
    }

    fn called(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let What::Called {
            endpoint,
            attempt,
            outcome,
            took,
            due_again,
        } = &self.0.what
        else {
            return Ok(());
        };
        write!(f, "{} attempt at {endpoint}: ", Ordinal(*attempt))?;
        match outcome {
            Ok(status) => write!(f, "it answered {status}")?,
            Err(reason) => write!(f, "{reason}")?,
        }
        write!(f, " after {} ms", took.as_millis())?;
        match due_again {
            Some(due) => write!(f, "; another attempt is due at {}", DateTime(*due)),
            None => Ok(()),
        }
    }
}

/// A subscription or rule that did not get a message, as a part of a sentence.
pub(super) struct NotGiven<'a>(pub(super) &'a Withheld);

impl fmt::Display for NotGiven<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Withheld { by, to, reason } = self.0;
        match to {
            Some(to) => write!(f, "not for {to} ({by}): {reason}"),
            None => write!(f, "not for the targets of {by}: {reason}"),
        }
    }
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "account {}", self.account)?;
        match &self.agent {
            // Of what SDKs say of themselves, the beginning names them.
            Some(agent) => write!(f, " ({})", agent.split(' ').next().unwrap_or_default()),
            None => Ok(()),
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost => f.write_str("it is lost, there is no dead-letter queue"),
            Self::Skipped => f.write_str("that is no failure, and nothing is tried again"),
            Self::DeadLetter { queue, id } => write!(
                f,
                "it moved to the dead-letter queue {} as message {id}",
                short(queue)
            ),
            Self::RefusedTwice { queue, reason } => write!(
                f,
                "it is lost, the dead-letter queue {} did not take it: {reason}",
                short(queue)
            ),
        }
    }
}

/// A moment, and how far it is away.
pub(super) struct Moment(pub(super) Timestamp, pub(super) Timestamp);

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(moment, now) = self;
        let left = Duration::from_secs(moment.since(*now).as_secs());
        write!(
            f,
            "{} (in {})",
            DateTime(*moment),
            humantime::format_duration(left)
        )
    }
}

struct Ordinal(u32);

impl fmt::Display for Ordinal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.0;
        let end = match (number % 10, number % 100) {
            (_, 11..=13) => "th",
            (1, _) => "st",
            (2, _) => "nd",
            (3, _) => "rd",
            _ => "th",
        };
        write!(f, "{number}{end}")
    }
}

/// How often, in words.
pub(super) fn times(count: u32) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_endings() {
        for (number, expected) in [
            (1, "1st"),
            (2, "2nd"),
            (3, "3rd"),
            (4, "4th"),
            (11, "11th"),
            (12, "12th"),
            (21, "21st"),
            (113, "113th"),
        ] {
            assert_eq!(Ordinal(number).to_string(), expected);
        }
        assert_eq!([1, 2, 3].map(times), ["once", "twice", "3 times"]);
    }

    #[test]
    fn moments_are_so_far_away() {
        let at = Timestamp::from_secs;
        let moment = Moment(at(1_767_323_100), at(1_767_323_010));
        assert_eq!(moment.to_string(), "2026-01-02T03:05:00Z (in 1m 30s)");
    }
}

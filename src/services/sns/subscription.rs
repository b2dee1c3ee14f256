//! A subscription: where a topic's messages go, and how.

use std::sync::Arc;

use super::delivery::links::Links;
use super::delivery_policy::SubscriptionPolicy;
use super::protocol::Protocol;
use super::topic::{self, ReplayWindow, Subscriber};
use crate::aws::AccountId;
use crate::clock::Timestamp;
use crate::delivery::TargetCache;
use crate::delivery::http::Lane;
use crate::ids::Id;
use crate::pattern;

/// The subscriptions of one topic.
pub(crate) type Subscribers = topic::Subscribers<Subscription>;

/// A subscription as it is now. It does not change: it is replaced in the topic's table.
#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    pub(crate) identity: Arc<Identity>,
    pub(crate) status: Status,
    pub(crate) attributes: SubscriptionAttributes,
}

/// The part of a subscription that never changes.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) id: Id,
    pub(crate) arn: Arc<str>,
    pub(crate) owner: AccountId,
    /// The ARN of the IAM principal that subscribed.
    pub(crate) principal: String,
    pub(crate) protocol: Protocol,
    /// As the caller wrote it: a queue's ARN, a URL, an address, a number.
    pub(crate) endpoint: Arc<str>,
    /// The links in its notifications.
    pub(crate) links: Links,
    /// The start of links to topiq in messages to this subscriber.
    pub(crate) link_base: Arc<str>,
    /// The queue that it delivers to, once it is known.
    pub(crate) queue: TargetCache,
    /// The way to its HTTP endpoint.
    pub(crate) lane: Option<Lane>,
}

/// Whether a subscriber has agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Not yet: nothing is delivered.
    Pending,
    /// Yes.
    Confirmed {
        /// `ConfirmationWasAuthenticated`: confirmed by the subscriber's own account, or with `AuthenticateOnUnsubscribe`.
        was_authenticated: bool,
        /// Whether only a signed call may end it.
        is_authenticated_on_unsubscribe: bool,
    },
}

/// The attributes that can be set.
#[derive(Clone, Debug, Default)]
pub(crate) struct SubscriptionAttributes {
    pub(crate) is_raw: bool,
    pub(crate) filter_policy: Option<Arc<FilterPolicy>>,
    /// Kept without a policy too, and then not shown.
    pub(crate) filter_policy_scope: pattern::Scope,
    pub(crate) redrive_policy: Option<Arc<RedrivePolicy>>,
    /// HTTP and HTTPS only.
    pub(crate) delivery_policy: Option<Arc<SubscriptionPolicy>>,
    /// Firehose only.
    pub(crate) subscription_role_arn: Option<Arc<str>>,
    /// FIFO topics only.
    pub(crate) replay_policy: Option<Arc<ReplayPolicy>>,
}

/// Which archived messages to deliver again, and the text that was set.
#[derive(Debug)]
pub(crate) struct ReplayPolicy {
    pub(crate) text: String,
    pub(crate) window: ReplayWindow,
}

impl ReplayPolicy {
    /// `ReplayStatus`. The archive is replayed at once, so only a window that has not ended is in progress.
    pub(crate) fn status(&self, now: Timestamp) -> &'static str {
        match self.window.ending_point {
            Some(end) if end > now => "In progress",
            _ => "Completed",
        }
    }
}

/// A filter policy, and the text that was set.
#[derive(Debug)]
pub(crate) struct FilterPolicy {
    pub(crate) text: String,
    pub(crate) policy: pattern::Policy,
}

/// The queue for messages that cannot be delivered, and the text that was set.
#[derive(Debug)]
pub(crate) struct RedrivePolicy {
    pub(crate) text: String,
    pub(crate) dead_letter_target_arn: Arc<str>,
}

impl Subscription {
    /// Forgets the messages that wait for its endpoint: it is over.
    pub(crate) fn forget_deliveries(&self) {
        if let Some(lane) = &self.identity.lane {
            lane.clear();
        }
    }

    /// About how many bytes it takes up. A policy that is read takes several times the bytes of its text.
    pub(crate) fn size(&self) -> usize {
        let filter = self.attributes.filter_policy.as_ref();
        1024 + filter.map_or(0, |filter| 8 * filter.text.len())
    }

    /// The same subscription with another status.
    pub(crate) fn with_status(&self, status: Status) -> Self {
        Self {
            status,
            ..self.clone()
        }
    }
}

impl Subscriber for Subscription {
    fn id(&self) -> Id {
        self.identity.id
    }

    fn protocol(&self) -> Protocol {
        self.identity.protocol
    }

    fn endpoint(&self) -> &Arc<str> {
        &self.identity.endpoint
    }

    fn is_confirmed(&self) -> bool {
        self.status != Status::Pending
    }

    fn filter_policy(&self) -> Option<&pattern::Policy> {
        let filter = self.attributes.filter_policy.as_deref();
        filter.map(|filter| &filter.policy)
    }

    fn replay_window(&self) -> Option<&ReplayWindow> {
        let policy = self.attributes.replay_policy.as_deref();
        policy.map(|policy| &policy.window)
    }
}

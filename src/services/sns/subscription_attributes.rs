//! A subscription's attributes: their names, the values that they take, and how they are shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::delivery_policy::{self, Effective, SubscriptionPolicy};
use super::endpoint;
use super::hosted_topic::Topic;
use super::protocol::Protocol;
use super::replay_policy::ReplayRefused;
use super::subscription::{
    FilterPolicy, RedrivePolicy, ReplayPolicy, Status, Subscription, SubscriptionAttributes,
};
use super::topic::Subscriber as _;
use super::topic_attributes::Kind;
use crate::aws::Arn;
use crate::aws::attributes::{Settable, Values, boolean};
use crate::aws::characters::ill_formed;
use crate::clock::Timestamp;
use crate::pattern::{JsonRefused, Policy, PolicyRefused, Scope, check_json};

/// Every attribute that can be set, in alphabetical order.
pub fn settable() -> Vec<Settable> {
    let rows = [
        ("DeliveryPolicy", Values::Document),
        ("FilterPolicy", Values::Document),
        (
            "FilterPolicyScope",
            Values::Words(&["MessageAttributes", "MessageBody"]),
        ),
        ("RawMessageDelivery", Values::Booleans),
        ("RedrivePolicy", Values::Document),
        ("ReplayPolicy", Values::Document),
        ("SubscriptionRoleArn", Values::Text),
    ];
    let settable = rows.into_iter().map(|(name, values)| Settable {
        name,
        values,
        is_fifo_only: name == "ReplayPolicy",
    });
    settable.collect()
}

/// The subscription whose attributes are set: besides the value, it decides whether an attribute may be set.
#[derive(Clone, Copy, Debug)]
pub(super) struct AttributeContext<'a> {
    pub(super) topic: Kind,
    pub(super) protocol: Protocol,
    pub(super) endpoint: &'a str,
}

/// Why an attribute is not set: AWS's text after `Invalid parameter: `, or after `Invalid parameter: Attributes Reason: `
/// where it is one of several.
#[derive(Debug, thiserror::Error)]
pub(super) enum AttributeRefused {
    #[error("AttributeName")]
    Name,
    #[error("RawMessageDelivery: Invalid value [{0}]. Must be true or false.")]
    RawMessageDelivery(String),
    #[error("Delivery protocol [{0}] does not support raw message delivery.")]
    NotRaw(Protocol),
    #[error(
        "FilterPolicyScope: Invalid value [{0}]. Please use either MessageBody or MessageAttributes"
    )]
    FilterPolicyScope(String),
    #[error(transparent)]
    FilterPolicy(#[from] PolicyRefused),
    #[error(transparent)]
    Json(#[from] JsonRefused),
    #[error("RedrivePolicy: invalid JSON. Attribute {0} is unknown.")]
    RedriveMember(String),
    #[error("RedrivePolicy: deadLetterTargetArn is an invalid arn")]
    DeadLetterTarget,
    #[error("RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.")]
    DeadLetterTargetKind,
    #[error(transparent)]
    DeliveryPolicy(#[from] delivery_policy::Refused),
    /// AWS's text is not known.
    #[error("SubscriptionRoleArn")]
    SubscriptionRoleArn,
    /// A character that XML lacks. AWS's text is not known.
    #[error("{0}")]
    IllFormed(String),
    #[error(transparent)]
    ReplayPolicy(#[from] ReplayRefused),
}

impl SubscriptionAttributes {
    /// These attributes with those of `asked` set, all or none. Scope and policy of a filter are checked together.
    pub(super) fn with(
        &self,
        context: &AttributeContext<'_>,
        asked: &BTreeMap<String, String>,
    ) -> Result<Self, AttributeRefused> {
        let mut changed = self.clone();
        for (name, value) in asked {
            if ill_formed(value).is_some() {
                return Err(AttributeRefused::IllFormed(name.clone()));
            }
            changed.set(context, name, value)?;
        }
        changed.set_filter(asked)?;
        Ok(changed)
    }

    fn set(
        &mut self,
        context: &AttributeContext<'_>,
        name: &str,
        value: &str,
    ) -> Result<(), AttributeRefused> {
        let is_removal = is_removal(value);
        match name {
            "RawMessageDelivery" => self.is_raw = is_raw(context.protocol, value)?,
            "FilterPolicy" | "FilterPolicyScope" => {} // Together: see `set_filter`.
            "RedrivePolicy" if is_removal => self.redrive_policy = None,
            "RedrivePolicy" => {
                self.redrive_policy = Some(Arc::new(redrive_policy(context, value)?));
            }
            "DeliveryPolicy" if value.is_empty() => self.delivery_policy = None,
            "DeliveryPolicy" => {
                let policy = SubscriptionPolicy::parse(value)?;
                // The retries of other protocols are fixed by AWS.
                self.delivery_policy = context.protocol.is_http().then(|| Arc::new(policy));
            }
            "SubscriptionRoleArn" => {
                let is_role = Arn::parse(value)
                    .is_some_and(|arn| arn.service == "iam" && arn.resource.starts_with("role/"));
                if !is_role {
                    return Err(AttributeRefused::SubscriptionRoleArn);
                }
                let is_shown = context.protocol == Protocol::Firehose;
                self.subscription_role_arn = is_shown.then(|| value.into());
            }
            "ReplayPolicy" if is_removal => self.replay_policy = None,
            "ReplayPolicy" => {
                self.replay_policy = Some(Arc::new(ReplayPolicy::parse(context.topic, value)?));
            }
            _ => return Err(AttributeRefused::Name),
        }
        Ok(())
    }

    /// Another scope means that the present policy is read again, and may be refused.
    fn set_filter(&mut self, asked: &BTreeMap<String, String>) -> Result<(), AttributeRefused> {
        let (policy, scope) = (asked.get("FilterPolicy"), asked.get("FilterPolicyScope"));
        if policy.is_none() && scope.is_none() {
            return Ok(());
        }
        if let Some(scope) = scope {
            self.filter_policy_scope = parse_scope(scope)?;
        }
        let present = self.filter_policy.take();
        let text = match policy {
            Some(text) if Policy::is_removal(text) => None,
            Some(text) => Some(text.as_str()),
            None => present.as_ref().map(|present| present.text.as_str()),
        };
        let Some(text) = text else {
            return Ok(());
        };
        self.filter_policy = Some(Arc::new(FilterPolicy {
            policy: Policy::parse(text, self.filter_policy_scope)?,
            text: text.to_owned(),
        }));
        Ok(())
    }
}

/// Where raw delivery does not exist, any value is refused, `false` too (observed).
fn is_raw(protocol: Protocol, value: &str) -> Result<bool, AttributeRefused> {
    let refused = || AttributeRefused::RawMessageDelivery(value.to_owned());
    let is_raw = boolean(value).ok_or_else(refused)?;
    if !protocol.takes_raw() {
        return Err(AttributeRefused::NotRaw(protocol));
    }
    Ok(is_raw)
}

fn parse_scope(value: &str) -> Result<Scope, AttributeRefused> {
    match value {
        "MessageAttributes" => Ok(Scope::MessageAttributes),
        "MessageBody" => Ok(Scope::MessageBody),
        _ => Err(AttributeRefused::FilterPolicyScope(value.to_owned())),
    }
}

/// Whether the document means "none": an empty text or object.
fn is_removal(value: &str) -> bool {
    let is_empty = |map: Map<String, Value>| map.is_empty();
    value.is_empty() || serde_json::from_str(value).is_ok_and(is_empty)
}

fn redrive_policy(
    context: &AttributeContext<'_>,
    text: &str,
) -> Result<RedrivePolicy, AttributeRefused> {
    check_json("RedrivePolicy", text)?;
    // JSON that is not an object names no queue.
    let members: Map<String, Value> =
        serde_json::from_str(text).map_err(|_| AttributeRefused::DeadLetterTarget)?;
    if let Some(name) = members.keys().find(|name| *name != "deadLetterTargetArn") {
        return Err(AttributeRefused::RedriveMember(name.clone()));
    }
    let arn = members.get("deadLetterTargetArn").and_then(Value::as_str);
    let arn = arn
        .filter(|arn| endpoint::is_queue(arn))
        .ok_or(AttributeRefused::DeadLetterTarget)?;
    let must_be_fifo =
        context.topic == Kind::Fifo && endpoint::is_fifo_queue(context.protocol, context.endpoint);
    if must_be_fifo && !endpoint::is_fifo_queue(Protocol::Sqs, arn) {
        return Err(AttributeRefused::DeadLetterTargetKind);
    }
    Ok(RedrivePolicy {
        dead_letter_target_arn: arn.into(),
        text: text.to_owned(),
    })
}

/// Everything that `GetSubscriptionAttributes` shows.
pub(super) fn shown(
    now: Timestamp,
    topic: &Topic,
    subscription: &Subscription,
) -> BTreeMap<&'static str, String> {
    let (identity, attributes) = (&subscription.identity, &subscription.attributes);
    let was_authenticated = matches!(
        subscription.status,
        Status::Confirmed {
            was_authenticated: true,
            ..
        }
    );
    let mut shown = BTreeMap::from([
        ("SubscriptionArn", identity.arn.to_string()),
        ("TopicArn", topic.arn.to_string()),
        ("Owner", identity.owner.to_string()),
        ("Protocol", identity.protocol.to_string()),
        ("Endpoint", identity.endpoint.to_string()),
        ("SubscriptionPrincipal", identity.principal.clone()),
        (
            "ConfirmationWasAuthenticated",
            was_authenticated.to_string(),
        ),
        (
            "PendingConfirmation",
            (!subscription.is_confirmed()).to_string(),
        ),
        ("RawMessageDelivery", attributes.is_raw.to_string()),
    ]);
    if let Some(filter) = &attributes.filter_policy {
        let scope = filter.policy.scope().as_str();
        shown.insert("FilterPolicy", filter.text.clone());
        shown.insert("FilterPolicyScope", scope.to_owned());
    }
    if let Some(policy) = &attributes.redrive_policy {
        shown.insert("RedrivePolicy", policy.text.clone());
    }
    if identity.protocol.is_http() {
        let own = attributes.delivery_policy.as_deref();
        if let Some(policy) = own {
            shown.insert("DeliveryPolicy", policy.to_string());
        }
        let effective = Effective::of(topic.attributes().delivery_policy.as_ref(), own);
        shown.insert("EffectiveDeliveryPolicy", effective.to_string());
    }
    if let Some(arn) = &attributes.subscription_role_arn {
        shown.insert("SubscriptionRoleArn", arn.to_string());
    }
    if let Some(policy) = &attributes.replay_policy {
        shown.insert("ReplayPolicy", policy.text.clone());
        shown.insert("ReplayStatus", policy.status(now).to_owned());
    }
    shown
}

impl PartialEq for SubscriptionAttributes {
    /// By meaning: documents are compared as JSON.
    fn eq(&self, other: &Self) -> bool {
        let target = |attributes: &Self| {
            let policy = attributes.redrive_policy.as_ref();
            policy.map(|policy| policy.dead_letter_target_arn.clone())
        };
        self.is_raw == other.is_raw
            && self.filter_policy_scope == other.filter_policy_scope
            && filter_document(self) == filter_document(other)
            && target(self) == target(other)
            && self.delivery_policy == other.delivery_policy
            && self.subscription_role_arn == other.subscription_role_arn
            && self.replay_policy == other.replay_policy
    }
}

fn filter_document(attributes: &SubscriptionAttributes) -> Option<Value> {
    let filter = attributes.filter_policy.as_ref()?;
    serde_json::from_str(&filter.text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUEUE: AttributeContext<'_> = AttributeContext {
        topic: Kind::Standard,
        protocol: Protocol::Sqs,
        endpoint: "arn:aws:sqs:us-east-1:000000000000:q",
    };
    const FIFO_QUEUE: AttributeContext<'_> = AttributeContext {
        topic: Kind::Fifo,
        endpoint: "arn:aws:sqs:us-east-1:000000000000:q.fifo",
        ..QUEUE
    };
    const URL: AttributeContext<'_> = AttributeContext {
        protocol: Protocol::Http,
        endpoint: "http://localhost/",
        ..QUEUE
    };

    fn asked(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        pairs.iter().map(own).collect()
    }

    fn set(context: &AttributeContext<'_>, pairs: &[(&str, &str)]) -> SubscriptionAttributes {
        SubscriptionAttributes::default()
            .with(context, &asked(pairs))
            .expect("taken")
    }

    fn refusal(context: &AttributeContext<'_>, name: &str, value: &str) -> String {
        SubscriptionAttributes::default()
            .with(context, &asked(&[(name, value)]))
            .expect_err(value)
            .to_string()
    }

    #[test]
    fn every_name_is_one_that_can_be_set() {
        let names: Vec<_> = settable().iter().map(|attribute| attribute.name).collect();
        assert!(names.is_sorted());
        for name in names {
            // Each of them refuses this value, and none as an unknown attribute.
            assert_ne!(refusal(&QUEUE, name, "x"), "AttributeName", "{name}");
        }
    }

    #[test]
    fn values_are_checked_in_awss_words() {
        let email = AttributeContext {
            protocol: Protocol::Email,
            ..QUEUE
        };
        for (context, name, value, expected) in [
            (&QUEUE, "Owner", "x", "AttributeName"),
            (
                &QUEUE,
                "RawMessageDelivery",
                "wrong",
                "RawMessageDelivery: Invalid value [wrong]. Must be true or false.",
            ),
            (
                &QUEUE,
                "RawMessageDelivery",
                "",
                "RawMessageDelivery: Invalid value []. Must be true or false.",
            ),
            (
                &email,
                "RawMessageDelivery",
                "false",
                "Delivery protocol [email] does not support raw message delivery.",
            ),
            (
                &QUEUE,
                "FilterPolicyScope",
                "Both",
                "FilterPolicyScope: Invalid value [Both]. Please use either MessageBody or MessageAttributes",
            ),
            (
                &QUEUE,
                "FilterPolicy",
                r#"{"a":{"b":["c"]}}"#,
                "Filter policy scope MessageAttributes does not support nested filter policy",
            ),
            (
                &URL,
                "DeliveryPolicy",
                r#"{"healthyRetryPolicy":{"minDelayTarget":0}}"#,
                "DeliveryPolicy: healthyRetryPolicy.minDelayTarget must be greater than or equal to 1",
            ),
        ] {
            assert_eq!(refusal(context, name, value), expected);
        }
    }

    #[test]
    fn redrive_policies_name_one_queue() {
        let invalid = "RedrivePolicy: deadLetterTargetArn is an invalid arn";
        for (value, expected) in [
            (r#"{"deadLetterTargetArn":"x"}"#, invalid),
            (r#"{"deadLetterTargetArn":5}"#, invalid),
            ("[]", invalid),
            (
                r#"{"deadLetterTargetArn":"x","maxReceiveCount":1}"#,
                "RedrivePolicy: invalid JSON. Attribute maxReceiveCount is unknown.",
            ),
            (
                "{invalidjson}",
                "RedrivePolicy: failed to parse JSON. Unexpected character ('i' (code 105)): was expecting double-quote to start field name\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 2]",
            ),
        ] {
            assert_eq!(refusal(&QUEUE, "RedrivePolicy", value), expected);
        }
        let standard = r#"{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dlq"}"#;
        assert_eq!(
            refusal(&FIFO_QUEUE, "RedrivePolicy", standard),
            "RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic."
        );
        let standard_queue = AttributeContext {
            topic: Kind::Fifo,
            ..QUEUE
        };
        let set = set(&standard_queue, &[("RedrivePolicy", standard)]);
        let removed = set.with(&standard_queue, &asked(&[("RedrivePolicy", "")]));
        assert!(set.redrive_policy.is_some());
        assert!(removed.expect("taken").redrive_policy.is_none());
    }

    #[test]
    fn scope_and_policy_are_looked_at_together_and_the_scope_stays() {
        let nested = r#"{"a":{"b":["c"]}}"#;
        let body = ("FilterPolicyScope", "MessageBody");
        let both = set(&QUEUE, &[("FilterPolicy", nested), body]);
        let back = asked(&[("FilterPolicyScope", "MessageAttributes")]);
        let refused = both.with(&QUEUE, &back).expect_err("refused");
        assert!(refused.to_string().contains("nested filter policy"));
        for removal in ["", "{}", " { } "] {
            let without = both.with(&QUEUE, &asked(&[("FilterPolicy", removal)]));
            let without = without.expect("taken");
            assert!(without.filter_policy.is_none());
            let again = without.with(&QUEUE, &asked(&[("FilterPolicy", nested)]));
            assert_eq!(again.expect("taken"), both);
        }
    }

    #[test]
    fn equal_values_may_be_written_differently() {
        let a = set(
            &QUEUE,
            &[
                ("FilterPolicy", r#"{"a":["x"],"b":[1]}"#),
                ("RawMessageDelivery", "True"),
            ],
        );
        let b = set(
            &QUEUE,
            &[
                ("FilterPolicy", r#" {"b": [1], "a": ["x"]} "#),
                ("RawMessageDelivery", "true"),
                ("FilterPolicyScope", "MessageAttributes"),
            ],
        );
        assert_eq!(a, b);
        let c = set(&QUEUE, &[("FilterPolicy", r#"{"a":["x"]}"#)]);
        assert_ne!(a, c);
    }

    #[test]
    fn what_a_protocol_does_not_have_is_not_kept() {
        let policy = r#"{"throttlePolicy":{"maxReceivesPerSecond":7}}"#;
        assert!(
            set(&URL, &[("DeliveryPolicy", policy)])
                .delivery_policy
                .is_some()
        );
        assert!(
            set(&QUEUE, &[("DeliveryPolicy", policy)])
                .delivery_policy
                .is_none()
        );
        let role = "arn:aws:iam::123456789012:role/r";
        let stream = AttributeContext {
            protocol: Protocol::Firehose,
            ..QUEUE
        };
        let set = set(&stream, &[("SubscriptionRoleArn", role)]);
        assert_eq!(set.subscription_role_arn.as_deref(), Some(role));
        assert_eq!(
            refusal(&stream, "SubscriptionRoleArn", "r"),
            "SubscriptionRoleArn"
        );
    }
}

//! The policy that applies: the defaults, overridden by the topic's policy, overridden by the subscription's.

use std::fmt;
use std::num::NonZeroU32;

use serde::Serialize;

use super::documents::{
    RequestPolicy, RetryPolicy, SubscriptionPolicy, ThrottlePolicy, TopicHttp, TopicPolicy, json,
};
use crate::delivery::RetrySchedule;

/// A topic's `EffectiveDeliveryPolicy`.
pub fn effective_topic_policy(policy: Option<&TopicPolicy>) -> String {
    json(&TopicPolicy {
        http: filled(policy),
    })
}

fn filled(policy: Option<&TopicPolicy>) -> TopicHttp {
    let set = policy.map(|policy| policy.http.clone()).unwrap_or_default();
    let healthy = set.default_healthy_retry_policy.unwrap_or_default();
    TopicHttp {
        default_healthy_retry_policy: Some(healthy.filled()),
        default_sickly_retry_policy: set.default_sickly_retry_policy.map(|retry| retry.filled()),
        default_request_policy: Some(set.default_request_policy.unwrap_or_default()),
        ..set
    }
}

/// The policy that applies to one subscription's deliveries. Its `Display` is the subscription's
/// `EffectiveDeliveryPolicy`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Effective {
    healthy_retry_policy: RetryPolicy,
    sickly_retry_policy: Option<RetryPolicy>,
    throttle_policy: Option<ThrottlePolicy>,
    request_policy: RequestPolicy,
    guaranteed: bool,
}

impl Effective {
    /// A topic that disables overrides has its subscriptions' policies ignored.
    pub fn of(topic: Option<&TopicPolicy>, subscription: Option<&SubscriptionPolicy>) -> Self {
        let topic = filled(topic);
        let own = subscription.filter(|_| !topic.disable_subscription_overrides);
        let healthy = own
            .and_then(|own| own.healthy_retry_policy.clone())
            .or(topic.default_healthy_retry_policy)
            .unwrap_or_default();
        let sickly = own
            .and_then(|own| own.sickly_retry_policy.clone())
            .or(topic.default_sickly_retry_policy);
        Self {
            healthy_retry_policy: healthy.filled(),
            sickly_retry_policy: sickly.map(|retry| retry.filled()),
            throttle_policy: own
                .and_then(|own| own.throttle_policy.clone())
                .or(topic.default_throttle_policy),
            request_policy: own
                .and_then(|own| own.request_policy.clone())
                .or(topic.default_request_policy)
                .unwrap_or_default(),
            guaranteed: own.is_some_and(|own| own.guaranteed),
        }
    }

    /// When a failed delivery is retried.
    pub fn schedule(&self) -> RetrySchedule {
        self.healthy_retry_policy.schedule()
    }

    /// How many deliveries per second there may be, on average.
    pub fn max_receives_per_second(&self) -> Option<NonZeroU32> {
        let throttle = self.throttle_policy.as_ref()?;
        NonZeroU32::new(throttle.max_receives_per_second?)
    }

    /// The `Content-Type` of notifications. A type that does not suit the subscription's raw delivery setting is not
    /// sent: an envelope is `application/json` or plain text.
    pub fn content_type(&self, is_raw: bool) -> &str {
        self.request_policy.content_type(is_raw)
    }
}

impl fmt::Display for Effective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&json(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFAULT_RETRIES: &str = r#"{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"}"#;
    const PLAIN: &str = r#"{"headerContentType":"text/plain; charset=UTF-8"}"#;

    fn topic(text: &str) -> TopicPolicy {
        TopicPolicy::parse(text).unwrap()
    }

    fn subscription(text: &str) -> SubscriptionPolicy {
        SubscriptionPolicy::parse(text).unwrap()
    }

    #[test]
    fn a_topics_effective_policy_fills_what_was_not_set() {
        let expected = |retries: &str, request: &str| {
            format!(
                r#"{{"http":{{"defaultHealthyRetryPolicy":{retries},"disableSubscriptionOverrides":false,"defaultRequestPolicy":{request}}}}}"#
            )
        };
        assert_eq!(
            effective_topic_policy(None),
            expected(DEFAULT_RETRIES, PLAIN)
        );
        let json = r#"{"headerContentType":"application/json"}"#;
        let labelled = topic(&format!(r#"{{"http":{{"defaultRequestPolicy":{json}}}}}"#));
        assert_eq!(
            effective_topic_policy(Some(&labelled)),
            expected(DEFAULT_RETRIES, json)
        );
        let retrying = topic(
            r#"{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":5,"maxDelayTarget":6,"numRetries":1}}}"#,
        );
        let retries = r#"{"minDelayTarget":5,"maxDelayTarget":6,"numRetries":1,"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"}"#;
        assert_eq!(
            effective_topic_policy(Some(&retrying)),
            expected(retries, PLAIN)
        );
    }

    #[test]
    fn a_subscriptions_effective_policy_takes_what_it_lacks_from_the_topic() {
        let csv = subscription(r#"{"requestPolicy":{"headerContentType":"text/csv"}}"#);
        assert_eq!(
            Effective::of(None, Some(&csv)).to_string(),
            format!(
                r#"{{"healthyRetryPolicy":{DEFAULT_RETRIES},"sicklyRetryPolicy":null,"throttlePolicy":null,"requestPolicy":{{"headerContentType":"text/csv"}},"guaranteed":false}}"#
            )
        );
        let json = topic(
            r#"{"http":{"defaultRequestPolicy":{"headerContentType":"application/json"},"defaultThrottlePolicy":{"maxReceivesPerSecond":3}}}"#,
        );
        let throttled = subscription(r#"{"throttlePolicy":{"maxReceivesPerSecond":1000}}"#);
        let effective = Effective::of(Some(&json), Some(&throttled));
        assert_eq!(effective.content_type(false), "application/json");
        assert_eq!(effective.max_receives_per_second(), NonZeroU32::new(1000));
        let effective = Effective::of(Some(&json), None);
        assert_eq!(effective.max_receives_per_second(), NonZeroU32::new(3));
    }

    #[test]
    fn a_topic_can_disable_overrides() {
        let strict = topic(r#"{"http":{"disableSubscriptionOverrides":true}}"#);
        let own = subscription(
            r#"{"requestPolicy":{"headerContentType":"application/json"},"throttlePolicy":{"maxReceivesPerSecond":1}}"#,
        );
        assert_eq!(
            Effective::of(Some(&strict), Some(&own)),
            Effective::of(None, None)
        );
    }

    #[test]
    fn an_envelope_is_not_labelled_with_a_raw_deliverys_content_type() {
        let csv = subscription(r#"{"requestPolicy":{"headerContentType":"text/csv"}}"#);
        let effective = Effective::of(None, Some(&csv));
        assert_eq!(effective.content_type(true), "text/csv");
        assert_eq!(effective.content_type(false), "text/plain; charset=UTF-8");
    }
}

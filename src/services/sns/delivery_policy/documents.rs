//! The `DeliveryPolicy` of a topic and of a subscription: the set values, in the form in which they are shown.

use std::fmt;
use std::ops::RangeInclusive;

use serde::Serialize;

use super::Refused;
use super::reader::Object;
use crate::delivery::RetrySchedule;
use crate::delivery::retry_schedule::Backoff;

/// Delays, in seconds (SNS: delivery policy, `minDelayTarget` and `maxDelayTarget`).
const DELAY_SECONDS: RangeInclusive<u32> = 1..=3600;

/// Retries after the first attempt (SNS: delivery policy, `numRetries`).
const RETRIES: RangeInclusive<u32> = 0..=100;

const RECEIVES_PER_SECOND: RangeInclusive<u32> = 1..=i32::MAX as u32;

/// The values that AWS allows for `headerContentType` when raw delivery is on. When it is off, only two of these are
/// sent: see [`RequestPolicy::content_type`].
const CONTENT_TYPES: [&str; 12] = [
    "text/css",
    "text/csv",
    "text/html",
    "text/plain",
    "text/xml",
    "application/atom+xml",
    "application/json",
    "application/octet-stream",
    "application/soap+xml",
    "application/x-www-form-urlencoded",
    "application/xhtml+xml",
    "application/xml",
];

/// The content types that an envelope may have.
const ENVELOPE_CONTENT_TYPES: [&str; 2] = ["application/json", "text/plain"];

/// The content type where no policy sets one.
pub(super) const DEFAULT_CONTENT_TYPE: &str = "text/plain; charset=UTF-8";

/// When failed deliveries are retried. Values that were not set are absent, and shown so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RetryPolicy {
    pub(super) min_delay_target: u32,
    pub(super) max_delay_target: u32,
    pub(super) num_retries: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) num_max_delay_retries: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) num_no_delay_retries: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) num_min_delay_retries: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) backoff_function: Option<Backoff>,
}

impl Default for RetryPolicy {
    /// AWS's default, whole: three retries, 20 seconds apart.
    fn default() -> Self {
        Self {
            min_delay_target: 20,
            max_delay_target: 20,
            num_retries: 3,
            num_max_delay_retries: Some(0),
            num_no_delay_retries: Some(0),
            num_min_delay_retries: Some(0),
            backoff_function: Some(Backoff::Linear),
        }
    }
}

impl RetryPolicy {
    /// The times of the retries.
    pub(super) fn schedule(&self) -> RetrySchedule {
        RetrySchedule {
            min_delay: self.min_delay_target,
            max_delay: self.max_delay_target,
            retries: self.num_retries,
            immediate: self.num_no_delay_retries.unwrap_or(0),
            pre_backoff: self.num_min_delay_retries.unwrap_or(0),
            post_backoff: self.num_max_delay_retries.unwrap_or(0),
            function: self.backoff_function.unwrap_or_default(),
        }
    }

    fn read(object: &Object) -> Result<Self, Refused> {
        object.has_only(&[
            "minDelayTarget",
            "maxDelayTarget",
            "numRetries",
            "numMaxDelayRetries",
            "numNoDelayRetries",
            "numMinDelayRetries",
            "backoffFunction",
        ])?;
        let policy = Self {
            min_delay_target: object.required_integer("minDelayTarget", &DELAY_SECONDS)?,
            max_delay_target: object.required_integer("maxDelayTarget", &DELAY_SECONDS)?,
            num_retries: object.required_integer("numRetries", &RETRIES)?,
            num_max_delay_retries: object.integer("numMaxDelayRetries", &RETRIES)?,
            num_no_delay_retries: object.integer("numNoDelayRetries", &RETRIES)?,
            num_min_delay_retries: object.integer("numMinDelayRetries", &RETRIES)?,
            backoff_function: backoff(object)?,
        };
        if policy.max_delay_target < policy.min_delay_target {
            let problem = "must be greater than or equal to minDelayTarget";
            return Err(object.problem("maxDelayTarget", problem));
        }
        let phases = [
            policy.num_max_delay_retries,
            policy.num_no_delay_retries,
            policy.num_min_delay_retries,
        ];
        if phases.iter().flatten().sum::<u32>() > policy.num_retries {
            let problem = "must be greater than or equal to total of numMinDelayRetries, numNoDelayRetries and numMaxDelayRetries";
            return Err(object.problem("numRetries", problem));
        }
        Ok(policy)
    }

    /// The same with AWS's defaults for what was not set.
    pub(super) fn filled(&self) -> Self {
        Self {
            num_max_delay_retries: Some(self.num_max_delay_retries.unwrap_or(0)),
            num_no_delay_retries: Some(self.num_no_delay_retries.unwrap_or(0)),
            num_min_delay_retries: Some(self.num_min_delay_retries.unwrap_or(0)),
            backoff_function: Some(self.backoff_function.unwrap_or_default()),
            ..self.clone()
        }
    }
}

fn backoff(object: &Object) -> Result<Option<Backoff>, Refused> {
    match object.text("backoffFunction")? {
        None => Ok(None),
        Some("arithmetic") => Ok(Some(Backoff::Arithmetic)),
        Some("exponential") => Ok(Some(Backoff::Exponential)),
        Some("geometric") => Ok(Some(Backoff::Geometric)),
        Some("linear") => Ok(Some(Backoff::Linear)),
        Some(_) => Err(object.problem(
            "backoffFunction",
            "must be one of: arithmetic, exponential, geometric, linear",
        )),
    }
}

/// How many deliveries a second an endpoint takes, on average.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ThrottlePolicy {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_receives_per_second: Option<u32>,
}

impl ThrottlePolicy {
    fn read(object: &Object) -> Result<Self, Refused> {
        object.has_only(&["maxReceivesPerSecond"])?;
        Ok(Self {
            max_receives_per_second: object
                .integer("maxReceivesPerSecond", &RECEIVES_PER_SECOND)?,
        })
    }
}

/// How requests are labelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RequestPolicy {
    #[serde(skip_serializing_if = "Option::is_none")]
    header_content_type: Option<String>,
}

impl Default for RequestPolicy {
    fn default() -> Self {
        Self {
            header_content_type: Some(DEFAULT_CONTENT_TYPE.to_owned()),
        }
    }
}

impl RequestPolicy {
    /// Both lists depend on raw delivery, which can be switched later: a type is refused here if it is in neither.
    fn read(object: &Object) -> Result<Self, Refused> {
        object.has_only(&["headerContentType"])?;
        let content_type = object.text("headerContentType")?;
        if content_type.is_some_and(|value| !is_content_type(value, &CONTENT_TYPES)) {
            let problem = "is not a supported content type";
            return Err(object.problem("headerContentType", problem));
        }
        Ok(Self {
            header_content_type: content_type.map(str::to_owned),
        })
    }

    /// The header's value, sent literally; an envelope is never given a type that it cannot have.
    pub(super) fn content_type(&self, is_raw: bool) -> &str {
        match &self.header_content_type {
            Some(value) if is_raw || is_content_type(value, &ENVELOPE_CONTENT_TYPES) => value,
            _ => DEFAULT_CONTENT_TYPE,
        }
    }
}

/// Whether `value` is one of `types`, alone or with parameters as AWS's own default has them (`; charset=UTF-8`).
fn is_content_type(value: &str, types: &[&str]) -> bool {
    let name = value.split(';').next().unwrap_or_default().trim();
    types.iter().any(|known| known.eq_ignore_ascii_case(name))
        && http::HeaderValue::from_str(value).is_ok()
}

/// A topic's `DeliveryPolicy`. Its `Display` is the attribute as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TopicPolicy {
    pub(super) http: TopicHttp,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TopicHttp {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) default_healthy_retry_policy: Option<RetryPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) default_sickly_retry_policy: Option<RetryPolicy>,
    pub(super) disable_subscription_overrides: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) default_throttle_policy: Option<ThrottlePolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) default_request_policy: Option<RequestPolicy>,
}

impl TopicPolicy {
    /// Reads the attribute's value. An empty one removes the attribute, which the caller handles.
    pub fn parse(text: &str) -> Result<Self, Refused> {
        let document = Object::parse(text)?;
        document.has_only(&["http"])?;
        let Some(http) = document.object("http")? else {
            return Ok(Self {
                http: TopicHttp::default(),
            });
        };
        http.has_only(&[
            "defaultHealthyRetryPolicy",
            "defaultSicklyRetryPolicy",
            "disableSubscriptionOverrides",
            "defaultThrottlePolicy",
            "defaultRequestPolicy",
        ])?;
        let http = TopicHttp {
            default_healthy_retry_policy: part(
                &http,
                "defaultHealthyRetryPolicy",
                RetryPolicy::read,
            )?,
            default_sickly_retry_policy: part(
                &http,
                "defaultSicklyRetryPolicy",
                RetryPolicy::read,
            )?,
            disable_subscription_overrides: http
                .boolean("disableSubscriptionOverrides")?
                .unwrap_or(false),
            default_throttle_policy: part(&http, "defaultThrottlePolicy", ThrottlePolicy::read)?,
            default_request_policy: part(&http, "defaultRequestPolicy", RequestPolicy::read)?,
        };
        Ok(Self { http })
    }
}

impl fmt::Display for TopicPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&json(self))
    }
}

/// A subscription's `DeliveryPolicy`. Its `Display` is the attribute as it is shown: values that were not set are null.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SubscriptionPolicy {
    pub(super) healthy_retry_policy: Option<RetryPolicy>,
    pub(super) sickly_retry_policy: Option<RetryPolicy>,
    pub(super) throttle_policy: Option<ThrottlePolicy>,
    pub(super) request_policy: Option<RequestPolicy>,
    pub(super) guaranteed: bool,
}

impl SubscriptionPolicy {
    /// Reads the attribute's value. An empty one removes the attribute, which the caller handles.
    pub fn parse(text: &str) -> Result<Self, Refused> {
        let document = Object::parse(text)?;
        document.has_only(&[
            "healthyRetryPolicy",
            "sicklyRetryPolicy",
            "throttlePolicy",
            "requestPolicy",
            "guaranteed",
        ])?;
        Ok(Self {
            healthy_retry_policy: part(&document, "healthyRetryPolicy", RetryPolicy::read)?,
            sickly_retry_policy: part(&document, "sicklyRetryPolicy", RetryPolicy::read)?,
            throttle_policy: part(&document, "throttlePolicy", ThrottlePolicy::read)?,
            request_policy: part(&document, "requestPolicy", RequestPolicy::read)?,
            guaranteed: document.boolean("guaranteed")?.unwrap_or(false),
        })
    }
}

impl fmt::Display for SubscriptionPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&json(self))
    }
}

fn part<T>(
    object: &Object,
    name: &str,
    read: impl Fn(&Object) -> Result<T, Refused>,
) -> Result<Option<T>, Refused> {
    object.object(name)?.as_ref().map(read).transpose()
}

pub(super) fn json(document: &impl Serialize) -> String {
    serde_json::to_string(document).expect("the documents have text keys and finite numbers only")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topic(text: &str) -> String {
        match TopicPolicy::parse(text) {
            Ok(policy) => policy.to_string(),
            Err(refused) => refused.to_string(),
        }
    }

    fn subscription(text: &str) -> String {
        match SubscriptionPolicy::parse(text) {
            Ok(policy) => policy.to_string(),
            Err(refused) => refused.to_string(),
        }
    }

    #[test]
    fn topic_policies_are_shown_as_set_with_the_override_switch_added() {
        for (set, shown) in [
            (
                r#"{"http":{"defaultRequestPolicy":{"headerContentType":"application/json"}}}"#,
                r#"{"http":{"disableSubscriptionOverrides":false,"defaultRequestPolicy":{"headerContentType":"application/json"}}}"#,
            ),
            (
                r#"{"http":{"defaultHealthyRetryPolicy":{"numRetries":1,"minDelayTarget":5,"maxDelayTarget":6}}}"#,
                r#"{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":5,"maxDelayTarget":6,"numRetries":1},"disableSubscriptionOverrides":false}}"#,
            ),
            (
                r#"{"http":{"defaultHealthyRetryPolicy":null}}"#,
                r#"{"http":{"disableSubscriptionOverrides":false}}"#,
            ),
            (
                r#"{"http":{"defaultThrottlePolicy":{"maxReceivesPerSecond":7},"disableSubscriptionOverrides":true}}"#,
                r#"{"http":{"disableSubscriptionOverrides":true,"defaultThrottlePolicy":{"maxReceivesPerSecond":7}}}"#,
            ),
        ] {
            assert_eq!(topic(set), shown);
        }
    }

    #[test]
    fn subscription_policies_are_shown_with_null_for_what_was_not_set() {
        assert_eq!(
            subscription(r#"{"requestPolicy":{"headerContentType":"text/csv"}}"#),
            r#"{"healthyRetryPolicy":null,"sicklyRetryPolicy":null,"throttlePolicy":null,"requestPolicy":{"headerContentType":"text/csv"},"guaranteed":false}"#
        );
        assert_eq!(
            subscription(
                r#"{"throttlePolicy":{"maxReceivesPerSecond":1000},"healthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":2,"numRetries":9,"numMaxDelayRetries":1,"numNoDelayRetries":2,"numMinDelayRetries":3,"backoffFunction":"geometric"}}"#
            ),
            r#"{"healthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":2,"numRetries":9,"numMaxDelayRetries":1,"numNoDelayRetries":2,"numMinDelayRetries":3,"backoffFunction":"geometric"},"sicklyRetryPolicy":null,"throttlePolicy":{"maxReceivesPerSecond":1000},"requestPolicy":null,"guaranteed":false}"#
        );
    }

    #[test]
    fn refusals_name_the_path_and_the_problem() {
        let retry = |members: &str| {
            topic(&format!(
                r#"{{"http":{{"defaultHealthyRetryPolicy":{{{members}}}}}}}"#
            ))
        };
        let path = "DeliveryPolicy: http.defaultHealthyRetryPolicy";
        for (members, problem) in [
            (
                r#""minDelayTarget":"5""#,
                ".minDelayTarget type mismatch, expecting integer, received a string",
            ),
            (
                r#""minDelayTarget":5,"maxDelayTarget":6,"numRetries":101"#,
                ".numRetries must be less than or equal to 100",
            ),
            (
                r#""minDelayTarget":5,"maxDelayTarget":3601,"numRetries":1"#,
                ".maxDelayTarget must be less than or equal to 3600",
            ),
            (
                r#""minDelayTarget":5,"numRetries":1"#,
                ".maxDelayTarget must be specified",
            ),
            (
                r#""minDelayTarget":5,"maxDelayTarget":4,"numRetries":1"#,
                ".maxDelayTarget must be greater than or equal to minDelayTarget",
            ),
            (
                r#""minDelayTarget":1.5"#,
                ".minDelayTarget type mismatch, expecting integer, received a double",
            ),
        ] {
            assert_eq!(retry(members), format!("{path}{problem}"));
        }
        assert_eq!(
            subscription(r#"{"healthyRetryPolicy":{"minDelayTarget":0}}"#),
            "DeliveryPolicy: healthyRetryPolicy.minDelayTarget must be greater than or equal to 1"
        );
        let phases = r#"{"healthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":1,"numRetries":2,"numMinDelayRetries":2,"numNoDelayRetries":1}}"#;
        assert!(subscription(phases).contains("healthyRetryPolicy.numRetries must be greater"));
    }

    #[test]
    fn unknown_members_and_documents_that_are_no_objects_are_refused() {
        assert_eq!(
            topic(r#"{"http":{"throttlePolicy":{}}}"#),
            "DeliveryPolicy: Unexpected JSON member: throttlePolicy"
        );
        for text in ["{", "[]", "5"] {
            assert!(topic(text).starts_with("DeliveryPolicy: failed to parse JSON."));
            assert!(subscription(text).starts_with("DeliveryPolicy: failed to parse JSON."));
        }
    }

    #[test]
    fn content_types_outside_awss_list_are_refused() {
        for value in ["image/png", "", "text/plain;\\u0000"] {
            let set = format!(r#"{{"requestPolicy":{{"headerContentType":"{value}"}}}}"#);
            assert_eq!(
                subscription(&set),
                "DeliveryPolicy: requestPolicy.headerContentType is not a supported content type"
            );
        }
    }
}

//! The two JSON documents that link queues and dead-letter queues: `RedrivePolicy` on the source, `RedriveAllowPolicy`
//! on the target.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::error::Error;
use super::limits;
use crate::aws::Arn;
use crate::aws::characters::ill_formed;

/// A source queue's `RedrivePolicy`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedrivePolicy {
    /// The ARN of the dead-letter queue.
    pub dead_letter_target_arn: Arc<str>,
    /// How often a message is received before it is moved.
    pub max_receive_count: u32,
}

impl RedrivePolicy {
    /// Reads the attribute's value. The caller checks whether the target exists.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let invalid = |reason: String| Error::invalid(text, "RedrivePolicy", reason);
        let Ok(Value::Object(map)) = serde_json::from_str(text) else {
            let sentence = "Invalid value for the parameter RedrivePolicy. Reason: Redrive policy is not a valid JSON map.";
            return Err(Error::InvalidParameter(sentence.into()));
        };
        let mandatory = |name: &str| {
            let reason = format!("Redrive policy does not contain mandatory attribute: {name}.");
            map.get(name)
                .filter(|value| !value.is_null())
                .ok_or_else(|| invalid(reason))
        };
        let count = mandatory("maxReceiveCount")?;
        let target = mandatory("deadLetterTargetArn")?;
        let max_receive_count = receive_count(count).ok_or_else(|| {
            let shown = count.as_str().map_or_else(|| count.to_string(), str::to_owned);
            invalid(format!(
                "Invalid value for maxReceiveCount: {shown}, valid values are from 1 to 1000 both inclusive."
            ))
        })?;
        let not_an_arn = || invalid("Dead-letter target ARN should be fully qualified ARN.".into());
        let target = target.as_str().ok_or_else(not_an_arn)?;
        let arn = Arn::parse(target).ok_or_else(not_an_arn)?;
        if map.len() > 2 {
            let reason =
                "Only following attributes are supported: [maxReceiveCount, deadLetterTargetArn].";
            return Err(invalid(reason.into()));
        }
        if arn.service != "sqs" {
            return Err(invalid(
                "Only SQS queues are valid resources for deadLetterTargetArn.".into(),
            ));
        }
        Ok(Self {
            dead_letter_target_arn: target.into(),
            max_receive_count,
        })
    }
}

/// AWS accepts a number or its text, and returns the number.
fn receive_count(value: &Value) -> Option<u32> {
    let count = match value {
        Value::Number(number) => number.as_i64()?,
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    limits::MAX_RECEIVE_COUNT
        .contains(&count)
        .then(|| u32::try_from(count).ok())
        .flatten()
}

impl std::fmt::Display for RedrivePolicy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let target = Value::from(&*self.dead_letter_target_arn);
        write!(
            f,
            r#"{{"deadLetterTargetArn":{target},"maxReceiveCount":{}}}"#,
            self.max_receive_count
        )
    }
}

/// The queues that may name this one as their dead-letter queue (`RedriveAllowPolicy`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedriveAllowPolicy {
    /// Every queue of the same account and region, as without a policy.
    AllowAll,
    /// None.
    DenyAll,
    /// The queues with these ARNs.
    ByQueue(Vec<String>),
}

const UNSUPPORTED_FORMAT: &str = "Invalid value for the parameter RedriveAllowPolicy. Reason: Amazon SQS can't create the redrive allow policy, as it\u{2019}s in an unsupported format.";
const ARNS_NEED_BY_QUEUE: &str = "Amazon SQS can't create the redrive allow policy. To specify one or more source queue ARNs, you must set redrivePermission to byQueue.";
const BY_QUEUE_NEEDS_ARNS: &str = "Amazon SQS can't create the redrive allow policy. When you specify the byQueue permission type, you must also specify one or more sourceQueueArns values.";
const TOO_MANY_ARNS: &str = "Amazon SQS can't create the redrive allow policy. The maximum number of source queue ARNs you can specify is 10.";

impl RedriveAllowPolicy {
    /// Reads the attribute's value.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let unsupported = || Error::InvalidParameter(UNSUPPORTED_FORMAT.into());
        let invalid = |reason: &'static str| Error::invalid(text, "RedriveAllowPolicy", reason);
        let map: Map<String, Value> = serde_json::from_str(text).map_err(|_| unsupported())?;
        if map
            .keys()
            .any(|key| key != "redrivePermission" && key != "sourceQueueArns")
        {
            return Err(unsupported());
        }
        let arns = match map.get("sourceQueueArns") {
            None | Some(Value::Null) => None,
            Some(Value::Array(values)) => {
                let arns = values.iter().map(|value| {
                    let arn = value.as_str().filter(|arn| ill_formed(arn).is_none());
                    arn.map(str::to_owned)
                });
                Some(arns.collect::<Option<Vec<_>>>().ok_or_else(unsupported)?)
            }
            Some(_) => return Err(unsupported()),
        };
        match (map.get("redrivePermission").and_then(Value::as_str), arns) {
            (Some("allowAll" | "denyAll"), Some(_)) => Err(invalid(ARNS_NEED_BY_QUEUE)),
            (Some("allowAll"), None) => Ok(Self::AllowAll),
            (Some("denyAll"), None) => Ok(Self::DenyAll),
            (Some("byQueue"), arns) => match arns.unwrap_or_default() {
                arns if arns.is_empty() => Err(invalid(BY_QUEUE_NEEDS_ARNS)),
                arns if arns.len() > limits::REDRIVE_SOURCES => Err(invalid(TOO_MANY_ARNS)),
                arns => Ok(Self::ByQueue(arns)),
            },
            _ => Err(unsupported()),
        }
    }

    /// Whether the queue with this ARN may be a source.
    pub fn allows(&self, source_arn: &str) -> bool {
        match self {
            Self::AllowAll => true,
            Self::DenyAll => false,
            Self::ByQueue(arns) => arns.iter().any(|arn| arn == source_arn),
        }
    }
}

impl std::fmt::Display for RedriveAllowPolicy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AllowAll => f.write_str(r#"{"redrivePermission":"allowAll"}"#),
            Self::DenyAll => f.write_str(r#"{"redrivePermission":"denyAll"}"#),
            Self::ByQueue(arns) => {
                write!(
                    f,
                    r#"{{"redrivePermission":"byQueue","sourceQueueArns":{}}}"#,
                    json!(arns)
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGET: &str = "arn:aws:sqs:us-east-1:000000000000:dead";

    fn refusal(text: &str) -> String {
        RedrivePolicy::parse(text)
            .expect_err("a refusal")
            .to_string()
    }

    #[test]
    fn redrive_policy_is_returned_in_canonical_form() {
        for count in ["5", r#""5""#] {
            let text =
                format!(r#"{{ "maxReceiveCount": {count}, "deadLetterTargetArn": "{TARGET}" }}"#);
            let policy = RedrivePolicy::parse(&text).expect("a policy");
            assert_eq!(
                policy.to_string(),
                format!(r#"{{"deadLetterTargetArn":"{TARGET}","maxReceiveCount":5}}"#)
            );
        }
    }

    #[test]
    fn redrive_policies_are_refused_in_awss_order_of_checks() {
        assert!(refusal("5").contains("not a valid JSON map"));
        assert!(refusal("{}").contains("mandatory attribute: maxReceiveCount"));
        assert!(
            refusal(r#"{"maxReceiveCount":0}"#)
                .contains("mandatory attribute: deadLetterTargetArn")
        );
        for count in ["0", "1001", r#""x""#, "1.5", "true"] {
            let text = format!(r#"{{"maxReceiveCount":{count},"deadLetterTargetArn":"{TARGET}"}}"#);
            assert!(
                refusal(&text).contains("valid values are from 1 to 1000"),
                "{count}"
            );
        }
        assert!(
            refusal(r#"{"maxReceiveCount":1,"deadLetterTargetArn":"dead"}"#)
                .contains("fully qualified")
        );
        let other =
            r#"{"maxReceiveCount":1,"deadLetterTargetArn":"arn:aws:sns:us-east-1:000000000000:t"}"#;
        assert!(refusal(other).contains("Only SQS queues"));
    }

    #[test]
    fn redrive_allow_policies_round_trip() {
        for text in [
            r#"{"redrivePermission":"allowAll"}"#,
            r#"{"redrivePermission":"denyAll"}"#,
            r#"{"redrivePermission":"byQueue","sourceQueueArns":["a","b"]}"#,
        ] {
            assert_eq!(
                RedriveAllowPolicy::parse(text)
                    .expect("a policy")
                    .to_string(),
                text
            );
        }
    }

    #[test]
    fn redrive_allow_policies_are_refused() {
        let refusal = |text: &str| {
            RedriveAllowPolicy::parse(text)
                .expect_err("a refusal")
                .to_string()
        };
        for text in [
            "",
            "[]",
            "{}",
            r#"{"redrivePermission":"some"}"#,
            r#"{"redrivePermission":"allowAll","x":1}"#,
        ] {
            assert!(refusal(text).contains("unsupported format"), "{text}");
        }
        assert!(
            refusal(r#"{"redrivePermission":"denyAll","sourceQueueArns":["a"]}"#)
                .contains("to byQueue")
        );
        assert!(
            refusal(r#"{"redrivePermission":"byQueue"}"#).contains("one or more sourceQueueArns")
        );
        let arns = json!(vec!["a"; 11]);
        let text = format!(r#"{{"redrivePermission":"byQueue","sourceQueueArns":{arns}}}"#);
        assert!(refusal(&text).contains("is 10."));
    }
}

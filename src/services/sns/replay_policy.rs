//! Reads a subscription's `ReplayPolicy`: which of a FIFO topic's archived messages it wants again.

use serde_json::{Map, Value};

use super::subscription::ReplayPolicy;
use super::topic::ReplayWindow;
use super::topic_attributes::Kind;
use crate::aws::calendar;
use crate::pattern::{JsonRefused, check_json};

const ATTRIBUTE: &str = "ReplayPolicy";

/// Why a policy is refused. AWS's text is known only for invalid JSON; the others follow its form.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReplayRefused {
    #[error(transparent)]
    Json(#[from] JsonRefused),
    #[error("{ATTRIBUTE}: invalid JSON. Attribute {0} is unknown.")]
    Member(String),
    #[error("{ATTRIBUTE}: {0} is invalid")]
    Value(&'static str),
    #[error("{ATTRIBUTE}: is supported for FIFO topics only")]
    NotFifo,
}

impl ReplayPolicy {
    /// Reads the attribute's value. An empty one ends replays, which the caller handles.
    pub(crate) fn parse(topic: Kind, text: &str) -> Result<Self, ReplayRefused> {
        check_json(ATTRIBUTE, text)?;
        if topic == Kind::Standard {
            return Err(ReplayRefused::NotFifo);
        }
        let members: Map<String, Value> =
            serde_json::from_str(text).map_err(|_| ReplayRefused::Value(ATTRIBUTE))?;
        let known = ["PointType", "StartingPoint", "EndingPoint"];
        if let Some(name) = members.keys().find(|name| !known.contains(&name.as_str())) {
            return Err(ReplayRefused::Member(name.clone()));
        }
        if members.get("PointType").and_then(Value::as_str) != Some("Timestamp") {
            return Err(ReplayRefused::Value("PointType"));
        }
        let point = |name: &'static str| match members.get(name) {
            None => Ok(None),
            Some(value) => match value.as_str().and_then(calendar::parse) {
                None => Err(ReplayRefused::Value(name)),
                time => Ok(time),
            },
        };
        let starting_point =
            point("StartingPoint")?.ok_or(ReplayRefused::Value("StartingPoint"))?;
        let ending_point = point("EndingPoint")?;
        if ending_point.is_some_and(|end| end < starting_point) {
            return Err(ReplayRefused::Value("EndingPoint"));
        }
        Ok(Self {
            text: text.to_owned(),
            window: ReplayWindow {
                starting_point,
                ending_point,
            },
        })
    }
}

impl PartialEq for ReplayPolicy {
    /// By the times, which may be written differently.
    fn eq(&self, other: &Self) -> bool {
        self.window == other.window
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    fn refusal(topic: Kind, text: &str) -> String {
        ReplayPolicy::parse(topic, text)
            .expect_err(text)
            .to_string()
    }

    #[test]
    fn replays_begin_at_a_moment_and_may_end_at_one() {
        let text = r#"{"PointType":"Timestamp","StartingPoint":"2023-10-10T00:00:00.000Z","EndingPoint":"2023-10-11T00:00:00Z"}"#;
        let policy = ReplayPolicy::parse(Kind::Fifo, text).expect("a policy");
        let window = policy.window;
        assert_eq!(window.starting_point, Timestamp::from_secs(1_696_896_000));
        assert_eq!(
            window.ending_point,
            Some(Timestamp::from_secs(1_696_982_400))
        );
    }

    #[test]
    fn other_documents_are_refused() {
        let start = r#""StartingPoint":"2023-10-10T00:00:00Z""#;
        for (text, expected) in [
            ("[]".to_owned(), "ReplayPolicy: ReplayPolicy is invalid"),
            (format!("{{{start}}}"), "ReplayPolicy: PointType is invalid"),
            (
                r#"{"PointType":"Timestamp"}"#.to_owned(),
                "ReplayPolicy: StartingPoint is invalid",
            ),
            (
                format!(
                    r#"{{"PointType":"Timestamp",{start},"EndingPoint":"2022-10-10T00:00:00Z"}}"#
                ),
                "ReplayPolicy: EndingPoint is invalid",
            ),
            (
                format!(r#"{{"PointType":"Timestamp",{start},"Until":1}}"#),
                "ReplayPolicy: invalid JSON. Attribute Until is unknown.",
            ),
        ] {
            assert_eq!(refusal(Kind::Fifo, &text), expected);
        }
        assert!(refusal(Kind::Fifo, "{").contains("ReplayPolicy: failed to parse JSON."));
        assert_eq!(
            refusal(Kind::Standard, "[]"),
            "ReplayPolicy: is supported for FIFO topics only"
        );
    }
}

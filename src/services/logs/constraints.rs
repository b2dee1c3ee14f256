//! The constraints of CloudWatch Logs' model on members that several actions have.

use crate::aws::validation::{Pattern, Rule, Validation, Value};

static GROUP: Pattern = Pattern::by(r"[\.\-_/#A-Za-z0-9]+", |text| {
    !text.is_empty() && has_only(text, "._-/#")
});
static STREAM: Pattern = Pattern::by("[^:*]*", |text| !text.contains([':', '*']));
static IDENTIFIER: Pattern = Pattern::by(r"[\w#+=/:,.@-]*", |text| has_only(text, "_#+=/:,.@-"));
static RESOURCE: Pattern = Pattern::by(r"[\w+=/:,.@-]*", |text| has_only(text, "_+=/:,.@-"));

/// Names of log groups, and their beginnings.
pub(super) static GROUPS: [Rule; 3] = [
    Rule::Matches(&GROUP),
    Rule::LengthAtLeast(1),
    Rule::LengthAtMost(512),
];

/// Names of log streams, and their beginnings.
pub(super) static STREAMS: [Rule; 3] = [
    Rule::Matches(&STREAM),
    Rule::LengthAtLeast(1),
    Rule::LengthAtMost(512),
];

/// Names or ARNs of log groups.
pub(super) static IDENTIFIERS: [Rule; 3] = [
    Rule::Matches(&IDENTIFIER),
    Rule::LengthAtLeast(1),
    Rule::LengthAtMost(2048),
];

/// ARNs of what has tags.
pub(super) static RESOURCES: [Rule; 3] = [
    Rule::Matches(&RESOURCE),
    Rule::LengthAtLeast(1),
    Rule::LengthAtMost(1011),
];

/// Classes of log groups.
pub(super) static CLASSES: [Rule; 1] = [Rule::OneOf(&[
    "STANDARD",
    "INFREQUENT_ACCESS",
    "DELIVERY",
    "ESSENTIALS",
])];

/// Moments.
pub(super) static MOMENTS: [Rule; 1] = [Rule::AtLeast(0)];

/// `nextToken`.
pub(super) static TOKENS: [Rule; 1] = [Rule::LengthAtLeast(1)];

/// `limit` of groups and streams.
pub(super) static PAGES: [Rule; 2] = [Rule::AtLeast(1), Rule::AtMost(50)];

/// `limit` of events.
pub(super) static EVENT_PAGES: [Rule; 2] = [Rule::AtLeast(1), Rule::AtMost(10_000)];

/// Checks a moment, and returns it in milliseconds since the Unix epoch.
pub(super) fn moment(validation: &mut Validation, path: &str, value: Option<i64>) -> Option<u64> {
    validation.check(path, value.map(Value::Number), &MOMENTS);
    value.and_then(|value| u64::try_from(value).ok())
}

/// Whether a text has no characters but letters, digits and these.
fn has_only(text: &str, others: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || others.contains(c);
    text.chars().all(is_allowed)
}

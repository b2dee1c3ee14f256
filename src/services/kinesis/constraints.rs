//! The constraints of Kinesis's model on members that several actions have, in the words of its server, whose patterns
//! have no anchors.

use std::fmt;

use super::Named;
use super::limits;
use crate::aws::validation::{Dialect, Pattern, Rule, Validation, Value};

static NAME: Pattern = Pattern::new("[a-zA-Z0-9_.-]+");
static ARN: Pattern = Pattern::new(r"arn:aws.*:kinesis:.*:\d{12}:stream/\S+");
static CONSUMER: Pattern = Pattern::new(
    r"^(arn):aws.*:kinesis:.*:\d{12}:.*stream\/[a-zA-Z0-9_.-]+\/consumer\/[a-zA-Z0-9_.-]+:[0-9]+",
);
static RESOURCE: Pattern =
    Pattern::new(r"arn:aws.*:kinesis:.*:\d{12}:.*(stream|channel|queue)/\S+");
static SEQUENCE: Pattern = Pattern::new(r"0|([1-9]\d{0,128})");
static HASH_KEY: Pattern = Pattern::new(r"0|([1-9]\d{0,38})");

/// Names of streams and consumers, and ids of shards.
pub(super) static NAMES: [Rule; 3] = [
    Rule::Matches(&NAME),
    Rule::LengthAtLeast(1),
    Rule::LengthAtMost(128),
];

/// ARNs of streams.
pub(super) static ARNS: [Rule; 3] = [
    Rule::Matches(&ARN),
    Rule::LengthAtLeast(1),
    Rule::LengthAtMost(2048),
];

/// ARNs of consumers.
pub(super) static CONSUMERS: [Rule; 3] = [
    Rule::Matches(&CONSUMER),
    Rule::LengthAtLeast(1),
    Rule::LengthAtMost(2048),
];

/// ARNs of what has tags and policies.
pub(super) static RESOURCES: [Rule; 3] = [
    Rule::Matches(&RESOURCE),
    Rule::LengthAtLeast(1),
    Rule::LengthAtMost(2048),
];

/// Sequence numbers.
pub(super) static SEQUENCES: [Rule; 1] = [Rule::Matches(&SEQUENCE)];

/// Hash keys.
pub(super) static HASH_KEYS: [Rule; 1] = [Rule::Matches(&HASH_KEY)];

/// Partition keys.
pub(super) static PARTITION_KEYS: [Rule; 2] = [Rule::LengthAtLeast(1), Rule::LengthAtMost(256)];

/// Numbers of which there must be one at least.
pub(super) static POSITIVE: [Rule; 1] = [Rule::AtLeast(1)];

/// Numbers that may be zero.
pub(super) static NATURAL: [Rule; 1] = [Rule::AtLeast(0)];

/// `Limit` and `MaxResults`.
pub(super) static PAGES: [Rule; 2] = [Rule::AtLeast(1), Rule::AtMost(10_000)];

/// `NextToken`.
pub(super) static TOKENS: [Rule; 2] = [Rule::LengthAtLeast(1), Rule::LengthAtMost(1_048_576)];

/// `MaxRecordSizeInKiB`.
pub(super) static RECORD_SIZES: [Rule; 2] = [Rule::AtLeast(1024), Rule::AtMost(10_240)];

/// `KeyId`.
pub(super) static KEYS: [Rule; 2] = [Rule::LengthAtLeast(1), Rule::LengthAtMost(2048)];

/// A validation in Kinesis's wording: it names ten mistakes at most. (Recorded.)
pub(super) fn validation() -> Validation {
    Validation::new(Dialect {
        says_null: true,
        limit: 10,
    })
}

/// Checks the name and the ARN of a request's stream, which its server does last.
pub(super) fn check_named(validation: &mut Validation, named: Named<'_>) {
    validation.check("streamName", named.name, &NAMES);
    validation.check("streamARN", named.arn, &ARNS);
}

/// Checks a record's data.
pub(super) fn check_data(
    validation: &mut Validation,
    path: impl fmt::Display,
    data: Option<&[u8]>,
) {
    let Some(data) = data else {
        return validation.refuse_null(path);
    };
    let length = data.len();
    let shown = &format_args!("java.nio.HeapByteBuffer[pos=0 lim={length} cap={length}]");
    let data = Value::List { length, shown };
    validation.check(path, Some(data), &[Rule::LengthAtMost(limits::DATA)]);
}

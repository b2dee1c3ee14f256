//! The constraints of EventBridge's model on members that several actions have.

use crate::aws::AccountId;
use crate::aws::validation::{Pattern, Rule};

static NAME: Pattern = Pattern::by(r"[\.\-_A-Za-z0-9]+", is_name);
static BUS_NAME: Pattern = Pattern::by(r"[/\.\-_A-Za-z0-9]+", is_bus_name);
static BUS: Pattern = Pattern::by(
    r"(arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:[0-9]{12}:event-bus\/)?[/\.\-_A-Za-z0-9]+",
    |text| is_bus(text, is_bus_name),
);
static OWN_BUS: Pattern = Pattern::by(
    r"(arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:[0-9]{12}:event-bus\/)?[\.\-_A-Za-z0-9]+",
    |text| is_bus(text, is_name),
);
static PARTNER: Pattern = Pattern::new(r"aws\.partner(/[\.\-_A-Za-z0-9]+){2,}");
static PARTNER_PREFIX: Pattern = Pattern::new(r"aws\.partner/[\.\-_A-Za-z0-9]+/[/\.\-_A-Za-z0-9]*");
static ACCOUNT: Pattern = Pattern::new(r"\d{12}");
static SOURCE: Pattern =
    Pattern::new(r"^arn:aws([a-z]|\-)*:events:([a-z]|\d|\-)*:([0-9]{12})?:.+\/.+$");
static KEY: Pattern = Pattern::by(r"^[a-zA-Z0-9_\-/:]*$", |text| has_only(text, b"_-/:"));

static ENDPOINT: Pattern =
    Pattern::new(r"^((%[0-9A-Fa-f]{2}|[-()_.!~*';/?:@\x26=+$,A-Za-z0-9])+)([).!';/?:,])?$");
static HEADER_KEY: Pattern = Pattern::new(r"^[!#$%&'*+-.^_`|~0-9a-zA-Z]+$");
static HEADER_VALUE: Pattern = Pattern::by(
    r"^[ \t]*[\x20-\x7E]+([ \t]+[\x20-\x7E]+)*[ \t]*$",
    is_header_value,
);
static QUERY_KEY: Pattern = Pattern::new(r"[^\x00-\x1F\x7F]+");
static QUERY_VALUE: Pattern = Pattern::new(r"[^\x00-\x09\x0B\x0C\x0E-\x1F\x7F]+");
static PATH_VALUE: Pattern = Pattern::by(r"^(?!\s*$).+", |text| {
    !(text.trim().is_empty() || text.contains(['\n', '\r']))
});

/// Names of rules, targets and replays.
pub(super) static NAMES: [Rule; 3] = [
    Rule::Matches(&NAME),
    Rule::LengthAtLeast(1),
    Rule::LengthAtMost(64),
];

/// Names of archives.
pub(super) static ARCHIVE_NAMES: [Rule; 3] = [
    Rule::Matches(&NAME),
    Rule::LengthAtLeast(1),
    Rule::LengthAtMost(48),
];

/// Names of partner event sources.
pub(super) static SOURCE_NAMES: [Rule; 3] = [
    Rule::Matches(&PARTNER),
    Rule::LengthAtLeast(1),
    Rule::LengthAtMost(256),
];

/// What the names of a partner's event sources begin with.
pub(super) static PARTNER_PREFIXES: [Rule; 3] = [
    Rule::Matches(&PARTNER_PREFIX),
    Rule::LengthAtLeast(1),
    Rule::LengthAtMost(256),
];

/// The account that a partner offers a source to.
pub(super) static PARTNER_ACCOUNTS: [Rule; 3] = [
    Rule::Matches(&ACCOUNT),
    Rule::LengthAtLeast(12),
    Rule::LengthAtMost(12),
];

/// The ARN of a bus or of an archive.
pub(super) static SOURCES: [Rule; 3] = [
    Rule::Matches(&SOURCE),
    Rule::LengthAtLeast(1),
    Rule::LengthAtMost(1600),
];

/// For how many days events are kept.
pub(super) static RETENTIONS: [Rule; 1] = [Rule::AtLeast(0)];

/// The name of a bus, not its ARN.
pub(super) static BUS_NAMES: [Rule; 3] = [
    Rule::Matches(&BUS_NAME),
    Rule::LengthAtLeast(1),
    Rule::LengthAtMost(256),
];

/// The name of a bus that is no partner's.
pub(super) static OWN_BUS_NAMES: [Rule; 3] = [
    Rule::Matches(&NAME),
    Rule::LengthAtLeast(1),
    Rule::LengthAtMost(256),
];

/// A bus by its name or its ARN.
pub(super) static BUSES: [Rule; 3] = [
    Rule::Matches(&BUS),
    Rule::LengthAtLeast(1),
    Rule::LengthAtMost(1600),
];

/// A bus that is no partner's, by its name or its ARN.
pub(super) static OWN_BUSES: [Rule; 3] = [
    Rule::Matches(&OWN_BUS),
    Rule::LengthAtLeast(1),
    Rule::LengthAtMost(1600),
];

/// ARNs of roles, targets and what has tags.
pub(super) static ARNS: [Rule; 2] = [Rule::LengthAtLeast(1), Rule::LengthAtMost(1600)];

/// Descriptions of buses and rules.
pub(super) static DESCRIPTIONS: [Rule; 1] = [Rule::LengthAtMost(512)];

/// Event patterns.
pub(super) static PATTERNS: [Rule; 1] = [Rule::LengthAtMost(4096)];

/// Identifiers of KMS keys.
pub(super) static KEYS: [Rule; 2] = [Rule::Matches(&KEY), Rule::LengthAtMost(2048)];

/// `NextToken`.
pub(super) static TOKENS: [Rule; 2] = [Rule::LengthAtLeast(1), Rule::LengthAtMost(2048)];

/// `Limit`.
pub(super) static PAGES: [Rule; 2] = [Rule::AtLeast(1), Rule::AtMost(100)];

/// URLs of authorization and invocation endpoints.
pub(super) static ENDPOINTS: [Rule; 3] = [
    Rule::Matches(&ENDPOINT),
    Rule::LengthAtLeast(1),
    Rule::LengthAtMost(2048),
];

/// Names of headers.
pub(super) static HEADER_KEYS: [Rule; 2] = [Rule::Matches(&HEADER_KEY), Rule::LengthAtMost(512)];

/// Values of headers.
pub(super) static HEADER_VALUES: [Rule; 2] =
    [Rule::Matches(&HEADER_VALUE), Rule::LengthAtMost(512)];

/// Names of query parameters.
pub(super) static QUERY_KEYS: [Rule; 2] = [Rule::Matches(&QUERY_KEY), Rule::LengthAtMost(512)];

/// Values of query parameters.
pub(super) static QUERY_VALUES: [Rule; 2] = [Rule::Matches(&QUERY_VALUE), Rule::LengthAtMost(512)];

/// Values in a URL's path.
pub(super) static PATH_VALUES: [Rule; 1] = [Rule::Matches(&PATH_VALUE)];

fn is_name(text: &str) -> bool {
    !text.is_empty() && has_only(text, b".-_")
}

fn is_bus_name(text: &str) -> bool {
    !text.is_empty() && has_only(text, b"/.-_")
}

/// Whether a text has no characters but letters, digits and these.
pub(super) fn has_only(text: &str, others: &[u8]) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || others.contains(&byte);
    text.bytes().all(is_allowed)
}

/// Something other than tabs, of printable ASCII and tabs.
fn is_header_value(text: &str) -> bool {
    let is_allowed = |byte: u8| byte == b'\t' || (b' '..=b'~').contains(&byte);
    text.bytes().all(is_allowed) && text.bytes().any(|byte| byte != b'\t')
}

fn is_bus(text: &str, is_name: fn(&str) -> bool) -> bool {
    // A name has no colon, which is found faster than a longer text.
    if !text.contains(':') {
        return is_name(text);
    }
    match text.rsplit_once(":event-bus/") {
        Some((owner, name)) => is_owner(owner) && is_name(name),
        None => is_name(text),
    }
}

/// `arn:aws:events:eu-west-1:111122223333`.
fn is_owner(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    let is_lower = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
    let is_region = |region: &str| {
        let parts: Vec<_> = region.splitn(3, '-').collect();
        let [first, second, third] = parts[..] else {
            return false;
        };
        is_lower(first) && is_lower(second) && !third.is_empty() && third.bytes().all(is_word)
    };
    let parts: Vec<_> = text.split(':').collect();
    let ["arn", partition, "events", region, account] = parts[..] else {
        return false;
    };
    let partition = partition.strip_prefix("aws");
    partition.is_some_and(|rest| rest.bytes().all(is_word))
        && is_region(region)
        && AccountId::parse(account).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loop_decides_as_the_pattern_does() {
        let regex = regex_lite::Regex::new(r"^[ \t]*[\x20-\x7E]+([ \t]+[\x20-\x7E]+)*[ \t]*$");
        let regex = regex.expect("a pattern");
        let pieces = ["", " ", "\t", "a", "\n", "\u{7f}", "é", "~"];
        for first in pieces {
            for second in pieces {
                for third in pieces {
                    let text = [first, second, third].concat();
                    assert_eq!(is_header_value(&text), regex.is_match(&text), "{text:?}");
                }
            }
        }
    }

    #[test]
    fn buses_have_names_or_arns() {
        for bus in [
            "default",
            "a.b-c_D9",
            "aws.partner/shop/orders",
            "arn:aws:events:eu-west-1:111122223333:event-bus/shop",
            "arn:aws-us-gov:events:us-gov-west-1:111122223333:event-bus/a/b",
        ] {
            assert!(BUS.matches(bus), "{bus}");
            assert_eq!(
                OWN_BUS.matches(bus),
                !bus.contains("a/b") && !bus.contains("partner")
            );
        }
        for other in [
            "",
            "a b",
            "a:b",
            "arn:aws:events:eu-west-1:111122223333:event-bus/",
            "arn:aws:events:eu-west-1:1111:event-bus/shop",
            "arn:aws:events:eu:111122223333:event-bus/shop",
            "arn:aws:sqs:eu-west-1:111122223333:event-bus/shop",
            "arn:aws:events:eu-west-1:111122223333:rule/shop",
        ] {
            assert!(!BUS.matches(other), "{other}");
        }
    }
}

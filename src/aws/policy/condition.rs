//! One line of a statement's `Condition`: an operator, a key and the values it is compared with.
//!
//! IAM user guide, "Condition operators" and "Single-valued vs. multivalued context keys".

use std::fmt;
use std::net::IpAddr;

use crate::aws::calendar;

use super::pattern;
use super::request::Request;

/// A condition that a request meets or does not. Displays its operator and values.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The operator as the policy writes it.
    operator: String,
    quantifier: Option<Quantifier>,
    comparison: Comparison,
    /// Met when no value compares, and so when there is no value.
    is_negated: bool,
    /// Met when there is no value: `…IfExists`.
    may_be_absent: bool,
    pub(super) key: String,
    values: Vec<String>,
}

/// How many of the request's values must meet the condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quantifier {
    Any,
    All,
}

/// What is compared.
#[derive(Clone, Copy, Debug)]
enum Comparison {
    Text,
    TextIgnoringCase,
    TextPattern,
    Arn,
    Boolean,
    Number(Order),
    Date(Order),
    Address,
    /// Whether the key is absent.
    Null,
}

#[derive(Clone, Copy, Debug)]
enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Condition {
    /// The condition; `None` if AWS has no such operator.
    pub(super) fn new(operator: &str, key: &str, values: Vec<String>) -> Option<Self> {
        let (quantifier, name) = match operator.split_once(':') {
            Some(("ForAnyValue", name)) => (Some(Quantifier::Any), name),
            Some(("ForAllValues", name)) => (Some(Quantifier::All), name),
            Some(_) => return None,
            None => (None, operator),
        };
        let (name, may_be_absent) = match name.strip_suffix("IfExists") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let (comparison, is_negated) = comparison(name)?;
        Some(Self {
            operator: operator.to_owned(),
            quantifier,
            comparison,
            is_negated,
            may_be_absent,
            key: key.to_owned(),
            values,
        })
    }

    pub(super) fn is_met(&self, request: &Request<'_>) -> bool {
        let found = request.values(&self.key);
        if matches!(self.comparison, Comparison::Null) {
            let is_absent = if found.is_empty() { "true" } else { "false" };
            return self
                .values
                .iter()
                .any(|value| value.eq_ignore_ascii_case(is_absent));
        }
        match self.quantifier {
            // AWS: true too if there are no keys in the request.
            Some(Quantifier::All) => found.iter().all(|found| self.is_met_by(found)),
            // AWS: false if there is no matching key in the request.
            Some(Quantifier::Any) => found.iter().any(|found| self.is_met_by(found)),
            // AWS: the condition is false if the key is not present, a negated one true.
            None if found.is_empty() => self.is_negated || self.may_be_absent,
            // AWS does not say what several values without a quantifier mean. No key of SQS or SNS has several.
            None => found.iter().any(|found| self.is_met_by(found)),
        }
    }

    /// Values in a policy are alternatives: one match is enough, and with a negated operator there must be none.
    fn is_met_by(&self, found: &str) -> bool {
        let mut wanted = self.values.iter();
        wanted.any(|wanted| self.comparison.holds(found, wanted)) != self.is_negated
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.operator, self.values.join(" or "))
    }
}

/// The comparison that an operator makes, and whether it is negated.
fn comparison(operator: &str) -> Option<(Comparison, bool)> {
    use Comparison::{
        Address, Arn, Boolean, Date, Null, Number, Text, TextIgnoringCase, TextPattern,
    };
    Some(match operator {
        // A binary value is compared in its Base64.
        "StringEquals" | "BinaryEquals" => (Text, false),
        "StringNotEquals" => (Text, true),
        "StringEqualsIgnoreCase" => (TextIgnoringCase, false),
        "StringNotEqualsIgnoreCase" => (TextIgnoringCase, true),
        "StringLike" => (TextPattern, false),
        "StringNotLike" => (TextPattern, true),
        // AWS: ArnEquals and ArnLike behave identically.
        "ArnEquals" | "ArnLike" => (Arn, false),
        "ArnNotEquals" | "ArnNotLike" => (Arn, true),
        "Bool" => (Boolean, false),
        "IpAddress" => (Address, false),
        "NotIpAddress" => (Address, true),
        "Null" => (Null, false),
        _ => {
            if let Some(order) = operator.strip_prefix("Numeric") {
                let (order, is_negated) = order_named(order)?;
                (Number(order), is_negated)
            } else {
                let (order, is_negated) = order_named(operator.strip_prefix("Date")?)?;
                (Date(order), is_negated)
            }
        }
    })
}

fn order_named(name: &str) -> Option<(Order, bool)> {
    Some(match name {
        "Equals" => (Order::Equal, false),
        "NotEquals" => (Order::Equal, true),
        "LessThan" => (Order::Less, false),
        "LessThanEquals" => (Order::LessOrEqual, false),
        "GreaterThan" => (Order::Greater, false),
        "GreaterThanEquals" => (Order::GreaterOrEqual, false),
        _ => return None,
    })
}

impl Comparison {
    /// Values that are not of the operator's type compare with nothing.
    fn holds(self, found: &str, wanted: &str) -> bool {
        match self {
            Self::Text => found == wanted,
            Self::TextIgnoringCase => found.to_lowercase() == wanted.to_lowercase(),
            Self::TextPattern => pattern::matches(wanted, found),
            Self::Arn => pattern::matches_arn(wanted, found),
            Self::Boolean => found.eq_ignore_ascii_case(wanted),
            Self::Number(order) => order.holds(found.parse::<f64>().ok(), wanted.parse().ok()),
            Self::Date(order) => order.holds(epoch_millis(found), epoch_millis(wanted)),
            Self::Address => is_within(found, wanted).unwrap_or(false),
            Self::Null => false,
        }
    }
}

impl Order {
    fn holds<T: PartialOrd>(self, found: Option<T>, wanted: Option<T>) -> bool {
        let (Some(found), Some(wanted)) = (found, wanted) else {
            return false;
        };
        match self {
            Self::Equal => found == wanted,
            Self::Less => found < wanted,
            Self::LessOrEqual => found <= wanted,
            Self::Greater => found > wanted,
            Self::GreaterOrEqual => found >= wanted,
        }
    }
}

/// A moment as AWS takes it: a date, a date and time, or seconds since the epoch.
fn epoch_millis(text: &str) -> Option<u64> {
    if let Ok(seconds) = text.parse::<u64>() {
        return seconds.checked_mul(1000);
    }
    let moment = if text.contains('T') {
        calendar::parse(text)
    } else {
        calendar::parse(&format!("{text}T00:00:00Z"))
    };
    Some(moment?.as_millis())
}

/// Whether an address lies in a range such as `203.0.113.0/24`; a single address is a range of one.
fn is_within(address: &str, range: &str) -> Option<bool> {
    let (network, length) = match range.split_once('/') {
        Some((network, length)) => (network, Some(length.parse::<u32>().ok()?)),
        None => (range, None),
    };
    let (address, network) = (address.parse().ok()?, network.parse().ok()?);
    match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            let shift = 32_u32.checked_sub(length.unwrap_or(32))?;
            let differing = address.to_bits() ^ network.to_bits();
            Some(differing.checked_shr(shift).unwrap_or(0) == 0)
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => {
            let shift = 128_u32.checked_sub(length.unwrap_or(128))?;
            let differing = address.to_bits() ^ network.to_bits();
            Some(differing.checked_shr(shift).unwrap_or(0) == 0)
        }
        _ => Some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Principal;
    use super::*;

    /// Whether `operator` is met by the values `found` of a key, where the policy wants one of `wanted`.
    fn met(operator: &str, wanted: &[&str], found: &[&str]) -> bool {
        let wanted = wanted.iter().map(|&value| value.to_owned()).collect();
        let condition = Condition::new(operator, "aws:Key", wanted).expect(operator);
        let context: Vec<_> = found.iter().map(|&value| ("AWS:KEY", value)).collect();
        condition.is_met(&Request {
            principal: Principal::Service("sns.amazonaws.com"),
            action: "sqs:SendMessage",
            resource: "arn:aws:sqs:us-east-1:123456789012:q",
            context: &context,
        })
    }

    /// Checks an operator and its negation, each with a value that compares and one that does not.
    fn check(operator: &str, negated: &str, wanted: &str, same: &str, other: &str) {
        assert!(met(operator, &[wanted], &[same]), "{operator} {same}");
        assert!(!met(operator, &[wanted], &[other]), "{operator} {other}");
        assert!(!met(operator, &[wanted], &[]), "{operator} without a value");
        assert!(met(&format!("{operator}IfExists"), &[wanted], &[]));
        assert!(!met(&format!("{operator}IfExists"), &[wanted], &[other]));
        assert!(!met(negated, &[wanted], &[same]), "{negated} {same}");
        assert!(met(negated, &[wanted], &[other]), "{negated} {other}");
        assert!(met(negated, &[wanted], &[]), "{negated} without a value");
    }

    #[test]
    fn texts_are_compared() {
        check("StringEquals", "StringNotEquals", "a*", "a*", "A*");
        let (equals, not) = ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase");
        check(equals, not, "Émile", "émilE", "emile");
        check("StringLike", "StringNotLike", "a*?", "abc", "a");
        assert!(met("BinaryEquals", &["QmluYXJ5"], &["QmluYXJ5"]));
    }

    #[test]
    fn arns_are_compared_alike_by_both_operators() {
        let (pattern, same) = ("arn:aws:sns:*:1:t*", "arn:aws:sns:us-east-1:1:topic");
        check(
            "ArnEquals",
            "ArnNotEquals",
            pattern,
            same,
            "arn:aws:sns:us-east-1:2:topic",
        );
        check("ArnLike", "ArnNotLike", pattern, same, "topic");
    }

    #[test]
    fn addresses_are_compared_with_ranges() {
        let (is, not) = ("IpAddress", "NotIpAddress");
        check(is, not, "203.0.113.0/24", "203.0.113.77", "203.0.114.77");
        check(is, not, "203.0.113.7", "203.0.113.7", "203.0.113.8");
        check(is, not, "0.0.0.0/0", "1.2.3.4", "::1");
        check(is, not, "2001:db8::/32", "2001:db8:1::1", "2001:db9::1");
        assert!(!met(is, &["203.0.113.0/33"], &["203.0.113.0"]));
    }

    #[test]
    fn numbers_are_compared_as_numbers() {
        check("NumericEquals", "NumericNotEquals", "10", "10.0", "9");
        for (operator, met_by) in [
            ("NumericLessThan", [true, false, false]),
            ("NumericLessThanEquals", [true, true, false]),
            ("NumericGreaterThan", [false, false, true]),
            ("NumericGreaterThanEquals", [false, true, true]),
        ] {
            let found = ["9", "10", "11"].map(|found| met(operator, &["10"], &[found]));
            assert_eq!(found, met_by, "{operator}");
            assert!(!met(operator, &["10"], &["many"]), "{operator}");
        }
    }

    #[test]
    fn dates_are_compared_as_moments() {
        let (equals, not) = ("DateEquals", "DateNotEquals");
        check(
            equals,
            not,
            "2026-01-02",
            "2026-01-02T00:00:00Z",
            "2026-01-02T00:00:01Z",
        );
        check(
            equals,
            not,
            "1767312000",
            "2026-01-02T01:00:00+01:00",
            "2026-01-01",
        );
        let met_by = ["2026-01-01", "2026-01-02", "2026-01-03"];
        let less = met_by.map(|found| met("DateLessThan", &["2026-01-02"], &[found]));
        assert_eq!(less, [true, false, false]);
        let not_less = met_by.map(|found| met("DateGreaterThanEquals", &["2026-01-02"], &[found]));
        assert_eq!(not_less, [false, true, true]);
    }

    #[test]
    fn booleans_are_compared_whatever_their_case() {
        assert!(met("Bool", &["true"], &["True"]));
        assert!(!met("Bool", &["true"], &["false"]));
        assert!(!met("Bool", &["false"], &[]));
        assert!(met("BoolIfExists", &["false"], &[]));
    }

    #[test]
    fn null_asks_whether_the_key_is_absent() {
        assert!(met("Null", &["true"], &[]));
        assert!(!met("Null", &["true"], &["x"]));
        assert!(met("Null", &["false"], &["x"]));
        assert!(!met("Null", &["false"], &[]));
    }

    #[test]
    fn one_of_several_wanted_values_is_enough_and_none_may_be_of_a_negated_operator() {
        assert!(met("StringEquals", &["a", "b"], &["b"]));
        assert!(!met("StringNotEquals", &["a", "b"], &["b"]));
        assert!(met("StringNotEquals", &["a", "b"], &["c"]));
    }

    #[test]
    fn quantifiers_say_how_many_of_the_requests_values_must_be_met() {
        let any = |found: &[&str]| met("ForAnyValue:StringEquals", &["a", "b"], found);
        assert!(any(&["x", "a"]));
        assert!(!any(&["x"]));
        assert!(!any(&[]));
        let all = |found: &[&str]| met("ForAllValues:StringLike", &["a*", "b"], found);
        assert!(all(&["a1", "b"]));
        assert!(!all(&["a1", "x"]));
        assert!(all(&[]));
        let any_not = |found: &[&str]| met("ForAnyValue:StringNotEquals", &["a"], found);
        assert!(any_not(&["a", "x"]));
        assert!(!any_not(&["a"]));
        assert!(!any_not(&[]));
    }

    #[test]
    fn other_operators_are_refused() {
        for wrong in [
            "",
            "StringIs",
            "NumericAround",
            "DateLike",
            "ForSomeValues:Bool",
            "Equals",
        ] {
            assert!(Condition::new(wrong, "k", Vec::new()).is_none(), "{wrong}");
        }
    }
}

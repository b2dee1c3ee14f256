//! Numbers as they are written: no digit is lost, and no spelling differs from another of the same value.

use std::cmp::Ordering;
use std::fmt;

/// A decimal number of any size: `±0.digits × 10^exponent`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::pattern) struct Decimal {
    is_negative: bool,
    /// Neither the first nor the last is 0; zero has none.
    digits: Box<str>,
    /// 0 for zero. Exponents beyond 64 bits are the nearest that fit.
    exponent: i64,
}

impl Decimal {
    /// Reads what JSON calls a number; a plus sign and missing digits on one side of the point are fine too, as they are
    /// in message attributes.
    pub(in crate::pattern) fn parse(text: &str) -> Option<Self> {
        let (is_negative, unsigned) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
            Some(at) => (&unsigned[..at], parse_exponent(&unsigned[at + 1..])?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_digits(whole) || !is_digits(fraction) || whole.len() + fraction.len() == 0 {
            return None;
        }
        let digits = [whole, fraction].concat();
        let significant = digits.trim_start_matches('0');
        let zeroes = length(&digits) - length(significant);
        let point = length(whole) - zeroes;
        let significant = significant.trim_end_matches('0');
        if significant.is_empty() {
            return Some(Self {
                is_negative: false,
                digits: "".into(),
                exponent: 0,
            });
        }
        Some(Self {
            is_negative,
            digits: significant.into(),
            exponent: exponent.saturating_add(point),
        })
    }

    /// The number as filter policies compare it. AWS documents five places; measured, and computed by its own matcher of
    /// that time, a double `f` is the integer part of `10^6 * (5*10^9 + f)`, in doubles: about six places. (SNS developer
    /// guide, "Filter policy constraints"; aws/event-ruler before its exact numbers.) A number too large for that formula is
    /// far from every number that a policy may have, and stays as it is.
    pub(in crate::pattern) fn at_filter_precision(self) -> Self {
        const PLACES: i64 = 6;
        const OFFSET: f64 = 5e9;
        const FACTOR: f64 = 1e6;
        // Up to this many digits before the point, doubles keep six places through the formula.
        let is_small = self.exponent <= 8 && length(&self.digits) - self.exponent <= PLACES;
        let is_whole = length(&self.digits) <= self.exponent;
        if is_small || is_whole {
            return self;
        }
        let Ok(double) = format!("{self}").parse::<f64>() else {
            return self;
        };
        if double.abs() > OFFSET {
            return self;
        }
        let compared = (FACTOR * (OFFSET + double)).trunc();
        let millionths = compared - FACTOR * OFFSET;
        let rounded = format!("{millionths}e-{PLACES}");
        Self::parse(&rounded).unwrap_or(self)
    }

    /// Whether it is at most so far from 0.
    pub(in crate::pattern) fn is_within(&self, distance: u32) -> bool {
        let limit = Self::parse(&distance.to_string());
        limit.is_some_and(|limit| self.cmp_magnitude(&limit) != Ordering::Greater)
    }

    /// Whether a double holds it: the shortest decimal that means the same double is this one.
    pub(in crate::pattern) fn is_double(&self) -> bool {
        // Every decimal of so many digits is told from its neighbours by doubles, unless these are near their ends; none
        // of more digits than the other is the shortest.
        const ALWAYS: usize = 15;
        const EVER: usize = 17;
        const EXPONENT: u64 = 300;
        if self.digits.len() <= ALWAYS && self.exponent.unsigned_abs() <= EXPONENT {
            return true;
        }
        if self.digits.len() > EVER {
            return false;
        }
        let double = self.to_string().parse::<f64>();
        let shortest = double
            .ok()
            .and_then(|double| Self::parse(&format!("{double:e}")));
        shortest.as_ref() == Some(self)
    }

    /// The double nearest to it, which may be infinite. The order of numbers is that of these, except among equal ones.
    pub(in crate::pattern) fn nearest_double(&self) -> f64 {
        // What is shown is a number in the form of doubles: nothing is lost.
        self.to_string().parse().unwrap_or(f64::INFINITY)
    }

    fn cmp_magnitude(&self, other: &Self) -> Ordering {
        match (self.digits.is_empty(), other.digits.is_empty()) {
            (false, false) => {
                let by_exponent = self.exponent.cmp(&other.exponent);
                by_exponent.then_with(|| self.digits.cmp(&other.digits))
            }
            (is_zero, other_is_zero) => other_is_zero.cmp(&is_zero),
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.is_negative, other.is_negative) {
            (false, false) => self.cmp_magnitude(other),
            (true, true) => other.cmp_magnitude(self),
            (is_negative, other_is_negative) => other_is_negative.cmp(&is_negative),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Without an exponent where that is short.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST_ZEROES: i64 = 20;
        let sign = if self.is_negative { "-" } else { "" };
        let digits = &*self.digits;
        let count = length(digits);
        let zeroes = |count: i64| "0".repeat(usize::try_from(count).unwrap_or_default());
        match self.exponent {
            _ if digits.is_empty() => f.write_str("0"),
            point if point >= count && point - count <= MOST_ZEROES => {
                write!(f, "{sign}{digits}{}", zeroes(point - count))
            }
            point if (1..count).contains(&point) => {
                let point = usize::try_from(point).unwrap_or_default();
                let (whole, fraction) = digits.split_at(point);
                write!(f, "{sign}{whole}.{fraction}")
            }
            point if (-MOST_ZEROES..1).contains(&point) => {
                write!(f, "{sign}0.{}{digits}", zeroes(-point))
            }
            point => write!(f, "{sign}0.{digits}e{point}"),
        }
    }
}

fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let beyond = if text.starts_with('-') {
        i64::MIN
    } else {
        i64::MAX
    };
    Some(text.parse().unwrap_or(beyond))
}

fn length(text: &str) -> i64 {
    i64::try_from(text.len()).expect("no text is longer than memory")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn spellings_of_one_value_are_equal() {
        for text in [
            "100", "100.0", "1e2", "1E+2", "+100", "0100", "0.1e3", "1000e-1", "100.",
        ] {
            assert_eq!(decimal(text), decimal("100"), "{text}");
        }
        for text in ["0", "-0", "0.00", "0e9", "-0e-9", ".0"] {
            assert_eq!(decimal(text), decimal("0"), "{text}");
        }
    }

    #[test]
    fn order_is_that_of_the_values() {
        let ascending = [
            "-1e400",
            "-10",
            "-9.5",
            "-1",
            "-0.5",
            "-1e-400",
            "0",
            "1e-400",
            "0.05",
            "0.1",
            "0.5",
            "0.51",
            "1",
            "9",
            "9.99",
            "10",
            "101",
            "1e3",
            "9007199254740992",
            "9007199254740993",
            "1e400",
        ];
        for (index, low) in ascending.iter().enumerate() {
            for high in &ascending[index + 1..] {
                assert!(decimal(low) < decimal(high), "{low} < {high}");
                assert!(decimal(high) > decimal(low), "{high} > {low}");
            }
        }
    }

    #[test]
    fn huge_exponents_neither_overflow_nor_refuse() {
        assert!(decimal("1e99999999999999999999") > decimal("1e5"));
        assert!(decimal("1e-99999999999999999999") < decimal("1e-5"));
        assert!(decimal("-1e99999999999999999999") < decimal("0"));
    }

    #[test]
    fn what_is_shown_is_the_number_in_one_spelling() {
        for (text, shown) in [
            ("0.00", "0"),
            ("-1.50", "-1.5"),
            ("1e2", "100"),
            ("00123.4500", "123.45"),
            ("1e-3", "0.001"),
            ("1e20", "100000000000000000000"),
            ("1e400", "0.1e401"),
            ("-12e-400", "-0.12e-398"),
            ("9007199254740993", "9007199254740993"),
        ] {
            assert_eq!(decimal(text).to_string(), shown);
            assert_eq!(decimal(shown), decimal(text));
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in [
            "", "-", "+", ".", "e5", "1e", "1e+", "1x", " 1", "--1", "1e5.5", "1e+-5", "NaN", "٣",
        ] {
            assert_eq!(Decimal::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_double_holds_what_it_gives_back() {
        for text in [
            "0",
            "-0.0",
            "300",
            "0.1",
            "1e22",
            "123456789012345",
            "9007199254740992",
            "0.12345678901234568",
            "1e300",
            "1e308",
            "5e-324",
            "1.7976931348623157e308",
        ] {
            assert!(decimal(text).is_double(), "{text}");
        }
        for text in [
            "9007199254740993",
            "0.12345678901234567",
            "1e309",
            "-1e309",
            "1e-400",
            "1e99999999999999999999",
            "4e-324",
            "0.1000000000000000055511151231257827",
        ] {
            assert!(!decimal(text).is_double(), "{text}");
        }
    }

    /// The formula of [`Decimal::at_filter_precision`], without its short cuts.
    fn millionths(text: &str) -> f64 {
        let double: f64 = text.parse().unwrap();
        (1e6 * (5e9 + double)).trunc() - 5e15
    }

    #[test]
    fn filters_compare_numbers_to_about_six_places() {
        let at_precision = |text| decimal(text).at_filter_precision();
        for (one, other) in [
            ("100.123456789", "100.1234567"),
            ("434.99999999999994", "435"),
            ("1e-7", "0"),
            ("-1e-400", "0"),
            ("123456789.1234567", "123456789.12345671"),
        ] {
            assert_eq!(at_precision(one), at_precision(other), "{one} {other}");
        }
        for (one, other) in [
            ("100.123456789", "100.1234561"),
            ("100.12345", "100.12346"),
            ("0.000001", "0"),
            ("5000000001", "5000000002"),
            ("1e300", "1e301"),
        ] {
            assert_ne!(at_precision(one), at_precision(other), "{one} {other}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_precision_of_filters_is_that_of_the_formula(
            whole in -1_000_000_000_i64..=1_000_000_000,
            fraction in "[0-9]{0,12}",
            shift in 0..9_u32,
        ) {
            let text = format!("{}.{fraction}0", whole / 10_i64.pow(shift));
            let expected = format!("{}e-6", millionths(&text));
            proptest::prop_assert_eq!(decimal(&text).at_filter_precision(), decimal(&expected), "{}", text);
        }
    }
}

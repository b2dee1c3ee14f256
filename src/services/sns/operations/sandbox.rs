//! The shared part of the SMS sandbox's actions: the model's constraints on their members.

use std::ops::RangeInclusive;

use crate::aws::validation::{Pattern, Rule, Validation, Violations};
use crate::services::sns::limits;

static NUMBER_PATTERN: Pattern = Pattern::new(r"^(\+[0-9]{8,}|[0-9]{0,9})$");

static PASSWORD_PATTERN: Pattern = Pattern::by("^[0-9]+$", |text| {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
});

/// A phone number of the sandbox. AWS's text is the one that a client library's tests have seen.
pub(super) static NUMBER: [Rule; 3] = [
    Rule::NotNull,
    Rule::Matches(&NUMBER_PATTERN),
    Rule::LengthAtMost(limits::SANDBOX_NUMBER_LENGTH),
];

/// A one-time password, right or wrong.
pub(super) static PASSWORD: [Rule; 4] = [
    Rule::NotNull,
    Rule::Matches(&PASSWORD_PATTERN),
    Rule::LengthAtLeast(*limits::ONE_TIME_PASSWORD_LENGTH.start()),
    Rule::LengthAtMost(*limits::ONE_TIME_PASSWORD_LENGTH.end()),
];

/// The language of the message that brings a one-time password.
pub(super) static LANGUAGE: [Rule; 1] = [Rule::OneOf(&[
    "en-US", "en-GB", "es-419", "es-ES", "de-DE", "fr-CA", "fr-FR", "it-IT", "ja-JP", "pt-BR",
    "kr-KR", "zh-CN", "zh-TW",
])];

/// The size of a page, by default the largest.
pub(super) fn page_size(
    max_results: Option<i32>,
    sizes: RangeInclusive<i32>,
) -> Result<usize, Violations> {
    let (least, most) = sizes.into_inner();
    let rules = [Rule::AtLeast(least.into()), Rule::AtMost(most.into())];
    let mut validation = Validation::default();
    validation.check("maxResults", max_results, &rules);
    validation.finish()?;
    Ok(usize::try_from(max_results.unwrap_or(most)).expect("it is one at least"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_international_or_short() {
        let check = |number: &str| {
            let mut validation = Validation::default();
            validation.check("phoneNumber", Some(number), &NUMBER);
            validation.finish()
        };
        for right in ["+9411223344667788990", "+12345678", "123456789", ""] {
            assert_eq!(check(right), Ok(()), "{right}");
        }
        for wrong in ["+1234567", "1234567890", "+1234567a", "+1-5551234567", "+"] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }
}

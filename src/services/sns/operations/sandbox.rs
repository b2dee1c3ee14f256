//! What the actions of the SMS sandbox share: the constraints that its members have in the model.

use crate::services::sns::error::Error;
use crate::services::sns::limits;

/// The languages of the message that brings a one-time password.
const LANGUAGES: [&str; 13] = [
    "en-US", "en-GB", "es-419", "es-ES", "de-DE", "fr-CA", "fr-FR", "it-IT", "ja-JP", "pt-BR",
    "kr-KR", "zh-CN", "zh-TW",
];

/// Refuses what is no phone number of a sandbox. AWS's words are those that a client library's tests have seen.
pub(super) fn check_number(number: &str) -> Result<(), Error> {
    if number.chars().count() > limits::SANDBOX_NUMBER_LENGTH {
        return Err(broken(
            number,
            "phoneNumber",
            too_long(limits::SANDBOX_NUMBER_LENGTH),
        ));
    }
    let (digits, length) = match number.strip_prefix('+') {
        Some(digits) => (digits, 8..=usize::MAX),
        None => (number, 0..=9),
    };
    let is_number = length.contains(&digits.len()) && is_digits(digits);
    if !is_number {
        let constraint = pattern(r"^(\+[0-9]{8,}|[0-9]{0,9})$");
        return Err(broken(number, "phoneNumber", constraint));
    }
    Ok(())
}

/// Refuses what is no one-time password, right or wrong.
pub(super) fn check_password(password: &str) -> Result<(), Error> {
    let refused = |constraint| Err(broken(password, "oneTimePassword", constraint));
    let (least, most) = limits::ONE_TIME_PASSWORD_LENGTH.into_inner();
    match password.chars().count() {
        length if length < least => {
            refused(format!("have length greater than or equal to {least}"))
        }
        length if length > most => refused(too_long(most)),
        _ if !is_digits(password) => refused(pattern("^[0-9]+$")),
        _ => Ok(()),
    }
}

/// Refuses what is no language of the sandbox.
pub(super) fn check_language(language: &str) -> Result<(), Error> {
    if LANGUAGES.contains(&language) {
        return Ok(());
    }
    let constraint = format!("satisfy enum value set: [{}]", LANGUAGES.join(", "));
    Err(broken(language, "languageCode", constraint))
}

/// The size of a page, by default the largest.
pub(super) fn page_size(
    max_results: Option<i32>,
    sizes: std::ops::RangeInclusive<i32>,
) -> Result<usize, Error> {
    let (least, most) = sizes.into_inner();
    let size = max_results.unwrap_or(most);
    let constraint = if size < least {
        format!("have value greater than or equal to {least}")
    } else if size > most {
        format!("have value less than or equal to {most}")
    } else {
        return Ok(usize::try_from(size).expect("it is one at least"));
    };
    Err(broken(&size.to_string(), "maxResults", constraint))
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn too_long(most: usize) -> String {
    format!("have length less than or equal to {most}")
}

fn pattern(pattern: &str) -> String {
    format!("satisfy regular expression pattern: {pattern}")
}

fn broken(value: &str, path: &'static str, constraint: String) -> Error {
    Error::ConstraintBroken {
        value: value.to_owned(),
        path,
        constraint,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_international_or_short() {
        for right in ["+9411223344667788990", "+12345678", "123456789", ""] {
            assert_eq!(check_number(right), Ok(()), "{right}");
        }
        for wrong in ["+1234567", "1234567890", "+1234567a", "+1-5551234567", "+"] {
            assert!(check_number(wrong).is_err(), "{wrong}");
        }
    }
}

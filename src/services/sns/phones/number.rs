//! Phone numbers: their recognition and their canonical form.

use std::fmt;

use crate::services::sns::limits;

/// A phone number to which text messages go: `+` and its digits, without the separators.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PhoneNumber(Box<str>);

impl PhoneNumber {
    /// Reads a number: `+`, then digits with single separators from `-/.` between them, eight characters or more. The
    /// rule is inferred from recordings of `Subscribe`, from what AWS accepted and refused.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('+')?;
        let are_well_separated = digits
            .split(['-', '/', '.'])
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
        if !are_well_separated || text.len() < limits::PHONE_NUMBER_LENGTH {
            return None;
        }
        Some(Self(text.replace(['-', '/', '.'], "").into()))
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_make_no_other_number() {
        for (text, number) in [
            ("+1234567890", "+1234567890"),
            ("+123123123", "+123123123"),
            ("+12/34-567.890", "+1234567890"),
        ] {
            assert_eq!(PhoneNumber::parse(text).expect(text).to_string(), number);
        }
    }

    #[test]
    fn what_aws_refused_is_no_number() {
        for wrong in [
            "",
            "+",
            "+15--551234567",
            "NAA+15551234567",
            "+15551234567.",
            "+-15551234567",
            "/+15551234567",
            "+1a234",
            "+123456",
            "15551234567",
            "+1555123456x",
            "invalid-number",
        ] {
            assert_eq!(PhoneNumber::parse(wrong), None, "{wrong}");
        }
    }
}

//! How an account wants its text messages sent: the attributes of `SetSMSAttributes`. topiq keeps and shows them.

use std::collections::BTreeMap;

use crate::aws::characters::ill_formed;
use crate::services::sns::error::Error;
use crate::services::sns::limits;

/// The attributes that are set, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Preferences(BTreeMap<&'static str, String>);

const SPEND_LIMIT: &str = "MonthlySpendLimit";
const SAMPLING_RATE: &str = "DeliveryStatusSuccessSamplingRate";
const SENDER_ID: &str = "DefaultSenderID";
const SMS_TYPE: &str = "DefaultSMSType";

/// Every attribute.
const NAMES: [&str; 6] = [
    SPEND_LIMIT,
    "DeliveryStatusIAMRole",
    SAMPLING_RATE,
    SENDER_ID,
    SMS_TYPE,
    "UsageReportS3Bucket",
];

impl Preferences {
    /// These preferences with the requested changes. An empty value removes a preference.
    pub(crate) fn with(&self, asked: &BTreeMap<String, String>) -> Result<Self, Error> {
        let mut changed = self.clone();
        for (name, value) in asked {
            let known = NAMES.into_iter().find(|known| known == name);
            let name = known.ok_or_else(|| refused(format!("{name} is not a valid attribute")))?;
            if value.is_empty() {
                changed.0.remove(name);
                continue;
            }
            check(name, value)?;
            changed.0.insert(name, value.clone());
        }
        Ok(changed)
    }

    /// The set attributes, and the spend limit in any case.
    pub(crate) fn shown(&self) -> BTreeMap<&'static str, String> {
        let mut shown = self.0.clone();
        shown
            .entry(SPEND_LIMIT)
            .or_insert_with(|| limits::MONTHLY_SPEND_LIMIT.to_owned());
        shown
    }
}

/// Refuses a value. The sentence about the type is recorded; a client library's tests saw those about the sender and
/// the rate; the one about the limit is modelled on them.
fn check(name: &str, value: &str) -> Result<(), Error> {
    let is_right = match name {
        _ if ill_formed(value).is_some() => false,
        SMS_TYPE => ["Promotional", "Transactional"].contains(&value),
        SENDER_ID => is_sender_id(value),
        SPEND_LIMIT => value.bytes().all(|byte| byte.is_ascii_digit()),
        SAMPLING_RATE => value
            .parse()
            .is_ok_and(|rate| limits::PERCENT.contains(&rate)),
        _ => true,
    };
    match name {
        _ if is_right => Ok(()),
        SAMPLING_RATE => Err(refused(format!("{name} is not an integer between 0-100"))),
        _ => Err(refused(format!("{name} is invalid"))),
    }
}

/// Letters, digits and hyphens, with at least one letter.
fn is_sender_id(value: &str) -> bool {
    limits::SENDER_ID_LENGTH.contains(&value.len())
        && value.bytes().any(|byte| byte.is_ascii_alphabetic())
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn refused(sentence: String) -> Error {
    Error::InvalidParameterSentence(sentence.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(preferences: &Preferences, pairs: &[(&str, &str)]) -> Result<Preferences, Error> {
        let pairs = pairs.iter();
        let asked = pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        preferences.with(&asked.collect())
    }

    #[test]
    fn senders_have_a_letter_and_eleven_characters_at_most() {
        let none = Preferences::default();
        for right in ["a", "A-1", "12345678-9a"] {
            with(&none, &[(SENDER_ID, right)]).expect(right);
        }
        for wrong in ["1", "--", "testSenderID", "a b", "ä"] {
            let error = with(&none, &[(SENDER_ID, wrong)]).expect_err(wrong);
            assert_eq!(error.to_string(), "DefaultSenderID is invalid");
        }
    }

    #[test]
    fn empty_values_bring_the_defaults_back() {
        let none = Preferences::default();
        let set = with(&none, &[(SPEND_LIMIT, "50"), (SMS_TYPE, "Promotional")]).expect("set");
        assert_eq!(set.shown()[SPEND_LIMIT], "50");
        let unset = with(&set, &[(SPEND_LIMIT, ""), (SMS_TYPE, "")]).expect("unset");
        assert_eq!(unset, none);
        assert_eq!(unset.shown(), [(SPEND_LIMIT, "1".to_owned())].into());
    }
}

//! The SMS sandbox: the phone numbers that an account in the sandbox may write to, once their owners have verified them
//! by a one-time password.
//!
//! topiq's accounts are not in the sandbox and may write to every number; numbers can be added and verified all the same.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::clock::Timestamp;
use crate::services::sns::error::Error;
use crate::services::sns::limits;

/// The numbers of one account's sandbox, as the caller wrote them.
#[derive(Debug, Default)]
pub(crate) struct Sandbox(BTreeMap<String, SandboxNumber>);

#[derive(Debug, Default)]
struct SandboxNumber {
    /// The password that was sent last, until it is used.
    password: Option<String>,
    verified_at: Option<Timestamp>,
}

impl Sandbox {
    /// Adds a number, to be verified by this password. A number that exists gets a new password.
    pub(crate) fn add(&mut self, number: &str, password: String) -> Result<(), Error> {
        if !self.0.contains_key(number) && self.0.len() >= limits::SANDBOX_NUMBERS {
            // AWS's own text is not recorded.
            let sentence = "The SMS sandbox can have at most 10 destination phone numbers.";
            return Err(Error::UserError(sentence));
        }
        self.0.entry(number.to_owned()).or_default().password = Some(password);
        Ok(())
    }

    /// Verifies a number by the password that was sent to it.
    pub(crate) fn verify(
        &mut self,
        number: &str,
        password: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let number = self.0.get_mut(number).ok_or(Error::ResourceNotFound)?;
        if number.password.as_deref() != Some(password) {
            // AWS's own text is not recorded.
            return Err(Error::Verification("The one-time password is incorrect."));
        }
        number.password = None;
        number.verified_at = Some(now);
        Ok(())
    }

    /// Removes a number: with strict timing, a verified one only after its twenty-four hours.
    pub(crate) fn remove(
        &mut self,
        number: &str,
        now: Timestamp,
        is_timing_strict: bool,
    ) -> Result<(), Error> {
        let present = self.0.get(number).ok_or(Error::ResourceNotFound)?;
        let wait = Duration::from_secs(limits::SANDBOX_HOURS * 60 * 60);
        let is_fresh = present.verified_at.is_some_and(|at| now < at + wait);
        if is_timing_strict && is_fresh {
            // AWS's own text is not recorded.
            let sentence = "A phone number can be deleted 24 hours after its verification.";
            return Err(Error::UserError(sentence));
        }
        self.0.remove(number);
        Ok(())
    }

    /// The numbers in order, with their status.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.0.iter().map(|(number, state)| {
            let status = if state.verified_at.is_some() {
                "Verified"
            } else {
                "Pending"
            };
            (number.as_str(), status)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBER: &str = "+15551234567";

    fn hour(hour: u64) -> Timestamp {
        Timestamp::from_secs(hour * 60 * 60)
    }

    fn status(sandbox: &Sandbox) -> Vec<&'static str> {
        sandbox.numbers().map(|(_, status)| status).collect()
    }

    #[test]
    fn a_password_verifies_its_number_once() {
        let mut sandbox = Sandbox::default();
        sandbox.add(NUMBER, "12345".into()).expect("room");
        assert_eq!(status(&sandbox), ["Pending"]);
        assert!(sandbox.verify(NUMBER, "54321", hour(0)).is_err());
        sandbox.verify(NUMBER, "12345", hour(0)).expect("verified");
        assert_eq!(status(&sandbox), ["Verified"]);
        assert!(sandbox.verify(NUMBER, "12345", hour(0)).is_err());
    }

    #[test]
    fn the_last_password_counts() {
        let mut sandbox = Sandbox::default();
        sandbox.add(NUMBER, "11111".into()).expect("room");
        sandbox.add(NUMBER, "22222".into()).expect("again");
        assert!(sandbox.verify(NUMBER, "11111", hour(0)).is_err());
        sandbox.verify(NUMBER, "22222", hour(0)).expect("verified");
    }

    #[test]
    fn ten_numbers_fill_it() {
        let mut sandbox = Sandbox::default();
        for number in 0..10 {
            let number = format!("+1555123456{number}");
            sandbox.add(&number, "12345".into()).expect("room");
        }
        assert!(sandbox.add("+15551234570", "12345".into()).is_err());
        sandbox.add("+15551234560", "12345".into()).expect("there");
    }

    #[test]
    fn strict_timing_keeps_verified_numbers_for_a_day() {
        let mut sandbox = Sandbox::default();
        sandbox.add(NUMBER, "12345".into()).expect("room");
        sandbox.verify(NUMBER, "12345", hour(1)).expect("verified");
        assert!(sandbox.remove(NUMBER, hour(24), true).is_err());
        sandbox.remove(NUMBER, hour(25), true).expect("a day later");
        sandbox.add(NUMBER, "12345".into()).expect("room");
        sandbox.verify(NUMBER, "12345", hour(1)).expect("verified");
        sandbox.remove(NUMBER, hour(1), false).expect("not strict");
        assert_eq!(
            sandbox.remove(NUMBER, hour(1), false),
            Err(Error::ResourceNotFound)
        );
    }
}

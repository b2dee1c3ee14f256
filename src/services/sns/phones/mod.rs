//! Text messages of an account: its preferences, the numbers that opted out, and the numbers of its sandbox.
//!
//! In reading order: [`number`] recognises phone numbers; [`preferences`] are the attributes of `SetSMSAttributes`,
//! [`sandbox`] the numbers that an account in the sandbox has verified. The numbers that opted out are here.
//!
//! On AWS a phone opts out by answering `STOP`. No phone answers here, so the list stays empty unless
//! [`Sns::opt_out_phone_number`] fills it.

mod number;
mod preferences;
mod sandbox;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use dashmap::DashMap;
use foldhash::fast::RandomState;
use parking_lot::Mutex;

pub(crate) use number::PhoneNumber;
pub(crate) use preferences::Preferences;
pub(crate) use sandbox::Sandbox;

use super::Sns;
use super::error::Error;
use super::limits;
use crate::aws::{AccountId, Region};
use crate::clock::Timestamp;

/// The data of all accounts in all regions. Two namespaces never see each other's.
#[derive(Debug, Default)]
pub(crate) struct Phones {
    accounts: DashMap<(AccountId, Region), Arc<Mutex<AccountPhones>>, RandomState>,
}

/// One account's data in one region.
#[derive(Debug, Default)]
pub(crate) struct AccountPhones {
    pub(crate) preferences: Preferences,
    pub(crate) opt_outs: OptOuts,
    pub(crate) sandbox: Sandbox,
}

/// The numbers that opted out of messages.
#[derive(Debug, Default)]
pub(crate) struct OptOuts {
    numbers: BTreeSet<PhoneNumber>,
    /// When numbers that had opted out were last opted in.
    opted_in: BTreeMap<PhoneNumber, Timestamp>,
}

impl Phones {
    /// Reads an account's data; creates no entry for an account that has none.
    pub(crate) fn look<R>(
        &self,
        account: AccountId,
        region: Region,
        look: impl FnOnce(&AccountPhones) -> R,
    ) -> R {
        let found = self.accounts.get(&(account, region));
        match found.map(|phones| phones.clone()) {
            Some(phones) => look(&phones.lock()),
            None => look(&AccountPhones::default()),
        }
    }

    /// Forgets an account's data.
    pub(crate) fn forget(&self, account: AccountId) {
        self.accounts.retain(|(of, _), _| *of != account);
    }

    /// Changes an account's data.
    pub(crate) fn change<R>(
        &self,
        account: AccountId,
        region: Region,
        change: impl FnOnce(&mut AccountPhones) -> R,
    ) -> R {
        let phones = self.accounts.entry((account, region)).or_default().clone();
        change(&mut phones.lock())
    }
}

impl OptOuts {
    pub(crate) fn contains(&self, number: &PhoneNumber) -> bool {
        self.numbers.contains(number)
    }

    /// The numbers, in order.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = &PhoneNumber> {
        self.numbers.iter()
    }

    pub(crate) fn add(&mut self, number: PhoneNumber) {
        self.numbers.insert(number);
    }

    /// Opts a number in. With strict timing this is refused within thirty days of the last time. A number that is not
    /// opted out can be opted in at any time.
    pub(crate) fn remove(
        &mut self,
        number: PhoneNumber,
        now: Timestamp,
        is_timing_strict: bool,
    ) -> Result<(), Error> {
        if !self.numbers.contains(&number) {
            return Ok(());
        }
        let wait = Duration::from_secs(limits::OPT_IN_DAYS * 24 * 60 * 60);
        let is_waiting = self
            .opted_in
            .get(&number)
            .is_some_and(|&last| now < last + wait);
        if is_timing_strict && is_waiting {
            // AWS's own text is not recorded.
            let reason = "Cannot opt in right now, latest opt in was too recent";
            return Err(Error::invalid_because("PhoneNumber", reason));
        }
        self.numbers.remove(&number);
        self.opted_in.insert(number, now);
        Ok(())
    }
}

impl Sns {
    /// Opts a phone number out of an account's messages, as its owner does on AWS by answering `STOP`. Returns whether
    /// it is a phone number.
    pub fn opt_out_phone_number(&self, account: AccountId, region: Region, number: &str) -> bool {
        let Some(number) = PhoneNumber::parse(number) else {
            return false;
        };
        self.phones
            .change(account, region, |phones| phones.opt_outs.add(number));
        true
    }
}

/// The number in a request's member `phoneNumber`.
pub(super) fn checked_number(text: &str) -> Result<PhoneNumber, Error> {
    PhoneNumber::parse(text)
        .ok_or_else(|| Error::invalid_because("PhoneNumber", "input incorrectly formatted"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number() -> PhoneNumber {
        PhoneNumber::parse("+15551234567").expect("a number")
    }

    fn day(day: u64) -> Timestamp {
        Timestamp::from_secs(day * 24 * 60 * 60)
    }

    #[test]
    fn accounts_and_regions_have_their_own() {
        let phones = Phones::default();
        let (account, here) = (AccountId::DEFAULT, Region::default());
        let there = Region::parse("eu-west-1").expect("a region");
        phones.change(account, here, |phones| phones.opt_outs.add(number()));
        let is_out = |region| {
            phones.look(account, region, |phones| {
                phones.opt_outs.contains(&number())
            })
        };
        assert!(is_out(here));
        assert!(!is_out(there));
        assert_eq!(phones.accounts.len(), 1);
    }

    #[test]
    fn numbers_that_opted_out_can_be_opted_in_again() {
        let mut opt_outs = OptOuts::default();
        opt_outs.remove(number(), day(0), true).expect("not out");
        opt_outs.add(number());
        assert!(opt_outs.contains(&number()));
        opt_outs.remove(number(), day(1), true).expect("opted in");
        assert!(!opt_outs.contains(&number()));
    }

    #[test]
    fn strict_timing_opts_in_once_in_thirty_days() {
        let mut opt_outs = OptOuts::default();
        opt_outs.add(number());
        opt_outs.remove(number(), day(1), true).expect("opted in");
        opt_outs.add(number());
        assert!(opt_outs.remove(number(), day(30), true).is_err());
        assert!(opt_outs.contains(&number()));
        opt_outs
            .remove(number(), day(30), false)
            .expect("not strict");
        opt_outs.add(number());
        opt_outs.remove(number(), day(60), true).expect("long ago");
    }
}

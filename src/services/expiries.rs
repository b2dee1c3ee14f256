//! Accounts that are forgotten at a certain time: those of tests that may end without tidying up.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use parking_lot::Mutex;

use super::Services;
use crate::agenda::{Agenda, Alarm, Sleeper};
use crate::aws::AccountId;
use crate::clock::Timestamp;

/// The accounts that are to be forgotten, with the alarms for it.
#[derive(Debug, Default)]
pub(super) struct Expiries {
    alarms: Mutex<HashMap<AccountId, (Alarm, Arc<Expiry>)>>,
}

#[derive(Debug)]
struct Expiry {
    account: AccountId,
    services: Weak<Services>,
}

impl Expiries {
    /// Has the account forgotten at this moment, and at no other that was set before.
    pub(super) fn set(&self, services: &Arc<Services>, account: AccountId, at: Timestamp) {
        let expiry = Arc::new(Expiry {
            account,
            services: Arc::downgrade(services),
        });
        let sleeper: Weak<dyn Sleeper> = Arc::<Expiry>::downgrade(&expiry);
        let mut alarms = self.alarms.lock();
        let alarm = services.agenda().set(at, sleeper);
        if let Some((earlier, _)) = alarms.insert(account, (alarm, expiry)) {
            services.agenda().cancel(earlier);
        }
    }

    /// The account is forgotten already.
    pub(super) fn cancel(&self, agenda: &Agenda, account: AccountId) {
        if let Some((alarm, _)) = self.alarms.lock().remove(&account) {
            agenda.cancel(alarm);
        }
    }
}

impl Sleeper for Expiry {
    fn wake(self: Arc<Self>, _now: Timestamp) {
        if let Some(services) = self.services.upgrade() {
            services.forget(self.account);
        }
    }
}

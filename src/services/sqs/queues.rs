//! All queues, by account, region and name, and how a request names one.

use std::collections::{HashMap, VecDeque};
use std::ops::Bound;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use super::Sqs;
use super::error::Error;
use super::hosted_queue::{HostedQueue, QueueName};
use super::limits;
use super::queue::DeadLetter;
use super::queue::input::AcceptDeadLetters;
use super::waiting::DeadLetters;
use crate::aws::{AccountId, Arn, Caller, Home, Named, Region};
use crate::clock::Timestamp;
use crate::wire::Speaks;

/// The queues of all accounts and regions.
#[derive(Debug, Default)]
pub(crate) struct Queues {
    queues: Named<HostedQueue>,
    /// The latest deletions: kept with strict timing only.
    deleted: Mutex<Deletions>,
}

/// The deletions for which a name is not free yet.
#[derive(Debug, Default)]
struct Deletions {
    at: HashMap<QueueName, Timestamp>,
    in_order: VecDeque<(Timestamp, QueueName)>,
}

impl Queues {
    pub(crate) fn get(
        &self,
        account: AccountId,
        region: Region,
        name: &str,
    ) -> Option<Arc<HostedQueue>> {
        self.queues.get(account, region, name)
    }

    /// The queue of this name: the existing one, or the one that `make` returns; and whether it is new.
    pub(crate) fn get_or_insert(
        &self,
        name: &QueueName,
        make: impl FnOnce() -> HostedQueue,
    ) -> (Arc<HostedQueue>, bool) {
        self.queues
            .get_or_insert(name.account, name.region, &name.name, make)
    }

    /// Removes this queue, unless another has its name by now. Returns whether it was removed.
    pub(crate) fn remove(&self, queue: &Arc<HostedQueue>) -> bool {
        let QueueName {
            account,
            region,
            name,
        } = &queue.name;
        self.queues.remove(*account, *region, name, queue)
    }

    /// Removes all queues of an account, and forgets which it had.
    pub(crate) fn take(&self, account: AccountId) -> Vec<Arc<HostedQueue>> {
        let mut deleted = self.deleted.lock();
        deleted.at.retain(|name, _| name.account != account);
        deleted.in_order.retain(|(_, name)| name.account != account);
        self.queues.take(account)
    }

    /// The queues of one account in one region, ordered by name.
    pub(crate) fn of(&self, account: AccountId, region: Region) -> Vec<Arc<HostedQueue>> {
        self.queues.of(account, region)
    }

    /// The queues of one account in one region, with their names and ordered by them, after the one named `last`.
    pub(crate) fn after<'q>(
        &'q self,
        account: AccountId,
        region: Region,
        last: Option<&str>,
    ) -> impl Iterator<Item = (Arc<str>, Arc<HostedQueue>)> + use<'q> {
        let start = last.map_or(Bound::Unbounded, Bound::Excluded);
        self.queues.from(account, region, start)
    }

    /// The names of an account's queues in one region that begin with `prefix`, in order, after `last`.
    pub(crate) fn names<'q>(
        &'q self,
        account: AccountId,
        region: Region,
        prefix: &'q str,
        last: Option<&str>,
    ) -> impl Iterator<Item = Arc<str>> + use<'q> {
        let start = match last {
            Some(last) if last >= prefix => Bound::Excluded(last),
            _ => Bound::Included(prefix),
        };
        let names = self.queues.from(account, region, start);
        let names = names.map(|(name, _)| name);
        names.take_while(move |name| name.starts_with(prefix))
    }

    /// The accounts and regions that have queues.
    pub(crate) fn namespaces(&self) -> Vec<(AccountId, Region)> {
        self.queues.namespaces()
    }

    /// Every queue of every account.
    pub(crate) fn all(&self) -> Vec<Arc<HostedQueue>> {
        self.queues.all()
    }

    pub(crate) fn deleted_at(&self, name: &QueueName) -> Option<Timestamp> {
        self.deleted.lock().at.get(name).copied()
    }

    pub(crate) fn remember_deletion(&self, name: QueueName, at: Timestamp) {
        self.deleted.lock().remember(name, at);
    }

    pub(crate) fn by_arn(&self, arn: &str) -> Option<Arc<HostedQueue>> {
        let arn = Arn::parse(arn).filter(|arn| arn.service == "sqs")?;
        self.get(
            AccountId::parse(arn.account)?,
            Region::parse(arn.region)?,
            arn.resource,
        )
    }

    /// The queue that a request names: by its `QueueUrl`, else by the path of a Query request's own URL.
    ///
    /// Only the last two parts of a URL count, account and name: its host may be any at which topiq was once reached. A
    /// bare name is a queue of the caller's account. (Both recorded from AWS.) The region is the one that the request
    /// is signed for; the URL's own decides only where there is no signature.
    pub(crate) fn named(
        &self,
        caller: &Caller<'_>,
        url: Option<&str>,
    ) -> Result<Arc<HostedQueue>, Error> {
        let named = match (url, caller.path) {
            (Some(url), _) => Address::of_url(url),
            // JSON names its queue in the body only; without one it is a queue that does not exist (recorded).
            (None, None) => None,
            (None, Some(path)) => {
                let address = Address::of_path(path);
                let refused = || Error::InvalidAddress(format!("{}{path}", caller.endpoint));
                Some(address.ok_or_else(refused)?)
            }
        };
        let address = named.ok_or(Error::QueueDoesNotExist)?;
        let account = address.account.unwrap_or(caller.account);
        let region = match url.or(caller.path) {
            Some(url) if !caller.is_signed => region_of_url(url).unwrap_or(caller.region),
            _ => caller.region,
        };
        self.get(account, region, address.name)
            .ok_or(Error::QueueDoesNotExist)
    }
}

impl Deletions {
    /// Remembers a deletion, and forgets those that mean nothing any more.
    fn remember(&mut self, name: QueueName, now: Timestamp) {
        let wait = Duration::from_secs(limits::STRICT_WAIT_SECONDS);
        while let Some((at, earlier)) = self.in_order.pop_front_if(|(at, _)| *at + wait <= now) {
            // The name may have been deleted again since.
            if self.at.get(&earlier) == Some(&at) {
                self.at.remove(&earlier);
            }
        }
        self.at.insert(name.clone(), now);
        self.in_order.push_back((now, name));
    }
}

impl Queues {
    /// The queue that a URL or a name stands for, where no request says more: it is of `home` as far as it names neither
    /// account nor region.
    pub(crate) fn at(&self, home: Home, url: &str) -> Option<Arc<HostedQueue>> {
        let address = Address::of_url(url)?;
        let account = address.account.unwrap_or(home.account);
        let region = region_of_url(url).unwrap_or(home.region);
        self.get(account, region, address.name)
    }
}

impl Sqs {
    /// The queue that a request names, if the caller may call this action on it.
    pub(super) fn queue(
        &self,
        caller: &Caller<'_>,
        url: Option<&str>,
    ) -> Result<Arc<HostedQueue>, Error> {
        let queue = self.queues.named(caller, url)?;
        if self.settings.enforce_policies {
            super::permission::check(self, caller, &queue)?;
        }
        if self.faults.are_set() {
            self.note_counts(&queue);
        }
        Ok(queue)
    }
}

impl DeadLetters for Queues {
    fn exists(&self, target_arn: &str) -> bool {
        self.by_arn(target_arn).is_some()
    }

    fn deliver(&self, now: Timestamp, target_arn: &str, dead_letters: Vec<DeadLetter>) {
        let count = dead_letters.len();
        let input = AcceptDeadLetters(dead_letters);
        let delivered = self
            .by_arn(target_arn)
            .and_then(|target| target.waiting.apply(now, input));
        if delivered.is_none() {
            // It existed when it was looked up: it has been deleted since, and these messages are gone with it.
            tracing::warn!(
                target_arn,
                count,
                "the dead-letter queue was deleted while messages were moved to it"
            );
        }
    }
}

/// Whether a request's path names a queue: then the request is for SQS, whatever its action.
pub(super) fn is_path(path: &str) -> bool {
    path.trim_matches('/').contains('/')
}

/// The queue that a URL names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Address<'a> {
    account: Option<AccountId>,
    name: &'a str,
}

impl<'a> Address<'a> {
    /// The queue that a `QueueUrl` names.
    fn of_url(url: &'a str) -> Option<Self> {
        if split_last(url).is_some() {
            return Self::of_path(url);
        }
        (!url.is_empty()).then_some(Self {
            account: None,
            name: url,
        })
    }

    /// The queue that a path names by its last two parts; anything before them is ignored. Some emulators have `queue`
    /// in place of the account.
    pub(crate) fn of_path(path: &'a str) -> Option<Self> {
        let path = path.strip_suffix('/').unwrap_or(path);
        let (rest, name) = split_last(path)?;
        let account = split_last(rest).map_or(rest, |(_, account)| account);
        let account = match account {
            "queue" => None,
            account => Some(AccountId::parse(account)?),
        };
        (!name.is_empty()).then_some(Self { account, name })
    }
}

/// The region that a queue's URL names: in its host as in AWS's, or in its path as in some emulators'
/// (`/queue/{region}/{account}/{name}`).
fn region_of_url(url: &str) -> Option<Region> {
    let mut parts = url.trim_end_matches('/').rsplit('/').skip(2);
    if let (Some(region), Some("queue")) = (parts.next(), parts.next()) {
        return Region::parse(region);
    }
    let (_, rest) = url.split_once("://")?;
    Sqs::MODEL.hosts.region(rest.split('/').next()?)
}

/// The text before and after the last slash. The parts of a queue's URL are short, for which str's search is slow.
fn split_last(text: &str) -> Option<(&str, &str)> {
    let slash = text.bytes().rposition(|byte| byte == b'/')?;
    Some((&text[..slash], &text[slash + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_name_a_queue_by_their_last_two_parts() {
        let account = AccountId::parse("000000000042");
        let address = Some(Address {
            account,
            name: "q.fifo",
        });
        for url in [
            "http://localhost:4566/000000000042/q.fifo",
            "http://localhost:4566/000000000042/q.fifo/",
            "https://sqs.eu-west-1.amazonaws.com/000000000042/q.fifo",
            "http://localhost:4566/queue/eu-west-1/000000000042/q.fifo",
            "/000000000042/q.fifo",
            "000000000042/q.fifo",
        ] {
            assert_eq!(Address::of_url(url), address, "{url}");
        }
        assert_eq!(
            Address::of_url("bare"),
            Some(Address {
                account: None,
                name: "bare"
            })
        );
        for url in ["http://localhost:9324/queue/q", "/queue/q", "queue/q/"] {
            let address = Address {
                account: None,
                name: "q",
            };
            assert_eq!(Address::of_url(url), Some(address), "{url}");
        }
        for wrong in [
            "",
            "http://whatever",
            "http://whatever/",
            "http://h/q",
            "http://h/abc/q",
            "http://h/000000000042/",
        ] {
            assert_eq!(Address::of_url(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn deletions_are_remembered_for_a_minute() {
        let mut deletions = Deletions::default();
        let name = |name: &str| QueueName {
            account: AccountId::DEFAULT,
            region: Region::default(),
            name: name.into(),
        };
        let at = |secs: u64| Timestamp::from_secs(1_000_000 + secs);
        deletions.remember(name("a"), at(0));
        deletions.remember(name("b"), at(10));
        deletions.remember(name("a"), at(59));
        assert_eq!(deletions.at.len(), 2);
        deletions.remember(name("c"), at(70));
        assert_eq!(deletions.at.get(&name("a")), Some(&at(59)), "deleted again");
        assert_eq!(deletions.at.get(&name("b")), None);
        deletions.remember(name("c"), at(1000));
        assert_eq!((deletions.at.len(), deletions.in_order.len()), (1, 1));
    }

    #[test]
    fn urls_may_name_a_region() {
        let eu = Region::parse("eu-west-1");
        for (url, region) in [
            ("https://sqs.eu-west-1.amazonaws.com/000000000042/q", eu),
            ("http://sqs.eu-west-1.localhost:4566/000000000042/q", eu),
            ("http://eu-west-1.queue.localhost/000000000042/q", eu),
            ("http://h:4566/queue/eu-west-1/000000000042/q", eu),
            ("/queue/eu-west-1/000000000042/q/", eu),
            ("http://localhost:4566/000000000042/q", None),
            ("http://sqs:4566/000000000042/q", None),
            ("http://localhost:9324/queue/q", None),
            ("/000000000042/q", None),
            ("q", None),
            ("", None),
        ] {
            assert_eq!(region_of_url(url), region, "{url}");
        }
    }
}

//! A service's items by account, region and name: queues, topics, applications.

use std::sync::Arc;

use dashmap::DashMap;
use foldhash::fast::RandomState;

use super::{AccountId, Region};

/// The items of all accounts and regions, each by its name. Two namespaces never see each other's items.
///
/// There are two levels of maps, account and region first, name second: a look-up allocates nothing, and a listing sees
/// only its own namespace. A namespace exists only while it holds an item. Guards are taken from the outer level to
/// the inner one, and none is held when a method returns.
#[derive(Debug)]
pub(crate) struct Named<T> {
    namespaces: DashMap<(AccountId, Region), Names<T>, RandomState>,
}

type Names<T> = DashMap<Box<str>, Arc<T>, RandomState>;

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self {
            namespaces: DashMap::default(),
        }
    }
}

impl<T> Named<T> {
    /// The item of this name.
    pub(crate) fn get(&self, account: AccountId, region: Region, name: &str) -> Option<Arc<T>> {
        let names = self.namespaces.get(&(account, region))?;
        let found = names.get(name)?;
        Some(Arc::clone(&found))
    }

    /// The item of this name: the existing one, or the one that `make` returns; and whether it is new. `make` must not
    /// use this map.
    pub(crate) fn get_or_insert(
        &self,
        account: AccountId,
        region: Region,
        name: &str,
        make: impl FnOnce() -> T,
    ) -> (Arc<T>, bool) {
        let key = (account, region);
        let names = match self.namespaces.get(&key) {
            Some(names) => names,
            None => self.namespaces.entry(key).or_default().downgrade(),
        };
        let mut is_new = false;
        let entry = names.entry(name.into());
        let held = entry.or_insert_with(|| {
            is_new = true;
            Arc::new(make())
        });
        (Arc::clone(&held), is_new)
    }

    /// Removes `item`, unless another item has its name by now. Returns whether it was removed.
    pub(crate) fn remove(
        &self,
        account: AccountId,
        region: Region,
        name: &str,
        item: &Arc<T>,
    ) -> bool {
        let Some(names) = self.namespaces.get(&(account, region)) else {
            return false;
        };
        let removed = names.remove_if(name, |_, held| Arc::ptr_eq(held, item));
        let is_empty = names.is_empty();
        drop(names);
        if is_empty {
            // An insertion holds a guard of the outer map, so this sees the namespace before or after it.
            self.namespaces
                .remove_if(&(account, region), |_, names| names.is_empty());
        }
        removed.is_some()
    }

    /// The items of one namespace, ordered by name.
    pub(crate) fn of(&self, account: AccountId, region: Region) -> Vec<Arc<T>> {
        self.namespaces
            .get(&(account, region))
            .map(|names| sorted(&names))
            .unwrap_or_default()
    }

    /// The names of one namespace that begin with `prefix`, in order.
    pub(crate) fn names(&self, account: AccountId, region: Region, prefix: &str) -> Vec<String> {
        let Some(namespace) = self.namespaces.get(&(account, region)) else {
            return Vec::new();
        };
        let with_prefix = namespace
            .iter()
            .filter(|entry| entry.key().starts_with(prefix));
        let mut names: Vec<_> = with_prefix.map(|entry| entry.key().to_string()).collect();
        names.sort_unstable();
        names
    }

    /// The namespaces that hold items, in order.
    pub(crate) fn namespaces(&self) -> Vec<(AccountId, Region)> {
        let keys = self.namespaces.iter().map(|entry| *entry.key());
        let mut keys: Vec<_> = keys.collect();
        keys.sort_unstable();
        keys
    }

    /// The items of every account in one region, ordered by account and name.
    pub(crate) fn in_region(&self, region: Region) -> Vec<Arc<T>> {
        self.of_all(|of| of == region)
    }

    /// The items of every account and region, ordered by account, region and name.
    pub(crate) fn all(&self) -> Vec<Arc<T>> {
        self.of_all(|_| true)
    }

    fn of_all(&self, is_asked: impl Fn(Region) -> bool) -> Vec<Arc<T>> {
        let keys = self.namespaces().into_iter();
        keys.filter(|(_, region)| is_asked(*region))
            .flat_map(|(account, region)| self.of(account, region))
            .collect()
    }
}

fn sorted<T>(names: &Names<T>) -> Vec<Arc<T>> {
    let mut items: Vec<_> = names
        .iter()
        .map(|entry| (entry.key().clone(), Arc::clone(entry.value())))
        .collect();
    items.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    items.into_iter().map(|(_, item)| item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: AccountId = AccountId::DEFAULT;

    fn region(name: &str) -> Region {
        Region::parse(name).expect("a region")
    }

    fn account(digits: &str) -> AccountId {
        AccountId::parse(digits).expect("an account")
    }

    fn put(named: &Named<String>, of: (AccountId, Region), name: &str) {
        let (_, is_new) = named.get_or_insert(of.0, of.1, name, || name.to_owned());
        assert!(is_new, "{name}");
    }

    fn texts(items: impl IntoIterator<Item = Arc<String>>) -> Vec<String> {
        let items = items.into_iter();
        items.map(|item| String::clone(&item)).collect()
    }

    #[test]
    fn namespaces_are_apart_and_listed_in_order() {
        let named = Named::<String>::default();
        let (east, west) = (region("us-east-1"), region("eu-west-1"));
        let other = account("000000000042");
        put(&named, (other, east), "d");
        put(&named, (HERE, east), "b");
        put(&named, (HERE, east), "a");
        put(&named, (HERE, west), "c");
        let found = named.get(HERE, east, "a").expect("it is there");
        assert_eq!(*found, "a");
        assert_eq!(named.get(HERE, west, "a"), None);
        assert_eq!(texts(named.of(HERE, east)), ["a", "b"]);
        assert_eq!(texts(named.in_region(east)), ["a", "b", "d"]);
        assert_eq!(texts(named.all()), ["c", "a", "b", "d"]);
        let namespaces = [(HERE, west), (HERE, east), (other, east)];
        assert_eq!(named.namespaces(), namespaces);
    }

    #[test]
    fn names_are_listed_by_their_prefix() {
        let named = Named::<String>::default();
        let east = region("us-east-1");
        for name in ["orders-b", "orders-a", "other"] {
            put(&named, (HERE, east), name);
        }
        assert_eq!(named.names(HERE, east, "orders"), ["orders-a", "orders-b"]);
        assert_eq!(
            named.names(HERE, east, ""),
            ["orders-a", "orders-b", "other"]
        );
        assert_eq!(named.names(HERE, region("eu-west-1"), ""), [""; 0]);
    }

    #[test]
    fn a_present_name_keeps_what_it_has() {
        let named = Named::<String>::default();
        let east = region("us-east-1");
        put(&named, (HERE, east), "a");
        let (held, is_new) = named.get_or_insert(HERE, east, "a", || "another".to_owned());
        assert_eq!((held.as_str(), is_new), ("a", false));
    }

    #[test]
    fn only_the_item_itself_is_removed() {
        let named = Named::<String>::default();
        let east = region("us-east-1");
        put(&named, (HERE, east), "a");
        let first = named.get(HERE, east, "a").expect("it is there");
        assert!(!named.remove(HERE, east, "b", &first));
        assert!(named.remove(HERE, east, "a", &first));
        assert!(!named.remove(HERE, east, "a", &first));
        put(&named, (HERE, east), "a");
        assert!(!named.remove(HERE, east, "a", &first));
        assert!(named.get(HERE, east, "a").is_some());
    }

    #[test]
    fn reads_and_the_last_removal_leave_no_namespace_behind() {
        let named = Named::<String>::default();
        let east = region("us-east-1");
        assert_eq!(named.get(HERE, east, "a"), None);
        assert_eq!(texts(named.of(HERE, east)), [""; 0]);
        assert_eq!(named.names(HERE, east, ""), [""; 0]);
        assert!(!named.remove(HERE, east, "a", &Arc::default()));
        assert!(named.namespaces.is_empty());
        put(&named, (HERE, east), "a");
        let held = named.get(HERE, east, "a").expect("it is there");
        assert!(named.remove(HERE, east, "a", &held));
        assert!(named.namespaces.is_empty());
    }

    #[test]
    fn insertions_during_removals_stay() {
        let named = Named::<String>::default();
        let east = region("us-east-1");
        std::thread::scope(|scope| {
            for name in ["a", "b", "c", "d"] {
                let named = &named;
                scope.spawn(move || {
                    for _ in 0..2000 {
                        let (held, is_new) =
                            named.get_or_insert(HERE, east, name, || name.to_owned());
                        assert!(is_new, "{name}");
                        assert!(named.get(HERE, east, name).is_some(), "{name}");
                        assert!(named.remove(HERE, east, name, &held), "{name}");
                    }
                });
            }
        });
        assert!(named.namespaces.is_empty());
    }
}

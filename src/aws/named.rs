//! A service's items by account, region and name: queues, topics, applications.

use std::collections::{BTreeSet, VecDeque};
use std::ops::Bound;
use std::sync::Arc;

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use dashmap::mapref::one::Ref;
use foldhash::fast::RandomState;
use parking_lot::Mutex;

use super::{AccountId, Region};

/// How many names a walk takes at once.
const CHUNK: usize = 128;

/// The items of all accounts and regions, each by its name. Two namespaces never see each other's items.
///
/// There are two levels of maps, account and region first, name second: a look-up allocates nothing, and a listing sees
/// only its own namespace. A namespace exists only while it holds an item. Guards are taken from the outer level to
/// the inner one, then the names in order, and none is held when a method returns.
#[derive(Debug)]
pub(crate) struct Named<T> {
    namespaces: DashMap<(AccountId, Region), Namespace<T>, RandomState>,
}

/// Why an item was not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotAdded {
    /// Another one has its name.
    Taken,
    /// There are as many as there may be.
    Full,
}

#[derive(Debug)]
struct Namespace<T> {
    items: DashMap<Arc<str>, Arc<T>, RandomState>,
    /// The names of `items`, so that a page of a listing costs the same however many there are. Changed under the guard of
    /// the item.
    in_order: Mutex<BTreeSet<Arc<str>>>,
}

impl<T> Default for Namespace<T> {
    fn default() -> Self {
        Self {
            items: DashMap::default(),
            in_order: Mutex::default(),
        }
    }
}

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
        let namespace = self.namespaces.get(&(account, region))?;
        let found = namespace.items.get(name)?;
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
        let namespace = self.namespace(account, region);
        let name = Arc::<str>::from(name);
        let mut is_new = false;
        let entry = namespace.items.entry(name.clone());
        let held = entry.or_insert_with(|| {
            is_new = true;
            namespace.in_order.lock().insert(name);
            Arc::new(make())
        });
        (Arc::clone(&held), is_new)
    }

    /// A namespace, to add something to.
    fn namespace(
        &self,
        account: AccountId,
        region: Region,
    ) -> Ref<'_, (AccountId, Region), Namespace<T>> {
        let key = (account, region);
        match self.namespaces.get(&key) {
            Some(namespace) => namespace,
            None => self.namespaces.entry(key).or_default().downgrade(),
        }
    }

    /// Adds the item that `make` returns, unless its name is taken or its namespace has so many. Name and number are checked
    /// at once. `make` must not use this map.
    pub(crate) fn add(
        &self,
        account: AccountId,
        region: Region,
        name: &str,
        most: usize,
        make: impl FnOnce() -> T,
    ) -> Result<Arc<T>, NotAdded> {
        let namespace = self.namespace(account, region);
        let name = Arc::<str>::from(name);
        let Entry::Vacant(place) = namespace.items.entry(name.clone()) else {
            return Err(NotAdded::Taken);
        };
        let mut names = namespace.in_order.lock();
        if names.len() >= most {
            return Err(NotAdded::Full);
        }
        names.insert(name);
        drop(names);
        let item = Arc::new(make());
        place.insert(item.clone());
        Ok(item)
    }

    /// Removes `item`, unless another item has its name by now. Returns whether it was removed.
    pub(crate) fn remove(
        &self,
        account: AccountId,
        region: Region,
        name: &str,
        item: &Arc<T>,
    ) -> bool {
        let Some(namespace) = self.namespaces.get(&(account, region)) else {
            return false;
        };
        let removed = namespace.items.remove_if(name, |name, held| {
            let is_it = Arc::ptr_eq(held, item);
            if is_it {
                namespace.in_order.lock().remove(name);
            }
            is_it
        });
        let is_empty = namespace.items.is_empty();
        drop(namespace);
        if is_empty {
            // An insertion holds a guard of the outer map, so this sees the namespace before or after it.
            self.namespaces
                .remove_if(&(account, region), |_, namespace| {
                    namespace.items.is_empty()
                });
        }
        removed.is_some()
    }

    /// The items of one namespace after the one named `last`, in order.
    pub(crate) fn after<'n>(
        &'n self,
        account: AccountId,
        region: Region,
        last: Option<&str>,
    ) -> impl Iterator<Item = Arc<T>> + use<'n, T> {
        let start = last.map_or(Bound::Unbounded, Bound::Excluded);
        self.from(account, region, start).map(|(_, item)| item)
    }

    /// How many items a namespace has.
    pub(crate) fn count(&self, account: AccountId, region: Region) -> usize {
        let namespace = self.namespaces.get(&(account, region));
        namespace.map_or(0, |namespace| namespace.items.len())
    }

    /// The items of one namespace, ordered by name.
    pub(crate) fn of(&self, account: AccountId, region: Region) -> Vec<Arc<T>> {
        self.from(account, region, Bound::Unbounded)
            .map(|(_, item)| item)
            .collect()
    }

    /// The items of one namespace from a name on, in order, with their names. They are looked up while the iterator goes,
    /// a few at a time: those that come and go meanwhile may be among them or not.
    pub(crate) fn from<'n>(
        &'n self,
        account: AccountId,
        region: Region,
        start: Bound<&str>,
    ) -> impl Iterator<Item = (Arc<str>, Arc<T>)> + use<'n, T> {
        let mut start = Some(start.map(Arc::from));
        let mut chunk = VecDeque::new();
        std::iter::from_fn(move || {
            loop {
                if let Some(next) = chunk.pop_front() {
                    return Some(next);
                }
                let names = self.some_names(account, region, start.take()?);
                if names.len() == CHUNK {
                    start = names.last().cloned().map(Bound::Excluded);
                }
                let item = |name: Arc<str>| Some((self.get(account, region, &name)?, name));
                let items = names.into_iter().filter_map(item);
                chunk.extend(items.map(|(item, name)| (name, item)));
            }
        })
    }

    fn some_names(
        &self,
        account: AccountId,
        region: Region,
        start: Bound<Arc<str>>,
    ) -> Vec<Arc<str>> {
        let Some(namespace) = self.namespaces.get(&(account, region)) else {
            return Vec::new();
        };
        let names = namespace.in_order.lock();
        let names = names.range((start, Bound::Unbounded));
        names.take(CHUNK).cloned().collect()
    }

    /// Removes all items of an account, in every region.
    pub(crate) fn take(&self, account: AccountId) -> Vec<Arc<T>> {
        let of_account = self
            .namespaces()
            .into_iter()
            .filter(|(of, _)| *of == account);
        // An insertion holds a guard of the outer map, so its item is taken, or is in a namespace that is new by then.
        let taken = of_account.filter_map(|key| self.namespaces.remove(&key));
        let items = taken.flat_map(|(_, namespace)| namespace.items);
        items.map(|(_, item)| item).collect()
    }

    /// The namespaces that hold items, in order.
    pub(crate) fn namespaces(&self) -> Vec<(AccountId, Region)> {
        let keys = self.namespaces.iter().map(|entry| *entry.key());
        let mut keys: Vec<_> = keys.collect();
        keys.sort_unstable();
        keys
    }

    /// The items of one region, ordered by account and name, from an account and name on.
    pub(crate) fn in_region<'n>(
        &'n self,
        region: Region,
        start: Option<(AccountId, &str)>,
    ) -> impl Iterator<Item = Arc<T>> + use<'n, T> {
        let start = start.map(|(account, name)| (account, Arc::<str>::from(name)));
        let first = start.as_ref().map(|(account, _)| *account);
        let namespaces = self.namespaces().into_iter();
        let namespaces =
            namespaces.filter(move |(account, of)| *of == region && Some(*account) >= first);
        namespaces.flat_map(move |(account, region)| {
            let start = start.as_ref().filter(|(first, _)| *first == account);
            let name = start.map_or(Bound::Unbounded, |(_, name)| Bound::Included(&**name));
            self.from(account, region, name).map(|(_, item)| item)
        })
    }

    /// The items of every account and region, ordered by account, region and name.
    pub(crate) fn all(&self) -> Vec<Arc<T>> {
        let namespaces = self.namespaces().into_iter();
        namespaces
            .flat_map(|(account, region)| self.of(account, region))
            .collect()
    }
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
        assert_eq!(named.count(HERE, east), 2);
        assert_eq!(named.count(other, west), 0);
        assert_eq!(texts(named.in_region(east, None)), ["a", "b", "d"]);
        let from_b = named.in_region(east, Some((HERE, "aa")));
        assert_eq!(texts(from_b), ["b", "d"]);
        let from_other = named.in_region(east, Some((other, "e")));
        assert_eq!(texts(from_other), [""; 0]);
        assert_eq!(texts(named.all()), ["c", "a", "b", "d"]);
        let namespaces = [(HERE, west), (HERE, east), (other, east)];
        assert_eq!(named.namespaces(), namespaces);
    }

    #[test]
    fn an_account_is_taken_with_all_its_regions() {
        let named = Named::<String>::default();
        let (east, west) = (region("us-east-1"), region("eu-west-1"));
        let other = account("000000000042");
        for (of, name) in [
            ((HERE, east), "a"),
            ((HERE, west), "b"),
            ((other, east), "a"),
        ] {
            put(&named, of, name);
        }
        let mut taken = texts(named.take(HERE));
        taken.sort_unstable();
        assert_eq!(taken, ["a", "b"]);
        assert_eq!(named.namespaces(), [(other, east)]);
        assert_eq!(texts(named.take(HERE)), [""; 0]);
        put(&named, (HERE, east), "a");
        assert_eq!(named.count(HERE, east), 1);
    }

    #[test]
    fn a_walk_begins_where_it_is_told_and_sees_all_that_stays() {
        let named = Named::<String>::default();
        let east = region("us-east-1");
        let name = |number: usize| format!("q{number:04}");
        for number in 0..3 * CHUNK {
            put(&named, (HERE, east), &name(number));
        }
        let from = |start| {
            let walk = named.from(HERE, east, start);
            walk.map(|(name, _)| name.to_string()).collect::<Vec<_>>()
        };
        let all: Vec<_> = (0..3 * CHUNK).map(name).collect();
        assert_eq!(from(Bound::Unbounded), all);
        assert_eq!(from(Bound::Included("q0005")), all[5..]);
        assert_eq!(from(Bound::Excluded("q0005")), all[6..]);
        assert_eq!(from(Bound::Included("r")), [""; 0]);
        // The last of a chunk goes, and one comes.
        let mut walk = named.from(HERE, east, Bound::Unbounded);
        assert_eq!(walk.by_ref().take(CHUNK).count(), CHUNK);
        let last = named.get(HERE, east, &name(CHUNK - 1)).expect("held");
        assert!(named.remove(HERE, east, &name(CHUNK - 1), &last));
        put(&named, (HERE, east), "q9999");
        assert_eq!(walk.count(), 2 * CHUNK + 1);
    }

    #[test]
    fn a_page_looks_at_few_names_of_many() {
        let named = Named::<String>::default();
        let east = region("us-east-1");
        for number in 0..50 * CHUNK {
            put(&named, (HERE, east), &format!("q{number:04}"));
        }
        let mut walk = named.from(HERE, east, Bound::Included("q3000"));
        assert_eq!(*walk.next().expect("it is there").1, "q3000");
        // What a walk has looked up and not given yet is held by it, by the map and by this list.
        let all = named.of(HERE, east);
        let looked_up = all.iter().filter(|item| Arc::strong_count(item) == 3);
        assert_eq!(looked_up.count(), CHUNK - 1);
        drop(walk);
    }

    #[test]
    fn a_namespace_takes_so_many_and_each_name_once() {
        let named = Named::<String>::default();
        let east = region("us-east-1");
        let add = |name: &str| named.add(HERE, east, name, 2, || name.to_owned()).map(drop);
        assert_eq!(add("b"), Ok(()));
        assert_eq!(add("b"), Err(NotAdded::Taken));
        assert_eq!(add("a"), Ok(()));
        assert_eq!(add("c"), Err(NotAdded::Full));
        assert_eq!(add("a"), Err(NotAdded::Taken));
        assert_eq!(texts(named.after(HERE, east, Some("a"))), ["b"]);
        assert_eq!(texts(named.after(HERE, east, None)), ["a", "b"]);
    }

    #[test]
    fn as_many_are_added_at_once_as_there_may_be() {
        let named = Named::<String>::default();
        let east = region("us-east-1");
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let named = &named;
                scope.spawn(move || {
                    for number in 0..50 {
                        let name = format!("{thread}-{number}");
                        let _ = named.add(HERE, east, &name, 100, String::new);
                    }
                });
            }
        });
        assert_eq!(named.count(HERE, east), 100);
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
        assert_eq!(named.from(HERE, east, Bound::Unbounded).count(), 0);
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
                    put(named, (HERE, east), name);
                });
            }
        });
        assert_eq!(texts(named.of(HERE, east)), ["a", "b", "c", "d"]);
    }
}

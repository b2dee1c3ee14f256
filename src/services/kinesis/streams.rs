//! All streams, by account, region and name.

use std::sync::Arc;

use super::hosted_stream::{HostedStream, State, Transition};
use super::name::StreamName;
use crate::aws::{AccountId, Named, Region};
use crate::clock::Timestamp;

/// The streams of all accounts and regions.
#[derive(Debug, Default)]
pub(super) struct Streams {
    streams: Named<HostedStream>,
}

impl Streams {
    /// The stream of this name, unless it has been deleted by now.
    pub(super) fn get(&self, now: Timestamp, name: &StreamName) -> Option<Arc<HostedStream>> {
        let StreamName {
            account,
            region,
            name,
        } = name;
        let stream = self.streams.get(*account, *region, name)?;
        if stream.is_gone(now) {
            self.remove(&stream);
            return None;
        }
        Some(stream)
    }

    /// Adds a stream. Returns whether its name was free.
    pub(super) fn add(
        &self,
        now: Timestamp,
        name: &StreamName,
        incarnation: u64,
        state: State,
    ) -> bool {
        // One that has been deleted by now makes room.
        self.get(now, name);
        let make = || HostedStream::new(name.clone(), now, incarnation, state);
        let (_, is_new) = self
            .streams
            .get_or_insert(name.account, name.region, &name.name, make);
        is_new
    }

    /// Removes this stream, unless another has its name by now.
    pub(super) fn remove(&self, stream: &Arc<HostedStream>) {
        let StreamName {
            account,
            region,
            name,
        } = &stream.name;
        self.streams.remove(*account, *region, name, stream);
    }

    /// Removes all streams of an account; whoever reads them finds them deleted.
    pub(super) fn forget(&self, now: Timestamp, account: AccountId) {
        for stream in self.streams.take(account) {
            let mut state = stream.lock();
            state.consumers.clear();
            state.pass(Transition::Deleting, now);
        }
    }

    /// The streams of an account in a region, ordered by name, after the one named `last`.
    pub(super) fn after<'s>(
        &'s self,
        now: Timestamp,
        account: AccountId,
        region: Region,
        last: Option<&str>,
    ) -> impl Iterator<Item = Arc<HostedStream>> + use<'s> {
        let streams = self.streams.after(account, region, last);
        streams.filter(move |stream| !stream.is_gone(now))
    }

    /// The accounts and regions that have streams.
    pub(super) fn namespaces(&self) -> Vec<(AccountId, Region)> {
        self.streams.namespaces()
    }
}

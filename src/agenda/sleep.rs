//! A task's wait for a moment.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::{Agenda, Busy, Due, Key};
use crate::clock::Timestamp;

/// A future that is ready when its moment has come. It needs no memory but its place on the agenda.
///
/// When its place there is taken, its task counts as busy: the [`Busy`] that it gives was counted then.
pub(crate) struct Sleep<'a> {
    agenda: &'a Agenda,
    moment: Timestamp,
    /// Its place, from the first poll until it is ready.
    key: Option<Key>,
}

impl<'a> Sleep<'a> {
    pub(super) const fn new(agenda: &'a Agenda, moment: Timestamp) -> Self {
        Self {
            agenda,
            moment,
            key: None,
        }
    }

    fn is_pending(&mut self, cx: &Context<'_>) -> bool {
        let Some(key) = self.key else {
            let due = Due::Wait(cx.waker().clone());
            self.key = Some(self.agenda.insert(self.moment, due));
            // Looked at afterwards: should the clock move in between, one of both sees it.
            return self.agenda.clock.now() < self.moment;
        };
        let mut state = self.agenda.state.lock();
        let due = state.due.get_mut(&key);
        if let Some(Due::Wait(task)) = due {
            task.clone_from(cx.waker());
            return true;
        }
        false
    }

    /// Gives up its place; busy when it was taken.
    fn leave(&mut self) -> Option<Busy<&'a Agenda>> {
        let key = self.key.take()?;
        let left = self.agenda.state.lock().due.remove(&key);
        left.is_none().then(|| Busy(self.agenda))
    }
}

impl<'a> Future for Sleep<'a> {
    type Output = Busy<&'a Agenda>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.is_pending(cx) {
            return Poll::Pending;
        }
        let busy = self.leave();
        Poll::Ready(busy.unwrap_or_else(|| Busy::begin(self.agenda)))
    }
}

impl Drop for Sleep<'_> {
    fn drop(&mut self) {
        drop(self.leave());
    }
}

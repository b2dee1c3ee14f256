//! A sleep that is set again only when it must end earlier: deadlines mostly move away, and then the old sleep does.

use std::task::{Context, Poll};

use crate::clock::{Clock, Sleep, Timestamp};

#[derive(Default)]
pub(super) struct Alarm {
    set: Option<(Timestamp, Sleep)>,
}

impl Alarm {
    /// Ready when `deadline` has come; otherwise the task is woken then, or earlier for nothing.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        clock: &dyn Clock,
        deadline: Timestamp,
    ) -> Poll<()> {
        loop {
            match &mut self.set {
                Some((moment, sleep)) if *moment <= deadline => {
                    if sleep.as_mut().poll(cx).is_pending() {
                        return Poll::Pending;
                    }
                    self.set = None;
                    if clock.now() >= deadline {
                        return Poll::Ready(());
                    }
                }
                _ => self.set = Some((deadline, clock.sleep_until(deadline))),
            }
        }
    }

    /// Whether it goes off after `earliest` and not after `latest`.
    pub(super) fn is_set_between(&self, earliest: Timestamp, latest: Timestamp) -> bool {
        self.set
            .as_ref()
            .is_some_and(|(moment, _)| (earliest..=latest).contains(moment))
    }
}

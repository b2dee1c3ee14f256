//! Keeps a connection's task from waking itself for nothing.
//!
//! hyper hands a request's body over by a channel, inside the connection's own task. Whoever takes the bytes out wakes the
//! task, so that hyper reads more. When they were the body's last, there is nothing more to read: the task would run once
//! again, ask the socket in vain, and sleep. So while the last bytes are taken, a wake from the same thread is left out.
//! Every other wake comes through: those of sockets, timers and other threads, and one of a body that goes on.

use std::cell::Cell;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

thread_local! {
    static HEARING: Cell<Hearing> = const { Cell::new(Hearing::All) };
}

/// What this thread does with a wake for a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hearing {
    /// Passes it on.
    All,
    /// Notes it.
    Noting,
    /// Has noted one.
    Noted,
}

/// Wakes the task of a connection.
struct Listening(Waker);

impl Wake for Listening {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if HEARING.get() == Hearing::All {
            self.0.wake_by_ref();
        } else {
            HEARING.set(Hearing::Noted);
        }
    }
}

/// The waker with which a connection is polled: its task's, except where [`read`] leaves a wake out.
#[derive(Debug, Default)]
pub(super) struct TaskWaker {
    /// The task's own, and the one that stands before it.
    known: Option<(Waker, Waker)>,
}

impl TaskWaker {
    /// The waker to poll with, for the task that `cx` is of. It stays the same while the task's does.
    pub(super) fn of(&mut self, cx: &Context<'_>) -> &Waker {
        let is_known = |(task, _): &(Waker, Waker)| task.will_wake(cx.waker());
        if !self.known.as_ref().is_some_and(is_known) {
            let task = cx.waker().clone();
            let listening = Waker::from(Arc::new(Listening(task.clone())));
            self.known = Some((task, listening));
        }
        let (_, listening) = self.known.as_ref().expect("it was set above");
        listening
    }
}

/// Takes bytes out of a body by `poll`, which says whether they were its last: then the wake that this made is left out.
pub(super) fn read<T>(
    cx: &mut Context<'_>,
    poll: impl FnOnce(&mut Context<'_>) -> (Poll<T>, bool),
) -> Poll<T> {
    let before = HEARING.replace(Hearing::Noting);
    let (polled, is_at_end) = poll(cx);
    let has_noted = HEARING.replace(before) == Hearing::Noted;
    if has_noted && !(is_at_end && polled.is_ready()) {
        cx.waker().wake_by_ref();
    }
    polled
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How often the task was woken after `poll` has read from a body with its waker.
    fn wakes(poll: impl FnOnce(&Waker) -> (Poll<()>, bool)) -> usize {
        let count = Arc::new(Count::default());
        let task = Waker::from(count.clone());
        let mut waker = TaskWaker::default();
        let waker = waker.of(&Context::from_waker(&task)).clone();
        let _ = read(&mut Context::from_waker(&waker), |_| poll(&waker));
        count.0.load(Ordering::Relaxed)
    }

    fn elsewhere(waker: &Waker) {
        let waker = waker.clone();
        std::thread::spawn(move || waker.wake())
            .join()
            .expect("a thread");
    }

    #[test]
    fn taking_the_last_bytes_does_not_wake_the_task() {
        let last = |waker: &Waker| {
            waker.wake_by_ref();
            (Poll::Ready(()), true)
        };
        assert_eq!(wakes(last), 0);
    }

    #[test]
    fn taking_others_does() {
        for polled in [Poll::Ready(()), Poll::Pending] {
            let others = |waker: &Waker| {
                waker.wake_by_ref();
                (polled, false)
            };
            assert_eq!(wakes(others), 1);
        }
        assert_eq!(wakes(|_| (Poll::Pending, false)), 0);
    }

    #[test]
    fn wakes_from_elsewhere_come_through() {
        let meanwhile = |waker: &Waker| {
            elsewhere(waker);
            (Poll::Ready(()), true)
        };
        assert_eq!(wakes(meanwhile), 1);
        // And after it, from anywhere.
        let count = Arc::new(Count::default());
        let task = Waker::from(count.clone());
        let mut waker = TaskWaker::default();
        let cx = Context::from_waker(&task);
        let waker = waker.of(&cx);
        let last = |_: &mut Context<'_>| (Poll::Ready(()), true);
        let _ = read(&mut Context::from_waker(waker), last);
        waker.wake_by_ref();
        elsewhere(waker);
        assert_eq!(count.0.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn the_waker_stays_the_same_while_the_tasks_does() {
        let (one, other) = (
            Waker::from(Arc::new(Count::default())),
            Waker::from(Arc::new(Count::default())),
        );
        let mut waker = TaskWaker::default();
        let first = waker.of(&Context::from_waker(&one)).clone();
        assert!(waker.of(&Context::from_waker(&one)).will_wake(&first));
        assert!(!waker.of(&Context::from_waker(&other)).will_wake(&first));
    }
}

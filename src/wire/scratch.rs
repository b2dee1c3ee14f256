//! Room to write an answer in, before it is known how long it is.

use std::cell::Cell;

/// What a thread keeps at most: longer answers are rare.
const KEPT: usize = 64 << 10;

thread_local! {
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// An empty vector, with the room that the thread's last answers needed.
pub(super) fn take() -> Vec<u8> {
    SCRATCH.take()
}

/// What was written, in a vector of exactly its length: then [`Bytes`](bytes::Bytes) needs no second allocation for it.
/// The room is kept for the thread's next answer.
pub(super) fn finish(mut written: Vec<u8>) -> Vec<u8> {
    if written.capacity() > KEPT {
        return written;
    }
    let exact = written.as_slice().to_vec();
    written.clear();
    SCRATCH.set(written);
    exact
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_kept_and_its_content_is_not() {
        let mut bytes = take();
        bytes.extend_from_slice(&[1; 1000]);
        let written = finish(bytes);
        assert_eq!((written.len(), written.capacity()), (1000, 1000));
        let next = take();
        assert!(next.is_empty() && next.capacity() >= 1000);
        // One within another has room of its own.
        assert_eq!(take().capacity(), 0);
        finish(next);
        let long = finish(vec![2; KEPT + 1]);
        assert_eq!(long.len(), KEPT + 1);
        assert!((1000..=KEPT).contains(&take().capacity()));
    }
}

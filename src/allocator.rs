//! The program's allocator: mimalloc.
//!
//! It is faster than the system's for many small messages, and static builds need one anyway: musl's own is slow with
//! several threads. Huge pages are off (the feature `no_thp`), since an idle server would hold some megabytes of them.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay` in mimalloc's list of options; the bindings have no name for it.
const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;

/// Returns freed memory to the system at once, instead of after a second and only when the allocator is next called: a
/// server whose queue was purged is often idle from then on. Call it before any thread starts.
#[expect(
    unsafe_code,
    reason = "mimalloc takes options from its environment or from this call only"
)]
pub(crate) fn give_back_at_once() {
    // SAFETY: it sets a number and is not thread-safe, but no other thread exists yet.
    unsafe { libmimalloc_sys::mi_option_set(PURGE_DELAY, 0) }
}

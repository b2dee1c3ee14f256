//! The program's allocator: mimalloc.
//!
//! It is faster than the system's for many small messages, and static builds need one besides: musl's own is slow under
//! threads. Without huge pages (the feature `no_thp`), since an idle server would hold some megabytes of them.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay` in mimalloc's list of options; the bindings have no name for it.
const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;

/// Makes freed memory go back to the system at once, not after a second and then only when the allocator is next called:
/// a server whose queue was purged is often idle from then on. Call it before there are threads.
#[expect(
    unsafe_code,
    reason = "mimalloc takes options by its environment or by this call only"
)]
pub(crate) fn give_back_at_once() {
    // SAFETY: it sets a number, and is not thread safe: no other thread exists yet.
    unsafe { libmimalloc_sys::mi_option_set(PURGE_DELAY, 0) }
}

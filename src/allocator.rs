//! The program's allocator: mimalloc.
//!
//! It is faster than the system's for many small messages, and static builds need one anyway: musl's own is slow with
//! several threads. Huge pages are off (the feature `no_thp`), since an idle server would hold some megabytes of them.
//!
//! mimalloc's functions that take an alignment first find out that they could have done without, each time. The crate
//! `mimalloc` calls no others, which costs a request some 400 instructions, and a batch of ten four times as many.

use std::alloc::{GlobalAlloc, Layout};

use libmimalloc_sys as ffi;

#[global_allocator]
static ALLOCATOR: Mimalloc = Mimalloc;

struct Mimalloc;

/// mimalloc's `MI_MAX_ALIGN_SIZE`: its blocks are aligned to it, and smaller ones to their size.
const ALIGNED_ANYWAY: usize = 16;

const fn is_aligned_anyway(size: usize, alignment: usize) -> bool {
    alignment <= ALIGNED_ANYWAY && alignment <= size
}

#[expect(
    unsafe_code,
    reason = "the trait's functions are unsafe, and mimalloc is C"
)]
// SAFETY: mimalloc's functions keep the trait's promises, and none of them unwinds.
unsafe impl GlobalAlloc for Mimalloc {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let (size, alignment) = (layout.size(), layout.align());
        // SAFETY: any size and any power of two will do.
        unsafe {
            if is_aligned_anyway(size, alignment) {
                ffi::mi_malloc(size).cast()
            } else {
                ffi::mi_malloc_aligned(size, alignment).cast()
            }
        }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let (size, alignment) = (layout.size(), layout.align());
        // SAFETY: any size and any power of two will do.
        unsafe {
            if is_aligned_anyway(size, alignment) {
                ffi::mi_zalloc(size).cast()
            } else {
                ffi::mi_zalloc_aligned(size, alignment).cast()
            }
        }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, _layout: Layout) {
        // SAFETY: the block is one of mimalloc's, as the caller promises.
        unsafe { ffi::mi_free(block.cast()) }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let alignment = layout.align();
        // SAFETY: the block is one of mimalloc's, as the caller promises; any size and any power of two will do.
        unsafe {
            if is_aligned_anyway(size, alignment) {
                ffi::mi_realloc(block.cast(), size).cast()
            } else {
                ffi::mi_realloc_aligned(block.cast(), size, alignment).cast()
            }
        }
    }
}

/// `mi_option_purge_delay` in mimalloc's list of options; the bindings have no name for it.
const PURGE_DELAY: ffi::mi_option_t = 15;

/// Returns freed memory to the system at once, instead of after a second and only when the allocator is next called: a
/// server whose queue was purged is often idle from then on. Call it before any thread starts.
#[expect(
    unsafe_code,
    reason = "mimalloc takes options from its environment or from this call only"
)]
pub(crate) fn give_back_at_once() {
    // SAFETY: it sets a number and is not thread-safe, but no other thread exists yet.
    unsafe { ffi::mi_option_set(PURGE_DELAY, 0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(unsafe_code, reason = "allocates by hand")]
    #[test]
    fn blocks_are_aligned_and_keep_their_bytes() {
        for alignment in (0..8).map(|power| 1 << power) {
            for size in (1..300).chain([1 << 12, 1 << 20]) {
                let layout = Layout::from_size_align(size, alignment).expect("a layout");
                let small = Layout::from_size_align(1, alignment).expect("a layout");
                let grown = Layout::from_size_align(size * 3, alignment).expect("a layout");
                // SAFETY: the layouts are not empty, and each block is freed with the layout that it has.
                unsafe {
                    let block = Mimalloc.alloc_zeroed(layout);
                    assert!(block.addr().is_multiple_of(alignment), "{layout:?}");
                    assert_eq!(*block.add(size - 1), 0);
                    *block = 7;
                    let block = Mimalloc.realloc(block, layout, size * 3);
                    assert!(block.addr().is_multiple_of(alignment), "{grown:?}");
                    assert_eq!(*block, 7);
                    let other = Mimalloc.alloc(grown);
                    assert!(other.addr().is_multiple_of(alignment), "{grown:?}");
                    Mimalloc.dealloc(other, grown);
                    Mimalloc.dealloc(Mimalloc.realloc(block, grown, 1), small);
                }
            }
        }
    }
}

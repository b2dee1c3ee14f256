//! Finds the start of a text that can be copied as it is.

/// The length of the longest start of `bytes` without a special byte.
///
/// Sixteen bytes are looked at together: `is_special` should have no branches (`|`, not `||`), so that the compiler makes
/// vector instructions of it.
#[inline]
pub(super) fn length(bytes: &[u8], is_special: impl Fn(u8) -> bool) -> usize {
    let has_special = |chunk: &[u8; 16]| {
        let any = |any: bool, &byte: &u8| any | is_special(byte);
        chunk.iter().fold(false, any)
    };
    let (chunks, _) = bytes.as_chunks::<16>();
    let without = chunks.iter().take_while(|chunk| !has_special(chunk));
    let known = without.count() * 16;
    let rest = &bytes[known..];
    if rest.len() < 16
        && let Some(last) = bytes.last_chunk::<16>()
        && !has_special(last)
    {
        return bytes.len();
    }
    let special = rest.iter().position(|&byte| is_special(byte));
    known + special.unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_special_byte_ends_it_wherever_it_is() {
        for size in 0..70 {
            let mut bytes = vec![b'a'; size];
            assert_eq!(length(&bytes, |byte| byte == b'x'), size);
            for place in (0..size).rev() {
                bytes[place] = b'x';
                assert_eq!(length(&bytes, |byte| byte == b'x'), place, "of {size}");
            }
        }
    }
}

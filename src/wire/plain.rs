//! Copies texts of which most bytes can be written as they are.

/// After how many such bytes in a row a text is searched for the next special one again.
const FEW: usize = 16;

/// Which bytes are special, as a table for those that are looked at alone.
pub(super) type Table = [bool; 256];

/// The table of a `const fn`.
macro_rules! table {
    ($is_special:ident) => {{
        let mut table = [false; 256];
        let mut byte = 0;
        while byte < 256 {
            #[expect(clippy::cast_possible_truncation, reason = "a byte's own number")]
            let special = $is_special(byte as u8);
            table[byte] = special;
            byte += 1;
        }
        table
    }};
}
pub(super) use table;

/// Appends `text` to `bytes`, and in place of special bytes what `replace` appends: it gets the text from there, and
/// returns how much of it that stands for.
///
/// What is special often stands close together, such as the quotes in a text that is JSON itself. So long runs are
/// searched for and copied as a whole, and the bytes of short ones one by one.
#[inline]
pub(super) fn write(
    bytes: &mut Vec<u8>,
    text: &[u8],
    is_special: impl Fn(u8) -> bool,
    table: &Table,
    replace: impl Fn(&mut Vec<u8>, &[u8]) -> usize,
) {
    let mut place = 0;
    loop {
        let run = length(&text[place..], &is_special);
        bytes.extend_from_slice(&text[place..place + run]);
        place += run;
        let mut plain = 0;
        while plain < FEW {
            let Some(&byte) = text.get(place) else {
                return;
            };
            if table[usize::from(byte)] {
                place += replace(bytes, &text[place..]);
                plain = 0;
            } else {
                bytes.push(byte);
                place += 1;
                plain += 1;
            }
        }
    }
}

/// The length of the longest start of `bytes` without a special byte. Made for texts that are mostly short: their bytes are
/// looked at one by one, and only what follows in long runs.
#[inline]
pub(super) fn short_length(bytes: &[u8], is_special: impl Fn(u8) -> bool, table: &Table) -> usize {
    let few = &bytes[..bytes.len().min(FEW)];
    let special = few.iter().position(|&byte| table[usize::from(byte)]);
    special.unwrap_or_else(|| few.len() + length(&bytes[few.len()..], is_special))
}

/// The length of the longest start of `bytes` without a special byte.
///
/// Many bytes are looked at together. More than thirty-two, and the compiler may make no vector instructions of it.
#[inline]
pub(super) fn length(bytes: &[u8], is_special: impl Fn(u8) -> bool) -> usize {
    let mut known = 0;
    if bytes.len() >= 32 {
        known = in_chunks::<32>(bytes, &is_special);
    }
    known += in_chunks::<16>(&bytes[known..], &is_special);
    let rest = &bytes[known..];
    let special = rest.iter().position(|&byte| is_special(byte));
    known + special.unwrap_or(rest.len())
}

/// The length of a start of `bytes` without a special byte: whole chunks, or all.
///
/// The compiler makes vector instructions of it where `is_special` has no branches, and not where it is a `matches!`, which
/// becomes a table.
#[inline]
fn in_chunks<const SIZE: usize>(bytes: &[u8], is_special: impl Fn(u8) -> bool) -> usize {
    let has_special = |chunk: &[u8; SIZE]| {
        let any = |any: bool, &byte: &u8| any | is_special(byte);
        chunk.iter().fold(false, any)
    };
    let (chunks, _) = bytes.as_chunks::<SIZE>();
    let without = chunks.iter().take_while(|chunk| !has_special(chunk));
    let known = without.count() * SIZE;
    match bytes.last_chunk::<SIZE>() {
        Some(last) if bytes.len() - known < SIZE && !has_special(last) => bytes.len(),
        _ => known,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn is_x(byte: u8) -> bool {
        byte == b'x'
    }

    static X: Table = table!(is_x);

    #[test]
    fn the_first_special_byte_ends_it_wherever_it_is() {
        for size in 0..150 {
            let mut bytes = vec![b'a'; size];
            assert_eq!(length(&bytes, is_x), size);
            assert_eq!(short_length(&bytes, is_x, &X), size);
            for place in (0..size).rev() {
                bytes[place] = b'x';
                assert_eq!(length(&bytes, is_x), place, "of {size}");
                assert_eq!(short_length(&bytes, is_x, &X), place, "of {size}");
            }
        }
    }
}

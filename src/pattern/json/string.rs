//! Strings: the text between quotes.

use std::borrow::Cow;

use memchr::memchr2;

use super::syntax_error::{Mistake, SyntaxError};

/// Reads a string whose opening quote is before `start`; also returns the byte after its closing quote. `end` is the
/// error if the text ends before that.
pub(super) fn read(
    text: &str,
    start: usize,
    end: Mistake,
) -> Result<(Cow<'_, str>, usize), SyntaxError> {
    let mut unescaped = String::new();
    let mut at = start;
    loop {
        let rest = &text.as_bytes()[at..];
        let plain = plain_bytes(rest);
        let run = &text[at..at + plain];
        at += plain;
        match rest.get(plain) {
            Some(b'"') if at - start == plain => return Ok((Cow::Borrowed(run), at + 1)),
            Some(b'"') => {
                unescaped.push_str(run);
                return Ok((Cow::Owned(unescaped), at + 1));
            }
            Some(b'\\') => {
                unescaped.push_str(run);
                let (character, behind) = escape(text, at + 1)?;
                unescaped.push(character);
                at = behind;
            }
            Some(_) => return Err(SyntaxError::at_character(Mistake::Control, text, at)),
            None => return Err(SyntaxError::new(end, at)),
        }
    }
}

/// How many bytes stand for themselves.
fn plain_bytes(bytes: &[u8]) -> usize {
    let is_special = |byte: &u8| !PLAIN[usize::from(*byte)];
    let (first, rest) = bytes.split_at(bytes.len().min(SHORT));
    let (words, tail) = first.as_chunks();
    let mut plain = 0;
    for word in words {
        let special = special_bytes(u64::from_le_bytes(*word));
        if special != 0 {
            return plain + special.trailing_zeros() as usize / 8;
        }
        plain += word.len();
    }
    if let Some(end) = tail.iter().position(is_special) {
        return plain + end;
    }
    let end = memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
    // The least of them is found many at a time.
    let least = rest[..end].iter().min();
    let end = if least.is_some_and(|least| *least < 0x20) {
        rest.iter().position(is_special).unwrap_or(end)
    } else {
        end
    };
    first.len() + end
}

/// The highest bit of the lowest byte that does not stand for itself; bits of higher bytes mean nothing.
const fn special_bytes(word: u64) -> u64 {
    const LOWEST: u64 = u64::MAX / 255;
    const HIGHEST: u64 = LOWEST << 7;
    const fn below(word: u64, limit: u8) -> u64 {
        word.wrapping_sub(LOWEST * limit as u64) & !word & HIGHEST
    }
    let quote = word ^ (LOWEST * b'"' as u64);
    let backslash = word ^ (LOWEST * b'\\' as u64);
    below(word, 0x20) | below(quote, 1) | below(backslash, 1)
}

/// Up to this many bytes by the word are faster than a search.
const SHORT: usize = 32;

/// Which bytes stand for themselves.
const PLAIN: [bool; 256] = {
    let mut plain = [true; 256];
    let mut control = 0;
    while control < 0x20 {
        plain[control] = false;
        control += 1;
    }
    plain[b'"' as usize] = false;
    plain[b'\\' as usize] = false;
    plain
};

/// What a text means that is put between quotes as it is; none if it would not be one string there.
pub(in crate::pattern) fn quoted(text: &str) -> Option<Cow<'_, str>> {
    let mut at = plain_bytes(text.as_bytes());
    if at == text.len() {
        return Some(Cow::Borrowed(text));
    }
    let mut unescaped = String::with_capacity(text.len());
    unescaped.push_str(&text[..at]);
    while let Some(&byte) = text.as_bytes().get(at) {
        if byte != b'\\' {
            return None;
        }
        let (character, behind) = escape(text, at + 1).ok()?;
        unescaped.push(character);
        let plain = plain_bytes(&text.as_bytes()[behind..]);
        at = behind + plain;
        unescaped.push_str(&text[behind..at]);
    }
    Some(Cow::Owned(unescaped))
}

/// The character that an escape means; its backslash is before `at`.
fn escape(text: &str, at: usize) -> Result<(char, usize), SyntaxError> {
    let character = match text.as_bytes().get(at) {
        Some(&byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode_escape(text, at + 1),
        Some(_) => return Err(SyntaxError::at_character(Mistake::Escape, text, at)),
        None => return Err(SyntaxError::new(Mistake::EndInEscape, at)),
    };
    Ok((character, at + 1))
}

/// `\uXXXX`, two of them for a character beyond the basic plane. Half a pair, which Java's strings can hold and Rust's
/// cannot, becomes the replacement character.
fn unicode_escape(text: &str, at: usize) -> Result<(char, usize), SyntaxError> {
    let unit = hex(text, at)?;
    let behind = at + 4;
    if let Some(character) = char::from_u32(unit) {
        return Ok((character, behind));
    }
    if (0xD800..0xDC00).contains(&unit) && text[behind..].starts_with("\\u") {
        let low = hex(text, behind + 2)?;
        if (0xDC00..0xE000).contains(&low) {
            let scalar = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            let character = char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER);
            return Ok((character, behind + 6));
        }
    }
    Ok((char::REPLACEMENT_CHARACTER, behind))
}

fn hex(text: &str, at: usize) -> Result<u32, SyntaxError> {
    let mut unit = 0;
    for at in at..at + 4 {
        let Some(&byte) = text.as_bytes().get(at) else {
            return Err(SyntaxError::new(Mistake::EndInEscape, at));
        };
        let Some(digit) = char::from(byte).to_digit(16) else {
            return Err(SyntaxError::at_character(Mistake::HexDigit, text, at));
        };
        unit = unit * 16 + digit;
    }
    Ok(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_bytes_end_at_what_is_special() {
        for length in [0, 1, SHORT - 1, SHORT, SHORT + 1, 3 * SHORT] {
            let plain = "é".repeat(length).into_bytes();
            assert_eq!(plain_bytes(&plain), plain.len());
            for special in ["\"", "\\", "\0", "\u{1f}", "\t\"", "\"\t"] {
                let text = [&plain, special.as_bytes(), b"x\""].concat();
                assert_eq!(plain_bytes(&text), plain.len(), "{length} {special:?}");
            }
        }
    }
}

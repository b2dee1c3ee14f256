//! The characters that XML 1.0 has: all that AWS accepts in messages, and in most texts that it shows again.

/// The first character of a text that XML 1.0 does not have: a control character, U+FFFE or U+FFFF. Surrogates cannot
/// occur in a `str`.
pub fn ill_formed(text: &str) -> Option<char> {
    // Most texts are plain ASCII, which is checked at the speed of memory.
    let is_plain = text
        .bytes()
        .fold(true, |plain, byte| plain & (0x20..0x80).contains(&byte));
    if is_plain {
        return None;
    }
    text.chars().find(|&character| !is_well_formed(character))
}

/// Whether XML 1.0 has the character.
pub fn is_well_formed(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        _ => character >= ' ',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_character_that_xml_lacks_is_found() {
        for fine in [
            "",
            "a",
            "\t\n\r\u{7f}",
            "\u{d7ff}\u{e000}\u{fffd}",
            "\u{10000}\u{10ffff}",
            "é€😀",
        ] {
            assert_eq!(ill_formed(fine), None, "{fine:?}");
        }
        for wrong in ['\0', '\u{b}', '\u{c}', '\u{1f}', '\u{fffe}', '\u{ffff}'] {
            assert_eq!(ill_formed(&format!("é{wrong}\u{1}")), Some(wrong));
        }
    }
}

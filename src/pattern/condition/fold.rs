//! Texts without case.

/// The text in the form that all its spellings in small and capital letters share.
///
/// The reference matcher folds each character by its capital and its small form where these are one character: Ñ is ñ and
/// ẞ is ß, but ß is not SS. It sees UTF-16 units, so nothing beyond the basic plane folds.
pub(in crate::pattern) fn fold(text: &str) -> Box<str> {
    text.chars().map(fold_character).collect()
}

fn fold_character(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_lowercase();
    }
    if u32::from(character) > 0xFFFF {
        return character;
    }
    let capital = only(character.to_uppercase()).unwrap_or(character);
    only(capital.to_lowercase()).unwrap_or(capital)
}

fn only(mut characters: impl Iterator<Item = char>) -> Option<char> {
    let first = characters.next();
    first.filter(|_| characters.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_forgotten_character_by_character() {
        for (one, other) in [
            ("Tennis", "tENNIS"),
            ("Ñ", "ñ"),
            ("ẞ", "ß"),
            ("Σ", "ς"),
            ("Ж", "ж"),
        ] {
            assert_eq!(fold(one), fold(other));
        }
        for (one, other) in [("ß", "SS"), ("a", "a "), ("𐐀", "𐐨"), ("e", "é")] {
            assert_ne!(fold(one), fold(other));
        }
    }
}

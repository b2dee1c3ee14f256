//! Tags of resources: which are valid, and how many a resource may have.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Tags by key.
pub(crate) type Tags = BTreeMap<String, String>;

/// Maximum number of tags of a resource. (Tagging AWS resources, tag limits.)
const TAGS: usize = 50;

/// Maximum length of a key, in characters.
const KEY_LENGTH: RangeInclusive<usize> = 1..=128;

/// Maximum length of a value, in characters.
const VALUE_LENGTH: usize = 256;

/// The prefix that keys may not have, in any letter case.
const RESERVED: &str = "aws:";

/// Why a tag is refused. Displays as the sentence that services share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TagRefused {
    #[error("Tag keys must be between 1 and 128 characters in length.")]
    KeyLength,
    #[error("Tag values must be between 0 and 256 characters in length.")]
    ValueLength,
    #[error("Tag keys must not begin with 'aws:', which is reserved for use by AWS.")]
    Reserved,
    #[error(
        "Tags can only include letters, digits, white space and the characters _ . : / = + - @."
    )]
    Characters,
}

/// A resource would have too many tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooManyTags;

/// Checks one tag.
pub(crate) fn check(key: &str, value: &str) -> Result<(), TagRefused> {
    check_key_length(key)?;
    if value.chars().count() > VALUE_LENGTH {
        return Err(TagRefused::ValueLength);
    }
    let start = key.get(..RESERVED.len());
    if start.is_some_and(|start| start.eq_ignore_ascii_case(RESERVED)) {
        return Err(TagRefused::Reserved);
    }
    if !key.chars().chain(value.chars()).all(is_allowed) {
        return Err(TagRefused::Characters);
    }
    Ok(())
}

/// Checks the length of a tag's key, which is all that is asked of the key of a tag to be removed.
pub(crate) fn check_key_length(key: &str) -> Result<(), TagRefused> {
    if KEY_LENGTH.contains(&key.chars().count()) {
        Ok(())
    } else {
        Err(TagRefused::KeyLength)
    }
}

/// Tagging AWS resources: `^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$`. White space that is a control character, such as a tab, is
/// not in it.
fn is_allowed(character: char) -> bool {
    character.is_alphanumeric()
        || "_.:/=+-@".contains(character)
        || (character.is_whitespace() && !character.is_control())
}

/// Adds `tags` to those of a resource, replacing those with the same keys; all or none.
pub(crate) fn add(present: &mut Tags, tags: Tags) -> Result<(), TooManyTags> {
    let new = tags.keys().filter(|key| !present.contains_key(*key));
    if present.len() + new.count() > TAGS {
        return Err(TooManyTags);
    }
    present.extend(tags);
    Ok(())
}

/// Removes the tags with these keys; missing ones are not an error.
pub(crate) fn remove(present: &mut Tags, keys: &[String]) {
    for key in keys {
        present.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_have_their_lengths_and_characters() {
        let (key, value) = ("ä".repeat(128), "ä".repeat(256));
        assert_eq!(check(&key, &value), Ok(()));
        assert_eq!(check("a", ""), Ok(()));
        assert_eq!(check("Straße 1_.:/=+-@", "東京\u{a0}"), Ok(()));
        for (key, value, refused) in [
            ("", "", TagRefused::KeyLength),
            (&*"ä".repeat(129), "", TagRefused::KeyLength),
            ("a", &*"ä".repeat(257), TagRefused::ValueLength),
            ("AWS:a", "", TagRefused::Reserved),
            ("a!b", "", TagRefused::Characters),
            ("a", "tab\t", TagRefused::Characters),
            ("a", "\u{1}", TagRefused::Characters),
            ("a", "\u{ffff}", TagRefused::Characters),
        ] {
            assert_eq!(check(key, value), Err(refused), "{key}");
        }
    }

    #[test]
    fn fifty_tags_are_the_most_and_present_keys_count_once() {
        let tag = |number: usize| (number.to_string(), String::new());
        let mut present: Tags = (0..49).map(tag).collect();
        assert_eq!(add(&mut present, (40..50).map(tag).collect()), Ok(()));
        let one_more = (50..51).map(tag).collect();
        assert_eq!(add(&mut present, one_more), Err(TooManyTags));
        assert_eq!(present.len(), 50);
        remove(&mut present, &["0".to_owned(), "50".to_owned()]);
        assert_eq!(present.len(), 49);
    }
}

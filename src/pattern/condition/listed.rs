//! What `anything-but` lists. A list counts as one condition however long it is, so that it is searched, not walked.

use core::borrow::Borrow;
use core::cmp::Ordering;

/// Up to so many items are left in the policy's order and compared one by one.
const FEW: usize = 8;

/// Items to be found in a list.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::pattern) struct Listed<T> {
    /// In order if they are many.
    items: Box<[T]>,
}

impl<T: Ord> Listed<T> {
    pub(in crate::pattern) fn new(mut items: Vec<T>) -> Self {
        if items.len() > FEW {
            items.sort_unstable();
            items.dedup();
        }
        Self {
            items: items.into(),
        }
    }

    pub(in crate::pattern) fn items(&self) -> &[T] {
        &self.items
    }

    pub(super) fn contains<Q: Ord + ?Sized>(&self, wanted: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        if self.items.len() > FEW {
            let items = &self.items;
            items
                .binary_search_by(|item| item.borrow().cmp(wanted))
                .is_ok()
        } else {
            self.items.iter().any(|item| item.borrow() == wanted)
        }
    }
}

/// Texts, of which one may be the beginning, or the end, of another text.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::pattern) struct Affixes {
    /// If they are many, in the order of the side on which they are held against a text; and none is the affix of another,
    /// so that only the one before a text can be its affix.
    items: Box<[Box<str>]>,
}

impl Affixes {
    pub(in crate::pattern) fn prefixes(mut items: Vec<Box<str>>) -> Self {
        if items.len() > FEW {
            items.sort_unstable();
            items.dedup_by(|later, kept| later.starts_with(&**kept));
        }
        Self {
            items: items.into(),
        }
    }

    pub(in crate::pattern) fn suffixes(mut items: Vec<Box<str>>) -> Self {
        if items.len() > FEW {
            items.sort_unstable_by(|one, other| backwards(one, other));
            items.dedup_by(|later, kept| later.ends_with(&**kept));
        }
        Self {
            items: items.into(),
        }
    }

    pub(in crate::pattern) fn items(&self) -> &[Box<str>] {
        &self.items
    }

    /// Whether one of these prefixes begins the text.
    pub(super) fn begin(&self, text: &str) -> bool {
        if self.items.len() > FEW {
            let before = self.items.partition_point(|prefix| **prefix <= *text);
            before > 0 && text.starts_with(&*self.items[before - 1])
        } else {
            self.items.iter().any(|prefix| text.starts_with(&**prefix))
        }
    }

    /// Whether one of these suffixes ends the text.
    pub(super) fn end(&self, text: &str) -> bool {
        if self.items.len() > FEW {
            let items = &self.items;
            let before =
                items.partition_point(|suffix| backwards(suffix, text) != Ordering::Greater);
            before > 0 && text.ends_with(&*self.items[before - 1])
        } else {
            self.items.iter().any(|suffix| text.ends_with(&**suffix))
        }
    }
}

/// The order of texts from their ends.
fn backwards(one: &str, other: &str) -> Ordering {
    one.bytes().rev().cmp(other.bytes().rev())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn long_lists_answer_as_if_they_were_walked(
            items in prop::collection::vec("[ab\u{e9}]{1,4}", 1..40),
            texts in prop::collection::vec("[ab\u{e9}]{0,5}", 40),
        ) {
            let boxed: Vec<Box<str>> = items.iter().map(|item| (**item).into()).collect();
            let listed = Listed::new(boxed.clone());
            let prefixes = Affixes::prefixes(boxed.clone());
            let suffixes = Affixes::suffixes(boxed);
            for text in texts {
                prop_assert_eq!(listed.contains(&*text), items.contains(&text));
                let begins = items.iter().any(|item| text.starts_with(&**item));
                prop_assert_eq!(prefixes.begin(&text), begins, "{:?} {}", items, text);
                let ends = items.iter().any(|item| text.ends_with(&**item));
                prop_assert_eq!(suffixes.end(&text), ends, "{:?} {}", items, text);
            }
        }
    }
}

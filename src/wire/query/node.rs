//! A form's pairs as a tree, without building one.
//!
//! A [`Node`] is the subtree under one path: its pairs, with that path taken off their names. To go a step down, each
//! pair is assigned to a group (a structure's member, a list's index) by its next step, and the groups are brought
//! together by a stable sort. Forms come in order from every SDK, so there is nothing to sort. A step takes at least
//! one byte off each name it looks at: the work is bounded by the form's length.

use std::fmt;

use serde::de;

use crate::wire::date::DateTime;
use crate::wire::error::{BASE64_TEXT, MALFORMED, NOT_BASE64};
use crate::wire::names::{Names, Shape};

/// The most steps of a path. SQS's longest has seven (a batch's
/// `SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.BinaryListValue.1`); the bound keeps recursive types from
/// exhausting the stack.
const MAX_DEPTH: u8 = 64;

/// One pair, seen from a node.
pub(super) struct Item<'de> {
    /// The rest of its name, under the node's path.
    pub(super) path: &'de str,
    pub(super) value: &'de str,
    /// Which of the node's children it belongs to.
    pub(super) group: u64,
}

/// What takes a step off an item's path, and tells the group that it belongs to.
type Step<'s, 'de> = dyn FnMut(&Item<'de>) -> Result<Option<(u64, &'de str)>, Refusal> + 's;

/// The subtree under one path.
pub(super) struct Node<'n, 'de> {
    pub(super) items: &'n mut [Item<'de>],
    /// The words around the elements, should it be a list or a map.
    pub(super) shape: &'static Shape,
    pub(super) names: Names,
    pub(super) depth: u8,
}

impl<'n, 'de> Node<'n, 'de> {
    /// The value of the pair whose name is the path itself; the first, if there are several. A member that a map's
    /// entry or a list's element leaves out is empty.
    pub(super) fn text(&self) -> Result<&'de str, Refusal> {
        if self.items.is_empty() {
            return Ok("");
        }
        let own = self.items.iter().find(|item| item.path.is_empty());
        own.map(|item| item.value).ok_or(Refusal(
            "Start of structure or map found where not expected.",
        ))
    }

    pub(super) fn number<T: std::str::FromStr>(&self, refusal: &'static str) -> Result<T, Refusal> {
        self.text()?.parse().map_err(|_| Refusal(refusal))
    }

    /// The seconds since the Unix epoch of a date: the form of moments in Query.
    pub(super) fn date(&self) -> Result<f64, Refusal> {
        let date = DateTime::parse(self.text()?).ok_or(Refusal(MALFORMED))?;
        #[expect(clippy::cast_precision_loss, reason = "exact until the year 9999")]
        Ok(date.0.as_millis() as f64 / 1000.0)
    }

    /// Assigns each pair to a group by its name, and takes off the name what `step` takes. Drops pairs without a group,
    /// and brings those of each group together, in order.
    pub(super) fn group(self, step: &mut Step<'_, 'de>) -> Result<Groups<'n, 'de>, Refusal> {
        if self.depth == MAX_DEPTH {
            return Err(Refusal(MALFORMED));
        }
        let mut kept = 0;
        for at in 0..self.items.len() {
            if let Some((group, path)) = step(&self.items[at])? {
                let item = &mut self.items[at];
                (item.group, item.path) = (group, path);
                self.items.swap(kept, at);
                kept += 1;
            }
        }
        let items = &mut self.items[..kept];
        if !items.is_sorted_by_key(|item| item.group) {
            items.sort_by_key(|item| item.group);
        }
        Ok(Groups {
            items,
            names: self.names,
            depth: self.depth + 1,
        })
    }

    /// The elements of a list or the entries of a map, by their index. `word` stands before it, unless flattened.
    ///
    /// A pair without an index is the first element: AWS's documentation writes single elements like this
    /// (`AttributeName=All`, `Attribute.Name=…`). An empty pair without an index is an empty list, as Smithy writes
    /// one.
    pub(super) fn elements(self, word: &str) -> Result<Groups<'n, 'de>, Refusal> {
        let Shape {
            flattened,
            refuses_empty,
            ..
        } = *self.shape;
        self.group(&mut |item| {
            if item.path.is_empty() {
                if refuses_empty && item.value.is_empty() {
                    return Err(Refusal("End of list found where not expected"));
                }
                return Ok((!item.value.is_empty()).then_some((0, item.path)));
            }
            let path = if flattened {
                item.path
            } else {
                match split_step(item.path) {
                    (step, rest) if step == word => rest,
                    _ => return Ok(None),
                }
            };
            let (step, rest) = split_step(path);
            if step.is_empty() || !step.bytes().all(|byte| byte.is_ascii_digit()) {
                return Ok(Some((0, path)));
            }
            let index = step.parse().map_err(|_| Refusal(MALFORMED))?;
            Ok(Some((index, rest)))
        })
    }
}

/// The first step of a path, and what comes after it.
pub(super) fn split_step(path: &str) -> (&str, &str) {
    match path.bytes().position(|byte| byte == b'.') {
        Some(dot) => (&path[..dot], &path[dot + 1..]),
        None => (path, ""),
    }
}

/// The rest of `path` after the step `name`, if that is its first step.
pub(super) fn after_step<'p>(path: &'p str, name: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(name)?;
    if rest.is_empty() {
        return Some(rest);
    }
    rest.strip_prefix('.')
}

/// The children of a node, one group of pairs after another.
pub(super) struct Groups<'n, 'de> {
    pub(super) items: &'n mut [Item<'de>],
    pub(super) names: Names,
    pub(super) depth: u8,
}

impl<'n, 'de> Groups<'n, 'de> {
    /// The next child's group and pairs.
    pub(super) fn next(&mut self) -> Option<(u64, &'n mut [Item<'de>])> {
        let group = self.items.first()?.group;
        let items = std::mem::take(&mut self.items);
        let other = items.iter().position(|item| item.group != group);
        let (child, rest) = items.split_at_mut(other.unwrap_or(items.len()));
        self.items = rest;
        Some((group, child))
    }

    pub(super) fn node(&self, items: &'n mut [Item<'de>], shape: &'static Shape) -> Node<'n, 'de> {
        Node {
            items,
            shape,
            names: self.names,
            depth: self.depth,
        }
    }
}

/// Why a form cannot be read, in AWS's words where these are known. serde's own messages are dropped here.
#[derive(Debug)]
pub(super) struct Refusal(pub(super) &'static str);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Refusal {}

impl de::Error for Refusal {
    fn custom<T: fmt::Display>(_message: T) -> Self {
        Self(MALFORMED)
    }

    fn invalid_value(_found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        if expected.to_string() == BASE64_TEXT {
            Self(NOT_BASE64)
        } else {
            Self(MALFORMED)
        }
    }
}

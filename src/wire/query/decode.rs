//! A form's pairs as serde's data model.
//!
//! A [`Node`] is what stands under one path: its pairs, with that path taken off their names. To go a step down, each
//! pair is assigned to a group (a structure's member, a list's index) by its next step, and the groups are brought
//! together by a stable sort. Forms come in order from every SDK, so there is nothing to sort. A step takes at least
//! one byte off each name it looks at: the work is bounded by the form's length.

use std::fmt;

use serde::de::value::{BorrowedStrDeserializer, F64Deserializer, StrDeserializer};
use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::Form;
use crate::wire::date::{DateTime, MOMENT};
use crate::wire::error::DecodeError;
use crate::wire::names::{MemberName, Names, Shape};
use crate::wire::number::FLOAT;

/// How many steps a path may have. AWS's longest has nine (`Entry.1.MessageAttribute.1.Value.BinaryListValue.1` and the
/// like); the bound keeps recursive types from exhausting the stack.
const MAX_DEPTH: u8 = 64;

const NO_DOUBLE: &str = "STRING_VALUE can not be converted to a Double";

/// Reads an operation's input from a form. Parameters that the input does not have are ignored, and so are those that
/// say which action is called and who calls it.
pub fn decode<'a, T: Deserialize<'a>>(form: &'a Form<'a>, names: Names) -> Result<T, DecodeError> {
    let mut items: Vec<Item<'a>> = form
        .pairs
        .iter()
        .map(|(name, value)| Item {
            path: name,
            value,
            group: 0,
        })
        .collect();
    let root = Node {
        items: &mut items,
        shape: &Shape::PLAIN,
        names,
        depth: 0,
    };
    T::deserialize(root).map_err(|Refusal(message)| DecodeError {
        message: message.into(),
    })
}

/// Whether a parameter belongs to the request rather than to the action's input.
fn is_of_the_request(parameter: &str) -> bool {
    parameter.starts_with("X-Amz-")
        || matches!(
            parameter,
            "Action"
                | "Version"
                | "AWSAccessKeyId"
                | "Signature"
                | "SignatureMethod"
                | "SignatureVersion"
                | "SecurityToken"
                | "Timestamp"
                | "Expires"
        )
}

/// One pair, seen from a node.
struct Item<'de> {
    /// What is left of its name under the node's path.
    path: &'de str,
    value: &'de str,
    /// Which of the node's children it belongs to.
    group: u64,
}

/// What stands under one path.
struct Node<'n, 'de> {
    items: &'n mut [Item<'de>],
    /// The words around the elements, should it be a list or a map.
    shape: &'static Shape,
    names: Names,
    depth: u8,
}

impl<'n, 'de> Node<'n, 'de> {
    /// The value of the pair whose name is the path itself; the first, if there are several. A member that a map's
    /// entry or a list's element leaves out is empty.
    fn text(&self) -> Result<&'de str, Refusal> {
        if self.items.is_empty() {
            return Ok("");
        }
        let own = self.items.iter().find(|item| item.path.is_empty());
        own.map(|item| item.value).ok_or(Refusal(
            "Start of structure or map found where not expected.",
        ))
    }

    fn number<T: std::str::FromStr>(&self, refusal: &'static str) -> Result<T, Refusal> {
        self.text()?.parse().map_err(|_| Refusal(refusal))
    }

    /// The seconds since the Unix epoch of a date: the form of moments in Query.
    fn date(&self) -> Result<f64, Refusal> {
        let date = DateTime::parse(self.text()?).ok_or(Refusal(""))?;
        #[expect(clippy::cast_precision_loss, reason = "exact until the year 9999")]
        Ok(date.0.as_millis() as f64 / 1000.0)
    }

    /// Assigns each pair to a group by its name, and takes from the name what `step` takes. Drops pairs that get no
    /// group, and brings those of each group together, in order.
    fn group(
        self,
        mut step: impl FnMut(&Item<'de>) -> Result<Option<(u64, &'de str)>, Refusal>,
    ) -> Result<Groups<'n, 'de>, Refusal> {
        if self.depth == MAX_DEPTH {
            return Err(Refusal(""));
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
    /// What stands without an index is the first element: AWS's documentation gives single ones so
    /// (`AttributeName=All`, `Attribute.Name=…`). Empty and without an index it is an empty list, as Smithy writes one.
    fn elements(self, word: &str) -> Result<Groups<'n, 'de>, Refusal> {
        let flattened = self.shape.flattened;
        self.group(|item| {
            if item.path.is_empty() {
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
            let index = step.parse().map_err(|_| Refusal(""))?;
            Ok(Some((index, rest)))
        })
    }
}

/// The first step of a path, and what comes after it.
fn split_step(path: &str) -> (&str, &str) {
    match path.bytes().position(|byte| byte == b'.') {
        Some(dot) => (&path[..dot], &path[dot + 1..]),
        None => (path, ""),
    }
}

/// What is left of `path` after the step `name`, if that is its first step.
fn after_step<'p>(path: &'p str, name: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(name)?;
    if rest.is_empty() {
        return Some(rest);
    }
    rest.strip_prefix('.')
}

/// The children of a node, one group of pairs after another.
struct Groups<'n, 'de> {
    items: &'n mut [Item<'de>],
    names: Names,
    depth: u8,
}

impl<'n, 'de> Groups<'n, 'de> {
    /// The next child's group and pairs.
    fn next(&mut self) -> Option<(u64, &'n mut [Item<'de>])> {
        let group = self.items.first()?.group;
        let items = std::mem::take(&mut self.items);
        let other = items.iter().position(|item| item.group != group);
        let (child, rest) = items.split_at_mut(other.unwrap_or(items.len()));
        self.items = rest;
        Some((group, child))
    }

    fn node(&self, items: &'n mut [Item<'de>], shape: &'static Shape) -> Node<'n, 'de> {
        Node {
            items,
            shape,
            names: self.names,
            depth: self.depth,
        }
    }
}

macro_rules! deserialize_numbers {
    ($($deserialize:ident => $visit:ident, $refusal:expr;)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
            visitor.$visit(self.number($refusal)?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Node<'_, 'de> {
    type Error = Refusal;

    deserialize_numbers! {
        deserialize_i8 => visit_i8, "STRING_VALUE can not be converted to an Integer";
        deserialize_i16 => visit_i16, "STRING_VALUE can not be converted to an Integer";
        deserialize_i32 => visit_i32, "STRING_VALUE can not be converted to an Integer";
        deserialize_i64 => visit_i64, "STRING_VALUE can not be converted to a Long";
        deserialize_u8 => visit_u8, "STRING_VALUE can not be converted to an Integer";
        deserialize_u16 => visit_u16, "STRING_VALUE can not be converted to an Integer";
        deserialize_u32 => visit_u32, "STRING_VALUE can not be converted to an Integer";
        deserialize_u64 => visit_u64, "STRING_VALUE can not be converted to a Long";
        deserialize_f32 => visit_f32, NO_DOUBLE;
        deserialize_f64 => visit_f64, NO_DOUBLE;
        deserialize_bool => visit_bool, "STRING_VALUE can not be converted to a Boolean";
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_borrowed_str(self.text()?)
    }

    forward_to_deserialize_any! { char str string bytes byte_buf identifier }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_unit()
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        visitor.visit_unit()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        if self.items.is_empty() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        match name {
            MOMENT => visitor.visit_newtype_struct(F64Deserializer::new(self.date()?)),
            FLOAT => visitor.visit_newtype_struct(F64Deserializer::new(self.number(NO_DOUBLE)?)),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        let text: StrDeserializer<'_, Refusal> = self.text()?.into_deserializer();
        visitor.visit_enum(text)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        let word = self.shape.item;
        visitor.visit_seq(Elements(self.elements(word)?))
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        let shape = self.shape;
        visitor.visit_map(Entries {
            groups: self.elements(shape.entry)?,
            shape,
            value: None,
        })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        let names = self.names;
        let is_root = self.depth == 0;
        let members: Vec<MemberName> = fields.iter().map(|field| names(name, field)).collect();
        let mut last = 0;
        let groups = self.group(|item| {
            let (step, path) = split_step(item.path);
            if is_root && is_of_the_request(step) {
                return Ok(None);
            }
            // The parts of a member come together.
            if members.get(last).is_none_or(|member| member.name != step) {
                match members.iter().position(|member| member.name == step) {
                    Some(at) => last = at,
                    None => return Ok(position_of_other_name(&members, step).zip(Some(path))),
                }
            }
            Ok(Some((last as u64, path)))
        })?;
        visitor.visit_map(Members {
            groups,
            fields,
            names: members,
            value: None,
        })
    }
}

fn position_of_other_name(members: &[MemberName], step: &str) -> Option<u64> {
    let at = members.iter().position(|member| member.also == Some(step));
    at.map(|at| at as u64)
}

/// A list.
struct Elements<'n, 'de>(Groups<'n, 'de>);

impl<'de> de::SeqAccess<'de> for Elements<'_, 'de> {
    type Error = Refusal;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Refusal> {
        let Some((_, items)) = self.0.next() else {
            return Ok(None);
        };
        // A list within a list has Smithy's words: the model can rename but a member's own.
        seed.deserialize(self.0.node(items, &Shape::PLAIN))
            .map(Some)
    }
}

/// A map.
struct Entries<'n, 'de> {
    groups: Groups<'n, 'de>,
    shape: &'static Shape,
    /// The pairs of the value whose key was read.
    value: Option<&'n mut [Item<'de>]>,
}

impl<'de> de::MapAccess<'de> for Entries<'_, 'de> {
    type Error = Refusal;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Refusal> {
        let Some((_, items)) = self.groups.next() else {
            return Ok(None);
        };
        let (key, value) = split_entry(items, self.shape);
        self.value = Some(value);
        seed.deserialize(BorrowedStrDeserializer::new(key))
            .map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Refusal> {
        let items = self.value.take().expect("serde asks for the key first");
        seed.deserialize(self.groups.node(items, &Shape::PLAIN))
    }
}

/// The key of an entry and the pairs of its value. An entry without a key has an empty one: what that means, the
/// operation says in its service's words.
fn split_entry<'n, 'de>(
    items: &'n mut [Item<'de>],
    shape: &Shape,
) -> (&'de str, &'n mut [Item<'de>]) {
    let mut key = None;
    let mut kept = 0;
    for at in 0..items.len() {
        if key.is_none() && items[at].path == shape.key {
            key = Some(items[at].value);
        } else if let Some(rest) = after_step(items[at].path, shape.value) {
            items[at].path = rest;
            items.swap(kept, at);
            kept += 1;
        }
    }
    (key.unwrap_or_default(), &mut items[..kept])
}

/// A structure.
struct Members<'n, 'de> {
    groups: Groups<'n, 'de>,
    fields: &'static [&'static str],
    /// The fields' names in the form.
    names: Vec<MemberName>,
    /// The member whose name was read, and its pairs.
    value: Option<(usize, &'n mut [Item<'de>])>,
}

impl<'de> de::MapAccess<'de> for Members<'_, 'de> {
    type Error = Refusal;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Refusal> {
        let Some((group, items)) = self.groups.next() else {
            return Ok(None);
        };
        let at = usize::try_from(group).expect("it is an index into the members");
        self.value = Some((at, items));
        seed.deserialize(BorrowedStrDeserializer::new(self.fields[at]))
            .map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Refusal> {
        let (at, items) = self.value.take().expect("serde asks for the key first");
        seed.deserialize(self.groups.node(items, self.names[at].shape))
    }
}

/// Why a form cannot be read, in AWS's words; empty where these are not known. serde's own words end here.
#[derive(Debug)]
struct Refusal(&'static str);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Refusal {}

impl de::Error for Refusal {
    fn custom<T: fmt::Display>(_message: T) -> Self {
        Self("")
    }
}

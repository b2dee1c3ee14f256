//! A form's pairs as serde's data model.

use serde::de::value::{BorrowedStrDeserializer, F64Deserializer, StrDeserializer};
use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::Form;
use super::node::{Groups, Item, Node, Refusal, after_step, split_step};
use crate::wire::date::MOMENT;
use crate::wire::error::DecodeError;
use crate::wire::names::{MemberName, Names, Shape};
use crate::wire::number::FLOAT;

const NO_DOUBLE: &str = "STRING_VALUE can not be converted to a Double";

/// Reads an operation's input from a form. Parameters that the input does not have are ignored, and so are those that
/// name the action and the caller.
pub fn decode<'a, T: Deserialize<'a>>(form: &'a Form<'a>, names: Names) -> Result<T, DecodeError> {
    let mut items = items(form);
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

fn items<'a>(form: &'a Form<'a>) -> Vec<Item<'a>> {
    let items = form.pairs.iter().map(|(name, value)| Item {
        path: name,
        value,
        group: 0,
    });
    items.collect()
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
        visitor.visit_map(Members::of(self, name, fields)?)
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
        // A list within a list has Smithy's words: the model can rename only a member's own.
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

/// The key of an entry and the pairs of its value. An entry without a key has an empty one, which the operation refuses
/// in its service's words.
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

impl<'n, 'de> Members<'n, 'de> {
    fn of(
        node: Node<'n, 'de>,
        structure: &'static str,
        fields: &'static [&'static str],
    ) -> Result<Self, Refusal> {
        let of_field = |field: &&'static str| (node.names)(structure, field);
        let names: Vec<MemberName> = fields.iter().map(of_field).collect();
        let is_root = node.depth == 0;
        let mut last = 0;
        let groups = node.group(&mut |item| {
            let (step, path) = split_step(item.path);
            if is_root && is_of_the_request(step) {
                return Ok(None);
            }
            // The pairs of a member usually follow each other.
            if names.get(last).is_none_or(|member| member.name != step) {
                match names.iter().position(|member| member.name == step) {
                    Some(at) => last = at,
                    None => return Ok(position_of_other_name(&names, step).zip(Some(path))),
                }
            }
            Ok(Some((last as u64, path)))
        })?;
        Ok(Self {
            groups,
            fields,
            names,
            value: None,
        })
    }

    /// The next member's name; its pairs are then [`Members::value`].
    fn next(&mut self) -> Option<&'static str> {
        let (group, items) = self.groups.next()?;
        let at = usize::try_from(group).expect("it is an index into the members");
        self.value = Some((at, items));
        Some(self.fields[at])
    }

    /// The member whose name was read last.
    fn node(&mut self) -> Node<'n, 'de> {
        let (at, items) = self.value.take().expect("serde asks for the key first");
        self.groups.node(items, self.names[at].shape)
    }
}

impl<'de> de::MapAccess<'de> for Members<'_, 'de> {
    type Error = Refusal;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Refusal> {
        let member = self.next().map(BorrowedStrDeserializer::new);
        member.map(|member| seed.deserialize(member)).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Refusal> {
        seed.deserialize(self.node())
    }
}

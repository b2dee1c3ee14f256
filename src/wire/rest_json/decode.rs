//! An operation's input as serde's data model: the members of path and query string first, then those of the body.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{BorrowedStrDeserializer, F64Deserializer};
use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, IgnoredAny, IntoDeserializer, MapAccess,
    Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;

use super::{Bound, Route};
use crate::wire::date::{DateTime, MOMENT};
use crate::wire::error::DecodeError;
use crate::wire::number::FLOAT;
use crate::wire::strict::Strict;
use crate::wire::{Text, json};

/// Reads an input. What the body has for members that are bound elsewhere is ignored.
pub(super) fn decode<'de, T: Deserialize<'de>>(
    body: &'de [u8],
    bound: &'de [Bound<'de>],
    route: &'static Route,
) -> Result<T, DecodeError> {
    let mut json = serde_json::Deserializer::from_str(json::object(body)?);
    let merged = Merged {
        json: &mut json,
        bound,
        route,
    };
    let input = T::deserialize(Strict(merged)).and_then(|input| json.end().map(|()| input));
    input.map_err(|error| json::refused(&error))
}

struct Merged<'j, 'de> {
    json: &'j mut serde_json::Deserializer<serde_json::de::StrRead<'de>>,
    bound: &'de [Bound<'de>],
    route: &'static Route,
}

impl<'de> Deserializer<'de> for Merged<'_, 'de> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        let Self { json, bound, route } = self;
        json.deserialize_map(MergedVisitor {
            visitor,
            bound,
            route,
        })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// Passes the members of the body on to `visitor`, after those that are bound elsewhere.
struct MergedVisitor<'de, V> {
    visitor: V,
    bound: &'de [Bound<'de>],
    route: &'static Route,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for MergedVisitor<'de, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, body: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_map(Members {
            bound: self.bound.iter(),
            value: None,
            body,
            route: self.route,
        })
    }
}

struct Members<'de, A> {
    bound: std::slice::Iter<'de, Bound<'de>>,
    /// The bound member whose name was read.
    value: Option<&'de Bound<'de>>,
    body: A,
    route: &'static Route,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Members<'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        self.value = self.bound.next();
        if let Some(bound) = self.value {
            return seed
                .deserialize(BorrowedStrDeserializer::new(bound.member))
                .map(Some);
        }
        while let Some(name) = self.body.next_key::<Text<'de>>()? {
            if self.route.binds(&name) {
                self.body.next_value::<IgnoredAny>()?;
                continue;
            }
            return seed.deserialize(name.0.into_deserializer()).map(Some);
        }
        Ok(None)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        match self.value.take() {
            Some(bound) => seed.deserialize(Values::new(bound)),
            None => self.body.next_value_seed(seed),
        }
    }
}

/// The values of a member, which are texts: the type that serde asks for says what they mean.
struct Values<'de, E> {
    bound: &'de Bound<'de>,
    /// Which of them this is about.
    place: usize,
    error: PhantomData<E>,
}

impl<'de, E: de::Error> Values<'de, E> {
    fn new(bound: &'de Bound<'de>) -> Self {
        Self {
            bound,
            place: 0,
            error: PhantomData,
        }
    }

    fn text(&self) -> &'de str {
        let value = self.bound.values.get(self.place);
        value.map(|value| &**value).unwrap_or_default()
    }

    fn parsed<T: std::str::FromStr>(&self, expected: &dyn de::Expected) -> Result<T, E> {
        let text = self.text();
        let unexpected = |_| E::invalid_type(Unexpected::Str(text), expected);
        text.parse().map_err(unexpected)
    }
}

macro_rules! deserialize_parsed {
    ($($deserialize:ident => $visit:ident, $expected:literal;)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
            visitor.$visit(self.parsed(&$expected)?)
        }
    )*};
}

impl<'de, E: de::Error> Deserializer<'de> for Values<'de, E> {
    type Error = E;

    deserialize_parsed! {
        deserialize_i8 => visit_i8, "i8";
        deserialize_i16 => visit_i16, "i16";
        deserialize_i32 => visit_i32, "i32";
        deserialize_i64 => visit_i64, "i64";
        deserialize_u8 => visit_u8, "u8";
        deserialize_u16 => visit_u16, "u16";
        deserialize_u32 => visit_u32, "u32";
        deserialize_u64 => visit_u64, "u64";
        deserialize_f32 => visit_f32, "f32";
        deserialize_f64 => visit_f64, "f64";
        deserialize_bool => visit_bool, "a boolean";
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_borrowed_str(self.text())
    }

    forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct map struct identifier ignored_any
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, E> {
        match name {
            // Outside of bodies a moment is a date.
            MOMENT => {
                let date = DateTime::deserialize(self)?;
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "milliseconds of dates are exact"
                )]
                let seconds = date.0.as_millis() as f64 / 1000.0;
                visitor.visit_newtype_struct(F64Deserializer::new(seconds))
            }
            FLOAT => visitor.visit_newtype_struct(F64Deserializer::new(self.parsed(&"f64")?)),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, E> {
        visitor.visit_enum(self.text().into_deserializer())
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_seq(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, E> {
        visitor.visit_seq(self)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, E> {
        visitor.visit_seq(self)
    }
}

impl<'de, E: de::Error> de::SeqAccess<'de> for Values<'de, E> {
    type Error = E;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, E> {
        if self.place == self.bound.values.len() {
            return Ok(None);
        }
        let place = self.place;
        self.place += 1;
        seed.deserialize(Values {
            place,
            ..Values::new(self.bound)
        })
        .map(Some)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::wire::rest_json::Request;

    static ROUTE: Route = Route::new("Put", "POST", "/things/{Name}", 200).with_query(&[
        ("number", "Number"),
        ("flag", "Flag"),
        ("item", "Items"),
    ]);

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(rename_all = "PascalCase", default)]
    struct Input {
        name: Option<String>,
        number: Option<i32>,
        flag: Option<bool>,
        items: Option<Vec<i64>>,
        text: Option<String>,
        pairs: Option<Vec<Pair>>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "PascalCase")]
    struct Pair {
        key: String,
    }

    fn read(path: &str, query: &str, body: &str) -> Result<Input, String> {
        let request = Request::read(&ROUTE, path, query, body.as_bytes());
        let input = request.decode();
        input.map_err(|error| error.message.into_owned())
    }

    #[test]
    fn an_input_is_made_of_path_query_and_body() {
        let expected = Input {
            name: Some("a/b é".to_owned()),
            number: Some(-5),
            flag: Some(true),
            items: Some(vec![1, 2]),
            text: Some("x".to_owned()),
            pairs: Some(vec![Pair { key: "k".into() }]),
        };
        let query = "item=1&number=-5&other=7&flag=true&item=2";
        assert_eq!(
            read(
                "/things/a%2Fb%20%C3%A9",
                query,
                r#"{"Text":"x","Pairs":[{"Key":"k"}],"Other":{}}"#
            ),
            Ok(expected)
        );
    }

    #[test]
    fn a_body_says_nothing_of_what_is_bound_elsewhere() {
        let expected = Input {
            name: Some("a".to_owned()),
            ..Input::default()
        };
        let body = r#"{"Name":"b","Number":7}"#;
        assert_eq!(read("/things/a", "", body), Ok(expected));
    }

    #[test]
    fn wrong_types_are_refused_in_awss_words() {
        for (query, body, text) in [
            (
                "number=x",
                "",
                "STRING_VALUE can not be converted to an Integer",
            ),
            (
                "flag=yes",
                "",
                "STRING_VALUE can not be converted to a Boolean",
            ),
            (
                "item=1&item=",
                "",
                "STRING_VALUE can not be converted to a Long",
            ),
            (
                "",
                r#"{"Text":5}"#,
                "NUMBER_VALUE can not be converted to a String",
            ),
            (
                "",
                r#"{"Pairs":[["k"]]}"#,
                "Start of list found where not expected",
            ),
            ("", "[", "The request is malformed"),
            ("", "{} {}", "The request is malformed"),
            ("number=%f", "", "The request is malformed"),
        ] {
            assert_eq!(
                read("/things/a", query, body),
                Err(text.to_owned()),
                "{query}{body}"
            );
        }
        let text = "The request is malformed".to_owned();
        assert_eq!(read("/things/%ff", "", ""), Err(text));
    }
}

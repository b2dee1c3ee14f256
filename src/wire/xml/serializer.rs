//! Writes serde's data model as elements.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::ser::{self, Impossible, Serialize, Serializer};

use super::document::Document;
use crate::clock::Timestamp;
use crate::hex;
use crate::wire::date::{DateTime, MOMENT};
use crate::wire::names::{Names, Namespace, Namespaces, Shape};

/// The element that a value becomes, or each of its elements, if it is a flattened list or map.
pub(super) struct Element<'d, 'a> {
    pub(super) document: &'d mut Document,
    pub(super) name: &'a str,
    pub(super) namespace: Namespace,
    /// The names of the elements inside, if it is a list or a map.
    pub(super) shape: &'static Shape,
    pub(super) names: Names,
    /// Whether a number is a moment in seconds, to be written as a date, as Query's XML has moments.
    pub(super) is_moment: bool,
    /// Whether a text needs no escapes.
    pub(super) is_plain: bool,
}

impl<'d, 'a> Element<'d, 'a> {
    fn write(self, text: &str) {
        self.document.element(self.name, self.namespace, text);
    }

    fn display(self, value: impl fmt::Display) {
        self.write(&value.to_string());
    }

    /// The elements of a list or map: each is called `word` and stands inside this element, or, if flattened, has this
    /// element's name and stands in its place.
    fn elements(self, word: &'static str, namespace: Namespace) -> Elements<'d, 'a> {
        if self.shape.flattened {
            return Elements {
                document: self.document,
                around: None,
                name: self.name,
                namespace: self.namespace,
                shape: self.shape,
                names: self.names,
            };
        }
        self.document.start(self.name, self.namespace);
        Elements {
            document: self.document,
            around: Some(self.name),
            name: word,
            namespace,
            shape: self.shape,
            names: self.names,
        }
    }
}

fn namespaces(shape: &Shape) -> Namespaces {
    shape.namespaces.copied().unwrap_or_default()
}

macro_rules! display {
    ($($serialize:ident: $type:ty;)*) => {$(
        fn $serialize(self, value: $type) -> Result<(), Unwritable> {
            self.display(value);
            Ok(())
        }
    )*};
}

impl<'d, 'a> Serializer for Element<'d, 'a> {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = Elements<'d, 'a>;
    type SerializeTuple = Elements<'d, 'a>;
    type SerializeTupleStruct = Elements<'d, 'a>;
    type SerializeTupleVariant = Impossible<(), Unwritable>;
    type SerializeMap = Elements<'d, 'a>;
    type SerializeStruct = Members<'d, 'a>;
    type SerializeStructVariant = Impossible<(), Unwritable>;

    display! {
        serialize_bool: bool;
        serialize_i8: i8; serialize_i16: i16; serialize_i32: i32; serialize_i64: i64;
        serialize_u8: u8; serialize_u16: u16; serialize_u32: u32;
        serialize_char: char;
    }

    fn serialize_u64(self, value: u64) -> Result<(), Unwritable> {
        if self.is_moment {
            self.display(DateTime(Timestamp::from_secs(value)));
        } else {
            self.display(value);
        }
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<(), Unwritable> {
        if value.is_infinite() {
            return self.serialize_f64(value.into());
        }
        self.display(value);
        Ok(())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Unwritable> {
        match value {
            f64::INFINITY => self.write("Infinity"),
            f64::NEG_INFINITY => self.write("-Infinity"),
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a moment is a whole number of milliseconds"
            )]
            _ if self.is_moment => {
                let millis = (value * 1000.0).round() as u64;
                self.display(DateTime(Timestamp::from_millis(millis)));
            }
            _ => self.display(value),
        }
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Result<(), Unwritable> {
        if self.is_plain {
            self.document.plain_element(self.name, self.namespace, text);
        } else {
            self.write(text);
        }
        Ok(())
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), Unwritable> {
        self.write(&STANDARD.encode(bytes));
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Unwritable> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unwritable> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Unwritable> {
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), Unwritable> {
        Ok(())
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), Unwritable> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        value.serialize(Element {
            is_moment: name == MOMENT,
            is_plain: name == hex::PLAIN,
            ..self
        })
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _index: u32,
        _variant: &'static str,
        _value: &T,
    ) -> Result<(), Unwritable> {
        Err(Unwritable::enumeration(name))
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Elements<'d, 'a>, Unwritable> {
        let shape = self.shape;
        Ok(self.elements(shape.item, namespaces(shape).item))
    }

    fn serialize_tuple(self, len: usize) -> Result<Elements<'d, 'a>, Unwritable> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        len: usize,
    ) -> Result<Elements<'d, 'a>, Unwritable> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeTupleVariant, Unwritable> {
        Err(Unwritable::enumeration(name))
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Elements<'d, 'a>, Unwritable> {
        let shape = self.shape;
        Ok(self.elements(shape.entry, None))
    }

    fn serialize_struct(
        self,
        structure: &'static str,
        _len: usize,
    ) -> Result<Members<'d, 'a>, Unwritable> {
        self.document.start(self.name, self.namespace);
        Ok(Members {
            document: self.document,
            name: self.name,
            structure,
            names: self.names,
        })
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeStructVariant, Unwritable> {
        Err(Unwritable::enumeration(name))
    }
}

/// A list or a map.
pub(super) struct Elements<'d, 'a> {
    document: &'d mut Document,
    /// The element around them all, unless flattened.
    around: Option<&'a str>,
    /// The name of each element.
    name: &'a str,
    namespace: Namespace,
    shape: &'static Shape,
    names: Names,
}

impl<'a> Elements<'_, 'a> {
    /// Writes a part of an element. A list within a list has Smithy's names: a model can rename only a member's own.
    fn part<T: Serialize + ?Sized>(
        &mut self,
        name: &'a str,
        namespace: Namespace,
        value: &T,
    ) -> Result<(), Unwritable> {
        value.serialize(Element {
            document: &mut *self.document,
            name,
            namespace,
            shape: &Shape::PLAIN,
            names: self.names,
            is_moment: false,
            is_plain: false,
        })
    }

    fn finish(self) {
        if let Some(name) = self.around {
            self.document.end(name);
        }
    }
}

impl ser::SerializeSeq for Elements<'_, '_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        self.part(self.name, self.namespace, value)
    }

    fn end(self) -> Result<(), Unwritable> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeTuple for Elements<'_, '_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        self.part(self.name, self.namespace, value)
    }

    fn end(self) -> Result<(), Unwritable> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeTupleStruct for Elements<'_, '_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        self.part(self.name, self.namespace, value)
    }

    fn end(self) -> Result<(), Unwritable> {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeMap for Elements<'_, '_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unwritable> {
        self.document.start(self.name, self.namespace);
        self.part(self.shape.key, namespaces(self.shape).key, key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        self.part(self.shape.value, namespaces(self.shape).value, value)?;
        self.document.end(self.name);
        Ok(())
    }

    fn end(self) -> Result<(), Unwritable> {
        self.finish();
        Ok(())
    }
}

/// A structure.
pub(super) struct Members<'d, 'a> {
    document: &'d mut Document,
    name: &'a str,
    structure: &'static str,
    names: Names,
}

impl ser::SerializeStruct for Members<'_, '_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        let member = (self.names)(self.structure, key);
        value.serialize(Element {
            document: &mut *self.document,
            name: member.name,
            namespace: namespaces(member.shape).member,
            shape: member.shape,
            names: self.names,
            is_moment: false,
            is_plain: false,
        })
    }

    fn end(self) -> Result<(), Unwritable> {
        self.document.end(self.name);
        Ok(())
    }
}

/// A type that AWS's protocols do not have: a bug in an operation's output, not in a request.
#[derive(Debug)]
pub(super) struct Unwritable(String);

impl Unwritable {
    fn enumeration(name: &str) -> Self {
        Self(format!("{name}: the Query protocol has no unions"))
    }
}

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unwritable {}

impl ser::Error for Unwritable {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

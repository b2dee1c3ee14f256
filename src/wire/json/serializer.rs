//! Writes serde's data model as JSON.
//!
//! Rather than `serde_json`'s serializer, which looks at every byte of every text and name for something to escape: this
//! one copies the names of members as they are, and texts in long runs. Numbers are left to `serde_json`.

use std::fmt::{self, Write};

use serde::ser::{self, Error as _, Serialize, Serializer};
use serde_json::Error;

use super::text;
use crate::hex;

/// What becomes of an operation's output. A structure's member is looked up with the form of the structure, a list's
/// elements and a map's values with that of the list or map.
pub(in crate::wire) trait Form: Copy {
    /// Whether absent members are written too, as `null`.
    const WRITES_NULLS: bool;

    /// A member's name, and the form of its value.
    fn member(self, structure: &'static str, member: &'static str) -> (&'static str, Self);

    /// Members that a structure always has, as `null`, beside its own.
    fn further(self, structure: &'static str) -> &'static [&'static str];

    /// The form of a list's elements and a map's values.
    fn within(self) -> Self;

    /// The words for keys and values if a map is written as a list of pairs.
    fn pair(self) -> Option<(&'static str, &'static str)>;
}

/// AWS JSON: names are the model's.
#[derive(Clone, Copy)]
pub(super) struct Model;

impl Form for Model {
    const WRITES_NULLS: bool = false;

    #[inline]
    fn member(self, _structure: &'static str, member: &'static str) -> (&'static str, Self) {
        (member, self)
    }

    #[inline]
    fn further(self, _structure: &'static str) -> &'static [&'static str] {
        &[]
    }

    #[inline]
    fn within(self) -> Self {
        self
    }

    #[inline]
    fn pair(self) -> Option<(&'static str, &'static str)> {
        None
    }
}

/// A value to be written.
pub(in crate::wire) struct Element<'b, F> {
    pub(in crate::wire) bytes: &'b mut Vec<u8>,
    pub(in crate::wire) form: F,
    /// Whether a text needs no escapes.
    pub(in crate::wire) is_plain: bool,
}

impl<'b, F: Form> Element<'b, F> {
    /// Opens an object around a value, which is the variant's.
    fn variant(&mut self, variant: &'static str) {
        self.bytes.push(b'{');
        name(self.bytes, variant);
    }

    fn elements(
        self,
        pair: Option<(&'static str, &'static str)>,
        end: &'static [u8],
    ) -> Elements<'b, F> {
        Elements {
            bytes: self.bytes,
            form: self.form.within(),
            is_first: true,
            pair,
            end,
        }
    }

    fn members(self, structure: &'static str, end: &'static [u8]) -> Members<'b, F> {
        self.bytes.push(b'{');
        Members {
            bytes: self.bytes,
            form: self.form,
            structure,
            is_first: true,
            end,
        }
    }
}

macro_rules! leave_to_serde_json {
    ($($serialize:ident: $type:ty;)*) => {$(
        fn $serialize(self, value: $type) -> Result<(), Error> {
            serde_json::Serializer::new(self.bytes).$serialize(value)
        }
    )*};
}

impl<'b, F: Form> Serializer for Element<'b, F> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Elements<'b, F>;
    type SerializeTuple = Elements<'b, F>;
    type SerializeTupleStruct = Elements<'b, F>;
    type SerializeTupleVariant = Elements<'b, F>;
    type SerializeMap = Elements<'b, F>;
    type SerializeStruct = Members<'b, F>;
    type SerializeStructVariant = Members<'b, F>;

    leave_to_serde_json! {
        serialize_bool: bool;
        serialize_i8: i8; serialize_i16: i16; serialize_i32: i32; serialize_i64: i64;
        serialize_u8: u8; serialize_u16: u16; serialize_u32: u32; serialize_u64: u64;
        serialize_f32: f32; serialize_f64: f64;
        serialize_char: char;
        serialize_bytes: &[u8];
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<(), Error> {
        if self.is_plain {
            text::write_plain(self.bytes, value);
        } else {
            text::write(self.bytes, value);
        }
        Ok(())
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<(), Error> {
        self.bytes.push(b'"');
        write!(text::Escaped(self.bytes), "{value}").map_err(Error::custom)?;
        self.bytes.push(b'"');
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.bytes.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(Element {
            is_plain: name == hex::PLAIN,
            ..self
        })
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        mut self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.variant(variant);
        value.serialize(Element {
            bytes: &mut *self.bytes,
            form: self.form,
            is_plain: false,
        })?;
        self.bytes.push(b'}');
        Ok(())
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Elements<'b, F>, Error> {
        self.bytes.push(b'[');
        Ok(self.elements(None, b"]"))
    }

    fn serialize_tuple(self, len: usize) -> Result<Elements<'b, F>, Error> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        len: usize,
    ) -> Result<Elements<'b, F>, Error> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_variant(
        mut self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Elements<'b, F>, Error> {
        self.variant(variant);
        self.bytes.push(b'[');
        Ok(self.elements(None, b"]}"))
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Elements<'b, F>, Error> {
        let pair = self.form.pair();
        let (start, end) = if pair.is_some() {
            (b'[', b"]")
        } else {
            (b'{', b"}")
        };
        self.bytes.push(start);
        Ok(self.elements(pair, end))
    }

    #[inline]
    fn serialize_struct(
        self,
        structure: &'static str,
        _len: usize,
    ) -> Result<Members<'b, F>, Error> {
        Ok(self.members(structure, b"}"))
    }

    fn serialize_struct_variant(
        mut self,
        structure: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Members<'b, F>, Error> {
        self.variant(variant);
        Ok(self.members(structure, b"}}"))
    }
}

/// Writes a member's name, which needs no escapes, and what stands behind it.
#[inline]
fn name(bytes: &mut Vec<u8>, name: &'static str) {
    bytes.reserve(name.len() + 3);
    bytes.push(b'"');
    bytes.extend_from_slice(name.as_bytes());
    bytes.extend_from_slice(b"\":");
}

/// A list or a map.
pub(in crate::wire) struct Elements<'b, F> {
    bytes: &'b mut Vec<u8>,
    /// The form of the elements.
    form: F,
    is_first: bool,
    /// The words for keys and values of a map that is written as a list of pairs.
    pair: Option<(&'static str, &'static str)>,
    end: &'static [u8],
}

impl<F: Form> Elements<'_, F> {
    #[inline]
    fn next(&mut self) {
        if !std::mem::take(&mut self.is_first) {
            self.bytes.push(b',');
        }
    }

    #[inline]
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(Element {
            bytes: &mut *self.bytes,
            form: self.form,
            is_plain: false,
        })
    }

    fn key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        let start = self.bytes.len();
        self.element(key)?;
        if self.bytes.get(start) != Some(&b'"') {
            return Err(Error::custom("a key must be a text"));
        }
        Ok(())
    }
}

impl<F: Form> ser::SerializeSeq for Elements<'_, F> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.next();
        self.element(value)
    }

    #[inline]
    fn end(self) -> Result<(), Error> {
        self.bytes.extend_from_slice(self.end);
        Ok(())
    }
}

impl<F: Form> ser::SerializeTuple for Elements<'_, F> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<(), Error> {
        ser::SerializeSeq::end(self)
    }
}

impl<F: Form> ser::SerializeTupleStruct for Elements<'_, F> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<(), Error> {
        ser::SerializeSeq::end(self)
    }
}

impl<F: Form> ser::SerializeTupleVariant for Elements<'_, F> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<(), Error> {
        ser::SerializeSeq::end(self)
    }
}

impl<F: Form> ser::SerializeMap for Elements<'_, F> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.next();
        if let Some((word, _)) = self.pair {
            self.bytes.push(b'{');
            name(self.bytes, word);
        }
        self.key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let Some((_, word)) = self.pair else {
            self.bytes.push(b':');
            return self.element(value);
        };
        self.bytes.push(b',');
        name(self.bytes, word);
        self.element(value)?;
        self.bytes.push(b'}');
        Ok(())
    }

    fn end(self) -> Result<(), Error> {
        self.bytes.extend_from_slice(self.end);
        Ok(())
    }
}

/// A structure.
pub(in crate::wire) struct Members<'b, F> {
    bytes: &'b mut Vec<u8>,
    form: F,
    structure: &'static str,
    is_first: bool,
    end: &'static [u8],
}

impl<F: Form> Members<'_, F> {
    #[inline]
    fn name(&mut self, member: &'static str) {
        if !std::mem::take(&mut self.is_first) {
            self.bytes.push(b',');
        }
        name(self.bytes, member);
    }

    fn null(&mut self, member: &'static str) {
        self.name(member);
        self.bytes.extend_from_slice(b"null");
    }

    fn finish(mut self) {
        for member in self.form.further(self.structure) {
            self.null(member);
        }
        self.bytes.extend_from_slice(self.end);
    }
}

impl<F: Form> ser::SerializeStruct for Members<'_, F> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        let (member, form) = self.form.member(self.structure, key);
        self.name(member);
        value.serialize(Element {
            bytes: &mut *self.bytes,
            form,
            is_plain: false,
        })
    }

    #[inline]
    fn skip_field(&mut self, key: &'static str) -> Result<(), Error> {
        if F::WRITES_NULLS {
            let (member, _) = self.form.member(self.structure, key);
            self.null(member);
        }
        Ok(())
    }

    #[inline]
    fn end(self) -> Result<(), Error> {
        self.finish();
        Ok(())
    }
}

impl<F: Form> ser::SerializeStructVariant for Members<'_, F> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        ser::SerializeStruct::serialize_field(self, key, value)
    }

    fn skip_field(&mut self, key: &'static str) -> Result<(), Error> {
        ser::SerializeStruct::skip_field(self, key)
    }

    fn end(self) -> Result<(), Error> {
        self.finish();
        Ok(())
    }
}

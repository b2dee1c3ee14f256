//! JSON in SNS's layout: one line for each member of a message and for each message attribute.

use std::borrow::Cow;
use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Serialize, Serializer};
use serde_json::ser::Formatter;

use crate::aws::message::{Attribute, AttributeValue, MessageAttributes};

/// Which part of a message a text is. An envelope is written in parts, each as soon as its members are known, so that a
/// delivery only has to join them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    Head,
    Middle,
    Tail,
}

/// The members of a structure in SNS's layout, as a message or as a part of one. A part starts with the separator from the
/// part before it, so that joining parts is plain concatenation.
pub(super) fn pretty<T: Serialize>(members: &T, part: Part) -> String {
    let mut text = Vec::with_capacity(256);
    write_pretty(&mut text, members, part);
    String::from_utf8(text).expect("JSON is UTF-8")
}

/// The number of bytes that [`pretty`] writes.
pub(super) fn pretty_length<T: Serialize>(members: &T, part: Part) -> usize {
    let mut length = Length(0);
    write_pretty(&mut length, members, part);
    length.0
}

fn write_pretty<T: Serialize>(writer: &mut impl Write, members: &T, part: Part) {
    let layout = Layout { part, depth: 0 };
    members
        .serialize(&mut serde_json::Serializer::with_formatter(writer, layout))
        .expect(ONLY_TEXTS);
}

/// Counts bytes, and keeps none.
struct Length(usize);

impl Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// JSON without whitespace. Texts are escaped only where they must be; characters outside ASCII stay as they are.
pub(super) fn compact<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).expect(ONLY_TEXTS)
}

const ONLY_TEXTS: &str = "what is delivered consists of texts";

/// One line for each member of the message and of the objects in it; anything deeper has no whitespace.
struct Layout {
    part: Part,
    /// How many objects are open.
    depth: usize,
}

impl Formatter for Layout {
    fn begin_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        match (self.depth, self.part) {
            (1, Part::Middle | Part::Tail) => Ok(()),
            _ => writer.write_all(b"{"),
        }
    }

    fn begin_object_key<W: Write + ?Sized>(
        &mut self,
        writer: &mut W,
        is_first: bool,
    ) -> io::Result<()> {
        let follows = match (self.depth, self.part) {
            (1, Part::Middle | Part::Tail) => true,
            _ => !is_first,
        };
        if follows {
            writer.write_all(b",")?;
        }
        writer.write_all(match self.depth {
            1 => b"\n  ",
            2 => b"\n    ",
            _ => b"",
        })
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(if self.depth <= 2 { b" : " } else { b":" })
    }

    fn end_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        let depth = self.depth;
        self.depth -= 1;
        match (depth, self.part) {
            (1, Part::Head | Part::Middle) => Ok(()),
            (1, _) => writer.write_all(b"\n}"),
            (2, _) => writer.write_all(b"\n  }"),
            _ => writer.write_all(b"}"),
        }
    }
}

/// Message attributes as an object, in their order.
pub(super) struct NamedAttributes<'a>(pub(super) &'a MessageAttributes);

impl Serialize for NamedAttributes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let attributes = self.0.attributes.iter();
        serializer.collect_map(attributes.map(|it| (&it.name, AttributeMembers::of(it))))
    }
}

/// A message attribute in JSON. Its value is a text, whatever its type.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AttributeMembers<'a> {
    pub(super) r#type: &'a str,
    pub(super) value: Cow<'a, str>,
}

impl<'a> AttributeMembers<'a> {
    pub(super) fn of(attribute: &'a Attribute) -> Self {
        Self {
            r#type: &attribute.data_type,
            value: match &attribute.value {
                AttributeValue::Text(text) => Cow::Borrowed(text),
                AttributeValue::Binary(bytes) => Cow::Owned(BASE64.encode(bytes)),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn parts_join_to_the_whole() {
        let (a, b, c) = (("a", "1"), ("b", "\"2\""), ("c", "ä"));
        let part = |members: &[(&'static str, &'static str)], part| {
            pretty(&members.iter().copied().collect::<BTreeMap<_, _>>(), part)
        };
        let whole = "{\n  \"a\" : \"1\",\n  \"b\" : \"\\\"2\\\"\",\n  \"c\" : \"ä\"\n}";
        assert_eq!(part(&[a, b, c], Part::Whole), whole);
        let parts = [
            part(&[a], Part::Head),
            part(&[b], Part::Middle),
            part(&[c], Part::Tail),
        ];
        assert_eq!(parts.concat(), whole);
        let parts = [part(&[a, b, c], Part::Head), part(&[], Part::Tail)];
        assert_eq!(parts.concat(), whole);
    }
}

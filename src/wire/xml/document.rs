//! Writes elements and texts as bytes.

use std::borrow::Cow;

use quick_xml::Writer;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};

use super::Style;
use crate::wire::names::Namespace;

const INTO_A_VECTOR: &str = "a vector takes all bytes";

/// A document being written. An element without content becomes one empty tag.
pub(super) struct Document<'a> {
    writer: Writer<Vec<u8>>,
    is_pretty: bool,
    /// The element started last, as long as it has no content.
    started: Option<(&'a str, Namespace)>,
}

impl<'a> Document<'a> {
    pub(super) fn new(style: &Style) -> Self {
        let mut bytes = Vec::with_capacity(1024);
        if style.declaration {
            bytes.extend_from_slice(br#"<?xml version="1.0"?>"#);
        }
        let writer = if style.pretty {
            Writer::new_with_indent(bytes, b' ', 2)
        } else {
            Writer::new(bytes)
        };
        Self {
            writer,
            is_pretty: style.pretty,
            started: None,
        }
    }

    pub(super) fn start(&mut self, name: &'a str, namespace: Namespace) {
        self.flush();
        self.started = Some((name, namespace));
    }

    /// Ends the element `name`, which must be the innermost open one.
    pub(super) fn end(&mut self, name: &'a str) {
        match self.started.take() {
            Some((name, namespace)) => self.write(Event::Empty(tag(name, namespace))),
            None => self.write(Event::End(BytesEnd::new(name))),
        }
    }

    /// Writes an element with a text as its content.
    pub(super) fn element(&mut self, name: &str, namespace: Namespace, text: &str) {
        self.flush();
        if text.is_empty() {
            return self.write(Event::Empty(tag(name, namespace)));
        }
        self.write(Event::Start(tag(name, namespace)));
        self.write(Event::Text(BytesText::from_escaped(escape(text))));
        self.write(Event::End(BytesEnd::new(name)));
    }

    pub(super) fn finish(self) -> Vec<u8> {
        let mut bytes = self.writer.into_inner();
        if self.is_pretty {
            bytes.push(b'\n');
        }
        bytes
    }

    fn flush(&mut self) {
        if let Some((name, namespace)) = self.started.take() {
            self.write(Event::Start(tag(name, namespace)));
        }
    }

    fn write(&mut self, event: Event<'_>) {
        self.writer.write_event(event).expect(INTO_A_VECTOR);
    }
}

fn tag(name: &str, namespace: Namespace) -> BytesStart<'_> {
    match namespace {
        None => BytesStart::new(name),
        // Put together here: quick-xml would scan the namespace for characters to escape, and a URL has none.
        Some((attribute, namespace)) => {
            let content = [name, " ", attribute, "=\"", namespace, "\""].concat();
            BytesStart::from_content(content, name.len())
        }
    }
}

/// Escapes `text` as AWS does: quotes too, and carriage returns, which a parser would turn into newlines (XML 1.0,
/// section 2.11). `quick_xml`'s own functions escape
/// apostrophes too, or not even quotes, and write `&#13;`.
fn escape(text: &str) -> Cow<'_, str> {
    // Most texts need no escapes, and counting finds that out faster than a search, as its loop has no early exit.
    let specials = text.bytes().filter(|&byte| is_special(byte)).count();
    if specials == 0 {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + "&quot;".len() * specials);
    let mut written = 0;
    for (at, byte) in text.bytes().enumerate() {
        if !is_special(byte) {
            continue;
        }
        escaped.push_str(&text[written..at]);
        escaped.push_str(match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#xD;",
        });
        written = at + 1;
    }
    escaped.push_str(&text[written..]);
    Cow::Owned(escaped)
}

fn is_special(byte: u8) -> bool {
    SPECIAL[usize::from(byte)]
}

static SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    special[b'&' as usize] = true;
    special[b'<' as usize] = true;
    special[b'>' as usize] = true;
    special[b'"' as usize] = true;
    special[b'\r' as usize] = true;
    special
};

//! Writes elements and texts as bytes.

use super::Style;
use crate::wire::names::Namespace;
use crate::wire::{plain, scratch};

/// A document being written. An element without content becomes one empty tag.
pub(super) struct Document {
    bytes: Vec<u8>,
    is_pretty: bool,
    /// How many elements are open.
    depth: usize,
    /// Whether the tag that was written last still lacks its end, since it is not known yet whether content comes.
    is_tag_open: bool,
}

impl Document {
    pub(super) fn new(style: &Style) -> Self {
        let mut bytes = scratch::take();
        if style.declaration {
            bytes.extend_from_slice(br#"<?xml version="1.0"?>"#);
        }
        Self {
            bytes,
            is_pretty: style.pretty,
            depth: 0,
            is_tag_open: false,
        }
    }

    /// Starts an element. `name` and the namespace are ours, and need no escapes.
    pub(super) fn start(&mut self, name: &str, namespace: Namespace) {
        self.close_tag();
        self.indent();
        self.open_tag(name, namespace);
        self.is_tag_open = true;
        self.depth += 1;
    }

    /// Ends the element `name`, which must be the innermost open one.
    pub(super) fn end(&mut self, name: &str) {
        self.depth -= 1;
        if std::mem::take(&mut self.is_tag_open) {
            return self.bytes.extend_from_slice(b"/>");
        }
        self.indent();
        self.end_tag(name);
    }

    /// Writes an element with a text as its content.
    pub(super) fn element(&mut self, name: &str, namespace: Namespace, text: &str) {
        self.element_with(name, namespace, text, Self::text);
    }

    /// Writes an element with a text that needs no escapes.
    pub(super) fn plain_element(&mut self, name: &str, namespace: Namespace, text: &str) {
        let write =
            |document: &mut Self, text: &str| document.bytes.extend_from_slice(text.as_bytes());
        self.element_with(name, namespace, text, write);
    }

    #[inline]
    fn element_with(
        &mut self,
        name: &str,
        namespace: Namespace,
        text: &str,
        write: impl Fn(&mut Self, &str),
    ) {
        self.close_tag();
        self.indent();
        self.open_tag(name, namespace);
        if text.is_empty() {
            return self.bytes.extend_from_slice(b"/>");
        }
        self.bytes.push(b'>');
        write(self, text);
        self.end_tag(name);
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        if self.is_pretty {
            self.bytes.push(b'\n');
        }
        scratch::finish(self.bytes)
    }

    fn open_tag(&mut self, name: &str, namespace: Namespace) {
        self.bytes.push(b'<');
        self.bytes.extend_from_slice(name.as_bytes());
        if let Some((attribute, namespace)) = namespace {
            for part in [" ", attribute, "=\"", namespace, "\""] {
                self.bytes.extend_from_slice(part.as_bytes());
            }
        }
    }

    fn close_tag(&mut self) {
        if std::mem::take(&mut self.is_tag_open) {
            self.bytes.push(b'>');
        }
    }

    fn end_tag(&mut self, name: &str) {
        self.bytes.extend_from_slice(b"</");
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.push(b'>');
    }

    /// Begins a line, if each element has its own.
    fn indent(&mut self) {
        if self.is_pretty && !self.bytes.is_empty() {
            self.bytes.push(b'\n');
            let end = self.bytes.len() + 2 * self.depth;
            self.bytes.resize(end, b' ');
        }
    }

    /// Escapes `text` as AWS does: quotes too, and carriage returns, which a parser would turn into newlines (XML 1.0,
    /// section 2.11). A character that XML does not have, not even as a reference, is replaced: one would make the whole
    /// document unreadable.
    fn text(&mut self, text: &str) {
        let bytes = text.as_bytes();
        plain::write(
            &mut self.bytes,
            bytes,
            is_special,
            &SPECIAL,
            |bytes, rest| {
                let (written, length): (&[u8], _) = match rest {
                    [b'&', ..] => (b"&amp;", 1),
                    [b'<', ..] => (b"&lt;", 1),
                    [b'>', ..] => (b"&gt;", 1),
                    [b'"', ..] => (b"&quot;", 1),
                    [b'\r', ..] => (b"&#xD;", 1),
                    // U+FFFE and U+FFFF.
                    [0xef, 0xbf, 0xbe | 0xbf, ..] => (REPLACEMENT, 3),
                    [0xef, ..] => (&rest[..3], 3),
                    _ => (REPLACEMENT, 1),
                };
                bytes.extend_from_slice(written);
                length
            },
        );
    }
}

/// U+FFFD.
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// Whether what begins with `byte` may be something else in XML. U+FFFE and U+FFFF begin with 0xEF.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "with branches the compiler makes no vector instructions of it"
)]
const fn is_special(byte: u8) -> bool {
    ((byte < b' ') & (byte != b'\t') & (byte != b'\n'))
        | (byte == b'&')
        | (byte == b'<')
        | (byte == b'>')
        | (byte == b'"')
        | (byte == 0xef)
}

static SPECIAL: plain::Table = plain::table!(is_special);

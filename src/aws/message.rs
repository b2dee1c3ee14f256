//! Messages as services hand them to each other: bodies, attributes and senders.

use std::fmt;
use std::sync::Arc;

use super::AccountId;

/// The text of a message: already written, or written only when the message is received.
///
/// Shared by all queues that hold the message. SNS's envelopes are written late, so that a publish to a hundred queues
/// neither writes nor digests a hundred texts that nobody has read yet.
#[derive(Clone, Debug)]
pub enum Body {
    /// The text, with its MD5.
    Text {
        /// The text.
        text: Arc<str>,
        /// Its MD5.
        md5: [u8; 16],
    },
    /// A text that is not written yet.
    Deferred(Arc<dyn DeferredBody>),
}

/// A body that is written on demand; the same text each time.
pub trait DeferredBody: Send + Sync + fmt::Debug {
    /// Writes the text. Called while no queue is locked.
    fn text(&self) -> Arc<str>;

    /// Whether the text has this many bytes at most. Much cheaper than making it.
    fn fits(&self, bytes: usize) -> bool;

    /// Whether the text has only characters that XML 1.0 has. Much cheaper than making it.
    fn is_xml(&self) -> bool;
}

impl Body {
    /// A body with its text.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        Self::Text {
            md5: md5::compute(&*text).0,
            text,
        }
    }

    /// Whether the text has this many bytes at most. A deferred text is not written to find out.
    pub fn fits(&self, bytes: usize) -> bool {
        match self {
            Self::Text { text, .. } => text.len() <= bytes,
            Self::Deferred(deferred) => deferred.fits(bytes),
        }
    }

    /// The text.
    pub fn text(&self) -> Arc<str> {
        match self {
            Self::Text { text, .. } => Arc::clone(text),
            Self::Deferred(deferred) => deferred.text(),
        }
    }

    /// The MD5 of the text.
    pub fn md5(&self) -> [u8; 16] {
        match self {
            Self::Text { md5, .. } => *md5,
            Self::Deferred(deferred) => md5::compute(&*deferred.text()).0,
        }
    }

    /// The text, and its MD5.
    pub fn read(&self) -> (Arc<str>, [u8; 16]) {
        match self {
            Self::Text { text, md5 } => (Arc::clone(text), *md5),
            Self::Deferred(deferred) => {
                let text = deferred.text();
                let md5 = md5::compute(&*text).0;
                (text, md5)
            }
        }
    }
}

/// Bodies are equal if their texts are.
impl PartialEq for Body {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Eq for Body {}

/// The value of a message attribute; the family of its data type decides which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeValue {
    /// `String` and `Number`: text, as it was sent.
    Text(Box<str>),
    /// `Binary`: bytes.
    Binary(Box<[u8]>),
}

impl AttributeValue {
    /// The value of a `String` or `Number`.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Binary(_) => None,
        }
    }
}

/// One message attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name, unique within the message.
    pub name: Box<str>,
    /// The whole data type with its custom label: `Number.int`.
    pub data_type: Box<str>,
    /// Its value.
    pub value: AttributeValue,
}

impl Attribute {
    /// The bytes that AWS counts: of its name, its type and its value.
    pub fn size(&self) -> usize {
        let value = match &self.value {
            AttributeValue::Text(text) => text.len(),
            AttributeValue::Binary(bytes) => bytes.len(),
        };
        self.name.len() + self.data_type.len() + value
    }
}

/// A message's attributes, ordered by name (by UTF-8 bytes), and the digest of them all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageAttributes {
    /// Ordered by name.
    pub attributes: Vec<Attribute>,
    /// The MD5 over all of them, as SDKs compute it.
    pub md5: [u8; 16],
}

impl MessageAttributes {
    /// Attributes that are ordered by name, with their digest.
    pub fn new(attributes: Vec<Attribute>) -> Self {
        let md5 = attributes_md5(&attributes);
        Self { attributes, md5 }
    }

    /// The bytes that AWS counts, of all of them.
    pub fn size(&self) -> usize {
        self.attributes.iter().map(Attribute::size).sum()
    }
}

/// The MD5 of message attributes, which must be ordered by name, by bytes.
///
/// AWS's rule ("Calculating the MD5 message digest for message attributes"): of each attribute its name, its whole
/// data type and its value, each behind its length in four bytes, with one byte before the value that distinguishes text
/// (1) from bytes (2).
pub fn attributes_md5<'a>(attributes: impl IntoIterator<Item = &'a Attribute>) -> [u8; 16] {
    let mut context = md5::Context::new();
    for attribute in attributes {
        let (transport, value) = match &attribute.value {
            AttributeValue::Text(text) => (1, text.as_bytes()),
            AttributeValue::Binary(bytes) => (2, &**bytes),
        };
        consume(&mut context, attribute.name.as_bytes());
        consume(&mut context, attribute.data_type.as_bytes());
        context.consume([transport]);
        consume(&mut context, value);
    }
    context.finalize().0
}

fn consume(context: &mut md5::Context, bytes: &[u8]) {
    let length = u32::try_from(bytes.len()).expect("a message is smaller than 4 GiB");
    context.consume(length.to_be_bytes());
    context.consume(bytes);
}

/// The sender of a message (`SenderId`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// topiq's user of an account.
    User(AccountId),
    /// Another AWS service, by the id that AWS shows for it.
    Service(&'static str),
}

/// A FIFO message's place in its queue or topic; shown as twenty digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SequenceNumber(pub u128);

impl fmt::Display for SequenceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:020}", self.0)
    }
}

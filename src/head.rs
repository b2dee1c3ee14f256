//! The head of a request, with the headers that topiq looks at.
//!
//! They are found in one pass over the head: a look-up by name for each would cost every request a hash, and a comparison,
//! for headers that most requests do not have.

use std::ops::Deref;

use http::HeaderValue;
use http::request::Parts;

/// A request's line and headers.
#[derive(Debug)]
pub struct Head<'a> {
    parts: &'a Parts,
    /// `Host`.
    pub host: Field<'a>,
    /// `Origin`.
    pub origin: Field<'a>,
    /// `Sec-Fetch-Site`.
    pub fetch_site: Field<'a>,
    /// `Authorization`.
    pub authorization: Field<'a>,
    /// `Content-Type`.
    pub content_type: Field<'a>,
    /// `Accept`.
    pub accept: Field<'a>,
    /// `X-Amz-Target`.
    pub target: Field<'a>,
    /// `X-Amzn-Trace-Id`.
    pub trace_id: Field<'a>,
    /// `X-Amz-Sns-Message-Id`.
    pub delivered_message: Field<'a>,
    /// `User-Agent`.
    pub user_agent: Field<'a>,
}

/// What a request has for one header.
#[derive(Clone, Copy, Debug, Default)]
pub struct Field<'a> {
    first: Option<&'a HeaderValue>,
    is_repeated: bool,
}

impl<'a> Head<'a> {
    /// The head with these parts.
    pub fn of(parts: &'a Parts) -> Self {
        let mut head = Self {
            parts,
            host: Field::default(),
            origin: Field::default(),
            fetch_site: Field::default(),
            authorization: Field::default(),
            content_type: Field::default(),
            accept: Field::default(),
            target: Field::default(),
            trace_id: Field::default(),
            delivered_message: Field::default(),
            user_agent: Field::default(),
        };
        for (name, value) in &parts.headers {
            let field = match name.as_str() {
                "host" => &mut head.host,
                "origin" => &mut head.origin,
                "sec-fetch-site" => &mut head.fetch_site,
                "authorization" => &mut head.authorization,
                "content-type" => &mut head.content_type,
                "accept" => &mut head.accept,
                "x-amz-target" => &mut head.target,
                "x-amzn-trace-id" => &mut head.trace_id,
                "x-amz-sns-message-id" => &mut head.delivered_message,
                "user-agent" => &mut head.user_agent,
                _ => continue,
            };
            field.add(value);
        }
        head
    }

    /// The same, for as long as its parts live.
    pub const fn parts(&self) -> &'a Parts {
        self.parts
    }
}

/// All else is as hyper has it.
impl Deref for Head<'_> {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        self.parts
    }
}

impl<'a> Field<'a> {
    fn add(&mut self, value: &'a HeaderValue) {
        if self.first.is_some() {
            self.is_repeated = true;
        } else {
            self.first = Some(value);
        }
    }

    /// The value; the first if there are several.
    pub const fn first(self) -> Option<&'a HeaderValue> {
        self.first
    }

    /// The value as text, if it is plain ASCII; the first if there are several.
    pub fn text(self) -> Option<&'a str> {
        // As `HeaderValue::to_str`, which looks at one byte after the other: a value has no control characters.
        let bytes = self.first?.as_bytes();
        std::str::from_utf8(bytes)
            .ok()
            .filter(|text| text.is_ascii())
    }

    /// Whether there are several.
    pub const fn is_repeated(self) -> bool {
        self.is_repeated
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    #[test]
    fn a_field_is_the_first_of_its_name() {
        let request = Request::builder()
            .header("Host", "a")
            .header("X-Amz-Target", "one")
            .header("x-amz-target", "two")
            .header("x-amz-targets", "three");
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let head = Head::of(&parts);
        assert_eq!(head.host.text(), Some("a"));
        assert!(!head.host.is_repeated());
        assert_eq!(head.target.text(), Some("one"));
        assert!(head.target.is_repeated());
        assert!(head.origin.first().is_none());
    }

    #[test]
    fn a_text_is_what_to_str_says() {
        for byte in 0..=u8::MAX {
            let Ok(value) = HeaderValue::from_bytes(&[b'a', byte]) else {
                continue;
            };
            let field = Field {
                first: Some(&value),
                is_repeated: false,
            };
            assert_eq!(field.text(), value.to_str().ok(), "{byte}");
        }
    }
}

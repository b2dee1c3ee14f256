//! What a client gets: a typed content, or a refusal in JSON.

use serde::Serialize;
use serde_json::json;

use super::Schema;

const JSON: &str = "application/json";

/// An answer, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body's media type; none of an empty body.
    pub content_type: Option<&'static str>,
    /// The methods that the path has, where the request's is none of them.
    pub allow: Option<String>,
    /// The body.
    pub body: String,
    /// The sentence of the refusal that it is, for logs.
    pub refusal: Option<String>,
}

/// A media type that a route answers in, and what is in such an answer.
#[derive(Clone, Copy, Debug)]
pub struct Media {
    /// Its name, such as `application/json`.
    pub name: &'static str,
    /// The shape of what is in it.
    pub schema: Schema,
}

/// What a route answers when it does not refuse.
pub trait Content: Send {
    /// The status.
    const STATUS: u16;

    /// The media types it may have.
    const MEDIA: &'static [Media];

    /// As an answer.
    fn into_answer(self) -> Answer;
}

/// A content that is JSON.
pub trait Json: Serialize + Send {
    /// The shape of what is serialized.
    const SCHEMA: Schema;
}

impl<T: Json> Content for T {
    const STATUS: u16 = 200;
    const MEDIA: &'static [Media] = &[Media {
        name: JSON,
        schema: T::SCHEMA,
    }];

    fn into_answer(self) -> Answer {
        let body = serde_json::to_string(&self);
        Answer::whole(JSON, body.expect("keys of maps are texts"))
    }
}

/// Done, and nothing to say.
#[derive(Clone, Copy, Debug)]
pub struct NoContent;

impl Content for NoContent {
    const STATUS: u16 = 204;
    const MEDIA: &'static [Media] = &[];

    fn into_answer(self) -> Answer {
        Answer {
            status: Self::STATUS,
            content_type: None,
            allow: None,
            body: String::new(),
            refusal: None,
        }
    }
}

/// Why a request is not answered: `{"Message": "…"}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    status: u16,
    message: String,
}

impl Refusal {
    /// The shape of its JSON.
    pub const SCHEMA: Schema = Schema::Object(&[super::Member::always("Message", Schema::Text)]);

    /// With an HTTP status and a sentence.
    pub fn new(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
        }
    }

    pub(super) fn into_answer(self) -> Answer {
        let body = json!({ "Message": self.message });
        Answer {
            status: self.status,
            refusal: Some(self.message),
            ..Answer::whole(JSON, body.to_string())
        }
    }
}

impl Answer {
    /// A good answer.
    pub fn whole(content_type: &'static str, body: String) -> Self {
        Self {
            status: 200,
            content_type: Some(content_type),
            allow: None,
            body,
            refusal: None,
        }
    }
}

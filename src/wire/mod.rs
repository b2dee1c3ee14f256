//! The AWS protocols: from a request's bytes to a typed operation and back. Knows no service.
//!
//! In reading order: [`service`] is a service's description of itself; [`call`] reads one request into a [`Call`], with
//! the help of `credential`, decodes its input and encodes its [`answer`]; `unserved` answers a call that is for another
//! service; [`body`] is the body of an answer, which may go on, and [`event_stream`] writes events into one; [`json`],
//! [`cbor`], [`query`], [`xml`], [`query_json`] and [`rest_json`] are the codecs, with `plain` to copy texts fast, `scratch` as
//! room for answers and `strict` so that structures are maps; [`names`] is how a service names its members in forms and XML;
//! [`error`] what the codecs need to know about an error; `unsigned` which calls must be signed; [`text`] strings that borrow
//! from the request, [`blob`], [`date`] and [`number`] members whose form depends on the protocol.

pub mod answer;
pub mod blob;
pub mod body;
pub mod call;
pub mod cbor;
mod credential;
pub mod date;
pub mod error;
pub mod event_stream;
pub mod json;
pub mod names;
pub mod number;
mod plain;
pub mod query;
pub mod query_json;
pub mod rest_json;
mod scratch;
pub mod service;
mod strict;
pub mod text;
mod unserved;
mod unsigned;
pub mod xml;

pub use answer::{Answer, Refusal};
pub use blob::Blob;
pub use body::{Body, Source};
pub use call::{Call, Speaks, Unread};
pub use date::{DateTime, DateTimeMillis, EpochSeconds, HttpDate, Moment};
pub use error::{DecodeError, ErrorInfo, Fault};
pub use event_stream::Events;
pub use names::Names;
pub use number::Float;
pub use service::{AwsJson, AwsQuery, Hosts, JsonVersion, Protocols, RestJson, ServiceModel};
pub use text::{Plain, Text};

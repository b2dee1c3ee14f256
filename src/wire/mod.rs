//! The AWS protocols: from a request's bytes to a typed operation and back. Knows no service.
//!
//! In reading order: [`call`] reads one request into a [`Call`]; [`json`], [`query`] and [`xml`] are the codecs;
//! [`names`] is how a service names its members in forms and XML; [`error`] what the codecs need to know of an error;
//! [`text`] strings that borrow from the request, [`blob`] binary members.

pub mod blob;
pub mod error;
pub mod json;
pub mod names;
pub mod query;
pub mod text;
pub mod xml;

pub use blob::Blob;
pub use error::{ErrorInfo, Fault};
pub use text::Text;

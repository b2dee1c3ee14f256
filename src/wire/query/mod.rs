//! AWS Query requests: a form becomes any operation's input.
//!
//! [`form`] splits and decodes the pairs, [`decode`](mod@decode) reads a structure from them: the type that serde asks
//! for (list, map, structure, number) says how `Attribute.1.Name` is to be read, the service's
//! [`Names`](super::names::Names) which member it is. Both work in time linear in the form's size, but for sorting
//! indices that are out of order.

pub mod decode;
pub mod form;

pub use decode::decode;
pub use form::Form;

#[cfg(test)]
mod tests;

//! AWS Query requests: a form becomes any operation's input.
//!
//! In reading order: `form` splits and decodes the pairs, `decode` reads a structure from them, `node` finds the pairs
//! of each of its parts. The type that serde asks for (list, map, structure, number) says how `Attribute.1.Name` is to
//! be read, the service's [`Names`](super::names::Names) which member it is. All work in time linear in the form's
//! size, but for sorting indices that are out of order.

mod decode;
mod form;
mod node;

pub use decode::decode;
pub use form::Form;

#[cfg(test)]
mod tests;

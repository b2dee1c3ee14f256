//! AWS Query requests: decodes a form into any operation's input.
//!
//! In reading order: `form` splits and decodes the pairs, `decode` reads a structure from them, `node` finds the pairs
//! of each of its parts. The type that serde asks for (list, map, structure, number) says how to read
//! `Attribute.1.Name`, the service's [`Names`](super::names::Names) which member it is. All of them take time linear in
//! the form's size, except for sorting indices that are out of order.

mod decode;
mod form;
mod node;

pub use decode::decode;
pub use form::Form;

#[cfg(test)]
mod tests;

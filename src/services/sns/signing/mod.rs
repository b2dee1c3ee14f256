//! What a server signs its notifications with, and how subscribers verify it.
//!
//! In reading order: [`signature`] has the [`Signer`](signature::Signer) of a server and the text that it signs; `rsa` is
//! its key, `certificate` the public half.

mod certificate;
mod rsa;
pub(crate) mod signature;

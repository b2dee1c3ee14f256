//! What a server signs its notifications with, and how subscribers verify it.
//!
//! In reading order: [`signature`] has the [`Signer`](signature::Signer) of a server and the text that it signs;
//! `rsa` is its key, over the arithmetic of `montgomery`; `certificate` holds the public half.

mod certificate;
mod montgomery;
mod rsa;
pub(crate) mod signature;

//! The key that signs notifications, and the certificate by which subscribers verify them.
//!
//! In reading order: [`signature`] has the [`Signer`](signature::Signer) of a server and the text that it signs, `rsa` its
//! key, `certificate` the certificate of that key.

mod certificate;
mod rsa;
pub(crate) mod signature;

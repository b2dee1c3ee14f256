//! Signatures of notifications and confirmations, and the text that they cover.

use std::fmt;
use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use rand::rngs::StdRng;
use sha1::{Digest, Sha1};
use sha2::Sha256;

use super::certificate;
use super::rsa::{DigestPrefix, PrivateKey};
use crate::ids::Id;
pub(crate) use crate::services::sns::topic::message::SignatureVersion;

/// A server's key and its certificate. Both are made on first use: most servers never sign.
pub(crate) struct Signer {
    certificate_id: Id,
    certificate_path: Box<str>,
    identity: OnceLock<Identity>,
}

struct Identity {
    key: PrivateKey,
    certificate_pem: Box<str>,
}

impl Signer {
    /// A signer whose certificate is named after `certificate_id`. Subscribers cache certificates by URL, so the id must
    /// differ between servers. AWS's is a digest of the certificate, which would need the key.
    pub(crate) fn new(certificate_id: Id) -> Self {
        let hex = certificate_id.as_u128();
        Self {
            certificate_id,
            certificate_path: format!("/SimpleNotificationService-{hex:032x}.pem").into(),
            identity: OnceLock::new(),
        }
    }

    /// The path at which the certificate is served: `/SimpleNotificationService-….pem`.
    pub(crate) fn certificate_path(&self) -> &str {
        &self.certificate_path
    }

    /// The certificate. The first call of this or of `sign` makes the key, which takes some milliseconds.
    pub(crate) fn certificate_pem(&self) -> &str {
        &self.identity().certificate_pem
    }

    /// The signature of `text` in Base64. It is the most expensive part of a delivery, about a tenth of a millisecond.
    pub(crate) fn sign(&self, version: SignatureVersion, text: &str) -> String {
        let key = &self.identity().key;
        BASE64.encode(match version {
            SignatureVersion::V1 => key.sign(DigestPrefix::SHA1, &Sha1::digest(text)),
            SignatureVersion::V2 => key.sign(DigestPrefix::SHA256, &Sha256::digest(text)),
        })
    }

    fn identity(&self) -> &Identity {
        self.identity.get_or_init(|| {
            // The key is not drawn from `Ids`, unlike other random values: no test needs the same key again.
            let key = PrivateKey::generate(&mut rand::make_rng::<StdRng>());
            let certificate_pem = certificate::pem(&key, self.certificate_id.as_u128()).into();
            Identity {
                key,
                certificate_pem,
            }
        })
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Signer")
            .field(&self.certificate_path)
            .finish()
    }
}

/// The signed text: for each signed member a line with its key and a line with its value. The members must come in the
/// order of their keys.
pub(crate) fn text_to_sign<'a>(members: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::with_capacity(1024);
    for (key, value) in members {
        text.extend([key, "\n", value, "\n"]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::sns::delivery::testing::{is_signature, signer};

    #[test]
    fn both_versions_are_verified_by_the_certificate() {
        let signer = signer();
        let pem = signer.certificate_pem();
        let (v1, v2) = (SignatureVersion::V1, SignatureVersion::V2);
        for version in [v1, v2] {
            let signature = signer.sign(version, "Message\nä\n");
            assert!(is_signature(pem, version, "Message\nä\n", &signature));
            assert!(!is_signature(pem, version, "Message\na\n", &signature));
            assert_eq!(signature.len(), 344);
        }
        assert!(!is_signature(pem, v1, "a", &signer.sign(v2, "a")));
    }

    #[test]
    fn the_certificate_is_named_before_it_is_made() {
        let signer = Signer::new(Id::from_u128(0xf3ec_fb72));
        assert_eq!(
            signer.certificate_path(),
            "/SimpleNotificationService-000000000000000000000000f3ecfb72.pem"
        );
        assert!(signer.identity.get().is_none());
        let pem = signer.certificate_pem();
        assert!(pem.starts_with("-----BEGIN CERTIFICATE-----\nMII"));
        assert!(pem.ends_with("\n-----END CERTIFICATE-----\n"));
        assert!(pem.lines().all(|line| line.len() <= 64));
    }

    #[test]
    fn only_two_versions_are_known() {
        assert_eq!(SignatureVersion::parse("1"), Some(SignatureVersion::V1));
        assert_eq!(SignatureVersion::parse("2"), Some(SignatureVersion::V2));
        assert_eq!(SignatureVersion::parse("3"), None);
        assert_eq!(SignatureVersion::default().as_str(), "1");
    }
}

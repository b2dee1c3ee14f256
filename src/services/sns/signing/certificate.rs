//! The certificate by which subscribers verify signatures: self-signed X.509, in PEM.

use pem_rfc7468::LineEnding;
use rcgen::{
    CertificateParams, DistinguishedName, DnType, PKCS_RSA_SHA256, PublicKeyData, SanType,
    SerialNumber, SignatureAlgorithm, SigningKey, date_time_ymd,
};
use sha2::{Digest, Sha256};

use super::rsa::{DigestPrefix, PrivateKey};

/// The name that SNS's own certificates are issued for.
const COMMON_NAME: &str = "sns.amazonaws.com";

/// Some validators require an issuer that names Amazon.
const ORGANIZATION: &str = "topiq (emulates Amazon SNS)";

/// The certificate of `key`, signed by itself, with this serial number.
pub(super) fn pem(key: &PrivateKey, serial: u128) -> String {
    let mut params = CertificateParams::default();
    params.serial_number = Some(SerialNumber::from_slice(&serial.to_be_bytes()));
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::OrganizationName, ORGANIZATION);
    params
        .distinguished_name
        .push(DnType::CommonName, COMMON_NAME);
    // The name again, in the place that newer verifiers read.
    let name = COMMON_NAME.try_into().expect("the name is ASCII");
    params.subject_alt_names = vec![SanType::DnsName(name)];
    // Verifiers compare it with their own clocks, so the range is as wide as the format's two-digit years allow.
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2049, 12, 31);
    let certificate = params.self_signed(key).expect("the key signs anything");
    pem_rfc7468::encode_string("CERTIFICATE", LineEnding::LF, certificate.der())
        .expect("a certificate is small")
}

impl PublicKeyData for PrivateKey {
    fn der_bytes(&self) -> &[u8] {
        self.public_key()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_RSA_SHA256
    }
}

impl SigningKey for PrivateKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let signature = self.sign(DigestPrefix::SHA256, &Sha256::digest(message));
        Ok(signature.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use rand::SeedableRng;
    use rand::rngs::StdRng;
    use rustls::RootCertStore;
    use rustls::client::WebPkiServerVerifier;
    use rustls::crypto::ring;
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, ServerName, UnixTime};

    use super::*;

    /// Whether a verifier that trusts the certificate accepts it for a server of this name, so many years after 1970.
    fn is_trusted(certificate: &CertificateDer<'_>, name: &str, years: u64) -> bool {
        let mut roots = RootCertStore::empty();
        roots.add(certificate.clone().into_owned()).expect("X.509");
        let provider = Arc::new(ring::default_provider());
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .expect("it has a root");
        let name = ServerName::try_from(name.to_owned()).expect("a name");
        let now = UnixTime::since_unix_epoch(Duration::from_hours(years * 8766));
        rustls::client::danger::ServerCertVerifier::verify_server_cert(
            &*verifier,
            certificate,
            &[],
            &name,
            &[],
            now,
        )
        .is_ok()
    }

    #[test]
    fn the_certificate_is_signed_by_itself_for_its_name_and_decades() {
        let key = PrivateKey::generate(&mut StdRng::seed_from_u64(1));
        let pem = pem(&key, 0xf3ec_fb72);
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).expect("PEM");
        assert!(is_trusted(&certificate, "sns.amazonaws.com", 56));
        assert!(!is_trusted(&certificate, "sqs.amazonaws.com", 56));
        assert!(!is_trusted(&certificate, "sns.amazonaws.com", 49));
        assert!(is_trusted(&certificate, "sns.amazonaws.com", 79));
        assert!(!is_trusted(&certificate, "sns.amazonaws.com", 81));
    }
}
